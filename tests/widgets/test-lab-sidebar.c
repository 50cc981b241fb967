/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-cluster.h"
#include "lab-sidebar-row.h"
#include "lab-sidebar.h"

static void
chosen_cb (LabSidebar *sidebar, CourseSection *section, const char **id)
{
  *id = course_section_get_id (section);
}

static void
test_new_destroy (void)
{
  LabSidebar *sidebar = g_object_ref_sink (g_object_new (LAB_TYPE_SIDEBAR, NULL));

  g_assert_finalize_object (sidebar);
}

static void
test_rows (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabSidebar) sidebar = g_object_ref_sink (g_object_new (LAB_TYPE_SIDEBAR, NULL));
  GtkWidget *widget = GTK_WIDGET (sidebar);
  GtkListBox *list;
  const char *chosen = NULL;

  lab_fixture_set_up (&fixture);
  lab_sidebar_set_lab (sidebar, fixture.lab);
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "First"));
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "Rest"));
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "0/2"));
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "0 of 3 steps done"));

  course_progress_mark_done (fixture.progress, "second", "three", 1);
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "1/1"));
  g_assert_nonnull (lab_test_find (widget, GTK_TYPE_LABEL, "1 of 3 steps done"));

  /* the program's own selection is not the user's choice */
  g_signal_connect (sidebar, "section-chosen", G_CALLBACK (chosen_cb), &chosen);
  lab_sidebar_select (sidebar, lab_fixture_get_section (&fixture, "first"));
  g_assert_null (chosen);
  list = GTK_LIST_BOX (lab_test_find (widget, GTK_TYPE_LIST_BOX, NULL));
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 1));
  g_assert_cmpstr (chosen, ==, "second");
  lab_fixture_tear_down (&fixture);
}

/* Tab leaves the list, the arrows move in it. */
static void
test_keyboard (void)
{
  LabFixture fixture = { 0 };
  LabSidebar *sidebar = g_object_new (LAB_TYPE_SIDEBAR, NULL);
  const char *chosen = NULL;
  gboolean moved = FALSE;
  GtkWindow *window;

  lab_fixture_set_up (&fixture);
  lab_sidebar_set_lab (sidebar, fixture.lab);
  lab_sidebar_select (sidebar, lab_fixture_get_section (&fixture, "first"));
  window = lab_test_show (GTK_WIDGET (sidebar));
  gtk_window_set_focus (window, NULL);
  g_signal_connect (sidebar, "section-chosen", G_CALLBACK (chosen_cb), &chosen);

  g_assert_true (gtk_widget_child_focus (GTK_WIDGET (sidebar), GTK_DIR_TAB_FORWARD));
  g_assert_true (LAB_IS_SIDEBAR_ROW (gtk_window_get_focus (window)));
  g_assert_false (gtk_widget_child_focus (GTK_WIDGET (sidebar), GTK_DIR_TAB_FORWARD));
  g_assert_false (gtk_widget_child_focus (GTK_WIDGET (sidebar), GTK_DIR_TAB_BACKWARD));
  g_assert_null (chosen);
  g_signal_emit_by_name (gtk_widget_get_parent (gtk_window_get_focus (window)), "move-cursor",
                         GTK_MOVEMENT_DISPLAY_LINES, 1, FALSE, FALSE, &moved);
  g_assert_cmpstr (chosen, ==, "second");
  gtk_window_destroy (window);
  lab_fixture_tear_down (&fixture);
}

static gboolean
has_fallen (gpointer sidebar)
{
  return lab_test_find (sidebar, GTK_TYPE_LABEL, "1 of 3 steps done, 1 is no longer so") != NULL;
}

static gboolean
has_not_fallen (gpointer sidebar)
{
  return lab_test_find (sidebar, GTK_TYPE_LABEL, "1 of 3 steps done") != NULL;
}

static GtkWidget *
find_warning (GtkWidget *row)
{
  GtkWidget *icon = lab_test_find (row, GTK_TYPE_IMAGE, NULL);

  g_assert_cmpstr (gtk_image_get_icon_name (GTK_IMAGE (icon)), ==, "dialog-warning-symbolic");
  return icon;
}

