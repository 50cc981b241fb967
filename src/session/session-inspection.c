/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-inspection.h"

#include <glib/gi18n-lib.h>

#include "session-advice.h"
#include "session-hindrance.h"
#include "session-object-trouble.h"
#include "session-reach.h"
#include "session-stages.h"

/**
 * SessionInspection:
 *
 * It asks the server nothing itself. Why a check does not pass may be in other lists than its own:
 * they are watched for as long as it does not.
 */
struct _SessionInspection {
  GObject parent_instance;

  CourseCheck *check;
  SessionLab *lab;     /* (nullable) (weak) */
  SessionChain *chain; /* (nullable): what is waited for in stages */
  SessionSight *sight;
  SessionResource *resource; /* (nullable): held while started */
  gboolean at_length;
  guint judge_source;

  SessionCheckState state; /* UNKNOWN, WAITING or PASSED */
  char *detail;            /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionInspection, session_inspection, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RESULT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
set_result (SessionInspection *self, SessionCheckState state, const char *detail)
{
  g_autofree char *old = NULL;

  if (self->state == state && g_strcmp0 (self->detail, detail) == 0)
    return;
  old = g_steal_pointer (&self->detail);
  self->state = state;
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}

/* (nullable): NULL for kinds that have none */
static const char *
get_namespace (SessionInspection *self)
{
  const char *namespace_ = course_check_get_namespace (self->check);

  if (!session_resource_get_kind (self->resource)->namespaced)
    return NULL;
  if (namespace_ == NULL)
    namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  return namespace_;
}

/* @object: (nullable): the one that is named */
static void
remember (SessionInspection *self, KubeObject *object, const char *namespace_)
{
  SessionMemory *memory = session_lab_get_memory (self->lab);
  const char *kind = session_resource_get_kind (self->resource)->plural;

  if (object == NULL)
    session_memory_miss (memory, kind, namespace_, course_check_get_name (self->check));
  else if (!g_str_equal (kind, "services"))
    session_memory_see (memory, kind, object, NULL);
  else {
    g_autofree char *address = session_reach_dup_address (object);

    session_memory_see (memory, kind, object, address);
  }
}

static void
remember_group (SessionInspection *self, GPtrArray *objects, gboolean passed)
{
  SessionMemory *memory = session_lab_get_memory (self->lab);

  if (course_check_get_name (self->check) != NULL || course_check_get_expect_absent (self->check))
    return;
  if (passed)
    session_memory_see_group (memory, self->check, get_namespace (self), objects);
  else
    session_memory_miss_group (memory, self->check, get_namespace (self), objects);
}

/* (element-type JsonNode): what resource, name and selector single out */
static GPtrArray *
find_objects (SessionInspection *self)
{
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  const char *namespace_ = get_namespace (self);
  const char *name = course_check_get_name (self->check);
  const char *selector = course_check_get_selector (self->check);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->resource));

  if (name != NULL) {
    KubeObject *object = session_resource_find (self->resource, namespace_, name);

    remember (self, object, namespace_);
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
judge_objects (SessionInspection *self)
{
  g_autoptr (GPtrArray) objects = find_objects (self);
  g_autofree char *observed = NULL;
  g_autofree char *words = NULL;
  gboolean passed = course_check_judge (self->check, objects, &observed);

  remember_group (self, objects, passed);
  session_stages_tell_objects (self->chain, self->check, self->sight, get_namespace (self), objects,
                               passed);
  if (passed) {
    session_sight_close (self->sight);
    set_result (self, SESSION_CHECK_PASSED, NULL);
    return;
  }
  words = session_object_dup_words (self->sight, self->check, get_namespace (self), objects,
                                    observed, self->at_length);
  set_result (self, SESSION_CHECK_WAITING, words);
}

/* Nothing is known. @error: (nullable): why */
static void
set_unknown (SessionInspection *self, const GError *error)
{
  g_autoptr (GError) advised = error != NULL ? session_advice_add (g_error_copy (error)) : NULL;

  set_result (self, SESSION_CHECK_UNKNOWN, advised != NULL ? advised->message : NULL);
}

/* The server is silent: what it said last is no reason to wait for anything else. */
static void
set_unseen (SessionInspection *self, const GError *error)
{
  g_autoptr (GError) advised = session_advice_add (g_error_copy (error));

  set_result (self, self->state, advised->message);
}

/* Of a cluster that shows one namespace only, another one tells nothing by having no objects. */
static gboolean
is_out_of_sight (SessionInspection *self)
{
  const char *only = session_resource_get_namespace (self->resource);
  g_autofree char *words = NULL;

  if (only == NULL || g_strcmp0 (only, get_namespace (self)) == 0)
    return FALSE;
  words = session_hindrance_dup_out_of_sight (session_resource_get_kind (self->resource), only,
                                              get_namespace (self));
  set_result (self, SESSION_CHECK_UNKNOWN, words);
  return TRUE;
}

static void
judge (SessionInspection *self)
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
  SessionInspection *self = SESSION_INSPECTION (user_data);

  self->judge_source = 0;
  judge (self);
  return G_SOURCE_REMOVE;
}

