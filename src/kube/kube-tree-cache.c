/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-tree-cache.h"

struct _KubeTreeCache {
  gatomicrefcount references;
  GQueue entries; /* of KubeTree, the last used one first */
  gsize text_size;
  gsize max_text_size;
};

/**
 * kube_tree_cache_new:
 * @max_text_size: how many bytes of JSON text may be there as trees
 *
 * Returns: (transfer full): an empty cache
 */
KubeTreeCache *
kube_tree_cache_new (gsize max_text_size)
{
  KubeTreeCache *self = g_new0 (KubeTreeCache, 1);

  g_atomic_ref_count_init (&self->references);
  g_queue_init (&self->entries);
  self->max_text_size = max_text_size;
  return self;
}

/**
 * kube_tree_cache_ref:
 * @self: a cache
 *
 * Returns: (transfer full): @self
 */
KubeTreeCache *
kube_tree_cache_ref (KubeTreeCache *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * kube_tree_cache_unref:
 * @self: (transfer full): a cache, whose entries each hold a reference
 */
void
kube_tree_cache_unref (KubeTreeCache *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

/**
 * kube_tree_cache_remove:
 * @self: a cache
 * @entry: a place in it, empty or not
 *
 * Gives up the tree of @entry.
 */
void
kube_tree_cache_remove (KubeTreeCache *self, KubeTree *entry)
{
  if (entry->tree == NULL)
    return;
  g_queue_unlink (&self->entries, &entry->link);
  self->text_size -= entry->text_size;
  g_clear_pointer (&entry->tree, json_node_unref);
}

/**
 * kube_tree_cache_add:
 * @self: a cache
 * @entry: an empty place
 * @tree: what to keep there
 * @text_size: the size of its text
 *
 * Keeps @tree, and gives up those not used for longest where there are too many. One that is too
 * large for the cache is not kept.
 */
void
kube_tree_cache_add (KubeTreeCache *self, KubeTree *entry, JsonNode *tree, gsize text_size)
{
  g_assert (entry->tree == NULL);

  if (text_size > self->max_text_size)
    return;
  while (self->text_size + text_size > self->max_text_size)
    kube_tree_cache_remove (self, g_queue_peek_tail (&self->entries));

  entry->tree = json_node_ref (tree);
  entry->text_size = text_size;
  entry->link.data = entry;
  g_queue_push_head_link (&self->entries, &entry->link);
  self->text_size += text_size;
}

/**
 * kube_tree_cache_touch:
 * @self: a cache
 * @entry: a place with a tree
 *
 * Says that the tree was used now.
 */
void
kube_tree_cache_touch (KubeTreeCache *self, KubeTree *entry)
{
  g_assert (entry->tree != NULL);

  g_queue_unlink (&self->entries, &entry->link);
  g_queue_push_head_link (&self->entries, &entry->link);
}
