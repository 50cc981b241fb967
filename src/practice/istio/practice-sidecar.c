/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sidecar.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-source.h"
#include "practice-mesh-call.h"
#include "practice-mesh-name.h"

#define PODS "/pods"
#define PROXY "istio-proxy"
#define DEFAULT_PORT 80

/* How long a program waits for a name server that is silent: two tries of five seconds each,
 * resolv.conf(5). */
#define LOOK_UP_SECONDS 10

/**
 * PracticeSidecar:
 *
 * The way out of pods. Only a pod that has a proxy follows the rules of the mesh, and only for
 * what a Service has a port for that may be HTTP; all else goes as it is.
 */
struct _PracticeSidecar {
  GObject parent_instance;

  PracticeMesh *mesh;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeSidecar,
                               practice_sidecar,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

/* A program whose questions for a name are not answered. */
typedef struct {
  char *host;
  GSource *limit;
  GSource *cancelled; /* (nullable) */
} Wait;

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response = practice_mesh_call_finish (result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
wait_free (gpointer data)
{
  Wait *self = data;

  base_source_clear (&self->limit);
  base_source_clear (&self->cancelled);
  g_free (self->host);
  g_free (self);
}

static void
return_no_host (GTask *task, const char *host)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
                           _ ("There is no host “%s”."), host);
}

/* Each source has the task's own reference: whichever comes first gives it up. */
static gboolean
limit_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Wait *wait = g_task_get_task_data (task);

  base_source_clear (&wait->cancelled);
  return_no_host (task, wait->host);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Wait *wait = g_task_get_task_data (task);

  base_source_clear (&wait->limit);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* Takes @task. */
static void
wait_for_name (GTask *task, const char *host)
{
  Wait *wait = g_new0 (Wait, 1);

  wait->host = g_strdup (host);
  g_task_set_task_data (task, wait, wait_free);
  wait->limit = g_timeout_source_new_seconds (LOOK_UP_SECONDS);
  g_source_set_callback (wait->limit, limit_cb, task, NULL);
  g_source_attach (wait->limit, g_task_get_context (task));
  if (g_task_get_cancellable (task) == NULL)
    return;
  wait->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (wait->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (wait->cancelled, g_task_get_context (task));
}

/* Takes @task. @host: fully qualified, or a ServiceEntry's. */
static void
call_host (PracticeSidecar *self,
           GTask *task,
           PracticeHttpRequest *request,
           JsonNode *pod,
           const char *host,
           guint16 port)
{
  const PracticeMeshOrigin origin = {
    .pod = pod,
    .host = host,
    .port = port,
    .scheme = "http",
    .server = "envoy",
  };

  practice_mesh_call_async (self->mesh, request, &origin, g_task_get_cancellable (task), called_cb,
                            task);
}

/* Takes @task. */
static void
call (PracticeSidecar *self,
      GTask *task,
      PracticeHttpRequest *request,
      JsonNode *pod,
      JsonNode *service,
      guint16 port)
{
  g_autofree char *host = practice_mesh_name_qualify (base_metadata_get_name (service),
                                                      base_metadata_get_namespace (service));

  call_host (self, task, request, pod, host, port);
}

/* All connections of the pod are led to where its proxy would listen. */
static void
return_no_proxy (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "%s",
                           _ ("The pod's proxy has no configuration."));
}

