/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sight.h"

/* Objects are read as trees, and all of them at each news: a cause is looked for in a student's
 * namespace, not in a whole company's. */
#define MAX_OBJECTS 500

/* A list that comes up, or a Deployment that goes down, changes much at once. */
#define NEWS_MS 100

struct _SessionSight {
  GObject parent_instance;

  SessionLab *lab;     /* (nullable) (weak) */
  GHashTable *held;    /* of the kind's name to SessionResource */
  GHashTable *objects; /* of "kind namespace" to GPtrArray of JsonNode: what is known since the last
                        * news */
  GPtrArray *found;    /* of JsonNode: those that were asked for by name since then */
  guint news;          /* 0: none */
};

G_DEFINE_FINAL_TYPE (SessionSight, session_sight, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
news_cb (gpointer user_data)
{
  SessionSight *self = SESSION_SIGHT (user_data);

  self->news = 0;
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
updated_cb (SessionSight *self)
{
  g_hash_table_remove_all (self->objects);
  g_ptr_array_set_size (self->found, 0);
  if (self->news == 0)
    self->news = g_timeout_add (NEWS_MS, news_cb, self);
}

/* (nullable): of no kind that this program knows, or the lab has gone */
static SessionResource *
hold (SessionSight *self, const char *kind)
{
  SessionResource *resource = g_hash_table_lookup (self->held, kind);

  if (resource != NULL || self->lab == NULL)
    return resource;
  resource = session_lab_get_resource (self->lab, kind);
  if (resource == NULL)
    return NULL;
  g_hash_table_insert (self->held, g_strdup (kind), g_object_ref (resource));
  g_signal_connect_object (resource, "updated", G_CALLBACK (updated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (resource, "notify::state", G_CALLBACK (updated_cb), self,
                           G_CONNECT_SWAPPED);
  session_resource_hold (resource);
  return resource;
}

static void
session_sight_dispose (GObject *object)
{
  SessionSight *self = SESSION_SIGHT (object);

  session_sight_close (self);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_sight_parent_class)->dispose (object);
}

static void
session_sight_finalize (GObject *object)
{
  SessionSight *self = SESSION_SIGHT (object);

  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_pointer (&self->objects, g_hash_table_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  G_OBJECT_CLASS (session_sight_parent_class)->finalize (object);
}

static void
session_sight_class_init (SessionSightClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_sight_dispose;
  object_class->finalize = session_sight_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_SIGHT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
session_sight_init (SessionSight *self)
{
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->objects =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
}

/**
 * session_sight_new:
 * @lab: whose lists to look at
 *
 * Returns: (transfer full): nothing is watched yet
 */
SessionSight *
session_sight_new (SessionLab *lab)
{
  SessionSight *self = g_object_new (SESSION_TYPE_SIGHT, NULL);

  g_set_weak_pointer (&self->lab, lab);
  return self;
}

/**
 * session_sight_close:
 *
 * Nothing is watched any more, until something is asked for again.
 */
void
session_sight_close (SessionSight *self)
{
  GHashTableIter iter;
  gpointer resource;

  g_return_if_fail (SESSION_IS_SIGHT (self));

  g_clear_handle_id (&self->news, g_source_remove);
  g_hash_table_iter_init (&iter, self->held);
  while (g_hash_table_iter_next (&iter, NULL, &resource)) {
    g_signal_handlers_disconnect_by_data (resource, self);
    session_resource_release (resource);
  }
  g_hash_table_remove_all (self->held);
  g_hash_table_remove_all (self->objects);
  g_ptr_array_set_size (self->found, 0);
}

/**
 * session_sight_knows:
 * @kind: as session_lab_get_resource() takes it
 * @namespace_: (nullable): NULL: all, or a kind that has none
 *
 * Returns: whether the cluster has said which objects of @kind there are. It does not where we may
 *   not see them, and not at once; then "changed" tells.
 */
gboolean
session_sight_knows (SessionSight *self, const char *kind, const char *namespace_)
{
  SessionResource *resource = hold (self, kind);
  const char *only;

  if (resource == NULL)
    return FALSE;
  only = session_resource_get_namespace (resource);
  return (session_resource_get_state (resource) == KUBE_LIST_LIVE ||
          session_resource_get_state (resource) == KUBE_LIST_ABSENT) &&
         (only == NULL || g_strcmp0 (only, namespace_) == 0);
}

/**
 * session_sight_get_only:
 *
 * Returns: (transfer none) (nullable): the one namespace whose objects of @kind we may see
 */
const char *
session_sight_get_only (SessionSight *self, const char *kind)
{
  SessionResource *resource = hold (self, kind);

  return resource != NULL ? session_resource_get_namespace (resource) : NULL;
}

/**
 * session_sight_lacks:
 * @kind: as session_lab_get_resource() takes it
 *
 * Returns: whether the cluster has said that it does not know @kind
 */
gboolean
session_sight_lacks (SessionSight *self, const char *kind)
{
  SessionResource *resource = hold (self, kind);

  return resource != NULL && session_resource_get_state (resource) == KUBE_LIST_ABSENT;
}

static gboolean
is_in (KubeObject *object, const char *namespace_)
{
  return namespace_ == NULL || g_strcmp0 (kube_object_get_namespace (object), namespace_) == 0;
}

/* (transfer full) (element-type JsonNode); NULL where they are too many */
static GPtrArray *
read_objects (GListModel *model, const char *namespace_)
{
  guint n = g_list_model_get_n_items (model);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *objects = NULL;

  for (guint i = 0; rows->len <= MAX_OBJECTS && i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (model, i);

    if (is_in (object, namespace_))
      g_ptr_array_add (rows, g_steal_pointer (&object));
  }
  if (rows->len > MAX_OBJECTS)
    return NULL;
  objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (objects, kube_object_ref_json (g_ptr_array_index (rows, i)));
  return objects;
}

/**
 * session_sight_list:
 * @namespace_: (nullable): NULL: all, or a kind that has none
 *
 * Returns: (transfer none) (nullable) (element-type JsonNode): the objects, until the main loop
 * runs again; %NULL where they are not known, or too many to look through
 */
GPtrArray *
session_sight_list (SessionSight *self, const char *kind, const char *namespace_)
{
  g_autofree char *key = g_strdup_printf ("%s %s", kind, namespace_ != NULL ? namespace_ : "");
  GPtrArray *objects;

  if (!session_sight_knows (self, kind, namespace_))
    return NULL;
  objects = g_hash_table_lookup (self->objects, key);
  if (objects != NULL)
    return objects;
  objects = read_objects (G_LIST_MODEL (g_hash_table_lookup (self->held, kind)), namespace_);
  if (objects != NULL)
    g_hash_table_insert (self->objects, g_steal_pointer (&key), objects);
  return objects;
}

/**
 * session_sight_find:
 *
 * Returns: (transfer none) (nullable): an object, until the main loop runs again; %NULL also where
 *   it is not known, see session_sight_knows()
 */
JsonNode *
session_sight_find (SessionSight *self, const char *kind, const char *namespace_, const char *name)
{
  KubeObject *object = NULL;

  if (session_sight_knows (self, kind, namespace_))
    object = session_resource_find (g_hash_table_lookup (self->held, kind), namespace_, name);
  if (object == NULL)
    return NULL;
  g_ptr_array_add (self->found, kube_object_ref_json (object));
  return g_ptr_array_index (self->found, self->found->len - 1);
}

/**
 * session_sight_recall:
 * @kind: a plural
 *
 * Returns: (transfer none) (nullable): what was seen of an object; %NULL where it never was
 */
const SessionRecollection *
session_sight_recall (SessionSight *self,
                      const char *kind,
                      const char *namespace_,
                      const char *name)
{
  g_return_val_if_fail (SESSION_IS_SIGHT (self), NULL);

  return self->lab != NULL
           ? session_memory_recall (session_lab_get_memory (self->lab), kind, namespace_, name)
           : NULL;
}

/**
 * session_sight_recall_group:
 * @check: names no object
 *
 * Returns: (transfer none) (nullable): what was seen of those that it is about
 */
const SessionGroup *
session_sight_recall_group (SessionSight *self, CourseCheck *check, const char *namespace_)
{
  g_return_val_if_fail (SESSION_IS_SIGHT (self), NULL);

  return self->lab != NULL
           ? session_memory_recall_group (session_lab_get_memory (self->lab), check, namespace_)
           : NULL;
}

/**
 * session_sight_get_place:
 *
 * Returns: (transfer none) (nullable): from where it is looked
 */
JumpPlace *
session_sight_get_place (SessionSight *self)
{
  g_return_val_if_fail (SESSION_IS_SIGHT (self), NULL);

  return self->lab != NULL ? session_lab_get_place (self->lab) : NULL;
}
