/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-print-flow.h"

G_BEGIN_DECLS

/* Points. */
#define LAB_PRINT_PADDING 6 /* of a framed text */
#define LAB_PRINT_RULE_ROOM 12

/* A text in one column. */
typedef struct {
  char *text;
  gboolean is_markup;
  PangoAttrList *attributes; /* (nullable): of plain text */
  double x;
  double width;
} LabPrintCell;

/* What goes on paper as one: a text with its marker, a row of a table, a picture, a rule. */
typedef struct {
  GArray *cells;      /* (nullable): of LabPrintCell */
  GdkPixbuf *picture; /* (nullable); a piece with neither is a rule */
  double width;       /* of the picture */
  LabPrintStyle style;
} LabPrintPiece;

/* Some lines of a piece, all of it where it is no single text, on a page. */
typedef struct {
  guint piece;
  guint first_line;
  guint n_lines; /* 0: all of it */
  double y;
  double height;
} LabPrintPart;

void lab_print_piece_clear (LabPrintPiece *self);
LabPrintCell *lab_print_piece_get_cell (const LabPrintPiece *self, guint index);
void lab_print_piece_add_cell (
  LabPrintPiece *self, const char *text, gboolean is_markup, double x, double width);
PangoLayout *lab_print_cell_create_layout (const LabPrintCell *self,
                                           PangoContext *context,
                                           const LabPrintStyle *style);
double lab_print_get_layout_height (PangoLayout *layout);

/* @width is that of the page. */
void lab_print_piece_draw (const LabPrintPiece *self,
                           const LabPrintPart *part,
                           PangoContext *context,
                           double width,
                           cairo_t *cairo);

G_END_DECLS