/* What is done and no longer so is counted, and said, as long as it is not so. */
static void
test_fallen (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabSidebar) sidebar = g_object_ref_sink (g_object_new (LAB_TYPE_SIDEBAR, NULL));
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  GtkWidget *row, *icon;

  lab_fixture_set_up (&fixture);
  course_progress_mark_done (fixture.progress, "first", "one", 1);
  lab_sidebar_set_lab (sidebar, fixture.lab);
  row = gtk_widget_get_ancestor (lab_test_find (GTK_WIDGET (sidebar), GTK_TYPE_LABEL, "First"),
                                 LAB_TYPE_SIDEBAR_ROW);
  icon = find_warning (row);
  g_assert_false (gtk_widget_get_visible (icon));

  /* the service of its check is not there */
  lab_cluster_connect (&fixture, server);
  session_lab_set_open_section (fixture.lab, lab_fixture_get_section (&fixture, "first"));
  test_wait_until (has_fallen, sidebar, 20, "the service to be missed");
  g_assert_true (gtk_widget_get_visible (icon));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (icon), ==, "1 step is no longer so");
  gtk_test_accessible_assert_property (icon, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "1 step is no longer so");
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "1 of 2 steps done, 1 step is no longer so");

  fake_api_server_put_new (server, "services", "default", "redis");
  test_wait_until (has_not_fallen, sidebar, 20, "the service to be seen");
  g_assert_false (gtk_widget_get_visible (icon));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "1 of 2 steps done");
  lab_fixture_tear_down (&fixture);
}

static int
measure (GtkWidget *widget, GtkOrientation orientation)
{
  int natural = 0;

  gtk_widget_measure (widget, orientation, -1, NULL, &natural, NULL, NULL);
  return natural;
}

/* That it is done takes no room from its title, and no title touches the next. */
static void
test_row (void)
{
  LabFixture fixture = { 0 };
  LabSidebarRow *row;
  GtkWidget *title;
  int width;

  lab_fixture_set_up (&fixture);
  row = g_object_ref_sink (
    LAB_SIDEBAR_ROW (lab_sidebar_row_new (lab_fixture_get_section (&fixture, "first"), TRUE)));
  title = lab_test_find (GTK_WIDGET (row), GTK_TYPE_LABEL, "First");
  lab_sidebar_row_set_done (row, 1, 0);
  width = measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL);
  lab_sidebar_row_set_done (row, 2, 0);
  g_assert_cmpint (measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL), <=, width);
  g_assert_cmpint (measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL), >=,
                   measure (title, GTK_ORIENTATION_VERTICAL) + 12);
  /* a section that is done, and yet is not so, is not ticked */
  lab_sidebar_row_set_done (row, 2, 2);
  g_assert_true (gtk_widget_get_visible (lab_test_find (GTK_WIDGET (row), GTK_TYPE_LABEL, "2/2")));
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "2 of 2 steps done, 2 steps are no longer so");
  g_assert_finalize_object (row);
  lab_fixture_tear_down (&fixture);
}

static int
measure_row (CourseSection *section, gboolean numbered)
{
  g_autoptr (GtkWidget) row = g_object_ref_sink (lab_sidebar_row_new (section, numbered));

  return measure (row, GTK_ORIENTATION_HORIZONTAL);
}

/* Where no section has a number, there is no room for one. */
static void
test_unnumbered (void)
{
  LabFixture fixture = { 0 };
  CourseSection *section;

  lab_fixture_set_up (&fixture);
  section = lab_fixture_get_section (&fixture, "second");
  g_assert_cmpint (measure_row (section, FALSE), <, measure_row (section, TRUE));
  lab_fixture_tear_down (&fixture);
}

/* A section that is only read says nothing of steps. */
static void
test_no_steps (void)
{
  LabFixture fixture = { 0 };
  g_autofree char *path = NULL;
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (CourseSection) section = NULL;
  g_autoptr (GtkWidget) row = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "read.md");
  g_file_set_contents (path, "# Read\n\nA text.\n", -1, &error);
  g_assert_no_error (error);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  section = g_list_model_get_item (course_course_get_sections (course), 0);
  row = g_object_ref_sink (lab_sidebar_row_new (section, FALSE));
  g_assert_false (gtk_widget_get_visible (lab_test_find (row, GTK_TYPE_LABEL, "0/0")));
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/sidebar/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/sidebar/rows", test_rows);
  g_test_add_func ("/lab/sidebar/keyboard", test_keyboard);
  g_test_add_func ("/lab/sidebar/row", test_row);
  g_test_add_func ("/lab/sidebar/unnumbered", test_unnumbered);
  g_test_add_func ("/lab/sidebar/no-steps", test_no_steps);
  g_test_add_func ("/lab/sidebar/fallen", test_fallen);

  return g_test_run ();
}
