/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-prober.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-pod-status.h"
#include "practice-probe.h"

#define PODS "/pods"
#define COMPONENT "kubelet"

/* A program needs a moment to listen. */
#define FIRST_MS 300

/**
 * PracticeProber:
 *
 * Asks the containers that have probes, each at its own times, and counts
 * (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/).
 */
struct _PracticeProber {
  GObject parent_instance;

  PracticeStore *store;
  PracticeWorkloads *workloads;
  PracticeContainerRuntime *runtime; /* (nullable) */
  GHashTable *containers;            /* "uid/name" to Watched */
};

G_DEFINE_FINAL_TYPE (PracticeProber, practice_prober, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const struct {
  const char *member;
  const char *word;
} kinds[] = {
  [PRACTICE_PROBE_STARTUP] = { "startupProbe", "Startup" },
  [PRACTICE_PROBE_READINESS] = { "readinessProbe", "Readiness" },
  [PRACTICE_PROBE_LIVENESS] = { "livenessProbe", "Liveness" },
};

typedef struct {
  PracticeProber *prober; /* (unowned): NULL: it asks no longer */
  char *namespace_;
  char *pod;
  char *uid;
  char *container;
  PracticeProbeKind kind;
  GCancellable *cancellable;
  GSource *next; /* (owned) (nullable): when it asks again */
  guint successes;
  guint failures;
  gboolean passes;
  gboolean failed; /* as often as it may */
} Worker;

/* One run of a container. */
typedef struct {
  char *namespace_;
  char *pod;
  char *id;
  Worker *workers[PRACTICE_N_PROBES]; /* (nullable) each */
} Watched;

static void
worker_free (Worker *self)
{
  g_free (self->namespace_);
  g_free (self->pod);
  g_free (self->uid);
  g_free (self->container);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
stop_timer (Worker *self)
{
  if (self->next != NULL)
    g_source_destroy (self->next);
  g_clear_pointer (&self->next, g_source_unref);
}

/* One that asks just now is freed when the answer comes. */
static void
worker_stop (Worker *self)
{
  gboolean is_idle = self->next != NULL;

  stop_timer (self);
  self->prober = NULL;
  g_cancellable_cancel (self->cancellable);
  if (is_idle)
    worker_free (self);
}

static void
watched_free (gpointer data)
{
  Watched *self = data;

  for (guint i = 0; i < PRACTICE_N_PROBES; i++)
    if (self->workers[i] != NULL)
      worker_stop (self->workers[i]);
  g_free (self->namespace_);
  g_free (self->pod);
  g_free (self->id);
  g_free (self);
}

static JsonNode *
find_container (JsonNode *pod, const char *name)
{
  return base_json_find_named (base_json_get_array (pod, "spec", "containers", NULL), name);
}

static JsonNode *
get_probe (JsonNode *container, PracticeProbeKind kind)
{
  return base_json_get (container, kinds[kind].member, NULL);
}

static guint
get_seconds (JsonNode *probe, const char *name, gint64 fallback, gint64 least)
{
  return CLAMP (base_json_get_int (probe, fallback, name, NULL), least, 3600);
}

static guint
get_threshold (JsonNode *probe, const char *name, gint64 fallback)
{
  return MAX (base_json_get_int (probe, fallback, name, NULL), 1);
}

static gboolean ask_cb (gpointer user_data);

static void
schedule (Worker *self, guint milliseconds)
{
  stop_timer (self);
  self->next = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->next, ask_cb, self, NULL);
  g_source_attach (self->next, g_main_context_get_thread_default ());
}

static void
count (Worker *self, JsonNode *pod, JsonNode *probe, const GError *error)
{
  gboolean passed = self->passes;
  gboolean failed = self->failed;

  if (error == NULL) {
    self->failures = 0;
    self->successes++;
    self->passes = self->passes || self->successes >= get_threshold (probe, "successThreshold", 1);
    self->failed = FALSE;
  } else {
    self->successes = 0;
    self->failures++;
    practice_event_recorder_record (self->prober->store, pod, COMPONENT, "Unhealthy",
                                    "%s probe failed: %s", kinds[self->kind].word, error->message);
    if (self->failures >= get_threshold (probe, "failureThreshold", 3)) {
      self->passes = FALSE;
      self->failed = TRUE;
    }
  }

  if (self->passes != passed || self->failed != failed)
    g_signal_emit (self->prober, signals[SIGNAL_CHANGED], 0, self->namespace_, self->pod);
}

/* (nullable): the Pod, as long as it is the same. */
static JsonNode *
get_pod (Worker *self)
{
  JsonNode *pod = practice_store_get (self->prober->store, PODS, self->namespace_, self->pod);

  return g_strcmp0 (base_metadata_get_uid (pod), self->uid) == 0 ? pod : NULL;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = NULL;
  JsonNode *probe;

  practice_probe_finish (result, &error);
  if (self->prober == NULL) {
    worker_free (self);
    return;
  }

  pod = get_pod (self);
  if (pod != NULL)
    json_node_ref (pod);
  probe = get_probe (find_container (pod, self->container), self->kind);
  schedule (self, get_seconds (probe, "periodSeconds", 10, 1) * 1000);
  if (probe != NULL)
    count (self, pod, probe, error);
}

/* Until a container has started up, only that is asked. */
static gboolean
is_due (Worker *self)
{
  g_autofree char *key = g_strconcat (self->uid, "/", self->container, NULL);
  Watched *watched = g_hash_table_lookup (self->prober->containers, key);
  Worker *startup = watched->workers[PRACTICE_PROBE_STARTUP];

  if (self->kind == PRACTICE_PROBE_STARTUP)
    return !self->passes;

  return startup == NULL || startup->passes;
}

static gboolean
ask_cb (gpointer user_data)
{
  Worker *self = user_data;
  JsonNode *pod = get_pod (self);
  JsonNode *container = find_container (pod, self->container);
  JsonNode *probe = get_probe (container, self->kind);

  if (probe == NULL || !is_due (self)) {
    schedule (self, 1000);
    return G_SOURCE_REMOVE;
  }
  stop_timer (self);
  practice_probe_async (self->prober->workloads, self->prober->runtime, pod, container, probe,
                        self->cancellable, answered_cb, self);

  return G_SOURCE_REMOVE;
}

static Worker *
new_worker (PracticeProber *self, JsonNode *pod, JsonNode *container, PracticeProbeKind kind)
{
  JsonNode *probe = get_probe (container, kind);
  Worker *worker;

  if (probe == NULL)
    return NULL;

  worker = g_new0 (Worker, 1);
  worker->prober = self;
  worker->namespace_ = g_strdup (base_metadata_get_namespace (pod));
  worker->pod = g_strdup (base_metadata_get_name (pod));
  worker->uid = g_strdup (base_metadata_get_uid (pod));
  worker->container = g_strdup (base_json_get_string (container, "name", NULL));
  worker->kind = kind;
  worker->cancellable = g_cancellable_new ();
  worker->passes = kind == PRACTICE_PROBE_LIVENESS;
  schedule (worker, FIRST_MS + get_seconds (probe, "initialDelaySeconds", 0, 0) * 1000);

  return worker;
}

static void
follow_container (PracticeProber *self, JsonNode *pod, JsonNode *container)
{
  const char *name = base_json_get_string (container, "name", NULL);
  JsonNode *status = practice_pod_status_find (pod, name);
  const char *id = base_json_get (status, "state", "running", NULL) != NULL
                     ? base_json_get_string (status, "containerID", NULL)
                     : NULL;
  g_autofree char *key = g_strconcat (base_metadata_get_uid (pod), "/", name, NULL);
  Watched *watched = g_hash_table_lookup (self->containers, key);

  if (watched != NULL && g_strcmp0 (watched->id, id) == 0)
    return;
  g_hash_table_remove (self->containers, key);
  if (id == NULL)
    return;

  watched = g_new0 (Watched, 1);
  watched->namespace_ = g_strdup (base_metadata_get_namespace (pod));
  watched->pod = g_strdup (base_metadata_get_name (pod));
  watched->id = g_strdup (id);
  for (guint i = 0; i < PRACTICE_N_PROBES; i++)
    watched->workers[i] = new_worker (self, pod, container, i);
  g_hash_table_insert (self->containers, g_steal_pointer (&key), watched);
}

static void
practice_prober_dispose (GObject *object)
{
  PracticeProber *self = PRACTICE_PROBER (object);

  g_hash_table_remove_all (self->containers);
  g_clear_object (&self->workloads);
  g_clear_object (&self->runtime);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_prober_parent_class)->dispose (object);
}

