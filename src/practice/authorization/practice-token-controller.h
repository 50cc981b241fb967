/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Each service account has a Secret with its token, as until Kubernetes 1.23. */
#define PRACTICE_TYPE_TOKEN_CONTROLLER (practice_token_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeTokenController,
                      practice_token_controller,
                      PRACTICE,
                      TOKEN_CONTROLLER,
                      PracticeController)

PracticeController *practice_token_controller_new (PracticeStore *store);

G_END_DECLS
