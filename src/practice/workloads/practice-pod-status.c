/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-status.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-object.h"

/* What a kubelet writes into a pod's status, field by field
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). */

#define INIT_STATUSES "initContainerStatuses"
#define STATUSES "containerStatuses"
#define CREATING "ContainerCreating"
#define INITIALIZING "PodInitializing"

/**
 * practice_pod_status_find:
 * @pod: a Pod
 * @container: name of one of its containers
 *
 * Returns: (transfer none) (nullable): the container's status, of an init container too
 */
JsonNode *
practice_pod_status_find (JsonNode *pod, const char *container)
{
  JsonNode *status =
    base_json_find_named (base_json_get_array (pod, "status", STATUSES, NULL), container);

  return status != NULL ? status
                        : base_json_find_named (
                            base_json_get_array (pod, "status", INIT_STATUSES, NULL), container);
}

/* Guaranteed, Burstable or BestEffort, by what the containers ask for
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/). */
static const char *
get_qos_class (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  gboolean any = FALSE;
  gboolean all = TRUE;

  for (guint i = 0; i < json_array_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);
    JsonObject *limits = base_json_get_object (container, "resources", "limits", NULL);
    JsonObject *requests = base_json_get_object (container, "resources", "requests", NULL);

    any = any || (limits != NULL && json_object_get_size (limits) > 0) ||
          (requests != NULL && json_object_get_size (requests) > 0);
    all = all && limits != NULL && json_object_has_member (limits, "cpu") &&
          json_object_has_member (limits, "memory") &&
          (requests == NULL || json_object_equal (limits, requests));
  }

  return !any ? "BestEffort" : all ? "Guaranteed" : "Burstable";
}

static char *
dup_digest (const char *first, const char *second, gint64 third)
{
  g_autofree char *text = g_strdup_printf ("%s/%s/%" G_GINT64_FORMAT, first, second, third);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static JsonNode *
new_container_status (const char *name, const char *image, const char *reason)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "name");
  json_builder_add_string_value (builder, name);
  json_builder_set_member_name (builder, "state");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "waiting");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "reason");
  json_builder_add_string_value (builder, reason);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "lastState");
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "ready");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "restartCount");
  json_builder_add_int_value (builder, 0);
  json_builder_set_member_name (builder, "image");
  json_builder_add_string_value (builder, image);
  json_builder_set_member_name (builder, "imageID");
  json_builder_add_string_value (builder, "");
  json_builder_set_member_name (builder, "started");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

static void
set_state (JsonNode *status, const char *state, JsonObject *detail)
{
  JsonObject *states = json_object_new ();

  json_object_set_object_member (states, state, detail);
  json_object_set_object_member (json_node_get_object (status), "state", states);
}

static JsonArray *
new_statuses (JsonArray *containers, const char *reason)
{
  JsonArray *statuses = json_array_new ();

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);

    json_array_add_element (
      statuses, new_container_status (base_json_get_string (container, "name", NULL),
                                      base_json_get_string (container, "image", NULL), reason));
  }

  return statuses;
}

/**
 * practice_pod_status_is_known:
 * @pod: a Pod
 *
 * Returns: whether a kubelet has seen it
 */
gboolean
practice_pod_status_is_known (JsonNode *pod)
{
  return base_json_get_array (pod, "status", STATUSES, NULL) != NULL;
}

/**
 * practice_pod_status_is_running:
 * @pod: a Pod
 *
 * Returns: whether all its containers run, ready or not
 */
gboolean
practice_pod_status_is_running (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", STATUSES, NULL);
  guint n_statuses = base_json_get_length (statuses);

  for (guint i = 0; i < n_statuses; i++)
    if (base_json_get (json_array_get_element (statuses, i), "state", "running", NULL) == NULL)
      return FALSE;

  return n_statuses > 0;
}

/**
 * practice_pod_status_has_ended:
 * @pod: a Pod
 *
 * Returns: whether nothing will run in it any more
 */
gboolean
practice_pod_status_has_ended (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0;
}

