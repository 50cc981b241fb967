/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "test-wait.h"
#include "course-step.h"
#include "session-pty.h"

#define WAIT 20

/* How a shell tells where its prompt is. */
static const char *const MARKS = "PS1='\\[\\e]133;A\\a\\]ready$ \\[\\e]133;B\\a\\]'\n"
                                 "PS0='\\e]133;C\\a'\n"
                                 "PROMPT_COMMAND='printf \"\\e]133;D;%s\\a\" $?'\n";
static const char *const PROMPT_MARKS_ONLY = "PS1='\\[\\e]133;A\\a\\]ready$ \\[\\e]133;B\\a\\]'\n"
                                             "PROMPT_COMMAND='printf \"\\e]133;D;%s\\a\" $?'\n";
/* What can be done to a Bash that has no PS0, such as that of CentOS 7. */
static const char *const MARKS_OF_COMMAND =
  "PS1='ready$ '\nPROMPT_COMMAND='printf \"\\e]133;D;%s\\a\\e]133;A\\a\" $?'\n";
static const char *const NO_PASTE = "bind 'set enable-bracketed-paste off'\n";

typedef struct {
  char *folder;
  char *rc;
  SessionPty *pty;
  GString *output;
  int exited; /* -1: not yet */
} Fixture;

static void
output_cb (SessionPty *pty, GBytes *bytes, Fixture *fixture)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_string_append_len (fixture->output, data, length);
}

static void
exited_cb (SessionPty *pty, int status, Fixture *fixture)
{
  fixture->exited = status;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("konvoy-pty-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->rc = g_build_filename (fixture->folder, "rc", NULL);
  fixture->output = g_string_new (NULL);
  fixture->exited = -1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->pty != NULL) {
    session_pty_close (fixture->pty);
    g_assert_finalize_object (fixture->pty);
  }
  g_remove (fixture->rc);
  g_rmdir (fixture->folder);
  g_string_free (fixture->output, TRUE);
  g_free (fixture->rc);
  g_free (fixture->folder);
}

static void
spawn (Fixture *fixture, gboolean has_marks, const char *const *argv)
{
  g_autofree char *home = g_strdup_printf ("HOME=%s", fixture->folder);
  const char *const environment[] = { home, "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8",
                                      "HISTFILE=", NULL };
  g_autoptr (GError) error = NULL;

  fixture->pty = session_pty_new (has_marks);
  g_signal_connect (fixture->pty, "output", G_CALLBACK (output_cb), fixture);
  g_signal_connect (fixture->pty, "exited", G_CALLBACK (exited_cb), fixture);
  session_pty_spawn (fixture->pty, argv, environment, 200, 50, &error);
  g_assert_no_error (error);
  g_assert_true (session_pty_get_alive (fixture->pty));
}

