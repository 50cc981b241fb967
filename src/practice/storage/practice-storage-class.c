/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-storage-class.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-status.h"

/* As it was before there was a field for it. */
#define CLASS_ANNOTATION "volume.beta.kubernetes.io/storage-class"

#define DEFAULT_ANNOTATION "storageclass.kubernetes.io/is-default-class"
#define OLD_DEFAULT_ANNOTATION "storageclass.beta.kubernetes.io/is-default-class"

/* (nullable): NULL where nothing is said, which is not the same as "". */
static const char *
get_given_name (JsonNode *claim_or_volume)
{
  const char *old = base_metadata_get_annotation (claim_or_volume, CLASS_ANNOTATION);

  return old != NULL ? old
                     : base_json_get_string (claim_or_volume, "spec", "storageClassName", NULL);
}

/**
 * practice_storage_class_get_name_of:
 * @claim_or_volume: a PersistentVolumeClaim or a PersistentVolume
 *
 * Returns: (transfer none): the name of its class; "" for none
 */
const char *
practice_storage_class_get_name_of (JsonNode *claim_or_volume)
{
  const char *name = get_given_name (claim_or_volume);

  return name != NULL ? name : "";
}

/**
 * practice_storage_class_find:
 * @store: the cluster's objects
 * @claim: a PersistentVolumeClaim
 *
 * Returns: (transfer none) (nullable): its StorageClass
 */
JsonNode *
practice_storage_class_find (PracticeStore *store, JsonNode *claim)
{
  const char *name = practice_storage_class_get_name_of (claim);

  return *name != '\0' ? practice_store_get (store, PRACTICE_STORAGE_CLASSES, NULL, name) : NULL;
}

/**
 * practice_storage_class_waits:
 * @class: (nullable): a StorageClass
 *
 * Returns: whether its claims are bound once a pod wants them, and not before
 *   (https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode)
 */
gboolean
practice_storage_class_waits (JsonNode *class)
{
  return g_strcmp0 (base_json_get_string (class, "volumeBindingMode", NULL),
                    "WaitForFirstConsumer") == 0;
}

/**
 * practice_storage_class_is_default:
 * @class: a StorageClass
 *
 * Returns: whether it is for claims that name none
 */
gboolean
practice_storage_class_is_default (JsonNode *class)
{
  static const char *const annotations[] = { DEFAULT_ANNOTATION, OLD_DEFAULT_ANNOTATION };

  for (guint i = 0; i < G_N_ELEMENTS (annotations); i++)
    if (g_strcmp0 (base_metadata_get_annotation (class, annotations[i]), "true") == 0)
      return TRUE;

  return FALSE;
}

/**
 * practice_storage_class_may_grow:
 * @store: the cluster's objects
 * @claim: a PersistentVolumeClaim
 *
 * Returns: whether its class allows it to ask for more than it has
 */
gboolean
practice_storage_class_may_grow (PracticeStore *store, JsonNode *claim)
{
  return base_json_get_boolean (practice_storage_class_find (store, claim), FALSE,
                                "allowVolumeExpansion", NULL);
}

/**
 * practice_storage_class_admit_claim:
 * @store: the cluster's objects
 * @claim: a new PersistentVolumeClaim, changed in place
 * @error: return location
 *
 * Does what the DefaultStorageClass admission controller does.
 *
 * Returns: %FALSE with a Status where there are several defaults
 */
gboolean
practice_storage_class_admit_claim (PracticeStore *store, JsonNode *claim, GError **error)
{
  g_autoptr (GPtrArray) classes = NULL;
  g_autofree char *why = NULL;
  const char *found = NULL;
  guint n_found = 0;

  if (get_given_name (claim) != NULL || base_json_get_object (claim, "spec", NULL) == NULL)
    return TRUE;
  classes = practice_store_list (store, PRACTICE_STORAGE_CLASSES, NULL);
  for (guint i = 0; i < classes->len; i++) {
    if (!practice_storage_class_is_default (classes->pdata[i]))
      continue;
    found = base_metadata_get_name (classes->pdata[i]);
    n_found++;
  }
  if (n_found == 1)
    json_object_set_string_member (practice_object_ensure (claim, "spec", NULL), "storageClassName",
                                   found);
  if (n_found <= 1)
    return TRUE;
  why = g_strdup_printf ("Internal error occurred: %u default StorageClasses were found", n_found);
  practice_status_set_stored_forbidden (error, PRACTICE_CLAIMS, base_metadata_get_name (claim),
                                        why);

  return FALSE;
}
