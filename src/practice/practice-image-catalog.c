/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-image-catalog.h"

#include <gio/gio.h>

#include "base-json.h"
#include "base-yaml.h"
#include "practice-resources.h"

#define CATALOG_RESOURCE "/io/github/konvoylab/practice/images.yaml"

/**
 * PracticeImageCatalog:
 *
 * What a registry is to a real cluster: the repositories whose images can be pulled, whatever
 * their tag. An image that is not here ends in ImagePullBackOff, as a misspelt one does.
 */
struct _PracticeImageCatalog {
  GObject parent_instance;

  GHashTable *servers; /* repository to the name of its server, "" where nothing answers */
};

G_DEFINE_FINAL_TYPE (PracticeImageCatalog, practice_image_catalog, G_TYPE_OBJECT)

/* "docker.io/library/redis:5.0.3@sha256:..." is the repository "redis". */
static char *
dup_repository (const char *image)
{
  g_autofree char *name = g_strdup (image);
  char *digest = strchr (name, '@');
  const char *start = name;
  char *last_slash;
  char *tag;

  if (digest != NULL)
    *digest = '\0';
  last_slash = strrchr (name, '/');
  tag = strchr (last_slash != NULL ? last_slash : name, ':');
  if (tag != NULL)
    *tag = '\0';

  if (g_str_has_prefix (start, "docker.io/"))
    start += strlen ("docker.io/");
  if (g_str_has_prefix (start, "library/"))
    start += strlen ("library/");

  return g_strdup (start);
}

static void
practice_image_catalog_finalize (GObject *object)
{
  PracticeImageCatalog *self = PRACTICE_IMAGE_CATALOG (object);

  g_hash_table_unref (self->servers);

  G_OBJECT_CLASS (practice_image_catalog_parent_class)->finalize (object);
}

static void
practice_image_catalog_class_init (PracticeImageCatalogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_image_catalog_finalize;
}

static void
practice_image_catalog_init (PracticeImageCatalog *self)
{
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * practice_image_catalog_new:
 * @error: return location
 *
 * Reads the catalogue that is built into the program.
 *
 * Returns: (transfer full) (nullable): the catalogue
 */
PracticeImageCatalog *
practice_image_catalog_new (GError **error)
{
  g_autoptr (PracticeImageCatalog) self = g_object_new (PRACTICE_TYPE_IMAGE_CATALOG, NULL);
  g_autoptr (GBytes) data = g_resource_lookup_data (practice_get_resource (), CATALOG_RESOURCE,
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr (JsonNode) root = NULL;
  JsonArray *images;

  if (data == NULL)
    return NULL;
  root = base_yaml_parse (g_bytes_get_data (data, NULL), g_bytes_get_size (data), "images.yaml",
                          BASE_YAML_NONE, error);
  if (root == NULL)
    return NULL;

  images = base_json_get_array (root, "images", NULL);
  for (guint i = 0; images != NULL && i < json_array_get_length (images); i++) {
    JsonNode *image = json_array_get_element (images, i);
    const char *server = base_json_get_string (image, "server", NULL);

    g_hash_table_insert (self->servers, g_strdup (base_json_get_string (image, "repository", NULL)),
                         g_strdup (server != NULL ? server : ""));
  }

  return g_steal_pointer (&self);
}

/**
 * practice_image_catalog_has:
 * @self: a catalogue
 * @image: as a container names it, with or without registry, tag and digest
 *
 * Returns: whether a node can pull it
 */
gboolean
practice_image_catalog_has (PracticeImageCatalog *self, const char *image)
{
  g_autofree char *repository = NULL;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), FALSE);
  g_return_val_if_fail (image != NULL, FALSE);

  repository = dup_repository (image);

  return g_hash_table_contains (self->servers, repository);
}

/**
 * practice_image_catalog_get_server:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: (transfer none) (nullable): what answers in its place
 */
const char *
practice_image_catalog_get_server (PracticeImageCatalog *self, const char *image)
{
  g_autofree char *repository = NULL;
  const char *server;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), NULL);
  g_return_val_if_fail (image != NULL, NULL);

  repository = dup_repository (image);
  server = g_hash_table_lookup (self->servers, repository);

  return server != NULL && *server != '\0' ? server : NULL;
}
