/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-print-flow.h"

#include <gdk/gdk.h>
#include <glib/gi18n-lib.h>

/* Points. */
#define FOOTER_ROOM 28
#define FOOTER_SIZE 8
#define PADDING 6
#define MARKER_WIDTH 18
#define CELL_GAP 10
#define RULE_ROOM 12
#define KEPT_ROOM 60 /* below what is not to be alone at the foot of a page */

/* A text in one column. */
typedef struct {
  char *text;
  gboolean is_markup;
  PangoAttrList *attributes; /* (nullable): of plain text */
  double x;
  double width;
} Cell;

typedef struct {
  GArray *cells;      /* (nullable): of Cell */
  GdkPixbuf *picture; /* (nullable); a piece with neither is a rule */
  double width;       /* of the picture */
  LabPrintStyle style;
} Piece;

/* Some lines of a piece, all of it where it is no single text, on a page. */
typedef struct {
  guint piece;
  guint first_line;
  guint n_lines;
  double y;
  double height;
} Part;

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
cell_clear (gpointer data)
{
  Cell *cell = data;

  g_free (cell->text);
  g_clear_pointer (&cell->attributes, pango_attr_list_unref);
}

static void
piece_clear (gpointer data)
{
  Piece *piece = data;

  g_clear_pointer (&piece->cells, g_array_unref);
  g_clear_object (&piece->picture);
}

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

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (self->pieces, piece_clear);
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  self->pages = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (self->pages, first);
}

static PangoLayout *
create_layout (LabPrintFlow *self, const Cell *cell, const LabPrintStyle *style)
{
  PangoLayout *layout = pango_layout_new (self->context);
  g_autoptr (PangoFontDescription) font =
    pango_font_description_from_string (style->monospace ? "Monospace" : "Sans");

  pango_font_description_set_size (font, (int)(style->size * PANGO_SCALE));
  if (style->bold)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int)(MAX (cell->width, 1) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  if (cell->is_markup)
    pango_layout_set_markup (layout, cell->text, -1);
  else
    pango_layout_set_text (layout, cell->text, -1);
  if (cell->attributes != NULL)
    pango_layout_set_attributes (layout, cell->attributes);

  return layout;
}

static double
get_layout_height (PangoLayout *layout)
{
  int height;

  pango_layout_get_size (layout, NULL, &height);

  return (double)height / PANGO_SCALE;
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
  Part part = {
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
  double padding = style->framed ? PADDING : 0;
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

static Piece *
add_piece (LabPrintFlow *self, const LabPrintStyle *style)
{
  Piece piece = { .style = *style };

  g_array_append_val (self->pieces, piece);

  return &g_array_index (self->pieces, Piece, self->pieces->len - 1);
}

static void
add_cell (Piece *piece, const char *text, gboolean is_markup, double x, double width)
{
  Cell cell = { .text = g_strdup (text), .is_markup = is_markup, .x = x, .width = width };

  if (piece->cells == NULL) {
    piece->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
    g_array_set_clear_func (piece->cells, cell_clear);
  }
  g_array_append_val (piece->cells, cell);
}

static void
place_text (LabPrintFlow *self, const Piece *piece)
{
  const Cell *cell = &g_array_index (piece->cells, Cell, 0);
  g_autoptr (PangoLayout) layout = create_layout (self, cell, &piece->style);
  double needed = get_first_line_height (layout);

  if (piece->style.keep)
    needed = get_layout_height (layout) + KEPT_ROOM;
  if (piece->style.framed)
    needed += 2 * PADDING;
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
  Piece *piece = add_piece (self, style);
  double padding = style->framed ? PADDING : 0;
  double x = style->indent + padding + (marker != NULL ? MARKER_WIDTH : 0);

  add_cell (piece, text, is_markup, x, self->width - x - padding);
  if (attributes != NULL)
    g_array_index (piece->cells, Cell, 0).attributes = pango_attr_list_ref (attributes);
  if (marker != NULL)
    add_cell (piece, marker, FALSE, style->indent, MARKER_WIDTH);
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
  Piece *piece;

  g_return_if_fail (LAB_IS_PRINT_FLOW (self));

  if (n_cells == 0)
    return;
  piece = add_piece (self, style);
  for (guint i = 0; i < n_cells; i++) {
    g_autoptr (PangoLayout) layout = NULL;

    add_cell (piece, cells[i], TRUE, style->indent + i * width, width - CELL_GAP);
    layout = create_layout (self, &g_array_index (piece->cells, Cell, i), style);
    height = MAX (height, get_layout_height (layout));
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
  Piece *piece;
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
  place_whole (self, RULE_ROOM);
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
set_gray (cairo_t *cairo, guint16 gray)
{
  double level = gray / 65535.0;

  cairo_set_source_rgb (cairo, level, level, level);
}

static void
draw_lines (cairo_t *cairo, PangoLayout *layout, const Part *part, double x)
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
draw_ground (LabPrintFlow *self, cairo_t *cairo, const Part *part, const LabPrintStyle *style)
{
  cairo_set_source_rgb (cairo, 0.955, 0.955, 0.96);
  cairo_rectangle (cairo, style->indent, part->y - PADDING, self->width - style->indent,
                   part->height + 2 * PADDING);
  cairo_fill (cairo);
}

static void
draw_cells (LabPrintFlow *self, cairo_t *cairo, const Piece *piece, const Part *part)
{
  for (guint i = 0; i < piece->cells->len; i++) {
    const Cell *cell = &g_array_index (piece->cells, Cell, i);
    g_autoptr (PangoLayout) layout = create_layout (self, cell, &piece->style);
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
draw_picture (cairo_t *cairo, const Piece *piece, const Part *part)
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
draw_rule (LabPrintFlow *self, cairo_t *cairo, const Part *part)
{
  cairo_set_source_rgb (cairo, 0.7, 0.7, 0.7);
  cairo_set_line_width (cairo, 0.5);
  cairo_move_to (cairo, 0, part->y + RULE_ROOM / 2.0);
  cairo_line_to (cairo, self->width, part->y + RULE_ROOM / 2.0);
  cairo_stroke (cairo);
}

static void
draw_part (LabPrintFlow *self, cairo_t *cairo, const Part *part)
{
  const Piece *piece = &g_array_index (self->pieces, Piece, part->piece);

  if (piece->style.framed)
    draw_ground (self, cairo, part, &piece->style);
  if (piece->cells != NULL)
    draw_cells (self, cairo, piece, part);
  else if (piece->picture != NULL)
    draw_picture (cairo, piece, part);
  else
    draw_rule (self, cairo, part);
}

static void
draw_footer (LabPrintFlow *self, cairo_t *cairo, guint page)
{
  static const LabPrintStyle style = { .size = FOOTER_SIZE };
  /* Translators: the number of a page, and how many there are */
  g_autofree char *number =
    g_strdup_printf (_ ("Page %u of %u"), page + 1, lab_print_flow_get_n_pages (self));
  const Cell left = { .text = self->footer, .width = self->width * 0.75 };
  const Cell right = { .text = number, .width = self->width };
  g_autoptr (PangoLayout) left_layout = create_layout (self, &left, &style);
  g_autoptr (PangoLayout) right_layout = create_layout (self, &right, &style);
  double y = self->height + FOOTER_ROOM - get_layout_height (right_layout);

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
    draw_part (self, cairo, &g_array_index (self->parts, Part, i));
  if (self->footer != NULL)
    draw_footer (self, cairo, page);
}