static void
practice_sidecar_handle_async (PracticeHttpHandler *handler,
                               PracticeHttpRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  PracticeSidecar *self = PRACTICE_SIDECAR (handler);
  PracticeFabric *fabric = practice_mesh_get_fabric (self->mesh);
  PracticeStore *store = practice_mesh_get_store (self->mesh);
  const PracticePeer *peer = practice_http_request_get_peer (request);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint16 port;
  g_autofree char *host =
    practice_mesh_name_split_authority (practice_http_request_get_host (request), &port);
  g_autofree char *address = g_hostname_is_ip_address (host)
                               ? g_strdup (host)
                               : practice_fabric_resolve (fabric, peer->namespace_, host);
  JsonNode *pod =
    peer->pod != NULL ? practice_store_get (store, PODS, peer->namespace_, peer->pod) : NULL;
  JsonNode *service = NULL;
  gboolean is_entry;

  g_task_set_source_tag (task, practice_sidecar_handle_async);
  if (!g_hostname_is_ip_address (host) && !practice_fabric_may_look_up (fabric, peer)) {
    wait_for_name (g_steal_pointer (&task), host);
    return;
  }
  is_entry = practice_sidecar_is_in (pod) && practice_sidecar_has_entry (self, host);
  if (address == NULL && !is_entry) {
    return_no_host (task, host);
    return;
  }
  port = port != 0 ? port : DEFAULT_PORT;
  if (practice_sidecar_is_in (pod)) {
    if (!practice_mesh_config_reaches (practice_mesh_get_config (self->mesh), pod)) {
      return_no_proxy (task);
      return;
    }
    service = practice_mesh_upstream_find_known_service (practice_mesh_get_config (self->mesh),
                                                         store, peer->namespace_, host);
  }
  if (practice_mesh_upstream_find_http_port (service, port) != NULL)
    call (self, g_steal_pointer (&task), request, pod, service, port);
  else if (is_entry && service == NULL)
    call_host (self, g_steal_pointer (&task), request, pod, host, port);
  else
    practice_fabric_send_async (fabric, request, address, port, cancellable, sent_cb,
                                g_steal_pointer (&task));
}

static PracticeHttpResponse *
practice_sidecar_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_sidecar_handle_async;
  iface->handle_finish = practice_sidecar_handle_finish;
}

static void
practice_sidecar_dispose (GObject *object)
{
  PracticeSidecar *self = PRACTICE_SIDECAR (object);

  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_sidecar_parent_class)->dispose (object);
}

static void
practice_sidecar_class_init (PracticeSidecarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_sidecar_dispose;
}

static void
practice_sidecar_init (PracticeSidecar *self)
{
}

/**
 * practice_sidecar_new:
 * @store: the cluster's objects
 * @fabric: the network between pods
 * @seed: of the weighted choices; 0: not repeatable
 *
 * Returns: (transfer full): the sidecars of all pods, and the way out of those that have none
 */
PracticeSidecar *
practice_sidecar_new (PracticeStore *store, PracticeFabric *fabric, guint32 seed)
{
  PracticeSidecar *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);

  self = g_object_new (PRACTICE_TYPE_SIDECAR, NULL);
  self->mesh = practice_mesh_new (store, fabric, seed);
  return self;
}

/**
 * practice_sidecar_get_mesh:
 * @self: the sidecars
 *
 * Returns: (transfer none): what they share with gateways and Kiali
 */
PracticeMesh *
practice_sidecar_get_mesh (PracticeSidecar *self)
{
  g_return_val_if_fail (PRACTICE_IS_SIDECAR (self), NULL);

  return self->mesh;
}

/**
 * practice_sidecar_has_entry:
 * @self: the sidecars
 * @host: a host name
 *
 * Returns: whether a ServiceEntry makes it known to the mesh
 */
gboolean
practice_sidecar_has_entry (PracticeSidecar *self, const char *host)
{
  g_return_val_if_fail (PRACTICE_IS_SIDECAR (self), FALSE);

  return practice_mesh_config_find_entry (practice_mesh_get_config (self->mesh), host) != NULL;
}

/**
 * practice_sidecar_is_configured:
 * @self: the sidecars
 * @namespace_: a pod's namespace
 * @name: its name
 *
 * Returns: whether the proxy of that pod has been told what to do
 */
gboolean
practice_sidecar_is_configured (PracticeSidecar *self, const char *namespace_, const char *name)
{
  JsonNode *pod;

  g_return_val_if_fail (PRACTICE_IS_SIDECAR (self), FALSE);

  pod = practice_store_get (practice_mesh_get_store (self->mesh), PODS, namespace_, name);
  return practice_mesh_config_reaches (practice_mesh_get_config (self->mesh), pod);
}

/**
 * practice_sidecar_is_in:
 * @pod: (nullable): a pod
 *
 * Returns: whether a proxy runs in it
 */
gboolean
practice_sidecar_is_in (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  guint n_containers = base_json_get_length (containers);

  for (guint i = 0; i < n_containers; i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (containers, i), "name", NULL),
                   PROXY) == 0)
      return TRUE;
  return FALSE;
}
