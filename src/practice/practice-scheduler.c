/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-scheduler.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-node-fit.h"
#include "practice-node-usage.h"
#include "practice-object.h"
#include "practice-quantity.h"
#include "practice-storage-class.h"
#include "practice-validation.h"
#include "practice-volume-fit.h"

#define PODS "/pods"
#define NODES "/nodes"
#define NAME "default-scheduler"

/**
 * PracticeScheduler:
 *
 * Binds a pod to the node with the fewest pods among those that take it: that are switched on, have
 * enough of what it asks for, are what it selects, have no taint that it does not tolerate, and can
 * have its volumes. In this order, which is that of Kubernetes 1.15, it says what speaks against
 * each node (https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/). Claims that
 * wait for their first pod are bound before the pod is.
 */
struct _PracticeScheduler {
  PracticeController parent_instance;

  PracticeNodeUsage *usage; /* (nullable): made when first needed */
  GHashTable *waiting;      /* (element-type utf8): "namespace/name" of pods that fit nowhere */
};

G_DEFINE_FINAL_TYPE (PracticeScheduler, practice_scheduler, PRACTICE_TYPE_CONTROLLER)

static PracticeNodeUsage *
ensure_usage (PracticeScheduler *self)
{
  g_autoptr (GPtrArray) pods = NULL;

  if (self->usage != NULL)
    return self->usage;
  self->usage = practice_node_usage_new ();
  pods =
    practice_store_list (practice_controller_get_store (PRACTICE_CONTROLLER (self)), PODS, NULL);
  for (guint i = 0; i < pods->len; i++)
    practice_node_usage_update (self->usage, pods->pdata[i]);

  return self->usage;
}

/* A pod that looks for its node. */
typedef struct {
  JsonNode *pod;          /* (unowned) */
  PracticeVolumeFit *fit; /* (unowned): its volumes */
  GHashTable *requests;   /* (unowned) */
  GHashTable *counts;     /* (unowned) (element-type utf8 guint): what speaks against nodes */
  guint n_unbound;        /* nodes that nothing speaks against but an unbound claim */
} Search;

/* (transfer full) (element-type utf8): what speaks against @node; empty: nothing. */
static GPtrArray *
dup_reasons (PracticeScheduler *self, JsonNode *node, const Search *search)
{
  static const char *const effects[] = { "NoSchedule", "NoExecute", NULL };
  GPtrArray *reasons = g_ptr_array_new_with_free_func (g_free);
  const char *of_volumes;

  if (practice_node_fit_is_unschedulable (node, search->pod)) {
    g_ptr_array_add (reasons, g_strdup ("node(s) were unschedulable"));
    return reasons;
  }
  practice_node_usage_add_reasons (self->usage, node, search->requests, reasons);
  if (!practice_node_fit_matches_selector (node, search->pod))
    g_ptr_array_add (reasons, g_strdup ("node(s) didn't match node selector"));
  if (reasons->len > 0)
    return reasons;
  if (!base_condition_is_true (node, "Ready"))
    g_ptr_array_add (reasons, g_strdup ("node(s) were not ready"));
  else if (practice_node_fit_find_taint (node, search->pod, effects) != NULL)
    g_ptr_array_add (reasons, g_strdup ("node(s) had taints that the pod didn't tolerate"));
  if (reasons->len > 0)
    return reasons;
  of_volumes = practice_volume_fit_find_reason (search->fit, node);
  if (of_volumes != NULL)
    g_ptr_array_add (reasons, g_strdup (of_volumes));

  return reasons;
}

static void
count_reasons (GHashTable *counts, GPtrArray *reasons)
{
  for (guint i = 0; i < reasons->len; i++) {
    guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, reasons->pdata[i]));

    g_hash_table_insert (counts, g_strdup (reasons->pdata[i]), GUINT_TO_POINTER (count + 1));
  }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* "0/8 nodes are available: 3 node(s) had taints ..., 5 Insufficient cpu." */
