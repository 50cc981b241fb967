/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-deployment-validation.h"
#include "practice-kinds.h"
#include "practice-validation.h"
#include "practice-workload.h"

/*
 * Deployment and ReplicaSet.
 */
static const PracticeColumn deployment_columns[] = {
  { "Name", "string", "name", 0 },
  { "Ready", "string", "", 0 },
  { "Up-to-date", "string", "", 0 },
  { "Available", "string", "", 0 },
  { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 },
  { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },
  { NULL },
};

static gint64
get_status (JsonNode *object, const char *member)
{
  return base_json_get_int (object, 0, "status", member, NULL);
}

static void
add_deployment_cells (JsonNode *object, JsonArray *cells)
{
  g_autofree char *ready =
    g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, get_status (object, "readyReplicas"),
                     base_json_get_int (object, 1, "spec", "replicas", NULL));

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, ready);
  json_array_add_int_element (cells, get_status (object, "updatedReplicas"));
  json_array_add_int_element (cells, get_status (object, "availableReplicas"));
  practice_workload_add_cells (object, cells);
}

static void
add_replica_set_cells (JsonNode *object, JsonArray *cells)
{
  practice_workload_add_replicas_cells (object, cells);
  practice_workload_add_cells (object, cells);
}

static void
set_strategy_defaults (JsonObject *spec)
{
  const char *members[] = { "maxUnavailable", "maxSurge" };
  JsonObject *strategy, *rolling;

  if (!json_object_has_member (spec, "strategy"))
    json_object_set_object_member (spec, "strategy", json_object_new ());
  strategy = json_object_get_object_member (spec, "strategy");
  if (!json_object_has_member (strategy, "type"))
    json_object_set_string_member (strategy, "type", "RollingUpdate");
  if (!g_str_equal (json_object_get_string_member (strategy, "type"), "RollingUpdate"))
    return;
  if (!json_object_has_member (strategy, "rollingUpdate"))
    json_object_set_object_member (strategy, "rollingUpdate", json_object_new ());
  rolling = json_object_get_object_member (strategy, "rollingUpdate");
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    if (!json_object_has_member (rolling, members[i]))
      json_object_set_string_member (rolling, members[i], "25%");
  }
}

static void
set_deployment_defaults (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);

  practice_workload_set_defaults (object);
  if (spec == NULL)
    return;
  set_strategy_defaults (spec);
  if (!json_object_has_member (spec, "revisionHistoryLimit"))
    json_object_set_int_member (spec, "revisionHistoryLimit", 10);
  if (!json_object_has_member (spec, "progressDeadlineSeconds"))
    json_object_set_int_member (spec, "progressDeadlineSeconds", 600);
}

static void
prepare_status (JsonNode *object, JsonNode *old)
{
  if (old == NULL)
    json_object_set_object_member (json_node_get_object (object), "status", json_object_new ());
}

static void
validate_replica_set (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  practice_validation_not_negative (base_json_get_int (object, 0, "spec", "replicas", NULL),
                                    "spec.replicas", causes);
  practice_validation_not_negative (base_json_get_int (object, 0, "spec", "minReadySeconds", NULL),
                                    "spec.minReadySeconds", causes);
  if (practice_workload_validate_selector (object, "deployment", causes))
    practice_workload_validate_template (object, "ReplicaSet", causes);
  practice_workload_validate_same_selector (object, old, causes);
}

const PracticeKind practice_deployment_kind = {
  .group = "apps",
  .plural = "deployments",
  .singular = "deployment",
  .kind = "Deployment",
  .versions = { "v1" },
  .types = { "Deployment" },
  .short_names = { "deploy" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_scale = TRUE,
  .has_generation = TRUE,
  .prepare = prepare_status,
  .set_defaults = set_deployment_defaults,
  .validate = practice_deployment_validation_check,
  .columns = deployment_columns,
  .add_cells = add_deployment_cells,
};

const PracticeKind practice_replica_set_kind = {
  .group = "apps",
  .plural = "replicasets",
  .singular = "replicaset",
  .kind = "ReplicaSet",
  .versions = { "v1" },
  .types = { "ReplicaSet" },
  .short_names = { "rs" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_scale = TRUE,
  .has_generation = TRUE,
  .prepare = practice_workload_prepare_replicas,
  .set_defaults = practice_workload_set_defaults,
  .validate = validate_replica_set,
  .columns = practice_workload_replicas_columns,
  .add_cells = add_replica_set_cells,
  .selectable_fields = practice_workload_replicas_fields,
};
