/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-list.h"

#include "lab-block-rows.h"

/* Rows that the first frame of all may need; any others follow for a few milliseconds a frame, so
 * that no frame takes long. They have yet to be drawn, which takes as long again. */
#define FIRST_ROWS 8
#define FIRST_ROWS_SOON 2
#define FRAME_BUDGET_US 3000

/* All rows of an ordinary page are there soon. Of a very long one only those within a few pages of
 * the viewport are, and those that have gone far from it are let go. */
#define SOON_ROWS 200
#define PAGES_AROUND 2
#define PAGES_KEPT 6

struct _LabBlockList {
  GtkWidget parent_instance;

  GtkAdjustment *adjustment; /* (nullable): of the viewport */
  LabClock *clock;           /* (nullable) */
  LabBlockRows *rows;
  int width;  /* that rows were measured for; 0: none yet */
  guint tick; /* while there are rows to make or to take down; 0: else */
  guint scroll_source;

  /* Where the page is to be scrolled to once its rows have been laid out. */
  gboolean scroll_pending;
  gboolean scroll_to_top; /* else no further than needed */
  guint scroll_index;
  int scroll_offset;
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

  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_minimum, child_natural;

    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL,
                        NULL);
    *minimum = MAX (*minimum, child_minimum);
    *natural = MAX (*natural, child_natural);
  }
  /* The window around us asks without a width first, and has no use for the answer. To lay all
   * texts out for it, each in one line, would take longer than the rest. */
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = lab_block_rows_measure (self->rows, for_size >= 0 ? MAX (for_size, *minimum) : -1);
    *natural = *minimum;
  }
}

static GtkSizeRequestMode
lab_block_list_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static gboolean scroll_cb (gpointer user_data);

static void
lab_block_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);

  self->width = width;
  lab_block_rows_allocate (self->rows, width);
  if (self->scroll_pending && self->scroll_source == 0)
    self->scroll_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, scroll_cb, self, NULL);
}

/* What stands above the viewport's upper edge has become longer by @by: what is seen stays. */
static void
hold_place (LabBlockList *self, int by)
{
  GtkAdjustment *adjustment = self->adjustment;

  if (by == 0)
    return;
  gtk_adjustment_configure (
    adjustment, MAX (gtk_adjustment_get_value (adjustment) + by, 0),
    gtk_adjustment_get_lower (adjustment), gtk_adjustment_get_upper (adjustment) + by,
    gtk_adjustment_get_step_increment (adjustment), gtk_adjustment_get_page_increment (adjustment),
    gtk_adjustment_get_page_size (adjustment));
}

static void
announce (LabBlockList *self, LabBlock *block)
{
  g_signal_emit (self, signals[MADE], 0, block);
}

/* Shows a row that was made in an earlier frame. */
static void
show_in_place (LabBlockList *self, guint index)
{
  int y = lab_block_rows_get_y (self->rows, index);
  int by;

  lab_block_rows_show (self->rows, index);
  by = lab_block_rows_update_height (self->rows, index, self->width);
  if (self->width > 0 && !self->scroll_pending && y < gtk_adjustment_get_value (self->adjustment))
    hold_place (self, by);
}

/* (nullable): the row that holds the keyboard */
static LabBlock *
get_focused_block (LabBlockList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return NULL;

  return LAB_BLOCK (gtk_widget_get_ancestor (focus, LAB_TYPE_BLOCK));
}

/* Rows between two heights of the list, made or let go. */
typedef struct {
  double top;
  double bottom;
} Range;

static Range
get_range (LabBlockList *self, double pages)
{
  double value = gtk_adjustment_get_value (self->adjustment);
  double page = MAX (gtk_adjustment_get_page_size (self->adjustment), 1);

  return (Range){ value - pages * page, value + (pages + 1) * page };
}

static gboolean
find_missing (LabBlockList *self, double pages, guint *index)
{
  Range range = get_range (self, pages);

  return lab_block_rows_find_missing (self->rows, range.top, range.bottom, index);
}

