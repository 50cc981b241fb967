/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "mesh-answer.h"

G_BEGIN_DECLS

#define MESH_HISTORY_SIZE 100
#define MESH_HISTORY_VERSIONS 8

/* How many answers there are of a version since the last mark. */
typedef struct {
  char version[MESH_VERSION_SIZE];
  guint count;
} MeshCount;

/* The last answers that one asker got, and counts since the settings were last changed. Signal
 * "changed": there is one more, or a mark. */
#define MESH_TYPE_HISTORY (mesh_history_get_type ())
G_DECLARE_FINAL_TYPE (MeshHistory, mesh_history, MESH, HISTORY, GObject)

MeshHistory *mesh_history_new (void);
void mesh_history_add (MeshHistory *self, const MeshAnswer *answer);
void mesh_history_mark (MeshHistory *self, gint64 from);
void mesh_history_clear (MeshHistory *self);

guint mesh_history_get_n (MeshHistory *self);
guint64 mesh_history_get_n_ever (MeshHistory *self);
const MeshAnswer *mesh_history_get (MeshHistory *self, guint index);
gboolean mesh_history_is_marked (MeshHistory *self, guint index);

guint mesh_history_get_n_counted (MeshHistory *self);
guint mesh_history_get_n_errors (MeshHistory *self);
guint mesh_history_get_n_told (MeshHistory *self);
guint mesh_history_get_count (MeshHistory *self, const char *version);
const MeshCount *mesh_history_get_counts (MeshHistory *self, guint *n_counts);
guint mesh_history_get_latency (MeshHistory *self, double part);

G_END_DECLS
