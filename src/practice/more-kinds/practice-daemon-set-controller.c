/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-daemon-set-controller.h"

#include <math.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-daemon-pod.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-owned-pods.h"
#include "practice-pod-template.h"
#include "practice-revisions.h"
#include "practice-validation.h"

#define DAEMON_SETS "apps/daemonsets"
#define PODS "/pods"
#define NODES "/nodes"
#define COMPONENT "daemonset-controller"

/* When a pod that was refused is tried again. */
#define RETRY_MS 10000

/**
 * PracticeDaemonSetController:
 *
 * Gives every node that a DaemonSet is for a pod of it, and replaces the pods of an old template
 * step by step (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/).
 */
struct _PracticeDaemonSetController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeDaemonSetController,
                     practice_daemon_set_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* A DaemonSet at one moment. */
typedef struct {
  PracticeStore *store; /* (unowned) */
  JsonNode *set;        /* (unowned) */
  JsonNode *sample;     /* (owned): a pod for no node in particular */
  GHashTable *pods;     /* (owned): GPtrArray of JsonNode by the name of the node */
  char *hash;           /* (owned): of the present template */
  gboolean refused;     /* a pod could not be made */
  guint desired, current, misplaced, ready, updated;
} Daemons;

static void
daemons_clear (Daemons *self)
{
  g_clear_pointer (&self->sample, json_node_unref);
  g_clear_pointer (&self->pods, g_hash_table_unref);
  g_clear_pointer (&self->hash, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Daemons, daemons_clear)

static gboolean
is_updated (Daemons *self, JsonNode *pod)
{
  return g_strcmp0 (base_metadata_get_label (pod, PRACTICE_DAEMON_HASH_LABEL), self->hash) == 0;
}

static void
daemons_init (Daemons *self, PracticeStore *store, JsonNode *set)
{
  g_autoptr (GPtrArray) all = practice_owned_pods_list (store, set);
  g_autoptr (JsonNode) revision =
    practice_revisions_ensure (store, set, PRACTICE_DAEMON_HASH_LABEL);

  *self = (Daemons){ .store = store, .set = set };
  self->hash = g_strdup (base_metadata_get_label (revision, PRACTICE_DAEMON_HASH_LABEL));
  self->sample = practice_daemon_pod_new (set, NULL, NULL);
  self->pods =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < all->len; i++) {
    const char *node = practice_daemon_pod_get_node (all->pdata[i]);
    GPtrArray *pods = node != NULL ? g_hash_table_lookup (self->pods, node) : NULL;

    if (node == NULL)
      continue;
    if (pods == NULL) {
      pods = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
      g_hash_table_insert (self->pods, g_strdup (node), pods);
    }
    g_ptr_array_add (pods, json_node_ref (all->pdata[i]));
  }
}

static void
remove_pod (Daemons *self, JsonNode *pod)
{
  if (practice_object_is_deleted (pod))
    return;
  practice_owned_pods_delete (self->store, pod);
  practice_event_recorder_record (self->store, self->set, COMPONENT, "SuccessfulDelete",
                                  "Deleted pod: %s", base_metadata_get_name (pod));
}

static void
create_pod (Daemons *self, const char *node)
{
  g_autoptr (GError) error = NULL;
  JsonNode *pod = practice_pod_template_store (
    self->store, practice_daemon_pod_new (self->set, node, self->hash), &error);

  if (pod != NULL) {
    practice_event_recorder_record (self->store, self->set, COMPONENT, "SuccessfulCreate",
                                    "Created pod: %s", base_metadata_get_name (pod));
    return;
  }
  self->refused = TRUE;
  practice_event_recorder_record (self->store, self->set, COMPONENT, "FailedCreate",
                                  "Error creating: %s", error->message);
}

/* Of a node that should have a pod: one that has ended goes, and so do all but one. */
static JsonNode *
pick_pod (Daemons *self, GPtrArray *pods)
{
  JsonNode *kept = NULL;

  for (guint i = 0; pods != NULL && i < pods->len; i++) {
    JsonNode *pod = pods->pdata[i];
    const char *phase = base_json_get_string (pod, "status", "phase", NULL);

    if (practice_object_is_deleted (pod))
      continue;
    if (g_strcmp0 (phase, "Failed") == 0) {
      practice_event_recorder_record (
        self->store, self->set, COMPONENT, "FailedDaemonPod",
        "Found failed daemon pod %s/%s on node %s, will try to kill it",
        base_metadata_get_namespace (pod), base_metadata_get_name (pod),
        practice_daemon_pod_get_node (pod));
      remove_pod (self, pod);
    } else if (kept == NULL) {
      kept = pod;
    } else {
      remove_pod (self, pod);
    }
  }

  return kept;
}

static void
count_pod (Daemons *self, JsonNode *pod)
{
  self->current++;
  self->ready += base_condition_is_true (pod, "Ready");
  self->updated += is_updated (self, pod);
}

static void
manage_node (Daemons *self, JsonNode *node)
{
  const char *name = base_metadata_get_name (node);
  GPtrArray *pods = g_hash_table_lookup (self->pods, name);
  JsonNode *pod;

  if (practice_daemon_pod_may_start (self->sample, node)) {
    self->desired++;
    pod = pick_pod (self, pods);
    if (pod != NULL)
      count_pod (self, pod);
    else if (pods == NULL)
      create_pod (self, name);
    return;
  }
  for (guint i = 0; pods != NULL && i < pods->len; i++) {
    self->misplaced += !practice_object_is_deleted (pods->pdata[i]);
    if (!practice_daemon_pod_may_stay (self->sample, node))
      remove_pod (self, pods->pdata[i]);
  }
}

