/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "mesh-undo.h"

G_BEGIN_DECLS

/* The VirtualServices that were created here, to take back and to create again. Signals: "changed"
 * (what mesh_creations_can() says may be another), "failed" (GError), "renewed" (two strings: the
 * uid that one had, and the uid that it has now that it is there again). */
#define MESH_TYPE_CREATIONS (mesh_creations_get_type ())
G_DECLARE_FINAL_TYPE (MeshCreations, mesh_creations, MESH, CREATIONS, GObject)

MeshCreations *mesh_creations_new (void);
void mesh_creations_note (MeshCreations *self, JsonNode *created);
gboolean mesh_creations_can (MeshCreations *self, JsonNode *shown, MeshUndoDirection direction);
void mesh_creations_step (MeshCreations *self,
                          KubeClient *client,
                          JsonNode *shown,
                          MeshUndoDirection direction);

G_END_DECLS
