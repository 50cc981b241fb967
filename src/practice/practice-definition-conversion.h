/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* CustomResourceDefinitions between apiextensions.k8s.io/v1 and v1beta1: changes @definition
 * (transfer full) and hands it back. apiVersion is the caller's. */
JsonNode *practice_definition_conversion_to_v1 (JsonNode *definition);
JsonNode *practice_definition_conversion_to_beta (JsonNode *definition);

G_END_DECLS
