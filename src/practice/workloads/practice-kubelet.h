/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-image-catalog.h"
#include "practice-container-runtime.h"
#include "practice-workloads.h"

G_BEGIN_DECLS

/* Brings pods up on their nodes, keeps their containers running, and takes them down. */
#define PRACTICE_TYPE_KUBELET (practice_kubelet_get_type ())
G_DECLARE_FINAL_TYPE (PracticeKubelet, practice_kubelet, PRACTICE, KUBELET, PracticeController)

/* @runtime (nullable): where programs really run, for probes. */
PracticeController *practice_kubelet_new (PracticeStore *store,
                                          PracticeImageCatalog *images,
                                          PracticeWorkloads *workloads,
                                          PracticeContainerRuntime *runtime);
/* For whoever runs a container's program: it ended by itself. */
void practice_kubelet_container_ended (PracticeKubelet *self,
                                       const char *namespace_,
                                       const char *pod,
                                       const char *pod_uid,
                                       const char *container,
                                       int exit_status);
/* The programs of a pod end, and are started again. */
void practice_kubelet_crash (PracticeKubelet *self,
                             const char *namespace_,
                             const char *name,
                             guint milliseconds);

G_END_DECLS
