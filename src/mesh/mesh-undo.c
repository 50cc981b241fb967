/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-undo.h"

#include "base-json.h"
#include "mesh-patch.h"

/* A day of dragging. A step is kept as text, which is a tenth of the tree. */
#define MAX_STEPS 10000

typedef struct {
  char *before;
  char *after;
} Step;

struct _MeshUndo {
  grefcount refs;
  GArray *steps; /* of Step */
  guint done;    /* steps that are in force; those from here on were taken back */
};

static void
clear_step (gpointer data)
{
  Step *step = data;

  g_clear_pointer (&step->before, g_free);
  g_clear_pointer (&step->after, g_free);
}

/**
 * mesh_undo_new:
 *
 * Returns: (transfer full): without a step
 */
MeshUndo *
mesh_undo_new (void)
{
  MeshUndo *self = g_new0 (MeshUndo, 1);

  g_ref_count_init (&self->refs);
  self->steps = g_array_new (FALSE, TRUE, sizeof (Step));
  g_array_set_clear_func (self->steps, clear_step);
  return self;
}

/**
 * mesh_undo_ref:
 *
 * Who changes an object over another connection goes on with the same steps.
 *
 * Returns: (transfer full): @self
 */
MeshUndo *
mesh_undo_ref (MeshUndo *self)
{
  g_ref_count_inc (&self->refs);
  return self;
}

void
mesh_undo_unref (MeshUndo *self)
{
  if (!g_ref_count_dec (&self->refs))
    return;
  g_array_unref (self->steps);
  g_free (self);
}

/**
 * mesh_undo_record:
 * @before: the object before the change
 * @after: the object with it
 *
 * What was taken back cannot be done again any more. A change of nothing is no step.
 */
void
mesh_undo_record (MeshUndo *self, JsonNode *before, JsonNode *after)
{
  g_autoptr (JsonNode) patch = mesh_patch_new (before, after);
  Step step = { 0 };

  if (patch == NULL)
    return;
  step.before = base_json_write (before, FALSE);
  step.after = base_json_write (after, FALSE);
  g_array_set_size (self->steps, self->done);
  if (self->done == MAX_STEPS)
    g_array_remove_index (self->steps, 0);
  g_array_append_val (self->steps, step);
  self->done = self->steps->len;
}

gboolean
mesh_undo_can (MeshUndo *self, MeshUndoDirection direction)
{
  return direction == MESH_UNDO_BACK ? self->done > 0 : self->done < self->steps->len;
}

/**
 * mesh_undo_get_step:
 * @from: (out) (transfer full): what the next step in @direction leads away from
 * @to: (out) (transfer full): where it leads
 *
 * To be called only where there is one. What others have changed meanwhile is not in either; see
 * mesh_merge().
 */
void
mesh_undo_get_step (MeshUndo *self, MeshUndoDirection direction, JsonNode **from, JsonNode **to)
{
  gboolean undo = direction == MESH_UNDO_BACK;
  Step *step = NULL;

  g_return_if_fail (mesh_undo_can (self, direction));

  step = &g_array_index (self->steps, Step, undo ? self->done - 1 : self->done);
  *from = base_json_parse (undo ? step->after : step->before, -1, NULL);
  *to = base_json_parse (undo ? step->before : step->after, -1, NULL);
}

/**
 * mesh_undo_move:
 *
 * The step in @direction was made.
 */
void
mesh_undo_move (MeshUndo *self, MeshUndoDirection direction)
{
  g_return_if_fail (mesh_undo_can (self, direction));

  self->done += direction;
}
