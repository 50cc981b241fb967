/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-rows.h"

#include "lab-block-group.h"
#include "lab-block-guess.h"
#include "lab-block-heights.h"

#define SPACING 12
#define ROWS_A_GROUP 8

/* A row that is made. */
typedef struct {
  guint index;
  LabBlock *block; /* a child of its group */
  gboolean fresh;  /* not shown yet */
} Row;

struct _LabBlockRows {
  GtkWidget *parent; /* which owns us */
  LabBlockMadeFunc made_func;
  GPtrArray *items;         /* (nullable): of LabBlockItem */
  LabClock *clock;          /* (nullable): ticks for the checks of steps */
  LabBlockHeights *heights; /* as last measured, else a guess; and the space behind the row */
  GArray *made;             /* of Row, by index: a few of tens of thousands */
  GPtrArray *groups;        /* of LabBlockGroup: all of the rows, children of the list */
  GPtrArray *old;           /* of LabBlockGroup: hidden, behind them, that are to be taken down */
};

static Row *
get_made (LabBlockRows *self, guint i)
{
  return &g_array_index (self->made, Row, i);
}

/* Where in the rows that are made @index is, or would be. */
static guint
find_place (LabBlockRows *self, guint index)
{
  guint from = 0;
  guint to = self->made->len;

  while (from < to) {
    guint middle = from + (to - from) / 2;

    if (get_made (self, middle)->index < index)
      from = middle + 1;
    else
      to = middle;
  }

  return from;
}

/* (nullable): the row, where it is made */
static Row *
get_row (LabBlockRows *self, guint index)
{
  guint place = find_place (self, index);

  if (place == self->made->len || get_made (self, place)->index != index)
    return NULL;

  return get_made (self, place);
}

static int
get_line_height (LabBlockRows *self)
{
  PangoFontMetrics *metrics =
    pango_context_get_metrics (gtk_widget_get_pango_context (self->parent), NULL, NULL);
  int height = pango_font_metrics_get_height (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);

  return MAX (height, 1);
}

/* The height of a row that is made at @width, which may differ from that it is shown with. */
static int
measure_row (LabBlockRows *self, const Row *row, int width)
{
  int height = lab_block_rows_get_height (self, row->index);

  if (!row->fresh && width > 0)
    gtk_widget_measure (GTK_WIDGET (row->block), GTK_ORIENTATION_VERTICAL, width, NULL, &height,
                        NULL, NULL);

  return height;
}

static gboolean
overlaps (LabBlockRows *self, guint index, double top, double bottom)
{
  int y = lab_block_rows_get_y (self, index);

  return y + lab_block_rows_get_height (self, index) > top && y < bottom;
}

static LabBlockGroup *
get_group (LabBlockRows *self, guint index)
{
  return g_ptr_array_index (self->groups, index / ROWS_A_GROUP);
}

/* To take many rows down at once would hold the frame up in which others are to be shown. */
static void
retire (LabBlockRows *self)
{
  for (guint i = 0; i < self->groups->len; i++) {
    GtkWidget *group = g_ptr_array_index (self->groups, i);

    if (gtk_widget_get_first_child (group) == NULL) {
      gtk_widget_unparent (group);
      continue;
    }
    gtk_widget_set_visible (group, FALSE);
    g_ptr_array_add (self->old, group);
  }
  g_ptr_array_set_size (self->groups, 0);
  g_array_set_size (self->made, 0);
}

/* All of them at once, one behind the other, so that none is ever put before another. */
static void
add_groups (LabBlockRows *self)
{
  guint length = self->items != NULL ? self->items->len : 0;
  GtkWidget *next = self->old->len > 0 ? g_ptr_array_index (self->old, 0) : NULL;

  for (guint i = 0; i < length; i += ROWS_A_GROUP) {
    GtkWidget *group = lab_block_group_new ();

    gtk_widget_insert_before (group, self->parent, next);
    g_ptr_array_add (self->groups, group);
  }
}

