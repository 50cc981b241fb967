/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-metadata.h"
#include "practice-object.h"
#include "practice-quantity.h"
#include "practice-storage-class.h"
#include "practice-storage-protection.h"
#include "practice-storage-validation.h"
#include "practice-volume-match.h"

/*
 * PersistentVolumeClaim, PersistentVolume and StorageClass.
 */
static const PracticeColumn claim_columns[] = {
  { "Name", "string", "name", 0 },
  { "Status", "string", "", 0 },
  { "Volume", "string", "", 0 },
  { "Capacity", "string", "", 0 },
  { "Access Modes", "string", "", 0 },
  { "StorageClass", "string", "", 0 },
  { "Age", "string", "", 0 },
  { "VolumeMode", "string", "", 1 },
  { NULL },
};

static const PracticeColumn volume_columns[] = {
  { "Name", "string", "name", 0 },
  { "Capacity", "string", "", 0 },
  { "Access Modes", "string", "", 0 },
  { "Reclaim Policy", "string", "", 0 },
  { "Status", "string", "", 0 },
  { "Claim", "string", "", 0 },
  { "StorageClass", "string", "", 0 },
  { "Reason", "string", "", 0 },
  { "Age", "string", "", 0 },
  { "VolumeMode", "string", "", 1 },
  { NULL },
};

