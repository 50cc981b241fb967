/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-watch.h"

#include <sys/socket.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-source.h"
#include "practice-handler.h"
#include "practice-lister.h"
#include "practice-status.h"
#include "practice-view.h"

/* A client without a time limit is sent away after half an hour to an hour, as by a real server
 * (--min-request-timeout). */
#define MIN_TIMEOUT_SECONDS 1800

#define BOOKMARK_SECONDS 60

/* A client that does not read is cut off when this much more than the first objects waits for it,
 * and lists again. */
#define MAX_QUEUED (16 * 1024 * 1024)

/* The type of a TLS record that says goodbye (RFC 8446, 5.1). */
#define TLS_ALERT 21

struct _PracticeWatch {
  GObject parent_instance;
  SoupServerMessage *message; /* (unowned): owns the watch */
  PracticeStore *store;
  PracticeResource *resource;
  PracticeView view;
  PracticeFilter filter;
  char *namespace_; /* (nullable) */
  guint64 told;     /* the version that it began with */
  guint64 bookmarked;
  gsize queued;
  gsize limit;
  gboolean first;
  gboolean ended;
  GSource *timeout;
  GSource *bookmark;
  GSource *disconnect;
};

G_DEFINE_FINAL_TYPE (PracticeWatch, practice_watch, G_TYPE_OBJECT)

/* A message that is over may stay for a while: nothing else is to stay with it. */
static void
stop (PracticeWatch *self)
{
  self->ended = TRUE;
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  base_source_clear (&self->timeout);
  base_source_clear (&self->bookmark);
  base_source_clear (&self->disconnect);
}

static void
end (PracticeWatch *self)
{
  if (self->ended)
    return;
  stop (self);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  soup_server_message_unpause (self->message);
}

/* Takes @line. */
static void
send_line (PracticeWatch *self, GBytes *line)
{
  self->queued += g_bytes_get_size (line);
  soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), line);
  g_bytes_unref (line);
  soup_server_message_unpause (self->message);
  if (self->queued > self->limit) {
    stop (self);
    g_socket_shutdown (soup_server_message_get_socket (self->message), TRUE, TRUE, NULL);
  }
}

static void
send_event (PracticeWatch *self, const char *type, JsonNode *object)
{
  send_line (self, practice_view_render_event (&self->view, type, object, self->first));
  self->first = FALSE;
}

static void
send_bookmark (PracticeWatch *self, gboolean initial_end)
{
  self->bookmarked = practice_store_get_version (self->store);
  send_line (self, practice_view_render_bookmark (&self->view, self->bookmarked, initial_end));
}

static gboolean
is_in_namespace (PracticeWatch *self, JsonNode *object)
{
  return self->namespace_ == NULL ||
         g_strcmp0 (base_metadata_get_namespace (object), self->namespace_) == 0;
}

/* An object that no longer matches is shown for the last time as it was when it did, at the
 * version that ended it. */
static void
send_unmatched (PracticeWatch *self, JsonNode *object, JsonNode *old)
{
  g_autoptr (JsonNode) last = base_json_copy (old);
  const char *version = base_json_get_string (object, "metadata", "resourceVersion", NULL);

  json_object_set_string_member (base_json_get_object (last, "metadata", NULL), "resourceVersion",
                                 version);
  send_event (self, "DELETED", last);
}

static void
tell (PracticeWatch *self, PracticeEventType type, JsonNode *object, JsonNode *old)
{
  gboolean now, before;

  if (self->ended || !is_in_namespace (self, object))
    return;
  now = type != PRACTICE_EVENT_DELETED && practice_filter_matches (&self->filter, object);
  before = old != NULL && practice_filter_matches (&self->filter, old);
  if (now)
    send_event (self, before ? "MODIFIED" : "ADDED", object);
  else if (before && type == PRACTICE_EVENT_DELETED)
    send_event (self, "DELETED", object);
  else if (before)
    send_unmatched (self, object, old);
}

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          PracticeWatch *self)
{
  tell (self, type, object, old);
}

