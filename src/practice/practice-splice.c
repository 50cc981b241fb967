/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-splice.h"

#define BUFFER_SIZE (32 * 1024)

/* g_io_stream_splice_async() ends both directions with the first, or never hands the end of one on:
 * a client that sends a request, closes its side and waits for the answer (printf | nc) needs each
 * direction to end by itself. */

typedef struct {
  GSocketConnection *from;
  GSocketConnection *to;
  GCancellable *cancellable;
  gboolean *other_ended; /* shared by the two directions */
  char buffer[BUFFER_SIZE];
} Direction;

static void read_more (Direction *self);

static void
direction_free (Direction *self)
{
  g_clear_object (&self->from);
  g_clear_object (&self->to);
  g_clear_object (&self->cancellable);
  g_rc_box_release (self->other_ended);
  g_free (self);
}

static void
direction_end (Direction *self, gboolean is_broken)
{
  /* A side that was reset ends the whole; one that only closed its half still gets its answer. */
  if (is_broken || *self->other_ended) {
    g_socket_close (g_socket_connection_get_socket (self->from), NULL);
    g_socket_close (g_socket_connection_get_socket (self->to), NULL);
  } else {
    g_socket_shutdown (g_socket_connection_get_socket (self->to), FALSE, TRUE, NULL);
  }
  *self->other_ended = TRUE;
  direction_free (self);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Direction *self = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    read_more (self);
  else
    direction_end (self, TRUE);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Direction *self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (length > 0)
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->to)),
                                     self->buffer, length, G_PRIORITY_DEFAULT, self->cancellable,
                                     written_cb, self);
  else
    direction_end (self, length < 0);
}

static void
read_more (Direction *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->from)), self->buffer,
                             BUFFER_SIZE, G_PRIORITY_DEFAULT, self->cancellable, read_cb, self);
}

static void
start_direction (GSocketConnection *from,
                 GSocketConnection *to,
                 gboolean *other_ended,
                 GCancellable *cancellable)
{
  Direction *self = g_new (Direction, 1);

  self->from = g_object_ref (from);
  self->to = g_object_ref (to);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->other_ended = g_rc_box_acquire (other_ended);
  read_more (self);
}

/**
 * practice_splice_start:
 * @a: a connected socket
 * @b: another
 * @cancellable: (nullable): ends it, and closes both
 *
 * Carries bytes both ways until both sides have closed their half, or one is broken; keeps
 * the connections alive that long.
 */
void
practice_splice_start (GSocketConnection *a, GSocketConnection *b, GCancellable *cancellable)
{
  gboolean *other_ended = g_rc_box_new0 (gboolean);

  g_return_if_fail (G_IS_SOCKET_CONNECTION (a));
  g_return_if_fail (G_IS_SOCKET_CONNECTION (b));

  start_direction (a, b, other_ended, cancellable);
  start_direction (b, a, other_ended, cancellable);
  g_rc_box_release (other_ended);
}
