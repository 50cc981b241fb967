/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_CLAIM_FINALIZER "kubernetes.io/pvc-protection"
#define PRACTICE_VOLUME_FINALIZER "kubernetes.io/pv-protection"

/* Nothing speaks against the deletion of @object of @resource any more that @finalizer stands for.
 */
void practice_storage_protection_lift (PracticeStore *store,
                                       const char *resource,
                                       JsonNode *object,
                                       const char *finalizer);

G_END_DECLS
