/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-shell.h"

static void
feed (SessionShell *shell, const char *data)
{
  session_shell_feed (shell, data, strlen (data));
}

static void
type (SessionShell *shell, const char *data)
{
  session_shell_type (shell, data, strlen (data));
}

static void
count_cb (SessionShell *shell, guint *count)
{
  *count += 1;
}

static void
test_marks (void)
{
  SessionShell *shell = session_shell_new ();
  guint started = 0;

  g_signal_connect (shell, "started", G_CALLBACK (count_cb), &started);
  g_assert_false (session_shell_get_marked (shell));
  g_assert_false (session_shell_get_waiting (shell));
  feed (shell, "welcome\r\n\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_marked (shell));
  g_assert_true (session_shell_get_waiting (shell));
  type (shell, "ls");
  g_assert_true (session_shell_get_dirty (shell));
  g_assert_true (session_shell_get_waiting (shell));
  type (shell, "\r");
  g_assert_false (session_shell_get_waiting (shell));
  feed (shell, "ls\r\n\033]133;C\afile\r\n");
  g_assert_cmpuint (started, ==, 1);
  g_assert_false (session_shell_get_waiting (shell));
  g_assert_cmpint (session_shell_get_exit_status (shell), ==, -1);
  feed (shell, "\033]133;D;2\a\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_waiting (shell));
  g_assert_false (session_shell_get_dirty (shell));
  g_assert_cmpint (session_shell_get_exit_status (shell), ==, 2);
  g_assert_finalize_object (shell);
}

/* Where a prompt ends is marked, or it ends where somebody begins to type. */
static void
test_prompted (void)
{
  g_autoptr (SessionShell) marking = session_shell_new ();
  g_autoptr (SessionShell) other = session_shell_new ();
  guint n = 0;

  g_signal_connect (marking, "prompted", G_CALLBACK (count_cb), &n);
  feed (marking, "\033]133;A\a$ ");
  g_assert_cmpuint (n, ==, 0);
  feed (marking, "\033]133;B\a");
  g_assert_cmpuint (n, ==, 1);
  type (marking, "ls");
  g_assert_cmpuint (n, ==, 1);

  n = 0;
  g_signal_connect (other, "prompted", G_CALLBACK (count_cb), &n);
  type (other, "password\r");
  feed (other, "\033]133;A\a$ ");
  g_assert_cmpuint (n, ==, 0);
  type (other, "l");
  type (other, "s\r");
  g_assert_cmpuint (n, ==, 1);
  feed (other, "ls\r\nfile\r\n\033]133;D;0\a\033]133;A\a$ ");
  type (other, "ls\r");
  g_assert_cmpuint (n, ==, 2);
}

static void
test_directory (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  g_assert_null (session_shell_get_directory (shell));
  feed (shell, "\033]7;file://host/home/ada\a\033]133;A\a$ ");
  g_assert_cmpstr (session_shell_get_directory (shell), ==, "/home/ada");
  feed (shell, "\033]7;file://host/tmp\a\033]133;A\a$ ");
  g_assert_cmpstr (session_shell_get_directory (shell), ==, "/tmp");
  g_assert_cmpstr (session_shell_get_first_directory (shell), ==, "/home/ada");
  /* it is somewhere else, and nobody can say where */
  feed (shell, "\033]7;nowhere\a");
  g_assert_null (session_shell_get_directory (shell));
  g_assert_cmpstr (session_shell_get_first_directory (shell), ==, "/home/ada");
}

/* A line was ended, but the shell wants more of the command: no prompt, so not waiting. */
static void
test_continuation (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  feed (shell, "\033]133;A\a$ \033]133;B\a");
  type (shell, "cat <<EOF\r");
  feed (shell, "cat <<EOF\r\n> ");
  g_assert_false (session_shell_get_waiting (shell));
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_UNKNOWN);
}

/* A shell that marks where commands begin has begun none while it reads more lines of one. */
static void
test_holder (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  feed (shell, "\033[?2004h\033]133;A\a$ \033]133;B\a");
  type (shell, "cat\r");
  feed (shell, "cat\r\n\033[?2004l\r\033]133;C\a");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_PROGRAM);
  /* one with a line editor of its own */
  feed (shell, "\033[?2004h>>> ");
  type (shell, "1\r");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_PROGRAM);
  feed (shell, "\033[?2004l\033]133;D;0\a\033[?2004h\033]133;A\a$ \033]133;B\a");
  type (shell, "echo 'one\r");
  feed (shell, "echo 'one\r\n\033[?2004l\r\033[?2004h> ");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_LINE);
  type (shell, "two\r");
  feed (shell, "two\r\n\033[?2004l\r\033[?2004h> ");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_LINE);
  feed (shell, "^C\r\n\033[?2004l\033]133;D;130\a\033[?2004h\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_waiting (shell));
}

