/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-reader.h"

#include <string.h>

#include "base-json.h"

#define QUANTITY_PATTERN "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"

/* Enough names to see what is wrong. */
#define MAX_UNKNOWN 50

typedef struct {
  GString *path;      /* "spec.containers[0]", for unknown fields */
  GString *go_path;   /* "spec.containers", for wrong types */
  GPtrArray *unknown; /* (nullable) */
} Reader;

static gboolean
read_object (Reader *self, const PracticeType *type, JsonObject *object, GError **error);

static const char *
get_json_type (JsonNode *node)
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
        return "bool";
      return "number";
    case JSON_NODE_NULL:
    default:
      return "null";
  }
}

static const char *
get_go_type (const PracticeField *field)
{
  switch (field->kind) {
    case PRACTICE_FIELD_INT:
      return "int32";
    case PRACTICE_FIELD_LONG:
      return "int64";
    case PRACTICE_FIELD_BOOL:
      return "bool";
    case PRACTICE_FIELD_DOUBLE:
      return "float64";
    case PRACTICE_FIELD_BYTES:
      return "[]uint8";
    case PRACTICE_FIELD_QUANTITY:
      return "resource.Quantity";
    case PRACTICE_FIELD_INT_OR_STRING:
      return "intstr.IntOrString";
    case PRACTICE_FIELD_TIME:
      return "v1.Time";
    case PRACTICE_FIELD_MICRO_TIME:
      return "v1.MicroTime";
    case PRACTICE_FIELD_STRING:
    case PRACTICE_FIELD_ANY:
    case PRACTICE_FIELD_TYPE:
    default:
      return "string";
  }
}

static gboolean
set_type_error (Reader *self,
                const PracticeType *owner,
                const PracticeField *field,
                gboolean element,
                JsonNode *node,
                GError **error)
{
  g_autofree char *base = field->kind == PRACTICE_FIELD_TYPE
                            ? g_strconcat ("v1.", field->type->name, NULL)
                            : g_strdup (get_go_type (field));
  const char *prefix = "";

  if (!element && field->shape == PRACTICE_SHAPE_LIST)
    prefix = "[]";
  else if (!element && field->shape == PRACTICE_SHAPE_MAP)
    prefix = "map[string]";
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "json: cannot unmarshal %s into Go struct field %s.%s of type %s%s",
               get_json_type (node), owner->name, self->go_path->str, prefix, base);
  return FALSE;
}

static gboolean
is_value (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
check_time (JsonNode *node, GError **error)
{
  const char *text = json_node_get_string (node);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  if (time != NULL || *text == '\0')
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"%s\" as "
               "\"2006\"",
               text, text);
  return FALSE;
}

static gboolean
check_base64 (JsonNode *node, GError **error)
{
  const char *text = json_node_get_string (node);
  gsize good = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize length = good + strspn (text + good, "=");

  if (text[length] == '\0' && length % 4 == 0 && length - good <= 2)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "illegal base64 data at input byte %" G_GSIZE_FORMAT, good);
  return FALSE;
}

static gboolean
check_quantity (JsonNode *node, GError **error)
{
  g_autofree char *text = is_value (node, G_TYPE_STRING) ? g_strdup (json_node_get_string (node))
                                                         : base_json_write (node, FALSE);

  if (g_regex_match_simple (QUANTITY_PATTERN, text, 0, 0))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "quantities must match the regular expression '%s'", QUANTITY_PATTERN);
  return FALSE;
}

