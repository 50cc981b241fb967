/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-body.h"

#define CHUNK_BYTES (64 * 1024)

typedef struct {
  GByteArray *bytes;
  gsize max_bytes;
  gboolean truncated;
} Body;

static void read_more (GTask *task);

static void
body_free (gpointer data)
{
  Body *body = data;

  g_byte_array_unref (body->bytes);
  g_free (body);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Body *body = g_task_get_task_data (task);
  GError *error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (length > 0) {
    /* the chunk was read into the array's end */
    g_byte_array_set_size (body->bytes, body->bytes->len - CHUNK_BYTES + (guint)length);
    body->truncated = body->bytes->len > body->max_bytes;
    if (!body->truncated) {
      read_more (g_steal_pointer (&task));
      return;
    }
    g_byte_array_set_size (body->bytes, (guint)body->max_bytes);
  } else {
    g_byte_array_set_size (body->bytes, body->bytes->len - CHUNK_BYTES);
  }

  kube_body_close (G_INPUT_STREAM (object));
  if (length < 0)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_byte_array_ref (body->bytes)),
                           (GDestroyNotify)g_bytes_unref);
}

static void
read_more (GTask *task)
{
  Body *body = g_task_get_task_data (task);
  guint offset = body->bytes->len;

  g_byte_array_set_size (body->bytes, offset + CHUNK_BYTES);
  g_input_stream_read_async (g_task_get_source_object (task), body->bytes->data + offset,
                             CHUNK_BYTES, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                             read_cb, task);
}

static void
closed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_input_stream_close_finish (G_INPUT_STREAM (object), result, NULL);
}

/**
 * kube_body_read_async:
 * @stream: the body of an answer
 * @max_bytes: where to stop
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is read
 * @user_data: data for @callback
 */
void
kube_body_read_async (GInputStream *stream,
                      gsize max_bytes,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  Body *body = g_new0 (Body, 1);

  g_task_set_source_tag (task, kube_body_read_async);
  g_task_set_task_data (task, body, body_free);
  body->bytes = g_byte_array_new ();
  body->max_bytes = max_bytes;
  read_more (g_steal_pointer (&task));
}

/**
 * kube_body_read_finish:
 * @stream: the body of an answer
 * @result: what the callback got
 * @truncated: (out) (optional): whether there was more
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what was read
 */
GBytes *
kube_body_read_finish (GInputStream *stream,
                       GAsyncResult *result,
                       gboolean *truncated,
                       GError **error)
{
  Body *body = g_task_get_task_data (G_TASK (result));

  if (truncated != NULL)
    *truncated = body->truncated;
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_body_close:
 * @stream: the body of an answer, read or not
 *
 * Without this a body that was cancelled, or not read to its end, keeps its connection for good.
 */
void
kube_body_close (GInputStream *stream)
{
  g_input_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, closed_cb, NULL);
}