/* A list that comes up notifies several things at once; one look is enough. */
static void
changed_cb (SessionInspection *self)
{
  if (self->judge_source == 0)
    self->judge_source = g_idle_add_full (G_PRIORITY_DEFAULT, judge_cb, self, NULL);
}

static void
session_inspection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_RESULT:
      g_value_set_enum (value, SESSION_INSPECTION (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_inspection_dispose (GObject *object)
{
  SessionInspection *self = SESSION_INSPECTION (object);

  session_inspection_stop (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->check);
  g_clear_object (&self->chain);
  g_clear_object (&self->sight);
  G_OBJECT_CLASS (session_inspection_parent_class)->dispose (object);
}

static void
session_inspection_finalize (GObject *object)
{
  g_free (SESSION_INSPECTION (object)->detail);
  G_OBJECT_CLASS (session_inspection_parent_class)->finalize (object);
}

static void
session_inspection_class_init (SessionInspectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_inspection_get_property;
  object_class->dispose = session_inspection_dispose;
  object_class->finalize = session_inspection_finalize;

  properties[PROP_RESULT] =
    g_param_spec_enum ("result", NULL, NULL, SESSION_TYPE_CHECK_STATE, SESSION_CHECK_UNKNOWN,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_inspection_init (SessionInspection *self)
{
}

/**
 * session_inspection_new:
 * @check: of the type resource
 * @lab: must outlive the inspection's being started
 * @chain: (nullable): is told the stages
 * @sight: where a cause is looked for
 *
 * Returns: (transfer full): not started
 */
SessionInspection *
session_inspection_new (CourseCheck *check,
                        SessionLab *lab,
                        SessionChain *chain,
                        SessionSight *sight)
{
  SessionInspection *self = g_object_new (SESSION_TYPE_INSPECTION, NULL);

  self->check = g_object_ref (check);
  g_set_weak_pointer (&self->lab, lab);
  g_set_object (&self->chain, chain);
  self->sight = g_object_ref (sight);
  return self;
}

/**
 * session_inspection_start:
 *
 * Judges, and goes on to until session_inspection_stop().
 */
void
session_inspection_start (SessionInspection *self)
{
  const char *name;

  g_return_if_fail (SESSION_IS_INSPECTION (self));
  g_return_if_fail (self->resource == NULL && self->lab != NULL);

  name = course_check_get_resource (self->check);
  self->resource = session_lab_get_resource (self->lab, name);
  if (self->resource == NULL) {
    g_autofree char *detail =
      /* Translators: %s is a kind of the cluster's objects that a course names */
      g_strdup_printf (_ ("This program does not know the kind “%s”"), name);

    set_result (self, SESSION_CHECK_UNKNOWN, detail);
    return;
  }
  g_object_ref (self->resource);
  g_signal_connect_object (self->resource, "updated", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->resource, "notify::state", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  session_resource_hold (self->resource);
  judge (self);
}

/**
 * session_inspection_stop:
 *
 * Nothing is looked at any more. The last result stays.
 */
void
session_inspection_stop (SessionInspection *self)
{
  g_return_if_fail (SESSION_IS_INSPECTION (self));

  g_clear_handle_id (&self->judge_source, g_source_remove);
  if (self->resource != NULL) {
    g_signal_handlers_disconnect_by_data (self->sight, self);
    g_signal_handlers_disconnect_by_data (self->resource, self);
    session_resource_release (self->resource);
  }
  g_clear_object (&self->resource);
}

/**
 * session_inspection_set_at_length:
 * @at_length: whether somebody waits, who is told more
 */
void
session_inspection_set_at_length (SessionInspection *self, gboolean at_length)
{
  g_return_if_fail (SESSION_IS_INSPECTION (self));

  if (self->at_length == at_length)
    return;
  self->at_length = at_length;
  if (self->resource != NULL)
    changed_cb (self);
}

SessionCheckState
session_inspection_get_state (SessionInspection *self)
{
  g_return_val_if_fail (SESSION_IS_INSPECTION (self), SESSION_CHECK_UNKNOWN);

  return self->state;
}

/**
 * session_inspection_get_detail:
 *
 * Returns: (nullable) (transfer none): what was seen instead, and why; or why nothing can be seen
 */
const char *
session_inspection_get_detail (SessionInspection *self)
{
  g_return_val_if_fail (SESSION_IS_INSPECTION (self), NULL);

  return self->detail;
}
