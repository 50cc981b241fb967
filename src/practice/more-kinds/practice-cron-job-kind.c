/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-cells.h"
#include "practice-cron-schedule.h"
#include "practice-kinds.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"
#include "practice-validation.h"

#define TEMPLATE "spec.jobTemplate.spec"

/* The name of a job has eleven characters more. */
#define MAX_NAME 52

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },      { "Schedule", "string", "", 0 },
  { "Suspend", "boolean", "", 0 },      { "Active", "integer", "", 0 },
  { "Last Schedule", "string", "", 0 }, { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 },    { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },      { NULL },
};

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  JsonArray *active = base_json_get_array (object, "status", "active", NULL);
  const char *last = base_json_get_string (object, "status", "lastScheduleTime", NULL);
  JsonNode *template = base_json_get (object, "spec", "jobTemplate", "spec", NULL);
  g_autofree char *age = last != NULL ? practice_age_dup_since (last) : NULL;

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, base_json_get_string (object, "spec", "schedule", NULL));
  json_array_add_string_element (
    cells, base_json_get_boolean (object, FALSE, "spec", "suspend", NULL) ? "True" : "False");
  json_array_add_int_element (cells, base_json_get_length (active));
  practice_cells_add_or_none (cells, age);
  practice_cells_add_age (cells, object);
  practice_cells_add_containers (cells, base_json_get (template, "template", "spec", NULL));
  practice_cells_add_selector (cells, base_json_get (template, "selector", NULL));
}

static void
prepare (JsonNode *object, JsonNode *old)
{
  if (old == NULL)
    json_object_set_object_member (json_node_get_object (object), "status", json_object_new ());
}

static void
set_defaults (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);
  JsonNode *pod_spec =
    base_json_get (object, "spec", "jobTemplate", "spec", "template", "spec", NULL);

  if (spec == NULL)
    return;
  if (!json_object_has_member (spec, "concurrencyPolicy"))
    json_object_set_string_member (spec, "concurrencyPolicy", "Allow");
  if (!json_object_has_member (spec, "suspend"))
    json_object_set_boolean_member (spec, "suspend", FALSE);
  if (!json_object_has_member (spec, "successfulJobsHistoryLimit"))
    json_object_set_int_member (spec, "successfulJobsHistoryLimit", 3);
  if (!json_object_has_member (spec, "failedJobsHistoryLimit"))
    json_object_set_int_member (spec, "failedJobsHistoryLimit", 1);
  if (pod_spec != NULL && JSON_NODE_HOLDS_OBJECT (pod_spec))
    practice_pod_defaults_apply (pod_spec);
}

static void
validate_schedule (JsonNode *object, PracticeCauses *causes)
{
  const char *text = base_json_get_string (object, "spec", "schedule", NULL);
  g_autoptr (PracticeCronSchedule) schedule = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL || *text == '\0') {
    practice_causes_required (causes, "spec.schedule", NULL);
    return;
  }
  schedule = practice_cron_schedule_parse (text, &error);
  if (schedule == NULL)
    practice_causes_invalid (causes, "spec.schedule", text, error->message);
}

static void
validate_job (JsonNode *object, PracticeCauses *causes)
{
  static const char *const numbers[] = { "parallelism", "completions", "activeDeadlineSeconds",
                                         "backoffLimit", "ttlSecondsAfterFinished" };
  static const char *const policies[] = { "OnFailure", "Never", NULL };
  JsonNode *job = base_json_get (object, "spec", "jobTemplate", "spec", NULL);
  const char *policy = base_json_get_string (job, "template", "spec", "restartPolicy", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *field = g_strconcat (TEMPLATE ".", numbers[i], NULL);

    practice_validation_not_negative (base_json_get_int (job, 0, numbers[i], NULL), field, causes);
  }
  practice_pod_validation_check_template (base_json_get (job, "template", NULL),
                                          TEMPLATE ".template", causes);
  if (base_json_get (job, "template", "spec", NULL) == NULL)
    practice_causes_required (causes, TEMPLATE ".template.spec.containers", NULL);
  if (policy == NULL || !g_strv_contains (policies, policy))
    practice_causes_unsupported (causes, TEMPLATE ".template.spec.restartPolicy",
                                 policy != NULL ? policy : "", policies);
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  static const char *const numbers[] = { "startingDeadlineSeconds", "successfulJobsHistoryLimit",
                                         "failedJobsHistoryLimit" };
  static const char *const policies[] = { "Allow", "Forbid", "Replace", NULL };
  const char *name = base_metadata_get_name (object);

  validate_schedule (object, causes);
  practice_validation_one_of (base_json_get_string (object, "spec", "concurrencyPolicy", NULL),
                              "spec.concurrencyPolicy", TRUE, policies, causes);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *field = g_strconcat ("spec.", numbers[i], NULL);

    practice_validation_not_negative (base_json_get_int (object, 0, "spec", numbers[i], NULL),
                                      field, causes);
  }
  validate_job (object, causes);
  if (old == NULL && name != NULL && strlen (name) > MAX_NAME)
    practice_causes_invalid (causes, "metadata.name", name, "must be no more than 52 characters");
}

/* Kubernetes before 1.21 has the older version only, and its kubectl knows no other. */
const PracticeKind practice_cron_job_kind = {
  .group = "batch",
  .plural = "cronjobs",
  .singular = "cronjob",
  .kind = "CronJob",
  .versions = { "v1", "v1beta1" },
  .types = { "CronJob", "BetaCronJob" },
  .short_names = { "cj" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_generation = TRUE,
  .prepare = prepare,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
