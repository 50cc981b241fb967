/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* The templates that a DaemonSet or a StatefulSet has had: each is kept as a ControllerRevision,
 * to go back to (https://kubernetes.io/docs/tasks/manage-daemon/rollback-daemon-set/). */

/* (transfer full) (nullable): that of the present template, which is made where it is missing and
 * is the newest then. @hash_label: where it says its hash. */
JsonNode *practice_revisions_ensure (PracticeStore *store, JsonNode *owner, const char *hash_label);
/* Deletes the oldest beyond the limit of @owner. @used (element-type utf8): names that stay. */
void practice_revisions_trim (PracticeStore *store, JsonNode *owner, GHashTable *used);

G_END_DECLS
