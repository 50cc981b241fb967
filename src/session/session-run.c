/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-hidden.h"
#include "course-step.h"
#include "session-pty-private.h"

/* How long nothing may have been printed before a shell that seems to wait is believed. Lines that
 * were typed ahead bring one prompt each, and the next line's echo follows at once. */
#define QUIET_AFTER_PASTE_US (60 * G_TIME_SPAN_MILLISECOND)
#define QUIET_AFTER_LINES_US (300 * G_TIME_SPAN_MILLISECOND)
#define QUIET_AFTER_ECHO_US (10 * G_TIME_SPAN_SECOND)
#define QUIET_BEFORE_INPUT_US (200 * G_TIME_SPAN_MILLISECOND)
/* A job in the background may print on and on at the prompt. */
#define LONGEST_QUIET_US (2 * G_TIME_SPAN_SECOND)
/* A shell that was to mark its prompts and does not. */
#define NO_MARKS_AFTER_US (5 * G_TIME_SPAN_SECOND)

#define POLL_MS 50
#define SLOW_POLL_MS 500
#define FAST_POLL_US (10 * G_TIME_SPAN_SECOND)

/* How much of the output is looked through for what an input waits for. */
#define MAX_PRINTED (64 * 1024)

typedef enum {
  PHASE_STARTING, /* the shell has not come up yet */
  PHASE_RUNNING,
  PHASE_ENDED,
} Phase;

/**
 * SessionRun:
 *
 * Types a text into a #SessionPty and watches until its shell waits again: by the shell's prompt
 * marks; where it has none by the terminal's foreground group, and by bracketed paste, which
 * Readline has on only while it reads a line.
 */
struct _SessionRun {
  GObject parent_instance;

  /* input */
  GTask *task;     /* (owned), until the end */
  SessionPty *pty; /* (unowned): the task holds it */
  char *text;
  GPtrArray *inputs; /* (nullable) */
  guint timeout_ms;

  /* in progress */
  Phase phase;
  guint timer;
  GCancellable *cancellable; /* (nullable) */
  gulong cancelled;
  gint64 deadline; /* 0: none */
  gint64 sent_at;
  gint64 prompt_at;   /* of the last prompt mark */
  gint64 own_since;   /* since when the shell's group has been in the foreground */
  gboolean has_marks; /* the shell's marks can be gone by */
  gboolean plain;     /* typed as lines */
  gboolean line_after_prompt;
  guint next_input;
  GString *printed; /* since the command began or the last input was typed */
};

G_DEFINE_FINAL_TYPE (SessionRun, session_run, G_TYPE_OBJECT)

static gboolean check_cb (gpointer user_data);

static gboolean
inputs_left (SessionRun *self)
{
  return self->inputs != NULL && self->next_input < self->inputs->len;
}

static void
schedule (SessionRun *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, check_cb, self);
  g_source_set_name_by_id (self->timer, "[session] run");
}

static void
end (SessionRun *self, GError *error)
{
  g_autoptr (SessionRun) hold = g_object_ref (self);
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (SessionShell) shell = g_object_ref (session_pty_get_shell (self->pty));

  self->phase = PHASE_ENDED;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (shell, self);
  if (self->cancelled != 0)
    g_signal_handler_disconnect (self->cancellable, self->cancelled);
  self->cancelled = 0;
  /* First: the caller may start the next run at once. */
  session_pty_run_ended (self->pty);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_int (task, session_shell_get_exit_status (shell));
}

/* Readline and the terminal's line discipline both take a tab for themselves unless ^V is before
 * it. */
static void
append_line (GString *typed, const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (line[i] == '\t')
      g_string_append_c (typed, '\026');
    g_string_append_c (typed, line[i]);
  }
  g_string_append_c (typed, '\r');
}

/* What @text is without the line ends at its end. */
static char *
dup_block (const char *text)
{
  gsize length = strlen (text);

  while (length > 0 && text[length - 1] == '\n')
    length--;
  return g_strndup (text, length);
}

static void
append_paste (GString *typed, const char *block)
{
  g_autofree char *pasted = g_strdelimit (g_strdup (block), "\n", '\r');

  g_string_append_printf (typed, "\033[200~%s\033[201~\r", pasted);
}

