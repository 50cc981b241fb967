/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-age.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"
#include "practice-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },   { "Completions", "string", "", 0 },
  { "Duration", "string", "", 0 },   { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 }, { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },   { NULL },
};

static void
add_duration (JsonNode *job, JsonArray *cells)
{
  const char *start = base_json_get_string (job, "status", "startTime", NULL);
  const char *end = base_json_get_string (job, "status", "completionTime", NULL);
  g_autoptr (GDateTime) from = start != NULL ? g_date_time_new_from_iso8601 (start, NULL) : NULL;
  g_autoptr (GDateTime) to =
    end != NULL ? g_date_time_new_from_iso8601 (end, NULL) : g_date_time_new_now_utc ();
  g_autofree char *text = NULL;

  if (from != NULL && to != NULL)
    text = practice_age_format (g_date_time_difference (to, from) / G_TIME_SPAN_SECOND);
  json_array_add_string_element (cells, text != NULL ? text : "");
}

static void
add_cells (JsonNode *job, JsonArray *cells)
{
  g_autofree char *completions =
    g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                     base_json_get_int (job, 0, "status", "succeeded", NULL),
                     base_json_get_int (job, 1, "spec", "completions", NULL));

  practice_cells_add_name (cells, job);
  json_array_add_string_element (cells, completions);
  add_duration (job, cells);
  practice_cells_add_age (cells, job);
  practice_cells_add_containers (cells, base_json_get (job, "spec", "template", "spec", NULL));
  practice_cells_add_selector (cells, base_json_get (job, "spec", "selector", NULL));
}

/* The pods of a job are told by its uid, which is there from here on. */
static void
prepare (JsonNode *job, JsonNode *old)
{
  JsonObject *metadata = base_json_get_object (job, "metadata", NULL);
  JsonObject *labels, *selector;
  g_autofree char *uid = NULL;

  if (old != NULL || base_json_get (job, "spec", "selector", NULL) != NULL ||
      base_json_get_object (job, "spec", "template", NULL) == NULL)
    return;
  uid = g_uuid_string_random ();
  selector = practice_object_ensure (job, "spec", "selector", "matchLabels", NULL);
  labels = practice_object_ensure (job, "spec", "template", "metadata", "labels", NULL);
  json_object_set_string_member (selector, "controller-uid", uid);
  json_object_set_string_member (labels, "controller-uid", uid);
  if (json_object_has_member (metadata, "name"))
    json_object_set_string_member (labels, "job-name",
                                   json_object_get_string_member (metadata, "name"));
}

static void
set_default (JsonObject *spec, const char *member, gint64 value)
{
  if (!json_object_has_member (spec, member))
    json_object_set_int_member (spec, member, value);
}

static void
set_defaults (JsonNode *job)
{
  JsonObject *spec = base_json_get_object (job, "spec", NULL);
  JsonNode *pod_spec = base_json_get (job, "spec", "template", "spec", NULL);

  if (spec == NULL)
    return;
  set_default (spec, "backoffLimit", 6);
  set_default (spec, "completions", 1);
  set_default (spec, "parallelism", 1);
  if (pod_spec != NULL && JSON_NODE_HOLDS_OBJECT (pod_spec))
    practice_pod_defaults_apply (pod_spec);
}

static void
validate (JsonNode *job, JsonNode *old, PracticeCauses *causes)
{
  static const char *const policies[] = { "OnFailure", "Never", NULL };
  static const char *const numbers[] = { "parallelism", "completions", "backoffLimit" };
  const char *policy =
    base_json_get_string (job, "spec", "template", "spec", "restartPolicy", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *field = g_strconcat ("spec.", numbers[i], NULL);

    practice_validation_not_negative (base_json_get_int (job, 0, "spec", numbers[i], NULL), field,
                                      causes);
  }
  practice_pod_validation_check_template (base_json_get (job, "spec", "template", NULL),
                                          "spec.template", causes);
  if (policy == NULL || !g_strv_contains (policies, policy))
    practice_causes_unsupported (causes, "spec.template.spec.restartPolicy",
                                 policy != NULL ? policy : "", policies);
  if (old != NULL && !base_json_equal (base_json_get (job, "spec", "template", NULL),
                                       base_json_get (old, "spec", "template", NULL)))
    practice_causes_invalid_literal (causes, "spec.template", "", "field is immutable");
}

const PracticeKind practice_job_kind = {
  .group = "batch",
  .plural = "jobs",
  .singular = "job",
  .kind = "Job",
  .versions = { "v1" },
  .types = { "Job" },
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
