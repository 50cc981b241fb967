/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

#define PRACTICE_TYPE_CLAIM_CONTROLLER (practice_claim_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeClaimController,
                      practice_claim_controller,
                      PRACTICE,
                      CLAIM_CONTROLLER,
                      PracticeController)

PracticeController *practice_claim_controller_new (PracticeStore *store);

G_END_DECLS
