/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-yaml.h"
#include "kube-context-builder.h"
#include "kube-error.h"

#define MAX_FILE_BYTES (4 * 1024 * 1024)
#define MAX_CONTEXTS_NAMED 6

/**
 * KubeConfig:
 *
 * Kubeconfig files merged as kubectl does (the Kubernetes page "Organizing Cluster Access Using
 * kubeconfig Files"): of entries with one name the first file's counts, as a whole.
 */
struct _KubeConfig {
  GObject parent_instance;

  GPtrArray *roots;     /* of JsonNode: what the entries point into */
  GHashTable *clusters; /* name to KubeConfigEntry */
  GHashTable *users;
  GHashTable *contexts;
  GPtrArray *context_names; /* of char *, in the files' order */
  char *current_context;    /* (nullable) */
  GHashTable *files;        /* path to GBytes */
  gboolean local;
};

G_DEFINE_FINAL_TYPE (KubeConfig, kube_config, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  KubeConfigEntry *entry = data;

  g_free (entry->directory);
  g_free (entry);
}

static gboolean
check_root (JsonNode *root, const char *path, GError **error)
{
  const char *kind = base_json_get_string (root, "kind", NULL);

  if (JSON_NODE_HOLDS_OBJECT (root) && (kind == NULL || g_str_equal (kind, "Config")))
    return TRUE;
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG, _ ("%s is not a kubeconfig."), path);
  return FALSE;
}

static gboolean
check_names (JsonNode *root, const char *list_name, const char *path, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *list = base_json_get_array (root, list_name, NULL);
  guint length = base_json_get_length (list);

  for (guint i = 0; i < length; i++) {
    const char *name = base_json_get_string (json_array_get_element (list, i), "name", NULL);

    if (name != NULL && !g_hash_table_add (seen, (gpointer)name)) {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   /* Translators: a file, a name, and the list it stands in, such as "users" */
                   _ ("%s has the name “%s” twice in %s."), path, name, list_name);
      return FALSE;
    }
  }
  return TRUE;
}

/* Adds the entries of one file to @table, but for those that an earlier file has. */
static void
add_entries (GHashTable *table,
             GPtrArray *names,
             JsonNode *root,
             const char *list_name,
             const char *member,
             const char *path)
{
  g_autofree char *directory = g_path_get_dirname (path);
  JsonArray *list = base_json_get_array (root, list_name, NULL);
  guint length = base_json_get_length (list);

  for (guint i = 0; i < length; i++) {
    JsonNode *item = json_array_get_element (list, i);
    const char *name = base_json_get_string (item, "name", NULL);
    KubeConfigEntry *entry;

    if (name == NULL || g_hash_table_contains (table, name))
      continue;
    entry = g_new0 (KubeConfigEntry, 1);
    entry->value = base_json_get (item, member, NULL);
    entry->directory = g_strdup (directory);
    g_hash_table_insert (table, g_strdup (name), entry);
    if (names != NULL)
      g_ptr_array_add (names, g_strdup (name));
  }
}

static const KubeConfigEntry *
find_entry (GHashTable *table, const char *name)
{
  return name != NULL ? g_hash_table_lookup (table, name) : NULL;
}

static void
set_unknown_context (KubeConfig *self, const char *name, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < MIN (self->context_names->len, MAX_CONTEXTS_NAMED); i++) {
    g_string_append (names, i > 0 ? ", " : "");
    /* Translators: a name in a list of them */
    g_string_append_printf (names, _ ("“%s”"),
                            (const char *)g_ptr_array_index (self->context_names, i));
  }
  if (self->context_names->len > MAX_CONTEXTS_NAMED)
    g_string_append (names, ", …");
  if (names->len == 0)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 _ ("The kubeconfig has no context “%s”, nor any other. Get one from who runs "
                    "the cluster."),
                 name);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 /* Translators: the second %s is a list of names in quotation marks */
                 _ ("The kubeconfig has no context “%s”. Choose one that it has: %s."), name,
                 names->str);
}

static gboolean
find_context (KubeConfig *self, const char *name, KubeContextParts *parts, GError **error)
{
  if (name == NULL)
    name = self->current_context;
  if (name == NULL && self->context_names->len == 0) {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig has no context. Get one from who runs the cluster."));
    return FALSE;
  }
  if (name == NULL) {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig says no current context. Choose one with "
                            "“kubectl config use-context”."));
    return FALSE;
  }

  parts->context = find_entry (self->contexts, name);
  if (parts->context == NULL) {
    set_unknown_context (self, name, error);
    return FALSE;
  }
  parts->name = name;
  return TRUE;
}

