/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "kube-context.h"

G_BEGIN_DECLS

/* libsoup set up for one server and one TLS identity. */
#define KUBE_TYPE_CONNECTION (kube_connection_get_type ())
G_DECLARE_FINAL_TYPE (KubeConnection, kube_connection, KUBE, CONNECTION, GObject)

/* Which of the two pools of connections. */
typedef enum {
  KUBE_CONNECTION_REQUEST, /* gives up after a time with no byte */
  KUBE_CONNECTION_STREAM,  /* may be silent for as long as it takes; not compressed */
} KubeConnectionPool;

KubeConnection *kube_connection_new (KubeContext *context,
                                     GSocketConnectable *dial,
                                     GTlsCertificate *client_certificate,
                                     GError **error);
SoupMessage *kube_connection_new_message (KubeConnection *self,
                                          const char *method,
                                          const char *path,
                                          GError **error);
void kube_connection_send_async (KubeConnection *self,
                                 SoupMessage *message,
                                 KubeConnectionPool pool,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GInputStream *
kube_connection_send_finish (KubeConnection *self, GAsyncResult *result, GError **error);

G_END_DECLS
