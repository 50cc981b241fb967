/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-spdy.h"

#include <string.h>

#include "practice-spdy-connection.h"

/* How long a client may take to open its streams. */
#define OPEN_SECONDS 30

/* The streams by the value of their header "streamtype". The first three have the number of the
 * file descriptor. */
enum {
  STREAM_INPUT,
  STREAM_OUTPUT,
  STREAM_ERRORS,
  STREAM_STATUS,
  STREAM_RESIZE,
  N_STREAMS,
};

static const char *const stream_types[] = { "stdin", "stdout", "stderr", "error", "resize" };

struct _PracticeExecSpdy {
  PracticeExecStreams parent_instance;
  PracticeSpdyConnection *connection;
  guint ids[N_STREAMS]; /* 0: not opened */
  gboolean is_ready;
  guint limit_id;
};

G_DEFINE_FINAL_TYPE (PracticeExecSpdy, practice_exec_spdy, PRACTICE_TYPE_EXEC_STREAMS)

static gboolean
is_wanted (PracticeExecSpdy *self, guint number)
{
  const PracticeExecOptions *options =
    practice_exec_streams_get_options (PRACTICE_EXEC_STREAMS (self));
  const gboolean wanted[N_STREAMS] = { options->in, options->out, options->err, TRUE,
                                       options->tty };

  return wanted[number];
}

static void
check_ready (PracticeExecSpdy *self)
{
  for (guint i = 0; i < N_STREAMS; i++)
    if (is_wanted (self, i) && self->ids[i] == 0)
      return;
  self->is_ready = TRUE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_signal_emit_by_name (self, "ready");
}

static void
opened_cb (PracticeSpdyConnection *connection,
           guint id,
           GHashTable *headers,
           PracticeExecSpdy *self)
{
  const char *type = g_hash_table_lookup (headers, "streamtype");

  for (guint i = 0; i < N_STREAMS; i++) {
    if (g_strcmp0 (type, stream_types[i]) == 0 && is_wanted (self, i) && self->ids[i] == 0) {
      self->ids[i] = id;
      if (!self->is_ready)
        check_ready (self);
      return;
    }
  }
  practice_spdy_connection_reset (connection, id);
}

static void
data_cb (PracticeSpdyConnection *connection, guint id, GBytes *data, PracticeExecSpdy *self)
{
  if (id == self->ids[STREAM_INPUT])
    g_signal_emit_by_name (self, "input", data);
  else if (id == self->ids[STREAM_RESIZE])
    practice_exec_streams_take_sizes (PRACTICE_EXEC_STREAMS (self), data);
}

static void
ended_cb (PracticeSpdyConnection *connection, guint id, PracticeExecSpdy *self)
{
  if (id == self->ids[STREAM_INPUT])
    g_signal_emit_by_name (self, "input-ended");
}

static void
drained_cb (PracticeSpdyConnection *connection, PracticeExecSpdy *self)
{
  g_signal_emit_by_name (self, "drained");
}

static void
closed_cb (PracticeSpdyConnection *connection, PracticeExecSpdy *self)
{
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_signal_emit_by_name (self, "closed");
}

static gboolean
limit_cb (gpointer user_data)
{
  PracticeExecSpdy *self = user_data;

  self->limit_id = 0;
  practice_spdy_connection_close (self->connection);
  g_signal_emit_by_name (self, "closed");
  return G_SOURCE_REMOVE;
}

static void
practice_exec_spdy_start (PracticeExecStreams *streams)
{
  PracticeExecSpdy *self = PRACTICE_EXEC_SPDY (streams);

  self->limit_id = g_timeout_add_seconds (OPEN_SECONDS, limit_cb, self);
  practice_spdy_connection_set_reading (self->connection, TRUE);
}

static void
practice_exec_spdy_send (PracticeExecStreams *streams, guint number, GBytes *data)
{
  PracticeExecSpdy *self = PRACTICE_EXEC_SPDY (streams);

  practice_spdy_connection_send (self->connection, self->ids[number], data);
}

static gboolean
practice_exec_spdy_is_full (PracticeExecStreams *streams)
{
  return practice_spdy_connection_is_full (PRACTICE_EXEC_SPDY (streams)->connection);
}

static void
practice_exec_spdy_set_reading (PracticeExecStreams *streams, gboolean reading)
{
  practice_spdy_connection_set_reading (PRACTICE_EXEC_SPDY (streams)->connection, reading);
}

static void
practice_exec_spdy_finish (PracticeExecStreams *streams, const char *status)
{
  PracticeExecSpdy *self = PRACTICE_EXEC_SPDY (streams);
  g_autoptr (GBytes) text = g_bytes_new (status, strlen (status));

  practice_spdy_connection_send (self->connection, self->ids[STREAM_STATUS], text);
  for (guint i = 0; i < N_STREAMS; i++)
    if (self->ids[i] != 0)
      practice_spdy_connection_end (self->connection, self->ids[i]);
  practice_spdy_connection_finish (self->connection);
}

static void
practice_exec_spdy_close (PracticeExecStreams *streams)
{
  PracticeExecSpdy *self = PRACTICE_EXEC_SPDY (streams);

  g_clear_handle_id (&self->limit_id, g_source_remove);
  if (self->connection != NULL)
    practice_spdy_connection_close (self->connection);
}

static void
practice_exec_spdy_dispose (GObject *object)
{
  G_OBJECT_CLASS (practice_exec_spdy_parent_class)->dispose (object);

  g_clear_object (&PRACTICE_EXEC_SPDY (object)->connection);
}

static void
practice_exec_spdy_class_init (PracticeExecSpdyClass *klass)
{
  PracticeExecStreamsClass *streams_class = PRACTICE_EXEC_STREAMS_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = practice_exec_spdy_dispose;

  streams_class->start = practice_exec_spdy_start;
  streams_class->send = practice_exec_spdy_send;
  streams_class->is_full = practice_exec_spdy_is_full;
  streams_class->set_reading = practice_exec_spdy_set_reading;
  streams_class->finish = practice_exec_spdy_finish;
  streams_class->close = practice_exec_spdy_close;
}

static void
practice_exec_spdy_init (PracticeExecSpdy *self)
{
}

/**
 * practice_exec_spdy_new:
 * @stream: a connection that was upgraded
 * @options: what the client wants; copied
 *
 * Returns: (transfer full): its streams, not yet started
 */
PracticeExecStreams *
practice_exec_spdy_new (GIOStream *stream, const PracticeExecOptions *options)
{
  PracticeExecSpdy *self = g_object_new (PRACTICE_TYPE_EXEC_SPDY, "options", options, NULL);

  self->connection = practice_spdy_connection_new (stream);
  g_signal_connect_object (self->connection, "opened", G_CALLBACK (opened_cb), self, 0);
  g_signal_connect_object (self->connection, "data", G_CALLBACK (data_cb), self, 0);
  g_signal_connect_object (self->connection, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->connection, "drained", G_CALLBACK (drained_cb), self, 0);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (closed_cb), self, 0);
  return PRACTICE_EXEC_STREAMS (self);
}
