/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-horizontal-scaler-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-names.h"
#include "practice-validation.h"

/*
 * k8s.io/kubernetes/pkg/apis/autoscaling/validation
 */
#define MAX_WINDOW_SECONDS 3600
#define MAX_PERIOD_SECONDS 1800

#define NO_SOURCE "must populate information for the given metric source"

static const char *const metric_types[] = { "ContainerResource", "External", "Object", "Pods",
                                            "Resource",          NULL };
static const char *const target_types[] = { "Utilization", "Value", "AverageValue", NULL };
static const char *const select_policies[] = { "Disabled", "Max", "Min", NULL };
static const char *const policy_types[] = { "Percent", "Pods", NULL };

typedef void (*ValidateSource) (JsonNode *source, const char *field, PracticeCauses *causes);

static void
require (JsonNode *parent,
         const char *member,
         const char *field,
         const char *detail,
         gboolean is_segment,
         PracticeCauses *causes)
{
  const char *value = base_json_get_string (parent, member, NULL);
  g_autofree char *own = g_strdup_printf ("%s.%s", field, member);

  if (value == NULL || *value == '\0')
    practice_causes_required (causes, own, detail);
  else if (is_segment)
    practice_names_validate_segment (value, own, causes);
}

static void
validate_reference (JsonNode *reference, const char *field, PracticeCauses *causes)
{
  require (reference, "kind", field, NULL, TRUE, causes);
  require (reference, "name", field, NULL, TRUE, causes);
}

static void
validate_identifier (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".metric", NULL);

  require (base_json_get (source, "metric", NULL), "name", own, "must specify a metric name", TRUE,
           causes);
}

static void
validate_positive (JsonNode *target, const char *member, const char *field, PracticeCauses *causes)
{
  JsonNode *value = base_json_get (target, member, NULL);
  g_autofree char *own = g_strdup_printf ("%s.%s", field, member);

  if (value != NULL && practice_validation_read_quantity (value) <= 0)
    practice_causes_invalid_node (causes, own, value, "must be positive");
}

static void
validate_target (JsonNode *source, const char *field, PracticeCauses *causes)
{
  JsonNode *target = base_json_get (source, "target", NULL);
  const char *type = base_json_get_string (target, "type", NULL);
  g_autofree char *own = g_strconcat (field, ".target", NULL);
  g_autofree char *type_field = g_strconcat (own, ".type", NULL);
  g_autofree char *share_field = g_strconcat (own, ".averageUtilization", NULL);
  gint64 share = base_json_get_int (target, 1, "averageUtilization", NULL);

  require (target, "type", own, "must specify a metric target type", FALSE, causes);
  if (type == NULL || !g_strv_contains (target_types, type))
    practice_causes_invalid (causes, type_field, type != NULL ? type : "",
                             "must be either Utilization, Value, or AverageValue");
  validate_positive (target, "value", own, causes);
  validate_positive (target, "averageValue", own, causes);
  if (share < 1)
    practice_causes_invalid_int (causes, share_field, share, "must be greater than 0");
}

static gboolean
has_target (JsonNode *source, const char *member)
{
  return base_json_get (source, "target", member, NULL) != NULL;
}

static void
validate_object (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *described = g_strconcat (field, ".describedObject", NULL);
  g_autofree char *average = g_strconcat (field, ".target.averageValue", NULL);

  validate_reference (base_json_get (source, "describedObject", NULL), described, causes);
  validate_identifier (source, field, causes);
  validate_target (source, field, causes);
  if (!has_target (source, "value") && !has_target (source, "averageValue"))
    practice_causes_required (causes, average, "must set either a target value or averageValue");
}

static void
validate_external (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *value = g_strconcat (field, ".target.value", NULL);
  g_autofree char *average = g_strconcat (field, ".target.averageValue", NULL);

  validate_identifier (source, field, causes);
  validate_target (source, field, causes);
  if (!has_target (source, "value") && !has_target (source, "averageValue"))
    practice_causes_required (causes, average,
                              "must set either a target value for metric or a per-pod target");
  if (has_target (source, "value") && has_target (source, "averageValue"))
    practice_causes_forbidden (causes, value,
                               "may not set both a target value for metric and a per-pod target");
}

