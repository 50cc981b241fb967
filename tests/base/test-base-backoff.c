/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-backoff.h"

static void
test_doubles (void)
{
  static const guint delays[] = { 100, 200, 400, 800, 1000, 1000 };
  BaseBackoff backoff = BASE_BACKOFF_INIT (100, 1000, 0);

  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    g_assert_cmpuint (base_backoff_next (&backoff), ==, delays[i]);

  base_backoff_reset (&backoff);
  g_assert_cmpuint (base_backoff_next (&backoff), ==, 100);
}

static void
test_jitter (void)
{
  BaseBackoff backoff = BASE_BACKOFF_INIT (1000, 1000, 0.5);
  guint least = G_MAXUINT;
  guint most = 0;

  for (guint i = 0; i < 1000; i++) {
    guint delay = base_backoff_next (&backoff);

    least = MIN (least, delay);
    most = MAX (most, delay);
  }

  g_assert_cmpuint (least, >=, 1000);
  g_assert_cmpuint (most, <=, 1500);
  g_assert_cmpuint (least, <, 1100);
  g_assert_cmpuint (most, >, 1400);
}

static void
test_extremes (void)
{
  BaseBackoff backoff = BASE_BACKOFF_INIT (G_MAXUINT, G_MAXUINT, 7);
  BaseBackoff low = BASE_BACKOFF_INIT (500, 100, 0);

  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (base_backoff_next (&backoff), ==, G_MAXUINT);

  g_assert_cmpuint (base_backoff_next (&low), ==, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/backoff/doubles", test_doubles);
  g_test_add_func ("/base/backoff/jitter", test_jitter);
  g_test_add_func ("/base/backoff/extremes", test_extremes);

  return g_test_run ();
}
