/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-heights.h"

#define N_ROWS 1000
#define N_CHANGES 5000
#define SEED 3

static void
test_empty (void)
{
  g_autoptr (LabBlockHeights) heights = lab_block_heights_new ();
  int offset = 0;

  g_assert_cmpuint (lab_block_heights_get_length (heights), ==, 0);
  g_assert_cmpint (lab_block_heights_get_sum (heights, 0), ==, 0);
  g_assert_cmpuint (lab_block_heights_find (heights, 7, &offset), ==, 0);
  g_assert_cmpint (offset, ==, 7);
}

static void
test_few (void)
{
  g_autoptr (LabBlockHeights) heights = lab_block_heights_new ();
  static const struct {
    int y;
    guint row;
    int offset;
  } places[] = {
    { -5, 0, -5 }, { 0, 0, 0 },  { 9, 0, 9 },  { 10, 2, 0 },  { 39, 2, 29 }, { 40, 3, 0 },
    { 44, 3, 4 },  { 45, 4, 0 }, { 46, 4, 1 }, { 99, 4, 54 }, { 47, 4, 2 },
  };

  lab_block_heights_set_length (heights, 5);
  lab_block_heights_set (heights, 0, 10);
  lab_block_heights_set (heights, 2, 30);
  lab_block_heights_set (heights, 3, 5);
  lab_block_heights_set (heights, 4, 2);
  g_assert_cmpint (lab_block_heights_get_sum (heights, 5), ==, 47);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    int offset;

    g_assert_cmpuint (lab_block_heights_find (heights, places[i].y, &offset), ==, places[i].row);
    g_assert_cmpint (offset, ==, places[i].offset);
  }

  /* what was is forgotten */
  lab_block_heights_set_length (heights, 3);
  g_assert_cmpint (lab_block_heights_get_sum (heights, 3), ==, 0);
}

/* As by counting from the beginning, after any changes. */
static void
test_many (void)
{
  g_autoptr (LabBlockHeights) heights = lab_block_heights_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  int plain[N_ROWS] = { 0 };
  int sum = 0;

  lab_block_heights_set_length (heights, N_ROWS);
  for (guint i = 0; i < N_CHANGES; i++) {
    guint index = (guint)g_rand_int_range (random, 0, N_ROWS);

    plain[index] = g_rand_int_range (random, 1, 300);
    lab_block_heights_set (heights, index, plain[index]);
  }
  for (guint i = 0; i < N_ROWS; i++) {
    int offset;

    g_assert_cmpint (lab_block_heights_get (heights, i), ==, plain[i]);
    g_assert_cmpint (lab_block_heights_get_sum (heights, i), ==, sum);
    if (plain[i] > 0) {
      g_assert_cmpuint (lab_block_heights_find (heights, sum + plain[i] - 1, &offset), ==, i);
      g_assert_cmpint (offset, ==, plain[i] - 1);
    }
    sum += plain[i];
  }
  g_assert_cmpint (lab_block_heights_get_sum (heights, N_ROWS), ==, sum);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/block-heights/empty", test_empty);
  g_test_add_func ("/lab/block-heights/few", test_few);
  g_test_add_func ("/lab/block-heights/many", test_many);

  return g_test_run ();
}
