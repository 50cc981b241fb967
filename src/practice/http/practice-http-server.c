/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-server.h"

#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base-source.h"
#include "practice-connections.h"
#include "practice-idle-connection.h"

#define MAX_BODY (1024 * 1024)
#define MAX_PENDING 512
#define IDLE_SECONDS 300
#define ABANDONED_SECONDS 30
#define NO_ADDRESS "0.0.0.0"

/**
 * PracticeHttpServer:
 *
 * An edge of the cluster: what real clients send becomes a #PracticeHttpRequest for a handler.
 * Headers that concern one connection only stay on it
 * (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1). Where the handler has no answer, the
 * connection is reset.
 */
struct _PracticeHttpServer {
  GObject parent_instance;

  PracticeHttpHandler *handler;
  PracticePeer *peer; /* (nullable) */
  SoupServer *server;
  PracticeConnections *connections;
  GHashTable *exchanges; /* SoupServerMessage to Exchange, neither owned */
};

G_DEFINE_FINAL_TYPE (PracticeHttpServer, practice_http_server, G_TYPE_OBJECT)

/* A request whose response is waited for. Owned by the call of the handler. */
typedef struct {
  PracticeHttpServer *server; /* (owned) */
  SoupServerMessage *message; /* (owned) */
  GCancellable *cancellable;  /* (owned) */
  GSource *disconnect;        /* (owned) (nullable) */
  GSource *abandoned;         /* (owned) (nullable) */
  gboolean finished;          /* the connection went first */
} Exchange;

static const char *const hop_by_hop[] = {
  "Connection",
  "Keep-Alive",
  "Proxy-Connection",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "TE",
  "Trailer",
  "Transfer-Encoding",
  "Upgrade",
  "Expect",
};

static void
exchange_free (Exchange *self)
{
  base_source_clear (&self->disconnect);
  base_source_clear (&self->abandoned);
  g_hash_table_remove (self->server->exchanges, self->message);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->message);
  g_clear_object (&self->server);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

static gboolean
is_hop_by_hop (const char *name, char **named)
{
  for (guint i = 0; i < G_N_ELEMENTS (hop_by_hop); i++)
    if (g_ascii_strcasecmp (hop_by_hop[i], name) == 0)
      return TRUE;
  for (guint i = 0; named != NULL && named[i] != NULL; i++)
    if (g_ascii_strcasecmp (g_strstrip (named[i]), name) == 0)
      return TRUE;

  return FALSE;
}

/* All but what concerns one connection, or is said anew for the body as it is now. */
static void
copy_headers (SoupMessageHeaders *from, SoupMessageHeaders *to)
{
  const char *connection = soup_message_headers_get_list (from, "Connection");
  g_auto (GStrv) named = connection != NULL ? g_strsplit (connection, ",", -1) : NULL;
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, from);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (!is_hop_by_hop (name, named) && g_ascii_strcasecmp (name, "Content-Length") != 0)
      soup_message_headers_append (to, name, value);
}

static PracticePeer *
dup_peer (PracticeHttpServer *self, SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  g_autofree char *address = NULL;

  if (self->peer != NULL)
    return practice_peer_copy (self->peer);
  if (G_IS_INET_SOCKET_ADDRESS (remote))
    address =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));

  return practice_peer_new (address != NULL ? address : NO_ADDRESS, NULL, NULL);
}

static PracticeHttpRequest *
new_request (PracticeHttpServer *self, SoupServerMessage *message)
{
  g_autoptr (PracticePeer) peer = dup_peer (self, message);
  g_autoptr (GBytes) body =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  GUri *uri = soup_server_message_get_uri (message);
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);
  g_autofree char *target =
    g_strconcat (*path != '\0' ? path : "/", query != NULL ? "?" : NULL, query, NULL);
  PracticeHttpRequest *request =
    practice_http_request_new (peer, soup_server_message_get_method (message), "", target,
                               g_bytes_get_size (body) > 0 ? body : NULL);
  SoupMessageHeaders *headers = practice_http_request_get_headers (request);

  soup_message_headers_clear (headers);
  copy_headers (soup_server_message_get_request_headers (message), headers);

  return request;
}

static void
send_response (SoupServerMessage *message, PracticeHttpResponse *response)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, practice_http_response_get_status (response), NULL);
  copy_headers (practice_http_response_get_headers (response), headers);
  if (g_str_equal (soup_server_message_get_method (message), "HEAD"))
    soup_message_headers_set_content_length (
      headers, g_bytes_get_size (practice_http_response_get_body (response)));
  else if (g_bytes_get_size (practice_http_response_get_body (response)) > 0)
    soup_message_body_append_bytes (body, practice_http_response_get_body (response));
  soup_message_body_complete (body);
}

