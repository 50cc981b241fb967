/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-exchange.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PIECE_SIZE 16384
#define MAX_ANSWER (16 * 1024 * 1024)
#define MAX_HEAD 65536

#define HEAD_END "\r\n\r\n"

typedef struct {
  GIOStream *stream;            /* (owned) */
  PracticeHttpRequest *request; /* (owned) */
  GBytes *text;                 /* (owned): what is sent */
  GByteArray *answer;           /* (owned): what has come so far */
  guint8 piece[PIECE_SIZE];
} Exchange;

/* What the first lines of an answer say. */
typedef struct {
  guint status;
  SoupMessageHeaders *headers; /* (owned) */
  gsize body;                  /* where it begins */
} Head;

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->stream);
  practice_http_request_unref (self->request);
  g_bytes_unref (self->text);
  g_byte_array_unref (self->answer);
  g_free (self);
}

static void
head_clear (Head *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Head, head_clear)

static GBytes *
dup_text (PracticeHttpRequest *request)
{
  GString *text = g_string_new (NULL);
  GBytes *body = practice_http_request_get_body (request);
  gsize size = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  g_string_append_printf (text, "%s %s HTTP/1.1\r\n", practice_http_request_get_method (request),
                          practice_http_request_get_target (request));
  soup_message_headers_iter_init (&iter, practice_http_request_get_headers (request));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Connection") != 0 &&
        g_ascii_strcasecmp (name, "Content-Length") != 0 &&
        g_ascii_strcasecmp (name, "Transfer-Encoding") != 0)
      g_string_append_printf (text, "%s: %s\r\n", name, value);
  if (size > 0)
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n", size);
  g_string_append (text, "Connection: close\r\n\r\n");
  g_string_append_len (text, data, (gssize)size);
  return g_string_free_to_bytes (text);
}

