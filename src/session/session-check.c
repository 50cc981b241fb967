/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-check-private.h"

#include "session-examination.h"
#include "session-outcome.h"

/* Within this time a list has news of what a command has done that has ended: the server has
 * answered it by then. */
#define NEWS_MS 1000

/**
 * SessionCheck:
 *
 * A check of the course while it is looked at, by a #SessionExamination. One of the terminal is
 * judged when the step's command has ended, and stays as it was judged then.
 */
struct _SessionCheck {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;     /* (nullable) (weak) */
  SessionChain *chain; /* (nullable): what is waited for in stages */
  gboolean active;
  SessionExamination *examination; /* (nullable): while active */
  SessionOutcome *outcome;         /* (nullable): of the terminal's command */

  SessionCheckState state;
  char *detail; /* (nullable) */
  gint64 since;
  gint64 begun_at;   /* monotonic; 0: not set going yet */
  gint64 begun_real; /* the same in Unix seconds */
  gint64 changed_at; /* monotonic: the state */
  guint overdue_source;
  guint doubt_source;  /* while there may be news of what passed */
  gboolean is_doubted; /* what is tried has to pass again */
};

G_DEFINE_FINAL_TYPE (SessionCheck, session_check, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionCheckState,
                    session_check_state,
                    G_DEFINE_ENUM_VALUE (SESSION_CHECK_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (SESSION_CHECK_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SESSION_CHECK_PASSED, "passed"),
                    G_DEFINE_ENUM_VALUE (SESSION_CHECK_OVERDUE, "overdue"))

enum {
  PROP_0,
  PROP_STATE,
  PROP_DETAIL,
  PROP_SINCE,
  PROP_PROVEN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean overdue_cb (gpointer user_data);

static gboolean
is_terminal (SessionCheck *self)
{
  return self->outcome != NULL;
}

static gboolean
is_tried (SessionCheck *self)
{
  return self->examination != NULL && session_examination_is_tried (self->examination);
}

static gint64
get_time_left (SessionCheck *self)
{
  gint64 within = (gint64)course_check_get_within (self->check) * G_TIME_SPAN_SECOND;

  return self->begun_at + within - g_get_monotonic_time ();
}

static void
set_state (SessionCheck *self, SessionCheckState state, const char *detail)
{
  g_clear_handle_id (&self->overdue_source, g_source_remove);
  if (state == SESSION_CHECK_WAITING && self->begun_at != 0 && !is_terminal (self)) {
    gint64 left = get_time_left (self);

    if (left <= 0)
      state = SESSION_CHECK_OVERDUE;
    else
      self->overdue_source = g_timeout_add (left / 1000 + 1, overdue_cb, self);
  }
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->detail, detail) != 0) {
    g_autofree char *old = g_steal_pointer (&self->detail);

    self->detail = g_strdup (detail);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
  }
  if (self->state != state) {
    g_clear_handle_id (&self->doubt_source, g_source_remove);
    self->is_doubted = FALSE;
    self->state = state;
    self->since = g_get_real_time () / G_USEC_PER_SEC;
    self->changed_at = g_get_monotonic_time ();
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
overdue_cb (gpointer user_data)
{
  SessionCheck *self = SESSION_CHECK (user_data);
  g_autofree char *detail = g_strdup (self->detail);

  self->overdue_source = 0;
  set_state (self, SESSION_CHECK_WAITING, detail);
  return G_SOURCE_REMOVE;
}

/* That it has passed is true since it was seen again. */
static void
end_doubt (SessionCheck *self)
{
  self->is_doubted = FALSE;
  self->since = g_get_real_time () / G_USEC_PER_SEC;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
}

static void
result_cb (SessionCheck *self)
{
  set_state (self, session_examination_get_state (self->examination),
             session_examination_get_detail (self->examination));
  if (self->is_doubted && session_check_get_proven (self))
    end_doubt (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
}

static void
outcome_cb (SessionCheck *self)
{
  g_autofree char *detail = NULL;

  if (!self->active)
    return;
  detail = session_outcome_dup_detail (self->outcome);
  set_state (self, session_outcome_get_state (self->outcome), detail);
}

static void
activate (SessionCheck *self)
{
  if (is_terminal (self)) {
    session_outcome_set_lab (self->outcome, self->lab);
    outcome_cb (self);
    return;
  }
  self->examination = session_examination_new (self->check, self->lab, self->chain);
  session_examination_set_at_length (self->examination, self->begun_at != 0);
  g_signal_connect_object (self->examination, "notify::result", G_CALLBACK (result_cb), self,
                           G_CONNECT_SWAPPED);
  session_examination_start (self->examination);
}

static void
deactivate (SessionCheck *self)
{
  if (self->outcome != NULL)
    session_outcome_set_lab (self->outcome, NULL);
  if (self->examination != NULL) {
    g_signal_handlers_disconnect_by_data (self->examination, self);
    session_examination_stop (self->examination);
  }
  g_clear_object (&self->examination);
}

static void
session_check_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionCheck *self = SESSION_CHECK (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_SINCE:
      g_value_set_int64 (value, self->since);
      break;
    case PROP_PROVEN:
      g_value_set_boolean (value, session_check_get_proven (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_check_dispose (GObject *object)
{
  SessionCheck *self = SESSION_CHECK (object);

  deactivate (self);
  g_clear_handle_id (&self->overdue_source, g_source_remove);
  g_clear_handle_id (&self->doubt_source, g_source_remove);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->chain);
  g_clear_object (&self->outcome);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_check_parent_class)->dispose (object);
}

static void
session_check_finalize (GObject *object)
{
  SessionCheck *self = SESSION_CHECK (object);

  g_clear_pointer (&self->detail, g_free);
  G_OBJECT_CLASS (session_check_parent_class)->finalize (object);
}

static void
session_check_class_init (SessionCheckClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_check_get_property;
  object_class->dispose = session_check_dispose;
  object_class->finalize = session_check_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_CHECK_STATE, SESSION_CHECK_UNKNOWN, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_SINCE] = g_param_spec_int64 ("since", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROVEN] = g_param_spec_boolean ("proven", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_check_init (SessionCheck *self)
{
}

SessionCheck *
session_check_new (CourseCheck *check, SessionLab *lab)
{
  SessionCheck *self = g_object_new (SESSION_TYPE_CHECK, NULL);
  g_autoptr (GArray) stages = course_stage_list (check, COURSE_STAGES_PLAIN);

  self->check = g_object_ref (check);
  if (course_check_get_check_type (check) == COURSE_CHECK_TERMINAL) {
    self->outcome = session_outcome_new (check);
    g_signal_connect_object (self->outcome, "changed", G_CALLBACK (outcome_cb), self,
                             G_CONNECT_SWAPPED);
  }
  if (stages->len > 0)
    self->chain = session_chain_new (stages);
  g_set_weak_pointer (&self->lab, lab);
  self->since = g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
session_check_set_active (SessionCheck *self, gboolean active)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  active = active && self->lab != NULL;
  if (self->active == active)
    return;
  self->active = active;
  if (active) {
    activate (self);
  } else {
    deactivate (self);
    set_state (self, SESSION_CHECK_UNKNOWN, NULL);
  }
}

static gboolean
doubt_cb (gpointer user_data)
{
  SessionCheck *self = SESSION_CHECK (user_data);

  self->doubt_source = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
  return G_SOURCE_REMOVE;
}

void
session_check_doubt (SessionCheck *self)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (is_tried (self)) {
    self->is_doubted = self->state == SESSION_CHECK_PASSED;
    session_examination_retry (self->examination);
  } else if (self->state == SESSION_CHECK_PASSED && !is_terminal (self)) {
    g_clear_handle_id (&self->doubt_source, g_source_remove);
    self->doubt_source = g_timeout_add (NEWS_MS, doubt_cb, self);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
}

void
session_check_begin (SessionCheck *self)
{
  g_autofree char *detail = NULL;
  gboolean has_news = FALSE;

  g_return_if_fail (SESSION_IS_CHECK (self));

  /* One that has passed since it was begun last has its news. */
  has_news = !is_tried (self) && self->changed_at >= self->begun_at;
  self->begun_at = g_get_monotonic_time ();
  self->begun_real = g_get_real_time () / G_USEC_PER_SEC;
  if (!has_news)
    session_check_doubt (self);
  detail = g_strdup (self->detail);
  if (is_terminal (self))
    return;
  if (self->state == SESSION_CHECK_OVERDUE || self->state == SESSION_CHECK_WAITING)
    set_state (self, SESSION_CHECK_WAITING, detail);
  if (self->examination != NULL)
    session_examination_set_at_length (self->examination, TRUE);
}

/**
 * session_check_begin_chain:
 * @done: whether its step was done before it was set going now. Where all that the chain waits for
 *   is so already, one that was keeps the times that are known; one that was not has waited for
 *   nothing.
 *
 * What is not so yet is waited for from now on. Does nothing where the check has no chain.
 */
void
session_check_begin_chain (SessionCheck *self, gboolean done)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (self->chain == NULL)
    return;
  if (done)
    session_chain_begin (self->chain, g_get_monotonic_time ());
  else
    session_chain_begin_anew (self->chain, g_get_monotonic_time ());
}

void
session_check_assume_passed (SessionCheck *self, gint64 done_at)
{
  const char *name = course_check_get_name (self->check);
  const KubeKind *kind = NULL;
  const char *namespace_ = NULL;

  g_return_if_fail (SESSION_IS_CHECK (self));

  if (self->lab == NULL || course_check_get_resource (self->check) == NULL ||
      course_check_get_expect_absent (self->check))
    return;
  kind = kube_kind_lookup (course_check_get_resource (self->check));
  if (kind == NULL)
    return;
  namespace_ = course_check_get_namespace (self->check);
  if (namespace_ == NULL)
    namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  if (!kind->namespaced)
    namespace_ = NULL;
  if (name != NULL)
    session_memory_assume (session_lab_get_memory (self->lab), kind->plural, namespace_, name,
                           done_at);
  else
    session_memory_assume_group (session_lab_get_memory (self->lab), self->check, namespace_,
                                 done_at);
}

void
session_check_restore_chain (SessionCheck *self, GPtrArray *waits)
{
  const CourseWait *wait = NULL;
  g_autoptr (GArray) plain = NULL;
  g_autoptr (GArray) other = NULL;

  g_return_if_fail (SESSION_IS_CHECK (self));

  wait = course_waits_find (waits, course_check_get_says (self->check));
  if (self->chain == NULL || wait == NULL)
    return;
  plain = course_stage_list (self->check, COURSE_STAGES_PLAIN);
  other = course_stage_list (self->check, COURSE_STAGES_BY_NUMBER | COURSE_STAGES_BY_DEPLOYMENT);
  if (!session_chain_restore (self->chain, plain, wait))
    session_chain_restore (self->chain, other, wait);
}

void
session_check_expect_output (SessionCheck *self)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (is_terminal (self))
    session_outcome_expect (self->outcome);
}

void
session_check_take_output (SessionCheck *self, const char *output, int exit_status)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (is_terminal (self))
    session_outcome_take (self->outcome, output, exit_status);
}

/**
 * session_check_put_back:
 *
 * Its step was put back, and is not run: what its command has done counts no more, and a check that
 * was overdue is only waited for.
 */
void
session_check_put_back (SessionCheck *self)
{
  g_autofree char *detail = NULL;

  g_return_if_fail (SESSION_IS_CHECK (self));

  session_check_forget (self);
  self->begun_at = 0;
  self->begun_real = 0;
  if (self->examination != NULL)
    session_examination_set_at_length (self->examination, FALSE);
  if (self->state != SESSION_CHECK_OVERDUE)
    return;
  detail = g_strdup (self->detail);
  set_state (self, SESSION_CHECK_WAITING, detail);
}

gboolean
session_check_fits_output (SessionCheck *self, const char *output, int exit_status)
{
  g_autofree char *observed = NULL;

  g_return_val_if_fail (SESSION_IS_CHECK (self), FALSE);

  return course_check_judge_output (self->check, output, exit_status, &observed);
}

void
session_check_forget (SessionCheck *self)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (is_terminal (self))
    session_outcome_forget (self->outcome);
}

/**
 * session_check_get_proven:
 *
 * Returns: whether it has passed, and not only by what was seen before its step was run, or before
 *   the step before that was done
 */
gboolean
session_check_get_proven (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), FALSE);

  return self->state == SESSION_CHECK_PASSED && self->doubt_source == 0 &&
         (self->examination == NULL || session_examination_get_fresh (self->examination));
}

CourseCheck *
session_check_get_check (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), NULL);

  return self->check;
}

SessionCheckState
session_check_get_state (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

/**
 * session_check_get_detail:
 *
 * Returns: (nullable) (transfer none): what was seen instead, in a few words; or why nothing can be
 *   seen
 */
const char *
session_check_get_detail (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), NULL);

  return self->detail;
}

/**
 * session_check_get_since:
 *
 * Returns: since when the state is what it is, in Unix seconds
 */
gint64
session_check_get_since (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), 0);

  return self->since;
}

/**
 * session_check_get_begun_at:
 *
 * Returns: when the step that it proves was last set going, in Unix seconds; 0: not since the
 *   program began
 */
gint64
session_check_get_begun_at (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), 0);

  return self->begun_real;
}

/**
 * session_check_get_chain:
 *
 * Returns: (nullable) (transfer none): what it waits for, stage by stage; %NULL where that is one
 *   look at an object
 */
SessionChain *
session_check_get_chain (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), NULL);

  return self->chain;
}
