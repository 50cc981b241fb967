/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-store-private.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "practice-record.h"

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

static char *
make_key (const char *namespace_, const char *name)
{
  return g_strconcat (namespace_ != NULL ? namespace_ : "", "/", name, NULL);
}

/* Writes the change that makes the next version; @text NULL removes the object. */
static gboolean
write_change (
  PracticeStore *self, const char *resource, const char *key, GBytes *text, GError **error)
{
  g_autofree char *version = g_strdup_printf ("%" G_GUINT64_FORMAT, self->version + 1);

  return practice_database_write (self->database, resource, key, text,
                                  PRACTICE_STORE_VERSION_SETTING, version, error);
}

static GBytes *
serialise (JsonNode *node)
{
  char *text = base_json_write (node, FALSE);

  return g_bytes_new_take (text, strlen (text));
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

static void
tell (PracticeStore *self,
      PracticeStoreResource *resource,
      PracticeEventType type,
      PracticeRecord *record,
      PracticeRecord *old)
{
  practice_history_add (&resource->history, type, self->version, record, old);
  practice_store_push (self, resource, type, record, old);
  practice_store_tell (self);
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
  text = serialise (node);
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

static gboolean
load_object (const char *resource,
             const char *key,
             const char *json,
             gsize length,
             gpointer data,
             GError **error)
{
  PracticeStore *self = data;
  g_autoptr (JsonNode) node = base_json_parse (json, (gssize)length, error);

  if (node == NULL) {
    g_prefix_error (error, _ ("The cluster's state is damaged at %s %s: "), resource, key);
    return FALSE;
  }
  g_tree_replace (
    practice_store_ensure_resource (self, resource)->objects, g_strdup (key),
    practice_record_new (self->records, g_steal_pointer (&node), g_bytes_new (json, length)));
  return TRUE;
}

static void
load_version (PracticeStore *self)
{
  g_autofree char *text =
    practice_database_dup_setting (self->database, PRACTICE_STORE_VERSION_SETTING);

  /* Not 0, which means "any version" in a request. */
  self->version = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 1;
  self->loaded_version = self->version;
}

static void
practice_store_finalize (GObject *object)
{
  PracticeStore *self = PRACTICE_STORE (object);

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
 * Reads the state of a cluster.
 *
 * Returns: (transfer full) (nullable): the store, or %NULL with %PRACTICE_STORE_ERROR_IO or a
 *   #GFileError
 */
PracticeStore *
practice_store_new (const char *path, GError **error)
{
  g_autoptr (PracticeStore) self = g_object_new (PRACTICE_TYPE_STORE, NULL);

  g_return_val_if_fail (path != NULL, NULL);

  self->database = practice_database_new (path, error);
  if (self->database == NULL)
    return NULL;
  load_version (self);
  if (!practice_database_load (self->database, load_object, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_store_get:
 * @self: the store
 * @resource: "group/plural", core is "/pods"
 * @namespace_: (nullable): %NULL for what has no namespace
 * @name: the object's name
 *
 * Returns: (transfer none) (nullable): the object, valid until the next write; never to be changed
 */
JsonNode *
practice_store_get (PracticeStore *self,
                    const char *resource,
                    const char *namespace_,
                    const char *name)
{
  PracticeStoreResource *found;
  PracticeRecord *record;
  g_autofree char *key = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && name != NULL, NULL);

  found = g_hash_table_lookup (self->resources, resource);
  if (found == NULL)
    return NULL;
  key = make_key (namespace_, name);
  record = g_tree_lookup (found->objects, key);
  return record != NULL ? record->node : NULL;
}

/* @beginning: of the key. */
static GPtrArray *
list_from (PracticeStore *self, const char *resource, const char *beginning)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  PracticeStoreResource *found = g_hash_table_lookup (self->resources, resource);
  GTreeNode *node = found != NULL ? g_tree_lower_bound (found->objects, beginning) : NULL;

  for (; node != NULL && g_str_has_prefix (g_tree_node_key (node), beginning);
       node = g_tree_node_next (node)) {
    PracticeRecord *record = g_tree_node_value (node);

    g_ptr_array_add (list, json_node_ref (record->node));
  }
  return list;
}

/**
 * practice_store_list:
 * @self: the store
 * @resource: "group/plural"
 * @namespace_: (nullable): %NULL for all
 *
 * Returns: (transfer full) (element-type JsonNode): the objects, sorted by namespace and name. The
 *   array holds a reference to each: it stays as it is while the store is written to.
 */
GPtrArray *
practice_store_list (PracticeStore *self, const char *resource, const char *namespace_)
{
  g_autofree char *beginning = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL, NULL);

  beginning = namespace_ != NULL ? g_strconcat (namespace_, "/", NULL) : g_strdup ("");
  return list_from (self, resource, beginning);
}

/**
 * practice_store_list_prefixed:
 * @self: the store
 * @resource: "group/plural"
 * @namespace_: (nullable): %NULL for what has no namespace
 * @prefix: with which their names begin
 *
 * Looks at no others, however many there are.
 *
 * Returns: (transfer full) (element-type JsonNode): the objects, as practice_store_list()
 */
GPtrArray *
practice_store_list_prefixed (PracticeStore *self,
                              const char *resource,
                              const char *namespace_,
                              const char *prefix)
{
  g_autofree char *beginning = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && prefix != NULL, NULL);

  beginning = make_key (namespace_, prefix);
  return list_from (self, resource, beginning);
}

/**
 * practice_store_count:
 * @self: the store
 * @resource: "group/plural"
 *
 * Returns: how many objects there are, in all namespaces
 */
guint
practice_store_count (PracticeStore *self, const char *resource)
{
  PracticeStoreResource *found;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), 0);
  g_return_val_if_fail (resource != NULL, 0);

  found = g_hash_table_lookup (self->resources, resource);
  return found != NULL ? (guint)g_tree_nnodes (found->objects) : 0;
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
  const char *name = base_json_get_string (object, "metadata", "name", NULL);
  JsonObject *metadata = get_metadata (object);
  PracticeStoreResource *found;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && name != NULL, NULL);

  key = make_key (base_json_get_string (object, "metadata", "namespace", NULL), name);
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
  const char *name = base_json_get_string (object, "metadata", "name", NULL);
  JsonObject *metadata = get_metadata (object);
  const char *kept[] = { "uid", "creationTimestamp", "resourceVersion" };
  PracticeStoreResource *found;
  PracticeRecord *old;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL && name != NULL, NULL);

  key = make_key (base_json_get_string (object, "metadata", "namespace", NULL), name);
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

  key = make_key (namespace_, name);
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
  text = serialise (last);
  record = practice_record_new (self->records, g_steal_pointer (&last), g_steal_pointer (&text));
  practice_record_ref (old);
  g_tree_remove (found->objects, key);
  tell (self, found, PRACTICE_EVENT_DELETED, record, old);
  practice_record_unref (old);
  practice_record_unref (record);
  return TRUE;
}

