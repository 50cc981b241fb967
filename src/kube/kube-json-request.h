/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "kube-transport.h"

G_BEGIN_DECLS

/* One request whose whole answer is JSON. */
void kube_json_request_async (KubeTransport *transport,
                              const KubeRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
JsonNode *kube_json_request_finish (KubeTransport *transport, GAsyncResult *result, GError **error);

G_END_DECLS
