/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Runs the pods of a Job until enough of them have succeeded. */
#define PRACTICE_TYPE_JOB_CONTROLLER (practice_job_controller_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeJobController, practice_job_controller, PRACTICE, JOB_CONTROLLER, PracticeController)

PracticeController *practice_job_controller_new (PracticeStore *store);

G_END_DECLS
