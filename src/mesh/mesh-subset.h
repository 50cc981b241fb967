/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-preflight.h"

G_BEGIN_DECLS

/* A subset of a host, as a route in @namespace_ names it, and what stands behind it. */
JsonNode *mesh_subset_find (const MeshSurroundings *surroundings,
                            const char *namespace_,
                            const char *host,
                            const char *subset);
GHashTable *mesh_subset_dup_pods (const MeshSurroundings *surroundings,
                                  const char *namespace_,
                                  const char *host);
gboolean mesh_subset_has_ready_pods (const MeshSurroundings *surroundings,
                                     const char *namespace_,
                                     const char *host,
                                     JsonNode *subset);

G_END_DECLS
