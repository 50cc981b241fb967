/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-screen-copy.h"

#include "base-redactor.h"

/* The right half of a wide letter has none of its own. */
static gboolean
is_right_half (const SessionScreenCell *cells, guint column)
{
  return column > 0 && cells[column].letter == 0 && g_unichar_iswide (cells[column - 1].letter);
}

/**
 * session_screen_dup_line:
 * @row: where a line of text begins
 * @n_rows: (out): how many rows it takes
 *
 * Returns: (transfer full): the row and those that go on with its text, as one line; a space for
 *   each cell that is empty
 */
char *
session_screen_dup_line (SessionScreen *self, guint row, guint *n_rows)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean wrapped = TRUE;

  for (*n_rows = 0; wrapped && row < session_screen_get_rows (self); row++, (*n_rows)++) {
    const SessionScreenCell *cells = session_screen_get_row (self, row);

    for (guint column = 0; column < session_screen_get_columns (self); column++)
      g_string_append_unichar (text, cells[column].letter != 0 ? cells[column].letter : ' ');
    wrapped = session_screen_get_wrapped (self, row);
  }
  return g_strdup (text->str);
}

static gboolean
is_alike (const SessionScreenCell *a, const SessionScreenCell *b)
{
  return a->foreground == b->foreground && a->background == b->background && a->bold == b->bold;
}

static void
append_color (GString *copy, guint color, guint normal, guint bright)
{
  if (color < 8)
    g_string_append_printf (copy, ";%u", normal + color);
  else if (color != SESSION_SCREEN_NO_COLOR)
    g_string_append_printf (copy, ";%u", bright + color - 8);
}

/* "Select graphic rendition" of ECMA-48, and aixterm's bright colours. */
static void
append_rendition (GString *copy, const SessionScreenCell *cell)
{
  g_string_append (copy, "\033[0");
  if (cell->bold)
    g_string_append (copy, ";1");
  append_color (copy, cell->foreground, 30, 90);
  append_color (copy, cell->background, 40, 100);
  g_string_append_c (copy, 'm');
}

static guint
count_used (const SessionScreenCell *cells, guint n_columns)
{
  while (n_columns > 0 && cells[n_columns - 1].letter == 0 &&
         cells[n_columns - 1].background == SESSION_SCREEN_NO_COLOR &&
         !is_right_half (cells, n_columns - 1))
    n_columns--;
  return n_columns;
}

static void
append_row (GString *copy, SessionScreen *screen, guint row)
{
  const SessionScreenCell *cells = session_screen_get_row (screen, row);
  guint n_columns = count_used (cells, session_screen_get_columns (screen));

  for (guint i = 0; i < n_columns; i++) {
    if (is_right_half (cells, i))
      continue;
    if (i == 0 || !is_alike (cells + i, cells + i - 1))
      append_rendition (copy, cells + i);
    g_string_append_unichar (copy, cells[i].letter != 0 ? cells[i].letter : ' ');
  }
  if (n_columns > 0)
    g_string_append (copy, "\033[0m");
}

/**
 * session_screen_dup_copy:
 *
 * For another terminal, which may be of another width: a line that goes on in the next row is one
 * line. Rows at the end in which nothing is are left out. A line with a secret in it loses its
 * colours with the secret.
 *
 * Returns: (transfer full): what shows the same there, in UTF-8, with escape sequences for colours
 */
char *
session_screen_dup_copy (SessionScreen *self)
{
  g_autoptr (BaseRedactor) redactor = base_redactor_new ();
  g_autoptr (GString) copy = g_string_new (NULL);
  gsize end = 0;
  guint n_rows;

  for (guint row = 0; row < session_screen_get_rows (self); row += n_rows) {
    g_autofree char *line = session_screen_dup_line (self, row, &n_rows);
    g_autofree char *redacted = base_redactor_redact (redactor, line);
    gsize start;

    if (row > 0)
      g_string_append (copy, "\r\n");
    start = copy->len;
    if (g_str_equal (line, redacted)) {
      for (guint i = 0; i < n_rows; i++)
        append_row (copy, self, row + i);
    } else {
      g_string_append (copy, g_strchomp (redacted));
    }
    if (copy->len > start)
      end = copy->len;
  }
  g_string_truncate (copy, end);
  return g_strdup (copy->str);
}
