/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-pod-text.h"

#include "base-json.h"

/* The STATUS of a pod is the longest rule of kubectl's tables: printPod() in
 * pkg/printers/internalversion/printers.go of Kubernetes. */

/* The reason a container is waiting or has ended, NULL while it runs. */
static char *
dup_container_reason (JsonNode *status)
{
  const char *reason = base_json_get_string (status, "state", "waiting", "reason", NULL);
  JsonNode *terminated = base_json_get (status, "state", "terminated", NULL);
  gint64 signal_number;

  if (reason != NULL && *reason != '\0')
    return g_strdup (reason);
  if (terminated == NULL)
    return NULL;

  reason = base_json_get_string (terminated, "reason", NULL);
  if (reason != NULL && *reason != '\0')
    return g_strdup (reason);
  signal_number = base_json_get_int (terminated, 0, "signal", NULL);
  if (signal_number != 0)
    return g_strdup_printf ("Signal:%" G_GINT64_FORMAT, signal_number);

  return g_strdup_printf ("ExitCode:%" G_GINT64_FORMAT,
                          base_json_get_int (terminated, 0, "exitCode", NULL));
}

/* "Init:0/1", "Init:Error": the first init container that has not ended well; NULL for none. */
static char *
dup_init_reason (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "initContainerStatuses", NULL);
  guint total = base_json_get_length (base_json_get_array (pod, "spec", "initContainers", NULL));

  for (guint i = 0; i < base_json_get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);
    JsonNode *terminated = base_json_get (status, "state", "terminated", NULL);
    g_autofree char *reason = NULL;

    if (terminated != NULL && base_json_get_int (terminated, 0, "exitCode", NULL) == 0)
      continue;
    reason = dup_container_reason (status);
    if (reason != NULL && g_strcmp0 (reason, "PodInitializing") != 0)
      return g_strconcat ("Init:", reason, NULL);
    return g_strdup_printf ("Init:%u/%u", i, total);
  }

  return NULL;
}

static gboolean
is_running (JsonNode *status)
{
  return base_json_get_boolean (status, FALSE, "ready", NULL) &&
         base_json_get (status, "state", "running", NULL) != NULL;
}

/**
 * lab_pod_dup_ready:
 * @pod: a Pod
 *
 * Returns: (transfer full): "1/2": containers that are ready, of all
 */
char *
lab_pod_dup_ready (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  guint total = base_json_get_length (base_json_get_array (pod, "spec", "containers", NULL));
  guint ready = 0;

  for (guint i = 0; i < base_json_get_length (statuses); i++)
    ready += is_running (json_array_get_element (statuses, i));

  return g_strdup_printf ("%u/%u", ready, total);
}

/**
 * lab_pod_dup_status:
 * @pod: a Pod
 *
 * Returns: (transfer full): one word: "Running", "ContainerCreating", "Terminating", ...
 */
char *
lab_pod_dup_status (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);
  const char *reason = base_json_get_string (pod, "status", "reason", NULL);
  g_autofree char *status = dup_init_reason (pod);
  gboolean running = FALSE;

  if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    return g_strdup (g_strcmp0 (reason, "NodeLost") == 0 ? "Unknown" : "Terminating");
  if (status != NULL)
    return g_steal_pointer (&status);

  status = g_strdup (reason != NULL ? reason : phase != NULL ? phase : "Unknown");
  for (guint i = base_json_get_length (statuses); i > 0; i--) {
    JsonNode *container = json_array_get_element (statuses, i - 1);
    char *container_reason = dup_container_reason (container);

    if (container_reason != NULL) {
      g_free (status);
      status = container_reason;
    } else if (is_running (container)) {
      running = TRUE;
    }
  }
  if (running && g_str_equal (status, "Completed"))
    return g_strdup ("Running");

  return g_steal_pointer (&status);
}

/**
 * lab_pod_dup_restarts:
 * @pod: a Pod
 *
 * Returns: (transfer full): how often its containers were started again
 */
char *
lab_pod_dup_restarts (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  gint64 restarts = 0;

  for (guint i = 0; i < base_json_get_length (statuses); i++)
    restarts += base_json_get_int (json_array_get_element (statuses, i), 0, "restartCount", NULL);

  return g_strdup_printf ("%" G_GINT64_FORMAT, restarts);
}
