/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-step.h"

#include "mesh-merge.h"

struct _MeshStep {
  MeshUndo *undo;
  JsonNode *before;  /* (nullable): where it began; NULL: nothing is in progress */
  int direction;     /* a MeshUndoDirection, or 0 for a new change */
  gboolean dragging; /* the hand still holds it */
  gboolean in_drag;  /* all of a drag is one, the last value included */
};

/**
 * mesh_step_new:
 * @undo: where it goes once it is over
 *
 * Returns: (transfer full): nothing is in progress
 */
MeshStep *
mesh_step_new (MeshUndo *undo)
{
  MeshStep *self = g_new0 (MeshStep, 1);

  self->undo = mesh_undo_ref (undo);
  return self;
}

void
mesh_step_free (MeshStep *self)
{
  mesh_step_forget (self);
  mesh_undo_unref (self->undo);
  g_free (self);
}

void
mesh_step_begin_drag (MeshStep *self)
{
  self->dragging = TRUE;
  self->in_drag = TRUE;
}

/**
 * mesh_step_end_drag:
 *
 * What was wanted last may still be under way: the step goes on until that is answered.
 */
void
mesh_step_end_drag (MeshStep *self)
{
  self->dragging = FALSE;
}

gboolean
mesh_step_get_dragging (MeshStep *self)
{
  return self->dragging;
}

/**
 * mesh_step_begin:
 * @base: what the server has; kept
 *
 * Something is about to be written: the first of a step, or more of it.
 */
void
mesh_step_begin (MeshStep *self, JsonNode *base)
{
  if (self->before == NULL)
    self->before = json_node_ref (base);
}

/**
 * mesh_step_turn:
 * @direction: a #MeshUndoDirection, or 0: what is written now is no step back and none again
 */
void
mesh_step_turn (MeshStep *self, int direction)
{
  self->direction = direction;
}

/**
 * mesh_step_get_direction:
 *
 * Returns: a #MeshUndoDirection; 0: it is a new change
 */
int
mesh_step_get_direction (MeshStep *self)
{
  return self->direction;
}

/**
 * mesh_step_rebase:
 * @base: what the server had
 * @theirs: what someone else has made of it
 *
 * What others did is not taken back with what was done here.
 */
void
mesh_step_rebase (MeshStep *self, JsonNode *base, JsonNode *theirs)
{
  JsonNode *before = NULL;

  if (self->before == NULL)
    return;
  before = mesh_merge (base, theirs, self->before, MESH_MERGE_FORCED, NULL);
  json_node_unref (self->before);
  self->before = before;
}

/**
 * mesh_step_answer:
 * @base: what the server made of it
 * @goes_on: whether more is wanted already
 *
 * A drag goes on until its last value is answered; all else is over with an answer, and what is
 * wanted already is the next step.
 */
void
mesh_step_answer (MeshStep *self, JsonNode *base, gboolean goes_on)
{
  if (self->direction == 0 && (self->dragging || (self->in_drag && goes_on)))
    return;
  mesh_step_end (self, base);
  if (goes_on)
    self->before = json_node_ref (base);
}

/**
 * mesh_step_end:
 * @base: what the server has
 *
 * What was written since the step began is one to take back; or one that was is taken back now.
 */
void
mesh_step_end (MeshStep *self, JsonNode *base)
{
  if (self->before != NULL && self->direction == 0)
    mesh_undo_record (self->undo, self->before, base);
  else if (self->before != NULL)
    mesh_undo_move (self->undo, self->direction);
  mesh_step_forget (self);
  self->in_drag = self->dragging;
}

/**
 * mesh_step_give_up:
 * @base: what the server has
 *
 * What was written before it went wrong stays a step; a way back that was not gone is none.
 */
void
mesh_step_give_up (MeshStep *self, JsonNode *base)
{
  if (self->direction != 0)
    mesh_step_forget (self);
  mesh_step_end (self, base);
}

/**
 * mesh_step_forget:
 *
 * Nothing is in progress.
 */
void
mesh_step_forget (MeshStep *self)
{
  g_clear_pointer (&self->before, json_node_unref);
  self->direction = 0;
}
