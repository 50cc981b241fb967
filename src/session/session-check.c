/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-check-private.h"

#include <glib/gi18n-lib.h>

#include "session-look.h"
#include "session-advice.h"
#include "session-hindrance.h"
#include "session-object-trouble.h"
#include "session-probe.h"

/* Within this time a list has news of what a command has done that has ended: the server has
 * answered it by then. */
#define NEWS_MS 1000

/**
 * SessionCheck:
 *
 * A check of the course while it is looked at. One of objects is judged on the lab's lists whenever
 * they have news, and asks the server nothing itself; one of an address is tried by a
 * #SessionProbe, one of a file by a #SessionLook. One of the terminal is judged when the step's
 * command has ended, and stays as it was judged then.
 */
struct _SessionCheck {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;     /* (nullable) (weak) */
  SessionChain *chain; /* (nullable): what is waited for in stages */
  gboolean active;
  SessionResource *resource; /* (nullable): held while active */
  SessionProbe *probe;       /* (nullable) */
  SessionLook *look;         /* (nullable) */
  SessionSight *sight;       /* (nullable): while active, for why it does not pass */
  guint judge_source;
  SessionCheckState outcome; /* of the terminal's command */
  char *outcome_detail;      /* (nullable) */

  SessionCheckState state;
  char *detail; /* (nullable) */
  gint64 since;
  gint64 begun_at;   /* monotonic; 0: not set going yet */
  gint64 begun_real; /* the same in Unix seconds */
  gint64 changed_at; /* monotonic: the state */
  guint overdue_source;
  guint doubt_source; /* while there may be news of what passed */
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
  return course_check_get_check_type (self->check) == COURSE_CHECK_TERMINAL;
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

/* (nullable): NULL for kinds that have none */
static const char *
get_namespace (SessionCheck *self)
{
  const char *namespace_ = course_check_get_namespace (self->check);

  if (!session_resource_get_kind (self->resource)->namespaced)
    return NULL;
  if (namespace_ == NULL)
    namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  return namespace_;
}

/* (element-type JsonNode): what resource, name and selector single out */
static GPtrArray *
find_objects (SessionCheck *self)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  const char *namespace_ = get_namespace (self);
  const char *name = course_check_get_name (self->check);
  const char *selector = course_check_get_selector (self->check);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->resource));

  if (name != NULL) {
    KubeObject *object = session_resource_find (self->resource, namespace_, name);

    if (object != NULL)
      g_ptr_array_add (objects, kube_object_ref_json (object));
    return objects;
  }
  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->resource), i);
    g_autoptr (JsonNode) json = NULL;

    if (namespace_ != NULL && g_strcmp0 (kube_object_get_namespace (object), namespace_) != 0)
      continue;
    json = kube_object_ref_json (object);
    if (selector == NULL || course_selector_matches (selector, json))
      g_ptr_array_add (objects, g_steal_pointer (&json));
  }
  return objects;
}

static void
tell_chain (SessionCheck *self, GPtrArray *objects, gboolean passed)
{
  gint64 now = g_get_monotonic_time ();

  if (self->chain == NULL)
    return;
  if (passed) {
    session_chain_pass_all (self->chain, now);
  } else {
    g_autoptr (GArray) stages = course_stage_list (self->check, FALSE);
    CourseStage stage =
      g_array_index (stages, CourseStage, course_stage_count_reached (stages, objects));

    session_chain_fail (self->chain, stage, stage, now);
  }
}

static void
judge_objects (SessionCheck *self)
{
  g_autoptr (GPtrArray) objects = find_objects (self);
  g_autofree char *observed = NULL;
  g_autofree char *words = NULL;
  gboolean passed = course_check_judge (self->check, objects, &observed);

  tell_chain (self, objects, passed);
  if (passed) {
    session_sight_close (self->sight);
    set_state (self, SESSION_CHECK_PASSED, NULL);
    return;
  }
  words = session_object_dup_words (self->sight, self->check, get_namespace (self), objects,
                                    observed, self->begun_at != 0);
  set_state (self, SESSION_CHECK_WAITING, words);
}

/* Nothing is known. @error: (nullable): why */
static void
set_unknown (SessionCheck *self, const GError *error)
{
  g_autoptr (GError) advised = error != NULL ? session_advice_add (g_error_copy (error)) : NULL;

  set_state (self, SESSION_CHECK_UNKNOWN, advised != NULL ? advised->message : NULL);
}

/* The server is silent: what it said last is no reason to wait for anything else. */
static void
set_unseen (SessionCheck *self, const GError *error)
{
  g_autoptr (GError) advised = session_advice_add (g_error_copy (error));

  set_state (self,
             self->state == SESSION_CHECK_UNKNOWN ? SESSION_CHECK_UNKNOWN : SESSION_CHECK_WAITING,
             advised->message);
}