/* The end of what defines a custom resource ends its watches. */
static void
definition_event_cb (PracticeStore *store,
                     PracticeEventType type,
                     const char *resource,
                     JsonNode *object,
                     JsonNode *old,
                     PracticeWatch *self)
{
  g_autofree char *name = practice_resource_dup_qualified (self->resource);

  if (type == PRACTICE_EVENT_DELETED && g_strcmp0 (base_metadata_get_name (object), name) == 0)
    end (self);
}

static void
wrote_body_data_cb (SoupServerMessage *message, guint size, PracticeWatch *self)
{
  self->queued -= MIN (self->queued, size);
}

static void
finished_cb (SoupServerMessage *message, PracticeWatch *self)
{
  stop (self);
}

static gboolean
timeout_cb (gpointer user_data)
{
  end (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
bookmark_cb (gpointer user_data)
{
  PracticeWatch *self = user_data;

  if (practice_store_get_version (self->store) != self->bookmarked)
    send_bookmark (self, FALSE);
  return G_SOURCE_CONTINUE;
}

/* Nothing is read from the client while the answer goes on, so its leaving is to be looked for: a
 * client sends nothing now but a farewell. */
static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PracticeWatch *self = user_data;
  GInputVector vector;
  guint8 byte = 0;
  int flags = MSG_PEEK;
  gssize length;

  vector.buffer = &byte;
  vector.size = 1;
  length = g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);
  if (length <= 0 || byte == TLS_ALERT)
    end (self);
  return G_SOURCE_REMOVE;
}

