/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-store-private.h"

#include <glib/gi18n-lib.h>
#include <malloc.h>

#include "base-json.h"
#include "practice-record.h"

/* How often it is looked for events that are old. */
#define AGE_SECONDS 30

typedef struct {
  PracticeStoreResource *resource; /* (unowned): resources live as long as the store */
  PracticeEventType type;
  PracticeRecord *record;
  PracticeRecord *old; /* (nullable) */
} Pending;

G_DEFINE_FINAL_TYPE (PracticeStore, practice_store, G_TYPE_OBJECT)

/* clang-format off */
G_DEFINE_QUARK (practice-store-error-quark, practice_store_error)
/* clang-format on */

enum {
  SIGNAL_EVENT,
  SIGNAL_EXPIRED,
  SIGNAL_RESTORED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
pending_free (Pending *pending)
{
  practice_record_unref (pending->record);
  g_clear_pointer (&pending->old, practice_record_unref);
  g_free (pending);
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return strcmp (a, b);
}

static PracticeStoreResource *
resource_new (const char *name, guint64 version)
{
  PracticeStoreResource *resource = g_new0 (PracticeStoreResource, 1);

  resource->name = g_strdup (name);
  resource->detail = g_quark_from_string (name);
  resource->objects =
    g_tree_new_full (compare_keys, NULL, g_free, (GDestroyNotify)practice_record_unref);
  practice_history_init (&resource->history, version);
  return resource;
}

static void
resource_free (PracticeStoreResource *resource)
{
  g_tree_unref (resource->objects);
  practice_history_clear (&resource->history);
  g_free (resource->name);
  g_free (resource);
}

PracticeStoreResource *
practice_store_ensure_resource (PracticeStore *self, const char *name)
{
  PracticeStoreResource *resource = g_hash_table_lookup (self->resources, name);

  if (resource == NULL) {
    resource = resource_new (name, self->loaded_version);
    g_hash_table_insert (self->resources, resource->name, resource);
  }
  return resource;
}

/**
 * practice_store_make_key:
 * @namespace_: (nullable): of an object
 * @name: its name, or how it begins
 *
 * Returns: (transfer full): under what its resource keeps it
 */
char *
practice_store_make_key (const char *namespace_, const char *name)
{
  return g_strconcat (namespace_ != NULL ? namespace_ : "", "/", name, NULL);
}

/**
 * practice_store_push:
 * @self: the store
 * @resource: of the object
 * @type: what happened
 * @record: the object after it
 * @old: (nullable): the object before it
 *
 * Has practice_store_tell() tell of an event.
 */
void
practice_store_push (PracticeStore *self,
                     PracticeStoreResource *resource,
                     PracticeEventType type,
                     PracticeRecord *record,
                     PracticeRecord *old)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->resource = resource;
  pending->type = type;
  pending->record = practice_record_ref (record);
  pending->old = old != NULL ? practice_record_ref (old) : NULL;
  g_queue_push_tail (&self->pending, pending);
}

/**
 * practice_store_tell:
 * @self: the store
 *
 * Tells of all events that wait. A handler may write: what it writes is told after all handlers
 * have heard of the present event, so that each sees the events in order.
 */
void
practice_store_tell (PracticeStore *self)
{
  g_autoptr (PracticeStore) keep = NULL;
  Pending *pending;

  if (self->telling)
    return;

  keep = g_object_ref (self);
  self->telling = TRUE;
  while ((pending = g_queue_pop_head (&self->pending)) != NULL) {
    g_signal_emit (self, signals[SIGNAL_EVENT], pending->resource->detail, pending->type,
                   pending->resource->name, pending->record->node,
                   pending->old != NULL ? pending->old->node : NULL);
    pending_free (pending);
  }
  self->telling = FALSE;
}

static gboolean
age_cb (gpointer user_data)
{
  PracticeStore *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean has_more = FALSE;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->resources);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    has_more |= practice_history_age (&((PracticeStoreResource *)value)->history, now);
  if (has_more)
    return G_SOURCE_CONTINUE;
  self->age_id = 0;
#ifdef __GLIBC__
  /* What a burst of writes took is free again, but in between what stays. */
  malloc_trim (0);
#endif
  return G_SOURCE_REMOVE;
}

/**
 * practice_store_watch_age:
 * @self: the store
 *
 * Has what is kept of events forgotten when it is old.
 */
void
practice_store_watch_age (PracticeStore *self)
{
  if (self->age_id == 0)
    self->age_id = g_timeout_add_seconds (AGE_SECONDS, age_cb, self);
}

