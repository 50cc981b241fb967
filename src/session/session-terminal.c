/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-terminal.h"

#include <glib/gi18n-lib.h>

#include "session-pty-private.h"

/* The size of a window that a student has. */
#define COLUMNS 160
#define ROWS 48
#define LINE_TIMEOUT_MS (60 * 1000)
#define RECOVER_MS 5000
#define RECOVER_POLL_MS 50

struct _SessionTerminal {
  GObject parent_instance;

  JumpPlace *place;
  CourseSection *section;
  GStrv lines; /* that prepare it */
  SessionPty *pty;
  guint next_line;
  SessionScreen *screen;
};

G_DEFINE_FINAL_TYPE (SessionTerminal, session_terminal, G_TYPE_OBJECT)

static void type_next_line (GTask *task);

static void
output_cb (SessionPty *pty, GBytes *bytes, SessionTerminal *self)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  session_screen_feed (self->screen, data, length);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionTerminal *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  int status;

  if (!session_pty_run_finish (SESSION_PTY (source), result, &status, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (status > 0) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             /* Translators: a command line, and the status it ended with */
                             _ ("“%s”, which prepares the terminal, ended with status %d"),
                             self->lines[self->next_line], status);
  } else {
    self->next_line++;
    type_next_line (task);
  }
}

static void
type_next_line (GTask *task)
{
  SessionTerminal *self = g_task_get_source_object (task);

  if (self->lines[self->next_line] == NULL)
    g_task_return_boolean (task, TRUE);
  else
    session_pty_run_async (self->pty, self->lines[self->next_line], NULL, LINE_TIMEOUT_MS,
                           g_task_get_cancellable (task), line_cb, g_object_ref (task));
}

/* One asking whether the shell waits again. */
typedef struct {
  gint64 deadline;
  gboolean quit_sent;
} Recovery;

static gboolean
recover_cb (gpointer user_data)
{
  GTask *task = user_data;
  SessionTerminal *self = g_task_get_source_object (task);
  Recovery *recovery = g_task_get_task_data (task);
  gint64 now = g_get_monotonic_time ();

  if (g_task_return_error_if_cancelled (task))
    return G_SOURCE_REMOVE;
  if (!session_pty_get_alive (self->pty) || now >= recovery->deadline) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                             _ ("The program in the terminal does not end"));
    return G_SOURCE_REMOVE;
  }
  if (!session_pty_get_busy (self->pty)) {
    g_task_return_boolean (task, TRUE);
    return G_SOURCE_REMOVE;
  }
  /* What does not mind Ctrl+C may mind Ctrl+\. */
  if (!recovery->quit_sent && recovery->deadline - now < RECOVER_MS * 1000 / 2) {
    recovery->quit_sent = TRUE;
    session_pty_write (self->pty, "\034", 1);
  }
  return G_SOURCE_CONTINUE;
}

static void
session_terminal_dispose (GObject *object)
{
  SessionTerminal *self = SESSION_TERMINAL (object);

  if (self->pty != NULL)
    session_pty_close (self->pty);
  g_clear_object (&self->pty);
  g_clear_object (&self->section);
  g_clear_object (&self->place);
  G_OBJECT_CLASS (session_terminal_parent_class)->dispose (object);
}

static void
session_terminal_finalize (GObject *object)
{
  SessionTerminal *self = SESSION_TERMINAL (object);

  g_strfreev (self->lines);
  session_screen_free (self->screen);
  G_OBJECT_CLASS (session_terminal_parent_class)->finalize (object);
}

static void
session_terminal_class_init (SessionTerminalClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = session_terminal_dispose;
  G_OBJECT_CLASS (klass)->finalize = session_terminal_finalize;
}

static void
session_terminal_init (SessionTerminal *self)
{
  self->screen = session_screen_new (COLUMNS, ROWS);
}

SessionTerminal *
session_terminal_new (SessionLab *lab, CourseSection *section)
{
  SessionTerminal *self = g_object_new (SESSION_TYPE_TERMINAL, NULL);

  self->place = g_object_ref (session_lab_get_place (lab));
  self->section = g_object_ref (section);
  self->lines = session_lab_dup_shell_lines (lab, section);
  self->pty = session_pty_new (jump_place_has_prompt_marks (self->place));
  g_signal_connect_object (self->pty, "output", G_CALLBACK (output_cb), self, 0);
  return self;
}

void
session_terminal_open_async (SessionTerminal *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_auto (GStrv) argv = jump_place_dup_terminal_argv (self->place);
  g_auto (GStrv) environment = jump_place_dup_terminal_environment (self->place);
  GError *error = NULL;

  g_task_set_source_tag (task, session_terminal_open_async);
  if (argv == NULL || argv[0] == NULL)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                             _ ("There is no terminal here."));
  else if (session_pty_spawn (self->pty, (const char *const *)argv,
                              (const char *const *)environment, COLUMNS, ROWS, &error))
    type_next_line (task);
  else
    g_task_return_error (task, error);
}

gboolean
session_terminal_open_finish (SessionTerminal *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
session_terminal_recover_async (SessionTerminal *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Recovery *recovery = g_new0 (Recovery, 1);

  g_task_set_source_tag (task, session_terminal_recover_async);
  g_task_set_task_data (task, recovery, g_free);
  recovery->deadline = g_get_monotonic_time () + RECOVER_MS * G_TIME_SPAN_MILLISECOND;
  if (session_pty_get_busy (self->pty))
    session_pty_write (self->pty, "\003", 1);
  g_timeout_add_full (G_PRIORITY_DEFAULT, RECOVER_POLL_MS, recover_cb, task, g_object_unref);
}

gboolean
session_terminal_recover_finish (SessionTerminal *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
session_terminal_close (SessionTerminal *self)
{
  session_pty_close (self->pty);
}

CourseSection *
session_terminal_get_section (SessionTerminal *self)
{
  return self->section;
}

SessionPty *
session_terminal_get_pty (SessionTerminal *self)
{
  return self->pty;
}

char *
session_terminal_dup_text (SessionTerminal *self)
{
  return session_screen_dup_record (self->screen);
}

SessionScreen *
session_terminal_get_screen (SessionTerminal *self)
{
  return self->screen;
}

void
session_terminal_forget_text (SessionTerminal *self)
{
  session_screen_begin_record (self->screen);
}
