/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-validation.h"
#include "practice-workload.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },   { "Ready", "string", "", 0 },  { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 }, { "Images", "string", "", 1 }, { NULL },
};

static void
add_cells (JsonNode *set, JsonArray *cells)
{
  g_autofree char *ready =
    g_strdup_printf ("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                     base_json_get_int (set, 0, "status", "readyReplicas", NULL),
                     base_json_get_int (set, 1, "spec", "replicas", NULL));

  practice_cells_add_name (cells, set);
  json_array_add_string_element (cells, ready);
  practice_cells_add_age (cells, set);
  practice_cells_add_containers (cells, base_json_get (set, "spec", "template", "spec", NULL));
}

static void
set_default (JsonObject *object, const char *member, const char *value)
{
  if (!json_object_has_member (object, member))
    json_object_set_string_member (object, member, value);
}

static void
set_strategy_defaults (JsonNode *set)
{
  JsonObject *strategy = practice_object_ensure (set, "spec", "updateStrategy", NULL);
  JsonObject *rolling;

  if (!json_object_has_member (strategy, "type")) {
    json_object_set_string_member (strategy, "type", "RollingUpdate");
    practice_object_ensure (set, "spec", "updateStrategy", "rollingUpdate", NULL);
  }
  rolling = base_json_get_object (set, "spec", "updateStrategy", "rollingUpdate", NULL);
  if (rolling != NULL && !json_object_has_member (rolling, "partition"))
    json_object_set_int_member (rolling, "partition", 0);
}

static void
set_claim_defaults (JsonNode *claim)
{
  if (!JSON_NODE_HOLDS_OBJECT (claim))
    return;
  set_default (json_node_get_object (claim), "kind", "PersistentVolumeClaim");
  set_default (json_node_get_object (claim), "apiVersion", "v1");
  set_default (practice_object_ensure (claim, "spec", NULL), "volumeMode", "Filesystem");
  set_default (practice_object_ensure (claim, "status", NULL), "phase", "Pending");
}

static void
set_defaults (JsonNode *set)
{
  JsonObject *spec = base_json_get_object (set, "spec", NULL);
  JsonArray *claims = base_json_get_array (set, "spec", "volumeClaimTemplates", NULL);

  practice_workload_set_defaults (set);
  if (spec == NULL)
    return;
  set_default (spec, "podManagementPolicy", "OrderedReady");
  set_strategy_defaults (set);
  if (!json_object_has_member (spec, "revisionHistoryLimit"))
    json_object_set_int_member (spec, "revisionHistoryLimit", 10);
  for (guint i = 0; i < base_json_get_length (claims); i++)
    set_claim_defaults (json_array_get_element (claims, i));
}

static void
validate_policies (JsonNode *set, PracticeCauses *causes)
{
  const char *policy = base_json_get_string (set, "spec", "podManagementPolicy", NULL);
  JsonNode *strategy = base_json_get (set, "spec", "updateStrategy", NULL);
  const char *type = base_json_get_string (strategy, "type", NULL);
  JsonNode *rolling = base_json_get (strategy, "rollingUpdate", NULL);

  if (g_strcmp0 (policy, "OrderedReady") != 0 && g_strcmp0 (policy, "Parallel") != 0)
    practice_causes_invalid (causes, "spec.podManagementPolicy", policy,
                             "must be 'OrderedReady' or 'Parallel'");
  if (g_strcmp0 (type, "OnDelete") == 0 && rolling != NULL)
    practice_causes_invalid_node (causes, "spec.updateStrategy.rollingUpdate", rolling,
                                  "only allowed for updateStrategy 'RollingUpdate'");
  else if (g_strcmp0 (type, "RollingUpdate") == 0)
    practice_validation_not_negative (base_json_get_int (rolling, 0, "partition", NULL),
                                      "spec.updateStrategy.rollingUpdate.partition", causes);
  else if (g_strcmp0 (type, "OnDelete") != 0)
    practice_causes_invalid_node (causes, "spec.updateStrategy", strategy,
                                  "must be 'RollingUpdate' or 'OnDelete'");
}

/* Only these can change. */
static JsonNode *
dup_fixed_part (JsonNode *set)
{
  static const char *const changeable[] = { "replicas", "template", "updateStrategy" };
  JsonNode *spec = base_json_copy (base_json_get (set, "spec", NULL));

  for (guint i = 0; i < G_N_ELEMENTS (changeable); i++)
    json_object_remove_member (json_node_get_object (spec), changeable[i]);

  return spec;
}

static void
validate_update (JsonNode *set, JsonNode *old, PracticeCauses *causes)
{
  g_autoptr (JsonNode) now = dup_fixed_part (set);
  g_autoptr (JsonNode) before = dup_fixed_part (old);

  if (!base_json_equal (now, before))
    practice_causes_forbidden (causes, "spec",
                               "updates to statefulset spec for fields other than 'replicas', "
                               "'template', and 'updateStrategy' are forbidden");
}

/* With a volume for each claim, since containers may mount them. */
static JsonNode *
dup_with_volumes (JsonNode *set)
{
  JsonArray *claims = base_json_get_array (set, "spec", "volumeClaimTemplates", NULL);
  JsonNode *copy = base_json_copy (set);
  JsonObject *spec = base_json_get_object (copy, "spec", "template", "spec", NULL);

  if (spec == NULL || claims == NULL)
    return copy;
  if (base_json_get_array (copy, "spec", "template", "spec", "volumes", NULL) == NULL)
    json_object_set_array_member (spec, "volumes", json_array_new ());
  for (guint i = 0; i < json_array_get_length (claims); i++) {
    const char *name = base_metadata_get_name (json_array_get_element (claims, i));
    JsonObject *volume = json_object_new ();

    json_object_set_string_member (volume, "name", name != NULL ? name : "");
    json_object_set_object_member (volume, "emptyDir", json_object_new ());
    json_array_add_object_element (json_object_get_array_member (spec, "volumes"), volume);
  }

  return copy;
}

static void
validate (JsonNode *set, JsonNode *old, PracticeCauses *causes)
{
  g_autoptr (JsonNode) whole = NULL;

  if (base_json_get_object (set, "spec", NULL) == NULL) {
    practice_causes_required (causes, "spec.selector", NULL);
    return;
  }
  validate_policies (set, causes);
  practice_validation_not_negative (base_json_get_int (set, 0, "spec", "replicas", NULL),
                                    "spec.replicas", causes);
  if (practice_workload_validate_selector (set, "statefulset", causes)) {
    whole = dup_with_volumes (set);
    practice_workload_validate_template (whole, "StatefulSet", causes);
  }
  if (old != NULL)
    validate_update (set, old, causes);
}

const PracticeKind practice_stateful_set_kind = {
  .group = "apps",
  .plural = "statefulsets",
  .singular = "statefulset",
  .kind = "StatefulSet",
  .versions = { "v1" },
  .types = { "StatefulSet" },
  .short_names = { "sts" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .has_scale = TRUE,
  .has_generation = TRUE,
  .prepare = practice_workload_prepare_replicas,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
