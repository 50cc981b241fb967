/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-route.h"

#include <string.h>
#include <sys/socket.h>

#include "base-source.h"
#include "base-splice.h"
#include "practice-http-server.h"
#include "practice-sidecar-stream.h"
#include "practice-tls-peek.h"

/* How long a client may take to say by its first bytes what it speaks; one that lets the server
 * speak first does not speak HTTP. */
#define LOOK_MS 300
#define LOOK_BYTES 4096

#define MAX_LOOKING 256
#define DEFAULT_PORT 80

struct _PracticePodRoute {
  GObject parent_instance;
  GSocket *socket; /* (nullable): NULL once stopped */
  GSource *arrivals;
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound; /* (nullable) */
  PracticePeer *peer;
  char *address;
  guint16 port;
  PracticePodRouteMode mode;
  PracticeHttpServer *server; /* (nullable): made for the first that speaks HTTP */
  GCancellable *cancellable;
  GHashTable *looking; /* of Look */
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticePodRoute,
                               practice_pod_route,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

/* A connection of which it is not known yet what it speaks. */
typedef struct {
  PracticePodRoute *route; /* (unowned) */
  GSocketConnection *client;
  GSource *readable;
  GSource *limit;
} Look;

typedef struct {
  GSocketConnection *client;
  GCancellable *cancellable;
} Carry;

static void
look_free (gpointer data)
{
  Look *self = data;

  base_source_clear (&self->readable);
  base_source_clear (&self->limit);
  g_clear_object (&self->client);
  g_free (self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Carry *carry = user_data;
  g_autoptr (GIOStream) target =
    practice_fabric_connect_finish (PRACTICE_FABRIC (source), result, NULL);

  if (target != NULL && G_IS_SOCKET_CONNECTION (target))
    base_splice_async (carry->client, G_SOCKET_CONNECTION (target), carry->cancellable, NULL, NULL);
  else
    g_socket_close (g_socket_connection_get_socket (carry->client), NULL);
  g_clear_object (&carry->client);
  g_clear_object (&carry->cancellable);
  g_free (carry);
}

/* @name: (nullable): that the client asks for */
static void
carry_stream (PracticePodRoute *self, GSocketConnection *client, const char *name)
{
  g_autoptr (PracticeEndpoint) target = NULL;
  gboolean is_led = PRACTICE_IS_SIDECAR (self->outbound) &&
                    practice_sidecar_lead (PRACTICE_SIDECAR (self->outbound), self->peer,
                                           self->address, self->port, name, &target);
  Carry *carry;

  if (is_led && target == NULL) {
    g_socket_close (g_socket_connection_get_socket (client), NULL);
    return;
  }
  carry = g_new (Carry, 1);
  carry->client = g_object_ref (client);
  carry->cancellable = g_object_ref (self->cancellable);
  practice_fabric_connect_async (self->fabric, self->peer, is_led ? target->address : self->address,
                                 is_led ? target->port : self->port, self->cancellable,
                                 connected_cb, carry);
}

static void
peeked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PracticePodRoute) self = user_data;
  GSocketConnection *client = G_SOCKET_CONNECTION (source);
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;

  if (practice_tls_peek_finish (client, result, &name, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    carry_stream (self, client, name);
  else
    g_socket_close (g_socket_connection_get_socket (client), NULL);
}

/* Where nothing goes by names, a server may speak first. */
static void
carry_tls (PracticePodRoute *self, GSocketConnection *client)
{
  if (PRACTICE_IS_SIDECAR (self->outbound) &&
      practice_sidecar_goes_by_name (PRACTICE_SIDECAR (self->outbound), self->peer, self->address,
                                     self->port))
    practice_tls_peek_async (client, self->cancellable, peeked_cb, g_object_ref (self));
  else
    carry_stream (self, client, NULL);
}

static void
carry_http (PracticePodRoute *self, GSocketConnection *client)
{
  if (self->server == NULL)
    self->server = practice_http_server_new (PRACTICE_HTTP_HANDLER (self), self->peer, NULL);
  practice_http_server_accept (self->server, G_IO_STREAM (client), NULL);
}

/* "GET / HTTP/1.1"; "GET key" is a command of redis. */
static gboolean
is_http (const char *data, gsize length)
{
  static const char *const methods[] = { "GET ",    "HEAD ",    "POST ", "PUT ",
                                         "DELETE ", "OPTIONS ", "PATCH " };
  const char *end = memchr (data, '\n', length);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strncmp (data, methods[i], MIN (length, strlen (methods[i]))) == 0)
      return end == NULL || g_strstr_len (data, end - data, " HTTP/1.") != NULL;
  return FALSE;
}

static void
end_look (Look *look, gboolean http)
{
  PracticePodRoute *self = look->route;
  g_autoptr (GSocketConnection) client = g_object_ref (look->client);

  g_hash_table_remove (self->looking, look);
  if (http)
    carry_http (self, client);
  else
    carry_stream (self, client, NULL);
}

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  char buffer[LOOK_BYTES];
  GInputVector vector = { buffer, sizeof buffer };
  int flags = MSG_PEEK;
  gssize length =
    g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);

  end_look (user_data, length > 0 && is_http (buffer, length));
  return G_SOURCE_REMOVE;
}

static gboolean
limit_cb (gpointer user_data)
{
  end_look (user_data, FALSE);
  return G_SOURCE_REMOVE;
}

static void
look (PracticePodRoute *self, GSocketConnection *client)
{
  GSocket *socket = g_socket_connection_get_socket (client);
  Look *look = g_new0 (Look, 1);

  look->route = self;
  look->client = g_object_ref (client);
  g_socket_set_blocking (socket, FALSE);
  look->readable = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (look->readable, G_SOURCE_FUNC (readable_cb), look, NULL);
  g_source_attach (look->readable, g_main_context_get_thread_default ());
  look->limit = g_timeout_source_new (LOOK_MS);
  g_source_set_callback (look->limit, limit_cb, look, NULL);
  g_source_attach (look->limit, g_main_context_get_thread_default ());
  g_hash_table_add (self->looking, look);
}

