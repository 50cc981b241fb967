/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-fixture.h"
#include "lab-terminal-pane.h"
#include "lab-terminal-text.h"
#include "lab-terminal.h"

static gboolean
shows (VteTerminal *terminal, const char *text)
{
  g_autofree char *screen = lab_terminal_dup_text (terminal);

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

static LabBlockItem *
new_item (LabFixture *fixture, const char *text)
{
  CourseSection *section = lab_fixture_get_section (fixture, "second");
  GPtrArray *blocks = course_section_get_blocks (section);
  const CourseBlock *block = g_ptr_array_index (blocks, blocks->len - 1);
  LabBlockItem *item = lab_block_item_new (LAB_BLOCK_CONTENT, section, block,
                                           lab_fixture_get_step (fixture, "second", "three"));

  lab_block_item_set_edited (item, text);

  return item;
}

static gboolean
is_over (gpointer pane)
{
  return !lab_terminal_pane_get_playing (pane);
}

static gboolean
is_done (gpointer step)
{
  return session_step_get_done (step);
}

/* That the pane tells @text, and of which section where another one is open. */
static void
assert_tells (LabFixture *fixture, GtkWidget *pane, const char *text)
{
  LabTerminalPane *terminal_pane = LAB_TERMINAL_PANE (pane);
  g_autofree char *elsewhere = g_strconcat ("Second: ", text, NULL);

  g_assert_nonnull (lab_test_find (pane, GTK_TYPE_LABEL, text));
  lab_terminal_pane_set_section (terminal_pane, lab_fixture_get_section (fixture, "first"));
  g_assert_nonnull (lab_test_find (pane, GTK_TYPE_LABEL, elsewhere));
  lab_terminal_pane_set_section (terminal_pane, lab_fixture_get_section (fixture, "second"));
  g_assert_nonnull (lab_test_find (pane, GTK_TYPE_LABEL, text));
}

/* Several steps, one after the other, until somebody types. */
static void
test_series (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *pane = lab_terminal_pane_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *terminal, *stop;
  SessionStep *step;
  GtkWindow *window;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  lab_fixture_set_up (&fixture);
  step = lab_fixture_get_step (&fixture, "second", "three");
  g_ptr_array_add (items, new_item (&fixture, "cat"));
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  window = lab_test_show (pane);
  terminal = lab_test_find (pane, LAB_TYPE_TERMINAL, NULL);
  jump_place_connect_async (fixture.place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 10, "the place's answer");

  lab_terminal_pane_run_all (LAB_TERMINAL_PANE (pane), items);
  g_assert_true (lab_terminal_pane_get_playing (LAB_TERMINAL_PANE (pane)));
  assert_tells (&fixture, pane, "Running step 1 (1 of 1)");
  /* where the cursor is: nobody has typed that */
  g_signal_emit_by_name (terminal, "commit", "\033[1;1R", 6);
  g_assert_true (lab_terminal_pane_get_playing (LAB_TERMINAL_PANE (pane)));
  g_signal_emit_by_name (terminal, "commit", "x", 1);
  g_assert_false (lab_terminal_pane_get_playing (LAB_TERMINAL_PANE (pane)));
  assert_tells (&fixture, pane, "Stopped at step 1, since you have typed in the terminal.");

  /* in a shell of its own, since the other one is busy */
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), NULL);
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  lab_block_item_set_edited (g_ptr_array_index (items, 0), "false");
  lab_terminal_pane_run_all (LAB_TERMINAL_PANE (pane), items);
  stop = gtk_widget_get_ancestor (lab_test_find (pane, GTK_TYPE_LABEL, "Running step 1 (1 of 1)"),
                                  LAB_TYPE_SERIES_BAR);
  g_signal_emit_by_name (lab_test_find (stop, GTK_TYPE_BUTTON, "_Stop"), "clicked");
  g_assert_false (lab_terminal_pane_get_playing (LAB_TERMINAL_PANE (pane)));

  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), NULL);
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  g_ptr_array_add (items, new_item (&fixture, "true"));
  lab_block_item_set_edited (g_ptr_array_index (items, 0), "echo");
  lab_terminal_pane_run_all (LAB_TERMINAL_PANE (pane), items);
  test_wait_until (is_over, pane, 20, "the series to end");
  test_wait_until (is_done, step, 1, "its step to be done");
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
tells_silence (gpointer bar)
{
  return lab_test_find (bar, GTK_TYPE_LABEL,
                        "Running step 1 (1 of 1). It has printed nothing for a while. Where it "
                        "waits for you, type in the terminal.") != NULL;
}

/* What a step waits for is told beside which it is. */
static void
test_notice (void)
{
  static const char *const argv[] = { "/bin/sh", NULL };
  LabFixture fixture = { 0 };
  g_autoptr (GtkWidget) bar = g_object_ref_sink (lab_series_bar_new ());
  g_autoptr (SessionPty) pty = session_pty_new (FALSE);
  g_autoptr (SessionSeries) series = session_series_new (pty, 10);
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  session_pty_spawn (pty, argv, NULL, 80, 25, &error);
  g_assert_no_error (error);
  session_series_add (series, lab_fixture_get_step (&fixture, "second", "three"), "cat");
  lab_series_bar_play (LAB_SERIES_BAR (bar), series);
  test_wait_until (tells_silence, bar, 20, "the silence to be told");
  lab_series_bar_clear (LAB_SERIES_BAR (bar));
  g_assert_null (lab_test_find (bar, GTK_TYPE_LABEL, "Running step 1 (1 of 1)"));
  session_pty_close (pty);
  lab_fixture_tear_down (&fixture);
}

/* What the window is asked to tell. */
static void
toast_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_ptr_array_add (user_data, g_variant_dup_string (parameter, NULL));
}

