/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-check-row.h"
#include "lab-cluster.h"
#include "lab-step-card.h"
#include "session-check-private.h"

static const CourseBlock *
find_block (LabFixture *fixture, const char *id)
{
  GPtrArray *blocks = course_section_get_blocks (lab_fixture_get_section (fixture, "first"));

  for (guint i = 0; i < blocks->len; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    if (block->type == COURSE_BLOCK_STEP &&
        (id == NULL ? !course_step_get_runnable (block->step)
                    : g_strcmp0 (course_step_get_id (block->step), id) == 0))
      return block;
  }
  g_assert_not_reached ();
}

static LabBlockItem *
new_item (LabFixture *fixture, const char *id)
{
  CourseSection *section = lab_fixture_get_section (fixture, "first");
  const CourseBlock *block = find_block (fixture, id);

  return lab_block_item_new (LAB_BLOCK_CONTENT, section, block,
                             session_lab_get_step (fixture->lab, section, block->step));
}

static void
count_cb (LabStepCard *card, guint *n)
{
  (*n)++;
}

static void
test_new_destroy (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  LabStepCard *card;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = g_object_ref_sink (LAB_STEP_CARD (lab_step_card_new (item, clock)));
  g_assert_finalize_object (card);
  lab_fixture_tear_down (&fixture);
}

static void
test_parts (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  GtkWidget *run;
  guint n = 0;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "Step 1"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo one"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_EXPANDER, "Expected output"));
  g_assert_nonnull (lab_test_find (card, LAB_TYPE_CHECK_ROW, NULL));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "There is a service"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "Not checked yet"));

  g_signal_connect (card, "run", G_CALLBACK (count_cb), &n);
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  gtk_test_accessible_assert_property (run, GTK_ACCESSIBLE_PROPERTY_LABEL, "Run step 1");
  g_signal_emit_by_name (run, "clicked");
  g_assert_cmpuint (n, ==, 1);
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

static void
test_forms (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  const CourseFacts old = { .kubernetes = "v1.15.2" };
  const CourseFacts new = { .kubernetes = "v1.30.0" };
  GtkWidget *forms;
  GtkStringList *titles;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "two");
  lab_block_item_set_facts (item, &new);
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo new"));
  gtk_expander_set_expanded (
    GTK_EXPANDER (lab_test_find (card, GTK_TYPE_EXPANDER, "Expected output")), TRUE);
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "new, today"));
  lab_block_item_set_facts (item, &old);
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo old"));
  /* each form has an output of its own */
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "old"));
  g_assert_null (lab_test_find (card, GTK_TYPE_LABEL, "new, today"));

  /* what the reader picks stays, whatever is learned of the cluster later */
  forms = lab_test_find (card, GTK_TYPE_DROP_DOWN, NULL);
  titles = GTK_STRING_LIST (gtk_drop_down_get_model (GTK_DROP_DOWN (forms)));
  g_assert_cmpstr (gtk_string_list_get_string (titles, 0), ==, "Kubernetes before 1.22");
  g_assert_cmpstr (gtk_string_list_get_string (titles, 1), ==, "Kubernetes from 1.22");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (forms), 1);
  g_assert_cmpstr (lab_block_item_get_form (item)->text, ==, "echo new");
  lab_block_item_set_facts (item, &old);
  g_assert_cmpstr (lab_block_item_get_form (item)->text, ==, "echo new");
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

