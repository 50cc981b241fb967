/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-config-private.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"

#define VIRTUAL_SERVICES "networking.istio.io/virtualservices"
#define DESTINATION_RULES "networking.istio.io/destinationrules"
#define GATEWAYS "networking.istio.io/gateways"
#define ENTRIES "networking.istio.io/serviceentries"
#define PODS "/pods"

static void
virtual_service_free (gpointer data)
{
  PracticeMeshVirtualService *self = data;

  json_node_unref (self->object);
  g_free (self->namespace_);
  g_free (self->name);
  g_strfreev (self->hosts);
  g_strfreev (self->gateways);
  g_free (self);
}

/* Pilot's order: by age, then by name. Times of one form compare as text. */
static int
compare_ages (gconstpointer a, gconstpointer b)
{
  static const char *const keys[] = { "creationTimestamp", "name", "namespace" };
  JsonNode *first = *(JsonNode **)a;
  JsonNode *second = *(JsonNode **)b;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    int order = g_strcmp0 (base_json_get_string (first, "metadata", keys[i], NULL),
                           base_json_get_string (second, "metadata", keys[i], NULL));

    if (order != 0)
      return order;
  }
  return 0;
}

/* (transfer full): of JsonNode */
static GPtrArray *
list_objects (PracticeStore *store, const char *resource)
{
  g_autoptr (GPtrArray) listed = practice_store_list (store, resource, NULL);
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < listed->len; i++)
    g_ptr_array_add (objects, json_node_ref (listed->pdata[i]));
  g_ptr_array_sort (objects, compare_ages);
  return objects;
}

static GStrv
qualify_all (JsonArray *names,
             const char *namespace_,
             char *(*qualify) (const char *name, const char *namespace_),
             const char *fallback)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n_names = base_json_get_length (names);

  for (guint i = 0; i < n_names; i++) {
    JsonNode *name = json_array_get_element (names, i);
    g_autofree char *whole = NULL;

    if (!JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
      continue;
    whole = qualify (json_node_get_string (name), namespace_);
    g_strv_builder_add (builder, whole);
  }
  if (n_names == 0 && fallback != NULL)
    g_strv_builder_add (builder, fallback);
  return g_strv_builder_end (builder);
}

static void
add_virtual_service (PracticeMeshConfig *self, JsonNode *object)
{
  PracticeMeshVirtualService *added = g_new0 (PracticeMeshVirtualService, 1);

  added->object = json_node_ref (object);
  added->namespace_ = g_strdup (base_metadata_get_namespace (object));
  added->name = g_strdup (base_metadata_get_name (object));
  added->hosts = qualify_all (base_json_get_array (object, "spec", "hosts", NULL),
                              added->namespace_, practice_mesh_name_qualify, NULL);
  added->gateways = qualify_all (base_json_get_array (object, "spec", "gateways", NULL),
                                 added->namespace_, practice_mesh_name_qualify_gateway, "mesh");
  g_ptr_array_add (self->virtual_services, added);
}

static void
free_regex (gpointer data)
{
  if (data != NULL)
    g_regex_unref (data);
}

/**
 * practice_mesh_config_new:
 * @store: the cluster's objects
 * @minor: the minor number of the Istio whose rules count
 *
 * Returns: (transfer full): the configuration as it is now
 */
PracticeMeshConfig *
practice_mesh_config_new (PracticeStore *store, guint minor)
{
  PracticeMeshConfig *self = g_new0 (PracticeMeshConfig, 1);
  g_autoptr (GPtrArray) services = list_objects (store, VIRTUAL_SERVICES);
  g_autoptr (GPtrArray) rules = list_objects (store, DESTINATION_RULES);

  g_atomic_ref_count_init (&self->references);
  self->minor = minor;
  self->virtual_services = g_ptr_array_new_with_free_func (virtual_service_free);
  self->rules = g_ptr_array_new_with_free_func (practice_mesh_rule_entry_free);
  self->gateways = list_objects (store, GATEWAYS);
  self->entries = list_objects (store, ENTRIES);
  self->regexes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_regex);
  for (guint i = 0; i < services->len; i++)
    add_virtual_service (self, services->pdata[i]);
  for (guint i = 0; i < rules->len; i++)
    practice_mesh_config_add_rule (self, rules->pdata[i]);
  return self;
}

/**
 * practice_mesh_config_ref:
 * @self: a configuration
 *
 * Returns: (transfer full): @self
 */
PracticeMeshConfig *
practice_mesh_config_ref (PracticeMeshConfig *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * practice_mesh_config_unref:
 * @self: (transfer full): a configuration
 */
void
practice_mesh_config_unref (PracticeMeshConfig *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->virtual_services);
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->gateways);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->regexes);
  g_clear_pointer (&self->frozen, g_hash_table_unref);
  g_free (self);
}

static char *
make_key (const char *resource, const char *namespace_, const char *name)
{
  return g_strconcat (resource, " ", namespace_, "/", name, NULL);
}

/**
 * practice_mesh_config_freeze:
 * @self: a configuration
 * @store: the cluster's objects
 *
 * For when nobody is there any more who tells the proxies of changes: they keep what they know, of
 * Services and pods, too.
 */
