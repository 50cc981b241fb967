/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-connection.h"
#include "test-place.h"

/* A place whose attempts end when the test says so. */
#define FAKE_TYPE_PLACE (fake_place_get_type ())
G_DECLARE_FINAL_TYPE (FakePlace, fake_place, FAKE, PLACE, JumpConnection)

struct _FakePlace {
  JumpConnection parent_instance;

  GTask *attempt; /* (nullable) (owned): under way */
  GSource *cancelled;
  guint n_attempts;
  guint n_closed;
  gboolean slow_to_give_up;
};

G_DEFINE_FINAL_TYPE (FakePlace, fake_place, JUMP_TYPE_CONNECTION)

static void
fake_place_end (FakePlace *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->attempt);

  g_assert_nonnull (task);
  g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  FakePlace *self = user_data;
  g_autoptr (GTask) task = NULL;

  if (self->slow_to_give_up)
    return G_SOURCE_REMOVE;
  g_clear_pointer (&self->cancelled, g_source_unref);
  task = g_steal_pointer (&self->attempt);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
fake_place_open_async (JumpConnection *connection,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  FakePlace *self = FAKE_PLACE (connection);

  g_assert_null (self->attempt);
  self->n_attempts++;
  self->attempt = g_task_new (self, cancellable, callback, user_data);
  g_task_set_check_cancellable (self->attempt, FALSE);
  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, NULL);
}

static gboolean
fake_place_open_finish (JumpConnection *connection, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_place_close (JumpConnection *connection)
{
  FAKE_PLACE (connection)->n_closed++;
}

static void
fake_place_class_init (FakePlaceClass *klass)
{
  JumpConnectionClass *connection_class = JUMP_CONNECTION_CLASS (klass);

  connection_class->open_async = fake_place_open_async;
  connection_class->open_finish = fake_place_open_finish;
  connection_class->close = fake_place_close;
}

static void
fake_place_init (FakePlace *self)
{
}

static void
count_cb (gpointer count)
{
  ++*(guint *)count;
}

static gboolean
has_attempt (gpointer place)
{
  return FAKE_PLACE (place)->attempt != NULL;
}

static GError *
make_error (JumpError code)
{
  return g_error_new_literal (JUMP_ERROR, code, "because");
}

static void
check_error (FakePlace *place, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_object_get (place, "error", &error, NULL);
  if (domain != 0)
    g_assert_error (error, domain, code);
  else
    g_assert_no_error (error);
}

static void
test_shared (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  guint n_notified = 0;

  g_signal_connect_swapped (place, "notify::state", G_CALLBACK (count_cb), &n_notified);
  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &first);
  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &second);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_CONNECTING);
  g_assert_cmpuint (place->n_attempts, ==, 1);
  fake_place_end (place, NULL);
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), first, NULL));
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), second, NULL));
  g_assert_cmpuint (n_notified, ==, 2);

  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &third);
  test_wait_for_pointer (&third, 5, "the answer of a connected place");
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), third, NULL));
  g_assert_cmpuint (place->n_attempts, ==, 1);
  g_clear_object (&first);
  g_clear_object (&second);
  g_clear_object (&third);
  g_assert_finalize_object (place);
}

static void
test_failed (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &result);
  fake_place_end (place, make_error (JUMP_ERROR_UNREACHABLE));
  g_assert_false (jump_place_connect_finish (JUMP_PLACE (place), result, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  check_error (place, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_DISCONNECTED);

  g_clear_object (&result);
  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &result);
  check_error (place, 0, 0);
  fake_place_end (place, NULL);
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), result, NULL));
  g_clear_object (&result);
  g_assert_finalize_object (place);
}

static void
test_cancel_one (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) impatient = NULL;
  g_autoptr (GAsyncResult) patient = NULL;
  g_autoptr (GError) error = NULL;

  jump_place_connect_async (JUMP_PLACE (place), cancellable, test_wait_keep_result, &impatient);
  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &patient);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&impatient, 5, "the cancelled caller");
  g_assert_false (jump_place_connect_finish (JUMP_PLACE (place), impatient, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (patient);
  fake_place_end (place, NULL);
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), patient, NULL));
  g_clear_object (&impatient);
  g_clear_object (&patient);
  g_assert_finalize_object (place);
}

static void
test_cancel_all (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  jump_place_connect_async (JUMP_PLACE (place), cancellable, test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_false (jump_place_connect_finish (JUMP_PLACE (place), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_DISCONNECTED);
  check_error (place, 0, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (place->attempt);

  /* A caller that is late already. */
  g_clear_object (&result);
  g_clear_error (&error);
  jump_place_connect_async (JUMP_PLACE (place), cancellable, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the caller that was cancelled before");
  g_assert_false (jump_place_connect_finish (JUMP_PLACE (place), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (place->n_attempts, ==, 1);
  g_clear_object (&result);
  g_assert_finalize_object (place);
}

/* The attempt that was given up succeeds all the same: it is closed, and a new one begins. */
static void
test_disconnect_and_connect (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  guint n_closed;

  place->slow_to_give_up = TRUE;
  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &first);
  jump_place_disconnect (JUMP_PLACE (place));
  test_wait_for_pointer (&first, 5, "the caller of the given up attempt");
  g_assert_false (jump_place_connect_finish (JUMP_PLACE (place), first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &second);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_CONNECTING);
  g_assert_cmpuint (place->n_attempts, ==, 1);
  n_closed = place->n_closed;
  fake_place_end (place, NULL);
  g_assert_cmpuint (place->n_closed, ==, n_closed + 1);
  g_assert_cmpuint (place->n_attempts, ==, 2);
  fake_place_end (place, NULL);
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), second, NULL));
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_CONNECTED);
  g_clear_object (&first);
  g_clear_object (&second);
  g_assert_finalize_object (place);
}

static void
connect_fake (FakePlace *place)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_place_connect_async (JUMP_PLACE (place), NULL, test_wait_keep_result, &result);
  fake_place_end (place, NULL);
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (place), result, NULL));
}