static gboolean
arrival_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PracticePodRoute *self = user_data;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, NULL);
  g_autoptr (GSocketConnection) client = NULL;

  if (accepted == NULL)
    return G_SOURCE_CONTINUE;
  client = g_socket_connection_factory_create_connection (accepted);
  if (self->mode == PRACTICE_POD_ROUTE_HTTP)
    carry_http (self, client);
  else if (self->mode == PRACTICE_POD_ROUTE_LOOK && g_hash_table_size (self->looking) < MAX_LOOKING)
    look (self, client);
  else if (self->mode == PRACTICE_POD_ROUTE_TLS)
    carry_tls (self, client);
  else
    carry_stream (self, client, NULL);
  return G_SOURCE_CONTINUE;
}

/* The name of a Host header. */
static char *
dup_name (const char *host, gboolean *has_port)
{
  const char *colon = strrchr (host, ':');

  *has_port = colon != NULL;
  return colon != NULL ? g_strndup (host, colon - host) : g_strdup (host);
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    PRACTICE_IS_FABRIC (source)
      ? practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error)
      : practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* A name that the mesh does not know goes where the connection went, as does an address. */
static void
practice_pod_route_handle_async (PracticeHttpHandler *handler,
                                 PracticeHttpRequest *request,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  PracticePodRoute *self = PRACTICE_POD_ROUTE (handler);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean has_port;
  g_autofree char *name = dup_name (practice_http_request_get_host (request), &has_port);
  g_autofree char *known = g_hostname_is_ip_address (name)
                             ? NULL
                             : practice_fabric_resolve (self->fabric, self->peer->namespace_, name);
  g_autoptr (PracticeHttpRequest) copy = NULL;
  gboolean is_known;

  g_task_set_source_tag (task, practice_pod_route_handle_async);
  is_known =
    known != NULL || (PRACTICE_IS_SIDECAR (self->outbound) &&
                      practice_sidecar_has_entry (PRACTICE_SIDECAR (self->outbound), name));
  if (!is_known || self->outbound == NULL) {
    practice_fabric_send_async (self->fabric, request, self->address, self->port, cancellable,
                                handled_cb, g_steal_pointer (&task));
    return;
  }
  if (!has_port && self->port != DEFAULT_PORT) {
    g_autofree char *host = g_strdup_printf ("%s:%u", name, self->port);

    copy = practice_http_request_copy (request);
    soup_message_headers_replace (practice_http_request_get_headers (copy), "Host", host);
  }
  practice_http_handler_handle_async (self->outbound, copy != NULL ? copy : request, cancellable,
                                      handled_cb, g_steal_pointer (&task));
}

static PracticeHttpResponse *
practice_pod_route_handle_finish (PracticeHttpHandler *handler,
                                  GAsyncResult *result,
                                  GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_pod_route_handle_async;
  iface->handle_finish = practice_pod_route_handle_finish;
}

static void
practice_pod_route_dispose (GObject *object)
{
  PracticePodRoute *self = PRACTICE_POD_ROUTE (object);

  practice_pod_route_stop (self);
  g_clear_object (&self->fabric);
  g_clear_object (&self->outbound);

  G_OBJECT_CLASS (practice_pod_route_parent_class)->dispose (object);
}

static void
practice_pod_route_finalize (GObject *object)
{
  PracticePodRoute *self = PRACTICE_POD_ROUTE (object);

  practice_peer_free (self->peer);
  g_free (self->address);
  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->looking);

  G_OBJECT_CLASS (practice_pod_route_parent_class)->finalize (object);
}

static void
practice_pod_route_class_init (PracticePodRouteClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_pod_route_dispose;
  object_class->finalize = practice_pod_route_finalize;
}

static void
practice_pod_route_init (PracticePodRoute *self)
{
  self->cancellable = g_cancellable_new ();
  self->looking = g_hash_table_new_full (NULL, NULL, look_free, NULL);
}

/**
 * practice_pod_route_new:
 * @socket: (nullable): what listens in the pod's network; %NULL: it is only asked as a handler
 * @spec: where to; copied
 *
 * Returns: (transfer full): a route, which its owner stops
 */
PracticePodRoute *
practice_pod_route_new (GSocket *socket, const PracticePodRouteSpec *spec)
{
  PracticePodRoute *self = g_object_new (PRACTICE_TYPE_POD_ROUTE, NULL);

  self->fabric = g_object_ref (spec->fabric);
  g_set_object (&self->outbound, spec->outbound);
  self->peer = practice_peer_copy (spec->peer);
  self->address = g_strdup (spec->address);
  self->port = spec->port;
  self->mode = spec->mode;
  if (socket == NULL)
    return self;
  self->socket = g_object_ref (socket);
  g_socket_set_blocking (socket, FALSE);
  self->arrivals = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->arrivals, G_SOURCE_FUNC (arrival_cb), self, NULL);
  g_source_attach (self->arrivals, g_main_context_get_thread_default ());
  return self;
}

/**
 * practice_pod_route_stop:
 * @self: a route
 *
 * Listens no more, and closes what it carries. May be called twice.
 */
void
practice_pod_route_stop (PracticePodRoute *self)
{
  g_autoptr (PracticeHttpServer) server = g_steal_pointer (&self->server);

  base_source_clear (&self->arrivals);
  g_cancellable_cancel (self->cancellable);
  g_hash_table_remove_all (self->looking);
  if (server != NULL)
    practice_http_server_stop (server);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}
