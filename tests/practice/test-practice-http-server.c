/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "practice-http-server.h"
#include "test-fake-handler.h"
#include "test-wait.h"

typedef struct {
  TestFakeHandler *handler;
  PracticeHttpServer *server;
  guint16 port;
  GIOStream *client;
  GString *received;
  gboolean closed;
  gboolean reset;
  char buffer[4096];
} Fixture;

static PracticeHttpResponse *
answer (PracticeHttpRequest *request, int *delay, GError **error, gpointer user_data)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  PracticeHttpResponse *response;

  if (g_str_equal (path, "/refused")) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
    return NULL;
  }
  if (g_str_equal (path, "/never"))
    *delay = -1;

  response = practice_http_response_new (200, "text/plain", "Hello\n");
  soup_message_headers_append (practice_http_response_get_headers (response), "Connection",
                               "X-Private");
  soup_message_headers_append (practice_http_response_get_headers (response), "X-Private", "1");
  soup_message_headers_append (practice_http_response_get_headers (response), "X-App-Name", "test");

  return response;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_bind (socket, any, TRUE, &error));
  g_assert_true (g_socket_listen (socket, &error));
  bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));

  self->handler = test_fake_handler_new (answer, NULL);
  self->server = practice_http_server_new (PRACTICE_HTTP_HANDLER (self->handler), NULL, NULL);
  g_assert_true (practice_http_server_listen (self->server, socket, &error));
  self->received = g_string_new (NULL);
}

static void read_more (Fixture *self);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (length > 0) {
    g_string_append_len (self->received, self->buffer, length);
    read_more (self);
    return;
  }
  self->closed = TRUE;
  self->reset = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static void
read_more (Fixture *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (self->client), self->buffer,
                             sizeof self->buffer, G_PRIORITY_DEFAULT, NULL, read_cb, self);
}

static void
say (Fixture *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (self->client), text, strlen (text),
                             NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
dial (Fixture *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  self->client =
    G_IO_STREAM (g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, &error));
  g_assert_no_error (error);
  read_more (self);
}

static gboolean
is_closed (gpointer data)
{
  Fixture *self = data;

  return self->closed;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  practice_http_server_stop (self->server);
  if (self->client != NULL)
    test_wait_until (is_closed, self, 30, "the connection to be closed");
  g_clear_object (&self->client);
  test_wait_finalize (self->server, 30);
  g_assert_finalize_object (self->handler);
  g_string_free (self->received, TRUE);
}

static gboolean
has_two_answers (gpointer data)
{
  Fixture *self = data;
  const char *first = strstr (self->received->str, "Hello\n");

  return first != NULL && strstr (first + 1, "Hello\n") != NULL;
}

static gboolean
has_request (gpointer data)
{
  Fixture *self = data;

  return self->handler->requests->len > 0;
}

static gboolean
was_cancelled (gpointer data)
{
  Fixture *self = data;

  return self->handler->n_cancelled > 0;
}

static void
test_request (Fixture *self, gconstpointer data)
{
  PracticeHttpRequest *request;
  SoupMessageHeaders *headers;

  dial (self);
  say (self,
       "POST /ratings/0?a=%2F HTTP/1.1\r\nHost: ratings:9080\r\nX-Request-Id: 7\r\n"
       "Keep-Alive: 5\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nContent-Length: 2\r\n\r\n{}");
  test_wait_until (is_closed, self, 30, "the response");

  g_assert_cmpuint (self->handler->requests->len, ==, 1);
  request = g_ptr_array_index (self->handler->requests, 0);
  headers = practice_http_request_get_headers (request);
  g_assert_cmpstr (practice_http_request_get_method (request), ==, "POST");
  g_assert_cmpstr (practice_http_request_get_target (request), ==, "/ratings/0?a=%2F");
  g_assert_cmpstr (practice_http_request_get_host (request), ==, "ratings:9080");
  g_assert_cmpstr (practice_http_request_get_peer (request)->address, ==, "127.0.0.1");
  g_assert_null (practice_http_request_get_peer (request)->pod);
  g_assert_cmpuint (g_bytes_get_size (practice_http_request_get_body (request)), ==, 2);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "X-Request-Id"), ==, "7");
  g_assert_null (soup_message_headers_get_one (headers, "X-Hop"));
  g_assert_null (soup_message_headers_get_list (headers, "Connection"));
  g_assert_null (soup_message_headers_get_one (headers, "Keep-Alive"));

  g_assert_true (g_str_has_prefix (self->received->str, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (self->received->str, "\r\nX-App-Name: test\r\n"));
  g_assert_nonnull (strstr (self->received->str, "\r\nContent-Length: 6\r\n"));
  g_assert_null (strstr (self->received->str, "X-Private"));
  g_assert_true (g_str_has_suffix (self->received->str, "\r\n\r\nHello\n"));
}