static gboolean
has_all (LabBlockList *self)
{
  return self->adjustment == NULL ||
         lab_block_rows_count_made (self->rows) == lab_block_rows_get_length (self->rows);
}

/* What is near the viewport, then all of an ordinary page. */
static gboolean
find_wanted (LabBlockList *self, guint *index)
{
  if (has_all (self))
    return FALSE;
  if (find_missing (self, PAGES_AROUND, index))
    return TRUE;

  return lab_block_rows_get_length (self->rows) <= SOON_ROWS &&
         lab_block_rows_find_missing (self->rows, 0, G_MAXDOUBLE, index);
}

static gboolean
let_go_of_far (LabBlockList *self)
{
  Range range = get_range (self, PAGES_KEPT);
  guint index;

  if (lab_block_rows_get_length (self->rows) <= SOON_ROWS ||
      !lab_block_rows_find_far (self->rows, range.top, range.bottom, get_focused_block (self),
                                &index))
    return FALSE;
  lab_block_rows_let_go (self->rows, index);

  return TRUE;
}

/* One row more, or one less. What is in sight comes first. %FALSE where nothing is left to do */
static gboolean
go_on (LabBlockList *self)
{
  gboolean in_sight = FALSE;
  guint index;

  if (!has_all (self))
    in_sight = find_missing (self, 0, &index);
  if (!in_sight && lab_block_rows_has_old (self->rows))
    lab_block_rows_take_down (self->rows);
  else if (in_sight || find_wanted (self, &index))
    announce (self, lab_block_rows_make_fresh (self->rows, index, self->clock));
  else
    return self->adjustment != NULL && let_go_of_far (self);

  return TRUE;
}

/* What was made in an earlier frame is shown before more is made. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);
  gint64 end = g_get_monotonic_time () + FRAME_BUDGET_US;
  guint index;

  while (lab_block_rows_find_fresh (self->rows, &index)) {
    show_in_place (self, index);
    if (g_get_monotonic_time () >= end)
      return G_SOURCE_CONTINUE;
  }
  while (go_on (self)) {
    if (g_get_monotonic_time () >= end)
      return G_SOURCE_CONTINUE;
  }
  if (lab_block_rows_find_fresh (self->rows, &index))
    return G_SOURCE_CONTINUE;
  self->tick = 0;

  return G_SOURCE_REMOVE;
}

/* The first frame of all is to be whole; later ones are to be soon. */
static void
make_first (LabBlockList *self)
{
  guint n = gtk_widget_get_mapped (GTK_WIDGET (self)) ? FIRST_ROWS_SOON : FIRST_ROWS;

  for (guint i = 0; i < MIN (lab_block_rows_get_length (self->rows), n); i++)
    lab_block_list_make (self, i);
}

