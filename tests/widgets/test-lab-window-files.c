/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "base-json.h"
#include "lab-fixture.h"
#include "lab-menu.h"
#include "lab-pdf.h"
#include "lab-window.h"

/* What the main menu writes into files: the course on paper, and the student's record. */

/* No file can be made there, whoever one is. */
#define NOWHERE "/proc"

#define STUDENT "Ann Test"

/* The window is made once, which takes longer than most of what is done in it. */
typedef struct {
  LabFixture base;
  GtkWidget *window;
  char *progress_path;
} Fixture;

static gboolean
is_finished (gpointer window)
{
  return lab_test_find (window, GTK_TYPE_LABEL, "Services") != NULL;
}

/* What the window finds when it is opened. */
static void
write_progress (Fixture *fixture)
{
  g_autoptr (CourseProgress) progress = NULL;

  fixture->progress_path = course_progress_dup_default_path (
    course_course_get_id (fixture->base.course), jump_place_get_id (fixture->base.place), STUDENT);
  progress = course_progress_new (fixture->progress_path);

  course_progress_mark_done (progress, "first", "one", 1600000000);
  course_progress_save (progress);
  g_assert_no_error (course_progress_get_error (progress));
}

static void
set_up (Fixture *fixture)
{
  g_autoptr (LabSettings) settings = lab_settings_new_unsaved ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());

  lab_fixture_set_up (&fixture->base);
  write_progress (fixture);
  fixture->window = lab_window_new (NULL, settings, scale);
  lab_window_open (LAB_WINDOW (fixture->window), fixture->base.course, fixture->base.place, NULL,
                   STUDENT);
  g_assert_true (lab_window_open_section (LAB_WINDOW (fixture->window), "second"));
  gtk_window_present (GTK_WINDOW (fixture->window));
  test_wait_until (is_finished, fixture->window, 20, "the panels");
}

static void
tear_down (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_remove (fixture->progress_path);
  g_clear_pointer (&fixture->progress_path, g_free);
  lab_fixture_tear_down (&fixture->base);
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* Files are written at once and whole. */
static char *
load (Fixture *fixture, const char *name, gsize *length)
{
  g_autofree char *path = lab_fixture_dup_path (&fixture->base, name);
  g_autoptr (GError) error = NULL;
  char *bytes;

  test_wait_until (is_there, path, 20, name);
  g_file_get_contents (path, &bytes, length, &error);
  g_assert_no_error (error);

  return bytes;
}

static guint
count_saved_pages (Fixture *fixture, const char *name)
{
  gsize length;
  g_autofree char *bytes = load (fixture, name, &length);

  return lab_pdf_count_pages (bytes, length);
}

static void
test_save_pdf (gconstpointer data)
{
  Fixture *fixture = (Fixture *)data;

  lab_menu_click (fixture->window, "_Print", "_Save this section as PDF…");
  lab_menu_save_as (fixture->base.dir, "section.pdf");
  lab_menu_wait_for_toast (fixture->window, "Saved as “section.pdf”.");
  g_assert_cmpuint (count_saved_pages (fixture, "section.pdf"), ==, 1);

  lab_menu_click (fixture->window, "_Print", "Save the _whole course as PDF…");
  lab_menu_save_as (NOWHERE, "course.pdf");
  lab_menu_wait_for_message ("The file cannot be saved",
                             "Choose another folder, and save it again.");
}

static void
save_record (Fixture *fixture, const char *folder, const char *name)
{
  lab_menu_click (fixture->window, NULL, "Save the _record…");
  lab_menu_save_as (folder, name);
}

static JsonNode *
find_step (JsonNode *record, const char *section, const char *step)
{
  JsonArray *sections = base_json_get_array (record, "sections", NULL);

  for (guint i = 0; i < json_array_get_length (sections); i++) {
    JsonNode *one = json_array_get_element (sections, i);
    JsonArray *steps = base_json_get_array (one, "steps", NULL);

    if (g_strcmp0 (base_json_get_string (one, "id", NULL), section) != 0)
      continue;
    for (guint j = 0; j < json_array_get_length (steps); j++) {
      JsonNode *other = json_array_get_element (steps, j);

      if (g_strcmp0 (base_json_get_string (other, "id", NULL), step) == 0)
        return other;
    }
  }

  return NULL;
}

/* For readers, for paper, for programs, by the file's name; for its student alone. */
static void
test_record (gconstpointer data)
{
  Fixture *fixture = (Fixture *)data;
  g_autofree char *html = NULL;
  g_autofree char *json = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) record = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  save_record (fixture, fixture->base.dir, "record.html");
  html = load (fixture, "record.html", NULL);
  g_assert_true (g_str_has_prefix (html, "<!DOCTYPE html>"));
  g_assert_nonnull (strstr (html, "Test course"));
  g_assert_nonnull (strstr (html, STUDENT));
  g_assert_nonnull (strstr (html, "There is a service"));
  path = lab_fixture_dup_path (&fixture->base, "record.html");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  save_record (fixture, fixture->base.dir, "record.json");
  json = load (fixture, "record.json", NULL);
  record = json_from_string (json, &error);
  g_assert_no_error (error);
  g_test_message ("%s", json);
  g_assert_cmpstr (base_json_get_string (record, "student", NULL), ==, STUDENT);
  g_assert_nonnull (find_step (record, "first", "one"));
  g_assert_true (
    json_object_has_member (json_node_get_object (find_step (record, "first", "one")), "doneAt"));
  g_assert_false (json_object_has_member (
    json_node_get_object (find_step (record, "second", "three")), "doneAt"));

  save_record (fixture, fixture->base.dir, "record.pdf");
  g_assert_cmpuint (count_saved_pages (fixture, "record.pdf"), ==, 1);

  save_record (fixture, NOWHERE, "record.html");
  lab_menu_wait_for_message ("The record cannot be saved",
                             "Choose another folder, and save it again.");
}

