/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-watch.h"

#include <glib/gi18n-lib.h>

#include "kube-body.h"
#include "kube-change.h"
#include "kube-client-private.h"
#include "kube-error-private.h"
#include "kube-watch-decoder.h"

#define BUFFER_BYTES (64 * 1024)
/* what is decoded within a millisecond is not worth a thread */
#define MAX_INLINE_BYTES (256 * 1024)
/* a server that is in no hurry to end a watch is left this much more time */
#define END_MARGIN_MS (30 * 1000)
#define USEFUL_USEC G_USEC_PER_SEC

/**
 * KubeWatch:
 *
 * What came is told at once; only where more comes within a frame is it held back until the frame
 * is over, so that a flood of events is one change of the model a frame.
 *
 * It is kept alive by its operation under way, which kube_watch_stop() brings to an end.
 */
struct _KubeWatch {
  GObject parent_instance;

  KubeClient *client;
  char *path;
  char *resource_version;
  KubeWatchDecoder *decoder; /* of a thread, while that decodes */
  char *decoded_version;     /* (nullable): what the decoder has reached */
  guint n_events;
  const KubeTimings *timings;

  GCancellable *cancellable;
  GInputStream *stream; /* (nullable): closed by whoever finds it stopped */
  char *buffer;
  gboolean stopped;
  gint64 opened_at; /* monotonic, 0: not yet */
  gint64 word_at;

  GPtrArray *pending; /* of KubeChange: decoded, not told */
  gint64 told_at;
  guint frame_id;

  guint answer_id;
  guint silence_id;
  guint end_id;
  gulong lost_id;
};

G_DEFINE_FINAL_TYPE (KubeWatch, kube_watch, G_TYPE_OBJECT)

