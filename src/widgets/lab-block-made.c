/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-made.h"

struct _LabBlockMade {
  GArray *rows; /* of LabBlockRow, by index */
};

/* Where in the rows that are made @index is, or would be. */
static guint
find_place (LabBlockMade *self, guint index)
{
  guint from = 0;
  guint to = self->rows->len;

  while (from < to) {
    guint middle = from + (to - from) / 2;

    if (lab_block_made_get (self, middle)->index < index)
      from = middle + 1;
    else
      to = middle;
  }

  return from;
}

/**
 * lab_block_made_new:
 *
 * Returns: (transfer full): no rows yet
 */
LabBlockMade *
lab_block_made_new (void)
{
  LabBlockMade *self = g_new0 (LabBlockMade, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (LabBlockRow));

  return self;
}

/**
 * lab_block_made_free:
 * @self: (transfer full): rows
 */
void
lab_block_made_free (LabBlockMade *self)
{
  g_array_unref (self->rows);
  g_free (self);
}

/**
 * lab_block_made_count:
 * @self: rows
 *
 * Returns: how many of them are made
 */
guint
lab_block_made_count (LabBlockMade *self)
{
  return self->rows->len;
}

/**
 * lab_block_made_get:
 * @self: rows
 * @place: which of those that are made, in their order
 *
 * Returns: (transfer none): that row, until another is added or removed
 */
LabBlockRow *
lab_block_made_get (LabBlockMade *self, guint place)
{
  return &g_array_index (self->rows, LabBlockRow, place);
}

/**
 * lab_block_made_find:
 * @self: rows
 * @index: a row of the list
 *
 * Returns: (transfer none) (nullable): that row, where it is made
 */
LabBlockRow *
lab_block_made_find (LabBlockMade *self, guint index)
{
  guint place = find_place (self, index);

  if (place == self->rows->len || lab_block_made_get (self, place)->index != index)
    return NULL;

  return lab_block_made_get (self, place);
}

/**
 * lab_block_made_find_next:
 * @self: rows
 * @index: a row of the list
 *
 * Returns: (transfer none) (nullable): the first row behind it that is made
 */
LabBlockRow *
lab_block_made_find_next (LabBlockMade *self, guint index)
{
  guint place = find_place (self, index + 1);

  return place < self->rows->len ? lab_block_made_get (self, place) : NULL;
}

/**
 * lab_block_made_add:
 * @self: rows
 * @row: one that has just been made
 */
void
lab_block_made_add (LabBlockMade *self, const LabBlockRow *row)
{
  g_array_insert_vals (self->rows, find_place (self, row->index), row, 1);
}

/**
 * lab_block_made_remove:
 * @self: rows
 * @index: a row of the list that is made
 */
void
lab_block_made_remove (LabBlockMade *self, guint index)
{
  g_array_remove_index (self->rows, find_place (self, index));
}

/**
 * lab_block_made_clear:
 * @self: rows
 */
void
lab_block_made_clear (LabBlockMade *self)
{
  g_array_set_size (self->rows, 0);
}
