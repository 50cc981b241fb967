/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "jump-practice-renewal.h"
#include "test-place.h"

/* A script in konvoy-practice's place, and the far end of its socket in this process. */
typedef struct {
  char *folder;
  char *program;
  char *kubeconfig;
  char *socket;
  GSocketService *service;
  GSocketConnection *client; /* (nullable) (owned): the last one */
  GString *request;
  const char *answer;
} Fixture;

#define READY                                                                                      \
  "printf '{\"kubeconfig\": \"%s\", \"api\": \"https://127.0.0.1:1\", \"socket\": \"%s\", "        \
  "\"terminal\": [\"sh\", \"-l\"]%s}\\n' \"$here/kubeconfig\" \"$here/socket\" \"$more\"\n"

static void
write_program (Fixture *fixture, const char *body)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n"
                                           "here=%s\n"
                                           "[ \"$1\" = --dir ] || exit 9\n"
                                           "if [ \"$3\" = -- ]; then shift 3; exec \"$@\"; fi\n"
                                           "echo $$ > $here/pid\n"
                                           "echo \"$2\" > $here/directory\n"
                                           "%s",
                                           fixture->folder, body);

  g_assert_true (g_file_set_contents (fixture->program, text, -1, NULL));
  g_assert_cmpint (g_chmod (fixture->program, 0755), ==, 0);
}

static void
line_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (fixture->client));

  if (bytes == NULL)
    return;
  g_string_append_len (fixture->request, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_output_stream_write_all (output, fixture->answer, strlen (fixture->answer), NULL, NULL, NULL);
  if (!g_str_has_prefix (fixture->answer, "ok\n"))
    g_io_stream_close (G_IO_STREAM (fixture->client), NULL, NULL);
}

static gboolean
incoming_cb (Fixture *fixture, GSocketConnection *client)
{
  g_set_object (&fixture->client, client);
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (client)), 1024,
                                   G_PRIORITY_DEFAULT, NULL, line_read_cb, fixture);
  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("jump-practice-XXXXXX", NULL);
  fixture->program = g_build_filename (fixture->folder, "konvoy-practice", NULL);
  fixture->kubeconfig = g_build_filename (fixture->folder, "kubeconfig", NULL);
  fixture->socket = g_build_filename (fixture->folder, "socket", NULL);
  fixture->request = g_string_new (NULL);
  fixture->answer = "ok\n";
  g_assert_true (g_file_set_contents (fixture->kubeconfig, "apiVersion: v1\n", -1, NULL));

  fixture->service = g_socket_service_new ();
  address = g_unix_socket_address_new (fixture->socket);
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), address,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                 &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->service, "incoming", G_CALLBACK (incoming_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->service);
  g_clear_object (&fixture->client);
  test_place_remove_tree (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
  g_clear_pointer (&fixture->program, g_free);
  g_clear_pointer (&fixture->kubeconfig, g_free);
  g_clear_pointer (&fixture->socket, g_free);
  g_string_free (fixture->request, TRUE);
}

static JumpPlace *
new_place (Fixture *fixture)
{
  return g_object_new (JUMP_TYPE_PRACTICE, "program", fixture->program, "directory",
                       fixture->folder, NULL);
}

static JumpPlace *
new_connected (Fixture *fixture)
{
  JumpPlace *place = new_place (fixture);
  g_autoptr (GError) error = NULL;

  test_place_connect (place, NULL, &error);
  g_assert_no_error (error);
  return place;
}

/* The process that the script became last. */
static pid_t
read_pid (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "pid", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  return (pid_t)g_ascii_strtoll (text, NULL, 10);
}

static gboolean
is_gone (gpointer pid)
{
  return kill (*(pid_t *)pid, 0) != 0 && errno == ESRCH;
}

