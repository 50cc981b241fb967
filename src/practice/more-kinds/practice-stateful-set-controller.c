/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-stateful-set-controller.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-owned-pods.h"
#include "practice-pod-template.h"
#include "practice-revisions.h"
#include "practice-stateful-pod.h"

#define STATEFUL_SETS "apps/statefulsets"
#define REVISIONS "apps/controllerrevisions"
#define PODS "/pods"
#define COMPONENT "statefulset-controller"
#define REVISION_LABEL "controller.kubernetes.io/hash"

/* A typing error such as --replicas=100000 must not fill the memory. */
#define MAX_PODS 1000

/* When a pod that was refused is tried again. */
#define RETRY_MS 2000

/**
 * PracticeStatefulSetController:
 *
 * Makes the pods of a StatefulSet from the lowest number up, each once the one before it is ready,
 * and takes them away from the highest down
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/).
 */
struct _PracticeStatefulSetController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeStatefulSetController,
                     practice_stateful_set_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* A StatefulSet at one moment. */
typedef struct {
  PracticeStore *store; /* (unowned) */
  JsonNode *set;        /* (unowned) */
  JsonNode *updated;    /* (owned): the revision of the present template */
  JsonNode *current;    /* (owned): that of the pods before */
  GPtrArray *wanted;    /* (owned): pods by their number, NULL where one is missing */
  GPtrArray *surplus;   /* (owned): pods with higher numbers, the highest first */
  gboolean in_order;    /* one after the other */
  gboolean refused;     /* a pod could not be made */
} Members;

static void
unref_or_null (gpointer node)
{
  if (node != NULL)
    json_node_unref (node);
}