enum {
  SIGNAL_OPENED,
  SIGNAL_WORD,
  SIGNAL_CHANGES,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void read_more (KubeWatch *self);

static GError *
new_timeout_error (KubeWatch *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");

  return kube_error_new_from_transport (
    error, kube_context_get_host (kube_client_get_context (self->client)));
}

/* Only while nothing reads from it: a stream cannot be closed under an operation. */
static void
close_stream (KubeWatch *self)
{
  if (self->stream != NULL)
    kube_body_close (self->stream);
  g_clear_object (&self->stream);
}

/* Tells what is pending. The version moves on with it, and not before: what was not told comes
 * again with the next watch. */
static void
tell (KubeWatch *self)
{
  g_autoptr (GPtrArray) changes = NULL;

  g_clear_handle_id (&self->frame_id, g_source_remove);
  if (self->decoded_version != NULL) {
    g_free (self->resource_version);
    self->resource_version = g_steal_pointer (&self->decoded_version);
  }
  if (self->pending->len == 0)
    return;

  changes = g_steal_pointer (&self->pending);
  self->pending = kube_change_new_array ();
  self->told_at = g_get_monotonic_time ();
  kube_change_settle (changes);
  g_signal_emit (self, signals[SIGNAL_CHANGES], 0, changes);
}

static gboolean
frame_cb (gpointer data)
{
  KubeWatch *self = data;

  self->frame_id = 0;
  tell (self);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (KubeWatch *self)
{
  gint64 elapsed = (g_get_monotonic_time () - self->told_at) / 1000;

  if (self->pending->len == 0 || elapsed >= self->timings->frame)
    tell (self);
  else if (self->frame_id == 0)
    self->frame_id = g_timeout_add (self->timings->frame - (guint)elapsed, frame_cb, self);
}

/* Takes @error. */
static void
end (KubeWatch *self, GError *error)
{
  g_autoptr (GError) owned = error;

  tell (self);
  if (self->stopped)
    return;
  kube_watch_stop (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, owned);
}

static gboolean
answer_cb (gpointer data)
{
  KubeWatch *self = data;

  self->answer_id = 0;
  end (self, new_timeout_error (self));
  return G_SOURCE_REMOVE;
}

static void
lost_cb (KubeReachability *reachability, KubeWatch *self)
{
  end (self, new_timeout_error (self));
}

/* A quiet cluster, or a connection that is no more? One small request tells. */
static gboolean
silence_cb (gpointer data)
{
  KubeWatch *self = data;
  KubeReachability *reachability = kube_client_get_reachability (self->client);
  gint64 elapsed = (g_get_monotonic_time () - self->word_at) / 1000;
  guint delay = self->timings->silence;

  if (elapsed < self->timings->silence) {
    g_clear_signal_handler (&self->lost_id, reachability);
    delay -= (guint)elapsed;
  } else {
    if (self->lost_id == 0)
      self->lost_id = g_signal_connect_object (reachability, "lost", G_CALLBACK (lost_cb), self, 0);
    kube_reachability_probe (reachability);
  }
  self->silence_id = g_timeout_add (delay, silence_cb, self);
  return G_SOURCE_REMOVE;
}

/* The server should have ended it by now. */
static gboolean
end_cb (gpointer data)
{
  KubeWatch *self = data;

  self->end_id = 0;
  end (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
decode_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KubeWatch *self = source;
  GError *error = NULL;

  if (kube_watch_decoder_decode (self->decoder, task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* Takes @error. */
static void
decoded (KubeWatch *self, GError *error)
{
  g_free (self->decoded_version);
  self->decoded_version = g_strdup (kube_watch_decoder_get_resource_version (self->decoder));
  self->n_events = kube_watch_decoder_get_n_events (self->decoder);

  if (self->stopped) {
    g_clear_error (&error);
    close_stream (self);
  } else if (error != NULL) {
    end (self, error);
    close_stream (self);
  } else {
    tell_soon (self);
    if (self->stopped)
      close_stream (self);
    else
      read_more (self);
  }
}

static void
decoded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeWatch) self = KUBE_WATCH (g_object_ref (object));
  GPtrArray *changes = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  g_ptr_array_extend_and_steal (self->pending, g_ptr_array_ref (changes));
  decoded (self, error);
}

static void
decode (KubeWatch *self, gsize n_bytes)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;

  if (n_bytes <= MAX_INLINE_BYTES) {
    kube_watch_decoder_decode (self->decoder, self->pending, &error);
    decoded (self, error);
    return;
  }
  task = g_task_new (self, NULL, decoded_cb, NULL);
  g_task_set_source_tag (task, decode);
  g_task_set_task_data (task, kube_change_new_array (), (GDestroyNotify)g_ptr_array_unref);
  g_task_run_in_thread (task, decode_in_thread);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeWatch) self = user_data;
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);
  gsize whole;

  if (self->stopped) {
    close_stream (self);
    return;
  }
  if (length <= 0) {
    end (self, error != NULL
                 ? kube_error_new_from_transport (
                     error, kube_context_get_host (kube_client_get_context (self->client)))
                 : NULL);
    close_stream (self);
    return;
  }

  self->word_at = g_get_monotonic_time ();
  g_signal_emit (self, signals[SIGNAL_WORD], 0);
  whole = kube_watch_decoder_feed (self->decoder, self->buffer, (gsize)length);
  if (self->stopped)
    close_stream (self);
  else if (whole > 0)
    decode (self, whole);
  else
    read_more (self);
}

static void
read_more (KubeWatch *self)
{
  g_input_stream_read_async (self->stream, self->buffer, BUFFER_BYTES, G_PRIORITY_DEFAULT,
                             self->cancellable, read_cb, g_object_ref (self));
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeWatch) self = user_data;
  GError *error = NULL;

  self->stream = kube_client_open_finish (KUBE_CLIENT (object), result, &error);
  if (self->stopped) {
    g_clear_error (&error);
    close_stream (self);
    return;
  }
  if (self->stream == NULL) {
    end (self, error);
    return;
  }

