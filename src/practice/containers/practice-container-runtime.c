/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-runtime.h"

#include "base-install.h"
#include "base-json.h"
#include "practice-pod-network.h"

#define PROGRAM "konvoy-practice"

struct _PracticeContainerRuntime {
  GObject parent_instance;
  PracticeStore *store;
  PracticeContainerLogs *logs;
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound;
  GHashTable *pods; /* uid to Pod */
};

G_DEFINE_FINAL_TYPE (PracticeContainerRuntime, practice_container_runtime, G_TYPE_OBJECT)

/* A pod in which a program has run. */
typedef struct {
  PracticePodNetwork *network;
  GHashTable *containers; /* name to PracticeContainer */
} Pod;

static void
pod_free (gpointer data)
{
  Pod *self = data;

  g_hash_table_unref (self->containers);
  practice_pod_network_stop (self->network);
  g_clear_object (&self->network);
  g_free (self);
}

static Pod *
ensure_pod (PracticeContainerRuntime *self, JsonNode *pod, GError **error)
{
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);
  Pod *found = g_hash_table_lookup (self->pods, uid);
  PracticePodNetwork *network;

  if (found != NULL)
    return found;
  network = practice_pod_network_new (self->store, self->fabric, self->outbound, pod, error);
  if (network == NULL)
    return NULL;
  found = g_new0 (Pod, 1);
  found->network = network;
  found->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_hash_table_insert (self->pods, g_strdup (uid), found);
  return found;
}

static void
pod_event_cb (PracticeStore *store,
              PracticeEventType type,
              const char *resource,
              JsonNode *pod,
              JsonNode *old,
              PracticeContainerRuntime *self)
{
  if (type == PRACTICE_EVENT_DELETED)
    g_hash_table_remove (self->pods, base_json_get_string (pod, "metadata", "uid", NULL));
}

static void
practice_container_runtime_dispose (GObject *object)
{
  PracticeContainerRuntime *self = PRACTICE_CONTAINER_RUNTIME (object);

  practice_container_runtime_stop (self);
  g_clear_object (&self->outbound);
  g_clear_object (&self->fabric);
  g_clear_object (&self->logs);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_container_runtime_parent_class)->dispose (object);
}

static void
practice_container_runtime_finalize (GObject *object)
{
  g_hash_table_unref (PRACTICE_CONTAINER_RUNTIME (object)->pods);

  G_OBJECT_CLASS (practice_container_runtime_parent_class)->finalize (object);
}

static void
practice_container_runtime_class_init (PracticeContainerRuntimeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_container_runtime_dispose;
  object_class->finalize = practice_container_runtime_finalize;
}

static void
practice_container_runtime_init (PracticeContainerRuntime *self)
{
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pod_free);
}

/**
 * practice_container_runtime_new:
 * @store: the cluster's objects
 * @logs: where what containers print is kept
 * @fabric: carries what programs send
 * @outbound: where requests of pods with a sidecar go
 *
 * Returns: (transfer full): a runtime without containers
 */
PracticeContainerRuntime *
practice_container_runtime_new (PracticeStore *store,
                                PracticeContainerLogs *logs,
                                PracticeFabric *fabric,
                                PracticeHttpHandler *outbound)
{
  PracticeContainerRuntime *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_CONTAINER_LOGS (logs), NULL);

  self = g_object_new (PRACTICE_TYPE_CONTAINER_RUNTIME, NULL);
  self->store = g_object_ref (store);
  self->logs = g_object_ref (logs);
  self->fabric = g_object_ref (fabric);
  self->outbound = g_object_ref (outbound);
  g_signal_connect_object (store, "event::/pods", G_CALLBACK (pod_event_cb), self, 0);
  return self;
}

/**
 * practice_container_runtime_get_logs:
 * @self: a runtime
 *
 * Returns: (transfer none): what containers print
 */
PracticeContainerLogs *
practice_container_runtime_get_logs (PracticeContainerRuntime *self)
{
  g_return_val_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self), NULL);

  return self->logs;
}

/**
 * practice_container_runtime_ensure:
 * @self: a runtime
 * @pod: a Pod that runs
 * @container: name of one of its containers
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the container, perhaps not started yet; %NULL with
 *   %G_IO_ERROR_NOT_SUPPORTED where this computer refuses a network of its own, or
 *   %G_IO_ERROR_NOT_FOUND where something it refers to is not there
 */
PracticeContainer *
practice_container_runtime_ensure (PracticeContainerRuntime *self,
                                   JsonNode *pod,
                                   const char *container,
                                   GError **error)
{
  g_autofree char *program = NULL;
  PracticeContainer *found;
  Pod *running;

  g_return_val_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self), NULL);

  running = ensure_pod (self, pod, error);
  if (running == NULL)
    return NULL;
  found = g_hash_table_lookup (running->containers, container);
  if (found != NULL)
    return found;
  program = base_install_dup_program (PROGRAM);
  found = practice_container_new (self->store, pod, container, program,
                                  practice_pod_network_get_network (running->network),
                                  PRACTICE_POD_NETWORK_NAME_SERVER, error);
  if (found != NULL)
    g_hash_table_insert (running->containers, g_strdup (container), found);
  return found;
}

/**
 * practice_container_runtime_stop:
 * @self: a runtime
 *
 * Ends all that runs, at once.
 */
void
practice_container_runtime_stop (PracticeContainerRuntime *self)
{
  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));

  g_hash_table_remove_all (self->pods);
}
