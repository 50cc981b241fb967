/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-status.h"

#include "base-json.h"
#include "practice-object.h"

/* What a kubelet writes into a pod's status, field by field
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). */

static JsonNode *
find_status (JsonNode *pod, const char *container)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  guint n_statuses = statuses != NULL ? json_array_get_length (statuses) : 0;

  for (guint i = 0; i < n_statuses; i++) {
    JsonNode *status = json_array_get_element (statuses, i);

    if (g_strcmp0 (base_json_get_string (status, "name", NULL), container) == 0)
      return status;
  }

  return NULL;
}

static gboolean
all_statuses_have (JsonNode *pod, const char *state)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  guint n_statuses = statuses != NULL ? json_array_get_length (statuses) : 0;

  for (guint i = 0; i < n_statuses; i++)
    if (base_json_get (json_array_get_element (statuses, i), "state", state, NULL) == NULL)
      return FALSE;

  return n_statuses > 0;
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
new_container_status (const char *name, const char *image, gint64 restarts)
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
  json_builder_add_string_value (builder, "ContainerCreating");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "lastState");
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "ready");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_set_member_name (builder, "restartCount");
  json_builder_add_int_value (builder, restarts);
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

/**
 * practice_pod_status_get_stage:
 * @pod: a Pod
 *
 * Returns: how far it has come
 */
PracticePodStage
practice_pod_status_get_stage (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0)
    return PRACTICE_POD_ENDED;
  if (base_json_get_array (pod, "status", "containerStatuses", NULL) == NULL)
    return PRACTICE_POD_NEW;
  if (!all_statuses_have (pod, "running"))
    return PRACTICE_POD_CREATING;

  return practice_object_has_condition (pod, "Ready") ? PRACTICE_POD_READY : PRACTICE_POD_RUNNING;
}

/**
 * practice_pod_status_is_image_current:
 * @pod: a Pod
 *
 * Returns: whether its containers run the images that its spec names; a pod's image is one of the
 * few things that may change while it runs
 */
gboolean
practice_pod_status_is_image_current (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  guint n_containers = containers != NULL ? json_array_get_length (containers) : 0;

  for (guint i = 0; i < n_containers; i++) {
    JsonNode *container = json_array_get_element (containers, i);
    JsonNode *status = find_status (pod, base_json_get_string (container, "name", NULL));

    if (status != NULL && g_strcmp0 (base_json_get_string (container, "image", NULL),
                                     base_json_get_string (status, "image", NULL)) != 0)
      return FALSE;
  }

  return TRUE;
}

/**
 * practice_pod_status_set_creating:
 * @pod: a Pod to change
 * @host_ip: address of its node
 *
 * All containers wait in ContainerCreating; one that ran before counts a restart.
 */
void
practice_pod_status_set_creating (JsonNode *pod, const char *host_ip)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  JsonObject *status = practice_object_ensure (pod, "status", NULL);
  JsonArray *statuses = json_array_new ();
  g_autofree char *now = practice_object_dup_now ();

  for (guint i = 0; i < json_array_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);
    const char *name = base_json_get_string (container, "name", NULL);
    JsonNode *before = find_status (pod, name);
    gint64 restarts = before != NULL ? base_json_get_int (before, 0, "restartCount", NULL) + 1 : 0;

    json_array_add_element (
      statuses,
      new_container_status (name, base_json_get_string (container, "image", NULL), restarts));
  }

  json_object_set_string_member (status, "phase", "Pending");
  json_object_set_string_member (status, "hostIP", host_ip);
  if (!json_object_has_member (status, "startTime"))
    json_object_set_string_member (status, "startTime", now);
  json_object_set_string_member (status, "qosClass", get_qos_class (pod));
  json_object_set_array_member (status, "containerStatuses", statuses);

  practice_object_set_condition (pod, "Initialized", TRUE, NULL, NULL);
  practice_object_set_condition (pod, "Ready", FALSE, "ContainersNotReady",
                                 "containers are not ready");
  practice_object_set_condition (pod, "ContainersReady", FALSE, "ContainersNotReady",
                                 "containers are not ready");
}

