/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-openapi.h"

#include <string.h>

#include "base-json.h"

/* Document { swagger = 1: "2.0" } and nothing more: with it kubectl leaves the checking of fields
 * to the server. The '@' of its media type would be refused in an answer. */
#define V2                                                                                         \
  "\x0a\x03"                                                                                       \
  "2.0"
#define V2_TYPE "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
#define V2_JSON                                                                                    \
  "{\"swagger\":\"2.0\",\"info\":{\"title\":\"Kubernetes\",\"version\":\"v1.15.2\"},\"paths\":{}}"

#define V3_PATH "/openapi/v3"
#define REFERENCE "#/components/schemas/"

/* One document on its way: the schemas that it has, by name. */
typedef struct {
  JsonObject *paths;
  JsonObject *schemas;
} Document;

static void add_type (Document *self, const PracticeType *type);

static JsonObject *
new_reference (const char *name)
{
  JsonObject *object = json_object_new ();
  g_autofree char *reference = g_strconcat (REFERENCE, name, NULL);

  json_object_set_string_member (object, "$ref", reference);
  return object;
}

static JsonObject *
new_scalar (PracticeFieldKind kind)
{
  static const struct {
    PracticeFieldKind kind;
    const char *type;
    const char *format;
  } scalars[] = {
    { PRACTICE_FIELD_INT, "integer", "int32" },
    { PRACTICE_FIELD_LONG, "integer", "int64" },
    { PRACTICE_FIELD_BOOL, "boolean", NULL },
    { PRACTICE_FIELD_DOUBLE, "number", "double" },
    { PRACTICE_FIELD_BYTES, "string", "byte" },
    { PRACTICE_FIELD_INT_OR_STRING, "string", "int-or-string" },
    { PRACTICE_FIELD_TIME, "string", "date-time" },
    { PRACTICE_FIELD_MICRO_TIME, "string", "date-time" },
    { PRACTICE_FIELD_ANY, "object", NULL },
  };
  JsonObject *object = json_object_new ();
  const char *type = "string";
  const char *format = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (scalars); i++) {
    if (scalars[i].kind != kind)
      continue;
    type = scalars[i].type;
    format = scalars[i].format;
  }
  json_object_set_string_member (object, "type", type);
  if (format != NULL)
    json_object_set_string_member (object, "format", format);
  return object;
}

static JsonObject *
new_field (Document *self, const PracticeField *field)
{
  JsonObject *value, *object;

  if (field->kind == PRACTICE_FIELD_TYPE) {
    add_type (self, field->type);
    value = new_reference (field->type->name);
  } else {
    value = new_scalar (field->kind);
  }
  if (field->shape == PRACTICE_SHAPE_ONE)
    return value;
  object = json_object_new ();
  json_object_set_string_member (object, "type",
                                 field->shape == PRACTICE_SHAPE_LIST ? "array" : "object");
  json_object_set_object_member (
    object, field->shape == PRACTICE_SHAPE_LIST ? "items" : "additionalProperties", value);
  return object;
}

static void
add_fields (Document *self, const PracticeType *type, JsonObject *properties)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const PracticeField *field = &type->fields[i];

    if (field->in_place)
      add_fields (self, field->type, properties);
    else
      json_object_set_object_member (properties, field->name, new_field (self, field));
  }
}

/* A type may hold itself: it is there before its fields are. */
static void
add_type (Document *self, const PracticeType *type)
{
  JsonObject *schema, *properties;

  if (json_object_has_member (self->schemas, type->name))
    return;
  schema = json_object_new ();
  properties = json_object_new ();
  json_object_set_string_member (schema, "type", "object");
  json_object_set_object_member (schema, "properties", properties);
  json_object_set_object_member (self->schemas, type->name, schema);
  add_fields (self, type, properties);
}

static JsonObject *
new_kind (PracticeResource *resource, const PracticeVersion *version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "group", resource->group);
  json_object_set_string_member (object, "version", version->name);
  json_object_set_string_member (object, "kind", resource->kind);
  return object;
}

static void
add_type_meta (JsonObject *properties)
{
  json_object_set_object_member (properties, "apiVersion", new_scalar (PRACTICE_FIELD_STRING));
  json_object_set_object_member (properties, "kind", new_scalar (PRACTICE_FIELD_STRING));
}

/* The schema of a custom object is that of its definition; the server knows its metadata better. */
static JsonObject *
new_custom_schema (Document *self, PracticeRegistry *registry, const PracticeVersion *version)
{
  JsonObject *schema, *properties;
  JsonNode *copy;

  if (version->schema == NULL)
    return json_object_new ();
  copy = base_json_copy (version->schema);
  schema = json_node_dup_object (copy);
  json_node_unref (copy);
  if (!json_object_has_member (schema, "properties"))
    json_object_set_object_member (schema, "properties", json_object_new ());
  properties = json_object_get_object_member (schema, "properties");
  add_type (self, practice_schema_get (practice_registry_get_schema (registry), "ObjectMeta"));
  json_object_set_object_member (properties, "metadata", new_reference ("ObjectMeta"));
  return schema;
}

