/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-camera.h"
#include "lab-fixture.h"
#include "lab-step-card.h"
#include "lab-terminal-text.h"
#include "lab-terminal.h"
#include "lab-window-exhibit.h"

#define SCREEN "$ echo old\r\n\033[31mold\033[0m\r\n$ "

/* Its pixels are not all alike. */
static void
load_picture (const char *path, int *width, int *height)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_file (file, &error);
  g_autofree guint32 *pixels = NULL;
  gsize n, i = 1;

  g_assert_no_error (error);
  *width = gdk_texture_get_width (texture);
  *height = gdk_texture_get_height (texture);
  n = (gsize)*width * (gsize)*height;
  pixels = g_new (guint32, n);
  gdk_texture_download (texture, (guchar *)pixels, (gsize)*width * 4);
  while (i < n && pixels[i] == pixels[0])
    i++;
  g_assert_cmpuint (i, <, n);
}

static gboolean
take (
  SessionCamera *camera, SessionStep *step, const char *screen, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_camera_take_async (camera, step, "It did not work", screen, path, NULL,
                             test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "the picture");

  return session_camera_take_finish (camera, result, error);
}

static guint
count_windows (void)
{
  return g_list_model_get_n_items (gtk_window_get_toplevels ());
}

static gboolean
has_no_window (gpointer data)
{
  return count_windows () == 0;
}

/* A picture of a window, which is gone then; the lab is as it was. */
static void
test_take (void)
{
  LabFixture fixture = { 0 };
  SessionCamera *camera;
  g_autofree char *path = NULL;
  g_autofree char *nowhere = NULL;
  g_autoptr (GError) error = NULL;
  int width, height;

  lab_fixture_set_up (&fixture);
  camera = SESSION_CAMERA (lab_camera_new (fixture.lab));
  path = lab_fixture_dup_path (&fixture, "two.png");
  g_assert_true (
    take (camera, lab_fixture_get_step (&fixture, "first", "two"), SCREEN, path, &error));
  g_assert_no_error (error);
  test_wait_until (has_no_window, NULL, 20, "the window to go");
  load_picture (path, &width, &height);
  g_assert_cmpint (width, >=, 900);
  g_assert_cmpint (height, >=, 600);

  /* another one, which no file takes */
  nowhere = lab_fixture_dup_path (&fixture, "none/three.png");
  g_assert_false (
    take (camera, lab_fixture_get_step (&fixture, "second", "three"), NULL, nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);

  g_assert_cmpint (session_lab_get_state (fixture.lab), ==, SESSION_LAB_OFFLINE);
  g_assert_cmpint (jump_place_get_state (fixture.place), ==, JUMP_PLACE_DISCONNECTED);
  test_wait_until (has_no_window, NULL, 20, "the window to go");
  g_assert_finalize_object (camera);
  lab_fixture_tear_down (&fixture);
}

static gboolean
is_settled (gpointer window)
{
  return lab_window_get_settled (window);
}

/* (nullable): the card that is marked */
static GtkWidget *
find_marked (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *found = gtk_widget_has_css_class (child, "found") ? child : find_marked (child);

    if (found != NULL)
      return found;
  }

  return NULL;
}

static gboolean
is_in_sight (gpointer window)
{
  GtkWidget *marked = find_marked (window);
  GtkWidget *scroller = gtk_widget_get_ancestor (marked, GTK_TYPE_SCROLLED_WINDOW);
  graphene_rect_t bounds;

  return gtk_widget_compute_bounds (marked, scroller, &bounds) && bounds.origin.y >= 0 &&
         bounds.origin.y + bounds.size.height <= gtk_widget_get_height (scroller);
}

/* The window has the step in sight and marked, says why it failed, and shows the terminal, with
 * nobody behind it. */
static void
test_exhibit (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabSettings) settings = lab_settings_new_unsaved ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());
  GtkWidget *window = lab_window_new (NULL, settings, scale);
  GtkWidget *marked, *terminal;
  g_autofree char *text = NULL;

  lab_fixture_set_up (&fixture);
  g_assert_false (lab_window_get_settled (LAB_WINDOW (window)));
  lab_window_exhibit (LAB_WINDOW (window), fixture.lab,
                      lab_fixture_get_step (&fixture, "first", "two"), "It did not work", SCREEN);
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_settled, window, 20, "the window to be settled");

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "1 First – Test course");
  g_assert_nonnull (
    lab_test_find (window, GTK_TYPE_LABEL, "Step 2 failed in the rehearsal: It did not work"));
  marked = find_marked (window);
  g_assert_nonnull (marked);
  g_assert_nonnull (lab_test_find (marked, GTK_TYPE_LABEL, "Step 2"));
  test_wait_until (is_in_sight, window, 20, "the step to be in sight");
  terminal = lab_test_find (window, LAB_TYPE_TERMINAL, NULL);
  text = lab_terminal_dup_text (VTE_TERMINAL (terminal));
  g_assert_true (g_str_has_prefix (text, "$ echo old\nold\n$"));
  g_assert_cmpint (session_lab_get_state (fixture.lab), ==, SESSION_LAB_OFFLINE);
  g_assert_null (session_lab_get_error (fixture.lab));

  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (window);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/camera/take", test_take);
  g_test_add_func ("/lab/camera/exhibit", test_exhibit);

  return g_test_run ();
}