static void
refuse (SoupServerMessage *message, guint status)
{
  g_autofree char *text = g_strdup_printf ("%s\n", soup_status_get_phrase (status));
  g_autoptr (PracticeHttpResponse) response =
    practice_http_response_new (status, "text/plain", text);

  send_response (message, response);
}

/* As a program does that ends while it is asked. */
static void
reset_connection (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);
  g_autoptr (GIOStream) stream = NULL;
  struct linger none = { .l_onoff = 1, .l_linger = 0 };

  if (socket != NULL) {
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    g_socket_close (socket, NULL);
    soup_server_message_unpause (message);
    return;
  }

  stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    g_io_stream_close (stream, NULL, NULL);
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Exchange) self = user_data;
  g_autoptr (PracticeHttpResponse) response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, NULL);

  base_source_clear (&self->disconnect);
  if (self->finished)
    return;

  if (response == NULL) {
    reset_connection (self->message);
    return;
  }
  send_response (self->message, response);
  soup_server_message_unpause (self->message);
}

static void
finish_exchange (Exchange *self)
{
  self->finished = TRUE;
  g_cancellable_cancel (self->cancellable);
}

static void
finished_cb (SoupServerMessage *message, PracticeHttpServer *self)
{
  Exchange *exchange = g_hash_table_lookup (self->exchanges, message);

  if (exchange != NULL)
    finish_exchange (exchange);
}

static gboolean
abandoned_cb (gpointer user_data)
{
  Exchange *self = user_data;

  base_source_clear (&self->abandoned);
  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_REMOVE;
}

/* The client's end is closed: it went, or it has nothing more to say and waits still, as
 * `printf ... | nc` does. */
static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  Exchange *self = user_data;
  char byte;
  gssize length = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  base_source_clear (&self->disconnect);
  if (length == 0 && (condition & (G_IO_HUP | G_IO_ERR)) == 0) {
    self->abandoned = g_timeout_source_new_seconds (ABANDONED_SECONDS);
    g_source_set_callback (self->abandoned, abandoned_cb, self, NULL);
    g_source_attach (self->abandoned, g_main_context_get_thread_default ());
  } else if (length <= 0) {
    g_cancellable_cancel (self->cancellable);
  }

  return G_SOURCE_REMOVE;
}

static void
watch_client (Exchange *self)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  if (socket == NULL)
    return;

  self->disconnect = g_unix_fd_source_new (g_socket_get_fd (socket), G_IO_IN | G_IO_HUP | G_IO_ERR);
  g_source_set_callback (self->disconnect, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_attach (self->disconnect, g_main_context_get_thread_default ());
}

static gboolean
is_too_large (SoupServerMessage *message)
{
  return soup_server_message_get_request_body (message)->length > MAX_BODY;
}

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  PracticeHttpServer *self = user_data;
  g_autoptr (PracticeHttpRequest) request = NULL;
  Exchange *exchange;

  if (is_too_large (message)) {
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
    return;
  }
  if (g_hash_table_size (self->exchanges) >= MAX_PENDING) {
    refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE);
    return;
  }

  request = new_request (self, message);
  exchange = g_new0 (Exchange, 1);
  exchange->server = g_object_ref (self);
  exchange->message = g_object_ref (message);
  exchange->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->exchanges, message, exchange);
  watch_client (exchange);

  soup_server_message_pause (message);
  practice_http_handler_handle_async (self->handler, request, exchange->cancellable, handled_cb,
                                      exchange);
}

/* What is over the limit is not kept; request_cb() says so when the rest is read. */
static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  if (is_too_large (message))
    soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, PracticeHttpServer *self)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL) {
    g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    g_socket_set_timeout (socket, IDLE_SECONDS);
  }
  practice_idle_connection_watch (message);
  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb), self, 0);
  g_signal_connect_object (message, "finished", G_CALLBACK (finished_cb), self, 0);
}

