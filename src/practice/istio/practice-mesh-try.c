/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-call-private.h"

#include "base-metadata.h"
#include "base-source.h"
#include "practice-sidecar.h"

/* The tries of a call: each goes to one pod, and ends with an answer, an error or its time. */

/* Istio's default for connectionPool.tcp.connectTimeout. */
#define CONNECT_SECONDS 10

/* One try: its end is of no interest once there is another, or the call is over. */
typedef struct {
  GTask *task;          /* (owned) */
  GCancellable *trying; /* (owned) */
} Try;

void
practice_mesh_try_end (PracticeMeshCall *self)
{
  base_source_clear (&self->try_timeout);
  base_source_clear (&self->connect_timeout);
  if (self->trying != NULL)
    g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
  g_clear_pointer (&self->ticket, practice_mesh_ticket_free);
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
  PracticeMeshCall *self = g_task_get_task_data (task);
  PracticeHttpResponse *response = practice_http_response_new_bytes (
    practice_http_response_get_status (given), NULL, practice_http_response_get_body (given));
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);
  g_autofree char *time =
    g_strdup_printf ("%" G_GINT64_FORMAT, (g_get_monotonic_time () - self->sent) / 1000);

  soup_message_headers_foreach (practice_http_response_get_headers (given), copy_header_cb,
                                headers);
  soup_message_headers_replace (headers, "x-envoy-upstream-service-time", time);
  practice_mesh_call_return (task, response, NULL);
}

static gboolean
rested_cb (gpointer user_data)
{
  PracticeMeshCall *self = g_task_get_task_data (user_data);

  base_source_clear (&self->step);
  practice_mesh_try_send (user_data);
  return G_SOURCE_REMOVE;
}

/* FALSE: there is no try left. */
static gboolean
try_again (GTask *task)
{
  PracticeMeshCall *self = g_task_get_task_data (task);

  if (self->n_tries > self->decision->retries.attempts)
    return FALSE;
  self->step = practice_mesh_call_start_timer (
    task, practice_mesh_retries_draw_rest (self->n_tries), rested_cb);
  return TRUE;
}

/* What the pod of this try is to be thought of. */
void
practice_mesh_try_count_answer (PracticeMeshCall *self, guint status)
{
  practice_mesh_count_answer (self->mesh, self->pod, self->decision->upstream, self->endpoint,
                              status);
}

static void
fail_try (GTask *task, gboolean is_connect_failure)
{
  PracticeMeshCall *self = g_task_get_task_data (task);

  practice_mesh_try_count_answer (self, 503);
  practice_mesh_try_end (self);
  if (practice_mesh_retries_want_end (&self->decision->retries, is_connect_failure) &&
      try_again (task))
    return;
  practice_mesh_call_answer (task, 503,
                             is_connect_failure
                               ? "upstream connect error or disconnect/reset before headers. reset "
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
  PracticeMeshCall *self = g_task_get_task_data (own->task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  if (self->is_done || self->trying != own->trying)
    return;
  if (response == NULL) {
    fail_try (own->task, !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED));
    return;
  }
  practice_mesh_try_count_answer (self, practice_http_response_get_status (response));
  practice_mesh_try_end (self);
  if (practice_mesh_retries_want_status (&self->decision->retries,
                                         practice_http_response_get_status (response)) &&
      try_again (own->task))
    return;
  pass_on (own->task, response);
}

static gboolean
try_timeout_cb (gpointer user_data)
{
  PracticeMeshCall *self = g_task_get_task_data (user_data);

  practice_mesh_try_count_answer (self, 504);
  practice_mesh_try_end (self);
  if (!practice_mesh_retries_want_end (&self->decision->retries, FALSE) || !try_again (user_data))
    practice_mesh_call_answer (user_data, 504, "upstream request timeout", "UT");
  return G_SOURCE_REMOVE;
}

static const PracticePeer *
get_peer (PracticeMeshCall *self)
{
  return practice_http_request_get_peer (self->request);
}

/* Where a policy that was in the way is gone, the connection is there by now. */
static gboolean
connect_timeout_cb (gpointer user_data)
{
  PracticeMeshCall *self = g_task_get_task_data (user_data);

  base_source_clear (&self->connect_timeout);
  if (!practice_fabric_allows (practice_mesh_get_fabric (self->mesh), get_peer (self),
                               self->endpoint->address, self->endpoint->port))
    fail_try (user_data, TRUE);
  return G_SOURCE_REMOVE;
}

static void
send_now (GTask *task)
{
  PracticeMeshCall *self = g_task_get_task_data (task);
  PracticeFabric *fabric = practice_mesh_get_fabric (self->mesh);
  Try *own;

  self->endpoint = practice_mesh_next_endpoint (
    self->mesh, self->proxy, base_metadata_get_namespace (self->pod), self->decision->upstream);
  if (self->endpoint == NULL) {
    practice_mesh_try_end (self);
    practice_mesh_call_answer (task, 503, "no healthy upstream", "UH");
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
    self->try_timeout =
      practice_mesh_call_start_timer (task, self->decision->retries.try_timeout, try_timeout_cb);
  if (!practice_fabric_allows (fabric, get_peer (self), self->endpoint->address,
                               self->endpoint->port))
    self->connect_timeout =
      practice_mesh_call_start_timer (task, CONNECT_SECONDS * G_USEC_PER_SEC, connect_timeout_cb);
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
    503, PRACTICE_MESH_TEXT,
    "upstream connect error or disconnect/reset before headers. reset reason: overflow");

  soup_message_headers_replace (practice_http_response_get_headers (response), "x-envoy-overloaded",
                                "true");
  practice_mesh_call_return (task, response, "UO");
}

/* Past a circuit breaker where a DestinationRule sets one. */
void
practice_mesh_try_send (GTask *task)
{
  PracticeMeshCall *self = g_task_get_task_data (task);
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
