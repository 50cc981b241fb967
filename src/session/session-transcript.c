/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-transcript.h"

#include <string.h>

#include "session-pty-private.h"
#include "session-screen.h"
#include "session-typing.h"

#define MAX_TEXT (256 * 1024)

struct _SessionTranscript {
  GObject parent_instance;

  SessionPty *pty;       /* (nullable) (weak) */
  SessionScreen *screen; /* (nullable): of a prompt, and what is typed there */
  char *prompt;          /* (nullable): as it stands there */
  GString *text;         /* since the command began */
  char *line;            /* (nullable): while a command runs */
  char *directory;       /* (nullable): where it was typed */
  gboolean is_by_step;   /* what runs was typed by a step */
};

G_DEFINE_FINAL_TYPE (SessionTranscript, session_transcript, G_TYPE_OBJECT)

enum {
  COMMAND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
dup_text (SessionTranscript *self)
{
  return g_utf8_make_valid (self->text->str, (gssize)self->text->len);
}

/* Of what is too much, the end is kept. */
static void
text_cb (SessionShell *shell, const char *text, SessionTranscript *self)
{
  g_string_append (self->text, text);
  if (self->text->len > MAX_TEXT)
    g_string_erase (self->text, 0, self->text->len - MAX_TEXT / 2);
}

static gboolean
has_step (SessionTranscript *self)
{
  return self->pty == NULL || session_pty_get_running (self->pty);
}

/* What is typed is known by what comes to stand on the screen: a line is mended while it is typed,
 * fetched from the history, and goes on in the next row. */
static void
begin_screen (SessionTranscript *self)
{
  if (self->pty == NULL)
    return;
  g_clear_pointer (&self->screen, session_screen_free);
  self->screen = session_screen_new (self->pty->columns, self->pty->rows);
  session_screen_begin_record (self->screen);
}

/* Between the commands of one paste nothing is typed. */
static void
prompting_cb (SessionShell *shell, SessionTranscript *self)
{
  if (self->line == NULL)
    begin_screen (self);
}

static void
drawn_cb (SessionShell *shell, const char *text, SessionTranscript *self)
{
  if (self->screen != NULL)
    session_screen_feed (self->screen, text, strlen (text));
}

static void
prompted_cb (SessionShell *shell, SessionTranscript *self)
{
  g_free (self->prompt);
  self->prompt = self->screen != NULL ? session_screen_dup_record (self->screen) : NULL;
}

/* After the last prompt: a list of names in between has it drawn anew. */
static char *
dup_line (SessionTranscript *self)
{
  g_autofree char *text = session_screen_dup_record (self->screen);
  const char *prompt = self->prompt != NULL ? strrchr (self->prompt, '\n') : NULL;
  const char *line = text;

  prompt = prompt != NULL ? prompt + 1 : self->prompt;
  for (const char *row = text; prompt != NULL && row != NULL;) {
    if (g_str_has_prefix (row, prompt))
      line = row + strlen (prompt);
    row = strchr (row, '\n');
    row = row != NULL ? row + 1 : NULL;
  }
  return g_strdup (line);
}

/* Of several commands in one paste, only the first begins something. */
static void
started_cb (SessionShell *shell, SessionTranscript *self)
{
  if (self->line != NULL || self->screen == NULL)
    return;
  self->line = dup_line (self);
  g_clear_pointer (&self->screen, session_screen_free);
  g_free (self->directory);
  self->directory = g_strdup (session_shell_get_directory (shell));
  self->is_by_step = has_step (self);
  g_string_truncate (self->text, 0);
}

/* (nullable): a shell that we make mark its prompts tells it first; another one may begin anywhere.
 */
static const char *
get_home (SessionTranscript *self, SessionShell *shell)
{
  return session_pty_get_has_prompt_marks (self->pty) ? session_shell_get_first_directory (shell)
                                                      : NULL;
}

static void
changed_cb (SessionShell *shell, SessionTranscript *self)
{
  g_autofree char *line = NULL;
  g_autofree char *output = NULL;

  if (self->line == NULL || !session_shell_get_waiting (shell))
    return;
  line = g_steal_pointer (&self->line);
  output = dup_text (self);
  g_string_truncate (self->text, 0);
  if (!self->is_by_step && !has_step (self)) {
    const SessionTyped typed = { line, output, session_shell_get_exit_status (shell),
                                 self->directory, get_home (self, shell) };

    g_signal_emit (self, signals[COMMAND], 0, &typed);
  }
  begin_screen (self);
}

static void
session_transcript_finalize (GObject *object)
{
  SessionTranscript *self = SESSION_TRANSCRIPT (object);

  g_clear_weak_pointer (&self->pty);
  g_string_free (self->text, TRUE);
  g_clear_pointer (&self->screen, session_screen_free);
  g_free (self->prompt);
  g_free (self->line);
  g_free (self->directory);
  G_OBJECT_CLASS (session_transcript_parent_class)->finalize (object);
}

static void
session_transcript_class_init (SessionTranscriptClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_transcript_finalize;

  /**
   * SessionTranscript::command:
   * @typed: a #SessionTyped
   */
  signals[COMMAND] = g_signal_new ("command", SESSION_TYPE_TRANSCRIPT, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
session_transcript_init (SessionTranscript *self)
{
  self->text = g_string_new (NULL);
}

/**
 * session_transcript_new:
 *
 * Returns: (transfer full): of what is typed from now on
 */
SessionTranscript *
session_transcript_new (SessionPty *pty)
{
  SessionTranscript *self = g_object_new (SESSION_TYPE_TRANSCRIPT, NULL);
  SessionShell *shell = session_pty_get_shell (pty);

  g_set_weak_pointer (&self->pty, pty);
  g_signal_connect_object (shell, "text", G_CALLBACK (text_cb), self, 0);
  g_signal_connect_object (shell, "drawn", G_CALLBACK (drawn_cb), self, 0);
  g_signal_connect_object (shell, "prompting", G_CALLBACK (prompting_cb), self, 0);
  g_signal_connect_object (shell, "prompted", G_CALLBACK (prompted_cb), self, 0);
  g_signal_connect_object (shell, "started", G_CALLBACK (started_cb), self, 0);
  g_signal_connect_object (shell, "changed", G_CALLBACK (changed_cb), self, 0);
  return self;
}
