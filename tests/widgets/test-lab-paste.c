/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-paste.h"

static void
test_count (void)
{
  static const struct {
    const char *text;
    guint lines;
  } cases[] = {
    { "", 1 },
    { "ls", 1 },
    { "ls\n", 1 },
    { "ls\r\n\r\n", 1 },
    { "\n", 1 },
    { "a\nb", 2 },
    { "a\r\nb\r\n", 2 },
    { "a\rb", 2 },
    /* a line end before the command runs what is on the line already */
    { "\nrm -r x", 2 },
    { "a\n\nb\n\n", 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (lab_paste_count_lines (cases[i].text), ==, cases[i].lines);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/paste/count", test_count);

  return g_test_run ();
}
