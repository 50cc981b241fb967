/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-claims.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-pod-status.h"
#include "practice-storage-class.h"
#include "practice-volume-binding.h"
#include "practice-volume-match.h"

#define PODS "/pods"
#define COMPONENT "attachdetach-controller"

/**
 * practice_pod_claims_get_name:
 * @volume: a volume of a pod's spec
 *
 * Returns: (transfer none) (nullable): the name of its claim
 */
const char *
practice_pod_claims_get_name (JsonNode *volume)
{
  return base_json_get_string (volume, "persistentVolumeClaim", "claimName", NULL);
}

/**
 * practice_pod_claims_uses:
 * @pod: a pod
 * @claim: name of a claim of its namespace
 *
 * Returns: whether the pod has it as a volume
 */
gboolean
practice_pod_claims_uses (JsonNode *pod, const char *claim)
{
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);

  for (guint i = 0; i < base_json_get_length (volumes); i++)
    if (g_strcmp0 (practice_pod_claims_get_name (json_array_get_element (volumes, i)), claim) == 0)
      return TRUE;

  return FALSE;
}

/**
 * practice_pod_claims_list_users:
 * @store: the cluster's objects
 * @claim: a claim
 *
 * Returns: (transfer full) (element-type JsonNode): the pods that want it and have not ended
 */
GPtrArray *
practice_pod_claims_list_users (PracticeStore *store, JsonNode *claim)
{
  const char *name = base_metadata_get_name (claim);
  g_autoptr (GPtrArray) pods =
    practice_store_list (store, PODS, base_metadata_get_namespace (claim));
  GPtrArray *users = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < pods->len; i++)
    if (practice_pod_claims_uses (pods->pdata[i], name) &&
        !practice_pod_status_has_ended (pods->pdata[i]))
      g_ptr_array_add (users, json_node_ref (pods->pdata[i]));

  return users;
}

static JsonNode *
find_claim (PracticeStore *store, JsonNode *pod, JsonNode *volume)
{
  const char *name = practice_pod_claims_get_name (volume);

  return name != NULL
           ? practice_store_get (store, PRACTICE_CLAIMS, base_metadata_get_namespace (pod), name)
           : NULL;
}

/**
 * practice_pod_claims_find_volume:
 * @store: the cluster's objects
 * @pod: a pod
 * @volume: a volume of its spec
 *
 * Returns: (transfer none) (nullable): what its claim is bound to
 */
JsonNode *
practice_pod_claims_find_volume (PracticeStore *store, JsonNode *pod, JsonNode *volume)
{
  return practice_volume_binding_find (store, find_claim (store, pod, volume));
}

/* A disk that only one node can have at a time; what is not attached at all is no disk. */
static gboolean
is_exclusive (JsonNode *volume)
{
  JsonArray *modes = base_json_get_array (volume, "spec", "accessModes", NULL);

  return (base_json_get (volume, "spec", "csi", NULL) != NULL ||
          base_json_get (volume, "spec", "awsElasticBlockStore", NULL) != NULL) &&
         !practice_volume_match_has_mode (modes, "ReadWriteMany") &&
         !practice_volume_match_has_mode (modes, "ReadOnlyMany");
}

/* (nullable) (transfer full): the names of the pods that have it on another node. */
static char *
dup_others (PracticeStore *store, JsonNode *pod, JsonNode *claim, const char *holder)
{
  const char *node = base_json_get_string (pod, "spec", "nodeName", NULL);
  g_autoptr (GPtrArray) users = practice_pod_claims_list_users (store, claim);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < users->len; i++) {
    JsonNode *other = users->pdata[i];
    const char *other_node = base_json_get_string (other, "spec", "nodeName", NULL);

    if (other_node != NULL && g_strcmp0 (other_node, node) != 0 &&
        (g_strcmp0 (base_metadata_get_uid (other), holder) == 0 ||
         g_strcmp0 (base_json_get_string (other, "status", "phase", NULL), "Running") == 0))
      g_ptr_array_add (names, (gpointer)base_metadata_get_name (other));
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **)names->pdata);
}

/**
 * practice_pod_claims_attach:
 * @store: the cluster's objects
 * @pod: a pod that has a node
 * @volume: a volume of its spec
 * @attached: (element-type utf8 utf8): names of volumes and the uids of the pods that got them last
 *
 * Brings the disk of a claim to the node of a pod. What is no disk is there already.
 *
 * Returns: whether it is there; an event says what was done, or what is against it
 */
gboolean
practice_pod_claims_attach (PracticeStore *store,
                            JsonNode *pod,
                            JsonNode *volume,
                            GHashTable *attached)
{
  const char *uid = base_metadata_get_uid (pod);
  JsonNode *claim = find_claim (store, pod, volume);
  JsonNode *disk = practice_volume_binding_find (store, claim);
  const char *name = base_metadata_get_name (disk);
  const char *holder;
  g_autofree char *others = NULL;

  if (disk == NULL || !is_exclusive (disk))
    return TRUE;
  holder = g_hash_table_lookup (attached, name);
  if (g_strcmp0 (holder, uid) == 0)
    return TRUE;
  others = dup_others (store, pod, claim, holder);
  if (others != NULL) {
    practice_event_recorder_record (store, pod, COMPONENT, "FailedAttachVolume",
                                    "Multi-Attach error for volume \"%s\" Volume is already used "
                                    "by pod(s) %s",
                                    name, others);
    return FALSE;
  }
  practice_event_recorder_record (store, pod, COMPONENT, "SuccessfulAttachVolume",
                                  "AttachVolume.Attach succeeded for volume \"%s\" ", name);
  g_hash_table_insert (attached, g_strdup (name), g_strdup (uid));

  return TRUE;
}
