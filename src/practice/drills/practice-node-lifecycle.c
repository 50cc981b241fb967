/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-node-lifecycle.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-event-recorder.h"
#include "practice-node-lease.h"
#include "practice-object.h"

#define NODES "/nodes"
#define PODS "/pods"
#define COMPONENT "node-controller"

#define TAINT "node.kubernetes.io/unreachable"
#define CORDON "node.kubernetes.io/unschedulable"
#define SILENT_REASON "NodeStatusUnknown"
#define SILENT_MESSAGE "Kubelet stopped posting node status."

/* How long a pod stays bound to a node that is not heard of, unless it says otherwise
 * (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions).
 */
#define TOLERATION_SECONDS 300
#define FOR_EVER (-1)

/* Five minutes of a real cluster take twenty seconds here: long enough to be seen. */
#define HASTE 15

/**
 * PracticeNodeLifecycle:
 *
 * A node whose kubelet has fallen silent gets taints, so that nothing new is put there; its pods
 * are not ready, and after a while are deleted, which stays undone until the kubelet is back
 * (https://kubernetes.io/docs/concepts/architecture/nodes/#condition).
 */
struct _PracticeNodeLifecycle {
  PracticeController parent_instance;

  GHashTable *lost; /* names of nodes, to the monotonic time since when */
};

G_DEFINE_FINAL_TYPE (PracticeNodeLifecycle, practice_node_lifecycle, PRACTICE_TYPE_CONTROLLER)

/* What a kubelet says of a node that is well. */
static const struct {
  const char *type;
  const char *status;
  const char *reason;
  const char *message;
} healthy[] = {
  { "MemoryPressure", "False", "KubeletHasSufficientMemory",
    "kubelet has sufficient memory available" },
  { "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure" },
  { "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available" },
  { "Ready", "True", "KubeletReady", "kubelet is posting ready status" },
};

/* Of a node that has that condition. */
static void
set_condition (
  JsonNode *node, const char *type, const char *status, const char *reason, const char *message)
{
  JsonNode *condition = base_condition_find (node, type);
  g_autofree char *now = practice_age_dup_now ();
  JsonObject *members;

  if (condition == NULL)
    return;
  members = json_node_get_object (condition);
  json_object_set_string_member (members, "status", status);
  json_object_set_string_member (members, "reason", reason);
  json_object_set_string_member (members, "message", message);
  json_object_set_string_member (members, "lastTransitionTime", now);
}

static gboolean
is_tainted (JsonNode *node, const char *key)
{
  JsonArray *taints = base_json_get_array (node, "spec", "taints", NULL);
  guint n_taints = base_json_get_length (taints);

  for (guint i = 0; i < n_taints; i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (taints, i), "key", NULL), key) ==
        0)
      return TRUE;

  return FALSE;
}

static void
add_taint (JsonArray *taints, const char *key, const char *effect)
{
  JsonObject *taint = json_object_new ();
  g_autofree char *now = practice_age_dup_now ();

  json_object_set_string_member (taint, "key", key);
  json_object_set_string_member (taint, "effect", effect);
  json_object_set_string_member (taint, "timeAdded", now);
  json_array_add_object_element (taints, taint);
}

/* @effects: NULL terminated. */
static void
taint (PracticeStore *store, JsonNode *node, const char *key, const char *const *effects)
{
  g_autoptr (JsonNode) next = base_json_copy (node);
  JsonObject *spec = practice_object_ensure (next, "spec", NULL);

  if (base_json_get_array (next, "spec", "taints", NULL) == NULL)
    json_object_set_array_member (spec, "taints", json_array_new ());
  for (guint i = 0; effects[i] != NULL; i++)
    add_taint (json_object_get_array_member (spec, "taints"), key, effects[i]);
  practice_store_update (store, NODES, g_steal_pointer (&next), NULL, NULL);
}

static void
untaint (PracticeStore *store, JsonNode *node, const char *key)
{
  g_autoptr (JsonNode) next = base_json_copy (node);
  JsonArray *taints = base_json_get_array (next, "spec", "taints", NULL);

  for (guint i = json_array_get_length (taints); i > 0; i--)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (taints, i - 1), "key", NULL),
                   key) == 0)
      json_array_remove_element (taints, i - 1);
  if (json_array_get_length (taints) == 0)
    json_object_remove_member (base_json_get_object (next, "spec", NULL), "taints");
  practice_store_update (store, NODES, g_steal_pointer (&next), NULL, NULL);
}

