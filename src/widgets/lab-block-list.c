/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-list.h"

#include "lab-block-filler.h"

/* Rows that the first frame of all may need; any others follow. */
#define FIRST_ROWS 8
#define FIRST_ROWS_SOON 1

/* Pixels that a row's shadow and the list's padding take beside it. */
#define AROUND 48

struct _LabBlockList {
  GtkWidget parent_instance;

  GtkAdjustment *adjustment; /* (nullable): of the viewport */
  LabBlockRows *rows;
  LabBlockLayout *layout; /* of the rows */
  LabBlockView *view;
  LabBlockFiller *filler;
  int width; /* that rows were measured for; 0: none yet */
};

G_DEFINE_FINAL_TYPE (LabBlockList, lab_block_list, GTK_TYPE_WIDGET)

enum {
  MADE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
lab_block_list_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);

  lab_block_layout_measure_width (self->layout, minimum, natural);
  /* What is around us has no use for a wish beyond the width that we have, but would ask for the
   * height at it: each text would be laid out once more. */
  if (self->width > 0)
    *natural = MAX (*minimum, self->width);
  /* The window around us asks without a width first, and has no use for the answer. To lay all
   * texts out for it, each in one line, would take longer than the rest. */
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum =
      lab_block_layout_measure (self->layout, for_size >= 0 ? MAX (for_size, *minimum) : -1);
    *natural = *minimum;
  }
}

static GtkSizeRequestMode
lab_block_list_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Draws what is in sight only. */
static void
update_drawn (LabBlockList *self)
{
  double top, bottom;

  if (!lab_block_view_is_set (self->view))
    return;
  lab_block_view_get_range (self->view, 0, &top, &bottom);
  lab_block_layout_set_drawn (self->layout, top - AROUND, bottom + AROUND);
}

static void
lab_block_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);

  self->width = width;
  lab_block_filler_set_width (self->filler, width);
  lab_block_layout_allocate (self->layout, width, height);
  update_drawn (self);
  lab_block_view_settle_later (self->view);
}

static void
made_cb (GtkWidget *widget, LabBlock *block)
{
  g_signal_emit (widget, signals[MADE], 0, block);
}

/* The first frame of all is to be whole; later ones are to be soon. */
static void
make_first (LabBlockList *self)
{
  guint n = gtk_widget_get_mapped (GTK_WIDGET (self)) ? FIRST_ROWS_SOON : FIRST_ROWS;

  for (guint i = 0; i < MIN (lab_block_layout_get_length (self->layout), n); i++)
    lab_block_list_make (self, i);
  lab_block_filler_pause (self->filler);
}

/* The row that is asked for is there at once: it may be given the keyboard. */
static void
make_target (LabBlockList *self, guint index)
{
  lab_block_list_make (self, index);
  lab_block_layout_update_height (self->layout, index, self->width);
  lab_block_filler_pause (self->filler);
}

static void
view_changed_cb (LabBlockList *self)
{
  update_drawn (self);
  lab_block_filler_start (self->filler);
}

static void
value_changed_cb (LabBlockList *self)
{
  lab_block_view_notice_move (self->view);
  view_changed_cb (self);
}

static void
take_all_down (LabBlockList *self)
{
  while (lab_block_rows_has_old (self->rows))
    lab_block_rows_take_down (self->rows);
}

static void
lab_block_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_block_list_parent_class)->map (widget);
  lab_block_filler_start (LAB_BLOCK_LIST (widget)->filler);
}

/* There are no frames any more in which the rest could be done. */
static void
lab_block_list_unmap (GtkWidget *widget)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);

  lab_block_filler_stop (self->filler);
  take_all_down (self);
  GTK_WIDGET_CLASS (lab_block_list_parent_class)->unmap (widget);
}

static void
clear (LabBlockList *self)
{
  lab_block_filler_stop (self->filler);
  lab_block_view_forget (self->view);
  lab_block_rows_set_items (self->rows, NULL, NULL);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    take_all_down (self);
}

static void
lab_block_list_dispose (GObject *object)
{
  LabBlockList *self = LAB_BLOCK_LIST (object);

  clear (self);
  take_all_down (self);
  lab_block_list_set_adjustment (self, NULL);

  G_OBJECT_CLASS (lab_block_list_parent_class)->dispose (object);
}

static void
lab_block_list_finalize (GObject *object)
{
  LabBlockList *self = LAB_BLOCK_LIST (object);

  g_clear_pointer (&self->filler, lab_block_filler_free);
  g_clear_pointer (&self->view, lab_block_view_free);
  g_clear_pointer (&self->rows, lab_block_rows_free);

  G_OBJECT_CLASS (lab_block_list_parent_class)->finalize (object);
}

