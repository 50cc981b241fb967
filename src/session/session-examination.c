/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-examination.h"

#include <glib/gi18n-lib.h>

#include "session-hindrance.h"
#include "session-inspection.h"
#include "session-look.h"
#include "session-probe.h"
#include "session-service-trouble.h"
#include "session-stages.h"
#include "session-triggers.h"

/* Until policies and the mesh's rules are in force, most of the time. */
#define SETTLE_MS 3000

/**
 * SessionExamination:
 *
 * A check of objects is judged by a #SessionInspection, one of an address is tried by a
 * #SessionProbe, one of a file or of a Service behind the API server by a #SessionLook. What they
 * find is judged in the light of what the lists show.
 */
struct _SessionExamination {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;     /* (nullable) (weak) */
  SessionChain *chain; /* (nullable): what is waited for in stages */
  gboolean at_length;
  SessionInspection *inspection; /* (nullable) */
  SessionProbe *probe;           /* (nullable) */
  SessionLook *look;             /* (nullable) */
  SessionSight *sight;           /* (nullable): while started, for why it does not pass */
  SessionTriggers *triggers;     /* (nullable): of the probe */
  gboolean is_outdated;          /* a rule was changed since the probe has tried */
  guint settle_source;           /* while what was changed may not be in force */

  SessionCheckState state; /* UNKNOWN, WAITING or PASSED */
  char *detail;            /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionExamination, session_examination, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RESULT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
set_result (SessionExamination *self, SessionCheckState state, const char *detail)
{
  g_autofree char *old = g_steal_pointer (&self->detail);

  self->state = state;
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

static const char *
get_course_namespace (SessionExamination *self)
{
  return course_course_get_namespace (session_lab_get_course (self->lab));
}

static const char *
get_namespace (SessionExamination *self)
{
  const char *its = course_check_get_namespace (self->check);

  return its != NULL ? its : get_course_namespace (self);
}

static void
judge_finding (SessionExamination *self, const SessionFinding *finding)
{
  g_autoptr (SessionFinding) judged =
    session_hindrance_judge (self->sight, self->check, get_course_namespace (self), finding);

  if (judged->result == SESSION_ATTEMPT_PASSED && !course_check_get_expect_blocked (self->check))
    session_sight_close (self->sight);
  if (judged->result == SESSION_ATTEMPT_PASSED && finding->result != SESSION_ATTEMPT_PASSED &&
      self->chain != NULL)
    session_chain_pass_all (self->chain, g_get_monotonic_time ());
  set_result (self, session_probe_state_of (judged->result), judged->words);
}

static gboolean
depends_on_rules (SessionSymptom symptom)
{
  switch (symptom) {
    case SESSION_SYMPTOM_SILENT:
    case SESSION_SYMPTOM_REFUSED:
    case SESSION_SYMPTOM_CLOSED:
    case SESSION_SYMPTOM_ANSWERED:
    case SESSION_SYMPTOM_BROKEN:
      return TRUE;
    case SESSION_SYMPTOM_NONE:
    case SESSION_SYMPTOM_NO_SERVICE:
    case SESSION_SYMPTOM_NO_ADDRESS:
    case SESSION_SYMPTOM_NAMELESS:
    case SESSION_SYMPTOM_UNRESOLVED:
    default:
      return FALSE;
  }
}

/* What answers may still go by the old rule: the new one is no cause of it. */
static void
tell_unsettled (SessionExamination *self, const SessionFinding *finding)
{
  /* Translators: what was seen, such as "it answers with status 404" */
  g_autofree char *words = g_strdup_printf (
    _ ("%s. A rule was changed just now, and may take some seconds to be in force."),
    finding->words);

  set_result (self, SESSION_CHECK_WAITING, words);
}

/* What the probe has found, in the light of what the lists show. What was found before a rule was
 * changed says nothing of the new one, and stands until it is tried. */
static void
judge_probe (SessionExamination *self)
{
  const SessionFinding *finding = session_probe_get_finding (self->probe);
  gboolean is_open = finding->result == SESSION_ATTEMPT_FAILED && finding->words != NULL &&
                     depends_on_rules (finding->symptom);

  if (session_probe_get_fresh (self->probe) || finding->result == SESSION_ATTEMPT_UNKNOWN)
    self->is_outdated = FALSE;
  if (self->is_outdated)
    return;
  if (is_open && self->settle_source != 0)
    tell_unsettled (self, finding);
  else
    judge_finding (self, finding);
}

static gboolean
settled_cb (gpointer user_data)
{
  SessionExamination *self = SESSION_EXAMINATION (user_data);

  self->settle_source = 0;
  judge_probe (self);
  return G_SOURCE_REMOVE;
}

static void
triggers_changed_cb (SessionTriggers *triggers, gboolean is_rule, SessionExamination *self)
{
  if (is_rule) {
    self->is_outdated = TRUE;
    g_clear_handle_id (&self->settle_source, g_source_remove);
    self->settle_source = g_timeout_add (SETTLE_MS, settled_cb, self);
  }
  session_probe_hurry (self->probe);
}

/* A file is there or not, and nothing is between. */
static void
judge_look (SessionExamination *self)
{
  SessionCheckState state = session_look_get_state (self->look);
  const char *detail = session_look_get_detail (self->look);
  const char *service = course_check_get_service (self->check);
  g_autofree char *trouble = NULL;
  g_autofree char *words = NULL;

  if (course_check_get_through_api (self->check) && state != SESSION_CHECK_UNKNOWN) {
    session_stages_tell_service (self->chain, self->sight, get_namespace (self), service,
                                 state == SESSION_CHECK_PASSED);
    if (state == SESSION_CHECK_PASSED)
      session_sight_close (self->sight);
    else
      trouble = session_service_dup_trouble (self->sight, get_namespace (self), service,
                                             course_check_get_port (self->check));
  }
  if (trouble != NULL)
    words = g_strdup_printf ("%s. %s", detail, trouble);
  set_result (self, state, words != NULL ? words : detail);
}

/* The cause may be another one now. Where there is none any more, what was tried in vain is worth
 * trying again. */
static void
sight_changed_cb (SessionExamination *self)
{
  g_autofree char *before = g_strdup (self->detail);

  if (self->look != NULL)
    judge_look (self);
  if (self->probe == NULL)
    return;
  judge_probe (self);
  if (self->state != SESSION_CHECK_PASSED && g_strcmp0 (before, self->detail) != 0 &&
      g_strcmp0 (self->detail, session_probe_get_finding (self->probe)->words) == 0)
    session_probe_retry (self->probe);
}

static void
inspection_result_cb (SessionExamination *self)
{
  set_result (self, session_inspection_get_state (self->inspection),
              session_inspection_get_detail (self->inspection));
}

static void
start_look (SessionExamination *self)
{
  self->look = session_look_new (self->check, self->lab);
  g_signal_connect_object (self->look, "notify::result", G_CALLBACK (judge_look), self,
                           G_CONNECT_SWAPPED);
  session_look_start (self->look);
}

static void
start_probe (SessionExamination *self)
{
  self->probe = session_probe_new (self->check, self->lab, self->chain);
  g_signal_connect_object (self->probe, "notify::result", G_CALLBACK (judge_probe), self,
                           G_CONNECT_SWAPPED);
  session_probe_start (self->probe);
  self->triggers = session_triggers_new (self->lab, self->check);
  g_signal_connect_object (self->triggers, "changed", G_CALLBACK (triggers_changed_cb), self, 0);
  session_triggers_start (self->triggers);
}

static void
start_inspection (SessionExamination *self)
{
  self->inspection = session_inspection_new (self->check, self->lab, self->chain, self->sight);
  session_inspection_set_at_length (self->inspection, self->at_length);
  g_signal_connect_object (self->inspection, "notify::result", G_CALLBACK (inspection_result_cb),
                           self, G_CONNECT_SWAPPED);
  session_inspection_start (self->inspection);
}

static void
session_examination_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_RESULT:
      g_value_set_enum (value, SESSION_EXAMINATION (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_examination_dispose (GObject *object)
{
  SessionExamination *self = SESSION_EXAMINATION (object);

  session_examination_stop (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->chain);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_examination_parent_class)->dispose (object);
}

static void
session_examination_finalize (GObject *object)
{
  g_free (SESSION_EXAMINATION (object)->detail);
  G_OBJECT_CLASS (session_examination_parent_class)->finalize (object);
}

static void
session_examination_class_init (SessionExaminationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_examination_get_property;
  object_class->dispose = session_examination_dispose;
  object_class->finalize = session_examination_finalize;

  properties[PROP_RESULT] =
    g_param_spec_enum ("result", NULL, NULL, SESSION_TYPE_CHECK_STATE, SESSION_CHECK_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_examination_init (SessionExamination *self)
{
}

/**
 * session_examination_new:
 * @check: not of the terminal
 * @lab: must outlive the examination's being started
 * @chain: (nullable): is told the stages
 *
 * Returns: (transfer full): not started
 */
SessionExamination *
session_examination_new (CourseCheck *check, SessionLab *lab, SessionChain *chain)
{
  SessionExamination *self = g_object_new (SESSION_TYPE_EXAMINATION, NULL);

  self->check = g_object_ref (check);
  g_set_weak_pointer (&self->lab, lab);
  g_set_object (&self->chain, chain);
  return self;
}

/**
 * session_examination_start:
 *
 * Looks, and goes on to until session_examination_stop().
 */
void
session_examination_start (SessionExamination *self)
{
  CourseCheckType type;

  g_return_if_fail (SESSION_IS_EXAMINATION (self));
  g_return_if_fail (self->sight == NULL && self->lab != NULL);

  type = course_check_get_check_type (self->check);
  g_return_if_fail (type != COURSE_CHECK_TERMINAL);
  self->sight = session_sight_new (self->lab);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (sight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (type == COURSE_CHECK_RESOURCE)
    start_inspection (self);
  else if (type == COURSE_CHECK_FILE || course_check_get_through_api (self->check))
    start_look (self);
  else
    start_probe (self);
}

/**
 * session_examination_stop:
 *
 * Nothing is looked at any more. The last result stays.
 */
void
session_examination_stop (SessionExamination *self)
{
  g_return_if_fail (SESSION_IS_EXAMINATION (self));

  if (self->inspection != NULL) {
    g_signal_handlers_disconnect_by_data (self->inspection, self);
    session_inspection_stop (self->inspection);
  }
  g_clear_object (&self->inspection);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->is_outdated = FALSE;
  if (self->triggers != NULL) {
    g_signal_handlers_disconnect_by_data (self->triggers, self);
    session_triggers_stop (self->triggers);
  }
  g_clear_object (&self->triggers);
  if (self->probe != NULL) {
    g_signal_handlers_disconnect_by_data (self->probe, self);
    session_probe_stop (self->probe);
  }
  g_clear_object (&self->probe);
  if (self->look != NULL) {
    g_signal_handlers_disconnect_by_data (self->look, self);
    session_look_stop (self->look);
  }
  g_clear_object (&self->look);
  if (self->sight != NULL) {
    g_signal_handlers_disconnect_by_data (self->sight, self);
    session_sight_close (self->sight);
  }
  g_clear_object (&self->sight);
}

/**
 * session_examination_set_at_length:
 * @at_length: whether somebody waits, who is told more
 */
void
session_examination_set_at_length (SessionExamination *self, gboolean at_length)
{
  g_return_if_fail (SESSION_IS_EXAMINATION (self));

  self->at_length = at_length;
  if (self->inspection != NULL)
    session_inspection_set_at_length (self->inspection, at_length);
}

/**
 * session_examination_is_tried:
 *
 * Returns: whether it is tried now and then, and does not come by itself, as news of objects do
 */
gboolean
session_examination_is_tried (SessionExamination *self)
{
  g_return_val_if_fail (SESSION_IS_EXAMINATION (self), FALSE);

  return self->probe != NULL || self->look != NULL;
}

/**
 * session_examination_retry:
 *
 * What was seen before counts no more: what is tried is tried again.
 */
void
session_examination_retry (SessionExamination *self)
{
  g_return_if_fail (SESSION_IS_EXAMINATION (self));

  if (self->probe != NULL)
    session_probe_retry (self->probe);
  if (self->look != NULL)
    session_look_retry (self->look);
}

SessionCheckState
session_examination_get_state (SessionExamination *self)
{
  g_return_val_if_fail (SESSION_IS_EXAMINATION (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

/**
 * session_examination_get_detail:
 *
 * Returns: (nullable) (transfer none): what was seen instead, and why; or why nothing can be seen
 */
const char *
session_examination_get_detail (SessionExamination *self)
{
  g_return_val_if_fail (SESSION_IS_EXAMINATION (self), NULL);

  return self->detail;
}

/**
 * session_examination_get_fresh:
 *
 * Returns: whether what is tried was since the last session_examination_retry()
 */
gboolean
session_examination_get_fresh (SessionExamination *self)
{
  g_return_val_if_fail (SESSION_IS_EXAMINATION (self), FALSE);

  return (self->probe == NULL || session_probe_get_fresh (self->probe)) &&
         (self->look == NULL || session_look_get_fresh (self->look));
}
