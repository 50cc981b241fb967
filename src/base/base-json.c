/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"

#include "base-json-private.h"

#include <math.h>
#include <string.h>

/* clang-format off */
G_DEFINE_QUARK (base-json-error-quark, base_json_error)
/* clang-format on */

static JsonNode *
copy_array (JsonArray *array)
{
  guint length = json_array_get_length (array);
  g_autoptr (JsonArray) copy = json_array_sized_new (length);

  for (guint i = 0; i < length; i++)
    json_array_add_element (copy, base_json_copy (json_array_get_element (array, i)));

  return json_node_init_array (json_node_alloc (), copy);
}

static JsonNode *
copy_object (JsonObject *object)
{
  g_autoptr (JsonObject) copy = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (copy, name, base_json_copy (value));

  return json_node_init_object (json_node_alloc (), copy);
}

/**
 * base_json_copy:
 * @node: the value
 *
 * Copies @node with all that is in it. (json_node_copy() shares objects and arrays.)
 *
 * Returns: (transfer full): the copy, mutable even where @node is not
 */
JsonNode *
base_json_copy (JsonNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      return copy_object (json_node_get_object (node));
    case JSON_NODE_ARRAY:
      return copy_array (json_node_get_array (node));
    case JSON_NODE_VALUE:
    case JSON_NODE_NULL:
    default:
      return json_node_copy (node);
  }
}

/*
 * base_json_measure:
 * @node: a value
 * @depth: how many values @node is in
 * @deepest: (inout): raised to the depth of the deepest value
 *
 * Returns: what a copy of @node costs: one for each value, and more for a long string
 */
gsize
base_json_measure (JsonNode *node, guint depth, guint *deepest)
{
  gsize cost = 1;

  *deepest = MAX (*deepest, depth);
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++)
      cost += base_json_measure (json_array_get_element (array, i), depth + 1, deepest);
  } else if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObjectIter iter;
    JsonNode *value;

    json_object_iter_init (&iter, json_node_get_object (node));
    while (json_object_iter_next (&iter, NULL, &value))
      cost += base_json_measure (value, depth + 1, deepest);
  } else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    cost += strlen (json_node_get_string (node)) / 64;
  }

  return cost;
}

static gboolean
is_number (GType type)
{
  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

static gboolean
scalars_equal (JsonNode *a, JsonNode *b)
{
  GType a_type = json_node_get_value_type (a);
  GType b_type = json_node_get_value_type (b);

  if (a_type == G_TYPE_INT64 && b_type == G_TYPE_INT64)
    return json_node_get_int (a) == json_node_get_int (b);
  if (is_number (a_type) && is_number (b_type))
    return json_node_get_double (a) == json_node_get_double (b);
  if (a_type != b_type)
    return FALSE;
  if (a_type == G_TYPE_STRING)
    return g_str_equal (json_node_get_string (a), json_node_get_string (b));

  return json_node_get_boolean (a) == json_node_get_boolean (b);
}

static gboolean
arrays_equal (JsonArray *a, JsonArray *b)
{
  guint length = json_array_get_length (a);

  if (length != json_array_get_length (b))
    return FALSE;
  for (guint i = 0; i < length; i++) {
    if (!base_json_equal (json_array_get_element (a, i), json_array_get_element (b, i)))
      return FALSE;
  }

  return TRUE;
}

static gboolean
objects_equal (JsonObject *a, JsonObject *b)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (json_object_get_size (a) != json_object_get_size (b))
    return FALSE;

  json_object_iter_init (&iter, a);
  while (json_object_iter_next (&iter, &name, &value)) {
    if (!json_object_has_member (b, name) ||
        !base_json_equal (value, json_object_get_member (b, name)))
      return FALSE;
  }

  return TRUE;
}

/**
 * base_json_equal:
 * @a: (nullable): a value
 * @b: (nullable): a value
 *
 * Compares as RFC 6902 (section 4.6) says: numbers by their value, whether written with a fraction
 * or not; objects without regard to the order of members.
 *
 * Returns: whether they are equal; two %NULL are
 */
gboolean
base_json_equal (JsonNode *a, JsonNode *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || json_node_get_node_type (a) != json_node_get_node_type (b))
    return FALSE;

  switch (json_node_get_node_type (a)) {
    case JSON_NODE_OBJECT:
      return objects_equal (json_node_get_object (a), json_node_get_object (b));
    case JSON_NODE_ARRAY:
      return arrays_equal (json_node_get_array (a), json_node_get_array (b));
    case JSON_NODE_VALUE:
      return scalars_equal (a, b);
    case JSON_NODE_NULL:
    default:
      return TRUE;
  }
}

