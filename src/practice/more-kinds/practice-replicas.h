/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Brings the pods of a ReplicaSet or a ReplicationController to the number that it asks for, and
 * writes its status. @component: who does it, as events say it. */
void practice_replicas_reconcile (PracticeController *controller,
                                  JsonNode *owner,
                                  const char *component);

G_END_DECLS
