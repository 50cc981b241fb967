/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-step-private.h"

#include "session-check-private.h"
#include "session-fall.h"
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
 * cluster is as the step has left it, until it is run again, also by the program's next run.
 */
struct _SessionStep {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  CourseSection *section;
  CourseStep *step;
  GPtrArray *checks; /* of SessionCheck */
  gint64 done_at;    /* Unix seconds, 0: not done */
  guint n_fallen;
  char *last_text; /* (nullable): what was typed when it was run last */
  SessionStepState state;
  guint n_runs; /* under way: its change of a file may be made while its command runs */
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
  PROP_N_FALLEN,
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
  return self->was_run || (self->n_runs > 0 && !self->passed_before_run) ||
         (self->n_runs == 0 && !self->forgotten && self->earlier_done);
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
  if (self->n_runs > 0)
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

static void
update_fallen (SessionStep *self)
{
  guint n_fallen = session_fall_count (self);

  if (self->n_fallen == n_fallen)
    return;
  self->n_fallen = n_fallen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_FALLEN]);
}

static void
lab_state_cb (SessionLab *lab, GParamSpec *pspec, SessionStep *self)
{
  update_state (self);
}

/* Only what becomes of one that was run depends on whether somebody looks: to tell each of ten
 * thousand steps at every attempt to connect would hold up a frame. */
static void
set_was_run (SessionStep *self, gboolean was_run)
{
  if (self->was_run == was_run)
    return;
  self->was_run = was_run;
  if (self->lab == NULL)
    return;
  if (was_run)
    g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (lab_state_cb), self, 0);
  else
    g_signal_handlers_disconnect_by_func (self->lab, lab_state_cb, self);
}

/* As if it had not been run. */
static void
put_back (SessionStep *self)
{
  set_was_run (self, FALSE);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_put_back (g_ptr_array_index (self->checks, i));
}

static void
take_done (SessionStep *self, gint64 done_at)
{
  for (guint i = 0; i < self->checks->len; i++)
    session_check_assume_passed (g_ptr_array_index (self->checks, i), done_at);
  session_waits_restore (self->checks, course_progress_get_waits (
                                         session_lab_get_progress (self->lab),
                                         get_section_id (self), course_step_get_id (self->step)));
}

/* Progress has another word on this step: done, or put back. */
static void
read_progress (SessionStep *self)
{
  gint64 done_at = course_progress_get_done_at (
    session_lab_get_progress (self->lab), get_section_id (self), course_step_get_id (self->step));

  if (self->done_at == done_at)
    return;
  if (done_at == 0)
    put_back (self);
  else
    take_done (self, done_at);
  self->forgotten = done_at == 0;
  self->done_at = done_at;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DONE_AT]);
  update_state (self);
}

/* Whether what was put back has @self in it. */
static gboolean
is_meant (SessionStep *self, const char *section, const char *step)
{
  if (*section != '\0' && !g_str_equal (section, get_section_id (self)))
    return FALSE;
  return *step == '\0' || g_str_equal (step, course_step_get_id (self->step));
}

/* One that was run and is not done is put back, too. */
static void
progress_changed_cb (CourseProgress *progress,
                     const char *section,
                     const char *step,
                     SessionStep *self)
{
  if (self->lab == NULL)
    return;
  read_progress (self);
  if (self->done_at == 0 && self->was_run && is_meant (self, section, step)) {
    put_back (self);
    update_state (self);
  }
  update_fallen (self);
}

static void
check_notify_cb (SessionCheck *check, GParamSpec *pspec, SessionStep *self)
{
  session_step_update (self);
  update_fallen (self);
}

static void
set_running (SessionStep *self, gboolean running)
{
  self->n_runs += running ? 1 : -1;
  update_state (self);
}

static void
begin_checks (SessionStep *self)
{
  for (guint i = 0; i < self->checks->len; i++)
    session_check_begin (g_ptr_array_index (self->checks, i));
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
    case PROP_N_FALLEN:
      g_value_set_uint (value, self->n_fallen);
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
  properties[PROP_N_FALLEN] = g_param_spec_uint ("n-fallen", NULL, NULL, 0, G_MAXUINT, 0, flags);
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
  self->forgotten = course_progress_is_put_back (session_lab_get_progress (lab),
                                                 get_section_id (self), course_step_get_id (step));
  read_progress (self);
  return self;
}

void
session_step_set_active (SessionStep *self, gboolean active)
{
  g_return_if_fail (SESSION_IS_STEP (self));

  for (guint i = 0; i < self->checks->len; i++) {
    SessionCheck *check = g_ptr_array_index (self->checks, i);

    session_check_set_active (check, active || session_fall_stays (self, check));
  }
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

  return self->n_runs > 0;
}

/**
 * session_step_get_n_fallen:
 *
 * Returns: how many of its checks had passed, and do not now, though no later step has undone them
 */
guint
session_step_get_n_fallen (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), 0);

  return self->n_fallen;
}

SessionLab *
session_step_get_lab (SessionStep *self)
{
  g_return_val_if_fail (SESSION_IS_STEP (self), NULL);

  return self->lab;
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

/**
 * session_step_begin_run:
 *
 * What it is about is set going.
 */
void
session_step_begin_run (SessionStep *self)
{
  self->passed_before_run = session_proof_is_passed (self->checks);
  set_running (self, TRUE);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_begin_chain (g_ptr_array_index (self->checks, i), self->done_at != 0);
  begin_checks (self);
}

/**
 * session_step_end_run:
 * @success: whether it went well, as far as the terminal or the editor can tell
 *
 * What was to be done is done.
 */
void
session_step_end_run (SessionStep *self, gboolean success)
{
  set_was_run (self, TRUE);
  set_running (self, FALSE);
  begin_checks (self);
  if (self->checks->len == 0 && success)
    mark_done (self);
  else
    session_step_update (self);
}

/**
 * session_step_abandon_run:
 * @forget_output: whether nobody knows what its command has done
 */
void
session_step_abandon_run (SessionStep *self, gboolean forget_output)
{
  set_running (self, FALSE);
  if (forget_output)
    forget_outputs (self);
}

/**
 * session_step_get_facts:
 * @facts: (out caller-allocates): of its lab, as far as that lives
 */
void
session_step_get_facts (SessionStep *self, CourseFacts *facts)
{
  if (self->lab != NULL)
    session_lab_get_facts (self->lab, facts);
}

/**
 * session_step_get_place:
 *
 * Returns: (transfer none) (nullable): where it is run
 */
JumpPlace *
session_step_get_place (SessionStep *self)
{
  return self->lab != NULL ? session_lab_get_place (self->lab) : NULL;
}

/**
 * session_step_get_last_text:
 *
 * Returns: (transfer none) (nullable): what was typed when it was run last
 */
const char *
session_step_get_last_text (SessionStep *self)
{
  return self->last_text;
}

/**
 * session_step_take_last_text:
 * @text: (transfer full): what is typed
 */
void
session_step_take_last_text (SessionStep *self, char *text)
{
  g_free (self->last_text);
  self->last_text = text;
}

void
session_step_take_command (SessionStep *self, const SessionTyped *typed)
{
  g_autofree char *form = NULL;

  g_return_if_fail (SESSION_IS_STEP (self));

  form = session_step_dup_fitting_text (self);
  if (self->lab == NULL || self->n_runs > 0 || !session_hand_fits (form, self->checks, typed))
    return;
  set_was_run (self, TRUE);
  begin_checks (self);
  for (guint i = 0; i < self->checks->len; i++)
    session_check_take_output (g_ptr_array_index (self->checks, i), typed->output,
                               typed->exit_status);
  session_step_update (self);
}