static JsonNode *
walk (JsonNode *node, va_list names)
{
  const char *name;

  while ((name = va_arg (names, const char *)) != NULL) {
    if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
      return NULL;
    /* json_object_get_member() is silent about a missing one */
    node = json_object_get_member (json_node_get_object (node), name);
  }

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;

  return node;
}

static JsonNode *
walk_to_value (JsonNode *node, va_list names)
{
  node = walk (node, names);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/**
 * base_json_get:
 * @node: (nullable): where to start
 * @...: names of members, one inside the other, and %NULL
 *
 * Returns: (transfer none) (nullable): the member; %NULL where it, or one on the way, is missing
 *   or null
 */
JsonNode *
base_json_get (JsonNode *node, ...)
{
  va_list names;

  va_start (names, node);
  node = walk (node, names);
  va_end (names);

  return node;
}

/**
 * base_json_get_object:
 * @node: (nullable): where to start
 * @...: names of members, one inside the other, and %NULL
 *
 * Returns: (transfer none) (nullable): the member, where it is there and an object
 */
JsonObject *
base_json_get_object (JsonNode *node, ...)
{
  va_list names;

  va_start (names, node);
  node = walk (node, names);
  va_end (names);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * base_json_get_array:
 * @node: (nullable): where to start
 * @...: names of members, one inside the other, and %NULL
 *
 * Returns: (transfer none) (nullable): the member, where it is there and an array
 */
JsonArray *
base_json_get_array (JsonNode *node, ...)
{
  va_list names;

  va_start (names, node);
  node = walk (node, names);
  va_end (names);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * base_json_get_string:
 * @node: (nullable): where to start
 * @...: names of members, one inside the other, and %NULL
 *
 * Returns: (transfer none) (nullable): the member, where it is there and a string
 */
const char *
base_json_get_string (JsonNode *node, ...)
{
  va_list names;

  va_start (names, node);
  node = walk_to_value (node, names);
  va_end (names);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/**
 * base_json_get_int:
 * @node: (nullable): where to start
 * @fallback: what to return where there is no such integer
 * @...: names of members, one inside the other, and %NULL
 *
 * A number that was written with a fraction counts where the fraction is zero: 80.0 is 80.
 *
 * Returns: the member's value, or @fallback
 */
gint64
base_json_get_int (JsonNode *node, gint64 fallback, ...)
{
  va_list names;
  GType type;
  double value;

  va_start (names, fallback);
  node = walk_to_value (node, names);
  va_end (names);

  type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;
  if (type == G_TYPE_INT64)
    return json_node_get_int (node);
  if (type != G_TYPE_DOUBLE)
    return fallback;

  value = json_node_get_double (node);
  /* 2^63 is the first double that no longer fits */
  if (value != trunc (value) || value < -9223372036854775808.0 || value >= 9223372036854775808.0)
    return fallback;

  return (gint64)value;
}

/**
 * base_json_get_boolean:
 * @node: (nullable): where to start
 * @fallback: what to return where there is no such boolean
 * @...: names of members, one inside the other, and %NULL
 *
 * Returns: the member's value, or @fallback
 */
gboolean
base_json_get_boolean (JsonNode *node, gboolean fallback, ...)
{
  va_list names;

  va_start (names, fallback);
  node = walk_to_value (node, names);
  va_end (names);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
           ? json_node_get_boolean (node)
           : fallback;
}

/**
 * base_json_get_length:
 * @array: (nullable): an array, or %NULL where base_json_get_array() found none
 *
 * Returns: how many elements it has
 */
guint
base_json_get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

/**
 * base_json_find_named:
 * @array: (nullable): objects
 * @name: (nullable): what the member "name" of one shall be; %NULL: it shall have none
 *
 * Returns: (transfer none) (nullable): the first such
 */
JsonNode *
base_json_find_named (JsonArray *array, const char *name)
{
  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (g_strcmp0 (base_json_get_string (element, "name", NULL), name) == 0)
      return element;
  }
  return NULL;
}

/**
 * base_json_take_object:
 * @object: (transfer full): an object
 *
 * Returns: (transfer full): a value that is @object
 */
JsonNode *
base_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

/**
 * base_json_take_array:
 * @array: (transfer full): an array
 *
 * Returns: (transfer full): a value that is @array
 */
JsonNode *
base_json_take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}
