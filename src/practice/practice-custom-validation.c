/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-custom-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-validation.h"

/* A schema can be deep, an object too: together they end here. */
#define MAX_DEPTH 64

static void check_node (
  JsonNode *schema, JsonNode *node, const char *path, guint depth, PracticeCauses *causes);

static const char *
get_type (JsonNode *node)
{
  switch (json_node_get_node_type (node)) {
    case JSON_NODE_OBJECT:
      return "object";
    case JSON_NODE_ARRAY:
      return "array";
    case JSON_NODE_VALUE:
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        return "string";
      if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
        return "boolean";
      return json_node_get_value_type (node) == G_TYPE_INT64 ? "integer" : "number";
    case JSON_NODE_NULL:
    default:
      return "null";
  }
}

static gboolean
check_type (JsonNode *schema, JsonNode *node, const char *path, PracticeCauses *causes)
{
  const char *wanted = base_json_get_string (schema, "type", NULL);
  const char *type = get_type (node);
  g_autofree char *words = NULL;

  if (wanted == NULL || g_str_equal (wanted, type) ||
      (g_str_equal (wanted, "number") && g_str_equal (type, "integer")) ||
      (g_str_equal (type, "null") && base_json_get_boolean (schema, FALSE, "nullable", NULL)) ||
      (base_json_get_boolean (schema, FALSE, "x-kubernetes-int-or-string", NULL) &&
       (g_str_equal (type, "integer") || g_str_equal (type, "string"))))
    return TRUE;
  words = g_strdup_printf ("%s in body must be of type %s: \"%s\"", path, wanted, type);
  practice_causes_invalid (causes, path, type, words);
  return FALSE;
}

static void
check_enum (JsonNode *schema, JsonNode *node, const char *path, PracticeCauses *causes)
{
  JsonArray *values = base_json_get_array (schema, "enum", NULL);
  g_autoptr (GPtrArray) supported = NULL;
  g_autofree char *text = NULL;

  if (values == NULL)
    return;
  supported = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < json_array_get_length (values); i++) {
    JsonNode *value = json_array_get_element (values, i);

    if (base_json_equal (value, node))
      return;
    g_ptr_array_add (supported, g_str_equal (get_type (value), "string")
                                  ? g_strdup (json_node_get_string (value))
                                  : base_json_write (value, FALSE));
  }
  g_ptr_array_add (supported, NULL);
  text = g_str_equal (get_type (node), "string") ? g_strdup (json_node_get_string (node))
                                                 : base_json_write (node, FALSE);
  practice_causes_unsupported (causes, path, text, (const char *const *)supported->pdata);
}

