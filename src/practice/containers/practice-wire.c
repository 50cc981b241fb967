/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-wire.h"

#include <sys/socket.h>

#define BUFFER_SIZE (32 * 1024)
#define FULL_BYTES (512 * 1024)

/* How long the other side may take for the last bytes. */
#define FINISH_SECONDS 5

struct _PracticeWire {
  GObject parent_instance;

  GIOStream *stream;     /* (nullable): what the two below are of */
  GInputStream *input;   /* (nullable): NULL once it has ended */
  GOutputStream *output; /* (nullable): NULL once it has ended */
  GCancellable *cancellable;
  gboolean wants_data;
  gboolean is_reading;
  gboolean is_writing;
  gboolean is_ending;    /* the output ends after the queue */
  gboolean is_finishing; /* and then all is closed */
  gboolean is_closed;
  gboolean was_full;
  GQueue queue;    /* of GBytes */
  GBytes *sending; /* (nullable): its first, which a write in progress reads from */
  gsize queued;
  guint limit_id;
};

G_DEFINE_FINAL_TYPE (PracticeWire, practice_wire, G_TYPE_OBJECT)

enum {
  SIGNAL_DATA,
  SIGNAL_END,
  SIGNAL_DRAINED,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void read_more (PracticeWire *self);
static void write_more (PracticeWire *self);

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PracticeWire) self = user_data;

  if (G_IS_IO_STREAM (source))
    g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
  else
    g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, NULL);
}

/* Half of a connection, or the whole of a pipe. */
static void
shut_output (PracticeWire *self)
{
  g_autoptr (GOutputStream) output = g_steal_pointer (&self->output);

  if (output == NULL)
    return;
  if (G_IS_SOCKET_CONNECTION (self->stream))
    g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->stream)), FALSE,
                       TRUE, NULL);
  else if (self->stream == NULL && self->input == NULL)
    g_output_stream_close_async (output, G_PRIORITY_DEFAULT, NULL, closed_cb, g_object_ref (self));
}

static void
fail_output (PracticeWire *self)
{
  if (self->output == NULL)
    return;
  g_clear_object (&self->output);
  g_queue_clear_full (&self->queue, (GDestroyNotify)g_bytes_unref);
  self->queued = 0;
  if (!self->is_closed)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
end_input (PracticeWire *self)
{
  if (self->input == NULL)
    return;
  g_clear_object (&self->input);
  if (!self->is_closed)
    g_signal_emit (self, signals[SIGNAL_END], 0);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PracticeWire) self = user_data;
  gboolean good = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_autoptr (GBytes) bytes = g_steal_pointer (&self->sending);

  self->is_writing = FALSE;
  if (self->is_closed)
    return;
  if (!good) {
    fail_output (self);
    if (self->is_finishing)
      practice_wire_close (self);
    return;
  }
  self->queued -= g_bytes_get_size (bytes);
  write_more (self);
  if (self->was_full && self->queued <= FULL_BYTES / 2) {
    self->was_full = FALSE;
    g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
  }
}

static void
write_more (PracticeWire *self)
{
  if (self->is_writing || self->is_closed)
    return;
  if (!g_queue_is_empty (&self->queue) && self->output != NULL) {
    gconstpointer data;
    gsize size;

    self->is_writing = TRUE;
    self->sending = g_queue_pop_head (&self->queue);
    data = g_bytes_get_data (self->sending, &size);
    g_output_stream_write_all_async (self->output, data, size, G_PRIORITY_DEFAULT,
                                     self->cancellable, written_cb, g_object_ref (self));
  } else if (self->is_finishing) {
    practice_wire_close (self);
  } else if (self->is_ending) {
    shut_output (self);
  }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PracticeWire) self = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  self->is_reading = FALSE;
  if (self->is_closed)
    return;
  if (bytes == NULL || g_bytes_get_size (bytes) == 0) {
    end_input (self);
    return;
  }
  g_signal_emit (self, signals[SIGNAL_DATA], 0, bytes);
  read_more (self);
}

static void
read_more (PracticeWire *self)
{
  if (!self->wants_data || self->is_reading || self->is_closed || self->input == NULL)
    return;
  self->is_reading = TRUE;
  g_input_stream_read_bytes_async (self->input, BUFFER_SIZE, G_PRIORITY_DEFAULT, self->cancellable,
                                   read_cb, g_object_ref (self));
}

static gboolean
limit_cb (gpointer user_data)
{
  PracticeWire *self = user_data;

  self->limit_id = 0;
  practice_wire_close (self);
  return G_SOURCE_REMOVE;
}