static void
guess_heights (LabBlockRows *self)
{
  guint length = self->items != NULL ? self->items->len : 0;
  int line_height = length > 0 ? get_line_height (self) : 0;

  lab_block_heights_set_length (self->heights, length);
  for (guint i = 0; i < length; i++) {
    int height = lab_block_guess_height (g_ptr_array_index (self->items, i), line_height);

    lab_block_heights_set (self->heights, i, height + SPACING);
  }
}

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
  self->heights = lab_block_heights_new ();
  self->made = g_array_new (FALSE, FALSE, sizeof (Row));
  self->groups = g_ptr_array_new ();
  self->old = g_ptr_array_new ();

  return self;
}

/**
 * lab_block_rows_free:
 * @self: rows, of which none is a child of the list any more
 */
void
lab_block_rows_free (LabBlockRows *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->clock);
  lab_block_heights_free (self->heights);
  g_array_unref (self->made);
  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->old);
  g_free (self);
}

/**
 * lab_block_rows_set_items:
 * @self: rows
 * @items: (nullable) (element-type LabBlockItem): one for each row
 * @clock: (nullable): ticks for the checks of steps
 *
 * Hides the rows there were, until lab_block_rows_take_down() does the rest, and guesses how high
 * the new ones will be.
 */
void
lab_block_rows_set_items (LabBlockRows *self, GPtrArray *items, LabClock *clock)
{
  retire (self);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_set_object (&self->clock, clock);
  if (items != NULL)
    self->items = g_ptr_array_ref (items);
  add_groups (self);
  guess_heights (self);
}

/**
 * lab_block_rows_get_length:
 * @self: rows
 *
 * Returns: how many there are, made or not
 */
guint
lab_block_rows_get_length (LabBlockRows *self)
{
  return lab_block_heights_get_length (self->heights);
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
  return self->made->len;
}

/**
 * lab_block_rows_get_y:
 * @self: rows
 * @index: a row, or how many there are
 *
 * Returns: where that row begins, in pixels of the list
 */
int
lab_block_rows_get_y (LabBlockRows *self, guint index)
{
  return lab_block_heights_get_sum (self->heights, index);
}

/**
 * lab_block_rows_get_height:
 * @self: rows
 * @index: a row
 *
 * Returns: how high it was when it was last measured, else a guess
 */
int
lab_block_rows_get_height (LabBlockRows *self, guint index)
{
  return lab_block_heights_get (self->heights, index) - SPACING;
}

/**
 * lab_block_rows_find:
 * @self: rows
 * @y: a place, in pixels of the list
 * @offset: (out): how far that is below the row's beginning
 *
 * Returns: the row at that place; the last one where there is none
 */
