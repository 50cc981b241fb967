/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Makes the Jobs of CronJobs when they are due. */
#define PRACTICE_TYPE_CRON_JOB_CONTROLLER (practice_cron_job_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeCronJobController,
                      practice_cron_job_controller,
                      PRACTICE,
                      CRON_JOB_CONTROLLER,
                      PracticeController)

PracticeController *practice_cron_job_controller_new (PracticeStore *store);

G_END_DECLS
