/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void mesh_policy_add_sentences (GPtrArray *sentences, JsonNode *object, JsonNode *route);

G_END_DECLS
