/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A change of a VirtualService that has a name: "All to v1", "jason to v2, the rest to v1". */
typedef struct _MeshPreset MeshPreset;

/* (element-type MeshPreset) */
GPtrArray *mesh_preset_list (JsonNode *object, const char *host, const char *const *subsets);
void mesh_preset_free (MeshPreset *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshPreset, mesh_preset_free)

const char *mesh_preset_get_label (MeshPreset *self);
char *mesh_preset_dup_explanation (MeshPreset *self, JsonNode *object);
char *mesh_preset_dup_loss (MeshPreset *self, JsonNode *object);
JsonNode *mesh_preset_apply (MeshPreset *self, JsonNode *object, GError **error);

G_END_DECLS
