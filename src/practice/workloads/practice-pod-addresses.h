/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* An address for a pod on @node, of the range that is the node's; @turn is moved on, so that what
 * was given back lately is given out last. */
char *practice_pod_addresses_dup_free (PracticeStore *store, JsonNode *node, guint *turn);

G_END_DECLS