static void
validate_pods (JsonNode *source, const char *field, PracticeCauses *causes)
{
  JsonNode *value = base_json_get (source, "target", "averageValue", NULL);
  g_autofree char *average = g_strconcat (field, ".target.averageValue", NULL);

  validate_identifier (source, field, causes);
  validate_target (source, field, causes);
  if (value == NULL || practice_validation_read_quantity (value) <= 0)
    practice_causes_required (causes, average, "must specify a positive target averageValue");
}

static void
validate_raw_or_share (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *share = g_strconcat (field, ".target.averageUtilization", NULL);
  g_autofree char *average = g_strconcat (field, ".target.averageValue", NULL);

  validate_target (source, field, causes);
  if (!has_target (source, "averageUtilization") && !has_target (source, "averageValue"))
    practice_causes_required (causes, share,
                              "must set either a target raw value or a target utilization");
  if (has_target (source, "averageUtilization") && has_target (source, "averageValue"))
    practice_causes_forbidden (causes, average,
                               "may not set both a target raw value and a target utilization");
}

static void
validate_resource (JsonNode *source, const char *field, PracticeCauses *causes)
{
  require (source, "name", field, "must specify a resource name", FALSE, causes);
  validate_raw_or_share (source, field, causes);
}

static void
validate_container (JsonNode *source, const char *field, PracticeCauses *causes)
{
  require (source, "name", field, "must specify a resource name", FALSE, causes);
  require (source, "container", field, "must specify a container", FALSE, causes);
  validate_raw_or_share (source, field, causes);
}

static const struct {
  const char *type;
  const char *member;
  ValidateSource validate;
} sources[] = {
  { "Object", "object", validate_object },
  { "External", "external", validate_external },
  { "Pods", "pods", validate_pods },
  { "Resource", "resource", validate_resource },
  { "ContainerResource", "containerResource", validate_container },
};

/* The source that the type names, and no other. */
static void
validate_presence (JsonNode *metric, const char *type, const char *field, PracticeCauses *causes)
{
  guint present = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    present += base_json_get (metric, sources[i].member, NULL) != NULL;
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autofree char *own = g_strdup_printf ("%s.%s", field, sources[i].member);
    gboolean is_there = base_json_get (metric, sources[i].member, NULL) != NULL;

    if (!is_there && g_str_equal (sources[i].type, type))
      practice_causes_required (causes, own, NO_SOURCE);
    if (is_there && present > 1 && !g_str_equal (sources[i].type, type))
      practice_causes_forbidden (causes, own, "must populate the given metric source only");
  }
}

static void
validate_metric (JsonNode *metric, const char *field, PracticeCauses *causes)
{
  const char *type = base_json_get_string (metric, "type", NULL);
  g_autofree char *type_field = g_strconcat (field, ".type", NULL);
  gboolean looked = FALSE;

  if (type == NULL)
    type = "";
  require (metric, "type", field, "must specify a metric source type", FALSE, causes);
  if (!g_strv_contains (metric_types, type))
    practice_causes_unsupported (causes, type_field, type, metric_types);
  for (guint i = 0; i < G_N_ELEMENTS (sources) && !looked; i++) {
    JsonNode *source = base_json_get (metric, sources[i].member, NULL);
    g_autofree char *own = g_strdup_printf ("%s.%s", field, sources[i].member);

    looked = source != NULL;
    if (looked)
      sources[i].validate (source, own, causes);
  }
  validate_presence (metric, type, field, causes);
}

/* More than nothing, and at most @most where that is not 0. */
static void
validate_number (
  JsonNode *policy, const char *member, const char *field, gint64 most, PracticeCauses *causes)
{
  gint64 value = base_json_get_int (policy, 0, member, NULL);
  g_autofree char *own = g_strdup_printf ("%s.%s", field, member);
  g_autofree char *detail =
    g_strdup_printf ("must be less than or equal to %" G_GINT64_FORMAT, most);

  if (value <= 0)
    practice_causes_invalid_int (causes, own, value, "must be greater than zero");
  if (most > 0 && value > most)
    practice_causes_invalid_int (causes, own, value, detail);
}

