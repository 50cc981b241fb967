/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-age.h"

static void
test_format (void)
{
  static const struct {
    gint64 seconds;
    const char *words;
  } cases[] = {
    { 0, "0s" },
    { -1, "0s" },
    { -2, "<invalid>" },
    { 119, "119s" },
    { 120, "2m" },
    { 121, "2m1s" },
    { 599, "9m59s" },
    { 600, "10m" },
    { 3 * 3600 - 1, "179m" },
    { 3 * 3600, "3h" },
    { 8 * 3600 - 1, "7h59m" },
    { 8 * 3600, "8h" },
    { 48 * 3600 - 1, "47h" },
    { 48 * 3600, "2d" },
    { 53 * 3600, "2d5h" },
    { 8 * 86400, "8d" },
    { 730 * 86400 - 1, "729d" },
    { 730 * 86400, "2y" },
    { 735 * 86400, "2y5d" },
    { 8 * 365 * 86400, "8y" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = practice_age_format (cases[i].seconds);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_since (void)
{
  g_autofree char *none = practice_age_dup_since (NULL);
  g_autofree char *bad = practice_age_dup_since ("yesterday");
  g_autofree char *now = practice_age_dup_now ();
  g_autofree char *age = practice_age_dup_since (now);

  g_assert_cmpstr (none, ==, "<unknown>");
  g_assert_cmpstr (bad, ==, "<invalid>");
  g_assert_true (g_str_has_suffix (age, "s"));
  g_assert_true (g_str_has_suffix (now, "Z"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/age/format", test_format);
  g_test_add_func ("/practice/age/since", test_since);

  return g_test_run ();
}
