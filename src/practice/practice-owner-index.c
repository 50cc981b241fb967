/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-owner-index.h"

#include "base-json.h"
#include "base-metadata.h"

struct _PracticeOwnerIndex {
  GHashTable *places;     /* (element-type utf8 PracticePlace) */
  GHashTable *dependents; /* (element-type utf8 GHashTable): uids of an owner's dependents */
};

static void
place_free (PracticePlace *place)
{
  g_free (place->store_name);
  g_free (place->namespace_);
  g_free (place->name);
  g_free (place);
}

/* The uid of owner @i of @object; NULL after the last. */
static const char *
get_owner_uid (JsonNode *object, guint i)
{
  JsonArray *owners = base_json_get_array (object, "metadata", "ownerReferences", NULL);
  const char *uid;

  if (owners == NULL || i >= json_array_get_length (owners))
    return NULL;
  uid = base_json_get_string (json_array_get_element (owners, i), "uid", NULL);
  return uid != NULL ? uid : "";
}

/**
 * practice_owner_index_new:
 *
 * Returns: (transfer full): an empty index
 */
PracticeOwnerIndex *
practice_owner_index_new (void)
{
  PracticeOwnerIndex *self = g_new0 (PracticeOwnerIndex, 1);

  self->places =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)place_free);
  self->dependents =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  return self;
}

/**
 * practice_owner_index_free:
 * @self: (transfer full): an index
 *
 * Frees @self.
 */
void
practice_owner_index_free (PracticeOwnerIndex *self)
{
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->dependents);
  g_free (self);
}

/**
 * practice_owner_index_add_place:
 * @self: an index
 * @store_name: where the store keeps @object
 * @object: an object
 *
 * Remembers where @object is.
 */
void
practice_owner_index_add_place (PracticeOwnerIndex *self, const char *store_name, JsonNode *object)
{
  PracticePlace *place = g_new0 (PracticePlace, 1);

  place->store_name = g_strdup (store_name);
  place->namespace_ = g_strdup (base_metadata_get_namespace (object));
  place->name = g_strdup (base_metadata_get_name (object));
  g_hash_table_replace (self->places, g_strdup (base_metadata_get_uid (object)), place);
}

/**
 * practice_owner_index_remove_place:
 * @self: an index
 * @uid: of an object that is gone
 *
 * Forgets where it was.
 */
void
practice_owner_index_remove_place (PracticeOwnerIndex *self, const char *uid)
{
  g_hash_table_remove (self->places, uid);
}

/**
 * practice_owner_index_find:
 * @self: an index
 * @uid: of an object
 *
 * Returns: (transfer none) (nullable): where it is; %NULL where there is none
 */
const PracticePlace *
practice_owner_index_find (PracticeOwnerIndex *self, const char *uid)
{
  return g_hash_table_lookup (self->places, uid);
}

/**
 * practice_owner_index_add_owners:
 * @self: an index
 * @object: an object
 *
 * Remembers @object as a dependent of its owners.
 */
void
practice_owner_index_add_owners (PracticeOwnerIndex *self, JsonNode *object)
{
  const char *owner;

  for (guint i = 0; (owner = get_owner_uid (object, i)) != NULL; i++) {
    GHashTable *set = g_hash_table_lookup (self->dependents, owner);

    if (set == NULL) {
      set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_hash_table_insert (self->dependents, g_strdup (owner), set);
    }
    g_hash_table_add (set, g_strdup (base_metadata_get_uid (object)));
  }
}

/**
 * practice_owner_index_remove_owners:
 * @self: an index
 * @object: an object as it was
 *
 * Forgets @object as a dependent of its owners.
 */
void
practice_owner_index_remove_owners (PracticeOwnerIndex *self, JsonNode *object)
{
  const char *owner;

  for (guint i = 0; (owner = get_owner_uid (object, i)) != NULL; i++) {
    GHashTable *set = g_hash_table_lookup (self->dependents, owner);

    if (set == NULL)
      continue;
    g_hash_table_remove (set, base_metadata_get_uid (object));
    if (g_hash_table_size (set) == 0)
      g_hash_table_remove (self->dependents, owner);
  }
}

/**
 * practice_owner_index_dup_dependents:
 * @self: an index
 * @uid: of an owner
 *
 * Returns: (transfer full) (element-type utf8): the uids of its dependents
 */
GPtrArray *
practice_owner_index_dup_dependents (PracticeOwnerIndex *self, const char *uid)
{
  GHashTable *set = g_hash_table_lookup (self->dependents, uid);
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key;

  if (set == NULL)
    return list;
  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (list, g_strdup (key));
  return list;
}