/* Whoever hears the names of a page's parts one after the other knows of which step each is. */
static void
test_names (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (LabBlockItem) example = NULL;
  g_autoptr (GtkWidget) card = NULL;
  g_autoptr (GtkWidget) example_card = NULL;
  GtkWidget *run;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "two");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  gtk_test_accessible_assert_property (lab_test_find (card, GTK_TYPE_EXPANDER, "Expected output"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Expected output of step 2");
  gtk_test_accessible_assert_property (lab_test_find (card, GTK_TYPE_DROP_DOWN, NULL),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Form of step 2");

  example = new_item (&fixture, NULL);
  example_card = g_object_ref_sink (lab_step_card_new (example, clock));
  gtk_test_accessible_assert_property (example_card, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Example: rm -r x");
  run =
    gtk_widget_get_ancestor (lab_test_find (example_card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  gtk_test_accessible_assert_property (gtk_widget_get_prev_sibling (run),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy the example: rm -r x");
  g_clear_object (&card);
  g_clear_object (&example_card);
  lab_fixture_tear_down (&fixture);
}

/* What the reader makes of the text is what is typed, and never the course's. */
static void
test_edit (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  const CourseFacts old = { .kubernetes = "v1.15.2" };
  GtkTextBuffer *buffer;
  GtkWidget *edit, *run, *put_back;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "two");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  edit = gtk_widget_get_prev_sibling (gtk_widget_get_prev_sibling (run));
  gtk_test_accessible_assert_property (edit, GTK_ACCESSIBLE_PROPERTY_LABEL, "Edit step 2");
  g_assert_null (lab_test_find (card, GTK_TYPE_TEXT_VIEW, NULL));
  g_assert_cmpstr (lab_block_item_get_text (item), ==, "echo old");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), TRUE);
  buffer =
    gtk_text_view_get_buffer (GTK_TEXT_VIEW (lab_test_find (card, GTK_TYPE_TEXT_VIEW, NULL)));
  g_assert_null (lab_test_find (card, GTK_TYPE_LABEL, "Put the course's back"));
  gtk_text_buffer_set_text (buffer, "echo 'mine'\n\tbytes ", -1);
  put_back = lab_test_find (card, GTK_TYPE_BUTTON, "Put the course's back");
  g_assert_cmpstr (lab_block_item_get_text (item), ==, "echo 'mine'\n\tbytes ");
  g_assert_cmpstr (lab_block_item_get_form (item)->text, ==, "echo old");
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_parent (put_back)));
  /* what is learned of the cluster does not take it away */
  lab_block_item_set_facts (item, &old);
  g_assert_nonnull (lab_block_item_get_edited (item));
  gtk_text_buffer_set_text (buffer, " \n", -1);
  g_assert_false (gtk_widget_get_sensitive (run));

  g_signal_emit_by_name (put_back, "clicked");
  g_assert_null (lab_block_item_get_edited (item));
  g_assert_false (gtk_widget_get_visible (gtk_widget_get_parent (put_back)));
  g_assert_true (gtk_widget_get_sensitive (run));
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, (int)strlen ("echo old"));

  gtk_text_buffer_set_text (buffer, "echo mine", -1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), FALSE);
  g_assert_null (lab_test_find (card, GTK_TYPE_TEXT_VIEW, NULL));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "echo mine"));
  lab_block_item_set_form_index (item, 1);
  g_assert_cmpstr (lab_block_item_get_text (item), ==, "echo new");
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

/* A command that is shown in another order than it is run in, in all the ways to read it. */
static void
test_hidden (void)
{
  static const char *const SHOWN = "echo ⟨U+202E⟩reversed⟨U+202C⟩";
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  g_auto (GValue) copied = G_VALUE_INIT;
  GtkTextBuffer *buffer;
  GtkWidget *copy, *edit;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  lab_block_item_set_edited (item, "echo \u202ereversed\u202c");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, SHOWN));

  copy = gtk_widget_get_prev_sibling (
    gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON));
  gtk_test_accessible_assert_property (copy, GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy step 1");
  g_signal_emit_by_name (copy, "clicked");
  g_value_init (&copied, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (
    gdk_clipboard_get_content (gtk_widget_get_clipboard (card)), &copied, NULL));
  g_assert_cmpstr (g_value_get_string (&copied), ==, SHOWN);

  edit = gtk_widget_get_prev_sibling (copy);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (edit), TRUE);
  buffer =
    gtk_text_view_get_buffer (GTK_TEXT_VIEW (lab_test_find (card, GTK_TYPE_TEXT_VIEW, NULL)));
  g_assert_cmpint (gtk_text_buffer_get_char_count (buffer), ==, (int)g_utf8_strlen (SHOWN, -1));
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

static void
test_forget (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  GtkWidget *forget;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "two");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  g_assert_null (lab_test_find (card, GTK_TYPE_LABEL, "Done"));
  course_progress_mark_done (fixture.progress, "first", "two", 1);
  forget = gtk_widget_get_next_sibling (lab_test_find (card, GTK_TYPE_LABEL, "Done"));
  gtk_test_accessible_assert_property (forget, GTK_ACCESSIBLE_PROPERTY_LABEL, "Forget step 2");
  g_assert_true (gtk_widget_get_visible (forget));
  g_signal_emit_by_name (forget, "clicked");
  g_assert_false (gtk_widget_get_visible (forget));
  g_assert_cmpint (course_progress_get_done_at (fixture.progress, "first", "two"), ==, 0);
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

