/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-wrap-box.h"

#define SPACING 6

struct _LabWrapBox {
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (LabWrapBox, lab_wrap_box, GTK_TYPE_WIDGET)

/* The natural width of a child, which never exceeds the line unless its minimum does. */
static int
child_width (GtkWidget *child, int for_width)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);

  return CLAMP (natural, minimum, MAX (minimum, for_width));
}

static int
child_height (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);

  return natural;
}

/* Walks the lines; gives each child its place where @allocate. Returns the height of all. */
static int
lay_out (GtkWidget *widget, int width, gboolean allocate)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0, y = 0, line = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int w, h;

    if (!gtk_widget_should_layout (child))
      continue;
    w = child_width (child, width);
    h = child_height (child, w);
    if (x > 0 && x + w > width) {
      x = 0;
      y += line + SPACING;
      line = 0;
    }
    if (allocate)
      gtk_widget_size_allocate (child, &(GtkAllocation){ rtl ? width - x - w : x, y, w, h }, -1);
    x += w + SPACING;
    line = MAX (line, h);
  }

  return y + line;
}

static void
measure_width (GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = 0;
  *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    int child_minimum, child_natural;

    if (!gtk_widget_should_layout (child))
      continue;
    gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL,
                        NULL);
    *minimum = MAX (*minimum, child_minimum);
    *natural += child_natural + (*natural > 0 ? SPACING : 0);
  }
}

static GtkSizeRequestMode
lab_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lab_wrap_box_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  int minimum_width, natural_width;

  measure_width (widget, &minimum_width, &natural_width);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = minimum_width;
    *natural = natural_width;
  } else {
    *natural = lay_out (widget, for_size >= 0 ? for_size : natural_width, FALSE);
    *minimum = *natural;
  }
}

static void
lab_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (widget, width, TRUE);
}

static void
lab_wrap_box_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (lab_wrap_box_parent_class)->dispose (object);
}

static void
lab_wrap_box_class_init (LabWrapBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_wrap_box_dispose;
  widget_class->get_request_mode = lab_wrap_box_get_request_mode;
  widget_class->measure = lab_wrap_box_measure;
  widget_class->size_allocate = lab_wrap_box_size_allocate;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lab_wrap_box_init (LabWrapBox *self)
{
}

/**
 * lab_wrap_box_append:
 * @self: a box
 * @child: (transfer floating): what to add after its other children
 */
void
lab_wrap_box_append (LabWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (LAB_IS_WRAP_BOX (self));
  g_return_if_fail (GTK_IS_WIDGET (child));

  gtk_widget_set_parent (child, GTK_WIDGET (self));
}
