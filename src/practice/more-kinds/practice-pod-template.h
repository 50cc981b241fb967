/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* A pod of spec.template of @owner, which is its controller, not stored yet. @name NULL: a
 * generated one. */
JsonNode *practice_pod_template_new_pod (JsonNode *owner, const char *name);
/* Takes @pod. (transfer none) (nullable): what is stored; NULL with a Status where the pod is
 * refused. */
JsonNode *practice_pod_template_store (PracticeStore *store, JsonNode *pod, GError **error);
/* Both at once, with a generated name. */
JsonNode *practice_pod_template_create (PracticeStore *store, JsonNode *owner, GError **error);

G_END_DECLS
