/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-custom-column.h"

#include "base-json.h"
#include "practice-age.h"

static void
column_free (PracticeCustomColumn *self)
{
  g_free (self->name);
  g_free (self->type);
  g_free (self->format);
  g_free (self->description);
  g_clear_pointer (&self->path, base_json_path_unref);
  g_free (self);
}

/* A column whose path cannot be read shows nothing: the definition was refused if it came
 * through the API. */
static PracticeCustomColumn *
column_new (const char *name, const char *type, const char *path)
{
  PracticeCustomColumn *self = g_new0 (PracticeCustomColumn, 1);
  g_autofree char *rooted = g_strconcat ("$", path, NULL);

  self->name = g_strdup (name);
  self->type = g_strdup (type);
  self->path = base_json_path_new (rooted, NULL);
  return self;
}

static const char *
get_path (JsonNode *node)
{
  const char *path = base_json_get_string (node, "jsonPath", NULL);

  return path != NULL ? path : base_json_get_string (node, "JSONPath", NULL);
}

/**
 * practice_custom_columns_new:
 * @columns: (nullable): additionalPrinterColumns
 *
 * Reads the columns of a definition. Without any there is an age, as a real server adds it.
 *
 * Returns: (transfer full) (element-type PracticeCustomColumn): the columns
 */
GPtrArray *
practice_custom_columns_new (JsonArray *columns)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)column_free);

  for (guint i = 0; i < base_json_get_length (columns); i++) {
    JsonNode *node = json_array_get_element (columns, i);
    const char *name = base_json_get_string (node, "name", NULL);
    const char *type = base_json_get_string (node, "type", NULL);
    const char *path = get_path (node);
    PracticeCustomColumn *column;

    if (name == NULL || type == NULL || path == NULL)
      continue;
    column = column_new (name, type, path);
    column->format = g_strdup (base_json_get_string (node, "format", NULL));
    column->description = g_strdup (base_json_get_string (node, "description", NULL));
    column->priority = base_json_get_int (node, 0, "priority", NULL);
    g_ptr_array_add (list, column);
  }
  if (list->len == 0)
    g_ptr_array_add (list, column_new ("Age", "date", ".metadata.creationTimestamp"));
  return list;
}

/* As Go prints a value: a list is "[a b]". */
static void
append_printed (GString *text, JsonNode *node)
{
  g_autofree char *json = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    g_string_append_c (text, '[');
    for (guint i = 0; i < json_array_get_length (array); i++) {
      if (i > 0)
        g_string_append_c (text, ' ');
      append_printed (text, json_array_get_element (array, i));
    }
    g_string_append_c (text, ']');
    return;
  }
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING) {
    g_string_append (text, json_node_get_string (node));
    return;
  }
  json = base_json_write (node, FALSE);
  g_string_append (text, json);
}

static JsonNode *
new_string (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

/**
 * practice_custom_column_make_cell:
 * @self: a column
 * @object: an object of the definition
 *
 * Returns: (transfer full): the cell of @object; a null where it has nothing there
 */
JsonNode *
practice_custom_column_make_cell (PracticeCustomColumn *self, JsonNode *object)
{
  g_autoptr (GPtrArray) found =
    self->path != NULL ? base_json_path_match (self->path, object) : NULL;
  JsonNode *value = found != NULL && found->len > 0 ? found->pdata[0] : NULL;

  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return json_node_new (JSON_NODE_NULL);
  if (g_str_equal (self->type, "string")) {
    g_autoptr (GString) text = g_string_new (NULL);

    append_printed (text, value);
    return new_string (text->str);
  }
  if (g_str_equal (self->type, "date")) {
    g_autofree char *age =
      holds (value, G_TYPE_STRING) ? practice_age_dup_since (json_node_get_string (value)) : NULL;

    return age != NULL ? new_string (age) : json_node_new (JSON_NODE_NULL);
  }
  if (g_str_equal (self->type, "boolean")
        ? holds (value, G_TYPE_BOOLEAN)
        : holds (value, G_TYPE_INT64) || holds (value, G_TYPE_DOUBLE))
    return base_json_copy (value);
  return json_node_new (JSON_NODE_NULL);
}
