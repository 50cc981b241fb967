/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-connection.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "kube-context-private.h"
#include "kube-dial.h"
#include "kube-error-private.h"
#include "kube-trust.h"

#define MAX_CONNECTIONS 64
#define REQUEST_TIMEOUT_SECONDS 30
/* below the 60 seconds after which usual load balancers drop an idle connection */
#define IDLE_TIMEOUT_SECONDS 55
#define KEEPALIVE_IDLE_SECONDS 30
#define KEEPALIVE_INTERVAL_SECONDS 10
#define KEEPALIVE_COUNT 3
#define USER_TIMEOUT_MS 60000

/**
 * KubeConnection:
 *
 * All that libsoup must be told so that a connection to an API server is what kubectl's would be.
 * The client certificate belongs to the connection, not to the request, so another identity
 * needs another KubeConnection.
 */
struct _KubeConnection {
  GObject parent_instance;

  KubeContext *context;
  GTlsCertificate *client_certificate; /* (nullable) */
  SoupSession *sessions[2];            /* by KubeConnectionPool */
};

G_DEFINE_FINAL_TYPE (KubeConnection, kube_connection, G_TYPE_OBJECT)

/* The TCP options make a peer that vanished without a word known in about a minute. */
static void
set_keepalive (GIOStream *stream)
{
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));

  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_UNIX)
    return;
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS, NULL);
}

static void
network_event_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    set_keepalive (stream);
}

static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer data)
{
  return TRUE;
}

/* As in Go's net/http: what is on this computer is never asked of a proxy. */
static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_ascii_strcasecmp (host, "localhost") == 0 ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
is_server_itself (KubeContext *context, GSocketConnectable *dial)
{
  return G_IS_NETWORK_ADDRESS (dial) &&
         g_strcmp0 (g_network_address_get_hostname (G_NETWORK_ADDRESS (dial)), context->host) ==
           0 &&
         g_network_address_get_port (G_NETWORK_ADDRESS (dial)) == context->port;
}

/* Where to connect, where that is not just the server by its name. */
static GSocketConnectable *
new_address (KubeContext *context, GSocketConnectable *dial)
{
  const char *name = context->tls_server_name != NULL ? context->tls_server_name : context->host;
  g_autoptr (GSocketConnectable) server = NULL;

  if (dial != NULL && !is_server_itself (context, dial))
    return kube_dial_new (name, context->port, dial, FALSE);
  if (context->tls_server_name == NULL)
    return NULL;
  server = g_network_address_new (context->host, context->port);
  return kube_dial_new (name, context->port, server, TRUE);
}

static void
set_proxy (SoupSession *session, KubeContext *context, gboolean is_tunnel)
{
  g_autoptr (GProxyResolver) resolver = NULL;

  if (is_tunnel || (context->proxy_url == NULL && is_loopback (context->host))) {
    soup_session_set_proxy_resolver (session, NULL);
  } else if (context->proxy_url != NULL) {
    resolver = g_simple_proxy_resolver_new (context->proxy_url, NULL);
    soup_session_set_proxy_resolver (session, resolver);
  }
}

static SoupSession *
new_session (KubeContext *context, GSocketConnectable *dial, GTlsDatabase *trust, guint timeout)
{
  g_autoptr (GSocketConnectable) address = new_address (context, dial);
  SoupSession *session;

  /* libsoup allows two connections to a host where it is not told otherwise; each watch takes one
   * for good. */
  session = soup_session_new_with_options ("remote-connectable", address, "max-conns",
                                           MAX_CONNECTIONS, "max-conns-per-host", MAX_CONNECTIONS,
                                           "timeout", timeout, "idle-timeout", IDLE_TIMEOUT_SECONDS,
                                           "user-agent", GETTEXT_PACKAGE "/" PACKAGE_VERSION, NULL);
  if (trust != NULL)
    soup_session_set_tls_database (session, trust);
  /* a 401 is ours to answer */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  set_proxy (session, context, dial != NULL);
  return session;
}

static GError *
translate_error (KubeConnection *self, SoupMessage *message, const GError *error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  if (flags != 0 && error->domain == G_TLS_ERROR)
    return kube_error_new_from_certificate (flags, self->context->host);
  return kube_error_new_from_transport (error, self->context->host);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeConnection *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GInputStream *stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);

  if (stream == NULL) {
    g_task_return_error (task, translate_error (self, g_task_get_task_data (task), error));
    return;
  }
  /* a session that goes cuts off what is still being read */
  g_object_set_data_full (G_OBJECT (stream), "kube-connection", g_object_ref (self),
                          g_object_unref);
  g_task_return_pointer (task, stream, g_object_unref);
}

