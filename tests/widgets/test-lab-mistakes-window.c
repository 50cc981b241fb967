/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-fixture.h"
#include "lab-mistakes-window.h"

/* A course whose second section is missing, with a doubt in the first. */
static CourseCourse *
load_course (LabFixture *fixture)
{
  g_autofree char *first = lab_fixture_dup_path (fixture, "01-first.md");
  g_autofree char *second = lab_fixture_dup_path (fixture, "02-second.md");
  g_autoptr (GError) error = NULL;
  CourseCourse *course;

  g_file_set_contents (first, "---\nid: first\ntitle: First\n---\n```bash\nls\n```\n", -1, &error);
  g_assert_no_error (error);
  g_remove (second);
  course = course_course_load (fixture->dir, &error);
  g_assert_no_error (error);
  return course;
}

static void
test_messages (void)
{
  LabFixture fixture = { 0 };
  GtkWindow *parent = GTK_WINDOW (gtk_window_new ());
  g_autoptr (CourseCourse) course = NULL;
  g_auto (GValue) copied = G_VALUE_INIT;
  GtkWidget *window, *mistake, *copy;

  lab_fixture_set_up (&fixture);
  course = load_course (&fixture);
  window = lab_mistakes_window_new (parent, course);
  mistake = lab_test_find (window, GTK_TYPE_LABEL,
                           "There is no file “02-second.md” in the course's folder");
  g_assert_nonnull (mistake);
  g_assert_true (gtk_label_get_selectable (GTK_LABEL (mistake)));
  g_assert_cmpfloat (gtk_label_get_xalign (GTK_LABEL (mistake)), ==, 0);
  g_assert_nonnull (lab_test_find (window, GTK_TYPE_LABEL, "course.yaml, line 6"));
  gtk_test_accessible_assert_property (
    gtk_widget_get_ancestor (mistake, GTK_TYPE_LIST_BOX_ROW), GTK_ACCESSIBLE_PROPERTY_LABEL,
    "course.yaml, line 6: There is no file “02-second.md” in the course's folder");
  g_assert_nonnull (lab_test_find (window, GTK_TYPE_LABEL, "01-first.md, line 5"));

  copy = gtk_window_get_focus (GTK_WINDOW (window));
  gtk_test_accessible_assert_property (copy, GTK_ACCESSIBLE_PROPERTY_LABEL, "Copy all");
  g_signal_emit_by_name (copy, "clicked");
  g_value_init (&copied, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (
    gdk_clipboard_get_content (gtk_widget_get_clipboard (window)), &copied, NULL));
  g_assert_nonnull (strstr (g_value_get_string (&copied), "/course.yaml:6: There is no file"));
  g_assert_nonnull (strstr (g_value_get_string (&copied), "/01-first.md:5: A step should have"));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (window);
  gtk_window_destroy (parent);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/mistakes-window/messages", test_messages);

  return g_test_run ();
}
