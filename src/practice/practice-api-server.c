/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-server.h"

#include <libsoup/soup.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "practice-api-dispatcher.h"
#include "practice-api-gate.h"
#include "practice-api-service-keeper.h"
#include "practice-authenticator.h"
#include "practice-credentials.h"
#include "practice-endpoint-slices.h"
#include "practice-garbage-collector.h"
#include "practice-idle-connection.h"
#include "practice-objects.h"
#include "practice-role-keeper.h"
#include "practice-status.h"

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
  PracticeRoleKeeper *roles;
  PracticeApiServiceKeeper *services;
  SoupServer *server;
  PracticeApiGate *gate;
  PracticeApiDispatcher *dispatcher;
  PracticeCredentials *credentials;
  guint16 port;
};

G_DEFINE_FINAL_TYPE (PracticeApiServer, practice_api_server, G_TYPE_OBJECT)

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
    practice_api_dispatcher_handle (self->dispatcher, message, user);
  else
    practice_api_dispatcher_send_error (message, error);
}

/* What is over the limit is not kept; the handler says so when the rest is read. */
static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  if (practice_api_dispatcher_is_too_large (message))
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
  g_clear_object (&self->dispatcher);
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
  self->dispatcher = practice_api_dispatcher_new (self->objects, self->gate);
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

  practice_api_dispatcher_set_fabric (self->dispatcher, fabric);
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

  practice_api_dispatcher_set_runtime (self->dispatcher, runtime);
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
