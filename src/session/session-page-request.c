/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-page-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "session-page-headers.h"

/* A page with links is held until it is whole; a larger one goes through as it is. */
#define MAX_REWRITTEN (4 * 1024 * 1024)
#define CHUNK (64 * 1024)

/* One request of a browser, on its way to the page's server and back. */
typedef struct {
  /* input */
  SessionPages *pages; /* (nullable) */
  SessionOrigin *origin;
  char *own;
  gboolean trusted;
  SoupServerMessage *message;

  /* in progress */
  GCancellable *inner; /* the browser has gone, or the relay */
  SoupMessage *upstream;
  GInputStream *body; /* (nullable) */
  GByteArray *text;   /* (nullable): a page whose links are to be rewritten */
  gboolean writing;   /* nothing is under way but the browser's reading */
  gboolean certificate_refused;
} PageRequest;

static void read_more (GTask *task);

static void
page_request_free (gpointer data)
{
  PageRequest *self = data;

  g_clear_object (&self->pages);
  session_origin_free (self->origin);
  g_free (self->own);
  g_clear_object (&self->message);
  g_clear_object (&self->inner);
  g_clear_object (&self->upstream);
  g_clear_object (&self->body);
  g_clear_pointer (&self->text, g_byte_array_unref);
  g_free (self);
}

static SoupMessage *
new_upstream (PageRequest *self)
{
  GUri *uri = soup_server_message_get_uri (self->message);
  const char *query = g_uri_get_query (uri);
  g_autofree char *base = session_origin_to_string (self->origin);
  g_autofree char *url =
    g_strconcat (base, g_uri_get_path (uri), query != NULL ? "?" : NULL, query, NULL);
  g_autoptr (GUri) target = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  SoupMessageHeaders *from = soup_server_message_get_request_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
  SoupMessage *upstream;

  if (target == NULL)
    return NULL;
  upstream = soup_message_new_from_uri (soup_server_message_get_method (self->message), target);
  soup_message_add_flags (upstream, SOUP_MESSAGE_NO_REDIRECT);
  session_page_headers_pass_request (self->origin, self->own, from,
                                     soup_message_get_request_headers (upstream));
  if (body->length > 0) {
    g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
    const char *type = soup_message_headers_get_one (from, "Content-Type");

    soup_message_set_request_body_from_bytes (upstream, type, bytes);
  }
  return upstream;
}

/* In the practice cluster nobody else can stand between; elsewhere a certificate must be good. */
static gboolean
accept_certificate_cb (SoupMessage *upstream,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);

  self->certificate_refused = !self->trusted;
  return self->trusted;
}

static void
end (GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);

  g_signal_handlers_disconnect_by_data (self->message, task);
  soup_server_message_unpause (self->message);
  g_task_return_boolean (task, TRUE);
}

static void
fail (GTask *task, const char *reason)
{
  PageRequest *self = g_task_get_task_data (task);
  g_autofree char *page = session_origin_to_string (self->origin);
  g_autofree char *sentence = NULL;

  if (self->certificate_refused)
    /* Translators: %s is the address of a web page */
    sentence = g_strdup_printf (_ ("The certificate of %s is not trusted. Ask who runs the cluster "
                                   "for a page with a certificate that is."),
                                page);
  else
    /* Translators: the first %s is the address of a web page, the second a reason */
    sentence = g_strdup_printf (
      _ ("%s does not answer: %s. Check that it runs, and load the page again."), page, reason);
  session_page_answer (self->message, SOUP_STATUS_BAD_GATEWAY, sentence);
  end (task);
}

static void
finish_text (PageRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *type = soup_message_headers_get_one (headers, "Content-Type");
  g_autofree char *copy = g_strdup (type);
  g_autofree char *text = g_strndup ((const char *)self->text->data, self->text->len);
  g_autofree char *rewritten = session_origin_replace (self->origin, text, self->own);

  soup_server_message_set_response (self->message, copy, SOUP_MEMORY_COPY, rewritten,
                                    strlen (rewritten));
}

/* A page that is larger than what is held, or has bytes that are no text, goes through. */
static void
stop_holding (PageRequest *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  g_autoptr (GBytes) held = g_byte_array_free_to_bytes (g_steal_pointer (&self->text));

  soup_message_headers_set_encoding (soup_server_message_get_response_headers (self->message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append_bytes (body, held);
}

static void
take_chunk (GTask *task, GBytes *bytes)
{
  PageRequest *self = g_task_get_task_data (task);

  if (self->text != NULL) {
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);

    g_byte_array_append (self->text, data, (guint)size);
    if (self->text->len <= MAX_REWRITTEN && memchr (data, 0, size) == NULL) {
      read_more (task);
      return;
    }
    stop_holding (self);
  } else {
    soup_message_body_append_bytes (soup_server_message_get_response_body (self->message), bytes);
  }
  /* the next one when this is written */
  self->writing = TRUE;
  soup_server_message_unpause (self->message);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PageRequest *self = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (bytes != NULL && g_bytes_get_size (bytes) > 0) {
    take_chunk (task, bytes);
    return;
  }
  if (self->text != NULL)
    finish_text (self);
  else
    soup_message_body_complete (soup_server_message_get_response_body (self->message));
  end (task);
}

static void
read_more (GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (self->body, CHUNK, G_PRIORITY_DEFAULT, self->inner, read_cb,
                                   g_object_ref (task));
}

static void
wrote_chunk_cb (SoupServerMessage *message, GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);

  if (!self->writing)
    return;
  self->writing = FALSE;
  read_more (task);
}

