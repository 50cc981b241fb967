/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-node-usage.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-quantity.h"

struct _PracticeNodeUsage {
  GHashTable *nodes; /* (element-type utf8 NodeShare) */
  GHashTable *pods;  /* (element-type utf8 PodShare): by "namespace/name" */
};

typedef struct {
  guint n_pods;
  GHashTable *used;
} NodeShare;

typedef struct {
  char *node;
  GHashTable *requests;
} PodShare;

static void
node_share_free (NodeShare *self)
{
  g_hash_table_unref (self->used);
  g_free (self);
}

static void
pod_share_free (PodShare *self)
{
  g_hash_table_unref (self->requests);
  g_free (self->node);
  g_free (self);
}

static char *
make_key (const char *namespace_, const char *name)
{
  return g_strdup_printf ("%s/%s", namespace_, name);
}

/* (nullable): the node that @pod takes something of. */
static const char *
get_node (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0)
    return NULL;
  return base_json_get_string (pod, "spec", "nodeName", NULL);
}

static NodeShare *
ensure_node (PracticeNodeUsage *self, const char *name)
{
  NodeShare *share = g_hash_table_lookup (self->nodes, name);

  if (share == NULL) {
    share = g_new0 (NodeShare, 1);
    share->used = practice_quantity_new_sums ();
    g_hash_table_insert (self->nodes, g_strdup (name), share);
  }

  return share;
}

static gboolean
remove_key (PracticeNodeUsage *self, const char *key)
{
  PodShare *pod = g_hash_table_lookup (self->pods, key);
  NodeShare *node;

  if (pod == NULL)
    return FALSE;
  node = ensure_node (self, pod->node);
  node->n_pods--;
  practice_quantity_add_all (node->used, pod->requests, -1);

  return g_hash_table_remove (self->pods, key);
}

/**
 * practice_node_usage_new:
 *
 * Returns: (transfer full): the usage of nodes without pods
 */
PracticeNodeUsage *
practice_node_usage_new (void)
{
  PracticeNodeUsage *self = g_new0 (PracticeNodeUsage, 1);

  self->nodes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)node_share_free);
  self->pods =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)pod_share_free);

  return self;
}

/**
 * practice_node_usage_free:
 * @self: (transfer full): the usage
 *
 * Frees @self.
 */
void
practice_node_usage_free (PracticeNodeUsage *self)
{
  g_hash_table_unref (self->nodes);
  g_hash_table_unref (self->pods);
  g_free (self);
}

/**
 * practice_node_usage_update:
 * @self: the usage
 * @pod: a pod
 *
 * Counts @pod as it is now.
 *
 * Returns: whether that made room for others
 */
gboolean
practice_node_usage_update (PracticeNodeUsage *self, JsonNode *pod)
{
  g_autofree char *key = make_key (base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  const char *node = get_node (pod);
  PodShare *share = g_hash_table_lookup (self->pods, key);
  NodeShare *whole;
  gboolean moved;

  if (share != NULL && g_strcmp0 (share->node, node) == 0)
    return FALSE;
  moved = remove_key (self, key);
  if (node == NULL)
    return moved;
  share = g_new0 (PodShare, 1);
  share->node = g_strdup (node);
  share->requests = practice_quantity_sum_pod (pod, "requests");
  whole = ensure_node (self, node);
  whole->n_pods++;
  practice_quantity_add_all (whole->used, share->requests, 1);
  g_hash_table_insert (self->pods, g_steal_pointer (&key), share);

  return moved;
}

/**
 * practice_node_usage_remove:
 * @self: the usage
 * @namespace_: of a pod that is gone
 * @name: its name
 *
 * Returns: whether that made room for others
 */
gboolean
practice_node_usage_remove (PracticeNodeUsage *self, const char *namespace_, const char *name)
{
  g_autofree char *key = make_key (namespace_, name);

  return remove_key (self, key);
}

/**
 * practice_node_usage_count_pods:
 * @self: the usage
 * @node: name of a node
 *
 * Returns: how many pods it has
 */
guint
practice_node_usage_count_pods (PracticeNodeUsage *self, const char *node)
{
  NodeShare *share = g_hash_table_lookup (self->nodes, node);

  return share != NULL ? share->n_pods : 0;
}

/**
 * practice_node_usage_add_reasons:
 * @self: the usage
 * @node: a Node
 * @requests: (element-type utf8 PracticeQuantitySum): what a pod asks for
 * @reasons: (element-type utf8): takes what speaks against it
 *
 * Says what @node has too little of. A node that does not say what it has is taken as large enough.
 */
void
practice_node_usage_add_reasons (PracticeNodeUsage *self,
                                 JsonNode *node,
                                 GHashTable *requests,
                                 GPtrArray *reasons)
{
  JsonObject *allocatable = base_json_get_object (node, "status", "allocatable", NULL);
  NodeShare *share = g_hash_table_lookup (self->nodes, base_metadata_get_name (node));
  GHashTableIter iter;
  gpointer name, value;

  if (allocatable == NULL)
    return;
  if (share != NULL && json_object_has_member (allocatable, "pods") &&
      (share->n_pods + 1) * G_GINT64_CONSTANT (1000) >
        practice_quantity_read (json_object_get_member (allocatable, "pods")))
    g_ptr_array_add (reasons, g_strdup ("Insufficient pods"));
  g_hash_table_iter_init (&iter, requests);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    gint64 wanted = ((PracticeQuantitySum *)value)->thousandths;
    gint64 used = share != NULL ? practice_quantity_get (share->used, name) : 0;

    if (wanted > 0 &&
        used + wanted > practice_quantity_read (json_object_get_member (allocatable, name)))
      g_ptr_array_add (reasons, g_strdup_printf ("Insufficient %s", (char *)name));
  }
}
