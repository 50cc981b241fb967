/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* What ResourceQuotas count (https://kubernetes.io/docs/concepts/policy/resource-quotas/). */

/* (element-type utf8 PracticeQuantitySum): what the objects of a namespace use of what @quota
 * limits. */
GHashTable *practice_quota_sum_up (PracticeStore *store, JsonNode *quota);
/* FALSE with a Status where a quota is against @object of @resource (as the store names it), which
 * is new or replaces @old (nullable). */
gboolean practice_quota_check (
  PracticeStore *store, const char *resource, JsonNode *object, JsonNode *old, GError **error);

G_END_DECLS
