/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* What the control plane does about nodes that are not heard of. */
#define PRACTICE_TYPE_NODE_LIFECYCLE (practice_node_lifecycle_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeNodeLifecycle, practice_node_lifecycle, PRACTICE, NODE_LIFECYCLE, PracticeController)

PracticeController *practice_node_lifecycle_new (PracticeStore *store);

/* The node's kubelet falls silent, or speaks again. */
void practice_node_lifecycle_lose (PracticeStore *store, const char *node);
void practice_node_lifecycle_find (PracticeStore *store, const char *node);
gboolean practice_node_lifecycle_is_lost (JsonNode *node);

G_END_DECLS
