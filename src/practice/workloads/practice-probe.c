/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-probe.h"

#include "base-json.h"
#include "practice-http-call.h"

#define AGENT "kube-probe/1.15"

static void
return_refused (GTask *task, const char *url, const char *address, guint16 port)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                           "%s%sdial tcp %s:%u: connect: connection refused",
                           url != NULL ? "Get " : "", url != NULL ? url : "", address, port);
}

/* A number, or the name of one of the container's ports. */
static guint16
find_port (JsonNode *container, JsonNode *action)
{
  JsonNode *port = base_json_get (action, "port", NULL);
  JsonArray *ports = base_json_get_array (container, "ports", NULL);
  const char *name;

  if (port == NULL || !JSON_NODE_HOLDS_VALUE (port))
    return 0;
  if (json_node_get_value_type (port) == G_TYPE_INT64)
    return json_node_get_int (port);

  name = json_node_get_string (port);
  for (guint i = 0; ports != NULL && i < json_array_get_length (ports); i++) {
    JsonNode *element = json_array_get_element (ports, i);

    if (g_strcmp0 (base_json_get_string (element, "name", NULL), name) == 0)
      return base_json_get_int (element, 0, "containerPort", NULL);
  }

  return 0;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *url = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = practice_http_call_finish (result, &error);
  guint status = response != NULL ? practice_http_response_get_status (response) : 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                             "Get %s: net/http: request canceled (Client.Timeout exceeded while "
                             "awaiting headers)",
                             url);
  else if (error != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "Get %s: EOF", url);
  else if (status < 200 || status >= 400)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "HTTP probe failed with statuscode: %u", status);
  else
    g_task_return_boolean (task, TRUE);
}

static PracticeHttpRequest *
new_request (JsonNode *pod, JsonNode *action, const char *host)
{
  const char *path = base_json_get_string (action, "path", NULL);
  JsonArray *extra = base_json_get_array (action, "httpHeaders", NULL);
  const char *node = base_json_get_string (pod, "status", "hostIP", NULL);
  g_autoptr (PracticePeer) peer = practice_peer_new (node != NULL ? node : "", NULL, NULL);
  PracticeHttpRequest *request =
    practice_http_request_new (peer, "GET", host, path != NULL ? path : "/", NULL);
  SoupMessageHeaders *headers = practice_http_request_get_headers (request);

  soup_message_headers_replace (headers, "User-Agent", AGENT);
  for (guint i = 0; extra != NULL && i < json_array_get_length (extra); i++) {
    JsonNode *header = json_array_get_element (extra, i);
    const char *name = base_json_get_string (header, "name", NULL);
    const char *value = base_json_get_string (header, "value", NULL);

    if (name != NULL && value != NULL)
      soup_message_headers_replace (headers, name, value);
  }

  return request;
}

static void
get (GTask *task, PracticeProgram *program, JsonNode *pod, JsonNode *action, guint16 port, guint ms)
{
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  g_autofree char *host = g_strdup_printf ("%s:%u", address, port);
  g_autoptr (PracticeHttpRequest) request = new_request (pod, action, host);
  g_autofree char *url =
    g_strdup_printf ("http://%s%s", host, practice_http_request_get_target (request));

  if (program == NULL) {
    g_autofree char *prefix = g_strconcat (url, ": ", NULL);

    return_refused (task, prefix, address, port);
    return;
  }
  g_task_set_task_data (task, g_steal_pointer (&url), g_free);
  practice_http_call_async (PRACTICE_HTTP_HANDLER (program), request, ms,
                            g_task_get_cancellable (task), answered_cb, g_object_ref (task));
}

/**
 * practice_probe_async:
 * @workloads: what runs in the pods
 * @pod: a Pod that has an address
 * @container: one of its containers
 * @probe: one of the container's probes
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: data of @callback
 *
 * Asks as the kubelet on the pod's node does: past the NetworkPolicies and the pod's sidecar
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes).
 */
void
practice_probe_async (PracticeWorkloads *workloads,
                      JsonNode *pod,
                      JsonNode *container,
                      JsonNode *probe,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  JsonNode *http = base_json_get (probe, "httpGet", NULL);
  JsonNode *tcp = base_json_get (probe, "tcpSocket", NULL);
  gint64 seconds = base_json_get_int (probe, 1, "timeoutSeconds", NULL);
  guint16 port = find_port (container, http != NULL ? http : tcp);
  PracticeProgram *program;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PRACTICE_IS_WORKLOADS (workloads));

  task = g_task_new (workloads, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_probe_async);
  program =
    practice_workloads_find (workloads, base_json_get_string (pod, "metadata", "uid", NULL), port);
  if (http != NULL)
    get (task, program != NULL && practice_program_speaks_http (program) ? program : NULL, pod,
         http, port, CLAMP (seconds, 1, 3600) * 1000);
  else if (tcp != NULL && program == NULL)
    return_refused (task, NULL, base_json_get_string (pod, "status", "podIP", NULL), port);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * practice_probe_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: whether the container answered well
 */
gboolean
practice_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