static void
practice_http_server_dispose (GObject *object)
{
  PracticeHttpServer *self = PRACTICE_HTTP_SERVER (object);
  g_autoptr (GList) exchanges = g_hash_table_get_values (self->exchanges);

  /* A message that is paused does not say that its connection goes. */
  for (GList *link = exchanges; link != NULL; link = link->next)
    finish_exchange (link->data);
  if (self->server != NULL) {
    soup_server_remove_handler (self->server, NULL);
    practice_connections_break (self->connections);
  }
  g_clear_object (&self->connections);
  g_clear_object (&self->server);
  g_clear_object (&self->handler);

  G_OBJECT_CLASS (practice_http_server_parent_class)->dispose (object);
}

static void
practice_http_server_finalize (GObject *object)
{
  PracticeHttpServer *self = PRACTICE_HTTP_SERVER (object);

  g_clear_pointer (&self->peer, practice_peer_free);
  g_hash_table_unref (self->exchanges);

  G_OBJECT_CLASS (practice_http_server_parent_class)->finalize (object);
}

static void
practice_http_server_class_init (PracticeHttpServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_http_server_dispose;
  object_class->finalize = practice_http_server_finalize;
}

static void
practice_http_server_init (PracticeHttpServer *self)
{
  self->exchanges = g_hash_table_new (NULL, NULL);
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  self->connections = practice_connections_new (self->server);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  g_signal_connect_object (self->server, "request-started", G_CALLBACK (request_started_cb), self,
                           0);
}

/**
 * practice_http_server_new:
 * @handler: what answers
 * @peer: (nullable): who the clients are; %NULL: outside, from the address they come from
 * @certificate: (nullable): with a key; then clients speak TLS
 *
 * Returns: (transfer full): a server, not yet listening
 */
PracticeHttpServer *
practice_http_server_new (PracticeHttpHandler *handler,
                          const PracticePeer *peer,
                          GTlsCertificate *certificate)
{
  PracticeHttpServer *self;

  g_return_val_if_fail (PRACTICE_IS_HTTP_HANDLER (handler), NULL);
  g_return_val_if_fail (certificate == NULL || G_IS_TLS_CERTIFICATE (certificate), NULL);

  self = g_object_new (PRACTICE_TYPE_HTTP_SERVER, NULL);
  self->handler = g_object_ref (handler);
  self->peer = peer != NULL ? practice_peer_copy (peer) : NULL;
  if (certificate != NULL)
    soup_server_set_tls_certificate (self->server, certificate);

  return self;
}

/**
 * practice_http_server_listen:
 * @self: a server that was not stopped
 * @socket: a listening socket
 * @error: return location
 *
 * Serves the connections that arrive at @socket.
 *
 * Returns: whether it does
 */
gboolean
practice_http_server_listen (PracticeHttpServer *self, GSocket *socket, GError **error)
{
  gboolean secure;

  g_return_val_if_fail (PRACTICE_IS_HTTP_SERVER (self), FALSE);
  g_return_val_if_fail (self->server != NULL, FALSE);
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  secure = soup_server_get_tls_certificate (self->server) != NULL;

  return soup_server_listen_socket (self->server, socket, secure ? SOUP_SERVER_LISTEN_HTTPS : 0,
                                    error);
}

/**
 * practice_http_server_accept:
 * @self: a server without TLS that was not stopped
 * @stream: a connection that is there already
 * @error: return location
 *
 * Serves one connection.
 *
 * Returns: whether it does
 */
gboolean
practice_http_server_accept (PracticeHttpServer *self, GIOStream *stream, GError **error)
{
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocketAddress) remote = NULL;

  g_return_val_if_fail (PRACTICE_IS_HTTP_SERVER (self), FALSE);
  g_return_val_if_fail (self->server != NULL, FALSE);
  g_return_val_if_fail (G_IS_IO_STREAM (stream), FALSE);

  if (G_IS_SOCKET_CONNECTION (stream)) {
    local = g_socket_connection_get_local_address (G_SOCKET_CONNECTION (stream), NULL);
    remote = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL);
  }
  /* A stream with no socket behind it, such as a tunnel's. */
  if (local == NULL)
    local = g_inet_socket_address_new_from_string (NO_ADDRESS, 0);
  if (remote == NULL)
    remote = g_inet_socket_address_new_from_string (NO_ADDRESS, 0);

  return soup_server_accept_iostream (self->server, stream, local, remote, error);
}

/**
 * practice_http_server_stop:
 * @self: a server
 *
 * Listens no longer and closes every connection.
 */
void
practice_http_server_stop (PracticeHttpServer *self)
{
  g_return_if_fail (PRACTICE_IS_HTTP_SERVER (self));

  g_object_run_dispose (G_OBJECT (self));
}
