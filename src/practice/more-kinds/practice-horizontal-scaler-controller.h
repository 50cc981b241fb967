/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

#define PRACTICE_TYPE_HORIZONTAL_SCALER_CONTROLLER                                                 \
  (practice_horizontal_scaler_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeHorizontalScalerController,
                      practice_horizontal_scaler_controller,
                      PRACTICE,
                      HORIZONTAL_SCALER_CONTROLLER,
                      PracticeController)

PracticeController *practice_horizontal_scaler_controller_new (PracticeStore *store);

G_END_DECLS
