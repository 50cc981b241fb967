/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-menu.h"
#include "lab-mistakes-window.h"
#include "lab-panel-stack.h"
#include "lab-search-page.h"
#include "lab-terminal-pane.h"
#include "lab-window-exhibit.h"

static GtkWidget *
new_window (void)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());

  return lab_window_new (NULL, settings, scale);
}

static gboolean
is_finished (gpointer window)
{
  return lab_test_find (window, LAB_TYPE_PANEL_STACK, NULL) != NULL;
}

static gboolean
is_offline (gpointer window)
{
  GtkWidget *button = lab_test_find (window, GTK_TYPE_BUTTON, "_Reconnect");

  return button != NULL && gtk_widget_get_mapped (button);
}

static void
test_new_destroy (void)
{
  GtkWidget *window = new_window ();

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (window);
}

/* The terminal and the panels come after the first frame, and a cluster that does not answer is
 * told of in a bar that offers to try again. */
static void
test_open (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();

  g_setenv ("SHELL", "/bin/sh", TRUE);
  lab_fixture_set_up (&fixture);
  lab_window_open (LAB_WINDOW (window), fixture.course, fixture.place, NULL, NULL);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "1 First – Test course");
  g_assert_false (is_finished (window));
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_finished, window, 20, "the panels");
  g_assert_nonnull (lab_test_find (window, LAB_TYPE_TERMINAL_PANE, NULL));
  test_wait_until (is_offline, window, 20, "the bar that offers to reconnect");

  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "second"));
  g_assert_false (lab_window_open_section (LAB_WINDOW (window), "none"));
  g_assert_cmpstr (lab_panel_stack_get_visible_panel (
                     LAB_PANEL_STACK (lab_test_find (window, LAB_TYPE_PANEL_STACK, NULL))),
                   ==, "traffic");
  lab_window_show_toast (LAB_WINDOW (window), "<b>plain & simple</b>");

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_revealed (GtkWidget *window, const char *text)
{
  GtkWidget *label = lab_test_find (window, GTK_TYPE_LABEL, text);

  return label != NULL && gtk_revealer_get_reveal_child (
                            GTK_REVEALER (gtk_widget_get_ancestor (label, GTK_TYPE_REVEALER)));
}

static const char needs[] = "This section builds on “1 First”, which is not done yet.";

/* Whether the whole of the message is to be seen that "second" has. */
static gboolean
is_told (gpointer window)
{
  GtkWidget *label = lab_test_find (window, GTK_TYPE_LABEL, needs);

  return label != NULL && gtk_revealer_get_child_revealed (
                            GTK_REVEALER (gtk_widget_get_ancestor (label, GTK_TYPE_REVEALER)));
}

/* A section says what it builds on, until that is done, and leads there. */
static void
test_needs (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();

  lab_fixture_set_up (&fixture);
  lab_window_open (LAB_WINDOW (window), fixture.course, fixture.place, NULL, NULL);
  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "first"));
  g_assert_false (is_revealed (window, needs));
  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "second"));
  g_assert_true (is_revealed (window, needs));
  g_signal_emit_by_name (lab_test_find (window, GTK_TYPE_BUTTON, "_Go there"), "clicked");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "1 First – Test course");
  g_assert_false (is_revealed (window, needs));

  gtk_window_destroy (GTK_WINDOW (window));
  lab_fixture_tear_down (&fixture);
}

static GtkWidget *
find_close_button (GtkWidget *window)
{
  return gtk_widget_get_next_sibling (lab_test_find (window, GTK_TYPE_BUTTON, "_Go there"));
}

