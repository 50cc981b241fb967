/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* A pod of spec.template of @owner, which is its controller; (transfer none) (nullable): what is
 * stored. */
JsonNode *practice_pod_template_create (PracticeStore *store, JsonNode *owner);

G_END_DECLS
