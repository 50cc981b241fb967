/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-call.h"
#include "test-fake-handler.h"
#include "test-wait.h"

static PracticeHttpResponse *
answer (PracticeHttpRequest *request, int *delay, GError **error, gpointer user_data)
{
  *delay = GPOINTER_TO_INT (user_data);

  return practice_http_response_new (204, NULL, "");
}

static PracticeHttpResponse *
fail (PracticeHttpRequest *request, int *delay, GError **error, gpointer user_data)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");

  return NULL;
}

static PracticeHttpRequest *
new_request (void)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.4.0.2", "default", "a");
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);

  return practice_http_request_new (peer, "POST", "b:80", "/x?y", body);
}

static PracticeHttpResponse *
call (TestFakeHandler *handler, guint milliseconds, GCancellable *cancellable, GError **error)
{
  g_autoptr (PracticeHttpRequest) request = new_request ();
  g_autoptr (GAsyncResult) result = NULL;

  practice_http_call_async (PRACTICE_HTTP_HANDLER (handler), request, milliseconds, cancellable,
                            test_wait_keep_result, &result);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 30, "the call to end");

  return practice_http_call_finish (result, error);
}

static void
test_answer (void)
{
  TestFakeHandler *handler = test_fake_handler_new (answer, GINT_TO_POINTER (1));
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = call (handler, 5000, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (practice_http_response_get_status (response), ==, 204);
  g_assert_cmpuint (handler->n_cancelled, ==, 0);
  test_wait_finalize (handler, 30);
}

static void
test_error (void)
{
  TestFakeHandler *handler = test_fake_handler_new (fail, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (call (handler, 5000, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  test_wait_finalize (handler, 30);
}

static gboolean
was_cancelled (gpointer data)
{
  return TEST_FAKE_HANDLER (data)->n_cancelled == 1;
}

static void
test_limit (void)
{
  TestFakeHandler *handler = test_fake_handler_new (answer, GINT_TO_POINTER (-1));
  g_autoptr (GError) error = NULL;

  g_assert_null (call (handler, 20, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  test_wait_until (was_cancelled, handler, 30, "the handler to be told");
  test_wait_finalize (handler, 30);
}

static void
test_cancel (void)
{
  TestFakeHandler *handler = test_fake_handler_new (answer, GINT_TO_POINTER (-1));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (call (handler, 5000, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_wait_until (was_cancelled, handler, 30, "the handler to be told");
  test_wait_finalize (handler, 30);
}

static void
test_copy (void)
{
  g_autoptr (PracticePeer) proxy = practice_peer_new ("10.4.0.3", NULL, NULL);
  g_autoptr (PracticeHttpRequest) request = new_request ();
  g_autoptr (PracticeHttpRequest) copy = NULL;
  g_autofree char *path = NULL;

  soup_message_headers_append (practice_http_request_get_headers (request), "Accept", "a");
  copy = practice_http_request_copy (request);
  soup_message_headers_replace (practice_http_request_get_headers (copy), "Accept", "b");
  practice_http_request_set_target (copy, "/z?q");
  practice_http_request_set_peer (copy, proxy);

  g_assert_cmpstr (practice_http_request_get_target (request), ==, "/x?y");
  g_assert_cmpstr (practice_http_request_get_peer (request)->pod, ==, "a");
  g_assert_cmpstr (
    soup_message_headers_get_one (practice_http_request_get_headers (request), "Accept"), ==, "a");
  path = practice_http_request_dup_path (copy);
  g_assert_cmpstr (path, ==, "/z");
  g_assert_cmpstr (practice_http_request_get_host (copy), ==, "b:80");
  g_assert_cmpstr (practice_http_request_get_method (copy), ==, "POST");
  g_assert_cmpstr (practice_http_request_get_peer (copy)->address, ==, "10.4.0.3");
  g_assert_null (practice_http_request_get_peer (copy)->namespace_);
  g_assert_true (practice_http_request_get_body (copy) == practice_http_request_get_body (request));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/http-call/answer", test_answer);
  g_test_add_func ("/practice/http-call/error", test_error);
  g_test_add_func ("/practice/http-call/limit", test_limit);
  g_test_add_func ("/practice/http-call/cancel", test_cancel);
  g_test_add_func ("/practice/http-call/copy", test_copy);

  return g_test_run ();
}