/* What "kubectl cordon" switches off has a taint that says so. TRUE: @node was changed. */
static gboolean
follow_cordon (PracticeStore *store, JsonNode *node)
{
  static const char *const effects[] = { "NoSchedule", NULL };
  gboolean is_off = base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL);

  if (is_off == is_tainted (node, CORDON))
    return FALSE;
  if (is_off)
    taint (store, node, CORDON, effects);
  else
    untaint (store, node, CORDON);

  return TRUE;
}

/* Those of daemon sets stay for ever. */
static gint64
get_toleration_seconds (JsonNode *pod)
{
  JsonArray *tolerations = base_json_get_array (pod, "spec", "tolerations", NULL);
  guint n_tolerations = base_json_get_length (tolerations);

  for (guint i = 0; i < n_tolerations; i++) {
    JsonNode *toleration = json_array_get_element (tolerations, i);
    const char *key = base_json_get_string (toleration, "key", NULL);
    const char *effect = base_json_get_string (toleration, "effect", NULL);

    if ((key == NULL || g_str_equal (key, TAINT)) &&
        (effect == NULL || g_str_equal (effect, "NoExecute")) &&
        g_strcmp0 (base_json_get_string (toleration, "operator", NULL), "Exists") == 0)
      return CLAMP (base_json_get_int (toleration, FOR_EVER, "tolerationSeconds", NULL), FOR_EVER,
                    G_MAXINT32);
  }

  return TOLERATION_SECONDS;
}

static void
mark_not_ready (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (JsonNode) next = NULL;

  if (!base_condition_is_true (pod, "Ready"))
    return;
  next = base_json_copy (pod);
  practice_object_set_condition (next, "Ready", FALSE, NULL, NULL);
  practice_store_update (store, PODS, g_steal_pointer (&next), NULL, NULL);
  practice_event_recorder_record (store, pod, COMPONENT, "NodeNotReady", "Node is not ready");
}

static void
evict (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (JsonNode) next = NULL;
  JsonObject *metadata;
  g_autofree char *now = practice_age_dup_now ();

  next = base_json_copy (pod);
  metadata = practice_object_ensure (next, "metadata", NULL);
  json_object_set_string_member (metadata, "deletionTimestamp", now);
  json_object_set_int_member (
    metadata, "deletionGracePeriodSeconds",
    base_json_get_int (pod, 30, "spec", "terminationGracePeriodSeconds", NULL));
  practice_store_update (store, PODS, g_steal_pointer (&next), NULL, NULL);
  practice_event_recorder_record (store, pod, "taint-eviction-controller", "TaintManagerEviction",
                                  "Marking for deletion Pod %s/%s",
                                  base_metadata_get_namespace (pod), base_metadata_get_name (pod));
}

static void
for_each_pod (PracticeStore *store,
              const char *node,
              void (*function) (PracticeStore *store, JsonNode *pod))
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);

  for (guint i = 0; i < pods->len; i++)
    if (g_strcmp0 (base_json_get_string (pods->pdata[i], "spec", "nodeName", NULL), node) == 0)
      function (store, pods->pdata[i]);
}

/* Evicts those whose time is up; returns in how many milliseconds the next one's is, 0: there is
 * none. */
static guint
evict_some (PracticeStore *store, const char *node, gint64 elapsed)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);
  gint64 next = 0;

  for (guint i = 0; i < pods->len; i++) {
    gint64 seconds = get_toleration_seconds (pods->pdata[i]);
    gint64 left = seconds * 1000 / HASTE - elapsed;

    if (g_strcmp0 (base_json_get_string (pods->pdata[i], "spec", "nodeName", NULL), node) != 0 ||
        base_json_get_string (pods->pdata[i], "metadata", "deletionTimestamp", NULL) != NULL ||
        seconds == FOR_EVER)
      continue;
    if (left <= 0)
      evict (store, pods->pdata[i]);
    else
      next = next == 0 ? left : MIN (next, left);
  }

  return (guint)MIN (next, G_MAXINT32);
}

