/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-resources.h"

#include "session-resource-private.h"

struct _SessionResources {
  GObject parent_instance;

  SessionTrouble *trouble;
  GHashTable *table;  /* of const KubeKind to SessionResource */
  KubeClient *client; /* (nullable): while there is a connection */
  GError *offline;    /* (nullable): why there is none */
};

G_DEFINE_FINAL_TYPE (SessionResources, session_resources, G_TYPE_OBJECT)

/* Offline the rows stay, and say that they are old. */
static void
update (SessionResources *self, SessionResource *resource)
{
  if (self->client != NULL)
    session_resource_set_client (resource, self->client);
  session_resource_set_offline (resource, self->offline);
}

/* Who hears of a change may ask for a resource that was not there before. */
static void
update_all (SessionResources *self)
{
  g_autoptr (GPtrArray) resources = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer resource;

  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, NULL, &resource))
    g_ptr_array_add (resources, g_object_ref (resource));
  for (guint i = 0; i < resources->len; i++)
    update (self, g_ptr_array_index (resources, i));
}

static void
session_resources_dispose (GObject *object)
{
  session_resources_drop (SESSION_RESOURCES (object));
  G_OBJECT_CLASS (session_resources_parent_class)->dispose (object);
}

static void
session_resources_finalize (GObject *object)
{
  SessionResources *self = SESSION_RESOURCES (object);

  g_clear_object (&self->trouble);
  g_clear_error (&self->offline);
  g_clear_pointer (&self->table, g_hash_table_unref);
  G_OBJECT_CLASS (session_resources_parent_class)->finalize (object);
}

static void
session_resources_class_init (SessionResourcesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_resources_dispose;
  object_class->finalize = session_resources_finalize;
}

static void
session_resources_init (SessionResources *self)
{
  self->table = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

/**
 * session_resources_new:
 * @trouble: is to watch each of them
 *
 * Returns: (transfer full): no resource yet, and no connection
 */
SessionResources *
session_resources_new (SessionTrouble *trouble)
{
  SessionResources *self = g_object_new (SESSION_TYPE_RESOURCES, NULL);

  self->trouble = g_object_ref (trouble);
  return self;
}

/**
 * session_resources_get:
 * @name: as kube_kind_lookup() takes it
 *
 * Returns: (nullable) (transfer none): the same one for all names of a kind; %NULL where the kind
 * is not known
 */
SessionResource *
session_resources_get (SessionResources *self, const char *name)
{
  const KubeKind *kind = kube_kind_lookup (name);
  SessionResource *resource;

  if (kind == NULL)
    return NULL;
  resource = g_hash_table_lookup (self->table, kind);
  if (resource == NULL) {
    resource = session_resource_new (kind);
    g_hash_table_insert (self->table, (gpointer)kind, resource);
    session_trouble_watch (self->trouble, resource);
    update (self, resource);
  }
  return resource;
}

/**
 * session_resources_connect:
 * @client: whom to ask from now on
 */
void
session_resources_connect (SessionResources *self, KubeClient *client)
{
  g_set_object (&self->client, client);
  g_clear_error (&self->offline);
  update_all (self);
}

/**
 * session_resources_disconnect:
 * @error: (nullable): why there is nobody to ask
 */
void
session_resources_disconnect (SessionResources *self, const GError *error)
{
  g_clear_object (&self->client);
  g_clear_error (&self->offline);
  self->offline = error != NULL ? g_error_copy (error) : NULL;
  update_all (self);
}

/**
 * session_resources_drop:
 *
 * Lets all of them go, and their client with them.
 */
void
session_resources_drop (SessionResources *self)
{
  g_hash_table_remove_all (self->table);
  g_clear_object (&self->client);
}
