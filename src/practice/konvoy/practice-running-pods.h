/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Pods that are there, running, at once: those of a cluster that has been up for a while. */
gboolean
practice_running_pods_of_deployment (PracticeStore *store, JsonNode *deployment, GError **error);
/* @on_masters: only there, as pods of the kubelet itself. */
gboolean practice_running_pods_of_daemon (
  PracticeStore *store, JsonNode *addon, JsonNode *daemon, gboolean on_masters, GError **error);
/* One that has done its work. */
gboolean practice_running_pods_completed (PracticeStore *store,
                                          JsonNode *addon,
                                          JsonNode *job,
                                          GError **error);

G_END_DECLS
