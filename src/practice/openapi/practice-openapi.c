/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-openapi.h"

#include <string.h>

#include "base-json.h"
#include "practice-openapi-protobuf.h"
#include "practice-openapi-schemas.h"

/* The '@' of its media type, which clients send, would be refused in an answer. */
#define V2_TYPE "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
#define V2_PATH "/openapi/v2"
#define V3_PATH "/openapi/v3"

#define TITLE "Kubernetes"
#define SERVER_VERSION "v1.15.2"

static JsonObject *
new_parameter (const char *name, PracticeOpenapiVersion format)
{
  JsonObject *object = json_object_new ();
  JsonObject *schema;

  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "in", "query");
  if (format == PRACTICE_OPENAPI_V2) {
    json_object_set_string_member (object, "type", "string");
    return object;
  }
  schema = json_object_new ();
  json_object_set_string_member (schema, "type", "string");
  json_object_set_object_member (object, "schema", schema);
  return object;
}

/* kubectl looks whether a PATCH takes these, to leave the checking to the server. */
static JsonObject *
new_operation (PracticeResource *resource,
               const PracticeVersion *version,
               gboolean writes,
               PracticeOpenapiVersion format)
{
  const char *names[] = { "dryRun", "fieldManager", "fieldValidation" };
  JsonObject *operation = json_object_new ();
  JsonArray *parameters;

  json_object_set_object_member (operation, "x-kubernetes-group-version-kind",
                                 practice_openapi_schemas_new_kind (resource, version));
  if (!writes)
    return operation;
  parameters = json_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    json_array_add_object_element (parameters, new_parameter (names[i], format));
  json_object_set_array_member (operation, "parameters", parameters);
  return operation;
}

static void
add_paths (JsonObject *paths,
           PracticeResource *resource,
           const PracticeVersion *version,
           PracticeOpenapiVersion format)
{
  g_autofree char *all =
    g_strconcat (*resource->group != '\0' ? "/apis/" : "/api/", version->api_version,
                 resource->namespaced ? "/namespaces/{namespace}/" : "/", resource->plural, NULL);
  g_autofree char *one = g_strconcat (all, "/{name}", NULL);
  JsonObject *all_item = json_object_new ();
  JsonObject *one_item = json_object_new ();

  json_object_set_object_member (all_item, "get", new_operation (resource, version, FALSE, format));
  json_object_set_object_member (all_item, "post", new_operation (resource, version, TRUE, format));
  json_object_set_object_member (one_item, "get", new_operation (resource, version, FALSE, format));
  json_object_set_object_member (one_item, "patch",
                                 new_operation (resource, version, TRUE, format));
  json_object_set_object_member (paths, all, all_item);
  json_object_set_object_member (paths, one, one_item);
}

/* Adds what is served in @api_version (nullable: in any). */
static void
collect (PracticeRegistry *registry,
         const char *api_version,
         PracticeOpenapiVersion format,
         PracticeOpenapiSchemas *schemas,
         JsonObject *paths)
{
  GPtrArray *resources = practice_registry_get_resources (registry);

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; j < resource->versions->len; j++) {
      const PracticeVersion *version = resource->versions->pdata[j];

      if (api_version != NULL && !g_str_equal (version->api_version, api_version))
        continue;
      practice_openapi_schemas_add (schemas, resource, version);
      add_paths (paths, resource, version, format);
    }
  }
}

static JsonObject *
new_document (const char *member, const char *version, JsonObject *paths)
{
  JsonObject *object = json_object_new ();
  JsonObject *info = json_object_new ();

  json_object_set_string_member (info, "title", TITLE);
  json_object_set_string_member (info, "version", SERVER_VERSION);
  json_object_set_string_member (object, member, version);
  json_object_set_object_member (object, "info", info);
  json_object_set_object_member (object, "paths", paths);
  return object;
}

static PracticeAnswer *
answer_v2 (PracticeRegistry *registry, const char *accept)
{
  g_autoptr (PracticeOpenapiSchemas) schemas =
    practice_openapi_schemas_new (practice_registry_get_schema (registry), PRACTICE_OPENAPI_V2);
  JsonObject *paths = json_object_new ();
  JsonObject *object = new_document ("swagger", "2.0", paths);
  g_autoptr (JsonNode) node = base_json_take_object (object);
  PracticeAnswer *answer;

  collect (registry, NULL, PRACTICE_OPENAPI_V2, schemas, paths);
  json_object_set_object_member (object, "definitions",
                                 json_object_ref (practice_openapi_schemas_get (schemas)));
  if (accept == NULL || strstr (accept, "protobuf") == NULL)
    return practice_answer_new_node (200, node);
  answer = practice_answer_new (200);
  answer->content_type = V2_TYPE;
  practice_answer_take (answer, practice_openapi_protobuf_encode (node));
  return answer;
}

/* @path is "api/v1" or "apis/GROUP/VERSION". */
static PracticeAnswer *
answer_version (PracticeRegistry *registry, const char *path)
{
  const char *api_version = strchr (path, '/') != NULL ? strchr (path, '/') + 1 : "";
  g_autoptr (PracticeOpenapiSchemas) schemas =
    practice_openapi_schemas_new (practice_registry_get_schema (registry), PRACTICE_OPENAPI_V3);
  JsonObject *paths = json_object_new ();
  JsonObject *object = new_document ("openapi", "3.0.0", paths);
  JsonObject *components = json_object_new ();
  g_autoptr (JsonNode) node = base_json_take_object (object);

  json_object_set_object_member (object, "components", components);
  collect (registry, api_version, PRACTICE_OPENAPI_V3, schemas, paths);
  json_object_set_object_member (components, "schemas",
                                 json_object_ref (practice_openapi_schemas_get (schemas)));
  return json_object_get_size (paths) > 0 ? practice_answer_new_node (200, node) : NULL;
}

static PracticeAnswer *
answer_index (PracticeRegistry *registry)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  JsonObject *object = json_object_new ();
  JsonObject *paths = json_object_new ();
  g_autoptr (JsonNode) node = base_json_take_object (object);

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
  return practice_answer_new_node (200, node);
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
  if (g_str_equal (path, V2_PATH))
    return answer_v2 (registry, accept);
  if (g_str_equal (path, V3_PATH))
    return answer_index (registry);
  if (g_str_has_prefix (path, V3_PATH "/"))
    return answer_version (registry, path + strlen (V3_PATH "/"));
  return NULL;
}
