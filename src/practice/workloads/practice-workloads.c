/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-workloads.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-container-environment.h"
#include "practice-pod-status.h"
#include "practice-programs.h"

#define PODS "/pods"

/**
 * PracticeWorkloads:
 *
 * The programs in the pods: for each container that runs, the program that its image stands
 * for answers at the pod's address, in the fabric and on a real socket; it goes, with its
 * connections, when the container ends.
 */
struct _PracticeWorkloads {
  PracticeController parent_instance;

  PracticeImageCatalog *images;
  PracticeNetwork *network;      /* (nullable) */
  PracticeFabric *fabric;        /* (nullable) */
  PracticeHttpHandler *outbound; /* (nullable) */
  PracticeContainerLogs *logs;   /* (nullable) */
  GHashTable *pods; /* "namespace/name" to a GHashTable of container name to Container */
};

G_DEFINE_FINAL_TYPE (PracticeWorkloads, practice_workloads, PRACTICE_TYPE_CONTROLLER)

enum {
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A container that runs, or ran and ended. */
typedef struct {
  PracticeFabric *fabric; /* (owned) (nullable) */
  char *pod_uid;
  char *id;                 /* of this run of the container */
  PracticeProgram *program; /* (owned) (nullable): NULL: it has ended */
} Container;

static void
container_free (gpointer data)
{
  Container *self = data;

  if (self->program != NULL) {
    PracticeLaunch *launch = practice_program_get_launch (self->program);

    if (self->fabric != NULL && launch->port != 0) {
      practice_fabric_set_handler (self->fabric, launch->peer->address, launch->port, NULL);
      practice_fabric_set_acceptor (self->fabric, launch->peer->address, launch->port, NULL, NULL);
    }
    practice_program_stop (self->program);
  }
  g_clear_object (&self->program);
  g_clear_object (&self->fabric);
  g_free (self->pod_uid);
  g_free (self->id);
  g_free (self);
}

/* (nullable): the id of its present run; NULL while it does not run. */
static const char *
get_run (JsonNode *pod, const char *container)
{
  JsonNode *status = practice_pod_status_find (pod, container);

  return base_json_get (status, "state", "running", NULL) != NULL
           ? base_json_get_string (status, "containerID", NULL)
           : NULL;
}

static void
accept_cb (GObject *program, GSocketConnection *connection)
{
  practice_program_accept (PRACTICE_PROGRAM (program), connection);
}

/* Without sockets it is the fabric that brings connections. */
static void
open_within (PracticeWorkloads *self, PracticeProgram *program)
{
  PracticeLaunch *launch = practice_program_get_launch (program);

  if (self->fabric != NULL && !practice_program_speaks_http (program) &&
      practice_program_listen (program, NULL, NULL))
    practice_fabric_set_acceptor (self->fabric, launch->peer->address, launch->port, accept_cb,
                                  G_OBJECT (program));
}

/* What listens at no port still runs. */
static void
open_port (PracticeWorkloads *self, PracticeProgram *program)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GError) error = NULL;

  if (launch->port == 0)
    return;
  if (self->fabric != NULL && practice_program_speaks_http (program))
    practice_fabric_set_handler (self->fabric, launch->peer->address, launch->port,
                                 PRACTICE_HTTP_HANDLER (program));
  if (self->network == NULL) {
    open_within (self, program);
    return;
  }

  socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, launch->peer->address,
                                    launch->port, &error);
  if (socket == NULL || !practice_program_listen (program, socket, &error))
    practice_launch_print (launch, "Cannot listen at port %u: %s", launch->port, error->message);
}

static Container *
start_container (PracticeWorkloads *self, JsonNode *pod, JsonNode *container, const char *run)
{
  const char *server = practice_image_catalog_get_server (self->images, container);
  const char *name = base_json_get_string (container, "name", NULL);
  g_auto (GStrv) environment = NULL;
  Container *started;
  int status = 0;

  if (server == NULL)
    return NULL;

  /* without what it needs a container is not started at all */
  environment = practice_container_environment_new (
    practice_controller_get_store (PRACTICE_CONTROLLER (self)), pod, name, NULL);

  started = g_new0 (Container, 1);
  started->pod_uid = g_strdup (base_metadata_get_uid (pod));
  if (self->logs != NULL &&
      base_json_get_int (practice_pod_status_find (pod, name), 0, "restartCount", NULL) > 0)
    practice_container_logs_restart (self->logs, started->pod_uid, name);
  started->id = g_strdup (run);
  started->program =
    practice_programs_new (server, practice_launch_new (self->images, pod, container, environment,
                                                        self->outbound, self->logs));
  if (started->program != NULL && !practice_program_start (started->program, &status)) {
    PracticeLaunch *launch = practice_program_get_launch (started->program);

    g_signal_emit (self, signals[SIGNAL_ENDED], 0, launch->peer->namespace_, launch->peer->pod,
                   launch->pod_uid, launch->container, status);
    g_clear_object (&started->program);
  } else if (started->program != NULL) {
    started->fabric = self->fabric != NULL ? g_object_ref (self->fabric) : NULL;
    open_port (self, started->program);
  }

  return started;
}

static void
reconcile_container (PracticeWorkloads *self,
                     GHashTable *containers,
                     JsonNode *pod,
                     JsonNode *container)
{
  const char *name = base_json_get_string (container, "name", NULL);
  const char *run = get_run (pod, name);
  Container *present = g_hash_table_lookup (containers, name);
  Container *next;

  if (present != NULL && g_strcmp0 (present->id, run) == 0)
    return;

  if (present != NULL && self->logs != NULL)
    practice_container_logs_end (self->logs, present->pod_uid, name);
  g_hash_table_remove (containers, name);
  if (run == NULL)
    return;
  next = start_container (self, pod, container, run);
  if (next != NULL)
    g_hash_table_insert (containers, g_strdup (name), next);
}

