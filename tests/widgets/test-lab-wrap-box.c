/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-wrap-box.h"

#define N 6
#define WIDTH 80
#define HEIGHT 20

static LabWrapBox *
new_box (void)
{
  LabWrapBox *box = g_object_ref_sink (g_object_new (LAB_TYPE_WRAP_BOX, NULL));

  for (guint i = 0; i < N; i++) {
    GtkWidget *child = gtk_drawing_area_new ();

    gtk_widget_set_size_request (child, WIDTH, HEIGHT);
    lab_wrap_box_append (box, child);
  }

  return box;
}

static int
height_for (LabWrapBox *box, int width)
{
  int minimum;

  gtk_widget_measure (GTK_WIDGET (box), GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL,
                      NULL);

  return minimum;
}

static void
test_new_destroy (void)
{
  LabWrapBox *box = new_box ();

  g_assert_finalize_object (box);
}

static void
test_lines (void)
{
  g_autoptr (LabWrapBox) box = new_box ();
  int minimum, natural;

  gtk_widget_measure (GTK_WIDGET (box), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL,
                      NULL);
  g_assert_cmpint (minimum, ==, WIDTH);
  g_assert_cmpint (natural, >, N * WIDTH);
  g_assert_cmpint (height_for (box, natural), ==, HEIGHT);
  g_assert_cmpint (height_for (box, natural / 2), >, 2 * HEIGHT);
  g_assert_cmpint (height_for (box, natural / 2), <, 3 * HEIGHT);
  g_assert_cmpint (height_for (box, minimum), >=, N * HEIGHT);
}

/* A hidden child takes no room. */
static void
test_hidden (void)
{
  g_autoptr (LabWrapBox) box = new_box ();

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_set_visible (child, FALSE);
  g_assert_cmpint (height_for (box, 200), ==, 0);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/wrap-box/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/wrap-box/lines", test_lines);
  g_test_add_func ("/lab/wrap-box/hidden", test_hidden);

  return g_test_run ();
}
