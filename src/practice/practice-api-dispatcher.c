/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-dispatcher.h"

#include "practice-answer.h"
#include "practice-api-proxy.h"
#include "practice-api-service-keeper.h"
#include "practice-authorizer.h"
#include "practice-discovery.h"
#include "practice-handler.h"
#include "practice-openapi.h"
#include "practice-pod-subresources.h"
#include "practice-request.h"
#include "practice-status.h"
#include "practice-watch.h"

/* As a real server's (--max-request-body is fixed at 3 MB). */
#define MAX_BODY (3 * 1024 * 1024)

struct _PracticeApiDispatcher {
  GObject parent_instance;

  PracticeObjects *objects;
  PracticeApiGate *gate;
  PracticeContainerRuntime *runtime; /* (nullable) */
  PracticeFabric *fabric;            /* (nullable) */
};

G_DEFINE_FINAL_TYPE (PracticeApiDispatcher, practice_api_dispatcher, G_TYPE_OBJECT)

/* @request (nullable): a request for no resource is one for a path. */
static gboolean
authorize (PracticeApiDispatcher *self,
           const PracticeUser *user,
           PracticeRequest *request,
           const char *method,
           const char *path,
           GError **error)
{
  PracticeAccess access = { NULL };
  g_autofree char *verb = NULL;

  if (request != NULL) {
    access.verb = practice_request_get_verb_name (request);
    access.group = request->group;
    access.resource = request->plural;
    access.subresource = request->subresource;
    access.name = request->name;
    access.namespace_ = request->namespace_;
    /* A namespace is in itself. */
    if (g_str_equal (request->plural, "namespaces") && *request->group == '\0')
      access.namespace_ = request->name;
  } else {
    verb = g_ascii_strdown (method, -1);
    access.verb = verb;
    access.path = path;
  }
  if (practice_authorizer_allows (practice_objects_get_store (self->objects), user, &access))
    return TRUE;
  practice_status_set_access_denied (error, user, &access);
  return FALSE;
}

static void
add_warnings (SoupMessageHeaders *headers, GPtrArray *warnings)
{
  for (guint i = 0; i < warnings->len; i++) {
    g_autofree char *escaped = g_strescape (warnings->pdata[i], NULL);
    g_autofree char *value = g_strdup_printf ("299 - \"%s\"", escaped);

    soup_message_headers_append (headers, "Warning", value);
  }
}

static void
send_answer (SoupServerMessage *message, PracticeAnswer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, answer->status, NULL);
  soup_message_headers_replace (headers, "Content-Type", answer->content_type);
  soup_message_headers_replace (headers, "Cache-Control", "no-cache, private");
  add_warnings (headers, answer->warnings);
  for (guint i = 0; i < answer->body->len; i++)
    soup_message_body_append_bytes (body, answer->body->pdata[i]);
  soup_message_body_complete (body);
}

/**
 * practice_api_dispatcher_send_error:
 * @message: a request
 * @error: why it is refused
 *
 * Answers with a Status.
 */
void
practice_api_dispatcher_send_error (SoupServerMessage *message, const GError *error)
{
  g_autoptr (PracticeAnswer) answer = practice_answer_new_error (error);

  send_answer (message, answer);
}

/* A server may tell a watch that its version is too old in the stream, or with the answer's status:
 * the fault does the latter. */
static gboolean
is_expired_watch (PracticeApiDispatcher *self,
                  SoupServerMessage *message,
                  PracticeRequest *request,
                  GError **error)
{
  gint64 version = practice_request_get_int (request, "resourceVersion", 0);

  if (version <= 0 || !practice_api_gate_expires_watch (
                        self->gate, g_uri_get_path (soup_server_message_get_uri (message))))
    return FALSE;
  practice_status_set_expired (
    error, (guint64)version,
    practice_store_get_version (practice_objects_get_store (self->objects)));
  return TRUE;
}

static void
handle_resource (PracticeApiDispatcher *self, SoupServerMessage *message, PracticeRequest *request)
{
  g_autoptr (GBytes) body =
    soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (practice_api_proxy_wants (request)) {
    if (!practice_api_proxy_serve (practice_objects_get_store (self->objects), self->fabric,
                                   request, message, &error))
      practice_api_dispatcher_send_error (message, error);
    return;
  }
  if (request->verb == PRACTICE_VERB_WATCH) {
    if (is_expired_watch (self, message, request, &error) ||
        !practice_watch_start (self->objects, request, message, &error))
      practice_api_dispatcher_send_error (message, error);
    return;
  }
  if (practice_pod_subresources_wants (request)) {
    if (!practice_pod_subresources_serve (self->objects, self->runtime, request, message, &error))
      practice_api_dispatcher_send_error (message, error);
    return;
  }
  answer = practice_handler_handle (self->objects, request, body, &error);
  if (answer != NULL)
    send_answer (message, answer);
  else
    practice_api_dispatcher_send_error (message, error);
}

