/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-step-private.h"

#include <glib/gi18n-lib.h>

#include "course-template.h"
#include "session-capture.h"
#include "session-check-private.h"
#include "session-edit.h"
#include "session-hand.h"
#include "session-proof.h"
#include "session-waits.h"

/**
 * SessionStep:
 *
 * A step of the course in a student's hands. Once done it stays done, with its time, in the
 * student's progress. It is done when all its checks pass at once, and that is its own doing: it
 * was run, or all steps before it in its section are done. Else a step that deletes something would
 * tick itself off before the thing was made. One that its student has put back stays so while the
 * cluster is as the step has left it, until it is run again.
 */
struct _SessionStep {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  CourseSection *section;
  CourseStep *step;
  GPtrArray *checks; /* of SessionCheck */
  gint64 done_at;    /* Unix seconds, 0: not done */
  char *last_text;   /* (nullable): what was typed when it was run last */
  SessionStepState state;
  gboolean running;
  gboolean was_run;
  gboolean passed_before_run;
  gboolean earlier_done; /* all steps before it */
  gboolean forgotten;    /* done once, put back, and its checks have not failed since */
};

G_DEFINE_FINAL_TYPE (SessionStep, session_step, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionStepState,
                    session_step_state,
                    G_DEFINE_ENUM_VALUE (SESSION_STEP_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (SESSION_STEP_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SESSION_STEP_CHECKING, "checking"),
                    G_DEFINE_ENUM_VALUE (SESSION_STEP_NOT_YET, "not-yet"),
                    G_DEFINE_ENUM_VALUE (SESSION_STEP_DONE, "done"))

enum {
  PROP_0,
  PROP_DONE,
  PROP_DONE_AT,
  PROP_STATE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static const char *
get_section_id (SessionStep *self)
{
  return course_section_get_id (self->section);
}

/* Seen not to be so, and not only unseen. */
static gboolean
one_failed (SessionStep *self)
{
  return session_proof_find (self->checks, SESSION_CHECK_WAITING) != NULL ||
         session_proof_find (self->checks, SESSION_CHECK_OVERDUE) != NULL;
}

static gboolean
earlier_are_done (SessionStep *self)
{
  GPtrArray *steps = course_section_get_steps (self->section);
  CourseProgress *progress = session_lab_get_progress (self->lab);

  for (guint i = 0; i < steps->len; i++) {
    CourseStep *step = g_ptr_array_index (steps, i);

    if (step == self->step)
      return TRUE;
    if (course_progress_get_done_at (progress, get_section_id (self), course_step_get_id (step)) ==
        0)
      return FALSE;
  }
  return TRUE;
}

/* It is its own doing where its checks pass now. */
static gboolean
counts (SessionStep *self)
{
  return self->was_run || (self->running && !self->passed_before_run) ||
         (!self->running && !self->forgotten && self->earlier_done);
}

/* Somebody looks at what its command has left. */
static gboolean
is_looked_at (SessionStep *self)
{
  SessionCheck *unknown = session_proof_find (self->checks, SESSION_CHECK_UNKNOWN);

  return self->lab != NULL && session_lab_get_state (self->lab) == SESSION_LAB_ONLINE &&
         (unknown == NULL || session_check_get_detail (unknown) == NULL);
}

static SessionStepState
find_state (SessionStep *self)
{
  if (self->running)
    return SESSION_STEP_RUNNING;
  if (self->done_at != 0)
    return SESSION_STEP_DONE;
  if (self->checks->len > 0 && session_proof_is_passed (self->checks))
    return counts (self) ? SESSION_STEP_CHECKING : SESSION_STEP_OPEN;
  if (!self->was_run)
    return SESSION_STEP_OPEN;
  if (self->checks->len > 0 && is_looked_at (self) &&
      session_proof_find (self->checks, SESSION_CHECK_OVERDUE) == NULL)
    return SESSION_STEP_CHECKING;
  return SESSION_STEP_NOT_YET;
}

static void
update_state (SessionStep *self)
{
  SessionStepState state = find_state (self);

  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
mark_done (SessionStep *self)
{
  g_autoptr (GPtrArray) waits = NULL;

  if (self->lab == NULL || self->done_at != 0)
    return;
  waits = session_waits_list (self->checks);
  course_progress_mark_done_after (session_lab_get_progress (self->lab), get_section_id (self),
                                   course_step_get_id (self->step),
                                   g_get_real_time () / G_USEC_PER_SEC, waits);
}

/* It was not run, or nobody knows how it went. */
static void
forget_outputs (SessionStep *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    session_check_forget (g_ptr_array_index (self->checks, i));
}

/* Progress has another word on this step: done, or put back. */
static void
read_progress (SessionStep *self)
{
  gint64 done_at = course_progress_get_done_at (
    session_lab_get_progress (self->lab), get_section_id (self), course_step_get_id (self->step));

  if (self->done_at == done_at)
    return;
  if (done_at == 0) {
    self->was_run = FALSE;
    forget_outputs (self);
  } else {
    for (guint i = 0; i < self->checks->len; i++)
      session_check_assume_passed (g_ptr_array_index (self->checks, i), done_at);
    session_waits_restore (self->checks, course_progress_get_waits (
                                           session_lab_get_progress (self->lab),
                                           get_section_id (self), course_step_get_id (self->step)));
  }
  self->forgotten = done_at == 0;
  self->done_at = done_at;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE_AT]);
  update_state (self);
}

static void
progress_changed_cb (CourseProgress *progress,
                     const char *section,
                     const char *step,
                     SessionStep *self)
{
  if (self->lab != NULL)
    read_progress (self);
}

static void
check_notify_cb (SessionCheck *check, GParamSpec *pspec, SessionStep *self)
{
  session_step_update (self);
}

static void
lab_state_cb (SessionLab *lab, GParamSpec *pspec, SessionStep *self)
{
  update_state (self);
}

static void
set_running (SessionStep *self, gboolean running)
{
  self->running = running;
  update_state (self);
}

static void
begin_checks (SessionStep *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    session_check_begin (g_ptr_array_index (self->checks, i));
}

static void
set_going (SessionStep *self)
{
  self->passed_before_run = session_proof_is_passed (self->checks);
  set_running (self, TRUE);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_begin_chain (g_ptr_array_index (self->checks, i));
  begin_checks (self);
}

/* Where the step before it has just been done, what its checks have seen may be from before that.
 */
static void
doubt_after_earlier (SessionStep *self)
{
  gboolean earlier_done = earlier_are_done (self);

  if (self->earlier_done == earlier_done)
    return;
  self->earlier_done = earlier_done;
  for (guint i = 0; earlier_done && i < self->checks->len; i++)
    session_check_doubt (g_ptr_array_index (self->checks, i));
}

static void
session_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionStep *self = SESSION_STEP (object);

  switch (id) {
    case PROP_DONE:
      g_value_set_boolean (value, session_step_get_done (self));
      break;
    case PROP_DONE_AT:
      g_value_set_int64 (value, self->done_at);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_step_dispose (GObject *object)
{
  SessionStep *self = SESSION_STEP (object);

  for (guint i = 0; self->checks != NULL && i < self->checks->len; i++)
    session_check_set_active (g_ptr_array_index (self->checks, i), FALSE);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_step_parent_class)->dispose (object);
}

static void
session_step_finalize (GObject *object)
{
  SessionStep *self = SESSION_STEP (object);

  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->last_text, g_free);
  g_clear_object (&self->step);
  g_clear_object (&self->section);
  G_OBJECT_CLASS (session_step_parent_class)->finalize (object);
}