static void
unref_task (gpointer task, GClosure *closure)
{
  g_autoptr (GObject) held = task;

  g_assert (G_IS_TASK (held));
}

static gboolean
has_body (PageRequest *self, guint status)
{
  return g_strcmp0 (soup_server_message_get_method (self->message), "HEAD") != 0 &&
         status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED;
}

static gboolean
has_links (SoupMessageHeaders *headers)
{
  const char *type = soup_message_headers_get_content_type (headers, NULL);

  return type != NULL && (g_ascii_strcasecmp (type, "text/html") == 0 ||
                          g_ascii_strcasecmp (type, "text/css") == 0);
}

static void
pass_body (GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  if (!has_body (self, soup_message_get_status (self->upstream))) {
    end (task);
    return;
  }
  if (has_links (headers)) {
    self->text = g_byte_array_new ();
  } else {
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
    soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  }
  /* the message holds the task while nothing else is under way */
  g_signal_connect_data (self->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb),
                         g_object_ref (task), unref_task, G_CONNECT_DEFAULT);
  read_more (task);
}

static void
set_location (PageRequest *self, const char *location)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                "Location", location);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PageRequest *self = g_task_get_task_data (task);
  g_autofree char *url = session_pages_open_finish (SESSION_PAGES (source), result, NULL);

  if (url != NULL)
    set_location (self, url);
  pass_body (task);
}

/* A redirect to the same pages stays on this relay; one to other pages of the place gets its own.
 */
static void
pass_location (GTask *task, const char *location)
{
  PageRequest *self = g_task_get_task_data (task);
  g_autofree char *path = NULL;
  g_autoptr (SessionOrigin) origin =
    session_origin_parse (location, self->origin->via, &path, NULL);

  if (origin == NULL) {
    set_location (self, location);
  } else if (session_origin_equal (origin, self->origin)) {
    g_autofree char *own = g_strconcat (self->own, path, NULL);

    set_location (self, own);
  } else if (self->pages != NULL) {
    const char *via = g_str_equal (origin->host, self->origin->host) ? self->origin->via : NULL;

    set_location (self, location);
    session_pages_open_async (self->pages, location, via, self->inner, opened_cb,
                              g_object_ref (task));
    return;
  } else {
    set_location (self, location);
  }
  pass_body (task);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PageRequest *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  SoupMessageHeaders *from, *to;
  const char *location;

  self->body = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (self->body == NULL) {
    fail (task, error->message);
    return;
  }
  from = soup_message_get_response_headers (self->upstream);
  to = soup_server_message_get_response_headers (self->message);
  soup_server_message_set_status (self->message, soup_message_get_status (self->upstream),
                                  soup_message_get_reason_phrase (self->upstream));
  session_page_headers_pass_response (from, to);
  location = soup_message_headers_get_one (from, "Location");
  if (location != NULL)
    pass_location (task, location);
  else
    pass_body (task);
}

/* The browser has gone, or the relay is closed. What is under way ends by the cancellable, and the
 * task with it; where the browser's reading was waited for, nothing is. */
static void
give_up (GTask *task)
{
  PageRequest *self = g_task_get_task_data (task);
  g_autoptr (GTask) held = g_object_ref (task);

  g_cancellable_cancel (self->inner);
  if (!self->writing)
    return;
  self->writing = FALSE;
  g_signal_handlers_disconnect_by_data (self->message, task);
  g_task_return_boolean (task, TRUE);
}

/**
 * session_page_request_run_async:
 * @route: copied
 * @message: a request that the server has read; it is paused, and answered whatever comes
 *
 * Asks the page's server, and hands its answer to the browser while it arrives.
 */
void
session_page_request_run_async (const SessionPageRoute *route,
                                SoupServerMessage *message,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  PageRequest *self = g_new0 (PageRequest, 1);

  g_task_set_source_tag (task, session_page_request_run_async);
  g_task_set_task_data (task, self, page_request_free);
  g_set_object (&self->pages, route->pages);
  self->origin = session_origin_copy (route->origin);
  self->own = g_strdup (route->own);
  self->trusted = route->trusted;
  self->message = g_object_ref (message);
  self->inner = g_cancellable_new ();
  g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (give_up), task, G_CONNECT_SWAPPED);
  soup_server_message_pause (message);
  self->upstream = new_upstream (self);
  if (self->upstream == NULL) {
    session_page_answer (message, SOUP_STATUS_BAD_REQUEST, _ ("This is no address of a page."));
    end (task);
    return;
  }
  g_signal_connect_object (self->upstream, "accept-certificate", G_CALLBACK (accept_certificate_cb),
                           task, 0);
  g_signal_connect_object (message, "finished", G_CALLBACK (give_up), task, G_CONNECT_SWAPPED);
  soup_session_send_async (route->session, self->upstream, G_PRIORITY_DEFAULT, self->inner, sent_cb,
                           g_object_ref (task));
}

/**
 * session_page_request_run_finish:
 *
 * The browser has its answer, or has gone.
 */
void
session_page_request_run_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}

/**
 * session_page_answer:
 * @status: HTTP status
 * @sentence: plain text for who sits before the browser
 */
void
session_page_answer (SoupServerMessage *message, guint status, const char *sentence)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *page = g_markup_printf_escaped (
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%s</title></head>\n"
    "<body style=\"font-family: sans-serif; margin: 4em auto; max-width: 36em\">"
    "<h1>%s</h1><p>%s</p></body></html>\n",
    _ ("Konvoy Lab"), _ ("This page cannot be shown"), sentence);

  soup_message_headers_clear (headers);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, page,
                                    strlen (page));
}
