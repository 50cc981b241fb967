/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-programs.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-container-command.h"
#include "practice-main-process.h"
#include "practice-pod-target.h"

#define PODS "/pods"

struct _PracticeContainerPrograms {
  PracticeController parent_instance;
  PracticeImageCatalog *images;
  PracticeContainerRuntime *runtime;
  GHashTable *pods; /* "namespace/name" to Pod */
};

G_DEFINE_FINAL_TYPE (PracticeContainerPrograms,
                     practice_container_programs,
                     PRACTICE_TYPE_CONTROLLER)

enum {
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

typedef struct {
  char *uid;
  GHashTable *runs; /* name of a container to Run */
} Pod;

/* One run of a container. */
typedef struct {
  PracticeContainerPrograms *owner; /* (unowned) */
  char *id;
  char *namespace_;
  char *pod;
  char *uid;
  char *container;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  practice_container_runtime_remove (self->owner->runtime, self->uid, self->container);
  g_free (self->id);
  g_free (self->namespace_);
  g_free (self->pod);
  g_free (self->uid);
  g_free (self->container);
  g_free (self);
}

static void
pod_free (gpointer data)
{
  Pod *self = data;

  g_hash_table_unref (self->runs);
  g_free (self->uid);
  g_free (self);
}

static void
ended_cb (PracticeMainProcess *program, int exit_status, gpointer user_data)
{
  Run *run = user_data;

  g_signal_emit (run->owner, signals[SIGNAL_ENDED], 0, run->namespace_, run->pod, run->uid,
                 run->container, exit_status);
}

static Run *
run_new (PracticeContainerPrograms *self, JsonNode *pod, const char *container, const char *id)
{
  Run *run = g_new (Run, 1);

  run->owner = self;
  run->id = g_strdup (id);
  run->namespace_ = g_strdup (base_metadata_get_namespace (pod));
  run->pod = g_strdup (base_metadata_get_name (pod));
  run->uid = g_strdup (base_metadata_get_uid (pod));
  run->container = g_strdup (container);
  return run;
}

static gboolean
is_candidate (PracticeContainerPrograms *self, JsonNode *container)
{
  const char *const nothing[] = { NULL };
  g_auto (GStrv) argv = practice_container_command_new (self->images, container, (GStrv)nothing);

  return argv != NULL;
}

static void
start_run (PracticeContainerPrograms *self, Run *run, JsonNode *pod, JsonNode *spec)
{
  PracticeContainerLogs *logs = practice_container_runtime_get_logs (self->runtime);
  g_autoptr (GError) error = NULL;
  PracticeContainer *container =
    practice_container_runtime_ensure (self->runtime, pod, run->container, &error);
  g_autoptr (PracticeMainProcess) program = NULL;
  g_auto (GStrv) argv = NULL;
  PracticeMainSpec main = { run->uid, run->container };

  if (container == NULL) {
    practice_container_logs_append (logs, run->uid, run->container, error->message);
    return;
  }
  practice_container_runtime_leave_ports (self->runtime, run->uid, spec);
  argv = practice_container_command_new (self->images, spec,
                                         practice_container_get_environment (container));
  main.argv = (const char *const *)argv;
  main.has_input = base_json_get_boolean (spec, FALSE, "stdin", NULL);
  main.has_terminal = base_json_get_boolean (spec, FALSE, "tty", NULL);
  program = practice_main_process_new (container, logs, &main);
  g_signal_connect (program, "ended", G_CALLBACK (ended_cb), run);
  practice_container_runtime_set_main (self->runtime, run->uid, run->container, program);
  practice_main_process_start (program);
}

/* (nullable): the id of its present run; NULL while it does not run. */
static const char *
get_run_id (JsonNode *pod, const char *container)
{
  if (g_strcmp0 (practice_pod_target_get_state (pod, container), "running") != 0)
    return NULL;
  return base_json_get_string (practice_pod_target_get_status (pod, container), "containerID",
                               NULL);
}

static void
reconcile_container (PracticeContainerPrograms *self, Pod *pod, JsonNode *node, JsonNode *spec)
{
  const char *name = base_json_get_string (spec, "name", NULL);
  const char *id = get_run_id (node, name);
  Run *present = g_hash_table_lookup (pod->runs, name);
  JsonNode *status = practice_pod_target_get_status (node, name);
  Run *run;

  if (present != NULL && g_strcmp0 (present->id, id) == 0)
    return;
  g_hash_table_remove (pod->runs, name);
  if (id == NULL || !is_candidate (self, spec))
    return;
  if (base_json_get_int (status, 0, "restartCount", NULL) > 0)
    practice_container_logs_restart (practice_container_runtime_get_logs (self->runtime), pod->uid,
                                     name);
  run = run_new (self, node, name, id);
  g_hash_table_insert (pod->runs, g_strdup (name), run);
  start_run (self, run, node, spec);
}

static void
reconcile_containers (PracticeContainerPrograms *self, Pod *pod, JsonNode *node, const char *member)
{
  JsonArray *containers = base_json_get_array (node, "spec", member, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    reconcile_container (self, pod, node, json_array_get_element (containers, i));
}

static void
terminate (PracticeContainerPrograms *self, Pod *pod)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, pod->runs);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    PracticeMainProcess *program =
      practice_container_runtime_get_main (self->runtime, pod->uid, name);

