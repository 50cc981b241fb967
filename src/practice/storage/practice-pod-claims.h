/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* The name of the claim that a volume of a pod's spec is of; NULL: of none. */
const char *practice_pod_claims_get_name (JsonNode *volume);
gboolean practice_pod_claims_uses (JsonNode *pod, const char *claim);
/* (transfer full) (element-type JsonNode): the pods that have a claim and have not ended. */
GPtrArray *practice_pod_claims_list_users (PracticeStore *store, JsonNode *claim);
/* The PersistentVolume of a volume of a pod's spec; (transfer none) (nullable). */
JsonNode *practice_pod_claims_find_volume (PracticeStore *store, JsonNode *pod, JsonNode *volume);
/* Whether its disk is at the node of @pod. @attached (element-type utf8 utf8): which pods have
 * which volumes. */
gboolean practice_pod_claims_attach (PracticeStore *store,
                                     JsonNode *pod,
                                     JsonNode *volume,
                                     GHashTable *attached);

G_END_DECLS
