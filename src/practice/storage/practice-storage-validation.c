/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-storage-validation.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-quantity.h"
#include "practice-status.h"
#include "practice-storage-class.h"
#include "practice-validation.h"

static const char *const access_modes[] = { "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
                                            NULL };
static const char *const volume_modes[] = { "Block", "Filesystem", NULL };

/* What a volume's spec may say beside what it is made of. */
static const char *const not_sources[] = {
  "capacity",
  "accessModes",
  "claimRef",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "mountOptions",
  "volumeMode",
  "nodeAffinity",
  NULL,
};

static void
check_modes (JsonNode *object, const char *detail, PracticeCauses *causes)
{
  JsonArray *modes = base_json_get_array (object, "spec", "accessModes", NULL);
  guint n_modes = base_json_get_length (modes);

  if (n_modes == 0)
    practice_causes_required (causes, "spec.accessModes", detail);
  for (guint i = 0; i < n_modes; i++)
    if (!g_strv_contains (access_modes, json_array_get_string_element (modes, i)))
      practice_causes_unsupported (causes, "spec.accessModes",
                                   json_array_get_string_element (modes, i), access_modes);
}

static void
check_volume_mode (JsonNode *object, PracticeCauses *causes)
{
  practice_validation_one_of (base_json_get_string (object, "spec", "volumeMode", NULL),
                              "spec.volumeMode", FALSE, volume_modes, causes);
}

static void
check_class_name (JsonNode *object, PracticeCauses *causes)
{
  const char *name = base_json_get_string (object, "spec", "storageClassName", NULL);
  const char *wrong = NULL;

  if (name != NULL && *name != '\0')
    wrong = practice_names_check_subdomain (name);
  if (wrong != NULL)
    practice_causes_invalid (causes, "spec.storageClassName", name, wrong);
}

static void
check_positive (JsonNode *quantity, const char *field, PracticeCauses *causes)
{
  g_autofree char *text = NULL;

  if (practice_quantity_read (quantity) > 0)
    return;
  text = practice_quantity_print (practice_quantity_read (quantity),
                                  practice_quantity_is_binary (quantity));
  practice_causes_invalid (causes, field, text, "must be greater than zero");
}

/* @node without what may change: the volume once, the size of a claim that is bound. */
static JsonNode *
new_fixed_spec (JsonNode *claim, gboolean without_volume, gboolean without_size)
{
  JsonNode *spec = base_json_copy (base_json_get (claim, "spec", NULL));
  JsonObject *requests = base_json_get_object (spec, "resources", "requests", NULL);

  if (without_volume)
    json_object_remove_member (json_node_get_object (spec), "volumeName");
  if (without_size && requests != NULL)
    json_object_remove_member (requests, "storage");
  return spec;
}

static void
check_claim_change (JsonNode *claim, JsonNode *old, PracticeCauses *causes)
{
  const char *volume = base_json_get_string (old, "spec", "volumeName", NULL);
  gboolean is_unbound = volume == NULL || *volume == '\0';
  gboolean is_bound =
    g_strcmp0 (base_json_get_string (claim, "status", "phase", NULL), "Bound") == 0;
  g_autoptr (JsonNode) now = new_fixed_spec (claim, is_unbound, is_bound);
  g_autoptr (JsonNode) before = new_fixed_spec (old, is_unbound, is_bound);

  if (!base_json_equal (now, before))
    practice_causes_forbidden (
      causes, "spec",
      "spec is immutable after creation except resources.requests for bound claims");
  if (practice_quantity_read (
        base_json_get (claim, "spec", "resources", "requests", "storage", NULL)) <
      practice_quantity_read (
        base_json_get (old, "spec", "resources", "requests", "storage", NULL)))
    practice_causes_forbidden (causes, "spec.resources.requests.storage",
                               "field can not be less than previous value");
}

/**
 * practice_storage_validation_check_claim:
 * @claim: a PersistentVolumeClaim
 * @old: (nullable): what it replaces
 * @causes: gets what is wrong with it
 */
