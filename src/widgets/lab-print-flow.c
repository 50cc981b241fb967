/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-print-flow.h"

#include <glib/gi18n-lib.h>

#include "lab-print-piece.h"

/* Points. */
#define FOOTER_ROOM 28
#define FOOTER_SIZE 8
#define MARKER_WIDTH 18
#define CELL_GAP 10
#define KEPT_ROOM 60 /* below what is not to be alone at the foot of a page */

struct _LabPrintFlow {
  GObject parent_instance;

  PangoContext *context;
  double width;
  double height; /* without the footer */
  char *footer;  /* (nullable) */

  GArray *pieces;
  GArray *parts;
  GArray *pages; /* of guint: the first part of each */
  double y;      /* where the next piece goes */
};

G_DEFINE_FINAL_TYPE (LabPrintFlow, lab_print_flow, G_TYPE_OBJECT)

static void
lab_print_flow_finalize (GObject *object)
{
  LabPrintFlow *self = LAB_PRINT_FLOW (object);

  g_clear_object (&self->context);
  g_clear_pointer (&self->footer, g_free);
  g_clear_pointer (&self->pieces, g_array_unref);
  g_clear_pointer (&self->parts, g_array_unref);
  g_clear_pointer (&self->pages, g_array_unref);

  G_OBJECT_CLASS (lab_print_flow_parent_class)->finalize (object);
}

static void
lab_print_flow_class_init (LabPrintFlowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_print_flow_finalize;
}

static void
lab_print_flow_init (LabPrintFlow *self)
{
  const guint first = 0;

  self->pieces = g_array_new (FALSE, FALSE, sizeof (LabPrintPiece));
  g_array_set_clear_func (self->pieces, (GDestroyNotify)lab_print_piece_clear);
  self->parts = g_array_new (FALSE, FALSE, sizeof (LabPrintPart));
  self->pages = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->pages, first);
}

/**
 * lab_print_flow_begin_page:
 * @self: pages
 *
 * What is added next stands at the top of a page.
 */
void
lab_print_flow_begin_page (LabPrintFlow *self)
{
  g_return_if_fail (LAB_IS_PRINT_FLOW (self));

  if (self->y == 0)
    return;
  g_array_append_val (self->pages, self->parts->len);
  self->y = 0;
}

static void
add_part (LabPrintFlow *self, guint first_line, guint n_lines, double height, double padding)
{
  LabPrintPart part = {
    .piece = self->pieces->len - 1,
    .first_line = first_line,
    .n_lines = n_lines,
    .y = self->y + padding,
    .height = height,
  };

  g_array_append_val (self->parts, part);
  self->y += height + 2 * padding;
}

/* What cannot go on on another page. */
static void
place_whole (LabPrintFlow *self, double height)
{
  if (self->y + height > self->height)
    lab_print_flow_begin_page (self);
  add_part (self, 0, 0, height, 0);
}

/* Line by line, so that a text goes on where a page ends. */
static void
place_lines (LabPrintFlow *self, PangoLayout *layout, const LabPrintStyle *style)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  double padding = style->framed ? LAB_PRINT_PADDING : 0;
  guint first = 0, line = 0;
  double top = 0, bottom = 0;

  do {
    int y0, y1;
    double end;

    pango_layout_iter_get_line_yrange (iter, &y0, &y1);
    end = (double)y1 / PANGO_SCALE;
    if (self->y + end - top + 2 * padding > self->height && line > first) {
      add_part (self, first, line - first, bottom - top, padding);
      lab_print_flow_begin_page (self);
      first = line;
      top = bottom;
    }
    bottom = end;
    line++;
  } while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
  add_part (self, first, line - first, bottom - top, padding);
}

static double
get_first_line_height (PangoLayout *layout)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  int y0, y1;

  pango_layout_iter_get_line_yrange (iter, &y0, &y1);
  pango_layout_iter_free (iter);

  return (double)(y1 - y0) / PANGO_SCALE;
}

/* Room above the next piece, or a new page where @needed does not fit any more. */
static void
make_room (LabPrintFlow *self, double before, double needed)
{
  if (self->y == 0)
    return;
  if (self->y + before + needed > self->height)
    lab_print_flow_begin_page (self);
  else
    self->y += before;
}

