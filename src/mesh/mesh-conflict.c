/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-conflict.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-merge.h"
#include "mesh-text.h"

struct _MeshConflict {
  JsonNode *from;
  JsonNode *to;
  JsonNode *theirs;
  char *text;
};

/**
 * mesh_conflict_new:
 * @from: what the user saw; kept
 * @to: what the user made of it; kept
 * @theirs: what someone else has made of it; kept
 */
MeshConflict *
mesh_conflict_new (JsonNode *from, JsonNode *to, JsonNode *theirs)
{
  MeshConflict *self = g_new0 (MeshConflict, 1);
  g_autofree char *weights = mesh_text_dup_changed_weights (from, to, theirs);

  self->from = json_node_ref (from);
  self->to = json_node_ref (to);
  self->theirs = json_node_ref (theirs);
  if (weights != NULL)
    /* Translators: %s is weights in words, "v1 50 %, v3 50 %" */
    self->text = g_strdup_printf (_ ("Someone else set %s while you were changing it."), weights);
  else
    /* Translators: %s is the name of a VirtualService */
    self->text =
      g_strdup_printf (_ ("Someone else changed the routes of %s while you were changing them."),
                       base_json_get_string (theirs, "metadata", "name", NULL));
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