static void
test_lost_and_found (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GError) lost = make_error (JUMP_ERROR_UNREACHABLE);

  connect_fake (place);
  jump_connection_lose (JUMP_CONNECTION (place), lost);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_DISCONNECTED);
  g_assert_cmpuint (place->n_closed, ==, 1);
  check_error (place, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);

  test_wait_until (has_attempt, place, 5, "the first attempt by itself");
  g_assert_true (jump_connection_is_automatic (JUMP_CONNECTION (place)));
  check_error (place, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  fake_place_end (place, make_error (JUMP_ERROR_UNREACHABLE));
  test_wait_until (has_attempt, place, 5, "the second attempt by itself");
  fake_place_end (place, NULL);
  g_assert_cmpint (jump_place_get_state (JUMP_PLACE (place)), ==, JUMP_PLACE_CONNECTED);
  check_error (place, 0, 0);
  g_assert_finalize_object (place);
}

/* No time mends a changed host key; a user who disconnects wants no attempt either. */
static void
test_no_retry (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GError) lost = make_error (JUMP_ERROR_UNREACHABLE);
  guint n_attempts;

  connect_fake (place);
  jump_connection_lose (JUMP_CONNECTION (place), lost);
  test_wait_until (has_attempt, place, 5, "the first attempt by itself");
  n_attempts = place->n_attempts;
  fake_place_end (place, make_error (JUMP_ERROR_HOST_KEY_CHANGED));
  g_assert_null (g_main_context_find_source_by_user_data (NULL, place));
  check_error (place, JUMP_ERROR, JUMP_ERROR_HOST_KEY_CHANGED);

  connect_fake (place);
  jump_connection_lose (JUMP_CONNECTION (place), lost);
  g_assert_nonnull (g_main_context_find_source_by_user_data (NULL, place));
  jump_place_disconnect (JUMP_PLACE (place));
  g_assert_null (g_main_context_find_source_by_user_data (NULL, place));
  g_assert_cmpuint (place->n_attempts, ==, n_attempts + 1);
  g_assert_finalize_object (place);
}

/* A place may be dropped in the pause before an attempt. */
static void
test_dropped (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autoptr (GError) lost = make_error (JUMP_ERROR_FAILED);

  connect_fake (place);
  jump_connection_lose (JUMP_CONNECTION (place), lost);
  g_assert_finalize_object (place);
}

static void
test_texts (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  g_autofree char *title = NULL;
  g_autofree char *notice = NULL;
  guint n_notified = 0;

  g_signal_connect_swapped (place, "notify::notice", G_CALLBACK (count_cb), &n_notified);
  jump_connection_set_title (JUMP_CONNECTION (place), "A place");
  jump_connection_set_notice (JUMP_CONNECTION (place), "Slow today.");
  jump_connection_set_notice (JUMP_CONNECTION (place), "Slow today.");
  g_object_get (place, "title", &title, "notice", &notice, NULL);
  g_assert_cmpstr (title, ==, "A place");
  g_assert_cmpstr (notice, ==, "Slow today.");
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_finalize_object (place);
}

static void
test_refused (void)
{
  FakePlace *place = g_object_new (FAKE_TYPE_PLACE, NULL);
  const char *argv[] = { "true", NULL };
  g_autoptr (GError) list = NULL;
  g_autoptr (GError) read = NULL;
  g_autoptr (GError) run = NULL;
  g_autoptr (GError) reach = NULL;

  g_assert_null (jump_place_dup_terminal_argv (JUMP_PLACE (place)));
  g_assert_null (test_place_list_kubeconfigs (JUMP_PLACE (place), &list));
  g_assert_error (list, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED);
  g_assert_null (test_place_read_file (JUMP_PLACE (place), "/etc/hosts", &read));
  g_assert_error (read, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED);
  g_assert_null (test_place_run (JUMP_PLACE (place), argv, NULL, &run));
  g_assert_error (run, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED);
  g_assert_null (test_place_reach (JUMP_PLACE (place), JUMP_TARGET_API, "a", 1, &reach));
  g_assert_error (reach, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED);

  connect_fake (place);
  g_clear_error (&reach);
  g_assert_null (test_place_reach (JUMP_PLACE (place), JUMP_TARGET_API, "-a", 1, &reach));
  g_assert_error (reach, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_finalize_object (place);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/connection/shared", test_shared);
  g_test_add_func ("/jump/connection/failed", test_failed);
  g_test_add_func ("/jump/connection/cancel-one", test_cancel_one);
  g_test_add_func ("/jump/connection/cancel-all", test_cancel_all);
  g_test_add_func ("/jump/connection/disconnect-and-connect", test_disconnect_and_connect);
  g_test_add_func ("/jump/connection/lost-and-found", test_lost_and_found);
  g_test_add_func ("/jump/connection/no-retry", test_no_retry);
  g_test_add_func ("/jump/connection/dropped", test_dropped);
  g_test_add_func ("/jump/connection/texts", test_texts);
  g_test_add_func ("/jump/connection/refused", test_refused);

  return g_test_run ();
}
