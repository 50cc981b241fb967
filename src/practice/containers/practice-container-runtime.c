/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-runtime-private.h"

#include "base-install.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-pod-network.h"

#define PROGRAM "konvoy-practice"

struct _PracticeContainerRuntime {
  GObject parent_instance;
  PracticeStore *store;
  PracticeContainerLogs *logs;
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound;
  PracticeDisks *disks;      /* (nullable) */
  GHashTable *pods;          /* uid to Pod */
  PracticePlainPods *plains; /* (nullable): those that have no network of their own */
};

G_DEFINE_FINAL_TYPE (PracticeContainerRuntime, practice_container_runtime, G_TYPE_OBJECT)

/* A pod in which a program has run. */
typedef struct {
  PracticePodNetwork *network;
  GHashTable *containers; /* name to PracticeContainer */
  GHashTable *programs;   /* likewise to PracticeMainProcess */
} Pod;

/* Whoever still waits for it to start, or to end, waits in vain. */
static void
program_free (gpointer data)
{
  g_autoptr (GObject) program = data;

  g_object_run_dispose (program);
}

static void
pod_free (gpointer data)
{
  Pod *self = data;

  g_hash_table_unref (self->programs);
  g_hash_table_unref (self->containers);
  practice_pod_network_stop (self->network);
  g_clear_object (&self->network);
  g_free (self);
}

static Pod *
ensure_pod (PracticeContainerRuntime *self, JsonNode *pod, GError **error)
{
  const char *uid = base_metadata_get_uid (pod);
  Pod *found = g_hash_table_lookup (self->pods, uid);
  PracticePodNetwork *network;

  if (found != NULL)
    return found;
  network =
    practice_pod_network_new (self->store, self->fabric, self->outbound, self->disks, pod, error);
  if (network == NULL)
    return NULL;
  found = g_new0 (Pod, 1);
  found->network = network;
  found->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  found->programs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, program_free);
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
  if (type != PRACTICE_EVENT_DELETED)
    return;
  g_hash_table_remove (self->pods, base_metadata_get_uid (pod));
  if (self->plains != NULL)
    practice_plain_pods_remove (self->plains, base_metadata_get_uid (pod));
}

static void
practice_container_runtime_dispose (GObject *object)
{
  PracticeContainerRuntime *self = PRACTICE_CONTAINER_RUNTIME (object);

  practice_container_runtime_stop (self);
  g_clear_pointer (&self->plains, practice_plain_pods_free);
  g_clear_object (&self->disks);
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
 * @disks: (nullable): what is on PersistentVolumes
 *
 * Returns: (transfer full): a runtime without containers
 */
PracticeContainerRuntime *
practice_container_runtime_new (PracticeStore *store,
                                PracticeContainerLogs *logs,
                                PracticeFabric *fabric,
                                PracticeHttpHandler *outbound,
                                PracticeDisks *disks)
{
  PracticeContainerRuntime *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_CONTAINER_LOGS (logs), NULL);

  self = g_object_new (PRACTICE_TYPE_CONTAINER_RUNTIME, NULL);
  self->store = g_object_ref (store);
  self->logs = g_object_ref (logs);
  self->fabric = g_object_ref (fabric);
  self->outbound = g_object_ref (outbound);
  g_set_object (&self->disks, disks);
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
 * practice_container_runtime_remove:
 * @self: a runtime
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * Ends what runs in a container, and lets go of what it wrote.
 */
void
practice_container_runtime_remove (PracticeContainerRuntime *self,
                                   const char *pod_uid,
                                   const char *container)
{
  Pod *running;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));

  running = g_hash_table_lookup (self->pods, pod_uid);
  if (running == NULL)
    return;
  g_hash_table_remove (running->programs, container);
  g_hash_table_remove (running->containers, container);
}

/**
 * practice_container_runtime_leave_ports:
 * @self: a runtime
 * @pod_uid: uid of a pod in which a container was made
 * @spec: a container, as the pod's spec has it
 *
 * Leaves the ports that a container declares to the program that really runs in it.
 */
void
practice_container_runtime_leave_ports (PracticeContainerRuntime *self,
                                        const char *pod_uid,
                                        JsonNode *spec)
{
  JsonArray *ports = base_json_get_array (spec, "ports", NULL);
  Pod *running;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));

  running = g_hash_table_lookup (self->pods, pod_uid);
  for (guint i = 0; running != NULL && i < base_json_get_length (ports); i++) {
    gint64 port = base_json_get_int (json_array_get_element (ports, i), 0, "containerPort", NULL);

    if (port > 0 && port <= G_MAXUINT16)
      practice_pod_network_leave_port (running->network, (guint16)port);
  }
}