static GSource *
add_timeout (PracticeWatch *self, guint seconds, GSourceFunc callback)
{
  GSource *source = g_timeout_source_new_seconds (seconds);

  g_source_set_callback (source, callback, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

static void
add_sources (PracticeWatch *self, PracticeRequest *request)
{
  gint64 seconds = practice_request_get_int (request, "timeoutSeconds", 0);
  GSocket *socket = soup_server_message_get_socket (self->message);

  if (seconds <= 0)
    seconds = g_random_int_range (MIN_TIMEOUT_SECONDS, 2 * MIN_TIMEOUT_SECONDS);
  self->timeout = add_timeout (self, (guint)MIN (seconds, G_MAXINT32), timeout_cb);
  if (practice_request_get_boolean (request, "allowWatchBookmarks"))
    self->bookmark = add_timeout (self, BOOKMARK_SECONDS, bookmark_cb);
  if (socket != NULL) {
    self->disconnect = g_socket_create_source (socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
    g_source_set_callback (self->disconnect, G_SOURCE_FUNC (readable_cb), self, NULL);
    g_source_attach (self->disconnect, g_main_context_get_thread_default ());
  }
}

static void
send_present (PracticeWatch *self)
{
  g_autoptr (GPtrArray) objects =
    practice_store_list (self->store, self->resource->store_name, self->namespace_);

  for (guint i = 0; i < objects->len; i++)
    tell (self, PRACTICE_EVENT_ADDED, objects->pdata[i], NULL);
}

static void
send_error (PracticeWatch *self, const GError *error)
{
  g_autoptr (JsonNode) status = practice_status_dup_node (error);
  g_autofree char *text = base_json_write (status, FALSE);
  char *line = g_strdup_printf ("{\"type\":\"ERROR\",\"object\":%s}\n", text);

  send_line (self, g_bytes_new_take (line, strlen (line)));
}

/* An expired version is told in the stream, as a real server does. */
static void
end_expired (PracticeWatch *self, guint64 version)
{
  g_autoptr (GError) error = NULL;

  practice_status_set_expired (&error, version, practice_store_get_version (self->store));
  send_error (self, error);
  end (self);
}

static void
expired_cb (PracticeStore *store, PracticeWatch *self)
{
  end_expired (self, self->told);
}

static void
send_since (PracticeWatch *self, guint64 version)
{
  g_autoptr (GPtrArray) events =
    practice_store_dup_events_since (self->store, self->resource->store_name, version);

  if (events == NULL) {
    end_expired (self, version);
    return;
  }
  for (guint i = 0; i < events->len; i++) {
    PracticeStoreEvent *event = events->pdata[i];

    tell (self, event->type, event->object, event->old);
  }
}

/* Without a version, or with 0, the objects there are come first, as if just made. */
static void
send_start (PracticeWatch *self, PracticeRequest *request, guint64 version)
{
  gboolean initial = practice_request_get_boolean (request, "sendInitialEvents");

  if (!initial && version > 0) {
    send_since (self, version);
    return;
  }
  if (initial || practice_request_get (request, "sendInitialEvents") == NULL)
    send_present (self);
  if (initial)
    send_bookmark (self, TRUE);
}

static void
practice_watch_dispose (GObject *object)
{
  PracticeWatch *self = PRACTICE_WATCH (object);

  stop (self);

  G_OBJECT_CLASS (practice_watch_parent_class)->dispose (object);
}

static void
practice_watch_finalize (GObject *object)
{
  PracticeWatch *self = PRACTICE_WATCH (object);

  practice_filter_clear (&self->filter);
  g_clear_pointer (&self->resource, practice_resource_unref);
  g_free (self->namespace_);

  G_OBJECT_CLASS (practice_watch_parent_class)->finalize (object);
}

static void
practice_watch_class_init (PracticeWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_watch_dispose;
  object_class->finalize = practice_watch_finalize;
}

static void
practice_watch_init (PracticeWatch *self)
{
  self->first = TRUE;
  self->limit = G_MAXSIZE;
}

static void
connect_signals (PracticeWatch *self)
{
  g_autofree char *signal = g_strconcat ("event::", self->resource->store_name, NULL);

  g_signal_connect_object (self->store, signal, G_CALLBACK (event_cb), self, 0);
  g_signal_connect_object (self->store, "expired", G_CALLBACK (expired_cb), self, 0);
  if (practice_resource_is_custom (self->resource))
    g_signal_connect_object (self->store, "event::" PRACTICE_DEFINITIONS,
                             G_CALLBACK (definition_event_cb), self, 0);
  g_signal_connect_object (self->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self,
                           0);
  g_signal_connect_object (self->message, "finished", G_CALLBACK (finished_cb), self, 0);
}

static void
send_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  /* Until the end of the connection: a chunk would be three records of TLS, and as many calls of
   * the system, for each event and each watch. */
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
}

/**
 * practice_watch_start:
 * @objects: the objects
 * @request: asks for a watch
 * @message: gets the answer, and keeps the watch as long as it lives
 * @error: return location
 *
 * Begins a watch
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).
 *
 * Returns: %FALSE with a Status, where there is nothing to watch
 */
gboolean
practice_watch_start (PracticeObjects *objects,
                      PracticeRequest *request,
                      SoupServerMessage *message,
                      GError **error)
{
  g_autoptr (PracticeWatch) self = g_object_new (PRACTICE_TYPE_WATCH, NULL);
  PracticeStore *store = practice_objects_get_store (objects);
  const PracticeVersion *version;
  PracticeResource *resource = practice_handler_find_resource (
    practice_objects_get_registry (objects), request, &version, error);
  guint64 from;

  if (resource == NULL || !practice_lister_get_version (store, request, &from, error) ||
      !practice_filter_init (&self->filter, resource, request, error))
    return FALSE;
  self->message = message;
  self->store = g_object_ref (store);
  self->resource = practice_resource_ref (resource);
  self->namespace_ = g_strdup (request->namespace_);
  self->told = practice_store_get_version (store);
  self->bookmarked = self->told;
  practice_view_init (&self->view, store, resource, version, request);

  connect_signals (self);
  send_headers (message);
  add_sources (self, request);
  send_start (self, request, from);
  self->limit = self->queued + MAX_QUEUED;
  g_object_set_data_full (G_OBJECT (message), "practice-watch", g_steal_pointer (&self),
                          g_object_unref);
  return TRUE;
}
