/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-call.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-source.h"
#include "practice-mesh-decision.h"
#include "practice-mesh-mirror.h"
#include "practice-sidecar.h"

/* Istio's default for connectionPool.tcp.connectTimeout. */
#define CONNECT_SECONDS 10

#define TEXT "text/plain"

/* What an application may ask of its proxy; none of it goes further. */
#define TIMEOUT_HEADER "x-envoy-upstream-rq-timeout-ms"
static const char *const asked_of_proxy[] = {
  TIMEOUT_HEADER,
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-max-retries",
  "x-envoy-retry-on",
};

/* A request on its way; data of its GTask. */
typedef struct {
  PracticeMesh *mesh;             /* (owned) */
  PracticeHttpRequest *request;   /* (owned): as it goes on */
  PracticeMeshDecision *decision; /* (owned) */
  JsonNode *pod;                  /* (owned): whose proxy this is */
  char *proxy;                    /* (owned): "NAMESPACE/POD" */
  const char *server;             /* interned */
  gint64 started;
  gint64 sent; /* to the pod that answers */

  /* in progress */
  guint n_tries;
  PracticeMeshEndpoint *endpoint; /* of the decision */
  GCancellable *trying;           /* (nullable) (owned): the present try */
  PracticeMeshTicket *ticket;     /* (nullable) (owned): its connection, or its place in the line */
  GSource *step;                  /* (nullable) (owned): a delay, or a rest between tries */
  GSource *timeout;               /* (nullable) (owned): of all tries */
  GSource *try_timeout;           /* (nullable) (owned): of the present one */
  GSource *connect_timeout;       /* (nullable) (owned): likewise */
  GSource *cancelled;             /* (nullable) (owned) */
  gboolean is_done;
} Call;

/* One try: its end is of no interest once there is another, or the call is over. */
typedef struct {
  GTask *task;          /* (owned) */
  GCancellable *trying; /* (owned) */
} Try;

static void try_to_send (GTask *task);

static void
end_try (Call *self)
{
  base_source_clear (&self->try_timeout);
  base_source_clear (&self->connect_timeout);
  if (self->trying != NULL)
    g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
  g_clear_pointer (&self->ticket, practice_mesh_ticket_free);
}

static void
call_free (gpointer data)
{
  Call *self = data;

  end_try (self);
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
static GSource *
start_timer (GTask *task, gint64 microseconds, GSourceFunc callback)
{
  GSource *source = g_timeout_source_new (0);

  g_source_set_ready_time (source, g_get_monotonic_time () + microseconds);
  g_source_set_callback (source, callback, task, NULL);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

static void
count (Call *self, guint status, const char *flags)
{
  practice_mesh_telemetry_record (
    practice_mesh_get_telemetry (self->mesh), self->pod,
    self->endpoint != NULL ? self->endpoint->pod : NULL, self->decision->host, status, flags,
    practice_mesh_is_mutual_tls (self->mesh, self->pod, self->decision->upstream),
    g_get_monotonic_time () - self->started);
}

/* Ends all that is under way. */
static void
stop (Call *self)
{
  self->is_done = TRUE;
  end_try (self);
  base_source_clear (&self->step);
  base_source_clear (&self->timeout);
  base_source_clear (&self->cancelled);
}

/* Takes @response, and the call's own reference. */
static void
finish (GTask *owned, PracticeHttpResponse *response, const char *flags)
{
  g_autoptr (GTask) task = owned;
  Call *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);

  stop (self);
  practice_mesh_decision_change_headers (self->decision, "response", headers);
  soup_message_headers_replace (headers, "server", self->server);
  count (self, practice_http_response_get_status (response), flags);
  g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
}

static void
answer (GTask *task, guint status, const char *text, const char *flags)
{
  PracticeHttpResponse *response =
    practice_http_response_new (status, *text != '\0' ? TEXT : NULL, text);
  Call *self = g_task_get_task_data (task);

  if (self->decision->location != NULL)
    soup_message_headers_replace (practice_http_response_get_headers (response), "location",
                                  self->decision->location);
  finish (task, response, flags);
}

static void
copy_header_cb (const char *name, const char *value, gpointer user_data)
{
  soup_message_headers_append (user_data, name, value);
}

/* The pod's own answer, which is not ours to change, with what a proxy adds. */
static void
pass_on (GTask *task, PracticeHttpResponse *given)
{
  Call *self = g_task_get_task_data (task);
  PracticeHttpResponse *response = practice_http_response_new_bytes (
    practice_http_response_get_status (given), NULL, practice_http_response_get_body (given));
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);
  g_autofree char *time =
    g_strdup_printf ("%" G_GINT64_FORMAT, (g_get_monotonic_time () - self->sent) / 1000);

  soup_message_headers_foreach (practice_http_response_get_headers (given), copy_header_cb,
                                headers);
  soup_message_headers_replace (headers, "x-envoy-upstream-service-time", time);
  finish (task, response, NULL);
}

