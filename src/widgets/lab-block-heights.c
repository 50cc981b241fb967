/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-heights.h"

/* A Fenwick tree: the node at i, counted from 1, has the sum of the (i & -i) rows that end there.
 */
struct _LabBlockHeights {
  GArray *heights; /* of int: one for each row */
  GArray *sums;    /* of int: one more, the first is not used */
};

static int *
get_sum_at (LabBlockHeights *self, guint node)
{
  return &g_array_index (self->sums, int, node);
}

/**
 * lab_block_heights_new:
 *
 * Returns: (transfer full): of no row
 */
LabBlockHeights *
lab_block_heights_new (void)
{
  LabBlockHeights *self = g_new0 (LabBlockHeights, 1);

  self->heights = g_array_new (FALSE, TRUE, sizeof (int));
  self->sums = g_array_new (FALSE, TRUE, sizeof (int));
  g_array_set_size (self->sums, 1);

  return self;
}

/**
 * lab_block_heights_free:
 * @self: (transfer full): heights
 */
void
lab_block_heights_free (LabBlockHeights *self)
{
  g_array_unref (self->heights);
  g_array_unref (self->sums);
  g_free (self);
}

/**
 * lab_block_heights_set_length:
 * @self: heights
 * @length: how many rows there are from now on, each of no height
 */
void
lab_block_heights_set_length (LabBlockHeights *self, guint length)
{
  g_array_set_size (self->heights, 0);
  g_array_set_size (self->heights, length);
  g_array_set_size (self->sums, 0);
  g_array_set_size (self->sums, length + 1);
}

/**
 * lab_block_heights_get_length:
 * @self: heights
 *
 * Returns: how many rows there are
 */
guint
lab_block_heights_get_length (LabBlockHeights *self)
{
  return self->heights->len;
}

/**
 * lab_block_heights_set:
 * @self: heights
 * @index: a row
 * @height: pixels, 0 or more
 */
void
lab_block_heights_set (LabBlockHeights *self, guint index, int height)
{
  int by = height - lab_block_heights_get (self, index);

  g_array_index (self->heights, int, index) = height;
  for (guint node = index + 1; by != 0 && node < self->sums->len; node += node & -node)
    *get_sum_at (self, node) += by;
}

/**
 * lab_block_heights_get:
 * @self: heights
 * @index: a row
 *
 * Returns: how high it is
 */
int
lab_block_heights_get (LabBlockHeights *self, guint index)
{
  return g_array_index (self->heights, int, index);
}

/**
 * lab_block_heights_get_sum:
 * @self: heights
 * @index: a row, or how many there are
 *
 * Returns: how high the rows before it are together
 */
int
lab_block_heights_get_sum (LabBlockHeights *self, guint index)
{
  int sum = 0;

  for (guint node = index; node > 0; node -= node & -node)
    sum += *get_sum_at (self, node);

  return sum;
}

/**
 * lab_block_heights_find:
 * @self: heights
 * @y: pixels below the first row's beginning
 * @offset: (out): pixels below the beginning of the row found
 *
 * Returns: the row at @y; the first above all, the last below all
 */
guint
lab_block_heights_find (LabBlockHeights *self, int y, int *offset)
{
  guint length = self->heights->len;
  guint node = 0;
  int rest = y;

  for (guint step = length > 0 ? 1u << g_bit_nth_msf (length, -1) : 0; step > 0; step /= 2) {
    if (node + step < length && *get_sum_at (self, node + step) <= rest) {
      node += step;
      rest -= *get_sum_at (self, node);
    }
  }
  *offset = rest;

  return node;
}