/**
 * practice_container_runtime_set_main:
 * @self: a runtime
 * @pod_uid: uid of a pod
 * @container: name of one of its containers, which practice_container_runtime_ensure() made
 * @program: what it is there for
 */
void
practice_container_runtime_set_main (PracticeContainerRuntime *self,
                                     const char *pod_uid,
                                     const char *container,
                                     PracticeMainProcess *program)
{
  Pod *running;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));
  g_return_if_fail (PRACTICE_IS_MAIN_PROCESS (program));

  running = g_hash_table_lookup (self->pods, pod_uid);
  g_return_if_fail (running != NULL);
  g_hash_table_insert (running->programs, g_strdup (container), g_object_ref (program));
}

/**
 * practice_container_runtime_get_main:
 * @self: a runtime
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * Returns: (transfer none) (nullable): the program that it is there for, where one really runs
 */
PracticeMainProcess *
practice_container_runtime_get_main (PracticeContainerRuntime *self,
                                     const char *pod_uid,
                                     const char *container)
{
  Pod *running;

  g_return_val_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self), NULL);

  running = g_hash_table_lookup (self->pods, pod_uid);
  return running != NULL ? g_hash_table_lookup (running->programs, container) : NULL;
}

/**
 * practice_container_runtime_set_plain:
 * @self: a runtime
 * @spec: what plain pods are made with; copied
 *
 * Has commands run confined, and connections lead straight to our own programs, where this computer
 * refuses networks of their own.
 */
void
practice_container_runtime_set_plain (PracticeContainerRuntime *self,
                                      const PracticePlainPodSpec *spec)
{
  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));

  g_clear_pointer (&self->plains, practice_plain_pods_free);
  self->plains = practice_plain_pods_new (self->store, self->fabric, self->outbound, spec);
}

/**
 * practice_container_runtime_ensure_for_command:
 * @self: a runtime
 * @pod: a Pod that runs
 * @container: name of one of its containers
 * @error: return location
 *
 * Returns: (transfer none) (nullable): as practice_container_runtime_ensure(); where a network is
 *   refused a container whose programs are confined otherwise
 */
PracticeContainer *
practice_container_runtime_ensure_for_command (PracticeContainerRuntime *self,
                                               JsonNode *pod,
                                               const char *container,
                                               GError **error)
{
  g_autoptr (GError) refusal = NULL;
  PracticeContainer *found = practice_container_runtime_ensure (self, pod, container, &refusal);

  if (found != NULL)
    return found;
  if (self->plains == NULL || !g_error_matches (refusal, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_propagate_error (error, g_steal_pointer (&refusal));
    return NULL;
  }
  return practice_plain_pods_ensure (self->plains, pod, container, error);
}

/**
 * practice_container_runtime_get_store:
 * @self: a runtime
 *
 * Returns: (transfer none): the cluster's objects
 */
PracticeStore *
practice_container_runtime_get_store (PracticeContainerRuntime *self)
{
  g_return_val_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self), NULL);

  return self->store;
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
  if (self->plains != NULL)
    practice_plain_pods_stop (self->plains);
}

/*
 * practice_container_runtime_get_fabric:
 * @self: a runtime
 *
 * Returns: (transfer none): what carries what programs send
 */
PracticeFabric *
practice_container_runtime_get_fabric (PracticeContainerRuntime *self)
{
  return self->fabric;
}

/*
 * practice_container_runtime_get_network:
 * @self: a runtime
 * @pod_uid: uid of a pod
 *
 * Returns: (transfer none) (nullable): the pod's own network, where a program has run in it
 */
PracticeNetwork *
practice_container_runtime_get_network (PracticeContainerRuntime *self, const char *pod_uid)
{
  Pod *running = g_hash_table_lookup (self->pods, pod_uid);

  return running != NULL ? practice_pod_network_get_network (running->network) : NULL;
}

/*
 * practice_container_runtime_get_plain_pods:
 * @self: a runtime
 *
 * Returns: (transfer none) (nullable): the pods without a network of their own
 */
PracticePlainPods *
practice_container_runtime_get_plain_pods (PracticeContainerRuntime *self)
{
  return self->plains;
}
