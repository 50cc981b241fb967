/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-csv.h"
#include "jump-place.h"

#define MAX_ROWS 10000
#define MAX_FIELDS 64
#define MAX_FIELD 1024
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct {
  const char *name;
  const char *p; /* what comes next */
  guint line;
  char separator;
} Reader;

static void
row_free (gpointer data)
{
  JumpCsvRow *row = data;

  g_strfreev (row->fields);
  g_free (row);
}

G_GNUC_PRINTF (4, 5)
static gboolean
fail (Reader *reader, guint line, GError **error, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s:%u: %s", reader->name, line, what);
  return FALSE;
}

/* Spreadsheets write commas, semicolons or tabs, by format and language; the header has more of the
 * right one than of the others. */
static char
find_separator (const char *text)
{
  static const char candidates[] = { ',', ';', '\t' };
  guint counts[G_N_ELEMENTS (candidates)] = { 0 };
  guint best = 0;
  gboolean quoted = FALSE;

  for (const char *p = text; *p != '\0' && (quoted || (*p != '\n' && *p != '\r')); p++) {
    if (*p == '"')
      quoted = !quoted;
    for (guint i = 0; !quoted && i < G_N_ELEMENTS (candidates); i++)
      counts[i] += *p == candidates[i];
  }
  for (guint i = 1; i < G_N_ELEMENTS (candidates); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static gboolean
is_end_of_field (Reader *reader)
{
  return *reader->p == '\0' || *reader->p == reader->separator || *reader->p == '\n' ||
         *reader->p == '\r';
}

/* RFC 4180: a quote inside of quotes is doubled; line breaks and separators have no meaning there.
 */
static gboolean
read_quoted (Reader *reader, GString *field, GError **error)
{
  guint start = reader->line;

  reader->p++;
  while (*reader->p != '"' || reader->p[1] == '"') {
    if (*reader->p == '\0')
      return fail (reader, start, error, _ ("a quotation mark is not closed"));
    if (*reader->p == '"')
      reader->p++;
    if (*reader->p == '\n')
      reader->line++;
    g_string_append_c (field, *reader->p++);
  }
  reader->p++;
  while (*reader->p == ' ')
    reader->p++;
  if (!is_end_of_field (reader))
    return fail (reader, reader->line, error, _ ("text follows a closing quotation mark"));
  return TRUE;
}

static char *
read_field (Reader *reader, GError **error)
{
  g_autoptr (GString) field = g_string_new (NULL);

  while (*reader->p == ' ')
    reader->p++;
  if (*reader->p == '"') {
    if (!read_quoted (reader, field, error))
      return NULL;
  } else {
    while (!is_end_of_field (reader))
      g_string_append_c (field, *reader->p++);
  }
  if (field->len > MAX_FIELD) {
    fail (reader, reader->line, error, _ ("a field is longer than %d bytes"), MAX_FIELD);
    return NULL;
  }
  return g_strstrip (g_strdup (field->str));
}

static void
skip_line_end (Reader *reader)
{
  if (*reader->p == '\r')
    reader->p++;
  if (*reader->p == '\n')
    reader->p++;
  reader->line++;
}

/* Returns: (transfer full): the next row, which may be empty */
static JumpCsvRow *
read_row (Reader *reader, GError **error)
{
  g_autoptr (GStrvBuilder) fields = g_strv_builder_new ();
  guint line = reader->line;
  JumpCsvRow *row;

  for (guint n = 1;; n++) {
    g_autofree char *field = read_field (reader, error);

    if (field == NULL)
      return NULL;
    if (n > MAX_FIELDS) {
      fail (reader, line, error, _ ("a row has more than %d fields"), MAX_FIELDS);
      return NULL;
    }
    g_strv_builder_add (fields, field);
    if (*reader->p != reader->separator)
      break;
    reader->p++;
  }
  skip_line_end (reader);

  row = g_new0 (JumpCsvRow, 1);
  row->line = line;
  row->fields = g_strv_builder_end (fields);
  return row;
}

static gboolean
is_empty (const JumpCsvRow *row)
{
  for (guint i = 0; row->fields[i] != NULL; i++)
    if (*row->fields[i] != '\0')
      return FALSE;
  return TRUE;
}

/**
 * jump_csv_parse:
 * @text: comma-separated values (RFC 4180), or with semicolons or tabs
 * @name: the file's name, for errors, which read "NAME:LINE: MESSAGE"
 *
 * Returns: (transfer full) (element-type JumpCsvRow): rows whose fields have no blanks around them;
 *   %NULL with %JUMP_ERROR_FAILED
 */
GPtrArray *
jump_csv_parse (const char *text, const char *name, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  Reader reader = { .name = name, .p = text, .line = 1 };

  g_return_val_if_fail (text != NULL, NULL);

  if (g_str_has_prefix (text, BYTE_ORDER_MARK))
    reader.p += strlen (BYTE_ORDER_MARK);
  reader.separator = find_separator (reader.p);
  while (*reader.p != '\0') {
    JumpCsvRow *row = read_row (&reader, error);

    if (row == NULL)
      return NULL;
    if (is_empty (row)) {
      row_free (row);
    } else if (rows->len >= MAX_ROWS) {
      fail (&reader, row->line, error, _ ("there are more than %d rows"), MAX_ROWS);
      row_free (row);
      return NULL;
    } else {
      g_ptr_array_add (rows, row);
    }
  }
  return g_steal_pointer (&rows);
}
