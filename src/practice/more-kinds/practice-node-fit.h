/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Whether a pod may run on a node, by what both say. */

/* The first taint of @node with one of @effects (NULL terminated) that @pod does not tolerate;
 * NULL: none. */
JsonNode *practice_node_fit_find_taint (JsonNode *node, JsonNode *pod, const char *const *effects);
/* Whether @node is switched off, and @pod does not bear that. */
gboolean practice_node_fit_is_unschedulable (JsonNode *node, JsonNode *pod);
/* Its nodeSelector, and the affinity that it requires. */
gboolean practice_node_fit_matches_selector (JsonNode *node, JsonNode *pod);
/* A NodeSelector. */
gboolean practice_node_fit_matches_affinity (JsonNode *node, JsonNode *required);

G_END_DECLS
