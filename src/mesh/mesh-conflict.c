/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-conflict.h"

#include <glib/gi18n-lib.h>

#include "base-metadata.h"
#include "mesh-merge.h"
#include "mesh-text.h"

struct _MeshConflict {
  MeshConflictKind kind;
  JsonNode *from;
  JsonNode *to;
  JsonNode *theirs;
  char *text;
};

/* @weights: in words. Who takes a step back is not changing anything. */
static char *
dup_text_of_weights (MeshConflictKind kind, const char *weights)
{
  switch (kind) {
    case MESH_CONFLICT_UNDO:
      /* Translators: %s is weights in words, "v1 50 %, v3 50 %" */
      return g_strdup_printf (
        _ ("Someone else has set %s since. To undo your change would overwrite that."), weights);
    case MESH_CONFLICT_REDO:
      /* Translators: %s is weights in words, "v1 50 %, v3 50 %" */
      return g_strdup_printf (
        _ ("Someone else has set %s since. To redo your change would overwrite that."), weights);
    case MESH_CONFLICT_CHANGE:
    default:
      /* Translators: %s is weights in words, "v1 50 %, v3 50 %" */
      return g_strdup_printf (_ ("Someone else set %s while you were changing it."), weights);
  }
}

static char *
dup_text_of_routes (MeshConflictKind kind, const char *name)
{
  switch (kind) {
    case MESH_CONFLICT_UNDO:
      /* Translators: %s is the name of a VirtualService */
      return g_strdup_printf (
        _ ("Someone else has changed the routes of %s since. To undo your change would "
           "overwrite that."),
        name);
    case MESH_CONFLICT_REDO:
      /* Translators: %s is the name of a VirtualService */
      return g_strdup_printf (
        _ ("Someone else has changed the routes of %s since. To redo your change would "
           "overwrite that."),
        name);
    case MESH_CONFLICT_CHANGE:
    default:
      /* Translators: %s is the name of a VirtualService */
      return g_strdup_printf (
        _ ("Someone else changed the routes of %s while you were changing them."), name);
  }
}

/**
 * mesh_conflict_new:
 * @kind: what the user was about to do
 * @from: what the user saw, or what a step back leads away from; kept
 * @to: what the user made of it, or where the step leads; kept
 * @theirs: what someone else has made of it; kept
 */
MeshConflict *
mesh_conflict_new (MeshConflictKind kind, JsonNode *from, JsonNode *to, JsonNode *theirs)
{
  MeshConflict *self = g_new0 (MeshConflict, 1);
  g_autofree char *weights = mesh_text_dup_changed_weights (from, to, theirs);

  self->kind = kind;
  self->from = json_node_ref (from);
  self->to = json_node_ref (to);
  self->theirs = json_node_ref (theirs);
  self->text = weights != NULL ? dup_text_of_weights (kind, weights)
                               : dup_text_of_routes (kind, base_metadata_get_name (theirs));
  return self;
}

void
mesh_conflict_free (MeshConflict *self)
{
  json_node_unref (self->from);
  json_node_unref (self->to);
  json_node_unref (self->theirs);
  g_free (self->text);
  g_free (self);
}

/**
 * mesh_conflict_add:
 * @from: what the user saw
 * @to: what the user goes on to make of it, the conflict not known yet
 */
void
mesh_conflict_add (MeshConflict *self, JsonNode *from, JsonNode *to)
{
  JsonNode *longer = mesh_merge (from, to, self->to, MESH_MERGE_FORCED, NULL);

  json_node_unref (self->to);
  self->to = longer;
}

/**
 * mesh_conflict_get_kind:
 *
 * Returns: what the user was about to do
 */
MeshConflictKind
mesh_conflict_get_kind (MeshConflict *self)
{
  return self->kind;
}

/**
 * mesh_conflict_get_text:
 *
 * Returns: (transfer none): what has happened, in a sentence
 */
const char *
mesh_conflict_get_text (MeshConflict *self)
{
  return self->text;
}

/**
 * mesh_conflict_get_theirs:
 *
 * Returns: (transfer none): the object as the server has it
 */
JsonNode *
mesh_conflict_get_theirs (MeshConflict *self)
{
  return self->theirs;
}

/**
 * mesh_conflict_dup_mine:
 *
 * Returns: (transfer full): theirs with all that the user has changed
 */
JsonNode *
mesh_conflict_dup_mine (MeshConflict *self)
{
  return mesh_merge (self->from, self->to, self->theirs, MESH_MERGE_FORCED, NULL);
}
