/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-title.h"

static void
test_split (void)
{
  const char *const cases[][3] = {
    { "7 Traffic management", "7", "Traffic management" },
    { "2. Load balancer", "2.", "Load balancer" },
    { "1.2 Part", "1.2", "Part" },
    { "Timeouts", "", "Timeouts" },
    { "3scale", "", "3scale" },
    { "42", "", "42" },
    { "42 ", "", "42 " },
    { "", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *number = NULL;

    g_assert_cmpstr (lab_section_title_split (cases[i][0], &number), ==, cases[i][2]);
    g_assert_cmpstr (number, ==, cases[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/section-title/split", test_split);

  return g_test_run ();
}
