/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-screen.h"

#include <string.h>

#include "session-escape-parser.h"
#include "session-sgr.h"

#define TAB 8
#define MAX_PARAMETERS 16
#define MAX_RECORD (64 * 1024)

typedef struct {
  guint row;
  guint column;
  SessionSgr sgr;
} Cursor;

/* One of the two screens that a terminal has. */
typedef struct {
  SessionScreenCell *cells;
  gboolean *wrapped; /* of each row */
} Page;

struct _SessionScreen {
  guint columns;
  guint rows;
  Page pages[2]; /* the shell's, and that of full-screen programs */
  guint page;

  Cursor cursor;
  Cursor saved;
  gboolean at_margin; /* the last column is written: the next letter goes to the next row */
  guint top;          /* of what scrolls */
  guint bottom;
  GString *record; /* rows of the shell's page that have left it, since the record began */
  guint begin;     /* its first row that is of the record */

  SessionEscapeParser *parser;
  char partial[8]; /* of a letter whose bytes have not all come */
  gsize n_partial;
};

static SessionScreenCell *
get_row (SessionScreen *self, guint row)
{
  return self->pages[self->page].cells + (gsize)row * self->columns;
}

static void
erase (SessionScreen *self, guint row, guint from, guint to)
{
  SessionScreenCell *cells = get_row (self, row);

  for (guint column = from; column < MIN (to, self->columns); column++)
    cells[column] = (SessionScreenCell){ .foreground = SESSION_SCREEN_NO_COLOR,
                                         .background = self->cursor.sgr.background };
  if (to >= self->columns)
    self->pages[self->page].wrapped[row] = FALSE;
}

static void
erase_rows (SessionScreen *self, guint from, guint to)
{
  for (guint row = from; row < MIN (to, self->rows); row++)
    erase (self, row, 0, self->columns);
}

/* What can be read in a row, without blanks at its end, unless they go on in the next one. */
static void
append_row (SessionScreen *self, guint row, GString *text)
{
  const SessionScreenCell *cells = get_row (self, row);
  guint end = self->columns;

  while (!self->pages[self->page].wrapped[row] && end > 0 &&
         (cells[end - 1].letter == 0 || cells[end - 1].letter == ' '))
    end--;
  for (guint column = 0; column < end; column++) {
    /* nothing stands for the right half of a wide letter */
    if (cells[column].letter != 0)
      g_string_append_unichar (text, cells[column].letter);
    else if (column == 0 || !g_unichar_iswide (cells[column - 1].letter))
      g_string_append_c (text, ' ');
  }
}

/* A row that the next one goes on from is one line with it. */
static void
append_line (SessionScreen *self, guint row, GString *text)
{
  append_row (self, row, text);
  if (!self->pages[self->page].wrapped[row])
    g_string_append_c (text, '\n');
}

/* Of what is too much, the end is kept. */
static void
keep_rows (SessionScreen *self, guint n)
{
  for (guint row = self->begin; row < n; row++)
    append_line (self, row, self->record);
  self->begin -= MIN (self->begin, n);
  if (self->record->len > MAX_RECORD)
    g_string_erase (self->record, 0, (gssize)(self->record->len - MAX_RECORD / 2));
}

/* The rows from @top to the lower margin, by @n: up where it is more than 0. */
static void
scroll (SessionScreen *self, guint top, int n)
{
  gboolean *wrapped = self->pages[self->page].wrapped;
  guint height = self->bottom + 1 - top;
  guint by = MIN ((guint)ABS (n), height);
  guint kept = height - by;
  gsize size = sizeof (SessionScreenCell) * self->columns;
  guint from = n > 0 ? top + by : top;
  guint to = n > 0 ? top : top + by;

  if (n > 0 && top == 0 && self->page == 0)
    keep_rows (self, by);
  memmove (get_row (self, to), get_row (self, from), size * kept);
  memmove (wrapped + to, wrapped + from, sizeof *wrapped * kept);
  erase_rows (self, n > 0 ? top + kept : top, n > 0 ? self->bottom + 1 : top + by);
}