/**
 * practice_pod_status_set_creating:
 * @pod: a Pod to change
 * @host_ip: address of its node
 *
 * Its first status: all containers wait.
 */
void
practice_pod_status_set_creating (JsonNode *pod, const char *host_ip)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  JsonArray *init = base_json_get_array (pod, "spec", "initContainers", NULL);
  gboolean has_init = base_json_get_length (init) > 0;
  JsonObject *status = practice_object_ensure (pod, "status", NULL);
  g_autofree char *now = practice_age_dup_now ();

  json_object_set_string_member (status, "phase", "Pending");
  json_object_set_string_member (status, "hostIP", host_ip);
  json_object_set_string_member (status, "startTime", now);
  json_object_set_string_member (status, "qosClass", get_qos_class (pod));
  if (has_init)
    json_object_set_array_member (status, INIT_STATUSES, new_statuses (init, INITIALIZING));
  json_object_set_array_member (status, STATUSES,
                                new_statuses (containers, has_init ? INITIALIZING : CREATING));
  practice_pod_status_update (pod);
}

/**
 * practice_pod_status_set_waiting:
 * @pod: a Pod to change
 * @container: name of one of its containers
 * @reason: such as "ImagePullBackOff"
 * @message: (nullable): why, in a sentence
 *
 * The container waits for a reason of its own.
 */
void
practice_pod_status_set_waiting (JsonNode *pod,
                                 const char *container,
                                 const char *reason,
                                 const char *message)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "reason", reason);
  if (message != NULL)
    json_object_set_string_member (detail, "message", message);
  set_state (practice_pod_status_find (pod, container), "waiting", detail);
}

/**
 * practice_pod_status_get_waiting_reason:
 * @pod: a Pod
 * @container: name of one of its containers
 *
 * Returns: (transfer none) (nullable): what it waits for
 */
const char *
practice_pod_status_get_waiting_reason (JsonNode *pod, const char *container)
{
  return base_json_get_string (practice_pod_status_find (pod, container), "state", "waiting",
                               "reason", NULL);
}

/**
 * practice_pod_status_set_address:
 * @pod: a Pod to change
 * @address: its own address
 *
 * The pod has a network.
 */
void
practice_pod_status_set_address (JsonNode *pod, const char *address)
{
  JsonObject *status = practice_object_ensure (pod, "status", NULL);
  JsonArray *addresses = json_array_new ();
  JsonObject *element = json_object_new ();

  json_object_set_string_member (element, "ip", address);
  json_array_add_object_element (addresses, element);
  json_object_set_string_member (status, "podIP", address);
  json_object_set_array_member (status, "podIPs", addresses);
}

/**
 * practice_pod_status_set_started:
 * @pod: a Pod to change
 * @container: name of one of its containers
 * @image: what it runs
 *
 * The container runs, and is not ready yet.
 */
void
practice_pod_status_set_started (JsonNode *pod, const char *container, const char *image)
{
  JsonNode *status = practice_pod_status_find (pod, container);
  JsonObject *members = json_node_get_object (status);
  const char *uid = base_metadata_get_uid (pod);
  g_autofree char *now = practice_age_dup_now ();
  g_autofree char *digest = dup_digest ("image", image, 0);
  g_autofree char *image_id = g_strdup_printf ("%s@sha256:%s", image, digest);
  g_autofree char *id =
    dup_digest (uid, container, base_json_get_int (status, 0, "restartCount", NULL));
  g_autofree char *container_id = g_strdup_printf ("containerd://%s", id);
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "startedAt", now);
  set_state (status, "running", detail);
  json_object_set_string_member (members, "image", image);
  json_object_set_string_member (members, "imageID", image_id);
  json_object_set_string_member (members, "containerID", container_id);
  json_object_set_boolean_member (members, "started", TRUE);
  json_object_set_boolean_member (members, "ready", FALSE);
}