/* Of a cluster that shows one namespace only, another one tells nothing by having no objects. */
static gboolean
is_out_of_sight (SessionCheck *self)
{
  const char *only = session_resource_get_namespace (self->resource);
  g_autofree char *words = NULL;

  if (only == NULL || g_strcmp0 (only, get_namespace (self)) == 0)
    return FALSE;
  words = session_hindrance_dup_out_of_sight (session_resource_get_kind (self->resource), only,
                                              get_namespace (self));
  set_state (self, SESSION_CHECK_UNKNOWN, words);
  return TRUE;
}

static void
judge (SessionCheck *self)
{
  const GError *error = session_resource_get_error (self->resource);

  switch (session_resource_get_state (self->resource)) {
    case KUBE_LIST_LIVE:
    case KUBE_LIST_ABSENT:
      if (!is_out_of_sight (self))
        judge_objects (self);
      break;
    case KUBE_LIST_STALE:
      /* What was seen last may be so no longer; it is not unseen for that, unless nobody asks. */
      if (session_lab_get_state (self->lab) != SESSION_LAB_ONLINE)
        set_unknown (self, error);
      else if (self->state != SESSION_CHECK_PASSED && error != NULL)
        set_unseen (self, error);
      break;
    case KUBE_LIST_IDLE:
    case KUBE_LIST_LOADING:
    case KUBE_LIST_FORBIDDEN:
    case KUBE_LIST_UNAUTHORIZED:
    default:
      set_unknown (self, error);
      break;
  }
}

static gboolean
judge_cb (gpointer user_data)
{
  SessionCheck *self = SESSION_CHECK (user_data);

  self->judge_source = 0;
  judge (self);
  return G_SOURCE_REMOVE;
}

/* A list that comes up notifies several things at once; one look is enough. */
static void
resource_changed_cb (SessionCheck *self)
{
  if (self->judge_source == 0)
    self->judge_source = g_idle_add_full (G_PRIORITY_DEFAULT, judge_cb, self, NULL);
}

static void
resource_notify_cb (SessionResource *resource, GParamSpec *pspec, SessionCheck *self)
{
  resource_changed_cb (self);
}

/* What the probe has found, in the light of what the lists show. */
static void
judge_probe (SessionCheck *self)
{
  const SessionFinding *finding = session_probe_get_finding (self->probe);
  const char *namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  g_autoptr (SessionFinding) judged =
    session_hindrance_judge (self->sight, self->check, namespace_, finding);

  if (judged->result == SESSION_ATTEMPT_PASSED && !course_check_get_expect_blocked (self->check))
    session_sight_close (self->sight);
  if (judged->result == SESSION_ATTEMPT_PASSED && finding->result != SESSION_ATTEMPT_PASSED &&
      self->chain != NULL)
    session_chain_pass_all (self->chain, g_get_monotonic_time ());
  set_state (self, session_probe_state_of (judged->result), judged->words);
}

static void
probe_result_cb (SessionProbe *probe, GParamSpec *pspec, SessionCheck *self)
{
  judge_probe (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
}

/* The cause may be another one now. Where there is none any more, what was tried in vain is worth
 * trying again. */
static void
sight_changed_cb (SessionCheck *self)
{
  g_autofree char *before = g_strdup (self->detail);

  if (self->resource != NULL)
    judge (self);
  if (self->probe == NULL)
    return;
  judge_probe (self);
  if (self->state != SESSION_CHECK_PASSED && g_strcmp0 (before, self->detail) != 0 &&
      g_strcmp0 (self->detail, session_probe_get_finding (self->probe)->words) == 0)
    session_probe_retry (self->probe);
}

static void
look_result_cb (SessionLook *look, GParamSpec *pspec, SessionCheck *self)
{
  set_state (self, session_look_get_state (look), session_look_get_detail (look));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROVEN]);
}

static void
activate_look (SessionCheck *self)
{
  self->look = session_look_new (self->check, self->lab);
  g_signal_connect_object (self->look, "notify::result", G_CALLBACK (look_result_cb), self, 0);
  session_look_start (self->look);
}

static void
activate_probe (SessionCheck *self)
{
  self->probe = session_probe_new (self->check, self->lab, self->chain);
  g_signal_connect_object (self->probe, "notify::result", G_CALLBACK (probe_result_cb), self, 0);
  session_probe_start (self->probe);
}

