/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-horizontal-scaler-conversion.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"

/*
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#api-object
 */
#define V1 "autoscaling/v1"
#define V2BETA1 "autoscaling/v2beta1"
#define V2 "autoscaling/v2"

#define AVERAGE "AverageValue"

#define METRICS_NOTE "autoscaling.alpha.kubernetes.io/metrics"
#define BEHAVIOR_NOTE "autoscaling.alpha.kubernetes.io/behavior"
#define CONDITIONS_NOTE "autoscaling.alpha.kubernetes.io/conditions"

/* Where v2beta1 has what v2 has. */
static const struct {
  const char *source;
  const char *path[2]; /* in v2 */
  const char *member;  /* in v2beta1 */
} moves[] = {
  { "resource", { "name" }, "name" },
  { "resource", { "target", "averageUtilization" }, "targetAverageUtilization" },
  { "resource", { "target", "averageValue" }, "targetAverageValue" },
  { "containerResource", { "name" }, "name" },
  { "containerResource", { "container" }, "container" },
  { "containerResource", { "target", "averageUtilization" }, "targetAverageUtilization" },
  { "containerResource", { "target", "averageValue" }, "targetAverageValue" },
  { "pods", { "metric", "name" }, "metricName" },
  { "pods", { "metric", "selector" }, "selector" },
  { "pods", { "target", "averageValue" }, "targetAverageValue" },
  { "object", { "describedObject" }, "target" },
  { "object", { "metric", "name" }, "metricName" },
  { "object", { "metric", "selector" }, "selector" },
  { "object", { "target", "value" }, "targetValue" },
  { "object", { "target", "averageValue" }, "averageValue" },
  { "external", { "metric", "name" }, "metricName" },
  { "external", { "metric", "selector" }, "metricSelector" },
  { "external", { "target", "value" }, "targetValue" },
  { "external", { "target", "averageValue" }, "targetAverageValue" },
};

static const char *const reference_members[] = { "kind", "name", "apiVersion", NULL };
static const char *const policy_members[] = { "Type", "Value", "PeriodSeconds", NULL };

static const char *const sources[] = { "object", "pods", "resource", "containerResource",
                                       "external" };

/* What a target is measured by, the first that is there. */
static const struct {
  const char *member;
  const char *type;
} targets[] = { { "averageUtilization", "Utilization" },
                { "averageValue", AVERAGE },
                { "value", "Value" } };

static JsonObject *
ensure_member (JsonObject *object, const char *member)
{
  if (!json_object_has_member (object, member))
    json_object_set_object_member (object, member, json_object_new ());
  return json_object_get_object_member (object, member);
}

/* A real server writes the members in the order of Go's fields, which shows in the notes. */
static JsonNode *
copy_in_order (JsonNode *node, const char *const *members)
{
  JsonNode *copy = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  for (guint i = 0; members[i] != NULL; i++) {
    JsonNode *value = base_json_get (node, members[i], NULL);

    if (value != NULL)
      json_object_set_member (object, members[i], base_json_copy (value));
  }
  json_node_take_object (copy, object);
  return copy;
}

static JsonObject *
source_to_beta1 (const char *name, JsonNode *source)
{
  JsonObject *beta = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    JsonNode *value = g_str_equal (moves[i].source, name)
                        ? base_json_get (source, moves[i].path[0], moves[i].path[1], NULL)
                        : NULL;

    if (value != NULL)
      json_object_set_member (beta, moves[i].member,
                              JSON_NODE_HOLDS_OBJECT (value) &&
                                  g_str_equal (moves[i].path[0], "describedObject")
                                ? copy_in_order (value, reference_members)
                                : base_json_copy (value));
  }
  return beta;
}

static void
set_target_type (JsonObject *source)
{
  JsonObject *target = ensure_member (source, "target");
  const char *type = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (targets) && type == NULL; i++)
    if (json_object_has_member (target, targets[i].member))
      type = targets[i].type;
  json_object_set_string_member (target, "type", type != NULL ? type : AVERAGE);
  /* v2beta1 wants a value of an object even where it is the average that counts. */
  if (g_strcmp0 (type, AVERAGE) == 0)
    json_object_remove_member (target, "value");
}

