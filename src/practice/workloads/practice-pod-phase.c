/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-status.h"

#include "base-json.h"
#include "practice-object.h"

/* What the states of the containers make of their pod
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase). */

#define INIT_STATUSES "initContainerStatuses"
#define STATUSES "containerStatuses"

/* Numbers of containers in each state, as the phase is made of them. */
typedef struct {
  guint waiting; /* and never ran */
  guint running;
  guint stopped;
  guint succeeded;
} Counts;

static void
count_container (JsonNode *status, Counts *counts)
{
  JsonNode *ended = base_json_get (status, "state", "terminated", NULL);

  if (base_json_get (status, "state", "running", NULL) != NULL) {
    counts->running++;
    return;
  }
  if (ended == NULL)
    ended = base_json_get (status, "lastState", "terminated", NULL);
  if (ended == NULL) {
    counts->waiting++;
    return;
  }
  counts->stopped++;
  if (base_json_get_int (ended, -1, "exitCode", NULL) == 0)
    counts->succeeded++;
}

/**
 * practice_pod_status_is_initialized:
 * @pod: a Pod
 *
 * Returns: whether its init containers have all done their work
 */
gboolean
practice_pod_status_is_initialized (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", INIT_STATUSES, NULL);

  for (guint i = 0; i < base_json_get_length (statuses); i++)
    if (base_json_get_int (json_array_get_element (statuses, i), -1, "state", "terminated",
                           "exitCode", NULL) != 0)
      return FALSE;

  return TRUE;
}

/* Whether an init container failed for good. */
static gboolean
has_failed_init (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", INIT_STATUSES, NULL);

  for (guint i = 0; i < base_json_get_length (statuses); i++)
    if (base_json_get_int (json_array_get_element (statuses, i), 0, "state", "terminated",
                           "exitCode", NULL) != 0)
      return g_strcmp0 (base_json_get_string (pod, "spec", "restartPolicy", NULL), "Never") == 0;

  return FALSE;
}

/* The rules of the real kubelet (k8s.io/kubernetes/pkg/kubelet, getPhase). */
static const char *
get_phase (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", STATUSES, NULL);
  const char *policy = base_json_get_string (pod, "spec", "restartPolicy", NULL);
  Counts counts = { 0 };

  if (has_failed_init (pod))
    return "Failed";
  for (guint i = 0; i < json_array_get_length (statuses); i++)
    count_container (json_array_get_element (statuses, i), &counts);

  if (counts.waiting > 0 || !practice_pod_status_is_initialized (pod))
    return "Pending";
  if (counts.running > 0 || g_strcmp0 (policy, "Never") != 0) {
    gboolean done = counts.running == 0 && counts.succeeded == counts.stopped;

    return done && g_strcmp0 (policy, "OnFailure") == 0 ? "Succeeded" : "Running";
  }

  return counts.succeeded == counts.stopped ? "Succeeded" : "Failed";
}

/* (nullable): "[a b]", the containers whose status is not so. */
static char *
dup_names (JsonArray *statuses, gboolean (*is_so) (JsonNode *status))
{
  g_autoptr (GString) names = g_string_new ("[");

  for (guint i = 0; i < base_json_get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);

    if (!is_so (status))
      g_string_append_printf (names, "%s%s", names->len > 1 ? " " : "",
                              base_json_get_string (status, "name", NULL));
  }
  g_string_append_c (names, ']');

  return names->len > 2 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static gboolean
is_complete (JsonNode *status)
{
  return base_json_get_int (status, -1, "state", "terminated", "exitCode", NULL) == 0;
}

static gboolean
is_ready (JsonNode *status)
{
  return base_json_get_boolean (status, FALSE, "ready", NULL);
}

static void
set_condition (
  JsonNode *pod, const char *type, const char *names, const char *reason, const char *text)
{
  g_autofree char *message = names != NULL ? g_strdup_printf ("%s: %s", text, names) : NULL;

  practice_object_set_condition (pod, type, reason == NULL, reason, message);
}

/**
 * practice_pod_status_update:
 * @pod: a Pod to change
 *
 * Brings phase and conditions to what the containers' states make of them.
 */
void
practice_pod_status_update (JsonNode *pod)
{
  g_autofree char *incomplete =
    dup_names (base_json_get_array (pod, "status", INIT_STATUSES, NULL), is_complete);
  g_autofree char *unready =
    dup_names (base_json_get_array (pod, "status", STATUSES, NULL), is_ready);
  const char *phase = get_phase (pod);
  const char *reason = unready != NULL ? "ContainersNotReady" : NULL;

  json_object_set_string_member (practice_object_ensure (pod, "status", NULL), "phase", phase);
  if (g_strcmp0 (phase, "Succeeded") == 0) {
    set_condition (pod, "Initialized", NULL, NULL, NULL);
    set_condition (pod, "Ready", NULL, "PodCompleted", NULL);
    set_condition (pod, "ContainersReady", NULL, "PodCompleted", NULL);
    return;
  }
  set_condition (pod, "Initialized", incomplete,
                 incomplete != NULL ? "ContainersNotInitialized" : NULL,
                 "containers with incomplete status");
  set_condition (pod, "Ready", unready, reason, "containers with unready status");
  set_condition (pod, "ContainersReady", unready, reason, "containers with unready status");
}
