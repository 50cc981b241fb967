/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-pod-defaults.h"
#include "practice-validation.h"
#include "practice-workload.h"

#define GENERATION "deprecated.daemonset.template.generation"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },      { "Desired", "integer", "", 0 },
  { "Current", "integer", "", 0 },      { "Ready", "integer", "", 0 },
  { "Up-to-date", "integer", "", 0 },   { "Available", "integer", "", 0 },
  { "Node Selector", "string", "", 0 }, { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 },    { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },      { NULL },
};

/* What a DaemonSet always says of itself. */
static const char *const counted[] = {
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
};

static void
add_cells (JsonNode *set, JsonArray *cells)
{
  static const char *const numbers[] = {
    "desiredNumberScheduled", "currentNumberScheduled", "numberReady",
    "updatedNumberScheduled", "numberAvailable",
  };

  practice_cells_add_name (cells, set);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_array_add_int_element (cells, base_json_get_int (set, 0, "status", numbers[i], NULL));
  practice_cells_add_labels (
    cells, base_json_get_object (set, "spec", "template", "spec", "nodeSelector", NULL));
  practice_workload_add_cells (set, cells);
}

/* Counts the changes of the template in an annotation, as "kubectl rollout history" of old shows
 * it. */
static void
count_generation (JsonNode *set, JsonNode *old)
{
  const char *text = base_metadata_get_annotation (old, GENERATION);
  gint64 generation = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
  g_autofree char *next = NULL;

  if (old == NULL || !base_json_equal (base_json_get (set, "spec", "template", NULL),
                                       base_json_get (old, "spec", "template", NULL)))
    generation++;
  next = g_strdup_printf ("%" G_GINT64_FORMAT, generation);
  json_object_set_string_member (practice_object_ensure (set, "metadata", "annotations", NULL),
                                 GENERATION, next);
}

static void
prepare (JsonNode *set, JsonNode *old)
{
  JsonObject *status;

  if (old == NULL) {
    status = json_object_new ();
    for (guint i = 0; i < G_N_ELEMENTS (counted); i++)
      json_object_set_int_member (status, counted[i], 0);
    json_object_set_object_member (json_node_get_object (set), "status", status);
  }
}

static void
set_strategy_defaults (JsonNode *set)
{
  JsonObject *strategy = practice_object_ensure (set, "spec", "updateStrategy", NULL);
  JsonObject *rolling;

  if (!json_object_has_member (strategy, "type"))
    json_object_set_string_member (strategy, "type", "RollingUpdate");
  if (g_strcmp0 (json_object_get_string_member (strategy, "type"), "RollingUpdate") != 0)
    return;
  rolling = practice_object_ensure (set, "spec", "updateStrategy", "rollingUpdate", NULL);
  if (!json_object_has_member (rolling, "maxUnavailable"))
    json_object_set_int_member (rolling, "maxUnavailable", 1);
}

static void
set_defaults (JsonNode *set)
{
  JsonObject *spec = base_json_get_object (set, "spec", NULL);
  JsonNode *pod_spec = base_json_get (set, "spec", "template", "spec", NULL);

  if (spec == NULL)
    return;
  if (pod_spec != NULL)
    practice_pod_defaults_apply (pod_spec);
  set_strategy_defaults (set);
  if (!json_object_has_member (spec, "revisionHistoryLimit"))
    json_object_set_int_member (spec, "revisionHistoryLimit", 10);
}

static gboolean
is_zero (JsonNode *value)
{
  const char *text;

  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return FALSE;
  text = json_node_get_string (value);
  return text != NULL ? g_ascii_strtod (text, NULL) == 0 : json_node_get_int (value) == 0;
}

static void
validate_strategy (JsonNode *set, PracticeCauses *causes)
{
  static const char *const types[] = { "RollingUpdate", "OnDelete", NULL };
  const char *type = base_json_get_string (set, "spec", "updateStrategy", "type", NULL);
  JsonNode *most =
    base_json_get (set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable", NULL);

  practice_validation_one_of (type, "spec.updateStrategy.type", FALSE, types, causes);
  if (g_strcmp0 (type, "RollingUpdate") == 0 && is_zero (most))
    practice_causes_invalid_node (causes, "spec.updateStrategy.rollingUpdate.maxUnavailable", most,
                                  "cannot be 0");
}

static void
validate (JsonNode *set, JsonNode *old, PracticeCauses *causes)
{
  if (practice_workload_validate_selector (set, "daemonset", causes))
    practice_workload_validate_template (set, "DaemonSet", causes);
  validate_strategy (set, causes);
  practice_workload_validate_same_selector (set, old, causes);
}

static void
prepare_and_count (JsonNode *set, JsonNode *old)
{
  prepare (set, old);
  if (base_json_get (set, "spec", "template", NULL) != NULL) {
    set_defaults (set);
    count_generation (set, old);
  }
}

const PracticeKind practice_daemon_set_kind = {
  .group = "apps",
  .plural = "daemonsets",
  .singular = "daemonset",
  .kind = "DaemonSet",
  .versions = { "v1" },
  .types = { "DaemonSet" },
  .short_names = { "ds" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_generation = TRUE,
  .prepare = prepare_and_count,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