static void
move (SessionScreen *self, gint64 row, gint64 column)
{
  self->cursor.row = (guint)CLAMP (row, 0, (gint64)self->rows - 1);
  self->cursor.column = (guint)CLAMP (column, 0, (gint64)self->columns - 1);
  self->at_margin = FALSE;
}

static void
line_feed (SessionScreen *self)
{
  if (self->cursor.row == self->bottom)
    scroll (self, self->top, 1);
  else
    move (self, (gint64)self->cursor.row + 1, self->cursor.column);
}

static void
put (SessionScreen *self, gunichar letter)
{
  guint width = g_unichar_iswide (letter) ? 2 : 1;
  SessionScreenCell *cell = NULL;

  /* A mark on the letter before it: the letter alone can be read. */
  if (g_unichar_iszerowidth (letter))
    return;
  if (self->at_margin || self->cursor.column + width > self->columns) {
    self->pages[self->page].wrapped[self->cursor.row] = TRUE;
    line_feed (self);
    move (self, self->cursor.row, 0);
  }
  cell = get_row (self, self->cursor.row) + self->cursor.column;
  *cell = session_sgr_get_cell (&self->cursor.sgr, letter);
  if (width == 2 && self->cursor.column + 1 < self->columns)
    cell[1] = session_sgr_get_cell (&self->cursor.sgr, 0);
  self->cursor.column += width;
  if (self->cursor.column >= self->columns) {
    self->cursor.column = self->columns - 1;
    self->at_margin = TRUE;
  }
}

/* A letter's bytes may come in two pieces; what is no UTF-8 is shown as such. */
static void
take_byte (SessionScreen *self, char byte)
{
  gunichar letter;

  self->partial[self->n_partial++] = byte;
  letter = g_utf8_get_char_validated (self->partial, (gssize)self->n_partial);
  if (letter == (gunichar)-2 && self->n_partial < 6)
    return;
  self->n_partial = 0;
  put (self, letter == (gunichar)-1 || letter == (gunichar)-2 ? 0xfffd : letter);
}

static void
text_cb (const char *text, gsize length, gpointer user_data)
{
  SessionScreen *self = user_data;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '\n')
      line_feed (self);
    else if (text[i] == '\t')
      move (self, self->cursor.row, (self->cursor.column / TAB + 1) * TAB);
    else
      take_byte (self, text[i]);
  }
}

static void
mark_cb (char mark, int status, gpointer user_data)
{
}

static void
bracketed_paste_cb (gboolean on, gpointer user_data)
{
}

static void
control_cb (char control, gpointer user_data)
{
  SessionScreen *self = user_data;

  if (control == '\r')
    move (self, self->cursor.row, 0);
  else if (control == '\b')
    move (self, self->cursor.row, (gint64)self->cursor.column - 1);
  else if (control == '\v' || control == '\f')
    line_feed (self);
}

static void
erase_display (SessionScreen *self, int how)
{
  if (how == 0) {
    erase (self, self->cursor.row, self->cursor.column, self->columns);
    erase_rows (self, self->cursor.row + 1, self->rows);
  } else if (how == 1) {
    erase_rows (self, 0, self->cursor.row);
    erase (self, self->cursor.row, 0, self->cursor.column + 1);
  } else if (how == 2) {
    erase_rows (self, 0, self->rows);
    if (self->page == 0)
      self->begin = 0;
  }
}

static void
escape_cb (char final, gpointer user_data)
{
  SessionScreen *self = user_data;

  switch (final) {
    case '7':
      self->saved = self->cursor;
      break;
    case '8':
      self->cursor = self->saved;
      break;
    case 'D':
      line_feed (self);
      break;
    case 'E':
      line_feed (self);
      move (self, self->cursor.row, 0);
      break;
    case 'M':
      if (self->cursor.row == self->top)
        scroll (self, self->top, -1);
      else
        move (self, (gint64)self->cursor.row - 1, self->cursor.column);
      break;
    case 'c':
      session_sgr_reset (&self->cursor.sgr);
      erase_display (self, 2);
      move (self, 0, 0);
      break;
    default:
      break;
  }
}

