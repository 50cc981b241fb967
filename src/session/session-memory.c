/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-memory.h"

/* Checks name a few objects each; what is more was not asked for by them. */
#define MAX_OBJECTS 1000

struct _SessionMemory {
  GHashTable *table; /* of "kind namespace/name" to Entry */
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
  return self;
}

void
session_memory_free (SessionMemory *self)
{
  g_hash_table_unref (self->table);
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
