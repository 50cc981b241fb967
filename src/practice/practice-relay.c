/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base-splice.h"
#include "practice-relay.h"

/* The longest host name (RFC 1035), a space and a port. */
#define LINE_LIMIT (253 + 1 + 5 + 1)
#define LINE_SECONDS 10
#define CONNECT_SECONDS 20
#define REQUEST_LIMIT 256

struct _PracticeRelay {
  GObject parent_instance;

  PracticeNetwork *network; /* (nullable) (owned) */
  PracticeDialer *dialer;   /* (nullable) (owned): in its place */
  PracticeResolveFunc resolve;
  gpointer user_data;
  GSocketService *service;
  GPtrArray *requests;       /* of Request, not owned */
  GCancellable *connections; /* ends those that are connected */
};

G_DEFINE_FINAL_TYPE (PracticeRelay, practice_relay, G_TYPE_OBJECT)

/* A client until it is connected. */
typedef struct {
  PracticeRelay *relay;      /* NULL once the relay has gone */
  GCancellable *cancellable; /* at the time limit, and when the relay goes */
  GSource *limit;
  GSocketConnection *client;
  GString *line;
  char *host;
  guint16 port;
} Request;

static void
request_free (Request *self)
{
  if (self->relay)
    g_ptr_array_remove_fast (self->relay->requests, self);
  g_source_destroy (self->limit);
  g_source_unref (self->limit);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_string_free (self->line, TRUE);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Answers are short and the first that is sent, so that they always fit into the socket. */
static void
answer (Request *request, const char *text)
{
  GSocket *socket = g_socket_connection_get_socket (request->client);

  g_socket_send (socket, text, strlen (text), NULL, NULL);
  g_socket_send (socket, "\n", 1, NULL, NULL);
}

/* @word: (nullable): the same for a program, in a line of its own */
G_GNUC_PRINTF (3, 4)
static void
refuse (Request *request, const char *word, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  answer (request, text);
  if (word)
    answer (request, word);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) target =
    PRACTICE_IS_NETWORK (source)
      ? practice_network_connect_finish (PRACTICE_NETWORK (source), result, &error)
      : practice_dialer_connect_finish (PRACTICE_DIALER (source), result, &error);

  if (!request->relay)
    return;
  if (target) {
    answer (request, "ok");
    base_splice_async (request->client, target, request->relay->connections, NULL, NULL);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
             g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)) {
    refuse (request, "silent", _ ("%s does not answer on port %u."), request->host, request->port);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)) {
    refuse (request, "refused", _ ("Nothing listens on port %2$u of %1$s."), request->host,
            request->port);
  } else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)) {
    refuse (request, NULL, _ ("%s is not in the practice network."), request->host);
  } else {
    refuse (request, NULL, _ ("%s cannot be reached on port %u: %s"), request->host, request->port,
            error->message);
  }
}

static void
connect_request (Request *request)
{
  PracticeRelay *self = request->relay;
  g_autofree char *name = g_ascii_strdown (request->host, -1);
  g_autofree char *address = NULL;
  g_autoptr (Request) owned = request;

  if (!self->network && !self->dialer) {
    refuse (request, NULL, _ ("This computer has no practice network, so nothing answers there."));
    return;
  }
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  address =
    g_hostname_is_ip_address (name) ? g_strdup (name) : self->resolve (name, self->user_data);
  if (!address) {
    refuse (request, "nameless", _ ("The practice network has no host named %s."), request->host);
    return;
  }
  g_source_set_ready_time (request->limit,
                           g_get_monotonic_time () + CONNECT_SECONDS * G_USEC_PER_SEC);
  if (self->network)
    practice_network_connect_async (self->network, address, request->port, request->cancellable,
                                    connected_cb, g_steal_pointer (&owned));
  else
    practice_dialer_connect_async (self->dialer, address, request->port, request->cancellable,
                                   connected_cb, g_steal_pointer (&owned));
}