void
practice_mesh_config_freeze (PracticeMeshConfig *self, PracticeStore *store)
{
  static const char *const resources[] = { "/services", "/endpoints", PODS };

  if (self->frozen != NULL)
    return;
  self->frozen =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++) {
    g_autoptr (GPtrArray) objects = practice_store_list (store, resources[i], NULL);

    for (guint j = 0; j < objects->len; j++) {
      JsonNode *object = objects->pdata[j];

      g_hash_table_insert (self->frozen,
                           make_key (resources[i], base_metadata_get_namespace (object),
                                     base_metadata_get_name (object)),
                           json_node_ref (object));
    }
  }
}

/**
 * practice_mesh_config_get_object:
 * @self: a configuration
 * @store: the cluster's objects
 * @resource: "/services", "/endpoints" or "/pods"
 * @namespace_: its namespace
 * @name: its name
 *
 * Returns: (transfer none) (nullable): the object as it was when @self was frozen, else as it is
 */
JsonNode *
practice_mesh_config_get_object (PracticeMeshConfig *self,
                                 PracticeStore *store,
                                 const char *resource,
                                 const char *namespace_,
                                 const char *name)
{
  g_autofree char *key = NULL;

  if (self->frozen == NULL)
    return practice_store_get (store, resource, namespace_, name);
  key = make_key (resource, namespace_, name);
  return g_hash_table_lookup (self->frozen, key);
}

/**
 * practice_mesh_config_reaches:
 * @self: a configuration
 * @pod: a Pod
 *
 * Returns: whether the proxy in @pod has been given it
 */
gboolean
practice_mesh_config_reaches (PracticeMeshConfig *self, JsonNode *pod)
{
  g_autofree char *key = NULL;
  JsonNode *known;

  if (self->frozen == NULL)
    return TRUE;
  key = make_key (PODS, base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  known = g_hash_table_lookup (self->frozen, key);
  return base_json_get_string (known, "status", "podIP", NULL) != NULL &&
         g_strcmp0 (base_metadata_get_uid (known), base_metadata_get_uid (pod)) == 0;
}

/**
 * practice_mesh_config_get_minor:
 * @self: a configuration
 *
 * Returns: the minor number of the Istio whose rules count
 */
guint
practice_mesh_config_get_minor (PracticeMeshConfig *self)
{
  return self->minor;
}

/**
 * practice_mesh_config_get_virtual_services:
 * @self: a configuration
 *
 * Returns: (transfer none) (element-type PracticeMeshVirtualService): the oldest first, as Pilot
 *   orders them
 */
GPtrArray *
practice_mesh_config_get_virtual_services (PracticeMeshConfig *self)
{
  return self->virtual_services;
}

/**
 * practice_mesh_config_get_gateways:
 * @self: a configuration
 *
 * Returns: (transfer none) (element-type JsonNode): the Gateways, the oldest first
 */
GPtrArray *
practice_mesh_config_get_gateways (PracticeMeshConfig *self)
{
  return self->gateways;
}

/**
 * practice_mesh_config_get_entries:
 * @self: a configuration
 *
 * Returns: (transfer none) (element-type JsonNode): the ServiceEntries, the oldest first
 */
GPtrArray *
practice_mesh_config_get_entries (PracticeMeshConfig *self)
{
  return self->entries;
}

/**
 * practice_mesh_config_find_entry:
 * @self: a configuration
 * @host: a host name
 *
 * Returns: (transfer none) (nullable): the first ServiceEntry that has @host among its own
 */
JsonNode *
practice_mesh_config_find_entry (PracticeMeshConfig *self, const char *host)
{
  for (guint i = 0; i < self->entries->len; i++) {
    JsonArray *hosts = base_json_get_array (self->entries->pdata[i], "spec", "hosts", NULL);

    for (guint j = 0; j < base_json_get_length (hosts); j++) {
      JsonNode *name = json_array_get_element (hosts, j);

      if (JSON_NODE_HOLDS_VALUE (name) && json_node_get_value_type (name) == G_TYPE_STRING &&
          practice_mesh_name_matches (json_node_get_string (name), host))
        return self->entries->pdata[i];
    }
  }
  return NULL;
}

/**
 * practice_mesh_config_get_regex:
 * @self: a configuration
 * @pattern: a regular expression of a StringMatch
 *
 * Returns: (transfer none) (nullable): it, to be matched against whole strings as Envoy does
 */
GRegex *
practice_mesh_config_get_regex (PracticeMeshConfig *self, const char *pattern)
{
  gpointer found = NULL;

  if (!g_hash_table_lookup_extended (self->regexes, pattern, NULL, &found)) {
    g_autofree char *whole = g_strconcat ("\\A(?:", pattern, ")\\z", NULL);

    found = g_regex_new (whole, G_REGEX_OPTIMIZE, G_REGEX_MATCH_DEFAULT, NULL);
    g_hash_table_insert (self->regexes, g_strdup (pattern), found);
  }
  return found;
}
