/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-subresources.h"

#include "base-json.h"
#include "practice-status.h"

#define KUBELET_PORT 10250

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static gboolean
has_container (JsonNode *pod, const char *name)
{
  const char *members[] = { "containers", "initContainers" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonArray *containers = base_json_get_array (pod, "spec", members[i], NULL);

    for (guint j = 0; j < get_length (containers); j++) {
      if (g_strcmp0 (base_json_get_string (json_array_get_element (containers, j), "name", NULL),
                     name) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

/* The container that is meant; NULL with a Status. */
static const char *
find_container (JsonNode *pod, PracticeRequest *request, GError **error)
{
  const char *pod_name = base_json_get_string (pod, "metadata", "name", NULL);
  const char *wanted = practice_request_get (request, "container");
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  if (wanted != NULL && *wanted != '\0') {
    if (has_container (pod, wanted))
      return wanted;
    practice_status_set_bad_request (error, "container %s is not valid for pod %s", wanted,
                                     pod_name);
    return NULL;
  }
  if (get_length (containers) == 1)
    return base_json_get_string (json_array_get_element (containers, 0), "name", NULL);
  for (guint i = 0; i < get_length (containers); i++)
    g_string_append_printf (
      names, "%s%s", i > 0 ? " " : "",
      base_json_get_string (json_array_get_element (containers, i), "name", NULL));
  practice_status_set_bad_request (
    error, "a container name must be specified for pod %s, choose one of: [%s]", pod_name,
    names->str);
  return NULL;
}

static JsonNode *
find_container_status (JsonNode *pod, const char *name)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  for (guint i = 0; i < get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);

    if (g_strcmp0 (base_json_get_string (status, "name", NULL), name) == 0)
      return status;
  }
  return NULL;
}

static gboolean
check_started (JsonNode *pod, const char *container, GError **error)
{
  JsonNode *status = find_container_status (pod, container);
  const char *waiting = base_json_get_string (status, "state", "waiting", "reason", NULL);

  if (waiting == NULL)
    return TRUE;
  practice_status_set_bad_request (error, "container \"%s\" in pod \"%s\" is waiting to start: %s",
                                   container, base_json_get_string (pod, "metadata", "name", NULL),
                                   waiting);
  return FALSE;
}

/* What stands between the server and a pod's container is the kubelet of its node, and none listens
 * here: said as a real server says it. */
static void
set_no_kubelet (JsonNode *pod, const char *path, const char *container, GError **error)
{
  const char *host = base_json_get_string (pod, "status", "hostIP", NULL);
  const char *node = base_json_get_string (pod, "spec", "nodeName", NULL);
  g_autofree char *words = NULL;

  if (node == NULL) {
    practice_status_set_bad_request (error, "pod %s does not have a host assigned",
                                     base_json_get_string (pod, "metadata", "name", NULL));
    return;
  }
  if (host == NULL)
    host = node;
  words = g_strdup_printf (
    "Get \"https://%s:%d/%s/%s/%s/%s\": dial tcp %s:%d: connect: connection "
    "refused",
    host, KUBELET_PORT, path, base_json_get_string (pod, "metadata", "namespace", NULL),
    base_json_get_string (pod, "metadata", "name", NULL), container, host, KUBELET_PORT);
  practice_status_set_internal (error, words);
}

static PracticeAnswer *
evict (PracticeObjects *objects,
       PracticeResource *resource,
       PracticeRequest *request,
       GError **error)
{
  PracticeDeletion deletion = { .grace_seconds = -1 };
  g_autoptr (JsonNode) pod = NULL;
  g_autoptr (JsonNode) status = NULL;
  gboolean removed;

  pod = practice_objects_delete (objects, resource, request->namespace_, request->name, &deletion,
                                 &removed, error);
  if (pod == NULL)
    return NULL;
  status = practice_status_new_deleted (resource, pod);
  return practice_answer_new_node (201, status);
}

/**
 * practice_pod_subresources_handle:
 * @objects: the objects
 * @request: the request
 * @error: return location
 *
 * Answers a request for log, exec, attach, portforward or eviction.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_pod_subresources_handle (PracticeObjects *objects,
                                  PracticeRequest *request,
                                  GError **error)
{
  PracticeResource *resource =
    practice_registry_find_stored (practice_objects_get_registry (objects), "/pods");
  JsonNode *pod =
    practice_objects_find (objects, resource, request->namespace_, request->name, error);
  gboolean is_log = g_str_equal (request->subresource, "log");
  const char *container;

  if (pod == NULL)
    return NULL;
  if (g_str_equal (request->subresource, "eviction"))
    return evict (objects, resource, request, error);
  container = find_container (pod, request, error);
  if (container == NULL || (is_log && !check_started (pod, container, error)))
    return NULL;
  set_no_kubelet (pod, is_log ? "containerLogs" : request->subresource, container, error);
  return NULL;
}
