/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-validation.h"

#include "base-json.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation.
 */
#define MAX_MODE 0777
#define MODE_WORDS "must be a number between 0 and 0777 (octal), both inclusive"

/* In the order in which a real server looks for them. */
static const char *const sources[] = {
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
};

static const char *const host_path_types[] = {
  "",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
  "File", "FileOrCreate", "Socket",     NULL,
};
static const char *const propagations[] = { "Bidirectional", "HostToContainer", "None", NULL };

static void
validate_required (JsonNode *object, const char *member, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".", member, NULL);

  if (*practice_validation_get_text (object, member) == '\0')
    practice_causes_required (causes, own, NULL);
}

/* A path that goes upwards could leave the volume. */
static void
validate_no_steps_back (const char *path, const char *field, PracticeCauses *causes)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_contains ((const char *const *)parts, ".."))
    practice_causes_invalid (causes, field, path, "must not contain '..'");
}

static void
validate_path_within (const char *path, const char *field, PracticeCauses *causes)
{
  if (*path == '/')
    practice_causes_invalid (causes, field, path, "must be a relative path");
  validate_no_steps_back (path, field, causes);
}

static void
validate_mode (JsonNode *object, const char *member, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".", member, NULL);
  gint64 mode = base_json_get_int (object, 0, member, NULL);

  if (mode < 0 || mode > MAX_MODE)
    practice_causes_invalid_int (causes, own, mode, MODE_WORDS);
}

/* Which key becomes which file. */
static void
validate_item (JsonNode *item, const char *field, PracticeCauses *causes)
{
  g_autofree char *path_field = g_strconcat (field, ".path", NULL);
  const char *path = practice_validation_get_text (item, "path");

  validate_required (item, "key", field, causes);
  validate_required (item, "path", field, causes);
  validate_path_within (path, path_field, causes);
  if (g_str_has_prefix (path, "..") && path[2] != '\0' && path[2] != '/')
    practice_causes_invalid (causes, path_field, path, "must not start with '..'");
  validate_mode (item, "mode", field, causes);
}

static void
validate_files (JsonNode *source,
                const char *name_member,
                const char *field,
                PracticeCauses *causes)
{
  JsonArray *items = base_json_get_array (source, "items", NULL);

  validate_required (source, name_member, field, causes);
  validate_mode (source, "defaultMode", field, causes);
  for (guint i = 0; i < base_json_get_length (items); i++) {
    g_autofree char *own = practice_validation_field ("%s.items[%u]", field, i);

    validate_item (json_array_get_element (items, i), own, causes);
  }
}

static void
validate_host_path (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *path_field = g_strconcat (field, ".path", NULL);
  g_autofree char *type_field = g_strconcat (field, ".type", NULL);
  const char *path = practice_validation_get_text (source, "path");
  const char *type = practice_validation_get_text (source, "type");

  validate_required (source, "path", field, causes);
  if (*path == '\0')
    return;
  validate_no_steps_back (path, path_field, causes);
  if (!g_strv_contains (host_path_types, type))
    practice_causes_unsupported (causes, type_field, type, host_path_types);
}

static void
validate_empty (JsonNode *source, const char *field, PracticeCauses *causes)
{
  g_autofree char *limit_field = g_strconcat (field, ".sizeLimit", NULL);
  JsonNode *limit = base_json_get (source, "sizeLimit", NULL);

  if (limit != NULL && practice_validation_read_quantity (limit) < 0)
    practice_causes_forbidden (causes, limit_field,
                               "SizeLimit field must be a valid resource quantity");
}

static void
validate_source (JsonNode *source, const char *type, const char *field, PracticeCauses *causes)
{
  if (g_str_equal (type, "emptyDir"))
    validate_empty (source, field, causes);
  else if (g_str_equal (type, "hostPath"))
    validate_host_path (source, field, causes);
  else if (g_str_equal (type, "secret"))
    validate_files (source, "secretName", field, causes);
  else if (g_str_equal (type, "configMap"))
    validate_files (source, "name", field, causes);
  else if (g_str_equal (type, "persistentVolumeClaim"))
    validate_required (source, "claimName", field, causes);
}

static void
validate_sources (JsonNode *volume, const char *field, PracticeCauses *causes)
{
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autofree char *own = g_strconcat (field, ".", sources[i], NULL);
    JsonNode *source = base_json_get (volume, sources[i], NULL);

    if (source == NULL)
      continue;
    if (count++ == 0)
      validate_source (source, sources[i], own, causes);
    else
      practice_causes_forbidden (causes, own, "may not specify more than 1 volume type");
  }
}

