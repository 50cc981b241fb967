/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The subsets that a DestinationRule defines for its host. */
GStrv mesh_destination_rule_dup_subsets (JsonNode *object);
const char *mesh_destination_rule_get_host (JsonNode *object);
const char *mesh_destination_rule_get_namespace (JsonNode *object);

/* "reviews", "reviews.default" and "reviews.default.svc.cluster.local" seen from a namespace name
 * one host. */
gboolean
mesh_host_equal (const char *a, const char *a_namespace, const char *b, const char *b_namespace);

/* The subsets that @rules (element-type JsonNode) define for one host. */
GStrv mesh_destination_rule_dup_subsets_of_host (GPtrArray *rules,
                                                 const char *host,
                                                 const char *namespace_);

G_END_DECLS