/* One that does not leaves it to what it says of pastes. */
static void
test_holder_without_begin (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  feed (shell, "\033[?2004h\033]133;A\a$ ");
  type (shell, "echo 'one\r");
  feed (shell, "echo 'one\r\n\033[?2004l\r");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_PROGRAM);
  feed (shell, "\033[?2004h> ");
  g_assert_cmpint (session_shell_get_holder (shell), ==, SESSION_HOLDER_UNKNOWN);
}

/* Readline shows a long paste, and the prompt before it once more, before it takes the line. */
static void
test_redrawn (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  feed (shell, "\033]133;D;0\a\033[?2004h\033]133;A\a$ \033]133;B\a");
  type (shell, "\033[200~one \\\rtwo\033[201~\r");
  feed (shell, "\r\033]133;A\a$ \033]133;B\aone \\\r\ntwo");
  g_assert_false (session_shell_get_waiting (shell));
  feed (shell, "\r\n\033[?2004l\r\033]133;C\a");
  g_assert_false (session_shell_get_waiting (shell));
  feed (shell, "\033]133;D;0\a\033[?2004h\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_waiting (shell));
}

/* A line that a program reads ends no line of the shell's. */
static void
test_typed_ahead (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();

  feed (shell, "\033[?2004h\033]133;A\a$ \033]133;B\a");
  type (shell, "telnet\r");
  feed (shell, "telnet\r\n\033[?2004l\r\033]133;C\aConnected\r\n");
  type (shell, "QUIT\r");
  feed (shell, "closed\r\n\033]133;D;1\a\033[?2004h\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_waiting (shell));
  g_assert_cmpint (session_shell_get_exit_status (shell), ==, 1);
}

static void
test_paste (void)
{
  g_autoptr (SessionShell) shell = session_shell_new ();
  guint started = 0;

  g_signal_connect (shell, "started", G_CALLBACK (count_cb), &started);
  feed (shell, "\033[?2004h\033]133;A\a$ \033]133;B\a");
  g_assert_true (session_shell_get_bracketed_paste (shell));
  type (shell, "\033[200~one\rtwo\033[201~");
  g_assert_true (session_shell_get_waiting (shell));
  g_assert_true (session_shell_get_dirty (shell));
  type (shell, "\033[200~one\rtwo\033[201~\r");
  g_assert_false (session_shell_get_waiting (shell));
  feed (shell, "\033[?2004l");
  g_assert_cmpuint (started, ==, 1);
  g_assert_false (session_shell_get_bracketed_paste (shell));
  g_assert_true (session_shell_get_knows_bracketed_paste (shell));
  /* A program's own switching is no begin of a command. */
  feed (shell, "\033[?2004h\033[?2004l");
  g_assert_cmpuint (started, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/shell/marks", test_marks);
  g_test_add_func ("/session/shell/prompted", test_prompted);
  g_test_add_func ("/session/shell/directory", test_directory);
  g_test_add_func ("/session/shell/continuation", test_continuation);
  g_test_add_func ("/session/shell/holder", test_holder);
  g_test_add_func ("/session/shell/holder-without-begin", test_holder_without_begin);
  g_test_add_func ("/session/shell/redrawn", test_redrawn);
  g_test_add_func ("/session/shell/typed-ahead", test_typed_ahead);
  g_test_add_func ("/session/shell/paste", test_paste);
  return g_test_run ();
}