void
practice_storage_validation_check_claim (JsonNode *claim, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *size = base_json_get (claim, "spec", "resources", "requests", "storage", NULL);
  JsonNode *selector = base_json_get (claim, "spec", "selector", NULL);

  check_modes (claim, "at least 1 access mode is required", causes);
  if (selector != NULL)
    practice_validation_selector (selector, "spec.selector", causes);
  if (size == NULL)
    practice_causes_required (causes, "spec.resources[storage]", NULL);
  else
    check_positive (size, "spec.resources[storage]", causes);
  check_class_name (claim, causes);
  check_volume_mode (claim, causes);
  if (old != NULL && base_json_get_object (claim, "spec", NULL) != NULL)
    check_claim_change (claim, old, causes);
}

static void
check_capacity (JsonNode *volume, PracticeCauses *causes)
{
  static const char *const supported[] = { "storage", NULL };
  JsonNode *size = base_json_get (volume, "spec", "capacity", "storage", NULL);
  JsonObject *capacity = base_json_get_object (volume, "spec", "capacity", NULL);

  if (capacity == NULL || json_object_get_size (capacity) == 0)
    practice_causes_required (causes, "spec.capacity", NULL);
  if (size == NULL)
    practice_causes_unsupported_literal (causes, "spec.capacity", "core.ResourceList(nil)",
                                         supported);
  else
    check_positive (size, "spec.capacity[storage]", causes);
}

/* (transfer container): the names of what it is made of, which should be one. */
static GPtrArray *
list_sources (JsonNode *volume)
{
  JsonObject *spec = base_json_get_object (volume, "spec", NULL);
  GPtrArray *sources = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (spec == NULL)
    return sources;
  json_object_iter_init_ordered (&iter, spec);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!g_strv_contains (not_sources, name))
      g_ptr_array_add (sources, (gpointer)name);
  return sources;
}

static void
check_sources (JsonNode *volume, PracticeCauses *causes)
{
  g_autoptr (GPtrArray) sources = list_sources (volume);
  const char *path = base_json_get_string (volume, "spec", "hostPath", "path", NULL);
  g_auto (GStrv) parts = g_strsplit (path != NULL ? path : "", "/", -1);

  for (guint i = 1; i < sources->len; i++) {
    g_autofree char *field = practice_validation_field ("spec.%s", (char *)sources->pdata[i]);

    practice_causes_forbidden (causes, field, "may not specify more than 1 volume type");
  }
  if (base_json_get (volume, "spec", "hostPath", NULL) != NULL && (path == NULL || *path == '\0'))
    practice_causes_required (causes, "spec.hostPath.path", NULL);
  else if (g_strv_contains ((const char *const *)parts, ".."))
    practice_causes_invalid (causes, "spec.hostPath.path", path, "must not contain '..'");
  if (base_json_get (volume, "spec", "local", NULL) != NULL &&
      base_json_get (volume, "spec", "nodeAffinity", "required", NULL) == NULL)
    practice_causes_required (causes, "spec.nodeAffinity", "Local volume requires node affinity");
  if (sources->len == 0)
    practice_causes_required (causes, "spec", "must specify a volume type");
}

static void
check_volume_change (JsonNode *volume, JsonNode *old, PracticeCauses *causes)
{
  g_autoptr (GPtrArray) sources = list_sources (volume);
  g_autoptr (GPtrArray) before = list_sources (old);
  gboolean is_same = sources->len == before->len;

  for (guint i = 0; is_same && i < sources->len; i++)
    is_same = base_json_equal (base_json_get (volume, "spec", sources->pdata[i], NULL),
                               base_json_get (old, "spec", sources->pdata[i], NULL));
  if (!is_same)
    practice_causes_forbidden (causes, "spec.persistentvolumesource",
                               "spec.persistentvolumesource is immutable after creation");
}

/**
 * practice_storage_validation_check_volume:
 * @volume: a PersistentVolume
 * @old: (nullable): what it replaces
 * @causes: gets what is wrong with it
 */
