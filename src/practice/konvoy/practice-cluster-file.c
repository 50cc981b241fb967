/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-yaml.h"
#include "practice-cluster-file.h"

/* clang-format off */
G_DEFINE_QUARK (practice-cluster-file-error-quark, practice_cluster_file_error)
/* clang-format on */

/* A cluster.yaml while it is read. */
typedef struct {
  const char *text;
  const char *name;         /* of the file */
  const char *const *known; /* add-ons that there are */
  GHashTable *seen;         /* of add-on names, not owned */
  GStrvBuilder *enabled;
  guint n_items;
} Reading;

static guint
count_indent (const char *line)
{
  return strspn (line, " ");
}

/* The line on which an item of the add-on lists begins. A parsed document does not know its lines,
 * so they are counted as people write them, one item a line; 0: written in another way. */
static guint
find_item_line (const char *text, guint wanted)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean is_inside = FALSE;
  guint indent = G_MAXUINT;
  guint n_items = 0;

  for (guint i = 0; lines[i]; i++) {
    const char *content = lines[i] + count_indent (lines[i]);

    if (g_str_has_prefix (content, "addonsList:")) {
      is_inside = TRUE;
      indent = G_MAXUINT;
    } else if (is_inside && *content == '-') {
      if (indent == G_MAXUINT)
        indent = count_indent (lines[i]);
      if (count_indent (lines[i]) == indent && n_items++ == wanted)
        return i + 1;
    }
  }
  return 0;
}

G_GNUC_PRINTF (3, 4)
static void
set_item_error (Reading *self, GError **error, const char *format, ...)
{
  guint line = find_item_line (self->text, self->n_items);
  g_autofree char *place =
    line > 0 ? g_strdup_printf ("%s:%u", self->name, line) : g_strdup (self->name);
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, PRACTICE_CLUSTER_FILE_ERROR, PRACTICE_CLUSTER_FILE_ERROR_INVALID, "%s: %s",
               place, message);
}

static gboolean
read_item (Reading *self, JsonNode *item, GError **error)
{
  const char *name = base_json_get_string (item, "name", NULL);
  JsonNode *enabled = base_json_get (item, "enabled", NULL);

  if (!name) {
    set_item_error (self, error, _ ("this add-on has no name."));
    return FALSE;
  }
  if (!g_strv_contains (self->known, name)) {
    set_item_error (self, error, _ ("there is no add-on named “%s”."), name);
    return FALSE;
  }
  if (!g_hash_table_add (self->seen, (gpointer)name)) {
    set_item_error (self, error, _ ("the add-on “%s” is in the list twice."), name);
    return FALSE;
  }
  if (!enabled || !JSON_NODE_HOLDS_VALUE (enabled) ||
      json_node_get_value_type (enabled) != G_TYPE_BOOLEAN) {
    set_item_error (self, error, _ ("“enabled” of the add-on “%s” must be true or false."), name);
    return FALSE;
  }
  if (json_node_get_boolean (enabled))
    g_strv_builder_add (self->enabled, name);
  self->n_items++;
  return TRUE;
}

static gboolean
read_list (Reading *self, JsonArray *list, GError **error)
{
  guint n_items = list ? json_array_get_length (list) : 0;

  for (guint i = 0; i < n_items; i++)
    if (!read_item (self, json_array_get_element (list, i), error))
      return FALSE;
  return TRUE;
}

/* Konvoy has had one list of add-ons, and one for each repository of them. */
static gboolean
read_configuration (Reading *self, JsonNode *document, GError **error)
{
  JsonArray *repositories = base_json_get_array (document, "spec", "addons", NULL);
  guint n_repositories = repositories ? json_array_get_length (repositories) : 0;

  for (guint i = 0; i < n_repositories; i++)
    if (!read_list (
          self, base_json_get_array (json_array_get_element (repositories, i), "addonsList", NULL),
          error))
      return FALSE;
  return read_list (self, base_json_get_array (document, "spec", "addons", "addonsList", NULL),
                    error);
}

static JsonNode *
find_configuration (GPtrArray *documents)
{
  for (guint i = 0; i < documents->len; i++) {
    JsonNode *document = g_ptr_array_index (documents, i);

    if (g_strcmp0 (base_json_get_string (document, "kind", NULL), "ClusterConfiguration") == 0)
      return document;
  }
  return NULL;
}

/**
 * practice_cluster_file_parse:
 * @text: what is in the file
 * @length: bytes of @text; -1: it ends with a 0
 * @name: name of the file, for errors
 * @known: the add-ons that there are
 * @error: return location for an error, "name:line: message" where the line is known
 *
 * Reads the add-ons of a Konvoy 1.x `cluster.yaml`.
 *
 * Returns: (transfer full) (nullable): names of those that are enabled, in the file's order
 */
GStrv
practice_cluster_file_parse (
  const char *text, gssize length, const char *name, const char *const *known, GError **error)
{
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GStrvBuilder) enabled = g_strv_builder_new ();
  g_autofree char *copy = NULL;
  JsonNode *configuration;
  Reading self;

  g_return_val_if_fail (text != NULL && name != NULL && known != NULL, NULL);

  documents = base_yaml_parse_all (text, length, name, BASE_YAML_NONE, error);
  if (!documents)
    return NULL;
  copy = length < 0 ? g_strdup (text) : g_strndup (text, length);
  self = (Reading){ copy, name, known, seen, enabled, 0 };
  configuration = find_configuration (documents);
  if (!configuration) {
    g_set_error (error, PRACTICE_CLUSTER_FILE_ERROR, PRACTICE_CLUSTER_FILE_ERROR_INVALID,
                 _ ("%s: there is no document of the kind ClusterConfiguration."), name);
    return NULL;
  }
  if (!read_configuration (&self, configuration, error))
    return NULL;
  return g_strv_builder_end (enabled);
}