/* A bound of the schema that is there and a number. */
static gboolean
get_bound (JsonNode *schema, const char *name, double *bound)
{
  JsonNode *node = base_json_get (schema, name, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  *bound = json_node_get_double (node);
  return TRUE;
}

/* "in body should be at least 1 chars long" and the like. */
static void
check_bounds (JsonNode *schema,
              JsonNode *node,
              const char *path,
              const char *const names[2],
              double value,
              const char *const words[2],
              const char *unit,
              PracticeCauses *causes)
{
  double bound;

  for (guint i = 0; i < 2; i++) {
    g_autofree char *text = NULL;

    if (!get_bound (schema, names[i], &bound) || (i == 0 ? value >= bound : value <= bound))
      continue;
    text = g_strdup_printf ("%s in body should %s %g%s", path, words[i], bound, unit);
    practice_causes_invalid_node (causes, path, node, text);
  }
}

static void
check_number (JsonNode *schema, JsonNode *node, const char *path, PracticeCauses *causes)
{
  static const char *const names[] = { "minimum", "maximum" };
  static const char *const words[] = { "be greater than or equal to", "be less than or equal to" };

  check_bounds (schema, node, path, names, json_node_get_double (node), words, "", causes);
}

static void
check_string (JsonNode *schema, JsonNode *node, const char *path, PracticeCauses *causes)
{
  static const char *const names[] = { "minLength", "maxLength" };
  static const char *const words[] = { "be at least", "be at most" };
  const char *pattern = base_json_get_string (schema, "pattern", NULL);
  const char *text = json_node_get_string (node);
  g_autoptr (GRegex) regex = NULL;
  g_autofree char *wrong = NULL;

  check_bounds (schema, node, path, names, (double)g_utf8_strlen (text, -1), words, " chars long",
                causes);
  if (pattern == NULL)
    return;
  regex = g_regex_new (pattern, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  if (regex == NULL || g_regex_match (regex, text, G_REGEX_MATCH_DEFAULT, NULL))
    return;
  wrong = g_strdup_printf ("%s in body should match '%s'", path, pattern);
  practice_causes_invalid (causes, path, text, wrong);
}

static void
check_array (
  JsonNode *schema, JsonNode *node, const char *path, guint depth, PracticeCauses *causes)
{
  static const char *const names[] = { "minItems", "maxItems" };
  static const char *const words[] = { "have at least", "have at most" };
  JsonNode *items = base_json_get (schema, "items", NULL);
  JsonArray *array = json_node_get_array (node);

  check_bounds (schema, node, path, names, json_array_get_length (array), words, " items", causes);
  for (guint i = 0; items != NULL && i < json_array_get_length (array); i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", path, i);

    check_node (items, json_array_get_element (array, i), own, depth + 1, causes);
  }
}

static char *
join_path (const char *path, const char *name)
{
  return *path != '\0' ? g_strconcat (path, ".", name, NULL) : g_strdup (name);
}

static void
check_object (
  JsonNode *schema, JsonNode *node, const char *path, guint depth, PracticeCauses *causes)
{
  JsonArray *required = base_json_get_array (schema, "required", NULL);
  JsonNode *others = base_json_get (schema, "additionalProperties", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  for (guint i = 0; i < base_json_get_length (required); i++) {
    const char *member = json_array_get_string_element (required, i);
    g_autofree char *own = join_path (path, member);

    if (!json_object_has_member (json_node_get_object (node), member))
      practice_causes_required (causes, own, NULL);
  }
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *property = base_json_get (schema, "properties", name, NULL);
    g_autofree char *own = join_path (path, name);

    /* The server knows better what these are. */
    if (depth == 0 && (g_str_equal (name, "metadata") || g_str_equal (name, "kind") ||
                       g_str_equal (name, "apiVersion")))
      continue;
    if (property == NULL && others != NULL && JSON_NODE_HOLDS_OBJECT (others))
      property = others;
    if (property != NULL)
      check_node (property, value, own, depth + 1, causes);
  }
}

static void
check_node (JsonNode *schema, JsonNode *node, const char *path, guint depth, PracticeCauses *causes)
{
  const char *type = get_type (node);

  if (depth > MAX_DEPTH || !JSON_NODE_HOLDS_OBJECT (schema) ||
      !check_type (schema, node, path, causes))
    return;
  check_enum (schema, node, path, causes);
  if (g_str_equal (type, "object"))
    check_object (schema, node, path, depth, causes);
  else if (g_str_equal (type, "array"))
    check_array (schema, node, path, depth, causes);
  else if (g_str_equal (type, "string"))
    check_string (schema, node, path, causes);
  else if (g_str_equal (type, "integer") || g_str_equal (type, "number"))
    check_number (schema, node, path, causes);
}

/**
 * practice_custom_validation_check:
 * @schema: (nullable): the openAPIV3Schema of the definition; %NULL takes all
 * @object: a custom object
 * @causes: where what is wrong is noted
 *
 * Checks what clients most often get wrong: types, required members, values that are allowed,
 * ranges, lengths and patterns.
 */
void
practice_custom_validation_check (JsonNode *schema, JsonNode *object, PracticeCauses *causes)
{
  if (schema != NULL)
    check_node (schema, object, "", 0, causes);
}
