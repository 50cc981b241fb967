/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-node-fit.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"

#define UNSCHEDULABLE "node.kubernetes.io/unschedulable"

/* An empty text is none. */
static gboolean
is_set (const char *text)
{
  return text != NULL && *text != '\0';
}

static gboolean
tolerates (JsonNode *toleration, const char *key, const char *value, const char *effect)
{
  const char *wanted_key = base_json_get_string (toleration, "key", NULL);
  const char *wanted_effect = base_json_get_string (toleration, "effect", NULL);
  const char *wanted_value = base_json_get_string (toleration, "value", NULL);
  gboolean exists = g_strcmp0 (base_json_get_string (toleration, "operator", NULL), "Exists") == 0;

  if (is_set (wanted_effect) && g_strcmp0 (wanted_effect, effect) != 0)
    return FALSE;
  if (!is_set (wanted_key))
    return exists;
  return g_str_equal (wanted_key, key) &&
         (exists ||
          g_strcmp0 (is_set (wanted_value) ? wanted_value : "", is_set (value) ? value : "") == 0);
}

static gboolean
any_tolerates (JsonNode *pod, const char *key, const char *value, const char *effect)
{
  JsonArray *tolerations = base_json_get_array (pod, "spec", "tolerations", NULL);

  for (guint i = 0; i < base_json_get_length (tolerations); i++)
    if (tolerates (json_array_get_element (tolerations, i), key, value, effect))
      return TRUE;

  return FALSE;
}

/**
 * practice_node_fit_find_taint:
 * @node: a Node
 * @pod: a pod, or the template of one
 * @effects: (array zero-terminated=1): the effects that count, as "NoSchedule"
 *
 * Returns: (transfer none) (nullable): the first taint of @node that @pod does not tolerate
 *   (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/)
 */
JsonNode *
practice_node_fit_find_taint (JsonNode *node, JsonNode *pod, const char *const *effects)
{
  JsonArray *taints = base_json_get_array (node, "spec", "taints", NULL);

  for (guint i = 0; i < base_json_get_length (taints); i++) {
    JsonNode *taint = json_array_get_element (taints, i);
    const char *key = base_json_get_string (taint, "key", NULL);
    const char *effect = base_json_get_string (taint, "effect", NULL);

    if (key != NULL && effect != NULL && g_strv_contains (effects, effect) &&
        !any_tolerates (pod, key, base_json_get_string (taint, "value", NULL), effect))
      return taint;
  }

  return NULL;
}

/**
 * practice_node_fit_is_unschedulable:
 * @node: a Node
 * @pod: a pod, or the template of one
 *
 * Returns: whether @node takes nothing new, as after "kubectl cordon", and @pod is no exception
 */
gboolean
practice_node_fit_is_unschedulable (JsonNode *node, JsonNode *pod)
{
  return base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL) &&
         !any_tolerates (pod, UNSCHEDULABLE, NULL, "NoSchedule");
}

static gboolean
compares (const char *actual, const char *operator, const char * wanted)
{
  gint64 number, limit;

  if (actual == NULL ||
      !g_ascii_string_to_signed (actual, 10, G_MININT64, G_MAXINT64, &number, NULL) ||
      !g_ascii_string_to_signed (wanted, 10, G_MININT64, G_MAXINT64, &limit, NULL))
    return FALSE;
  return g_str_equal (operator, "Gt") ? number > limit : number < limit;
}

static gboolean
meets (const char *actual, JsonNode *expression)
{
  const char *operator= base_json_get_string (expression, "operator", NULL);
  JsonArray *values = base_json_get_array (expression, "values", NULL);
  gboolean is_among = FALSE;

  for (guint i = 0; i < base_json_get_length (values) && !is_among; i++)
    is_among = g_strcmp0 (json_array_get_string_element (values, i), actual) == 0;
  if (g_strcmp0 (operator, "In") == 0)
    return is_among;
  if (g_strcmp0 (operator, "NotIn") == 0)
    return !is_among;
  if (g_strcmp0 (operator, "Exists") == 0)
    return actual != NULL;
  if (g_strcmp0 (operator, "DoesNotExist") == 0)
    return actual == NULL;
  return operator!= NULL && base_json_get_length (values) == 1 &&
         compares (actual, operator, json_array_get_string_element (values, 0));
}

static gboolean
meets_all (JsonNode *node, JsonArray *expressions, gboolean by_field)
{
  for (guint i = 0; i < base_json_get_length (expressions); i++) {
    JsonNode *expression = json_array_get_element (expressions, i);
    const char *key = base_json_get_string (expression, "key", NULL);
    const char *actual =
      by_field ? base_metadata_get_name (node) : base_metadata_get_label (node, key);

    if (key == NULL || (by_field && !g_str_equal (key, "metadata.name")) ||
        !meets (actual, expression))
      return FALSE;
  }

  return TRUE;
}

/**
 * practice_node_fit_matches_affinity:
 * @node: a Node
 * @required: a NodeSelector, as of a pod's affinity or a volume's
 *
 * Returns: whether one of its terms holds for @node; one that says nothing does not
 */
gboolean
practice_node_fit_matches_affinity (JsonNode *node, JsonNode *required)
{
  JsonArray *terms = base_json_get_array (required, "nodeSelectorTerms", NULL);

  for (guint i = 0; i < base_json_get_length (terms); i++) {
    JsonNode *term = json_array_get_element (terms, i);
    JsonArray *labels = base_json_get_array (term, "matchExpressions", NULL);
    JsonArray *fields = base_json_get_array (term, "matchFields", NULL);

    if (base_json_get_length (labels) + base_json_get_length (fields) > 0 &&
        meets_all (node, labels, FALSE) && meets_all (node, fields, TRUE))
      return TRUE;
  }

  return FALSE;
}

/**
 * practice_node_fit_matches_selector:
 * @node: a Node
 * @pod: a pod, or the template of one
 *
 * Returns: whether @node is one of those that @pod asks for
 *   (https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/)
 */
gboolean
practice_node_fit_matches_selector (JsonNode *node, JsonNode *pod)
{
  JsonObject *selector = base_json_get_object (pod, "spec", "nodeSelector", NULL);
  JsonNode *required = base_json_get (pod, "spec", "affinity", "nodeAffinity",
                                      "requiredDuringSchedulingIgnoredDuringExecution", NULL);

  if (selector != NULL && json_object_get_size (selector) > 0 &&
      !practice_object_matches_labels (node, selector))
    return FALSE;

  return required == NULL || practice_node_fit_matches_affinity (node, required);
}
