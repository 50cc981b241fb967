/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-openapi-schemas.h"

#include "base-json.h"

#define V2_REFERENCE "#/definitions/"
#define V3_REFERENCE "#/components/schemas/"
#define KINDS "x-kubernetes-group-version-kind"

struct _PracticeOpenapiSchemas {
  PracticeSchema *types;
  PracticeOpenapiVersion format;
  JsonObject *schemas;
};

/* What a plain field is: a type of JSON, or a definition with a name of its own. */
typedef struct {
  PracticeFieldKind kind;
  const char *type;
  const char *format;
  const char *definition;
} Scalar;

static const Scalar scalars[] = {
  { PRACTICE_FIELD_STRING, "string", NULL, NULL },
  { PRACTICE_FIELD_INT, "integer", "int32", NULL },
  { PRACTICE_FIELD_LONG, "integer", "int64", NULL },
  { PRACTICE_FIELD_BOOL, "boolean", NULL, NULL },
  { PRACTICE_FIELD_DOUBLE, "number", "double", NULL },
  { PRACTICE_FIELD_BYTES, "string", "byte", NULL },
  { PRACTICE_FIELD_QUANTITY, "string", NULL, "io.k8s.apimachinery.pkg.api.resource.Quantity" },
  { PRACTICE_FIELD_INT_OR_STRING, "string", "int-or-string",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString" },
  { PRACTICE_FIELD_TIME, "string", "date-time", "io.k8s.apimachinery.pkg.apis.meta.v1.Time" },
  { PRACTICE_FIELD_MICRO_TIME, "string", "date-time",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime" },
};

static void add_type (PracticeOpenapiSchemas *self, const PracticeType *type);

/**
 * practice_openapi_schemas_new:
 * @types: the types of the server
 * @format: of the document
 *
 * Returns: (transfer full): no schemas yet
 */
PracticeOpenapiSchemas *
practice_openapi_schemas_new (PracticeSchema *types, PracticeOpenapiVersion format)
{
  PracticeOpenapiSchemas *self = g_new0 (PracticeOpenapiSchemas, 1);

  self->types = g_object_ref (types);
  self->format = format;
  self->schemas = json_object_new ();
  return self;
}

/**
 * practice_openapi_schemas_free:
 * @self: (transfer full): schemas
 *
 * Frees @self.
 */
void
practice_openapi_schemas_free (PracticeOpenapiSchemas *self)
{
  g_clear_object (&self->types);
  json_object_unref (self->schemas);
  g_free (self);
}

/**
 * practice_openapi_schemas_get:
 * @self: schemas
 *
 * Returns: (transfer none): them, by the names of their definitions
 */
JsonObject *
practice_openapi_schemas_get (PracticeOpenapiSchemas *self)
{
  return self->schemas;
}

static JsonObject *
new_reference (PracticeOpenapiSchemas *self, const char *definition)
{
  JsonObject *object = json_object_new ();
  g_autofree char *reference = g_strconcat (
    self->format == PRACTICE_OPENAPI_V2 ? V2_REFERENCE : V3_REFERENCE, definition, NULL);

  json_object_set_string_member (object, "$ref", reference);
  return object;
}

static JsonObject *
new_plain (const char *type, const char *format)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", type);
  if (format != NULL)
    json_object_set_string_member (object, "format", format);
  return object;
}

/* Where anything may stand. An empty schema would be right, too, but kubectl's explain fails at it.
 */
static JsonObject *
new_anything (void)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "x-kubernetes-preserve-unknown-fields", TRUE);
  return object;
}

static JsonObject *
new_scalar (PracticeOpenapiSchemas *self, PracticeFieldKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++) {
    const Scalar *scalar = &scalars[i];

    if (scalar->kind != kind)
      continue;
    if (scalar->definition == NULL)
      return new_plain (scalar->type, scalar->format);
    if (!json_object_has_member (self->schemas, scalar->definition))
      json_object_set_object_member (self->schemas, scalar->definition,
                                     new_plain (scalar->type, scalar->format));
    return new_reference (self, scalar->definition);
  }
  return new_anything ();
}

