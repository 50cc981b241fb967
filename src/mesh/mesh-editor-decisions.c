/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor-private.h"
#include "mesh-merge.h"

/* Someone else did the same. @direction: of the step that was to be taken, 0 for a change. */
void
mesh_editor_clash (MeshEditor *self, int direction, JsonNode *from, JsonNode *to, JsonNode *theirs)
{
  MeshConflictKind kind = direction == MESH_UNDO_BACK    ? MESH_CONFLICT_UNDO
                          : direction == MESH_UNDO_AGAIN ? MESH_CONFLICT_REDO
                                                         : MESH_CONFLICT_CHANGE;

  g_clear_pointer (&self->conflict, mesh_conflict_free);
  self->conflict = mesh_conflict_new (kind, from, to, theirs);
}

/**
 * mesh_editor_get_conflict:
 *
 * Returns: (transfer none) (nullable): what someone else did, while the user has not decided
 */
const char *
mesh_editor_get_conflict (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), NULL);

  return self->conflict != NULL ? mesh_conflict_get_text (self->conflict) : NULL;
}

/**
 * mesh_editor_get_conflict_kind:
 *
 * Returns: what the user was about to do, where there is a conflict
 */
MeshConflictKind
mesh_editor_get_conflict_kind (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), MESH_CONFLICT_CHANGE);

  return self->conflict != NULL ? mesh_conflict_get_kind (self->conflict) : MESH_CONFLICT_CHANGE;
}

/**
 * mesh_editor_get_unsaved:
 *
 * Returns: whether what the user sees or has asked for is not what the server has, and is not on
 * its way: someone else did the same, a drag has failed and goes on, or it waits for the user to
 * agree
 */
gboolean
mesh_editor_get_unsaved (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  return self->given_up || mesh_editor_get_held (self) ||
         (self->conflict != NULL &&
          mesh_conflict_get_kind (self->conflict) == MESH_CONFLICT_CHANGE);
}

/**
 * mesh_editor_keep_mine:
 *
 * Ends a conflict: what the user has changed is written over what someone else did.
 */
void
mesh_editor_keep_mine (MeshEditor *self)
{
  g_autoptr (MeshConflict) conflict = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));

  if (self->conflict == NULL || mesh_step_get_dragging (self->step))
    return;
  conflict = g_steal_pointer (&self->conflict);
  mesh_editor_set_seen (self, json_node_ref (mesh_conflict_get_theirs (conflict)));
  mesh_queue_begin (self->queue, self->seen);
  mesh_editor_want (self, mesh_conflict_dup_mine (conflict), 0, 0);
}

/**
 * mesh_editor_take_theirs:
 *
 * Ends a conflict: what someone else did stays.
 */
void
mesh_editor_take_theirs (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  g_clear_pointer (&self->conflict, mesh_conflict_free);
  mesh_editor_notify_state (self);
}

/**
 * mesh_editor_can:
 *
 * Returns: whether there is a step to take back, or to do again, and nothing is on its way
 */
gboolean
mesh_editor_can (MeshEditor *self, MeshUndoDirection direction)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  if (mesh_step_get_dragging (self->step) || mesh_queue_is_sending (self->queue))
    return FALSE;
  if (mesh_queue_is_unsent (self->queue))
    return direction == MESH_UNDO_BACK;
  return mesh_undo_can (self->undo, direction);
}

/* What is not sent yet is not to be. */
static void
drop (MeshEditor *self)
{
  mesh_step_forget (self->step);
  mesh_editor_set_seen (self, json_node_ref (mesh_queue_get_base (self->queue)));
  mesh_queue_drop (self->queue);
  mesh_editor_tell_drafted (self);
  mesh_editor_tell_dropped (self);
}

/**
 * mesh_editor_step:
 *
 * Takes the last change made here back, or does it again. Where someone else has changed the same
 * since, that is a conflict. What is not sent yet is taken back by not sending it.
 */
void
mesh_editor_step (MeshEditor *self, MeshUndoDirection direction)
{
  g_autoptr (JsonNode) from = NULL;
  g_autoptr (JsonNode) to = NULL;
  JsonNode *target = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!mesh_editor_can (self, direction))
    return;
  if (mesh_queue_is_unsent (self->queue)) {
    drop (self);
    return;
  }
  mesh_editor_begin (self);
  mesh_undo_get_step (self->undo, direction, &from, &to);
  target = mesh_merge (from, to, self->seen, MESH_MERGE_CAREFUL, NULL);
  if (target != NULL) {
    mesh_step_turn (self->step, direction);
    mesh_editor_want (self, target, 0, 0);
    mesh_queue_flush (self->queue);
  } else {
    mesh_editor_clash (self, direction, from, to, self->seen);
    mesh_queue_stop (self->queue);
    mesh_editor_settle (self);
  }
}
