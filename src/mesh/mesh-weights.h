/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Whole weights that sum to 100. Moving one shares the rest in the proportions they had when the
 * drag began (largest remainder), so that dragging back restores them. */
#define MESH_TYPE_WEIGHTS (mesh_weights_get_type ())
G_DECLARE_FINAL_TYPE (MeshWeights, mesh_weights, MESH, WEIGHTS, GObject)

MeshWeights *mesh_weights_new (const int *values, gsize n_values);
gsize mesh_weights_get_n (MeshWeights *self);
int mesh_weights_get (MeshWeights *self, gsize index);
void mesh_weights_append (MeshWeights *self); /* one more, at 0 */
void mesh_weights_begin_drag (MeshWeights *self);
void mesh_weights_move (MeshWeights *self, gsize index, int value); /* emits "changed" */
void mesh_weights_end_drag (MeshWeights *self);
gboolean mesh_weights_can_move (MeshWeights *self, gsize index);
void mesh_weights_set_locked (MeshWeights *self, gsize index, gboolean locked);
gboolean mesh_weights_get_locked (MeshWeights *self, gsize index);
void mesh_weights_split_evenly (MeshWeights *self);

G_END_DECLS
