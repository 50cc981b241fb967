/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-job-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-pod-template.h"

#define JOBS "batch/jobs"
#define PODS "/pods"
#define COMPONENT "job-controller"

/* However many a job asks for. */
#define MAX_PODS 100

/* When a pod that was refused is tried again. */
#define RETRY_MS 10000

struct _PracticeJobController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeJobController, practice_job_controller, PRACTICE_TYPE_CONTROLLER)

typedef struct {
  gint64 active;
  gint64 succeeded;
  gint64 failed;
} Counts;

static void
count_pods (PracticeStore *store, JsonNode *job, Counts *counts)
{
  const char *uid = base_metadata_get_uid (job);
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, base_metadata_get_namespace (job));

  *counts = (Counts){ 0 };
  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = pods->pdata[i];
    const char *phase = base_json_get_string (pod, "status", "phase", NULL);

    if (g_strcmp0 (practice_object_get_controller_uid (pod), uid) != 0)
      continue;
    if (g_strcmp0 (phase, "Succeeded") == 0)
      counts->succeeded++;
    else if (g_strcmp0 (phase, "Failed") == 0)
      counts->failed++;
    else if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) == NULL)
      counts->active++;
  }
}

static void
update_status (PracticeStore *store, JsonNode *job, const Counts *counts, gboolean failed)
{
  g_autoptr (JsonNode) changed = base_json_copy (job);
  JsonObject *status = practice_object_ensure (changed, "status", NULL);
  g_autofree char *now = practice_age_dup_now ();

  if (!json_object_has_member (status, "startTime"))
    json_object_set_string_member (status, "startTime", now);
  practice_object_set_count (status, "active", counts->active);
  practice_object_set_count (status, "succeeded", counts->succeeded);
  practice_object_set_count (status, "failed", counts->failed);
  if (failed) {
    practice_object_set_condition (changed, "Failed", TRUE, "BackoffLimitExceeded",
                                   "Job has reached the specified backoff limit");
  } else if (counts->succeeded >= base_json_get_int (job, 1, "spec", "completions", NULL)) {
    if (!json_object_has_member (status, "completionTime"))
      json_object_set_string_member (status, "completionTime", now);
    practice_object_set_condition (changed, "Complete", TRUE, NULL, NULL);
  }
  practice_store_update (store, JOBS, g_steal_pointer (&changed), NULL, NULL);
}

/* FALSE: one was refused. */
static gboolean
start_pods (PracticeStore *store, JsonNode *job, Counts *counts)
{
  gint64 left = base_json_get_int (job, 1, "spec", "completions", NULL) - counts->succeeded;
  gint64 wanted =
    MIN (MIN (base_json_get_int (job, 1, "spec", "parallelism", NULL), left), MAX_PODS);

  for (; counts->active < wanted; counts->active++) {
    g_autoptr (GError) failure = NULL;
    JsonNode *pod = practice_pod_template_create (store, job, &failure);

    if (pod == NULL) {
      practice_event_recorder_record (store, job, COMPONENT, "FailedCreate", "Error creating: %s",
                                      failure->message);
      return FALSE;
    }
    practice_event_recorder_record (store, job, COMPONENT, "SuccessfulCreate", "Created pod: %s",
                                    base_metadata_get_name (pod));
  }

  return TRUE;
}

static void
practice_job_controller_reconcile (PracticeController *controller,
                                   const char *namespace_,
                                   const char *name,
                                   JsonNode *object)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) job = NULL;
  gboolean failed;
  Counts counts;

  if (object == NULL ||
      base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL)
    return;
  job = json_node_ref (object);
  count_pods (store, job, &counts);
  failed = counts.failed > base_json_get_int (job, 6, "spec", "backoffLimit", NULL);
  if (!failed && !start_pods (store, job, &counts))
    practice_controller_enqueue_after (controller, namespace_, name, RETRY_MS);
  update_status (store, job, &counts, failed);
}

static void
practice_job_controller_related (PracticeController *controller,
                                 PracticeEventType type,
                                 const char *resource,
                                 JsonNode *pod,
                                 JsonNode *old)
{
  const char *name = base_metadata_get_label (pod, "job-name");

  if (name != NULL)
    practice_controller_enqueue (controller, base_metadata_get_namespace (pod), name);
}

static void
practice_job_controller_class_init (PracticeJobControllerClass *klass)
{
  static const char *const also[] = { PODS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = JOBS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_job_controller_reconcile;
  controller_class->related = practice_job_controller_related;
}

static void
practice_job_controller_init (PracticeJobController *self)
{
}

/**
 * practice_job_controller_new:
 * @store: the state
 *
 * Returns: (transfer full): the controller
 */
PracticeController *
practice_job_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_JOB_CONTROLLER, "store", store, NULL);
}
