/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-image.h"

#include <glib/gi18n-lib.h>

/* Letters of the narrowest line of what stands for a picture. */
#define NARROWEST 8

/**
 * LabImage:
 *
 * GtkPicture asks for no height at all where it may shrink, and a scrolled page gives it none.
 *
 * The picture is drawn in another thread. Until it is there it has the room that its file asks for;
 * where it never comes its description stands in that.
 */
struct _LabImage {
  GtkWidget parent_instance;

  char *description;
  LabPictureSize size;       /* 0: not known yet */
  cairo_surface_t *picture;  /* (nullable) */
  cairo_surface_t *fitted;   /* (nullable): it, at the size at which it was drawn last */
  GtkWidget *label;          /* (nullable): there is no picture */
  GCancellable *cancellable; /* (nullable): while it is loaded */
};

G_DEFINE_FINAL_TYPE (LabImage, lab_image, GTK_TYPE_WIDGET)

static int
get_height (LabImage *self, int width)
{
  return (int)((gint64)MIN (width, self->size.width) * self->size.height /
               MAX (self->size.width, 1));
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
  int label_minimum = 0, label_natural = 0;

  if (self->label != NULL)
    gtk_widget_measure (self->label, orientation, for_size, &label_minimum, &label_natural, NULL,
                        NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = label_minimum;
    *natural = self->size.width > 0 ? MAX (self->size.width, label_minimum) : label_natural;
  } else {
    *minimum = MAX (get_height (self, for_size < 0 ? self->size.width : for_size), label_minimum);
    *natural = *minimum;
  }
}

static GtkSizeRequestMode
lab_image_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* What stands for a picture has its place. */
static void
lab_image_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabImage *self = LAB_IMAGE (widget);
  GtkAllocation place = { 0, 0, width, height };
  int narrowest;

  if (self->label == NULL)
    return;
  gtk_widget_measure (self->label, GTK_ORIENTATION_HORIZONTAL, -1, &narrowest, NULL, NULL, NULL);
  if (self->size.width > 0)
    place.width = MAX (MIN (width, self->size.width), narrowest);
  gtk_widget_size_allocate (self->label, &place, -1);
}

/* What has fewer pixels than the screen, since there would be too many, stays as it is. */
static void
fit (LabImage *self, int width, int height)
{
  cairo_surface_t *fitted = self->fitted;

  if (fitted != NULL && cairo_image_surface_get_width (fitted) == width &&
      cairo_image_surface_get_height (fitted) == height)
    return;
  g_clear_pointer (&self->fitted, cairo_surface_destroy);
  if (width < cairo_image_surface_get_width (self->picture))
    self->fitted = lab_picture_fit (self->picture, width, height);
  else
    self->fitted = cairo_surface_reference (self->picture);
}

/* In each frame GTK 4.8 turns the pixels of a texture into those of the screen where there is no
 * graphics card, and scales them: several milliseconds for one picture. */
static void
draw (LabImage *self, GtkSnapshot *snapshot, int width, int height)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  cairo_t *cairo =
    gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));

  fit (self, width * scale, height * scale);
  cairo_scale (cairo, (double)width / cairo_image_surface_get_width (self->fitted),
               (double)height / cairo_image_surface_get_height (self->fitted));
  cairo_set_source_surface (cairo, self->fitted, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
}

static void
lab_image_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LabImage *self = LAB_IMAGE (widget);
  int width = MIN (gtk_widget_get_width (widget), self->size.width);
  int height = get_height (self, width);

  if (self->picture != NULL && width > 0 && height > 0)
    draw (self, snapshot, width, height);
  if (self->label != NULL)
    gtk_widget_snapshot_child (widget, self->label, snapshot);
}

/* In the room that was kept for the picture, so that the text around it stays where it is. */
static void
show_description (LabImage *self)
{
  self->label = gtk_label_new (*self->description != '\0' ? self->description
                                                          : _ ("This picture cannot be shown"));
  gtk_label_set_wrap (GTK_LABEL (self->label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (self->label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_width_chars (GTK_LABEL (self->label), NARROWEST);
  gtk_label_set_justify (GTK_LABEL (self->label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (self->label, "missing");
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  LabImage *self;
  LabPictureSize size;
  g_autoptr (GError) error = NULL;
  cairo_surface_t *picture = lab_picture_load_finish (result, &size, &error);

  /* nobody sees it any more */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = LAB_IMAGE (user_data);
  g_clear_object (&self->cancellable);
  gtk_accessible_reset_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY);
  if (picture == NULL) {
    g_debug ("No picture: %s", error->message);
    show_description (self);
  } else {
    self->picture = picture;
    self->size = size;
  }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
lab_image_dispose (GObject *object)
{
  LabImage *self = LAB_IMAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_clear_pointer (&self->fitted, cairo_surface_destroy);
  g_clear_pointer (&self->label, gtk_widget_unparent);

  G_OBJECT_CLASS (lab_image_parent_class)->dispose (object);
}

static void
lab_image_finalize (GObject *object)
{
  g_free (LAB_IMAGE (object)->description);

  G_OBJECT_CLASS (lab_image_parent_class)->finalize (object);
}

static void
lab_image_class_init (LabImageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_image_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_image_finalize;
  widget_class->measure = lab_image_measure;
  widget_class->get_request_mode = lab_image_get_request_mode;
  widget_class->size_allocate = lab_image_size_allocate;
  widget_class->snapshot = lab_image_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "picture");
}

static void
lab_image_init (LabImage *self)
{
}

/**
 * lab_image_new:
 * @path: a file
 * @description: (nullable): what it shows, for those who do not see it
 * @size: what the file says of its size; 0 where that is not known
 *
 * Returns: (transfer floating): the picture, which appears when it has been drawn; its description
 *   where the file cannot be read
 */
GtkWidget *
lab_image_new (const char *path, const char *description, LabPictureSize size)
{
  LabImage *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (LAB_TYPE_IMAGE, NULL);
  self->description = g_strdup (description != NULL ? description : "");
  self->size = size;
  self->cancellable = g_cancellable_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->description, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, TRUE, -1);
  lab_picture_load_async (path, gtk_widget_get_scale_factor (GTK_WIDGET (self)), self->cancellable,
                          loaded_cb, self);

  return GTK_WIDGET (self);
}

/**
 * lab_image_get_loading:
 * @self: a picture
 *
 * Returns: whether it is still being drawn
 */
gboolean
lab_image_get_loading (LabImage *self)
{
  g_return_val_if_fail (LAB_IS_IMAGE (self), FALSE);

  return self->cancellable != NULL;
}
