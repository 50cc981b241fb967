/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How much of each node the pods there have asked for. */
typedef struct _PracticeNodeUsage PracticeNodeUsage;

PracticeNodeUsage *practice_node_usage_new (void);
void practice_node_usage_free (PracticeNodeUsage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeNodeUsage, practice_node_usage_free)

/* Counts a pod as it is now; one that has no node, or has ended, takes nothing. TRUE where that
 * made room. */
gboolean practice_node_usage_update (PracticeNodeUsage *self, JsonNode *pod);
gboolean
practice_node_usage_remove (PracticeNodeUsage *self, const char *namespace_, const char *name);
guint practice_node_usage_count_pods (PracticeNodeUsage *self, const char *node);
/* Adds what @node has too little of for @requests (practice_quantity_sum_pod()), each as
 * "Insufficient cpu", to @reasons. */
void practice_node_usage_add_reasons (PracticeNodeUsage *self,
                                      JsonNode *node,
                                      GHashTable *requests,
                                      GPtrArray *reasons);

G_END_DECLS
