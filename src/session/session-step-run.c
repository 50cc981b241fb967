/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-step-private.h"

#include <glib/gi18n-lib.h>

#include "course-template.h"
#include "session-capture.h"
#include "session-check-private.h"
#include "session-edit.h"

/* How a step is run, in a terminal or by an edit; #SessionStep keeps what comes of it. */

/* Checks of the terminal are judged on what the command has printed. */
static void
judge_output (SessionStep *self, SessionCapture *capture, int exit_status)
{
  GPtrArray *checks = session_step_get_checks (self);
  g_autofree char *text = session_capture_dup_text (capture);

  for (guint i = 0; i < checks->len; i++)
    session_check_take_output (g_ptr_array_index (checks, i), text, exit_status);
}

/* The form that fits, with all filled in that is known. */
char *
session_step_dup_fitting_text (SessionStep *self)
{
  CourseFacts facts = { NULL };
  CourseStep *step = session_step_get_step (self);

  session_step_get_facts (self, &facts);
  return course_template_fill (course_step_pick_form (step, &facts)->text, &facts);
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionStep *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  int status;

  if (session_pty_run_finish (SESSION_PTY (source), result, &status, &error)) {
    judge_output (self, g_task_get_task_data (task), status);
    /* A shell that does not say how it went is believed. */
    session_step_end_run (self, status <= 0);
    g_task_return_int (task, status);
  } else {
    session_step_abandon_run (self, TRUE);
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

/* What is left open must not be typed. */
static gboolean
check_templates (SessionStep *self, GError **error)
{
  CourseFacts facts = { NULL };
  const char *unknown = NULL;

  session_step_get_facts (self, &facts);
  unknown = course_template_find_unknown (session_step_get_last_text (self), &facts);
  if (unknown == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               /* Translators: a step needs something, such as "the jumpserver's address" */
               _ ("This step needs %s, which is not known here. Edit the step to write it there."),
               unknown);
  return FALSE;
}

/**
 * session_step_dup_last_text:
 *
 * Returns: (transfer full): what was typed when it was run last; where it was not run, what would
 * be
 */
char *
session_step_dup_last_text (SessionStep *self)
{
  const char *last_text;

  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  last_text = session_step_get_last_text (self);
  return last_text != NULL ? g_strdup (last_text) : session_step_dup_fitting_text (self);
}

/**
 * session_step_run_async:
 * @text: (nullable): what to type, such as another form of the step or what its student has made of
 *   it; NULL for the form that fits the lab's facts
 *
 * The step counts as run when the shell waits again. One that has no checks is then done, where the
 * shell did not say that it failed.
 */
void
session_step_run_async (SessionStep *self,
                        SessionPty *pty,
                        const char *text,
                        guint timeout_ms,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GPtrArray *checks = NULL;
  GError *error = NULL;

  g_return_if_fail (SESSION_IS_STEP (self));
  g_return_if_fail (SESSION_IS_PTY (pty));

  checks = session_step_get_checks (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_step_run_async);
  session_step_take_last_text (self, text != NULL ? g_strdup (text)
                                                  : session_step_dup_fitting_text (self));
  if (!check_templates (self, &error)) {
    g_task_return_error (task, error);
    return;
  }
  session_step_begin_run (self);
  for (guint i = 0; i < checks->len; i++)
    session_check_expect_output (g_ptr_array_index (checks, i));
  g_task_set_task_data (task, session_capture_new (pty), (GDestroyNotify)session_capture_free);
  session_pty_run_async (pty, session_step_get_last_text (self),
                         course_step_get_inputs (session_step_get_step (self)), timeout_ms,
                         cancellable, run_cb, g_steal_pointer (&task));
}

/**
 * session_step_run_finish:
 * @exit_status: (out) (optional): -1 where the shell does not say
 */
gboolean
session_step_run_finish (SessionStep *self, GAsyncResult *result, int *exit_status, GError **error)
{
  GError *local_error = NULL;
  int status;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  status = (int)g_task_propagate_int (G_TASK (result), &local_error);
  if (exit_status != NULL)
    *exit_status = status;
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}

static void
edit_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionStep *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (session_edit_make_finish (result, &error)) {
    session_step_end_run (self, TRUE);
    g_task_return_boolean (task, TRUE);
  } else {
    session_step_abandon_run (self, FALSE);
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

const CourseEdit *
session_step_get_edit (SessionStep *self)
{
  CourseFacts facts = { NULL };

  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  session_step_get_facts (self, &facts);
  return course_step_pick_edit (session_step_get_step (self), &facts);
}

/**
 * session_step_edit_async:
 *
 * The step counts as run when the file is written.
 */
void
session_step_edit_async (SessionStep *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const CourseEdit *edit = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SESSION_IS_STEP (self));
  g_return_if_fail (session_step_get_place (self) != NULL);

  edit = session_step_get_edit (self);
  g_return_if_fail (edit != NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_step_edit_async);
  session_step_begin_run (self);
  session_edit_make_async (session_step_get_place (self), edit->file, edit->patch, cancellable,
                           edit_cb, g_steal_pointer (&task));
}

gboolean
session_step_edit_finish (SessionStep *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
