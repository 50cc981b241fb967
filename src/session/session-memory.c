/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-memory.h"

#include "base-metadata.h"

/* Checks name a few objects each; what is more was not asked for by them. */
#define MAX_OBJECTS 1000

struct _SessionMemory {
  GHashTable *table;  /* of "kind namespace/name" to Entry */
  GHashTable *groups; /* by what a check asks for, to SessionGroup */
};

typedef struct {
  SessionRecollection told;
  char *uid;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->told.address);
  g_free (self->told.old_address);
  g_free (self->uid);
  g_free (self);
}

static void
group_free (gpointer data)
{
  SessionGroup *self = data;

  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_free (self);
}

static char *
dup_key (const char *kind, const char *namespace_, const char *name)
{
  return g_strdup_printf ("%s %s/%s", kind, namespace_ != NULL ? namespace_ : "", name);
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * session_memory_new:
 *
 * Returns: (transfer full): nothing was seen yet
 */
SessionMemory *
session_memory_new (void)
{
  SessionMemory *self = g_new0 (SessionMemory, 1);

  self->table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, group_free);
  return self;
}

void
session_memory_free (SessionMemory *self)
{
  g_hash_table_unref (self->table);
  g_hash_table_unref (self->groups);
  g_free (self);
}

/* (nullable): where there are too many */
static Entry *
get_entry (SessionMemory *self, const char *kind, const char *namespace_, const char *name)
{
  g_autofree char *key = dup_key (kind, namespace_, name);
  Entry *entry = g_hash_table_lookup (self->table, key);

  if (entry != NULL || g_hash_table_size (self->table) >= MAX_OBJECTS)
    return entry;
  entry = g_new0 (Entry, 1);
  g_hash_table_insert (self->table, g_steal_pointer (&key), entry);
  return entry;
}

/* It is there; the one that was may have been another one. */
static void
take_uid (Entry *self, KubeObject *object)
{
  const char *uid = kube_object_get_uid (object);
  gboolean is_other = self->uid != NULL && g_strcmp0 (self->uid, uid) != 0;

  if (self->uid != NULL && !is_other)
    return;
  g_free (self->uid);
  self->uid = g_strdup (uid);
  self->told.addressed_at = kube_object_get_created_at (object);
  if (!is_other)
    return;
  self->told.remade_at = MAX (kube_object_get_created_at (object), 1);
  if (self->told.address == NULL)
    return;
  g_free (self->told.old_address);
  self->told.old_address = g_steal_pointer (&self->told.address);
}

/**
 * session_memory_see:
 * @kind: its plural
 * @object: is there
 * @address: (nullable): of a Service, from outside
 */
void
session_memory_see (SessionMemory *self, const char *kind, KubeObject *object, const char *address)
{
  Entry *entry =
    get_entry (self, kind, kube_object_get_namespace (object), kube_object_get_name (object));

  if (entry == NULL)
    return;
  take_uid (entry, object);
  entry->told.seen_at = get_now ();
  entry->told.gone_at = 0;
  /* the cluster does not say when it has given it: not before it was seen without one */
  if (address == NULL)
    entry->told.addressed_at = get_now ();
  if (g_strcmp0 (entry->told.address, address) != 0) {
    g_free (entry->told.address);
    entry->told.address = g_strdup (address);
  }
}

/**
 * session_memory_miss:
 * @kind: a plural
 * @namespace_: (nullable): NULL for what has none
 * @name: of an object that is not there
 */
void
session_memory_miss (SessionMemory *self,
                     const char *kind,
                     const char *namespace_,
                     const char *name)
{
  g_autofree char *key = dup_key (kind, namespace_, name);
  Entry *entry = g_hash_table_lookup (self->table, key);

  if (entry != NULL && entry->uid != NULL && entry->told.gone_at == 0)
    entry->told.gone_at = get_now ();
}

/**
 * session_memory_assume:
 * @seen_at: when the object must have been there, as who has seen it says
 *
 * What was seen by this memory itself counts more.
 */
void
session_memory_assume (
  SessionMemory *self, const char *kind, const char *namespace_, const char *name, gint64 seen_at)
{
  Entry *entry = get_entry (self, kind, namespace_, name);

  if (entry != NULL && entry->uid == NULL)
    entry->told.seen_at = MAX (entry->told.seen_at, seen_at);
}

/**
 * session_memory_recall:
 *
 * Returns: (transfer none) (nullable): what was seen of an object; %NULL where it never was
 */
const SessionRecollection *
session_memory_recall (SessionMemory *self,
                       const char *kind,
                       const char *namespace_,
                       const char *name)
{
  g_autofree char *key = dup_key (kind, namespace_, name);
  const Entry *entry = g_hash_table_lookup (self->table, key);

  return entry != NULL ? &entry->told : NULL;
}

