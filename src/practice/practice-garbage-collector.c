/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-garbage-collector.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-metadata.h"
#include "practice-owner-index.h"

struct _PracticeGarbageCollector {
  GObject parent_instance;
  PracticeObjects *objects;
  PracticeOwnerIndex *index;
  GHashTable *orphans; /* (element-type utf8): uids of those that may have lost an owner */
  GHashTable *ending;  /* (element-type utf8): uids of those that wait for others to go */
  GSource *work;
};

G_DEFINE_FINAL_TYPE (PracticeGarbageCollector, practice_garbage_collector, G_TYPE_OBJECT)

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static PracticeStore *
get_store (PracticeGarbageCollector *self)
{
  return practice_objects_get_store (self->objects);
}

static PracticeRegistry *
get_registry (PracticeGarbageCollector *self)
{
  return practice_objects_get_registry (self->objects);
}

static JsonArray *
get_owners (JsonNode *object)
{
  return base_json_get_array (object, "metadata", "ownerReferences", NULL);
}

static gboolean
is_ending (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL;
}

/* The object that has @uid; NULL where it is gone. */
static JsonNode *
find (PracticeGarbageCollector *self, const char *uid, const PracticePlace **place)
{
  *place = practice_owner_index_find (self->index, uid);
  if (*place == NULL)
    return NULL;
  return practice_store_get (get_store (self), (*place)->store_name, (*place)->namespace_,
                             (*place)->name);
}

static void delete (PracticeGarbageCollector *self, const char *uid, const char *propagation)
{
  const PracticePlace *place;
  JsonNode *object = find (self, uid, &place);
  PracticeDeletion deletion = { .grace_seconds = -1, .propagation = propagation, .uid = uid };
  g_autoptr (JsonNode) gone = NULL;
  PracticeResource *resource;
  gboolean removed;

  if (object == NULL || is_ending (object))
    return;
  resource = practice_registry_find_stored (get_registry (self), place->store_name);
  if (resource != NULL)
    gone = practice_objects_delete (self->objects, resource, place->namespace_, place->name,
                                    &deletion, &removed, NULL);
}

/* Whether the kind of an owner is known here and no object has its uid. Of a kind that is not known
 * nothing can be said. */
static gboolean
is_gone (PracticeGarbageCollector *self, JsonNode *owner)
{
  const char *uid = base_json_get_string (owner, "uid", NULL);
  const char *kind = base_json_get_string (owner, "kind", NULL);
  const char *api_version = base_json_get_string (owner, "apiVersion", NULL);
  const char *slash = api_version != NULL ? strchr (api_version, '/') : NULL;
  g_autofree char *group =
    slash != NULL ? g_strndup (api_version, (gsize)(slash - api_version)) : g_strdup ("");

  return uid != NULL && kind != NULL && practice_owner_index_find (self->index, uid) == NULL &&
         practice_registry_find_kind (get_registry (self), group, kind) != NULL;
}

/* Takes the owners out of @object for which @is_unwanted, and stores it. */
static void
remove_owners (PracticeGarbageCollector *self,
               const PracticePlace *place,
               JsonNode *object,
               gboolean (*is_unwanted) (PracticeGarbageCollector *self,
                                        JsonNode *owner,
                                        gconstpointer data),
               gconstpointer data)
{
  g_autoptr (JsonNode) changed = base_json_copy (object);
  JsonArray *owners = get_owners (changed);

  for (guint i = base_json_get_length (owners); i > 0; i--) {
    if (is_unwanted (self, json_array_get_element (owners, i - 1), data))
      json_array_remove_element (owners, i - 1);
  }
  if (base_json_get_length (owners) == 0)
    json_object_remove_member (base_json_get_object (changed, "metadata", NULL), "ownerReferences");
  practice_store_update (get_store (self), place->store_name, g_steal_pointer (&changed), NULL,
                         NULL);
}

static gboolean
is_gone_owner (PracticeGarbageCollector *self, JsonNode *owner, gconstpointer data)
{
  return is_gone (self, owner);
}

static gboolean
has_uid (PracticeGarbageCollector *self, JsonNode *owner, gconstpointer data)
{
  return g_strcmp0 (base_json_get_string (owner, "uid", NULL), data) == 0;
}

/* Without any owner left an object goes; with one left it only forgets the others. */
static void
collect_orphan (PracticeGarbageCollector *self, const char *uid)
{
  const PracticePlace *place;
  JsonNode *object = find (self, uid, &place);
  JsonArray *owners = object != NULL ? get_owners (object) : NULL;
  guint gone = 0;

  for (guint i = 0; i < base_json_get_length (owners); i++)
    gone += is_gone (self, json_array_get_element (owners, i)) ? 1 : 0;
  if (gone == 0)
    return;
  if (gone == base_json_get_length (owners))
    delete (self, uid, "Background");
  else
    remove_owners (self, place, object, is_gone_owner, NULL);
}

