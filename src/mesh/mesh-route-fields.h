/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "mesh-field.h"

G_BEGIN_DECLS

/* Between a route's JSON and the texts of its fields. */
MeshMatchKind mesh_route_fields_read (JsonNode *route, char *texts[MESH_N_FIELDS]);
gboolean mesh_route_fields_differ (char *const old[MESH_N_FIELDS],
                                   char *const texts[MESH_N_FIELDS],
                                   MeshField first,
                                   MeshField last);
gboolean mesh_route_fields_conflict (char *const old[MESH_N_FIELDS],
                                     char *const texts[MESH_N_FIELDS],
                                     JsonObject *route);
void mesh_route_fields_write_match (JsonObject *route,
                                    MeshMatchKind kind,
                                    char *const texts[MESH_N_FIELDS]);
void mesh_route_fields_write (JsonObject *route,
                              char *const old[MESH_N_FIELDS],
                              char *const texts[MESH_N_FIELDS]);

G_END_DECLS
