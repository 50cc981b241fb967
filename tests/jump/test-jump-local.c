/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>
#include <unistd.h>

#include "jump-local.h"
#include "test-place.h"

static JumpPlace *
new_connected (const char *kubeconfig)
{
  JumpPlace *place = jump_local_new (kubeconfig);
  g_autoptr (GError) error = NULL;

  test_place_connect (place, NULL, &error);
  g_assert_no_error (error);
  return place;
}

static char *
make_file (const char *folder, const char *name, const char *contents, gssize length)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, contents, length, NULL));
  return path;
}

static void
test_basics (void)
{
  JumpPlace *place = jump_local_new (NULL);
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (jump_place_get_id (place), ==, "local");
  g_object_get (place, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "This computer");
  g_assert_false (jump_place_has_prompt_marks (place));
  g_assert_true (test_place_connect (place, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (test_place_is_connected (place));
  jump_place_disconnect (place);
  g_assert_true (test_place_is_disconnected (place));
  test_wait_finalize (place, 5);
}

static void
test_shell (void)
{
  JumpPlace *place = new_connected (NULL);
  g_autofree char *old = g_strdup (g_getenv ("SHELL"));
  g_auto (GStrv) chosen = NULL;
  g_auto (GStrv) other = NULL;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  chosen = jump_place_dup_terminal_argv (place);
  g_assert_cmpstr (chosen[0], ==, "/bin/sh");
  g_assert_null (chosen[1]);

  g_setenv ("SHELL", "/no/such/shell", TRUE);
  other = jump_place_dup_terminal_argv (place);
  g_assert_cmpstr (other[0], !=, "/no/such/shell");
  g_assert_true (g_file_test (other[0], G_FILE_TEST_IS_EXECUTABLE));

  if (old != NULL)
    g_setenv ("SHELL", old, TRUE);
  else
    g_unsetenv ("SHELL");
  test_wait_finalize (place, 5);
}

static void
test_environment (void)
{
  JumpPlace *plain = new_connected (NULL);
  JumpPlace *chosen = new_connected ("some/config");
  g_autofree char *absolute = g_canonicalize_filename ("some/config", NULL);
  g_auto (GStrv) ours = jump_place_dup_terminal_environment (plain);
  g_auto (GStrv) theirs = jump_place_dup_terminal_environment (chosen);

  g_assert_cmpstr (g_environ_getenv (ours, "TERM"), ==, "xterm-256color");
  g_assert_cmpstr (g_environ_getenv (ours, "KUBECONFIG"), ==, g_getenv ("KUBECONFIG"));
  g_assert_cmpstr (g_environ_getenv (theirs, "KUBECONFIG"), ==, absolute);
  g_assert_cmpstr (g_environ_getenv (theirs, "TERM"), ==, "xterm-256color");
  g_assert_finalize_object (plain);
  g_assert_finalize_object (chosen);
}

static void
test_kubeconfigs (void)
{
  JumpPlace *place = new_connected (NULL);
  g_autofree char *folder = g_dir_make_tmp ("jump-local-XXXXXX", NULL);
  g_autofree char *one = make_file (folder, "one", "1", -1);
  g_autofree char *two = make_file (folder, "two", "2", -1);
  g_autofree char *list = g_strdup_printf (":%s:/no/such/file:%s:", two, one);
  g_autofree char *kube = g_build_filename (g_get_home_dir (), ".kube", NULL);
  g_autofree char *home = NULL;
  g_auto (GStrv) named = NULL;
  g_auto (GStrv) found = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("KUBECONFIG", list, TRUE);
  named = test_place_list_kubeconfigs (place, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (named), ==, 2);
  g_assert_cmpstr (named[0], ==, two);
  g_assert_cmpstr (named[1], ==, one);

  g_setenv ("KUBECONFIG", "/no/such/file", TRUE);
  g_assert_null (test_place_list_kubeconfigs (place, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_unsetenv ("KUBECONFIG");
  g_assert_null (test_place_list_kubeconfigs (place, NULL));
  g_assert_cmpint (g_mkdir_with_parents (kube, 0700), ==, 0);
  home = make_file (kube, "config", "3", -1);
  found = test_place_list_kubeconfigs (place, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (found), ==, 1);
  g_assert_cmpstr (found[0], ==, home);

  test_place_remove_tree (kube);
  test_place_remove_tree (folder);
  test_wait_finalize (place, 5);
}

static void
test_chosen_kubeconfig (void)
{
  JumpPlace *place = new_connected ("/no/such/file");
  g_auto (GStrv) paths = NULL;
  g_autoptr (GError) error = NULL;

  paths = test_place_list_kubeconfigs (place, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (paths[0], ==, "/no/such/file");
  g_assert_null (paths[1]);
  g_assert_null (test_place_read_file (place, paths[0], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "/no/such/file"));
  test_wait_finalize (place, 5);
}

static void
test_read_file (void)
{
  JumpPlace *place = new_connected (NULL);
  g_autofree char *folder = g_dir_make_tmp ("jump-local-XXXXXX", NULL);
  g_autofree char *large = g_malloc0 (1024 * 1024 + 1);
  g_autofree char *small = make_file (folder, "small", "apiVersion: v1\n", -1);
  g_autofree char *empty = make_file (folder, "empty", "", -1);
  g_autofree char *whole = make_file (folder, "whole", large, 1024 * 1024);
  g_autofree char *over = make_file (folder, "over", large, 1024 * 1024 + 1);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) small_bytes = NULL;
  g_autoptr (GBytes) empty_bytes = NULL;
  g_autoptr (GBytes) whole_bytes = NULL;
  g_autoptr (GError) error = NULL;

  small_bytes = test_place_read_file (place, small, &error);
  g_assert_no_error (error);
  text = test_place_dup_bytes (small_bytes);
  g_assert_cmpstr (text, ==, "apiVersion: v1\n");
  empty_bytes = test_place_read_file (place, empty, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (empty_bytes), ==, 0);
  whole_bytes = test_place_read_file (place, whole, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (whole_bytes), ==, 1024 * 1024);

  g_assert_null (test_place_read_file (place, over, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (test_place_read_file (place, folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_null (test_place_read_file (place, pipe, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);

  if (geteuid () != 0) {
    g_assert_cmpint (g_chmod (small, 0), ==, 0);
    g_assert_null (test_place_read_file (place, small, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }

  test_place_remove_tree (folder);
  test_wait_finalize (place, 5);
}

static void
test_run (void)
{
  JumpPlace *place = new_connected ("/some/config");
  const char *argv[] = { "sh", "-c", "cat; printf '%s' \"$KUBECONFIG\" >&2; exit 3", NULL };
  const char *missing[] = { "konvoy-lab-no-such-program", NULL };
  g_autoptr (GBytes) input = g_bytes_new_static ("hello", 5);
  g_autoptr (BaseCommandResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  result = test_place_run (place, argv, input, &error);
  g_assert_no_error (error);
  output = test_place_dup_bytes (result->output);
  g_assert_cmpstr (output, ==, "hello");
  errors = test_place_dup_bytes (result->errors);
  g_assert_cmpstr (errors, ==, "/some/config");
  g_assert_cmpint (result->exit_status, ==, 3);

  g_assert_null (test_place_run (place, missing, NULL, &error));
  g_assert_nonnull (error);
  test_wait_finalize (place, 5);
}

static void
test_run_cancelled (void)
{
  JumpPlace *place = new_connected (NULL);
  const char *argv[] = { "sleep", "60", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  jump_place_run_async (place, argv, NULL, cancellable, test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 10, "the cancelled command");
  g_assert_null (jump_place_run_finish (place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  test_wait_finalize (place, 5);
}

static void
test_reach (void)
{
  JumpPlace *place = new_connected (NULL);
  g_autoptr (GSocketConnectable) dial = NULL;
  g_autoptr (GError) error = NULL;

  dial = test_place_reach (place, JUMP_TARGET_SERVICE, "127.0.0.1", 8080, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (dial)), ==, 8080);
  test_wait_finalize (place, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/jump/local/basics", test_basics);
  g_test_add_func ("/jump/local/shell", test_shell);
  g_test_add_func ("/jump/local/environment", test_environment);
  g_test_add_func ("/jump/local/kubeconfigs", test_kubeconfigs);
  g_test_add_func ("/jump/local/chosen-kubeconfig", test_chosen_kubeconfig);
  g_test_add_func ("/jump/local/read-file", test_read_file);
  g_test_add_func ("/jump/local/run", test_run);
  g_test_add_func ("/jump/local/run-cancelled", test_run_cancelled);
  g_test_add_func ("/jump/local/reach", test_reach);

  return g_test_run ();
}
