/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cron-job-controller.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-admission.h"
#include "practice-cron-schedule.h"
#include "practice-event-recorder.h"
#include "practice-kinds.h"
#include "practice-object.h"

#define CRON_JOBS "batch/cronjobs"
#define JOBS "batch/jobs"
#define COMPONENT "cronjob-controller"

/* A computer that has slept must not wait for the rest of a long time. */
#define MAX_WAIT_SECONDS 30

/**
 * PracticeCronJobController:
 *
 * Makes a Job whenever the schedule of a CronJob says so, and takes the oldest of those that have
 * ended away (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/). Of times that
 * were missed while the cluster was off, only the last counts.
 */
struct _PracticeCronJobController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeCronJobController,
                     practice_cron_job_controller,
                     PRACTICE_TYPE_CONTROLLER)

/* A CronJob at one moment. */
typedef struct {
  PracticeStore *store; /* (unowned) */
  JsonNode *object;     /* (unowned) */
  GPtrArray *active;    /* (owned): Jobs that run */
  GPtrArray *complete;  /* (owned): Jobs that have succeeded, the oldest first */
  GPtrArray *failed;    /* (owned): Jobs that have failed, the oldest first */
  gint64 scheduled;     /* of the Job that is made now; -1: none */
} Jobs;

static void
jobs_clear (Jobs *self)
{
  g_clear_pointer (&self->active, g_ptr_array_unref);
  g_clear_pointer (&self->complete, g_ptr_array_unref);
  g_clear_pointer (&self->failed, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Jobs, jobs_clear)

/* Seconds since 1970; -1: there is none. */
static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : -1;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static int
compare_ages (gconstpointer a, gconstpointer b)
{
  JsonNode *first = *(JsonNode *const *)a;
  JsonNode *second = *(JsonNode *const *)b;
  int by_time = g_strcmp0 (base_json_get_string (first, "metadata", "creationTimestamp", NULL),
                           base_json_get_string (second, "metadata", "creationTimestamp", NULL));

  return by_time != 0 ? by_time
                      : g_strcmp0 (base_metadata_get_name (first), base_metadata_get_name (second));
}

static void
jobs_init (Jobs *self, PracticeStore *store, JsonNode *object)
{
  const char *uid = base_metadata_get_uid (object);
  g_autoptr (GPtrArray) all =
    practice_store_list (store, JOBS, base_metadata_get_namespace (object));

  self->store = store;
  self->object = object;
  self->scheduled = -1;
  self->active = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  self->complete = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  self->failed = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  for (guint i = 0; i < all->len; i++) {
    JsonNode *job = all->pdata[i];
    GPtrArray *jobs = self->active;

    if (g_strcmp0 (practice_object_get_controller_uid (job), uid) != 0)
      continue;
    if (base_condition_is_true (job, "Complete"))
      jobs = self->complete;
    else if (base_condition_is_true (job, "Failed"))
      jobs = self->failed;
    g_ptr_array_add (jobs, json_node_ref (job));
  }
  g_ptr_array_sort (self->active, compare_ages);
  g_ptr_array_sort (self->complete, compare_ages);
  g_ptr_array_sort (self->failed, compare_ages);
}

static gboolean
was_active (Jobs *self, JsonNode *job)
{
  JsonArray *active = base_json_get_array (self->object, "status", "active", NULL);
  const char *uid = base_metadata_get_uid (job);

  for (guint i = 0; i < base_json_get_length (active); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (active, i), "uid", NULL), uid) ==
        0)
      return TRUE;

  return FALSE;
}

static void
report_end (Jobs *self, GPtrArray *jobs, const char *status)
{
  for (guint i = 0; i < jobs->len; i++)
    if (was_active (self, jobs->pdata[i]))
      practice_event_recorder_record (self->store, self->object, COMPONENT, "SawCompletedJob",
                                      "Saw completed job: %s, status: %s",
                                      base_metadata_get_name (jobs->pdata[i]), status);
}

