/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-escape-parser.h"

#include <string.h>

/* As long as the name of a folder may be. What is longer (a clipboard) is skipped to its end. */
#define MAX_SEQUENCE 4096

/* https://gitlab.freedesktop.org/terminal-wg/specifications/-/merge_requests/7 */
#define DIRECTORY "7;"

typedef enum {
  STATE_TEXT,
  STATE_ESCAPE,        /* after ESC */
  STATE_INTERMEDIATE,  /* after ESC and 0x20 to 0x2f: one more byte */
  STATE_CSI,           /* after ESC [ */
  STATE_OSC,           /* after ESC ] */
  STATE_STRING,        /* after ESC P, X, ^ or _: ends as an OSC does */
  STATE_OSC_ESCAPE,    /* ESC in an OSC: the first byte of ST */
  STATE_STRING_ESCAPE, /* the same in another string */
} State;

struct _SessionEscapeParser {
  SessionEscapeHandlers handlers;
  gpointer user_data;

  State state;
  char sequence[MAX_SEQUENCE + 1];
  gsize length;
  gboolean too_long;
};

static void
begin_sequence (SessionEscapeParser *self, State state)
{
  self->state = state;
  self->length = 0;
  self->too_long = FALSE;
}

static void
collect (SessionEscapeParser *self, char byte)
{
  if (self->length < MAX_SEQUENCE)
    self->sequence[self->length++] = byte;
  else
    self->too_long = TRUE;
}

static int
parse_status (const char *text)
{
  guint64 status;
  char *end = NULL;

  if (*text != ';' || !g_ascii_isdigit (text[1]))
    return -1;
  status = g_ascii_strtoull (text + 1, &end, 10);
  if ((*end != '\0' && *end != ';') || status > 255)
    return -1;
  return (int)status;
}

static void
finish_directory (SessionEscapeParser *self)
{
  g_autofree char *path =
    self->too_long ? NULL : g_filename_from_uri (self->sequence + strlen (DIRECTORY), NULL, NULL);

  if (self->handlers.directory != NULL)
    self->handlers.directory (path, self->user_data);
}

static void
finish_osc (SessionEscapeParser *self)
{
  const char *sequence = self->sequence;

  self->state = STATE_TEXT;
  self->sequence[self->length] = '\0';
  if (g_str_has_prefix (sequence, DIRECTORY)) {
    finish_directory (self);
    return;
  }
  if (self->too_long)
    return;
  if (!g_str_has_prefix (sequence, "133;") || strchr ("ABCD", sequence[4]) == NULL ||
      sequence[4] == '\0' || (sequence[5] != '\0' && sequence[5] != ';'))
    return;
  self->handlers.mark (sequence[4], sequence[4] == 'D' ? parse_status (sequence + 5) : -1,
                       self->user_data);
}

static void
finish_csi (SessionEscapeParser *self, char final)
{
  self->state = STATE_TEXT;
  if (self->too_long)
    return;
  self->sequence[self->length] = '\0';
  if (self->handlers.csi != NULL)
    self->handlers.csi (self->sequence, final, self->user_data);
  /* Several modes may be set at once: ESC [ ? 1 ; 2004 h */
  if ((final == 'h' || final == 'l') && self->sequence[0] == '?') {
    g_auto (GStrv) modes = g_strsplit (self->sequence + 1, ";", -1);

    if (g_strv_contains ((const char *const *)modes, "2004"))
      self->handlers.bracketed_paste (final == 'h', self->user_data);
  }
}

static void
feed_escape (SessionEscapeParser *self, char byte)
{
  switch (byte) {
    case '[':
      begin_sequence (self, STATE_CSI);
      break;
    case ']':
      begin_sequence (self, STATE_OSC);
      break;
    case 'P':
    case 'X':
    case '^':
    case '_':
      begin_sequence (self, STATE_STRING);
      break;
    case '\033':
      break;
    default:
      self->state = byte >= 0x20 && byte <= 0x2f ? STATE_INTERMEDIATE : STATE_TEXT;
      if (self->state == STATE_TEXT && self->handlers.escape != NULL)
        self->handlers.escape (byte, self->user_data);
      break;
  }
}

static void
feed_csi (SessionEscapeParser *self, char byte)
{
  if (byte >= 0x40 && byte <= 0x7e)
    finish_csi (self, byte);
  else if (byte >= 0x20)
    collect (self, byte);
}

/* One byte inside a sequence. The states are those of a DEC terminal as far as telling sequences
 * from text needs them (https://vt100.net/emu/dec_ansi_parser); the marks are FinalTerm's
 * (https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md).
 */
static void
feed_sequence (SessionEscapeParser *self, char byte)
{
  gboolean osc = self->state == STATE_OSC || self->state == STATE_OSC_ESCAPE;

  if (byte == 0x18 || byte == 0x1a) {
    self->state = STATE_TEXT;
    return;
  }
  switch (self->state) {
    case STATE_ESCAPE:
      feed_escape (self, byte);
      break;
    case STATE_INTERMEDIATE:
      if (byte < 0x20 || byte > 0x2f)
        self->state = STATE_TEXT;
      break;
    case STATE_CSI:
      if (byte == '\033')
        self->state = STATE_ESCAPE;
      else
        feed_csi (self, byte);
      break;
    case STATE_OSC:
    case STATE_STRING:
      if (byte == '\033')
        self->state = osc ? STATE_OSC_ESCAPE : STATE_STRING_ESCAPE;
      else if (byte == '\a' && osc)
        finish_osc (self);
      else
        collect (self, byte);
      break;
    case STATE_OSC_ESCAPE:
    case STATE_STRING_ESCAPE:
      if (byte == '\\' && osc)
        finish_osc (self);
      else if (byte == '\\')
        self->state = STATE_TEXT;
      else
        feed_escape (self, byte);
      break;
    case STATE_TEXT:
    default:
      g_assert_not_reached ();
  }
}

static gboolean
is_shown (char byte)
{
  return (guchar)byte >= 0x20 ? byte != 0x7f : byte == '\n' || byte == '\t';
}

SessionEscapeParser *
session_escape_parser_new (const SessionEscapeHandlers *handlers, gpointer user_data)
{
  SessionEscapeParser *self = g_new0 (SessionEscapeParser, 1);

  self->handlers = *handlers;
  self->user_data = user_data;
  return self;
}

/**
 * session_escape_parser_feed:
 * @data: the next bytes; a sequence may begin in one piece and end in another
 *
 * Calls the handlers in the order of the stream.
 */
void
session_escape_parser_feed (SessionEscapeParser *self, const char *data, gsize length)
{
  gsize i = 0;

  while (i < length) {
    gsize start = i;

    if (self->state != STATE_TEXT) {
      feed_sequence (self, data[i++]);
      continue;
    }
    while (i < length && is_shown (data[i]))
      i++;
    if (i > start)
      self->handlers.text (data + start, i - start, self->user_data);
    else if (data[i++] == '\033')
      self->state = STATE_ESCAPE;
    else if (self->handlers.control != NULL)
      self->handlers.control (data[i - 1], self->user_data);
  }
}

void
session_escape_parser_free (SessionEscapeParser *self)
{
  g_free (self);
}
