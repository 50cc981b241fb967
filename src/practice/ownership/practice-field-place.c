/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-place.h"

#include "base-json.h"

/*
 * How a server-side apply sees the parts of an object: k8s.io/kube-openapi's schemaconv, which
 * takes a list with a patch merge key for one whose elements are owned one by one
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
 */

/**
 * practice_field_place_init:
 * @self: (out caller-allocates): a place
 * @version: the version of a resource
 * @schema: the types of the server
 *
 * Makes @self the root of an object.
 */
void
practice_field_place_init (PracticeFieldPlace *self,
                           const PracticeVersion *version,
                           PracticeSchema *schema)
{
  *self = (PracticeFieldPlace){ NULL };
  self->type = version->type;
  self->custom = version->type == NULL;
  self->schema = version->schema;
  if (self->custom)
    self->metadata = practice_schema_get (schema, "ObjectMeta");
}

static gboolean
says (const PracticeFieldPlace *self, const char *extension, const char *value)
{
  return g_strcmp0 (base_json_get_string (self->schema, extension, NULL), value) == 0;
}

static PracticeOwned
classify_list (const PracticeFieldPlace *self)
{
  if (self->custom) {
    if (says (self, "x-kubernetes-list-type", "set"))
      return PRACTICE_OWNED_VALUES;
    return says (self, "x-kubernetes-list-type", "map") ? PRACTICE_OWNED_ELEMENTS
                                                        : PRACTICE_OWNED_WHOLE;
  }
  if (self->field == NULL || self->element || self->field->merge_key == NULL)
    return PRACTICE_OWNED_WHOLE;
  return g_str_equal (self->field->merge_key, "-") ? PRACTICE_OWNED_VALUES
                                                   : PRACTICE_OWNED_ELEMENTS;
}

static PracticeOwned
classify_object (const PracticeFieldPlace *self)
{
  if (self->custom)
    return says (self, "x-kubernetes-map-type", "atomic") ? PRACTICE_OWNED_WHOLE
                                                          : PRACTICE_OWNED_MEMBERS;
  if (self->type != NULL)
    return self->type->atomic ? PRACTICE_OWNED_WHOLE : PRACTICE_OWNED_MEMBERS;
  return self->field != NULL && self->field->shape == PRACTICE_SHAPE_MAP && !self->element
           ? PRACTICE_OWNED_MEMBERS
           : PRACTICE_OWNED_WHOLE;
}

/**
 * practice_field_place_classify:
 * @self: a place
 * @node: what is there
 *
 * Returns: how it is owned
 */
PracticeOwned
practice_field_place_classify (const PracticeFieldPlace *self, JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    return classify_list (self);
  return JSON_NODE_HOLDS_OBJECT (node) ? classify_object (self) : PRACTICE_OWNED_WHOLE;
}

static void
set_field (PracticeFieldPlace *self, const PracticeField *field, gboolean element)
{
  *self = (PracticeFieldPlace){ NULL };
  self->field = field;
  self->element = element;
  if (field->kind == PRACTICE_FIELD_TYPE && (element || field->shape == PRACTICE_SHAPE_ONE))
    self->type = field->type;
}

static gboolean
get_custom_member (const PracticeFieldPlace *self, const char *name, PracticeFieldPlace *member)
{
  JsonNode *others = base_json_get (self->schema, "additionalProperties", NULL);
  JsonNode *property = base_json_get (self->schema, "properties", name, NULL);

  *member = (PracticeFieldPlace){ NULL };
  member->custom = TRUE;
  if (self->metadata != NULL && g_str_equal (name, "metadata")) {
    member->type = self->metadata;
    member->custom = FALSE;
    return TRUE;
  }
  member->schema = property != NULL ? property : others;
  return property != NULL || others != NULL || self->schema == NULL ||
         base_json_get_boolean (self->schema, FALSE, "x-kubernetes-preserve-unknown-fields",
                                NULL) ||
         (self->metadata != NULL &&
          (g_str_equal (name, "kind") || g_str_equal (name, "apiVersion")));
}

/**
 * practice_field_place_get_member:
 * @self: the place of an object
 * @name: the name of a member
 * @member: (out caller-allocates): its place
 *
 * Returns: whether such a field is declared
 */
