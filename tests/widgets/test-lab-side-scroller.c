/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-display.h"
#include "lab-side-scroller.h"

static const char wide[] =
  "NAME          TYPE           CLUSTER-IP     EXTERNAL-IP                  "
  "                                                    PORT(S)          AGE";

static GtkWidget *
new_scroller (const char *text)
{
  return lab_side_scroller_new (gtk_label_new (text));
}

static void
test_new_destroy (void)
{
  g_assert_finalize_object (g_object_ref_sink (new_scroller ("a")));
}

static int
measure (GtkWidget *widget, GtkOrientation orientation, int for_size)
{
  int minimum, natural;

  gtk_widget_measure (widget, orientation, for_size, &minimum, &natural, NULL, NULL);

  return orientation == GTK_ORIENTATION_HORIZONTAL ? minimum : natural;
}

/* It may be narrow whatever is in it, and has room for its bar only where it needs one. */
static void
test_measure (void)
{
  g_autoptr (GtkWidget) scroller = g_object_ref_sink (new_scroller (wide));
  GtkWidget *label = gtk_widget_get_first_child (scroller);
  int width = measure (label, GTK_ORIENTATION_HORIZONTAL, -1);

  g_assert_cmpint (measure (scroller, GTK_ORIENTATION_HORIZONTAL, -1), <, width / 2);
  g_assert_cmpint (measure (scroller, GTK_ORIENTATION_VERTICAL, width), ==,
                   measure (label, GTK_ORIENTATION_VERTICAL, width));
  g_assert_cmpint (measure (scroller, GTK_ORIENTATION_VERTICAL, width / 2), >,
                   measure (label, GTK_ORIENTATION_VERTICAL, width));
}

static double
get_left (GtkWidget *scroller)
{
  graphene_rect_t place;

  g_assert_true (
    gtk_widget_compute_bounds (gtk_widget_get_first_child (scroller), scroller, &place));

  return place.origin.x;
}

static gboolean
is_scrolled (gpointer scroller)
{
  return get_left (scroller) < -99;
}

static void
test_scroll (void)
{
  GtkWidget *scroller = new_scroller (wide);
  GtkAdjustment *adjustment = lab_side_scroller_get_adjustment (LAB_SIDE_SCROLLER (scroller));
  GtkWidget *clamp = adw_clamp_new ();
  GtkWindow *window;

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 200);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), 200);
  adw_clamp_set_child (ADW_CLAMP (clamp), scroller);
  window = lab_test_show (clamp);
  g_assert_cmpint (gtk_widget_get_width (scroller), ==, 200);
  g_assert_true (gtk_widget_grab_focus (scroller));
  g_assert_cmpfloat (get_left (scroller), ==, 0);
  gtk_adjustment_set_value (adjustment, 100);
  test_wait_until (is_scrolled, scroller, 10, "the text to be moved");
  /* no further than its end */
  gtk_adjustment_set_value (adjustment, 1e6);
  g_assert_cmpfloat (gtk_adjustment_get_value (adjustment), ==,
                     gtk_adjustment_get_upper (adjustment) - 200);

  gtk_window_destroy (window);
}

/* What fits is no stop for the keyboard. */
static void
test_narrow (void)
{
  GtkWidget *scroller = new_scroller ("a");
  GtkWindow *window = lab_test_show (scroller);

  g_assert_false (gtk_widget_grab_focus (scroller));
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/side-scroller/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/side-scroller/measure", test_measure);
  g_test_add_func ("/lab/side-scroller/scroll", test_scroll);
  g_test_add_func ("/lab/side-scroller/narrow", test_narrow);

  return g_test_run ();
}
