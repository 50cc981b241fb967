/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* RFC 6901 */
JsonNode *base_json_pointer_get (JsonNode *root, const char *pointer);
char *base_json_pointer_escape (const char *token);

/* RFC 6902: returns a new document; @target is not changed. */
JsonNode *base_json_patch_apply (JsonNode *target, JsonNode *patch, GError **error);
/* Likewise, but "replace" makes what is not there, as Kubernetes does. */
JsonNode *base_json_patch_apply_lenient (JsonNode *target, JsonNode *patch, GError **error);

/* RFC 7396: returns a new document; @target (nullable) is not changed. */
JsonNode *base_json_merge_patch_apply (JsonNode *target, JsonNode *patch);

G_END_DECLS