static void
members_clear (Members *self)
{
  g_clear_pointer (&self->updated, json_node_unref);
  g_clear_pointer (&self->current, json_node_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_clear_pointer (&self->surplus, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Members, members_clear)

static gboolean
has_failed (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return g_strcmp0 (phase, "Failed") == 0 || g_strcmp0 (phase, "Succeeded") == 0;
}

static gboolean
is_of (JsonNode *pod, JsonNode *revision)
{
  return g_strcmp0 (base_metadata_get_label (pod, PRACTICE_STATEFUL_HASH_LABEL),
                    base_metadata_get_name (revision)) == 0;
}

static gint64
get_ordinal_of (JsonNode *pod)
{
  return g_ascii_strtoll (strrchr (base_metadata_get_name (pod), '-') + 1, NULL, 10);
}

static int
compare_highest_first (gconstpointer a, gconstpointer b)
{
  gint64 first = get_ordinal_of (*(JsonNode *const *)a);
  gint64 second = get_ordinal_of (*(JsonNode *const *)b);

  return (first < second) - (first > second);
}

static JsonNode *
dup_current (Members *self)
{
  const char *name = base_json_get_string (self->set, "status", "currentRevision", NULL);
  JsonNode *revision = NULL;

  if (name != NULL)
    revision =
      practice_store_get (self->store, REVISIONS, base_metadata_get_namespace (self->set), name);

  return json_node_ref (revision != NULL ? revision : self->updated);
}

static gboolean
members_init (Members *self, PracticeStore *store, JsonNode *set)
{
  guint replicas = (guint)CLAMP (base_json_get_int (set, 1, "spec", "replicas", NULL), 0, MAX_PODS);
  g_autoptr (GPtrArray) pods = practice_owned_pods_list (store, set);

  self->store = store;
  self->set = set;
  self->in_order =
    g_strcmp0 (base_json_get_string (set, "spec", "podManagementPolicy", NULL), "Parallel") != 0;
  self->updated = practice_revisions_ensure (store, set, REVISION_LABEL);
  if (self->updated == NULL)
    return FALSE;
  self->current = dup_current (self);
  self->wanted = g_ptr_array_new_with_free_func (unref_or_null);
  self->surplus = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  g_ptr_array_set_size (self->wanted, (int)replicas);
  for (guint i = 0; i < pods->len; i++) {
    gint64 ordinal = practice_stateful_pod_get_ordinal (set, pods->pdata[i]);

    if (ordinal >= 0 && ordinal < replicas)
      self->wanted->pdata[ordinal] = json_node_ref (pods->pdata[i]);
    else if (ordinal >= 0)
      g_ptr_array_add (self->surplus, json_node_ref (pods->pdata[i]));
  }
  g_ptr_array_sort (self->surplus, compare_highest_first);

  return TRUE;
}

static guint
get_partition (Members *self)
{
  return (guint)CLAMP (
    base_json_get_int (self->set, 0, "spec", "updateStrategy", "rollingUpdate", "partition", NULL),
    0, MAX_PODS);
}

/* (nullable): why the pod with a number could not be made. */
static char *
try_to_create_pod (Members *self, guint ordinal)
{
  JsonNode *revision = ordinal < get_partition (self) ? self->current : self->updated;
  g_autoptr (GError) error = NULL;
  char *why = practice_stateful_pod_ensure_claims (self->store, self->set, ordinal, COMPONENT);
  JsonNode *pod;

  if (why != NULL)
    return why;
  pod = practice_pod_template_store (
    self->store, practice_stateful_pod_new (self->set, revision, ordinal), &error);
  if (pod == NULL)
    return g_strdup (error->message);
  self->wanted->pdata[ordinal] = json_node_ref (pod);
  practice_event_recorder_record (self->store, self->set, COMPONENT, "SuccessfulCreate",
                                  "create Pod %s in StatefulSet %s successful",
                                  base_metadata_get_name (pod), base_metadata_get_name (self->set));
  return NULL;
}

static void
create_pod (Members *self, guint ordinal)
{
  const char *name = base_metadata_get_name (self->set);
  g_autofree char *why = try_to_create_pod (self, ordinal);

  if (why == NULL)
    return;
  self->refused = TRUE;
  practice_event_recorder_record (self->store, self->set, COMPONENT, "FailedCreate",
                                  "create Pod %s-%u in StatefulSet %s failed error: %s", name,
                                  ordinal, name, why);
}

static void
remove_pod (Members *self, JsonNode *pod)
{
  practice_owned_pods_delete (self->store, pod);
  practice_event_recorder_record (self->store, self->set, COMPONENT, "SuccessfulDelete",
                                  "delete Pod %s in StatefulSet %s successful",
                                  base_metadata_get_name (pod), base_metadata_get_name (self->set));
}

/* FALSE: the next pods have to wait for one. */
static gboolean
fill (Members *self)
{
  for (guint i = 0; i < self->wanted->len; i++) {
    JsonNode *pod = self->wanted->pdata[i];

    if (pod == NULL)
      create_pod (self, i);
    else if (!practice_object_is_deleted (pod) && has_failed (pod))
      remove_pod (self, pod);
    else if (!practice_object_is_deleted (pod) && base_condition_is_true (pod, "Ready"))
      continue;
    if (self->in_order)
      return FALSE;
  }

  return TRUE;
}

/* FALSE: one is on its way out. */
static gboolean
shrink (Members *self)
{
  for (guint i = 0; i < self->surplus->len; i++) {
    JsonNode *pod = self->surplus->pdata[i];

    if (!practice_object_is_deleted (pod))
      remove_pod (self, pod);
    if (self->in_order)
      return FALSE;
  }

  return self->surplus->len == 0;
}

/* Replaces one pod of an old template, from the highest number down. */
static void
roll_out (Members *self)
{
  const char *strategy = base_json_get_string (self->set, "spec", "updateStrategy", "type", NULL);
  guint partition = get_partition (self);

  if (g_strcmp0 (strategy, "OnDelete") == 0)
    return;
  for (guint i = self->wanted->len; i > partition; i--) {
    JsonNode *pod = self->wanted->pdata[i - 1];

    if (pod == NULL || practice_object_is_deleted (pod))
      return;
    if (!is_of (pod, self->updated)) {
      remove_pod (self, pod);
      return;
    }
    if (!base_condition_is_true (pod, "Ready"))
      return;
  }
}

typedef struct {
  guint all, ready, current, updated;
} Counts;

static void
count_pod (Members *self, JsonNode *pod, Counts *counts)
{
  counts->all++;
  if (practice_object_is_deleted (pod))
    return;
  counts->ready += base_condition_is_true (pod, "Ready");
  counts->current += is_of (pod, self->current);
  counts->updated += is_of (pod, self->updated);
}

static void
write_status (Members *self)
{
  g_autoptr (JsonNode) next = base_json_copy (self->set);
  JsonObject *status = practice_object_ensure (next, "status", NULL);
  JsonNode *current = self->current;
  Counts counts = { 0 };

  for (guint i = 0; i < self->wanted->len; i++)
    if (self->wanted->pdata[i] != NULL)
      count_pod (self, self->wanted->pdata[i], &counts);
  for (guint i = 0; i < self->surplus->len; i++)
    count_pod (self, self->surplus->pdata[i], &counts);
  /* All are of the present template: it is that of the pods before from now on. */
  if (counts.updated == counts.all && counts.ready == counts.all) {
    current = self->updated;
    counts.current = counts.updated;
  }
  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (self->set, 1, "metadata", "generation", NULL));
  json_object_set_int_member (status, "replicas", counts.all);
  practice_object_set_count (status, "readyReplicas", counts.ready);
  practice_object_set_count (status, "currentReplicas", counts.current);
  practice_object_set_count (status, "updatedReplicas", counts.updated);
  json_object_set_string_member (status, "currentRevision", base_metadata_get_name (current));
  json_object_set_string_member (status, "updateRevision", base_metadata_get_name (self->updated));
  json_object_set_int_member (status, "collisionCount", 0);
  practice_store_update (self->store, STATEFUL_SETS, g_steal_pointer (&next), NULL, NULL);
}

static void
add_used (GHashTable *used, GPtrArray *pods)
{
  for (guint i = 0; i < pods->len; i++) {
    const char *name = base_metadata_get_label (pods->pdata[i], PRACTICE_STATEFUL_HASH_LABEL);

    if (name != NULL)
      g_hash_table_add (used, (gpointer)name);
  }
}

static void
forget_revisions (Members *self)
{
  g_autoptr (GHashTable) used = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (used, (gpointer)base_metadata_get_name (self->updated));
  g_hash_table_add (used, (gpointer)base_metadata_get_name (self->current));
  add_used (used, self->wanted);
  add_used (used, self->surplus);
  practice_revisions_trim (self->store, self->set, used);
}

static void
practice_stateful_set_controller_reconcile (PracticeController *controller,
                                            const char *namespace_,
                                            const char *name,
                                            JsonNode *set)
{
  g_auto (Members) members = { 0 };

  if (set == NULL || practice_object_is_deleted (set) ||
      !members_init (&members, practice_controller_get_store (controller), set))
    return;

  if (fill (&members) && shrink (&members))
    roll_out (&members);
  write_status (&members);
  forget_revisions (&members);
  if (members.refused)
    practice_controller_enqueue_after (controller, namespace_, name, RETRY_MS);
}

static void
practice_stateful_set_controller_related (PracticeController *controller,
                                          PracticeEventType type,
                                          const char *resource,
                                          JsonNode *pod,
                                          JsonNode *old)
{
  practice_owned_pods_enqueue_owner (controller, pod, "StatefulSet");
}

static void
practice_stateful_set_controller_class_init (PracticeStatefulSetControllerClass *klass)
{
  static const char *const also[] = { PODS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = STATEFUL_SETS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_stateful_set_controller_reconcile;
  controller_class->related = practice_stateful_set_controller_related;
}

static void
practice_stateful_set_controller_init (PracticeStatefulSetController *self)
{
}

/**
 * practice_stateful_set_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_stateful_set_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_STATEFUL_SET_CONTROLLER, "store", store, NULL);
}
