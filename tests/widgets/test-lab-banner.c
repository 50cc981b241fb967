/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-banner.h"
#include "lab-fixture.h"

static void
count_cb (LabBanner *banner, guint *n)
{
  (*n)++;
}

static void
test_new_destroy (void)
{
  LabBanner *banner = g_object_ref_sink (g_object_new (LAB_TYPE_BANNER, NULL));

  g_assert_finalize_object (banner);
}

static void
test_show (void)
{
  g_autoptr (LabBanner) banner = g_object_ref_sink (g_object_new (LAB_TYPE_BANNER, NULL));
  GtkWidget *revealer = gtk_widget_get_first_child (GTK_WIDGET (banner));
  GtkWidget *button;
  guint n = 0;

  g_signal_connect (banner, "clicked", G_CALLBACK (count_cb), &n);
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  lab_banner_show (banner, "Lost", "_Reconnect");
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  g_assert_nonnull (lab_test_find (GTK_WIDGET (banner), GTK_TYPE_LABEL, "Lost"));
  button = lab_test_find (GTK_WIDGET (banner), GTK_TYPE_BUTTON, "_Reconnect");
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (n, ==, 1);

  lab_banner_show (banner, "Only told", NULL);
  g_assert_false (gtk_widget_get_visible (button));
  lab_banner_hide (banner);
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
}

static GtkWidget *
find_close_button (LabBanner *banner)
{
  return gtk_widget_get_next_sibling (lab_test_find (GTK_WIDGET (banner), GTK_TYPE_BUTTON, NULL));
}

/* Its reader may close it where that is meant. */
static void
test_dismiss (void)
{
  g_autoptr (LabBanner) banner =
    g_object_ref_sink (g_object_new (LAB_TYPE_BANNER, "dismissible", TRUE, NULL));
  g_autoptr (LabBanner) lasting = g_object_ref_sink (g_object_new (LAB_TYPE_BANNER, NULL));
  GtkWidget *revealer = gtk_widget_get_first_child (GTK_WIDGET (banner));
  GtkWidget *button = find_close_button (banner);
  guint n = 0;

  g_signal_connect (banner, "dismissed", G_CALLBACK (count_cb), &n);
  lab_banner_show (banner, "Told", NULL);
  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpuint (n, ==, 1);
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)));
  g_assert_false (gtk_widget_get_visible (find_close_button (lasting)));
}

/* The window around it asks for the height at no width, and grows where it is less: a text of a
 * word a line would push it over the edge of the screen, and lay all of it out once more. */
static void
test_long_text (void)
{
  static const char text[] =
    "Not connected. 127.0.0.1 cannot be reached: nobody listens at port 6443 there, and that has "
    "been so since the program was started, which is some minutes ago.";
  g_autoptr (LabBanner) banner = g_object_ref_sink (g_object_new (LAB_TYPE_BANNER, NULL));
  GtkWidget *revealer = gtk_widget_get_first_child (GTK_WIDGET (banner));
  GtkWidget *label, *row;
  int width, height;

  lab_banner_show (banner, text, "_Reconnect");
  row = gtk_revealer_get_child (GTK_REVEALER (revealer));
  label = lab_test_find (row, GTK_TYPE_LABEL, text);
  g_assert_nonnull (label);
  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  gtk_widget_measure (row, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  g_assert_cmpint (width, >, 200);
  g_assert_cmpint (height, <, 200);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/banner/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/banner/show", test_show);
  g_test_add_func ("/lab/banner/dismiss", test_dismiss);
  g_test_add_func ("/lab/banner/long-text", test_long_text);

  return g_test_run ();
}