/**
 * practice_store_get_version:
 * @self: the store
 *
 * Returns: the resourceVersion of the last write
 */
guint64
practice_store_get_version (PracticeStore *self)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (self), 0);

  return self->version;
}

/**
 * practice_store_get_text:
 * @self: the store
 * @object: a node that the store handed out, as an object or in an event
 *
 * The JSON text of a stored object, made once when it was written.
 *
 * Returns: (transfer none) (nullable): the text, valid as long as the store knows @object;
 *   %NULL where it does not
 */
GBytes *
practice_store_get_text (PracticeStore *self, JsonNode *object)
{
  PracticeRecord *record;

  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);

  record = g_hash_table_lookup (self->records, object);
  return record != NULL ? record->text : NULL;
}

/**
 * practice_store_event_free:
 * @event: (transfer full): an event
 *
 * Frees @event.
 */
void
practice_store_event_free (PracticeStoreEvent *event)
{
  g_free (event->resource);
  json_node_unref (event->object);
  g_clear_pointer (&event->old, json_node_unref);
  g_free (event);
}

/**
 * practice_store_dup_events_since:
 * @self: the store
 * @resource: "group/plural"
 * @version: the version after which events are wanted
 *
 * Returns: (transfer full) (nullable) (element-type PracticeStoreEvent): the events in order;
 *   %NULL where not all of them are kept any more, as after a restart
 */
GPtrArray *
practice_store_dup_events_since (PracticeStore *self, const char *resource, guint64 version)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (self), NULL);
  g_return_val_if_fail (resource != NULL, NULL);

  return practice_history_dup_since (&practice_store_ensure_resource (self, resource)->history,
                                     resource, version);
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
