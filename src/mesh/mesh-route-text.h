/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What routes do besides sharing requests out, in words. */
char *mesh_route_text_dup_notes (JsonNode *http_route);
GStrv mesh_route_text_dup_streams (JsonNode *virtual_service);

G_END_DECLS
