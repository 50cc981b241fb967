/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "kube-config.h"

G_BEGIN_DECLS

#define FAKE_TOKEN "s3cr3t-t0ken-of-the-fake"
/* a name that its certificate has, and no resolver knows */
#define FAKE_NAME "api.prod.example"

/* An API server in this process, on loopback with TLS, for tests. It lives in the default main
 * context. At first it serves what Kubernetes 1.15 with no Istio does, and has no objects. */
#define FAKE_TYPE_API_SERVER (fake_api_server_get_type ())
G_DECLARE_FINAL_TYPE (FakeApiServer, fake_api_server, FAKE, API_SERVER, GObject)

FakeApiServer *fake_api_server_new (void);
/* Goes away with all connections, and comes back at the same port. */
void fake_api_server_stop (FakeApiServer *self);
void fake_api_server_start (FakeApiServer *self);

guint16 fake_api_server_get_port (FakeApiServer *self);
const char *fake_api_server_get_ca (FakeApiServer *self);
/* Another certificate from the next start on. */
void fake_api_server_set_names (FakeApiServer *self, const char *const *names);
/* Asks clients for a certificate, which they need not have; from the next start on. */
void fake_api_server_ask_certificates (FakeApiServer *self);
/* Members of a kubeconfig's user: a new client certificate and its key. */
char *fake_api_server_issue_user (FakeApiServer *self, const char *subject);
/* The same as an exec plugin answers it. */
char *fake_api_server_issue_credential (FakeApiServer *self, const char *subject);
/* Members of the cluster and of the user as YAML in flow style. @cluster: NULL for the server by
 * its address; the certificate authority is added unless it is insecure. @user: NULL for the token.
 */
char *fake_api_server_dup_kubeconfig (FakeApiServer *self, const char *cluster, const char *user);
KubeContext *fake_api_server_dup_context (FakeApiServer *self);
/* NULL: anybody */
void fake_api_server_set_token (FakeApiServer *self, const char *token);

/* Objects: @json has kind, apiVersion and metadata.name. */
void fake_api_server_put (FakeApiServer *self, const char *json);
void fake_api_server_put_new (FakeApiServer *self,
                              const char *plural,
                              const char *namespace_,
                              const char *name);
void fake_api_server_remove (FakeApiServer *self,
                             const char *plural,
                             const char *namespace_,
                             const char *name);
/* (transfer none) (nullable) */
JsonNode *fake_api_server_get (FakeApiServer *self,
                               const char *plural,
                               const char *namespace_,
                               const char *name);
/* @plural NULL: all of that version */
void fake_api_server_set_served (
  FakeApiServer *self, const char *group, const char *version, const char *plural, gboolean served);
void fake_api_server_set_aggregated (FakeApiServer *self, gboolean aggregated);

/* Watches; @plural NULL: of all resources */
guint fake_api_server_count_watches (FakeApiServer *self, const char *plural);
void fake_api_server_send_text (FakeApiServer *self, const char *plural, const char *text);
void fake_api_server_send_expired (FakeApiServer *self, const char *plural);
void fake_api_server_send_bookmarks (FakeApiServer *self); /* with a newer version */
void fake_api_server_end_watches (FakeApiServer *self, const char *plural);
void fake_api_server_drop_watches (FakeApiServer *self, const char *plural);
/* What was seen before is too old from now on. */
void fake_api_server_compact (FakeApiServer *self);

typedef enum {
  FAKE_FAULT_ANSWER,   /* with @status, @body and @retry_after */
  FAKE_FAULT_HANG,     /* no answer at all */
  FAKE_FAULT_DROP,     /* the connection breaks instead of an answer */
  FAKE_FAULT_TRUNCATE, /* a good answer stops in its middle */
} FakeFaultKind;

typedef struct {
  FakeFaultKind kind;
  const char *match; /* part of "METHOD /path?query" */
  guint times;       /* 0: for good */
  guint status;
  const char *body;         /* nullable */
  const char *content_type; /* nullable */
  const char *header;       /* "Name: value", nullable */
} FakeFault;

void fake_api_server_add_fault (FakeApiServer *self, const FakeFault *fault);
void fake_api_server_clear_faults (FakeApiServer *self);

/* What was asked: lines of "METHOD /path?query" that have @match in them */
guint fake_api_server_count_requests (FakeApiServer *self, const char *match);
const char *fake_api_server_get_last_request (FakeApiServer *self, const char *match);
/* Of the last request: a header, and the client certificate's subject */
const char *fake_api_server_get_last_header (FakeApiServer *self, const char *name);
const char *fake_api_server_get_last_subject (FakeApiServer *self);
SoupHTTPVersion fake_api_server_get_last_http_version (FakeApiServer *self);
guint fake_api_server_count_connections (FakeApiServer *self);
void fake_api_server_forget_requests (FakeApiServer *self);

G_END_DECLS
