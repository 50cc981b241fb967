/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-undo.h"

G_BEGIN_DECLS

/* The change in progress, which becomes one step to take back once it is over: a drag or a burst of
 * keys is one, however many values were written. Or a step that is being taken back, or done again.
 */
typedef struct _MeshStep MeshStep;

MeshStep *mesh_step_new (MeshUndo *undo);
void mesh_step_free (MeshStep *self);
void mesh_step_begin_drag (MeshStep *self);
void mesh_step_end_drag (MeshStep *self);
gboolean mesh_step_get_dragging (MeshStep *self);
void mesh_step_begin (MeshStep *self, JsonNode *base);
void mesh_step_turn (MeshStep *self, int direction);
int mesh_step_get_direction (MeshStep *self);
void mesh_step_rebase (MeshStep *self, JsonNode *base, JsonNode *theirs);
void mesh_step_answer (MeshStep *self, JsonNode *base, gboolean goes_on);
void mesh_step_end (MeshStep *self, JsonNode *base);
void mesh_step_give_up (MeshStep *self, JsonNode *base);
void mesh_step_forget (MeshStep *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshStep, mesh_step_free)

G_END_DECLS
