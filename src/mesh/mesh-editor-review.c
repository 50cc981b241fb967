/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor-private.h"

/* Whether somebody wants the user to be asked before @target is sent. */
void
mesh_editor_review (MeshEditor *self, JsonNode *target)
{
  gboolean held = self->loss != NULL;

  if (!held && !self->puts_back)
    held = mesh_editor_ask_review (self, mesh_queue_get_base (self->queue), target);
  mesh_queue_set_held (self->queue, held && !self->puts_back);
}

/**
 * mesh_editor_get_held:
 *
 * Returns: whether what is to be sent waits for the user to agree
 */
gboolean
mesh_editor_get_held (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  return mesh_queue_get_held (self->queue);
}

/**
 * mesh_editor_get_loss:
 *
 * Returns: (nullable) (transfer none): what is lost with the change that waits, in a sentence
 */
const char *
mesh_editor_get_loss (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), NULL);

  return self->loss;
}

/**
 * mesh_editor_ref_base:
 *
 * Returns: (transfer full): the VirtualService as the server has it, as far as is known
 */
JsonNode *
mesh_editor_ref_base (MeshEditor *self)
{
  JsonNode *base = NULL;

  g_return_val_if_fail (MESH_IS_EDITOR (self), NULL);

  base = mesh_queue_get_base (self->queue);
  return base != NULL ? json_node_ref (base) : kube_object_ref_json (self->object);
}

/**
 * mesh_editor_agree:
 *
 * The user wants what waits all the same; where there is more to be asked by now, that is.
 */
void
mesh_editor_agree (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!mesh_editor_get_held (self) || self->seen == NULL)
    return;
  g_clear_pointer (&self->loss, g_free);
  mesh_editor_review (self, self->seen);
  mesh_queue_flush (self->queue);
  mesh_editor_tell_drafted (self);
}

/**
 * mesh_editor_refuse:
 *
 * What waits is not to be sent. What was sent before it stays, as a step to take back.
 */
void
mesh_editor_refuse (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!mesh_editor_get_held (self))
    return;
  self->is_refused = mesh_queue_is_sending (self->queue);
  if (self->is_refused)
    return;
  g_clear_pointer (&self->loss, g_free);
  mesh_step_give_up (self->step, mesh_queue_get_base (self->queue));
  mesh_editor_set_seen (self, json_node_ref (mesh_queue_get_base (self->queue)));
  mesh_queue_drop (self->queue);
  mesh_editor_tell_drafted (self);
  mesh_editor_tell_dropped (self);
}

/**
 * mesh_editor_apply_loss:
 * @target: as for mesh_editor_apply()
 * @loss: (nullable): what is lost with it, in a sentence; the user is asked in any case
 */
void
mesh_editor_apply_loss (MeshEditor *self, JsonNode *target, const char *loss)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  g_free (self->loss);
  self->loss = g_strdup (loss);
  mesh_editor_apply (self, target);
}

/**
 * mesh_editor_put_back:
 * @target: as for mesh_editor_apply()
 *
 * The way out of what does not work: nobody is asked, and it goes out at once.
 */
void
mesh_editor_put_back (MeshEditor *self, JsonNode *target)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  self->puts_back = TRUE;
  g_clear_pointer (&self->loss, g_free);
  mesh_editor_apply (self, target);
  self->puts_back = FALSE;
  mesh_editor_flush (self);
}