static LabPrintPiece *
add_piece (LabPrintFlow *self, const LabPrintStyle *style)
{
  LabPrintPiece piece = { .style = *style };

  g_array_append_val (self->pieces, piece);

  return &g_array_index (self->pieces, LabPrintPiece, self->pieces->len - 1);
}

static void
place_text (LabPrintFlow *self, const LabPrintPiece *piece)
{
  const LabPrintCell *cell = lab_print_piece_get_cell (piece, 0);
  g_autoptr (PangoLayout) layout =
    lab_print_cell_create_layout (cell, self->context, &piece->style);
  double needed = get_first_line_height (layout);

  if (piece->style.keep)
    needed = lab_print_get_layout_height (layout) + KEPT_ROOM;
  if (piece->style.framed)
    needed += 2 * LAB_PRINT_PADDING;
  make_room (self, piece->style.before, needed);
  place_lines (self, layout, &piece->style);
}

static void
add_single (LabPrintFlow *self,
            const char *text,
            gboolean is_markup,
            PangoAttrList *attributes,
            const char *marker,
            const LabPrintStyle *style)
{
  LabPrintPiece *piece = add_piece (self, style);
  double padding = style->framed ? LAB_PRINT_PADDING : 0;
  double x = style->indent + padding + (marker != NULL ? MARKER_WIDTH : 0);

  lab_print_piece_add_cell (piece, text, is_markup, x, self->width - x - padding);
  if (attributes != NULL)
    lab_print_piece_get_cell (piece, 0)->attributes = pango_attr_list_ref (attributes);
  if (marker != NULL)
    lab_print_piece_add_cell (piece, marker, FALSE, style->indent, MARKER_WIDTH);
  place_text (self, piece);
}

/**
 * lab_print_flow_new:
 * @context: to lay text out, in which a unit of the paper is a point
 * @width: of a page, in points
 * @height: of a page, in points
 * @footer: (nullable): what stands at the foot of each page beside its number; %NULL: no foot
 *
 * Returns: (transfer full): one page with nothing on it yet
 */
LabPrintFlow *
lab_print_flow_new (PangoContext *context, double width, double height, const char *footer)
{
  LabPrintFlow *self;

  g_return_val_if_fail (PANGO_IS_CONTEXT (context), NULL);

  self = g_object_new (LAB_TYPE_PRINT_FLOW, NULL);
  self->context = g_object_ref (context);
  self->width = MAX (width, 1);
  self->height = MAX (height - (footer != NULL ? FOOTER_ROOM : 0), 1);
  self->footer = g_strdup (footer);

  return self;
}

/**
 * lab_print_flow_add_markup:
 * @self: pages
 * @marker: (nullable): a bullet or number before it
 * @markup: a text in the markup of Pango
 * @style: how it stands
 */
void
lab_print_flow_add_markup (LabPrintFlow *self,
                           const char *marker,
                           const char *markup,
                           const LabPrintStyle *style)
{
  g_return_if_fail (LAB_IS_PRINT_FLOW (self));
  g_return_if_fail (markup != NULL);

  add_single (self, markup, TRUE, NULL, marker, style);
}

/**
 * lab_print_flow_add_text:
 * @self: pages
 * @text: plain text
 * @attributes: (nullable): its colours
 * @style: how it stands
 */
void
lab_print_flow_add_text (LabPrintFlow *self,
                         const char *text,
                         PangoAttrList *attributes,
                         const LabPrintStyle *style)
{
  g_return_if_fail (LAB_IS_PRINT_FLOW (self));
  g_return_if_fail (text != NULL);

  add_single (self, text, FALSE, attributes, NULL, style);
}

/**
 * lab_print_flow_add_row:
 * @self: pages
 * @cells: texts in the markup of Pango, %NULL-terminated
 * @style: how they stand
 *
 * Adds a row of a table, in columns of equal width.
 */
void
lab_print_flow_add_row (LabPrintFlow *self, const char *const *cells, const LabPrintStyle *style)
{
  guint n_cells = g_strv_length ((GStrv)cells);
  double width = (self->width - style->indent) / MAX (n_cells, 1);
  double height = 0;
  LabPrintPiece *piece;

  g_return_if_fail (LAB_IS_PRINT_FLOW (self));

  if (n_cells == 0)
    return;
  piece = add_piece (self, style);
  for (guint i = 0; i < n_cells; i++) {
    g_autoptr (PangoLayout) layout = NULL;

    lab_print_piece_add_cell (piece, cells[i], TRUE, style->indent + i * width, width - CELL_GAP);
    layout =
      lab_print_cell_create_layout (lab_print_piece_get_cell (piece, i), self->context, style);
    height = MAX (height, lab_print_get_layout_height (layout));
  }
  make_room (self, style->before, height);
  place_whole (self, height);
}

