/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* Checks a custom object against the openAPIV3Schema (nullable) of its definition: types, required
 * and allowed values, ranges, lengths, patterns. */
void practice_custom_validation_check (JsonNode *schema, JsonNode *object, PracticeCauses *causes);

G_END_DECLS