static void
session_step_class_init (SessionStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_step_get_property;
  object_class->dispose = session_step_dispose;
  object_class->finalize = session_step_finalize;

  properties[PROP_DONE] = g_param_spec_boolean ("done", NULL, NULL, FALSE, flags);
  properties[PROP_DONE_AT] = g_param_spec_int64 ("done-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_STEP_STATE, SESSION_STEP_OPEN, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_step_init (SessionStep *self)
{
  self->checks = g_ptr_array_new_with_free_func (g_object_unref);
}

SessionStep *
session_step_new (SessionLab *lab, CourseSection *section, CourseStep *step)
{
  SessionStep *self = g_object_new (SESSION_TYPE_STEP, NULL);
  g_autoptr (GPtrArray) checks = NULL;
  CourseFacts facts = { NULL };

  g_set_weak_pointer (&self->lab, lab);
  self->section = g_object_ref (section);
  self->step = g_object_ref (step);
  session_lab_get_facts (lab, &facts);
  checks = course_step_list_checks (step, &facts);
  for (guint i = 0; i < checks->len; i++) {
    SessionCheck *check = session_check_new (g_ptr_array_index (checks, i), lab);

    g_signal_connect_object (check, "notify::state", G_CALLBACK (check_notify_cb), self, 0);
    g_signal_connect_object (check, "notify::proven", G_CALLBACK (check_notify_cb), self, 0);
    g_ptr_array_add (self->checks, check);
  }
  g_signal_connect_object (session_lab_get_progress (lab), "changed",
                           G_CALLBACK (progress_changed_cb), self, 0);
  g_signal_connect_object (lab, "notify::state", G_CALLBACK (lab_state_cb), self, 0);
  read_progress (self);
  return self;
}

void
session_step_set_active (SessionStep *self, gboolean active)
{
  g_return_if_fail (SESSION_IS_STEP (self));

  for (guint i = 0; i < self->checks->len; i++)
    session_check_set_active (g_ptr_array_index (self->checks, i), active);
}

void
session_step_update (SessionStep *self)
{
  g_return_if_fail (SESSION_IS_STEP (self));

  if (self->lab == NULL || self->done_at != 0 || self->checks->len == 0)
    return;
  if (one_failed (self))
    self->forgotten = FALSE;
  doubt_after_earlier (self);
  if (session_proof_is_complete (self->checks) && counts (self))
    mark_done (self);
  update_state (self);
}

CourseStep *
session_step_get_step (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  return self->step;
}

CourseSection *
session_step_get_section (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  return self->section;
}

/**
 * session_step_get_checks:
 *
 * Returns: (transfer none) (element-type SessionCheck): may be empty
 */
GPtrArray *
session_step_get_checks (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  return self->checks;
}

gboolean
session_step_get_done (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), FALSE);

  return self->done_at != 0;
}

