/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-connection.h"
#include "kube-credentials.h"

G_BEGIN_DECLS

/* One request. */
typedef struct {
  const char *method;
  const char *path;
  const char *accept;       /* (nullable): not just JSON */
  const char *content_type; /* (nullable): of the body */
  GBytes *body;             /* (nullable) */
  KubeConnectionPool pool;
} KubeRequest;

/* Sends requests as somebody: signs in, signs in again, and makes errors of refusals. */
#define KUBE_TYPE_TRANSPORT (kube_transport_get_type ())
G_DECLARE_FINAL_TYPE (KubeTransport, kube_transport, KUBE, TRANSPORT, GObject)

KubeTransport *kube_transport_new (KubeContext *context, GSocketConnectable *dial, GError **error);
const char *kube_transport_get_host (KubeTransport *self);
KubeCredentials *kube_transport_get_credentials (KubeTransport *self);
void kube_transport_send_async (KubeTransport *self,
                                const KubeRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GInputStream *
kube_transport_send_finish (KubeTransport *self, GAsyncResult *result, GError **error);

G_END_DECLS
