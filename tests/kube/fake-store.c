/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-store.h"

#include "base-json.h"
#include "base-metadata.h"

struct _FakeStore {
  GTree *objects; /* "resource/namespace/name" to JsonNode */
  GPtrArray *events;
  guint64 version;
  guint64 compacted;
  guint n_uids;
};

typedef struct {
  GPtrArray *result;
  char *prefix;
} Listing;

static void
event_free (gpointer data)
{
  FakeEvent *event = data;

  g_free (event->type);
  g_free (event->resource);
  g_free (event->namespace_);
  g_free (event->object);
  g_free (event);
}

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

static char *
dup_key (const char *resource, const char *namespace_, const char *name)
{
  return g_strjoin ("/", resource, namespace_ != NULL ? namespace_ : "", name, NULL);
}

static const FakeEvent *
add_event (
  FakeStore *self, const char *type, const char *resource, const char *namespace_, JsonNode *object)
{
  FakeEvent *event = g_new0 (FakeEvent, 1);

  event->version = self->version;
  event->type = g_strdup (type);
  event->resource = g_strdup (resource);
  event->namespace_ = g_strdup (namespace_ != NULL ? namespace_ : "");
  event->object = base_json_write (object, FALSE);
  g_ptr_array_add (self->events, event);
  return event;
}

static void
set_version (FakeStore *self, JsonNode *object)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, ++self->version);

  json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "resourceVersion",
                                 text);
}

FakeStore *
fake_store_new (void)
{
  FakeStore *self = g_new0 (FakeStore, 1);

  self->objects = g_tree_new_full (compare_keys, NULL, g_free, (GDestroyNotify)json_node_unref);
  self->events = g_ptr_array_new_with_free_func (event_free);
  self->version = 1000;
  self->compacted = 1000;
  return self;
}

void
fake_store_free (FakeStore *self)
{
  g_tree_unref (self->objects);
  g_ptr_array_unref (self->events);
  g_free (self);
}

guint64
fake_store_get_version (FakeStore *self)
{
  return self->version;
}

guint64
fake_store_get_compacted (FakeStore *self)
{
  return self->compacted;
}

void
fake_store_compact (FakeStore *self)
{
  self->compacted = self->version;
  g_ptr_array_set_size (self->events, 0);
}

void
fake_store_advance (FakeStore *self)
{
  self->version++;
}

const FakeEvent *
fake_store_put (FakeStore *self, const char *resource, JsonNode *object)
{
  g_autoptr (JsonNode) copy = base_json_copy (object);
  JsonObject *metadata = base_json_get_object (copy, "metadata", NULL);
  const char *namespace_ = base_metadata_get_namespace (copy);
  const char *name = base_metadata_get_name (copy);
  JsonNode *old = fake_store_get (self, resource, namespace_, name);
  const FakeEvent *event;

  g_assert_nonnull (metadata);
  g_assert_nonnull (name);
  if (old != NULL) {
    json_object_set_string_member (metadata, "uid", base_metadata_get_uid (old));
  } else if (base_metadata_get_uid (copy) == NULL) {
    g_autofree char *uid = g_strdup_printf ("uid-%u", ++self->n_uids);

    json_object_set_string_member (metadata, "uid", uid);
  }
  if (base_json_get_string (copy, "metadata", "creationTimestamp", NULL) == NULL)
    json_object_set_string_member (metadata, "creationTimestamp", "2019-08-28T10:03:25Z");
  set_version (self, copy);

  event = add_event (self, old != NULL ? "MODIFIED" : "ADDED", resource, namespace_, copy);
  g_tree_replace (self->objects, dup_key (resource, namespace_, name), g_steal_pointer (&copy));
  return event;
}

const FakeEvent *
fake_store_remove (FakeStore *self, const char *resource, const char *namespace_, const char *name)
{
  g_autofree char *key = dup_key (resource, namespace_, name);
  JsonNode *old = g_tree_lookup (self->objects, key);
  const FakeEvent *event;

  if (old == NULL)
    return NULL;
  set_version (self, old);
  event = add_event (self, "DELETED", resource, namespace_, old);
  g_tree_remove (self->objects, key);
  return event;
}

JsonNode *
fake_store_get (FakeStore *self, const char *resource, const char *namespace_, const char *name)
{
  g_autofree char *key = dup_key (resource, namespace_, name);

  return g_tree_lookup (self->objects, key);
}

static gboolean
add_to_listing (gpointer key, gpointer value, gpointer data)
{
  Listing *listing = data;

  if (g_str_has_prefix (key, listing->prefix))
    g_ptr_array_add (listing->result, json_node_ref (value));
  return FALSE;
}

GPtrArray *
fake_store_list (FakeStore *self, const char *resource, const char *namespace_)
{
  Listing listing = { 0 };

  listing.result = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  listing.prefix = namespace_ != NULL ? g_strjoin ("/", resource, namespace_, "", NULL)
                                      : g_strconcat (resource, "/", NULL);
  g_tree_foreach (self->objects, add_to_listing, &listing);
  g_free (listing.prefix);
  return listing.result;
}

GPtrArray *
fake_store_events (FakeStore *self, guint64 version)
{
  GPtrArray *result = g_ptr_array_new ();

  for (guint i = 0; i < self->events->len; i++) {
    FakeEvent *event = g_ptr_array_index (self->events, i);

    if (event->version > version)
      g_ptr_array_add (result, event);
  }
  return result;
}
