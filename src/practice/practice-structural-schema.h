/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the openAPIV3Schema of a definition makes of a custom object
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/,
 * "Field pruning" and "Defaulting"). kind, apiVersion and metadata of the object are left alone. */

/* Takes out what @schema does not know; @unknown (nullable) (element-type utf8) gets the paths. */
void practice_structural_schema_prune (JsonNode *schema, JsonNode *object, GPtrArray *unknown);
/* Fills in what @schema says of what is missing. */
void practice_structural_schema_set_defaults (JsonNode *schema, JsonNode *object);

G_END_DECLS