/* Its pods go with it. */
static void
remove_job (Jobs *self, JsonNode *job)
{
  practice_store_delete (self->store, JOBS, base_metadata_get_namespace (job),
                         base_metadata_get_name (job), NULL);
  practice_event_recorder_record (self->store, self->object, COMPONENT, "SuccessfulDelete",
                                  "Deleted job %s", base_metadata_get_name (job));
}

static void
trim (Jobs *self, GPtrArray *jobs, const char *member, gint64 fallback)
{
  gint64 limit = MAX (base_json_get_int (self->object, fallback, "spec", member, NULL), 0);

  while (jobs->len > limit) {
    remove_job (self, jobs->pdata[0]);
    g_ptr_array_remove_index (jobs, 0);
  }
}

static JsonNode *
new_job (Jobs *self, gint64 time)
{
  static const char *const copied[] = { "labels", "annotations" };
  g_autofree char *name =
    g_strdup_printf ("%s-%" G_GINT64_FORMAT, base_metadata_get_name (self->object), time);
  JsonNode *template = base_json_get (self->object, "spec", "jobTemplate", NULL);
  JsonNode *spec = base_json_get (template, "spec", NULL);
  JsonNode *job =
    practice_object_new ("batch/v1", "Job", base_metadata_get_namespace (self->object), name);
  JsonObject *metadata = practice_object_ensure (job, "metadata", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    JsonNode *member = base_json_get (template, "metadata", copied[i], NULL);

    if (member != NULL)
      json_object_set_member (metadata, copied[i], base_json_copy (member));
  }
  json_object_set_int_member (metadata, "generation", 1);
  if (spec != NULL)
    json_object_set_member (json_node_get_object (job), "spec", base_json_copy (spec));
  practice_object_set_owner (job, self->object);
  practice_job_kind.prepare (job, NULL);
  practice_job_kind.set_defaults (job);

  return job;
}

static void
start_job (Jobs *self, gint64 time)
{
  g_autoptr (GError) error = NULL;
  JsonNode *job = practice_admission_create (self->store, JOBS, new_job (self, time), &error);

  if (job != NULL) {
    g_ptr_array_add (self->active, json_node_ref (job));
    practice_event_recorder_record (self->store, self->object, COMPONENT, "SuccessfulCreate",
                                    "Created job %s", base_metadata_get_name (job));
  } else if (!g_error_matches (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_EXISTS)) {
    practice_event_recorder_record (self->store, self->object, COMPONENT, "FailedCreate",
                                    "Error creating job: %s", error->message);
    return;
  }
  self->scheduled = time;
}

/* The last time that was due and not served yet; -1: none. */
static gint64
find_due (Jobs *self, PracticeCronSchedule *schedule)
{
  gint64 now = get_now ();
  gint64 start =
    read_time (base_json_get_string (self->object, "status", "lastScheduleTime", NULL));
  gint64 deadline = base_json_get_int (self->object, -1, "spec", "startingDeadlineSeconds", NULL);

  if (start < 0)
    start = read_time (base_json_get_string (self->object, "metadata", "creationTimestamp", NULL));
  if (deadline >= 0)
    start = MAX (start, now - deadline);

  return practice_cron_schedule_get_latest (schedule, start, now);
}

static void
start_due (Jobs *self, PracticeCronSchedule *schedule)
{
  const char *policy = base_json_get_string (self->object, "spec", "concurrencyPolicy", NULL);
  gint64 due = find_due (self, schedule);

  if (due < 0 || (g_strcmp0 (policy, "Forbid") == 0 && self->active->len > 0))
    return;
  if (g_strcmp0 (policy, "Replace") == 0) {
    for (guint i = 0; i < self->active->len; i++)
      remove_job (self, self->active->pdata[i]);
    g_ptr_array_set_size (self->active, 0);
  }
  start_job (self, due);
}

