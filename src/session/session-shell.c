/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-shell.h"

#include <string.h>

#include "session-escape-parser.h"

#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"

/**
 * SessionShell:
 *
 * Reads a shell's prompt marks (OSC 133) and its switching of bracketed paste, and what is typed to
 * it. Any program can print such marks, so they are a help to a user who watches, and no proof.
 */
struct _SessionShell {
  GObject parent_instance;

  SessionEscapeParser *parser;
  gboolean marked;
  gboolean waiting;
  gboolean dirty;
  gboolean knows_prompt; /* it marks where its prompts end */
  gboolean accepted;     /* a line was ended at a prompt, and its command has not begun */
  gboolean begun;        /* the command since then has begun, by its mark */
  gboolean knows_begin;
  gboolean ended; /* the command since then has ended, by its mark */
  gboolean knows_end;
  gboolean bracketed_paste;
  gboolean knows_bracketed_paste;
  int exit_status;
  char *directory;       /* (nullable) */
  char *first_directory; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionShell, session_shell, G_TYPE_OBJECT)

enum {
  CHANGED,
  PROMPTING,
  PROMPTED,
  STARTED,
  TEXT,
  DRAWN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
begin_command (SessionShell *self)
{
  self->accepted = FALSE;
  g_signal_emit (self, signals[STARTED], 0);
}

static void
text_cb (const char *text, gsize length, gpointer user_data)
{
  SessionShell *self = user_data;
  g_autofree char *piece = g_strndup (text, length);

  g_signal_emit (self, signals[TEXT], 0, piece);
  g_signal_emit (self, signals[DRAWN], 0, piece);
}

static void
control_cb (char control, gpointer user_data)
{
  const char piece[] = { control, '\0' };

  g_signal_emit (user_data, signals[DRAWN], 0, piece);
}

static void
escape_cb (char final, gpointer user_data)
{
  const char piece[] = { '\033', final, '\0' };

  g_signal_emit (user_data, signals[DRAWN], 0, piece);
}

static void
csi_cb (const char *parameters, char final, gpointer user_data)
{
  g_autofree char *piece = g_strdup_printf ("\033[%s%c", parameters, final);

  g_signal_emit (user_data, signals[DRAWN], 0, piece);
}

/* Readline may draw the prompt again, marks and all, before it takes the line that was ended. It
 * has taken it when it has switched bracketed paste off; and a new prompt follows a command's end.
 */
static gboolean
is_redrawn (SessionShell *self)
{
  return self->accepted && (self->bracketed_paste || (self->knows_end && !self->ended));
}

static void
mark_cb (char mark, int status, gpointer user_data)
{
  SessionShell *self = user_data;

  switch (mark) {
    case 'A':
    case 'B':
      if (is_redrawn (self))
        return;
      self->marked = TRUE;
      self->waiting = TRUE;
      self->dirty = FALSE;
      self->accepted = FALSE;
      self->knows_prompt |= mark == 'B';
      break;
    case 'C':
      self->waiting = FALSE;
      self->begun = TRUE;
      self->knows_begin = TRUE;
      begin_command (self);
      break;
    case 'D':
    default:
      self->exit_status = status;
      self->ended = TRUE;
      self->knows_end = TRUE;
      break;
  }
  g_signal_emit (self, signals[CHANGED], 0);
  if (mark == 'A')
    g_signal_emit (self, signals[PROMPTING], 0);
  if (mark == 'B')
    g_signal_emit (self, signals[PROMPTED], 0);
}

static void
bracketed_paste_cb (gboolean on, gpointer user_data)
{
  SessionShell *self = user_data;

  self->bracketed_paste = on;
  self->knows_bracketed_paste |= on;
  /* Readline switches it off when a line was accepted, before the command begins. */
  if (!on && self->accepted)
    begin_command (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
directory_cb (const char *path, gpointer user_data)
{
  SessionShell *self = user_data;

  g_free (self->directory);
  self->directory = g_strdup (path);
  if (self->first_directory == NULL)
    self->first_directory = g_strdup (path);
}

static const SessionEscapeHandlers handlers = {
  .text = text_cb,
  .mark = mark_cb,
  .bracketed_paste = bracketed_paste_cb,
  .directory = directory_cb,
  .control = control_cb,
  .escape = escape_cb,
  .csi = csi_cb,
};

/* Whether @data ends a line; what lies between the brackets of a paste does not. */
static gboolean
ends_line (const char *data, gsize length)
{
  const char *end = data + length;

  while (data < end) {
    const char *paste = g_strstr_len (data, end - data, PASTE_BEGIN);
    const char *stop = paste != NULL ? paste : end;

    if (memchr (data, '\r', stop - data) != NULL || memchr (data, '\n', stop - data) != NULL)
      return TRUE;
    if (paste == NULL)
      return FALSE;
    data = g_strstr_len (paste, end - paste, PASTE_END);
    if (data == NULL)
      return FALSE;
  }
  return FALSE;
}

static void
session_shell_finalize (GObject *object)
{
  SessionShell *self = SESSION_SHELL (object);

  g_clear_pointer (&self->parser, session_escape_parser_free);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->first_directory, g_free);
  G_OBJECT_CLASS (session_shell_parent_class)->finalize (object);
}

static void
session_shell_class_init (SessionShellClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_shell_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[PROMPTING] = g_signal_new ("prompting", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  signals[PROMPTED] = g_signal_new ("prompted", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[STARTED] = g_signal_new ("started", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[DRAWN] = g_signal_new ("drawn", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TEXT] = g_signal_new ("text", SESSION_TYPE_SHELL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
session_shell_init (SessionShell *self)
{
  self->parser = session_escape_parser_new (&handlers, self);
  self->exit_status = -1;
}

SessionShell *
session_shell_new (void)
{
  return g_object_new (SESSION_TYPE_SHELL, NULL);
}

/**
 * session_shell_feed:
 * @data: what came out of the terminal
 */
void
session_shell_feed (SessionShell *self, const char *data, gsize length)
{
  g_return_if_fail (SESSION_IS_SHELL (self));

  session_escape_parser_feed (self->parser, data, length);
}

/**
 * session_shell_type:
 * @data: what goes into the terminal
 *
 * A line that was ended at a prompt counts as a command that runs until the next prompt: not every
 * shell marks the begin of a command, and none marks that it wants more lines of one.
 */
void
session_shell_type (SessionShell *self, const char *data, gsize length)
{
  g_return_if_fail (SESSION_IS_SHELL (self));

  if (length == 0)
    return;
  /* Of a shell that does not mark where its prompt ends, all of it is there when somebody types. */
  if (self->waiting && !self->dirty && !self->knows_prompt)
    g_signal_emit (self, signals[PROMPTED], 0);
  if (ends_line (data, length)) {
    if (self->waiting) {
      /* A line was read with no paste switched on: it was switched off for good. */
      if (!self->bracketed_paste)
        self->knows_bracketed_paste = FALSE;
      self->accepted = TRUE;
      self->begun = FALSE;
      self->ended = FALSE;
      self->exit_status = -1;
    }
    self->dirty = FALSE;
    self->waiting = FALSE;
    g_signal_emit (self, signals[CHANGED], 0);
  } else if (self->waiting) {
    self->dirty = TRUE;
  }
}

gboolean
session_shell_get_marked (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), FALSE);

  return self->marked;
}

/**
 * session_shell_get_waiting:
 *
 * Whether the shell reads a line. A prompt mark alone does not say so: of a pasted text with
 * several commands Bash runs PROMPT_COMMAND between them, and reads nothing.
 */
gboolean
session_shell_get_waiting (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), FALSE);

  return self->waiting && (self->bracketed_paste || !self->knows_bracketed_paste);
}

/**
 * session_shell_get_holder:
 *
 * Of a shell that marks its prompts and does not wait. A shell that marks where a command begins
 * does so once it has read all of it. Of one that does not, Readline has bracketed paste on for
 * each line that it reads, and off for a program, which may have a line editor of its own.
 */
SessionHolder
session_shell_get_holder (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), SESSION_HOLDER_UNKNOWN);

  if (self->knows_begin)
    return self->begun ? SESSION_HOLDER_PROGRAM : SESSION_HOLDER_LINE;
  if (self->knows_bracketed_paste && !self->bracketed_paste)
    return SESSION_HOLDER_PROGRAM;
  return SESSION_HOLDER_UNKNOWN;
}

gboolean
session_shell_get_dirty (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), FALSE);

  return self->dirty;
}

gboolean
session_shell_get_bracketed_paste (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), FALSE);

  return self->bracketed_paste;
}

gboolean
session_shell_get_knows_bracketed_paste (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), FALSE);

  return self->knows_bracketed_paste;
}

/**
 * session_shell_get_directory:
 *
 * Returns: (nullable) (transfer none): the folder that the shell is in, as a path; %NULL until it
 *   has told that by OSC 7, and where that could not be read. Valid until it tells another.
 */
const char *
session_shell_get_directory (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), NULL);

  return self->directory;
}

/**
 * session_shell_get_first_directory:
 *
 * Returns: (nullable) (transfer none): the folder that the shell was in first, which is home for a
 *   login shell; %NULL as for session_shell_get_directory()
 */
const char *
session_shell_get_first_directory (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), NULL);

  return self->first_directory;
}

int
session_shell_get_exit_status (SessionShell *self)
{
  g_return_val_if_fail (SESSION_IS_SHELL (self), -1);

  return self->exit_status;
}
