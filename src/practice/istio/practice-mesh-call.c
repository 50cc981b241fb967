/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-call-private.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-source.h"
#include "practice-mesh-mirror.h"

/* What an application may ask of its proxy; none of it goes further. */
#define TIMEOUT_HEADER "x-envoy-upstream-rq-timeout-ms"
static const char *const asked_of_proxy[] = {
  TIMEOUT_HEADER,
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-max-retries",
  "x-envoy-retry-on",
};

static void
call_free (gpointer data)
{
  PracticeMeshCall *self = data;

  practice_mesh_try_end (self);
  base_source_clear (&self->step);
  base_source_clear (&self->timeout);
  base_source_clear (&self->cancelled);
  g_clear_pointer (&self->decision, practice_mesh_decision_free);
  practice_http_request_unref (self->request);
  json_node_unref (self->pod);
  g_free (self->proxy);
  g_clear_object (&self->mesh);
  g_free (self);
}

/* The task has one reference of its own until it returns, so that sources need none. */
GSource *
practice_mesh_call_start_timer (GTask *task, gint64 microseconds, GSourceFunc callback)
{
  GSource *source = g_timeout_source_new (0);

  g_source_set_ready_time (source, g_get_monotonic_time () + microseconds);
  g_source_set_callback (source, callback, task, NULL);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

static void
count (PracticeMeshCall *self, guint status, const char *flags)
{
  practice_mesh_telemetry_record (
    practice_mesh_get_telemetry (self->mesh), self->pod,
    self->endpoint != NULL ? self->endpoint->pod : NULL, self->decision->host, status, flags,
    practice_mesh_is_mutual_tls (self->mesh, self->pod, self->decision->upstream),
    g_get_monotonic_time () - self->started);
}

/* Ends all that is under way. */
static void
stop (PracticeMeshCall *self)
{
  self->is_done = TRUE;
  practice_mesh_try_end (self);
  base_source_clear (&self->step);
  base_source_clear (&self->timeout);
  base_source_clear (&self->cancelled);
}

/* Takes @response, and the call's own reference. */
void
practice_mesh_call_return (GTask *owned, PracticeHttpResponse *response, const char *flags)
{
  g_autoptr (GTask) task = owned;
  PracticeMeshCall *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);

  stop (self);
  practice_mesh_decision_change_headers (self->decision, "response", headers);
  soup_message_headers_replace (headers, "server", self->server);
  count (self, practice_http_response_get_status (response), flags);
  g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
}

void
practice_mesh_call_answer (GTask *task, guint status, const char *text, const char *flags)
{
  PracticeHttpResponse *response =
    practice_http_response_new (status, *text != '\0' ? PRACTICE_MESH_TEXT : NULL, text);
  PracticeMeshCall *self = g_task_get_task_data (task);

  if (self->decision->location != NULL)
    soup_message_headers_replace (practice_http_response_get_headers (response), "location",
                                  self->decision->location);
  practice_mesh_call_return (task, response, flags);
}

static gboolean
timeout_cb (gpointer user_data)
{
  PracticeMeshCall *self = g_task_get_task_data (user_data);

  if (self->trying != NULL)
    practice_mesh_try_count_answer (self, 504);
  practice_mesh_call_answer (user_data, 504, "upstream request timeout", "UT");
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PracticeMeshCall *self = g_task_get_task_data (task);

  stop (self);
  count (self, 0, "DC");
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
watch_caller (GTask *task)
{
  PracticeMeshCall *self = g_task_get_task_data (task);

  if (g_task_get_cancellable (task) == NULL)
    return;
  self->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (self->cancelled, g_task_get_context (task));
}

static void
go_on (GTask *task)
{
  PracticeMeshCall *self = g_task_get_task_data (task);
  PracticeMeshDecision *decision = self->decision;

  if (decision->abort_status != 0) {
    practice_mesh_call_answer (task, decision->abort_status, "fault filter abort", "FI");
    return;
  }
  if (decision->status != 0) {
    practice_mesh_call_answer (task, decision->status,
                               g_strcmp0 (decision->flags, "UH") == 0 ? "no healthy upstream" : "",
                               decision->flags);
    return;
  }
  if (decision->timeout > 0)
    self->timeout = practice_mesh_call_start_timer (task, decision->timeout, timeout_cb);
  if (decision->mirror != NULL)
    practice_mesh_mirror (self->mesh, self->pod, decision->mirror, self->request);
  practice_mesh_try_send (task);
}

static gboolean
delayed_cb (gpointer user_data)
{
  PracticeMeshCall *self = g_task_get_task_data (user_data);

  base_source_clear (&self->step);
  go_on (user_data);
  return G_SOURCE_REMOVE;
}

/* What the application says of its own patience counts instead of the rule's. */
static void
read_asked_timeout (PracticeMeshCall *self)
{
  const char *text = practice_http_request_get_header (self->request, TIMEOUT_HEADER);
  guint64 milliseconds;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &milliseconds, NULL))
    self->decision->timeout = (gint64)milliseconds * 1000;
}

