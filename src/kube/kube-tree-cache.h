/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Keeps the parsed trees that were asked for last, for the objects of one list. A tree takes many
 * times the memory of its text, so that a list of 10,000 objects cannot keep them all. Used by one
 * thread at a time, but for its reference count. */
typedef struct _KubeTreeCache KubeTreeCache;

/* One object's place in the cache; a member of the object. */
typedef struct {
  GList link;
  JsonNode *tree; /* (nullable) */
  gsize text_size;
} KubeTree;

KubeTreeCache *kube_tree_cache_new (gsize max_text_size);
KubeTreeCache *kube_tree_cache_ref (KubeTreeCache *self);
void kube_tree_cache_unref (KubeTreeCache *self);

void kube_tree_cache_add (KubeTreeCache *self, KubeTree *entry, JsonNode *tree, gsize text_size);
void kube_tree_cache_touch (KubeTreeCache *self, KubeTree *entry);
void kube_tree_cache_remove (KubeTreeCache *self, KubeTree *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeTreeCache, kube_tree_cache_unref)

G_END_DECLS
