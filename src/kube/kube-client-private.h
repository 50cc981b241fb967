/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-reachability.h"
#include "kube-timings.h"

G_BEGIN_DECLS

/* Before the first list is made; kept by reference. */
void kube_client_set_timings (KubeClient *self, const KubeTimings *timings);
const KubeTimings *kube_client_get_timings (KubeClient *self);
KubeReachability *kube_client_get_reachability (KubeClient *self);
KubeTransport *kube_client_get_transport (KubeClient *self);
gboolean kube_client_is_discovered (KubeClient *self);
gint64 kube_client_get_discovered_at (KubeClient *self); /* monotonic, 0: never */

G_END_DECLS
