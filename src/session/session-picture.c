/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-picture.h"

#include <string.h>

#include "base-redactor.h"
#include "session-screen-copy.h"

/* In pixels. A letter of a monospace font is six tenths as wide as it is high. */
#define MARGIN 16
#define LINE 18
#define FONT 13
#define CELL 7.8
/* Columns of text beside which the window has no room. */
#define TEXT_COLUMNS 158

/* A terminal's sixteen colours, on a light ground: GNOME Terminal's palette. */
static const char *const colors[] = {
  "#171421", "#c01c28", "#26a269", "#a2734c", "#12488b", "#a347ba", "#2aa1b3", "#b0afac",
  "#5e5c64", "#f66151", "#33da7a", "#c09020", "#2a7bde", "#c061cb", "#33c7de", "#f6f5f4",
};

typedef struct {
  GString *svg;
  BaseRedactor *redactor;
  double y; /* where the next line is drawn */
} Drawing;

/* XML holds no control characters. */
static char *
dup_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++) {
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  }
  return g_steal_pointer (&valid);
}

/* @n_columns: as wide as so many letters, whatever font there is; 0: as it comes. */
static void
draw_text (
  Drawing *self, double x, const char *text, guint n_columns, const char *color, const char *style)
{
  g_autofree char *clean = dup_clean (text);
  g_autofree char *escaped = g_markup_escape_text (clean, -1);
  char position[G_ASCII_DTOSTR_BUF_SIZE], width[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (position, sizeof position, "%.1f", x);
  g_ascii_formatd (width, sizeof width, "%.1f", n_columns * CELL);
  g_string_append_printf (self->svg, "<text x=\"%s\" y=\"%d\" fill=\"%s\"%s", position,
                          (int)self->y, color, style);
  if (n_columns > 0)
    g_string_append_printf (self->svg, " textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\"",
                            width);
  g_string_append_printf (self->svg, " xml:space=\"preserve\">%s</text>\n", escaped);
}

/* Lines that are too long go on in the next. */
static void
draw_lines (Drawing *self, const char *text, const char *color, const char *style)
{
  g_autofree char *redacted = base_redactor_redact (self->redactor, text);
  g_auto (GStrv) lines = g_strsplit (redacted, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    g_autofree char *valid = g_utf8_make_valid (lines[i], -1);

    for (const char *p = valid; p != NULL;) {
      gsize length = (gsize)g_utf8_strlen (p, -1);
      g_autofree char *line = g_utf8_substring (p, 0, (long)MIN (length, TEXT_COLUMNS));

      draw_text (self, MARGIN, line, 0, color, style);
      self->y += LINE;
      p = length > TEXT_COLUMNS ? g_utf8_offset_to_pointer (p, TEXT_COLUMNS) : NULL;
    }
  }
}

/* Sign and word each say how a check stands. */
static void
draw_check (Drawing *self, SessionCheck *check)
{
  SessionCheckState state = session_check_get_state (check);
  const char *detail = session_check_get_detail (check);
  const char *says = course_check_get_says (session_check_get_check (check));
  g_autofree char *text = NULL;

  if (state == SESSION_CHECK_PASSED)
    text = g_strdup_printf ("\342\234\223 so: %s", says);
  else if (state == SESSION_CHECK_UNKNOWN)
    text = g_strdup_printf ("? not looked at: %s%s%s", says, detail != NULL ? " \342\200\224 " : "",
                            detail != NULL ? detail : "");
  else
    text = g_strdup_printf ("\342\234\227 not so: %s%s%s", says,
                            detail != NULL ? " \342\200\224 " : "", detail != NULL ? detail : "");
  draw_lines (self, text, state == SESSION_CHECK_PASSED ? "#1a7f4b" : "#8f1d27", "");
}

static gboolean
is_alike (const SessionScreenCell *a, const SessionScreenCell *b)
{
  return a->foreground == b->foreground && a->background == b->background && a->bold == b->bold;
}

/* Cells of one kind, next to each other. */
static void
draw_run (Drawing *self, const SessionScreenCell *cells, guint from, guint to)
{
  const SessionScreenCell *first = cells + from;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean blank = TRUE;
  double x = MARGIN + from * CELL;

  for (guint i = from; i < to; i++) {
    if (cells[i].letter != 0)
      g_string_append_unichar (text, cells[i].letter);
    else if (i == 0 || !g_unichar_iswide (cells[i - 1].letter))
      g_string_append_c (text, ' ');
    blank &= cells[i].letter == 0 || cells[i].letter == ' ';
  }
  if (first->background != SESSION_SCREEN_NO_COLOR) {
    char left[G_ASCII_DTOSTR_BUF_SIZE], width[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd (left, sizeof left, "%.1f", x);
    g_ascii_formatd (width, sizeof width, "%.1f", (to - from) * CELL);
    g_string_append_printf (self->svg,
                            "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"/>\n",
                            left, (int)self->y - FONT, width, LINE, colors[first->background]);
  }
  if (!blank)
    draw_text (self, x, text->str, to - from,
               first->foreground != SESSION_SCREEN_NO_COLOR ? colors[first->foreground] : "#000000",
               first->bold ? " font-weight=\"bold\"" : "");
}

static void
draw_row (Drawing *self, const SessionScreenCell *cells, guint n_columns)
{
  guint from = 0;

  for (guint to = 1; to <= n_columns; to++) {
    if (to < n_columns && is_alike (cells + from, cells + to))
      continue;
    draw_run (self, cells, from, to);
    from = to;
  }
  self->y += LINE;
}

/* A line with a secret in it loses its colours with the secret. */
static void
draw_screen (Drawing *self, SessionScreen *screen)
{
  guint n_rows;

  for (guint row = 0; row < session_screen_get_rows (screen); row += n_rows) {
    g_autofree char *line = session_screen_dup_line (screen, row, &n_rows);
    g_autofree char *redacted = base_redactor_redact (self->redactor, line);

    if (!g_str_equal (line, redacted)) {
      draw_lines (self, g_strchomp (redacted), "#000000", "");
      continue;
    }
    for (guint i = 0; i < n_rows; i++)
      draw_row (self, session_screen_get_row (screen, row + i),
                session_screen_get_columns (screen));
  }
}

static void
draw_step (Drawing *self, SessionStep *step, const char *reason)
{
  CourseStep *course_step = session_step_get_step (step);
  GPtrArray *checks = session_step_get_checks (step);
  g_autofree char *text = session_step_dup_last_text (step);
  g_autofree char *title = g_strdup_printf (
    "%s \302\267 step %u, %s", course_section_get_title (session_step_get_section (step)),
    course_step_get_number (course_step), course_step_get_id (course_step));

  draw_lines (self, title, "#000000", " font-weight=\"bold\"");
  draw_lines (self, reason, "#8f1d27", " font-weight=\"bold\"");
  self->y += LINE / 2;
  draw_lines (self, text, "#12488b", "");
  self->y += LINE / 2;
  for (guint i = 0; i < checks->len; i++)
    draw_check (self, g_ptr_array_index (checks, i));
}

char *
session_picture_dup_svg (SessionStep *step, const char *reason, SessionScreen *screen)
{
  g_autoptr (BaseRedactor) redactor = base_redactor_new ();
  g_autoptr (GString) svg = g_string_new (NULL);
  Drawing drawing = { .svg = svg, .redactor = redactor, .y = MARGIN + FONT };
  int width = (int)((screen != NULL ? session_screen_get_columns (screen) : TEXT_COLUMNS) * CELL) +
              2 * MARGIN;
  g_autoptr (GString) whole = g_string_new (NULL);
  int top;

  draw_step (&drawing, step, reason);
  top = (int)drawing.y;
  drawing.y += LINE;
  if (screen != NULL)
    draw_screen (&drawing, screen);
  g_string_printf (whole,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                   "font-family=\"monospace\" font-size=\"%d\">\n"
                   "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
                   "<rect width=\"100%%\" height=\"%d\" fill=\"#f0f0f0\"/>\n",
                   width, (int)drawing.y + MARGIN - FONT, FONT, top - FONT / 2);
  g_string_append_len (whole, svg->str, (gssize)svg->len);
  g_string_append (whole, "</svg>\n");
  return g_strdup (whole->str);
}
