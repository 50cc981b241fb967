/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-pty-private.h"

#include <glib/gi18n-lib.h>

/* Commands that are typed in a terminal, and what their SessionRun sees of it. */

/**
 * session_pty_run_async:
 * @text: one or more lines
 * @inputs: (nullable) (element-type CourseInput): lines for the program that @text starts
 * @timeout_ms: 0: none
 *
 * Waits for the first prompt of a shell that has just started. Where the time is over or
 * @cancellable is triggered the command is left running: what to do about it is the caller's to
 * say.
 */
void
session_pty_run_async (SessionPty *self,
                       const char *text,
                       GPtrArray *inputs,
                       guint timeout_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SESSION_IS_PTY (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_pty_run_async);
  if (!session_run_check_text (text, inputs, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (!self->alive) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The terminal has ended"));
  } else if (self->run != NULL ||
             (session_shell_get_marked (self->shell) && !session_shell_get_waiting (self->shell)) ||
             (!session_shell_get_marked (self->shell) && session_pty_get_busy (self))) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY,
                             _ ("Another program is running in the terminal. End it first, for "
                                "example with Ctrl+C."));
  } else {
    self->run = session_run_new (task, text, inputs, timeout_ms);
    session_run_start (self->run);
  }
}

/**
 * session_pty_run_finish:
 * @exit_status: (out) (optional): of the last command; -1 where the shell does not say
 */
gboolean
session_pty_run_finish (SessionPty *self, GAsyncResult *result, int *exit_status, GError **error)
{
  GError *local_error = NULL;
  int status;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  /* -1 is a status, too: that of a shell that does not say. */
  status = (int)g_task_propagate_int (G_TASK (result), &local_error);
  if (exit_status != NULL)
    *exit_status = status;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

/* The shell's line editor is to draw @text, which is about to be pasted, and to take it. */
void
session_pty_expect_echo (SessionPty *self, const char *text)
{
  session_echo_expect (self->echo, text, self->columns, self->rows);
}

SessionShell *
session_pty_get_shell (SessionPty *self)
{
  return self->shell;
}

gboolean
session_pty_get_has_prompt_marks (SessionPty *self)
{
  return self->has_prompt_marks;
}

void
session_pty_set_shell_group (SessionPty *self, int group)
{
  self->shell_group = group;
}

int
session_pty_get_shell_group (SessionPty *self)
{
  return self->shell_group;
}

int
session_pty_get_foreground_group (SessionPty *self)
{
  return self->master != NULL ? session_master_get_foreground_group (self->master) : 0;
}

gint64
session_pty_get_spawned_at (SessionPty *self)
{
  return self->spawned_at;
}

gint64
session_pty_get_output_at (SessionPty *self)
{
  return self->output_at;
}

gboolean
session_pty_get_paused (SessionPty *self)
{
  return self->paused;
}

gboolean
session_pty_get_running (SessionPty *self)
{
  return self->run != NULL;
}

/* The run returns its task now. */
void
session_pty_run_ended (SessionPty *self)
{
  g_clear_object (&self->run);
  session_pty_update_busy (self);
}
