/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-settings.h"

static void
test_text_scale (void)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();

  g_assert_cmpfloat (lab_settings_get_text_scale (settings), ==, 1.0);
  lab_settings_set_text_scale (settings, 1.5);
  g_assert_cmpfloat (lab_settings_get_text_scale (settings), ==, 1.5);
}

static void
test_window_size (void)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();
  int width, height;
  gboolean maximized;

  lab_settings_get_window_size (settings, &width, &height, &maximized);
  g_assert_cmpint (width, ==, 1280);
  g_assert_cmpint (height, ==, 800);
  g_assert_false (maximized);
}

static void
test_trust (void)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();

  g_assert_false (lab_settings_trusts_course (settings, "/tmp/course"));
  lab_settings_trust_course (settings, "/tmp/course");
  lab_settings_trust_course (settings, "/tmp/course");
  g_assert_true (lab_settings_trusts_course (settings, "/tmp/course"));
  g_assert_false (lab_settings_trusts_course (settings, "/tmp/course2"));
}

static void
test_finalize (void)
{
  LabSettings *settings = lab_settings_new ();

  g_assert_finalize_object (settings);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/settings/text-scale", test_text_scale);
  g_test_add_func ("/lab/settings/window-size", test_window_size);
  g_test_add_func ("/lab/settings/trust", test_trust);
  g_test_add_func ("/lab/settings/finalize", test_finalize);

  return g_test_run ();
}
