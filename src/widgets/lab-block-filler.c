/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-filler.h"

/* What a frame may take for what is in sight, and for what may come to be. Rows have yet to be
 * styled and drawn, which takes as long again. */
#define SIGHT_BUDGET_US 3000
#define NEAR_BUDGET_US 1500

/* All rows of an ordinary page are there soon. Of a very long one only those within a few pages of
 * the viewport are, and those that have gone far from it are let go. */
#define SOON_ROWS 200
#define PAGES_AROUND 1.5
#define PAGES_KEPT 3

struct _LabBlockFiller {
  GtkWidget *parent; /* the list, which owns us */
  LabBlockRows *rows;
  LabBlockLayout *layout; /* of the rows */
  LabBlockView *view;
  int width;  /* that rows are measured for; 0: not known yet */
  guint tick; /* while there is something to do; 0: else */
  gboolean paused;
};

/* (nullable): the row that holds the keyboard */
static LabBlock *
get_focused_block (LabBlockFiller *self)
{
  GtkRoot *root = gtk_widget_get_root (self->parent);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->parent))
    return NULL;

  return LAB_BLOCK (gtk_widget_get_ancestor (focus, LAB_TYPE_BLOCK));
}

static gboolean
is_long (LabBlockFiller *self)
{
  return lab_block_layout_get_length (self->layout) > SOON_ROWS;
}

/* Shows a row that was made in an earlier frame. */
static gboolean
show_one (LabBlockFiller *self, double top, double bottom)
{
  guint index;
  int by;

  if (!lab_block_rows_find_fresh (self->rows, top, bottom, &index))
    return FALSE;
  lab_block_rows_show (self->rows, index);
  by = lab_block_layout_update_height (self->layout, index, self->width);
  if (self->width > 0)
    lab_block_view_hold (self->view, lab_block_layout_get_y (self->layout, index), by);

  return TRUE;
}

static gboolean
make_one (LabBlockFiller *self, double top, double bottom)
{
  guint index;

  if (!lab_block_rows_find_missing (self->rows, top, bottom, &index))
    return FALSE;
  lab_block_rows_make_fresh (self->rows, index);

  return TRUE;
}

static gboolean
let_go_of_one (LabBlockFiller *self)
{
  double top, bottom;
  guint index;

  if (!is_long (self) || !lab_block_view_is_set (self->view))
    return FALSE;
  lab_block_view_get_range (self->view, PAGES_KEPT, &top, &bottom);
  if (!lab_block_rows_find_far (self->rows, top, bottom, get_focused_block (self), &index))
    return FALSE;
  lab_block_rows_let_go (self->rows, index);

  return TRUE;
}

/* One row of what the reader looks at. For each that comes to be on a long page another goes: who
 * drags the page through its whole length would gather thousands. */
static gboolean
fill_sight (LabBlockFiller *self)
{
  double top, bottom;

  lab_block_view_get_range (self->view, 0, &top, &bottom);
  if (show_one (self, top, bottom))
    return TRUE;
  if (!make_one (self, top, bottom))
    return FALSE;
  let_go_of_one (self);

  return TRUE;
}

/* One row more, or one less. */
static gboolean
fill_around (LabBlockFiller *self)
{
  double top, bottom;

  if (lab_block_rows_has_old (self->rows)) {
    lab_block_rows_take_down (self->rows);
    return TRUE;
  }
  if (!lab_block_view_is_set (self->view))
    return FALSE;
  lab_block_view_get_range (self->view, PAGES_AROUND, &top, &bottom);
  if (let_go_of_one (self) || show_one (self, top, bottom) || make_one (self, top, bottom))
    return TRUE;

  return !is_long (self) && (show_one (self, 0, G_MAXDOUBLE) || make_one (self, 0, G_MAXDOUBLE));
}

/* One at least, and more as long as there is time for another such. %TRUE: nothing is left to do */
static gboolean
fill (LabBlockFiller *self, gboolean (*fill_one) (LabBlockFiller *self), gint64 budget)
{
  gint64 start = g_get_monotonic_time ();
  gint64 before = start;
  gint64 longest = 0;

  while (before + longest - start < budget) {
    gint64 after;

    if (!fill_one (self))
      return TRUE;
    after = g_get_monotonic_time ();
    longest = MAX (longest, after - before);
    before = after;
  }

  return FALSE;
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  LabBlockFiller *self = user_data;

  if (self->paused) {
    self->paused = FALSE;
    return G_SOURCE_CONTINUE;
  }
  if (lab_block_view_is_set (self->view) && !fill (self, fill_sight, SIGHT_BUDGET_US))
    return G_SOURCE_CONTINUE;
  if (!fill (self, fill_around, NEAR_BUDGET_US))
    return G_SOURCE_CONTINUE;
  self->tick = 0;

  return G_SOURCE_REMOVE;
}

/**
 * lab_block_filler_new:
 * @parent: (transfer none): the list, which outlives this
 * @rows: (transfer none): its rows
 * @view: (transfer none): what is in sight of them
 *
 * Returns: (transfer full): a filler that has not begun
 */
LabBlockFiller *
lab_block_filler_new (GtkWidget *parent, LabBlockRows *rows, LabBlockView *view)
{
  LabBlockFiller *self = g_new0 (LabBlockFiller, 1);

  self->parent = parent;
  self->rows = rows;
  self->layout = lab_block_rows_get_layout (rows);
  self->view = view;

  return self;
}

/**
 * lab_block_filler_free:
 * @self: (transfer full): a filler
 */
void
lab_block_filler_free (LabBlockFiller *self)
{
  lab_block_filler_stop (self);
  g_free (self);
}

/**
 * lab_block_filler_set_width:
 * @self: a filler
 * @width: pixels that the rows have
 */
void
lab_block_filler_set_width (LabBlockFiller *self, int width)
{
  self->width = width;
}

/**
 * lab_block_filler_start:
 * @self: a filler
 *
 * To be called when other rows are in sight than were. Goes on until all that may be wanted soon
 * is there.
 */
void
lab_block_filler_start (LabBlockFiller *self)
{
  if (self->tick == 0 && gtk_widget_get_mapped (self->parent))
    self->tick = gtk_widget_add_tick_callback (self->parent, tick_cb, self, NULL);
}

/**
 * lab_block_filler_stop:
 * @self: a filler
 */
void
lab_block_filler_stop (LabBlockFiller *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (self->parent, self->tick);
  self->tick = 0;
}

/**
 * lab_block_filler_pause:
 * @self: a filler
 *
 * The next frame has enough to do.
 */
void
lab_block_filler_pause (LabBlockFiller *self)
{
  self->paused = TRUE;
}

/**
 * lab_block_filler_is_done:
 * @self: a filler
 *
 * Returns: whether it has nothing to do at present
 */
gboolean
lab_block_filler_is_done (LabBlockFiller *self)
{
  return self->tick == 0;
}
