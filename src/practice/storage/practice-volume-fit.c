/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-fit.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-pod-claims.h"
#include "practice-storage-class.h"
#include "practice-volume-binding.h"
#include "practice-volume-match.h"

/* Of this provisioner there is nothing: its volumes are made by hand. */
#define NO_PROVISIONER "kubernetes.io/no-provisioner"

struct _PracticeVolumeFit {
  PracticeStore *store; /* (unowned) */
  GPtrArray *bound;     /* (element-type JsonNode): volumes */
  GPtrArray *waiting;   /* (element-type JsonNode): claims that wait for their first pod */
  gboolean is_unbound;
};

static gboolean
add_claim (PracticeVolumeFit *self, const char *namespace_, const char *name, char **refusal)
{
  JsonNode *claim = practice_store_get (self->store, PRACTICE_CLAIMS, namespace_, name);
  JsonNode *volume;

  if (claim == NULL) {
    *refusal = g_strdup_printf ("persistentvolumeclaim \"%s\" not found", name);
    return FALSE;
  }
  if (base_json_get_string (claim, "metadata", "deletionTimestamp", NULL) != NULL) {
    *refusal = g_strdup_printf ("persistentvolumeclaim \"%s\" is being deleted", name);
    return FALSE;
  }
  volume = practice_volume_binding_find (self->store, claim);
  if (volume != NULL)
    g_ptr_array_add (self->bound, json_node_ref (volume));
  else if (base_json_get_string (claim, "spec", "volumeName", NULL) == NULL &&
           practice_storage_class_waits (practice_storage_class_find (self->store, claim)))
    g_ptr_array_add (self->waiting, json_node_ref (claim));
  else
    self->is_unbound = TRUE;

  return TRUE;
}

/**
 * practice_volume_fit_new:
 * @store: the cluster's objects
 * @pod: a pod without a node
 * @refusal: (out) (transfer full): why it can go to no node at all
 *
 * Returns: (transfer full) (nullable): what its claims ask of a node; %NULL where one is not there
 *   or about to go
 */
PracticeVolumeFit *
practice_volume_fit_new (PracticeStore *store, JsonNode *pod, char **refusal)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);
  g_autoptr (PracticeVolumeFit) self = g_new0 (PracticeVolumeFit, 1);

  self->store = store;
  self->bound = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  for (guint i = 0; i < base_json_get_length (volumes); i++) {
    const char *name = practice_pod_claims_get_name (json_array_get_element (volumes, i));

    if (name != NULL && !add_claim (self, namespace_, name, refusal))
      return NULL;
  }

  return g_steal_pointer (&self);
}

/**
 * practice_volume_fit_free:
 * @self: (transfer full): it
 *
 * Frees @self.
 */
void
practice_volume_fit_free (PracticeVolumeFit *self)
{
  g_ptr_array_unref (self->bound);
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

/**
 * practice_volume_fit_is_unbound:
 * @self: what a pod's claims ask for
 *
 * Returns: whether one is to be bound before anything else
 */
gboolean
practice_volume_fit_is_unbound (PracticeVolumeFit *self)
{
  return self->is_unbound;
}

/* A volume for each claim, or one that can be made. */
static JsonNode *
find_volume (PracticeVolumeFit *self, JsonNode *claim, JsonNode *node)
{
  g_autoptr (GPtrArray) volumes = practice_store_list (self->store, PRACTICE_VOLUMES, NULL);

  return practice_volume_match_find (volumes, claim, node, FALSE);
}

static gboolean
can_be_made (PracticeVolumeFit *self, JsonNode *claim)
{
  JsonNode *class = practice_storage_class_find (self->store, claim);

  return g_strcmp0 (base_json_get_string (class, "provisioner", NULL), NO_PROVISIONER) != 0;
}

/**
 * practice_volume_fit_find_reason:
 * @self: what a pod's claims ask for
 * @node: a Node
 *
 * Returns: (transfer none) (nullable): why the pod cannot go there
 */
const char *
practice_volume_fit_find_reason (PracticeVolumeFit *self, JsonNode *node)
{
  for (guint i = 0; i < self->bound->len; i++)
    if (!practice_volume_match_reaches (self->bound->pdata[i], node))
      return "node(s) had volume node affinity conflict";
  for (guint i = 0; i < self->waiting->len; i++)
    if (find_volume (self, self->waiting->pdata[i], node) == NULL &&
        !can_be_made (self, self->waiting->pdata[i]))
      return "node(s) didn't find available persistent volumes to bind";

  return NULL;
}

static void
select_node (PracticeVolumeFit *self, JsonNode *claim, JsonNode *node)
{
  g_autoptr (JsonNode) next = base_json_copy (claim);

  json_object_set_string_member (practice_object_ensure (next, "metadata", "annotations", NULL),
                                 PRACTICE_SELECTED_NODE_ANNOTATION, base_metadata_get_name (node));
  practice_store_update (self->store, PRACTICE_CLAIMS, g_steal_pointer (&next), NULL, NULL);
}

/**
 * practice_volume_fit_settle:
 * @self: what a pod's claims ask for
 * @node: the Node that it shall go to
 *
 * Keeps a volume for each claim that waits, or asks for one to be made near @node.
 *
 * Returns: whether all have theirs, so that the pod can go there
 */
gboolean
practice_volume_fit_settle (PracticeVolumeFit *self, JsonNode *node)
{
  for (guint i = 0; i < self->waiting->len; i++) {
    JsonNode *claim = self->waiting->pdata[i];
    JsonNode *volume = find_volume (self, claim, node);

    if (volume == NULL)
      select_node (self, claim, node);
    else if (!practice_volume_match_is_for (volume, claim))
      practice_volume_binding_reserve (self->store, volume, claim);
  }

  return self->waiting->len == 0;
}