static void
validate_policies (JsonNode *rules, const char *field, PracticeCauses *causes)
{
  JsonArray *policies = base_json_get_array (rules, "policies", NULL);
  g_autofree char *all = g_strconcat (field, ".policies", NULL);

  if (base_json_get_length (policies) == 0)
    practice_causes_required (causes, all, "must specify at least one Policy");
  for (guint i = 0; i < base_json_get_length (policies); i++) {
    JsonNode *policy = json_array_get_element (policies, i);
    const char *type = base_json_get_string (policy, "type", NULL);
    g_autofree char *own = g_strdup_printf ("%s[%u]", all, i);
    g_autofree char *type_field = g_strconcat (own, ".type", NULL);

    if (type == NULL || !g_strv_contains (policy_types, type))
      practice_causes_unsupported (causes, type_field, type != NULL ? type : "", policy_types);
    validate_number (policy, "value", own, 0, causes);
    validate_number (policy, "periodSeconds", own, MAX_PERIOD_SECONDS, causes);
  }
}

static void
validate_rules (JsonNode *rules, const char *field, PracticeCauses *causes)
{
  gint64 window = base_json_get_int (rules, 0, "stabilizationWindowSeconds", NULL);
  const char *select = base_json_get_string (rules, "selectPolicy", NULL);
  g_autofree char *window_field = g_strconcat (field, ".stabilizationWindowSeconds", NULL);
  g_autofree char *select_field = g_strconcat (field, ".selectPolicy", NULL);

  if (window < 0)
    practice_causes_invalid_int (causes, window_field, window,
                                 "must be greater than or equal to zero");
  if (window > MAX_WINDOW_SECONDS)
    practice_causes_invalid_int (causes, window_field, window,
                                 "must be less than or equal to 3600");
  if (select != NULL && !g_strv_contains (select_policies, select))
    practice_causes_unsupported (causes, select_field, select, select_policies);
  validate_policies (rules, field, causes);
}

/* What the pods themselves tell cannot wake them. */
static void
validate_zero (JsonNode *object, PracticeCauses *causes)
{
  static const char *const others[] = { "Object", "External", NULL };
  JsonArray *metrics = base_json_get_array (object, "spec", "metrics", NULL);

  if (base_json_get_int (object, 1, "spec", "minReplicas", NULL) != 0)
    return;
  for (guint i = 0; i < base_json_get_length (metrics); i++) {
    const char *type = base_json_get_string (json_array_get_element (metrics, i), "type", NULL);

    if (type != NULL && g_strv_contains (others, type))
      return;
  }
  practice_causes_forbidden (
    causes, "spec.metrics",
    "must specify at least one Object or External metric to support scaling to zero replicas");
}

static void
validate_bounds (JsonNode *object, PracticeCauses *causes)
{
  gint64 least = base_json_get_int (object, 1, "spec", "minReplicas", NULL);
  gint64 most = base_json_get_int (object, 0, "spec", "maxReplicas", NULL);

  if (least < 1)
    practice_causes_invalid_int (causes, "spec.minReplicas", least,
                                 "must be greater than or equal to 1");
  if (most < 1)
    practice_causes_invalid_int (causes, "spec.maxReplicas", most, "must be greater than 0");
  if (most < least)
    practice_causes_invalid_int (causes, "spec.maxReplicas", most,
                                 "must be greater than or equal to `minReplicas`");
}

/**
 * practice_horizontal_scaler_validate:
 * @object: an autoscaler of autoscaling/v2
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a HorizontalPodAutoscaler.
 */
void
practice_horizontal_scaler_validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  static const char *const ways[] = { "scaleUp", "scaleDown" };
  JsonArray *metrics = base_json_get_array (object, "spec", "metrics", NULL);

  validate_bounds (object, causes);
  validate_reference (base_json_get (object, "spec", "scaleTargetRef", NULL), "spec.scaleTargetRef",
                      causes);
  for (guint i = 0; i < base_json_get_length (metrics); i++) {
    g_autofree char *field = practice_validation_field ("spec.metrics[%u]", i);

    validate_metric (json_array_get_element (metrics, i), field, causes);
  }
  validate_zero (object, causes);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    JsonNode *rules = base_json_get (object, "spec", "behavior", ways[i], NULL);
    g_autofree char *field = g_strconcat ("spec.behavior.", ways[i], NULL);

    if (rules != NULL)
      validate_rules (rules, field, causes);
  }
}
