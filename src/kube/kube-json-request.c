/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-json-request.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "kube-body.h"
#include "kube-error.h"

#define MAX_BODY_BYTES (64 * 1024 * 1024)
/* about a millisecond's worth of parsing */
#define MAX_INLINE_BYTES (64 * 1024)

static JsonNode *
parse (GBytes *body, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  JsonNode *node;

  /* a 204, or a DELETE that has nothing to say */
  if (length == 0)
    return json_node_new (JSON_NODE_NULL);
  node = base_json_parse (data, (gssize)length, NULL);
  if (node == NULL)
    g_set_error_literal (
      error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
      _ ("The server's answer is not that of a Kubernetes API, or was cut off."));
  return node;
}

static void
parse_and_return (GTask *task, GBytes *body)
{
  GError *error = NULL;
  JsonNode *node = parse (body, &error);

  if (node != NULL)
    g_task_return_pointer (task, node, (GDestroyNotify)json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
parse_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  parse_and_return (task, task_data);
}

static void
body_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  gboolean truncated;
  g_autoptr (GBytes) body =
    kube_body_read_finish (G_INPUT_STREAM (object), result, &truncated, &error);

  if (body == NULL) {
    g_task_return_error (task, error);
  } else if (truncated) {
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                             _ ("The server's answer is larger than %d MB."),
                             MAX_BODY_BYTES / (1024 * 1024));
  } else if (g_bytes_get_size (body) <= MAX_INLINE_BYTES) {
    parse_and_return (task, body);
  } else {
    g_task_set_task_data (task, g_steal_pointer (&body), (GDestroyNotify)g_bytes_unref);
    g_task_run_in_thread (task, parse_in_thread);
  }
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    kube_transport_send_finish (KUBE_TRANSPORT (object), result, &error);

  if (stream == NULL)
    g_task_return_error (task, error);
  else
    kube_body_read_async (stream, MAX_BODY_BYTES, cancellable, body_cb, g_steal_pointer (&task));
}

/**
 * kube_json_request_async:
 * @transport: how to send it
 * @request: what to send; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer is there
 * @user_data: data for @callback
 */
void
kube_json_request_async (KubeTransport *transport,
                         const KubeRequest *request,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (transport, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_json_request_async);
  kube_transport_send_async (transport, request, cancellable, sent_cb, g_steal_pointer (&task));
}

/**
 * kube_json_request_finish:
 * @transport: how it was sent
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the answer, a JSON null where it was empty; %NULL with an
 *   error of %KUBE_ERROR
 */
JsonNode *
kube_json_request_finish (KubeTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