static void
activate_resource (SessionCheck *self)
{
  const char *name = course_check_get_resource (self->check);

  self->resource = session_lab_get_resource (self->lab, name);
  if (self->resource == NULL) {
    g_autofree char *detail =
      /* Translators: %s is a kind of the cluster's objects that a course names */
      g_strdup_printf (_ ("This program does not know the kind “%s”"), name);

    set_state (self, SESSION_CHECK_UNKNOWN, detail);
    return;
  }
  g_object_ref (self->resource);
  g_signal_connect_object (self->resource, "updated", G_CALLBACK (resource_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->resource, "notify::state", G_CALLBACK (resource_notify_cb), self,
                           0);
  session_resource_hold (self->resource);
  judge (self);
}

static void
activate (SessionCheck *self)
{
  self->sight = session_sight_new (self->lab);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (sight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  switch (course_check_get_check_type (self->check)) {
    case COURSE_CHECK_RESOURCE:
      activate_resource (self);
      break;
    case COURSE_CHECK_FILE:
      activate_look (self);
      break;
    case COURSE_CHECK_TERMINAL:
      set_state (self, self->outcome, self->outcome_detail);
      break;
    case COURSE_CHECK_HTTP:
      if (course_check_get_through_api (self->check))
        activate_look (self);
      else
        activate_probe (self);
      break;
    case COURSE_CHECK_REACH:
    case COURSE_CHECK_TRAFFIC:
    default:
      activate_probe (self);
      break;
  }
}

static void
take_outcome (SessionCheck *self, SessionCheckState outcome, const char *detail)
{
  g_autofree char *old = g_steal_pointer (&self->outcome_detail);

  self->outcome = outcome;
  self->outcome_detail = g_strdup (detail);
  if (self->active)
    set_state (self, outcome, detail);
}

static void
deactivate (SessionCheck *self)
{
  g_clear_handle_id (&self->judge_source, g_source_remove);
  if (self->resource != NULL) {
    g_signal_handlers_disconnect_by_data (self->resource, self);
    session_resource_release (self->resource);
  }
  g_clear_object (&self->resource);
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
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_check_parent_class)->dispose (object);
}

static void
session_check_finalize (GObject *object)
{
  SessionCheck *self = SESSION_CHECK (object);

  g_clear_pointer (&self->detail, g_free);
  g_clear_pointer (&self->outcome_detail, g_free);
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
  g_autoptr (GArray) stages = course_stage_list (check, FALSE);

  self->check = g_object_ref (check);
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

  if (self->probe != NULL) {
    session_probe_retry (self->probe);
  } else if (self->look != NULL) {
    session_look_retry (self->look);
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

  g_return_if_fail (SESSION_IS_CHECK (self));

  /* One that has passed since it was begun last has its news. */
  if (self->probe != NULL || self->look != NULL || self->changed_at < self->begun_at)
    session_check_doubt (self);
  detail = g_strdup (self->detail);
  self->begun_at = g_get_monotonic_time ();
  self->begun_real = g_get_real_time () / G_USEC_PER_SEC;
  if (is_terminal (self))
    return;
  if (self->state == SESSION_CHECK_OVERDUE || self->state == SESSION_CHECK_WAITING)
    set_state (self, SESSION_CHECK_WAITING, detail);
  /* somebody who waits is told more */
  if (self->resource != NULL)
    resource_changed_cb (self);
}

void
session_check_begin_chain (SessionCheck *self)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (self->chain != NULL)
    session_chain_begin (self->chain, g_get_monotonic_time ());
}

void
session_check_restore_chain (SessionCheck *self, GPtrArray *waits)
{
  const CourseWait *wait = NULL;
  g_autoptr (GArray) by_name = NULL;
  g_autoptr (GArray) by_number = NULL;

  g_return_if_fail (SESSION_IS_CHECK (self));

  wait = course_waits_find (waits, course_check_get_says (self->check));
  if (self->chain == NULL || wait == NULL)
    return;
  by_name = course_stage_list (self->check, FALSE);
  by_number = course_stage_list (self->check, TRUE);
  if (!session_chain_restore (self->chain, by_name, wait))
    session_chain_restore (self->chain, by_number, wait);
}

void
session_check_expect_output (SessionCheck *self)
{
  g_return_if_fail (SESSION_IS_CHECK (self));

  if (is_terminal (self))
    take_outcome (self, SESSION_CHECK_WAITING, NULL);
}

void
session_check_take_output (SessionCheck *self, const char *output, int exit_status)
{
  g_autofree char *observed = NULL;
  gboolean passes;

  g_return_if_fail (SESSION_IS_CHECK (self));

  if (!is_terminal (self))
    return;
  passes = course_check_judge_output (self->check, output, exit_status, &observed);
  /* Nothing more comes of a command that has ended. */
  take_outcome (self, passes ? SESSION_CHECK_PASSED : SESSION_CHECK_OVERDUE, observed);
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
    take_outcome (self, SESSION_CHECK_UNKNOWN, NULL);
}

gboolean
session_check_get_proven (SessionCheck *self)
{
  g_return_val_if_fail (SESSION_IS_CHECK (self), FALSE);

  return self->state == SESSION_CHECK_PASSED && self->doubt_source == 0 &&
         (self->probe == NULL || session_probe_get_fresh (self->probe)) &&
         (self->look == NULL || session_look_get_fresh (self->look));
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
