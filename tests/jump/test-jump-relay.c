/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>

#include "jump-relay.h"
#include "test-place.h"

/* A relay that serves each client until it is cancelled. */
#define FAKE_TYPE_RELAY (fake_relay_get_type ())
G_DECLARE_FINAL_TYPE (FakeRelay, fake_relay, FAKE, RELAY, JumpRelay)

struct _FakeRelay {
  JumpRelay parent_instance;

  guint n_served;
};

G_DEFINE_FINAL_TYPE (FakeRelay, fake_relay, JUMP_TYPE_RELAY)

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_task_return_error_if_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

static void
fake_relay_serve_async (JumpRelay *relay,
                        GSocketConnection *client,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (relay, cancellable, callback, user_data);
  g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

  FAKE_RELAY (relay)->n_served++;
  g_source_set_callback (source, G_SOURCE_FUNC (cancelled_cb), task, g_object_unref);
  g_source_attach (source, NULL);
}

static gboolean
fake_relay_serve_finish (JumpRelay *relay, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_relay_class_init (FakeRelayClass *klass)
{
  JumpRelayClass *relay_class = JUMP_RELAY_CLASS (klass);

  relay_class->serve_async = fake_relay_serve_async;
  relay_class->serve_finish = fake_relay_serve_finish;
}

static void
fake_relay_init (FakeRelay *self)
{
}

typedef struct {
  char *folder;
  char *path;
  FakeRelay *relay;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("jump-relay-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "socket", NULL);
  fixture->relay = g_object_new (FAKE_TYPE_RELAY, NULL);
  /* What an earlier one left is in nobody's way. */
  g_assert_true (g_file_set_contents (fixture->path, "", -1, NULL));
  jump_relay_listen (JUMP_RELAY (fixture->relay), fixture->path, 3, &error);
  g_assert_no_error (error);
}

static gboolean
is_gone (gpointer object)
{
  return *(gpointer *)object == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer relay = fixture->relay;

  g_object_add_weak_pointer (relay, &relay);
  jump_relay_close (JUMP_RELAY (fixture->relay));
  g_clear_object (&fixture->relay);
  test_wait_until (is_gone, &relay, 5, "the relay to be freed");
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  test_place_remove_tree (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
  g_clear_pointer (&fixture->path, g_free);
}

static GSocketConnection *
dial (Fixture *fixture)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (fixture->path);
  g_autoptr (GAsyncResult) result = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), NULL,
                                 test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the connection to the socket");
  return g_socket_client_connect_finish (client, result, NULL);
}

static gboolean
has_three (gpointer relay)
{
  return FAKE_RELAY (relay)->n_served == 3;
}

static void
assert_ends (GSocketConnection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_input_stream_read_bytes_async (input, 1, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result,
                                   &result);
  test_wait_for_pointer (&result, 5, "the connection to end");
  bytes = g_input_stream_read_bytes_finish (input, result, NULL);
  g_assert_true (bytes == NULL || g_bytes_get_size (bytes) == 0);
}

/* Above the limit a client is turned away at once, and does not wait. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) one = dial (fixture);
  g_autoptr (GSocketConnection) two = dial (fixture);
  g_autoptr (GSocketConnection) three = dial (fixture);
  g_autoptr (GSocketConnection) four = NULL;

  test_wait_until (has_three, fixture->relay, 5, "three clients to be served");
  four = dial (fixture);
  assert_ends (four);
  g_assert_cmpuint (fixture->relay->n_served, ==, 3);
}

static void
test_listen_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnection) one = dial (fixture);
  g_autoptr (GSocketConnection) two = dial (fixture);
  g_autoptr (GSocketConnection) three = dial (fixture);
  g_autoptr (GSocketConnection) four = NULL;
  g_autoptr (GError) error = NULL;

  test_wait_until (has_three, fixture->relay, 5, "three clients to be served");
  jump_relay_close (JUMP_RELAY (fixture->relay));
  assert_ends (one);
  assert_ends (three);
  g_assert_null (dial (fixture));
  jump_relay_listen (JUMP_RELAY (fixture->relay), fixture->path, 3, &error);
  g_assert_no_error (error);
  four = dial (fixture);
  g_assert_nonnull (four);
}

static void
test_cannot_listen (void)
{
  FakeRelay *relay = g_object_new (FAKE_TYPE_RELAY, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (jump_relay_listen (JUMP_RELAY (relay), "/no/such/folder/socket", 3, &error));
  g_assert_nonnull (error);
  g_assert_finalize_object (relay);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/jump/relay/limit", Fixture, NULL, set_up, test_limit, tear_down);
  g_test_add ("/jump/relay/listen-again", Fixture, NULL, set_up, test_listen_again, tear_down);
  g_test_add_func ("/jump/relay/cannot-listen", test_cannot_listen);

  return g_test_run ();
}
