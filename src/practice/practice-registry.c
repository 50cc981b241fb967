/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-registry.h"

#include "practice-kinds.h"

struct _PracticeRegistry {
  GObject parent_instance;
  PracticeStore *store;
  PracticeSchema *schema;
  GPtrArray *builtin;   /* (element-type PracticeResource): as long as the registry lives */
  GPtrArray *resources; /* (element-type PracticeResource) */
};

G_DEFINE_FINAL_TYPE (PracticeRegistry, practice_registry, G_TYPE_OBJECT)

static int
compare_resources (gconstpointer a, gconstpointer b)
{
  const PracticeResource *first = *(PracticeResource *const *)a;
  const PracticeResource *second = *(PracticeResource *const *)b;
  int order = strcmp (first->group, second->group);

  return order != 0 ? order : strcmp (first->plural, second->plural);
}

/* Definitions are few and change seldom: all custom resources are made anew at each change. Who is
 * still at one of the old ones holds a reference to it. */
static void
rebuild (PracticeRegistry *self)
{
  g_autoptr (GPtrArray) definitions = practice_store_list (self->store, PRACTICE_DEFINITIONS, NULL);
  g_autoptr (GPtrArray) custom = g_ptr_array_new ();

  g_ptr_array_set_size (self->resources, 0);
  for (guint i = 0; i < self->builtin->len; i++)
    g_ptr_array_add (self->resources, practice_resource_ref (self->builtin->pdata[i]));
  for (guint i = 0; i < definitions->len; i++)
    g_ptr_array_add (custom, practice_resource_new_custom (definitions->pdata[i]));
  g_ptr_array_sort (custom, compare_resources);
  g_ptr_array_extend_and_steal (self->resources, g_steal_pointer (&custom));
}

static void
definition_event_cb (PracticeStore *store,
                     PracticeEventType type,
                     const char *resource,
                     JsonNode *object,
                     JsonNode *old,
                     PracticeRegistry *self)
{
  rebuild (self);
}

static void
practice_registry_finalize (GObject *object)
{
  PracticeRegistry *self = PRACTICE_REGISTRY (object);

  g_clear_pointer (&self->resources, g_ptr_array_unref);
  g_clear_pointer (&self->builtin, g_ptr_array_unref);
  g_clear_object (&self->schema);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_registry_parent_class)->finalize (object);
}

static void
practice_registry_class_init (PracticeRegistryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_registry_finalize;
}

static void
practice_registry_init (PracticeRegistry *self)
{
  const PracticeKind *const *kinds = practice_kinds_get ();

  self->schema = practice_schema_new ();
  self->builtin = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_resource_unref);
  for (guint i = 0; kinds[i] != NULL; i++)
    g_ptr_array_add (self->builtin, practice_resource_new_builtin (kinds[i], self->schema));
  self->resources = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_resource_unref);
}

/**
 * practice_registry_new:
 * @store: the store
 *
 * Returns: (transfer full): the registry of what is served, which follows the definitions in @store
 */
PracticeRegistry *
practice_registry_new (PracticeStore *store)
{
  PracticeRegistry *self = g_object_new (PRACTICE_TYPE_REGISTRY, NULL);

  self->store = g_object_ref (store);
  /* Before the handlers of those who ask the registry about what a definition defines. */
  g_signal_connect_object (store, "event::" PRACTICE_DEFINITIONS, G_CALLBACK (definition_event_cb),
                           self, 0);
  rebuild (self);
  return self;
}

/**
 * practice_registry_get_store:
 * @self: the registry
 *
 * Returns: (transfer none): the store that the definitions are in
 */
PracticeStore *
practice_registry_get_store (PracticeRegistry *self)
{
  return self->store;
}

/**
 * practice_registry_get_schema:
 * @self: the registry
 *
 * Returns: (transfer none): the types of the server's own kinds
 */
PracticeSchema *
practice_registry_get_schema (PracticeRegistry *self)
{
  return self->schema;
}

/**
 * practice_registry_find:
 * @self: the registry
 * @group: its group; "" is core
 * @version_name: the version that is asked for
 * @plural: its plural
 * @version: (out): the version, where there is one
 *
 * Finds a resource as a request names it.
 *
 * Returns: (transfer none) (nullable): the resource, valid until a definition changes
 */
PracticeResource *
practice_registry_find (PracticeRegistry *self,
                        const char *group,
                        const char *version_name,
                        const char *plural,
                        const PracticeVersion **version)
{
  g_return_val_if_fail (PRACTICE_IS_REGISTRY (self), NULL);

  for (guint i = 0; i < self->resources->len; i++) {
    PracticeResource *resource = self->resources->pdata[i];

    if (!g_str_equal (resource->plural, plural) || !g_str_equal (resource->group, group))
      continue;
    *version = practice_resource_find_version (resource, version_name);
    return *version != NULL ? resource : NULL;
  }
  return NULL;
}

/**
 * practice_registry_find_kind:
 * @self: the registry
 * @group: its group; "" is core
 * @kind: its kind
 *
 * Finds a resource as an object names it.
 *
 * Returns: (transfer none) (nullable): the resource, valid until a definition changes
 */
PracticeResource *
practice_registry_find_kind (PracticeRegistry *self, const char *group, const char *kind)
{
  g_return_val_if_fail (PRACTICE_IS_REGISTRY (self), NULL);

  for (guint i = 0; i < self->resources->len; i++) {
    PracticeResource *resource = self->resources->pdata[i];

    if (g_str_equal (resource->kind, kind) && g_str_equal (resource->group, group))
      return resource;
  }
  return NULL;
}

/**
 * practice_registry_find_stored:
 * @self: the registry
 * @store_name: "group/plural"
 *
 * Returns: (transfer none) (nullable): the first resource that keeps its objects there
 */
PracticeResource *
practice_registry_find_stored (PracticeRegistry *self, const char *store_name)
{
  g_return_val_if_fail (PRACTICE_IS_REGISTRY (self), NULL);

  for (guint i = 0; i < self->resources->len; i++) {
    PracticeResource *resource = self->resources->pdata[i];

    if (g_str_equal (resource->store_name, store_name))
      return resource;
  }
  return NULL;
}

/**
 * practice_registry_get_resources:
 * @self: the registry
 *
 * Returns: (transfer none) (element-type PracticeResource): all, in the order of discovery; valid
 *   until a definition changes
 */
GPtrArray *
practice_registry_get_resources (PracticeRegistry *self)
{
  g_return_val_if_fail (PRACTICE_IS_REGISTRY (self), NULL);

  return self->resources;
}
