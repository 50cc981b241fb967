/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"
#include "practice-plain-pods.h"

G_BEGIN_DECLS

/* For connections to ports of pods. */
PracticeFabric *practice_container_runtime_get_fabric (PracticeContainerRuntime *self);
PracticeNetwork *
practice_container_runtime_get_network (PracticeContainerRuntime *self, const char *pod_uid);
PracticePlainPods *practice_container_runtime_get_plain_pods (PracticeContainerRuntime *self);

G_END_DECLS
