/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-files.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-field-reference.h"
#include "practice-pod-claims.h"

/* Of a pod. */
#define MAX_VOLUMES 64

/* Of one container, each a file descriptor while it is made. */
#define MAX_FILES 256

#define CONFIG_MAPS "/configmaps"
#define SECRETS "/secrets"
#define ACCOUNTS "/serviceaccounts"

/* /var/run is a link to /run. */
#define ACCOUNT_FOLDER "/run/secrets/kubernetes.io/serviceaccount"

#define DEFAULT_MODE 0644

typedef struct {
  PracticeStore *store;
  JsonNode *pod;
  GPtrArray *files;
  GPtrArray *folders;
} Collection;

/**
 * practice_volume_file_new:
 * @path: where it is inside
 * @data: (transfer full): what is in it
 * @mode: its permissions
 *
 * Returns: (transfer full): a file
 */
PracticeVolumeFile *
practice_volume_file_new (const char *path, GBytes *data, guint mode)
{
  PracticeVolumeFile *self = g_new (PracticeVolumeFile, 1);

  self->path = g_strdup (path);
  self->data = data;
  self->mode = mode & 0777;
  return self;
}

/**
 * practice_volume_file_free:
 * @self: (transfer full): a file
 *
 * Frees @self.
 */
void
practice_volume_file_free (PracticeVolumeFile *self)
{
  g_free (self->path);
  g_bytes_unref (self->data);
  g_free (self);
}

static PracticeVolumeFolder *
new_folder (const char *path, int number, const char *part, gboolean is_read_only)
{
  PracticeVolumeFolder *self = g_new (PracticeVolumeFolder, 1);

  self->path = g_strdup (path);
  self->number = number;
  self->part = g_strdup (part);
  self->is_read_only = is_read_only;
  return self;
}

/**
 * practice_volume_folder_free:
 * @self: (transfer full): a folder
 *
 * Frees @self.
 */
void
practice_volume_folder_free (PracticeVolumeFolder *self)
{
  g_free (self->path);
  g_free (self->part);
  g_free (self);
}

/**
 * practice_volume_files_dup_value:
 * @object: (nullable): a ConfigMap or Secret
 * @key: a key of its data
 *
 * Returns: (transfer full) (nullable): the value
 */
GBytes *
practice_volume_files_dup_value (JsonNode *object, const char *key)
{
  gboolean is_secret = g_strcmp0 (base_json_get_string (object, "kind", NULL), "Secret") == 0;
  const char *text = base_json_get_string (object, "data", key, NULL);
  gboolean is_encoded = is_secret;
  guchar *bytes;
  gsize length;

  if (text == NULL && !is_secret) {
    text = base_json_get_string (object, "binaryData", key, NULL);
    is_encoded = TRUE;
  }
  if (text == NULL)
    return NULL;
  if (!is_encoded)
    return g_bytes_new (text, strlen (text));
  bytes = g_base64_decode (text, &length);
  return g_bytes_new_take (bytes, length);
}

/* A path that leads out of the volume, or a file too many, is passed over. */
static void
add_file (Collection *self, const char *mount, const char *path, GBytes *data, guint mode)
{
  g_autofree char *whole = g_build_filename (mount, path, NULL);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (self->files->len < MAX_FILES && !g_strv_contains ((const char *const *)parts, ".."))
    g_ptr_array_add (self->files, practice_volume_file_new (whole, g_bytes_ref (data), mode));
}

/* What a volume has at @path is mounted at @mount; a part of it where @sub_path names one. */
static void
place (Collection *self,
       const char *mount,
       const char *sub_path,
       const char *path,
       GBytes *data,
       guint mode)
{
  if (sub_path == NULL || *sub_path == '\0')
    add_file (self, mount, path, data, mode);
  else if (g_str_equal (sub_path, path))
    g_ptr_array_add (self->files, practice_volume_file_new (mount, g_bytes_ref (data), mode));
}

static void
place_all (Collection *self, JsonNode *object, const char *member, JsonNode *mount, guint mode)
{
  JsonObject *data = base_json_get_object (object, member, NULL);
  g_autoptr (GList) keys = data != NULL ? json_object_get_members (data) : NULL;

  for (GList *key = keys; key != NULL; key = key->next) {
    g_autoptr (GBytes) value = practice_volume_files_dup_value (object, key->data);

    if (value != NULL)
      place (self, base_json_get_string (mount, "mountPath", NULL),
             base_json_get_string (mount, "subPath", NULL), key->data, value, mode);
  }
}

