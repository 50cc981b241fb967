/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_STATEFUL_HASH_LABEL "controller-revision-hash"

/* The number behind the name of a StatefulSet's pod; -1: it has none. */
gint64 practice_stateful_pod_get_ordinal (JsonNode *set, JsonNode *pod);
/* The pod of @set with a number, as the template of @revision has it, not stored yet. */
JsonNode *practice_stateful_pod_new (JsonNode *set, JsonNode *revision, guint ordinal);
/* Makes the claims of that pod that are missing, and says so in events of @set. Why some could not
 * be made; NULL: all are there. */
char *practice_stateful_pod_ensure_claims (PracticeStore *store,
                                           JsonNode *set,
                                           guint ordinal,
                                           const char *component);

G_END_DECLS