guint
lab_block_rows_find (LabBlockRows *self, double y, int *offset)
{
  return lab_block_heights_find (self->heights, (int)y, offset);
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
  guint length = lab_block_rows_get_length (self);
  int offset;

  for (guint i = lab_block_rows_find (self, MAX (top, 0), &offset); i < length; i++) {
    int y = lab_block_rows_get_y (self, i);

    if (y >= bottom)
      break;
    if (y + lab_block_rows_get_height (self, i) > top && get_row (self, i) == NULL) {
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
  for (guint i = 0; i < self->made->len; i++) {
    const Row *row = get_made (self, i);

    if (row->fresh && overlaps (self, row->index, top, bottom)) {
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
  for (guint i = 0; i < self->made->len; i++) {
    const Row *row = get_made (self, i);

    if (row->block != kept && !overlaps (self, row->index, top, bottom)) {
      *index = row->index;
      return TRUE;
    }
  }

  return FALSE;
}

/**
 * lab_block_rows_measure_width:
 * @self: rows
 * @minimum: (out): of the widest that is shown
 * @natural: (out): of the widest that is shown
 */
void
lab_block_rows_measure_width (LabBlockRows *self, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = 0;
  for (guint i = 0; i < self->made->len; i++) {
    const Row *row = get_made (self, i);
    int row_minimum, row_natural;

    if (row->fresh)
      continue;
    gtk_widget_measure (GTK_WIDGET (row->block), GTK_ORIENTATION_HORIZONTAL, -1, &row_minimum,
                        &row_natural, NULL, NULL);
    *minimum = MAX (*minimum, row_minimum);
    *natural = MAX (*natural, row_natural);
  }
}

/**
 * lab_block_rows_measure:
 * @self: rows
 * @width: pixels; -1 for the heights as they are now, which costs nothing
 *
 * Returns: how high all are together
 */
int
lab_block_rows_measure (LabBlockRows *self, int width)
{
  int height = lab_block_rows_get_y (self, lab_block_rows_get_length (self)) - SPACING;

  for (guint i = 0; i < self->made->len; i++) {
    const Row *row = get_made (self, i);

    height += measure_row (self, row, width) - lab_block_rows_get_height (self, row->index);
  }

  return MAX (height, 0);
}

static void
set_height (LabBlockRows *self, const Row *row, int width)
{
  lab_block_heights_set (self->heights, row->index, measure_row (self, row, width) + SPACING);
}

/**
 * lab_block_rows_update_height:
 * @self: rows
 * @index: a row that is made
 * @width: that it is shown with; 0 where that is not known yet
 *
 * Returns: by how much it is higher than it was thought to be
 */
int
lab_block_rows_update_height (LabBlockRows *self, guint index, int width)
{
  int before = lab_block_rows_get_height (self, index);

  set_height (self, get_row (self, index), width);

  return lab_block_rows_get_height (self, index) - before;
}

/**
 * lab_block_rows_allocate:
 * @self: rows
 * @width: of the list
 * @height: of the list
 *
 * Gives each row that is made its place.
 */
void
lab_block_rows_allocate (LabBlockRows *self, int width, int height)
{
  const GtkAllocation all = { 0, 0, width, height };

  for (guint i = 0; i < self->made->len; i++) {
    const Row *row = get_made (self, i);
    GtkAllocation place = { 0, lab_block_rows_get_y (self, row->index), width, 0 };

    set_height (self, row, width);
    place.height = lab_block_rows_get_height (self, row->index);
    gtk_widget_size_allocate (GTK_WIDGET (get_group (self, row->index)), &all, -1);
    if (!row->fresh)
      gtk_widget_size_allocate (GTK_WIDGET (row->block), &place, -1);
  }
}

/**
 * lab_block_rows_set_drawn:
 * @self: rows
 * @top: where to begin, in pixels of the list
 * @bottom: where to end
 *
 * Draws what is in between only.
 */
void
lab_block_rows_set_drawn (LabBlockRows *self, double top, double bottom)
{
  for (guint i = 0; i < self->made->len; i++)
    lab_block_group_set_range (get_group (self, get_made (self, i)->index), top, bottom);
}

/**
 * lab_block_rows_get_block:
 * @self: rows
 * @index: a row
 *
 * Returns: (transfer none) (nullable): its widget, where it is made
 */
LabBlock *
lab_block_rows_get_block (LabBlockRows *self, guint index)
{
  const Row *row = get_row (self, index);

  return row != NULL ? row->block : NULL;
}

/* (nullable): the row of the same group that is at @place of those that are made */
static GtkWidget *
find_next (LabBlockRows *self, guint index, guint place)
{
  if (place == self->made->len ||
      get_group (self, get_made (self, place)->index) != get_group (self, index))
    return NULL;

  return GTK_WIDGET (get_made (self, place)->block);
}

static void
make (LabBlockRows *self, guint index, gboolean fresh)
{
  GtkWidget *block = lab_block_new (g_ptr_array_index (self->items, index), self->clock);
  guint place = find_place (self, index);
  Row row = { index, LAB_BLOCK (block), fresh };

  /* the keyboard goes through them in this order */
  lab_block_group_add (get_group (self, index), block, find_next (self, index, place));
  gtk_widget_set_child_visible (block, !fresh);
  g_array_insert_val (self->made, place, row);
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
  if (get_row (self, index) == NULL)
    make (self, index, FALSE);
  lab_block_rows_show (self, index);

  return lab_block_rows_get_block (self, index);
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
  Row *row = get_row (self, index);

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
  lab_block_group_remove (get_group (self, index), GTK_WIDGET (get_row (self, index)->block));
  g_array_remove_index (self->made, find_place (self, index));
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
  return self->old->len > 0;
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
  LabBlockGroup *last = g_ptr_array_index (self->old, self->old->len - 1);

  lab_block_group_remove (last, NULL);
  if (gtk_widget_get_first_child (GTK_WIDGET (last)) == NULL)
    gtk_widget_unparent (g_ptr_array_steal_index (self->old, self->old->len - 1));
}