/* Bash with the lines of @rc1 and @rc2 (nullable) for its start. */
static void
spawn_bash (Fixture *fixture, gboolean has_marks, const char *rc1, const char *rc2)
{
  const char *const argv[] = { "bash", "--noprofile", "--rcfile", fixture->rc, "-i", NULL };
  g_autofree char *rc = g_strconcat (rc1 != NULL ? rc1 : "PS1='ready$ '\n", rc2, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (fixture->rc, rc, -1, &error);
  g_assert_no_error (error);
  spawn (fixture, has_marks, argv);
}

static gboolean
run_full (Fixture *fixture,
          const char *text,
          GPtrArray *inputs,
          guint timeout_ms,
          int *status,
          GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_pty_run_async (fixture->pty, text, inputs, timeout_ms, NULL, test_wait_keep_result,
                         &result);
  test_wait_for_pointer (&result, WAIT, text);
  return session_pty_run_finish (fixture->pty, result, status, error);
}

static int
run (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  int status = -2;

  g_string_truncate (fixture->output, 0);
  run_full (fixture, text, NULL, WAIT * 1000, &status, &error);
  g_assert_no_error (error);
  return status;
}

static void
assert_printed (Fixture *fixture, const char *text)
{
  if (strstr (fixture->output->str, text) == NULL) {
    g_autofree char *escaped = g_strescape (fixture->output->str, NULL);

    g_error ("\"%s\" was not printed, but \"%s\"", text, escaped);
  }
}

static gboolean
is_printed (gpointer data)
{
  gpointer *pair = data;

  return strstr (((GString *)pair[0])->str, pair[1]) != NULL;
}

static void
wait_printed (Fixture *fixture, const char *text)
{
  gpointer pair[2] = { fixture->output, (gpointer)text };

  test_wait_until (is_printed, pair, WAIT, text);
}

static gboolean
is_busy (gpointer data)
{
  return session_pty_get_busy (data);
}

static gboolean
is_idle (gpointer data)
{
  return !session_pty_get_busy (data);
}

/* The whole of what a step needs, whatever the shell tells of itself. */
static void
check_shell (Fixture *fixture, gboolean has_marks)
{
  int unknown = has_marks ? 0 : -1;

  g_assert_cmpint (run (fixture, "echo o''ne"), ==, unknown);
  assert_printed (fixture, "one\r\n");
  g_assert_cmpint (run (fixture, "sleep 0.5; echo t''wo\n\n"), ==, unknown);
  assert_printed (fixture, "two\r\n");
  g_assert_cmpint (run (fixture, "cat <<EOF | tr a-z A-Z\nfrom\n\ta here document\nEOF"), ==,
                   unknown);
  assert_printed (fixture, "FROM\r\n\tA HERE DOCUMENT\r\n");
  g_assert_cmpint (run (fixture, "sleep 0.4\necho th''ree\nsleep 0.4\necho fo''ur"), ==, unknown);
  assert_printed (fixture, "three\r\n");
  assert_printed (fixture, "four\r\n");
  g_assert_cmpint (run (fixture, "for i in 1 2 3 4; do\n  sleep 0.2\ndone; echo fi''ve"), ==,
                   unknown);
  assert_printed (fixture, "five\r\n");
  g_assert_cmpint (run (fixture, "false"), ==, has_marks ? 1 : -1);
  g_assert_cmpint (run (fixture, "cd /tmp && pwd"), ==, unknown);
  assert_printed (fixture, "/tmp\r\n");
}

static void
test_marks (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  check_shell (fixture, TRUE);
}

/* A text that is longer than the screen is shown whole, and is what the shell gets. */
static void
test_tall (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("cat <<EOF | md5sum\n");
  g_autoptr (GString) shown = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *sum = NULL;

  for (guint i = 0; i < 30; i++)
    g_string_append_printf (lines, "\tline %u%*s\n", i, (int)i * 4, "x");
  g_string_append_printf (text, "%sEOF", lines->str);
  shown = g_string_new (text->str);
  g_string_replace (shown, "\n", "\r\n", 0);
  sum = g_compute_checksum_for_string (G_CHECKSUM_MD5, lines->str, -1);
  spawn_bash (fixture, TRUE, MARKS, NULL);
  session_pty_set_size (fixture->pty, 60, 10);
  g_assert_cmpint (run (fixture, text->str), ==, 0);
  g_string_append_printf (shown, "\r\n\033[?2004l\r");
  assert_printed (fixture, shown->str);
  assert_printed (fixture, sum);
  /* all else comes as it is */
  g_assert_cmpint (run (fixture, "echo o''ne"), ==, 0);
  assert_printed (fixture, "one\r\n");
}

static void
test_prompt_marks_only (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, PROMPT_MARKS_ONLY, NULL);
  check_shell (fixture, TRUE);
}

static void
test_marks_no_paste (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NO_PASTE);
  check_shell (fixture, TRUE);
}

static void
test_prompt_marks_no_paste (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, PROMPT_MARKS_ONLY, NO_PASTE);
  check_shell (fixture, TRUE);
}

static void
test_command_marks (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS_OF_COMMAND, NULL);
  check_shell (fixture, TRUE);
}

static void
test_command_marks_no_paste (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS_OF_COMMAND, NO_PASTE);
  check_shell (fixture, TRUE);
}