static void
practice_prober_finalize (GObject *object)
{
  PracticeProber *self = PRACTICE_PROBER (object);

  g_hash_table_unref (self->containers);

  G_OBJECT_CLASS (practice_prober_parent_class)->finalize (object);
}

static void
practice_prober_class_init (PracticeProberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_prober_dispose;
  object_class->finalize = practice_prober_finalize;

  /**
   * PracticeProber::changed:
   * @self: the prober
   * @namespace_: of a pod
   * @pod: its name
   *
   * One of the pod's containers became ready, or is so no longer, or has failed.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", PRACTICE_TYPE_PROBER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
practice_prober_init (PracticeProber *self)
{
  self->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, watched_free);
}

/**
 * practice_prober_new:
 * @store: the cluster's objects
 * @workloads: what runs in the pods
 * @runtime: (nullable): where programs really run
 *
 * Returns: (transfer full): a prober that asks nobody yet
 */
PracticeProber *
practice_prober_new (PracticeStore *store,
                     PracticeWorkloads *workloads,
                     PracticeContainerRuntime *runtime)
{
  PracticeProber *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_WORKLOADS (workloads), NULL);

  self = g_object_new (PRACTICE_TYPE_PROBER, NULL);
  self->store = g_object_ref (store);
  self->workloads = g_object_ref (workloads);
  self->runtime = runtime != NULL ? g_object_ref (runtime) : NULL;

  return self;
}

