/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-scheduler.h"

#include "base-json.h"
#include "practice-event-recorder.h"
#include "practice-object.h"

#define PODS "/pods"
#define NODES "/nodes"

/**
 * PracticeScheduler:
 *
 * Binds a pod to the node with the fewest pods among those that are ready, fit its node
 * selector and have no taint that it does not tolerate
 * (https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/).
 */
struct _PracticeScheduler {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeScheduler, practice_scheduler, PRACTICE_TYPE_CONTROLLER)

static gboolean
tolerates (JsonNode *pod, JsonNode *taint)
{
  JsonArray *tolerations = base_json_get_array (pod, "spec", "tolerations", NULL);
  guint n_tolerations = tolerations != NULL ? json_array_get_length (tolerations) : 0;
  const char *key = base_json_get_string (taint, "key", NULL);
  const char *value = base_json_get_string (taint, "value", NULL);
  const char *effect = base_json_get_string (taint, "effect", NULL);

  for (guint i = 0; i < n_tolerations; i++) {
    JsonNode *toleration = json_array_get_element (tolerations, i);
    const char *wanted_key = base_json_get_string (toleration, "key", NULL);
    const char *wanted_effect = base_json_get_string (toleration, "effect", NULL);
    const char *wanted_value = base_json_get_string (toleration, "value", NULL);
    gboolean exists =
      g_strcmp0 (base_json_get_string (toleration, "operator", NULL), "Exists") == 0;

    if (wanted_effect != NULL && g_strcmp0 (wanted_effect, effect) != 0)
      continue;
    if (wanted_key == NULL ? exists : g_strcmp0 (wanted_key, key) == 0) {
      if (exists ||
          g_strcmp0 (wanted_value != NULL ? wanted_value : "", value != NULL ? value : "") == 0)
        return TRUE;
    }
  }

  return FALSE;
}

static gboolean
fits (JsonNode *node, JsonNode *pod)
{
  JsonArray *taints = base_json_get_array (node, "spec", "taints", NULL);
  guint n_taints = taints != NULL ? json_array_get_length (taints) : 0;
  JsonObject *selector = base_json_get_object (pod, "spec", "nodeSelector", NULL);

  if (base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL) ||
      !practice_object_has_condition (node, "Ready"))
    return FALSE;

  if (selector != NULL && json_object_get_size (selector) > 0 &&
      !practice_object_matches_labels (node, selector))
    return FALSE;

  for (guint i = 0; i < n_taints; i++) {
    JsonNode *taint = json_array_get_element (taints, i);

    if (g_strcmp0 (base_json_get_string (taint, "effect", NULL), "PreferNoSchedule") != 0 &&
        !tolerates (pod, taint))
      return FALSE;
  }

  return TRUE;
}

/* How many pods each node has, by its name. */
static GHashTable *
count_pods (PracticeStore *store)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < pods->len; i++) {
    const char *node = base_json_get_string (g_ptr_array_index (pods, i), "spec", "nodeName", NULL);
    guint count = node != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (counts, node)) : 0;

    if (node != NULL)
      g_hash_table_insert (counts, g_strdup (node), GUINT_TO_POINTER (count + 1));
  }

  return counts;
}

static const char *
pick_node (PracticeStore *store, GPtrArray *nodes, JsonNode *pod)
{
  g_autoptr (GHashTable) counts = NULL;
  const char *best = NULL;
  guint best_count = G_MAXUINT;

  for (guint i = 0; i < nodes->len; i++) {
    JsonNode *node = g_ptr_array_index (nodes, i);
    const char *name = base_json_get_string (node, "metadata", "name", NULL);
    guint count;

    if (!fits (node, pod))
      continue;
    /* Not for a pod that fits nowhere: there may be many, each looked at often. */
    if (counts == NULL)
      counts = count_pods (store);
    count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));
    if (count < best_count) {
      best = name;
      best_count = count;
    }
  }

  return best;
}

static void
practice_scheduler_reconcile (PracticeController *controller,
                              const char *namespace_,
                              const char *name,
                              JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (GPtrArray) nodes = NULL;
  g_autoptr (JsonNode) bound = NULL;
  const char *node;
  JsonNode *stored;

  if (pod == NULL || base_json_get_string (pod, "spec", "nodeName", NULL) != NULL ||
      base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    return;

  nodes = practice_store_list (store, NODES, NULL);
  node = pick_node (store, nodes, pod);
  bound = base_json_copy (pod);

  if (node == NULL) {
    g_autofree char *message =
      g_strdup_printf ("0/%u nodes are available: %u node(s) didn't match the pod's node "
                       "selector, or had taints that the pod didn't tolerate.",
                       nodes->len, nodes->len);

    if (base_json_get_array (pod, "status", "conditions", NULL) == NULL)
      practice_event_recorder_record (store, pod, "default-scheduler", "FailedScheduling", "%s",
                                      message);
    practice_object_set_condition (bound, "PodScheduled", FALSE, "Unschedulable", message);
    practice_store_update (store, PODS, g_steal_pointer (&bound), NULL, NULL);
    return;
  }

  json_object_set_string_member (practice_object_ensure (bound, "spec", NULL), "nodeName", node);
  practice_object_set_condition (bound, "PodScheduled", TRUE, NULL, NULL);
  stored = practice_store_update (store, PODS, g_steal_pointer (&bound), NULL, NULL);
  if (stored != NULL)
    practice_event_recorder_record (store, stored, "default-scheduler", "Scheduled",
                                    "Successfully assigned %s/%s to %s", namespace_, name, node);
}

/* A node that came back or lost a taint may take what waits. */
static void
practice_scheduler_related (PracticeController *controller,
                            PracticeEventType type,
                            const char *resource,
                            JsonNode *object,
                            JsonNode *old)
{
  if (old == NULL ||
      !base_json_equal (base_json_get (object, "spec", NULL), base_json_get (old, "spec", NULL)) ||
      practice_object_has_condition (object, "Ready") !=
        practice_object_has_condition (old, "Ready"))
    practice_controller_enqueue_all (controller, NULL);
}

static void
practice_scheduler_class_init (PracticeSchedulerClass *klass)
{
  static const char *const also[] = { NODES, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = PODS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_scheduler_reconcile;
  controller_class->related = practice_scheduler_related;
}

static void
practice_scheduler_init (PracticeScheduler *self)
{
}

/**
 * practice_scheduler_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): a scheduler, not yet started
 */
PracticeController *
practice_scheduler_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_SCHEDULER, "store", store, NULL);
}