static void
remove_finalizer (PracticeGarbageCollector *self,
                  const PracticePlace *place,
                  JsonNode *object,
                  const char *name)
{
  PracticeResource *resource =
    practice_registry_find_stored (get_registry (self), place->store_name);
  g_autoptr (JsonNode) changed = base_json_copy (object);
  g_autoptr (JsonNode) stored = NULL;

  if (resource == NULL)
    return;
  practice_metadata_remove_finalizer (changed, name);
  stored = practice_objects_store (self->objects, resource, g_steal_pointer (&changed), NULL);
}

static void
end_foreground (PracticeGarbageCollector *self,
                const PracticePlace *place,
                JsonNode *object,
                const char *uid)
{
  g_autoptr (GPtrArray) dependents = practice_owner_index_dup_dependents (self->index, uid);

  for (guint i = 0; i < dependents->len; i++)
    delete (self, dependents->pdata[i], "Foreground");
  if (dependents->len == 0)
    remove_finalizer (self, place, object, PRACTICE_FINALIZER_FOREGROUND);
}

static void
end_orphaning (PracticeGarbageCollector *self,
               const PracticePlace *place,
               JsonNode *object,
               const char *uid)
{
  g_autoptr (GPtrArray) dependents = practice_owner_index_dup_dependents (self->index, uid);

  for (guint i = 0; i < dependents->len; i++) {
    const PracticePlace *dependent_place;
    JsonNode *dependent = find (self, dependents->pdata[i], &dependent_place);

    if (dependent != NULL)
      remove_owners (self, dependent_place, dependent, has_uid, uid);
  }
  remove_finalizer (self, place, object, PRACTICE_FINALIZER_ORPHAN);
}

/* Deletes all objects of @store_name in @namespace_ (nullable: everywhere). TRUE: there are none.
 */
static gboolean
empty (PracticeGarbageCollector *self, const char *store_name, const char *namespace_)
{
  g_autoptr (GPtrArray) list = practice_store_list (get_store (self), store_name, namespace_);

  for (guint i = 0; i < list->len; i++)
    delete (self, base_metadata_get_uid (list->pdata[i]), "Background");
  g_clear_pointer (&list, g_ptr_array_unref);
  list = practice_store_list (get_store (self), store_name, namespace_);
  return list->len == 0;
}

/* The names under which namespaced objects are kept: copied, since the registry changes where a
 * definition goes. */
static GPtrArray *
list_store_names (PracticeGarbageCollector *self)
{
  GPtrArray *resources = practice_registry_get_resources (get_registry (self));
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    if (resource->namespaced)
      g_ptr_array_add (names, g_strdup (resource->store_name));
  }
  return names;
}

static gboolean
empty_namespace (PracticeGarbageCollector *self, const char *name)
{
  g_autoptr (GPtrArray) names = list_store_names (self);
  gboolean done = TRUE;

  for (guint i = 0; i < names->len; i++)
    done = empty (self, names->pdata[i], name) && done;
  return done;
}

static gboolean
empty_definition (PracticeGarbageCollector *self, JsonNode *definition)
{
  g_autofree char *store_name =
    g_strconcat (base_json_get_string (definition, "spec", "group", NULL), "/",
                 base_json_get_string (definition, "spec", "names", "plural", NULL), NULL);

  return empty (self, store_name, NULL);
}

static void
collect_ending (PracticeGarbageCollector *self, const char *uid)
{
  const PracticePlace *found;
  JsonNode *present = find (self, uid, &found);
  g_autoptr (JsonNode) object = present != NULL ? json_node_ref (present) : NULL;
  g_autofree char *store_name = NULL;
  g_autofree char *name = NULL;

  if (object == NULL || !is_ending (object))
    return;
  store_name = g_strdup (found->store_name);
  name = g_strdup (found->name);
  if (practice_metadata_has_finalizer (object, PRACTICE_FINALIZER_ORPHAN))
    end_orphaning (self, found, object, uid);
  else if (practice_metadata_has_finalizer (object, PRACTICE_FINALIZER_FOREGROUND))
    end_foreground (self, found, object, uid);

  if ((g_str_equal (store_name, "/namespaces") && empty_namespace (self, name)) ||
      (g_str_equal (store_name, PRACTICE_DEFINITIONS) && empty_definition (self, object)))
    practice_store_delete (get_store (self), store_name, NULL, name, NULL);
}

static gboolean
work_cb (gpointer user_data)
{
  PracticeGarbageCollector *self = user_data;
  g_autoptr (GHashTable) orphans = g_steal_pointer (&self->orphans);
  g_autoptr (GPtrArray) ending = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer uid;

  g_clear_pointer (&self->work, g_source_unref);
  self->orphans = new_set ();
  g_hash_table_iter_init (&iter, orphans);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    collect_orphan (self, uid);
  g_hash_table_iter_init (&iter, self->ending);
  while (g_hash_table_iter_next (&iter, &uid, NULL))
    g_ptr_array_add (ending, g_strdup (uid));
  for (guint i = 0; i < ending->len; i++)
    collect_ending (self, ending->pdata[i]);
  return G_SOURCE_REMOVE;
}