static void
assert_start_fails (Fixture *fixture, JumpError code, const char *words)
{
  JumpPlace *place = new_place (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) kept = NULL;
  pid_t pid;

  g_assert_false (test_place_connect (place, NULL, &error));
  g_assert_error (error, JUMP_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
  g_object_get (place, "error", &kept, NULL);
  g_assert_cmpstr (kept->message, ==, error->message);
  pid = read_pid (fixture);
  if (pid != 0)
    test_wait_until (is_gone, &pid, 10, "the program to end");
  test_wait_finalize (place, 5);
}

static void
test_basics (Fixture *fixture, gconstpointer data)
{
  JumpPlace *place;
  g_autofree char *title = NULL;
  g_autofree char *notice = NULL;
  g_autofree char *directory_path = g_build_filename (fixture->folder, "directory", NULL);
  g_autofree char *directory = NULL;
  g_autofree char *id = g_strconcat ("practice:", fixture->folder, NULL);
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) environment = NULL;
  g_auto (GStrv) kubeconfigs = NULL;
  g_autoptr (GBytes) bytes = NULL;
  pid_t pid;

  write_program (fixture, "more=', \"notice\": \"No sandbox here.\"'\n" READY "cat\n");
  place = new_connected (fixture);
  g_object_get (place, "title", &title, "notice", &notice, NULL);
  g_assert_cmpstr (title, ==, "Practice cluster");
  g_assert_cmpstr (notice, ==, "No sandbox here.");
  g_assert_cmpstr (jump_place_get_id (place), ==, id);
  g_assert_true (jump_place_has_prompt_marks (place));
  g_assert_true (g_file_get_contents (directory_path, &directory, NULL, NULL));
  g_assert_cmpstr (g_strchomp (directory), ==, fixture->folder);

  argv = jump_place_dup_terminal_argv (place);
  g_assert_cmpstr (argv[0], ==, "sh");
  g_assert_cmpstr (argv[1], ==, "-l");
  g_assert_null (argv[2]);
  environment = jump_place_dup_terminal_environment (place);
  g_assert_cmpstr (g_environ_getenv (environment, "TERM"), ==, "xterm-256color");

  kubeconfigs = test_place_list_kubeconfigs (place, NULL);
  g_assert_cmpstr (kubeconfigs[0], ==, fixture->kubeconfig);
  g_assert_null (kubeconfigs[1]);
  bytes = test_place_read_file (place, kubeconfigs[0], NULL);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, strlen ("apiVersion: v1\n"));

  pid = read_pid (fixture);
  jump_place_disconnect (place);
  g_assert_true (test_place_is_disconnected (place));
  test_wait_until (is_gone, &pid, 5, "the program to end when its input closes");
  test_wait_finalize (place, 5);
}

static void
test_default_directory (void)
{
  JumpPlace *place = jump_practice_new (NULL);
  g_autofree char *expected =
    g_build_filename (g_get_user_state_dir (), "konvoy-lab", "practice", NULL);
  g_autofree char *directory = NULL;

  g_object_get (place, "directory", &directory, NULL);
  g_assert_cmpstr (directory, ==, expected);
  g_assert_cmpstr (jump_place_get_id (place), ==, "practice");
  test_wait_finalize (place, 5);
}

static void
test_run (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "sh", "-c", "cat; echo \"$1\" >&2; exit 4", "x", "a  'b'", NULL };
  g_autoptr (GBytes) input = g_bytes_new_static ("in", 2);
  g_autoptr (BaseCommandResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  JumpPlace *place;

  write_program (fixture, READY "cat\n");
  place = new_connected (fixture);
  result = test_place_run (place, argv, input, &error);
  g_assert_no_error (error);
  output = test_place_dup_bytes (result->output);
  errors = test_place_dup_bytes (result->errors);
  g_assert_cmpstr (output, ==, "in");
  g_assert_cmpstr (errors, ==, "a  'b'\n");
  g_assert_cmpint (result->exit_status, ==, 4);
  test_wait_finalize (place, 5);
}

/* Killed, it is started again. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  JumpPlace *place;
  g_autoptr (GError) error = NULL;
  pid_t first, second;

  write_program (fixture, "echo 'out of memory' >&2\n" READY "exec cat\n");
  place = new_connected (fixture);
  first = read_pid (fixture);
  kill (first, SIGKILL);
  test_wait_until (test_place_is_disconnected, place, 5, "the place to notice");
  g_object_get (place, "error", &error, NULL);
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "out of memory"));

  test_wait_until (test_place_is_connected, place, 10, "the program to be started again");
  second = read_pid (fixture);
  g_assert_cmpint (first, !=, second);
  test_wait_finalize (place, 5);
  test_wait_until (is_gone, &second, 5, "the program to end with the place");
}

/* One that does not end when it should is killed. */
static void
test_stubborn (Fixture *fixture, gconstpointer data)
{
  JumpPlace *place;
  pid_t pid;

  write_program (fixture, READY "exec sleep 600\n");
  place = new_connected (fixture);
  pid = read_pid (fixture);
  test_wait_finalize (place, 5);
  test_wait_until (is_gone, &pid, 10, "the program to be killed");
}

