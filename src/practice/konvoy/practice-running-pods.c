/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-running-pods.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-addon-manifest.h"
#include "practice-daemon-pod.h"
#include "practice-deployment-controller.h"
#include "practice-object.h"
#include "practice-pod-defaults.h"
#include "practice-pod-addresses.h"
#include "practice-pod-status.h"
#include "practice-pod-template.h"
#include "practice-replica-set-controller.h"
#include "practice-revisions.h"

#define PODS "/pods"
#define NODES "/nodes"
#define DEPLOYMENTS "apps/deployments"
#define REPLICA_SETS "apps/replicasets"
#define DAEMON_SETS "apps/daemonsets"
#define MASTER "node-role.kubernetes.io/master"

static gboolean
is_master (JsonNode *node)
{
  return base_json_get (node, "metadata", "labels", MASTER, NULL) != NULL;
}

static const char *
get_address (JsonNode *node)
{
  JsonArray *addresses = base_json_get_array (node, "status", "addresses", NULL);

  for (guint i = 0; i < base_json_get_length (addresses); i++) {
    JsonNode *address = json_array_get_element (addresses, i);

    if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
      return base_json_get_string (address, "address", NULL);
  }

  return NULL;
}

/* Puts a pod on a node with all its containers running. @address (nullable): the node's own. */
static void
set_running (JsonNode *pod, JsonNode *node, const char *address)
{
  JsonObject *spec = practice_object_ensure (pod, "spec", NULL);

  json_object_set_string_member (spec, "nodeName", base_metadata_get_name (node));
  if (address == NULL) {
    json_object_set_boolean_member (spec, "hostNetwork", TRUE);
    address = get_address (node);
  }
  practice_object_set_condition (pod, "PodScheduled", TRUE, NULL, NULL);
  practice_pod_status_set_creating (pod, get_address (node));
  practice_pod_status_set_running (pod, address);
  practice_pod_status_set_ready (pod);
}

/* The workers in turn: as many pods as there are, so many places are taken. */
static JsonNode *
pick_worker (PracticeStore *store, guint number)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (store, NODES, NULL);
  g_autoptr (GPtrArray) workers = g_ptr_array_new ();

  for (guint i = 0; i < nodes->len; i++)
    if (!is_master (g_ptr_array_index (nodes, i)))
      g_ptr_array_add (workers, g_ptr_array_index (nodes, i));

  return workers->len > 0 ? json_node_ref (g_ptr_array_index (workers, number % workers->len))
                          : NULL;
}

static void
set_counts (JsonNode *object, const char *const *names, gint64 count)
{
  JsonObject *status = practice_object_ensure (object, "status", NULL);

  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (object, 1, "metadata", "generation", NULL));
  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_int_member (status, names[i], count);
}

/* What the controllers would count. */
static gboolean
set_all_ready (
  PracticeStore *store, JsonNode *replica_set, JsonNode *deployment, gint64 count, GError **error)
{
  static const char *const of_set[] = {
    "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", NULL,
  };
  static const char *const of_deployment[] = {
    "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", NULL,
  };
  g_autoptr (JsonNode) next_set = base_json_copy (replica_set);
  g_autoptr (JsonNode) next = base_json_copy (deployment);

  set_counts (next_set, of_set, count);
  set_counts (next, of_deployment, count);

  return practice_store_update (store, REPLICA_SETS, g_steal_pointer (&next_set), NULL, error) !=
           NULL &&
         practice_store_update (store, DEPLOYMENTS, g_steal_pointer (&next), NULL, error) != NULL;
}

