/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-store-copy.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-store-private.h"

/* A change that makes the present state the wanted one. */
typedef struct {
  PracticeStoreResource *resource;
  PracticeEventType type;
  char *key;
  PracticeRecord *record; /* of a deletion: the last state, with the deletion's version */
  PracticeRecord *old;    /* (nullable) */
} Change;

/* What a copy holds. */
typedef struct {
  GHashTable *resources; /* of char *, to GHashTable of char * to JsonNode */
  GHashTable *settings;  /* of char * to char * */
} Copy;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_free (self->key);
  practice_record_unref (self->record);
  g_clear_pointer (&self->old, practice_record_unref);
  g_free (self);
}

static void
copy_clear (Copy *self)
{
  g_clear_pointer (&self->resources, g_hash_table_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Copy, copy_clear)

static gboolean
is_copied (const char *setting)
{
  return !g_str_has_prefix (setting, PRACTICE_STORE_KEPT_PREFIX) &&
         !g_str_equal (setting, PRACTICE_STORE_VERSION_SETTING);
}

static gboolean
load_object (const char *resource,
             const char *key,
             const char *json,
             gsize length,
             gpointer data,
             GError **error)
{
  Copy *self = data;
  GHashTable *objects = g_hash_table_lookup (self->resources, resource);
  g_autoptr (JsonNode) node = base_json_parse (json, (gssize)length, error);

  if (node != NULL && base_json_get_object (node, "metadata", NULL) == NULL) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_IO, "%s",
                 _ ("an object without metadata"));
    g_clear_pointer (&node, json_node_unref);
  }
  if (node == NULL) {
    g_prefix_error (error, _ ("The snapshot is damaged at %s %s: "), resource, key);
    return FALSE;
  }
  if (objects == NULL) {
    objects =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
    g_hash_table_insert (self->resources, g_strdup (resource), objects);
  }
  g_hash_table_replace (objects, g_strdup (key), g_steal_pointer (&node));
  return TRUE;
}

static void
load_setting (const char *key, const char *value, gpointer data)
{
  Copy *self = data;

  if (is_copied (key))
    g_hash_table_replace (self->settings, g_strdup (key), g_strdup (value));
}

static gboolean
copy_load (Copy *self, const char *path, GError **error)
{
  g_autoptr (PracticeDatabase) database = practice_database_new (path, error);

  self->resources =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  self->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return database != NULL && practice_database_load (database, load_object, self, error) &&
         practice_database_load_settings (database, load_setting, self, error);
}

static void
set_version (JsonNode *object, guint64 version)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, version);

  json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "resourceVersion",
                                 text);
}

static gboolean
is_same (PracticeRecord *record, JsonNode *wanted)
{
  const char *version = base_json_get_string (record->node, "metadata", "resourceVersion", NULL);

  json_object_set_string_member (base_json_get_object (wanted, "metadata", NULL), "resourceVersion",
                                 version);
  return base_json_equal (record->node, wanted);
}

static gboolean
is_same_object (PracticeRecord *record, JsonNode *wanted)
{
  return g_strcmp0 (base_metadata_get_uid (record->node), base_metadata_get_uid (wanted)) == 0;
}

/* Takes @object, which gets @version. */
static void
add_change (PracticeStore *store,
            GPtrArray *changes,
            PracticeStoreResource *resource,
            PracticeEventType type,
            const char *key,
            JsonNode *object,
            PracticeRecord *old,
            guint64 version)
{
  Change *change = g_new0 (Change, 1);

  set_version (object, version);
  change->resource = resource;
  change->type = type;
  change->key = g_strdup (key);
  change->record = practice_record_new (store->records, object, base_json_write_bytes (object));
  change->old = old != NULL ? practice_record_ref (old) : NULL;
  g_ptr_array_add (changes, change);
}

/* What is there and not wanted, or wanted as another object of the same name, goes. */
static void
add_deletions (PracticeStore *store, GPtrArray *changes, Copy *copy, guint64 *version)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, store->resources);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    PracticeStoreResource *resource = value;
    GHashTable *wanted = g_hash_table_lookup (copy->resources, resource->name);

    for (GTreeNode *node = g_tree_node_first (resource->objects); node != NULL;
         node = g_tree_node_next (node)) {
      PracticeRecord *record = g_tree_node_value (node);
      JsonNode *object =
        wanted != NULL ? g_hash_table_lookup (wanted, g_tree_node_key (node)) : NULL;

      if (object == NULL || !is_same_object (record, object))
        add_change (store, changes, resource, PRACTICE_EVENT_DELETED, g_tree_node_key (node),
                    base_json_copy (record->node), record, ++*version);
    }
  }
}

static void
add_writes (PracticeStore *store, GPtrArray *changes, Copy *copy, guint64 *version)
{
  GHashTableIter iter;
  gpointer name, objects;

  g_hash_table_iter_init (&iter, copy->resources);
  while (g_hash_table_iter_next (&iter, &name, &objects)) {
    PracticeStoreResource *resource = practice_store_ensure_resource (store, name);
    GHashTableIter inner;
    gpointer key, object;

    g_hash_table_iter_init (&inner, objects);
    while (g_hash_table_iter_next (&inner, &key, &object)) {
      PracticeRecord *old = g_tree_lookup (resource->objects, key);

      if (old != NULL && !is_same_object (old, object))
        old = NULL;
      if (old == NULL || !is_same (old, object))
        add_change (store, changes, resource,
                    old != NULL ? PRACTICE_EVENT_MODIFIED : PRACTICE_EVENT_ADDED, key,
                    json_node_ref (object), old, ++*version);
    }
  }
}

