/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-openapi-protobuf.h"

#include <string.h>

#include "base-json.h"

/*
 * The messages are those of github.com/google/gnostic, openapiv2/OpenAPIv2.proto: what kubectl
 * reads of them. The numbers below are the fields'.
 */
enum {
  DOCUMENT_SWAGGER = 1,
  DOCUMENT_INFO = 2,
  DOCUMENT_PATHS = 8,
  DOCUMENT_DEFINITIONS = 9,
  INFO_TITLE = 1,
  INFO_VERSION = 2,
  PATHS_PATH = 2,
  NAMED_NAME = 1,
  NAMED_VALUE = 2,
  ITEM_GET = 2,
  ITEM_POST = 4,
  ITEM_PATCH = 8,
  OPERATION_PARAMETERS = 8,
  OPERATION_EXTENSION = 13,
  PARAMETERS_PARAMETER = 1,
  PARAMETER_NON_BODY = 2,
  NON_BODY_QUERY = 3,
  QUERY_IN = 2,
  QUERY_NAME = 4,
  QUERY_TYPE = 6,
  ANY_YAML = 2,
  DEFINITIONS_SCHEMA = 1,
  SCHEMA_REF = 1,
  SCHEMA_FORMAT = 2,
  SCHEMA_DESCRIPTION = 4,
  SCHEMA_REQUIRED = 19,
  SCHEMA_ADDITIONAL = 21,
  SCHEMA_TYPE = 22,
  SCHEMA_ITEMS = 23,
  SCHEMA_PROPERTIES = 25,
  SCHEMA_EXTENSION = 31,
  TYPE_VALUE = 1,
  ITEMS_SCHEMA = 1,
  ADDITIONAL_SCHEMA = 1,
};

#define WIRE_BYTES 2

/* A schema may be that of a definition, which its author has nested. */
#define MAX_DEPTH 64

static void
append_varint (GByteArray *out, guint64 value)
{
  do {
    guint8 byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);

    g_byte_array_append (out, &byte, 1);
    value >>= 7;
  } while (value > 0);
}

static void
append_bytes (GByteArray *out, guint number, const void *data, gsize length)
{
  append_varint (out, number << 3 | WIRE_BYTES);
  append_varint (out, length);
  g_byte_array_append (out, data, (guint)length);
}

/* @text (nullable): then it is left out. */
static void
append_text (GByteArray *out, guint number, const char *text)
{
  if (text != NULL)
    append_bytes (out, number, text, strlen (text));
}

static void
append_message (GByteArray *out, guint number, GByteArray *message)
{
  append_bytes (out, number, message->data, message->len);
}

/* A message with a name and a value, as the entries of maps are. */
static void
append_named (GByteArray *out, guint number, const char *name, GByteArray *value)
{
  g_autoptr (GByteArray) named = g_byte_array_new ();

  append_text (named, NAMED_NAME, name);
  append_message (named, NAMED_VALUE, value);
  append_message (out, number, named);
}

static void
append_extensions (GByteArray *out, guint number, JsonNode *node)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autoptr (GByteArray) any = NULL;
    g_autofree char *text = NULL;

    if (!g_str_has_prefix (name, "x-"))
      continue;
    any = g_byte_array_new ();
    text = base_json_write (value, FALSE);
    append_text (any, ANY_YAML, text);
    append_named (out, number, name, any);
  }
}

static gboolean
says (JsonNode *schema, const char *extension)
{
  return base_json_get_boolean (schema, FALSE, extension, NULL);
}

static void append_schema (GByteArray *out, guint number, JsonNode *schema, guint depth);

static void
append_properties (GByteArray *out, JsonNode *schema, guint depth)
{
  JsonObject *properties = base_json_get_object (schema, "properties", NULL);
  g_autoptr (GByteArray) message = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (properties == NULL)
    return;
  message = g_byte_array_new ();
  json_object_iter_init_ordered (&iter, properties);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autoptr (GByteArray) named = g_byte_array_new ();

    append_text (named, NAMED_NAME, name);
    append_schema (named, NAMED_VALUE, value, depth + 1);
    append_message (message, DEFINITIONS_SCHEMA, named);
  }
  append_message (out, SCHEMA_PROPERTIES, message);
}

/* What is inside a list or a map. */
static void
append_inner (
  GByteArray *out, guint number, guint inner, JsonNode *schema, const char *member, guint depth)
{
  JsonNode *node = base_json_get (schema, member, NULL);
  g_autoptr (GByteArray) message = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  message = g_byte_array_new ();
  append_schema (message, inner, node, depth + 1);
  append_message (out, number, message);
}

static void
append_type (GByteArray *out, JsonNode *schema)
{
  const char *type = base_json_get_string (schema, "type", NULL);
  g_autoptr (GByteArray) message = NULL;

  if (type == NULL)
    return;
  message = g_byte_array_new ();
  append_text (message, TYPE_VALUE, type);
  append_message (out, SCHEMA_TYPE, message);
}