static void
erase_line (SessionScreen *self, int how)
{
  erase (self, self->cursor.row, how == 0 ? self->cursor.column : 0,
         how == 1 ? self->cursor.column + 1 : self->columns);
}

/* Letters from the cursor on move by @n to the right, or to the left where it is less than 0. */
static void
shift (SessionScreen *self, int n)
{
  SessionScreenCell *cells = get_row (self, self->cursor.row);
  guint room = self->columns - self->cursor.column;
  guint by = MIN ((guint)ABS (n), room);
  guint from = self->cursor.column + (n > 0 ? 0 : by);
  guint to = self->cursor.column + (n > 0 ? by : 0);

  memmove (cells + to, cells + from, sizeof *cells * (room - by));
  if (n > 0)
    erase (self, self->cursor.row, self->cursor.column, self->cursor.column + by);
  else
    erase (self, self->cursor.row, self->columns - by, self->columns);
}

static void
set_modes (SessionScreen *self, const char *modes, gboolean on)
{
  g_auto (GStrv) list = g_strsplit (modes, ";", -1);
  const char *const *names = (const char *const *)list;

  if (!g_strv_contains (names, "1049") && !g_strv_contains (names, "1047") &&
      !g_strv_contains (names, "47"))
    return;
  if (on && self->page == 0)
    self->saved = self->cursor;
  if (!on && self->page == 1)
    self->cursor = self->saved;
  self->page = on ? 1 : 0;
  if (on)
    erase_rows (self, 0, self->rows);
}

static void
set_margins (SessionScreen *self, guint top, guint bottom)
{
  if (bottom == 0 || bottom > self->rows)
    bottom = self->rows;
  if (top >= bottom)
    return;
  self->top = MAX (top, 1) - 1;
  self->bottom = bottom - 1;
  move (self, 0, 0);
}

/* @n: the first number, 1 where none is written */
static void
move_by (SessionScreen *self, char final, int n, int second)
{
  gint64 row = self->cursor.row, column = self->cursor.column;

  switch (final) {
    case 'A':
      move (self, row - n, column);
      break;
    case 'B':
      move (self, row + n, column);
      break;
    case 'C':
      move (self, row, column + n);
      break;
    case 'D':
      move (self, row, column - n);
      break;
    case 'E':
      move (self, row + n, 0);
      break;
    case 'F':
      move (self, row - n, 0);
      break;
    case 'G':
    case '`':
      move (self, row, n - 1);
      break;
    case 'd':
      move (self, n - 1, column);
      break;
    case 'H':
    case 'f':
    default:
      move (self, n - 1, second - 1);
      break;
  }
}

static void
change_by (SessionScreen *self, char final, int n)
{
  switch (final) {
    case 'L':
    case 'M':
      if (self->cursor.row >= self->top && self->cursor.row <= self->bottom)
        scroll (self, self->cursor.row, final == 'L' ? -n : n);
      break;
    case 'S':
    case 'T':
      scroll (self, self->top, final == 'S' ? n : -n);
      break;
    case '@':
    case 'P':
      shift (self, final == '@' ? n : -n);
      break;
    case 'X':
    default:
      erase (self, self->cursor.row, self->cursor.column, self->cursor.column + (guint)n);
      break;
  }
}

/* The sequences of ECMA-48 that programs use most; what is not known changes nothing. */
static void
csi_cb (const char *parameters, char final, gpointer user_data)
{
  SessionScreen *self = user_data;
  int numbers[MAX_PARAMETERS] = { 0 };
  guint n_numbers = session_sgr_parse_numbers (parameters, numbers, MAX_PARAMETERS);
  int n = MAX (numbers[0], 1);

  if (*parameters == '?') {
    if (final == 'h' || final == 'l')
      set_modes (self, parameters + 1, final == 'h');
  } else if (n_numbers == 0) {
    return;
  } else if (strchr ("ABCDEFG`dHf", final) != NULL) {
    move_by (self, final, n, MAX (numbers[1], 1));
  } else if (strchr ("LMST@PX", final) != NULL) {
    change_by (self, final, n);
  } else if (final == 'J') {
    erase_display (self, numbers[0]);
  } else if (final == 'K') {
    erase_line (self, numbers[0]);
  } else if (final == 'm') {
    session_sgr_apply (&self->cursor.sgr, numbers, n_numbers);
  } else if (final == 'r') {
    set_margins (self, (guint)MAX (numbers[0], 0), (guint)MAX (numbers[1], 0));
  }
}