void
practice_storage_validation_check_volume (JsonNode *volume, JsonNode *old, PracticeCauses *causes)
{
  static const char *const policies[] = { "Delete", "Recycle", "Retain", NULL };

  check_modes (volume, NULL, causes);
  check_capacity (volume, causes);
  practice_validation_one_of (
    base_json_get_string (volume, "spec", "persistentVolumeReclaimPolicy", NULL),
    "spec.persistentVolumeReclaimPolicy", FALSE, policies, causes);
  check_sources (volume, causes);
  check_class_name (volume, causes);
  check_volume_mode (volume, causes);
  if (old != NULL)
    check_volume_change (volume, old, causes);
}

static void
check_class_change (JsonNode *class, JsonNode *old, PracticeCauses *causes)
{
  static const char *const fixed[] = { "parameters", "provisioner", "reclaimPolicy" };

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++) {
    g_autofree char *why = g_strdup_printf ("updates to %s are forbidden.", fixed[i]);

    if (!base_json_equal (base_json_get (class, fixed[i], NULL),
                          base_json_get (old, fixed[i], NULL)))
      practice_causes_forbidden (causes, fixed[i], why);
  }
  if (!base_json_equal (base_json_get (class, "volumeBindingMode", NULL),
                        base_json_get (old, "volumeBindingMode", NULL)))
    practice_causes_invalid (causes, "volumeBindingMode",
                             base_json_get_string (class, "volumeBindingMode", NULL),
                             "field is immutable");
}

/**
 * practice_storage_validation_check_class:
 * @class: a StorageClass
 * @old: (nullable): what it replaces
 * @causes: gets what is wrong with it
 */
void
practice_storage_validation_check_class (JsonNode *class, JsonNode *old, PracticeCauses *causes)
{
  static const char *const policies[] = { "Delete", "Retain", NULL };
  static const char *const modes[] = { "Immediate", "WaitForFirstConsumer", NULL };
  const char *provisioner = base_json_get_string (class, "provisioner", NULL);
  g_autofree char *lower = provisioner != NULL ? g_ascii_strdown (provisioner, -1) : NULL;
  const char *wrong =
    lower != NULL && *lower != '\0' ? practice_names_check_label_key (lower) : NULL;

  if (lower == NULL || *lower == '\0')
    practice_causes_required (causes, "provisioner", NULL);
  else if (wrong != NULL)
    practice_causes_invalid (causes, "provisioner", provisioner, wrong);
  practice_validation_one_of (base_json_get_string (class, "reclaimPolicy", NULL), "reclaimPolicy",
                              FALSE, policies, causes);
  practice_validation_one_of (base_json_get_string (class, "volumeBindingMode", NULL),
                              "volumeBindingMode", FALSE, modes, causes);
  if (old != NULL)
    check_class_change (class, old, causes);
}

/**
 * practice_storage_validation_admit_growth:
 * @store: the cluster's objects
 * @claim: the new state of a PersistentVolumeClaim
 * @old: the stored one
 * @error: return location
 *
 * Does what the PersistentVolumeClaimResize admission controller does.
 *
 * Returns: %FALSE with a Status where it may not grow
 */
gboolean
practice_storage_validation_admit_growth (PracticeStore *store,
                                          JsonNode *claim,
                                          JsonNode *old,
                                          GError **error)
{
  JsonNode *now = base_json_get (claim, "spec", "resources", "requests", "storage", NULL);
  JsonNode *before = base_json_get (old, "spec", "resources", "requests", "storage", NULL);
  const char *why = NULL;

  if (practice_quantity_read (now) <= practice_quantity_read (before))
    return TRUE;
  if (g_strcmp0 (base_json_get_string (old, "status", "phase", NULL), "Bound") != 0)
    why = "Only bound persistent volume claims can be expanded";
  else if (!practice_storage_class_may_grow (store, claim))
    why = "only dynamically provisioned pvc can be resized and the storageclass that provisions "
          "the pvc must support resize";
  if (why == NULL)
    return TRUE;
  practice_status_set_stored_forbidden (error, PRACTICE_CLAIMS, base_metadata_get_name (claim),
                                        why);
  return FALSE;
}
