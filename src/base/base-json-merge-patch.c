/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"

#include "base-json.h"

/**
 * base_json_merge_patch_apply:
 * @target: (nullable): a document; %NULL where there is none yet
 * @patch: what to merge into it
 *
 * Applies a merge patch as RFC 7396 (section 2) says: members of @patch replace those of @target,
 * null removes one, objects are merged, anything else (arrays too) replaces the whole. @target is
 * not changed.
 *
 * Returns: (transfer full): the new document
 */
JsonNode *
base_json_merge_patch_apply (JsonNode *target, JsonNode *patch)
{
  g_autoptr (JsonNode) result = NULL;
  JsonObject *object;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  g_return_val_if_fail (patch != NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (patch))
    return base_json_copy (patch);

  if (target != NULL && JSON_NODE_HOLDS_OBJECT (target)) {
    result = base_json_copy (target);
  } else {
    result = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (result, json_object_new ());
  }

  object = json_node_get_object (result);
  json_object_iter_init_ordered (&iter, json_node_get_object (patch));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (JSON_NODE_HOLDS_NULL (value))
      json_object_remove_member (object, name);
    else
      json_object_set_member (
        object, name, base_json_merge_patch_apply (json_object_get_member (object, name), value));
  }

  return g_steal_pointer (&result);
}