static void
add_schema (Document *self,
            PracticeRegistry *registry,
            PracticeResource *resource,
            const PracticeVersion *version)
{
  JsonArray *kinds = json_array_new ();
  JsonObject *schema;

  if (version->type != NULL) {
    add_type (self, version->type);
    schema = json_object_get_object_member (self->schemas, version->type->name);
  } else {
    schema = new_custom_schema (self, registry, version);
    json_object_set_object_member (self->schemas, resource->kind, schema);
  }
  if (json_object_has_member (schema, "properties"))
    add_type_meta (json_object_get_object_member (schema, "properties"));
  json_array_add_object_element (kinds, new_kind (resource, version));
  json_object_set_array_member (schema, "x-kubernetes-group-version-kind", kinds);
}

/* kubectl looks whether a PATCH takes fieldValidation, to leave the checking to the server. */
static JsonObject *
new_operation (PracticeResource *resource, const PracticeVersion *version, const char *parameter)
{
  JsonObject *operation = json_object_new ();

  json_object_set_object_member (operation, "x-kubernetes-group-version-kind",
                                 new_kind (resource, version));
  if (parameter != NULL) {
    JsonArray *parameters = json_array_new ();
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", parameter);
    json_object_set_string_member (object, "in", "query");
    json_object_set_object_member (object, "schema", new_scalar (PRACTICE_FIELD_STRING));
    json_array_add_object_element (parameters, object);
    json_object_set_array_member (operation, "parameters", parameters);
  }
  return operation;
}

static void
add_paths (Document *self, PracticeResource *resource, const PracticeVersion *version)
{
  g_autofree char *all =
    g_strconcat (*resource->group != '\0' ? "/apis/" : "/api/", version->api_version,
                 resource->namespaced ? "/namespaces/{namespace}/" : "/", resource->plural, NULL);
  g_autofree char *one = g_strconcat (all, "/{name}", NULL);
  JsonObject *all_item = json_object_new ();
  JsonObject *one_item = json_object_new ();

  json_object_set_object_member (all_item, "get", new_operation (resource, version, NULL));
  json_object_set_object_member (all_item, "post",
                                 new_operation (resource, version, "fieldValidation"));
  json_object_set_object_member (one_item, "get", new_operation (resource, version, NULL));
  json_object_set_object_member (one_item, "patch",
                                 new_operation (resource, version, "fieldValidation"));
  json_object_set_object_member (self->paths, all, all_item);
  json_object_set_object_member (self->paths, one, one_item);
}

/* Takes @object. */
static PracticeAnswer *
answer_document (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return practice_answer_new_node (200, node);
}

/* @path is "api/v1" or "apis/GROUP/VERSION". */
static PracticeAnswer *
answer_version (PracticeRegistry *registry, const char *path)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  const char *api_version = strchr (path, '/') != NULL ? strchr (path, '/') + 1 : "";
  JsonObject *object = json_object_new ();
  JsonObject *info = json_object_new ();
  JsonObject *components = json_object_new ();
  Document document = { json_object_new (), json_object_new () };

  json_object_set_string_member (info, "title", "Kubernetes");
  json_object_set_string_member (info, "version", "v1.15.2");
  json_object_set_string_member (object, "openapi", "3.0.0");
  json_object_set_object_member (object, "info", info);
  json_object_set_object_member (object, "paths", document.paths);
  json_object_set_object_member (components, "schemas", document.schemas);
  json_object_set_object_member (object, "components", components);
  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; j < resource->versions->len; j++) {
      PracticeVersion *version = resource->versions->pdata[j];

      if (!g_str_equal (version->api_version, api_version))
        continue;
      add_schema (&document, registry, resource, version);
      add_paths (&document, resource, version);
    }
  }
  if (json_object_get_size (document.paths) > 0)
    return answer_document (object);
  json_object_unref (object);
  return NULL;
}

static PracticeAnswer *
answer_index (PracticeRegistry *registry)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  JsonObject *object = json_object_new ();
  JsonObject *paths = json_object_new ();

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; j < resource->versions->len; j++) {
      PracticeVersion *version = resource->versions->pdata[j];
      JsonObject *entry = json_object_new ();
      g_autofree char *path =
        g_strconcat (*resource->group != '\0' ? "apis/" : "api/", version->api_version, NULL);
      g_autofree char *address = g_strconcat (V3_PATH "/", path, NULL);

      json_object_set_string_member (entry, "serverRelativeURL", address);
      json_object_set_object_member (paths, path, entry);
    }
  }
  json_object_set_object_member (object, "paths", paths);
  return answer_document (object);
}

/**
 * practice_openapi_handle:
 * @registry: the resources that are served
 * @path: the path of a GET
 * @accept: (nullable): the Accept header
 *
 * Answers what is asked of the types.
 *
 * Returns: (transfer full) (nullable): the answer; %NULL where @path is for something else
 */
PracticeAnswer *
practice_openapi_handle (PracticeRegistry *registry, const char *path, const char *accept)
{
  if (g_str_equal (path, "/openapi/v2")) {
    if (accept == NULL || strstr (accept, "protobuf") == NULL)
      return practice_answer_new_text (200, "application/json", V2_JSON);
    return practice_answer_new_text (200, V2_TYPE, V2);
  }
  if (g_str_equal (path, V3_PATH))
    return answer_index (registry);
  if (g_str_has_prefix (path, V3_PATH "/"))
    return answer_version (registry, path + strlen (V3_PATH "/"));
  return NULL;
}
