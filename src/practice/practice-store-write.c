/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-store-private.h"

/*
 * What changes a store.
 */
/* Writes the change that makes the next version; @text NULL removes the object. */
static gboolean
write_change (
  PracticeStore *self, const char *resource, const char *key, GBytes *text, GError **error)
{
  g_autofree char *version = g_strdup_printf ("%" G_GUINT64_FORMAT, self->version + 1);

  return practice_database_write (self->database, resource, key, text,
                                  PRACTICE_STORE_VERSION_SETTING, version, error);
}

static JsonObject *
get_metadata (JsonNode *object)
{
  return base_json_get_object (object, "metadata", NULL);
}

static void
set_version (JsonObject *metadata, guint64 version)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, version);

  json_object_set_string_member (metadata, "resourceVersion", text);
}

static void
tell (PracticeStore *self,
      PracticeStoreResource *resource,
      PracticeEventType type,
      PracticeRecord *record,
      PracticeRecord *old)
{
  practice_history_add (&resource->history, type, self->version, record, old,
                        g_get_monotonic_time ());
  practice_store_watch_age (self);
  practice_store_push (self, resource, type, record, old);
  practice_store_tell (self);
}

/* Stores @object (owned) as the new state of @key. */
static JsonNode *
commit (PracticeStore *self,
        PracticeStoreResource *resource,
        PracticeEventType type,
        const char *key,
        JsonNode *object,
        GError **error)
{
  g_autoptr (JsonNode) node = object;
  g_autoptr (GBytes) text = NULL;
  PracticeRecord *record, *old;

  set_version (get_metadata (node), self->version + 1);
  text = base_json_write_bytes (node);
  if (!write_change (self, resource->name, key, text, error))
    return NULL;

  self->version++;
  old = g_tree_lookup (resource->objects, key);
  if (old != NULL)
    practice_record_ref (old);
  record = practice_record_new (self->records, g_steal_pointer (&node), g_steal_pointer (&text));
  g_tree_replace (resource->objects, g_strdup (key), practice_record_ref (record));
  tell (self, resource, type, record, old);
  g_clear_pointer (&old, practice_record_unref);

  /* The table or the history holds it: also where a handler has replaced it meanwhile. */
  object = record->node;
  practice_record_unref (record);
  return object;
}

/**
 * practice_store_create:
 * @self: the store
 * @resource: "group/plural"
 * @object: (transfer full): an object with metadata.name and, where it has one, metadata.namespace
 * @error: return location
 *
 * Stores a new object; sets its uid, creationTimestamp and resourceVersion.
 *
 * Returns: (transfer none) (nullable): what is stored, or %NULL with %PRACTICE_STORE_ERROR_EXISTS
 *   or %PRACTICE_STORE_ERROR_IO
 */
JsonNode *
practice_store_create (PracticeStore *self, const char *resource, JsonNode *object, GError **error)
{
  g_autoptr (JsonNode) node = object;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *uid = g_uuid_string_random ();
  g_autofree char *created = g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *key = NULL;
  const char *name = base_metadata_get_name (object);
  JsonObject *metadata = get_metadata (object);
  PracticeStoreResource *found;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && name != NULL, NULL);

  key = practice_store_make_key (base_metadata_get_namespace (object), name);
  found = practice_store_ensure_resource (self, resource);
  if (g_tree_lookup (found->objects, key) != NULL) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_EXISTS,
                 "There is already an object %s of %s", key, resource);
    return NULL;
  }
  json_object_set_string_member (metadata, "uid", uid);
  json_object_set_string_member (metadata, "creationTimestamp", created);
  return commit (self, found, PRACTICE_EVENT_ADDED, key, g_steal_pointer (&node), error);
}

/**
 * practice_store_update:
 * @self: the store
 * @resource: "group/plural"
 * @object: (transfer full): the new state; its uid and creationTimestamp stay those that are stored
 * @expected_version: (nullable): the resourceVersion that the stored object must have
 * @error: return location
 *
 * Replaces an object. Where nothing changes there is no event and no new version.
 *
 * Returns: (transfer none) (nullable): what is stored, or %NULL with
 *   %PRACTICE_STORE_ERROR_NOT_FOUND, %PRACTICE_STORE_ERROR_CONFLICT or %PRACTICE_STORE_ERROR_IO
 */
JsonNode *
practice_store_update (PracticeStore *self,
                       const char *resource,
                       JsonNode *object,
                       const char *expected_version,
                       GError **error)
{
  g_autoptr (JsonNode) node = object;
  g_autofree char *key = NULL;
  const char *name = base_metadata_get_name (object);
  JsonObject *metadata = get_metadata (object);
  const char *kept[] = { "uid", "creationTimestamp", "resourceVersion" };
  PracticeStoreResource *found;
  PracticeRecord *old;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && name != NULL, NULL);

  key = practice_store_make_key (base_metadata_get_namespace (object), name);
  found = practice_store_ensure_resource (self, resource);
  old = g_tree_lookup (found->objects, key);
  if (old == NULL) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_NOT_FOUND,
                 "There is no object %s of %s", key, resource);
    return NULL;
  }
  if (expected_version != NULL &&
      g_strcmp0 (expected_version,
                 base_json_get_string (old->node, "metadata", "resourceVersion", NULL)) != 0) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_CONFLICT,
                 "The object %s of %s has changed meanwhile", key, resource);
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    json_object_set_string_member (metadata, kept[i],
                                   base_json_get_string (old->node, "metadata", kept[i], NULL));
  if (base_json_equal (node, old->node))
    return old->node;
  return commit (self, found, PRACTICE_EVENT_MODIFIED, key, g_steal_pointer (&node), error);
}

/**
 * practice_store_delete:
 * @self: the store
 * @resource: "group/plural"
 * @namespace_: (nullable): %NULL for what has no namespace
 * @name: the object's name
 * @error: return location
 *
 * Removes an object at once: finalizers and grace are the business of the callers.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_NOT_FOUND or %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_store_delete (PracticeStore *self,
                       const char *resource,
                       const char *namespace_,
                       const char *name,
                       GError **error)
{
  g_autofree char *key = NULL;
  g_autoptr (JsonNode) last = NULL;
  g_autoptr (GBytes) text = NULL;
  PracticeStoreResource *found;
  PracticeRecord *old, *record;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), FALSE);
  g_return_val_if_fail (resource != NULL && name != NULL, FALSE);

  key = practice_store_make_key (namespace_, name);
  found = practice_store_ensure_resource (self, resource);
  old = g_tree_lookup (found->objects, key);
  if (old == NULL) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_NOT_FOUND,
                 "There is no object %s of %s", key, resource);
    return FALSE;
  }
  if (!write_change (self, resource, key, NULL, error))
    return FALSE;

  self->version++;
  last = base_json_copy (old->node);
  set_version (get_metadata (last), self->version);
  text = base_json_write_bytes (last);
  record = practice_record_new (self->records, g_steal_pointer (&last), g_steal_pointer (&text));
  practice_record_ref (old);
  g_tree_remove (found->objects, key);
  tell (self, found, PRACTICE_EVENT_DELETED, record, old);
  practice_record_unref (old);
  practice_record_unref (record);
  return TRUE;
}