  g_clear_handle_id (&self->answer_id, g_source_remove);
  self->opened_at = self->word_at = g_get_monotonic_time ();
  self->silence_id = g_timeout_add (self->timings->silence, silence_cb, self);
  self->end_id = g_timeout_add (2 * self->timings->watch + END_MARGIN_MS, end_cb, self);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
  if (self->stopped)
    close_stream (self);
  else
    read_more (self);
}

static void
kube_watch_dispose (GObject *object)
{
  KubeWatch *self = KUBE_WATCH (object);

  kube_watch_stop (self);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_watch_parent_class)->dispose (object);
}

static void
kube_watch_finalize (GObject *object)
{
  KubeWatch *self = KUBE_WATCH (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->decoder, kube_watch_decoder_free);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_free (self->path);
  g_free (self->resource_version);
  g_free (self->decoded_version);
  g_free (self->buffer);

  G_OBJECT_CLASS (kube_watch_parent_class)->finalize (object);
}

static void
kube_watch_class_init (KubeWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = kube_watch_dispose;
  object_class->finalize = kube_watch_finalize;

  signals[SIGNAL_OPENED] =
    g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_WORD] =
    g_signal_new ("word", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CHANGES] = g_signal_new ("changes", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
kube_watch_init (KubeWatch *self)
{
  self->cancellable = g_cancellable_new ();
  self->pending = kube_change_new_array ();
  self->buffer = g_malloc (BUFFER_BYTES);
}

/**
 * kube_watch_new:
 * @client: a client
 * @collection: which objects
 * @resource_version: the version after which it begins
 *
 * Returns: (transfer full): a watch, not started
 */
KubeWatch *
kube_watch_new (KubeClient *client, const KubeCollection *collection, const char *resource_version)
{
  KubeWatch *self = g_object_new (KUBE_TYPE_WATCH, NULL);
  g_autofree char *version = g_uri_escape_string (resource_version, NULL, FALSE);
  guint seconds;

  self->client = g_object_ref (client);
  self->timings = kube_client_get_timings (client);
  self->resource_version = g_strdup (resource_version);
  self->decoder = kube_watch_decoder_new (collection->kind, collection->version, collection->cache);
  /* all watches of all clients should not end at the same time */
  seconds = MAX (self->timings->watch / 1000, 1);
  self->path = kube_collection_dup_path (
    collection, "watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s",
    g_random_int_range ((gint32)seconds, (gint32)(2 * seconds)), version);
  return self;
}

/**
 * kube_watch_start:
 * @self: a watch
 */
void
kube_watch_start (KubeWatch *self)
{
  self->answer_id = g_timeout_add (self->timings->answer, answer_cb, self);
  kube_client_open_async (self->client, self->path, self->cancellable, opened_cb,
                          g_object_ref (self));
}

/**
 * kube_watch_stop:
 * @self: a watch
 *
 * Its connection is given up as soon as the main loop runs.
 */
void
kube_watch_stop (KubeWatch *self)
{
  if (self->stopped)
    return;
  self->stopped = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->frame_id, g_source_remove);
  g_clear_handle_id (&self->answer_id, g_source_remove);
  g_clear_handle_id (&self->silence_id, g_source_remove);
  g_clear_handle_id (&self->end_id, g_source_remove);
  g_clear_signal_handler (&self->lost_id, kube_client_get_reachability (self->client));
}

/**
 * kube_watch_get_resource_version:
 * @self: a watch
 *
 * Returns: the version up to which everything was told
 */
const char *
kube_watch_get_resource_version (KubeWatch *self)
{
  return self->resource_version;
}

/**
 * kube_watch_was_useful:
 * @self: a watch that has ended
 *
 * Returns: %FALSE where it was over at once with nothing said, so that another one at once is no
 *   help
 */
gboolean
kube_watch_was_useful (KubeWatch *self)
{
  return self->n_events > 0 ||
         (self->opened_at != 0 && g_get_monotonic_time () - self->opened_at >= USEFUL_USEC);
}