static void
practice_wire_dispose (GObject *object)
{
  practice_wire_close (PRACTICE_WIRE (object));

  G_OBJECT_CLASS (practice_wire_parent_class)->dispose (object);
}

static void
practice_wire_finalize (GObject *object)
{
  PracticeWire *self = PRACTICE_WIRE (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (practice_wire_parent_class)->finalize (object);
}

static void
practice_wire_class_init (PracticeWireClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = practice_wire_dispose;
  object_class->finalize = practice_wire_finalize;

  signals[SIGNAL_DATA] = g_signal_new ("data", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_END] =
    g_signal_new ("end", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DRAINED] =
    g_signal_new ("drained", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_wire_init (PracticeWire *self)
{
  self->cancellable = g_cancellable_new ();
  g_queue_init (&self->queue);
}

/**
 * practice_wire_new:
 * @stream: a connection
 *
 * Returns: (transfer full): what carries its bytes
 */
PracticeWire *
practice_wire_new (GIOStream *stream)
{
  PracticeWire *self;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = practice_wire_new_for_streams (g_io_stream_get_input_stream (stream),
                                        g_io_stream_get_output_stream (stream));
  self->stream = g_object_ref (stream);
  return self;
}

/**
 * practice_wire_new_for_streams:
 * @input: (nullable): what is read
 * @output: (nullable): what is written to; %NULL: "closed" never comes
 *
 * Returns: (transfer full): what carries their bytes
 */
PracticeWire *
practice_wire_new_for_streams (GInputStream *input, GOutputStream *output)
{
  PracticeWire *self = g_object_new (PRACTICE_TYPE_WIRE, NULL);

  g_set_object (&self->input, input);
  g_set_object (&self->output, output);
  return self;
}

/**
 * practice_wire_set_reading:
 * @self: a wire
 * @reading: whether what comes is read
 *
 * A piece that is being read still comes after this is switched off.
 */
void
practice_wire_set_reading (PracticeWire *self, gboolean reading)
{
  g_return_if_fail (PRACTICE_IS_WIRE (self));

  self->wants_data = reading;
  read_more (self);
}

/**
 * practice_wire_send:
 * @self: a wire
 * @bytes: what to send
 *
 * Queues @bytes behind what is to be sent already. After an end it is dropped.
 */
void
practice_wire_send (PracticeWire *self, GBytes *bytes)
{
  g_return_if_fail (PRACTICE_IS_WIRE (self));
  g_return_if_fail (bytes != NULL);

  if (self->output == NULL || self->is_ending || self->is_finishing || self->is_closed ||
      g_bytes_get_size (bytes) == 0)
    return;
  g_queue_push_tail (&self->queue, g_bytes_ref (bytes));
  self->queued += g_bytes_get_size (bytes);
  self->was_full = self->was_full || self->queued > FULL_BYTES;
  write_more (self);
}

/**
 * practice_wire_is_full:
 * @self: a wire
 *
 * Returns: whether to wait for "drained" before sending more
 */
gboolean
practice_wire_is_full (PracticeWire *self)
{
  g_return_val_if_fail (PRACTICE_IS_WIRE (self), FALSE);

  return self->was_full;
}

/**
 * practice_wire_end_output:
 * @self: a wire
 *
 * The other side gets an end of file once it has all that was sent.
 */
void
practice_wire_end_output (PracticeWire *self)
{
  g_return_if_fail (PRACTICE_IS_WIRE (self));

  self->is_ending = TRUE;
  write_more (self);
}

/**
 * practice_wire_finish:
 * @self: a wire
 *
 * Closes both directions once all is sent.
 */
void
practice_wire_finish (PracticeWire *self)
{
  g_return_if_fail (PRACTICE_IS_WIRE (self));

  if (self->is_closed || self->is_finishing)
    return;
  self->is_finishing = TRUE;
  self->limit_id = g_timeout_add_seconds (FINISH_SECONDS, limit_cb, self);
  write_more (self);
}

/**
 * practice_wire_close:
 * @self: a wire
 *
 * Closes both directions at once. May be called twice.
 */
void
practice_wire_close (PracticeWire *self)
{
  g_autoptr (GIOStream) stream = NULL;

  g_return_if_fail (PRACTICE_IS_WIRE (self));

  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_queue_clear_full (&self->queue, (GDestroyNotify)g_bytes_unref);
  self->queued = 0;
  stream = g_steal_pointer (&self->stream);
  if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->input);
  g_clear_object (&self->output);
}
