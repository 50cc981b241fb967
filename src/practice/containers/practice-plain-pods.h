/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container.h"
#include "practice-plain-pod.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The pods that have no network of their own, since this computer refuses them, and the containers
 * in which commands run there. */
typedef struct _PracticePlainPods PracticePlainPods;

/* @spec is copied. */
PracticePlainPods *practice_plain_pods_new (PracticeStore *store,
                                            PracticeFabric *fabric,
                                            PracticeHttpHandler *outbound,
                                            const PracticePlainPodSpec *spec);
void practice_plain_pods_free (PracticePlainPods *self);

/* (transfer none) (nullable) */
PracticeContainer *practice_plain_pods_ensure (PracticePlainPods *self,
                                               JsonNode *pod,
                                               const char *container,
                                               GError **error);
/* (transfer none) (nullable): connects as the pod. */
PracticeDialer *
practice_plain_pods_ensure_dialer (PracticePlainPods *self, JsonNode *pod, GError **error);
void practice_plain_pods_remove (PracticePlainPods *self, const char *pod_uid);
/* Ends all that runs in them. */
void practice_plain_pods_stop (PracticePlainPods *self);

G_END_DECLS