static JsonObject *
source_to_v2 (const char *name, JsonNode *beta)
{
  JsonObject *source = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    JsonNode *value =
      g_str_equal (moves[i].source, name) ? base_json_get (beta, moves[i].member, NULL) : NULL;
    JsonObject *parent = source;

    if (value == NULL)
      continue;
    if (moves[i].path[1] != NULL)
      parent = ensure_member (source, moves[i].path[0]);
    json_object_set_member (parent, moves[i].path[moves[i].path[1] != NULL ? 1 : 0],
                            base_json_copy (value));
  }
  set_target_type (source);
  return source;
}

typedef JsonObject *(*ConvertSource) (const char *name, JsonNode *source);

static JsonNode *
convert_metric (JsonNode *metric, ConvertSource convert)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  const char *type = base_json_get_string (metric, "type", NULL);

  if (type != NULL)
    json_object_set_string_member (object, "type", type);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    JsonNode *source = base_json_get (metric, sources[i], NULL);

    if (source != NULL && JSON_NODE_HOLDS_OBJECT (source))
      json_object_set_object_member (object, sources[i], convert (sources[i], source));
  }
  json_node_take_object (node, object);
  return node;
}

static JsonArray *
convert_metrics (JsonArray *metrics, ConvertSource convert)
{
  JsonArray *converted = json_array_new ();

  for (guint i = 0; i < base_json_get_length (metrics); i++)
    json_array_add_element (converted,
                            convert_metric (json_array_get_element (metrics, i), convert));
  return converted;
}

/* (nullable): the share of the CPU that a metric of v2 wants. */
static JsonNode *
get_cpu_share (JsonNode *metric)
{
  if (g_strcmp0 (base_json_get_string (metric, "type", NULL), "Resource") != 0 ||
      g_strcmp0 (base_json_get_string (metric, "resource", "name", NULL), "cpu") != 0)
    return NULL;
  return base_json_get (metric, "resource", "target", "averageUtilization", NULL);
}

static void
set_note (JsonNode *scaler, const char *note, JsonNode *value)
{
  g_autofree char *text = base_json_write (value, FALSE);

  json_object_set_string_member (practice_object_ensure (scaler, "metadata", "annotations", NULL),
                                 note, text);
}

/* (transfer full) (nullable): what a note says; it is taken out. */
static JsonNode *
take_note (JsonNode *scaler, const char *note)
{
  const char *text = base_metadata_get_annotation (scaler, note);
  JsonObject *notes = base_json_get_object (scaler, "metadata", "annotations", NULL);
  JsonNode *value;

  if (text == NULL)
    return NULL;
  value = base_json_parse (text, -1, NULL);
  json_object_remove_member (notes, note);
  if (json_object_get_size (notes) == 0)
    json_object_remove_member (base_json_get_object (scaler, "metadata", NULL), "annotations");
  return value;
}

/* The note has the names of Go's fields, which begin with a capital letter. */
static JsonNode *
rename_members (JsonNode *node, char (*change) (char))
{
  JsonNode *renamed;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  JsonObject *object;

  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_array_new ();

    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      json_array_add_element (
        array, rename_members (json_array_get_element (json_node_get_array (node), i), change));
    renamed = json_node_new (JSON_NODE_ARRAY);
    json_node_take_array (renamed, array);
    return renamed;
  }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return base_json_copy (node);
  object = json_object_new ();
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *other = g_strdup (name);

    other[0] = change (other[0]);
    if (!JSON_NODE_HOLDS_NULL (value))
      json_object_set_member (object, other, rename_members (value, change));
  }
  renamed = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (renamed, object);
  return renamed;
}

static JsonNode *
copy_policies (JsonNode *rule)
{
  JsonArray *policies = base_json_get_array (rule, "Policies", NULL);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *ordered = json_array_new ();

  for (guint i = 0; i < base_json_get_length (policies); i++)
    json_array_add_element (ordered,
                            copy_in_order (json_array_get_element (policies, i), policy_members));
  json_node_take_array (node, ordered);
  return node;
}

