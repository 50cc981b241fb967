/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-virtual-service.h"

G_BEGIN_DECLS

/* The weights that a user wants for a route, with what tells the route from others wherever it is
 * in its list by now. */
typedef struct _MeshWish MeshWish;

MeshWish *mesh_wish_new (JsonNode *object, guint route, const MeshWeight *weights, gsize n_weights);
void mesh_wish_free (MeshWish *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshWish, mesh_wish_free)

/* JSON Patch that brings @object there; MESH_ERROR_CHANGED where the route is not in it any more.
 */
JsonNode *mesh_wish_build_patch (MeshWish *self, JsonNode *object, GError **error);
/* Whether the route has the same destinations with the same weights in @a and @b. */
gboolean mesh_wish_is_same_in (MeshWish *self, JsonNode *a, JsonNode *b);
/* (nullable): the route's weights in @object, in words: "v1 50 %, v3 50 %" */
char *mesh_wish_dup_weights_in (MeshWish *self, JsonNode *object);

G_END_DECLS
