/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-go.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-pod-validation.h"
#include "practice-validation.h"
#include "practice-workload.h"

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_workload_add_replicas_cells (object, cells);
  practice_cells_add_age (cells, object);
  practice_cells_add_containers (cells, base_json_get (object, "spec", "template", "spec", NULL));
  practice_cells_add_labels (cells, base_json_get_object (object, "spec", "selector", NULL));
}

/* The labels of the template are those of the controller, too, and select its pods. */
static void
set_defaults (JsonNode *object)
{
  JsonNode *labels = base_json_get (object, "spec", "template", "metadata", "labels", NULL);

  practice_workload_set_defaults (object);
  if (labels == NULL)
    return;
  if (base_json_get_object (object, "spec", "selector", NULL) == NULL)
    json_object_set_member (practice_object_ensure (object, "spec", NULL), "selector",
                            base_json_copy (labels));
  if (base_json_get_object (object, "metadata", "labels", NULL) == NULL)
    json_object_set_member (practice_object_ensure (object, "metadata", NULL), "labels",
                            base_json_copy (labels));
}

static gboolean
selects (JsonObject *selector, JsonNode *template)
{
  return practice_object_matches_labels (template, selector);
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonObject *selector = base_json_get_object (object, "spec", "selector", NULL);
  JsonNode *template = base_json_get (object, "spec", "template", NULL);

  practice_validation_not_negative (base_json_get_int (object, 0, "spec", "replicas", NULL),
                                    "spec.replicas", causes);
  if (selector == NULL || json_object_get_size (selector) == 0)
    practice_causes_required (causes, "spec.selector", NULL);
  if (template == NULL) {
    practice_causes_required (causes, "spec.template", NULL);
    return;
  }
  if (selector != NULL && json_object_get_size (selector) > 0 && !selects (selector, template)) {
    g_autofree char *printed =
      practice_go_print_labels (base_json_get_object (template, "metadata", "labels", NULL));

    practice_causes_invalid_literal (causes, "spec.template.metadata.labels", printed,
                                     "`selector` does not match template `labels`");
  }
  practice_pod_validation_check_template (template, "spec.template", causes);
  practice_workload_validate_restart_policy (template, causes);
}

const PracticeKind practice_replication_controller_kind = {
  .group = "",
  .plural = "replicationcontrollers",
  .singular = "replicationcontroller",
  .kind = "ReplicationController",
  .versions = { "v1" },
  .types = { "ReplicationController" },
  .short_names = { "rc" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_scale = TRUE,
  .has_generation = TRUE,
  .prepare = practice_workload_prepare_replicas,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = practice_workload_replicas_columns,
  .add_cells = add_cells,
  .selectable_fields = practice_workload_replicas_fields,
};
