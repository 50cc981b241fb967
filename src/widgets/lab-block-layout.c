/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-layout.h"

#include "lab-block-guess.h"
#include "lab-block-heights.h"

#define SPACING 12

struct _LabBlockLayout {
  GtkWidget *parent; /* the list, which owns us */
  LabBlockMade *made;
  LabBlockGroups *groups;
  LabBlockHeights *heights; /* as last measured, else a guess; and the space behind the row */
};

static int
get_line_height (LabBlockLayout *self)
{
  PangoFontMetrics *metrics =
    pango_context_get_metrics (gtk_widget_get_pango_context (self->parent), NULL, NULL);
  int height = pango_font_metrics_get_height (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);

  return MAX (height, 1);
}

/* The height of a row that is made at @width, which may differ from that it is shown with. */
static int
measure_row (LabBlockLayout *self, const LabBlockRow *row, int width)
{
  int height = lab_block_layout_get_height (self, row->index);

  if (!row->fresh && width > 0)
    gtk_widget_measure (GTK_WIDGET (row->block), GTK_ORIENTATION_VERTICAL, width, NULL, &height,
                        NULL, NULL);

  return height;
}

static void
set_height (LabBlockLayout *self, const LabBlockRow *row, int width)
{
  lab_block_heights_set (self->heights, row->index, measure_row (self, row, width) + SPACING);
}

/**
 * lab_block_layout_new:
 * @parent: (transfer none): the list, which outlives this
 * @made: (transfer none): those of its rows that are made; they do as well
 * @groups: (transfer none): what these are in; they do as well
 *
 * Returns: (transfer full): of no rows yet
 */
LabBlockLayout *
lab_block_layout_new (GtkWidget *parent, LabBlockMade *made, LabBlockGroups *groups)
{
  LabBlockLayout *self = g_new0 (LabBlockLayout, 1);

  self->parent = parent;
  self->made = made;
  self->groups = groups;
  self->heights = lab_block_heights_new ();

  return self;
}

/**
 * lab_block_layout_free:
 * @self: (transfer full): a layout
 */
void
lab_block_layout_free (LabBlockLayout *self)
{
  lab_block_heights_free (self->heights);
  g_free (self);
}

/**
 * lab_block_layout_set_items:
 * @self: a layout
 * @items: (nullable) (element-type LabBlockItem): one for each row
 *
 * Guesses how high they will be.
 */
void
lab_block_layout_set_items (LabBlockLayout *self, GPtrArray *items)
{
  guint length = items != NULL ? items->len : 0;
  int line_height = length > 0 ? get_line_height (self) : 0;

  lab_block_heights_set_length (self->heights, length);
  for (guint i = 0; i < length; i++) {
    int height = lab_block_guess_height (g_ptr_array_index (items, i), line_height);

    lab_block_heights_set (self->heights, i, height + SPACING);
  }
}

/**
 * lab_block_layout_get_length:
 * @self: a layout
 *
 * Returns: how many rows there are, made or not
 */
guint
lab_block_layout_get_length (LabBlockLayout *self)
{
  return lab_block_heights_get_length (self->heights);
}

/**
 * lab_block_layout_get_y:
 * @self: a layout
 * @index: a row, or how many there are
 *
 * Returns: where that row begins, in pixels of the list
 */
int
lab_block_layout_get_y (LabBlockLayout *self, guint index)
{
  return lab_block_heights_get_sum (self->heights, index);
}

/**
 * lab_block_layout_get_height:
 * @self: a layout
 * @index: a row
 *
 * Returns: how high it was when it was last measured, else a guess
 */
int
lab_block_layout_get_height (LabBlockLayout *self, guint index)
{
  return lab_block_heights_get (self->heights, index) - SPACING;
}

/**
 * lab_block_layout_overlaps:
 * @self: a layout
 * @index: a row
 * @top: where to begin, in pixels of the list
 * @bottom: where to end
 *
 * Returns: whether some of the row is in between
 */
gboolean
lab_block_layout_overlaps (LabBlockLayout *self, guint index, double top, double bottom)
{
  int y = lab_block_layout_get_y (self, index);

  return y + lab_block_layout_get_height (self, index) > top && y < bottom;
}

/**
 * lab_block_layout_find:
 * @self: a layout
 * @y: a place, in pixels of the list
 * @offset: (out): how far that is below the row's beginning
 *
 * Returns: the row at that place; the last one where there is none
 */
guint
lab_block_layout_find (LabBlockLayout *self, double y, int *offset)
{
  return lab_block_heights_find (self->heights, (int)y, offset);
}

/**
 * lab_block_layout_measure_width:
 * @self: a layout
 * @minimum: (out): of the widest row that is shown
 * @natural: (out): of the widest row that is shown
 */
void
lab_block_layout_measure_width (LabBlockLayout *self, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = 0;
  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);
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
 * lab_block_layout_measure:
 * @self: a layout
 * @width: pixels; -1 for the heights as they are now, which costs nothing
 *
 * Returns: how high all rows are together
 */
int
lab_block_layout_measure (LabBlockLayout *self, int width)
{
  int height = lab_block_layout_get_y (self, lab_block_layout_get_length (self)) - SPACING;

  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);

    height += measure_row (self, row, width) - lab_block_layout_get_height (self, row->index);
  }

  return MAX (height, 0);
}

/**
 * lab_block_layout_update_height:
 * @self: a layout
 * @index: a row that is made
 * @width: that it is shown with; 0 where that is not known yet
 *
 * Returns: by how much it is higher than it was thought to be
 */
int
lab_block_layout_update_height (LabBlockLayout *self, guint index, int width)
{
  int before = lab_block_layout_get_height (self, index);

  set_height (self, lab_block_made_find (self->made, index), width);

  return lab_block_layout_get_height (self, index) - before;
}

/**
 * lab_block_layout_allocate:
 * @self: a layout
 * @width: of the list
 * @height: of the list
 *
 * Gives each row that is made its place; the groups follow, as a row may ask for another size while
 * it is given one (GtkTextView does), and what it is in would then not be drawn.
 */
void
lab_block_layout_allocate (LabBlockLayout *self, int width, int height)
{
  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);
    GtkAllocation place = { 0, lab_block_layout_get_y (self, row->index), width, 0 };

    set_height (self, row, width);
    place.height = lab_block_layout_get_height (self, row->index);
    if (!row->fresh)
      gtk_widget_size_allocate (GTK_WIDGET (row->block), &place, -1);
  }
  lab_block_groups_allocate (self->groups, &(GtkAllocation){ 0, 0, width, height });
}

/**
 * lab_block_layout_set_drawn:
 * @self: a layout
 * @top: where to begin, in pixels of the list
 * @bottom: where to end
 *
 * Draws what is in between only.
 */
void
lab_block_layout_set_drawn (LabBlockLayout *self, double top, double bottom)
{
  for (guint i = 0; i < lab_block_made_count (self->made); i++) {
    const LabBlockRow *row = lab_block_made_get (self->made, i);

    lab_block_group_set_range (lab_block_groups_get (self->groups, row->index), top, bottom);
  }
}