/* FALSE: it is not there as a whole yet. Answers before the true one, such as 100, are skipped. */
static gboolean
parse_head (Exchange *self, Head *head, gboolean *is_http)
{
  const char *data = (const char *)self->answer->data;
  gsize length = self->answer->len;
  gsize at = 0;

  *is_http = length == 0 || strncmp (data, "HTTP/", MIN (length, 5)) == 0;
  while (*is_http && at < length) {
    const char *end = g_strstr_len (data + at, (gssize)(length - at), HEAD_END);

    head_clear (head);
    *is_http = length - at <= MAX_HEAD || end != NULL;
    if (end == NULL)
      return FALSE;
    head->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
    *is_http = soup_headers_parse_response (data + at, (int)(end + 2 - (data + at)), head->headers,
                                            NULL, &head->status, NULL);
    at = (gsize)(end - data) + strlen (HEAD_END);
    head->body = at;
    if (*is_http && head->status >= 200)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_body (Exchange *self, const Head *head)
{
  return head->status != 204 && head->status != 304 &&
         g_strcmp0 (practice_http_request_get_method (self->request), "HEAD") != 0;
}

/* The number that a chunk's line begins with; what follows it is an extension. FALSE: there is
 * none, or it is more than an answer may have. */
static gboolean
read_chunk_size (const guint8 *line, gsize length, gsize *size)
{
  gsize at = 0;

  *size = 0;
  for (; at < length && g_ascii_isxdigit (line[at]) && *size <= MAX_ANSWER; at++)
    *size = *size << 4 | (gsize)g_ascii_xdigit_value (line[at]);
  return at > 0 && *size <= MAX_ANSWER;
}

/* RFC 9112 section 7.1. FALSE: there is more to come, or it is malformed. */
static gboolean
decode_chunks (const guint8 *data, gsize length, GByteArray *body)
{
  gsize at = 0;

  while (at < length) {
    const guint8 *end = memchr (data + at, '\n', length - at);
    gsize size;

    if (end == NULL || !read_chunk_size (data + at, (gsize)(end - data) - at, &size))
      return FALSE;
    at = (gsize)(end - data) + 1;
    if (size == 0)
      return TRUE;
    if (size > length - at || length - at - size < 2)
      return FALSE;
    g_byte_array_append (body, data + at, (guint)size);
    at += size + 2;
  }
  return FALSE;
}

/* (transfer full) (nullable): NULL: it has not come as a whole. */
static GBytes *
dup_body (Exchange *self, const Head *head, gboolean is_over)
{
  const guint8 *data = self->answer->data + head->body;
  gsize length = self->answer->len - head->body;
  goffset expected = soup_message_headers_get_content_length (head->headers);

  if (!has_body (self, head))
    return g_bytes_new (NULL, 0);
  switch (soup_message_headers_get_encoding (head->headers)) {
    case SOUP_ENCODING_CHUNKED: {
      g_autoptr (GByteArray) body = g_byte_array_new ();

      return decode_chunks (data, length, body)
               ? g_byte_array_free_to_bytes (g_steal_pointer (&body))
               : NULL;
    }
    case SOUP_ENCODING_CONTENT_LENGTH:
      return length >= (guint64)expected ? g_bytes_new (data, (gsize)expected) : NULL;
    case SOUP_ENCODING_UNRECOGNIZED:
    case SOUP_ENCODING_NONE:
    case SOUP_ENCODING_EOF:
    case SOUP_ENCODING_BYTERANGES:
    default:
      return is_over ? g_bytes_new (data, length) : NULL;
  }
}

static PracticeHttpResponse *
new_response (const Head *head, GBytes *body)
{
  PracticeHttpResponse *response = practice_http_response_new_bytes (head->status, NULL, body);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, head->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Connection") != 0 &&
        g_ascii_strcasecmp (name, "Content-Length") != 0 &&
        g_ascii_strcasecmp (name, "Transfer-Encoding") != 0)
      soup_message_headers_append (practice_http_response_get_headers (response), name, value);
  return response;
}

/* FALSE: there is more to read. */
static gboolean
look (GTask *task, gboolean is_over)
{
  Exchange *self = g_task_get_task_data (task);
  g_auto (Head) head = { 0 };
  g_autoptr (GBytes) body = NULL;
  gboolean is_http;

  if (parse_head (self, &head, &is_http))
    body = dup_body (self, &head, is_over);
  if (body == NULL && is_http && !is_over && self->answer->len < MAX_ANSWER)
    return FALSE;
  if (body != NULL)
    g_task_return_pointer (task, new_response (&head, body),
                           (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "%s",
                             _ ("What came back is not an answer of HTTP."));
  return TRUE;
}

static void read_more (GTask *owned);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* One that resets the connection after its answer has answered. */
  if (length > 0)
    g_byte_array_append (self->answer, self->piece, (guint)length);
  if (!look (task, length <= 0))
    read_more (g_steal_pointer (&task));
}

static void
read_more (GTask *owned)
{
  Exchange *self = g_task_get_task_data (owned);

  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->piece, PIECE_SIZE,
                             G_PRIORITY_DEFAULT, g_task_get_cancellable (owned), read_cb, owned);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error) ||
      !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    read_more (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * practice_http_exchange_async:
 * @stream: a connection to a server, which is used up by this
 * @request: a request
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: data of @callback
 *
 * Asks a program that is not one of ours: HTTP/1.1, one request a connection, answers of at most
 * 16 MiB.
 */
void
practice_http_exchange_async (GIOStream *stream,
                              PracticeHttpRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Exchange *self = g_new0 (Exchange, 1);
  gsize length;
  gconstpointer data;

  g_task_set_source_tag (task, practice_http_exchange_async);
  self->stream = g_object_ref (stream);
  self->request = practice_http_request_ref (request);
  self->text = dup_text (request);
  self->answer = g_byte_array_new ();
  g_task_set_task_data (task, self, exchange_free);
  data = g_bytes_get_data (self->text, &length);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), data, length,
                                   G_PRIORITY_DEFAULT, cancellable, written_cb,
                                   g_steal_pointer (&task));
}

/**
 * practice_http_exchange_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the answer; %NULL with %G_IO_ERROR_CONNECTION_CLOSED where
 *   what came back is none, or %G_IO_ERROR_CANCELLED
 */
PracticeHttpResponse *
practice_http_exchange_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
