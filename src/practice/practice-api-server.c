/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-server.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "practice-answer.h"
#include "practice-api-gate.h"
#include "practice-api-proxy.h"
#include "practice-api-service-keeper.h"
#include "practice-authenticator.h"
#include "practice-authorizer.h"
#include "practice-credentials.h"
#include "practice-discovery.h"
#include "practice-endpoint-slices.h"
#include "practice-garbage-collector.h"
#include "practice-handler.h"
#include "practice-idle-connection.h"
#include "practice-objects.h"
#include "practice-openapi.h"
#include "practice-pod-subresources.h"
#include "practice-request.h"
#include "practice-role-keeper.h"
#include "practice-status.h"
#include "practice-watch.h"

/* As a real server's (--max-request-body is fixed at 3 MB). */
#define MAX_BODY (3 * 1024 * 1024)

/* On the socket of a client: what it has shown. */
#define CERTIFICATE_KEY "practice-client-certificate"

#define PORT_SETTING "api/port"

struct _PracticeApiServer {
  GObject parent_instance;
  PracticeStore *store;
  PracticeRegistry *registry;
  PracticeObjects *objects;
  PracticeGarbageCollector *collector;
  PracticeEndpointSlices *slices;
  PracticeContainerRuntime *runtime; /* (nullable) */
  PracticeFabric *fabric;            /* (nullable) */
  PracticeRoleKeeper *roles;
  PracticeApiServiceKeeper *services;
  SoupServer *server;
  PracticeApiGate *gate;
  PracticeCredentials *credentials;
  guint16 port;
};

G_DEFINE_FINAL_TYPE (PracticeApiServer, practice_api_server, G_TYPE_OBJECT)

/* Does not end sooner for a token that begins well. */
/* @request (nullable): a request for no resource is one for a path. */
static gboolean
authorize (PracticeApiServer *self,
           const PracticeUser *user,
           PracticeRequest *request,
           const char *method,
           const char *path,
           GError **error)
{
  PracticeAccess access = { NULL };
  g_autofree char *verb = NULL;

  if (request != NULL) {
    access.verb = practice_request_get_verb_name (request);
    access.group = request->group;
    access.resource = request->plural;
    access.subresource = request->subresource;
    access.name = request->name;
    access.namespace_ = request->namespace_;
    /* A namespace is in itself. */
    if (g_str_equal (request->plural, "namespaces") && *request->group == '\0')
      access.namespace_ = request->name;
  } else {
    verb = g_ascii_strdown (method, -1);
    access.verb = verb;
    access.path = path;
  }
  if (practice_authorizer_allows (self->store, user, &access))
    return TRUE;
  practice_status_set_access_denied (error, user, &access);
  return FALSE;
}

static void
add_warnings (SoupMessageHeaders *headers, GPtrArray *warnings)
{
  for (guint i = 0; i < warnings->len; i++) {
    g_autofree char *escaped = g_strescape (warnings->pdata[i], NULL);
    g_autofree char *value = g_strdup_printf ("299 - \"%s\"", escaped);

    soup_message_headers_append (headers, "Warning", value);
  }
}

static void
send_answer (SoupServerMessage *message, PracticeAnswer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, answer->status, NULL);
  soup_message_headers_replace (headers, "Content-Type", answer->content_type);
  soup_message_headers_replace (headers, "Cache-Control", "no-cache, private");
  add_warnings (headers, answer->warnings);
  for (guint i = 0; i < answer->body->len; i++)
    soup_message_body_append_bytes (body, answer->body->pdata[i]);
  soup_message_body_complete (body);
}

static void
send_error (SoupServerMessage *message, const GError *error)
{
  g_autoptr (PracticeAnswer) answer = practice_answer_new_error (error);

  send_answer (message, answer);
}

/* A server may tell a watch that its version is too old in the stream, or with the answer's status:
 * the fault does the latter. */
