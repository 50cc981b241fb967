/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Keeps as many pods running as each ReplicationController asks for. */
#define PRACTICE_TYPE_REPLICATION_CONTROLLER (practice_replication_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeReplicationController,
                      practice_replication_controller,
                      PRACTICE,
                      REPLICATION_CONTROLLER,
                      PracticeController)

PracticeController *practice_replication_controller_new (PracticeStore *store);

G_END_DECLS
