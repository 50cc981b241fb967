/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-addon-catalog.h"

#include "base-json.h"
#include "base-yaml.h"
#include "practice-resources.h"

#define RESOURCE_PREFIX "/io/github/konvoylab/practice/"
#define CATALOG "addons.yaml"

/**
 * PracticeAddonCatalog:
 *
 * The add-ons of a Konvoy 1.x cluster, in the order in which Konvoy deploys them.
 */
struct _PracticeAddonCatalog {
  GObject parent_instance;

  GHashTable *addons; /* name to JsonNode */
  GPtrArray *system;  /* of JsonNode */
  GStrv names;
};

G_DEFINE_FINAL_TYPE (PracticeAddonCatalog, practice_addon_catalog, G_TYPE_OBJECT)

static void
practice_addon_catalog_finalize (GObject *object)
{
  PracticeAddonCatalog *self = PRACTICE_ADDON_CATALOG (object);

  g_hash_table_unref (self->addons);
  g_ptr_array_unref (self->system);
  g_strfreev (self->names);

  G_OBJECT_CLASS (practice_addon_catalog_parent_class)->finalize (object);
}

static void
practice_addon_catalog_class_init (PracticeAddonCatalogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_addon_catalog_finalize;
}

static void
practice_addon_catalog_init (PracticeAddonCatalog *self)
{
  self->addons =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
  self->system = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
}

static void
take_up (PracticeAddonCatalog *self, JsonNode *root)
{
  JsonArray *system = base_json_get_array (root, "system", NULL);
  JsonArray *addons = base_json_get_array (root, "addons", NULL);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < base_json_get_length (system); i++)
    g_ptr_array_add (self->system, json_node_ref (json_array_get_element (system, i)));
  for (guint i = 0; i < base_json_get_length (addons); i++) {
    JsonNode *addon = json_array_get_element (addons, i);
    const char *name = base_json_get_string (addon, "name", NULL);

    g_strv_builder_add (names, name);
    g_hash_table_insert (self->addons, g_strdup (name), json_node_ref (addon));
  }
  self->names = g_strv_builder_end (names);
}

/**
 * practice_addon_catalog_new:
 * @error: return location
 *
 * Reads the catalogue that is built into the program.
 *
 * Returns: (transfer full) (nullable): the catalogue
 */
PracticeAddonCatalog *
practice_addon_catalog_new (GError **error)
{
  g_autoptr (PracticeAddonCatalog) self = g_object_new (PRACTICE_TYPE_ADDON_CATALOG, NULL);
  g_autoptr (GPtrArray) documents = practice_addon_catalog_read_manifest (CATALOG, error);

  if (documents == NULL)
    return NULL;
  for (guint i = 0; i < documents->len; i++)
    take_up (self, g_ptr_array_index (documents, i));

  return g_steal_pointer (&self);
}

/**
 * practice_addon_catalog_get_names:
 * @self: a catalogue
 *
 * Returns: (transfer none): the names of all add-ons, in the order in which they are deployed
 */
const char *const *
practice_addon_catalog_get_names (PracticeAddonCatalog *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDON_CATALOG (self), NULL);

  return (const char *const *)self->names;
}

/**
 * practice_addon_catalog_find:
 * @self: a catalogue
 * @name: of an add-on
 *
 * Returns: (transfer none) (nullable): what the catalogue says of it
 */
JsonNode *
practice_addon_catalog_find (PracticeAddonCatalog *self, const char *name)
{
  g_return_val_if_fail (PRACTICE_IS_ADDON_CATALOG (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->addons, name);
}

/**
 * practice_addon_catalog_get_system:
 * @self: a catalogue
 *
 * Returns: (transfer none) (element-type JsonNode): what belongs to Kubernetes itself
 */
GPtrArray *
practice_addon_catalog_get_system (PracticeAddonCatalog *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDON_CATALOG (self), NULL);

  return self->system;
}

/**
 * practice_addon_catalog_read_manifest:
 * @file_name: of a file in data/practice
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type JsonNode): its documents
 */
GPtrArray *
practice_addon_catalog_read_manifest (const char *file_name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCE_PREFIX, file_name, NULL);
  g_autoptr (GBytes) data =
    g_resource_lookup_data (practice_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (data == NULL)
    return NULL;

  return base_yaml_parse_all (g_bytes_get_data (data, NULL), g_bytes_get_size (data), file_name,
                              BASE_YAML_NONE, error);
}
