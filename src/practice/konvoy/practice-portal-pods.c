/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-portal-pods.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-dashboard-page.h"
#include "practice-http-server.h"
#include "practice-ops-page.h"
#include "practice-pod-status.h"

#define PODS "/pods"
#define NAMESPACE "kubeaddons"

/**
 * PracticePortalPods:
 *
 * Pods of kubeaddons by their label `app`: the ops portal, and the Kubernetes Dashboard.
 */
struct _PracticePortalPods {
  PracticeController parent_instance;

  PracticeFabric *fabric;
  PracticeNetwork *network; /* (nullable) */
  PracticeHttpHandler *portal;
  PracticeHttpHandler *dashboard;
  GHashTable *running; /* name to Running */
};

G_DEFINE_FINAL_TYPE (PracticePortalPods, practice_portal_pods, PRACTICE_TYPE_CONTROLLER)

/* What answers in one pod. */
typedef struct {
  PracticeFabric *fabric;
  char *uid;
  char *address;
  guint16 port;
  PracticeHttpServer *server; /* (nullable) */
} Running;

static void
running_free (gpointer data)
{
  Running *self = data;

  practice_fabric_set_handler (self->fabric, self->address, self->port, NULL);
  if (self->server != NULL)
    practice_http_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->fabric);
  g_free (self->address);
  g_free (self->uid);
  g_free (self);
}

/* (nullable): what answers in a pod, and where */
static PracticeHttpHandler *
find_handler (PracticePortalPods *self, JsonNode *pod, guint16 *port)
{
  const char *app = base_metadata_get_label (pod, "app");

  *port = 80;
  if (g_strcmp0 (app, "opsportal") == 0)
    return self->portal;
  *port = 9090;
  if (g_strcmp0 (app, "kubernetes-dashboard") == 0)
    return self->dashboard;

  return NULL;
}

static gboolean
is_running (JsonNode *pod)
{
  return practice_pod_status_is_running (pod) &&
         base_json_get_string (pod, "status", "podIP", NULL) != NULL;
}

static void
start (PracticePortalPods *self,
       const char *name,
       JsonNode *pod,
       PracticeHttpHandler *handler,
       guint16 port)
{
  Running *running = g_new0 (Running, 1);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  running->fabric = g_object_ref (self->fabric);
  running->uid = g_strdup (base_metadata_get_uid (pod));
  running->address = g_strdup (base_json_get_string (pod, "status", "podIP", NULL));
  running->port = port;
  practice_fabric_set_handler (self->fabric, running->address, port, handler);
  if (self->network != NULL)
    socket =
      practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, running->address, port, &error);
  if (socket != NULL) {
    running->server = practice_http_server_new (handler, NULL, NULL);
    practice_http_server_listen (running->server, socket, &error);
  }
  if (error != NULL)
    g_debug ("Pod %s cannot listen: %s", name, error->message);
  g_hash_table_insert (self->running, g_strdup (name), running);
}

static void
practice_portal_pods_reconcile (PracticeController *controller,
                                const char *namespace_,
                                const char *name,
                                JsonNode *pod)
{
  PracticePortalPods *self = PRACTICE_PORTAL_PODS (controller);
  PracticeHttpHandler *handler = NULL;
  Running *running;
  guint16 port;

  if (g_strcmp0 (namespace_, NAMESPACE) != 0)
    return;
  running = g_hash_table_lookup (self->running, name);
  if (pod != NULL && is_running (pod))
    handler = find_handler (self, pod, &port);
  /* A pod of the same name that came since is another one. */
  if (running != NULL &&
      (handler == NULL || g_strcmp0 (running->uid, base_metadata_get_uid (pod)) != 0)) {
    g_hash_table_remove (self->running, name);
    running = NULL;
  }
  if (handler != NULL && running == NULL)
    start (self, name, pod, handler, port);
}

static void
practice_portal_pods_dispose (GObject *object)
{
  PracticePortalPods *self = PRACTICE_PORTAL_PODS (object);

  g_hash_table_remove_all (self->running);
  g_clear_object (&self->portal);
  g_clear_object (&self->dashboard);
  g_clear_object (&self->network);
  g_clear_object (&self->fabric);

  G_OBJECT_CLASS (practice_portal_pods_parent_class)->dispose (object);
}

static void
practice_portal_pods_finalize (GObject *object)
{
  PracticePortalPods *self = PRACTICE_PORTAL_PODS (object);

  g_hash_table_unref (self->running);

  G_OBJECT_CLASS (practice_portal_pods_parent_class)->finalize (object);
}

static void
practice_portal_pods_class_init (PracticePortalPodsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->dispose = practice_portal_pods_dispose;
  object_class->finalize = practice_portal_pods_finalize;
  controller_class->resource = PODS;
  controller_class->reconcile = practice_portal_pods_reconcile;
}

static void
practice_portal_pods_init (PracticePortalPods *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, running_free);
}

/**
 * practice_portal_pods_new:
 * @store: the cluster's objects
 * @fabric: the cluster's network
 * @network: (nullable): where real connections come from
 *
 * Returns: (transfer full): a controller, not yet started
 */
PracticeController *
practice_portal_pods_new (PracticeStore *store, PracticeFabric *fabric, PracticeNetwork *network)
{
  PracticePortalPods *self;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);

  self = g_object_new (PRACTICE_TYPE_PORTAL_PODS, "store", store, NULL);
  self->fabric = g_object_ref (fabric);
  g_set_object (&self->network, network);
  self->portal = PRACTICE_HTTP_HANDLER (practice_ops_page_new (store));
  self->dashboard = PRACTICE_HTTP_HANDLER (practice_dashboard_page_new (store));

  return PRACTICE_CONTROLLER (self);
}