static void
append_parts (GByteArray *out, JsonNode *schema, guint depth)
{
  JsonArray *required = base_json_get_array (schema, "required", NULL);

  append_text (out, SCHEMA_FORMAT, base_json_get_string (schema, "format", NULL));
  for (guint i = 0; i < base_json_get_length (required); i++)
    append_text (out, SCHEMA_REQUIRED, json_array_get_string_element (required, i));
  append_inner (out, SCHEMA_ADDITIONAL, ADDITIONAL_SCHEMA, schema, "additionalProperties", depth);
  append_type (out, schema);
  append_inner (out, SCHEMA_ITEMS, ITEMS_SCHEMA, schema, "items", depth);
  append_properties (out, schema, depth);
}

/* What a definition lets be of several types is, as a real server has it, of none: kubectl checks
 * by this document, and OpenAPI 2 knows no such types. */
static void
append_schema (GByteArray *out, guint number, JsonNode *schema, guint depth)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();
  gboolean open = says (schema, "x-kubernetes-preserve-unknown-fields") ||
                  says (schema, "x-kubernetes-int-or-string") || says (schema, "nullable");

  if (depth <= MAX_DEPTH && JSON_NODE_HOLDS_OBJECT (schema)) {
    append_text (message, SCHEMA_REF, base_json_get_string (schema, "$ref", NULL));
    append_text (message, SCHEMA_DESCRIPTION, base_json_get_string (schema, "description", NULL));
    if (!open)
      append_parts (message, schema, depth);
    append_extensions (message, SCHEMA_EXTENSION, schema);
  }
  append_message (out, number, message);
}

static void
append_parameter (GByteArray *operation, JsonNode *parameter)
{
  g_autoptr (GByteArray) query = g_byte_array_new ();
  g_autoptr (GByteArray) non_body = g_byte_array_new ();
  g_autoptr (GByteArray) message = g_byte_array_new ();
  g_autoptr (GByteArray) item = g_byte_array_new ();

  append_text (query, QUERY_IN, base_json_get_string (parameter, "in", NULL));
  append_text (query, QUERY_NAME, base_json_get_string (parameter, "name", NULL));
  append_text (query, QUERY_TYPE, base_json_get_string (parameter, "type", NULL));
  append_message (non_body, NON_BODY_QUERY, query);
  append_message (message, PARAMETER_NON_BODY, non_body);
  append_message (item, PARAMETERS_PARAMETER, message);
  append_message (operation, OPERATION_PARAMETERS, item);
}

static void
append_operation (GByteArray *item, guint number, JsonNode *operation)
{
  JsonArray *parameters = base_json_get_array (operation, "parameters", NULL);
  g_autoptr (GByteArray) message = NULL;

  if (operation == NULL)
    return;
  message = g_byte_array_new ();
  for (guint i = 0; i < base_json_get_length (parameters); i++)
    append_parameter (message, json_array_get_element (parameters, i));
  append_extensions (message, OPERATION_EXTENSION, operation);
  append_message (item, number, message);
}

static void
append_paths (GByteArray *out, JsonNode *document)
{
  JsonObject *paths = base_json_get_object (document, "paths", NULL);
  g_autoptr (GByteArray) message = g_byte_array_new ();
  JsonObjectIter iter;
  const char *path;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, paths);
  while (json_object_iter_next_ordered (&iter, &path, &node)) {
    g_autoptr (GByteArray) item = g_byte_array_new ();

    append_operation (item, ITEM_GET, base_json_get (node, "get", NULL));
    append_operation (item, ITEM_POST, base_json_get (node, "post", NULL));
    append_operation (item, ITEM_PATCH, base_json_get (node, "patch", NULL));
    append_named (message, PATHS_PATH, path, item);
  }
  append_message (out, DOCUMENT_PATHS, message);
}

static void
append_definitions (GByteArray *out, JsonNode *document)
{
  JsonObject *definitions = base_json_get_object (document, "definitions", NULL);
  g_autoptr (GByteArray) message = g_byte_array_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *schema;

  json_object_iter_init_ordered (&iter, definitions);
  while (json_object_iter_next_ordered (&iter, &name, &schema)) {
    g_autoptr (GByteArray) named = g_byte_array_new ();

    append_text (named, NAMED_NAME, name);
    append_schema (named, NAMED_VALUE, schema, 0);
    append_message (message, DEFINITIONS_SCHEMA, named);
  }
  append_message (out, DOCUMENT_DEFINITIONS, message);
}

/**
 * practice_openapi_protobuf_encode:
 * @document: an OpenAPI 2 document with swagger, info, paths and definitions
 *
 * Encodes @document as kubectl reads it.
 *
 * Returns: (transfer full): a gnostic openapi.v2.Document
 */
GBytes *
practice_openapi_protobuf_encode (JsonNode *document)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) info = g_byte_array_new ();

  append_text (info, INFO_TITLE, base_json_get_string (document, "info", "title", NULL));
  append_text (info, INFO_VERSION, base_json_get_string (document, "info", "version", NULL));
  append_text (out, DOCUMENT_SWAGGER, base_json_get_string (document, "swagger", NULL));
  append_message (out, DOCUMENT_INFO, info);
  append_paths (out, document);
  append_definitions (out, document);
  return g_byte_array_free_to_bytes (out);
}