static JsonObject *
new_value (PracticeOpenapiSchemas *self, const PracticeField *field)
{
  if (field->kind != PRACTICE_FIELD_TYPE)
    return new_scalar (self, field->kind);
  add_type (self, field->type);
  return new_reference (self, field->type->definition);
}

/* In OpenAPI 3 nothing may stand beside a reference. Takes @object. */
static JsonObject *
describe (PracticeOpenapiSchemas *self, JsonObject *object, const char *description)
{
  if (description == NULL)
    return object;
  if (self->format == PRACTICE_OPENAPI_V3 && json_object_has_member (object, "$ref")) {
    JsonObject *outer = json_object_new ();
    JsonArray *all = json_array_new ();

    json_array_add_object_element (all, object);
    json_object_set_array_member (outer, "allOf", all);
    object = outer;
  }
  json_object_set_string_member (object, "description", description);
  return object;
}

/* How kubectl merges a list, and a server-side apply. */
static void
add_merge (JsonObject *object, const PracticeField *field)
{
  gboolean plain = g_strcmp0 (field->merge_key, "-") == 0;
  JsonArray *keys;

  if (field->retain_keys || field->merge_key != NULL)
    json_object_set_string_member (object, "x-kubernetes-patch-strategy",
                                   !field->retain_keys        ? "merge"
                                   : field->merge_key == NULL ? "retainKeys"
                                                              : "merge,retainKeys");
  if (field->merge_key != NULL && !plain)
    json_object_set_string_member (object, "x-kubernetes-patch-merge-key", field->merge_key);
  if (field->keys == NULL)
    return;
  keys = json_array_new ();
  for (guint i = 0; field->keys[i] != NULL; i++)
    json_array_add_string_element (keys, field->keys[i]);
  json_object_set_array_member (object, "x-kubernetes-list-map-keys", keys);
  json_object_set_string_member (object, "x-kubernetes-list-type", "map");
}

static JsonObject *
new_field (PracticeOpenapiSchemas *self, const PracticeField *field)
{
  JsonObject *value = new_value (self, field);
  JsonObject *object;

  if (field->shape == PRACTICE_SHAPE_ONE) {
    object = describe (self, value, field->description);
    if (field->retain_keys)
      add_merge (object, field);
    return object;
  }
  object = new_plain (field->shape == PRACTICE_SHAPE_LIST ? "array" : "object", NULL);
  json_object_set_object_member (
    object, field->shape == PRACTICE_SHAPE_LIST ? "items" : "additionalProperties", value);
  add_merge (object, field);
  return describe (self, object, field->description);
}

static void
add_fields (PracticeOpenapiSchemas *self,
            const PracticeType *type,
            JsonObject *properties,
            JsonArray *required)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const PracticeField *field = &type->fields[i];

    if (field->in_place) {
      add_fields (self, field->type, properties, required);
      continue;
    }
    json_object_set_object_member (properties, field->name, new_field (self, field));
    if (field->required)
      json_array_add_string_element (required, field->name);
  }
}

/* A type may hold itself: it is there before its fields are. */
static void
add_type (PracticeOpenapiSchemas *self, const PracticeType *type)
{
  g_autoptr (JsonArray) required = NULL;
  JsonObject *schema, *properties;

  if (json_object_has_member (self->schemas, type->definition))
    return;
  required = json_array_new ();
  schema = new_plain ("object", NULL);
  properties = json_object_new ();
  if (type->description != NULL)
    json_object_set_string_member (schema, "description", type->description);
  if (type->n_fields > 0)
    json_object_set_object_member (schema, "properties", properties);
  json_object_set_object_member (self->schemas, type->definition, schema);
  add_fields (self, type, properties, required);
  if (json_array_get_length (required) > 0)
    json_object_set_array_member (schema, "required", json_array_ref (required));
  if (type->n_fields == 0)
    json_object_unref (properties);
}

