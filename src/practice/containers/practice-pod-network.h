/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-disks.h"
#include "practice-fabric.h"

G_BEGIN_DECLS

/* The network that the programs really running in a pod see: the cluster's name server, and every
 * Service and pod at its address, reached as that pod. */
#define PRACTICE_TYPE_POD_NETWORK (practice_pod_network_get_type ())
G_DECLARE_FINAL_TYPE (PracticePodNetwork, practice_pod_network, PRACTICE, POD_NETWORK, GObject)

/* Address of the cluster's name server. */
#define PRACTICE_POD_NETWORK_NAME_SERVER "10.0.0.10"

/* @outbound: of pods with a sidecar; @disks (nullable): of its claims */
PracticePodNetwork *practice_pod_network_new (PracticeStore *store,
                                              PracticeFabric *fabric,
                                              PracticeHttpHandler *outbound,
                                              PracticeDisks *disks,
                                              JsonNode *pod,
                                              GError **error);
PracticeNetwork *practice_pod_network_get_network (PracticePodNetwork *self);
/* A program of the pod itself is to listen at @port. */
void practice_pod_network_leave_port (PracticePodNetwork *self, guint16 port);
void practice_pod_network_stop (PracticePodNetwork *self);

G_END_DECLS
