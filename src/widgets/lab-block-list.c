/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-list.h"

#include "lab-block-guess.h"

#define SPACING 12

/* Rows that the first frame may need; the others follow when it has been drawn, for a few
 * milliseconds at a time, so that no frame waits for long. */
#define FIRST_ROWS 8
#define FILL_INTERVAL_MS 16
#define FILL_BUDGET_US 4000

/* All rows of an ordinary page are there soon. Of a very long one only those within a few pages of
 * the viewport are, and those that have gone far from it are let go. */
#define SOON_ROWS 200
#define PAGES_AROUND 2
#define PAGES_KEPT 6

typedef struct {
  int height;      /* as last measured, else a guess */
  LabBlock *block; /* (nullable): our child, where the row is made */
} Row;

struct _LabBlockList {
  GtkWidget parent_instance;

  GtkAdjustment *adjustment; /* (nullable): of the viewport */
  LabClock *clock;           /* (nullable) */
  GPtrArray *items;          /* (nullable): of LabBlockItem */
  GArray *rows;              /* of Row, one for each item */
  guint n_made;
  int width; /* that rows were measured for; 0: none yet */
  guint fill_source;
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

static Row *
get_row (LabBlockList *self, guint index)
{
  return &g_array_index (self->rows, Row, index);
}

/* Where row @index begins; that of the one behind the last is the end of the list. */
static int
get_y (LabBlockList *self, guint index)
{
  int y = 0;

  for (guint i = 0; i < index; i++)
    y += get_row (self, i)->height + SPACING;

  return y;
}

/* The row at @y, and how far below its beginning that is. */
static guint
find_row (LabBlockList *self, double y, int *offset)
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

static int
get_line_height (LabBlockList *self)
{
  PangoFontMetrics *metrics =
    pango_context_get_metrics (gtk_widget_get_pango_context (GTK_WIDGET (self)), NULL, NULL);
  int height = pango_font_metrics_get_height (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);

  return MAX (height, 1);
}

/* The height of a row at @width, which may differ from that it is shown with. */
static int
measure_row (LabBlockList *self, guint index, int width)
{
  const Row *row = get_row (self, index);
  int height = row->height;

  if (row->block != NULL && width > 0)
    gtk_widget_measure (GTK_WIDGET (row->block), GTK_ORIENTATION_VERTICAL, width, NULL, &height,
                        NULL, NULL);

  return height;
}

static int
measure_height (LabBlockList *self, int width)
{
  int height = 0;

  for (guint i = 0; i < self->rows->len; i++)
    height += measure_row (self, i, width) + (i > 0 ? SPACING : 0);

  return height;
}

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
  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = measure_height (self, for_size >= 0 ? MAX (for_size, *minimum) : *natural);
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
  int y = 0;

  self->width = width;
  for (guint i = 0; i < self->rows->len; i++) {
    Row *row = get_row (self, i);
    GtkAllocation place = { 0, y, width, measure_row (self, i, width) };

    row->height = place.height;
    if (row->block != NULL)
      gtk_widget_size_allocate (GTK_WIDGET (row->block), &place, -1);
    y += place.height + SPACING;
  }
  if (self->scroll_pending && self->scroll_source == 0)
    self->scroll_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, scroll_cb, self, NULL);
}

/* The next row after @index that is made, for the order of the children. */
static GtkWidget *
find_next_child (LabBlockList *self, guint index)
{
  for (guint i = index + 1; i < self->rows->len; i++) {
    if (get_row (self, i)->block != NULL)
      return GTK_WIDGET (get_row (self, i)->block);
  }

  return NULL;
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
make (LabBlockList *self, guint index)
{
  Row *row = get_row (self, index);
  GtkWidget *block = lab_block_new (g_ptr_array_index (self->items, index), self->clock);

  row->block = LAB_BLOCK (block);
  self->n_made++;
  gtk_widget_insert_before (block, GTK_WIDGET (self), find_next_child (self, index));
  g_signal_emit (self, signals[MADE], 0, block);
}

static void
let_go (LabBlockList *self, guint index)
{
  Row *row = get_row (self, index);

  if (row->block == NULL)
    return;
  gtk_widget_unparent (GTK_WIDGET (row->block));
  row->block = NULL;
  self->n_made--;
}

/* Makes a row while the page is on the screen. @y: where it begins */
static void
make_in_place (LabBlockList *self, guint index, int y)
{
  Row *row = get_row (self, index);
  int before = row->height;

  make (self, index);
  row->height = measure_row (self, index, self->width);
  if (self->width > 0 && !self->scroll_pending && y < gtk_adjustment_get_value (self->adjustment))
    hold_place (self, row->height - before);
}

/* (nullable): the row that holds the keyboard */
static GtkWidget *
get_focused_block (LabBlockList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    return NULL;

  return gtk_widget_get_ancestor (focus, LAB_TYPE_BLOCK);
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

/* The first row that is missing in a range, from its upper end; %TRUE where there is one */
static gboolean
find_missing (LabBlockList *self, const Range *range, guint *index, int *y)
{
  int top = 0;

  for (guint i = 0; i < self->rows->len && (range == NULL || top < range->bottom); i++) {
    const Row *row = get_row (self, i);

    if (row->block == NULL && (range == NULL || top + row->height > range->top)) {
      *index = i;
      *y = top;
      return TRUE;
    }
    top += row->height + SPACING;
  }

  return FALSE;
}

/* What is in sight comes first, then what is near it, then all of an ordinary page. */
static gboolean
find_wanted (LabBlockList *self, guint *index, int *y)
{
  const double pages[] = { 0, PAGES_AROUND };

  if (self->adjustment == NULL || self->rows->len == self->n_made)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    Range range = get_range (self, pages[i]);

    if (find_missing (self, &range, index, y))
      return TRUE;
  }

  return self->rows->len <= SOON_ROWS && find_missing (self, NULL, index, y);
}

static void
let_go_of_far (LabBlockList *self)
{
  Range range = get_range (self, PAGES_KEPT);
  GtkWidget *focused = get_focused_block (self);
  int top = 0;

  if (self->rows->len <= SOON_ROWS)
    return;
  for (guint i = 0; i < self->rows->len; i++) {
    const Row *row = get_row (self, i);

    if ((top + row->height < range.top || top > range.bottom) && row->block != NULL &&
        GTK_WIDGET (row->block) != focused)
      let_go (self, i);
    top += row->height + SPACING;
  }
}

static gboolean
fill_cb (gpointer user_data)
{
  LabBlockList *self = LAB_BLOCK_LIST (user_data);
  gint64 end = g_get_monotonic_time () + FILL_BUDGET_US;
  guint index;
  int y;

  while (find_wanted (self, &index, &y)) {
    make_in_place (self, index, y);
    if (g_get_monotonic_time () >= end)
      return G_SOURCE_CONTINUE;
  }
  let_go_of_far (self);
  self->fill_source = 0;

  return G_SOURCE_REMOVE;
}

/* The first frame of all is to be whole; later ones are to be soon. */
static void
make_first (LabBlockList *self)
{
  gint64 end = g_get_monotonic_time () + FILL_BUDGET_US;

  for (guint i = 0; i < MIN (self->rows->len, FIRST_ROWS); i++) {
    if (gtk_widget_get_mapped (GTK_WIDGET (self)) && g_get_monotonic_time () >= end)
      break;
    make (self, i);
  }
}

static void
fill_later (LabBlockList *self)
{
  guint index;
  int y;

  if (self->fill_source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      find_wanted (self, &index, &y))
    self->fill_source =
      g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, FILL_INTERVAL_MS, fill_cb, self, NULL);
}

