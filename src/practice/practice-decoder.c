/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-decoder.h"

#include "base-json.h"
#include "base-yaml.h"
#include "practice-duplicate-fields.h"
#include "practice-field-reader.h"
#include "practice-protobuf.h"
#include "practice-status.h"
#include "practice-structural-schema.h"

#define JSON_TYPE "application/json"
#define PROTOBUF_TYPE "application/vnd.kubernetes.protobuf"

/**
 * practice_decoder_get_strict:
 * @field_validation: (nullable): the fieldValidation of a request
 *
 * Returns: what is to become of unknown fields; without a word they are dropped, as before
 *   Kubernetes 1.25
 */
PracticeStrict
practice_decoder_get_strict (const char *field_validation)
{
  if (g_strcmp0 (field_validation, "Strict") == 0)
    return PRACTICE_STRICT_REFUSE;
  if (g_strcmp0 (field_validation, "Warn") == 0)
    return PRACTICE_STRICT_WARN;
  return PRACTICE_STRICT_IGNORE;
}

static JsonNode *
parse_body (GBytes *body, const char *content_type, const PracticeType *type, GError **error)
{
  static const char *const accepted[] = { JSON_TYPE, "application/yaml", PROTOBUF_TYPE, NULL };
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autoptr (GError) why = NULL;
  JsonNode *node = NULL;

  if (content_type == NULL || g_str_equal (content_type, JSON_TYPE))
    node = base_json_parse (data, (gssize)length, &why);
  else if (g_str_equal (content_type, "application/yaml"))
    node = base_yaml_parse (data, (gssize)length, "body", BASE_YAML_NONE, &why);
  else if (g_str_equal (content_type, PROTOBUF_TYPE) && type != NULL)
    node = practice_protobuf_decode (type, body, &why);
  else
    practice_status_set_media_type (error, accepted);

  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node)) {
    g_clear_pointer (&node, json_node_unref);
    g_set_error (&why, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not an object");
  }
  if (why != NULL)
    practice_status_set_bad_request (error,
                                     "the object provided is unrecognized (must be of type %s): %s",
                                     type != NULL ? type->name : "Object", why->message);
  return node;
}

/* An object without them takes them from the address it was sent to. */
static gboolean
check_kind (PracticeResource *resource,
            const PracticeVersion *version,
            JsonNode *object,
            GError **error)
{
  const char *kind = base_json_get_string (object, "kind", NULL);
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);

  if (kind != NULL && *kind != '\0' && !g_str_equal (kind, resource->kind)) {
    practice_status_set_bad_request (error, "%s in version \"%s\" cannot be handled as a %s", kind,
                                     api_version != NULL ? api_version : "", resource->kind);
    return FALSE;
  }
  if (api_version != NULL && *api_version != '\0' &&
      !g_str_equal (api_version, version->api_version)) {
    practice_status_set_bad_request (
      error, "the API version in the data (%s) does not match the expected API version (%s)",
      api_version, version->api_version);
    return FALSE;
  }
  json_object_set_string_member (json_node_get_object (object), "kind", resource->kind);
  json_object_set_string_member (json_node_get_object (object), "apiVersion", version->api_version);
  return TRUE;
}

/* @words (element-type utf8): what a strict reader would not have taken. */
static gboolean
report (PracticeResource *resource,
        const PracticeVersion *version,
        GPtrArray *words,
        PracticeStrict strict,
        GPtrArray *warnings,
        GError **error)
{
  g_autofree char *list = NULL;

  for (guint i = 0; strict == PRACTICE_STRICT_WARN && i < words->len; i++)
    g_ptr_array_add (warnings, g_strdup (words->pdata[i]));
  if (words->len == 0 || strict != PRACTICE_STRICT_REFUSE)
    return TRUE;
  g_ptr_array_add (words, NULL);
  list = g_strjoinv (", ", (char **)words->pdata);
  practice_status_set_bad_request (
    error, "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s",
    resource->kind, version->name, resource->kind, list);
  return FALSE;
}

/* Adds "WORD field "PATH"" for each. */
static void
add_words (GPtrArray *words, const char *word, GPtrArray *paths)
{
  for (guint i = 0; i < paths->len; i++)
    g_ptr_array_add (words, g_strdup_printf ("%s field \"%s\"", word, (char *)paths->pdata[i]));
}

/* @duplicates (nullable) (element-type utf8): paths */
static gboolean
check (PracticeRegistry *registry,
       PracticeResource *resource,
       const PracticeVersion *version,
       JsonNode *object,
       GPtrArray *duplicates,
       PracticeStrict strict,
       GPtrArray *warnings,
       GError **error)
{
  g_autoptr (GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) why = NULL;
  gboolean good;

  if (!check_kind (resource, version, object, error))
    return FALSE;
  if (version->type != NULL)
    good = practice_field_reader_read (version->type, object, unknown, &why);
  else
    good = practice_field_reader_read_member (
      practice_schema_get (practice_registry_get_schema (registry), "ObjectMeta"), object,
      "metadata", unknown, &why);
  if (!good) {
    practice_status_set_bad_request (error, "%s in version \"%s\" cannot be handled as a %s: %s",
                                     resource->kind, version->name, resource->kind, why->message);
    return FALSE;
  }
  if (base_json_get_object (object, "metadata", NULL) == NULL)
    json_object_set_object_member (json_node_get_object (object), "metadata", json_object_new ());
  if (resource->prunes && version->schema != NULL)
    practice_structural_schema_prune (version->schema, object, unknown);
  if (duplicates != NULL)
    add_words (words, "duplicate", duplicates);
  add_words (words, "unknown", unknown);
  return report (resource, version, words, strict, warnings, error);
}

