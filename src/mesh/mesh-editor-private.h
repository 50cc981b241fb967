/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-editor.h"
#include "mesh-queue.h"
#include "mesh-step.h"

G_BEGIN_DECLS

enum {
  MESH_EDITOR_PROP_0,
  MESH_EDITOR_PROP_PENDING,
  MESH_EDITOR_PROP_CONFLICT,
  MESH_EDITOR_PROP_CAN_UNDO,
  MESH_EDITOR_PROP_CAN_REDO,
  MESH_EDITOR_N_PROPS,
};

/**
 * MeshEditor:
 *
 * What a user does to a VirtualService, as changes in a MeshQueue: drags, bursts of keys and whole
 * changes, each of them one step to take back. What the user decides, to take a step back or what
 * to do where someone else did the same, is in a part of its own.
 */
struct _MeshEditor {
  GObject parent_instance;

  KubeObject *object;
  MeshQueue *queue;
  JsonNode *seen; /* (nullable): what the user sees, with the changes; NULL: what the watch shows */
  gboolean given_up;      /* this drag has failed: what comes of it still is not sent */
  MeshConflict *conflict; /* (nullable): until the user has decided */
  gboolean puts_back;     /* what is wanted now is the way back: nobody is asked */
  gboolean is_refused;    /* what waits is dropped once what is in flight is answered */
  char *loss;             /* (nullable): what is lost with what waits */
  MeshUndo *undo;
  MeshStep *step;

  gpointer told[MESH_EDITOR_N_PROPS]; /* the properties when they were last notified of */
};

/* Of editing. */
void mesh_editor_begin (MeshEditor *self);
void mesh_editor_want (MeshEditor *self, JsonNode *target, guint quiet_ms, guint ask_quiet_ms);
void mesh_editor_set_seen (MeshEditor *self, JsonNode *seen);
void mesh_editor_settle (MeshEditor *self);
void mesh_editor_notify_state (MeshEditor *self);
void mesh_editor_tell_drafted (MeshEditor *self);

/* Of asking first. */
void mesh_editor_review (MeshEditor *self, JsonNode *target);
gboolean mesh_editor_ask_review (MeshEditor *self, JsonNode *before, JsonNode *after);
void mesh_editor_tell_dropped (MeshEditor *self);

/* Of deciding. */
void
mesh_editor_clash (MeshEditor *self, int direction, JsonNode *from, JsonNode *to, JsonNode *theirs);

G_END_DECLS