static gboolean
read_scalar (Reader *self,
             const PracticeType *owner,
             const PracticeField *field,
             gboolean element,
             JsonNode *node,
             GError **error)
{
  gboolean string = is_value (node, G_TYPE_STRING);
  gboolean integer = is_value (node, G_TYPE_INT64);
  gboolean good = FALSE;

  switch (field->kind) {
    case PRACTICE_FIELD_STRING:
      good = string;
      break;
    case PRACTICE_FIELD_INT:
      good =
        integer && json_node_get_int (node) >= G_MININT32 && json_node_get_int (node) <= G_MAXINT32;
      break;
    case PRACTICE_FIELD_LONG:
      good = integer;
      break;
    case PRACTICE_FIELD_BOOL:
      good = is_value (node, G_TYPE_BOOLEAN);
      break;
    case PRACTICE_FIELD_DOUBLE:
      good = integer || is_value (node, G_TYPE_DOUBLE);
      break;
    case PRACTICE_FIELD_INT_OR_STRING:
      good = integer || string;
      break;
    case PRACTICE_FIELD_BYTES:
      if (string)
        return check_base64 (node, error);
      break;
    case PRACTICE_FIELD_QUANTITY:
      if (string || integer || is_value (node, G_TYPE_DOUBLE))
        return check_quantity (node, error);
      break;
    case PRACTICE_FIELD_TIME:
    case PRACTICE_FIELD_MICRO_TIME:
      if (string)
        return check_time (node, error);
      break;
    case PRACTICE_FIELD_ANY:
    case PRACTICE_FIELD_TYPE:
    default:
      good = TRUE;
      break;
  }
  return good || set_type_error (self, owner, field, element, node, error);
}

/* @element: @node is one of a list or a map. */
static gboolean
read_value (Reader *self,
            const PracticeType *owner,
            const PracticeField *field,
            gboolean element,
            JsonNode *node,
            GError **error)
{
  if (field->kind != PRACTICE_FIELD_TYPE)
    return read_scalar (self, owner, field, element, node, error);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_type_error (self, owner, field, element, node, error);
  return read_object (self, field->type, json_node_get_object (node), error);
}

static gboolean
read_list (Reader *self,
           const PracticeType *owner,
           const PracticeField *field,
           JsonNode *node,
           GError **error)
{
  gsize length = self->path->len;
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return set_type_error (self, owner, field, FALSE, node, error);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    /* In a list Go makes of null an empty value. */
    if (JSON_NODE_HOLDS_NULL (element)) {
      if (field->kind == PRACTICE_FIELD_TYPE)
        json_node_take_object (json_node_init (element, JSON_NODE_OBJECT), json_object_new ());
      continue;
    }
    g_string_append_printf (self->path, "[%u]", i);
    if (!read_value (self, owner, field, TRUE, element, error))
      return FALSE;
    g_string_truncate (self->path, length);
  }
  return TRUE;
}

static gboolean
read_map (Reader *self,
          const PracticeType *owner,
          const PracticeField *field,
          JsonNode *node,
          GError **error)
{
  gsize length = self->path->len;
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_type_error (self, owner, field, FALSE, node, error);
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value)) {
    if (JSON_NODE_HOLDS_NULL (value)) {
      if (field->kind == PRACTICE_FIELD_STRING || field->kind == PRACTICE_FIELD_BYTES)
        json_node_init_string (value, "");
      continue;
    }
    g_string_append_printf (self->path, ".%s", key);
    if (!read_value (self, owner, field, TRUE, value, error))
      return FALSE;
    g_string_truncate (self->path, length);
  }
  return TRUE;
}

/* What Go's "omitempty" leaves out. An object stays: "emptyDir: {}" says something. */
static gboolean
is_empty (const PracticeField *field, JsonNode *node)
{
  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return field->shape == PRACTICE_SHAPE_LIST &&
           json_array_get_length (json_node_get_array (node)) == 0;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return field->shape == PRACTICE_SHAPE_MAP &&
           json_object_get_size (json_node_get_object (node)) == 0;
  if (field->optional || field->kind == PRACTICE_FIELD_QUANTITY ||
      field->kind == PRACTICE_FIELD_INT_OR_STRING || field->kind == PRACTICE_FIELD_ANY)
    return FALSE;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return *json_node_get_string (node) == '\0';
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return !json_node_get_boolean (node);
  return json_node_get_value_type (node) == G_TYPE_INT64 && json_node_get_int (node) == 0;
}