static gboolean
is_expired_watch (PracticeApiServer *self,
                  SoupServerMessage *message,
                  PracticeRequest *request,
                  GError **error)
{
  gint64 version = practice_request_get_int (request, "resourceVersion", 0);

  if (version <= 0 || !practice_api_gate_expires_watch (
                        self->gate, g_uri_get_path (soup_server_message_get_uri (message))))
    return FALSE;
  practice_status_set_expired (error, (guint64)version, practice_store_get_version (self->store));
  return TRUE;
}

static void
handle_resource (PracticeApiServer *self, SoupServerMessage *message, PracticeRequest *request)
{
  g_autoptr (GBytes) body =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (practice_api_proxy_wants (request)) {
    if (!practice_api_proxy_serve (self->store, self->fabric, request, message, &error))
      send_error (message, error);
    return;
  }
  if (request->verb == PRACTICE_VERB_WATCH) {
    if (is_expired_watch (self, message, request, &error) ||
        !practice_watch_start (self->objects, request, message, &error))
      send_error (message, error);
    return;
  }
  if (practice_pod_subresources_wants (request)) {
    if (!practice_pod_subresources_serve (self->objects, self->runtime, request, message, &error))
      send_error (message, error);
    return;
  }
  answer = practice_handler_handle (self->objects, request, body, &error);
  if (answer != NULL)
    send_answer (message, answer);
  else
    send_error (message, error);
}

static gboolean
is_too_large (SoupServerMessage *message)
{
  return soup_server_message_get_request_body (message)->length > MAX_BODY;
}

/* (nullable) */
static PracticeAnswer *
answer_about_itself (PracticeApiServer *self,
                     const char *path,
                     const char *accept,
                     const char *agent)
{
  PracticeAnswer *answer = practice_discovery_handle (self->registry, path, agent);

  return answer != NULL ? answer : practice_openapi_handle (self->registry, path, accept);
}

/* Takes @user. */
static void
handle_from (PracticeApiServer *self, SoupServerMessage *message, PracticeUser *user)
{
  g_autoptr (PracticeUser) owned = user;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  const char *accept = soup_message_headers_get_list (headers, "Accept");
  const char *agent = soup_message_headers_get_one (headers, "User-Agent");
  const char *method = soup_server_message_get_method (message);
  g_autoptr (PracticeRequest) request =
    practice_request_new (method, g_uri_get_path (uri), g_uri_get_query (uri), accept,
                          soup_message_headers_get_one (headers, "Content-Type"));
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (is_too_large (message))
    practice_status_set_too_large (&error, MAX_BODY);
  else
    authorize (self, owned, request, method, g_uri_get_path (uri), &error);
  if (error != NULL) {
    send_error (message, error);
    return;
  }
  if (request != NULL) {
    request->agent = g_strdup (agent);
    request->user = g_steal_pointer (&owned);
  }
  if (practice_api_services_is_elsewhere (self->registry, g_uri_get_path (uri)))
    answer = practice_answer_new_text (503, "text/plain; charset=utf-8", "service unavailable\n");
  else if (g_str_equal (method, "GET"))
    answer = answer_about_itself (self, g_uri_get_path (uri), accept, agent);
  if (answer != NULL) {
    send_answer (message, answer);
  } else if (request != NULL) {
    handle_resource (self, message, request);
  } else {
    practice_status_set_no_such_resource (&error);
    send_error (message, error);
  }
}

/* Whose it is, and whether it is good, is asked with each request: one that is not is as none.
 * libsoup tells of it only the first message of a connection. */
static gboolean
accept_certificate_cb (SoupServerMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer user_data)
{
  g_object_set_data_full (G_OBJECT (soup_server_message_get_socket (message)), CERTIFICATE_KEY,
                          g_object_ref (certificate), g_object_unref);
  return TRUE;
}

/* (nullable) */
static GTlsCertificate *
get_certificate (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  return socket != NULL ? g_object_get_data (G_OBJECT (socket), CERTIFICATE_KEY) : NULL;
}

