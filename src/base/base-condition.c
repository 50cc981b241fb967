/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"

#include "base-json.h"

/**
 * base_condition_find:
 * @object: (nullable): an object
 * @type: such as "Ready"
 *
 * Returns: (transfer none) (nullable): the first of its conditions of @type
 *   (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions)
 */
JsonNode *
base_condition_find (JsonNode *object, const char *type)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);

  for (guint i = 0; i < base_json_get_length (conditions); i++) {
    JsonNode *condition = json_array_get_element (conditions, i);

    if (g_strcmp0 (base_json_get_string (condition, "type", NULL), type) == 0)
      return condition;
  }
  return NULL;
}

/**
 * base_condition_get_status:
 * @object: (nullable): an object
 * @type: such as "Ready"
 *
 * Returns: (transfer none) (nullable): "True", "False" or "Unknown"; %NULL without such a condition
 */
const char *
base_condition_get_status (JsonNode *object, const char *type)
{
  JsonNode *condition = base_condition_find (object, type);

  return condition != NULL ? base_json_get_string (condition, "status", NULL) : NULL;
}

/**
 * base_condition_is_true:
 * @object: (nullable): an object
 * @type: such as "Ready"
 *
 * Returns: whether it has such a condition, which is true
 */
gboolean
base_condition_is_true (JsonNode *object, const char *type)
{
  return g_strcmp0 (base_condition_get_status (object, type), "True") == 0;
}
