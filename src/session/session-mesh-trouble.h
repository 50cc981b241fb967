/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* Why Istio's rules do not have the effect that they should. */
char *session_mesh_dup_absence (const char *kind);
char *session_mesh_dup_route_trouble (SessionSight *sight, JsonNode *service, JsonNode *route);
char *session_mesh_dup_trouble (SessionSight *sight, JsonNode *service);
char *session_mesh_dup_split_trouble (SessionSight *sight, JsonNode *service, GHashTable *split);
char *session_mesh_dup_rules (SessionSight *sight, const char *namespace_, gboolean delayed);

G_END_DECLS