static void
append_name (GString *path, const char *name)
{
  if (path->len > 0)
    g_string_append_c (path, '.');
  g_string_append (path, name);
}

static void
add_unknown (Reader *self, const char *name)
{
  gsize length = self->path->len;

  if (self->unknown == NULL || self->unknown->len >= MAX_UNKNOWN)
    return;
  append_name (self->path, name);
  g_ptr_array_add (self->unknown, g_strdup (self->path->str));
  g_string_truncate (self->path, length);
}

static gboolean
read_field (Reader *self,
            const PracticeType *owner,
            const PracticeField *field,
            JsonNode *node,
            GError **error)
{
  switch (field->shape) {
    case PRACTICE_SHAPE_LIST:
      return read_list (self, owner, field, node, error);
    case PRACTICE_SHAPE_MAP:
      return read_map (self, owner, field, node, error);
    case PRACTICE_SHAPE_ONE:
    default:
      return read_value (self, owner, field, FALSE, node, error);
  }
}

static gboolean
read_object (Reader *self, const PracticeType *type, JsonObject *object, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);
  gboolean root = self->path->len == 0;

  for (GList *l = names; l != NULL; l = l->next) {
    const char *name = l->data;
    const PracticeField *field = practice_type_find_field (type, name);
    JsonNode *node = json_object_get_member (object, name);
    gsize length = self->path->len;
    gsize go_length = self->go_path->len;

    if (root && (g_str_equal (name, "kind") || g_str_equal (name, "apiVersion")))
      continue;
    if (field == NULL) {
      add_unknown (self, name);
      json_object_remove_member (object, name);
      continue;
    }
    if (!JSON_NODE_HOLDS_NULL (node)) {
      append_name (self->path, name);
      append_name (self->go_path, name);
      if (!read_field (self, type, field, node, error))
        return FALSE;
      g_string_truncate (self->path, length);
      g_string_truncate (self->go_path, go_length);
    }
    if (is_empty (field, node))
      json_object_remove_member (object, name);
  }
  return TRUE;
}

/**
 * practice_field_reader_read:
 * @type: what @node should be
 * @node: an object, changed in place
 * @unknown: (nullable) (element-type utf8): gets the paths of unknown fields
 * @error: return location
 *
 * Makes of @node what a server in Go makes of it when it decodes it: fields that @type has not, and
 * empty ones, are gone.
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_DATA, in Go's words, where a value is of a wrong type
 */
gboolean
practice_field_reader_read (const PracticeType *type,
                            JsonNode *node,
                            GPtrArray *unknown,
                            GError **error)
{
  g_autoptr (GString) path = g_string_new (NULL);
  g_autoptr (GString) go_path = g_string_new (NULL);
  Reader self = { path, go_path, unknown };

  g_return_val_if_fail (JSON_NODE_HOLDS_OBJECT (node), FALSE);

  return read_object (&self, type, json_node_get_object (node), error);
}

/**
 * practice_field_reader_read_member:
 * @type: what the member should be
 * @root: an object, changed in place
 * @member: name of the member; it may be missing
 * @unknown: (nullable) (element-type utf8): gets the paths of unknown fields
 * @error: return location
 *
 * Does the same for one member alone, as the metadata of a custom object.
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_DATA
 */
gboolean
practice_field_reader_read_member (
  const PracticeType *type, JsonNode *root, const char *member, GPtrArray *unknown, GError **error)
{
  g_autoptr (GString) path = g_string_new (member);
  g_autoptr (GString) go_path = g_string_new (member);
  Reader self = { path, go_path, unknown };
  JsonNode *node = json_object_get_member (json_node_get_object (root), member);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "json: cannot unmarshal %s into Go struct field .%s of type v1.%s",
                 get_json_type (node), member, type->name);
    return FALSE;
  }
  return read_object (&self, type, json_node_get_object (node), error);
}