/* How many nodes may be without a ready pod. */
static guint
get_max_unavailable (Daemons *self)
{
  const char *text = base_json_get_string (self->set, "spec", "updateStrategy", "rollingUpdate",
                                           "maxUnavailable", NULL);
  gint64 number = base_json_get_int (self->set, 1, "spec", "updateStrategy", "rollingUpdate",
                                     "maxUnavailable", NULL);

  if (text != NULL)
    return (guint)CLAMP (ceil (self->desired * g_ascii_strtod (text, NULL) / 100), 0, G_MAXINT);
  return (guint)CLAMP (number, 0, G_MAXINT);
}

/* Deletes pods of old templates, first those that are of no use anyway. */
static void
roll_out (Daemons *self)
{
  guint most = get_max_unavailable (self);
  guint missing = self->desired - MIN (self->desired, self->ready);

  for (int only_unready = 1; only_unready >= 0; only_unready--) {
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, self->pods);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
      GPtrArray *pods = value;

      for (guint i = 0; i < pods->len; i++) {
        gboolean is_ready = base_condition_is_true (pods->pdata[i], "Ready");

        if (practice_object_is_deleted (pods->pdata[i]) || is_updated (self, pods->pdata[i]) ||
            is_ready == only_unready || (is_ready && missing >= most))
          continue;
        missing += is_ready;
        remove_pod (self, pods->pdata[i]);
      }
    }
  }
}

static void
write_status (Daemons *self)
{
  g_autoptr (JsonNode) next = base_json_copy (self->set);
  JsonObject *status = practice_object_ensure (next, "status", NULL);

  json_object_set_int_member (status, "currentNumberScheduled", self->current);
  json_object_set_int_member (status, "numberMisscheduled", self->misplaced);
  json_object_set_int_member (status, "desiredNumberScheduled", self->desired);
  json_object_set_int_member (status, "numberReady", self->ready);
  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (self->set, 1, "metadata", "generation", NULL));
  practice_object_set_count (status, "updatedNumberScheduled", self->updated);
  practice_object_set_count (status, "numberAvailable", self->ready);
  practice_object_set_count (status, "numberUnavailable",
                             self->desired - MIN (self->desired, self->ready));
  practice_store_update (self->store, DAEMON_SETS, g_steal_pointer (&next), NULL, NULL);
}

static void
forget_revisions (Daemons *self)
{
  g_autoptr (GHashTable) used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_add (used,
                    g_strdup_printf ("%s-%s", base_metadata_get_name (self->set), self->hash));
  g_hash_table_iter_init (&iter, self->pods);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    GPtrArray *pods = value;

    for (guint i = 0; i < pods->len; i++)
      g_hash_table_add (used, g_strdup_printf ("%s-%s", base_metadata_get_name (self->set),
                                               base_metadata_get_label (
                                                 pods->pdata[i], PRACTICE_DAEMON_HASH_LABEL)));
  }
  practice_revisions_trim (self->store, self->set, used);
}

static void
practice_daemon_set_controller_reconcile (PracticeController *controller,
                                          const char *namespace_,
                                          const char *name,
                                          JsonNode *set)
{
  PracticeStore *store = practice_controller_get_store (controller);
  const char *strategy = base_json_get_string (set, "spec", "updateStrategy", "type", NULL);
  g_auto (Daemons) daemons = { 0 };
  g_autoptr (GPtrArray) nodes = NULL;

  if (set == NULL || practice_object_is_deleted (set))
    return;

  daemons_init (&daemons, store, set);
  if (daemons.hash == NULL)
    return;
  nodes = practice_store_list (store, NODES, NULL);
  for (guint i = 0; i < nodes->len; i++)
    manage_node (&daemons, nodes->pdata[i]);
  if (g_strcmp0 (strategy, "OnDelete") != 0)
    roll_out (&daemons);
  write_status (&daemons);
  forget_revisions (&daemons);
  if (daemons.refused)
    practice_controller_enqueue_after (controller, namespace_, name, RETRY_MS);
}

/* Whether a node has become one that other pods may or must be on. */
static gboolean
is_other_node (JsonNode *node, JsonNode *old)
{
  return old == NULL ||
         !base_json_equal (base_json_get (node, "spec", NULL), base_json_get (old, "spec", NULL)) ||
         !base_json_equal (base_json_get (node, "metadata", "labels", NULL),
                           base_json_get (old, "metadata", "labels", NULL));
}

static void
practice_daemon_set_controller_related (PracticeController *controller,
                                        PracticeEventType type,
                                        const char *resource,
                                        JsonNode *object,
                                        JsonNode *old)
{
  if (g_str_equal (resource, PODS))
    practice_owned_pods_enqueue_owner (controller, object, "DaemonSet");
  else if (is_other_node (object, old))
    practice_controller_enqueue_all (controller, NULL);
}

static void
practice_daemon_set_controller_class_init (PracticeDaemonSetControllerClass *klass)
{
  static const char *const also[] = { PODS, NODES, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = DAEMON_SETS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_daemon_set_controller_reconcile;
  controller_class->related = practice_daemon_set_controller_related;
}

static void
practice_daemon_set_controller_init (PracticeDaemonSetController *self)
{
}

/**
 * practice_daemon_set_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_daemon_set_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_DAEMON_SET_CONTROLLER, "store", store, NULL);
}
