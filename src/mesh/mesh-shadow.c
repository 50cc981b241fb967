/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-shadow.h"

#include "base-json.h"

/* Maps of conditions by name: the names add up like conditions of their own. */
static gboolean
is_map (const char *name)
{
  return g_str_equal (name, "headers") || g_str_equal (name, "queryParams") ||
         g_str_equal (name, "withoutHeaders") || g_str_equal (name, "sourceLabels");
}

/* Whether what @narrow takes is taken by @wide (both StringMatch, or plain values). */
static gboolean
covers_value (JsonNode *wide, JsonNode *narrow)
{
  const char *prefix = base_json_get_string (wide, "prefix", NULL);
  const char *text = base_json_get_string (narrow, "exact", NULL);

  if (base_json_equal (wide, narrow))
    return TRUE;
  /* An empty condition asks for presence only. */
  if (JSON_NODE_HOLDS_OBJECT (wide) && json_object_get_size (json_node_get_object (wide)) == 0)
    return TRUE;
  if (text == NULL)
    text = base_json_get_string (narrow, "prefix", NULL);
  return prefix != NULL && text != NULL && g_str_has_prefix (text, prefix);
}

static gboolean
covers_map (const char *map, JsonNode *wide, JsonNode *narrow)
{
  gboolean negated = g_str_equal (map, "withoutHeaders");
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (wide) || !JSON_NODE_HOLDS_OBJECT (narrow))
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (wide));
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *other = json_object_get_member (json_node_get_object (narrow), name);

    if (other == NULL || !(negated ? base_json_equal (value, other) : covers_value (value, other)))
      return FALSE;
  }
  return TRUE;
}

/* One HTTPMatchRequest: whatever @wide asks for, @narrow asks for, too. */
static gboolean
covers_item (JsonNode *wide, JsonNode *narrow)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (wide) || !JSON_NODE_HOLDS_OBJECT (narrow))
    return FALSE;
  /* This one widens. */
  if (base_json_get_boolean (narrow, FALSE, "ignoreUriCase", NULL) &&
      !base_json_get_boolean (wide, FALSE, "ignoreUriCase", NULL) &&
      base_json_get (wide, "uri", NULL) != NULL)
    return FALSE;
  json_object_iter_init (&iter, json_node_get_object (wide));
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *other = json_object_get_member (json_node_get_object (narrow), name);

    if (g_str_equal (name, "name"))
      continue;
    if (other == NULL ||
        !(is_map (name) ? covers_map (name, value, other) : covers_value (value, other)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
covers_any (JsonArray *wide, JsonNode *narrow)
{
  for (guint i = 0; i < json_array_get_length (wide); i++) {
    if (covers_item (json_array_get_element (wide, i), narrow))
      return TRUE;
  }
  return FALSE;
}

/**
 * mesh_shadow_hides:
 * @earlier: an HTTP route
 * @later: an HTTP route after it
 *
 * The first match wins, and a route without one takes all
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/). What regular
 * expressions cover is not looked into, so that TRUE is sure and FALSE is not.
 */
gboolean
mesh_shadow_hides (JsonNode *earlier, JsonNode *later)
{
  JsonArray *wide = base_json_get_array (earlier, "match", NULL);
  JsonArray *narrow = base_json_get_array (later, "match", NULL);

  if (base_json_get_length (wide) == 0)
    return TRUE;
  if (base_json_get_length (narrow) == 0) {
    g_autoptr (JsonNode) anything = json_node_new (JSON_NODE_OBJECT);

    json_node_take_object (anything, json_object_new ());
    return covers_any (wide, anything);
  }
  for (guint i = 0; i < json_array_get_length (narrow); i++) {
    if (!covers_any (wide, json_array_get_element (narrow, i)))
      return FALSE;
  }
  return TRUE;
}
