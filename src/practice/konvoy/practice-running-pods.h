/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Pods that are there, running, at once: those of a cluster that has been up for a while. */
gboolean
practice_running_pods_of_deployment (PracticeStore *store, JsonNode *deployment, GError **error);
gboolean practice_running_pods_of_daemon_set (PracticeStore *store, JsonNode *set, GError **error);
/* Those that the kubelet of each master runs by itself. */
gboolean practice_running_pods_of_kubelet (PracticeStore *store,
                                           JsonNode *addon,
                                           JsonNode *daemon,
                                           GError **error);
/* One that has done its work. */
gboolean practice_running_pods_completed (PracticeStore *store,
                                          JsonNode *addon,
                                          JsonNode *job,
                                          GError **error);

G_END_DECLS