static void
kube_connection_dispose (GObject *object)
{
  KubeConnection *self = KUBE_CONNECTION (object);

  for (gsize i = 0; i < G_N_ELEMENTS (self->sessions); i++)
    g_clear_object (&self->sessions[i]);
  g_clear_object (&self->client_certificate);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kube_connection_parent_class)->dispose (object);
}

static void
kube_connection_class_init (KubeConnectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_connection_dispose;
}

static void
kube_connection_init (KubeConnection *self)
{
}

/**
 * kube_connection_new:
 * @context: the server and whom to trust
 * @dial: (nullable): where to connect instead
 * @client_certificate: (nullable): who we are
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the connection, %NULL with a %KUBE_ERROR_CONFIG where the
 *   kubeconfig's certificate authority cannot be read
 */
KubeConnection *
kube_connection_new (KubeContext *context,
                     GSocketConnectable *dial,
                     GTlsCertificate *client_certificate,
                     GError **error)
{
  g_autoptr (KubeConnection) self = NULL;
  g_autoptr (GTlsDatabase) trust = NULL;

  if (context->ca != NULL) {
    trust = kube_trust_new_database (context->ca, error);
    if (trust == NULL)
      return NULL;
  }

  self = g_object_new (KUBE_TYPE_CONNECTION, NULL);
  self->context = g_object_ref (context);
  g_set_object (&self->client_certificate, client_certificate);
  self->sessions[KUBE_CONNECTION_REQUEST] =
    new_session (context, dial, trust, REQUEST_TIMEOUT_SECONDS);
  self->sessions[KUBE_CONNECTION_STREAM] = new_session (context, dial, trust, 0);
  return g_steal_pointer (&self);
}

/**
 * kube_connection_new_message:
 * @self: a connection
 * @method: an HTTP method
 * @path: a path of the API, with a query or not
 * @error: return location for an error
 *
 * The only place where messages are made: whatever any message lacks of what is set here, the
 * connection that it opens lacks for all that come after it.
 *
 * Returns: (transfer full) (nullable): a message to send once, %NULL where @path is not one
 */
SoupMessage *
kube_connection_new_message (KubeConnection *self,
                             const char *method,
                             const char *path,
                             GError **error)
{
  g_autofree char *url = g_strconcat (self->context->server, path, NULL);
  g_autoptr (GUri) uri = *path == '/' ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  SoupMessage *message;

  if (uri == NULL) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID, _ ("“%s” is not a path of the API."), path);
    return NULL;
  }
  message = soup_message_new_from_uri (method, uri);
  /* the bearer token is for this server only */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  /* Else each one gets a connection of its own, and its handshake costs a frame. Ours hold on to
   * the object's version: sent twice, the second one fails. */
  if (g_str_equal (method, "PATCH"))
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept",
                                "application/json");
  if (self->client_certificate != NULL)
    soup_message_set_tls_client_certificate (message, self->client_certificate);
  if (self->context->insecure)
    g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event_cb), NULL);
  return message;
}

/**
 * kube_connection_send_async:
 * @self: a connection
 * @message: one of its messages
 * @pool: which connections to use
 * @cancellable: (nullable): a cancellable, also for reading the body
 * @callback: called when the headers of the answer are there
 * @user_data: data for @callback
 *
 * Any answer of the server is a success here.
 */
void
kube_connection_send_async (KubeConnection *self,
                            SoupMessage *message,
                            KubeConnectionPool pool,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_connection_send_async);
  g_task_set_task_data (task, g_object_ref (message), g_object_unref);
  /* a compressed stream would be held back until a block is full */
  if (pool == KUBE_CONNECTION_STREAM)
    soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_session_send_async (self->sessions[pool], message, G_PRIORITY_DEFAULT, cancellable, sent_cb,
                           g_steal_pointer (&task));
}

/**
 * kube_connection_send_finish:
 * @self: a connection
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the body, to be closed by the caller; %NULL with a
 *   %KUBE_ERROR_UNREACHABLE or %KUBE_ERROR_TLS
 */
GInputStream *
kube_connection_send_finish (KubeConnection *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
