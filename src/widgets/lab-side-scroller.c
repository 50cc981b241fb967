/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-side-scroller.h"

/* Pixels of a press of a key. */
#define STEP 40

struct _LabSideScroller {
  GtkWidget parent_instance;

  GtkWidget *child;
  GtkWidget *bar;
  GtkAdjustment *adjustment; /* in pixels of the child */
};

G_DEFINE_FINAL_TYPE (LabSideScroller, lab_side_scroller, GTK_TYPE_WIDGET)

static int
measure_width (GtkWidget *widget)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural;
}

static int
measure_height (GtkWidget *widget, int width)
{
  int natural;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);

  return natural;
}

static GtkSizeRequestMode
lab_side_scroller_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lab_side_scroller_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  LabSideScroller *self = LAB_SIDE_SCROLLER (widget);
  int width = measure_width (self->child);

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    gtk_widget_measure (self->bar, orientation, -1, minimum, NULL, NULL, NULL);
    *natural = MAX (width, *minimum);
    return;
  }

  *natural = measure_height (self->child, MAX (width, for_size));
  if (for_size >= 0 && for_size < width)
    *natural += measure_height (self->bar, for_size);
  *minimum = *natural;
}

static void
lab_side_scroller_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabSideScroller *self = LAB_SIDE_SCROLLER (widget);
  int whole = MAX (measure_width (self->child), width);
  gboolean scrolls = whole > width;
  int bar_height = scrolls ? measure_height (self->bar, width) : 0;
  double value = MIN (gtk_adjustment_get_value (self->adjustment), whole - width);

  gtk_adjustment_configure (self->adjustment, value, 0, whole, STEP, width, width);
  gtk_widget_set_child_visible (self->bar, scrolls);
  gtk_widget_set_focusable (widget, scrolls);
  gtk_widget_allocate (self->child, whole, height - bar_height, -1,
                       gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT ((float)-value, 0)));
  if (scrolls)
    gtk_widget_allocate (
      self->bar, width, bar_height, -1,
      gsk_transform_translate (NULL, &GRAPHENE_POINT_INIT (0, (float)(height - bar_height))));
}

static void
move (LabSideScroller *self, double by)
{
  gtk_adjustment_set_value (self->adjustment, gtk_adjustment_get_value (self->adjustment) + by);
}

static gboolean
key_cb (GtkWidget *widget, GVariant *direction, gpointer user_data)
{
  LabSideScroller *self = LAB_SIDE_SCROLLER (widget);

  /* a text inside that has the keyboard moves its own cursor */
  if (!gtk_widget_has_focus (widget))
    return FALSE;
  move (self, g_variant_get_int32 (direction) * STEP);

  return TRUE;
}

/* What goes up and down is for what is around it. */
static gboolean
scroll_cb (LabSideScroller *self, double dx, double dy)
{
  if (!gtk_widget_get_child_visible (self->bar) || ABS (dy) >= ABS (dx))
    return FALSE;
  move (self, dx * STEP);

  return TRUE;
}

static void
lab_side_scroller_dispose (GObject *object)
{
  LabSideScroller *self = LAB_SIDE_SCROLLER (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  g_clear_pointer (&self->bar, gtk_widget_unparent);

  G_OBJECT_CLASS (lab_side_scroller_parent_class)->dispose (object);
}

static void
lab_side_scroller_class_init (LabSideScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_side_scroller_dispose;
  widget_class->get_request_mode = lab_side_scroller_get_request_mode;
  widget_class->measure = lab_side_scroller_measure;
  widget_class->size_allocate = lab_side_scroller_size_allocate;

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, key_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, key_cb, "i", 1);
  gtk_widget_class_set_css_name (widget_class, "sidescroller");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lab_side_scroller_init (LabSideScroller *self)
{
  GtkEventController *scroll =
    gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->adjustment = gtk_adjustment_new (0, 0, 0, 0, 0, 0);
  self->bar = gtk_scrollbar_new (GTK_ORIENTATION_HORIZONTAL, self->adjustment);
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);

  g_signal_connect_object (self->adjustment, "value-changed",
                           G_CALLBACK (gtk_widget_queue_allocate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (scroll, "scroll", G_CALLBACK (scroll_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}

/**
 * lab_side_scroller_new:
 * @child: (transfer floating): what may be wide
 *
 * Returns: (transfer floating): a scroller at its beginning
 */
GtkWidget *
lab_side_scroller_new (GtkWidget *child)
{
  LabSideScroller *self;

  g_return_val_if_fail (GTK_IS_WIDGET (child), NULL);

  self = g_object_new (LAB_TYPE_SIDE_SCROLLER, NULL);
  self->child = child;
  gtk_widget_insert_before (child, GTK_WIDGET (self), self->bar);

  return GTK_WIDGET (self);
}

/**
 * lab_side_scroller_get_adjustment:
 * @self: a scroller
 *
 * Returns: (transfer none): how far the child is scrolled, in pixels
 */
GtkAdjustment *
lab_side_scroller_get_adjustment (LabSideScroller *self)
{
  g_return_val_if_fail (LAB_IS_SIDE_SCROLLER (self), NULL);

  return self->adjustment;
}
