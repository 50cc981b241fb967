/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"
#include "kube-transport.h"

G_BEGIN_DECLS

/* What a server serves, of what the program knows. Does not change once it is loaded. */
#define KUBE_TYPE_DISCOVERY (kube_discovery_get_type ())
G_DECLARE_FINAL_TYPE (KubeDiscovery, kube_discovery, KUBE, DISCOVERY, GObject)

void kube_discovery_load_async (KubeTransport *transport,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
KubeDiscovery *kube_discovery_load_finish (GAsyncResult *result, GError **error);
const char *kube_discovery_get_server_version (KubeDiscovery *self);
const char *kube_discovery_get_served_version (KubeDiscovery *self, const KubeKind *kind);
gboolean kube_discovery_serves_group (KubeDiscovery *self, const char *group);
const char *const *kube_discovery_get_apis (KubeDiscovery *self);
gboolean kube_discovery_equal (KubeDiscovery *self, KubeDiscovery *other);

G_END_DECLS
