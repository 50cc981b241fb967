/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <pango/pangocairo.h>

G_BEGIN_DECLS

/* How a piece of text stands on paper. Lengths are points. */
typedef struct {
  double size; /* of the letters */
  double indent;
  double before; /* room above it */
  guint16 gray;  /* of the letters: 0 is black */
  gboolean bold;
  gboolean monospace;
  gboolean framed; /* on a pale ground */
  gboolean keep;   /* not at the foot of a page without what follows */
} LabPrintStyle;

/* Text and pictures one after the other on as many pages as they need. Each is placed when it is
 * added; a text goes on on the next page between any two lines. Knows nothing of a display. */
#define LAB_TYPE_PRINT_FLOW (lab_print_flow_get_type ())
G_DECLARE_FINAL_TYPE (LabPrintFlow, lab_print_flow, LAB, PRINT_FLOW, GObject)

LabPrintFlow *
lab_print_flow_new (PangoContext *context, double width, double height, const char *footer);
void lab_print_flow_add_markup (LabPrintFlow *self,
                                const char *marker,
                                const char *markup,
                                const LabPrintStyle *style);
void lab_print_flow_add_text (LabPrintFlow *self,
                              const char *text,
                              PangoAttrList *attributes,
                              const LabPrintStyle *style);
void
lab_print_flow_add_row (LabPrintFlow *self, const char *const *cells, const LabPrintStyle *style);
void lab_print_flow_add_picture (LabPrintFlow *self, GdkPixbuf *picture, double width);
void lab_print_flow_add_rule (LabPrintFlow *self);
void lab_print_flow_begin_page (LabPrintFlow *self);
guint lab_print_flow_get_n_pages (LabPrintFlow *self);
void lab_print_flow_draw_page (LabPrintFlow *self, cairo_t *cairo, guint page);

G_END_DECLS