static void
place_items (Collection *self, JsonNode *object, JsonArray *items, JsonNode *mount, guint mode)
{
  for (guint i = 0; i < json_array_get_length (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    const char *key = base_json_get_string (item, "key", NULL);
    const char *path = base_json_get_string (item, "path", NULL);
    g_autoptr (GBytes) value = key != NULL ? practice_volume_files_dup_value (object, key) : NULL;

    if (value != NULL && path != NULL)
      place (self, base_json_get_string (mount, "mountPath", NULL),
             base_json_get_string (mount, "subPath", NULL), path, value,
             base_json_get_int (item, mode, "mode", NULL));
  }
}

/* @source names an object: as a volume, or a part of a projected one. */
static gboolean
add_object (Collection *self,
            const char *resource,
            const char *name,
            JsonNode *source,
            JsonNode *mount,
            GError **error)
{
  const char *namespace_ = base_metadata_get_namespace (self->pod);
  JsonNode *object =
    name != NULL ? practice_store_get (self->store, resource, namespace_, name) : NULL;
  JsonArray *items = base_json_get_array (source, "items", NULL);
  guint mode = base_json_get_int (source, DEFAULT_MODE, "defaultMode", NULL);

  if (object == NULL) {
    if (base_json_get_boolean (source, FALSE, "optional", NULL))
      return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s \"%s\" not found",
                 g_str_equal (resource, SECRETS) ? "secret" : "configmap", name);
    return FALSE;
  }
  if (items != NULL) {
    place_items (self, object, items, mount, mode);
  } else {
    place_all (self, object, "data", mount, mode);
    place_all (self, object, "binaryData", mount, mode);
  }
  return TRUE;
}

static void
add_downward (Collection *self, JsonNode *source, JsonNode *mount)
{
  JsonArray *items = base_json_get_array (source, "items", NULL);

  for (guint i = 0; i < base_json_get_length (items); i++) {
    JsonNode *item = json_array_get_element (items, i);
    const char *path = base_json_get_string (item, "path", NULL);
    g_autofree char *text = practice_field_reference_dup_value (
      self->pod, base_json_get_string (item, "fieldRef", "fieldPath", NULL));
    g_autoptr (GBytes) value = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;

    if (value != NULL && path != NULL)
      place (self, base_json_get_string (mount, "mountPath", NULL),
             base_json_get_string (mount, "subPath", NULL), path, value, DEFAULT_MODE);
  }
}

/* One source of a volume, whether it is its own or one of a projected volume. */
static gboolean
add_source (Collection *self, JsonNode *source, JsonNode *mount, GError **error)
{
  JsonNode *config = base_json_get (source, "configMap", NULL);
  JsonNode *secret = base_json_get (source, "secret", NULL);
  JsonNode *downward = base_json_get (source, "downwardAPI", NULL);
  const char *secret_name = base_json_get_string (secret, "secretName", NULL);

  if (secret_name == NULL)
    secret_name = base_json_get_string (secret, "name", NULL);
  if (config != NULL && !add_object (self, CONFIG_MAPS, base_json_get_string (config, "name", NULL),
                                     config, mount, error))
    return FALSE;
  if (secret != NULL && !add_object (self, SECRETS, secret_name, secret, mount, error))
    return FALSE;
  if (downward != NULL)
    add_downward (self, downward, mount);
  return TRUE;
}

static JsonNode *
find_volume (JsonNode *pod, const char *name, guint *number)
{
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);

  for (guint i = 0; i < base_json_get_length (volumes); i++) {
    JsonNode *volume = json_array_get_element (volumes, i);

    *number = i;
    if (g_strcmp0 (base_json_get_string (volume, "name", NULL), name) == 0)
      return volume;
  }
  return NULL;
}

