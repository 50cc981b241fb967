/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-placement-validation.h"

#include "base-json.h"
#include "practice-names.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, validateAffinity and
 * validateTopologySpreadConstraints.
 */
#define REQUIRED "requiredDuringSchedulingIgnoredDuringExecution"
#define PREFERRED "preferredDuringSchedulingIgnoredDuringExecution"

static const char *const unsatisfiable[] = { "DoNotSchedule", "ScheduleAnyway", NULL };

typedef void (*ValidateTerm) (JsonNode *term, const char *field, PracticeCauses *causes);

static void
validate_values (JsonNode *requirement,
                 const char *operator_,
                 const char *field,
                 PracticeCauses *causes)
{
  static const char *const some[] = { "In", "NotIn", NULL };
  static const char *const none[] = { "Exists", "DoesNotExist", NULL };
  static const char *const one[] = { "Gt", "Lt", NULL };
  guint count = base_json_get_length (base_json_get_array (requirement, "values", NULL));
  g_autofree char *values = g_strconcat (field, ".values", NULL);
  g_autofree char *own = g_strconcat (field, ".operator", NULL);

  if (g_strv_contains (some, operator_)) {
    if (count == 0)
      practice_causes_required (causes, values,
                                "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (g_strv_contains (none, operator_)) {
    if (count > 0)
      practice_causes_forbidden (
        causes, values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (g_strv_contains (one, operator_)) {
    if (count != 1)
      practice_causes_required (causes, values,
                                "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else {
    practice_causes_invalid (causes, own, operator_, "not a valid selector operator");
  }
}

static void
validate_expression (JsonNode *requirement, const char *field, PracticeCauses *causes)
{
  g_autofree char *key = g_strconcat (field, ".key", NULL);

  validate_values (requirement, practice_validation_get_text (requirement, "operator"), field,
                   causes);
  practice_names_validate_label_key (practice_validation_get_text (requirement, "key"), key,
                                     causes);
}

static void
validate_field_values (JsonNode *requirement, const char *field, PracticeCauses *causes)
{
  JsonArray *values = base_json_get_array (requirement, "values", NULL);

  for (guint i = 0; i < base_json_get_length (values); i++) {
    const char *value = json_array_get_string_element (values, i);
    const char *wrong = practice_names_check_subdomain (value);
    g_autofree char *own = practice_validation_field ("%s.values[%u]", field, i);

    if (wrong != NULL)
      practice_causes_invalid (causes, own, value, wrong);
  }
}

/* Of a node's fields only its name can be asked for. */
static void
validate_field (JsonNode *requirement, const char *field, PracticeCauses *causes)
{
  static const char *const known[] = { "In", "NotIn", NULL };
  const char *operator_ = practice_validation_get_text (requirement, "operator");
  const char *key = practice_validation_get_text (requirement, "key");
  guint count = base_json_get_length (base_json_get_array (requirement, "values", NULL));
  g_autofree char *values = g_strconcat (field, ".values", NULL);
  g_autofree char *operator_field = g_strconcat (field, ".operator", NULL);
  g_autofree char *key_field = g_strconcat (field, ".key", NULL);

  if (!g_strv_contains (known, operator_))
    practice_causes_invalid (causes, operator_field, operator_, "not a valid selector operator");
  else if (count != 1)
    practice_causes_required (
      causes, values,
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  if (g_str_equal (key, "metadata.name"))
    validate_field_values (requirement, field, causes);
  else
    practice_causes_invalid (causes, key_field, key, "not a valid field selector key");
}

/* Each of the list @member of @parent. */
static void
validate_each (JsonNode *parent,
               const char *member,
               ValidateTerm validate,
               const char *field,
               PracticeCauses *causes)
{
  JsonArray *list = base_json_get_array (parent, member, NULL);

  for (guint i = 0; i < base_json_get_length (list); i++) {
    g_autofree char *own = practice_validation_field ("%s.%s[%u]", field, member, i);

    validate (json_array_get_element (list, i), own, causes);
  }
}

static void
validate_node_term (JsonNode *term, const char *field, PracticeCauses *causes)
{
  validate_each (term, "matchExpressions", validate_expression, field, causes);
  validate_each (term, "matchFields", validate_field, field, causes);
}

static void
validate_weight (JsonNode *term, const char *field, PracticeCauses *causes)
{
  gint64 weight = base_json_get_int (term, 0, "weight", NULL);
  g_autofree char *own = g_strconcat (field, ".weight", NULL);

  if (weight < 1 || weight > 100)
    practice_causes_invalid_int (causes, own, weight, "must be in the range 1-100");
}

static void
validate_preferred_node (JsonNode *term, const char *field, PracticeCauses *causes)
{
  g_autofree char *preference = g_strconcat (field, ".preference", NULL);

  validate_weight (term, field, causes);
  validate_node_term (base_json_get (term, "preference", NULL), preference, causes);
}

static void
validate_node_affinity (JsonNode *affinity, const char *field, PracticeCauses *causes)
{
  JsonNode *required = base_json_get (affinity, REQUIRED, NULL);
  g_autofree char *own = g_strconcat (field, "." REQUIRED, NULL);
  g_autofree char *terms = g_strconcat (own, ".nodeSelectorTerms", NULL);

  if (required != NULL &&
      base_json_get_length (base_json_get_array (required, "nodeSelectorTerms", NULL)) == 0)
    practice_causes_required (causes, terms, "must have at least one node selector term");
  validate_each (required, "nodeSelectorTerms", validate_node_term, own, causes);
  validate_each (affinity, PREFERRED, validate_preferred_node, field, causes);
}

static void
validate_namespaces (JsonNode *term, const char *field, PracticeCauses *causes)
{
  JsonArray *names = base_json_get_array (term, "namespaces", NULL);
  g_autofree char *own = g_strconcat (field, ".namespace", NULL);

  for (guint i = 0; i < base_json_get_length (names); i++) {
    const char *name = json_array_get_string_element (names, i);
    const char *wrong = practice_names_check_label (name);

    if (wrong != NULL)
      practice_causes_invalid (causes, own, name, wrong);
  }
}

/* The fields are called as a real server calls them. */
static void
validate_pod_term (JsonNode *term, const char *field, PracticeCauses *causes)
{
  const char *key = practice_validation_get_text (term, "topologyKey");
  g_autofree char *selector = g_strconcat (field, ".matchExpressions", NULL);
  g_autofree char *key_field = g_strconcat (field, ".topologyKey", NULL);

  practice_validation_selector (base_json_get (term, "labelSelector", NULL), selector, causes);
  validate_namespaces (term, field, causes);
  if (*key == '\0')
    practice_causes_required (causes, key_field, "can not be empty");
  practice_names_validate_label_key (key, key_field, causes);
}

static void
validate_preferred_pod (JsonNode *term, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".podAffinityTerm", NULL);

  validate_weight (term, field, causes);
  validate_pod_term (base_json_get (term, "podAffinityTerm", NULL), own, causes);
}

/**
 * practice_placement_validation_check_affinity:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @causes: where what is wrong is noted
 *
 * Checks beside which nodes and pods a pod wants to be.
 */
void
practice_placement_validation_check_affinity (JsonNode *spec,
                                              const char *field,
                                              PracticeCauses *causes)
{
  static const char *const members[] = { "podAffinity", "podAntiAffinity" };
  JsonNode *node = base_json_get (spec, "affinity", "nodeAffinity", NULL);
  g_autofree char *node_field = g_strconcat (field, ".affinity.nodeAffinity", NULL);

  if (node != NULL)
    validate_node_affinity (node, node_field, causes);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *pods = base_json_get (spec, "affinity", members[i], NULL);
    g_autofree char *own = g_strdup_printf ("%s.affinity.%s", field, members[i]);

    validate_each (pods, REQUIRED, validate_pod_term, own, causes);
    validate_each (pods, PREFERRED, validate_preferred_pod, own, causes);
  }
}

static gboolean
is_repeated (JsonArray *constraints, guint index)
{
  JsonNode *one = json_array_get_element (constraints, index);

  for (guint i = index + 1; i < json_array_get_length (constraints); i++) {
    JsonNode *other = json_array_get_element (constraints, i);

    if (g_str_equal (practice_validation_get_text (one, "topologyKey"),
                     practice_validation_get_text (other, "topologyKey")) &&
        g_str_equal (practice_validation_get_text (one, "whenUnsatisfiable"),
                     practice_validation_get_text (other, "whenUnsatisfiable")))
      return TRUE;
  }
  return FALSE;
}

static void
validate_constraint (JsonNode *constraint, const char *field, PracticeCauses *causes)
{
  gint64 skew = base_json_get_int (constraint, 0, "maxSkew", NULL);
  const char *word = practice_validation_get_text (constraint, "whenUnsatisfiable");
  g_autofree char *skew_field = g_strconcat (field, ".maxSkew", NULL);
  g_autofree char *key_field = g_strconcat (field, ".topologyKey", NULL);
  g_autofree char *word_field = g_strconcat (field, ".whenUnsatisfiable", NULL);

  if (skew <= 0)
    practice_causes_invalid_int (causes, skew_field, skew, "must be greater than zero");
  if (*practice_validation_get_text (constraint, "topologyKey") == '\0')
    practice_causes_required (causes, key_field, "can not be empty");
  if (!g_strv_contains (unsatisfiable, word))
    practice_causes_unsupported (causes, word_field, word, unsatisfiable);
}

/**
 * practice_placement_validation_check_spread:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @causes: where what is wrong is noted
 *
 * Checks how pods are to be spread.
 */
void
practice_placement_validation_check_spread (JsonNode *spec,
                                            const char *field,
                                            PracticeCauses *causes)
{
  JsonArray *constraints = base_json_get_array (spec, "topologySpreadConstraints", NULL);

  for (guint i = 0; i < base_json_get_length (constraints); i++) {
    JsonNode *constraint = json_array_get_element (constraints, i);
    g_autofree char *own = practice_validation_field ("%s.topologySpreadConstraints[%u]", field, i);
    g_autofree char *both = g_strconcat (own, ".{topologyKey, whenUnsatisfiable}", NULL);
    g_autofree char *pair =
      g_strdup_printf ("{%s, %s}", practice_validation_get_text (constraint, "topologyKey"),
                       practice_validation_get_text (constraint, "whenUnsatisfiable"));

    validate_constraint (constraint, own, causes);
    if (is_repeated (constraints, i))
      practice_causes_duplicate (causes, both, pair);
  }
}
