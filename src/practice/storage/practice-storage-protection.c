/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-storage-protection.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-metadata.h"

/**
 * practice_storage_protection_lift:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a stored object that is being deleted
 * @finalizer: what has held it
 *
 * Takes the finalizer away; where it was the last one, the object goes
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection).
 */
void
practice_storage_protection_lift (PracticeStore *store,
                                  const char *resource,
                                  JsonNode *object,
                                  const char *finalizer)
{
  g_autoptr (JsonNode) next = base_json_copy (object);
  const char *namespace_ = base_metadata_get_namespace (object);
  const char *name = base_metadata_get_name (object);
  JsonArray *left;

  practice_metadata_remove_finalizer (next, finalizer);
  left = base_json_get_array (next, "metadata", "finalizers", NULL);
  if (base_json_get_length (left) == 0)
    practice_store_delete (store, resource, namespace_, name, NULL);
  else
    practice_store_update (store, resource, g_steal_pointer (&next), NULL, NULL);
}