static gboolean
write_settings (PracticeDatabase *database, Copy *copy, guint64 version, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, version);
  GHashTableIter iter;
  gpointer key, value;

  if (!practice_database_remove_settings (database, PRACTICE_STORE_KEPT_PREFIX, error))
    return FALSE;
  g_hash_table_iter_init (&iter, copy->settings);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!practice_database_set_setting (database, key, value, error))
      return FALSE;
  return practice_database_set_setting (database, PRACTICE_STORE_VERSION_SETTING, text, error);
}

static gboolean
write_changes (PracticeDatabase *database, GPtrArray *changes, GError **error)
{
  for (guint i = 0; i < changes->len; i++) {
    Change *change = changes->pdata[i];
    GBytes *text = change->type != PRACTICE_EVENT_DELETED ? change->record->text : NULL;

    if (!practice_database_put (database, change->resource->name, change->key, text, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_all (
  PracticeDatabase *database, GPtrArray *changes, Copy *copy, guint64 version, GError **error)
{
  if (!practice_database_begin (database, error))
    return FALSE;
  if (write_changes (database, changes, error) && write_settings (database, copy, version, error) &&
      practice_database_commit (database, error))
    return TRUE;
  practice_database_roll_back (database);
  return FALSE;
}

/* Who hears of a change sees the whole new state already. */
static void
apply (PracticeStore *store, GPtrArray *changes, guint64 version)
{
  store->version = version;
  for (guint i = 0; i < changes->len; i++) {
    Change *change = changes->pdata[i];

    if (change->type == PRACTICE_EVENT_DELETED)
      g_tree_remove (change->resource->objects, change->key);
    else
      g_tree_replace (change->resource->objects, g_strdup (change->key),
                      practice_record_ref (change->record));
  }
  practice_store_expire (store);
  for (guint i = 0; i < changes->len; i++) {
    Change *change = changes->pdata[i];

    practice_store_push (store, change->resource, change->type, change->record, change->old);
  }
  practice_store_tell (store);
  g_signal_emit_by_name (store, "restored");
}

/**
 * practice_store_restore:
 * @self: the store
 * @path: what practice_store_save() wrote
 * @error: return location
 *
 * Goes back to an earlier state. resourceVersion goes on from where it is: objects that change get
 * new versions, events are told of them, and the versions before are expired. A process that dies
 * meanwhile leaves the old state or the new one.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO or a #GFileError, and nothing is changed
 */
gboolean
practice_store_restore (PracticeStore *self, const char *path, GError **error)
{
  g_auto (Copy) copy = { NULL };
  g_autoptr (GPtrArray) changes = g_ptr_array_new_with_free_func (change_free);
  guint64 version;

  g_return_val_if_fail (PRACTICE_IS_STORE (self) && !self->telling, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (!copy_load (&copy, path, error))
    return FALSE;
  version = self->version;
  add_deletions (self, changes, &copy, &version);
  add_writes (self, changes, &copy, &version);
  /* Also where nothing changes: who was told that all is expired gets a version that is not. */
  version++;
  if (!write_all (self->database, changes, &copy, version, error))
    return FALSE;
  apply (self, changes, version);
  return TRUE;
}

static void
copy_setting (const char *key, const char *value, gpointer data)
{
  if (is_copied (key))
    g_hash_table_replace (data, g_strdup (key), g_strdup (value));
}

static gboolean
write_objects (PracticeStore *store, PracticeDatabase *database, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, store->resources);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    PracticeStoreResource *resource = value;

    for (GTreeNode *node = g_tree_node_first (resource->objects); node != NULL;
         node = g_tree_node_next (node)) {
      PracticeRecord *record = g_tree_node_value (node);

      if (!practice_database_put (database, resource->name, g_tree_node_key (node), record->text,
                                  error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
write_copy (
  PracticeStore *store, const char *path, const char *setting, const char *value, GError **error)
{
  g_auto (Copy) copy = { NULL, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free) };
  g_autoptr (PracticeDatabase) database = practice_database_new (path, error);

  if (database == NULL ||
      !practice_database_load_settings (store->database, copy_setting, copy.settings, error))
    return FALSE;
  if (setting != NULL)
    g_hash_table_replace (copy.settings, g_strdup (setting), g_strdup (value));
  return practice_database_begin (database, error) && write_objects (store, database, error) &&
         write_settings (database, &copy, store->version, error) &&
         practice_database_commit (database, error);
}

/**
 * practice_store_remove_file:
 * @path: the file of a store that is closed
 *
 * Removes it, with what a process that died left beside it.
 */
void
practice_store_remove_file (const char *path)
{
  const char *suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

    g_unlink (file);
  }
}

/**
 * practice_store_save:
 * @self: the store
 * @path: the copy, readable for its owner only; one that is there is replaced
 * @setting: (nullable): the key of a setting that the copy shall have
 * @value: (nullable): its value
 * @error: return location
 *
 * Copies the state: all objects, and all settings but those with %PRACTICE_STORE_KEPT_PREFIX. The
 * copy is there whole, or not at all.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO or a #GFileError
 */
gboolean
practice_store_save (
  PracticeStore *self, const char *path, const char *setting, const char *value, GError **error)
{
  g_autofree char *fresh = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (setting == NULL || value != NULL, FALSE);

  fresh = g_strconcat (path, ".new", NULL);
  practice_store_remove_file (fresh);
  if (!write_copy (self, fresh, setting, value, error)) {
    practice_store_remove_file (fresh);
    return FALSE;
  }
  if (g_rename (fresh, path) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  practice_store_remove_file (fresh);
  return FALSE;
}
