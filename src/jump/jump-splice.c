/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-splice.h"

typedef struct {
  /* input */
  GSocketConnection *a;
  GSocketConnection *b;
  /* in progress */
  GCancellable *inner; /* ends the other direction when one fails */
  guint pending;
  GError *error; /* (nullable) (owned): the first one */
} Splice;

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
end_direction (GTask *task, GSocketConnection *to, GAsyncResult *result, GOutputStream *stream)
{
  Splice *splice = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (g_output_stream_splice_finish (stream, result, &error) >= 0) {
    /* The one who still talks is told that no more will come, and may go on. */
    g_socket_shutdown (g_socket_connection_get_socket (to), FALSE, TRUE, NULL);
  } else {
    if (splice->error == NULL)
      splice->error = g_steal_pointer (&error);
    g_cancellable_cancel (splice->inner);
  }
  if (--splice->pending > 0)
    return;
  if (g_task_return_error_if_cancelled (task))
    return;
  if (splice->error != NULL)
    g_task_return_error (task, g_steal_pointer (&splice->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
a_to_b_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Splice *splice = g_task_get_task_data (task);

  end_direction (task, splice->b, result, G_OUTPUT_STREAM (object));
}

static void
b_to_a_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Splice *splice = g_task_get_task_data (task);

  end_direction (task, splice->a, result, G_OUTPUT_STREAM (object));
}

static void
start_direction (GTask *task,
                 GSocketConnection *from,
                 GSocketConnection *to,
                 GAsyncReadyCallback callback)
{
  Splice *splice = g_task_get_task_data (task);

  splice->pending++;
  g_output_stream_splice_async (g_io_stream_get_output_stream (G_IO_STREAM (to)),
                                g_io_stream_get_input_stream (G_IO_STREAM (from)),
                                G_OUTPUT_STREAM_SPLICE_NONE, G_PRIORITY_DEFAULT, splice->inner,
                                callback, g_object_ref (task));
}

/**
 * jump_splice_async:
 *
 * Copies from @a to @b and from @b to @a. Where one side ends its sending, the other is told by a
 * shutdown of that direction only: g_io_stream_splice_async() knows no half-closed connection. The
 * connections are not closed.
 */
void
jump_splice_async (GSocketConnection *a,
                   GSocketConnection *b,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Splice *splice = g_new0 (Splice, 1);

  g_task_set_source_tag (task, jump_splice_async);
  g_task_set_task_data (task, splice, (GDestroyNotify)splice_free);
  splice->a = g_object_ref (a);
  splice->b = g_object_ref (b);
  splice->inner = g_cancellable_new ();
  if (g_task_return_error_if_cancelled (task))
    return;
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel),
                             splice->inner, G_CONNECT_SWAPPED);
  start_direction (task, a, b, a_to_b_cb);
  start_direction (task, b, a, b_to_a_cb);
}

gboolean
jump_splice_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