static void
lab_block_list_class_init (LabBlockListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_block_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_block_list_finalize;
  widget_class->measure = lab_block_list_measure;
  widget_class->get_request_mode = lab_block_list_get_request_mode;
  widget_class->size_allocate = lab_block_list_size_allocate;
  widget_class->map = lab_block_list_map;
  widget_class->unmap = lab_block_list_unmap;

  signals[MADE] = g_signal_new ("made", LAB_TYPE_BLOCK_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, LAB_TYPE_BLOCK);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
lab_block_list_init (LabBlockList *self)
{
  self->rows = lab_block_rows_new (GTK_WIDGET (self), made_cb);
  self->layout = lab_block_rows_get_layout (self->rows);
  self->view = lab_block_view_new (GTK_WIDGET (self), self->rows);
  self->filler = lab_block_filler_new (GTK_WIDGET (self), self->rows, self->view);
}

/**
 * lab_block_list_set_adjustment:
 * @self: a list
 * @adjustment: (nullable): how far the viewport around it is scrolled, in pixels of the list
 */
void
lab_block_list_set_adjustment (LabBlockList *self, GtkAdjustment *adjustment)
{
  g_return_if_fail (LAB_IS_BLOCK_LIST (self));
  g_return_if_fail (adjustment == NULL || GTK_IS_ADJUSTMENT (adjustment));

  if (self->adjustment != NULL) {
    g_signal_handlers_disconnect_by_func (self->adjustment, view_changed_cb, self);
    g_signal_handlers_disconnect_by_func (self->adjustment, value_changed_cb, self);
  }
  g_set_object (&self->adjustment, adjustment);
  lab_block_view_set_adjustment (self->view, adjustment);
  if (adjustment == NULL)
    return;

  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (view_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * lab_block_list_set_items:
 * @self: a list
 * @items: (nullable) (element-type LabBlockItem): what to show, never changed again
 * @clock: (nullable): ticks for the checks of steps
 *
 * Shows @items from the first on. A few are made at once.
 */
void
lab_block_list_set_items (LabBlockList *self, GPtrArray *items, LabClock *clock)
{
  g_return_if_fail (LAB_IS_BLOCK_LIST (self));
  g_return_if_fail (items == NULL || LAB_IS_CLOCK (clock));

  clear (self);
  if (items != NULL) {
    lab_block_rows_set_items (self->rows, items, clock);
    make_first (self);
    lab_block_view_go_to_start (self->view);
    gtk_widget_queue_resize (GTK_WIDGET (self));
  }
  lab_block_filler_start (self->filler);
}

/**
 * lab_block_list_make:
 * @self: a list
 * @index: a row
 *
 * Returns: (transfer none): the row, which is made where it is not there yet
 */
LabBlock *
lab_block_list_make (LabBlockList *self, guint index)
{
  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), NULL);
  g_return_val_if_fail (index < lab_block_layout_get_length (self->layout), NULL);

  return lab_block_rows_make (self->rows, index);
}

/**
 * lab_block_list_is_in_sight:
 * @self: a list
 * @index: a row
 *
 * Returns: whether some of the row is within the viewport
 */
gboolean
lab_block_list_is_in_sight (LabBlockList *self, guint index)
{
  double top, bottom;

  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), FALSE);
  g_return_val_if_fail (index < lab_block_layout_get_length (self->layout), FALSE);

  if (self->adjustment == NULL || self->width == 0)
    return FALSE;
  lab_block_view_get_range (self->view, 0, &top, &bottom);

  return lab_block_layout_overlaps (self->layout, index, top, bottom);
}

/**
 * lab_block_list_show_at_top:
 * @self: a list
 * @index: a row
 * @offset: pixels below the row's beginning
 *
 * Scrolls until that is at the upper edge of the viewport, once it has been laid out.
 */
void
lab_block_list_show_at_top (LabBlockList *self, guint index, int offset)
{
  g_return_if_fail (LAB_IS_BLOCK_LIST (self));
  g_return_if_fail (index < lab_block_layout_get_length (self->layout));

  make_target (self, index);
  lab_block_view_show_at_top (self->view, index, offset);
}

/**
 * lab_block_list_bring_into_sight:
 * @self: a list
 * @index: a row
 *
 * Scrolls no further than is needed to see the row, once it has been laid out.
 */
void
lab_block_list_bring_into_sight (LabBlockList *self, guint index)
{
  g_return_if_fail (LAB_IS_BLOCK_LIST (self));
  g_return_if_fail (index < lab_block_layout_get_length (self->layout));

  make_target (self, index);
  lab_block_view_bring_into_sight (self->view, index);
}

/**
 * lab_block_list_get_top:
 * @self: a list
 * @offset: (out): pixels of the row that are above the viewport
 *
 * Returns: the row at the upper edge of the viewport
 */
guint
lab_block_list_get_top (LabBlockList *self, int *offset)
{
  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), 0);
  g_return_val_if_fail (offset != NULL, 0);

  return lab_block_layout_find (
    self->layout, self->adjustment != NULL ? gtk_adjustment_get_value (self->adjustment) : 0,
    offset);
}

/**
 * lab_block_list_pause:
 * @self: a list
 *
 * Makes no rows in the next frame, which has enough to do.
 */
void
lab_block_list_pause (LabBlockList *self)
{
  g_return_if_fail (LAB_IS_BLOCK_LIST (self));

  lab_block_filler_pause (self->filler);
}

/**
 * lab_block_list_get_settled:
 * @self: a list
 *
 * Returns: whether all rows that are wanted are there, at the place where they are to be
 */
gboolean
lab_block_list_get_settled (LabBlockList *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), FALSE);

  return self->width > 0 && lab_block_filler_is_done (self->filler) &&
         !lab_block_view_is_bound (self->view);
}

/**
 * lab_block_list_count_made:
 * @self: a list
 *
 * Returns: how many of its rows there are at present
 */
guint
lab_block_list_count_made (LabBlockList *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), 0);

  return lab_block_rows_count_made (self->rows);
}
