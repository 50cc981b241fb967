/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-subresources.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-handler.h"
#include "practice-pod-exec.h"
#include "practice-pod-forward.h"
#include "practice-pod-log.h"
#include "practice-pod-target.h"
#include "practice-status.h"

#define KUBELET_PORT 10250

/* What stands between the server and a pod's container is the kubelet of its node, and none listens
 * here: said as a real server says it. */
static void
set_no_kubelet (JsonNode *pod, const char *path, const char *container, GError **error)
{
  const char *host = base_json_get_string (pod, "status", "hostIP", NULL);
  g_autofree char *words = NULL;

  if (!practice_pod_target_check_node (pod, error))
    return;
  if (host == NULL)
    host = base_json_get_string (pod, "spec", "nodeName", NULL);
  words = g_strdup_printf ("Get \"https://%s:%d/%s/%s/%s/%s\": dial tcp %s:%d: connect: connection "
                           "refused",
                           host, KUBELET_PORT, path, base_metadata_get_namespace (pod),
                           base_metadata_get_name (pod), container, host, KUBELET_PORT);
  practice_status_set_internal (error, words);
}

/**
 * practice_pod_subresources_wants:
 * @request: a request for a resource
 *
 * Returns: whether it is for what runs in a pod
 */
gboolean
practice_pod_subresources_wants (PracticeRequest *request)
{
  static const char *const names[] = { "attach", "exec", "log", "portforward", NULL };

  return *request->group == '\0' && g_str_equal (request->plural, "pods") &&
         request->subresource != NULL && g_strv_contains (names, request->subresource);
}

/**
 * practice_pod_subresources_serve:
 * @objects: the objects
 * @runtime: (nullable): where programs run
 * @request: a request that practice_pod_subresources_wants()
 * @message: gets the answer
 * @error: return location
 *
 * Answers a request for what runs in a pod.
 *
 * Returns: %FALSE with a Status, and nothing sent
 */
gboolean
practice_pod_subresources_serve (PracticeObjects *objects,
                                 PracticeContainerRuntime *runtime,
                                 PracticeRequest *request,
                                 SoupServerMessage *message,
                                 GError **error)
{
  const PracticeVersion *version;
  PracticeResource *resource = practice_handler_find_resource (
    practice_objects_get_registry (objects), request, &version, error);
  gboolean is_log = g_str_equal (request->subresource, "log");
  JsonNode *pod;
  const char *container;

  if (resource == NULL)
    return FALSE;
  if (is_log && request->verb != PRACTICE_VERB_GET) {
    practice_status_set_method_not_allowed (error, resource,
                                            practice_request_get_verb_name (request));
    return FALSE;
  }
  pod = practice_objects_find (objects, resource, request->namespace_, request->name, error);
  if (pod == NULL)
    return FALSE;
  if (is_log && runtime != NULL)
    return practice_pod_log_serve (practice_container_runtime_get_logs (runtime), pod, request,
                                   message, error);
  if (runtime != NULL &&
      (g_str_equal (request->subresource, "exec") || g_str_equal (request->subresource, "attach")))
    return practice_pod_exec_serve (runtime, pod, request, message, error);
  if (runtime != NULL && g_str_equal (request->subresource, "portforward"))
    return practice_pod_forward_serve (runtime, pod, message, error);
  container = practice_pod_target_find_container (pod, request, error);
  if (container != NULL)
    set_no_kubelet (pod, is_log ? "containerLogs" : request->subresource, container, error);
  return FALSE;
}
