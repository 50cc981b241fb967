/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Pods as their controller sees them. */

/* (element-type JsonNode): those that @owner controls, also those at their end. Those that its
 * selector finds and that nobody controls become its own first. */
GPtrArray *practice_owned_pods_list (PracticeStore *store, JsonNode *owner);
/* Whether it is deleted or has ended. */
gboolean practice_owned_pods_is_going (JsonNode *pod);
void practice_owned_pods_delete (PracticeStore *store, JsonNode *pod);
/* Queues the one of @kind that controls @pod. */
void
practice_owned_pods_enqueue_owner (PracticeController *controller, JsonNode *pod, const char *kind);

G_END_DECLS