static gboolean
parse_line (Request *request)
{
  g_auto (GStrv) words = g_strsplit (request->line->str, " ", 3);
  guint64 port;

  if (g_strv_length (words) != 2 || *words[0] == '\0' ||
      strspn (words[0], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") <
        strlen (words[0]) ||
      !g_ascii_string_to_unsigned (words[1], 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  request->host = g_strdup (words[0]);
  request->port = port;
  return TRUE;
}

/* Takes from the socket what belongs to the first line, and nothing behind it. Whether the line
 * is whole; FALSE with @error where it never will be. */
static gboolean
read_line (Request *request, GSocket *socket, GError **error)
{
  char buffer[LINE_LIMIT];
  gsize room = LINE_LIMIT - request->line->len;
  GInputVector vector = { buffer, room };
  int flags = G_SOCKET_MSG_PEEK;
  gssize seen =
    g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, error);
  const char *end;

  if (seen < 0)
    return FALSE;
  end = memchr (buffer, '\n', seen);
  if (seen == 0 || (!end && (gsize)seen == room)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no line");
    return FALSE;
  }
  seen = g_socket_receive (socket, buffer, end ? end - buffer + 1 : seen, NULL, error);
  if (seen < 0)
    return FALSE;
  g_string_append_len (request->line, buffer, end ? seen - 1 : seen);
  return end != NULL;
}

static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;

  if (!request->relay)
    return G_SOURCE_REMOVE;
  if (g_cancellable_is_cancelled (request->cancellable)) {
    answer (request, _ ("No host and port came."));
    return G_SOURCE_REMOVE;
  }
  if (read_line (request, socket, &error)) {
    if (parse_line (request))
      connect_request (g_steal_pointer (&request));
    else
      answer (request, _ ("The first line must be a host and a port."));
    return G_SOURCE_REMOVE;
  }
  if (error && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    answer (request, _ ("The first line must be a host and a port."));
    return G_SOURCE_REMOVE;
  }
  g_steal_pointer (&request);
  return G_SOURCE_CONTINUE;
}

/* Before the line is whole, and again before it is connected. */
static gboolean
limit_cb (gpointer user_data)
{
  Request *request = user_data;

  g_source_set_ready_time (request->limit, -1);
  g_cancellable_cancel (request->cancellable);
  return G_SOURCE_CONTINUE;
}

static gboolean
incoming_cb (PracticeRelay *self, GSocketConnection *client, GObject *source)
{
  GSocket *socket = g_socket_connection_get_socket (client);
  g_autoptr (GSource) reading = NULL;
  Request *request;

  if (self->requests->len >= REQUEST_LIMIT)
    return TRUE;
  request = g_new0 (Request, 1);
  request->relay = self;
  request->cancellable = g_cancellable_new ();
  request->client = g_object_ref (client);
  request->line = g_string_new (NULL);
  request->limit = g_timeout_source_new_seconds (LINE_SECONDS);
  g_source_set_callback (request->limit, limit_cb, request, NULL);
  g_source_attach (request->limit, g_main_context_get_thread_default ());
  g_ptr_array_add (self->requests, request);

  g_socket_set_blocking (socket, FALSE);
  reading = g_socket_create_source (socket, G_IO_IN, request->cancellable);
  g_source_set_callback (reading, G_SOURCE_FUNC (readable_cb), request, NULL);
  g_source_attach (reading, g_main_context_get_thread_default ());
  return TRUE;
}

static void
practice_relay_dispose (GObject *object)
{
  PracticeRelay *self = PRACTICE_RELAY (object);

  g_cancellable_cancel (self->connections);
  for (guint i = 0; i < self->requests->len; i++) {
    Request *request = g_ptr_array_index (self->requests, i);

    request->relay = NULL;
    g_cancellable_cancel (request->cancellable);
  }
  g_ptr_array_set_size (self->requests, 0);
  if (self->service) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);
  g_clear_object (&self->network);
  g_clear_object (&self->dialer);

  G_OBJECT_CLASS (practice_relay_parent_class)->dispose (object);
}

static void
practice_relay_finalize (GObject *object)
{
  PracticeRelay *self = PRACTICE_RELAY (object);

  g_ptr_array_unref (self->requests);
  g_clear_object (&self->connections);

  G_OBJECT_CLASS (practice_relay_parent_class)->finalize (object);
}

static void
practice_relay_class_init (PracticeRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_relay_dispose;
  object_class->finalize = practice_relay_finalize;
}

static void
practice_relay_init (PracticeRelay *self)
{
  self->requests = g_ptr_array_new ();
  self->connections = g_cancellable_new ();
}

/**
 * practice_relay_new:
 * @path: where the Unix socket shall be, in a folder that is the user's alone; a socket that is
 *   there is taken for one left behind
 * @network: (nullable): the sandbox's network; %NULL: each client is told that there is none
 * @resolve: (scope forever): says which address a name has
 * @user_data: data of @resolve, which must live as long as the relay
 * @error: return location for an error
 *
 * Serves in the thread's default main context. Connections end with the relay.
 *
 * Returns: (transfer full) (nullable): a relay that listens
 */
PracticeRelay *
practice_relay_new (const char *path,
                    PracticeNetwork *network,
                    PracticeResolveFunc resolve,
                    gpointer user_data,
                    GError **error)
{
  g_autoptr (PracticeRelay) self = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (network == NULL || PRACTICE_IS_NETWORK (network), NULL);
  g_return_val_if_fail (resolve != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_RELAY, NULL);
  g_set_object (&self->network, network);
  self->resolve = resolve;
  self->user_data = user_data;
  self->service = g_socket_service_new ();
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self,
                           G_CONNECT_SWAPPED);
  address = g_unix_socket_address_new (path);
  g_unlink (path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                      error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_relay_set_dialer:
 * @self: a relay without a network
 * @dialer: what connects in its place
 *
 * Lets clients reach what answers without real sockets.
 */
void
practice_relay_set_dialer (PracticeRelay *self, PracticeDialer *dialer)
{
  g_return_if_fail (PRACTICE_IS_RELAY (self));
  g_return_if_fail (PRACTICE_IS_DIALER (dialer));

  g_set_object (&self->dialer, dialer);
}
