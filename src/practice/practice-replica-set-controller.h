/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Keeps as many pods of a ReplicaSet as it asks for. */
#define PRACTICE_TYPE_REPLICA_SET_CONTROLLER (practice_replica_set_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeReplicaSetController,
                      practice_replica_set_controller,
                      PRACTICE,
                      REPLICA_SET_CONTROLLER,
                      PracticeController)

PracticeController *practice_replica_set_controller_new (PracticeStore *store);
/* (transfer none) (nullable) */
JsonNode *practice_replica_set_controller_create_pod (PracticeStore *store, JsonNode *replica_set);

G_END_DECLS