/* A step that is done, of itself maybe, does not make up for what the section builds on. */
static void
test_needs_begun (void)
{
  static const char *const text = "This section builds on “1 First”, which is not done yet.";
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();
  g_autofree char *path = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (SessionLab) lab = NULL;
  g_autoptr (GError) error = NULL;
  CourseSection *section;

  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "02-second.md");
  g_file_set_contents (path,
                       "---\nid: second\ntitle: Second\nneeds: [first]\n---\n# Second\n\n"
                       "```bash {id=three}\necho three\n```\n\n"
                       "```bash {id=four}\necho four\n```\n",
                       -1, &error);
  g_assert_no_error (error);
  course = course_course_load (fixture.dir, &error);
  g_assert_no_error (error);
  lab = session_lab_new (course, fixture.place, fixture.progress, NULL);
  section = course_course_find_section (course, "second");
  course_progress_mark_done (fixture.progress, "second", "three", 1);
  lab_window_exhibit (
    LAB_WINDOW (window), lab,
    session_lab_get_step (lab, section, course_section_find_step (section, "four")), "no reason",
    NULL);
  g_assert_true (is_revealed (window, text));
  course_progress_mark_done (fixture.progress, "second", "four", 1);
  g_assert_false (is_revealed (window, text));
  course_progress_reset (fixture.progress, "second", "four");
  g_assert_true (is_revealed (window, text));
  g_signal_emit_by_name (find_close_button (window), "clicked");
  g_assert_false (is_revealed (window, text));
  course_progress_reset (fixture.progress, "second", "three");
  g_assert_false (is_revealed (window, text));

  gtk_window_destroy (GTK_WINDOW (window));
  session_lab_disconnect (lab);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_found_by_class (GtkWidget *widget)
{
  if (gtk_widget_has_css_class (widget, "found"))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (is_found_by_class (child))
      return TRUE;
  }

  return FALSE;
}

/* The search stands in the place of the text, and leads to any block of the course. */
static void
test_search (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();
  GtkWidget *page, *entry;

  lab_fixture_set_up (&fixture);
  lab_window_open (LAB_WINDOW (window), fixture.course, fixture.place, NULL, NULL);
  g_assert_null (lab_test_find (window, LAB_TYPE_SEARCH_PAGE, NULL));
  gtk_widget_activate_action (window, "win.search", NULL);
  page = lab_test_find (window, LAB_TYPE_SEARCH_PAGE, NULL);
  g_assert_nonnull (page);
  g_assert_true (gtk_widget_get_child_visible (page));
  entry = lab_test_find (page, GTK_TYPE_SEARCH_ENTRY, NULL);
  gtk_editable_set_text (GTK_EDITABLE (entry), "three");
  g_signal_emit_by_name (entry, "search-changed");
  g_signal_emit_by_name (entry, "activate");
  g_assert_false (gtk_widget_get_child_visible (page));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Second – Test course");
  g_assert_true (is_found_by_class (window));

  gtk_window_destroy (GTK_WINDOW (window));
  lab_fixture_tear_down (&fixture);
}

static gboolean
has_footer (gpointer window)
{
  return lab_test_find (window, GTK_TYPE_BUTTON, "Next section") != NULL;
}

static gboolean
has_label (gpointer window)
{
  const char *text = g_object_get_data (window, "label");

  return lab_test_find (window, GTK_TYPE_LABEL, text) != NULL;
}

static gboolean
has_mistake (gpointer window)
{
  return is_revealed (window, g_object_get_data (window, "mistake"));
}

static gboolean
has_no_mistake (gpointer window)
{
  return !has_mistake (window);
}

static void
write_section (LabFixture *fixture, const char *body)
{
  g_autofree char *path = lab_fixture_dup_path (fixture, "01-first.md");
  g_autofree char *text =
    g_strconcat ("---\nid: first\ntitle: 1 First\n---\n# First\n\n", body, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* What the author saves is shown; what has a mistake is not, and says so. */
static void
test_reload (void)
{
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();

  lab_fixture_set_up (&fixture);
  lab_window_open (LAB_WINDOW (window), fixture.course, fixture.place, NULL, NULL);
  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "first"));

  write_section (&fixture, "Written anew.\n\n```bash {id=one}\necho one\n```\n");
  g_object_set_data (G_OBJECT (window), "label", (gpointer) "Written anew.");
  test_wait_until (has_label, window, 20, "the text that was saved");

  g_object_set_data (G_OBJECT (window), "mistake",
                     (gpointer) "The course has changed, and has a mistake now. What you see is as "
                                "it was before. 01-first.md:9: This fence is empty");
  write_section (&fixture, "Broken.\n\n```bash {id=one}\n```\n");
  test_wait_until (has_mistake, window, 20, "the mistake to be said");
  g_assert_true (has_label (window));

  write_section (&fixture, "Mended.\n\n```bash {id=one}\necho one\n```\n");
  g_object_set_data (G_OBJECT (window), "label", (gpointer) "Mended.");
  test_wait_until (has_label, window, 20, "the text that was mended");
  test_wait_until (has_no_mistake, window, 20, "the mistake to be gone");

  /* what works, though not as it was meant, is shown and told */
  g_object_set_data (G_OBJECT (window), "mistake",
                     (gpointer) "The course has changed, and is shown as it is now. 01-first.md:9: "
                                "A step should have an id, so that progress outlives a change");
  write_section (&fixture, "Doubtful.\n\n```bash\necho one\n```\n");
  test_wait_until (has_mistake, window, 20, "the doubt to be said");
  g_object_set_data (G_OBJECT (window), "label", (gpointer) "Doubtful.");
  test_wait_until (has_label, window, 20, "the text that is doubtful");

  gtk_window_destroy (GTK_WINDOW (window));
  lab_fixture_tear_down (&fixture);
}

