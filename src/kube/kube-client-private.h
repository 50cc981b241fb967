/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-discovery.h"
#include "kube-reachability.h"
#include "kube-timings.h"
#include "kube-waiters.h"

G_BEGIN_DECLS

/* For the files of the client itself. */
struct _KubeClient {
  GObject parent_instance;

  KubeContext *context;
  KubeTransport *transport;
  KubeReachability *reachability;
  const KubeTimings *timings;

  KubeDiscovery *discovery; /* (nullable) */
  gint64 discovered_at;
  KubeWaiters discovering;
};

/* Before the first list is made; kept by reference. */
void kube_client_set_timings (KubeClient *self, const KubeTimings *timings);
const KubeTimings *kube_client_get_timings (KubeClient *self);
KubeReachability *kube_client_get_reachability (KubeClient *self);
KubeTransport *kube_client_get_transport (KubeClient *self);
gboolean kube_client_is_discovered (KubeClient *self);
gint64 kube_client_get_discovered_at (KubeClient *self); /* monotonic, 0: never */

G_END_DECLS
