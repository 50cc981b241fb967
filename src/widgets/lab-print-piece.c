/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-print-piece.h"

#include <gdk/gdk.h>

static void
cell_clear (gpointer data)
{
  LabPrintCell *cell = data;

  g_free (cell->text);
  g_clear_pointer (&cell->attributes, pango_attr_list_unref);
}

/**
 * lab_print_piece_clear:
 * @self: a piece, whose memory is somebody else's
 */
void
lab_print_piece_clear (LabPrintPiece *self)
{
  g_clear_pointer (&self->cells, g_array_unref);
  g_clear_object (&self->picture);
}

/**
 * lab_print_piece_get_cell:
 * @self: a piece with cells
 * @index: one of them
 *
 * Returns: (transfer none): that cell, until another is added
 */
LabPrintCell *
lab_print_piece_get_cell (const LabPrintPiece *self, guint index)
{
  return &g_array_index (self->cells, LabPrintCell, index);
}

/**
 * lab_print_piece_add_cell:
 * @self: a piece
 * @text: a text
 * @is_markup: whether it is in the markup of Pango
 * @x: where it begins, in points
 * @width: that it has, in points
 */
void
lab_print_piece_add_cell (
  LabPrintPiece *self, const char *text, gboolean is_markup, double x, double width)
{
  LabPrintCell cell = { .text = g_strdup (text), .is_markup = is_markup, .x = x, .width = width };

  if (self->cells == NULL) {
    self->cells = g_array_new (FALSE, FALSE, sizeof (LabPrintCell));
    g_array_set_clear_func (self->cells, cell_clear);
  }
  g_array_append_val (self->cells, cell);
}

/**
 * lab_print_cell_create_layout:
 * @self: a cell
 * @context: to lay text out
 * @style: how it stands
 *
 * Returns: (transfer full): its text
 */
PangoLayout *
lab_print_cell_create_layout (const LabPrintCell *self,
                              PangoContext *context,
                              const LabPrintStyle *style)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (PangoFontDescription) font =
    pango_font_description_from_string (style->monospace ? "Monospace" : "Sans");

  pango_font_description_set_size (font, (int)(style->size * PANGO_SCALE));
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int)(MAX (self->width, 1) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (self->is_markup)
    pango_layout_set_markup (layout, self->text, -1);
  else
    pango_layout_set_text (layout, self->text, -1);
  if (self->attributes != NULL)
    pango_layout_set_attributes (layout, self->attributes);

  return layout;
}

/**
 * lab_print_get_layout_height:
 * @layout: a text
 *
 * Returns: how high it is, in points
 */
double
lab_print_get_layout_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);

  return (double)height / PANGO_SCALE;
}

static void
set_gray (cairo_t *cairo, guint16 gray)
{
  double level = gray / 65535.0;

  cairo_set_source_rgb (cairo, level, level, level);
}

static void
draw_lines (cairo_t *cairo, PangoLayout *layout, const LabPrintPart *part, double x)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  guint line = 0;
  double top = 0;

  do {
    int y0, y1;

    if (line < part->first_line)
      continue;
    pango_layout_iter_get_line_yrange (iter, &y0, &y1);
    if (line == part->first_line)
      top = (double)y0 / PANGO_SCALE;
    cairo_move_to (cairo, x,
                   part->y - top + (double)pango_layout_iter_get_baseline (iter) / PANGO_SCALE);
    pango_cairo_show_layout_line (cairo, pango_layout_iter_get_line_readonly (iter));
  } while (++line < part->first_line + part->n_lines && pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

static void
draw_ground (cairo_t *cairo, const LabPrintPart *part, const LabPrintStyle *style, double width)
{
  cairo_set_source_rgb (cairo, 0.955, 0.955, 0.96);
  cairo_rectangle (cairo, style->indent, part->y - LAB_PRINT_PADDING, width - style->indent,
                   part->height + 2 * LAB_PRINT_PADDING);
  cairo_fill (cairo);
}

static void
draw_cells (cairo_t *cairo,
            const LabPrintPiece *piece,
            const LabPrintPart *part,
            PangoContext *context)
{
  for (guint i = 0; i < piece->cells->len; i++) {
    const LabPrintCell *cell = lab_print_piece_get_cell (piece, i);
    g_autoptr (PangoLayout) layout = lab_print_cell_create_layout (cell, context, &piece->style);
    gboolean is_row = part->n_lines == 0;

    set_gray (cairo, piece->style.gray);
    if (is_row || i > 0) {
      /* the marker stands before the first lines only */
      if (!is_row && part->first_line > 0)
        continue;
      cairo_move_to (cairo, cell->x, part->y);
      pango_cairo_show_layout (cairo, layout);
    } else {
      draw_lines (cairo, layout, part, cell->x);
    }
  }
}

static void
draw_picture (cairo_t *cairo, const LabPrintPiece *piece, const LabPrintPart *part)
{
  double scale = piece->width / gdk_pixbuf_get_width (piece->picture);

  cairo_save (cairo);
  cairo_translate (cairo, 0, part->y);
  cairo_scale (cairo, scale, scale);
  gdk_cairo_set_source_pixbuf (cairo, piece->picture, 0, 0);
  cairo_paint (cairo);
  cairo_restore (cairo);
}

static void
draw_rule (cairo_t *cairo, const LabPrintPart *part, double width)
{
  cairo_set_source_rgb (cairo, 0.7, 0.7, 0.7);
  cairo_set_line_width (cairo, 0.5);
  cairo_move_to (cairo, 0, part->y + LAB_PRINT_RULE_ROOM / 2.0);
  cairo_line_to (cairo, width, part->y + LAB_PRINT_RULE_ROOM / 2.0);
  cairo_stroke (cairo);
}

/**
 * lab_print_piece_draw:
 * @self: a piece
 * @part: what of it is on the page
 * @context: to lay text out
 * @width: of the page, in points
 * @cairo: where to draw
 */
void
lab_print_piece_draw (const LabPrintPiece *self,
                      const LabPrintPart *part,
                      PangoContext *context,
                      double width,
                      cairo_t *cairo)
{
  if (self->style.framed)
    draw_ground (cairo, part, &self->style, width);
  if (self->cells != NULL)
    draw_cells (cairo, self, part, context);
  else if (self->picture != NULL)
    draw_picture (cairo, self, part);
  else
    draw_rule (cairo, part, width);
}
