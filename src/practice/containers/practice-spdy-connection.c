/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-spdy-connection.h"

#include "practice-spdy-reader.h"
#include "practice-spdy-writer.h"
#include "practice-wire.h"

/* Two for each connection that is forwarded. */
#define MAX_STREAMS 512

struct _PracticeSpdyConnection {
  GObject parent_instance;
  PracticeWire *wire;
  PracticeSpdyReader *reader;
  PracticeSpdyWriter *writer;
  GHashTable *streams; /* id to Stream */
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeSpdyConnection, practice_spdy_connection, G_TYPE_OBJECT)

typedef struct {
  gboolean in_ended;
  gboolean out_ended;
} Stream;

enum {
  SIGNAL_OPENED,
  SIGNAL_DATA,
  SIGNAL_ENDED,
  SIGNAL_RESET,
  SIGNAL_DRAINED,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static Stream *
find (PracticeSpdyConnection *self, guint id)
{
  return g_hash_table_lookup (self->streams, GUINT_TO_POINTER (id));
}

static void
forget_if_over (PracticeSpdyConnection *self, guint id, const Stream *stream)
{
  if (stream->in_ended && stream->out_ended)
    g_hash_table_remove (self->streams, GUINT_TO_POINTER (id));
}

/* Takes @frame. */
static void
send_frame (PracticeSpdyConnection *self, GBytes *frame)
{
  practice_wire_send (self->wire, frame);
  g_bytes_unref (frame);
}

static void
end (PracticeSpdyConnection *self)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  practice_wire_finish (self->wire);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
handle_end (PracticeSpdyConnection *self, guint id)
{
  Stream *stream = find (self, id);

  if (stream == NULL || stream->in_ended)
    return;
  stream->in_ended = TRUE;
  forget_if_over (self, id, stream);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, id);
}

/* A client's streams have odd numbers, each only once. */
static void
handle_open (PracticeSpdyConnection *self, PracticeSpdyEvent *event)
{
  if (event->stream % 2 == 0 || find (self, event->stream) != NULL) {
    end (self);
    return;
  }
  if (g_hash_table_size (self->streams) >= MAX_STREAMS) {
    send_frame (self, practice_spdy_writer_reset (self->writer, event->stream));
    return;
  }
  g_hash_table_insert (self->streams, GUINT_TO_POINTER (event->stream), g_new0 (Stream, 1));
  send_frame (self, practice_spdy_writer_accept (self->writer, event->stream));
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, event->stream, event->headers);
  if (event->is_last)
    handle_end (self, event->stream);
}

static void
handle_data (PracticeSpdyConnection *self, PracticeSpdyEvent *event)
{
  Stream *stream = find (self, event->stream);

  if (stream == NULL || stream->in_ended)
    return;
  if (g_bytes_get_size (event->data) > 0)
    g_signal_emit (self, signals[SIGNAL_DATA], 0, event->stream, event->data);
  if (event->is_last)
    handle_end (self, event->stream);
}

static void
handle (PracticeSpdyConnection *self, PracticeSpdyEvent *event)
{
  switch (event->type) {
    case PRACTICE_SPDY_OPEN:
      handle_open (self, event);
      break;
    case PRACTICE_SPDY_DATA:
      handle_data (self, event);
      break;
    case PRACTICE_SPDY_RESET:
      if (g_hash_table_remove (self->streams, GUINT_TO_POINTER (event->stream)))
        g_signal_emit (self, signals[SIGNAL_RESET], 0, event->stream);
      break;
    case PRACTICE_SPDY_PING:
      if (!practice_wire_is_full (self->wire))
        send_frame (self, practice_spdy_writer_ping (self->writer, event->number));
      break;
    case PRACTICE_SPDY_GOAWAY:
    default:
      break;
  }
}

static void
data_cb (PracticeWire *wire, GBytes *bytes, PracticeSpdyConnection *self)
{
  g_autoptr (PracticeSpdyConnection) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  PracticeSpdyEvent *event;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  practice_spdy_reader_push (self->reader, data, size);
  while (!self->is_over && (event = practice_spdy_reader_take (self->reader, &error)) != NULL) {
    handle (self, event);
    practice_spdy_event_free (event);
  }
  if (error != NULL)
    end (self);
}

static void
end_cb (PracticeWire *wire, PracticeSpdyConnection *self)
{
  end (self);
}