/**
 * practice_prober_follow:
 * @self: a prober
 * @pod: a Pod
 *
 * Asks those of the pod's containers that run and have probes from now on, and no others; a
 * container that started again is asked from the beginning.
 */
void
practice_prober_follow (PracticeProber *self, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  g_return_if_fail (PRACTICE_IS_PROBER (self));

  for (guint i = 0; i < base_json_get_length (containers); i++)
    follow_container (self, pod, json_array_get_element (containers, i));
}

/**
 * practice_prober_forget:
 * @self: a prober
 * @namespace_: of a pod that goes, or ended
 * @pod: its name
 */
void
practice_prober_forget (PracticeProber *self, const char *namespace_, const char *pod)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (PRACTICE_IS_PROBER (self));

  g_hash_table_iter_init (&iter, self->containers);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Watched *watched = value;

    if (g_strcmp0 (watched->namespace_, namespace_) == 0 && g_strcmp0 (watched->pod, pod) == 0)
      g_hash_table_iter_remove (&iter);
  }
}

/**
 * practice_prober_forget_all:
 * @self: a prober
 *
 * Asks nobody any more.
 */
void
practice_prober_forget_all (PracticeProber *self)
{
  g_return_if_fail (PRACTICE_IS_PROBER (self));

  g_hash_table_remove_all (self->containers);
}

static Watched *
find (PracticeProber *self, const char *pod_uid, const char *container)
{
  g_autofree char *key = g_strconcat (pod_uid, "/", container, NULL);

  return g_hash_table_lookup (self->containers, key);
}

/**
 * practice_prober_is_ready:
 * @self: a prober
 * @pod_uid: of a pod that it follows
 * @container: name of one of its containers
 *
 * Returns: whether it runs and its probes let traffic come
 */
gboolean
practice_prober_is_ready (PracticeProber *self, const char *pod_uid, const char *container)
{
  Watched *watched = find (self, pod_uid, container);

  if (watched == NULL)
    return FALSE;
  for (guint i = 0; i < PRACTICE_N_PROBES; i++)
    if (i != PRACTICE_PROBE_LIVENESS && watched->workers[i] != NULL && !watched->workers[i]->passes)
      return FALSE;

  return TRUE;
}

/**
 * practice_prober_has_failed:
 * @self: a prober
 * @pod_uid: of a pod that it follows
 * @container: name of one of its containers
 *
 * Returns: whether it failed its liveness probe, or did not start up, so often that it has to be
 *   started again
 */
gboolean
practice_prober_has_failed (PracticeProber *self, const char *pod_uid, const char *container)
{
  Watched *watched = find (self, pod_uid, container);

  for (guint i = 0; watched != NULL && i < PRACTICE_N_PROBES; i++)
    if (i != PRACTICE_PROBE_READINESS && watched->workers[i] != NULL && watched->workers[i]->failed)
      return TRUE;

  return FALSE;
}
