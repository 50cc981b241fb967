/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BASE_JSON_ERROR (base_json_error_quark ())

/* What a document may have at most. Kubernetes refuses objects beyond 3 MiB, but a list holds
 * many of them. */
#define BASE_JSON_MAX_BYTES (256 * 1024 * 1024)
#define BASE_JSON_MAX_DEPTH 100
#define BASE_JSON_MAX_NODES 1000000

typedef enum {
  BASE_JSON_ERROR_SYNTAX,
  BASE_JSON_ERROR_TOO_LARGE,
  BASE_JSON_ERROR_NOT_FOUND,
  BASE_JSON_ERROR_TEST_FAILED,
  BASE_JSON_ERROR_INVALID,
} BaseJsonError;

GQuark base_json_error_quark (void);

JsonNode *base_json_parse (const char *data, gssize length, GError **error);
char *base_json_write (JsonNode *node, gboolean pretty);
GBytes *base_json_write_bytes (JsonNode *node);
JsonNode *base_json_take_object (JsonObject *object);
JsonNode *base_json_take_array (JsonArray *array);
JsonNode *base_json_copy (JsonNode *node);
gboolean base_json_equal (JsonNode *a, JsonNode *b);

/* Each walks object members by name from @node; a missing member, a null or a
 * member of another type is NULL (or @fallback), never a warning. @node may be NULL. */
JsonNode *base_json_get (JsonNode *node, ...) G_GNUC_NULL_TERMINATED;
JsonObject *base_json_get_object (JsonNode *node, ...) G_GNUC_NULL_TERMINATED;
JsonArray *base_json_get_array (JsonNode *node, ...) G_GNUC_NULL_TERMINATED;
const char *base_json_get_string (JsonNode *node, ...) G_GNUC_NULL_TERMINATED;
gint64 base_json_get_int (JsonNode *node, gint64 fallback, ...) G_GNUC_NULL_TERMINATED;
gboolean base_json_get_boolean (JsonNode *node, gboolean fallback, ...) G_GNUC_NULL_TERMINATED;

/* An array that is not there has no elements. */
guint base_json_get_length (JsonArray *array);
JsonNode *base_json_find_named (JsonArray *array, const char *name);

G_END_DECLS
