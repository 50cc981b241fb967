/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-command.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "test-wait.h"

#define LIMIT (1024 * 1024)

static BaseCommandResult *
run_full (const char *const *argv,
          const char *const *environment,
          const char *input,
          gsize max_bytes,
          guint timeout_ms,
          GCancellable *cancellable,
          GError **error)
{
  g_autoptr (GBytes) bytes = input != NULL ? g_bytes_new (input, strlen (input)) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  base_command_run_async (argv, environment, bytes, max_bytes, timeout_ms, cancellable,
                          test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the command");

  return base_command_run_finish (result, error);
}

static BaseCommandResult *
run_shell (const char *script, const char *input)
{
  const char *const argv[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  BaseCommandResult *result = run_full (argv, NULL, input, LIMIT, 0, NULL, &error);

  g_assert_no_error (error);
  return result;
}

static void
assert_text (GBytes *bytes, const char *expected)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_streams (void)
{
  g_autoptr (BaseCommandResult) result =
    run_shell ("tr a-z A-Z; echo problem >&2; exit 3", "some text");
  g_autoptr (BaseCommandResult) copy = g_boxed_copy (BASE_TYPE_COMMAND_RESULT, result);

  assert_text (copy->output, "SOME TEXT");
  assert_text (copy->errors, "problem\n");
  g_assert_cmpint (copy->exit_status, ==, 3);
}

static void
test_no_input (void)
{
  g_autoptr (BaseCommandResult) result = run_shell ("cat; echo end", NULL);

  assert_text (result->output, "end\n");
  g_assert_cmpint (result->exit_status, ==, 0);
}

/* More than a pipe holds, which the program does not read. */
static void
test_unread_input (void)
{
  g_autofree char *input = g_strnfill (LIMIT, 'a');
  g_autoptr (BaseCommandResult) result = run_shell ("echo done", input);

  assert_text (result->output, "done\n");
  g_assert_cmpint (result->exit_status, ==, 0);
}

static void
test_much_both_ways (void)
{
  g_autofree char *input = g_strnfill (LIMIT, 'a');
  g_autoptr (BaseCommandResult) result = run_shell ("cat", input);

  assert_text (result->output, input);
}

static void
test_signal (void)
{
  g_autoptr (BaseCommandResult) result = run_shell ("kill -9 $$", NULL);

  g_assert_cmpint (result->exit_status, ==, -1);
}

static void
test_environment (void)
{
  const char *const argv[] = { "/usr/bin/env", NULL };
  const char *const environment[] = { "ONLY=this", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) result = run_full (argv, environment, NULL, LIMIT, 0, NULL, &error);

  g_assert_no_error (error);
  assert_text (result->output, "ONLY=this\n");
}

static void
test_missing_program (void)
{
  const char *const argv[] = { "/nothing/here", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) result = run_full (argv, NULL, NULL, LIMIT, 0, NULL, &error);

  g_assert_null (result);
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
}

static void
test_too_much_output (void)
{
  const char *const argv[] = { "/bin/sh", "-c", "while :; do echo aaaaaaaaaaaaaaaa; done", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) result = run_full (argv, NULL, NULL, 1000, 0, NULL, &error);

  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_exactly_enough_output (void)
{
  const char *const argv[] = { "/bin/sh", "-c", "printf 12345; printf 123456789 >&2", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) result = run_full (argv, NULL, NULL, 5, 0, NULL, &error);

  g_assert_no_error (error);
  assert_text (result->output, "12345");
  assert_text (result->errors, "12345");
}

typedef struct {
  char *path; /* of a file that holds a process number */
  pid_t pid;
} Child;

static gboolean
child_is_known (gpointer data)
{
  Child *child = data;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (child->path, &text, NULL, NULL) || strchr (text, '\n') == NULL)
    return FALSE;

  child->pid = (pid_t)g_ascii_strtoll (text, NULL, 10);
  return TRUE;
}

/* What lost its parent may not have been waited for by the new one. */
static gboolean
child_is_gone (gpointer data)
{
  Child *child = data;
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int)child->pid);
  g_autofree char *text = NULL;

  return !g_file_get_contents (path, &text, NULL, NULL) || strstr (text, ") Z ") != NULL;
}