    if (program != NULL)
      practice_main_process_terminate (program);
  }
}

static void
practice_container_programs_reconcile (PracticeController *controller,
                                       const char *namespace_,
                                       const char *name,
                                       JsonNode *node)
{
  PracticeContainerPrograms *self = PRACTICE_CONTAINER_PROGRAMS (controller);
  g_autofree char *key = g_strdup_printf ("%s/%s", namespace_, name);
  const char *uid = base_metadata_get_uid (node);
  Pod *pod = g_hash_table_lookup (self->pods, key);

  if (pod != NULL && g_strcmp0 (pod->uid, uid) != 0) {
    g_hash_table_remove (self->pods, key);
    pod = NULL;
  }
  if (node == NULL || base_json_get_string (node, "status", "podIP", NULL) == NULL)
    return;
  if (pod == NULL) {
    pod = g_new (Pod, 1);
    pod->uid = g_strdup (uid);
    pod->runs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, run_free);
    g_hash_table_insert (self->pods, g_steal_pointer (&key), pod);
  }
  if (base_json_get_string (node, "metadata", "deletionTimestamp", NULL) != NULL) {
    terminate (self, pod);
    return;
  }
  reconcile_containers (self, pod, node, "initContainers");
  reconcile_containers (self, pod, node, "containers");
}

/* The pods are those of another time. */
static void
practice_container_programs_restored (PracticeController *controller)
{
  PracticeContainerPrograms *self = PRACTICE_CONTAINER_PROGRAMS (controller);

  g_hash_table_remove_all (self->pods);
  practice_container_runtime_stop (self->runtime);
}

static void
practice_container_programs_dispose (GObject *object)
{
  PracticeContainerPrograms *self = PRACTICE_CONTAINER_PROGRAMS (object);

  g_hash_table_remove_all (self->pods);
  g_clear_object (&self->images);
  g_clear_object (&self->runtime);

  G_OBJECT_CLASS (practice_container_programs_parent_class)->dispose (object);
}

static void
practice_container_programs_finalize (GObject *object)
{
  g_hash_table_unref (PRACTICE_CONTAINER_PROGRAMS (object)->pods);

  G_OBJECT_CLASS (practice_container_programs_parent_class)->finalize (object);
}

static void
practice_container_programs_class_init (PracticeContainerProgramsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->dispose = practice_container_programs_dispose;
  object_class->finalize = practice_container_programs_finalize;

  controller_class->resource = PODS;
  controller_class->reconcile = practice_container_programs_reconcile;
  controller_class->restored = practice_container_programs_restored;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 5, G_TYPE_STRING,
                                        G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
}

static void
practice_container_programs_init (PracticeContainerPrograms *self)
{
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pod_free);
}

/**
 * practice_container_programs_new:
 * @store: the cluster's objects
 * @images: what images run
 * @runtime: where it runs
 *
 * Returns: (transfer full): the programs, not yet started
 */
PracticeController *
practice_container_programs_new (PracticeStore *store,
                                 PracticeImageCatalog *images,
                                 PracticeContainerRuntime *runtime)
{
  PracticeContainerPrograms *self =
    g_object_new (PRACTICE_TYPE_CONTAINER_PROGRAMS, "store", store, NULL);

  self->images = g_object_ref (images);
  self->runtime = g_object_ref (runtime);
  return PRACTICE_CONTROLLER (self);
}
