/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-text-scale.h"
#include "lab-zoom-row.h"

static int
get_dpi (void)
{
  int dpi;

  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);

  return dpi;
}

static void
test_scale (void)
{
  LabTextScale *scale = lab_text_scale_new (gdk_display_get_default ());
  int before = get_dpi ();

  lab_text_scale_set_scale (scale, 1.5);
  g_assert_cmpint (get_dpi (), ==, (int)(before * 1.5));
  lab_text_scale_set_scale (scale, 99);
  g_assert_cmpfloat (lab_text_scale_get_scale (scale), ==, LAB_TEXT_SCALE_MAX);
  lab_text_scale_set_scale (scale, 0);
  g_assert_cmpfloat (lab_text_scale_get_scale (scale), ==, LAB_TEXT_SCALE_MIN);
  g_assert_finalize_object (scale);
  g_assert_cmpint (get_dpi (), ==, before);
}

static void
test_step (void)
{
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());

  lab_text_scale_step (scale, 1);
  g_assert_cmpfloat (lab_text_scale_get_scale (scale), ==, 1.1);
  lab_text_scale_step (scale, -1);
  lab_text_scale_step (scale, -1);
  g_assert_cmpfloat (lab_text_scale_get_scale (scale), ==, 0.9);
  for (guint i = 0; i < 30; i++)
    lab_text_scale_step (scale, 1);
  g_assert_cmpfloat (lab_text_scale_get_scale (scale), ==, LAB_TEXT_SCALE_MAX);
  lab_text_scale_set_scale (scale, 1);
}

static void
test_zoom_row (void)
{
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());
  LabZoomRow *row = g_object_ref_sink (LAB_ZOOM_ROW (lab_zoom_row_new (scale)));

  g_assert_nonnull (lab_test_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "100 %"));
  lab_text_scale_set_scale (scale, 1.25);
  g_assert_nonnull (lab_test_find (GTK_WIDGET (row), GTK_TYPE_BUTTON, "125 %"));
  lab_text_scale_set_scale (scale, 1);
  g_assert_finalize_object (row);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/text-scale/scale", test_scale);
  g_test_add_func ("/lab/text-scale/step", test_step);
  g_test_add_func ("/lab/text-scale/zoom-row", test_zoom_row);

  return g_test_run ();
}
