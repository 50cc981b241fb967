/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Gives each new pod a node. */
#define PRACTICE_TYPE_SCHEDULER (practice_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeScheduler, practice_scheduler, PRACTICE, SCHEDULER, PracticeController)

PracticeController *practice_scheduler_new (PracticeStore *store);

G_END_DECLS