static gboolean
find_parts (KubeConfig *self, const char *name, KubeContextParts *parts, GError **error)
{
  const char *cluster, *user;

  if (!find_context (self, name, parts, error))
    return FALSE;

  cluster = kube_config_entry_get (parts->context, "cluster");
  parts->cluster = find_entry (self->clusters, cluster);
  if (parts->cluster == NULL || parts->cluster->value == NULL) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 _ ("The context “%s” is of the cluster “%s”, which the kubeconfig does not "
                    "have. Add it, or choose another context."),
                 parts->name, cluster != NULL ? cluster : "");
    return FALSE;
  }

  user = kube_config_entry_get (parts->context, "user");
  parts->user = find_entry (self->users, user);
  if (user != NULL && parts->user == NULL) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 _ ("The context “%s” is of the user “%s”, whom the kubeconfig does not have. "
                    "Add it, or choose another context."),
                 parts->name, user);
    return FALSE;
  }
  parts->files = self->files;
  parts->local = self->local;
  return TRUE;
}

/* A kubeconfig can name any path: no more is read than a limit, whatever is there. */
static GBytes *
read_local_file (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autofree char *contents = NULL;
  gsize length;

  if (stream == NULL)
    return NULL;
  contents = g_malloc (MAX_FILE_BYTES + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), contents, MAX_FILE_BYTES + 1, &length,
                                NULL, error))
    return NULL;
  return g_bytes_new (contents, length);
}

static gboolean
add_local_file (KubeConfig *self, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) contents = read_local_file (absolute, &local_error);

  if (contents != NULL)
    return kube_config_add (self, absolute, g_bytes_get_data (contents, NULL),
                            (gssize)g_bytes_get_size (contents), error);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG, _ ("The kubeconfig cannot be read: %s."),
               local_error->message);
  return FALSE;
}

/* What is missing is said when the context is built. */
static void
add_needed_file (KubeConfig *self, const char *path)
{
  g_autoptr (GBytes) contents = read_local_file (path, NULL);

  if (contents != NULL && g_bytes_get_size (contents) <= MAX_FILE_BYTES)
    kube_config_add_file (self, path, contents);
}

static void
kube_config_finalize (GObject *object)
{
  KubeConfig *self = KUBE_CONFIG (object);

  g_clear_pointer (&self->clusters, g_hash_table_unref);
  g_clear_pointer (&self->users, g_hash_table_unref);
  g_clear_pointer (&self->contexts, g_hash_table_unref);
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_pointer (&self->context_names, g_ptr_array_unref);
  g_clear_pointer (&self->roots, g_ptr_array_unref);
  g_free (self->current_context);

  G_OBJECT_CLASS (kube_config_parent_class)->finalize (object);
}

static void
kube_config_class_init (KubeConfigClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_config_finalize;
}

static void
kube_config_init (KubeConfig *self)
{
  self->roots = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  self->clusters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->contexts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->context_names = g_ptr_array_new_with_free_func (g_free);
  self->files =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
}

/**
 * kube_config_new:
 *
 * Returns: (transfer full): a configuration with nothing in it
 */
KubeConfig *
kube_config_new (void)
{
  return g_object_new (KUBE_TYPE_CONFIG, NULL);
}

/**
 * kube_config_add:
 * @self: a configuration
 * @path: where the text came from, absolute; relative paths in it are relative to its folder
 * @data: the text of one kubeconfig, YAML or JSON
 * @length: its size in bytes, or -1
 * @error: return location for an error
 *
 * Adds a file after those that are there, which win where both have an entry of the same name. An
 * empty file adds nothing. After an error nothing has been added from it.
 *
 * Returns: whether the text is a kubeconfig; else a %KUBE_ERROR_CONFIG
 */
gboolean
kube_config_add (
  KubeConfig *self, const char *path, const char *data, gssize length, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) local_error = NULL;
  const char *current;
  gsize size;

  g_return_val_if_fail (KUBE_IS_CONFIG (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  size = length < 0 ? strlen (data) : (gsize)length;
  if (size > MAX_FILE_BYTES) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG, _ ("%s is too large for a kubeconfig."),
                 path);
    return FALSE;
  }
  root =
    base_yaml_parse (size > 0 ? data : "", (gssize)size, path, BASE_YAML_ALL_STRINGS, &local_error);
  if (g_error_matches (local_error, BASE_YAML_ERROR, BASE_YAML_ERROR_EMPTY))
    return TRUE;
  if (root == NULL) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG, _ ("The kubeconfig is broken: %s."),
                 local_error->message);
    return FALSE;
  }
  if (!check_root (root, path, error) || !check_names (root, "clusters", path, error) ||
      !check_names (root, "users", path, error) || !check_names (root, "contexts", path, error))
    return FALSE;

  add_entries (self->clusters, NULL, root, "clusters", "cluster", path);
  add_entries (self->users, NULL, root, "users", "user", path);
  add_entries (self->contexts, self->context_names, root, "contexts", "context", path);

  current = base_json_get_string (root, "current-context", NULL);
  if (self->current_context == NULL && current != NULL && *current != '\0')
    self->current_context = g_strdup (current);
  g_ptr_array_add (self->roots, g_steal_pointer (&root));
  return TRUE;
}