/* Checks of the same objects may want another number of them. */
static char *
dup_group_key (CourseCheck *check, const char *namespace_)
{
  const char *selector = course_check_get_selector (check);

  return g_strdup_printf ("%s %s/%s %s", course_check_get_resource (check),
                          namespace_ != NULL ? namespace_ : "", selector != NULL ? selector : "",
                          course_check_get_says (check));
}

/* (nullable): where there are too many */
static SessionGroup *
get_group (SessionMemory *self, CourseCheck *check, const char *namespace_)
{
  g_autofree char *key = dup_group_key (check, namespace_);
  SessionGroup *group = g_hash_table_lookup (self->groups, key);

  if (group != NULL || g_hash_table_size (self->groups) >= MAX_OBJECTS)
    return group;
  group = g_new0 (SessionGroup, 1);
  g_hash_table_insert (self->groups, g_steal_pointer (&key), group);
  return group;
}

/**
 * session_memory_see_group:
 * @objects: (element-type JsonNode): what it is when all is as it should be
 */
void
session_memory_see_group (SessionMemory *self,
                          CourseCheck *check,
                          const char *namespace_,
                          GPtrArray *objects)
{
  SessionGroup *group = objects->len > 0 ? get_group (self, check, namespace_) : NULL;

  if (group == NULL)
    return;
  g_clear_pointer (&group->names, g_ptr_array_unref);
  group->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < MIN (objects->len, MAX_OBJECTS); i++)
    g_ptr_array_add (group->names,
                     g_strdup (base_metadata_get_name (g_ptr_array_index (objects, i))));
  group->seen_at = get_now ();
  group->gone_at = 0;
}

/**
 * session_memory_miss_group:
 * @objects: (element-type JsonNode): what it is now, and all is not as it should be
 */
void
session_memory_miss_group (SessionMemory *self,
                           CourseCheck *check,
                           const char *namespace_,
                           GPtrArray *objects)
{
  g_autofree char *key = dup_group_key (check, namespace_);
  SessionGroup *group = g_hash_table_lookup (self->groups, key);
  g_autoptr (GPtrArray) missing =
    group != NULL ? session_group_list_missing (group, objects) : NULL;

  if (missing != NULL && missing->len > 0 && group->gone_at == 0)
    group->gone_at = get_now ();
}

/**
 * session_memory_assume_group:
 * @seen_at: when it must have been as it should be
 *
 * What was seen by this memory itself counts more.
 */
void
session_memory_assume_group (SessionMemory *self,
                             CourseCheck *check,
                             const char *namespace_,
                             gint64 seen_at)
{
  SessionGroup *group = get_group (self, check, namespace_);

  if (group != NULL && group->names == NULL)
    group->seen_at = MAX (group->seen_at, seen_at);
}

/**
 * session_memory_recall_group:
 *
 * Returns: (transfer none) (nullable): what was seen of it; %NULL where it never was as it should
 * be
 */
const SessionGroup *
session_memory_recall_group (SessionMemory *self, CourseCheck *check, const char *namespace_)
{
  g_autofree char *key = dup_group_key (check, namespace_);

  return g_hash_table_lookup (self->groups, key);
}

/**
 * session_group_list_missing:
 * @objects: (element-type JsonNode): what it is now
 *
 * Returns: (transfer container) (element-type utf8): the names of those that were of it, and are
 * not
 */
GPtrArray *
session_group_list_missing (const SessionGroup *self, GPtrArray *objects)
{
  g_autoptr (GHashTable) present = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *missing = g_ptr_array_new ();

  for (guint i = 0; i < objects->len; i++)
    g_hash_table_add (present, (char *)base_metadata_get_name (g_ptr_array_index (objects, i)));
  for (guint i = 0; self->names != NULL && i < self->names->len; i++) {
    if (!g_hash_table_contains (present, g_ptr_array_index (self->names, i)))
      g_ptr_array_add (missing, g_ptr_array_index (self->names, i));
  }
  return missing;
}

/**
 * session_memory_dup_time:
 * @time: Unix seconds
 *
 * Returns: (transfer full): when that was for readers: "10:41:07" of today, else with the date
 */
char *
session_memory_dup_time (gint64 time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (time);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  gboolean is_today = then != NULL && g_date_time_get_year (then) == g_date_time_get_year (now) &&
                      g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now);

  if (then == NULL)
    return g_strdup ("");
  return g_date_time_format (then, is_today ? "%H:%M:%S" : "%x %H:%M");
}