/**
 * practice_openapi_schemas_new_kind:
 * @resource: a resource
 * @version: a version of it
 *
 * Returns: (transfer full): what kubectl finds a schema by
 */
JsonObject *
practice_openapi_schemas_new_kind (PracticeResource *resource, const PracticeVersion *version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "group", resource->group);
  json_object_set_string_member (object, "kind", resource->kind);
  json_object_set_string_member (object, "version", version->name);
  return object;
}

static void
add_type_meta (PracticeOpenapiSchemas *self, JsonObject *schema)
{
  JsonObject *properties;

  if (!json_object_has_member (schema, "properties"))
    json_object_set_object_member (schema, "properties", json_object_new ());
  properties = json_object_get_object_member (schema, "properties");
  json_object_set_object_member (
    properties, "apiVersion",
    describe (self, new_plain ("string", NULL), "The group and version that the object is in."));
  json_object_set_object_member (
    properties, "kind", describe (self, new_plain ("string", NULL), "What sort of object it is."));
}

/* The schema of a custom object is that of its definition; the server knows its metadata better. */
static JsonObject *
new_custom_schema (PracticeOpenapiSchemas *self, const PracticeVersion *version)
{
  const PracticeType *metadata = practice_schema_get (self->types, "ObjectMeta");
  JsonObject *schema;
  g_autoptr (JsonNode) copy = NULL;

  if (version->schema == NULL) {
    schema = new_plain ("object", NULL);
    json_object_set_boolean_member (schema, "x-kubernetes-preserve-unknown-fields", TRUE);
    return schema;
  }
  copy = base_json_copy (version->schema);
  schema = json_node_dup_object (copy);
  add_type_meta (self, schema);
  add_type (self, metadata);
  json_object_set_object_member (
    json_object_get_object_member (schema, "properties"), "metadata",
    describe (self, new_reference (self, metadata->definition), "Name, labels and the like."));
  return schema;
}

/* "io.istio.networking.v1alpha3.VirtualService" */
static char *
dup_custom_name (PracticeResource *resource, const PracticeVersion *version)
{
  g_auto (GStrv) parts = g_strsplit (resource->group, ".", -1);
  g_autoptr (GString) name = g_string_new (NULL);

  for (guint i = g_strv_length (parts); i > 0; i--)
    g_string_append_printf (name, "%s.", parts[i - 1]);
  g_string_append_printf (name, "%s.%s", version->name, resource->kind);
  return g_string_free (g_steal_pointer (&name), FALSE);
}

static void
add_kind (JsonObject *schema, PracticeResource *resource, const PracticeVersion *version)
{
  JsonArray *kinds = json_object_has_member (schema, KINDS)
                       ? json_array_ref (json_object_get_array_member (schema, KINDS))
                       : json_array_new ();

  json_array_add_object_element (kinds, practice_openapi_schemas_new_kind (resource, version));
  json_object_set_array_member (schema, KINDS, kinds);
}

/**
 * practice_openapi_schemas_add:
 * @self: schemas
 * @resource: a resource
 * @version: a version of it
 *
 * Adds the schema of @resource and all that it needs.
 */
void
practice_openapi_schemas_add (PracticeOpenapiSchemas *self,
                              PracticeResource *resource,
                              const PracticeVersion *version)
{
  JsonObject *schema;
  g_autofree char *name = NULL;

  if (version->type != NULL) {
    add_type (self, version->type);
    schema = json_object_get_object_member (self->schemas, version->type->definition);
    add_type_meta (self, schema);
  } else {
    name = dup_custom_name (resource, version);
    schema = new_custom_schema (self, version);
    json_object_set_object_member (self->schemas, name, schema);
  }
  add_kind (schema, resource, version);
}
