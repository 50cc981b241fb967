/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Two people have changed the same of a VirtualService. */
typedef struct _MeshConflict MeshConflict;

/* What the user was about to do. */
typedef enum {
  MESH_CONFLICT_CHANGE,
  MESH_CONFLICT_UNDO,
  MESH_CONFLICT_REDO,
} MeshConflictKind;

MeshConflict *
mesh_conflict_new (MeshConflictKind kind, JsonNode *from, JsonNode *to, JsonNode *theirs);
void mesh_conflict_free (MeshConflict *self);
void mesh_conflict_add (MeshConflict *self, JsonNode *from, JsonNode *to);
MeshConflictKind mesh_conflict_get_kind (MeshConflict *self);
const char *mesh_conflict_get_text (MeshConflict *self);
JsonNode *mesh_conflict_get_theirs (MeshConflict *self);
JsonNode *mesh_conflict_dup_mine (MeshConflict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshConflict, mesh_conflict_free)

G_END_DECLS