static JsonArray *
new_references (GPtrArray *jobs)
{
  static const char *const copied[] = { "namespace", "name", "uid", "resourceVersion" };
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < jobs->len; i++) {
    JsonObject *reference = json_object_new ();

    json_object_set_string_member (reference, "kind", "Job");
    json_object_set_string_member (reference, "apiVersion", "batch/v1");
    for (guint j = 0; j < G_N_ELEMENTS (copied); j++)
      json_object_set_string_member (
        reference, copied[j], base_json_get_string (jobs->pdata[i], "metadata", copied[j], NULL));
    json_array_add_object_element (array, reference);
  }

  return array;
}

static void
write_status (Jobs *self)
{
  g_autoptr (JsonNode) next = base_json_copy (self->object);
  JsonObject *status = practice_object_ensure (next, "status", NULL);
  JsonNode *last = self->complete->len > 0 ? self->complete->pdata[self->complete->len - 1] : NULL;
  const char *ended = base_json_get_string (last, "status", "completionTime", NULL);
  g_autoptr (GDateTime) time = NULL;

  if (self->active->len > 0)
    json_object_set_array_member (status, "active", new_references (self->active));
  else
    json_object_remove_member (status, "active");
  if (ended != NULL)
    json_object_set_string_member (status, "lastSuccessfulTime", ended);
  if (self->scheduled >= 0) {
    g_autofree char *text = NULL;

    time = g_date_time_new_from_unix_utc (self->scheduled);
    text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
    json_object_set_string_member (status, "lastScheduleTime", text);
  }
  practice_store_update (self->store, CRON_JOBS, g_steal_pointer (&next), NULL, NULL);
}

static void
practice_cron_job_controller_reconcile (PracticeController *controller,
                                        const char *namespace_,
                                        const char *name,
                                        JsonNode *object)
{
  const char *text = base_json_get_string (object, "spec", "schedule", NULL);
  g_autoptr (PracticeCronSchedule) schedule =
    text != NULL ? practice_cron_schedule_parse (text, NULL) : NULL;
  g_auto (Jobs) jobs = { 0 };
  gint64 next, now;

  if (object == NULL || schedule == NULL ||
      base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL)
    return;

  jobs_init (&jobs, practice_controller_get_store (controller), object);
  report_end (&jobs, jobs.complete, "Complete");
  report_end (&jobs, jobs.failed, "Failed");
  if (!base_json_get_boolean (object, FALSE, "spec", "suspend", NULL))
    start_due (&jobs, schedule);
  write_status (&jobs);
  trim (&jobs, jobs.complete, "successfulJobsHistoryLimit", 3);
  trim (&jobs, jobs.failed, "failedJobsHistoryLimit", 1);

  now = get_now ();
  next = practice_cron_schedule_get_next (schedule, now);
  if (next >= 0)
    practice_controller_enqueue_after (controller, namespace_, name,
                                       (guint)MIN (next - now, MAX_WAIT_SECONDS) * 1000);
}

static void
practice_cron_job_controller_related (PracticeController *controller,
                                      PracticeEventType type,
                                      const char *resource,
                                      JsonNode *job,
                                      JsonNode *old)
{
  JsonArray *owners = base_json_get_array (job, "metadata", "ownerReferences", NULL);

  for (guint i = 0; i < base_json_get_length (owners); i++)
    practice_controller_enqueue (
      controller, base_metadata_get_namespace (job),
      base_json_get_string (json_array_get_element (owners, i), "name", NULL));
}

static void
practice_cron_job_controller_class_init (PracticeCronJobControllerClass *klass)
{
  static const char *const also[] = { JOBS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = CRON_JOBS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_cron_job_controller_reconcile;
  controller_class->related = practice_cron_job_controller_related;
}

static void
practice_cron_job_controller_init (PracticeCronJobController *self)
{
}

/**
 * practice_cron_job_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_cron_job_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_CRON_JOB_CONTROLLER, "store", store, NULL);
}
