/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-replica-set-controller.h"

#include "base-json.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-pod-template.h"

#define REPLICA_SETS "apps/replicasets"
#define PODS "/pods"
#define COMPONENT "replicaset-controller"

/* A typing error such as --replicas=100000 must not fill the memory. */
#define MAX_PODS 1000

/**
 * PracticeReplicaSetController:
 *
 * Makes and deletes pods until a ReplicaSet has as many as it asks for
 * (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/).
 */
struct _PracticeReplicaSetController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeReplicaSetController,
                     practice_replica_set_controller,
                     PRACTICE_TYPE_CONTROLLER)

static gboolean
is_going (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL ||
         g_strcmp0 (phase, "Failed") == 0 || g_strcmp0 (phase, "Succeeded") == 0;
}

static GPtrArray *
list_pods (PracticeStore *store, JsonNode *replica_set)
{
  const char *uid = base_json_get_string (replica_set, "metadata", "uid", NULL);
  g_autoptr (GPtrArray) all = practice_store_list (
    store, PODS, base_json_get_string (replica_set, "metadata", "namespace", NULL));
  GPtrArray *pods = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    JsonNode *pod = g_ptr_array_index (all, i);

    if (!is_going (pod) && g_strcmp0 (practice_object_get_controller_uid (pod), uid) == 0)
      g_ptr_array_add (pods, json_node_ref (pod));
  }

  return pods;
}

/* Those that are not ready go first, then the newest. */
static int
compare_for_deletion (gconstpointer a, gconstpointer b)
{
  JsonNode *first = *(JsonNode *const *)a;
  JsonNode *second = *(JsonNode *const *)b;
  int by_readiness = practice_object_has_condition (first, "Ready") -
                     practice_object_has_condition (second, "Ready");

  if (by_readiness != 0)
    return by_readiness;

  return -g_strcmp0 (base_json_get_string (first, "metadata", "creationTimestamp", NULL),
                     base_json_get_string (second, "metadata", "creationTimestamp", NULL));
}

static void
delete_pod (PracticeStore *store, JsonNode *replica_set, JsonNode *pod)
{
  g_autoptr (JsonNode) going = base_json_copy (pod);
  JsonObject *metadata = practice_object_ensure (going, "metadata", NULL);
  g_autofree char *now = practice_object_dup_now ();

  json_object_set_string_member (metadata, "deletionTimestamp", now);
  json_object_set_int_member (
    metadata, "deletionGracePeriodSeconds",
    base_json_get_int (pod, 30, "spec", "terminationGracePeriodSeconds", NULL));
  practice_store_update (store, PODS, g_steal_pointer (&going), NULL, NULL);
  practice_event_recorder_record (store, replica_set, COMPONENT, "SuccessfulDelete",
                                  "Deleted pod: %s",
                                  base_json_get_string (pod, "metadata", "name", NULL));
}

static void
scale (PracticeStore *store, JsonNode *replica_set, GPtrArray *pods)
{
  gint64 wanted = MIN (base_json_get_int (replica_set, 1, "spec", "replicas", NULL), MAX_PODS);

  while (pods->len < wanted) {
    JsonNode *pod = practice_pod_template_create (store, replica_set);

    if (pod == NULL)
      return;
    g_ptr_array_add (pods, json_node_ref (pod));
    practice_event_recorder_record (
      store, replica_set, COMPONENT, "SuccessfulCreate", "Created pod: %s",
      base_json_get_string (g_ptr_array_index (pods, pods->len - 1), "metadata", "name", NULL));
  }

  if (pods->len > wanted) {
    guint surplus = pods->len - wanted;

    g_ptr_array_sort (pods, compare_for_deletion);
    for (guint i = 0; i < surplus; i++)
      delete_pod (store, replica_set, g_ptr_array_index (pods, i));
    g_ptr_array_remove_range (pods, 0, surplus);
  }
}

static void
set_count (JsonObject *status, const char *name, guint count)
{
  /* As the API's omitempty has it, all but `replicas` are left out at zero. */
  if (count > 0 || g_str_equal (name, "replicas"))
    json_object_set_int_member (status, name, count);
  else
    json_object_remove_member (status, name);
}

static void
write_status (PracticeStore *store, JsonNode *replica_set, GPtrArray *pods)
{
  g_autoptr (JsonNode) next = base_json_copy (replica_set);
  JsonObject *status = practice_object_ensure (next, "status", NULL);
  guint n_ready = 0;

  for (guint i = 0; i < pods->len; i++)
    n_ready += practice_object_has_condition (g_ptr_array_index (pods, i), "Ready");

  set_count (status, "replicas", pods->len);
  set_count (status, "fullyLabeledReplicas", pods->len);
  set_count (status, "readyReplicas", n_ready);
  set_count (status, "availableReplicas", n_ready);
  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (replica_set, 1, "metadata", "generation", NULL));
  practice_store_update (store, REPLICA_SETS, g_steal_pointer (&next), NULL, NULL);
}

static void
practice_replica_set_controller_reconcile (PracticeController *controller,
                                           const char *namespace_,
                                           const char *name,
                                           JsonNode *replica_set)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (GPtrArray) pods = NULL;

  if (replica_set == NULL)
    return;

  pods = list_pods (store, replica_set);
  if (base_json_get_string (replica_set, "metadata", "deletionTimestamp", NULL) == NULL)
    scale (store, replica_set, pods);
  write_status (store, replica_set, pods);
}

static void
practice_replica_set_controller_related (PracticeController *controller,
                                         PracticeEventType type,
                                         const char *resource,
                                         JsonNode *pod,
                                         JsonNode *old)
{
  JsonArray *owners = base_json_get_array (pod, "metadata", "ownerReferences", NULL);
  guint n_owners = owners != NULL ? json_array_get_length (owners) : 0;

  for (guint i = 0; i < n_owners; i++) {
    JsonNode *owner = json_array_get_element (owners, i);

    if (g_strcmp0 (base_json_get_string (owner, "kind", NULL), "ReplicaSet") == 0)
      practice_controller_enqueue (controller,
                                   base_json_get_string (pod, "metadata", "namespace", NULL),
                                   base_json_get_string (owner, "name", NULL));
  }
}

static void
practice_replica_set_controller_class_init (PracticeReplicaSetControllerClass *klass)
{
  static const char *const also[] = { PODS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = REPLICA_SETS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_replica_set_controller_reconcile;
  controller_class->related = practice_replica_set_controller_related;
}

static void
practice_replica_set_controller_init (PracticeReplicaSetController *self)
{
}

/**
 * practice_replica_set_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_replica_set_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_REPLICA_SET_CONTROLLER, "store", store, NULL);
}

/**
 * practice_replica_set_controller_create_pod:
 * @store: the cluster's objects
 * @replica_set: a ReplicaSet that is stored
 *
 * Makes one of its pods.
 *
 * Returns: (transfer none) (nullable): the pod; %NULL where it cannot be stored
 */
JsonNode *
practice_replica_set_controller_create_pod (PracticeStore *store, JsonNode *replica_set)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  return practice_pod_template_create (store, replica_set);
}