static void
request_cb (SoupServerMessage *message, gpointer user_data)
{
  PracticeApiServer *self = user_data;
  g_autoptr (GError) error = NULL;
  PracticeUser *user = NULL;

  if (practice_api_gate_is_revoked (self->gate))
    practice_status_set_unauthorized (&error);
  else
    user = practice_authenticator_check (self->store, self->credentials->token,
                                         soup_server_message_get_request_headers (message),
                                         get_certificate (message), &error);
  if (user != NULL)
    handle_from (self, message, user);
  else
    send_error (message, error);
}

/* What is over the limit is not kept; the handler says so when the rest is read. */
static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  if (is_too_large (message))
    soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, PracticeApiServer *self)
{
  GSocket *socket = soup_server_message_get_socket (message);

  /* An event of a watch is a small write and must not wait for another. */
  if (socket != NULL)
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  practice_idle_connection_watch (message);
  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb), self, 0);
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self,
                           0);
}

static gboolean
use_credentials (PracticeApiServer *self, GError **error)
{
  self->credentials = practice_credentials_new (self->store, error);
  if (self->credentials == NULL)
    return FALSE;
  practice_api_gate_set_certificates (self->gate, self->credentials->certificate,
                                      self->credentials->expired);
  return TRUE;
}

/* The port of the last time, where it is free: a kubeconfig that was copied goes on working. */
static gboolean
listen_on_loopback (PracticeApiServer *self, GError **error)
{
  g_autofree char *text = practice_store_dup_setting (self->store, PORT_SETTING);
  g_autofree char *now = NULL;
  guint64 last = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 0;

  if (last > 0 && last <= G_MAXUINT16 &&
      practice_api_gate_listen_port (self->gate, (guint16)last, NULL))
    self->port = (guint16)last;
  else
    self->port = practice_api_gate_listen_anywhere (self->gate, error);
  if (self->port == 0)
    return FALSE;
  now = g_strdup_printf ("%u", self->port);
  return practice_store_set_setting (self->store, PORT_SETTING, now, error);
}

static void
practice_api_server_dispose (GObject *object)
{
  PracticeApiServer *self = PRACTICE_API_SERVER (object);

  g_clear_object (&self->gate);
  g_clear_object (&self->server);
  g_clear_object (&self->runtime);
  g_clear_object (&self->fabric);
  g_clear_object (&self->services);
  g_clear_object (&self->roles);
  g_clear_object (&self->slices);
  g_clear_object (&self->collector);
  g_clear_object (&self->objects);
  g_clear_object (&self->registry);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_api_server_parent_class)->dispose (object);
}

static void
practice_api_server_finalize (GObject *object)
{
  PracticeApiServer *self = PRACTICE_API_SERVER (object);

  g_clear_pointer (&self->credentials, practice_credentials_free);

  G_OBJECT_CLASS (practice_api_server_parent_class)->finalize (object);
}

static void
practice_api_server_class_init (PracticeApiServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_api_server_dispose;
  object_class->finalize = practice_api_server_finalize;
}

static void
practice_api_server_init (PracticeApiServer *self)
{
  self->server =
    soup_server_new ("raw-paths", TRUE, "tls-auth-mode", G_TLS_AUTHENTICATION_REQUESTED, NULL);
  self->gate = practice_api_gate_new (self->server, request_cb, self);
  g_signal_connect_object (self->server, "request-started", G_CALLBACK (request_started_cb), self,
                           0);
}

/**
 * practice_api_server_new:
 * @store: the cluster's state
 * @error: return location
 *
 * Serves the Kubernetes API of @store on 127.0.0.1, with what was made for it the last time:
 * certificates, token and port.
 *
 * Returns: (transfer full) (nullable): the server
 */
