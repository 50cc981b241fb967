/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define MESH_NO_ROUTE G_MAXUINT

/* A VirtualService that is being changed: a copy, with the elements of its spec.http taken out. */
typedef struct {
  JsonNode *object;
  GPtrArray *routes; /* (element-type JsonNode): owned; each an object */
} MeshEdit;

MeshEdit *mesh_edit_new (JsonNode *object, GError **error);
void mesh_edit_free (MeshEdit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MeshEdit, mesh_edit_free)

JsonObject *mesh_edit_get_route (MeshEdit *self, guint route);
JsonObject *mesh_edit_insert_route (MeshEdit *self, guint position);
guint mesh_edit_find_open (MeshEdit *self);
guint mesh_edit_find_match (MeshEdit *self, guint near, JsonNode *match);
JsonNode *mesh_edit_finish (MeshEdit *self);

/* Changes of order, each a new object; NULL and an error where there is no such route. */
JsonNode *mesh_edit_remove_route (JsonNode *object, guint route, GError **error);
JsonNode *mesh_edit_move_route (JsonNode *object, guint route, guint position, GError **error);
gboolean mesh_edit_can_move_route (JsonNode *object, guint route, guint position);

G_END_DECLS
