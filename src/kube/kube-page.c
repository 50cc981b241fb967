/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-page.h"

#include <glib/gi18n-lib.h>

#include "kube-body.h"
#include "kube-change.h"
#include "kube-error.h"
#include "kube-list-splitter.h"
#include "kube-object-private.h"

#define BUFFER_BYTES (256 * 1024)
/* what is parsed in well under a millisecond is not worth a thread */
#define MAX_INLINE_BYTES (32 * 1024)
#define MAX_PAGE_BYTES (G_GUINT64_CONSTANT (1) << 30)

/*
 * Two buffers take turns: one is filled by the main thread, which owns the connection, while a
 * thread parses the other one.
 */
typedef struct {
  /* what to make of the items */
  const KubeKind *kind;
  char *version;
  KubeTreeCache *cache;
  guint max_items;
  /* in progress */
  char *filling;
  gsize n_filled;
  char *parsing;
  gsize n_parsing; /* 0: nobody parses */
  gboolean reading;
  gboolean ended;
  guint64 n_bytes;
  KubeListSplitter *splitter; /* of the thread, while that parses */
  GError *error;              /* (nullable): the first one */
  /* output */
  KubePage *page;
} Reader;

static void proceed (GTask *task);

void
kube_page_free (KubePage *self)
{
  g_clear_pointer (&self->changes, g_ptr_array_unref);
  g_free (self->resource_version);
  g_free (self->continue_token);
  g_free (self);
}

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  g_free (reader->version);
  g_clear_pointer (&reader->cache, kube_tree_cache_unref);
  g_free (reader->filling);
  g_free (reader->parsing);
  g_clear_pointer (&reader->splitter, kube_list_splitter_free);
  g_clear_error (&reader->error);
  g_clear_pointer (&reader->page, kube_page_free);
  g_free (reader);
}

/* A KubeListItemFunc */
static gboolean
take_item (const char *text, gsize length, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  KubeObject *object =
    kube_object_new_of_kind (bytes, reader->kind, reader->version, reader->cache);

  if (object == NULL) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                 /* Translators: %s is a resource such as pods */
                 _ ("The server's list of %s has something in it that is not an object."),
                 reader->kind->plural);
    return FALSE;
  }
  g_ptr_array_add (reader->page->changes, kube_change_new (object, FALSE));
  if (reader->page->changes->len <= reader->max_items)
    return TRUE;
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               /* Translators: a resource such as pods, and a number */
               _ ("There are more %s than the %u that can be shown."), reader->kind->plural,
               reader->max_items);
  return FALSE;
}

static void
parse (Reader *reader, GError **error)
{
  kube_list_splitter_feed (reader->splitter, reader->parsing, reader->n_parsing, error);
}

static void
parse_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  parse (task_data, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
parsed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reader *reader = g_task_get_task_data (task);

  reader->n_parsing = 0;
  g_task_propagate_boolean (G_TASK (result), reader->error == NULL ? &reader->error : NULL);
  proceed (task);
}

/* Gives the filled buffer to the parser, and takes its own. */
static void
start_parsing (GTask *task, Reader *reader)
{
  char *filled = reader->filling;
  g_autoptr (GTask) thread = NULL;

  reader->filling = reader->parsing;
  reader->parsing = filled;
  reader->n_parsing = reader->n_filled;
  reader->n_filled = 0;

  if (reader->n_parsing <= MAX_INLINE_BYTES) {
    parse (reader, &reader->error);
    reader->n_parsing = 0;
    return;
  }
  thread = g_task_new (NULL, NULL, parsed_cb, g_object_ref (task));
  g_task_set_source_tag (thread, start_parsing);
  g_task_set_task_data (thread, reader, NULL);
  g_task_run_in_thread (thread, parse_in_thread);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reader *reader = g_task_get_task_data (task);
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (object), result,
                                              reader->error == NULL ? &reader->error : NULL);

  reader->reading = FALSE;
  if (length > 0) {
    reader->n_filled += (gsize)length;
    reader->n_bytes += (guint64)length;
  } else {
    reader->ended = TRUE;
  }
  if (reader->n_bytes > MAX_PAGE_BYTES && reader->error == NULL)
    reader->error = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                                         _ ("The server's list is too large to be shown."));
  proceed (task);
}

static void
start_reading (GTask *task, Reader *reader)
{
  reader->reading = TRUE;
  g_input_stream_read_async (g_task_get_source_object (task), reader->filling + reader->n_filled,
                             BUFFER_BYTES - reader->n_filled, G_PRIORITY_DEFAULT,
                             g_task_get_cancellable (task), read_cb, g_object_ref (task));
}

static void
finish (GTask *task, Reader *reader)
{
  kube_body_close (g_task_get_source_object (task));

  if (reader->error == NULL)
    kube_list_splitter_finish (reader->splitter, &reader->error);
  if (reader->error != NULL) {
    g_task_return_error (task, g_steal_pointer (&reader->error));
    return;
  }
  reader->page->resource_version =
    g_strdup (kube_list_splitter_get_resource_version (reader->splitter));
  reader->page->continue_token = g_strdup (kube_list_splitter_get_continue (reader->splitter));
  g_task_return_pointer (task, g_steal_pointer (&reader->page), (GDestroyNotify)kube_page_free);
}

/* Starts whatever can be done now. */
static void
proceed (GTask *task)
{
  Reader *reader = g_task_get_task_data (task);
  gboolean is_full = reader->n_filled > BUFFER_BYTES / 2;

  /* not while something is being read into the buffer */
  if (reader->error == NULL && reader->n_parsing == 0 && !reader->reading && reader->n_filled > 0 &&
      (is_full || reader->ended))
    start_parsing (task, reader);

  if (reader->error == NULL && !reader->ended) {
    if (!reader->reading && reader->n_filled < BUFFER_BYTES)
      start_reading (task, reader);
  } else if (!reader->reading && reader->n_parsing == 0 &&
             (reader->error != NULL || reader->n_filled == 0)) {
    finish (task, reader);
  }
}

/**
 * kube_page_read_async:
 * @stream: the body of an answer; closed at the end
 * @collection: what was asked for
 * @max_items: more than that is an error
 * @cancellable: (nullable): a cancellable
 * @callback: called when the page is read
 * @user_data: data for @callback
 */
void
kube_page_read_async (GInputStream *stream,
                      const KubeCollection *collection,
                      guint max_items,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, user_data);
  Reader *reader = g_new0 (Reader, 1);

  g_task_set_source_tag (task, kube_page_read_async);
  g_task_set_task_data (task, reader, reader_free);
  reader->kind = collection->kind;
  reader->version = g_strdup (collection->version);
  reader->cache = kube_tree_cache_ref (collection->cache);
  reader->max_items = max_items;
  reader->filling = g_malloc (BUFFER_BYTES);
  reader->parsing = g_malloc (BUFFER_BYTES);
  reader->splitter = kube_list_splitter_new (take_item, reader);
  reader->page = g_new0 (KubePage, 1);
  reader->page->changes = kube_change_new_array ();
  proceed (task);
}

/**
 * kube_page_read_finish:
 * @stream: the body of an answer
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the page, %NULL with a %KUBE_ERROR_PROTOCOL where it is not
 * a list or not a whole one, or an error of GIO
 */
KubePage *
kube_page_read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
