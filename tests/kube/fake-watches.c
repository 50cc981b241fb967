/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-watches.h"

#include <string.h>

struct _FakeWatches {
  GPtrArray *watches; /* of FakeWatch */
};

typedef struct {
  FakeWatches *owner;
  SoupServerMessage *message;
  gulong finished_id;
  FakePath path;
  gboolean bookmarks;
} FakeWatch;

static void
watch_free (gpointer data)
{
  FakeWatch *watch = data;

  g_clear_signal_handler (&watch->finished_id, watch->message);
  g_clear_object (&watch->message);
  fake_path_clear (&watch->path);
  g_free (watch);
}

static void
finished_cb (SoupServerMessage *message, FakeWatch *watch)
{
  g_ptr_array_remove_fast (watch->owner->watches, watch);
}

static gboolean
is_of (FakeWatch *watch, const char *plural)
{
  return plural == NULL || g_str_equal (watch->path.kind->plural, plural);
}

static void
send (FakeWatch *watch, const char *text, gsize length)
{
  soup_message_body_append (soup_server_message_get_response_body (watch->message),
                            SOUP_MEMORY_COPY, text, length);
  soup_server_message_unpause (watch->message);
}

/* As a real server's events: with kind and apiVersion of the version that was asked for. */
static void
send_event (FakeWatch *watch, const FakeEvent *event)
{
  g_autofree char *api_version = NULL;
  g_autofree char *line = NULL;

  if (!g_str_equal (watch->path.kind->plural, event->resource) ||
      (watch->path.namespace_ != NULL && !g_str_equal (watch->path.namespace_, event->namespace_)))
    return;
  api_version = fake_path_dup_api_version (&watch->path);
  line =
    g_strdup_printf ("{\"type\":\"%s\",\"object\":{\"kind\":\"%s\",\"apiVersion\":\"%s\",%s}\n",
                     event->type, watch->path.kind->kind, api_version, event->object + 1);
  send (watch, line, strlen (line));
}

FakeWatches *
fake_watches_new (void)
{
  FakeWatches *self = g_new0 (FakeWatches, 1);

  self->watches = g_ptr_array_new_with_free_func (watch_free);
  return self;
}

void
fake_watches_free (FakeWatches *self)
{
  g_ptr_array_unref (self->watches);
  g_free (self);
}

void
fake_watches_open (FakeWatches *self,
                   SoupServerMessage *message,
                   const FakePath *path,
                   gboolean bookmarks,
                   GPtrArray *events)
{
  FakeWatch *watch = g_new0 (FakeWatch, 1);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  watch->owner = self;
  watch->message = g_object_ref (message);
  watch->path.kind = path->kind;
  watch->path.version = g_strdup (path->version);
  watch->path.namespace_ = g_strdup (path->namespace_);
  watch->bookmarks = bookmarks;
  watch->finished_id = g_signal_connect (message, "finished", G_CALLBACK (finished_cb), watch);
  g_ptr_array_add (self->watches, watch);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  for (guint i = 0; i < events->len; i++)
    send_event (watch, g_ptr_array_index (events, i));
}

guint
fake_watches_count (FakeWatches *self, const char *plural)
{
  guint n = 0;

  for (guint i = 0; i < self->watches->len; i++)
    n += is_of (g_ptr_array_index (self->watches, i), plural) ? 1 : 0;
  return n;
}

void
fake_watches_send_event (FakeWatches *self, const FakeEvent *event)
{
  for (guint i = 0; i < self->watches->len; i++)
    send_event (g_ptr_array_index (self->watches, i), event);
}

void
fake_watches_send_bookmark (FakeWatches *self, guint64 version)
{
  for (guint i = 0; i < self->watches->len; i++) {
    FakeWatch *watch = g_ptr_array_index (self->watches, i);
    g_autofree char *line = NULL;

    if (!watch->bookmarks)
      continue;
    line = g_strdup_printf ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"%s\",\"metadata\":"
                            "{\"resourceVersion\":\"%" G_GUINT64_FORMAT "\"}}}\n",
                            watch->path.kind->kind, version);
    send (watch, line, strlen (line));
  }
}

void
fake_watches_send_text (FakeWatches *self, const char *plural, const char *text, gsize length)
{
  for (guint i = 0; i < self->watches->len; i++) {
    FakeWatch *watch = g_ptr_array_index (self->watches, i);

    if (is_of (watch, plural))
      send (watch, text, length);
  }
}

void
fake_watches_end (FakeWatches *self, const char *plural)
{
  for (guint i = 0; i < self->watches->len; i++) {
    FakeWatch *watch = g_ptr_array_index (self->watches, i);

    if (!is_of (watch, plural))
      continue;
    soup_message_body_complete (soup_server_message_get_response_body (watch->message));
    soup_server_message_unpause (watch->message);
  }
}

void
fake_watches_drop (FakeWatches *self, const char *plural)
{
  for (guint i = self->watches->len; i > 0; i--) {
    FakeWatch *watch = g_ptr_array_index (self->watches, i - 1);

    if (!is_of (watch, plural))
      continue;
    g_socket_shutdown (soup_server_message_get_socket (watch->message), TRUE, TRUE, NULL);
    g_ptr_array_remove_index_fast (self->watches, i - 1);
  }
}
