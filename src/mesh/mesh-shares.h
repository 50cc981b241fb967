/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Where the requests of one route go, in words. */
typedef enum {
  MESH_SHARES_NONE, /* it names no destination, or each has the weight 0 */
  MESH_SHARES_ONE,  /* "v1" */
  MESH_SHARES_MANY, /* "70 % v1, 30 % v3" */
} MeshShares;

MeshShares mesh_shares_read (JsonNode *object, JsonNode *route, char **words);
char *mesh_shares_dup_name (JsonNode *object, JsonNode *destination);

G_END_DECLS