/**
 * practice_running_pods_of_deployment:
 * @store: the cluster's objects
 * @deployment: a Deployment that is stored and has no pods yet
 * @error: return location
 *
 * Gives it the ReplicaSet and the pods that its controllers would make in a second or two.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_running_pods_of_deployment (PracticeStore *store, JsonNode *deployment, GError **error)
{
  gint64 replicas = base_json_get_int (deployment, 1, "spec", "replicas", NULL);
  guint turn = 0;
  g_autoptr (JsonNode) replica_set =
    practice_deployment_controller_create_replica_set (store, deployment, replicas, error);

  if (replica_set == NULL)
    return FALSE;

  for (gint64 i = 0; i < replicas; i++) {
    g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);
    g_autoptr (JsonNode) node = pick_worker (store, pods->len);
    g_autofree char *address = practice_pod_addresses_dup_free (store, node, &turn);
    JsonNode *pod =
      node != NULL ? practice_replica_set_controller_create_pod (store, replica_set) : NULL;
    g_autoptr (JsonNode) next = NULL;

    if (pod == NULL)
      break;
    next = base_json_copy (pod);
    set_running (next, node, address);
    if (practice_store_update (store, PODS, g_steal_pointer (&next), NULL, error) == NULL)
      return FALSE;
  }

  return set_all_ready (store, replica_set, deployment, replicas, error);
}

/* FALSE: it cannot be stored. */
static gboolean
run_daemon (PracticeStore *store, JsonNode *set, JsonNode *node, const char *hash, GError **error)
{
  const char *name = base_metadata_get_name (node);
  JsonNode *pod =
    practice_pod_template_store (store, practice_daemon_pod_new (set, name, hash), error);
  g_autoptr (JsonNode) next = NULL;

  if (pod == NULL)
    return FALSE;
  next = base_json_copy (pod);
  set_running (next, node, NULL);

  return practice_store_update (store, PODS, g_steal_pointer (&next), NULL, error) != NULL;
}

/**
 * practice_running_pods_of_daemon_set:
 * @store: the cluster's objects
 * @set: a DaemonSet for all nodes that is stored and has no pods yet
 * @error: return location
 *
 * Gives it the pods that its controller would make in a second or two.
 *
 * Returns: %FALSE with a %PRACTICE_STORE_ERROR
 */
gboolean
practice_running_pods_of_daemon_set (PracticeStore *store, JsonNode *set, GError **error)
{
  static const char *const counted[] = {
    "currentNumberScheduled", "desiredNumberScheduled", "numberReady",
    "updatedNumberScheduled", "numberAvailable",        NULL,
  };
  g_autoptr (GPtrArray) nodes = practice_store_list (store, NODES, NULL);
  g_autoptr (JsonNode) revision =
    practice_revisions_ensure (store, set, PRACTICE_DAEMON_HASH_LABEL);
  const char *hash = base_metadata_get_label (revision, PRACTICE_DAEMON_HASH_LABEL);
  g_autoptr (JsonNode) next = NULL;

  for (guint i = 0; i < nodes->len; i++)
    if (!run_daemon (store, set, nodes->pdata[i], hash, error))
      return FALSE;
  next = base_json_copy (set);
  set_counts (next, counted, nodes->len);

  return practice_store_update (store, DAEMON_SETS, g_steal_pointer (&next), NULL, error) != NULL;
}

/* Stores a pod of an entry of the catalogue. */
static JsonNode *
create (PracticeStore *store, JsonNode *addon, JsonNode *entry, const char *suffix, GError **error)
{
  g_autofree char *name =
    g_strdup_printf ("%s-%s", base_json_get_string (entry, "name", NULL), suffix);
  JsonNode *pod = practice_addon_manifest_new_pod (addon, entry, name);

  practice_pod_defaults_admit (pod);
  practice_pod_defaults_apply (base_json_get (pod, "spec", NULL));

  return practice_store_create (store, PODS, pod, error);
}

