/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Writes down how much of each ResourceQuota is used. */
#define PRACTICE_TYPE_QUOTA_CONTROLLER (practice_quota_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeQuotaController,
                      practice_quota_controller,
                      PRACTICE,
                      QUOTA_CONTROLLER,
                      PracticeController)

PracticeController *practice_quota_controller_new (PracticeStore *store);

G_END_DECLS
