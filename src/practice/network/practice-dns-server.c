/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-dns-message.h"
#include "practice-dns-server.h"

/* No query of ours is longer; RFC 1035 section 4.2.1 has 512 for datagrams. */
#define QUERY_LIMIT 4096
#define CONNECTION_LIMIT 64
#define IDLE_SECONDS 10

struct _PracticeDnsServer {
  GObject parent_instance;

  GSocket *datagram;
  GSource *reading;
  GSocketService *service;
  GCancellable *cancellable;
  guint n_connections;
  PracticeLookUpFunc look_up;
  PracticeDnsGateFunc gate; /* (nullable) */
  gpointer user_data;
};

G_DEFINE_FINAL_TYPE (PracticeDnsServer, practice_dns_server, G_TYPE_OBJECT)

/* A connection of a client that asks over TCP, RFC 1035 section 4.2.2: each message has two bytes
 * of length before it. */
typedef struct {
  PracticeDnsServer *server; /* valid until @cancellable is cancelled */
  GCancellable *cancellable; /* (owned) */
  GSocketConnection *connection;
  guint8 length[2];
  guint8 query[QUERY_LIMIT];
  GBytes *answer; /* (nullable) (owned) */
} Stream;

static void
stream_free (Stream *self)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    self->server->n_connections--;
  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, stream_free)

static void read_length (Stream *stream);

static void
answer_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Stream) stream = user_data;

  g_clear_pointer (&stream->answer, g_bytes_unref);
  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    read_length (g_steal_pointer (&stream));
}

static void
write_answer (Stream *stream, GBytes *answer)
{
  GByteArray *framed = g_byte_array_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (answer, &length);
  guint8 prefix[2] = { length >> 8, length & 0xff };
  gconstpointer out;

  g_byte_array_append (framed, prefix, sizeof prefix);
  g_byte_array_append (framed, data, length);
  stream->answer = g_byte_array_free_to_bytes (framed);
  out = g_bytes_get_data (stream->answer, &length);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (stream->connection)),
                                   out, length, G_PRIORITY_DEFAULT, stream->cancellable,
                                   answer_written_cb, stream);
}

static void
query_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Stream) stream = user_data;
  g_autoptr (GBytes) answer = NULL;
  gsize expected = stream->length[0] << 8 | stream->length[1];
  gsize length;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, NULL) ||
      length < expected || g_cancellable_is_cancelled (stream->cancellable))
    return;
  answer = practice_dns_message_answer (stream->query, length, stream->server->look_up,
                                        stream->server->user_data);
  if (answer)
    write_answer (g_steal_pointer (&stream), answer);
}

static void
read_query (Stream *stream, gsize expected)
{
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (stream->connection)),
                                 stream->query, expected, G_PRIORITY_DEFAULT, stream->cancellable,
                                 query_read_cb, stream);
}

static void
length_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Stream) stream = user_data;
  gsize expected;
  gsize length;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, NULL) ||
      length < sizeof stream->length)
    return;
  expected = stream->length[0] << 8 | stream->length[1];
  if (expected > QUERY_LIMIT)
    return;
  read_query (g_steal_pointer (&stream), expected);
}

static void
read_length (Stream *stream)
{
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (stream->connection)),
                                 stream->length, sizeof stream->length, G_PRIORITY_DEFAULT,
                                 stream->cancellable, length_read_cb, stream);
}

static gboolean
is_open (PracticeDnsServer *self)
{
  return !self->gate || self->gate (self->user_data);
}

static gboolean
incoming_cb (PracticeDnsServer *self, GSocketConnection *connection, GObject *source)
{
  Stream *stream;

  if (self->n_connections >= CONNECTION_LIMIT || !is_open (self))
    return TRUE;
  g_socket_set_timeout (g_socket_connection_get_socket (connection), IDLE_SECONDS);
  stream = g_new0 (Stream, 1);
  stream->server = self;
  stream->cancellable = g_object_ref (self->cancellable);
  stream->connection = g_object_ref (connection);
  self->n_connections++;
  read_length (stream);
  return TRUE;
}

static gboolean
datagram_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PracticeDnsServer *self = user_data;
  g_autoptr (GSocketAddress) client = NULL;
  g_autoptr (GBytes) answer = NULL;
  guint8 query[QUERY_LIMIT];
  gssize length = g_socket_receive_from (socket, &client, (char *)query, sizeof query, NULL, NULL);

  if (length < 0 || !is_open (self))
    return G_SOURCE_CONTINUE;
  answer = practice_dns_message_answer (query, length, self->look_up, self->user_data);
  if (answer) {
    gsize size;
    const char *data = g_bytes_get_data (answer, &size);

    /* A client whose answer is lost asks again. */
    g_socket_send_to (socket, client, data, size, NULL, NULL);
  }
  return G_SOURCE_CONTINUE;
}

static void
practice_dns_server_dispose (GObject *object)
{
  PracticeDnsServer *self = PRACTICE_DNS_SERVER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->reading)
    g_source_destroy (self->reading);
  g_clear_pointer (&self->reading, g_source_unref);
  if (self->service) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);
  g_clear_object (&self->datagram);

  G_OBJECT_CLASS (practice_dns_server_parent_class)->dispose (object);
}

static void
practice_dns_server_finalize (GObject *object)
{
  PracticeDnsServer *self = PRACTICE_DNS_SERVER (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (practice_dns_server_parent_class)->finalize (object);
}

static void
practice_dns_server_class_init (PracticeDnsServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_dns_server_dispose;
  object_class->finalize = practice_dns_server_finalize;
}

static void
practice_dns_server_init (PracticeDnsServer *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * practice_dns_server_new:
 * @datagram: a bound UDP socket
 * @stream: a listening TCP socket, on the same address and port
 * @look_up: (scope forever): says which addresses a name has
 * @user_data: data of @look_up, which must live as long as the server
 * @error: return location for an error
 *
 * Serves both sockets in the thread's default main context.
 *
 * Returns: (transfer full) (nullable): a server
 */
PracticeDnsServer *
practice_dns_server_new (GSocket *datagram,
                         GSocket *stream,
                         PracticeLookUpFunc look_up,
                         gpointer user_data,
                         GError **error)
{
  g_autoptr (PracticeDnsServer) self = NULL;

  g_return_val_if_fail (G_IS_SOCKET (datagram) && G_IS_SOCKET (stream), NULL);
  g_return_val_if_fail (look_up != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_DNS_SERVER, NULL);
  self->look_up = look_up;
  self->user_data = user_data;
  self->service = g_socket_service_new ();
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self,
                           G_CONNECT_SWAPPED);
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), stream, NULL, error))
    return NULL;

  self->datagram = g_object_ref (datagram);
  g_socket_set_blocking (datagram, FALSE);
  self->reading = g_socket_create_source (datagram, G_IO_IN, NULL);
  g_source_set_callback (self->reading, G_SOURCE_FUNC (datagram_cb), self, NULL);
  g_source_attach (self->reading, g_main_context_get_thread_default ());
  return g_steal_pointer (&self);
}

/**
 * practice_dns_server_set_gate:
 * @self: a server
 * @gate: (scope forever): says whether questions get through, with the data of its other function
 *
 * What does not get through stays without an answer, as a packet that is dropped.
 */
void
practice_dns_server_set_gate (PracticeDnsServer *self, PracticeDnsGateFunc gate)
{
  g_return_if_fail (PRACTICE_IS_DNS_SERVER (self));

  self->gate = gate;
}