static void
fill_later (LabBlockList *self)
{
  guint index;

  if (self->tick == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      (lab_block_rows_has_old (self->rows) || lab_block_rows_find_fresh (self->rows, &index) ||
       find_wanted (self, &index)))
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static double
get_scroll_value (LabBlockList *self)
{
  double top = gtk_adjustment_get_value (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);
  int y = lab_block_rows_get_y (self->rows, self->scroll_index);
  int height = lab_block_rows_get_height (self->rows, self->scroll_index);

  if (self->scroll_to_top)
    return y + self->scroll_offset;
  /* the row as a whole where there is room for it, else its beginning */
  if (y < top || height > page)
    return y;

  return MAX (top, y + height - page);
}

static gboolean
scroll_cb (gpointer user_data)
{
  LabBlockList *self = LAB_BLOCK_LIST (user_data);

  self->scroll_source = 0;
  self->scroll_pending = FALSE;
  if (self->scroll_index < lab_block_rows_get_length (self->rows) && self->adjustment != NULL)
    gtk_adjustment_set_value (self->adjustment, get_scroll_value (self));

  return G_SOURCE_REMOVE;
}

/* As far as is known yet, so that no frame shows another place. */
static void
scroll_roughly (LabBlockList *self)
{
  GtkAdjustment *adjustment = self->adjustment;
  double page = gtk_adjustment_get_page_size (adjustment);
  double value = get_scroll_value (self);

  gtk_adjustment_configure (adjustment, value, gtk_adjustment_get_lower (adjustment),
                            MAX (gtk_adjustment_get_upper (adjustment), value + page),
                            gtk_adjustment_get_step_increment (adjustment),
                            gtk_adjustment_get_page_increment (adjustment), page);
}

/* Rows have no height before they are laid out, so those that will be in sight are made now. */
static void
scroll_later (LabBlockList *self, guint index, gboolean to_top, int offset)
{
  guint length = lab_block_rows_get_length (self->rows);
  double room = self->adjustment != NULL ? gtk_adjustment_get_page_size (self->adjustment) : 0;

  self->scroll_pending = TRUE;
  self->scroll_to_top = to_top;
  self->scroll_index = index;
  self->scroll_offset = offset;
  for (guint i = index; i < length && (i == index || room > 0); i++) {
    lab_block_list_make (self, i);
    lab_block_rows_update_height (self->rows, i, self->width);
    room -= lab_block_rows_get_height (self->rows, i);
  }
  if (self->width > 0 && self->adjustment != NULL)
    scroll_roughly (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
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
  fill_later (LAB_BLOCK_LIST (widget));
}

static void
stop (LabBlockList *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

/* There are no frames any more in which the rest could be done. */
static void
lab_block_list_unmap (GtkWidget *widget)
{
  LabBlockList *self = LAB_BLOCK_LIST (widget);

  stop (self);
  take_all_down (self);
  GTK_WIDGET_CLASS (lab_block_list_parent_class)->unmap (widget);
}

static void
clear (LabBlockList *self)
{
  stop (self);
  g_clear_handle_id (&self->scroll_source, g_source_remove);
  self->scroll_pending = FALSE;
  lab_block_rows_set_items (self->rows, NULL);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    take_all_down (self);
  g_clear_object (&self->clock);
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
  g_clear_pointer (&LAB_BLOCK_LIST (object)->rows, lab_block_rows_free);

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
  self->rows = lab_block_rows_new (GTK_WIDGET (self));
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

  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->adjustment, fill_later, self);
  g_set_object (&self->adjustment, adjustment);
  if (adjustment == NULL)
    return;

  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (fill_later), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (fill_later), self, G_CONNECT_SWAPPED);
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
  if (items == NULL) {
    fill_later (self);
    return;
  }

  self->clock = g_object_ref (clock);
  lab_block_rows_set_items (self->rows, items);
  make_first (self);
  if (self->adjustment != NULL)
    gtk_adjustment_set_value (self->adjustment, 0);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  fill_later (self);
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
  g_return_val_if_fail (index < lab_block_rows_get_length (self->rows), NULL);

  if (lab_block_rows_get_block (self->rows, index) == NULL)
    announce (self, lab_block_rows_make (self->rows, index, self->clock));
  lab_block_rows_show (self->rows, index);

  return lab_block_rows_get_block (self->rows, index);
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
  Range range;
  int y;

  g_return_val_if_fail (LAB_IS_BLOCK_LIST (self), FALSE);
  g_return_val_if_fail (index < lab_block_rows_get_length (self->rows), FALSE);

  if (self->adjustment == NULL || self->width == 0)
    return FALSE;
  range = get_range (self, 0);
  y = lab_block_rows_get_y (self->rows, index);

  return y < range.bottom && y + lab_block_rows_get_height (self->rows, index) > range.top;
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
  g_return_if_fail (index < lab_block_rows_get_length (self->rows));

  scroll_later (self, index, TRUE, offset);
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
  g_return_if_fail (index < lab_block_rows_get_length (self->rows));

  scroll_later (self, index, FALSE, 0);
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

  return lab_block_rows_find (
    self->rows, self->adjustment != NULL ? gtk_adjustment_get_value (self->adjustment) : 0, offset);
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

  return self->width > 0 && self->tick == 0 && !self->scroll_pending;
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