static void
append_lines (GString *typed, const char *block)
{
  g_auto (GStrv) lines = g_strsplit (block, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    append_line (typed, lines[i], strlen (lines[i]));
  if (lines[0] == NULL)
    g_string_append_c (typed, '\r');
}

static void
send_text (SessionRun *self)
{
  SessionShell *shell = session_pty_get_shell (self->pty);
  g_autoptr (GString) typed = g_string_new (NULL);
  g_autofree char *block = dup_block (self->text);

  /* What was left at the prompt would become a part of the command: to its end, and away. */
  if (self->has_marks && session_shell_get_dirty (shell))
    g_string_append (typed, "\005\025");
  self->plain = !session_shell_get_bracketed_paste (shell);
  if (self->plain) {
    append_lines (typed, block);
  } else {
    append_paste (typed, block);
    session_pty_expect_echo (self->pty, block);
  }
  self->phase = PHASE_RUNNING;
  self->sent_at = g_get_monotonic_time ();
  self->own_since = 0;
  session_pty_write (self->pty, typed->str, typed->len);
}

static gint64
get_quiet (SessionRun *self, gint64 now)
{
  gint64 output_at = MAX (session_pty_get_output_at (self->pty), self->sent_at);

  /* Nothing is read, so nothing is known. */
  if (session_pty_get_paused (self->pty))
    return 0;
  return now - output_at;
}

/* For how long the shell itself has been in the foreground, looked at now and then. */
static gint64
get_own_time (SessionRun *self, gint64 now)
{
  int group = session_pty_get_shell_group (self->pty);

  if (group != 0 && session_pty_get_foreground_group (self->pty) != group)
    self->own_since = 0;
  else if (self->own_since == 0)
    self->own_since = now;
  return self->own_since == 0 ? 0 : now - self->own_since;
}

static gboolean
is_ready (SessionRun *self, gint64 now)
{
  SessionShell *shell = session_pty_get_shell (self->pty);
  gint64 output_at = session_pty_get_output_at (self->pty);

  if (session_shell_get_marked (shell))
    return session_shell_get_waiting (shell);
  if (self->has_marks) {
    if (now - session_pty_get_spawned_at (self->pty) < NO_MARKS_AFTER_US)
      return FALSE;
    self->has_marks = FALSE;
  }
  if (session_pty_get_shell_group (self->pty) != 0)
    return TRUE;
  if (output_at == 0 || get_quiet (self, now) < QUIET_AFTER_LINES_US)
    return FALSE;
  session_pty_set_shell_group (self->pty, session_pty_get_foreground_group (self->pty));
  return TRUE;
}

static gboolean
has_ended (SessionRun *self, gint64 now)
{
  SessionShell *shell = session_pty_get_shell (self->pty);
  gint64 needed = self->plain ? QUIET_AFTER_LINES_US : QUIET_AFTER_PASTE_US;
  gint64 quiet = get_quiet (self, now);

  if (self->has_marks) {
    if (!session_shell_get_waiting (shell))
      return FALSE;
    if (self->plain && self->line_after_prompt)
      return quiet >= QUIET_AFTER_ECHO_US;
    return quiet >= needed || now - self->prompt_at >= LONGEST_QUIET_US;
  }
  /* Not before there is an echo: the shell may be slow to take up what was typed. */
  if (session_pty_get_output_at (self->pty) < self->sent_at ||
      get_own_time (self, now) < QUIET_AFTER_LINES_US || quiet < QUIET_AFTER_LINES_US)
    return FALSE;
  return session_shell_get_bracketed_paste (shell) ||
         !session_shell_get_knows_bracketed_paste (shell);
}

static void
type_inputs (SessionRun *self, gint64 now)
{
  while (inputs_left (self)) {
    const CourseInput *input = g_ptr_array_index (self->inputs, self->next_input);
    g_autofree char *line = NULL;

    if (input->after != NULL ? strstr (self->printed->str, input->after) == NULL
                             : get_quiet (self, now) < QUIET_BEFORE_INPUT_US)
      return;
    line = g_strconcat (input->text, "\r", NULL);
    self->next_input++;
    g_string_truncate (self->printed, 0);
    self->sent_at = now;
    self->own_since = 0;
    session_pty_write (self->pty, line, -1);
  }
}

/* Without marks somebody has to ask who is in the foreground; with them the shell tells. */
static void
schedule_next (SessionRun *self, gint64 now)
{
  SessionShell *shell = session_pty_get_shell (self->pty);
  gint64 delay_ms = 0;

  if (self->phase == PHASE_STARTING || (self->has_marks && session_shell_get_waiting (shell)) ||
      inputs_left (self))
    delay_ms = POLL_MS;
  else if (!self->has_marks)
    delay_ms = now - self->sent_at < FAST_POLL_US ? POLL_MS : SLOW_POLL_MS;
  if (self->deadline != 0) {
    gint64 left_ms = (self->deadline - now) / 1000 + 1;

    delay_ms = delay_ms == 0 ? left_ms : MIN (delay_ms, left_ms);
  }
  if (delay_ms > 0)
    schedule (self, (guint)CLAMP (delay_ms, 1, G_MAXINT));
}

static gboolean
check_cb (gpointer user_data)
{
  SessionRun *self = SESSION_RUN (user_data);
  gint64 now = g_get_monotonic_time ();

  self->timer = 0;
  if (self->phase == PHASE_STARTING && is_ready (self, now))
    send_text (self);
  if (self->phase == PHASE_RUNNING)
    type_inputs (self, now);
  if (self->phase == PHASE_RUNNING && has_ended (self, now))
    end (self, NULL);
  else if (self->deadline != 0 && now >= self->deadline)
    end (self, g_error_new_literal (
                 G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 self->phase == PHASE_STARTING
                   ? _ ("The shell in the terminal did not show a prompt in time")
                   : _ ("The command did not come to its end in time; it still runs")));
  else
    schedule_next (self, now);
  return G_SOURCE_REMOVE;
}

static void
shell_changed_cb (SessionShell *shell, SessionRun *self)
{
  if (session_shell_get_waiting (shell)) {
    self->prompt_at = g_get_monotonic_time ();
    self->line_after_prompt = FALSE;
    /* Marks after all: a slow start. */
    self->has_marks = TRUE;
  }
  if (self->phase != PHASE_ENDED)
    schedule (self, POLL_MS);
}

static void
shell_started_cb (SessionShell *shell, SessionRun *self)
{
  g_string_truncate (self->printed, 0);
}

static void
shell_text_cb (SessionShell *shell, const char *text, SessionRun *self)
{
  if (self->phase != PHASE_RUNNING)
    return;
  if (strchr (text, '\n') != NULL)
    self->line_after_prompt = TRUE;
  if (!inputs_left (self))
    return;
  g_string_append (self->printed, text);
  if (self->printed->len > MAX_PRINTED)
    g_string_erase (self->printed, 0, self->printed->len - MAX_PRINTED / 2);
}

/* Not from here: a cancellable must not lose a handler in its own emission. */
static gboolean
cancel_cb (gpointer user_data)
{
  SessionRun *self = SESSION_RUN (user_data);
  g_autoptr (GError) error = NULL;

  if (self->phase != PHASE_ENDED &&
      g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    end (self, g_steal_pointer (&error));
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, SessionRun *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, cancel_cb, g_object_ref (self), g_object_unref);
}

static void
session_run_finalize (GObject *object)
{
  SessionRun *self = SESSION_RUN (object);

  g_assert (self->task == NULL);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_string_free (self->printed, TRUE);
  G_OBJECT_CLASS (session_run_parent_class)->finalize (object);
}

static void
session_run_class_init (SessionRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_run_finalize;
}

static void
session_run_init (SessionRun *self)
{
  self->printed = g_string_new (NULL);
}

/* (nullable): where @text has a character that must not be typed; a line has no second one. */
static const char *
find_hidden (const char *text, gboolean is_line)
{
  const char *found = base_hidden_find (text);

  return found == NULL && is_line ? strchr (text, '\n') : found;
}

static gboolean
check_line (const char *text, gboolean is_input, GError **error)
{
  const char *found = NULL;
  gunichar letter;

  if (!g_utf8_validate (text, -1, NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("The command is not valid UTF-8 text; it was not typed"));
    return FALSE;
  }
  found = find_hidden (text, is_input);
  if (found == NULL)
    return TRUE;
  letter = g_utf8_get_char (found);
  if (is_input)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 /* Translators: %04X is a character's number, such as 202E; %s is what it is, such
                  * as "which cannot be seen" */
                 _ ("A line for the program that the command starts has U+%04X in it, %s. The "
                    "command was not typed."),
                 letter, base_hidden_get_reason (letter));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 /* Translators: %04X is a character's number, such as 202E; %s is what it is, such
                  * as "which cannot be seen" */
                 _ ("The command has U+%04X in it, %s. It was not typed: edit the step to take "
                    "that out."),
                 letter, base_hidden_get_reason (letter));
  return FALSE;
}

