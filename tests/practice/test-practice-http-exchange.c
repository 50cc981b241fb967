/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "practice-http-exchange.h"
#include "test-wait.h"

/* What a server sends, and what is made of it: "STATUS BODY", or NULL for no answer. */
typedef struct {
  const char *name;
  const char *method;
  const char *sent;
  gboolean is_closed; /* by the server, after that */
  const char *expected;
} Case;

static const Case cases[] = {
  { "length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", FALSE, "200 hi" },
  { "more-than-length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhigh", FALSE,
    "200 hi" },
  { "until-the-end", "GET", "HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nno such", TRUE,
    "404 no such" },
  { "chunks", "GET",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3;x=y\r\n al\r\n1\r\nl\r\n0"
    "\r\n\r\n",
    FALSE, "200 hi all" },
  { "continue", "POST",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0"
    "\r\n\r\n",
    FALSE, "201 " },
  { "head", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", FALSE, "200 " },
  { "no-content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", FALSE, "204 " },
  { "empty", "GET", "", TRUE, NULL },
  { "not-http", "GET", "+PONG\r\n", FALSE, NULL },
  { "cut-head", "GET", "HTTP/1.1 200 OK\r\nServer: x", TRUE, NULL },
  { "cut-body", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi", TRUE, NULL },
  { "cut-chunk", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhi", TRUE,
    NULL },
  { "no-size", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\n 2\r\nhi\r\n0\r\n",
    TRUE, NULL },
  { "huge-chunk", "GET",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhi\r\n0\r\n\r\n",
    TRUE, NULL },
  { "status-line", "GET", "HTTP/1.1 nonsense\r\n\r\n", FALSE, NULL },
};

static GSocketConnection *
new_connection (int fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);

  g_assert_no_error (error);
  return g_socket_connection_factory_create_connection (socket);
}

static PracticeHttpRequest *
new_request (const char *method)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.4.0.2", "default", "a");
  g_autoptr (GBytes) body = g_bytes_new_static ("x=1", 3);
  PracticeHttpRequest *request = practice_http_request_new (
    peer, method, "web:8000", "/a?b", g_str_equal (method, "POST") ? body : NULL);

  soup_message_headers_append (practice_http_request_get_headers (request), "End-User", "jason");
  soup_message_headers_append (practice_http_request_get_headers (request), "Connection",
                               "keep-alive");
  return request;
}

static gboolean
is_readable (gpointer data)
{
  return (g_socket_condition_check (data, G_IO_IN) & G_IO_IN) != 0;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  int fds[2];
  g_autoptr (GSocketConnection) client = NULL;
  g_autoptr (GSocket) server = NULL;
  g_autoptr (PracticeHttpRequest) request = new_request (test->method);
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char asked[1024] = { 0 };

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  client = new_connection (fds[0]);
  server = g_socket_new_from_fd (fds[1], NULL);
  practice_http_exchange_async (G_IO_STREAM (client), request, NULL, test_wait_keep_result,
                                &result);
  test_wait_until (is_readable, server, 30, "the request");
  g_assert_cmpint (g_socket_receive (server, asked, sizeof asked - 1, NULL, NULL), >, 0);
  g_assert_true (g_str_has_prefix (asked, test->method));
  g_assert_nonnull (strstr (asked, " /a?b HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (asked, "Host: web:8000\r\n"));
  g_assert_nonnull (strstr (asked, "End-User: jason\r\n"));
  g_assert_nonnull (strstr (asked, "Connection: close\r\n"));
  g_assert_null (strstr (asked, "keep-alive"));
  g_assert_cmpint (strstr (asked, "Content-Length: 3\r\n") != NULL, ==,
                   g_str_equal (test->method, "POST"));

  if (*test->sent != '\0')
    g_assert_cmpint (g_socket_send (server, test->sent, strlen (test->sent), NULL, NULL), ==,
                     strlen (test->sent));
  if (test->is_closed)
    g_socket_close (server, NULL);
  test_wait_for_pointer (&result, 30, "the answer");
  response = practice_http_exchange_finish (result, &error);
  if (test->expected == NULL) {
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
  } else {
    g_autofree char *text = NULL;
    GBytes *body = NULL;

    g_assert_no_error (error);
    body = practice_http_response_get_body (response);
    text = g_strdup_printf (
      "%u %.*s", practice_http_response_get_status (response), (int)g_bytes_get_size (body),
      g_bytes_get_size (body) > 0 ? (const char *)g_bytes_get_data (body, NULL) : "");
    g_assert_cmpstr (text, ==, test->expected);
    g_assert_null (soup_message_headers_get_one (practice_http_response_get_headers (response),
                                                 "Transfer-Encoding"));
  }
}

static void
test_cancelled (void)
{
  int fds[2];
  g_autoptr (GSocketConnection) client = NULL;
  g_autoptr (GSocket) server = NULL;
  g_autoptr (PracticeHttpRequest) request = new_request ("GET");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  client = new_connection (fds[0]);
  server = g_socket_new_from_fd (fds[1], NULL);
  practice_http_exchange_async (G_IO_STREAM (client), request, cancellable, test_wait_keep_result,
                                &result);
  test_wait_until (is_readable, server, 30, "the request");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 30, "the end");
  g_assert_null (practice_http_exchange_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/practice-http-exchange/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/practice-http-exchange/cancelled", test_cancelled);

  return g_test_run ();
}
