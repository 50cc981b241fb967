/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-probe.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-exec-probe.h"
#include "practice-http-call.h"
#include "practice-socket-probe.h"

#define AGENT "kube-probe/1.15"

/* What is asked. */
typedef struct {
  char *url; /* (nullable): NULL: only a connection */
  char *address;
  guint16 port;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->url);
  g_free (self->address);
  g_free (self);
}

/* In the words of Go's net and net/http. */
static void
return_failure (GTask *task, const GError *error)
{
  Question *question = g_task_get_task_data (task);
  g_autofree char *prefix =
    question->url != NULL ? g_strdup_printf ("Get %s: ", question->url) : g_strdup ("");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && question->url != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                             "%snet/http: request canceled (Client.Timeout exceeded while awaiting "
                             "headers)",
                             prefix);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "dial tcp %s:%u: i/o timeout",
                             question->address, question->port);
  else if (question->url == NULL ||
           g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                             "%sdial tcp %s:%u: connect: connection refused", prefix,
                             question->address, question->port);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%sEOF", prefix);
}

static void
return_status (GTask *task, guint status)
{
  if (status < 200 || status >= 400)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "HTTP probe failed with statuscode: %u", status);
  else
    g_task_return_boolean (task, TRUE);
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

  return base_json_get_int (base_json_find_named (ports, name), 0, "containerPort", NULL);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = practice_http_call_finish (result, &error);

  if (response != NULL)
    return_status (task, practice_http_response_get_status (response));
  else
    return_failure (task, error);
}

static void
socket_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  int status = practice_socket_probe_finish (result, &error);

  if (error != NULL)
    return_failure (task, error);
  else if (question->url != NULL)
    return_status (task, status);
  else
    g_task_return_boolean (task, TRUE);
}

static void
executed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (practice_exec_probe_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static PracticeHttpRequest *
new_request (JsonNode *pod, JsonNode *action, guint16 port)
{
  const char *path = base_json_get_string (action, "path", NULL);
  JsonArray *extra = base_json_get_array (action, "httpHeaders", NULL);
  const char *node = base_json_get_string (pod, "status", "hostIP", NULL);
  g_autoptr (PracticePeer) peer = practice_peer_new (node != NULL ? node : "", NULL, NULL);
  g_autofree char *host =
    g_strdup_printf ("%s:%u", base_json_get_string (pod, "status", "podIP", NULL), port);
  PracticeHttpRequest *request =
    practice_http_request_new (peer, "GET", host, path != NULL ? path : "/", NULL);
  SoupMessageHeaders *headers = practice_http_request_get_headers (request);

  soup_message_headers_replace (headers, "User-Agent", AGENT);
  for (guint i = 0; i < base_json_get_length (extra); i++) {
    JsonNode *header = json_array_get_element (extra, i);
    const char *name = base_json_get_string (header, "name", NULL);
    const char *value = base_json_get_string (header, "value", NULL);

    if (name != NULL && value != NULL)
      soup_message_headers_replace (headers, name, value);
  }

  return request;
}

static void
set_question (GTask *task, JsonNode *pod, PracticeHttpRequest *request, guint16 port)
{
  Question *question = g_new0 (Question, 1);

  question->address = g_strdup (base_json_get_string (pod, "status", "podIP", NULL));
  question->port = port;
  if (request != NULL)
    question->url = g_strdup_printf ("http://%s:%u%s", question->address, port,
                                     practice_http_request_get_target (request));
  g_task_set_task_data (task, question, question_free);
}

/* @request (nullable): only whether something listens. */
static void
ask_program (GTask *task, PracticeProgram *program, PracticeHttpRequest *request, guint ms)
{
  g_autoptr (GError) refused = NULL;

  if (program == NULL || (request != NULL && !practice_program_speaks_http (program))) {
    g_set_error_literal (&refused, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "refused");
    return_failure (task, refused);
  } else if (request == NULL) {
    g_task_return_boolean (task, TRUE);
  } else {
    practice_http_call_async (PRACTICE_HTTP_HANDLER (program), request, ms,
                              g_task_get_cancellable (task), answered_cb, g_object_ref (task));
  }
}

static void
execute (GTask *task,
         PracticeContainerRuntime *runtime,
         JsonNode *pod,
         const char *container,
         JsonNode *action,
         guint ms)
{
  JsonArray *words = base_json_get_array (action, "command", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;

  for (guint i = 0; i < base_json_get_length (words); i++)
    g_strv_builder_add (builder, json_array_get_string_element (words, i));
  argv = g_strv_builder_end (builder);
  if (runtime == NULL || argv[0] == NULL)
    g_task_return_boolean (task, TRUE);
  else
    practice_exec_probe_async (runtime, pod, container, (const char *const *)argv, ms,
                               g_task_get_cancellable (task), executed_cb, g_object_ref (task));
}

/**
 * practice_probe_async:
 * @workloads: what stands in for programs in the pods
 * @runtime: (nullable): where programs really run
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
                      PracticeContainerRuntime *runtime,
                      JsonNode *pod,
                      JsonNode *container,
                      JsonNode *probe,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  JsonNode *http = base_json_get (probe, "httpGet", NULL);
  JsonNode *tcp = base_json_get (probe, "tcpSocket", NULL);
  JsonNode *exec = base_json_get (probe, "exec", NULL);
  guint ms = CLAMP (base_json_get_int (probe, 1, "timeoutSeconds", NULL), 1, 3600) * 1000;
  guint16 port = find_port (container, http != NULL ? http : tcp);
  const char *uid = base_metadata_get_uid (pod);
  const char *name = base_json_get_string (container, "name", NULL);
  g_autoptr (PracticeHttpRequest) request = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PRACTICE_IS_WORKLOADS (workloads));
  g_return_if_fail (runtime == NULL || PRACTICE_IS_CONTAINER_RUNTIME (runtime));

  task = g_task_new (workloads, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_probe_async);
  if (http != NULL)
    request = new_request (pod, http, port);
  set_question (task, pod, request, port);

  if (exec != NULL)
    execute (task, runtime, pod, name, exec, ms);
  else if (http == NULL && tcp == NULL)
    g_task_return_boolean (task, TRUE);
  else if (runtime == NULL || practice_workloads_has (workloads, uid, name))
    ask_program (task, practice_workloads_find (workloads, uid, port), request, ms);
  else
    practice_socket_probe_async (runtime, pod, port, request, ms, cancellable, socket_cb,
                                 g_object_ref (task));
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
