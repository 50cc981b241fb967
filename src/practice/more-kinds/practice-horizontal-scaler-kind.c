/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-horizontal-scaler-conversion.h"
#include "practice-horizontal-scaler-validation.h"
#include "practice-kinds.h"
#include "practice-object.h"

#define STORED_VERSION "autoscaling/v2"

#define DEFAULT_PERCENTAGE 80

/* How many of its metrics are shown. */
#define MAX_METRICS 2

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 }, { "Reference", "string", "", 0 },
  { "Targets", "string", "", 0 },  { "MinPods", "string", "", 0 },
  { "MaxPods", "string", "", 0 },  { "Replicas", "string", "", 0 },
  { "Age", "string", "", 0 },      { NULL },
};

/* Nothing is measured here, so that only what is wanted is known. */
static char *
describe_metric (JsonNode *metric)
{
  static const char *const sources[] = { "resource", "pods", "object", "external",
                                         "containerResource" };
  JsonNode *target = NULL;
  const char *type = base_json_get_string (metric, "type", NULL);
  JsonNode *value;
  g_autofree char *text = NULL;
  gboolean is_average;

  for (guint i = 0; i < G_N_ELEMENTS (sources) && target == NULL; i++)
    target = base_json_get (metric, sources[i], "target", NULL);
  value = base_json_get (target, "averageUtilization", NULL);
  if (value != NULL)
    return g_strdup_printf ("<unknown>/%" G_GINT64_FORMAT "%%", json_node_get_int (value));
  value = base_json_get (target, "averageValue", NULL);
  is_average =
    value != NULL && (g_strcmp0 (type, "Object") == 0 || g_strcmp0 (type, "External") == 0);
  if (value == NULL)
    value = base_json_get (target, "value", NULL);
  if (value == NULL)
    return g_strdup ("<unknown type>");
  text = json_node_get_value_type (value) == G_TYPE_STRING ? json_node_dup_string (value)
                                                           : base_json_write (value, FALSE);
  return g_strdup_printf ("<unknown>/%s%s", text, is_average ? " (avg)" : "");
}

static void
add_targets (JsonNode *object, JsonArray *cells)
{
  JsonArray *metrics = base_json_get_array (object, "spec", "metrics", NULL);
  guint count = base_json_get_length (metrics);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (count, MAX_METRICS); i++) {
    g_autofree char *metric = describe_metric (json_array_get_element (metrics, i));

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", metric);
  }
  if (count > MAX_METRICS)
    g_string_append_printf (text, " + %u more...", count - MAX_METRICS);
  json_array_add_string_element (cells, count > 0 ? text->str : "<none>");
}

static void
add_cells (JsonNode *stored, JsonArray *cells)
{
  g_autoptr (JsonNode) object =
    practice_horizontal_scaler_conversion_to_v2 (base_json_copy (stored));
  g_autofree char *reference =
    g_strdup_printf ("%s/%s", base_json_get_string (object, "spec", "scaleTargetRef", "kind", NULL),
                     base_json_get_string (object, "spec", "scaleTargetRef", "name", NULL));

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, reference);
  add_targets (object, cells);
  practice_cells_add_number (cells, base_json_get_int (object, 1, "spec", "minReplicas", NULL));
  practice_cells_add_number (cells, base_json_get_int (object, 0, "spec", "maxReplicas", NULL));
  practice_cells_add_number (cells,
                             base_json_get_int (object, 0, "status", "currentReplicas", NULL));
  practice_cells_add_age (cells, object);
}

static void
prepare (JsonNode *object, JsonNode *old)
{
  JsonObject *status;

  if (old != NULL)
    return;
  status = json_object_new ();
  json_object_set_int_member (status, "currentReplicas", 0);
  json_object_set_int_member (status, "desiredReplicas", 0);
  json_object_set_object_member (json_node_get_object (object), "status", status);
}

static void
set_default_metric (JsonObject *spec)
{
  g_autofree char *text =
    g_strdup_printf ("[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":"
                     "\"Utilization\",\"averageUtilization\":%d}}}]",
                     DEFAULT_PERCENTAGE);

  json_object_set_member (spec, "metrics", base_json_parse (text, -1, NULL));
}

static void
set_default (JsonObject *rules, const char *member, const char *text)
{
  if (!json_object_has_member (rules, member))
    json_object_set_member (rules, member, base_json_parse (text, -1, NULL));
}

/* k8s.io/kubernetes/pkg/apis/autoscaling/v2beta2/defaults.go */
static void
set_default_behavior (JsonNode *object)
{
  JsonObject *up = practice_object_ensure (object, "spec", "behavior", "scaleUp", NULL);
  JsonObject *down = practice_object_ensure (object, "spec", "behavior", "scaleDown", NULL);

  set_default (up, "stabilizationWindowSeconds", "0");
  set_default (up, "selectPolicy", "\"Max\"");
  set_default (up, "policies",
               "[{\"type\":\"Pods\",\"value\":4,\"periodSeconds\":15},"
               "{\"type\":\"Percent\",\"value\":100,\"periodSeconds\":15}]");
  set_default (down, "selectPolicy", "\"Max\"");
  set_default (down, "policies", "[{\"type\":\"Percent\",\"value\":100,\"periodSeconds\":15}]");
}

static void
set_defaults (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);

  if (spec == NULL)
    return;
  if (!json_object_has_member (spec, "minReplicas"))
    json_object_set_int_member (spec, "minReplicas", 1);
  if (base_json_get_length (base_json_get_array (object, "spec", "metrics", NULL)) == 0)
    set_default_metric (spec);
  if (base_json_get_object (object, "spec", "behavior", NULL) != NULL)
    set_default_behavior (object);
}

const PracticeKind practice_horizontal_scaler_kind = {
  .group = "autoscaling",
  .plural = "horizontalpodautoscalers",
  .singular = "horizontalpodautoscaler",
  .kind = "HorizontalPodAutoscaler",
  .versions = { "v1", "v2", "v2beta2", "v2beta1" },
  .types = { "HorizontalPodAutoscaler", "HorizontalPodAutoscalerV2",
             "HorizontalPodAutoscalerV2beta2", "HorizontalPodAutoscalerV2beta1" },
  .storage_api_version = STORED_VERSION,
  .short_names = { "hpa" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .prepare = prepare,
  .set_defaults = set_defaults,
  .validate = practice_horizontal_scaler_validate,
  .to_storage = practice_horizontal_scaler_conversion_to_v2,
  .from_storage_to = practice_horizontal_scaler_conversion_from_v2,
  .columns = columns,
  .add_cells = add_cells,
};