/**
 * kube_config_dup_context_names:
 * @self: a configuration
 *
 * Returns: (transfer full): the names of all contexts, in the order of the files
 */
GStrv
kube_config_dup_context_names (KubeConfig *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  for (guint i = 0; i < self->context_names->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->context_names, i));
  return g_strv_builder_end (builder);
}

/**
 * kube_config_get_current_context:
 * @self: a configuration
 *
 * Returns: (nullable): the first current-context that a file names; there may be no such context
 */
const char *
kube_config_get_current_context (KubeConfig *self)
{
  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  return self->current_context;
}

/**
 * kube_config_dup_needed_files:
 * @self: a configuration
 * @context_name: (nullable): a context, %NULL for the current one
 * @error: return location for an error
 *
 * As for kubectl, a file that is named must be there even where the same thing is also embedded.
 *
 * Returns: (transfer full) (nullable): the absolute paths of the files that the context names
 */
GStrv
kube_config_dup_needed_files (KubeConfig *self, const char *context_name, GError **error)
{
  KubeContextParts parts = { 0 };

  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  if (!find_parts (self, context_name, &parts, error))
    return NULL;
  return kube_context_parts_dup_files (&parts);
}

/**
 * kube_config_add_file:
 * @self: a configuration
 * @path: a path that kube_config_dup_needed_files() gave
 * @contents: what the file holds
 */
void
kube_config_add_file (KubeConfig *self, const char *path, GBytes *contents)
{
  g_return_if_fail (KUBE_IS_CONFIG (self));
  g_return_if_fail (path != NULL && contents != NULL);

  g_hash_table_replace (self->files, g_strdup (path), g_bytes_ref (contents));
}

/**
 * kube_config_dup_context:
 * @self: a configuration
 * @context_name: (nullable): a context, %NULL for the current one
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the context, %NULL with a %KUBE_ERROR_CONFIG that says what
 *   is wrong with the kubeconfig
 */
KubeContext *
kube_config_dup_context (KubeConfig *self, const char *context_name, GError **error)
{
  KubeContextParts parts = { 0 };

  g_return_val_if_fail (KUBE_IS_CONFIG (self), NULL);

  if (!find_parts (self, context_name, &parts, error))
    return NULL;
  return kube_context_parts_build (&parts, error);
}

/**
 * kube_config_load:
 * @paths: (nullable) (array zero-terminated=1): kubeconfig files, %NULL for the default ones;
 *   those that do not exist are left out
 * @context_name: (nullable): a context, %NULL for the current one
 * @error: return location for an error
 *
 * Reads files of this computer, also those that the context names. Blocks.
 *
 * Returns: (transfer full) (nullable): the context, %NULL with a %KUBE_ERROR_CONFIG
 */
KubeContext *
kube_config_load (const char *const *paths, const char *context_name, GError **error)
{
  g_autoptr (KubeConfig) self = kube_config_new ();
  g_auto (GStrv) defaults = NULL;
  g_auto (GStrv) needed = NULL;

  self->local = TRUE;
  if (paths == NULL) {
    defaults = kube_config_dup_default_paths ();
    paths = (const char *const *)defaults;
  }
  for (gsize i = 0; paths[i] != NULL; i++) {
    if (!add_local_file (self, paths[i], error))
      return NULL;
  }
  if (self->roots->len == 0) {
    g_autofree char *list = g_strjoinv (", ", (GStrv)paths);

    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 /* Translators: %s is one path or several */
                 _ ("There is no kubeconfig at %s. Get one from who runs the cluster, or choose "
                    "another file."),
                 list);
    return NULL;
  }

  needed = kube_config_dup_needed_files (self, context_name, error);
  if (needed == NULL)
    return NULL;
  for (gsize i = 0; needed[i] != NULL; i++)
    add_needed_file (self, needed[i]);
  return kube_config_dup_context (self, context_name, error);
}

/**
 * kube_config_dup_default_paths:
 *
 * Returns: (transfer full): where kubectl looks: the files of $KUBECONFIG, or ~/.kube/config where
 *   that is unset or empty
 */
GStrv
kube_config_dup_default_paths (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *variable = g_getenv ("KUBECONFIG");

  if (variable != NULL && *variable != '\0') {
    g_auto (GStrv) parts = g_strsplit (variable, G_SEARCHPATH_SEPARATOR_S, -1);

    for (gsize i = 0; parts[i] != NULL; i++) {
      if (*parts[i] != '\0')
        g_strv_builder_add (builder, parts[i]);
    }
  } else {
    g_autofree char *path = g_build_filename (g_get_home_dir (), ".kube", "config", NULL);

    g_strv_builder_add (builder, path);
  }
  return g_strv_builder_end (builder);
}
