/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-table.h"

#define MAX_CELLS 32

/* Pipe tables are no part of CommonMark; what is understood of them here is what the GitHub
 * Flavored Markdown Spec, 4.10, calls a table. */

static gboolean
is_delimiter_cell (const char *cell)
{
  if (*cell == ':')
    cell++;
  if (*cell != '-')
    return FALSE;
  cell += strspn (cell, "-");
  if (*cell == ':')
    cell++;
  return *cell == '\0';
}

/**
 * course_table_is_delimiter:
 * @line: the second line of a paragraph
 *
 * Returns: whether @line is what stands under the head of a table, such as `| --- | ---: |`
 */
gboolean
course_table_is_delimiter (const char *line)
{
  g_auto (GStrv) cells = NULL;

  if (strchr (line, '|') == NULL)
    return FALSE;
  cells = course_table_split_row (line);
  for (guint i = 0; cells[i] != NULL; i++)
    if (!is_delimiter_cell (cells[i]))
      return FALSE;
  return cells[0] != NULL;
}

/**
 * course_table_split_row:
 * @line: a row of a table
 *
 * Returns: (transfer full): its cells without the blanks around them; those past a limit are left
 *   out
 */
GStrv
course_table_split_row (const char *line)
{
  g_autoptr (GStrvBuilder) cells = g_strv_builder_new ();
  g_autoptr (GString) cell = g_string_new (NULL);
  g_autofree char *row = g_strstrip (g_strdup (line));
  const char *p = row;
  guint count = 0;

  if (*p == '|')
    p++;
  for (; *p != '\0' && count < MAX_CELLS; p++) {
    if (*p == '\\' && p[1] == '|') {
      g_string_append_c (cell, *++p);
    } else if (*p != '|') {
      g_string_append_c (cell, *p);
    } else {
      g_strv_builder_add (cells, g_strstrip (cell->str));
      g_string_truncate (cell, 0);
      count++;
    }
  }
  if (cell->len > 0 && count < MAX_CELLS)
    g_strv_builder_add (cells, g_strstrip (cell->str));
  return g_strv_builder_end (cells);
}
