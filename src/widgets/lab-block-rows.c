/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-rows.h"

struct _LabBlockRows {
  GtkWidget *parent; /* which owns us */
  LabBlockMadeFunc made_func;
  GPtrArray *items; /* (nullable): of LabBlockItem */
  LabClock *clock;  /* (nullable): ticks for the checks of steps */
  LabBlockMade *made;
  LabBlockGroups *groups;
  LabBlockLayout *layout;
};

/**
 * lab_block_rows_new:
 * @parent: (transfer none): the list, which outlives the rows
 * @made: is told of each row that has come to be
 *
 * Returns: (transfer full): no rows yet
 */
LabBlockRows *
lab_block_rows_new (GtkWidget *parent, LabBlockMadeFunc made)
{
  LabBlockRows *self = g_new0 (LabBlockRows, 1);

  self->parent = parent;
  self->made_func = made;
  self->made = lab_block_made_new ();
  self->groups = lab_block_groups_new (parent);
  self->layout = lab_block_layout_new (parent, self->made, self->groups);

  return self;
}

/**
 * lab_block_rows_free:
 * @self: (transfer full): rows, of which none is in the list any more
 */
void
lab_block_rows_free (LabBlockRows *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->clock);
  lab_block_layout_free (self->layout);
  lab_block_groups_free (self->groups);
  lab_block_made_free (self->made);
  g_free (self);
}

/**
 * lab_block_rows_set_items:
 * @self: rows
 * @items: (nullable) (element-type LabBlockItem): one for each row
 * @clock: (nullable): ticks for the checks of steps
 *
 * Hides the rows there were, until lab_block_rows_take_down() does the rest.
 */
void
lab_block_rows_set_items (LabBlockRows *self, GPtrArray *items, LabClock *clock)
{
  lab_block_made_clear (self->made);
  lab_block_groups_replace (self->groups, items != NULL ? items->len : 0);
  lab_block_layout_set_items (self->layout, items);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_set_object (&self->clock, clock);
  if (items != NULL)
    self->items = g_ptr_array_ref (items);
}

/**
 * lab_block_rows_get_layout:
 * @self: rows
 *
 * Returns: (transfer none): where they are
 */
LabBlockLayout *
lab_block_rows_get_layout (LabBlockRows *self)
{
  return self->layout;
}

/**
 * lab_block_rows_count_made:
 * @self: rows
 *
 * Returns: how many of them are made
 */
guint
lab_block_rows_count_made (LabBlockRows *self)
{
  return lab_block_made_count (self->made);
}

/**
 * lab_block_rows_find_missing:
 * @self: rows
 * @top: where to begin, in pixels of the list
 * @bottom: where to end
 * @index: (out): the first row in between that is not made
 *
 * Returns: whether there is one
 */
gboolean
lab_block_rows_find_missing (LabBlockRows *self, double top, double bottom, guint *index)
{
  guint length = lab_block_layout_get_length (self->layout);
  int offset;

  for (guint i = lab_block_layout_find (self->layout, MAX (top, 0), &offset);
       i < length && lab_block_layout_get_y (self->layout, i) < bottom; i++) {
    if (lab_block_layout_overlaps (self->layout, i, top, bottom) &&
        lab_block_made_find (self->made, i) == NULL) {
      *index = i;
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * lab_block_rows_find_fresh:
 * @self: rows
 * @top: where to begin, in pixels of the list
 * @bottom: where to end
 * @index: (out): the first row in between that is made, and not shown yet
 *
 * Returns: whether there is one
 */
gboolean
lab_block_rows_find_fresh (LabBlockRows *self, double top, double bottom, guint *index)
{
  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);

    if (row->fresh && lab_block_layout_overlaps (self->layout, row->index, top, bottom)) {
      *index = row->index;
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * lab_block_rows_find_far:
 * @self: rows
 * @top: where what is near begins, in pixels of the list
 * @bottom: where it ends
 * @kept: (nullable): a row that does not count
 * @index: (out): a row that is made though it is outside of that
 *
 * Returns: whether there is one
 */
gboolean
lab_block_rows_find_far (
  LabBlockRows *self, double top, double bottom, LabBlock *kept, guint *index)
{
  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);

    if (row->block != kept && !lab_block_layout_overlaps (self->layout, row->index, top, bottom)) {
      *index = row->index;
      return TRUE;
    }
  }

  return FALSE;
}

/* (nullable): the row of the same group that is to follow */
static GtkWidget *
find_next (LabBlockRows *self, guint index)
{
  const LabBlockRow *next = lab_block_made_find_next (self->made, index);

  if (next == NULL || lab_block_groups_get (self->groups, next->index) !=
                        lab_block_groups_get (self->groups, index))
    return NULL;

  return GTK_WIDGET (next->block);
}

static void
make (LabBlockRows *self, guint index, gboolean fresh)
{
  GtkWidget *block = lab_block_new (g_ptr_array_index (self->items, index), self->clock);
  const LabBlockRow row = { index, LAB_BLOCK (block), fresh };

  /* the keyboard goes through them in this order */
  lab_block_groups_add (self->groups, index, block, find_next (self, index));
  gtk_widget_set_child_visible (block, !fresh);
  lab_block_made_add (self->made, &row);
  self->made_func (self->parent, row.block);
}

/**
 * lab_block_rows_make:
 * @self: rows
 * @index: a row
 *
 * Returns: (transfer none): its widget, shown, and made where it was not there yet
 */
LabBlock *
lab_block_rows_make (LabBlockRows *self, guint index)
{
  if (lab_block_made_find (self->made, index) == NULL)
    make (self, index, FALSE);
  lab_block_rows_show (self, index);

  return lab_block_made_find (self->made, index)->block;
}

/**
 * lab_block_rows_make_fresh:
 * @self: rows
 * @index: a row that is not made
 *
 * As lab_block_rows_make(), but the row keeps the height it may have, and stays out of sight, until
 * lab_block_rows_show(). What is measured before its first frame, which brings its styles, has to
 * be measured once more.
 */
void
lab_block_rows_make_fresh (LabBlockRows *self, guint index)
{
  make (self, index, TRUE);
}

/**
 * lab_block_rows_show:
 * @self: rows
 * @index: a row that is made
 */
void
lab_block_rows_show (LabBlockRows *self, guint index)
{
  LabBlockRow *row = lab_block_made_find (self->made, index);

  if (!row->fresh)
    return;
  row->fresh = FALSE;
  gtk_widget_set_child_visible (GTK_WIDGET (row->block), TRUE);
  gtk_widget_queue_resize (self->parent);
}

/**
 * lab_block_rows_let_go:
 * @self: rows
 * @index: a row that is made
 */
void
lab_block_rows_let_go (LabBlockRows *self, guint index)
{
  lab_block_groups_remove (self->groups, index,
                           GTK_WIDGET (lab_block_made_find (self->made, index)->block));
  lab_block_made_remove (self->made, index);
}

/**
 * lab_block_rows_has_old:
 * @self: rows
 *
 * Returns: whether rows that there were before the present ones are to be taken down
 */
gboolean
lab_block_rows_has_old (LabBlockRows *self)
{
  return lab_block_groups_has_old (self->groups);
}

/**
 * lab_block_rows_take_down:
 * @self: rows, with old ones
 *
 * Takes one of the old ones down.
 */
void
lab_block_rows_take_down (LabBlockRows *self)
{
  lab_block_groups_take_down (self->groups);
}
