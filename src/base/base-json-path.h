/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BASE_TYPE_JSON_PATH (base_json_path_get_type ())

/* A compiled JSONPath of the kind kubectl takes: $.a.b[0], ['a.b'], [*], .*, ..name,
 * [1:3], [?(@.type=="Ready")]. Immutable, reference counted. */
typedef struct _BaseJsonPath BaseJsonPath;

GType base_json_path_get_type (void);
BaseJsonPath *base_json_path_new (const char *expression, GError **error);
BaseJsonPath *base_json_path_ref (BaseJsonPath *self);
void base_json_path_unref (BaseJsonPath *self);
const char *base_json_path_get_expression (BaseJsonPath *self);
GPtrArray *base_json_path_match (BaseJsonPath *self, JsonNode *root);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseJsonPath, base_json_path_unref)

G_END_DECLS