static double
get_scroll_value (LabBlockList *self)
{
  double top = gtk_adjustment_get_value (self->adjustment);
  double page = gtk_adjustment_get_page_size (self->adjustment);
  int y = get_y (self, self->scroll_index);
  int height = get_row (self, self->scroll_index)->height;

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
  if (self->scroll_index < self->rows->len && self->adjustment != NULL)
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
  double room = self->adjustment != NULL ? gtk_adjustment_get_page_size (self->adjustment) : 0;

  self->scroll_pending = TRUE;
  self->scroll_to_top = to_top;
  self->scroll_index = index;
  self->scroll_offset = offset;
  for (guint i = index; i < self->rows->len && (i == index || room > 0); i++) {
    if (get_row (self, i)->block == NULL)
      make (self, i);
    get_row (self, i)->height = measure_row (self, i, self->width);
    room -= get_row (self, i)->height + SPACING;
  }
  if (self->width > 0 && self->adjustment != NULL)
    scroll_roughly (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
lab_block_list_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_block_list_parent_class)->map (widget);
  fill_later (LAB_BLOCK_LIST (widget));
}

static void
clear (LabBlockList *self)
{
  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_clear_handle_id (&self->scroll_source, g_source_remove);
  self->scroll_pending = FALSE;
  for (guint i = 0; i < self->rows->len; i++)
    let_go (self, i);
  g_array_set_size (self->rows, 0);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->clock);
}

static void
lab_block_list_dispose (GObject *object)
{
  LabBlockList *self = LAB_BLOCK_LIST (object);

  clear (self);
  lab_block_list_set_adjustment (self, NULL);

  G_OBJECT_CLASS (lab_block_list_parent_class)->dispose (object);
}

static void
lab_block_list_finalize (GObject *object)
{
  g_array_unref (LAB_BLOCK_LIST (object)->rows);

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

  signals[MADE] = g_signal_new ("made", LAB_TYPE_BLOCK_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, LAB_TYPE_BLOCK);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_REGION);
}

static void
lab_block_list_init (LabBlockList *self)
{
  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
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
  int line_height;

  g_return_if_fail (LAB_IS_BLOCK_LIST (self));
  g_return_if_fail (items == NULL || LAB_IS_CLOCK (clock));

  clear (self);
  if (items == NULL)
    return;

  self->items = g_ptr_array_ref (items);
  self->clock = g_object_ref (clock);
  line_height = get_line_height (self);
  g_array_set_size (self->rows, items->len);
  for (guint i = 0; i < items->len; i++)
    get_row (self, i)->height = line_height * lab_block_guess_lines (g_ptr_array_index (items, i));
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
  g_return_val_if_fail (index < self->rows->len, NULL);

  if (get_row (self, index)->block == NULL)
    make (self, index);

  return get_row (self, index)->block;
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
  g_return_val_if_fail (index < self->rows->len, FALSE);

  if (self->adjustment == NULL || self->width == 0)
    return FALSE;
  range = get_range (self, 0);
  y = get_y (self, index);

  return y < range.bottom && y + get_row (self, index)->height > range.top;
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
  g_return_if_fail (index < self->rows->len);

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
  g_return_if_fail (index < self->rows->len);

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

  return find_row (self, self->adjustment != NULL ? gtk_adjustment_get_value (self->adjustment) : 0,
                   offset);
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

  return self->n_made;
}
