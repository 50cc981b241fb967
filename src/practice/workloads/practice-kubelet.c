/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kubelet.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-node-lifecycle.h"
#include "practice-object.h"
#include "practice-pod-addresses.h"
#include "practice-pod-round.h"
#include "practice-pod-status.h"
#include "practice-prober.h"

#define PODS "/pods"
#define NODES "/nodes"
#define COMPONENT "kubelet"
#define STOP_MS 400

/* As of a process that was killed. */
#define KILLED 137

/**
 * PracticeKubelet:
 *
 * The kubelets of all nodes: a pod that has a node gets an address, its containers are started,
 * asked by their probes, and started again when they end; one that is being deleted is stopped and
 * then removed (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). What answers in
 * the containers is PracticeWorkloads' business.
 */
struct _PracticeKubelet {
  PracticeController parent_instance;

  PracticeImageCatalog *images;
  PracticeDeadlines *deadlines;
  PracticeProber *prober;
  GHashTable *pulled;   /* "node image": what need not be pulled again */
  GHashTable *attached; /* names of volumes and the uids of the pods that got them last */
  GHashTable *stopping; /* uids of pods that were told to stop */
  guint last_address;   /* how many addresses were given out */
};

G_DEFINE_FINAL_TYPE (PracticeKubelet, practice_kubelet, PRACTICE_TYPE_CONTROLLER)

static char *
dup_free_address (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  JsonNode *node =
    practice_store_get (store, NODES, NULL, base_json_get_string (pod, "spec", "nodeName", NULL));

  return practice_pod_addresses_dup_free (store, node, &self->last_address);
}

static const char *
get_host_ip (PracticeStore *store, JsonNode *pod)
{
  JsonNode *node = practice_store_get (store, "/nodes", NULL,
                                       base_json_get_string (pod, "spec", "nodeName", NULL));
  JsonArray *addresses = base_json_get_array (node, "status", "addresses", NULL);
  guint n_addresses = base_json_get_length (addresses);

  for (guint i = 0; i < n_addresses; i++) {
    JsonNode *address = json_array_get_element (addresses, i);

    if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
      return base_json_get_string (address, "address", NULL);
  }

  return "";
}

static void
save (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));

  /* A pod whose status cannot be written (full disk) stays as it is and is looked at again. */
  practice_store_update (store, PODS, pod, NULL, NULL);
}

static void
give_address (PracticeKubelet *self, JsonNode *pod)
{
  g_autofree char *address = NULL;

  if (base_json_get_string (pod, "status", "podIP", NULL) != NULL)
    return;

  address = base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL)
              ? g_strdup (base_json_get_string (pod, "status", "hostIP", NULL))
              : dup_free_address (self, pod);
  if (address != NULL)
    practice_pod_status_set_address (pod, address);
}

/* What the probes say of the containers that run. */
static void
heed_probes (PracticeKubelet *self, JsonNode *pod, JsonNode *next)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  practice_prober_follow (self->prober, next);
  for (guint i = 0; i < json_array_get_length (containers); i++) {
    const char *name = base_json_get_string (json_array_get_element (containers, i), "name", NULL);

    if (base_json_get (practice_pod_status_find (next, name), "state", "running", NULL) == NULL)
      continue;
    practice_pod_status_set_container_ready (
      next, name, practice_prober_is_ready (self->prober, base_metadata_get_uid (pod), name));
    if (practice_prober_has_failed (self->prober, base_metadata_get_uid (pod), name)) {
      practice_event_recorder_record (store, pod, COMPONENT, "Killing",
                                      "Container %s failed liveness probe, will be restarted",
                                      name);
      practice_pod_status_set_ended (next, name, KILLED);
    }
  }
  practice_pod_status_update (next);
}

static PracticePodRound
begin_round (PracticeKubelet *self, JsonNode *pod, JsonNode *next)
{
  PracticePodRound round = {
    .store = practice_controller_get_store (PRACTICE_CONTROLLER (self)),
    .images = self->images,
    .deadlines = self->deadlines,
    .pulled = self->pulled,
    .attached = self->attached,
    .pod = pod,
    .next = next,
  };

  return round;
}

