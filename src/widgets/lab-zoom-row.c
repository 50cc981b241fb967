/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-zoom-row.h"

#include <glib/gi18n-lib.h>

struct _LabZoomRow {
  AdwBin parent_instance;

  GtkButton *reset_button;
};

G_DEFINE_FINAL_TYPE (LabZoomRow, lab_zoom_row, ADW_TYPE_BIN)

static void
scale_cb (LabTextScale *text_scale, GParamSpec *pspec, LabZoomRow *self)
{
  /* Translators: the size of the text in percent */
  g_autofree char *text =
    g_strdup_printf (_ ("%d %%"), (int)(lab_text_scale_get_scale (text_scale) * 100 + 0.5));

  gtk_button_set_label (self->reset_button, text);
}

static void
lab_zoom_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_ZOOM_ROW);

  G_OBJECT_CLASS (lab_zoom_row_parent_class)->dispose (object);
}

static void
lab_zoom_row_class_init (LabZoomRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_zoom_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-zoom-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LabZoomRow, reset_button);
}

static void
lab_zoom_row_init (LabZoomRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_zoom_row_new:
 * @text_scale: what its buttons change
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lab_zoom_row_new (LabTextScale *text_scale)
{
  LabZoomRow *self;

  g_return_val_if_fail (LAB_IS_TEXT_SCALE (text_scale), NULL);

  self = g_object_new (LAB_TYPE_ZOOM_ROW, NULL);
  g_signal_connect_object (text_scale, "notify::scale", G_CALLBACK (scale_cb), self, 0);
  scale_cb (text_scale, NULL, self);

  return GTK_WIDGET (self);
}
