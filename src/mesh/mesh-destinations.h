/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *subset;
  int weight;
} MeshShare;

void mesh_destinations_set (
  JsonObject *route, JsonNode *object, const char *host, const MeshShare *shares, gsize n_shares);

G_END_DECLS
