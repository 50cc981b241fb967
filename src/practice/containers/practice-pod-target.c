/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-target.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-status.h"

static char *
dup_names (JsonArray *containers)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    g_string_append_printf (
      names, "%s%s", i > 0 ? " " : "",
      base_json_get_string (json_array_get_element (containers, i), "name", NULL));
  return g_string_free (names, FALSE);
}

static void
set_must_choose (JsonNode *pod, GError **error)
{
  JsonArray *init = base_json_get_array (pod, "spec", "initContainers", NULL);
  g_autofree char *names = dup_names (base_json_get_array (pod, "spec", "containers", NULL));
  g_autofree char *init_names = dup_names (init);
  const char *pod_name = base_metadata_get_name (pod);

  if (*init_names != '\0')
    practice_status_set_bad_request (error,
                                     "a container name must be specified for pod %s, choose one "
                                     "of: [%s] or one of the init containers: [%s]",
                                     pod_name, names, init_names);
  else
    practice_status_set_bad_request (
      error, "a container name must be specified for pod %s, choose one of: [%s]", pod_name, names);
}

/**
 * practice_pod_target_find_container:
 * @pod: a Pod
 * @request: a request for one of its containers
 * @error: return location
 *
 * Finds the container that is meant: the one that is named, or the only one.
 *
 * Returns: (transfer none) (nullable): its name, or %NULL with a Status
 */
const char *
practice_pod_target_find_container (JsonNode *pod, PracticeRequest *request, GError **error)
{
  const char *wanted = practice_request_get (request, "container");
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  if (wanted != NULL && *wanted != '\0') {
    JsonNode *found = practice_pod_target_get_spec (pod, wanted);

    if (found != NULL)
      return base_json_get_string (found, "name", NULL);
    practice_status_set_bad_request (error, "container %s is not valid for pod %s", wanted,
                                     base_metadata_get_name (pod));
    return NULL;
  }
  if (base_json_get_length (containers) == 1)
    return base_json_get_string (json_array_get_element (containers, 0), "name", NULL);
  set_must_choose (pod, error);
  return NULL;
}

/**
 * practice_pod_target_get_spec:
 * @pod: a Pod
 * @container: a name
 *
 * Returns: (transfer none) (nullable): the container or init container of that name
 */
JsonNode *
practice_pod_target_get_spec (JsonNode *pod, const char *container)
{
  JsonNode *found =
    base_json_find_named (base_json_get_array (pod, "spec", "containers", NULL), container);

  if (found != NULL)
    return found;
  return base_json_find_named (base_json_get_array (pod, "spec", "initContainers", NULL),
                               container);
}

/**
 * practice_pod_target_get_status:
 * @pod: a Pod
 * @container: name of one of its containers
 *
 * Returns: (transfer none) (nullable): its status, where one is known yet
 */
JsonNode *
practice_pod_target_get_status (JsonNode *pod, const char *container)
{
  JsonNode *found = base_json_find_named (
    base_json_get_array (pod, "status", "containerStatuses", NULL), container);

  if (found != NULL)
    return found;
  return base_json_find_named (base_json_get_array (pod, "status", "initContainerStatuses", NULL),
                               container);
}

/**
 * practice_pod_target_check_node:
 * @pod: a Pod
 * @error: return location
 *
 * Returns: whether it is on a node; %FALSE with a Status where it is not yet
 */
gboolean
practice_pod_target_check_node (JsonNode *pod, GError **error)
{
  if (base_json_get_string (pod, "spec", "nodeName", NULL) != NULL)
    return TRUE;
  practice_status_set_bad_request (error, "pod %s does not have a host assigned",
                                   base_metadata_get_name (pod));
  return FALSE;
}

/**
 * practice_pod_target_get_state:
 * @pod: a Pod
 * @container: name of one of its containers
 *
 * Returns: (transfer none) (nullable): "running", "waiting" or "terminated"
 */
const char *
practice_pod_target_get_state (JsonNode *pod, const char *container)
{
  static const char *const states[] = { "running", "waiting", "terminated" };
  JsonNode *status = practice_pod_target_get_status (pod, container);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (base_json_get (status, "state", states[i], NULL) != NULL)
      return states[i];
  return NULL;
}