static void
prepare_request (PracticeMeshCall *self, const PracticeMeshOrigin *origin)
{
  SoupMessageHeaders *headers = practice_http_request_get_headers (self->request);
  g_autofree char *id = g_uuid_string_random ();

  if (origin->gateways == NULL)
    read_asked_timeout (self);
  for (guint i = 0; i < G_N_ELEMENTS (asked_of_proxy); i++)
    soup_message_headers_remove (headers, asked_of_proxy[i]);
  if (soup_message_headers_get_one (headers, "x-request-id") == NULL)
    soup_message_headers_replace (headers, "x-request-id", id);
  if (soup_message_headers_get_one (headers, "x-forwarded-proto") == NULL)
    soup_message_headers_replace (headers, "x-forwarded-proto", origin->scheme);
  practice_mesh_decision_change_headers (self->decision, "request", headers);
  if (self->decision->authority != NULL)
    soup_message_headers_replace (headers, "Host", self->decision->authority);
  if (self->decision->target != NULL)
    practice_http_request_set_target (self->request, self->decision->target);
}

static void
decide (PracticeMeshCall *self, const PracticeMeshOrigin *origin)
{
  const PracticeMeshQuery query = {
    .gateways = origin->gateways,
    .namespace_ = base_metadata_get_namespace (origin->pod),
    .labels = base_json_get_object (origin->pod, "metadata", "labels", NULL),
    .host = origin->host,
    .authority = practice_http_request_get_host (self->request),
    .port = origin->port,
    .scheme = origin->scheme,
    .method = practice_http_request_get_method (self->request),
    .target = practice_http_request_get_target (self->request),
    .headers = practice_http_request_get_headers (self->request),
  };

  self->decision = practice_mesh_decide (practice_mesh_get_config (self->mesh),
                                         practice_mesh_get_store (self->mesh), &query,
                                         practice_mesh_get_random (self->mesh));
}

static PracticeMeshCall *
new_call (PracticeMesh *mesh, PracticeHttpRequest *request, const PracticeMeshOrigin *origin)
{
  PracticeMeshCall *self = g_new0 (PracticeMeshCall, 1);

  self->mesh = g_object_ref (mesh);
  self->request = practice_http_request_copy (request);
  self->pod = json_node_ref (origin->pod);
  self->proxy = g_strconcat (base_metadata_get_namespace (origin->pod), "/",
                             base_metadata_get_name (origin->pod), NULL);
  self->server = g_intern_string (origin->server);
  self->started = g_get_monotonic_time ();
  decide (self, origin);
  prepare_request (self, origin);
  return self;
}

/**
 * practice_mesh_call_async:
 * @mesh: the mesh
 * @request: a request; its peer is who opens the connections that follow
 * @origin: the proxy that has it
 * @cancellable: (nullable): whoever asks is gone
 * @callback: called at its end
 * @user_data: for @callback
 *
 * Decides where @request goes, then delays, aborts, times out, retries and counts it as Envoy does
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter).
 */
void
practice_mesh_call_async (PracticeMesh *mesh,
                          PracticeHttpRequest *request,
                          const PracticeMeshOrigin *origin,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (mesh, cancellable, callback, user_data);
  PracticeMeshCall *self;

  g_task_set_source_tag (task, practice_mesh_call_async);
  /* An answer that is there stays one. */
  g_task_set_check_cancellable (task, FALSE);
  self = new_call (mesh, request, origin);
  g_task_set_task_data (task, self, call_free);
  watch_caller (task);
  if (self->decision->delay > 0)
    self->step = practice_mesh_call_start_timer (task, self->decision->delay, delayed_cb);
  else
    go_on (task);
}

/**
 * practice_mesh_call_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the answer, of the pod or the proxy; %NULL with
 *   %G_IO_ERROR_CANCELLED
 */
PracticeHttpResponse *
practice_mesh_call_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