/* Bracketed paste is there, and then it is not. */
static void
test_paste_goes (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS_OF_COMMAND, NULL);
  run (fixture, "true");
  session_pty_write (fixture->pty, NO_PASTE, -1);
  wait_printed (fixture, "off'\r\n");
  /* An empty line before the prompt is there would be no sign: it might go to the command. */
  g_string_erase (fixture->output, 0,
                  strstr (fixture->output->str, "off'\r\n") - fixture->output->str);
  wait_printed (fixture, "ready$ ");
  session_pty_write (fixture->pty, "\r", -1);
  test_wait_until (is_idle, fixture->pty, WAIT, "the shell to wait");
  check_shell (fixture, TRUE);
}

static void
test_no_marks (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, FALSE, NULL, NULL);
  check_shell (fixture, FALSE);
}

static void
test_no_marks_no_paste (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, FALSE, NULL, NO_PASTE);
  check_shell (fixture, FALSE);
}

static void
test_sh (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-i", NULL };

  spawn (fixture, FALSE, argv);
  check_shell (fixture, FALSE);
}

/* A place that promised marks, and a shell that makes none. */
static void
test_marks_missing (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, NULL, NULL);
  g_assert_cmpint (run (fixture, "sleep 0.5; echo o''ne"), ==, -1);
  assert_printed (fixture, "one\r\n");
}

static void
input_free (gpointer data)
{
  CourseInput *input = data;

  g_free (input->text);
  g_free (input->after);
  g_free (input);
}

static GPtrArray *
new_inputs (void)
{
  return g_ptr_array_new_with_free_func (input_free);
}

static void
add_input (GPtrArray *inputs, const char *text, const char *after)
{
  CourseInput *input = g_new0 (CourseInput, 1);

  input->text = g_strdup (text);
  input->after = g_strdup (after);
  g_ptr_array_add (inputs, input);
}

static void
check_inputs (Fixture *fixture, gboolean has_marks)
{
  g_autoptr (GPtrArray) inputs = new_inputs ();
  g_autoptr (GPtrArray) unused = new_inputs ();
  g_autoptr (GError) error = NULL;
  int status;

  add_input (inputs, "Ada", "Name?");
  add_input (inputs, "blue", "Colour?");
  add_input (inputs, "yes", NULL);
  run_full (fixture,
            "sh -c 'printf \"\\033[1mNa\\033[0mme?\\n\"; read n; sleep 0.3; echo Colour?; read c; "
            "read s; echo $n:$c:$s; exit 3'",
            inputs, WAIT * 1000, &status, &error);
  g_assert_no_error (error);
  assert_printed (fixture, "Ada:blue:yes\r\n");
  g_assert_cmpint (status, ==, has_marks ? 3 : -1);

  /* The program ends without asking. */
  add_input (unused, "lost", "Password:");
  run_full (fixture, "true", unused, WAIT * 1000, &status, &error);
  g_assert_no_error (error);
}

static void
test_inputs (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  check_inputs (fixture, TRUE);
}

static void
test_inputs_no_marks (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, FALSE, NULL, NO_PASTE);
  check_inputs (fixture, FALSE);
}

