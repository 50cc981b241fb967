/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-structural-schema.h"

#include "base-json.h"

/* A schema can be deep, an object too: together they end here. */
#define MAX_DEPTH 64

static void
prune_node (JsonNode *schema, JsonNode *node, const char *path, guint depth, GPtrArray *unknown);

static gboolean
is_of_server (const char *name)
{
  return g_str_equal (name, "metadata") || g_str_equal (name, "kind") ||
         g_str_equal (name, "apiVersion");
}

/* Whether kind, apiVersion and metadata at this place are those of an object. */
static gboolean
is_object_root (JsonNode *schema, guint depth)
{
  return depth == 0 ||
         base_json_get_boolean (schema, FALSE, "x-kubernetes-embedded-resource", NULL);
}

/* (nullable): what @schema says of the member @name; @known: whether it may be there at all */
static JsonNode *
find_property (JsonNode *schema, const char *name, gboolean *known)
{
  JsonNode *property = base_json_get (schema, "properties", name, NULL);
  JsonNode *others = base_json_get (schema, "additionalProperties", NULL);

  *known = TRUE;
  if (property != NULL)
    return property;
  if (others != NULL && JSON_NODE_HOLDS_OBJECT (others))
    return others;
  *known = (others != NULL && json_node_get_value_type (others) == G_TYPE_BOOLEAN &&
            json_node_get_boolean (others)) ||
           base_json_get_boolean (schema, FALSE, "x-kubernetes-preserve-unknown-fields", NULL);
  return NULL;
}

static void
prune_object (JsonNode *schema, JsonNode *node, const char *path, guint depth, GPtrArray *unknown)
{
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *l = names; l != NULL; l = l->next) {
    const char *name = l->data;
    g_autofree char *own = *path != '\0' ? g_strconcat (path, ".", name, NULL) : g_strdup (name);
    gboolean known;
    JsonNode *property = find_property (schema, name, &known);

    if (is_object_root (schema, depth) && is_of_server (name))
      continue;
    if (property != NULL) {
      prune_node (property, json_object_get_member (object, name), own, depth + 1, unknown);
    } else if (!known) {
      if (unknown != NULL)
        g_ptr_array_add (unknown, g_strdup (own));
      json_object_remove_member (object, name);
    }
  }
}

static void
prune_node (JsonNode *schema, JsonNode *node, const char *path, guint depth, GPtrArray *unknown)
{
  JsonNode *items = base_json_get (schema, "items", NULL);
  JsonArray *array;

  if (depth > MAX_DEPTH)
    return;
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    prune_object (schema, node, path, depth, unknown);
    return;
  }
  array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  for (guint i = 0; array != NULL && items != NULL && i < json_array_get_length (array); i++) {
    g_autofree char *own = g_strdup_printf ("%s[%u]", path, i);

    prune_node (items, json_array_get_element (array, i), own, depth + 1, unknown);
  }
}

/**
 * practice_structural_schema_prune:
 * @schema: the schema
 * @object: a custom object, changed in place
 * @unknown: (nullable) (element-type utf8): gets the paths of what is taken out
 *
 * Takes out what @schema does not know.
 */
void
practice_structural_schema_prune (JsonNode *schema, JsonNode *object, GPtrArray *unknown)
{
  prune_node (schema, object, "", 0, unknown);
}

/* Whether @value stands for nothing where @property wants something. */
static gboolean
is_missing (JsonNode *property, JsonNode *value)
{
  return value == NULL || (JSON_NODE_HOLDS_NULL (value) &&
                           !base_json_get_boolean (property, FALSE, "nullable", NULL));
}

static void
add_defaults (JsonNode *schema, JsonObject *object, guint depth)
{
  JsonObject *properties = base_json_get_object (schema, "properties", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *property;

  if (properties == NULL)
    return;
  json_object_iter_init_ordered (&iter, properties);
  while (json_object_iter_next_ordered (&iter, &name, &property)) {
    JsonNode *fallback = base_json_get (property, "default", NULL);

    if (fallback != NULL && !(is_object_root (schema, depth) && is_of_server (name)) &&
        is_missing (property, json_object_get_member (object, name)))
      json_object_set_member (object, name, base_json_copy (fallback));
  }
}

static void
default_node (JsonNode *schema, JsonNode *node, guint depth)
{
  JsonNode *items = base_json_get (schema, "items", NULL);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GList) names = NULL;

  if (depth > MAX_DEPTH)
    return;
  for (guint i = 0; array != NULL && items != NULL && i < json_array_get_length (array); i++)
    default_node (items, json_array_get_element (array, i), depth + 1);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return;
  add_defaults (schema, json_node_get_object (node), depth);
  names = json_object_get_members (json_node_get_object (node));
  for (GList *l = names; l != NULL; l = l->next) {
    gboolean known;
    JsonNode *property = find_property (schema, l->data, &known);

    if (property != NULL && !(is_object_root (schema, depth) && is_of_server (l->data)))
      default_node (property, json_object_get_member (json_node_get_object (node), l->data),
                    depth + 1);
  }
}

/**
 * practice_structural_schema_set_defaults:
 * @schema: the schema
 * @object: a custom object, changed in place
 *
 * Fills in what is missing and has a default, from the outside in.
 */
void
practice_structural_schema_set_defaults (JsonNode *schema, JsonNode *object)
{
  default_node (schema, object, 0);
}
