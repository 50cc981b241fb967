/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-workloads.h"

#include "base-json.h"
#include "practice-pod-status.h"
#include "practice-redis-server.h"

#define PODS "/pods"
#define REDIS_PORT 6379

/**
 * PracticeWorkloads:
 *
 * The programs in the pods: for each container that runs, the server that its image stands
 * for listens on the pod's address; it goes, with its connections, when the pod goes.
 */
struct _PracticeWorkloads {
  PracticeController parent_instance;

  PracticeNetwork *network;
  PracticeImageCatalog *images;
  GHashTable *pods; /* "namespace/name" to Pod */
};

G_DEFINE_FINAL_TYPE (PracticeWorkloads, practice_workloads, PRACTICE_TYPE_CONTROLLER)

enum {
  PROP_0,
  PROP_NETWORK,
  PROP_IMAGES,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

typedef struct {
  char *uid;
  GPtrArray *servers; /* of PracticeRedisServer */
} Pod;

static void
pod_free (gpointer data)
{
  Pod *self = data;

  for (guint i = 0; i < self->servers->len; i++)
    practice_redis_server_stop (g_ptr_array_index (self->servers, i));
  g_ptr_array_unref (self->servers);
  g_free (self->uid);
  g_free (self);
}

static void
start_container (PracticeWorkloads *self, Pod *running, JsonNode *pod, JsonNode *container)
{
  const char *image = base_json_get_string (container, "image", NULL);
  const char *server = practice_image_catalog_get_server (self->images, image);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;
  PracticeRedisServer *redis;

  if (g_strcmp0 (server, "redis") != 0)
    return;

  socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM,
                                    base_json_get_string (pod, "status", "podIP", NULL), REDIS_PORT,
                                    &error);
  redis = socket != NULL ? practice_redis_server_new (socket, &error) : NULL;
  if (redis != NULL)
    g_ptr_array_add (running->servers, redis);
  else
    g_debug ("Pod %s cannot listen: %s", base_json_get_string (pod, "metadata", "name", NULL),
             error->message);
}

static void
start (PracticeWorkloads *self, char *key, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  Pod *running = g_new0 (Pod, 1);

  running->uid = g_strdup (base_json_get_string (pod, "metadata", "uid", NULL));
  running->servers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < json_array_get_length (containers); i++)
    start_container (self, running, pod, json_array_get_element (containers, i));

  g_hash_table_insert (self->pods, key, running);
}

static void
practice_workloads_reconcile (PracticeController *controller,
                              const char *namespace_,
                              const char *name,
                              JsonNode *pod)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (controller);
  g_autofree char *key = g_strdup_printf ("%s/%s", namespace_, name);
  Pod *running = g_hash_table_lookup (self->pods, key);
  PracticePodStage stage = pod != NULL ? practice_pod_status_get_stage (pod) : PRACTICE_POD_ENDED;
  gboolean runs = stage == PRACTICE_POD_RUNNING || stage == PRACTICE_POD_READY;

  /* A pod of the same name that came since is another one. */
  if (running != NULL &&
      (!runs ||
       g_strcmp0 (running->uid, base_json_get_string (pod, "metadata", "uid", NULL)) != 0)) {
    g_hash_table_remove (self->pods, key);
    running = NULL;
  }

  if (runs && running == NULL)
    start (self, g_steal_pointer (&key), pod);
}

static void
practice_workloads_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (object);

  switch (id) {
    case PROP_NETWORK:
      self->network = g_value_dup_object (value);
      break;
    case PROP_IMAGES:
      self->images = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
practice_workloads_dispose (GObject *object)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (object);

  g_hash_table_remove_all (self->pods);
  g_clear_object (&self->network);
  g_clear_object (&self->images);

  G_OBJECT_CLASS (practice_workloads_parent_class)->dispose (object);
}

static void
practice_workloads_finalize (GObject *object)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (object);

  g_hash_table_unref (self->pods);

  G_OBJECT_CLASS (practice_workloads_parent_class)->finalize (object);
}

static void
practice_workloads_class_init (PracticeWorkloadsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->set_property = practice_workloads_set_property;
  object_class->dispose = practice_workloads_dispose;
  object_class->finalize = practice_workloads_finalize;

  controller_class->resource = PODS;
  controller_class->reconcile = practice_workloads_reconcile;

  properties[PROP_NETWORK] =
    g_param_spec_object ("network", NULL, NULL, PRACTICE_TYPE_NETWORK,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_IMAGES] =
    g_param_spec_object ("images", NULL, NULL, PRACTICE_TYPE_IMAGE_CATALOG,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
practice_workloads_init (PracticeWorkloads *self)
{
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pod_free);
}

/**
 * practice_workloads_new:
 * @store: the cluster's objects
 * @network: where pods answer
 * @images: what each image runs
 *
 * Returns: (transfer full): the workloads, not yet started
 */
PracticeController *
practice_workloads_new (PracticeStore *store,
                        PracticeNetwork *network,
                        PracticeImageCatalog *images)
{
  return g_object_new (PRACTICE_TYPE_WORKLOADS, "store", store, "network", network, "images",
                       images, NULL);
}