static void
give_up (PracticeNodeLifecycle *self, const char *name, JsonNode *node)
{
  static const char *const effects[] = { "NoSchedule", "NoExecute", NULL };
  PracticeController *controller = PRACTICE_CONTROLLER (self);
  PracticeStore *store = practice_controller_get_store (controller);
  gint64 now = g_get_monotonic_time ();
  gint64 *since = g_hash_table_lookup (self->lost, name);
  guint left;

  if (since == NULL) {
    since = g_new (gint64, 1);
    *since = now;
    g_hash_table_insert (self->lost, g_strdup (name), since);
    practice_event_recorder_record (store, node, COMPONENT, "NodeNotReady",
                                    "Node %s status is now: NodeNotReady", name);
    for_each_pod (store, name, mark_not_ready);
  }
  if (!is_tainted (node, TAINT))
    taint (store, node, TAINT, effects);
  left = evict_some (store, name, (now - *since) / G_TIME_SPAN_MILLISECOND);
  if (left > 0)
    practice_controller_enqueue_after (controller, NULL, name, left);
}

static void
practice_node_lifecycle_reconcile (PracticeController *controller,
                                   const char *namespace_,
                                   const char *name,
                                   JsonNode *stored)
{
  PracticeNodeLifecycle *self = PRACTICE_NODE_LIFECYCLE (controller);
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) node = stored != NULL ? json_node_ref (stored) : NULL;

  if (node != NULL)
    practice_node_lease_ensure (store, node);
  /* The change brings the node here again. */
  if (node != NULL && follow_cordon (store, node))
    return;
  if (node != NULL && practice_node_lifecycle_is_lost (node)) {
    give_up (self, name, node);
    return;
  }
  g_hash_table_remove (self->lost, name);
  if (node != NULL && is_tainted (node, TAINT))
    untaint (store, node, TAINT);
}

static void
practice_node_lifecycle_finalize (GObject *object)
{
  PracticeNodeLifecycle *self = PRACTICE_NODE_LIFECYCLE (object);

  g_hash_table_unref (self->lost);

  G_OBJECT_CLASS (practice_node_lifecycle_parent_class)->finalize (object);
}

static void
practice_node_lifecycle_class_init (PracticeNodeLifecycleClass *klass)
{
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_node_lifecycle_finalize;
  controller_class->resource = NODES;
  controller_class->reconcile = practice_node_lifecycle_reconcile;
}

static void
practice_node_lifecycle_init (PracticeNodeLifecycle *self)
{
  self->lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * practice_node_lifecycle_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_node_lifecycle_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_NODE_LIFECYCLE, "store", store, NULL);
}

/**
 * practice_node_lifecycle_lose:
 * @store: the cluster's objects
 * @node: name of a node
 *
 * The node's kubelet falls silent.
 */
void
practice_node_lifecycle_lose (PracticeStore *store, const char *node)
{
  JsonNode *present;
  g_autoptr (JsonNode) next = NULL;

  g_return_if_fail (PRACTICE_IS_STORE (store));
  g_return_if_fail (node != NULL);

  present = practice_store_get (store, NODES, NULL, node);
  if (present == NULL)
    return;
  next = base_json_copy (present);
  for (guint i = 0; i < G_N_ELEMENTS (healthy); i++)
    set_condition (next, healthy[i].type, "Unknown", SILENT_REASON, SILENT_MESSAGE);
  practice_store_update (store, NODES, g_steal_pointer (&next), NULL, NULL);
  practice_node_lease_stop (store, node);
}

/**
 * practice_node_lifecycle_find:
 * @store: the cluster's objects
 * @node: name of a node
 *
 * The kubelet of a node that was lost is heard of again.
 */
void
practice_node_lifecycle_find (PracticeStore *store, const char *node)
{
  JsonNode *present;
  g_autoptr (JsonNode) next = NULL;

  g_return_if_fail (PRACTICE_IS_STORE (store));
  g_return_if_fail (node != NULL);

  present = practice_store_get (store, NODES, NULL, node);
  if (present == NULL || !practice_node_lifecycle_is_lost (present))
    return;
  next = base_json_copy (present);
  for (guint i = 0; i < G_N_ELEMENTS (healthy); i++)
    set_condition (next, healthy[i].type, healthy[i].status, healthy[i].reason, healthy[i].message);
  practice_store_update (store, NODES, g_steal_pointer (&next), NULL, NULL);
  practice_node_lease_resume (store, node);
}

/**
 * practice_node_lifecycle_is_lost:
 * @node: (nullable): a Node
 *
 * Returns: whether its kubelet is silent
 */
gboolean
practice_node_lifecycle_is_lost (JsonNode *node)
{
  JsonNode *ready = base_condition_find (node, "Ready");

  return g_strcmp0 (base_json_get_string (ready, "reason", NULL), SILENT_REASON) == 0;
}
