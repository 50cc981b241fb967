/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-fabric.h"
#include "practice-program.h"

G_BEGIN_DECLS

/* Runs what answers in the pods. */
#define PRACTICE_TYPE_WORKLOADS (practice_workloads_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeWorkloads, practice_workloads, PRACTICE, WORKLOADS, PracticeController)

/* All but the first two are nullable. @outbound: where requests of pods go. */
PracticeController *practice_workloads_new (PracticeStore *store,
                                            PracticeImageCatalog *images,
                                            PracticeNetwork *network,
                                            PracticeFabric *fabric,
                                            PracticeHttpHandler *outbound,
                                            PracticeContainerLogs *logs);
/* (transfer none) (nullable): what listens at a port of a pod. */
PracticeProgram *
practice_workloads_find (PracticeWorkloads *self, const char *pod_uid, guint16 port);
/* Whether a program of ours stands in a container. */
gboolean
practice_workloads_has (PracticeWorkloads *self, const char *pod_uid, const char *container);
/* Signal "ended" (const char *namespace, const char *pod, const char *pod_uid, const char
 * *container, int status): a program ended by itself. */

G_END_DECLS