static void
test_start_fails (Fixture *fixture, gconstpointer data)
{
  write_program (fixture, "echo 'first' >&2\necho 'The disk is full.' >&2\nexit 1\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "The disk is full.");
  write_program (fixture, "exit 0\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "has stopped");
  write_program (fixture, "echo '{\"kubeconfig\": '\ncat\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "did not say");
  write_program (fixture, "echo '{\"kubeconfig\": \"/a\", \"terminal\": [\"sh\"]}'\ncat\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "another version");
  write_program (fixture,
                 "echo '{\"kubeconfig\": 1, \"socket\": \"/a\", \"terminal\": []}'\ncat\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "another version");
  write_program (fixture,
                 "echo '{\"kubeconfig\": \"a\", \"socket\": \"a\", \"terminal\": [1]}'\ncat\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "another version");
  write_program (fixture, "while printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'; do :; done\n");
  assert_start_fails (fixture, JUMP_ERROR_FAILED, "did not say");
  g_unlink (fixture->program);
  assert_start_fails (fixture, JUMP_ERROR_NOT_INSTALLED, "konvoy-practice is missing");
}

static gboolean
has_pid (gpointer fixture)
{
  return read_pid (fixture) != 0;
}

static void
test_start_cancelled (Fixture *fixture, gconstpointer data)
{
  JumpPlace *place = new_place (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  pid_t pid;

  write_program (fixture, "exec cat\n");
  jump_place_connect_async (place, cancellable, test_wait_keep_result, &result);
  test_wait_until (has_pid, fixture, 10, "the program to start");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_false (jump_place_connect_finish (place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pid = read_pid (fixture);
  test_wait_until (is_gone, &pid, 5, "the program to end");
  g_clear_object (&result);
  test_wait_finalize (place, 5);
}

static void
test_reach_api (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) dial = NULL;
  JumpPlace *place;

  write_program (fixture, READY "cat\n");
  place = new_connected (fixture);
  dial = test_place_reach (place, JUMP_TARGET_API, "127.0.0.1", 6443, NULL);
  g_assert_true (G_IS_INET_SOCKET_ADDRESS (dial));
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (dial)), ==, 6443);
  test_wait_finalize (place, 5);
}

static gboolean
has_request (gpointer data)
{
  return strchr (((Fixture *)data)->request->str, '\n') != NULL;
}

static void
test_reach_service (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) dial = NULL;
  g_autoptr (GSocketConnectable) again = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;
  JumpPlace *place;

  write_program (fixture, READY "cat\n");
  place = new_connected (fixture);
  dial = test_place_reach (place, JUMP_TARGET_SERVICE, "lb.example", 6379, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->request->str, ==, "lb.example 6379\n");
  path = g_strdup (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (dial)));
  g_assert_cmpuint (strlen (path), <, 108);
  again = test_place_reach (place, JUMP_TARGET_SERVICE, "lb.example", 6379, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (again)), ==, path);

  /* Bytes flow, with nothing of the greeting among them; one side may end before the other. */
  g_string_truncate (fixture->request, 0);
  fixture->answer = "ok\n+PONG";
  g_socket_client_connect_async (client, dial, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the connection to the relay");
  connection = g_socket_client_connect_finish (client, result, &error);
  g_assert_no_error (error);
  g_clear_object (&result);
  test_wait_until (has_request, fixture, 5, "the relay to dial");
  g_socket_shutdown (g_socket_connection_get_socket (fixture->client), FALSE, TRUE, NULL);
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 100,
                                   G_PRIORITY_DEFAULT, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the service's answer");
  bytes = g_input_stream_read_bytes_finish (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                            result, &error);
  g_assert_no_error (error);
  text = test_place_dup_bytes (bytes);
  g_assert_cmpstr (text, ==, "+PONG");
  g_clear_object (&result);

  /* The place may go while a connection is carried. */
  g_object_add_weak_pointer (G_OBJECT (place), (gpointer *)&place);
  g_object_unref (place);
  g_assert_null (place);
  g_assert_cmpint (g_stat (path, &status), !=, 0);
}

static void
test_reach_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) sentence = NULL;
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) nameless = NULL;
  g_autoptr (GError) closed = NULL;
  JumpPlace *place;

  write_program (fixture, READY "cat\n");
  place = new_connected (fixture);
  fixture->answer = "Nothing listens there.\n";
  g_assert_null (test_place_reach (place, JUMP_TARGET_SERVICE, "10.0.0.1", 80, &sentence));
  g_assert_error (sentence, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_cmpstr (sentence->message, ==, "Nothing listens there.");
  fixture->answer = "Nothing listens there.\nrefused\n";
  g_assert_null (test_place_reach (place, JUMP_TARGET_SERVICE, "10.0.0.1", 80, &refused));
  g_assert_error (refused, JUMP_ERROR, JUMP_ERROR_REFUSED);
  g_assert_cmpstr (refused->message, ==, "Nothing listens there.");
  fixture->answer = "There is no such host.\nnameless\n";
  g_assert_null (test_place_reach (place, JUMP_TARGET_SERVICE, "10.0.0.1", 80, &nameless));
  g_assert_error (nameless, JUMP_ERROR, JUMP_ERROR_NAMELESS);
  g_assert_true (jump_error_is_unreachable (nameless));
  fixture->answer = "";
  g_assert_null (test_place_reach (place, JUMP_TARGET_SERVICE, "10.0.0.1", 80, &closed));
  g_assert_error (closed, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (closed->message, "10.0.0.1:80"));
  test_wait_finalize (place, 5);
}

static void
test_reach_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  JumpPlace *place;

  write_program (fixture, READY "cat\n");
  place = new_connected (fixture);
  fixture->answer = "ok";
  jump_place_reach_async (place, JUMP_TARGET_SERVICE, "10.0.0.1", 80, cancellable,
                          test_wait_keep_result, &result);
  test_wait_until (has_request, fixture, 5, "the request");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_null (jump_place_reach_finish (place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  test_wait_finalize (place, 5);
}

static gboolean
renew_with_note (JumpPlace *place, char **note, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_practice_renew_async (JUMP_PRACTICE (place), NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, TEST_PLACE_SECONDS, "the new cluster");
  return jump_practice_renew_finish (JUMP_PRACTICE (place), result, note, error);
}

static gboolean
renew (JumpPlace *place, GError **error)
{
  g_autofree char *note = NULL;
  gboolean is_new = renew_with_note (place, &note, error);

  g_assert_null (note);
  return is_new;
}

static void
assert_not_renewed (JumpPlace *place, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (renew (place, &error));
  g_assert_cmpstr (error->message, ==, reason);
}

/* What the program says of a failure is passed on, without its name; who is connected stays so. */
static void
test_renew (Fixture *fixture, gconstpointer data)
{
  static const char *const renewing =
    "if [ \"$3\" = reset ]; then . $here/reset; fi\n" READY "cat\n";
  g_autofree char *reset = g_build_filename (fixture->folder, "reset", NULL);
  g_autofree char *begun = g_build_filename (fixture->folder, "begun", NULL);
  g_autofree char *note = NULL;
  g_autoptr (GError) error = NULL;
  JumpPlace *place;

  write_program (fixture, renewing);
  place = new_connected (fixture);
  g_assert_true (g_file_set_contents (
    reset, "echo >&2 one; echo >&2 'konvoy-practice: The disk is full.'; exit 1\n", -1, NULL));
  assert_not_renewed (place, "The disk is full.");
  g_assert_cmpint (jump_place_get_state (place), ==, JUMP_PLACE_CONNECTED);
  g_assert_true (g_file_set_contents (reset, "exit 1\n", -1, NULL));
  assert_not_renewed (place, "Its program ended without saying why.");
  g_assert_true (g_file_set_contents (reset, "kill -9 $$\n", -1, NULL));
  assert_not_renewed (place, "Its program ended without saying why.");

  g_assert_true (g_file_set_contents (reset, "touch $here/begun; exit 0\n", -1, NULL));
  g_assert_true (renew (place, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (begun, G_FILE_TEST_EXISTS));

  /* what is to be told beside it */
  g_assert_true (g_file_set_contents (
    reset, "echo Done.; echo 'The state before is kept as “/x”.'; exit 0\n", -1, NULL));
  g_assert_true (renew_with_note (place, &note, &error));
  g_assert_cmpstr (note, ==, "The state before is kept as “/x”.");
  g_assert_true (g_file_set_contents (reset, "echo Done.; touch $here/begun; exit 0\n", -1, NULL));

  /* one that has ended begins anew all the same */
  jump_place_disconnect (place);
  g_remove (begun);
  g_assert_true (renew (place, &error));
  g_assert_true (g_file_test (begun, G_FILE_TEST_EXISTS));
  g_remove (fixture->program);
  g_assert_false (renew (place, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED);
  test_wait_finalize (place, 5);
}

/* What is the cluster's in the home begins anew with it, and what is the user's stays. */
static void
assert_real_renewal (JumpPlace *place)
{
  const char *changing[] = { "sh", "-c", "echo mine | tee kept > lab/cluster.yaml", NULL };
  const char *reading[] = { "sh", "-c", "cat kept; head -c 5 lab/cluster.yaml", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) changed = test_place_run (place, changing, NULL, &error);
  g_autoptr (BaseCommandResult) read = NULL;
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (changed->exit_status, ==, 0);
  g_assert_true (renew (place, &error));
  g_assert_no_error (error);
  read = test_place_run (place, reading, NULL, &error);
  g_assert_no_error (error);
  output = test_place_dup_bytes (read->output);
  g_assert_true (g_str_has_prefix (output, "mine\n"));
  g_assert_cmpstr (output + strlen ("mine\n"), !=, "mine\n");
  g_assert_cmpuint (strlen (output), ==, strlen ("mine\n") + 5);
}

/* The program itself, from the build tree. */
static void
test_real (void)
{
  const char *argv[] = { "sh", "-c", "cat; exit 3", NULL };
  g_autofree char *folder = g_dir_make_tmp ("jump-practice-XXXXXX", NULL);
  g_autofree char *notice = NULL;
  g_autoptr (GBytes) input = g_bytes_new_static ("hello", 5);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (BaseCommandResult) result = NULL;
  g_autoptr (GSocketConnectable) dial = NULL;
  g_autoptr (GError) closed = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) kubeconfigs = NULL;
  g_autofree char *output = NULL;
  JumpPlace *place = jump_practice_new (folder);

  test_place_connect (place, NULL, &error);
  g_assert_no_error (error);
  kubeconfigs = test_place_list_kubeconfigs (place, NULL);
  bytes = test_place_read_file (place, kubeconfigs[0], &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  result = test_place_run (place, argv, input, &error);
  g_assert_no_error (error);
  output = test_place_dup_bytes (result->output);
  g_assert_cmpstr (output, ==, "hello");
  g_assert_cmpint (result->exit_status, ==, 3);

  /* Where this computer allows no sandbox there is no network of its own either. */
  g_object_get (place, "notice", &notice, NULL);
  if (notice == NULL) {
    dial = test_place_reach (place, JUMP_TARGET_SERVICE, "10.0.0.1", 443, &error);
    g_assert_no_error (error);
    g_assert_true (G_IS_UNIX_SOCKET_ADDRESS (dial));
  }
  g_assert_null (test_place_reach (place, JUMP_TARGET_SERVICE, "127.0.0.1", 1, &closed));
  g_assert_true (jump_error_is_unreachable (closed));
  assert_real_renewal (place);

  g_assert_finalize_object (place);
  test_place_remove_tree (folder);
}

#define ADD(name, func) g_test_add ("/jump/practice/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/jump/practice/default-directory", test_default_directory);
  g_test_add_func ("/jump/practice/real", test_real);
  ADD ("basics", test_basics);
  ADD ("run", test_run);
  ADD ("renew", test_renew);
  ADD ("killed", test_killed);
  ADD ("stubborn", test_stubborn);
  ADD ("start-fails", test_start_fails);
  ADD ("start-cancelled", test_start_cancelled);
  ADD ("reach-api", test_reach_api);
  ADD ("reach-service", test_reach_service);
  ADD ("reach-fails", test_reach_fails);
  ADD ("reach-cancelled", test_reach_cancelled);

  return test_place_run_tests ();
}
