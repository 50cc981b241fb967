/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-splice.h"

#define BUFFER_SIZE (32 * 1024)

typedef struct {
  /* input */
  GSocketConnection *a;
  GSocketConnection *b;
  /* in progress */
  GCancellable *inner; /* ends the other direction when one is broken */
  guint pending;
  GError *error; /* (nullable) (owned): the first one */
} Splice;

typedef struct {
  GTask *task;             /* (owned) */
  GSocketConnection *from; /* (not owned): the splice's */
  GSocketConnection *to;   /* (not owned): the splice's */
  char buffer[BUFFER_SIZE];
} Direction;

static void read_more (Direction *self);

static void
splice_free (Splice *self)
{
  g_clear_object (&self->a);
  g_clear_object (&self->b);
  g_clear_object (&self->inner);
  g_clear_error (&self->error);
  g_free (self);
}

static void
direction_free (Direction *self)
{
  g_clear_object (&self->task);
  g_free (self);
}

static void
splice_end (GTask *task)
{
  Splice *splice = g_task_get_task_data (task);

  g_socket_close (g_socket_connection_get_socket (splice->a), NULL);
  g_socket_close (g_socket_connection_get_socket (splice->b), NULL);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (splice->error != NULL)
    g_task_return_error (task, g_steal_pointer (&splice->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* The one who still talks is told that no more will come, and may go on; a side that was reset ends
 * both. */
static void
direction_end (Direction *self, GError *error)
{
  Splice *splice = g_task_get_task_data (self->task);

  if (error == NULL) {
    g_socket_shutdown (g_socket_connection_get_socket (self->to), FALSE, TRUE, NULL);
  } else {
    if (splice->error == NULL)
      splice->error = g_error_copy (error);
    g_cancellable_cancel (splice->inner);
  }
  if (--splice->pending == 0)
    splice_end (self->task);
  direction_free (self);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Direction *self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    read_more (self);
  else
    direction_end (self, error);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Direction *self = user_data;
  Splice *splice = g_task_get_task_data (self->task);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (length > 0)
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->to)),
                                     self->buffer, length, G_PRIORITY_DEFAULT, splice->inner,
                                     written_cb, self);
  else
    direction_end (self, error);
}

static void
read_more (Direction *self)
{
  Splice *splice = g_task_get_task_data (self->task);

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->from)), self->buffer,
                             BUFFER_SIZE, G_PRIORITY_DEFAULT, splice->inner, read_cb, self);
}

static void
start_direction (GTask *task, GSocketConnection *from, GSocketConnection *to)
{
  Splice *splice = g_task_get_task_data (task);
  Direction *self = g_new (Direction, 1);

  splice->pending++;
  self->task = g_object_ref (task);
  self->from = from;
  self->to = to;
  read_more (self);
}

/**
 * base_splice_async:
 * @a: a connected socket
 * @b: another
 * @cancellable: (nullable): ends it
 * @callback: (nullable): called when it has ended
 *
 * Copies from @a to @b and from @b to @a until both have closed their sending half, or one is
 * broken; then both are closed. Keeps the connections alive that long.
 *
 * Each direction ends by itself: a client that sends a request, closes its half and waits for the
 * answer (printf | nc) gets it. g_io_stream_splice_async() knows no half-closed connection.
 */
void
base_splice_async (GSocketConnection *a,
                   GSocketConnection *b,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Splice *splice;

  g_return_if_fail (G_IS_SOCKET_CONNECTION (a));
  g_return_if_fail (G_IS_SOCKET_CONNECTION (b));

  task = g_task_new (NULL, cancellable, callback, user_data);
  splice = g_new0 (Splice, 1);
  g_task_set_source_tag (task, base_splice_async);
  g_task_set_task_data (task, splice, (GDestroyNotify)splice_free);
  splice->a = g_object_ref (a);
  splice->b = g_object_ref (b);
  splice->inner = g_cancellable_new ();
  if (cancellable != NULL) {
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel),
                             splice->inner, G_CONNECT_SWAPPED);
    if (g_cancellable_is_cancelled (cancellable))
      g_cancellable_cancel (splice->inner);
  }
  start_direction (task, a, b);
  start_direction (task, b, a);
}

/**
 * base_splice_finish:
 *
 * Returns: whether both sides ended by themselves
 */
gboolean
base_splice_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