/* The keyboard goes through a card and out of it, both ways; what is folded away is passed by. */
static void
test_keyboard (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  GtkWidget *card, *expander, *label, *run, *copy;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = lab_step_card_new (item, clock);
  window = lab_test_show (card);
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  copy = gtk_widget_get_prev_sibling (run);
  lab_step_card_focus_run (LAB_STEP_CARD (card));
  g_assert_true (gtk_window_get_focus (window) == run);
  g_assert_true (gtk_widget_child_focus (card, GTK_DIR_TAB_BACKWARD));
  g_assert_true (gtk_window_get_focus (window) == copy);
  g_assert_true (gtk_widget_child_focus (card, GTK_DIR_TAB_BACKWARD));
  g_assert_true (gtk_window_get_focus (window) == gtk_widget_get_prev_sibling (copy));
  g_assert_false (gtk_widget_child_focus (card, GTK_DIR_TAB_BACKWARD));
  g_assert_false (gtk_widget_grab_focus (card));

  expander = lab_test_find (card, GTK_TYPE_EXPANDER, "Expected output");
  g_assert_true (gtk_widget_grab_focus (expander));
  g_assert_false (gtk_widget_child_focus (expander, GTK_DIR_TAB_FORWARD));
  gtk_expander_set_expanded (GTK_EXPANDER (expander), TRUE);
  test_wait_until (lab_test_is_drawn, gtk_expander_get_child (GTK_EXPANDER (expander)), 20,
                   "the output");
  g_assert_true (gtk_widget_child_focus (expander, GTK_DIR_TAB_FORWARD));
  /* a table is scrolled, not wrapped */
  label = lab_test_find (gtk_expander_get_child (GTK_EXPANDER (expander)), GTK_TYPE_LABEL, "one");
  g_assert_nonnull (label);
  g_assert_false (gtk_label_get_wrap (GTK_LABEL (label)));
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_waiting (gpointer check)
{
  return session_check_get_state (check) == SESSION_CHECK_WAITING;
}

static gboolean
is_passed (gpointer check)
{
  return session_check_get_state (check) == SESSION_CHECK_PASSED;
}

/* The hint is for one who has run the step and waited for a while; not for others. */
static void
test_hint (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  GtkWidget *page = gtk_scrolled_window_new ();
  GtkWidget *card, *head, *hint;
  GtkWindow *window;
  SessionStep *step;
  SessionCheck *check;
  gint64 begun_at;

  lab_fixture_set_up (&fixture);
  lab_cluster_connect (&fixture, server);
  session_lab_set_open_section (fixture.lab, lab_fixture_get_section (&fixture, "first"));
  item = new_item (&fixture, "one");
  step = lab_block_item_get_step (item);
  check = g_ptr_array_index (session_step_get_checks (step), 0);
  card = lab_step_card_new (item, clock);
  /* as in a page: a card that grows does not make the window grow */
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (page), card);
  window = lab_test_show (page);
  hint = lab_test_find (card, GTK_TYPE_LABEL, "Create it first");
  test_wait_until (is_waiting, check, 20, "the check to wait");

  /* it looks on for long before the step is run */
  lab_clock_set_now (clock, session_check_get_since (check) + 600);
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, "Waiting for 10 min"));
  g_assert_false (gtk_widget_get_visible (hint));

  session_check_begin (check);
  begun_at = session_check_get_begun_at (check);
  lab_clock_set_now (clock, begun_at + 19);
  g_assert_false (gtk_widget_get_visible (hint));
  lab_clock_set_now (clock, begun_at + 20);
  g_assert_true (gtk_widget_get_visible (hint));
  test_wait_until (lab_test_is_drawn, hint, 20, "the hint to be drawn");

  /* somebody helps */
  fake_api_server_put_new (server, "services", "default", "redis");
  test_wait_until (is_passed, check, 20, "the check to pass");
  g_assert_false (gtk_widget_get_visible (hint));
  g_assert_true (session_step_get_done (step));

  /* no longer so: the step stays done, and it is said, in its head, too, with what mends it */
  fake_api_server_remove (server, "services", "default", "redis");
  test_wait_until (is_waiting, check, 20, "the check to turn false");
  lab_clock_set_now (clock, session_check_get_since (check) + 600);
  head = lab_test_find (card, GTK_TYPE_LABEL, "Done, no longer so");
  g_assert_nonnull (head);
  g_assert_null (gtk_widget_get_ancestor (head, LAB_TYPE_CHECK_ROW));
  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (gtk_widget_get_prev_sibling (head))), ==,
                   "dialog-warning-symbolic");
  g_assert_true (
    g_str_has_prefix (session_check_get_detail (check), "the service default/redis is gone"));
  g_assert_nonnull (lab_test_find (card, GTK_TYPE_LABEL, session_check_get_detail (check)));
  g_assert_true (gtk_widget_get_visible (hint));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (hint)), ==,
                   "To have it so again, run step 1 again.");
  g_assert_true (session_step_get_done (step));

  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static SessionPty *
