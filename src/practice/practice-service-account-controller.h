/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Gives each namespace its default ServiceAccount. */
#define PRACTICE_TYPE_SERVICE_ACCOUNT_CONTROLLER (practice_service_account_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeServiceAccountController,
                      practice_service_account_controller,
                      PRACTICE,
                      SERVICE_ACCOUNT_CONTROLLER,
                      PracticeController)

PracticeController *practice_service_account_controller_new (PracticeStore *store);

G_END_DECLS
