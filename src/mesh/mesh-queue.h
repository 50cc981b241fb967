/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-object.h"

G_BEGIN_DECLS

/* Changes of one VirtualService on their way to the server: one request in flight, the newest
 * value wins, pending until the watch has shown it. Signals: "changed" (what is asked of it below
 * may be another), "settled" (nothing is under way any more), "answered" (the base is what the
 * server made of a change), "rebased" (JsonNode: someone else changed something else; the base is
 * about to become it), "clashed" (JsonNode: someone else changed the same), "failed" (GError),
 * "held" (what would be sent now is not, since it is held). */
#define MESH_TYPE_QUEUE (mesh_queue_get_type ())
G_DECLARE_FINAL_TYPE (MeshQueue, mesh_queue, MESH, QUEUE, GObject)

MeshQueue *mesh_queue_new (KubeClient *client, KubeObject *virtual_service);
void mesh_queue_rebind (MeshQueue *self, KubeClient *client, KubeObject *virtual_service);
void mesh_queue_begin (MeshQueue *self, JsonNode *base);
void mesh_queue_put (MeshQueue *self, JsonNode *from, JsonNode *to, guint quiet_ms);
void mesh_queue_flush (MeshQueue *self);
void mesh_queue_drop (MeshQueue *self);
void mesh_queue_stop (MeshQueue *self);
void mesh_queue_set_paced (MeshQueue *self, gboolean paced);
void mesh_queue_set_held (MeshQueue *self, gboolean held);
gboolean mesh_queue_get_held (MeshQueue *self);
JsonNode *mesh_queue_get_base (MeshQueue *self);
JsonNode *mesh_queue_get_draft (MeshQueue *self);
gboolean mesh_queue_is_pending (MeshQueue *self);
gboolean mesh_queue_is_unsent (MeshQueue *self);
gboolean mesh_queue_is_sending (MeshQueue *self);

G_END_DECLS