/* A lab of one page has one title; what is wrong with it can be read later, too. */
static void
test_lone_file (void)
{
  const gpointer type = GSIZE_TO_POINTER (LAB_TYPE_MISTAKES_WINDOW);
  LabFixture fixture = { 0 };
  GtkWidget *window = new_window ();
  g_autofree char *path = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "read.md");
  g_file_set_contents (path, "# Read\n\n```chekc\n- exists: true\n```\n", -1, &error);
  g_assert_no_error (error);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  lab_window_open (LAB_WINDOW (window), course, fixture.place, NULL, NULL);
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_finished, window, 20, "the panels");
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "Read");
  lab_menu_click (window, NULL, "_Mistakes in the course");
  test_wait_until (lab_menu_has_dialog, type, 20, "the mistakes");
  gtk_window_close (GTK_WINDOW (lab_menu_find_dialog (LAB_TYPE_MISTAKES_WINDOW)));
  test_wait_until (lab_menu_has_no_dialog, type, 20, "the mistakes to close");

  gtk_window_destroy (GTK_WINDOW (window));
  lab_fixture_tear_down (&fixture);
}

/* Twice as large letters leave the window as small as the smallest screens are, all its messages
 * told. */
static void
test_large_text (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabSettings) settings = lab_settings_new ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());
  GtkWidget *window = lab_window_new (NULL, settings, scale);
  int minimum;

  lab_fixture_set_up (&fixture);
  lab_text_scale_set_scale (scale, 2.0);
  lab_window_open (LAB_WINDOW (window), fixture.course, fixture.place, NULL, NULL);
  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "first"));
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_finished, window, 20, "the panels");
  test_wait_until (has_footer, window, 20, "all rows of the section");
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%d pixels wide", minimum);
  g_assert_cmpint (minimum, <=, 1024);

  g_assert_true (lab_window_open_section (LAB_WINDOW (window), "second"));
  test_wait_until (is_told, window, 20, "what the section builds on");
  gtk_widget_measure (window, GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
  g_test_message ("%d pixels high", minimum);
  g_assert_cmpint (minimum, <=, 768);

  lab_text_scale_set_scale (scale, 1.0);
  gtk_window_destroy (GTK_WINDOW (window));
  lab_fixture_tear_down (&fixture);
}

/* Its first opening, in the sizes that it takes by itself: no widget of it complains. */
static void
test_shortcuts (void)
{
  g_autoptr (GtkBuilder) builder =
    gtk_builder_new_from_resource ("/io/github/konvoylab/KonvoyLab/gtk/help-overlay.ui");
  GtkWindow *overlay = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/konvoylab/KonvoyLab/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  gtk_window_present (overlay);
  test_wait_until (lab_test_is_drawn, overlay, 20, "the shortcuts");
  g_assert_nonnull (lab_test_find (GTK_WIDGET (overlay), GTK_TYPE_LABEL, "Search the course"));
  gtk_window_destroy (overlay);
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (),
                                                 GTK_STYLE_PROVIDER (provider));
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/window/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/window/open", test_open);

  g_test_add_func ("/lab/window/needs", test_needs);
  g_test_add_func ("/lab/window/needs-begun", test_needs_begun);
  g_test_add_func ("/lab/window/search", test_search);
  g_test_add_func ("/lab/window/shortcuts", test_shortcuts);

  g_test_add_func ("/lab/window/reload", test_reload);
  g_test_add_func ("/lab/window/lone-file", test_lone_file);

  g_test_add_func ("/lab/window/large-text", test_large_text);

  return g_test_run ();
}
