/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "base-splice.h"
#include "test-wait.h"

/* Two pairs of sockets: what is written at `near' comes out at `far' once the inner ends are
 * spliced. */
typedef struct {
  GSocketConnection *near;
  GSocketConnection *far;
  GCancellable *cancellable;
  GAsyncResult *result;
} Fixture;

static void
make_pair (GSocketConnection *ends[2])
{
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  for (int i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) socket = g_socket_new_from_fd (fds[i], &error);

    g_assert_no_error (error);
    ends[i] = g_socket_connection_factory_create_connection (socket);
  }
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GSocketConnection *a[2];
  GSocketConnection *b[2];

  make_pair (a);
  make_pair (b);
  fixture->near = a[0];
  fixture->far = b[0];
  fixture->cancellable = g_cancellable_new ();
  base_splice_async (a[1], b[1], fixture->cancellable, test_wait_keep_result, &fixture->result);
  /* The splice keeps its ends alive. */
  g_object_unref (a[1]);
  g_object_unref (b[1]);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->near);
  g_clear_object (&fixture->far);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&fixture->result);
}

static void
say (GSocketConnection *connection, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
close_half (GSocketConnection *connection)
{
  g_autoptr (GError) error = NULL;

  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, &error);
  g_assert_no_error (error);
}

static char *
hear_all (GSocketConnection *connection)
{
  g_autoptr (GOutputStream) heard = g_memory_output_stream_new_resizable ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_output_stream_splice_async (heard, g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                G_OUTPUT_STREAM_SPLICE_NONE, G_PRIORITY_DEFAULT, NULL,
                                test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the other side to end");
  g_assert_cmpint (g_output_stream_splice_finish (heard, result, &error), >=, 0);
  g_assert_no_error (error);
  g_output_stream_write (heard, "", 1, NULL, NULL);
  g_output_stream_close (heard, NULL, NULL);
  return g_memory_output_stream_steal_data (G_MEMORY_OUTPUT_STREAM (heard));
}

static void
test_half_closed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *question = NULL;
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  say (fixture->near, "question");
  close_half (fixture->near);
  question = hear_all (fixture->far);
  g_assert_cmpstr (question, ==, "question");
  g_assert_null (fixture->result);

  say (fixture->far, "answer");
  close_half (fixture->far);
  answer = hear_all (fixture->near);
  g_assert_cmpstr (answer, ==, "answer");

  test_wait_for_pointer (&fixture->result, 5, "the splice to end");
  g_assert_true (base_splice_finish (fixture->result, &error));
  g_assert_no_error (error);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autofree char *heard = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (fixture->cancellable);
  test_wait_for_pointer (&fixture->result, 5, "the splice to end");
  g_assert_false (base_splice_finish (fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  heard = hear_all (fixture->far);
  g_assert_cmpstr (heard, ==, "");
}

/* One side is gone while the other would go on talking: both end. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *heard = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->far);
  say (fixture->near, "nobody hears this");
  test_wait_for_pointer (&fixture->result, 5, "the splice to end");
  g_assert_false (base_splice_finish (fixture->result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  heard = hear_all (fixture->near);
  g_assert_cmpstr (heard, ==, "");
}

static void
test_cancelled_before (void)
{
  GSocketConnection *pair[2];
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  make_pair (pair);
  g_cancellable_cancel (cancellable);
  base_splice_async (pair[0], pair[1], cancellable, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the splice to end");
  g_assert_false (base_splice_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  for (int i = 0; i < 2; i++)
    test_wait_finalize (pair[i], 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/base/splice/half-closed", Fixture, NULL, set_up, test_half_closed, tear_down);
  g_test_add ("/base/splice/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/base/splice/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add_func ("/base/splice/cancelled-before", test_cancelled_before);

  return g_test_run ();
}
