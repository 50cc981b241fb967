/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-match.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-node-fit.h"
#include "practice-quantity.h"
#include "practice-selector.h"
#include "practice-storage-class.h"

static gint64
get_requested (JsonNode *claim)
{
  return practice_quantity_read (
    base_json_get (claim, "spec", "resources", "requests", "storage", NULL));
}

static gint64
get_capacity (JsonNode *volume)
{
  return practice_quantity_read (base_json_get (volume, "spec", "capacity", "storage", NULL));
}

/**
 * practice_volume_match_has_mode:
 * @modes: (nullable): modes of access
 * @mode: one, as "ReadWriteOnce"
 *
 * Returns: whether it is among them
 */
gboolean
practice_volume_match_has_mode (JsonArray *modes, const char *mode)
{
  for (guint i = 0; i < base_json_get_length (modes); i++)
    if (g_strcmp0 (json_array_get_string_element (modes, i), mode) == 0)
      return TRUE;

  return FALSE;
}

/**
 * practice_volume_match_is_for:
 * @volume: a PersistentVolume
 * @claim: a PersistentVolumeClaim
 *
 * Returns: whether @volume is bound to @claim or kept for it
 */
gboolean
practice_volume_match_is_for (JsonNode *volume, JsonNode *claim)
{
  const char *uid = base_json_get_string (volume, "spec", "claimRef", "uid", NULL);

  return base_json_get (volume, "spec", "claimRef", NULL) != NULL &&
         g_strcmp0 (base_json_get_string (volume, "spec", "claimRef", "name", NULL),
                    base_metadata_get_name (claim)) == 0 &&
         g_strcmp0 (base_json_get_string (volume, "spec", "claimRef", "namespace", NULL),
                    base_metadata_get_namespace (claim)) == 0 &&
         (uid == NULL || *uid == '\0' || g_strcmp0 (uid, base_metadata_get_uid (claim)) == 0);
}

static gboolean
has_mode_of (JsonNode *volume, JsonNode *claim)
{
  return g_strcmp0 (base_json_get_string (volume, "spec", "volumeMode", NULL),
                    base_json_get_string (claim, "spec", "volumeMode", NULL)) == 0;
}

static gboolean
has_access_of (JsonNode *volume, JsonNode *claim)
{
  JsonArray *offered = base_json_get_array (volume, "spec", "accessModes", NULL);
  JsonArray *wanted = base_json_get_array (claim, "spec", "accessModes", NULL);

  for (guint i = 0; i < base_json_get_length (wanted); i++)
    if (!practice_volume_match_has_mode (offered, json_array_get_string_element (wanted, i)))
      return FALSE;

  return TRUE;
}

/**
 * practice_volume_match_find_mismatch:
 * @volume: a PersistentVolume
 * @claim: a PersistentVolumeClaim that names it
 *
 * Returns: (transfer none) (nullable): why they do not go together; %NULL where they do
 */
const char *
practice_volume_match_find_mismatch (JsonNode *volume, JsonNode *claim)
{
  if (get_capacity (volume) < get_requested (claim))
    return "requested PV is too small";
  if (!g_str_equal (practice_storage_class_get_name_of (volume),
                    practice_storage_class_get_name_of (claim)))
    return "storageClassName does not match";
  if (!has_mode_of (volume, claim))
    return "incompatible volumeMode";

  return has_access_of (volume, claim) ? NULL : "incompatible accessMode";
}

/**
 * practice_volume_match_reaches:
 * @volume: a PersistentVolume
 * @node: a Node
 *
 * Returns: whether a pod on @node can have @volume
 */
gboolean
practice_volume_match_reaches (JsonNode *volume, JsonNode *node)
{
  JsonNode *required = base_json_get (volume, "spec", "nodeAffinity", "required", NULL);

  return required == NULL || practice_node_fit_matches_affinity (node, required);
}

static gboolean
is_free (JsonNode *volume, JsonNode *claim, PracticeSelector *selector)
{
  return base_json_get (volume, "spec", "claimRef", NULL) == NULL &&
         g_strcmp0 (base_json_get_string (volume, "status", "phase", NULL), "Available") == 0 &&
         (selector == NULL || practice_selector_matches_labels (selector, volume)) &&
         practice_volume_match_find_mismatch (volume, claim) == NULL;
}

/**
 * practice_volume_match_find:
 * @volumes: (element-type JsonNode): all PersistentVolumes
 * @claim: a PersistentVolumeClaim that has none
 * @node: (nullable): where a pod wants it
 * @only_kept: whether one that is free to all is not to be taken
 *
 * Returns: (transfer none) (nullable): the volume for @claim
 */
JsonNode *
practice_volume_match_find (GPtrArray *volumes, JsonNode *claim, JsonNode *node, gboolean only_kept)
{
  JsonNode *wanted = base_json_get (claim, "spec", "selector", NULL);
  g_autoptr (PracticeSelector) selector =
    wanted != NULL ? practice_selector_new_from_object (wanted) : NULL;
  JsonNode *best = NULL;

  for (guint i = 0; i < volumes->len; i++) {
    JsonNode *volume = volumes->pdata[i];
    gboolean is_near = node == NULL || practice_volume_match_reaches (volume, node);

    if (base_json_get_string (volume, "metadata", "deletionTimestamp", NULL) != NULL)
      continue;
    if (practice_volume_match_is_for (volume, claim)) {
      if (get_capacity (volume) >= get_requested (claim) && has_mode_of (volume, claim))
        return is_near ? volume : NULL;
    } else if (!only_kept && is_near && is_free (volume, claim, selector) &&
               (best == NULL || get_capacity (best) > get_capacity (volume))) {
      best = volume;
    }
  }

  return best;
}