static void
drained_cb (PracticeWire *wire, PracticeSpdyConnection *self)
{
  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
practice_spdy_connection_dispose (GObject *object)
{
  PracticeSpdyConnection *self = PRACTICE_SPDY_CONNECTION (object);

  practice_spdy_connection_close (self);
  g_clear_object (&self->wire);

  G_OBJECT_CLASS (practice_spdy_connection_parent_class)->dispose (object);
}

static void
practice_spdy_connection_finalize (GObject *object)
{
  PracticeSpdyConnection *self = PRACTICE_SPDY_CONNECTION (object);

  practice_spdy_reader_free (self->reader);
  practice_spdy_writer_free (self->writer);
  g_hash_table_unref (self->streams);

  G_OBJECT_CLASS (practice_spdy_connection_parent_class)->finalize (object);
}

static void
practice_spdy_connection_class_init (PracticeSpdyConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = practice_spdy_connection_dispose;
  object_class->finalize = practice_spdy_connection_finalize;

  signals[SIGNAL_OPENED] = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_HASH_TABLE);
  signals[SIGNAL_DATA] = g_signal_new ("data", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BYTES);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_RESET] = g_signal_new ("reset", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_DRAINED] =
    g_signal_new ("drained", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_spdy_connection_init (PracticeSpdyConnection *self)
{
  self->reader = practice_spdy_reader_new ();
  self->writer = practice_spdy_writer_new ();
  self->streams = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

/**
 * practice_spdy_connection_new:
 * @stream: a connection that was upgraded
 *
 * Returns: (transfer full): the connection, which reads when
 *   practice_spdy_connection_set_reading() says so
 */
PracticeSpdyConnection *
practice_spdy_connection_new (GIOStream *stream)
{
  PracticeSpdyConnection *self;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = g_object_new (PRACTICE_TYPE_SPDY_CONNECTION, NULL);
  self->wire = practice_wire_new (stream);
  g_signal_connect_object (self->wire, "data", G_CALLBACK (data_cb), self, 0);
  g_signal_connect_object (self->wire, "end", G_CALLBACK (end_cb), self, 0);
  g_signal_connect_object (self->wire, "closed", G_CALLBACK (end_cb), self, 0);
  g_signal_connect_object (self->wire, "drained", G_CALLBACK (drained_cb), self, 0);
  return self;
}

/**
 * practice_spdy_connection_set_reading:
 * @self: a connection
 * @reading: whether what comes is taken, of all streams
 */
void
practice_spdy_connection_set_reading (PracticeSpdyConnection *self, gboolean reading)
{
  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));

  practice_wire_set_reading (self->wire, reading);
}

/**
 * practice_spdy_connection_send:
 * @self: a connection
 * @stream: a stream that was opened
 * @data: what to send, at most some MiB
 */
void
practice_spdy_connection_send (PracticeSpdyConnection *self, guint stream, GBytes *data)
{
  Stream *found;
  gsize size;
  gconstpointer bytes;

  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));
  g_return_if_fail (data != NULL);

  found = find (self, stream);
  if (found == NULL || found->out_ended)
    return;
  bytes = g_bytes_get_data (data, &size);
  send_frame (self, practice_spdy_writer_data (self->writer, stream, bytes, size, FALSE));
}

/**
 * practice_spdy_connection_end:
 * @self: a connection
 * @stream: a stream that was opened
 *
 * Ends our direction of a stream.
 */
void
practice_spdy_connection_end (PracticeSpdyConnection *self, guint stream)
{
  Stream *found;

  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));

  found = find (self, stream);
  if (found == NULL || found->out_ended)
    return;
  found->out_ended = TRUE;
  send_frame (self, practice_spdy_writer_data (self->writer, stream, NULL, 0, TRUE));
  forget_if_over (self, stream, found);
}

/**
 * practice_spdy_connection_reset:
 * @self: a connection
 * @stream: a stream
 *
 * Ends both directions of a stream, where they have not ended yet.
 */
void
practice_spdy_connection_reset (PracticeSpdyConnection *self, guint stream)
{
  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));

  if (g_hash_table_remove (self->streams, GUINT_TO_POINTER (stream)))
    send_frame (self, practice_spdy_writer_reset (self->writer, stream));
}

/**
 * practice_spdy_connection_is_full:
 * @self: a connection
 *
 * Returns: whether to wait for "drained" before sending more
 */
gboolean
practice_spdy_connection_is_full (PracticeSpdyConnection *self)
{
  g_return_val_if_fail (PRACTICE_IS_SPDY_CONNECTION (self), FALSE);

  return practice_wire_is_full (self->wire);
}

/**
 * practice_spdy_connection_finish:
 * @self: a connection
 *
 * Closes it once all is sent.
 */
void
practice_spdy_connection_finish (PracticeSpdyConnection *self)
{
  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));

  self->is_over = TRUE;
  practice_wire_finish (self->wire);
}

/**
 * practice_spdy_connection_close:
 * @self: a connection
 *
 * Closes it, at once unless it is ending in order. May be called twice.
 */
void
practice_spdy_connection_close (PracticeSpdyConnection *self)
{
  g_return_if_fail (PRACTICE_IS_SPDY_CONNECTION (self));

  if (self->is_over)
    return;
  self->is_over = TRUE;
  practice_wire_close (self->wire);
}
