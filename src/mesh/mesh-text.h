/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-virtual-service.h"

G_BEGIN_DECLS

/* Weights in words. */
char *mesh_text_dup_weights (MeshVirtualService *service, guint route);
char *mesh_text_dup_changed_weights (JsonNode *from, JsonNode *to, JsonNode *now);

G_END_DECLS