static void
listen_for_toasts (GtkWindow *window, GPtrArray *toasts)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("toast", G_VARIANT_TYPE_STRING);

  g_signal_connect (action, "activate", G_CALLBACK (toast_cb), toasts);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (GTK_WIDGET (window), "win", G_ACTION_GROUP (group));
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
is_not_running (gpointer step)
{
  return !session_step_get_running (step);
}

static void
run_to_end (GtkWidget *pane, LabBlockItem *item, const char *text)
{
  SessionStep *step = lab_block_item_get_step (item);

  lab_block_item_set_edited (item, text);
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  test_wait_until (is_not_running, step, 20, text);
}

/* A quote that is open at the prompt is no program: it is dropped, not ended. */
static void
test_unfinished_line (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *pane = lab_terminal_pane_new ();
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LabBlockItem) item = NULL;
  GtkWidget *terminal;
  GtkWindow *window;

  g_setenv ("SHELL", "/bin/bash", TRUE);
  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "true");
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  window = lab_test_show (pane);
  listen_for_toasts (window, toasts);
  terminal = lab_test_find (pane, LAB_TYPE_TERMINAL, NULL);
  jump_place_connect_async (fixture.place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 10, "the place's answer");

  run_to_end (pane, item, "PS0='\\e]133;C\\a'; PS1='\\[\\e]133;A\\a\\]$ '");
  run_to_end (pane, item, "true");
  g_assert_cmpuint (toasts->len, ==, 0);
  g_signal_emit_by_name (terminal, "commit", "echo 'one\r", 10);
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  g_assert_cmpuint (toasts->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (toasts, 0), ==,
                   "A line at the prompt is not finished. Drop it with Ctrl+C, then run the step.");
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

/* Made first, written later. */
static gboolean
is_written (gpointer path)
{
  g_autofree char *content = NULL;

  return g_file_get_contents (path, &content, NULL, NULL) && *content != '\0';
}

/* Each run leaves a letter in a file, and waits for a line. */
static LabBlockItem *
new_waiting_item (LabFixture *fixture, const char *path)
{
  g_autofree char *text = g_strdup_printf ("printf x >> %s && read line", path);

  return new_item (fixture, text);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

/* The second click of two is none; a step is not typed into a program that another one has started,
 * and that is said. When it has ended, steps run again. */
static void
test_run (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *pane = lab_terminal_pane_new ();
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (LabBlockItem) other = NULL;
  g_autofree char *path = NULL;
  g_autofree char *other_path = NULL;
  GtkWidget *terminal;
  SessionStep *step;
  GtkWindow *window;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "runs");
  other_path = lab_fixture_dup_path (&fixture, "other-runs");
  item = new_waiting_item (&fixture, path);
  other = new_waiting_item (&fixture, other_path);
  step = lab_block_item_get_step (item);
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  window = lab_test_show (pane);
  listen_for_toasts (window, toasts);
  terminal = lab_test_find (pane, LAB_TYPE_TERMINAL, NULL);
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  g_assert_cmpuint (toasts->len, ==, 1); /* there is no shell yet */
  jump_place_connect_async (fixture.place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 10, "the place's answer");

  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  test_wait_until (is_written, path, 20, "the step to run");
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  g_assert_cmpuint (toasts->len, ==, 1);
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), other);
  g_assert_cmpuint (toasts->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (toasts, 1), ==,
                   "Another program has the terminal. End it first, then run the step.");

  g_signal_emit_by_name (terminal, "commit", "\n", 1);
  test_wait_until (is_not_running, step, 20, "the step to end");
  assert_content (path, "x");
  g_assert_false (is_there (other_path));
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), other);
  test_wait_until (is_written, other_path, 20, "the other step to run");
  assert_content (other_path, "x");
  assert_content (path, "x");
  g_assert_cmpuint (toasts->len, ==, 2);
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
shows_cat (gpointer terminal)
{
  return shows (terminal, "from cat");
}

/* A program that was started by hand has the terminal for itself, too. */
static void
test_run_by_hand (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *pane = lab_terminal_pane_new ();
  g_autoptr (GPtrArray) toasts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (LabBlockItem) first = NULL;
  g_autoptr (LabBlockItem) item = NULL;
  g_autofree char *path = NULL;
  const char *const command = "sh -c 'printf \"from %s\" cat; cat'\n";
  GtkWidget *terminal;
  GtkWindow *window;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "runs");
  first = new_item (&fixture, "true");
  item = new_waiting_item (&fixture, path);
  lab_terminal_pane_set_lab (LAB_TERMINAL_PANE (pane), fixture.lab);
  window = lab_test_show (pane);
  listen_for_toasts (window, toasts);
  terminal = lab_test_find (pane, LAB_TYPE_TERMINAL, NULL);
  jump_place_connect_async (fixture.place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 10, "the place's answer");
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), first);
  test_wait_until (is_done, lab_block_item_get_step (first), 20, "the first step");

  g_signal_emit_by_name (terminal, "commit", command, (guint)strlen (command));
  test_wait_until (shows_cat, terminal, 20, "the program to run");
  lab_terminal_pane_run (LAB_TERMINAL_PANE (pane), item);
  g_assert_cmpuint (toasts->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (toasts, 0), ==,
                   "Another program has the terminal. End it first, then run the step.");
  g_assert_false (is_there (path));
  gtk_window_destroy (window);
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
  g_test_add_func ("/lab/terminal/series", test_series);
  g_test_add_func ("/lab/terminal/notice", test_notice);
  g_test_add_func ("/lab/terminal/unfinished-line", test_unfinished_line);
  g_test_add_func ("/lab/terminal/run", test_run);
  g_test_add_func ("/lab/terminal/run-by-hand", test_run_by_hand);

  return g_test_run ();
}
