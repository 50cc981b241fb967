/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-disruption-controller.h"

#include <math.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-owned-pods.h"
#include "practice-selector.h"

#define BUDGETS "policy/poddisruptionbudgets"
#define PODS "/pods"
#define COMPONENT "controllermanager"

/**
 * PracticeDisruptionController:
 *
 * Compares the pods that a PodDisruptionBudget selects with those that there should be
 * (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/).
 */
struct _PracticeDisruptionController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeDisruptionController,
                     practice_disruption_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* What can be asked how many pods it wants. */
static const struct {
  const char *kind;
  const char *resource;
} scaled[] = {
  { "ReplicaSet", "apps/replicasets" },
  { "Deployment", "apps/deployments" },
  { "StatefulSet", "apps/statefulsets" },
  { "ReplicationController", "/replicationcontrollers" },
};

/* (nullable) (transfer none): what controls @object. */
static JsonNode *
find_controller (PracticeStore *store, JsonNode *object)
{
  const char *namespace_ = base_metadata_get_namespace (object);
  JsonArray *owners = base_json_get_array (object, "metadata", "ownerReferences", NULL);

  for (guint i = 0; i < base_json_get_length (owners); i++) {
    JsonNode *owner = json_array_get_element (owners, i);
    const char *kind = base_json_get_string (owner, "kind", NULL);

    for (guint j = 0; j < G_N_ELEMENTS (scaled); j++)
      if (g_strcmp0 (scaled[j].kind, kind) == 0 &&
          base_json_get_boolean (owner, FALSE, "controller", NULL))
        return practice_store_get (store, scaled[j].resource, namespace_,
                                   base_json_get_string (owner, "name", NULL));
  }

  return NULL;
}

/* The last of those that control each other, as a Deployment. */
static JsonNode *
find_root (PracticeStore *store, JsonNode *pod)
{
  JsonNode *root = find_controller (store, pod);
  JsonNode *next = root != NULL ? find_controller (store, root) : NULL;

  return next != NULL ? next : root;
}

/* How many pods there should be, by those who made them; -1: a pod has nobody who could tell. */
static gint64
count_wanted (PracticeStore *store, JsonNode *budget, GPtrArray *pods)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 wanted = 0;

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *root = find_root (store, pods->pdata[i]);

    if (root == NULL) {
      practice_event_recorder_record (store, budget, COMPONENT, "NoControllers",
                                      "found no controllers for pod \"%s\"",
                                      base_metadata_get_name (pods->pdata[i]));
      return -1;
    }
    if (g_hash_table_add (seen, (gpointer)base_metadata_get_uid (root)))
      wanted += base_json_get_int (root, 1, "spec", "replicas", NULL);
  }

  return wanted;
}

/* A number, or a part of @whole. */
static gint64
resolve (JsonNode *budget, const char *member, gint64 whole)
{
  const char *text = base_json_get_string (budget, "spec", member, NULL);

  if (text == NULL)
    return base_json_get_int (budget, 0, "spec", member, NULL);
  return (gint64)ceil ((double)whole * CLAMP (g_ascii_strtod (text, NULL), 0, 100) / 100);
}

/* FALSE: it cannot be said. */
static gboolean
count_expected (
  PracticeStore *store, JsonNode *budget, GPtrArray *pods, gint64 *expected, gint64 *desired)
{
  gboolean by_missing = base_json_get (budget, "spec", "maxUnavailable", NULL) != NULL;

  if (!by_missing && base_json_get_string (budget, "spec", "minAvailable", NULL) == NULL) {
    *expected = pods->len;
    *desired = base_json_get_int (budget, 0, "spec", "minAvailable", NULL);
    return TRUE;
  }
  *expected = count_wanted (store, budget, pods);
  if (by_missing)
    *desired = MAX (*expected - resolve (budget, "maxUnavailable", *expected), 0);
  else
    *desired = resolve (budget, "minAvailable", *expected);

  return *expected >= 0;
}

static GPtrArray *
list_pods (PracticeStore *store, JsonNode *budget)
{
  g_autoptr (PracticeSelector) selector =
    practice_selector_new_from_object (base_json_get (budget, "spec", "selector", NULL));
  g_autoptr (GPtrArray) all =
    practice_store_list (store, PODS, base_metadata_get_namespace (budget));
  GPtrArray *pods = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    const char *phase = base_json_get_string (all->pdata[i], "status", "phase", NULL);

    if (selector != NULL && practice_selector_matches_labels (selector, all->pdata[i]) &&
        g_strcmp0 (phase, "Succeeded") != 0 && g_strcmp0 (phase, "Failed") != 0)
      g_ptr_array_add (pods, json_node_ref (all->pdata[i]));
  }

  return pods;
}

static guint
count_healthy (GPtrArray *pods)
{
  guint healthy = 0;

  for (guint i = 0; i < pods->len; i++)
    healthy += !practice_owned_pods_is_going (pods->pdata[i]) &&
               base_condition_is_true (pods->pdata[i], "Ready");

  return healthy;
}

static void
practice_disruption_controller_reconcile (PracticeController *controller,
                                          const char *namespace_,
                                          const char *name,
                                          JsonNode *budget)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (GPtrArray) pods = NULL;
  g_autoptr (JsonNode) next = NULL;
  gint64 expected = 0, desired = 0, healthy, allowed;
  gboolean is_known;
  JsonObject *status;

  if (budget == NULL)
    return;

  pods = list_pods (store, budget);
  is_known = count_expected (store, budget, pods, &expected, &desired);
  healthy = count_healthy (pods);
  allowed = is_known && expected > 0 ? MAX (healthy - desired, 0) : 0;
  next = base_json_copy (budget);
  status = practice_object_ensure (next, "status", NULL);
  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (budget, 1, "metadata", "generation", NULL));
  json_object_set_int_member (status, "disruptionsAllowed", allowed);
  json_object_set_int_member (status, "currentHealthy", healthy);
  json_object_set_int_member (status, "desiredHealthy", MAX (desired, 0));
  json_object_set_int_member (status, "expectedPods", MAX (expected, 0));
  practice_store_update (store, BUDGETS, g_steal_pointer (&next), NULL, NULL);
}

/* A budget may be for any pod of its namespace. */
static void
practice_disruption_controller_related (PracticeController *controller,
                                        PracticeEventType type,
                                        const char *resource,
                                        JsonNode *object,
                                        JsonNode *old)
{
  practice_controller_enqueue_all (controller, base_metadata_get_namespace (object));
}

static void
practice_disruption_controller_class_init (PracticeDisruptionControllerClass *klass)
{
  static const char *const also[] = {
    PODS, "apps/deployments", "apps/replicasets", "apps/statefulsets", "/replicationcontrollers",
    NULL
  };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = BUDGETS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_disruption_controller_reconcile;
  controller_class->related = practice_disruption_controller_related;
}

static void
practice_disruption_controller_init (PracticeDisruptionController *self)
{
}

/**
 * practice_disruption_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_disruption_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_DISRUPTION_CONTROLLER, "store", store, NULL);
}