static void
add_value (JsonNode *rule, JsonObject *ordered, const char *name)
{
  JsonNode *value = base_json_get (rule, name, NULL);

  if (value != NULL)
    json_object_set_member (ordered, name, base_json_copy (value));
  else
    json_object_set_null_member (ordered, name);
}

static void
add_rule (JsonNode *rules, JsonObject *all, const char *name)
{
  JsonNode *rule = base_json_get (rules, name, NULL);
  JsonObject *ordered;

  if (rule == NULL) {
    json_object_set_null_member (all, name);
    return;
  }
  ordered = json_object_new ();
  add_value (rule, ordered, "StabilizationWindowSeconds");
  add_value (rule, ordered, "SelectPolicy");
  json_object_set_member (ordered, "Policies", copy_policies (rule));
  json_object_set_object_member (all, name, ordered);
}

static void
note_behavior (JsonNode *scaler)
{
  JsonNode *behavior = base_json_get (scaler, "spec", "behavior", NULL);
  g_autoptr (JsonNode) renamed = NULL;
  g_autoptr (JsonNode) all = json_node_new (JSON_NODE_OBJECT);

  if (behavior == NULL)
    return;
  renamed = rename_members (behavior, g_ascii_toupper);
  json_node_take_object (all, json_object_new ());
  add_rule (renamed, json_node_get_object (all), "ScaleUp");
  add_rule (renamed, json_node_get_object (all), "ScaleDown");
  set_note (scaler, BEHAVIOR_NOTE, all);
  json_object_remove_member (base_json_get_object (scaler, "spec", NULL), "behavior");
}

static void
read_behavior (JsonNode *scaler)
{
  g_autoptr (JsonNode) note = take_note (scaler, BEHAVIOR_NOTE);

  if (note != NULL && JSON_NODE_HOLDS_OBJECT (note))
    json_object_set_member (practice_object_ensure (scaler, "spec", NULL), "behavior",
                            rename_members (note, g_ascii_tolower));
}

/* The CPU has its field, what else there is goes into a note. */
static void
metrics_to_v1 (JsonNode *scaler)
{
  JsonObject *spec = practice_object_ensure (scaler, "spec", NULL);
  JsonArray *metrics = base_json_get_array (scaler, "spec", "metrics", NULL);
  g_autoptr (JsonNode) others = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (others, json_array_new ());
  for (guint i = 0; i < base_json_get_length (metrics); i++) {
    JsonNode *metric = json_array_get_element (metrics, i);
    JsonNode *share = get_cpu_share (metric);

    if (share == NULL)
      json_array_add_element (json_node_get_array (others),
                              convert_metric (metric, source_to_beta1));
    else if (!json_object_has_member (spec, "targetCPUUtilizationPercentage"))
      json_object_set_member (spec, "targetCPUUtilizationPercentage", base_json_copy (share));
  }
  if (json_array_get_length (json_node_get_array (others)) > 0)
    set_note (scaler, METRICS_NOTE, others);
  json_object_remove_member (spec, "metrics");
}

static JsonNode *
new_cpu_metric (gint64 share)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *metric = json_object_new ();
  JsonObject *resource = json_object_new ();
  JsonObject *target = json_object_new ();

  json_object_set_string_member (target, "type", "Utilization");
  json_object_set_int_member (target, "averageUtilization", share);
  json_object_set_string_member (resource, "name", "cpu");
  json_object_set_object_member (resource, "target", target);
  json_object_set_string_member (metric, "type", "Resource");
  json_object_set_object_member (metric, "resource", resource);
  json_node_take_object (node, metric);
  return node;
}