static void
look_at (PracticeKubelet *self, JsonNode *pod)
{
  g_autoptr (JsonNode) next = base_json_copy (pod);
  PracticePodRound round = begin_round (self, pod, next);

  if (!practice_pod_status_is_known (pod)) {
    practice_pod_status_set_creating (next, get_host_ip (round.store, pod));
  } else {
    give_address (self, next);
    if (base_json_get_string (next, "status", "podIP", NULL) == NULL)
      return;
    practice_pod_round_run (&round);
    heed_probes (self, pod, next);
  }
  save (self, g_steal_pointer (&next));
  if (round.wait != 0)
    practice_controller_enqueue_after (PRACTICE_CONTROLLER (self),
                                       base_metadata_get_namespace (pod),
                                       base_metadata_get_name (pod), round.wait);
}

static void
forget (PracticeKubelet *self, const char *namespace_, const char *name)
{
  g_autofree char *prefix = g_strdup_printf ("%s/%s/", namespace_, name);

  practice_deadlines_forget (self->deadlines, prefix);
  practice_prober_forget (self->prober, namespace_, name);
}

static void
stop (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  const char *uid = base_metadata_get_uid (pod);
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *name = base_metadata_get_name (pod);
  JsonArray *finalizers = base_json_get_array (pod, "metadata", "finalizers", NULL);
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  g_autofree char *deadline = g_strdup_printf ("%s/%s/%s", namespace_, name, uid);
  guint left;

  if (g_hash_table_add (self->stopping, g_strdup (uid))) {
    forget (self, namespace_, name);
    for (guint i = 0; i < json_array_get_length (containers); i++)
      practice_event_recorder_record (
        store, pod, COMPONENT, "Killing", "Stopping container %s",
        base_json_get_string (json_array_get_element (containers, i), "name", NULL));
  }

  left = practice_deadlines_wait (self->deadlines, deadline, STOP_MS);
  if (left != 0) {
    practice_controller_enqueue_after (PRACTICE_CONTROLLER (self), namespace_, name, left);
    return;
  }

  g_hash_table_remove (self->stopping, uid);
  if (base_json_get_length (finalizers) == 0)
    practice_store_delete (store, PODS, namespace_, name, NULL);
}

/* What a node does that is not heard of, nobody knows. */
static gboolean
is_out_of_reach (PracticeKubelet *self, JsonNode *pod)
{
  const char *node = base_json_get_string (pod, "spec", "nodeName", NULL);

  return node != NULL &&
         practice_node_lifecycle_is_lost (practice_store_get (
           practice_controller_get_store (PRACTICE_CONTROLLER (self)), NODES, NULL, node));
}

/* One that is back goes on with its pods. */
static void
practice_kubelet_related (PracticeController *controller,
                          PracticeEventType type,
                          const char *resource,
                          JsonNode *node,
                          JsonNode *old)
{
  if (practice_node_lifecycle_is_lost (old) && !practice_node_lifecycle_is_lost (node))
    practice_controller_enqueue_all (controller, NULL);
}

static void
practice_kubelet_reconcile (PracticeController *controller,
                            const char *namespace_,
                            const char *name,
                            JsonNode *pod)
{
  PracticeKubelet *self = PRACTICE_KUBELET (controller);

  if (pod != NULL && is_out_of_reach (self, pod))
    return;

  if (pod == NULL)
    forget (self, namespace_, name);
  else if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    stop (self, pod);
  else if (practice_pod_status_has_ended (pod))
    forget (self, namespace_, name);
  else if (base_json_get_string (pod, "spec", "nodeName", NULL) != NULL)
    look_at (self, pod);
}

/* The pods are those of another time: they are looked at anew. */
static void
practice_kubelet_restored (PracticeController *controller)
{
  PracticeKubelet *self = PRACTICE_KUBELET (controller);

  practice_deadlines_forget (self->deadlines, "");
  practice_prober_forget_all (self->prober);
  g_hash_table_remove_all (self->attached);
  g_hash_table_remove_all (self->stopping);
}

static void
ended_cb (PracticeWorkloads *workloads,
          const char *namespace_,
          const char *pod,
          const char *pod_uid,
          const char *container,
          int exit_status,
          PracticeKubelet *self)
{
  practice_kubelet_container_ended (self, namespace_, pod, pod_uid, container, exit_status);
}

static void
probes_changed_cb (PracticeProber *prober,
                   const char *namespace_,
                   const char *pod,
                   PracticeKubelet *self)
{
  practice_controller_enqueue (PRACTICE_CONTROLLER (self), namespace_, pod);
}

static void
practice_kubelet_dispose (GObject *object)
{
  PracticeKubelet *self = PRACTICE_KUBELET (object);

  if (self->prober != NULL)
    g_object_run_dispose (G_OBJECT (self->prober));
  g_clear_object (&self->prober);
  g_clear_object (&self->images);

  G_OBJECT_CLASS (practice_kubelet_parent_class)->dispose (object);
}