/**
 * practice_pod_status_set_waiting:
 * @pod: a Pod to change
 * @container: name of one of its containers
 * @reason: such as "ImagePullBackOff"
 * @message: why, in a sentence
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
  json_object_set_string_member (detail, "message", message);
  set_state (find_status (pod, container), "waiting", detail);
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
  return base_json_get_string (find_status (pod, container), "state", "waiting", "reason", NULL);
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
  JsonObject *status = practice_object_ensure (pod, "status", NULL);
  JsonArray *statuses = json_object_get_array_member (status, "containerStatuses");
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);
  g_autofree char *now = practice_object_dup_now ();
  JsonArray *addresses = json_array_new ();
  JsonObject *address = json_object_new ();

  for (guint i = 0; i < json_array_get_length (statuses); i++) {
    JsonNode *container = json_array_get_element (statuses, i);
    JsonObject *members = json_node_get_object (container);
    const char *image = base_json_get_string (container, "image", NULL);
    gint64 restarts = base_json_get_int (container, 0, "restartCount", NULL);
    g_autofree char *digest = dup_digest ("image", image, 0);
    g_autofree char *image_id = g_strdup_printf ("docker-pullable://%s@sha256:%s", image, digest);
    g_autofree char *id =
      dup_digest (uid, base_json_get_string (container, "name", NULL), restarts);
    g_autofree char *container_id = g_strdup_printf ("docker://%s", id);
    JsonObject *detail = json_object_new ();

    json_object_set_string_member (detail, "startedAt", now);
    set_state (container, "running", detail);
    json_object_set_string_member (members, "imageID", image_id);
    json_object_set_string_member (members, "containerID", container_id);
    json_object_set_boolean_member (members, "started", TRUE);
  }

  json_object_set_string_member (address, "ip", pod_ip);
  json_array_add_object_element (addresses, address);
  json_object_set_string_member (status, "phase", "Running");
  json_object_set_string_member (status, "podIP", pod_ip);
  json_object_set_array_member (status, "podIPs", addresses);
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
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  for (guint i = 0; i < json_array_get_length (statuses); i++)
    json_object_set_boolean_member (json_array_get_object_element (statuses, i), "ready", TRUE);

  practice_object_set_condition (pod, "Ready", TRUE, NULL, NULL);
  practice_object_set_condition (pod, "ContainersReady", TRUE, NULL, NULL);
}

/**
 * practice_pod_status_set_crashed:
 * @pod: a Pod to change
 * @seconds: how long the kubelet waits before it starts its containers again
 *
 * All containers have ended with an error, and wait in CrashLoopBackOff.
 */
void
practice_pod_status_set_crashed (JsonNode *pod, guint seconds)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  guint n_statuses = statuses != NULL ? json_array_get_length (statuses) : 0;
  const char *pod_name = base_json_get_string (pod, "metadata", "name", NULL);
  g_autofree char *now = practice_object_dup_now ();

  for (guint i = 0; i < n_statuses; i++) {
    JsonNode *container = json_array_get_element (statuses, i);
    JsonObject *members = json_node_get_object (container);
    const char *name = base_json_get_string (container, "name", NULL);
    const char *started = base_json_get_string (container, "state", "running", "startedAt", NULL);
    const char *id = base_json_get_string (container, "containerID", NULL);
    g_autofree char *message =
      g_strdup_printf ("back-off %us restarting failed container=%s pod=%s_%s(%s)", seconds, name,
                       pod_name, base_json_get_string (pod, "metadata", "namespace", NULL),
                       base_json_get_string (pod, "metadata", "uid", NULL));
    JsonObject *ended = json_object_new ();
    JsonObject *last = json_object_new ();

    json_object_set_int_member (ended, "exitCode", 1);
    json_object_set_string_member (ended, "reason", "Error");
    json_object_set_string_member (ended, "startedAt", started != NULL ? started : now);
    json_object_set_string_member (ended, "finishedAt", now);
    if (id != NULL)
      json_object_set_string_member (ended, "containerID", id);
    json_object_set_object_member (last, "terminated", ended);
    json_object_set_object_member (members, "lastState", last);
    json_object_set_int_member (members, "restartCount",
                                base_json_get_int (container, 0, "restartCount", NULL) + 1);
    json_object_set_boolean_member (members, "ready", FALSE);
    json_object_set_boolean_member (members, "started", FALSE);
    practice_pod_status_set_waiting (pod, name, "CrashLoopBackOff", message);
  }

  practice_object_set_condition (pod, "Ready", FALSE, "ContainersNotReady",
                                 "containers are not ready");
  practice_object_set_condition (pod, "ContainersReady", FALSE, "ContainersNotReady",
                                 "containers are not ready");
}