static void
test_keep_alive (Fixture *self, gconstpointer data)
{
  dial (self);
  say (self, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  test_wait_until (has_two_answers, self, 30, "two responses on one connection");
}

static void
test_head (Fixture *self, gconstpointer data)
{
  dial (self);
  say (self, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  test_wait_until (is_closed, self, 30, "the response");
  g_assert_nonnull (strstr (self->received->str, "\r\nContent-Length: 6\r\n"));
  g_assert_true (g_str_has_suffix (self->received->str, "\r\n\r\n"));
}

/* As `printf 'GET / ...' | nc` does. */
static void
test_half_closed (Fixture *self, gconstpointer data)
{
  dial (self);
  say (self, "GET / HTTP/1.0\r\n\r\n");
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->client)), FALSE,
                     TRUE, NULL);
  test_wait_until (is_closed, self, 30, "the response");
  g_assert_true (g_str_has_suffix (self->received->str, "\r\n\r\nHello\n"));
}

static void
test_reset (Fixture *self, gconstpointer data)
{
  dial (self);
  say (self, "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n");
  test_wait_until (is_closed, self, 30, "a reset connection");
  g_assert_cmpstr (self->received->str, ==, "");
  g_assert_true (self->reset);
}

static void
test_too_large (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) text =
    g_string_new ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152\r\n\r\n");
  g_autofree char *body = g_strnfill (2097152, 'x');

  dial (self);
  say (self, text->str);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->client), body, 2097152,
                                   G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  while (strstr (self->received->str, "\r\n\r\n") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_str_has_prefix (self->received->str, "HTTP/1.1 413 "));
  g_assert_cmpuint (self->handler->requests->len, ==, 0);
}

static void
test_client_leaves (Fixture *self, gconstpointer data)
{
  struct linger none = { .l_onoff = 1, .l_linger = 0 };
  GSocket *socket;

  dial (self);
  say (self, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  test_wait_until (has_request, self, 30, "the request");
  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (self->client));
  setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  g_socket_close (socket, NULL);
  test_wait_until (is_closed, self, 30, "the client to be gone");
  test_wait_until (was_cancelled, self, 30, "the request to be given up");
}

static void
test_stop (Fixture *self, gconstpointer data)
{
  dial (self);
  say (self, "GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
  test_wait_until (has_request, self, 30, "the request");
  practice_http_server_stop (self->server);
  test_wait_until (is_closed, self, 30, "the connection to be closed");
  test_wait_until (was_cancelled, self, 30, "the request to be given up");
}

/* A pair of streams with no socket: what arrives through a tunnel. */
static void
test_accept (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.4.0.2", "default", "ratings-v1-x");
  g_autoptr (PracticeHttpServer) server =
    practice_http_server_new (PRACTICE_HTTP_HANDLER (self->handler), peer, NULL);
  const char *text = "GET /refused HTTP/1.1\r\nHost: a\r\n\r\n";
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr (GError) error = NULL;
  PracticeHttpRequest *request;

  g_assert_true (practice_http_server_accept (server, stream, &error));
  g_assert_no_error (error);
  test_wait_until (has_request, self, 30, "the request");
  request = g_ptr_array_index (self->handler->requests, 0);
  g_assert_cmpstr (practice_http_request_get_peer (request)->pod, ==, "ratings-v1-x");
  while (!g_io_stream_is_closed (stream))
    g_main_context_iteration (NULL, TRUE);
  practice_http_server_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/http-server" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/request", test_request);
  ADD ("/keep-alive", test_keep_alive);
  ADD ("/head", test_head);
  ADD ("/half-closed", test_half_closed);
  ADD ("/reset", test_reset);
  ADD ("/too-large", test_too_large);
  ADD ("/client-leaves", test_client_leaves);
  ADD ("/stop", test_stop);
  ADD ("/accept", test_accept);
#undef ADD

  return g_test_run ();
}