static gboolean
load_object (const char *resource,
             const char *key,
             const char *json,
             gsize length,
             gpointer data,
             GError **error)
{
  PracticeStore *self = data;
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) node = base_json_parse (json, (gssize)length, &reason);

  if (node == NULL || base_json_get_object (node, "metadata", NULL) == NULL) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED, "%s %s: %s", resource,
                 key, reason != NULL ? reason->message : _ ("an object without metadata"));
    return FALSE;
  }
  g_tree_replace (
    practice_store_ensure_resource (self, resource)->objects, g_strdup (key),
    practice_record_new (self->records, g_steal_pointer (&node), g_bytes_new (json, length)));
  return TRUE;
}

static void
load_setting (const char *key, const char *value, gpointer data)
{
  PracticeStore *self = data;

  if (g_str_equal (key, PRACTICE_STORE_VERSION_SETTING))
    self->version = g_ascii_strtoull (value, NULL, 10);
}

/* Reads every setting: one that cannot be read must not pass for one that is not set. */
static gboolean
load_version (PracticeStore *self, GError **error)
{
  /* Not 0, which means "any version" in a request. */
  self->version = 1;
  if (!practice_database_load_settings (self->database, load_setting, self, error))
    return FALSE;
  self->loaded_version = self->version;
  return TRUE;
}

static void
practice_store_finalize (GObject *object)
{
  PracticeStore *self = PRACTICE_STORE (object);

  g_clear_handle_id (&self->age_id, g_source_remove);
  g_queue_clear_full (&self->pending, (GDestroyNotify)pending_free);
  g_hash_table_unref (self->resources);
  g_hash_table_unref (self->records);
  g_clear_pointer (&self->database, practice_database_free);

  G_OBJECT_CLASS (practice_store_parent_class)->finalize (object);
}

static void
practice_store_class_init (PracticeStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = practice_store_finalize;

  /**
   * PracticeStore::event:
   * @type: a #PracticeEventType
   * @resource: "group/plural"
   * @object: the object after the event; of a deletion, the last state with the deletion's version
   * @old: (nullable): the object before it
   *
   * A write is on disk. Emitted in the order of resourceVersion, also where a handler writes. The
   * detail is @resource: "event::/pods" hears of pods only.
   */
  signals[SIGNAL_EVENT] = g_signal_new (
    "event", PRACTICE_TYPE_STORE, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL,
    G_TYPE_NONE, 4, G_TYPE_INT, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE,
    JSON_TYPE_NODE | G_SIGNAL_TYPE_STATIC_SCOPE, JSON_TYPE_NODE | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * PracticeStore::expired:
   *
   * No earlier version is known any more: who has followed events is to begin anew.
   */
  signals[SIGNAL_EXPIRED] = g_signal_new ("expired", PRACTICE_TYPE_STORE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * PracticeStore::restored:
   *
   * The store is back at an earlier state: all events that led there have been told.
   */
  signals[SIGNAL_RESTORED] = g_signal_new ("restored", PRACTICE_TYPE_STORE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_store_init (PracticeStore *self)
{
  self->resources =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)resource_free);
  self->records = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->pending);
}

/**
 * practice_store_new:
 * @path: the SQLite file; made, readable for its owner only, where it is missing
 * @error: return location
 *
 * Reads the state of a cluster, and the whole file: damage that nobody comes upon now would stop a
 * write later.
 *
 * Returns: (transfer full) (nullable): the store, or %NULL with %PRACTICE_STORE_ERROR_IO,
 *   %PRACTICE_STORE_ERROR_DAMAGED or a #GFileError
 */
PracticeStore *
practice_store_new (const char *path, GError **error)
{
  g_autoptr (PracticeStore) self = g_object_new (PRACTICE_TYPE_STORE, NULL);

  g_return_val_if_fail (path != NULL, NULL);

  self->database = practice_database_new (path, error);
  if (self->database == NULL || !practice_database_check (self->database, error) ||
      !load_version (self, error) ||
      !practice_database_load (self->database, load_object, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_store_expire:
 * @self: the store
 *
 * Forgets all that was before, as a real cluster does every few minutes: "expired" is emitted.
 */
void
practice_store_expire (PracticeStore *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (PRACTICE_IS_STORE (self));

  self->loaded_version = self->version;
  g_hash_table_iter_init (&iter, self->resources);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    PracticeStoreResource *resource = value;

    practice_history_clear (&resource->history);
    practice_history_init (&resource->history, self->version);
  }
  g_signal_emit (self, signals[SIGNAL_EXPIRED], 0);
}

/**
 * practice_store_dup_setting:
 * @self: the store
 * @key: name of the setting
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
practice_store_dup_setting (PracticeStore *self, const char *key)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return practice_database_dup_setting (self->database, key);
}

/**
 * practice_store_set_setting:
 * @self: the store
 * @key: name of the setting
 * @value: its value
 * @error: return location
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_store_set_setting (PracticeStore *self, const char *key, const char *value, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (self), FALSE);
  g_return_val_if_fail (key != NULL && value != NULL, FALSE);

  return practice_database_set_setting (self->database, key, value, error);
}
