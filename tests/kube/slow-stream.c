/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slow-stream.h"

#include <string.h>

#define MAX_PIECE (40 * 1024)

struct _SlowStream {
  GInputStream parent_instance;

  GBytes *bytes;
  gsize offset;
  GRand *random;
  GError *error; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SlowStream, slow_stream, G_TYPE_INPUT_STREAM)

typedef struct {
  void *buffer;
  gsize count;
  guint n_iterations;
} Read;

static gboolean
read_cb (gpointer data)
{
  GTask *task = data;
  SlowStream *self = g_task_get_source_object (task);
  Read *read = g_task_get_task_data (task);
  gsize left = g_bytes_get_size (self->bytes) - self->offset;
  gsize piece = (gsize)g_rand_int_range (self->random, 1, MAX_PIECE);
  gsize length = MIN (MIN (left, read->count), piece);

  if (read->n_iterations-- > 0)
    return G_SOURCE_CONTINUE;
  if (left == 0 && self->error != NULL) {
    g_task_return_error (task, g_error_copy (self->error));
    return G_SOURCE_REMOVE;
  }
  memcpy (read->buffer, (const char *)g_bytes_get_data (self->bytes, NULL) + self->offset, length);
  self->offset += length;
  g_task_return_int (task, (gssize)length);
  return G_SOURCE_REMOVE;
}

static void
slow_stream_read_async (GInputStream *stream,
                        void *buffer,
                        gsize count,
                        int priority,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  SlowStream *self = SLOW_STREAM (stream);
  GTask *task = g_task_new (stream, cancellable, callback, user_data);
  Read *read = g_new0 (Read, 1);

  read->buffer = buffer;
  read->count = count;
  read->n_iterations = (guint)g_rand_int_range (self->random, 0, 20);
  g_task_set_task_data (task, read, g_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, read_cb, task, g_object_unref);
}

static gssize
slow_stream_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

static gssize
slow_stream_read (
  GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  g_assert_not_reached ();
}

static void
slow_stream_finalize (GObject *object)
{
  SlowStream *self = SLOW_STREAM (object);

  g_bytes_unref (self->bytes);
  g_rand_free (self->random);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (slow_stream_parent_class)->finalize (object);
}

static void
slow_stream_class_init (SlowStreamClass *klass)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = slow_stream_finalize;
  stream_class->read_fn = slow_stream_read;
  stream_class->read_async = slow_stream_read_async;
  stream_class->read_finish = slow_stream_read_finish;
}

static void
slow_stream_init (SlowStream *self)
{
}

GInputStream *
slow_stream_new (GBytes *bytes, guint seed, const GError *error)
{
  SlowStream *self = g_object_new (SLOW_TYPE_STREAM, NULL);

  self->bytes = g_bytes_ref (bytes);
  self->random = g_rand_new_with_seed (seed);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  return G_INPUT_STREAM (self);
}