/**
 * practice_decoder_check:
 * @registry: the resources that are served
 * @resource: the resource
 * @version: the version of it that is asked for
 * @object: an object in @version, changed in place
 * @strict: what becomes of unknown fields
 * @warnings: (element-type utf8): gets a warning of each unknown field, where so asked
 * @error: return location
 *
 * Makes of @object what a real server's types make of it: unknown and empty fields are gone.
 *
 * Returns: %FALSE with a Status
 */
gboolean
practice_decoder_check (PracticeRegistry *registry,
                        PracticeResource *resource,
                        const PracticeVersion *version,
                        JsonNode *object,
                        PracticeStrict strict,
                        GPtrArray *warnings,
                        GError **error)
{
  return check (registry, resource, version, object, NULL, strict, warnings, error);
}

/**
 * practice_decoder_read:
 * @registry: the resources that are served
 * @resource: the resource
 * @version: the version of it that is asked for
 * @body: the body
 * @content_type: (nullable): its media type
 * @strict: what becomes of unknown fields
 * @warnings: (element-type utf8): gets a warning of each unknown field, where so asked
 * @error: return location
 *
 * Reads the object in the body of a request: JSON, YAML or protobuf.
 *
 * Returns: (transfer full) (nullable): the object in @version, or %NULL with a Status
 */
JsonNode *
practice_decoder_read (PracticeRegistry *registry,
                       PracticeResource *resource,
                       const PracticeVersion *version,
                       GBytes *body,
                       const char *content_type,
                       PracticeStrict strict,
                       GPtrArray *warnings,
                       GError **error)
{
  g_autoptr (JsonNode) object = parse_body (body, content_type, version->type, error);
  g_autoptr (GPtrArray) duplicates = NULL;
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  if (object == NULL)
    return NULL;
  if (strict != PRACTICE_STRICT_IGNORE &&
      (content_type == NULL || g_str_equal (content_type, JSON_TYPE))) {
    duplicates = g_ptr_array_new_with_free_func (g_free);
    practice_duplicate_fields_find (data, length, duplicates);
  }
  if (!check (registry, resource, version, object, duplicates, strict, warnings, error))
    return NULL;
  return g_steal_pointer (&object);
}

/**
 * practice_decoder_read_applied:
 * @resource: the resource
 * @version: the version of it that is asked for
 * @body: the body, YAML or JSON
 * @error: return location
 *
 * Reads what a server-side apply sends: the fields that the client means, as they are.
 *
 * Returns: (transfer full) (nullable): the object, or %NULL with a Status
 */
JsonNode *
practice_decoder_read_applied (PracticeResource *resource,
                               const PracticeVersion *version,
                               GBytes *body,
                               GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autoptr (GError) why = NULL;
  g_autoptr (JsonNode) object =
    length > 0 && *data == '{'
      ? base_json_parse (data, (gssize)length, &why)
      : base_yaml_parse (data, (gssize)length, "body", BASE_YAML_NONE, &why);
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);

  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object)) {
    practice_status_set_bad_request (error, "error decoding YAML: %s",
                                     why != NULL ? why->message : "not an object");
    return NULL;
  }
  if (g_strcmp0 (api_version, version->api_version) != 0) {
    practice_status_set_bad_request (error,
                                     "Incorrect version specified in apply patch. Specified patch "
                                     "version: %s, expected: %s",
                                     api_version != NULL ? api_version : "/", version->api_version);
    return NULL;
  }
  if (base_json_get (object, "metadata", "managedFields", NULL) != NULL) {
    practice_status_set_bad_request (error, "metadata.managedFields must be nil");
    return NULL;
  }
  if (!check_kind (resource, version, object, error))
    return NULL;
  if (base_json_get_object (object, "metadata", NULL) == NULL)
    json_object_set_object_member (json_node_get_object (object), "metadata", json_object_new ());
  return g_steal_pointer (&object);
}

/**
 * practice_decoder_read_type:
 * @registry: the resources that are served
 * @type_name: name of a type of the schema
 * @body: the body
 * @content_type: (nullable): its media type
 * @error: return location
 *
 * Reads a body that is no object of a resource: DeleteOptions, Scale.
 *
 * Returns: (transfer full) (nullable): the object; %NULL with a Status, or with no error where the
 *   body is empty
 */
JsonNode *
practice_decoder_read_type (PracticeRegistry *registry,
                            const char *type_name,
                            GBytes *body,
                            const char *content_type,
                            GError **error)
{
  const PracticeType *type =
    practice_schema_get (practice_registry_get_schema (registry), type_name);
  g_autoptr (GError) why = NULL;
  g_autoptr (JsonNode) object = NULL;

  if (g_bytes_get_size (body) == 0)
    return NULL;
  object = parse_body (body, content_type, type, error);
  if (object == NULL)
    return NULL;
  if (!practice_field_reader_read (type, object, NULL, &why)) {
    practice_status_set_bad_request (error, "%s", why->message);
    return NULL;
  }
  return g_steal_pointer (&object);
}
