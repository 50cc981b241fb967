/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-chance.h"

static void
assert_range (guint n, double share, guint least, guint most)
{
  MeshRange range = mesh_chance_get_range (n, share);

  g_test_message ("%u answers, %g: %u to %u", n, share, range.least, range.most);
  g_assert_cmpuint (range.least, ==, least);
  g_assert_cmpuint (range.most, ==, most);
}

/* Worked out with Pascal's triangle: of 10 with one half, 0 and 1 are 11 of 1024, as are 9 and 10,
 * so 2 to 8 hold 1002 of 1024, 97.9 %; without 2 and 8, which are 45 each, it is 89 %. */
static void
test_halves (void)
{
  assert_range (4, 0.5, 0, 4);
  assert_range (5, 0.5, 0, 5);
  assert_range (6, 0.5, 1, 5);
  assert_range (10, 0.5, 2, 8);
  assert_range (15, 0.5, 4, 11);
}

/* Sums of exact fractions: of 50 with 3/10, 9 to 21 hold 95.67 %, 10 to 21 only 93.5 %; of 400 with
 * 1/2, 180 to 220 hold 95.97 %, 181 to 219 only 94.9 %. */
static void
test_larger (void)
{
  assert_range (50, 0.3, 9, 21);
  assert_range (20, 0.9, 16, 20);
  assert_range (100, 0.5, 40, 60);
  assert_range (400, 0.5, 180, 220);
  assert_range (1000, 0.1, 82, 119);
  assert_range (10000, 0.1, 942, 1059);
}

static void
test_edges (void)
{
  MeshRange range;

  assert_range (0, 0.5, 0, 0);
  assert_range (50, 0, 0, 0);
  assert_range (50, -1, 0, 0);
  assert_range (50, 1, 50, 50);
  assert_range (50, 7, 50, 50);
  assert_range (1, 0.5, 0, 1);
  assert_range (2, 0.01, 0, 0);
  assert_range (3, 0.1, 0, 1);
  /* as many as come in a month at 20 a second: ends, and is about 1.96 deviations wide */
  range = mesh_chance_get_range (50000000, 0.5);
  g_assert_cmpuint (25000000 - range.least, >, 6900);
  g_assert_cmpuint (25000000 - range.least, <, 6960);
}

static void
test_can_tell (void)
{
  g_assert_false (mesh_chance_can_tell (15, 0.5, 0.7));
  g_assert_false (mesh_chance_can_tell (50, 0.7, 0.5));
  g_assert_true (mesh_chance_can_tell (100, 0.5, 0.7));
  g_assert_true (mesh_chance_can_tell (1, 0, 1));
  g_assert_false (mesh_chance_can_tell (100, 0.5, 0.5));
}

static void
assert_words (char *words, const char *expected)
{
  g_autofree char *owned = words;

  g_assert_cmpstr (owned, ==, expected);
}

static void
test_words (void)
{
  assert_words (mesh_chance_dup_words (18, 50, 0.3), "18 of 50; 30 % expected 9 to 21");
  assert_words (mesh_chance_dup_words (50, 50, 1), "50 of 50; 100 % expected 50");
  assert_words (mesh_chance_dup_words (3, 9, 1.0 / 3), "3 of 9; 33.3 % expected 1 to 6");
  assert_words (mesh_chance_dup_limit (15, 0.5), "15 answers are too few to tell 50 % from 70 %.");
  assert_words (mesh_chance_dup_limit (1, 0.9), "1 answer is too few to tell 90 % from 70 %.");
  assert_words (mesh_chance_dup_verdict (8, 50, 0.3), "fewer than chance gives 19 times in 20");
  assert_words (mesh_chance_dup_verdict (22, 50, 0.3), "more than chance gives 19 times in 20");
  g_assert_null (mesh_chance_dup_verdict (9, 50, 0.3));
  g_assert_null (mesh_chance_dup_verdict (0, 0, 0.3));
  g_assert_null (mesh_chance_dup_limit (100, 0.5));
  g_assert_null (mesh_chance_dup_limit (0, 0.5));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh/chance/halves", test_halves);
  g_test_add_func ("/mesh/chance/larger", test_larger);
  g_test_add_func ("/mesh/chance/edges", test_edges);
  g_test_add_func ("/mesh/chance/can-tell", test_can_tell);
  g_test_add_func ("/mesh/chance/words", test_words);

  return g_test_run ();
}