/**
 * practice_api_dispatcher_is_too_large:
 * @message: a request, whole or not
 *
 * Returns: whether it has more of a body than a server takes
 */
gboolean
practice_api_dispatcher_is_too_large (SoupServerMessage *message)
{
  return soup_server_message_get_request_body (message)->length > MAX_BODY;
}

/* (nullable) */
static PracticeAnswer *
answer_about_itself (PracticeApiDispatcher *self,
                     const char *path,
                     const char *accept,
                     const char *agent)
{
  PracticeAnswer *answer =
    practice_discovery_handle (practice_objects_get_registry (self->objects), path, agent);

  return answer != NULL
           ? answer
           : practice_openapi_handle (practice_objects_get_registry (self->objects), path, accept);
}

static void
practice_api_dispatcher_dispose (GObject *object)
{
  PracticeApiDispatcher *self = PRACTICE_API_DISPATCHER (object);

  g_clear_object (&self->objects);
  g_clear_object (&self->gate);
  g_clear_object (&self->runtime);
  g_clear_object (&self->fabric);

  G_OBJECT_CLASS (practice_api_dispatcher_parent_class)->dispose (object);
}

static void
practice_api_dispatcher_class_init (PracticeApiDispatcherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_api_dispatcher_dispose;
}

static void
practice_api_dispatcher_init (PracticeApiDispatcher *self)
{
}

/**
 * practice_api_dispatcher_new:
 * @objects: what is served
 * @gate: through which requests come
 *
 * Returns: (transfer full): a dispatcher, which knows nothing of pods' programs yet
 */
PracticeApiDispatcher *
practice_api_dispatcher_new (PracticeObjects *objects, PracticeApiGate *gate)
{
  PracticeApiDispatcher *self;

  g_return_val_if_fail (PRACTICE_IS_OBJECTS (objects), NULL);
  g_return_val_if_fail (PRACTICE_IS_API_GATE (gate), NULL);

  self = g_object_new (PRACTICE_TYPE_API_DISPATCHER, NULL);
  self->objects = g_object_ref (objects);
  self->gate = g_object_ref (gate);
  return self;
}

/**
 * practice_api_dispatcher_set_runtime:
 * @self: a dispatcher
 * @runtime: (nullable): where programs run
 *
 * Says what runs in pods; without it their nodes cannot be reached.
 */
void
practice_api_dispatcher_set_runtime (PracticeApiDispatcher *self, PracticeContainerRuntime *runtime)
{
  g_return_if_fail (PRACTICE_IS_API_DISPATCHER (self));

  g_set_object (&self->runtime, runtime);
}

/**
 * practice_api_dispatcher_set_fabric:
 * @self: a dispatcher
 * @fabric: (nullable): the network of the cluster
 *
 * Says where proxies lead.
 */
void
practice_api_dispatcher_set_fabric (PracticeApiDispatcher *self, PracticeFabric *fabric)
{
  g_return_if_fail (PRACTICE_IS_API_DISPATCHER (self));

  g_set_object (&self->fabric, fabric);
}

/**
 * practice_api_dispatcher_handle:
 * @self: a dispatcher
 * @message: a request
 * @user: (transfer full): whose it is
 *
 * Answers it, at once or, where it is a watch or a stream, as long as that goes on.
 */
void
practice_api_dispatcher_handle (PracticeApiDispatcher *self,
                                SoupServerMessage *message,
                                PracticeUser *user)
{
  g_autoptr (PracticeUser) owned = user;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  const char *accept = soup_message_headers_get_list (headers, "Accept");
  const char *agent = soup_message_headers_get_one (headers, "User-Agent");
  const char *method = soup_server_message_get_method (message);
  g_autoptr (PracticeRequest) request =
    practice_request_new (method, g_uri_get_path (uri), g_uri_get_query (uri), accept,
                          soup_message_headers_get_one (headers, "Content-Type"));
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (practice_api_dispatcher_is_too_large (message))
    practice_status_set_too_large (&error, MAX_BODY);
  else
    authorize (self, owned, request, method, g_uri_get_path (uri), &error);
  if (error != NULL) {
    practice_api_dispatcher_send_error (message, error);
    return;
  }
  if (request != NULL) {
    request->agent = g_strdup (agent);
    request->user = g_steal_pointer (&owned);
  }
  if (practice_api_services_is_elsewhere (practice_objects_get_registry (self->objects),
                                          g_uri_get_path (uri)))
    answer = practice_answer_new_text (503, "text/plain; charset=utf-8", "service unavailable\n");
  else if (g_str_equal (method, "GET"))
    answer = answer_about_itself (self, g_uri_get_path (uri), accept, agent);
  if (answer != NULL) {
    send_answer (message, answer);
  } else if (request != NULL) {
    handle_resource (self, message, request);
  } else {
    practice_status_set_no_such_resource (&error);
    practice_api_dispatcher_send_error (message, error);
  }
}
