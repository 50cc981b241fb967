/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-field-place.h"
#include "practice-field-set.h"

G_BEGIN_DECLS

/* What a server-side apply makes of an object: @wanted laid over it. */
JsonNode *
practice_field_merge_apply (const PracticeFieldPlace *root, JsonNode *present, JsonNode *wanted);
/* Without the fields of @gone. */
JsonNode *practice_field_merge_remove (const PracticeFieldPlace *root,
                                       JsonNode *object,
                                       PracticeFieldSet *gone);

G_END_DECLS
