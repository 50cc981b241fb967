/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-age.h"

typedef struct {
  gint64 seconds;
  const char *text;
} Case;

static void
test_text (void)
{
  const Case cases[] = {
    { -5, "0s" },
    { 0, "0s" },
    { 45, "45s" },
    { 119, "119s" },
    { 120, "2m" },
    { 450, "7m30s" },
    { 600, "10m" },
    { 10799, "179m" },
    { 3 * 3600, "3h" },
    { 5 * 3600 + 720, "5h12m" },
    { 8 * 3600, "8h" },
    { 47 * 3600, "47h" },
    { 3 * 86400 + 4 * 3600, "3d4h" },
    { 8 * 86400, "8d" },
    { 400 * 86400, "400d" },
    { 3 * 365 * 86400 + 86400, "3y1d" },
    { G_GINT64_CONSTANT (9) * 365 * 86400, "9y" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = lab_age_dup_text (cases[i].seconds);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_ago (void)
{
  const Case cases[] = {
    { -1, "0 s ago" },
    { 2, "2 s ago" },
    { 61, "1 min ago" },
    { 7300, "2 h ago" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = lab_age_dup_ago (cases[i].seconds);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_duration (void)
{
  const Case cases[] = {
    { -1, "0 s" },
    { 45, "45 s" },
    { 119, "1 min" },
    { 7300, "2 h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = lab_age_dup_duration (cases[i].seconds);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/age/text", test_text);
  g_test_add_func ("/lab/age/ago", test_ago);
  g_test_add_func ("/lab/age/duration", test_duration);

  return g_test_run ();
}
