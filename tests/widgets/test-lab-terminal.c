/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-fixture.h"
#include "lab-terminal-pane.h"
#include "lab-terminal.h"

static gboolean
shows (VteTerminal *terminal, const char *text)
{
  g_autofree char *screen = vte_terminal_get_text (terminal, NULL, NULL, NULL);

  return screen != NULL && strstr (screen, text) != NULL;
}

static gboolean
shows_hello (gpointer terminal)
{
  return shows (terminal, "hello 41");
}

static gboolean
shows_mask (gpointer terminal)
{
  return shows (terminal, "•••");
}

static void
test_new_destroy (void)
{
  LabTerminal *terminal = g_object_ref_sink (LAB_TERMINAL (lab_terminal_new ()));

  lab_terminal_set_presenting (terminal, TRUE);
  lab_terminal_set_presenting (terminal, FALSE);
  g_assert_finalize_object (terminal);
}

static SessionPty *
spawn (LabTerminal *terminal, const char *command)
{
  const char *argv[] = { "sh", "-c", command, NULL };
  g_autoptr (GError) error = NULL;
  SessionPty *pty = session_pty_new (FALSE);

  lab_terminal_set_pty (terminal, pty);
  g_assert_true (session_pty_spawn (pty, argv, NULL, 80, 24, &error));
  g_assert_no_error (error);

  return pty;
}

static void
test_output (void)
{
  LabTerminal *terminal = LAB_TERMINAL (lab_terminal_new ());
  GtkWindow *window = lab_test_show (GTK_WIDGET (terminal));
  g_autoptr (SessionPty) pty = spawn (terminal, "read x; echo hello $((x + 1))");

  /* what VTE commits reaches the program, and what it prints the screen */
  g_signal_emit_by_name (terminal, "commit", "40\n", 3);
  test_wait_until (shows_hello, terminal, 10, "the answer on the screen");
  lab_terminal_set_pty (terminal, NULL);
  session_pty_close (pty);
  gtk_window_destroy (window);
}

/* More than fits between two frames is all shown in the end. */
static void
test_flood (void)
{
  LabTerminal *terminal = LAB_TERMINAL (lab_terminal_new ());
  GtkWindow *window = lab_test_show (GTK_WIDGET (terminal));
  g_autoptr (SessionPty) pty = spawn (terminal, "seq 300000; echo hello 41");

  test_wait_until (shows_hello, terminal, 60, "the end of the flood");
  lab_terminal_set_pty (terminal, NULL);
  session_pty_close (pty);
  gtk_window_destroy (window);
}

static void
test_presenting (void)
{
  LabTerminal *terminal = LAB_TERMINAL (lab_terminal_new ());
  GtkWindow *window = lab_test_show (GTK_WIDGET (terminal));
  g_autoptr (SessionPty) pty = NULL;

  lab_terminal_set_presenting (terminal, TRUE);
  pty = spawn (terminal, "echo 'password: hunter2secret'");
  test_wait_until (shows_mask, terminal, 10, "the masked line");
  g_assert_false (shows (VTE_TERMINAL (terminal), "hunter2"));
  lab_terminal_set_pty (terminal, NULL);
  session_pty_close (pty);
  gtk_window_destroy (window);
}

static gboolean
has_shell (gpointer pane)
{
  return jump_place_get_state (pane) == JUMP_PLACE_CONNECTED;
}

static void
test_pane (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *pane = lab_terminal_pane_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GtkWindow *window;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  lab_fixture_set_up (&fixture);
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  window = lab_test_show (pane);
  jump_place_connect_async (fixture.place, NULL, test_wait_keep_result, &result);
  test_wait_until (has_shell, fixture.place, 10, "the place to connect");
  test_wait_for_pointer (&result, 10, "the place's answer");
  g_object_add_weak_pointer (G_OBJECT (pane), (gpointer *)&pane);
  gtk_window_destroy (window);
  g_assert_null (pane);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/terminal/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/terminal/output", test_output);
  g_test_add_func ("/lab/terminal/flood", test_flood);
  g_test_add_func ("/lab/terminal/presenting", test_presenting);
  g_test_add_func ("/lab/terminal/pane", test_pane);

  return g_test_run ();
}