gboolean
practice_field_place_get_member (const PracticeFieldPlace *self,
                                 const char *name,
                                 PracticeFieldPlace *member)
{
  const PracticeField *field;

  if (self->custom)
    return get_custom_member (self, name, member);
  if (self->type == NULL) {
    set_field (member, self->field, TRUE);
    return TRUE;
  }
  field = practice_type_find_field (self->type, name);
  if (field != NULL) {
    set_field (member, field, FALSE);
    return TRUE;
  }
  *member = (PracticeFieldPlace){ NULL };
  return self->field == NULL && (g_str_equal (name, "kind") || g_str_equal (name, "apiVersion"));
}

/**
 * practice_field_place_get_element:
 * @self: the place of a list
 * @element: (out caller-allocates): that of what is in it
 */
void
practice_field_place_get_element (const PracticeFieldPlace *self, PracticeFieldPlace *element)
{
  if (!self->custom) {
    set_field (element, self->field, TRUE);
    return;
  }
  *element = (PracticeFieldPlace){ NULL };
  element->custom = TRUE;
  element->schema = base_json_get (self->schema, "items", NULL);
}

/**
 * practice_field_place_is_noted:
 * @self: a place
 *
 * Returns: whether an object or list that comes new to @self is itself among the fields, not only
 *   what is in it. In Go some structures are always there.
 */
gboolean
practice_field_place_is_noted (const PracticeFieldPlace *self)
{
  static const char *const present[] = { "metadata", "spec",       "status",
                                         "template", "containers", NULL };

  return self->custom ||
         (self->field != NULL && (self->element || !g_strv_contains (present, self->field->name)));
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* (element-type utf8) (transfer container) */
static GPtrArray *
collect_keys (const PracticeFieldPlace *self)
{
  GPtrArray *keys = g_ptr_array_new ();
  JsonArray *names;

  if (!self->custom && self->field->keys == NULL)
    g_ptr_array_add (keys, self->field->merge_key);
  for (guint i = 0; !self->custom && self->field->keys != NULL && self->field->keys[i] != NULL; i++)
    g_ptr_array_add (keys, self->field->keys[i]);
  names = base_json_get_array (self->schema, "x-kubernetes-list-map-keys", NULL);
  for (guint i = 0; i < base_json_get_length (names); i++)
    g_ptr_array_add (keys, (gpointer)json_array_get_string_element (names, i));
  g_ptr_array_sort (keys, compare_keys);
  return keys;
}

static JsonNode *
get_key (const PracticeFieldPlace *self, JsonNode *element, const char *key, JsonNode *protocol)
{
  JsonNode *value = base_json_get (element, key, NULL);

  if (value != NULL)
    return value;
  if (self->custom)
    return base_json_get (self->schema, "items", "properties", key, "default", NULL);
  return g_str_equal (key, "protocol") ? protocol : NULL;
}

static char *
dup_keys_edge (const PracticeFieldPlace *self, JsonNode *element, GError **error)
{
  g_autoptr (GPtrArray) keys = collect_keys (self);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonNode) protocol = json_node_init_string (json_node_alloc (), "TCP");
  g_autofree char *text = NULL;
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  for (guint i = 0; i < keys->len; i++) {
    /* The default of the one key that has one. */
    JsonNode *value = get_key (self, element, keys->pdata[i], protocol);

    if (value == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "associative list with keys has an element that omits key field \"%s\" (and "
                   "doesn't have default value)",
                   (char *)keys->pdata[i]);
      return NULL;
    }
    json_object_set_member (object, keys->pdata[i], base_json_copy (value));
  }
  text = base_json_write (node, FALSE);
  return g_strconcat ("k:", text, NULL);
}

/**
 * practice_field_place_dup_edge:
 * @self: the place of a list
 * @owned: how it is owned
 * @element: one of it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the edge of a set of fields that leads to @element
 */
char *
practice_field_place_dup_edge (const PracticeFieldPlace *self,
                               PracticeOwned owned,
                               JsonNode *element,
                               GError **error)
{
  g_autofree char *text = NULL;

  if (owned == PRACTICE_OWNED_VALUES && JSON_NODE_HOLDS_VALUE (element)) {
    text = base_json_write (element, FALSE);
    return g_strconcat ("v:", text, NULL);
  }
  if (owned == PRACTICE_OWNED_ELEMENTS && JSON_NODE_HOLDS_OBJECT (element))
    return dup_keys_edge (self, element, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       owned == PRACTICE_OWNED_VALUES
                         ? "associative list without keys has an element that's a map type"
                         : "associative list with keys may not have non-map elements");
  return NULL;
}