/* Whether it begins empty and is written to: all that is not filled from objects is. */
static gboolean
is_shared (JsonNode *volume)
{
  static const char *const filled[] = { "configMap", "secret", "downwardAPI", "projected" };

  for (guint i = 0; i < G_N_ELEMENTS (filled); i++)
    if (base_json_get (volume, filled[i], NULL) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * practice_volume_files_list_shared:
 * @store: the cluster's objects
 * @pod: a Pod
 * @disks: (nullable): what is on PersistentVolumes
 * @error: return location
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the folders that its containers may
 *   share, each with the number that its volume has in the spec: a path for that of a claim, %NULL
 *   for one that begins empty; %NULL where a disk cannot be had
 */
GPtrArray *
practice_volume_files_list_shared (PracticeStore *store,
                                   JsonNode *pod,
                                   PracticeDisks *disks,
                                   GError **error)
{
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);
  guint n_volumes = volumes != NULL ? MIN (json_array_get_length (volumes), MAX_VOLUMES) : 0;
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  while (n_volumes > 0 && !is_shared (json_array_get_element (volumes, n_volumes - 1)))
    n_volumes--;
  for (guint i = 0; i < n_volumes; i++) {
    JsonNode *disk =
      practice_pod_claims_find_volume (store, pod, json_array_get_element (volumes, i));
    const char *name = base_metadata_get_name (disk);
    char *path = NULL;

    if (disks != NULL && name != NULL) {
      path = practice_disks_dup_path (disks, name, error);
      if (path == NULL)
        return NULL;
    }
    g_ptr_array_add (paths, path);
  }
  return g_steal_pointer (&paths);
}

static gboolean
is_read_only (JsonNode *volume, JsonNode *mount)
{
  return base_json_get_boolean (mount, FALSE, "readOnly", NULL) ||
         base_json_get_boolean (volume, FALSE, "persistentVolumeClaim", "readOnly", NULL);
}

static gboolean
add_mount (Collection *self, JsonNode *mount, GError **error)
{
  const char *path = base_json_get_string (mount, "mountPath", NULL);
  const char *sub_path = base_json_get_string (mount, "subPath", NULL);
  guint number = 0;
  JsonNode *volume = find_volume (self->pod, base_json_get_string (mount, "name", NULL), &number);
  JsonArray *sources = base_json_get_array (volume, "projected", "sources", NULL);

  if (volume == NULL || path == NULL || *path != '/')
    return TRUE;
  if (is_shared (volume))
    g_ptr_array_add (self->folders, new_folder (path, number < MAX_VOLUMES ? (int)number : -1,
                                                sub_path, is_read_only (volume, mount)));
  else if (sub_path == NULL)
    g_ptr_array_add (self->folders, new_folder (path, -1, NULL, is_read_only (volume, mount)));
  if (!add_source (self, volume, mount, error))
    return FALSE;
  for (guint i = 0; i < base_json_get_length (sources); i++)
    if (!add_source (self, json_array_get_element (sources, i), mount, error))
      return FALSE;
  return TRUE;
}

static gboolean
mounts_account (JsonNode *container)
{
  JsonArray *mounts = base_json_get_array (container, "volumeMounts", NULL);

  for (guint i = 0; i < base_json_get_length (mounts); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (mounts, i), "mountPath", NULL),
                   "/var" ACCOUNT_FOLDER) == 0)
      return TRUE;
  return FALSE;
}

/* The pod's account, as the admission of a real server mounts it
 * (https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/). */
static void
add_account (Collection *self, JsonNode *container)
{
  const char *namespace_ = base_metadata_get_namespace (self->pod);
  const char *name = base_json_get_string (self->pod, "spec", "serviceAccountName", NULL);
  JsonNode *account = practice_store_get (self->store, ACCOUNTS, namespace_,
                                          name != NULL && *name != '\0' ? name : "default");
  JsonArray *secrets = base_json_get_array (account, "secrets", NULL);
  const char *secret = base_json_get_length (secrets) > 0
                         ? base_json_get_string (json_array_get_element (secrets, 0), "name", NULL)
                         : NULL;
  JsonNode *object =
    secret != NULL ? practice_store_get (self->store, SECRETS, namespace_, secret) : NULL;
  g_autoptr (JsonNode) mount = NULL;
  JsonObject *members;

  if (object == NULL || mounts_account (container) ||
      !base_json_get_boolean (self->pod, TRUE, "spec", "automountServiceAccountToken", NULL))
    return;
  members = json_object_new ();
  json_object_set_string_member (members, "mountPath", ACCOUNT_FOLDER);
  mount = base_json_take_object (members);
  g_ptr_array_add (self->folders, new_folder (ACCOUNT_FOLDER, -1, NULL, TRUE));
  place_all (self, object, "data", mount, DEFAULT_MODE);
}

/**
 * practice_volume_files_collect:
 * @store: the cluster's objects
 * @pod: a Pod
 * @container: one of its containers, as its spec has it
 * @files: (element-type PracticeVolumeFile): gets the files
 * @folders: (element-type PracticeVolumeFolder): gets the mount points
 * @error: return location
 *
 * Finds what a container mounts (https://kubernetes.io/docs/concepts/storage/volumes/). Volumes of
 * other kinds are folders that begin empty and that the containers of a pod share.
 *
 * Returns: %FALSE with %G_IO_ERROR_NOT_FOUND where an object is missing that is not optional
 */
gboolean
practice_volume_files_collect (PracticeStore *store,
                               JsonNode *pod,
                               JsonNode *container,
                               GPtrArray *files,
                               GPtrArray *folders,
                               GError **error)
{
  Collection collection = { store, pod, files, folders };
  JsonArray *mounts = base_json_get_array (container, "volumeMounts", NULL);

  for (guint i = 0; i < base_json_get_length (mounts); i++)
    if (!add_mount (&collection, json_array_get_element (mounts, i), error))
      return FALSE;
  add_account (&collection, container);
  return TRUE;
}