gboolean
session_run_check_text (const char *text, GPtrArray *inputs, GError **error)
{
  if (!check_line (text, FALSE, error))
    return FALSE;
  for (guint i = 0; inputs != NULL && i < inputs->len; i++) {
    const CourseInput *input = g_ptr_array_index (inputs, i);

    if (!check_line (input->text, TRUE, error))
      return FALSE;
  }
  return TRUE;
}

SessionRun *
session_run_new (GTask *task, const char *text, GPtrArray *inputs, guint timeout_ms)
{
  SessionRun *self = g_object_new (SESSION_TYPE_RUN, NULL);

  self->task = g_object_ref (task);
  self->pty = g_task_get_source_object (task);
  self->text = g_strdup (text);
  self->inputs = inputs != NULL ? g_ptr_array_ref (inputs) : NULL;
  self->timeout_ms = timeout_ms;
  return self;
}

void
session_run_start (SessionRun *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  SessionShell *shell = session_pty_get_shell (self->pty);

  self->has_marks =
    session_pty_get_has_prompt_marks (self->pty) || session_shell_get_marked (shell);
  if (self->timeout_ms > 0)
    self->deadline = g_get_monotonic_time () + self->timeout_ms * G_TIME_SPAN_MILLISECOND;
  g_signal_connect_object (shell, "changed", G_CALLBACK (shell_changed_cb), self, 0);
  g_signal_connect_object (shell, "started", G_CALLBACK (shell_started_cb), self, 0);
  g_signal_connect_object (shell, "text", G_CALLBACK (shell_text_cb), self, 0);
  if (cancellable != NULL) {
    self->cancellable = g_object_ref (cancellable);
    self->cancelled =
      g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self, 0);
  }
  schedule (self, 0);
}

void
session_run_abort (SessionRun *self)
{
  if (self->phase != PHASE_ENDED)
    end (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The terminal has ended")));
}
