/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What went wrong with the API, by what a caller does next. The message is the server's own
 * sentence, or ours with what to do. */
#define KUBE_ERROR (kube_error_quark ())

typedef enum {
  KUBE_ERROR_FAILED,
  KUBE_ERROR_CONFIG,            /* the kubeconfig cannot be used */
  KUBE_ERROR_UNREACHABLE,       /* no answer: refused, no route, tunnel down */
  KUBE_ERROR_TLS,               /* the certificate is not the right one */
  KUBE_ERROR_UNAUTHORIZED,      /* 401 */
  KUBE_ERROR_FORBIDDEN,         /* 403 */
  KUBE_ERROR_NOT_FOUND,         /* 404 */
  KUBE_ERROR_ALREADY_EXISTS,    /* 409 AlreadyExists */
  KUBE_ERROR_CONFLICT,          /* 409 Conflict, 422 where a JSON Patch test failed */
  KUBE_ERROR_GONE,              /* 410 Expired, Gone */
  KUBE_ERROR_INVALID,           /* 400, 422 */
  KUBE_ERROR_BUSY,              /* 429 */
  KUBE_ERROR_SERVER,            /* 5xx */
  KUBE_ERROR_PROTOCOL,          /* not Kubernetes, or cut off */
  KUBE_ERROR_EXEC_NOT_APPROVED, /* the user has not agreed to this exec plugin yet */
} KubeError;

GQuark kube_error_quark (void);

/* From a Status object, or from a body that is not one (HTML of a proxy): status code, text
 * of at most 200 characters. */
GError *kube_error_new_from_response (guint status, const char *body, gsize length);
GError *kube_error_new_from_status (JsonNode *status);

G_END_DECLS