/* Starts a child that would run for ever, and hands out where it will write its number. */
static void
start_family (Child *child, guint timeout_ms, GCancellable *cancellable, GAsyncResult **result)
{
  g_autofree char *folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", NULL);
  const char *argv[] = { "/bin/sh", "-c", "sleep 1000 & echo $! > \"$0\"; wait", NULL, NULL };

  child->path = g_build_filename (folder, "pid", NULL);
  argv[3] = child->path;
  base_command_run_async (argv, NULL, NULL, LIMIT, timeout_ms, cancellable, test_wait_keep_result,
                          result);
}

static void
finish_family (Child *child)
{
  g_autofree char *folder = g_path_get_dirname (child->path);

  test_wait_until (child_is_gone, child, 10, "the child's child to end");
  g_unlink (child->path);
  g_rmdir (folder);
  g_free (child->path);
}

static void
test_timeout (void)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Child child = { 0 };

  start_family (&child, 700, NULL, &result);
  test_wait_until (child_is_known, &child, 10, "the command to start its child");
  test_wait_for_pointer (&result, 20, "the time limit");

  g_assert_null (base_command_run_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  finish_family (&child);
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  Child child = { 0 };

  start_family (&child, 0, cancellable, &result);
  test_wait_until (child_is_known, &child, 10, "the command to start its child");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 20, "the cancelled command");

  g_assert_null (base_command_run_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  finish_family (&child);
}

static void
test_cancelled_before (void)
{
  const char *const argv[] = { "/bin/true", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) result = NULL;

  g_cancellable_cancel (cancellable);
  result = run_full (argv, NULL, NULL, LIMIT, 0, cancellable, &error);

  g_assert_null (result);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* As ssh with ControlPersist leaves its master behind, with our pipe as its error stream. */
static void
test_child_keeps_stream (void)
{
  g_autoptr (BaseCommandResult) result =
    run_shell ("sleep 1000 >/dev/null & echo $!; exit 0", NULL);
  g_autofree char *text =
    g_strndup (g_bytes_get_data (result->output, NULL), g_bytes_get_size (result->output));
  pid_t pid = (pid_t)g_ascii_strtoll (text, NULL, 10);

  g_assert_cmpint (result->exit_status, ==, 0);
  g_assert_cmpint (pid, >, 1);
  g_assert_no_errno (kill (pid, SIGKILL));
}

/* It must work where the main context is not the default one. */
static gpointer
run_in_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (BaseCommandResult) result = NULL;

  g_main_context_push_thread_default (context);
  result = run_shell ("echo thread", NULL);
  g_main_context_pop_thread_default (context);

  assert_text (result->output, "thread\n");
  return NULL;
}

static void
test_thread (void)
{
  g_thread_join (g_thread_new ("command", run_in_thread, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/command/streams", test_streams);
  g_test_add_func ("/base/command/no-input", test_no_input);
  g_test_add_func ("/base/command/unread-input", test_unread_input);
  g_test_add_func ("/base/command/much-both-ways", test_much_both_ways);
  g_test_add_func ("/base/command/signal", test_signal);
  g_test_add_func ("/base/command/environment", test_environment);
  g_test_add_func ("/base/command/missing-program", test_missing_program);
  g_test_add_func ("/base/command/too-much-output", test_too_much_output);
  g_test_add_func ("/base/command/exactly-enough-output", test_exactly_enough_output);
  g_test_add_func ("/base/command/timeout", test_timeout);
  g_test_add_func ("/base/command/cancel", test_cancel);
  g_test_add_func ("/base/command/cancelled-before", test_cancelled_before);
  g_test_add_func ("/base/command/child-keeps-stream", test_child_keeps_stream);
  g_test_add_func ("/base/command/thread", test_thread);

  return g_test_run ();
}
