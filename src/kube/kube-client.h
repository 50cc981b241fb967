/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "kube-context.h"
#include "kube-kind.h"

G_BEGIN_DECLS

/* REST to one API server as one identity; HTTP/1.1 over libsoup. */
#define KUBE_TYPE_CLIENT (kube_client_get_type ())
G_DECLARE_FINAL_TYPE (KubeClient, kube_client, KUBE, CLIENT, GObject)

/* Must run before any thread exists: libsoup 3.2 knows no other way to keep to HTTP/1.1. */
void kube_client_init_process (void);

/* @dial (nullable): where to connect instead of the server's own address (a Unix socket that leads
 * there); certificate and Host header stay those of the context's server. */
KubeClient *kube_client_new (KubeContext *context, GSocketConnectable *dial, GError **error);
KubeContext *kube_client_get_context (KubeClient *self);

/* One request, its whole answer as JSON. @path may have a query. @body nullable; @content_type of
 * the body. A 401 re-reads the credentials and tries once more. */
void kube_client_request_async (KubeClient *self,
                                const char *method,
                                const char *path,
                                const char *content_type,
                                GBytes *body,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
JsonNode *kube_client_request_finish (KubeClient *self, GAsyncResult *result, GError **error);

/* For lists and watches: the body as it arrives. The caller closes the stream, also after a
 * cancel, or its connection stays taken. @content_length is not known; non-2xx is an error. */
void kube_client_open_async (KubeClient *self,
                             const char *path,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GInputStream *kube_client_open_finish (KubeClient *self, GAsyncResult *result, GError **error);

/* What the server serves; asked once and again by kube_client_discover_async(). Property
 * "server-version"
 * ("v1.15.2", nullable) and signal "discovered" tell of changes. */
void kube_client_discover_async (KubeClient *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean kube_client_discover_finish (KubeClient *self, GAsyncResult *result, GError **error);
const char *kube_client_get_server_version (KubeClient *self);
/* The best version of @kind that both sides know; NULL where it is not served (or not discovered
 * yet). */
const char *kube_client_get_served_version (KubeClient *self, const KubeKind *kind);
gboolean kube_client_serves_group (KubeClient *self, const char *group);
/* (nullable): "v1", "apps", "apps/v1", "apps/v1/deployments" and so on; NULL where not discovered
 */
const char *const *kube_client_get_apis (KubeClient *self);

/* An exec plugin runs only after this; until then requests fail with KUBE_ERROR_EXEC_NOT_APPROVED.
 */
void kube_client_approve_exec (KubeClient *self);

/* How to run an exec plugin: on the place that the kubeconfig came from. Default: here. The
 * callee answers through a GTask whose value is a BaseCommandResult. */
typedef void (*KubeRunFunc) (const char *const *argv,
                             const char *const *environment,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer callback_data,
                             gpointer user_data);
void kube_client_set_exec_runner (KubeClient *self,
                                  KubeRunFunc run,
                                  gpointer user_data,
                                  GDestroyNotify destroy);

G_END_DECLS
