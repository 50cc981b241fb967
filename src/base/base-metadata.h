/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the metadata of a Kubernetes object says. Anything that is missing, or no string, is NULL,
 * never a warning; the object may be NULL, too. */
const char *base_metadata_get_name (JsonNode *object);
const char *base_metadata_get_namespace (JsonNode *object);
const char *base_metadata_get_uid (JsonNode *object);
const char *base_metadata_get_label (JsonNode *object, const char *key);
const char *base_metadata_get_annotation (JsonNode *object, const char *key);

G_END_DECLS
