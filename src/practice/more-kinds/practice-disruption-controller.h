/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Counts how many pods each PodDisruptionBudget lets go now. */
#define PRACTICE_TYPE_DISRUPTION_CONTROLLER (practice_disruption_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDisruptionController,
                      practice_disruption_controller,
                      PRACTICE,
                      DISRUPTION_CONTROLLER,
                      PracticeController)

PracticeController *practice_disruption_controller_new (PracticeStore *store);

G_END_DECLS