static void
metrics_from_v1 (JsonNode *scaler)
{
  JsonObject *spec = practice_object_ensure (scaler, "spec", NULL);
  g_autoptr (JsonNode) note = take_note (scaler, METRICS_NOTE);
  JsonArray *metrics = convert_metrics (
    note != NULL && JSON_NODE_HOLDS_ARRAY (note) ? json_node_get_array (note) : NULL, source_to_v2);

  if (json_object_has_member (spec, "targetCPUUtilizationPercentage"))
    json_array_add_element (metrics, new_cpu_metric (base_json_get_int (
                                       scaler, 0, "spec", "targetCPUUtilizationPercentage", NULL)));
  json_object_remove_member (spec, "targetCPUUtilizationPercentage");
  if (json_array_get_length (metrics) > 0)
    json_object_set_array_member (spec, "metrics", metrics);
  else
    json_array_unref (metrics);
}

static void
conditions_to_v1 (JsonNode *scaler)
{
  JsonNode *conditions = base_json_get (scaler, "status", "conditions", NULL);
  JsonObject *status = base_json_get_object (scaler, "status", NULL);

  if (conditions != NULL && JSON_NODE_HOLDS_ARRAY (conditions))
    set_note (scaler, CONDITIONS_NOTE, conditions);
  if (status != NULL) {
    json_object_remove_member (status, "conditions");
    json_object_remove_member (status, "currentMetrics");
  }
}

static void
conditions_from_v1 (JsonNode *scaler)
{
  g_autoptr (JsonNode) note = take_note (scaler, CONDITIONS_NOTE);

  if (note != NULL && JSON_NODE_HOLDS_ARRAY (note))
    json_object_set_member (practice_object_ensure (scaler, "status", NULL), "conditions",
                            g_steal_pointer (&note));
}

/* What is not known is null in these versions. */
static void
drop_missing (JsonNode *scaler)
{
  static const char *const members[] = { "currentMetrics", "conditions" };
  JsonObject *status = base_json_get_object (scaler, "status", NULL);

  for (guint i = 0; status != NULL && i < G_N_ELEMENTS (members); i++) {
    if (json_object_has_member (status, members[i]) &&
        json_object_get_null_member (status, members[i]))
      json_object_remove_member (status, members[i]);
  }
}

static void
convert_metrics_in_place (JsonNode *scaler, ConvertSource convert)
{
  JsonArray *metrics = base_json_get_array (scaler, "spec", "metrics", NULL);

  if (metrics != NULL)
    json_object_set_array_member (base_json_get_object (scaler, "spec", NULL), "metrics",
                                  convert_metrics (metrics, convert));
}

/**
 * practice_horizontal_scaler_conversion_to_v2:
 * @scaler: (transfer full): one of any version, changed in place
 *
 * Returns: (transfer full): @scaler as autoscaling/v2 has it
 */
JsonNode *
practice_horizontal_scaler_conversion_to_v2 (JsonNode *scaler)
{
  const char *version = base_json_get_string (scaler, "apiVersion", NULL);

  if (g_strcmp0 (version, V1) == 0) {
    metrics_from_v1 (scaler);
    conditions_from_v1 (scaler);
  } else if (g_strcmp0 (version, V2BETA1) == 0) {
    convert_metrics_in_place (scaler, source_to_v2);
  }
  drop_missing (scaler);
  read_behavior (scaler);
  json_object_set_string_member (json_node_get_object (scaler), "apiVersion", V2);
  return scaler;
}

/**
 * practice_horizontal_scaler_conversion_from_v2:
 * @scaler: (transfer full): one of autoscaling/v2, or one of v1 that is stored since before there
 *   was a v2; changed in place
 * @api_version: the version that is asked for
 *
 * Returns: (transfer full): @scaler as @api_version has it
 */
JsonNode *
practice_horizontal_scaler_conversion_from_v2 (JsonNode *scaler, const char *api_version)
{
  JsonNode *converted = practice_horizontal_scaler_conversion_to_v2 (scaler);

  if (g_str_equal (api_version, V1)) {
    metrics_to_v1 (converted);
    conditions_to_v1 (converted);
    note_behavior (converted);
  } else if (g_str_equal (api_version, V2BETA1)) {
    convert_metrics_in_place (converted, source_to_beta1);
    note_behavior (converted);
  }
  json_object_set_string_member (json_node_get_object (converted), "apiVersion", api_version);
  return converted;
}
