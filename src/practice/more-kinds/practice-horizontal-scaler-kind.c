/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

#define DEFAULT_PERCENTAGE 80

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 }, { "Reference", "string", "", 0 },
  { "Targets", "string", "", 0 },  { "MinPods", "string", "", 0 },
  { "MaxPods", "string", "", 0 },  { "Replicas", "string", "", 0 },
  { "Age", "string", "", 0 },      { NULL },
};

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  g_autofree char *reference =
    g_strdup_printf ("%s/%s", base_json_get_string (object, "spec", "scaleTargetRef", "kind", NULL),
                     base_json_get_string (object, "spec", "scaleTargetRef", "name", NULL));
  gint64 target =
    base_json_get_int (object, DEFAULT_PERCENTAGE, "spec", "targetCPUUtilizationPercentage", NULL);
  g_autofree char *targets = g_strdup_printf ("<unknown>/%" G_GINT64_FORMAT "%%", target);

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, reference);
  json_array_add_string_element (cells, targets);
  practice_cells_add_number (cells, base_json_get_int (object, 1, "spec", "minReplicas", NULL));
  practice_cells_add_number (cells, base_json_get_int (object, 0, "spec", "maxReplicas", NULL));
  practice_cells_add_number (cells,
                             base_json_get_int (object, 0, "status", "currentReplicas", NULL));
  practice_cells_add_age (cells, object);
}

static void
set_defaults (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);

  if (spec == NULL)
    return;
  if (!json_object_has_member (spec, "minReplicas"))
    json_object_set_int_member (spec, "minReplicas", 1);
  if (!json_object_has_member (spec, "targetCPUUtilizationPercentage"))
    json_object_set_int_member (spec, "targetCPUUtilizationPercentage", DEFAULT_PERCENTAGE);
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  gint64 least = base_json_get_int (object, 1, "spec", "minReplicas", NULL);
  gint64 most = base_json_get_int (object, 0, "spec", "maxReplicas", NULL);

  if (least < 1)
    practice_causes_invalid_int (causes, "spec.minReplicas", least,
                                 "must be greater than or equal to 1");
  if (most < 1)
    practice_causes_invalid_int (causes, "spec.maxReplicas", most, "must be greater than 0");
  else if (most < least)
    practice_causes_invalid_int (causes, "spec.maxReplicas", most,
                                 "must be greater than or equal to `minReplicas`");
  if (base_json_get_string (object, "spec", "scaleTargetRef", "kind", NULL) == NULL)
    practice_causes_required (causes, "spec.scaleTargetRef.kind", NULL);
  if (base_json_get_string (object, "spec", "scaleTargetRef", "name", NULL) == NULL)
    practice_causes_required (causes, "spec.scaleTargetRef.name", NULL);
}

const PracticeKind practice_horizontal_scaler_kind = {
  .group = "autoscaling",
  .plural = "horizontalpodautoscalers",
  .singular = "horizontalpodautoscaler",
  .kind = "HorizontalPodAutoscaler",
  .versions = { "v1" },
  .types = { "HorizontalPodAutoscaler" },
  .short_names = { "hpa" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