static gboolean
rested_cb (gpointer user_data)
{
  Call *self = g_task_get_task_data (user_data);

  base_source_clear (&self->step);
  try_to_send (user_data);
  return G_SOURCE_REMOVE;
}

/* FALSE: there is no try left. */
static gboolean
try_again (GTask *task)
{
  Call *self = g_task_get_task_data (task);

  if (self->n_tries > self->decision->retries.attempts)
    return FALSE;
  self->step = start_timer (task, practice_mesh_retries_draw_rest (self->n_tries), rested_cb);
  return TRUE;
}

/* What the pod of this try is to be thought of. */
static void
count_answer (Call *self, guint status)
{
  practice_mesh_count_answer (self->mesh, self->pod, self->decision->upstream, self->endpoint,
                              status);
}

static void
fail_try (GTask *task, gboolean is_connect_failure)
{
  Call *self = g_task_get_task_data (task);

  count_answer (self, 503);
  end_try (self);
  if (practice_mesh_retries_want_end (&self->decision->retries, is_connect_failure) &&
      try_again (task))
    return;
  answer (task, 503,
          is_connect_failure ? "upstream connect error or disconnect/reset before headers. reset "
                               "reason: connection failure"
                             : "upstream connect error or disconnect/reset before headers. reset "
                               "reason: connection termination",
          is_connect_failure ? "UF" : "UC");
}

static void
try_free (Try *self)
{
  g_clear_object (&self->task);
  g_clear_object (&self->trying);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Try, try_free)

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Try) own = user_data;
  Call *self = g_task_get_task_data (own->task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  if (self->is_done || self->trying != own->trying)
    return;
  if (response == NULL) {
    fail_try (own->task, !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED));
    return;
  }
  count_answer (self, practice_http_response_get_status (response));
  end_try (self);
  if (practice_mesh_retries_want_status (&self->decision->retries,
                                         practice_http_response_get_status (response)) &&
      try_again (own->task))
    return;
  pass_on (own->task, response);
}

static gboolean
try_timeout_cb (gpointer user_data)
{
  Call *self = g_task_get_task_data (user_data);

  count_answer (self, 504);
  end_try (self);
  if (!practice_mesh_retries_want_end (&self->decision->retries, FALSE) || !try_again (user_data))
    answer (user_data, 504, "upstream request timeout", "UT");
  return G_SOURCE_REMOVE;
}

static const PracticePeer *
get_peer (Call *self)
{
  return practice_http_request_get_peer (self->request);
}

/* Where a policy that was in the way is gone, the connection is there by now. */
static gboolean
connect_timeout_cb (gpointer user_data)
{
  Call *self = g_task_get_task_data (user_data);

  base_source_clear (&self->connect_timeout);
  if (!practice_fabric_allows (practice_mesh_get_fabric (self->mesh), get_peer (self),
                               self->endpoint->address, self->endpoint->port))
    fail_try (user_data, TRUE);
  return G_SOURCE_REMOVE;
}

static void
send_now (GTask *task)
{
  Call *self = g_task_get_task_data (task);
  PracticeFabric *fabric = practice_mesh_get_fabric (self->mesh);
  Try *own;

  self->endpoint = practice_mesh_next_endpoint (
    self->mesh, self->proxy, base_metadata_get_namespace (self->pod), self->decision->upstream);
  if (self->endpoint == NULL) {
    end_try (self);
    answer (task, 503, "no healthy upstream", "UH");
    return;
  }
  /* A pod without a proxy has nothing that speaks TLS. */
  if (practice_mesh_is_mutual_tls (self->mesh, self->pod, self->decision->upstream) &&
      !practice_sidecar_is_in (self->endpoint->pod)) {
    fail_try (task, TRUE);
    return;
  }
  self->trying = g_cancellable_new ();
  self->sent = g_get_monotonic_time ();
  if (self->decision->retries.try_timeout > 0)
    self->try_timeout = start_timer (task, self->decision->retries.try_timeout, try_timeout_cb);
  if (!practice_fabric_allows (fabric, get_peer (self), self->endpoint->address,
                               self->endpoint->port))
    self->connect_timeout =
      start_timer (task, CONNECT_SECONDS * G_USEC_PER_SEC, connect_timeout_cb);
  own = g_new0 (Try, 1);
  own->task = g_object_ref (task);
  own->trying = g_object_ref (self->trying);
  practice_fabric_send_async (fabric, self->request, self->endpoint->address, self->endpoint->port,
                              self->trying, sent_cb, own);
}

