/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Whether every request that the route @later is for is taken by the route @earlier. */
gboolean mesh_shadow_hides (JsonNode *earlier, JsonNode *later);

G_END_DECLS
