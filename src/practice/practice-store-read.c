/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-store-private.h"

/*
 * What is asked of a store.
 */
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
  key = practice_store_make_key (namespace_, name);
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

  beginning = practice_store_make_key (namespace_, prefix);
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
 * practice_store_keeps_events_since:
 * @self: the store
 * @resource: "group/plural"
 * @version: a version
 *
 * Returns: whether all events of @resource after @version are kept
 */
gboolean
practice_store_keeps_events_since (PracticeStore *self, const char *resource, guint64 version)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (self), FALSE);

  return practice_history_reaches (&practice_store_ensure_resource (self, resource)->history,
                                   version);
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
