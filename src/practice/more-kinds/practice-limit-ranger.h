/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* What LimitRanges do (https://kubernetes.io/docs/concepts/policy/limit-range/). */

/* Gives the containers of a new pod, changed in place, what they do not say themselves. */
void practice_limit_ranger_set_defaults (PracticeStore *store, JsonNode *pod);
/* FALSE with a Status where a new pod or PersistentVolumeClaim asks for too much or too little.
 * @resource as the store names it. */
gboolean practice_limit_ranger_check (PracticeStore *store,
                                      const char *resource,
                                      JsonNode *object,
                                      GError **error);

G_END_DECLS