SessionScreen *
session_screen_new (guint columns, guint rows)
{
  static const SessionEscapeHandlers handlers = {
    .text = text_cb,
    .mark = mark_cb,
    .bracketed_paste = bracketed_paste_cb,
    .control = control_cb,
    .escape = escape_cb,
    .csi = csi_cb,
  };
  SessionScreen *self = g_new0 (SessionScreen, 1);

  self->columns = columns;
  self->rows = rows;
  self->bottom = rows - 1;
  session_sgr_reset (&self->cursor.sgr);
  self->saved = self->cursor;
  for (guint i = 0; i < G_N_ELEMENTS (self->pages); i++) {
    self->pages[i].cells = g_new0 (SessionScreenCell, (gsize)columns * rows);
    self->pages[i].wrapped = g_new0 (gboolean, rows);
    self->page = i;
    erase_rows (self, 0, rows);
  }
  self->page = 0;
  self->record = g_string_new (NULL);
  self->parser = session_escape_parser_new (&handlers, self);
  return self;
}

void
session_screen_free (SessionScreen *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pages); i++) {
    g_free (self->pages[i].cells);
    g_free (self->pages[i].wrapped);
  }
  session_escape_parser_free (self->parser);
  g_string_free (self->record, TRUE);
  g_free (self);
}

/**
 * session_screen_feed:
 * @data: the next bytes that a terminal's programs have printed, in any pieces
 */
void
session_screen_feed (SessionScreen *self, const char *data, gsize length)
{
  session_escape_parser_feed (self->parser, data, length);
}

guint
session_screen_get_columns (SessionScreen *self)
{
  return self->columns;
}

guint
session_screen_get_rows (SessionScreen *self)
{
  return self->rows;
}

/**
 * session_screen_get_row:
 * @row: from 0
 *
 * Returns: (transfer none): the cells of all columns, good until something is fed
 */
const SessionScreenCell *
session_screen_get_row (SessionScreen *self, guint row)
{
  return get_row (self, row);
}

gboolean
session_screen_get_wrapped (SessionScreen *self, guint row)
{
  return self->pages[self->page].wrapped[row];
}

gboolean
session_screen_get_alternate (SessionScreen *self)
{
  return self->page == 1;
}

/**
 * session_screen_dup_text:
 *
 * Returns: (transfer full): what can be read on it, without blanks at the end of lines and without
 *   empty lines at the end
 */
char *
session_screen_dup_text (SessionScreen *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize end = 0;

  for (guint row = 0; row < self->rows; row++) {
    append_row (self, row, text);
    if (text->len > 0 && text->str[text->len - 1] != '\n')
      end = text->len;
    g_string_append_c (text, '\n');
  }
  g_string_truncate (text, end);
  return g_strdup (text->str);
}

/**
 * session_screen_begin_record:
 *
 * The record is of what is printed from now on, and of the line where the cursor is.
 */
void
session_screen_begin_record (SessionScreen *self)
{
  g_string_truncate (self->record, 0);
  self->begin = self->page == 0 ? self->cursor.row : 0;
}

/**
 * session_screen_dup_record:
 *
 * Returns: (transfer full): what could be read since session_screen_begin_record(), as it came to
 *   stand there in the end, also where it has left the screen; the end of much. While a full-screen
 *   program has the screen, what it shows.
 */
char *
session_screen_dup_record (SessionScreen *self)
{
  g_autoptr (GString) text = NULL;

  if (self->page != 0)
    return session_screen_dup_text (self);
  text = g_string_new (self->record->str);
  for (guint row = self->begin; row < self->rows; row++)
    append_line (self, row, text);
  while (text->len > 0 && text->str[text->len - 1] == '\n')
    g_string_truncate (text, text->len - 1);
  return g_strdup (text->str);
}
