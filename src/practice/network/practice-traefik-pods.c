/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-pods.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-default-certificate.h"
#include "practice-http-server.h"
#include "practice-traefik-dashboard.h"
#include "practice-traefik-proxy.h"

#define PODS "/pods"
#define SERVER "traefik"
#define CERTIFICATE_NAME "TRAEFIK DEFAULT CERT"

/**
 * PracticeTraefikPods:
 *
 * Each running container of a Traefik image has three ports at its pod's address: 80, 443 and, for
 * the dashboard, 8080. They all follow the same Ingresses.
 */
struct _PracticeTraefikPods {
  PracticeController parent_instance;

  PracticeImageCatalog *images;
  PracticeNetwork *network; /* (nullable) */
  PracticeFabric *fabric;
  PracticeContainerLogs *logs; /* (nullable) */
  PracticeTraefik *traefik;
  GTlsCertificate *certificate; /* (nullable): not made yet */
  GHashTable *pods;             /* "namespace/name" to Pod */
};

G_DEFINE_FINAL_TYPE (PracticeTraefikPods, practice_traefik_pods, PRACTICE_TYPE_CONTROLLER)

typedef enum {
  ENTRY_HTTP,
  ENTRY_HTTPS,
  ENTRY_DASHBOARD,
  N_ENTRIES,
} Entry;

static const guint16 ports[N_ENTRIES] = { 80, 443, 8080 };

typedef struct {
  PracticeFabric *fabric; /* (owned) */
  char *address;
  char *run;                              /* the container's id */
  PracticeHttpServer *servers[N_ENTRIES]; /* (owned) (nullable) */
} Pod;

static void
pod_free (gpointer data)
{
  Pod *self = data;

  for (guint i = 0; i < N_ENTRIES; i++) {
    practice_fabric_set_handler (self->fabric, self->address, ports[i], NULL);
    if (self->servers[i] != NULL)
      practice_http_server_stop (self->servers[i]);
    g_clear_object (&self->servers[i]);
  }
  g_clear_object (&self->fabric);
  g_free (self->address);
  g_free (self->run);
  g_free (self);
}

/* (nullable): the name of its container that is a Traefik. */
static const char *
get_container (PracticeTraefikPods *self, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);

    if (g_strcmp0 (practice_image_catalog_get_server (self->images, container), SERVER) == 0)
      return base_json_get_string (container, "name", NULL);
  }
  return NULL;
}

/* (nullable): the id of the present run of that container. */
static const char *
get_run (PracticeTraefikPods *self, JsonNode *pod)
{
  const char *name = get_container (self, pod);
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  for (guint i = 0; name != NULL && i < base_json_get_length (statuses); i++) {
    JsonNode *status = json_array_get_element (statuses, i);

    if (g_strcmp0 (base_json_get_string (status, "name", NULL), name) == 0 &&
        base_json_get (status, "state", "running", NULL) != NULL)
      return base_json_get_string (status, "containerID", NULL);
  }
  return NULL;
}

static PracticeHttpHandler *
new_handler (PracticeTraefikPods *self, JsonNode *pod, const PracticePeer *peer, Entry entry)
{
  PracticeTraefikProxy *proxy;

  if (entry == ENTRY_DASHBOARD)
    return PRACTICE_HTTP_HANDLER (practice_traefik_dashboard_new (self->traefik));
  proxy = practice_traefik_proxy_new (self->traefik, self->fabric, peer,
                                      entry == ENTRY_HTTPS ? "https" : "http");
  if (self->logs != NULL)
    practice_traefik_proxy_set_log (
      proxy,
      practice_access_log_new (self->logs, base_metadata_get_uid (pod), get_container (self, pod)));
  return PRACTICE_HTTP_HANDLER (proxy);
}

static gboolean
listen_at (PracticeTraefikPods *self,
           Pod *running,
           Entry entry,
           PracticeHttpHandler *handler,
           GError **error)
{
  g_autoptr (GSocket) socket = NULL;

  if (self->certificate == NULL)
    self->certificate = practice_default_certificate_new (CERTIFICATE_NAME, error);
  if (self->certificate == NULL)
    return FALSE;
  socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, running->address,
                                    ports[entry], error);
  if (socket == NULL)
    return FALSE;
  running->servers[entry] =
    practice_http_server_new (handler, NULL, entry == ENTRY_HTTPS ? self->certificate : NULL);
  return practice_http_server_listen (running->servers[entry], socket, error);
}