static void
practice_kubelet_finalize (GObject *object)
{
  PracticeKubelet *self = PRACTICE_KUBELET (object);

  g_clear_object (&self->deadlines);
  g_hash_table_unref (self->pulled);
  g_hash_table_unref (self->attached);
  g_hash_table_unref (self->stopping);

  G_OBJECT_CLASS (practice_kubelet_parent_class)->finalize (object);
}

static void
practice_kubelet_class_init (PracticeKubeletClass *klass)
{
  static const char *const also[] = { NODES, NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->dispose = practice_kubelet_dispose;
  object_class->finalize = practice_kubelet_finalize;

  controller_class->resource = PODS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_kubelet_reconcile;
  controller_class->related = practice_kubelet_related;
  controller_class->restored = practice_kubelet_restored;
}

static void
practice_kubelet_init (PracticeKubelet *self)
{
  self->deadlines = practice_deadlines_new ();
  self->pulled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->attached = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->stopping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_kubelet_new:
 * @store: the cluster's objects
 * @images: what can be pulled
 * @workloads: what runs in the pods
 * @runtime: (nullable): where programs really run, for probes
 *
 * Returns: (transfer full): the kubelets, not yet started
 */
PracticeController *
practice_kubelet_new (PracticeStore *store,
                      PracticeImageCatalog *images,
                      PracticeWorkloads *workloads,
                      PracticeContainerRuntime *runtime)
{
  PracticeKubelet *self;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (images), NULL);
  g_return_val_if_fail (PRACTICE_IS_WORKLOADS (workloads), NULL);

  self = g_object_new (PRACTICE_TYPE_KUBELET, "store", store, NULL);
  self->images = g_object_ref (images);
  self->prober = practice_prober_new (store, workloads, runtime);
  g_signal_connect_object (workloads, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->prober, "changed", G_CALLBACK (probes_changed_cb), self, 0);

  return PRACTICE_CONTROLLER (self);
}

/**
 * practice_kubelet_container_ended:
 * @self: the kubelets
 * @namespace_: of a pod
 * @pod: its name
 * @pod_uid: its uid
 * @container: which of its containers
 * @exit_status: its exit status; 128 and the signal where one ended it
 *
 * A container's program ended by itself: its pod is done, or it is started again, by its
 * restartPolicy and with back-off. Does nothing where it is known already.
 */
void
practice_kubelet_container_ended (PracticeKubelet *self,
                                  const char *namespace_,
                                  const char *pod,
                                  const char *pod_uid,
                                  const char *container,
                                  int exit_status)
{
  PracticeStore *store;
  JsonNode *present;
  g_autoptr (JsonNode) next = NULL;

  g_return_if_fail (PRACTICE_IS_KUBELET (self));

  store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  present = practice_store_get (store, PODS, namespace_, pod);
  if (g_strcmp0 (base_metadata_get_uid (present), pod_uid) != 0 ||
      base_json_get (practice_pod_status_find (present, container), "state", "running", NULL) ==
        NULL)
    return;

  next = base_json_copy (present);
  practice_pod_status_set_ended (next, container, exit_status);
  practice_pod_status_update (next);
  save (self, g_steal_pointer (&next));
}

/**
 * practice_kubelet_crash:
 * @self: the kubelets
 * @namespace_: namespace of a pod that runs
 * @name: its name
 * @milliseconds: how long to wait before its program is started again
 *
 * The program of a pod ends, with an error.
 */
void
practice_kubelet_crash (PracticeKubelet *self,
                        const char *namespace_,
                        const char *name,
                        guint milliseconds)
{
  g_autoptr (JsonNode) pod = NULL;
  g_autoptr (JsonNode) next = NULL;
  PracticePodRound round;
  JsonNode *stored;

  g_return_if_fail (PRACTICE_IS_KUBELET (self));
  g_return_if_fail (namespace_ != NULL && name != NULL);

  stored = practice_store_get (practice_controller_get_store (PRACTICE_CONTROLLER (self)), PODS,
                               namespace_, name);
  if (stored == NULL)
    return;
  pod = json_node_ref (stored);
  next = base_json_copy (pod);
  round = begin_round (self, pod, next);
  practice_pod_round_crash (&round, milliseconds);
  save (self, g_steal_pointer (&next));
}