static void
validate_volume (JsonNode *volume, const char *field, GHashTable *names, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  const char *name = practice_validation_get_text (volume, "name");
  guint before = practice_causes_get_length (causes);
  const char *wrong = practice_names_check_label (name);

  validate_sources (volume, field, causes);
  if (*name == '\0')
    practice_causes_required (causes, name_field, NULL);
  else if (wrong != NULL)
    practice_causes_invalid (causes, name_field, name, wrong);
  if (g_hash_table_contains (names, name))
    practice_causes_duplicate (causes, name_field, name);
  if (practice_causes_get_length (causes) == before)
    g_hash_table_add (names, (gpointer)name);
}

/**
 * practice_volume_validation_check:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @names: a set of strings, which gets the names of the volumes that can be mounted; they are
 *   those of @spec
 * @causes: where what is wrong is noted
 *
 * Checks the volumes of a pod.
 */
void
practice_volume_validation_check (JsonNode *spec,
                                  const char *field,
                                  GHashTable *names,
                                  PracticeCauses *causes)
{
  JsonArray *volumes = base_json_get_array (spec, "volumes", NULL);

  for (guint i = 0; i < base_json_get_length (volumes); i++) {
    g_autofree char *own = practice_validation_field ("%s.volumes[%u]", field, i);

    validate_volume (json_array_get_element (volumes, i), own, names, causes);
  }
}

/* The fields of these are called without the number of the mount. */
static void
validate_sub_paths (JsonNode *mount, const char *own, const char *list, PracticeCauses *causes)
{
  g_autofree char *path_field = g_strconcat (list, ".subPath", NULL);
  g_autofree char *expression_field = g_strconcat (list, ".subPathExpr", NULL);
  g_autofree char *both_field = g_strconcat (own, ".subPathExpr", NULL);
  const char *path = practice_validation_get_text (mount, "subPath");
  const char *expression = practice_validation_get_text (mount, "subPathExpr");

  if (*path != '\0')
    validate_path_within (path, path_field, causes);
  if (*expression == '\0')
    return;
  if (*path != '\0')
    practice_causes_invalid (causes, both_field, expression,
                             "subPathExpr and subPath are mutually exclusive");
  validate_path_within (expression, expression_field, causes);
}

static void
validate_propagation (JsonNode *mount,
                      JsonNode *container,
                      const char *list,
                      PracticeCauses *causes)
{
  g_autofree char *field = g_strconcat (list, ".mountPropagation", NULL);
  const char *propagation = base_json_get_string (mount, "mountPropagation", NULL);

  if (propagation == NULL)
    return;
  practice_validation_one_of (propagation, field, FALSE, propagations, causes);
  if (g_str_equal (propagation, "Bidirectional") &&
      !base_json_get_boolean (container, FALSE, "securityContext", "privileged", NULL))
    practice_causes_forbidden (
      causes, field, "Bidirectional mount propagation is available only to privileged containers");
}

static void
validate_mount (JsonNode *mount,
                const char *field,
                GHashTable *volumes,
                GHashTable *paths,
                PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  g_autofree char *path_field = g_strconcat (field, ".mountPath", NULL);
  const char *name = practice_validation_get_text (mount, "name");
  const char *path = practice_validation_get_text (mount, "mountPath");

  validate_required (mount, "name", field, causes);
  if (!g_hash_table_contains (volumes, name))
    practice_causes_not_found (causes, name_field, name);
  validate_required (mount, "mountPath", field, causes);
  if (!g_hash_table_add (paths, (gpointer)path))
    practice_causes_invalid (causes, path_field, path, "must be unique");
}

/**
 * practice_volume_validation_check_mounts:
 * @container: a container, with its defaults
 * @field: where it is, as "spec.containers[0]"
 * @volumes: the names of the pod's volumes
 * @causes: where what is wrong is noted
 *
 * Checks what a container mounts, and where.
 */
void
practice_volume_validation_check_mounts (JsonNode *container,
                                         const char *field,
                                         GHashTable *volumes,
                                         PracticeCauses *causes)
{
  g_autoptr (GHashTable) paths = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *list = g_strconcat (field, ".volumeMounts", NULL);
  JsonArray *mounts = base_json_get_array (container, "volumeMounts", NULL);

  for (guint i = 0; i < base_json_get_length (mounts); i++) {
    g_autofree char *own = practice_validation_field ("%s[%u]", list, i);
    JsonNode *mount = json_array_get_element (mounts, i);

    validate_mount (mount, own, volumes, paths, causes);
    validate_sub_paths (mount, own, list, causes);
    validate_propagation (mount, container, list, causes);
  }
}
