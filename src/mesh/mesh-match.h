/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The words for a route's match, "end-user is jason or path starts with /api". */
char *mesh_match_dup_words (JsonNode *match);

G_END_DECLS
