/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Rolls Deployments out through ReplicaSets. */
#define PRACTICE_TYPE_DEPLOYMENT_CONTROLLER (practice_deployment_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDeploymentController,
                      practice_deployment_controller,
                      PRACTICE,
                      DEPLOYMENT_CONTROLLER,
                      PracticeController)

PracticeController *practice_deployment_controller_new (PracticeStore *store);
/* (transfer full) (nullable) */
JsonNode *practice_deployment_controller_create_replica_set (PracticeStore *store,
                                                             JsonNode *deployment,
                                                             guint replicas,
                                                             GError **error);

G_END_DECLS
