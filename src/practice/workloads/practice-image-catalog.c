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
 * What a registry is to a real cluster: the repositories whose images can be pulled, and which tags
 * they may have. An image that is not here ends in ImagePullBackOff, as a misspelt one does.
 */
struct _PracticeImageCatalog {
  GObject parent_instance;

  JsonNode *root;     /* (nullable): the catalogue's text */
  GHashTable *images; /* repository to its JsonNode, unowned */
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

/* (nullable): NULL: none, or a digest that says it all. */
static char *
dup_tag (const char *image)
{
  const char *last_slash = strrchr (image, '/');
  const char *tag = strchr (last_slash != NULL ? last_slash : image, ':');

  return tag != NULL && strchr (image, '@') == NULL ? g_strdup (tag + 1) : NULL;
}

/* (nullable) */
static JsonNode *
find (PracticeImageCatalog *self, const char *image)
{
  g_autofree char *repository = dup_repository (image);

  return g_hash_table_lookup (self->images, repository);
}

static void
practice_image_catalog_finalize (GObject *object)
{
  PracticeImageCatalog *self = PRACTICE_IMAGE_CATALOG (object);

  g_hash_table_unref (self->images);
  g_clear_pointer (&self->root, json_node_unref);

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
  self->images = g_hash_table_new (g_str_hash, g_str_equal);
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
  JsonArray *images;

  if (data == NULL)
    return NULL;
  self->root = base_yaml_parse (g_bytes_get_data (data, NULL), g_bytes_get_size (data),
                                "images.yaml", BASE_YAML_NONE, error);
  if (self->root == NULL)
    return NULL;

  images = base_json_get_array (self->root, "images", NULL);
  for (guint i = 0; i < base_json_get_length (images); i++) {
    JsonNode *image = json_array_get_element (images, i);
    const char *also = base_json_get_string (image, "also", NULL);

    g_hash_table_insert (self->images, (char *)base_json_get_string (image, "repository", NULL),
                         image);
    if (also != NULL)
      g_hash_table_insert (self->images, (char *)also, image);
  }

  return g_steal_pointer (&self);
}

/**
 * practice_image_catalog_has:
 * @self: a catalogue
 * @image: as a container names it, with or without registry, tag and digest
 *
 * Returns: whether there is such a repository
 */
gboolean
practice_image_catalog_has (PracticeImageCatalog *self, const char *image)
{
  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), FALSE);
  g_return_val_if_fail (image != NULL, FALSE);

  return find (self, image) != NULL;
}

/**
 * practice_image_catalog_has_tag:
 * @self: a catalogue
 * @image: as a container names it, of a repository that is there
 *
 * Returns: whether the repository may well have an image of that tag: one that follows its way of
 *   numbering
 */
gboolean
practice_image_catalog_has_tag (PracticeImageCatalog *self, const char *image)
{
  const char *pattern;
  g_autofree char *tag = NULL;
  g_autofree char *whole = NULL;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), FALSE);
  g_return_val_if_fail (image != NULL, FALSE);

  pattern = base_json_get_string (find (self, image), "tags", NULL);
  tag = dup_tag (image);
  if (pattern == NULL || tag == NULL || g_str_equal (tag, "latest"))
    return TRUE;
  whole = g_strdup_printf ("^(?:%s)$", pattern);

  return g_regex_match_simple (whole, tag, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/**
 * practice_image_catalog_ends:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: whether its program does its work and ends at once
 */
gboolean
practice_image_catalog_ends (PracticeImageCatalog *self, const char *image)
{
  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), FALSE);

  return base_json_get_boolean (find (self, image), FALSE, "ends", NULL);
}

/* Whether @word, with or without a folder, is the image's own program. */
static gboolean
is_own_command (JsonNode *image, const char *word)
{
  JsonArray *commands = base_json_get_array (image, "commands", NULL);
  g_autofree char *name = g_path_get_basename (word);

  for (guint i = 0; i < base_json_get_length (commands); i++)
    if (g_str_equal (json_array_get_string_element (commands, i), name))
      return TRUE;

  return FALSE;
}

static const char *
get_first (JsonNode *container, const char *member)
{
  JsonArray *words = base_json_get_array (container, member, NULL);
  JsonNode *first = base_json_get_length (words) > 0 ? json_array_get_element (words, 0) : NULL;

  return first != NULL && JSON_NODE_HOLDS_VALUE (first) ? json_node_get_string (first) : NULL;
}

/**
 * practice_image_catalog_get_server:
 * @self: a catalogue
 * @container: a container of a Pod
 *
 * Returns: (transfer none) (nullable): what runs in it in the place of the image's program; %NULL
 *   also where its `command` or `args` name another program
 *   (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/)
 */
const char *
practice_image_catalog_get_server (PracticeImageCatalog *self, JsonNode *container)
{
  const char *command = get_first (container, "command");
  const char *argument = get_first (container, "args");
  JsonNode *image;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), NULL);
  g_return_val_if_fail (container != NULL, NULL);

  image = find (self, base_json_get_string (container, "image", NULL));
  if (command != NULL && !is_own_command (image, command))
    return NULL;
  if (command == NULL && argument != NULL && *argument != '-' &&
      !base_json_get_boolean (image, FALSE, "arguments", NULL) && !is_own_command (image, argument))
    return NULL;

  return base_json_get_string (image, "server", NULL);
}

/**
 * practice_image_catalog_get_shell:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: (transfer none): what an image whose server is "shell" starts by itself
 */
const char *
practice_image_catalog_get_shell (PracticeImageCatalog *self, const char *image)
{
  const char *shell;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), NULL);
  g_return_val_if_fail (image != NULL, NULL);

  shell = base_json_get_string (find (self, image), "shell", NULL);

  return shell != NULL ? shell : "sh";
}

/**
 * practice_image_catalog_get_entry_point:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: (transfer none) (nullable): what it puts before arguments that name no program
 */
const char *
practice_image_catalog_get_entry_point (PracticeImageCatalog *self, const char *image)
{
  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), NULL);
  g_return_val_if_fail (image != NULL, NULL);

  return base_json_get_string (find (self, image), "entryPoint", NULL);
}

/**
 * practice_image_catalog_get_port:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: the TCP port at which its program listens; 0: none
 */
guint16
practice_image_catalog_get_port (PracticeImageCatalog *self, const char *image)
{
  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), 0);
  g_return_val_if_fail (image != NULL, 0);

  return base_json_get_int (find (self, image), 0, "port", NULL);
}

/**
 * practice_image_catalog_dup_environment:
 * @self: a catalogue
 * @image: as a container names it
 *
 * Returns: (transfer full) (element-type utf8 utf8): the variables that it sets
 */
GHashTable *
practice_image_catalog_dup_environment (PracticeImageCatalog *self, const char *image)
{
  GHashTable *environment = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObject *variables;
  g_autoptr (GList) names = NULL;

  g_return_val_if_fail (PRACTICE_IS_IMAGE_CATALOG (self), environment);
  g_return_val_if_fail (image != NULL, environment);

  variables = base_json_get_object (find (self, image), "environment", NULL);
  names = variables != NULL ? json_object_get_members (variables) : NULL;
  for (GList *link = names; link != NULL; link = link->next)
    g_hash_table_insert (environment, g_strdup (link->data),
                         g_strdup (json_object_get_string_member (variables, link->data)));

  return environment;
}
