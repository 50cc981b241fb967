/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-pdf.h"

#include <cairo-pdf.h>
#include <gtk/gtk.h>

#define MARGIN 54

struct _LabPdf {
  GObject parent_instance;

  double width; /* within the margins */
  double height;
  GByteArray *bytes;
  PangoContext *context;
  cairo_surface_t *surface;
  cairo_t *cairo;
};

G_DEFINE_FINAL_TYPE (LabPdf, lab_pdf, G_TYPE_OBJECT)

static void
close_surface (LabPdf *self)
{
  g_clear_pointer (&self->cairo, cairo_destroy);
  if (self->surface != NULL)
    cairo_surface_finish (self->surface);
}

static void
lab_pdf_finalize (GObject *object)
{
  LabPdf *self = LAB_PDF (object);

  close_surface (self);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (lab_pdf_parent_class)->finalize (object);
}

static void
lab_pdf_class_init (LabPdfClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_pdf_finalize;
}

static cairo_status_t
write_cb (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);

  return CAIRO_STATUS_SUCCESS;
}

static PangoContext *
create_context (void)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  cairo_font_options_t *options = cairo_font_options_create ();

  /* paper has no pixels to keep to */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_cairo_context_set_resolution (context, 72);
  cairo_font_options_destroy (options);

  return context;
}

static void
lab_pdf_init (LabPdf *self)
{
  GtkPaperSize *paper = gtk_paper_size_new (gtk_paper_size_get_default ());
  double width = gtk_paper_size_get_width (paper, GTK_UNIT_POINTS);
  double height = gtk_paper_size_get_height (paper, GTK_UNIT_POINTS);

  gtk_paper_size_free (paper);
  self->width = width - 2 * MARGIN;
  self->height = height - 2 * MARGIN;
  self->context = create_context ();
  self->bytes = g_byte_array_new ();
  self->surface = cairo_pdf_surface_create_for_stream (write_cb, self->bytes, width, height);
  self->cairo = cairo_create (self->surface);
  cairo_translate (self->cairo, MARGIN, MARGIN);
}

/**
 * lab_pdf_new:
 * @title: what the document says that it is
 *
 * Returns: (transfer full): a document, on its first page
 */
LabPdf *
lab_pdf_new (const char *title)
{
  LabPdf *self;

  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (LAB_TYPE_PDF, NULL);
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_TITLE, title);

  return self;
}

/**
 * lab_pdf_get_context:
 * @self: a document
 *
 * Returns: (transfer none): to lay text out for it
 */
PangoContext *
lab_pdf_get_context (LabPdf *self)
{
  g_return_val_if_fail (LAB_IS_PDF (self), NULL);

  return self->context;
}

/**
 * lab_pdf_get_width:
 * @self: a document
 *
 * Returns: how wide a page is within its margins
 */
double
lab_pdf_get_width (LabPdf *self)
{
  g_return_val_if_fail (LAB_IS_PDF (self), 0);

  return self->width;
}

/**
 * lab_pdf_get_height:
 * @self: a document
 *
 * Returns: how high a page is within its margins
 */
double
lab_pdf_get_height (LabPdf *self)
{
  g_return_val_if_fail (LAB_IS_PDF (self), 0);

  return self->height;
}

/**
 * lab_pdf_get_cairo:
 * @self: a document that is not saved yet
 *
 * Returns: (transfer none): where to draw the present page, from the corner of its margins
 */
cairo_t *
lab_pdf_get_cairo (LabPdf *self)
{
  g_return_val_if_fail (LAB_IS_PDF (self), NULL);

  return self->cairo;
}

/**
 * lab_pdf_end_page:
 * @self: a document
 *
 * What is drawn next is on another page.
 */
void
lab_pdf_end_page (LabPdf *self)
{
  g_return_if_fail (LAB_IS_PDF (self));

  cairo_show_page (self->cairo);
}

/**
 * lab_pdf_save:
 * @self: a document; nothing more is drawn in it
 * @path: a file
 * @error: return location for a #GError, of the system
 *
 * Writes the file, or leaves the one that is there as it is.
 *
 * Returns: whether it is written
 */
gboolean
lab_pdf_save (LabPdf *self, const char *path, GError **error)
{
  cairo_status_t status;

  g_return_val_if_fail (LAB_IS_PDF (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  close_surface (self);
  status = cairo_surface_status (self->surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, cairo_status_to_string (status));
    return FALSE;
  }

  return g_file_set_contents_full (path, (const char *)self->bytes->data, self->bytes->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
