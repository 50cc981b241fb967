/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* The Lease by which the kubelet of a node says every ten seconds that it is alive
 * (https://kubernetes.io/docs/concepts/architecture/leases/#node-heart-beats). While it is, the
 * time of the last renewal is not kept, but worked out when somebody asks. */

/* Makes it where it is missing. */
void practice_node_lease_ensure (PracticeStore *store, JsonNode *node);
/* It is not renewed any more, or again. */
void practice_node_lease_stop (PracticeStore *store, const char *node);
void practice_node_lease_resume (PracticeStore *store, const char *node);
/* What a Node's conditions say of their times. */
void practice_node_lease_complete_conditions (JsonNode *node);

G_END_DECLS
