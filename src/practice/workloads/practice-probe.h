/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"
#include "practice-workloads.h"

G_BEGIN_DECLS

/* One question of a kubelet to a container, by httpGet, tcpSocket or exec; what else there is
 * succeeds. @runtime (nullable): where programs really run. FALSE with what the kubelet says about
 * it. */
void practice_probe_async (PracticeWorkloads *workloads,
                           PracticeContainerRuntime *runtime,
                           JsonNode *pod,
                           JsonNode *container,
                           JsonNode *probe,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean practice_probe_finish (GAsyncResult *result, GError **error);

G_END_DECLS