PracticeApiServer *
practice_api_server_new (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeApiServer) self = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_API_SERVER, NULL);
  self->store = g_object_ref (store);
  self->registry = practice_registry_new (store);
  self->objects = practice_objects_new (store, self->registry);
  self->collector = practice_garbage_collector_new (self->objects);
  self->slices = practice_endpoint_slices_new (store);
  self->roles = practice_role_keeper_new (store, error);
  self->services = practice_api_service_keeper_new (store, self->registry);
  if (self->roles == NULL || !use_credentials (self, error) || !listen_on_loopback (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_api_server_get_port:
 * @self: the server
 *
 * Returns: the port on 127.0.0.1
 */
guint16
practice_api_server_get_port (PracticeApiServer *self)
{
  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), 0);

  return self->port;
}

/**
 * practice_api_server_listen_socket:
 * @self: the server
 * @socket: a bound and listening stream socket
 * @error: return location
 *
 * Serves on @socket too.
 *
 * Returns: whether it does
 */
gboolean
practice_api_server_listen_socket (PracticeApiServer *self, GSocket *socket, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), FALSE);

  return practice_api_gate_listen (self->gate, socket, error);
}

/**
 * practice_api_server_get_gate:
 * @self: the server
 *
 * Returns: (transfer none): where faults can be put between it and its clients
 */
PracticeApiGate *
practice_api_server_get_gate (PracticeApiServer *self)
{
  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), NULL);

  return self->gate;
}

/**
 * practice_api_server_set_fabric:
 * @self: the server
 * @fabric: (nullable): the network of the cluster
 *
 * Lets services/proxy and pods/proxy lead to pods of @fabric.
 */
void
practice_api_server_set_fabric (PracticeApiServer *self, PracticeFabric *fabric)
{
  g_return_if_fail (PRACTICE_IS_API_SERVER (self));

  g_set_object (&self->fabric, fabric);
}

/**
 * practice_api_server_set_runtime:
 * @self: the server
 * @runtime: (nullable): where programs run
 *
 * Says what runs in pods. Without it the server answers as one whose nodes cannot be
 * reached.
 */
void
practice_api_server_set_runtime (PracticeApiServer *self, PracticeContainerRuntime *runtime)
{
  g_return_if_fail (PRACTICE_IS_API_SERVER (self));

  g_set_object (&self->runtime, runtime);
}

/**
 * practice_api_server_get_ca_pem:
 * @self: the server
 *
 * Returns: (transfer none): the certificate of the authority that vouches for the server
 */
const char *
practice_api_server_get_ca_pem (PracticeApiServer *self)
{
  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), NULL);

  return self->credentials->ca;
}

/**
 * practice_api_server_get_token:
 * @self: the server
 *
 * Returns: (transfer none): the secret that every request must bear; never to be logged
 */
const char *
practice_api_server_get_token (PracticeApiServer *self)
{
  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), NULL);

  return self->credentials->token;
}

/**
 * practice_api_server_dup_kubeconfig:
 * @self: the server
 *
 * Returns: (transfer full): the text of a kubeconfig; it has the token in it
 */
char *
practice_api_server_dup_kubeconfig (PracticeApiServer *self)
{
  g_autofree char *ca = NULL;

  g_return_val_if_fail (PRACTICE_IS_API_SERVER (self), NULL);

  ca = g_base64_encode ((const guchar *)self->credentials->ca, strlen (self->credentials->ca));
  return g_strdup_printf ("apiVersion: v1\n"
                          "kind: Config\n"
                          "clusters:\n"
                          "- name: practice\n"
                          "  cluster:\n"
                          "    server: https://127.0.0.1:%u\n"
                          "    certificate-authority-data: %s\n"
                          "users:\n"
                          "- name: practice\n"
                          "  user:\n"
                          "    token: %s\n"
                          "contexts:\n"
                          "- name: practice\n"
                          "  context:\n"
                          "    cluster: practice\n"
                          "    user: practice\n"
                          "    namespace: default\n"
                          "current-context: practice\n",
                          self->port, ca, self->credentials->token);
}
