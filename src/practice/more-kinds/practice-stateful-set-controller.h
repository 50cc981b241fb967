/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Keeps the numbered pods of each StatefulSet running. */
#define PRACTICE_TYPE_STATEFUL_SET_CONTROLLER (practice_stateful_set_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeStatefulSetController,
                      practice_stateful_set_controller,
                      PRACTICE,
                      STATEFUL_SET_CONTROLLER,
                      PracticeController)

PracticeController *practice_stateful_set_controller_new (PracticeStore *store);

G_END_DECLS