static void
granted_cb (gpointer user_data)
{
  send_now (user_data);
}

static void
answer_overflow (GTask *task)
{
  PracticeHttpResponse *response = practice_http_response_new (
    503, TEXT, "upstream connect error or disconnect/reset before headers. reset reason: overflow");

  soup_message_headers_replace (practice_http_response_get_headers (response), "x-envoy-overloaded",
                                "true");
  finish (task, response, "UO");
}

/* Past a circuit breaker where a DestinationRule sets one. */
static void
try_to_send (GTask *task)
{
  Call *self = g_task_get_task_data (task);
  PracticeMeshUpstream *upstream = self->decision->upstream;
  JsonNode *policy = practice_mesh_config_find_policy (
    practice_mesh_get_config (self->mesh), base_metadata_get_namespace (self->pod), upstream->host,
    upstream->subset, "connectionPool");
  g_autofree char *key = NULL;

  self->n_tries++;
  if (policy == NULL) {
    send_now (task);
    return;
  }
  key = g_strconcat (self->proxy, " ", upstream->name, NULL);
  self->ticket = practice_mesh_breakers_enter (practice_mesh_get_breakers (self->mesh), key, policy,
                                               granted_cb, task);
  if (self->ticket == NULL)
    answer_overflow (task);
  else if (practice_mesh_ticket_is_granted (self->ticket))
    send_now (task);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Call *self = g_task_get_task_data (user_data);

  if (self->trying != NULL)
    count_answer (self, 504);
  answer (user_data, 504, "upstream request timeout", "UT");
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *self = g_task_get_task_data (task);

  stop (self);
  count (self, 0, "DC");
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
watch_caller (GTask *task)
{
  Call *self = g_task_get_task_data (task);

  if (g_task_get_cancellable (task) == NULL)
    return;
  self->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (self->cancelled, g_task_get_context (task));
}

static void
go_on (GTask *task)
{
  Call *self = g_task_get_task_data (task);
  PracticeMeshDecision *decision = self->decision;

  if (decision->abort_status != 0) {
    answer (task, decision->abort_status, "fault filter abort", "FI");
    return;
  }
  if (decision->status != 0) {
    answer (task, decision->status,
            g_strcmp0 (decision->flags, "UH") == 0 ? "no healthy upstream" : "", decision->flags);
    return;
  }
  if (decision->timeout > 0)
    self->timeout = start_timer (task, decision->timeout, timeout_cb);
  if (decision->mirror != NULL)
    practice_mesh_mirror (self->mesh, self->pod, decision->mirror, self->request);
  try_to_send (task);
}

static gboolean
delayed_cb (gpointer user_data)
{
  Call *self = g_task_get_task_data (user_data);

  base_source_clear (&self->step);
  go_on (user_data);
  return G_SOURCE_REMOVE;
}

/* What the application says of its own patience counts instead of the rule's. */
static void
read_asked_timeout (Call *self)
{
  const char *text = practice_http_request_get_header (self->request, TIMEOUT_HEADER);
  guint64 milliseconds;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &milliseconds, NULL))
    self->decision->timeout = (gint64)milliseconds * 1000;
}

static void
prepare_request (Call *self, const PracticeMeshOrigin *origin)
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
decide (Call *self, const PracticeMeshOrigin *origin)
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

static Call *
new_call (PracticeMesh *mesh, PracticeHttpRequest *request, const PracticeMeshOrigin *origin)
{
  Call *self = g_new0 (Call, 1);

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
  Call *self;

  g_task_set_source_tag (task, practice_mesh_call_async);
  /* An answer that is there stays one. */
  g_task_set_check_cancellable (task, FALSE);
  self = new_call (mesh, request, origin);
  g_task_set_task_data (task, self, call_free);
  watch_caller (task);
  if (self->decision->delay > 0)
    self->step = start_timer (task, self->decision->delay, delayed_cb);
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
