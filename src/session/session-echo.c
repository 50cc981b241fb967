/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-echo.h"

#include <string.h>

/* Readline switches bracketed paste off when it has taken the line. */
#define TAKEN "\033[?2004l"

/* A shell that is slower than this, or says more, is shown as it is. */
#define LONGEST_MS 10000
#define MAX_HELD (1024 * 1024)

/* Bytes of the text's beginning that tell where the editor draws it. */
#define BEGIN_LENGTH 16

#define TAB_WIDTH 8

/**
 * SessionEcho:
 *
 * Readline draws no more rows than the screen has; the rest of a longer text it writes one line
 * over the other in the last row (8.2, display.c, rl_redisplay(): "inv_botlin >=
 * _rl_screenheight"). So does any terminal show it. The shell has got each byte all the same.
 */
struct _SessionEcho {
  GObject parent_instance;

  char *text; /* (nullable): while the editor's picture of it is awaited */
  GString *held;
  guint source;
};

G_DEFINE_FINAL_TYPE (SessionEcho, session_echo, G_TYPE_OBJECT)

enum {
  OUTPUT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static guint
get_width (gunichar c, guint column)
{
  if (c == '\t')
    return TAB_WIDTH - column % TAB_WIDTH;
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

static guint
count_rows (const char *text, guint columns)
{
  guint rows = 1;
  guint column = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == '\n' || column >= columns) {
      rows++;
      column = 0;
    }
    if (c != '\n')
      column += get_width (c, column);
  }
  return rows;
}

/* (nullable): where @text is in @held, in which Readline writes NUL bytes where a line is wrapped
 */
static const char *
find (const GString *held, const char *text)
{
  return memmem (held->str, held->len, text, strlen (text));
}

/* How much of @held came before the text: the rest of the prompt, for example. */
static gsize
find_text (SessionEcho *self, const GString *held)
{
  g_autofree char *begin = g_strndup (self->text, BEGIN_LENGTH);
  const char *place = NULL;

  begin[strcspn (begin, "\r\t")] = '\0';
  if (*begin != '\0')
    place = find (held, begin);
  return place != NULL ? (gsize)(place - held->str) : 0;
}

static void
expect_nothing (SessionEcho *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->text, g_free);
}

/* Takes @shown. */
static void
show (SessionEcho *self, GString *shown)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (shown);

  if (g_bytes_get_size (bytes) > 0)
    g_signal_emit (self, signals[OUTPUT], 0, bytes);
}

/* The editor has drawn the text, up to @end of what is held. */
static void
show_text (SessionEcho *self, gsize end)
{
  g_autoptr (GString) held = g_steal_pointer (&self->held);
  gsize begin = find_text (self, held);
  GString *shown = g_string_new_len (held->str, (gssize)MIN (begin, end));

  self->held = g_string_new (NULL);
  /* the editor may have been about to mark what was pasted */
  if (begin > 0)
    g_string_append (shown, "\033[m");
  g_string_append (shown, self->text);
  if (end > 0 && held->str[end - 1] == '\n')
    g_string_append (shown, "\r\n");
  g_string_append_len (shown, held->str + end, (gssize)(held->len - end));
  expect_nothing (self);
  show (self, shown);
}

static gboolean
give_up_cb (gpointer user_data)
{
  SessionEcho *self = SESSION_ECHO (user_data);

  self->source = 0;
  session_echo_flush (self);
  return G_SOURCE_REMOVE;
}

static void
session_echo_finalize (GObject *object)
{
  SessionEcho *self = SESSION_ECHO (object);

  expect_nothing (self);
  g_string_free (self->held, TRUE);
  G_OBJECT_CLASS (session_echo_parent_class)->finalize (object);
}

static void
session_echo_class_init (SessionEchoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_echo_finalize;

  signals[OUTPUT] = g_signal_new ("output", SESSION_TYPE_ECHO, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
session_echo_init (SessionEcho *self)
{
  self->held = g_string_new (NULL);
}

SessionEcho *
session_echo_new (void)
{
  return g_object_new (SESSION_TYPE_ECHO, NULL);
}

void
session_echo_expect (SessionEcho *self, const char *text, guint columns, guint rows)
{
  g_auto (GStrv) lines = NULL;

  g_return_if_fail (SESSION_IS_ECHO (self));
  g_return_if_fail (text != NULL);

  session_echo_flush (self);
  /* and a row for the prompt */
  if (columns == 0 || count_rows (text, columns) + 1 <= rows)
    return;
  lines = g_strsplit (text, "\n", -1);
  self->text = g_strjoinv ("\r\n", lines);
  self->source = g_timeout_add (LONGEST_MS, give_up_cb, self);
  g_source_set_name_by_id (self->source, "[session] echo");
}

void
session_echo_push (SessionEcho *self, GBytes *bytes)
{
  const char *data, *end;
  gsize length;

  g_return_if_fail (SESSION_IS_ECHO (self));
  g_return_if_fail (bytes != NULL);

  if (self->text == NULL) {
    g_signal_emit (self, signals[OUTPUT], 0, bytes);
    return;
  }
  data = g_bytes_get_data (bytes, &length);
  g_string_append_len (self->held, data, (gssize)length);
  end = find (self->held, TAKEN);
  if (end != NULL)
    show_text (self, (gsize)(end - self->held->str));
  else if (self->held->len > MAX_HELD)
    session_echo_flush (self);
}

void
session_echo_flush (SessionEcho *self)
{
  GString *held;

  g_return_if_fail (SESSION_IS_ECHO (self));

  held = g_steal_pointer (&self->held);
  self->held = g_string_new (NULL);
  expect_nothing (self);
  show (self, held);
}
