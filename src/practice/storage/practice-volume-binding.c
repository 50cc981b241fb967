/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-binding.h"

#include "base-json.h"
#include "practice-object.h"
#include "practice-storage-class.h"
#include "practice-volume-match.h"

#define COMPLETED "pv.kubernetes.io/bind-completed"
#define BY_CONTROLLER "pv.kubernetes.io/bound-by-controller"

static void
annotate (JsonNode *object, const char *name)
{
  json_object_set_string_member (practice_object_ensure (object, "metadata", "annotations", NULL),
                                 name, "yes");
}

static void
copy (JsonObject *target, const char *name, JsonNode *node)
{
  if (node != NULL)
    json_object_set_member (target, name, base_json_copy (node));
}

/**
 * practice_volume_binding_set_claim:
 * @volume: a PersistentVolume to change
 * @claim: the claim that it is for
 *
 * Writes the volume's reference.
 */
void
practice_volume_binding_set_claim (JsonNode *volume, JsonNode *claim)
{
  static const char *const members[] = { "namespace", "name", "uid", "resourceVersion" };
  JsonObject *reference = practice_object_ensure (volume, "spec", "claimRef", NULL);

  json_object_set_string_member (reference, "kind", "PersistentVolumeClaim");
  json_object_set_string_member (reference, "apiVersion", "v1");
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    copy (reference, members[i], base_json_get (claim, "metadata", members[i], NULL));
}

/**
 * practice_volume_binding_reserve:
 * @store: the cluster's objects
 * @volume: a PersistentVolume that is free
 * @claim: a claim
 *
 * Keeps @volume for @claim.
 */
void
practice_volume_binding_reserve (PracticeStore *store, JsonNode *volume, JsonNode *claim)
{
  g_autoptr (JsonNode) next = base_json_copy (volume);

  if (base_json_get (volume, "spec", "claimRef", NULL) == NULL)
    annotate (next, BY_CONTROLLER);
  practice_volume_binding_set_claim (next, claim);
  practice_store_update (store, PRACTICE_VOLUMES, g_steal_pointer (&next), NULL, NULL);
}

static void
bind_volume (PracticeStore *store, JsonNode *volume, JsonNode *claim)
{
  g_autoptr (JsonNode) next = base_json_copy (volume);

  if (base_json_get (volume, "spec", "claimRef", NULL) == NULL)
    annotate (next, BY_CONTROLLER);
  if (!practice_volume_match_is_for (volume, claim) ||
      base_json_get (volume, "spec", "claimRef", "uid", NULL) == NULL)
    practice_volume_binding_set_claim (next, claim);
  json_object_set_string_member (practice_object_ensure (next, "status", NULL), "phase", "Bound");
  practice_store_update (store, PRACTICE_VOLUMES, g_steal_pointer (&next), NULL, NULL);
}

static void
bind_claim (PracticeStore *store, JsonNode *volume, JsonNode *claim)
{
  g_autoptr (JsonNode) next = base_json_copy (claim);
  JsonObject *status = practice_object_ensure (next, "status", NULL);

  if (base_json_get_string (claim, "spec", "volumeName", NULL) == NULL)
    annotate (next, BY_CONTROLLER);
  annotate (next, COMPLETED);
  copy (practice_object_ensure (next, "spec", NULL), "volumeName",
        base_json_get (volume, "metadata", "name", NULL));
  json_object_set_string_member (status, "phase", "Bound");
  copy (status, "accessModes", base_json_get (volume, "spec", "accessModes", NULL));
  copy (status, "capacity", base_json_get (volume, "spec", "capacity", NULL));
  practice_store_update (store, PRACTICE_CLAIMS, g_steal_pointer (&next), NULL, NULL);
}

/**
 * practice_volume_binding_bind:
 * @store: the cluster's objects
 * @volume: a PersistentVolume
 * @claim: the claim that gets it
 *
 * Binds both. Does nothing to what is so already.
 */
void
practice_volume_binding_bind (PracticeStore *store, JsonNode *volume, JsonNode *claim)
{
  g_autoptr (JsonNode) held_volume = json_node_ref (volume);
  g_autoptr (JsonNode) held_claim = json_node_ref (claim);

  bind_volume (store, held_volume, held_claim);
  bind_claim (store, held_volume, held_claim);
}

/**
 * practice_volume_binding_is_complete:
 * @claim: a claim
 *
 * Returns: whether it was bound, whatever has become of its volume since
 */
gboolean
practice_volume_binding_is_complete (JsonNode *claim)
{
  return base_json_get (claim, "metadata", "annotations", COMPLETED, NULL) != NULL;
}

/**
 * practice_volume_binding_find:
 * @store: the cluster's objects
 * @claim: (nullable): a claim
 *
 * Returns: (transfer none) (nullable): the volume that it has
 */
JsonNode *
practice_volume_binding_find (PracticeStore *store, JsonNode *claim)
{
  const char *name = base_json_get_string (claim, "spec", "volumeName", NULL);
  JsonNode *volume = NULL;

  if (name != NULL && practice_volume_binding_is_complete (claim))
    volume = practice_store_get (store, PRACTICE_VOLUMES, NULL, name);

  return volume != NULL && practice_volume_match_is_for (volume, claim) ? volume : NULL;
}

/**
 * practice_volume_binding_set_phase:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a stored claim or volume
 * @phase: its phase
 * @message: (nullable): why
 *
 * Stores it with that phase, where it has another.
 */
void
practice_volume_binding_set_phase (PracticeStore *store,
                                   const char *resource,
                                   JsonNode *object,
                                   const char *phase,
                                   const char *message)
{
  g_autoptr (JsonNode) next = base_json_copy (object);
  JsonObject *status = practice_object_ensure (next, "status", NULL);

  json_object_set_string_member (status, "phase", phase);
  if (message != NULL)
    json_object_set_string_member (status, "message", message);
  else
    json_object_remove_member (status, "message");
  practice_store_update (store, resource, g_steal_pointer (&next), NULL, NULL);
}