/**
 * lab_print_flow_add_picture:
 * @self: pages
 * @picture: a picture
 * @width: how wide it would like to be, in points
 *
 * Adds a picture, smaller where a page has less room.
 */
void
lab_print_flow_add_picture (LabPrintFlow *self, GdkPixbuf *picture, double width)
{
  static const LabPrintStyle style = { .before = 8 };
  LabPrintPiece *piece;
  double ratio, height;

  g_return_if_fail (LAB_IS_PRINT_FLOW (self));
  g_return_if_fail (GDK_IS_PIXBUF (picture));

  ratio = (double)gdk_pixbuf_get_height (picture) / gdk_pixbuf_get_width (picture);
  width = MIN (MIN (width, self->width), self->height / ratio);
  height = width * ratio;
  piece = add_piece (self, &style);
  piece->picture = g_object_ref (picture);
  piece->width = width;
  make_room (self, style.before, height);
  place_whole (self, height);
}

/**
 * lab_print_flow_add_rule:
 * @self: pages
 */
void
lab_print_flow_add_rule (LabPrintFlow *self)
{
  static const LabPrintStyle style = { 0 };

  g_return_if_fail (LAB_IS_PRINT_FLOW (self));

  add_piece (self, &style);
  place_whole (self, LAB_PRINT_RULE_ROOM);
}

/**
 * lab_print_flow_get_n_pages:
 * @self: pages
 *
 * Returns: how many there are so far
 */
guint
lab_print_flow_get_n_pages (LabPrintFlow *self)
{
  g_return_val_if_fail (LAB_IS_PRINT_FLOW (self), 0);

  return self->pages->len;
}

static void
draw_part (LabPrintFlow *self, cairo_t *cairo, const LabPrintPart *part)
{
  const LabPrintPiece *piece = &g_array_index (self->pieces, LabPrintPiece, part->piece);

  lab_print_piece_draw (piece, part, self->context, self->width, cairo);
}

static void
draw_footer (LabPrintFlow *self, cairo_t *cairo, guint page)
{
  static const LabPrintStyle style = { .size = FOOTER_SIZE };
  /* Translators: the number of a page, and how many there are */
  g_autofree char *number =
    g_strdup_printf (_ ("Page %u of %u"), page + 1, lab_print_flow_get_n_pages (self));
  const LabPrintCell left = { .text = self->footer, .width = self->width * 0.75 };
  const LabPrintCell right = { .text = number, .width = self->width };
  g_autoptr (PangoLayout) left_layout = lab_print_cell_create_layout (&left, self->context, &style);
  g_autoptr (PangoLayout) right_layout =
    lab_print_cell_create_layout (&right, self->context, &style);
  double y = self->height + FOOTER_ROOM - lab_print_get_layout_height (right_layout);

  pango_layout_set_ellipsize (left_layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment (right_layout, PANGO_ALIGN_RIGHT);
  cairo_set_source_rgb (cairo, 0.4, 0.4, 0.4);
  cairo_move_to (cairo, 0, y);
  pango_cairo_show_layout (cairo, left_layout);
  cairo_move_to (cairo, 0, y);
  pango_cairo_show_layout (cairo, right_layout);
}

/**
 * lab_print_flow_draw_page:
 * @self: pages
 * @cairo: where to draw, a unit being a point
 * @page: which of them, from 0
 */
void
lab_print_flow_draw_page (LabPrintFlow *self, cairo_t *cairo, guint page)
{
  guint first, last;

  g_return_if_fail (LAB_IS_PRINT_FLOW (self));
  g_return_if_fail (page < self->pages->len);

  first = g_array_index (self->pages, guint, page);
  last =
    page + 1 < self->pages->len ? g_array_index (self->pages, guint, page + 1) : self->parts->len;
  for (guint i = first; i < last; i++)
    draw_part (self, cairo, &g_array_index (self->parts, LabPrintPart, i));
  if (self->footer != NULL)
    draw_footer (self, cairo, page);
}
