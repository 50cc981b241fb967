/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-rows.h"

#include "lab-block-guess.h"

#define SPACING 12

typedef struct {
  int height;      /* as last measured, else a guess */
  LabBlock *block; /* (nullable): a child of the list, where the row is made */
  gboolean fresh;  /* made, and not shown yet */
} Row;

struct _LabBlockRows {
  GtkWidget *parent; /* which owns us */
  GPtrArray *items;  /* (nullable): of LabBlockItem */
  GArray *rows;      /* of Row, one for each item */
  GPtrArray *old;    /* of LabBlock: hidden children behind them, that are to be taken down */
  guint n_made;
};

static Row *
get_row (LabBlockRows *self, guint index)
{
  return &g_array_index (self->rows, Row, index);
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

/* The height of a row at @width, which may differ from that it is shown with. */
static int
measure_row (LabBlockRows *self, guint index, int width)
{
  const Row *row = get_row (self, index);
  int height = row->height;

  if (row->block != NULL && !row->fresh && width > 0)
    gtk_widget_measure (GTK_WIDGET (row->block), GTK_ORIENTATION_VERTICAL, width, NULL, &height,
                        NULL, NULL);

  return height;
}

/* The next row after @index that is made, for the order of the children. */
static GtkWidget *
find_next_child (LabBlockRows *self, guint index)
{
  for (guint i = index + 1; i < self->rows->len; i++) {
    if (get_row (self, i)->block != NULL)
      return GTK_WIDGET (get_row (self, i)->block);
  }

  return self->old->len > 0 ? g_ptr_array_index (self->old, 0) : NULL;
}

/* To take many rows down at once would hold the frame up in which others are to be shown. */
static void
retire (LabBlockRows *self)
{
  int n_retired = 0;

  for (guint i = 0; i < self->rows->len; i++) {
    LabBlock *block = get_row (self, i)->block;

    if (block == NULL)
      continue;
    gtk_widget_set_visible (GTK_WIDGET (block), FALSE);
    g_ptr_array_insert (self->old, n_retired++, block);
  }
  self->n_made = 0;
}

/**
 * lab_block_rows_new:
 * @parent: (transfer none): the list, which outlives the rows
 *
 * Returns: (transfer full): no rows yet
 */
LabBlockRows *
lab_block_rows_new (GtkWidget *parent)
{
  LabBlockRows *self = g_new0 (LabBlockRows, 1);

  self->parent = parent;
  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
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
  g_array_unref (self->rows);
  g_ptr_array_unref (self->old);
  g_free (self);
}

/**
 * lab_block_rows_set_items:
 * @self: rows
 * @items: (nullable) (element-type LabBlockItem): one for each row
 *
 * Hides the rows there were, until lab_block_rows_take_down() does the rest, and guesses how high
 * the new ones will be.
 */
void
lab_block_rows_set_items (LabBlockRows *self, GPtrArray *items)
{
  int line_height;

  retire (self);
  g_array_set_size (self->rows, 0);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  if (items == NULL)
    return;

  self->items = g_ptr_array_ref (items);
  line_height = get_line_height (self);
  g_array_set_size (self->rows, items->len);
  for (guint i = 0; i < items->len; i++)
    get_row (self, i)->height = line_height * lab_block_guess_lines (g_ptr_array_index (items, i));
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
  return self->rows->len;
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
  return self->n_made;
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
  int y = 0;

  for (guint i = 0; i < index; i++)
    y += get_row (self, i)->height + SPACING;

  return y;
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
  return get_row (self, index)->height;
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
  int top = 0;

  for (guint i = 0; i < self->rows->len; i++) {
    int next = top + get_row (self, i)->height + SPACING;

    if (y < next || i + 1 == self->rows->len) {
      *offset = (int)y - top;
      return i;
    }
    top = next;
  }
  *offset = 0;

  return 0;
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
  int at = 0;

  for (guint i = 0; i < self->rows->len && at < bottom; i++) {
    const Row *row = get_row (self, i);

    if (row->block == NULL && at + row->height > top) {
      *index = i;
      return TRUE;
    }
    at += row->height + SPACING;
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
  int at = 0;

  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = get_row (self, i);

    if (row->block != NULL && row->block != kept && (at + row->height < top || at > bottom)) {
      *index = i;
      return TRUE;
    }
    at += row->height + SPACING;
  }

  return FALSE;
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
  int height = 0;

  for (guint i = 0; i < self->rows->len; i++)
    height += measure_row (self, i, width) + (i > 0 ? SPACING : 0);

  return height;
}

/**
 * lab_block_rows_update_height:
 * @self: rows
 * @index: a row
 * @width: that it is shown with; 0 where that is not known yet
 *
 * Returns: by how much it is higher than it was thought to be
 */
int
lab_block_rows_update_height (LabBlockRows *self, guint index, int width)
{
  Row *row = get_row (self, index);
  int before = row->height;

  row->height = measure_row (self, index, width);

  return row->height - before;
}

/**
 * lab_block_rows_allocate:
 * @self: rows
 * @width: of the list
 *
 * Gives each row that is made its place.
 */
void
lab_block_rows_allocate (LabBlockRows *self, int width)
{
  int y = 0;

  for (guint i = 0; i < self->rows->len; i++) {
    Row *row = get_row (self, i);
    GtkAllocation place = { 0, y, width, measure_row (self, i, width) };

    row->height = place.height;
    if (row->block != NULL && !row->fresh)
      gtk_widget_size_allocate (GTK_WIDGET (row->block), &place, -1);
    y += place.height + SPACING;
  }
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
  return get_row (self, index)->block;
}

/**
 * lab_block_rows_make:
 * @self: rows
 * @index: a row that is not made
 * @clock: ticks for the checks of a step
 *
 * Returns: (transfer none): its widget
 */
LabBlock *
lab_block_rows_make (LabBlockRows *self, guint index, LabClock *clock)
{
  GtkWidget *block = lab_block_new (g_ptr_array_index (self->items, index), clock);

  get_row (self, index)->block = LAB_BLOCK (block);
  self->n_made++;
  gtk_widget_insert_before (block, self->parent, find_next_child (self, index));

  return LAB_BLOCK (block);
}

/**
 * lab_block_rows_make_fresh:
 * @self: rows
 * @index: a row that is not made
 * @clock: ticks for the checks of a step
 *
 * As lab_block_rows_make(), but the row keeps the height it may have, and stays out of sight, until
 * lab_block_rows_show(). What is measured before its first frame, which brings its styles, has to
 * be measured once more.
 *
 * Returns: (transfer none): its widget
 */
LabBlock *
lab_block_rows_make_fresh (LabBlockRows *self, guint index, LabClock *clock)
{
  LabBlock *block = lab_block_rows_make (self, index, clock);

  get_row (self, index)->fresh = TRUE;
  gtk_widget_set_child_visible (GTK_WIDGET (block), FALSE);

  return block;
}

/**
 * lab_block_rows_find_fresh:
 * @self: rows
 * @index: (out): the first row that is made, and not shown yet
 *
 * Returns: whether there is one
 */
gboolean
lab_block_rows_find_fresh (LabBlockRows *self, guint *index)
{
  for (guint i = 0; i < self->rows->len; i++) {
    if (get_row (self, i)->fresh) {
      *index = i;
      return TRUE;
    }
  }

  return FALSE;
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
  Row *row = get_row (self, index);

  gtk_widget_unparent (GTK_WIDGET (row->block));
  row->block = NULL;
  row->fresh = FALSE;
  self->n_made--;
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
  gtk_widget_unparent (g_ptr_array_steal_index (self->old, self->old->len - 1));
}