static gboolean
is_init_container (JsonNode *pod, const char *container)
{
  return base_json_find_named (base_json_get_array (pod, "status", INIT_STATUSES, NULL),
                               container) != NULL;
}

/**
 * practice_pod_status_set_ended:
 * @pod: a Pod to change
 * @container: name of one of its containers, that runs
 * @exit_status: its exit status
 *
 * The container has ended.
 */
void
practice_pod_status_set_ended (JsonNode *pod, const char *container, int exit_status)
{
  JsonNode *status = practice_pod_status_find (pod, container);
  JsonObject *members = json_node_get_object (status);
  const char *started = base_json_get_string (status, "state", "running", "startedAt", NULL);
  const char *id = base_json_get_string (status, "containerID", NULL);
  g_autofree char *now = practice_age_dup_now ();
  JsonObject *detail = json_object_new ();

  json_object_set_int_member (detail, "exitCode", exit_status);
  json_object_set_string_member (detail, "reason", exit_status == 0 ? "Completed" : "Error");
  json_object_set_string_member (detail, "startedAt", started != NULL ? started : now);
  json_object_set_string_member (detail, "finishedAt", now);
  if (id != NULL)
    json_object_set_string_member (detail, "containerID", id);
  set_state (status, "terminated", detail);
  json_object_set_boolean_member (members, "started", FALSE);
  /* an init container is ready when it has done its work */
  json_object_set_boolean_member (members, "ready",
                                  exit_status == 0 && is_init_container (pod, container));
}

/**
 * practice_pod_status_set_restarting:
 * @pod: a Pod to change
 * @container: name of one of its containers, that has ended
 * @reason: what it waits for, such as "CrashLoopBackOff"
 * @message: (nullable): why, in a sentence
 *
 * The container is to start again: its end is kept as its last state.
 */
void
practice_pod_status_set_restarting (JsonNode *pod,
                                    const char *container,
                                    const char *reason,
                                    const char *message)
{
  JsonObject *members = json_node_get_object (practice_pod_status_find (pod, container));
  g_autoptr (JsonNode) last = json_node_copy (json_object_get_member (members, "state"));

  json_object_set_member (members, "lastState", g_steal_pointer (&last));
  practice_pod_status_set_waiting (pod, container, reason, message);
}

/**
 * practice_pod_status_count_restart:
 * @pod: a Pod to change
 * @container: name of one of its containers
 *
 * The container starts one more time.
 */
void
practice_pod_status_count_restart (JsonNode *pod, const char *container)
{
  JsonNode *status = practice_pod_status_find (pod, container);

  json_object_set_int_member (json_node_get_object (status), "restartCount",
                              base_json_get_int (status, 0, "restartCount", NULL) + 1);
}

/**
 * practice_pod_status_set_container_ready:
 * @pod: a Pod to change
 * @container: name of one of its containers
 * @ready: whether it is
 */
void
practice_pod_status_set_container_ready (JsonNode *pod, const char *container, gboolean ready)
{
  json_object_set_boolean_member (json_node_get_object (practice_pod_status_find (pod, container)),
                                  "ready", ready);
}

/**
 * practice_pod_status_set_running:
 * @pod: a Pod to change
 * @pod_ip: its address
 *
 * All containers have started; none is ready yet.
 */
void
practice_pod_status_set_running (JsonNode *pod, const char *pod_ip)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  practice_pod_status_set_address (pod, pod_ip);
  for (guint i = 0; i < json_array_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);

    practice_pod_status_set_started (pod, base_json_get_string (container, "name", NULL),
                                     base_json_get_string (container, "image", NULL));
  }
  practice_pod_status_update (pod);
}

/**
 * practice_pod_status_set_ready:
 * @pod: a Pod to change
 *
 * All containers are ready, and so is the pod.
 */
void
practice_pod_status_set_ready (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", STATUSES, NULL);

  for (guint i = 0; i < json_array_get_length (statuses); i++)
    json_object_set_boolean_member (json_array_get_object_element (statuses, i), "ready", TRUE);
  practice_pod_status_update (pod);
}
