/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Keeps the Endpoints of Services equal to the pods they select. */
#define PRACTICE_TYPE_ENDPOINTS_CONTROLLER (practice_endpoints_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeEndpointsController,
                      practice_endpoints_controller,
                      PRACTICE,
                      ENDPOINTS_CONTROLLER,
                      PracticeController)

PracticeController *practice_endpoints_controller_new (PracticeStore *store);

G_END_DECLS