static void
reconcile_containers (PracticeWorkloads *self,
                      GHashTable *containers,
                      JsonNode *pod,
                      const char *member)
{
  JsonArray *specs = base_json_get_array (pod, "spec", member, NULL);

  for (guint i = 0; i < base_json_get_length (specs); i++)
    reconcile_container (self, containers, pod, json_array_get_element (specs, i));
}

static void
practice_workloads_reconcile (PracticeController *controller,
                              const char *namespace_,
                              const char *name,
                              JsonNode *pod)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (controller);
  g_autofree char *key = g_strdup_printf ("%s/%s", namespace_, name);
  GHashTable *containers = g_hash_table_lookup (self->pods, key);

  if (pod == NULL || base_json_get_string (pod, "status", "podIP", NULL) == NULL) {
    g_hash_table_remove (self->pods, key);
    return;
  }
  if (containers == NULL) {
    containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, container_free);
    g_hash_table_insert (self->pods, g_steal_pointer (&key), containers);
  }
  reconcile_containers (self, containers, pod, "initContainers");
  reconcile_containers (self, containers, pod, "containers");
}

/* Also a pod that was there before has none of what its program has kept since. */
static void
practice_workloads_restored (PracticeController *controller)
{
  g_hash_table_remove_all (PRACTICE_WORKLOADS (controller)->pods);
}

static void
practice_workloads_dispose (GObject *object)
{
  PracticeWorkloads *self = PRACTICE_WORKLOADS (object);

  g_hash_table_remove_all (self->pods);
  g_clear_object (&self->images);
  g_clear_object (&self->network);
  g_clear_object (&self->fabric);
  g_clear_object (&self->outbound);
  g_clear_object (&self->logs);

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

  object_class->dispose = practice_workloads_dispose;
  object_class->finalize = practice_workloads_finalize;

  controller_class->resource = PODS;
  controller_class->reconcile = practice_workloads_reconcile;
  controller_class->restored = practice_workloads_restored;

  /**
   * PracticeWorkloads::ended:
   * @self: the workloads
   * @namespace_: of the pod
   * @pod: its name
   * @pod_uid: its uid
   * @container: which of its containers
   * @status: its exit status
   *
   * A container's program ended by itself.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", PRACTICE_TYPE_WORKLOADS, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 5, G_TYPE_STRING,
                                        G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
}

static void
practice_workloads_init (PracticeWorkloads *self)
{
  self->pods =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

/**
 * practice_workloads_new:
 * @store: the cluster's objects
 * @images: what each image runs
 * @network: (nullable): where pods answer on real sockets
 * @fabric: (nullable): where they answer each other
 * @outbound: (nullable): where their own requests go
 * @logs: (nullable): where what they print goes
 *
 * Returns: (transfer full): the workloads, not yet started
 */
PracticeController *
practice_workloads_new (PracticeStore *store,
                        PracticeImageCatalog *images,
                        PracticeNetwork *network,
                        PracticeFabric *fabric,
                        PracticeHttpHandler *outbound,
                        PracticeContainerLogs *logs)
{
  PracticeWorkloads *self;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (images), NULL);

  self = g_object_new (PRACTICE_TYPE_WORKLOADS, "store", store, NULL);
  self->images = g_object_ref (images);
  self->network = network != NULL ? g_object_ref (network) : NULL;
  self->fabric = fabric != NULL ? g_object_ref (fabric) : NULL;
  self->outbound = outbound != NULL ? g_object_ref (outbound) : NULL;
  self->logs = logs != NULL ? g_object_ref (logs) : NULL;

  return PRACTICE_CONTROLLER (self);
}

/**
 * practice_workloads_find:
 * @self: the workloads
 * @pod_uid: of a pod
 * @port: a TCP port
 *
 * Returns: (transfer none) (nullable): the program that listens there
 */
PracticeProgram *
practice_workloads_find (PracticeWorkloads *self, const char *pod_uid, guint16 port)
{
  GHashTableIter pods;
  gpointer containers;

  g_return_val_if_fail (PRACTICE_IS_WORKLOADS (self), NULL);
  g_return_val_if_fail (pod_uid != NULL, NULL);

  g_hash_table_iter_init (&pods, self->pods);
  while (g_hash_table_iter_next (&pods, NULL, &containers)) {
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init (&iter, containers);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
      Container *container = value;

      if (container->program != NULL && g_str_equal (container->pod_uid, pod_uid) &&
          practice_program_get_port (container->program) == port)
        return container->program;
    }
  }

  return NULL;
}

/**
 * practice_workloads_has:
 * @self: the workloads
 * @pod_uid: of a pod
 * @container: name of one of its containers
 *
 * Returns: whether a program of ours stands in it
 */
gboolean
practice_workloads_has (PracticeWorkloads *self, const char *pod_uid, const char *container)
{
  GHashTableIter pods;
  gpointer containers;

  g_return_val_if_fail (PRACTICE_IS_WORKLOADS (self), FALSE);
  g_return_val_if_fail (pod_uid != NULL, FALSE);

  g_hash_table_iter_init (&pods, self->pods);
  while (g_hash_table_iter_next (&pods, NULL, &containers)) {
    Container *found = g_hash_table_lookup (containers, container);

    if (found != NULL && g_str_equal (found->pod_uid, pod_uid))
      return TRUE;
  }

  return FALSE;
}