/* A chooser that is left writes nothing, and another one can be opened. */
static void
test_cancel (gconstpointer data)
{
  Fixture *fixture = (Fixture *)data;
  const gpointer type = GSIZE_TO_POINTER (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autofree char *path = lab_fixture_dup_path (&fixture->base, "test-course.html");

  lab_menu_click (fixture->window, NULL, "Save the _record…");
  test_wait_until (lab_menu_has_dialog, type, 20, "the file chooser");
  gtk_dialog_response (GTK_DIALOG (lab_menu_find_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG)),
                       GTK_RESPONSE_CANCEL);
  test_wait_until (lab_menu_has_no_dialog, type, 20, "the file chooser to close");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* (nullable): the desktop's dialog, which GTK declares in a library's part of its own */
static GtkWidget *
find_print_dialog (void)
{
  GType type = g_type_from_name ("GtkPrintUnixDialog");

  return type != G_TYPE_INVALID ? lab_menu_find_dialog (type) : NULL;
}

/* Picks the only printer there is, once it is there. */
static gboolean
has_printer (gpointer data)
{
  GtkWidget *dialog = find_print_dialog ();
  GtkWidget *view = dialog != NULL ? lab_test_find (dialog, GTK_TYPE_COLUMN_VIEW, NULL) : NULL;
  g_autoptr (GObject) printer = NULL;

  if (view == NULL)
    return FALSE;
  gtk_selection_model_select_item (gtk_column_view_get_model (GTK_COLUMN_VIEW (view)), 0, TRUE);
  g_object_get (dialog, "selected-printer", &printer, NULL);

  return printer != NULL;
}

static gboolean
has_no_print_dialog (gpointer data)
{
  return find_print_dialog () == NULL;
}

static gboolean
is_printed (gpointer path)
{
  g_autofree char *bytes = NULL;
  gsize length;

  return g_file_get_contents (path, &bytes, &length, NULL) &&
         lab_pdf_count_pages (bytes, length) > 0;
}

/* The printer here is a file: GTK writes output.pdf where the program is. */
static void
test_print (gconstpointer data)
{
  Fixture *fixture = (Fixture *)data;
  g_autofree char *path = lab_fixture_dup_path (&fixture->base, "output.pdf");

  g_assert_cmpint (g_chdir (fixture->base.dir), ==, 0);
  lab_menu_click (fixture->window, "_Print", "Print the whole _course…");
  test_wait_until (has_printer, NULL, 20, "the printer");
  gtk_dialog_response (GTK_DIALOG (find_print_dialog ()), GTK_RESPONSE_OK);
  test_wait_until (has_no_print_dialog, NULL, 20, "the dialog to close");
  test_wait_until (is_printed, path, 20, "what is printed");
  g_assert_cmpuint (count_saved_pages (fixture, "output.pdf"), ==, 2);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
}

int
main (int argc, char **argv)
{
  Fixture fixture = { 0 };
  int status;

  g_setenv ("SHELL", "/bin/sh", TRUE);
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_object_set (gtk_settings_get_default (), "gtk-print-backends", "file", "gtk-enable-animations",
                FALSE, NULL);
  g_test_add_data_func ("/lab/window-files/save-pdf", &fixture, test_save_pdf);
  g_test_add_data_func ("/lab/window-files/cancel", &fixture, test_cancel);
  g_test_add_data_func ("/lab/window-files/record", &fixture, test_record);
  g_test_add_data_func ("/lab/window-files/print", &fixture, test_print);

  set_up (&fixture);
  status = g_test_run ();
  tear_down (&fixture);

  return status;
}