static const PracticeColumn class_columns[] = {
  { "Name", "string", "name", 0 },
  { "Provisioner", "string", "", 0 },
  { "ReclaimPolicy", "string", "", 0 },
  { "VolumeBindingMode", "string", "", 0 },
  { "AllowVolumeExpansion", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_text (JsonArray *cells, const char *text)
{
  json_array_add_string_element (cells, text != NULL ? text : "");
}

static void
add_quantity (JsonArray *cells, JsonNode *quantity)
{
  g_autofree char *text = practice_quantity_print (practice_quantity_read (quantity),
                                                   practice_quantity_is_binary (quantity));

  json_array_add_string_element (cells, text);
}

/* "RWO,ROX,RWX", each at most once and in this order. */
static void
add_modes (JsonArray *cells, JsonArray *modes)
{
  static const struct {
    const char *mode;
    const char *word;
  } words[] = {
    { "ReadWriteOnce", "RWO" },
    { "ReadOnlyMany", "ROX" },
    { "ReadWriteMany", "RWX" },
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (practice_volume_match_has_mode (modes, words[i].mode))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", words[i].word);
  json_array_add_string_element (cells, text->str);
}

static void
add_phase (JsonArray *cells, JsonNode *object)
{
  add_text (cells, base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL
                     ? "Terminating"
                     : base_json_get_string (object, "status", "phase", NULL));
}

static void
add_claim_cells (JsonNode *claim, JsonArray *cells)
{
  const char *volume = base_json_get_string (claim, "spec", "volumeName", NULL);

  practice_cells_add_name (cells, claim);
  add_phase (cells, claim);
  add_text (cells, volume);
  if (volume != NULL && *volume != '\0') {
    add_quantity (cells, base_json_get (claim, "status", "capacity", "storage", NULL));
    add_modes (cells, base_json_get_array (claim, "status", "accessModes", NULL));
  } else {
    add_text (cells, NULL);
    add_text (cells, NULL);
  }
  add_text (cells, practice_storage_class_get_name_of (claim));
  practice_cells_add_age (cells, claim);
  add_text (cells, base_json_get_string (claim, "spec", "volumeMode", NULL));
}

static void
add_volume_cells (JsonNode *volume, JsonArray *cells)
{
  const char *claim = base_json_get_string (volume, "spec", "claimRef", "name", NULL);
  const char *namespace_ = base_json_get_string (volume, "spec", "claimRef", "namespace", NULL);
  g_autofree char *reference =
    claim != NULL ? g_strdup_printf ("%s/%s", namespace_ != NULL ? namespace_ : "", claim) : NULL;

  practice_cells_add_name (cells, volume);
  add_quantity (cells, base_json_get (volume, "spec", "capacity", "storage", NULL));
  add_modes (cells, base_json_get_array (volume, "spec", "accessModes", NULL));
  add_text (cells, base_json_get_string (volume, "spec", "persistentVolumeReclaimPolicy", NULL));
  add_phase (cells, volume);
  add_text (cells, reference);
  add_text (cells, practice_storage_class_get_name_of (volume));
  add_text (cells, base_json_get_string (volume, "status", "reason", NULL));
  practice_cells_add_age (cells, volume);
  add_text (cells, base_json_get_string (volume, "spec", "volumeMode", NULL));
}

static void
add_class_cells (JsonNode *class, JsonArray *cells)
{
  g_autofree char *name =
    g_strconcat (base_metadata_get_name (class),
                 practice_storage_class_is_default (class) ? " (default)" : NULL, NULL);

  add_text (cells, name);
  add_text (cells, base_json_get_string (class, "provisioner", NULL));
  add_text (cells, base_json_get_string (class, "reclaimPolicy", NULL));
  add_text (cells, base_json_get_string (class, "volumeBindingMode", NULL));
  json_array_add_boolean_element (
    cells, base_json_get_boolean (class, FALSE, "allowVolumeExpansion", NULL));
  practice_cells_add_age (cells, class);
}

static void
default_to (JsonNode *object, const char *within, const char *member, const char *value)
{
  JsonObject *members =
    within != NULL ? base_json_get_object (object, within, NULL) : json_node_get_object (object);

  if (members != NULL && !json_object_has_member (members, member))
    json_object_set_string_member (members, member, value);
}

static void
set_claim_defaults (JsonNode *claim)
{
  default_to (claim, "spec", "volumeMode", "Filesystem");
}

static void
set_volume_defaults (JsonNode *volume)
{
  JsonObject *host_path = base_json_get_object (volume, "spec", "hostPath", NULL);

  default_to (volume, "spec", "persistentVolumeReclaimPolicy", "Retain");
  default_to (volume, "spec", "volumeMode", "Filesystem");
  if (host_path != NULL && !json_object_has_member (host_path, "type"))
    json_object_set_string_member (host_path, "type", "");
}

static void
set_class_defaults (JsonNode *class)
{
  default_to (class, NULL, "reclaimPolicy", "Delete");
  default_to (class, NULL, "volumeBindingMode", "Immediate");
}

/* What is in use is not to go: a controller takes the finalizer away once it is not
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection).
 */
static void
protect (JsonNode *object, const char *finalizer)
{
  JsonObject *status = json_object_new ();

  json_object_set_string_member (status, "phase", "Pending");
  json_object_set_object_member (json_node_get_object (object), "status", status);
  practice_metadata_add_finalizer (object, finalizer);
}

static void
prepare_claim (JsonNode *claim, JsonNode *old)
{
  if (old == NULL)
    protect (claim, PRACTICE_CLAIM_FINALIZER);
}

static void
prepare_volume (JsonNode *volume, JsonNode *old)
{
  if (old == NULL)
    protect (volume, PRACTICE_VOLUME_FINALIZER);
}

const PracticeKind practice_volume_claim_kind = {
  .group = "",
  .plural = "persistentvolumeclaims",
  .singular = "persistentvolumeclaim",
  .kind = "PersistentVolumeClaim",
  .versions = { "v1" },
  .types = { "PersistentVolumeClaim" },
  .short_names = { "pvc" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .set_defaults = set_claim_defaults,
  .prepare = prepare_claim,
  .validate = practice_storage_validation_check_claim,
  .columns = claim_columns,
  .add_cells = add_claim_cells,
};

const PracticeKind practice_volume_kind = {
  .group = "",
  .plural = "persistentvolumes",
  .singular = "persistentvolume",
  .kind = "PersistentVolume",
  .versions = { "v1" },
  .types = { "PersistentVolume" },
  .short_names = { "pv" },
  .has_status = TRUE,
  .set_defaults = set_volume_defaults,
  .prepare = prepare_volume,
  .validate = practice_storage_validation_check_volume,
  .columns = volume_columns,
  .add_cells = add_volume_cells,
};

const PracticeKind practice_storage_class_kind = {
  .group = "storage.k8s.io",
  .plural = "storageclasses",
  .singular = "storageclass",
  .kind = "StorageClass",
  .versions = { "v1" },
  .types = { "StorageClass" },
  .short_names = { "sc" },
  .set_defaults = set_class_defaults,
  .validate = practice_storage_validation_check_class,
  .columns = class_columns,
  .add_cells = add_class_cells,
};
