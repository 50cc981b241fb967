/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-object.h"
#include "mesh-conflict.h"
#include "mesh-undo.h"
#include "mesh-virtual-service.h"

G_BEGIN_DECLS

/* Writes to one VirtualService: one request in flight, the newest value wins, at most one request
 * in 200 ms while a drag goes on and the last value on release; keys and accessibility (no drag)
 * after 150 ms of quiet. A conflict is looked at again and re-applied where the user saw the same
 * values; else it waits for the user to decide. A drag, a burst of keys and each other change is
 * one step to take back. Properties: "pending" (sent or waiting, until the watch has shown it),
 * "conflict" (nullable), "can-undo", "can-redo".
 * Signals: "drafted" (the draft is another one), "failed" (GError), "review" (two JsonNodes; TRUE:
 * the user is to be asked first), "held" (now is the time to ask), "dropped" (what was not sent yet
 * is not to be). */
#define MESH_TYPE_EDITOR (mesh_editor_get_type ())
G_DECLARE_FINAL_TYPE (MeshEditor, mesh_editor, MESH, EDITOR, GObject)

MeshEditor *mesh_editor_new (KubeClient *client, KubeObject *virtual_service, MeshUndo *undo);
gboolean mesh_editor_is_of (MeshEditor *self, KubeObject *virtual_service);
void mesh_editor_rebind (MeshEditor *self, KubeClient *client, KubeObject *virtual_service);
void mesh_editor_begin_drag (MeshEditor *self);
void mesh_editor_end_drag (MeshEditor *self);
void
mesh_editor_set_weights (MeshEditor *self, guint route, const MeshWeight *weights, gsize n_weights);
void mesh_editor_apply (MeshEditor *self, JsonNode *target);
void mesh_editor_flush (MeshEditor *self);
JsonNode *mesh_editor_ref_draft (MeshEditor *self);
JsonNode *mesh_editor_ref_base (MeshEditor *self);
gboolean mesh_editor_get_changing (MeshEditor *self);
gboolean mesh_editor_get_pending (MeshEditor *self);
gboolean mesh_editor_get_unsaved (MeshEditor *self);

gboolean mesh_editor_get_held (MeshEditor *self);
const char *mesh_editor_get_loss (MeshEditor *self);
void mesh_editor_agree (MeshEditor *self);
void mesh_editor_refuse (MeshEditor *self);
void mesh_editor_apply_loss (MeshEditor *self, JsonNode *target, const char *loss);
void mesh_editor_put_back (MeshEditor *self, JsonNode *target);

const char *mesh_editor_get_conflict (MeshEditor *self);
MeshConflictKind mesh_editor_get_conflict_kind (MeshEditor *self);
void mesh_editor_keep_mine (MeshEditor *self);
void mesh_editor_take_theirs (MeshEditor *self);

gboolean mesh_editor_can (MeshEditor *self, MeshUndoDirection direction);
void mesh_editor_step (MeshEditor *self, MeshUndoDirection direction);

G_END_DECLS
