/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-pods.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-gateway.h"
#include "practice-http-server.h"
#include "practice-kiali.h"
#include "practice-pod-status.h"

#define PODS "/pods"
#define NAMESPACE "istio-system"

/**
 * PracticeIstioPods:
 *
 * Pods of istio-system by their labels: `istio: ingressgateway` (or egressgateway) is a gateway,
 * `app: kiali` is Kiali.
 */
struct _PracticeIstioPods {
  PracticeController parent_instance;

  PracticeMesh *mesh;
  PracticeNetwork *network; /* (nullable) */
  GHashTable *running;      /* name to Running */
};

G_DEFINE_FINAL_TYPE (PracticeIstioPods, practice_istio_pods, PRACTICE_TYPE_CONTROLLER)

/* What runs in one pod. */
typedef struct {
  PracticeMesh *mesh;
  char *uid;
  char *address;
  PracticeGateway *gateway;   /* (nullable) */
  PracticeKiali *kiali;       /* (nullable) */
  PracticeHttpServer *server; /* (nullable): Kiali's */
} Running;

static void
running_free (gpointer data)
{
  Running *self = data;

  if (self->gateway != NULL)
    practice_gateway_stop (self->gateway);
  if (self->server != NULL)
    practice_http_server_stop (self->server);
  if (self->kiali != NULL)
    practice_fabric_set_handler (practice_mesh_get_fabric (self->mesh), self->address,
                                 PRACTICE_KIALI_PORT, NULL);
  g_clear_object (&self->gateway);
  g_clear_object (&self->server);
  g_clear_object (&self->kiali);
  g_clear_object (&self->mesh);
  g_free (self->address);
  g_free (self->uid);
  g_free (self);
}

static gboolean
is_kiali (JsonNode *pod)
{
  return g_strcmp0 (base_metadata_get_label (pod, "app"), "kiali") == 0;
}

static gboolean
is_running (JsonNode *pod)
{
  return practice_pod_status_is_running (pod) &&
         base_json_get_string (pod, "status", "podIP", NULL) != NULL;
}

static void
listen_for_kiali (PracticeIstioPods *self, Running *running)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (self->network == NULL)
    return;
  socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, running->address,
                                    PRACTICE_KIALI_PORT, &error);
  if (socket != NULL) {
    running->server = practice_http_server_new (PRACTICE_HTTP_HANDLER (running->kiali), NULL, NULL);
    practice_http_server_listen (running->server, socket, &error);
  }
  if (error != NULL)
    g_debug ("Kiali cannot listen at %s: %s", running->address, error->message);
}

static void
start (PracticeIstioPods *self, const char *name, JsonNode *pod)
{
  Running *running = g_new0 (Running, 1);

  running->mesh = g_object_ref (self->mesh);
  running->uid = g_strdup (base_metadata_get_uid (pod));
  running->address = g_strdup (base_json_get_string (pod, "status", "podIP", NULL));
  if (practice_gateway_is_one (pod)) {
    running->gateway = practice_gateway_new (self->mesh, self->network, pod);
  } else {
    running->kiali = practice_kiali_new (self->mesh);
    practice_fabric_set_handler (practice_mesh_get_fabric (self->mesh), running->address,
                                 PRACTICE_KIALI_PORT, PRACTICE_HTTP_HANDLER (running->kiali));
    listen_for_kiali (self, running);
  }
  g_hash_table_insert (self->running, g_strdup (name), running);
}

static void
practice_istio_pods_reconcile (PracticeController *controller,
                               const char *namespace_,
                               const char *name,
                               JsonNode *pod)
{
  PracticeIstioPods *self = PRACTICE_ISTIO_PODS (controller);
  Running *running;
  gboolean runs;

  if (g_strcmp0 (namespace_, NAMESPACE) != 0)
    return;
  running = g_hash_table_lookup (self->running, name);
  runs = pod != NULL && (practice_gateway_is_one (pod) || is_kiali (pod)) && is_running (pod);
  /* A pod of the same name that came since is another one. */
  if (running != NULL && (!runs || g_strcmp0 (running->uid, base_metadata_get_uid (pod)) != 0)) {
    g_hash_table_remove (self->running, name);
    running = NULL;
  }
  if (runs && running == NULL)
    start (self, name, pod);
}

static void
practice_istio_pods_dispose (GObject *object)
{
  PracticeIstioPods *self = PRACTICE_ISTIO_PODS (object);

  g_hash_table_remove_all (self->running);
  g_clear_object (&self->network);
  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_istio_pods_parent_class)->dispose (object);
}

static void
practice_istio_pods_finalize (GObject *object)
{
  PracticeIstioPods *self = PRACTICE_ISTIO_PODS (object);

  g_hash_table_unref (self->running);

  G_OBJECT_CLASS (practice_istio_pods_parent_class)->finalize (object);
}

static void
practice_istio_pods_class_init (PracticeIstioPodsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->dispose = practice_istio_pods_dispose;
  object_class->finalize = practice_istio_pods_finalize;
  controller_class->resource = PODS;
  controller_class->reconcile = practice_istio_pods_reconcile;
}

static void
practice_istio_pods_init (PracticeIstioPods *self)
{
  self->running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, running_free);
}

/**
 * practice_istio_pods_new:
 * @store: the cluster's objects
 * @mesh: the mesh
 * @network: (nullable): where real connections come from
 *
 * Returns: (transfer full): a controller, not yet started
 */
PracticeController *
practice_istio_pods_new (PracticeStore *store, PracticeMesh *mesh, PracticeNetwork *network)
{
  PracticeIstioPods *self;

  g_return_val_if_fail (PRACTICE_IS_MESH (mesh), NULL);

  self = g_object_new (PRACTICE_TYPE_ISTIO_PODS, "store", store, NULL);
  self->mesh = g_object_ref (mesh);
  self->network = network != NULL ? g_object_ref (network) : NULL;
  return PRACTICE_CONTROLLER (self);
}