static char *
dup_message (guint n_nodes, GHashTable *counts)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  GHashTableIter iter;
  gpointer reason, count;

  if (n_nodes == 0)
    return g_strdup ("no nodes available to schedule pods");
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &reason, &count))
    g_ptr_array_add (texts, g_strdup_printf ("%u %s", GPOINTER_TO_UINT (count), (char *)reason));
  g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);
  joined = g_strjoinv (", ", (char **)texts->pdata);

  return g_strdup_printf ("0/%u nodes are available: %s.", n_nodes, joined);
}

/* As Kubernetes 1.15 joins the errors of all nodes. */
static char *
dup_unbound_message (guint n_nodes)
{
  return n_nodes == 1 ? g_strdup ("pod has unbound immediate PersistentVolumeClaims")
                      : g_strdup_printf ("pod has unbound immediate PersistentVolumeClaims "
                                         "(repeated %u times)",
                                         n_nodes);
}

/* (nullable): the best node that nothing speaks against. */
static JsonNode *
search_nodes (PracticeScheduler *self, GPtrArray *nodes, Search *search)
{
  JsonNode *best = NULL;
  guint best_count = G_MAXUINT;

  for (guint i = 0; i < nodes->len; i++) {
    JsonNode *node = g_ptr_array_index (nodes, i);
    g_autoptr (GPtrArray) reasons = dup_reasons (self, node, search);
    guint count;

    count_reasons (search->counts, reasons);
    if (reasons->len > 0)
      continue;
    if (practice_volume_fit_is_unbound (search->fit)) {
      search->n_unbound++;
      continue;
    }
    count = practice_node_usage_count_pods (self->usage, base_metadata_get_name (node));
    if (count < best_count) {
      best = node;
      best_count = count;
    }
  }

  return best;
}

/* (nullable): the node that is best for @pod. @message (out): why none is. */
static JsonNode *
pick_node (
  PracticeScheduler *self, GPtrArray *nodes, JsonNode *pod, PracticeVolumeFit *fit, char **message)
{
  g_autoptr (GHashTable) requests = practice_quantity_sum_pod (pod, "requests");
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Search search = { pod, fit, requests, counts, 0 };
  JsonNode *best = search_nodes (self, nodes, &search);

  if (search.n_unbound > 0)
    *message = dup_unbound_message (search.n_unbound);
  else if (best == NULL)
    *message = dup_message (nodes->len, counts);

  return best;
}

static void
remember (PracticeScheduler *self, JsonNode *pod)
{
  g_hash_table_add (self->waiting, g_strdup_printf ("%s/%s", base_metadata_get_namespace (pod),
                                                    base_metadata_get_name (pod)));
}

static void
leave (PracticeScheduler *self, PracticeStore *store, JsonNode *pod, const char *message)
{
  JsonNode *condition = base_condition_find (pod, "PodScheduled");
  g_autoptr (JsonNode) next = base_json_copy (pod);

  remember (self, pod);
  if (g_strcmp0 (base_json_get_string (condition, "message", NULL), message) != 0)
    practice_event_recorder_record (store, pod, NAME, "FailedScheduling", "%s", message);
  practice_object_set_condition (next, "PodScheduled", FALSE, "Unschedulable", message);
  practice_store_update (store, PODS, g_steal_pointer (&next), NULL, NULL);
}

static void
bind (PracticeScheduler *self, PracticeStore *store, JsonNode *pod, const char *node)
{
  g_autoptr (JsonNode) next = base_json_copy (pod);
  g_autoptr (JsonNode) bound = NULL;
  JsonNode *stored;

  json_object_set_string_member (practice_object_ensure (next, "spec", NULL), "nodeName", node);
  practice_object_set_condition (next, "PodScheduled", TRUE, NULL, NULL);
  stored = practice_store_update (store, PODS, g_steal_pointer (&next), NULL, NULL);
  if (stored == NULL)
    return;
  bound = json_node_ref (stored);
  practice_node_usage_update (self->usage, bound);
  practice_event_recorder_record (
    store, bound, NAME, "Scheduled", "Successfully assigned %s/%s to %s",
    base_metadata_get_namespace (bound), base_metadata_get_name (bound), node);
}