/* Never from within an event: others have not heard of it yet. */
static void
schedule (PracticeGarbageCollector *self)
{
  if (self->work != NULL)
    return;
  self->work = g_idle_source_new ();
  g_source_set_priority (self->work, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->work, work_cb, self, NULL);
  g_source_attach (self->work, g_main_context_get_thread_default ());
}

static void
note_owners (PracticeGarbageCollector *self, JsonNode *object)
{
  JsonArray *owners = get_owners (object);

  practice_owner_index_add_owners (self->index, object);
  for (guint i = 0; i < base_json_get_length (owners); i++) {
    if (!is_gone (self, json_array_get_element (owners, i)))
      continue;
    g_hash_table_add (self->orphans, g_strdup (base_metadata_get_uid (object)));
    schedule (self);
  }
}

static void
note_present (PracticeGarbageCollector *self, const char *store_name, JsonNode *object)
{
  const char *uid = base_metadata_get_uid (object);

  practice_owner_index_add_place (self->index, store_name, object);
  if (is_ending (object)) {
    g_hash_table_add (self->ending, g_strdup (uid));
    schedule (self);
  }
}

static void
note_gone (PracticeGarbageCollector *self, JsonNode *object)
{
  const char *uid = base_metadata_get_uid (object);
  g_autoptr (GPtrArray) dependents = practice_owner_index_dup_dependents (self->index, uid);

  practice_owner_index_remove_place (self->index, uid);
  g_hash_table_remove (self->ending, uid);
  for (guint i = 0; i < dependents->len; i++)
    g_hash_table_add (self->orphans, g_strdup (dependents->pdata[i]));
  /* Someone may have waited for it. */
  if (dependents->len > 0 || g_hash_table_size (self->ending) > 0)
    schedule (self);
}

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *store_name,
          JsonNode *object,
          JsonNode *old,
          PracticeGarbageCollector *self)
{
  if (old != NULL)
    practice_owner_index_remove_owners (self->index, old);
  if (type == PRACTICE_EVENT_DELETED) {
    note_gone (self, object);
    return;
  }
  note_present (self, store_name, object);
  note_owners (self, object);
}

/* First all that there is, then who is whose, so that no owner is missed. */
static void
note_all (PracticeGarbageCollector *self)
{
  GPtrArray *resources = practice_registry_get_resources (get_registry (self));

  for (guint pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < resources->len; i++) {
      PracticeResource *resource = resources->pdata[i];
      g_autoptr (GPtrArray) list =
        practice_store_list (get_store (self), resource->store_name, NULL);

      for (guint j = 0; j < list->len; j++) {
        if (pass == 0)
          note_present (self, resource->store_name, list->pdata[j]);
        else
          note_owners (self, list->pdata[j]);
      }
    }
  }
}

static void
practice_garbage_collector_dispose (GObject *object)
{
  PracticeGarbageCollector *self = PRACTICE_GARBAGE_COLLECTOR (object);

  if (self->work != NULL)
    g_source_destroy (self->work);
  g_clear_pointer (&self->work, g_source_unref);
  g_clear_object (&self->objects);

  G_OBJECT_CLASS (practice_garbage_collector_parent_class)->dispose (object);
}

static void
practice_garbage_collector_finalize (GObject *object)
{
  PracticeGarbageCollector *self = PRACTICE_GARBAGE_COLLECTOR (object);

  practice_owner_index_free (self->index);
  g_hash_table_unref (self->orphans);
  g_hash_table_unref (self->ending);

  G_OBJECT_CLASS (practice_garbage_collector_parent_class)->finalize (object);
}

static void
practice_garbage_collector_class_init (PracticeGarbageCollectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_garbage_collector_dispose;
  object_class->finalize = practice_garbage_collector_finalize;
}

static void
practice_garbage_collector_init (PracticeGarbageCollector *self)
{
  self->index = practice_owner_index_new ();
  self->orphans = new_set ();
  self->ending = new_set ();
}

/**
 * practice_garbage_collector_new:
 * @objects: the objects
 *
 * Returns: (transfer full): what cleans up after deletions as long as it lives; it begins with what
 *   was left undone
 */
PracticeGarbageCollector *
practice_garbage_collector_new (PracticeObjects *objects)
{
  PracticeGarbageCollector *self = g_object_new (PRACTICE_TYPE_GARBAGE_COLLECTOR, NULL);

  self->objects = g_object_ref (objects);
  g_signal_connect_object (get_store (self), "event", G_CALLBACK (event_cb), self, 0);
  note_all (self);
  return self;
}