static void
check_refused (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (run_full (fixture, text, NULL, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_hidden_input (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) inputs = new_inputs ();
  g_autoptr (GError) error = NULL;

  spawn_bash (fixture, TRUE, MARKS, NULL);
  add_input (inputs, "qu\u2066it", NULL);
  g_assert_false (run_full (fixture, "cat", inputs, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "U+2066"));
}

static void
test_control_characters (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  check_refused (fixture, "echo \033[201~\r");
  check_refused (fixture, "echo \r");
  check_refused (fixture, "echo \003");
  check_refused (fixture, "echo \177");
  check_refused (fixture, "echo \302\205");
  check_refused (fixture, "echo \u202ereversed\u202c");
  check_refused (fixture, "echo a\u200bb");
  check_refused (fixture, "echo \377");
}

static void
check_busy (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  run (fixture, "true");
  g_assert_false (session_pty_get_busy (fixture->pty));
  session_pty_write (fixture->pty, "sh -c 'echo g\"\"o; read line'\r", -1);
  test_wait_until (is_busy, fixture->pty, WAIT, "the terminal to be busy");
  g_assert_false (run_full (fixture, "true", NULL, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  wait_printed (fixture, "go\r\n");
  session_pty_write (fixture->pty, "\r", -1);
  test_wait_until (is_idle, fixture->pty, WAIT, "the shell to wait");
  run (fixture, "true");
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  check_busy (fixture);
}

static void
test_busy_no_marks (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, FALSE, NULL, NULL);
  check_busy (fixture);
}

/* What stands at the prompt is no part of the step's command. */
static void
test_leftover (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  run (fixture, "true");
  session_pty_write (fixture->pty, "rm -r nothing ", -1);
  g_assert_cmpint (run (fixture, "echo o''nly"), ==, 0);
  assert_printed (fixture, "only\r\n");
}

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  spawn_bash (fixture, TRUE, MARKS, NULL);
  run (fixture, "true");
  g_assert_false (
    run_full (fixture, "sh -c 'echo be''gun; exec sleep 1000'", NULL, 300, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  /* A key is for whoever is in the foreground when it comes. */
  wait_printed (fixture, "begun");
  g_assert_true (session_pty_get_busy (fixture->pty));
  session_pty_write (fixture->pty, "\003", -1);
  test_wait_until (is_idle, fixture->pty, WAIT, "the shell after Ctrl+C");
  g_assert_cmpint (run (fixture, "true"), ==, 0);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  spawn_bash (fixture, TRUE, MARKS, NULL);
  session_pty_run_async (fixture->pty, "echo be''gun; sleep 1000", NULL, 0, cancellable,
                         test_wait_keep_result, &result);
  wait_printed (fixture, "begun");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, WAIT, "the cancelled run");
  g_assert_false (session_pty_run_finish (fixture->pty, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_close_while_running (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  spawn_bash (fixture, TRUE, MARKS, NULL);
  session_pty_run_async (fixture->pty, "sleep 1000", NULL, 0, NULL, test_wait_keep_result, &result);
  session_pty_close (fixture->pty);
  g_assert_false (session_pty_get_alive (fixture->pty));
  test_wait_for_pointer (&result, WAIT, "the run");
  g_assert_false (session_pty_run_finish (fixture->pty, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_clear_object (&result);
  g_assert_false (run_full (fixture, "true", NULL, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static gboolean
has_exited (gpointer data)
{
  return ((Fixture *)data)->exited != -1;
}

static void
test_exit (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-c", "stty size; tty; echo last words; exit 7", NULL };

  spawn (fixture, FALSE, argv);
  test_wait_until (has_exited, fixture, WAIT, "the child to end");
  g_assert_true (WIFEXITED (fixture->exited));
  g_assert_cmpint (WEXITSTATUS (fixture->exited), ==, 7);
  assert_printed (fixture, "50 200\r\n");
  assert_printed (fixture, "last words\r\n");
  g_assert_null (strstr (fixture->output->str, "not a tty"));
  g_assert_false (session_pty_get_alive (fixture->pty));
  g_assert_false (session_pty_get_busy (fixture->pty));
}

static void
test_spawn_fails (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "/nonexistent/shell", NULL };
  g_autoptr (SessionPty) pty = session_pty_new (FALSE);
  g_autoptr (GError) error = NULL;

  g_assert_false (session_pty_spawn (pty, argv, NULL, 80, 25, &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  g_assert_false (session_pty_get_alive (pty));
}

static void
test_resize (Fixture *fixture, gconstpointer data)
{
  spawn_bash (fixture, TRUE, MARKS, NULL);
  run (fixture, "stty size");
  assert_printed (fixture, "50 200\r\n");
  session_pty_set_size (fixture->pty, 100, 30);
  run (fixture, "stty size");
  assert_printed (fixture, "30 100\r\n");
}

/* Only the terminal is handed on, and signals are what a shell expects them to be. */
static void
test_clean_child (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-c",
                               "ls -1 /proc/self/fd; grep Sig[BI] /proc/self/status; "
                               "echo $TERM; echo end",
                               NULL };

  signal (SIGPIPE, SIG_IGN);
  spawn (fixture, FALSE, argv);
  wait_printed (fixture, "end\r\n");
  /* 3 is the folder that ls reads. */
  assert_printed (fixture, "0\r\n1\r\n2\r\n3\r\nSig");
  assert_printed (fixture, "SigBlk:\t0000000000000000\r\nSigIgn:\t0000000000000000\r\n");
  assert_printed (fixture, "xterm-256color\r\n");
}

static gboolean
is_full (gpointer data)
{
  return ((Fixture *)data)->output->len >= 100000;
}

/* A program that prints for ever stands still while the screen lags. */
static void
test_paused (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-c", "yes", NULL };
  gsize before;

  spawn (fixture, FALSE, argv);
  test_wait_until (is_full, fixture, WAIT, "output");
  session_pty_set_paused (fixture->pty, TRUE);
  before = fixture->output->len;
  for (guint i = 0; i < 100; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (fixture->output->len, ==, before);
  g_string_truncate (fixture->output, 0);
  session_pty_set_paused (fixture->pty, FALSE);
  test_wait_until (is_full, fixture, WAIT, "output after the pause");
}

/* More than the kernel takes at once, to a program that reads late. */
static void
test_write_queue (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-c",
                               "stty -icanon -echo; echo go; read x; sleep 0.3; "
                               "head -c 1000000 | wc -c",
                               NULL };
  g_autofree char *much = g_strnfill (1000000, 'x');

  spawn (fixture, FALSE, argv);
  wait_printed (fixture, "go\r\n");
  session_pty_write (fixture->pty, "\n", -1);
  session_pty_write (fixture->pty, much, 1000000);
  wait_printed (fixture, "1000000\r\n");
}

static gboolean
is_gone (gpointer data)
{
  return kill (GPOINTER_TO_INT (data), 0) != 0;
}

/* A child that does not mind SIGHUP is killed, also where nobody holds the terminal any more. */
static void
test_stubborn (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "sh", "-c", "trap '' HUP; echo pid $$.; while :; do sleep 1; done",
                               NULL };
  int pid;

  spawn (fixture, FALSE, argv);
  wait_printed (fixture, ".");
  pid = atoi (strstr (fixture->output->str, "pid ") + 4);
  g_assert_cmpint (pid, >, 1);
  g_assert_finalize_object (g_steal_pointer (&fixture->pty));
  test_wait_until (is_gone, GINT_TO_POINTER (pid), WAIT, "the child to be killed");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/pty/marks", test_marks },
    { "/session/pty/tall", test_tall },
    { "/session/pty/prompt-marks-only", test_prompt_marks_only },
    { "/session/pty/marks-no-paste", test_marks_no_paste },
    { "/session/pty/prompt-marks-no-paste", test_prompt_marks_no_paste },
    { "/session/pty/command-marks", test_command_marks },
    { "/session/pty/command-marks-no-paste", test_command_marks_no_paste },
    { "/session/pty/paste-goes", test_paste_goes },
    { "/session/pty/no-marks", test_no_marks },
    { "/session/pty/no-marks-no-paste", test_no_marks_no_paste },
    { "/session/pty/sh", test_sh },
    { "/session/pty/marks-missing", test_marks_missing },
    { "/session/pty/inputs", test_inputs },
    { "/session/pty/inputs-no-marks", test_inputs_no_marks },
    { "/session/pty/control-characters", test_control_characters },
    { "/session/pty/hidden-input", test_hidden_input },
    { "/session/pty/busy", test_busy },
    { "/session/pty/busy-no-marks", test_busy_no_marks },
    { "/session/pty/leftover", test_leftover },
    { "/session/pty/timeout", test_timeout },
    { "/session/pty/cancel", test_cancel },
    { "/session/pty/close-while-running", test_close_while_running },
    { "/session/pty/exit", test_exit },
    { "/session/pty/spawn-fails", test_spawn_fails },
    { "/session/pty/resize", test_resize },
    { "/session/pty/clean-child", test_clean_child },
    { "/session/pty/paused", test_paused },
    { "/session/pty/write-queue", test_write_queue },
    { "/session/pty/stubborn", test_stubborn },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