/* What tells a pod that only mirrors what a kubelet runs by itself: it cannot be evicted. */
static void
set_mirrored (JsonNode *pod, JsonNode *node)
{
  JsonObject *annotations = practice_object_ensure (pod, "metadata", "annotations", NULL);
  g_autofree char *hash =
    g_compute_checksum_for_string (G_CHECKSUM_MD5, base_metadata_get_name (pod), -1);

  json_object_set_string_member (annotations, "kubernetes.io/config.hash", hash);
  json_object_set_string_member (annotations, "kubernetes.io/config.mirror", hash);
  json_object_set_string_member (annotations, "kubernetes.io/config.source", "file");
  practice_object_set_owner (pod, node);
}

/**
 * practice_running_pods_of_kubelet:
 * @store: the cluster's objects
 * @addon: an entry of the catalogue
 * @daemon: one of its "daemons" that the kubelet of each master runs
 * @error: return location
 *
 * Returns: %FALSE with a %PRACTICE_STORE_ERROR
 */
gboolean
practice_running_pods_of_kubelet (PracticeStore *store,
                                  JsonNode *addon,
                                  JsonNode *daemon,
                                  GError **error)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (store, NODES, NULL);

  for (guint i = 0; i < nodes->len; i++) {
    JsonNode *node = g_ptr_array_index (nodes, i);
    g_autoptr (JsonNode) next = NULL;
    JsonNode *pod;

    if (!is_master (node))
      continue;
    pod = create (store, addon, daemon, base_metadata_get_name (node), error);
    if (pod == NULL)
      return FALSE;
    next = base_json_copy (pod);
    set_mirrored (next, node);
    set_running (next, node, NULL);
    if (practice_store_update (store, PODS, g_steal_pointer (&next), NULL, error) == NULL)
      return FALSE;
  }

  return TRUE;
}

/* Its containers have ended, and it has no address any more. */
static void
set_completed (JsonNode *pod)
{
  JsonObject *members = practice_object_ensure (pod, "status", NULL);
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  for (guint i = 0; i < base_json_get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);
    const char *started = base_json_get_string (status, "state", "running", "startedAt", NULL);
    JsonObject *terminated = json_object_new ();
    JsonObject *state = json_object_new ();

    json_object_set_int_member (terminated, "exitCode", 0);
    json_object_set_string_member (terminated, "reason", "Completed");
    json_object_set_string_member (terminated, "startedAt", started);
    json_object_set_string_member (terminated, "finishedAt", started);
    json_object_set_object_member (state, "terminated", terminated);
    json_object_set_object_member (json_node_get_object (status), "state", state);
    json_object_set_boolean_member (json_node_get_object (status), "ready", FALSE);
  }
  json_object_remove_member (members, "podIP");
  json_object_remove_member (members, "podIPs");
  json_object_set_string_member (members, "phase", "Succeeded");
  practice_object_set_condition (pod, "Ready", FALSE, "PodCompleted", NULL);
  practice_object_set_condition (pod, "ContainersReady", FALSE, "PodCompleted", NULL);
}

/**
 * practice_running_pods_completed:
 * @store: the cluster's objects
 * @addon: an entry of the catalogue
 * @job: one of its "jobs"
 * @error: return location
 *
 * Returns: %FALSE with a %PRACTICE_STORE_ERROR
 */
gboolean
practice_running_pods_completed (PracticeStore *store,
                                 JsonNode *addon,
                                 JsonNode *job,
                                 GError **error)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);
  g_autoptr (JsonNode) node = pick_worker (store, pods->len);
  g_autofree char *suffix = practice_object_dup_random_suffix (5);
  JsonNode *pod = create (store, addon, job, suffix, error);
  g_autoptr (JsonNode) next = NULL;

  if (pod == NULL)
    return FALSE;
  next = base_json_copy (pod);
  json_object_set_string_member (practice_object_ensure (next, "spec", NULL), "restartPolicy",
                                 "OnFailure");
  if (node != NULL)
    set_running (next, node, get_address (node));
  set_completed (next);

  return practice_store_update (store, PODS, g_steal_pointer (&next), NULL, error) != NULL;
}
