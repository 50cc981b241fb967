/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-view.h"

struct _LabBlockView {
  GtkWidget *parent; /* which owns us */
  LabBlockRows *rows;
  LabBlockLayout *layout;    /* of the rows */
  GtkAdjustment *adjustment; /* (nullable) */
  guint settle_source;
  gboolean scrolls; /* we do, and not the reader */

  /* Where the page is to be scrolled to, until the rows there have been laid out. */
  gboolean bound;
  gboolean to_top; /* else no further than needed */
  guint index;
  int offset;
};

static double
get_end (LabBlockView *self)
{
  return gtk_adjustment_get_upper (self->adjustment) -
         gtk_adjustment_get_page_size (self->adjustment);
}

static double
get_target (LabBlockView *self)
{
  double top = gtk_adjustment_get_value (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);
  int y = lab_block_layout_get_y (self->layout, self->index);
  int height = lab_block_layout_get_height (self->layout, self->index);

  if (self->to_top)
    return y + self->offset;
  /* the row as a whole where there is room for it, else its beginning */
  if (y < top || height > page)
    return y;

  return MAX (top, y + height - page);
}

/* To @value of a page that is longer by @by. */
static void
scroll (LabBlockView *self, double value, double by)
{
  GtkAdjustment *adjustment = self->adjustment;
  double page = gtk_adjustment_get_page_size (adjustment);

  self->scrolls = TRUE;
  gtk_adjustment_configure (adjustment, MAX (value, 0), gtk_adjustment_get_lower (adjustment),
                            MAX (gtk_adjustment_get_upper (adjustment) + by, value + page),
                            gtk_adjustment_get_step_increment (adjustment),
                            gtk_adjustment_get_page_increment (adjustment), page);
  self->scrolls = FALSE;
}

static gboolean
is_settled (LabBlockView *self)
{
  double top, bottom;
  guint index;

  lab_block_view_get_range (self, 0, &top, &bottom);

  return !lab_block_rows_find_missing (self->rows, top, bottom, &index) &&
         !lab_block_rows_find_fresh (self->rows, top, bottom, &index);
}

static gboolean
settle_cb (gpointer user_data)
{
  LabBlockView *self = user_data;

  self->settle_source = 0;
  self->scrolls = TRUE;
  gtk_adjustment_set_value (self->adjustment, get_target (self));
  self->scrolls = FALSE;
  if (is_settled (self))
    self->bound = FALSE;

  return G_SOURCE_REMOVE;
}

/* GTK scrolls to what has the keyboard in steps; the last of them is not to come after ours. */
static void
end_animation (LabBlockView *self)
{
  self->scrolls = TRUE;
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_value (self->adjustment));
  self->scrolls = FALSE;
}

static void
go_to (LabBlockView *self, guint index, gboolean to_top, int offset)
{
  self->bound = TRUE;
  self->index = index;
  self->to_top = to_top;
  self->offset = offset;
  /* as far as is known yet, so that no frame shows another place */
  if (lab_block_view_is_set (self)) {
    end_animation (self);
    scroll (self, get_target (self), 0);
  }
  gtk_widget_queue_allocate (self->parent);
}

/**
 * lab_block_view_new:
 * @parent: (transfer none): the list, which outlives this
 * @rows: (transfer none): its rows, which do as well
 *
 * Returns: (transfer full): a viewport that sees nothing yet
 */
LabBlockView *
lab_block_view_new (GtkWidget *parent, LabBlockRows *rows)
{
  LabBlockView *self = g_new0 (LabBlockView, 1);

  self->parent = parent;
  self->rows = rows;
  self->layout = lab_block_rows_get_layout (rows);

  return self;
}

/**
 * lab_block_view_free:
 * @self: (transfer full): a viewport
 */
void
lab_block_view_free (LabBlockView *self)
{
  lab_block_view_forget (self);
  lab_block_view_set_adjustment (self, NULL);
  g_free (self);
}

/**
 * lab_block_view_set_adjustment:
 * @self: a viewport
 * @adjustment: (nullable): how far it is scrolled, in pixels of the list
 */
void
lab_block_view_set_adjustment (LabBlockView *self, GtkAdjustment *adjustment)
{
  g_set_object (&self->adjustment, adjustment);
}

/**
 * lab_block_view_notice_move:
 * @self: a viewport with an adjustment
 *
 * To be called when the adjustment has another value. A reader who scrolls has another place in
 * mind than that it is on its way to. What the end of the page allows is no wish.
 */
void
lab_block_view_notice_move (LabBlockView *self)
{
  if (!self->scrolls && gtk_adjustment_get_value (self->adjustment) < get_end (self))
    self->bound = FALSE;
}

/**
 * lab_block_view_is_set:
 * @self: a viewport
 *
 * Returns: whether it is known how much it sees
 */
gboolean
lab_block_view_is_set (LabBlockView *self)
{
  return self->adjustment != NULL && gtk_adjustment_get_page_size (self->adjustment) > 0;
}

/**
 * lab_block_view_get_range:
 * @self: a viewport with an adjustment
 * @pages: heights of the viewport that are to count above and below it
 * @top: (out): where it begins, in pixels of the list
 * @bottom: (out): where it ends
 */
void
lab_block_view_get_range (LabBlockView *self, double pages, double *top, double *bottom)
{
  double value = gtk_adjustment_get_value (self->adjustment);
  double page = MAX (gtk_adjustment_get_page_size (self->adjustment), 1);

  *top = value - pages * page;
  *bottom = value + (pages + 1) * page;
}

/**
 * lab_block_view_hold:
 * @self: a viewport with an adjustment
 * @y: where a row begins, in pixels of the list
 * @by: how much longer it has become
 *
 * What is seen stays where it is.
 */
void
lab_block_view_hold (LabBlockView *self, int y, int by)
{
  double value = gtk_adjustment_get_value (self->adjustment);

  if (by != 0 && y < value)
    scroll (self, value + by, by);
}

/**
 * lab_block_view_go_to_start:
 * @self: a viewport
 */
void
lab_block_view_go_to_start (LabBlockView *self)
{
  if (self->adjustment != NULL)
    gtk_adjustment_set_value (self->adjustment, 0);
}

/**
 * lab_block_view_show_at_top:
 * @self: a viewport
 * @index: a row
 * @offset: pixels below the row's beginning
 *
 * Scrolls until that is at the upper edge, and keeps it there while the rows around are made.
 */
void
lab_block_view_show_at_top (LabBlockView *self, guint index, int offset)
{
  go_to (self, index, TRUE, offset);
}

/**
 * lab_block_view_bring_into_sight:
 * @self: a viewport
 * @index: a row
 *
 * Scrolls no further than is needed to see the row, and keeps it in sight while the rows around
 * are made.
 */
void
lab_block_view_bring_into_sight (LabBlockView *self, guint index)
{
  go_to (self, index, FALSE, 0);
}

/**
 * lab_block_view_is_bound:
 * @self: a viewport
 *
 * Returns: whether it is on its way to a row
 */
gboolean
lab_block_view_is_bound (LabBlockView *self)
{
  return self->bound;
}

/**
 * lab_block_view_settle_later:
 * @self: a viewport
 *
 * To be called when rows have been laid out.
 */
void
lab_block_view_settle_later (LabBlockView *self)
{
  if (self->bound && self->settle_source == 0 && lab_block_view_is_set (self))
    self->settle_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, settle_cb, self, NULL);
}

/**
 * lab_block_view_forget:
 * @self: a viewport
 *
 * It goes nowhere any more.
 */
void
lab_block_view_forget (LabBlockView *self)
{
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->bound = FALSE;
}
