/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char **base_json_pointer_split (const char *pointer);
gboolean base_json_pointer_parse_index (const char *token, guint limit, guint *index);
JsonNode *base_json_pointer_step (JsonNode *node, const char *token);

G_END_DECLS