static void
start (PracticeTraefikPods *self, char *key, JsonNode *pod, const char *run)
{
  g_autoptr (PracticePeer) peer =
    practice_peer_new (base_json_get_string (pod, "status", "podIP", NULL),
                       base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  Pod *running = g_new0 (Pod, 1);

  running->fabric = g_object_ref (self->fabric);
  running->address = g_strdup (peer->address);
  running->run = g_strdup (run);
  g_hash_table_insert (self->pods, key, running);
  for (guint i = 0; i < N_ENTRIES; i++) {
    g_autoptr (PracticeHttpHandler) handler = new_handler (self, pod, peer, i);
    g_autoptr (GError) error = NULL;

    practice_fabric_set_handler (self->fabric, running->address, ports[i], handler);
    if (self->network != NULL && !listen_at (self, running, i, handler, &error))
      g_debug ("Traefik cannot listen at %s:%u: %s", running->address, ports[i], error->message);
  }
}

static void
practice_traefik_pods_reconcile (PracticeController *controller,
                                 const char *namespace_,
                                 const char *name,
                                 JsonNode *pod)
{
  PracticeTraefikPods *self = PRACTICE_TRAEFIK_PODS (controller);
  g_autofree char *key = g_strdup_printf ("%s/%s", namespace_, name);
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  const char *run = pod != NULL && address != NULL ? get_run (self, pod) : NULL;
  Pod *running = g_hash_table_lookup (self->pods, key);

  if (running != NULL && g_strcmp0 (running->run, run) == 0)
    return;
  g_hash_table_remove (self->pods, key);
  if (run != NULL)
    start (self, g_steal_pointer (&key), pod, run);
}

static void
practice_traefik_pods_dispose (GObject *object)
{
  PracticeTraefikPods *self = PRACTICE_TRAEFIK_PODS (object);

  g_hash_table_remove_all (self->pods);
  g_clear_object (&self->certificate);
  g_clear_object (&self->traefik);
  g_clear_object (&self->logs);
  g_clear_object (&self->fabric);
  g_clear_object (&self->network);
  g_clear_object (&self->images);

  G_OBJECT_CLASS (practice_traefik_pods_parent_class)->dispose (object);
}

static void
practice_traefik_pods_finalize (GObject *object)
{
  PracticeTraefikPods *self = PRACTICE_TRAEFIK_PODS (object);

  g_hash_table_unref (self->pods);

  G_OBJECT_CLASS (practice_traefik_pods_parent_class)->finalize (object);
}

static void
practice_traefik_pods_class_init (PracticeTraefikPodsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->dispose = practice_traefik_pods_dispose;
  object_class->finalize = practice_traefik_pods_finalize;

  controller_class->resource = PODS;
  controller_class->reconcile = practice_traefik_pods_reconcile;
}

static void
practice_traefik_pods_init (PracticeTraefikPods *self)
{
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pod_free);
}

/**
 * practice_traefik_pods_new:
 * @store: the cluster's objects
 * @images: which images are Traefik
 * @network: (nullable): where pods answer on real sockets
 * @fabric: how they reach each other
 * @logs: (nullable): where what they print goes
 *
 * Returns: (transfer full): the pods, not yet started
 */
PracticeController *
practice_traefik_pods_new (PracticeStore *store,
                           PracticeImageCatalog *images,
                           PracticeNetwork *network,
                           PracticeFabric *fabric,
                           PracticeContainerLogs *logs)
{
  PracticeTraefikPods *self;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (images), NULL);
  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);

  self = g_object_new (PRACTICE_TYPE_TRAEFIK_PODS, "store", store, NULL);
  self->images = g_object_ref (images);
  self->network = network != NULL ? g_object_ref (network) : NULL;
  self->fabric = g_object_ref (fabric);
  self->logs = logs != NULL ? g_object_ref (logs) : NULL;
  self->traefik = practice_traefik_new (store);
  return PRACTICE_CONTROLLER (self);
}