static void
retry_waiting (PracticeScheduler *self)
{
  g_autoptr (GHashTable) waiting = g_steal_pointer (&self->waiting);
  GHashTableIter iter;
  gpointer key;

  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, waiting);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_auto (GStrv) parts = g_strsplit (key, "/", 2);

    practice_controller_enqueue (PRACTICE_CONTROLLER (self), parts[0], parts[1]);
  }
}

static gboolean
is_ours (JsonNode *pod)
{
  const char *scheduler = base_json_get_string (pod, "spec", "schedulerName", NULL);

  return base_json_get_string (pod, "spec", "nodeName", NULL) == NULL &&
         base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) == NULL &&
         (scheduler == NULL || g_str_equal (scheduler, NAME));
}

/* Binds it, once its volumes are there. */
static void
place (PracticeScheduler *self, PracticeStore *store, JsonNode *pod)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (store, NODES, NULL);
  g_autofree char *message = NULL;
  g_autoptr (PracticeVolumeFit) fit = practice_volume_fit_new (store, pod, &message);
  JsonNode *node = fit != NULL ? pick_node (self, nodes, pod, fit, &message) : NULL;

  if (message != NULL)
    leave (self, store, pod, message);
  else if (practice_volume_fit_settle (fit, node))
    bind (self, store, pod, base_metadata_get_name (node));
  else
    remember (self, pod);
}

static void
practice_scheduler_reconcile (PracticeController *controller,
                              const char *namespace_,
                              const char *name,
                              JsonNode *stored)
{
  PracticeScheduler *self = PRACTICE_SCHEDULER (controller);
  PracticeNodeUsage *usage = ensure_usage (self);
  g_autoptr (JsonNode) pod = stored != NULL ? json_node_ref (stored) : NULL;

  if (pod == NULL ? practice_node_usage_remove (usage, namespace_, name)
                  : practice_node_usage_update (usage, pod))
    retry_waiting (self);
  if (pod != NULL && is_ours (pod))
    place (self, practice_controller_get_store (controller), pod);
}

static gboolean
differs (JsonNode *a, JsonNode *b, const char *member, const char *within)
{
  return !base_json_equal (base_json_get (a, member, within, NULL),
                           base_json_get (b, member, within, NULL));
}

/* A node that is new, has changed or is well again may take what waits; of storage any change may
 * help. */
static void
practice_scheduler_related (PracticeController *controller,
                            PracticeEventType type,
                            const char *resource,
                            JsonNode *object,
                            JsonNode *old)
{
  if (!g_str_equal (resource, NODES) || old == NULL || differs (object, old, "spec", NULL) ||
      differs (object, old, "metadata", "labels") ||
      differs (object, old, "status", "allocatable") ||
      base_condition_is_true (object, "Ready") != base_condition_is_true (old, "Ready"))
    retry_waiting (PRACTICE_SCHEDULER (controller));
}

static void
practice_scheduler_restored (PracticeController *controller)
{
  PracticeScheduler *self = PRACTICE_SCHEDULER (controller);

  g_clear_pointer (&self->usage, practice_node_usage_free);
  g_hash_table_remove_all (self->waiting);
}

static void
practice_scheduler_finalize (GObject *object)
{
  PracticeScheduler *self = PRACTICE_SCHEDULER (object);

  g_clear_pointer (&self->usage, practice_node_usage_free);
  g_hash_table_unref (self->waiting);

  G_OBJECT_CLASS (practice_scheduler_parent_class)->finalize (object);
}

static void
practice_scheduler_class_init (PracticeSchedulerClass *klass)
{
  static const char *const also[] = { NODES, PRACTICE_CLAIMS, PRACTICE_VOLUMES,
                                      PRACTICE_STORAGE_CLASSES, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_scheduler_finalize;
  controller_class->resource = PODS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_scheduler_reconcile;
  controller_class->related = practice_scheduler_related;
  controller_class->restored = practice_scheduler_restored;
}

static void
practice_scheduler_init (PracticeScheduler *self)
{
  self->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
