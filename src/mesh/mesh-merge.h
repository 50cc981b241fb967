/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Three versions of one VirtualService: what led from @from to @to is done to @now. */
typedef enum {
  MESH_MERGE_CAREFUL, /* fails where @now is another one in what was changed */
  MESH_MERGE_FORCED,  /* what was changed wins */
} MeshMergeMode;

JsonNode *
mesh_merge (JsonNode *from, JsonNode *to, JsonNode *now, MeshMergeMode mode, GError **error);

G_END_DECLS
