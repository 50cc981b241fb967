/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* A PDF file while it is drawn, on the paper of the user's country. A unit is a point. */
#define LAB_TYPE_PDF (lab_pdf_get_type ())
G_DECLARE_FINAL_TYPE (LabPdf, lab_pdf, LAB, PDF, GObject)

LabPdf *lab_pdf_new (const char *title);
PangoContext *lab_pdf_get_context (LabPdf *self);
double lab_pdf_get_width (LabPdf *self);
double lab_pdf_get_height (LabPdf *self);
cairo_t *lab_pdf_get_cairo (LabPdf *self);
void lab_pdf_end_page (LabPdf *self);
gboolean lab_pdf_save (LabPdf *self, const char *path, GError **error);

G_END_DECLS
