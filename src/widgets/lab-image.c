/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-image.h"

/**
 * LabImage:
 *
 * GtkPicture asks for no height at all where it may shrink, and a scrolled page gives it none.
 */
struct _LabImage {
  GtkWidget parent_instance;

  GdkPaintable *paintable; /* (nullable): the file is no picture */
};

G_DEFINE_FINAL_TYPE (LabImage, lab_image, GTK_TYPE_WIDGET)

static int
get_height (LabImage *self, int width)
{
  int natural = gdk_paintable_get_intrinsic_width (self->paintable);

  return MIN (width, natural) * gdk_paintable_get_intrinsic_height (self->paintable) /
         MAX (natural, 1);
}

static void
lab_image_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  LabImage *self = LAB_IMAGE (widget);
  int width = self->paintable != NULL ? gdk_paintable_get_intrinsic_width (self->paintable) : 0;

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 0;
    *natural = width;
  } else {
    *minimum = width > 0 ? get_height (self, for_size < 0 ? width : for_size) : 0;
    *natural = *minimum;
  }
}

static GtkSizeRequestMode
lab_image_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lab_image_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LabImage *self = LAB_IMAGE (widget);
  int width;

  if (self->paintable == NULL)
    return;
  width = MIN (gtk_widget_get_width (widget), gdk_paintable_get_intrinsic_width (self->paintable));
  gdk_paintable_snapshot (self->paintable, snapshot, width, get_height (self, width));
}

static void
lab_image_dispose (GObject *object)
{
  g_clear_object (&LAB_IMAGE (object)->paintable);

  G_OBJECT_CLASS (lab_image_parent_class)->dispose (object);
}

static void
lab_image_class_init (LabImageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_image_dispose;
  widget_class->measure = lab_image_measure;
  widget_class->get_request_mode = lab_image_get_request_mode;
  widget_class->snapshot = lab_image_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
lab_image_init (LabImage *self)
{
}

/**
 * lab_image_new:
 * @path: a file
 * @description: what it shows, for those who do not see it
 *
 * Returns: (transfer floating): the picture; an empty one where the file cannot be read
 */
GtkWidget *
lab_image_new (const char *path, const char *description)
{
  LabImage *self = g_object_new (LAB_TYPE_IMAGE, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GdkTexture *texture = gdk_texture_new_from_file (file, &error);

  if (texture == NULL)
    g_debug ("No picture: %s", error->message);
  else
    self->paintable = GDK_PAINTABLE (texture);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description != NULL ? description : "", -1);

  return GTK_WIDGET (self);
}
