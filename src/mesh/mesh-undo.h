/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The changes made here to one VirtualService, to take back and to do again. They outlive a
 * connection. */
typedef struct _MeshUndo MeshUndo;

typedef enum {
  MESH_UNDO_BACK = -1,
  MESH_UNDO_AGAIN = 1,
} MeshUndoDirection;

MeshUndo *mesh_undo_new (void);
MeshUndo *mesh_undo_ref (MeshUndo *self);
void mesh_undo_unref (MeshUndo *self);
void mesh_undo_record (MeshUndo *self, JsonNode *before, JsonNode *after);
gboolean mesh_undo_can (MeshUndo *self, MeshUndoDirection direction);
void
mesh_undo_get_step (MeshUndo *self, MeshUndoDirection direction, JsonNode **from, JsonNode **to);
void mesh_undo_move (MeshUndo *self, MeshUndoDirection direction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshUndo, mesh_undo_unref)

G_END_DECLS
