/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-go.h"
#include "practice-kinds.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"
#include "practice-selector.h"
#include "practice-validation.h"

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

static const PracticeColumn replica_set_columns[] = {
  { "Name", "string", "name", 0 },
  { "Desired", "integer", "", 0 },
  { "Current", "integer", "", 0 },
  { "Ready", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 },
  { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },
  { NULL },
};

static const char *const replica_set_fields[] = { "status.replicas", NULL };

static gint64
get_status (JsonNode *object, const char *member)
{
  return base_json_get_int (object, 0, "status", member, NULL);
}

static void
add_template_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_age (cells, object);
  practice_cells_add_containers (cells, base_json_get (object, "spec", "template", "spec", NULL));
  practice_cells_add_selector (cells, base_json_get (object, "spec", "selector", NULL));
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
  add_template_cells (object, cells);
}

static void
add_replica_set_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  json_array_add_int_element (cells, base_json_get_int (object, 1, "spec", "replicas", NULL));
  json_array_add_int_element (cells, get_status (object, "replicas"));
  json_array_add_int_element (cells, get_status (object, "readyReplicas"));
  add_template_cells (object, cells);
}

static void
set_template_defaults (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);
  JsonNode *pod_spec = base_json_get (object, "spec", "template", "spec", NULL);

  if (spec != NULL && !json_object_has_member (spec, "replicas"))
    json_object_set_int_member (spec, "replicas", 1);
  if (pod_spec != NULL)
    practice_pod_defaults_apply (pod_spec);
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

  set_template_defaults (object);
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
prepare_replica_set (JsonNode *object, JsonNode *old)
{
  JsonObject *status;

  if (old != NULL)
    return;
  status = json_object_new ();
  json_object_set_int_member (status, "replicas", 0);
  json_object_set_object_member (json_node_get_object (object), "status", status);
}

static void
validate_template (JsonNode *object, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);
  JsonNode *template_ = base_json_get (object, "spec", "template", NULL);
  JsonObject *labels = base_json_get_object (template_, "metadata", "labels", NULL);
  g_autoptr (PracticeSelector) compiled = practice_selector_new_from_object (selector);
  g_autofree char *printed = NULL;

  practice_pod_validation_check_template (template_, "spec.template", causes);
  if (template_ == NULL || base_json_get (template_, "spec", NULL) == NULL)
    practice_causes_required (causes, "spec.template.spec.containers", NULL);
  if (selector == NULL || practice_selector_is_empty (compiled) ||
      practice_selector_matches_map (compiled, labels))
    return;
  printed = practice_go_print_labels (labels);
  practice_causes_invalid_literal (causes, "spec.template.metadata.labels", printed,
                                   "`selector` does not match template `labels`");
}

static void
validate_restart_policy (JsonNode *object, PracticeCauses *causes)
{
  const char *only[] = { "Always", NULL };
  const char *policy =
    base_json_get_string (object, "spec", "template", "spec", "restartPolicy", NULL);

  if (policy != NULL && !g_str_equal (policy, "Always"))
    practice_causes_unsupported (causes, "spec.template.spec.restartPolicy", policy, only);
}

static void
validate_selector (JsonNode *object, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);
  g_autoptr (PracticeSelector) compiled = practice_selector_new_from_object (selector);

  if (selector == NULL) {
    practice_causes_required (causes, "spec.selector", NULL);
  } else if (practice_selector_is_empty (compiled)) {
    practice_causes_invalid_node (causes, "spec.selector", selector,
                                  "empty selector is invalid for deployment");
  } else {
    practice_validation_selector (selector, "spec.selector", causes);
  }
}

static void
validate_same_selector (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);

  if (old != NULL &&
      !practice_validation_is_same (selector, base_json_get (old, "spec", "selector", NULL))) {
    g_autofree char *printed = practice_go_print_selector (selector);

    practice_causes_invalid_literal (causes, "spec.selector", printed, "field is immutable");
  }
}

static void
validate_replica_set (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  practice_validation_not_negative (base_json_get_int (object, 0, "spec", "replicas", NULL),
                                    "spec.replicas", causes);
  validate_selector (object, causes);
  validate_template (object, causes);
  validate_restart_policy (object, causes);
  validate_same_selector (object, old, causes);
}

static void
validate_deployment (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  const char *types[] = { "Recreate", "RollingUpdate", NULL };
  const char *type = base_json_get_string (object, "spec", "strategy", "type", NULL);

  validate_replica_set (object, old, causes);
  practice_validation_one_of (type, "spec.strategy.type", FALSE, types, causes);
  if (g_strcmp0 (type, "Recreate") == 0 &&
      base_json_get (object, "spec", "strategy", "rollingUpdate", NULL) != NULL)
    practice_causes_forbidden (causes, "spec.strategy.rollingUpdate",
                               "may not be specified when strategy `type` is 'Recreate'");
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
  .validate = validate_deployment,
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
  .prepare = prepare_replica_set,
  .set_defaults = set_template_defaults,
  .validate = validate_replica_set,
  .columns = replica_set_columns,
  .add_cells = add_replica_set_cells,
  .selectable_fields = replica_set_fields,
};