open_terminal (void)
{
  const char *const argv[] = { "/bin/bash", "--norc", "--noprofile", "-i", NULL };
  SessionPty *pty = session_pty_new (FALSE);
  g_autoptr (GError) error = NULL;

  session_pty_spawn (pty, argv, NULL, 80, 25, &error);
  g_assert_no_error (error);
  return pty;
}

static void
assert_shows (GtkWidget *card, const char *text, const char *name, gboolean busy)
{
  GtkWidget *label = lab_test_find (card, GTK_TYPE_LABEL, text);

  g_assert_nonnull (label);
  g_assert_true (gtk_widget_get_visible (label));
  g_assert_true (gtk_widget_get_visible (gtk_widget_get_prev_sibling (label)));
  gtk_test_accessible_assert_property (card, GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  gtk_test_accessible_assert_state (card, GTK_ACCESSIBLE_STATE_BUSY, busy);
}

static gboolean
is_done (gpointer step)
{
  return session_step_get_done (step);
}

/* A step says what it is doing all the time, also while it is proven anew. */
static void
test_state (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  g_autoptr (SessionPty) pty = open_terminal ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  SessionStep *step;

  lab_fixture_set_up (&fixture);
  fake_api_server_put_new (server, "services", "default", "redis");
  lab_cluster_connect (&fixture, server);
  session_lab_set_open_section (fixture.lab, lab_fixture_get_section (&fixture, "first"));
  item = new_item (&fixture, "one");
  step = lab_block_item_get_step (item);
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  test_wait_until (is_done, step, 20, "the step to be done");
  assert_shows (card, "Done", "Step 1, done", FALSE);

  session_step_forget (step);
  g_assert_null (lab_test_find (card, GTK_TYPE_LABEL, "Running…"));
  gtk_test_accessible_assert_property (card, GTK_ACCESSIBLE_PROPERTY_LABEL, "Step 1");
  session_step_run_async (step, pty, NULL, 20000, NULL, test_wait_keep_result, &result);
  assert_shows (card, "Running…", "Step 1, running", TRUE);
  test_wait_for_pointer (&result, 20, "the step to end");
  session_step_run_finish (step, result, NULL, &error);
  g_assert_no_error (error);
  assert_shows (card, "Checking…", "Step 1, checking", TRUE);
  test_wait_until (is_done, step, 20, "the step to be proven anew");
  assert_shows (card, "Done", "Step 1, done", FALSE);
  session_pty_close (pty);
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

/* One that was run, and cannot be looked at, is not done. */
static void
test_not_yet (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  g_autoptr (GtkWidget) card = NULL;
  g_autoptr (SessionPty) pty = open_terminal ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, "one");
  card = g_object_ref_sink (lab_step_card_new (item, clock));
  session_step_run_async (lab_block_item_get_step (item), pty, NULL, 20000, NULL,
                          test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the step to end");
  session_step_run_finish (lab_block_item_get_step (item), result, NULL, &error);
  g_assert_no_error (error);
  assert_shows (card, "Not done yet", "Step 1, not done yet", FALSE);
  session_pty_close (pty);
  g_clear_object (&card);
  lab_fixture_tear_down (&fixture);
}

static void
test_example (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabClock) clock = lab_clock_new ();
  g_autoptr (LabBlockItem) item = NULL;
  GtkWidget *card, *run;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  item = new_item (&fixture, NULL);
  card = lab_step_card_new (item, clock);
  window = lab_test_show (card);
  run = gtk_widget_get_ancestor (lab_test_find (card, GTK_TYPE_LABEL, "Run"), GTK_TYPE_BUTTON);
  g_assert_false (gtk_widget_get_visible (run));
  /* the keyboard is not lost to what nobody sees */
  gtk_window_set_focus (window, NULL);
  g_assert_true (gtk_widget_child_focus (card, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_get_visible (gtk_window_get_focus (window)));
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/step-card/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/step-card/parts", test_parts);
  g_test_add_func ("/lab/step-card/forms", test_forms);
  g_test_add_func ("/lab/step-card/names", test_names);
  g_test_add_func ("/lab/step-card/edit", test_edit);
  g_test_add_func ("/lab/step-card/hidden", test_hidden);
  g_test_add_func ("/lab/step-card/forget", test_forget);
  g_test_add_func ("/lab/step-card/keyboard", test_keyboard);
  g_test_add_func ("/lab/step-card/hint", test_hint);
  g_test_add_func ("/lab/step-card/state", test_state);
  g_test_add_func ("/lab/step-card/not-yet", test_not_yet);
  g_test_add_func ("/lab/step-card/example", test_example);

  return g_test_run ();
}