/**
 * session_step_get_done_at:
 *
 * Returns: Unix seconds, 0 where it is not done
 */
gint64
session_step_get_done_at (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), 0);

  return self->done_at;
}

gboolean
session_step_get_running (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), FALSE);

  return self->running;
}

SessionStepState
session_step_get_state (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), SESSION_STEP_OPEN);

  return self->state;
}

/**
 * session_step_forget:
 *
 * The step counts as not done, in its student's progress, too.
 */
void
session_step_forget (SessionStep *self)
{
  g_return_if_fail (SESSION_IS_STEP (self));

  if (self->lab != NULL)
    course_progress_reset (session_lab_get_progress (self->lab), get_section_id (self),
                           course_step_get_id (self->step));
}

/* What was to be done is done, as far as the terminal or the editor can tell. */
static void
end_run (SessionStep *self, gboolean success)
{
  self->was_run = TRUE;
  set_running (self, FALSE);
  begin_checks (self);
  if (self->checks->len == 0 && success)
    mark_done (self);
  else
    session_step_update (self);
}

/* Checks of the terminal are judged on what the command has printed. */
static void
judge_output (SessionStep *self, SessionCapture *capture, int exit_status)
{
  g_autofree char *text = session_capture_dup_text (capture);

  for (guint i = 0; i < self->checks->len; i++)
    session_check_take_output (g_ptr_array_index (self->checks, i), text, exit_status);
}

/* The form that fits, with all filled in that is known. */
static char *
dup_fitting_text (SessionStep *self)
{
  CourseFacts facts = { NULL };

  if (self->lab != NULL)
    session_lab_get_facts (self->lab, &facts);
  return course_template_fill (course_step_pick_form (self->step, &facts)->text, &facts);
}

void
session_step_take_command (SessionStep *self, const char *line, const char *output, int exit_status)
{
  g_autofree char *form = NULL;

  g_return_if_fail (SESSION_IS_STEP (self));

  form = dup_fitting_text (self);
  if (self->lab == NULL || self->running ||
      !session_hand_fits (form, self->checks, line, output, exit_status))
    return;
  self->was_run = TRUE;
  begin_checks (self);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_take_output (g_ptr_array_index (self->checks, i), output, exit_status);
  session_step_update (self);
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
    end_run (self, status <= 0);
    g_task_return_int (task, status);
  } else {
    set_running (self, FALSE);
    forget_outputs (self);
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

/* What is left open must not be typed. */
static gboolean
check_templates (SessionStep *self, GError **error)
{
  CourseFacts facts = { NULL };
  const char *unknown = NULL;

  if (self->lab != NULL)
    session_lab_get_facts (self->lab, &facts);
  unknown = course_template_find_unknown (self->last_text, &facts);
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
  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  return self->last_text != NULL ? g_strdup (self->last_text) : dup_fitting_text (self);
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
  GError *error = NULL;

  g_return_if_fail (SESSION_IS_STEP (self));
  g_return_if_fail (SESSION_IS_PTY (pty));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_step_run_async);
  g_free (self->last_text);
  self->last_text = text != NULL ? g_strdup (text) : dup_fitting_text (self);
  if (!check_templates (self, &error)) {
    g_task_return_error (task, error);
    return;
  }
  set_going (self);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_expect_output (g_ptr_array_index (self->checks, i));
  g_task_set_task_data (task, session_capture_new (pty), (GDestroyNotify)session_capture_free);
  session_pty_run_async (pty, self->last_text, course_step_get_inputs (self->step), timeout_ms,
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
    end_run (self, TRUE);
    g_task_return_boolean (task, TRUE);
  } else {
    set_running (self, FALSE);
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

const CourseEdit *
session_step_get_edit (SessionStep *self)
{
  CourseFacts facts = { NULL };

  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  if (self->lab != NULL)
    session_lab_get_facts (self->lab, &facts);
  return course_step_pick_edit (self->step, &facts);
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
  g_return_if_fail (self->lab != NULL);

  edit = session_step_get_edit (self);
  g_return_if_fail (edit != NULL);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_step_edit_async);
  set_going (self);
  session_edit_make_async (session_lab_get_place (self->lab), edit->file, edit->patch, cancellable,
                           edit_cb, g_steal_pointer (&task));
}

gboolean
session_step_edit_finish (SessionStep *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
