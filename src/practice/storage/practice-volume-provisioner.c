/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-provisioner.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-deadlines.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-storage-class.h"
#include "practice-storage-driver.h"
#include "practice-storage-protection.h"
#include "practice-volume-binding.h"

#define DEPLOYMENTS "apps/deployments"

/* What takes Amazon some seconds. */
#define PROVISION_MS 500

/**
 * PracticeVolumeProvisioner:
 *
 * The CSI driver of Konvoy's add-on awsebscsiprovisioner: makes a volume for each claim that asks
 * this driver for one
 * (https://kubernetes-csi.github.io/docs/external-provisioner.html). It works while its Deployment
 * has a pod that is ready.
 */
struct _PracticeVolumeProvisioner {
  PracticeController parent_instance;

  PracticeDeadlines *deadlines;
  GHashTable *begun; /* (element-type utf8): uids of claims whose volumes are being made */
};

G_DEFINE_FINAL_TYPE (PracticeVolumeProvisioner,
                     practice_volume_provisioner,
                     PRACTICE_TYPE_CONTROLLER)

static gboolean
is_asked (JsonNode *claim)
{
  const char *volume = base_json_get_string (claim, "spec", "volumeName", NULL);

  return g_strcmp0 (base_metadata_get_annotation (claim, PRACTICE_PROVISIONER_ANNOTATION),
                    PRACTICE_STORAGE_DRIVER) == 0 &&
         (volume == NULL || *volume == '\0') &&
         base_json_get_string (claim, "metadata", "deletionTimestamp", NULL) == NULL;
}

/* A disk is in one zone, and only the nodes there can have it. */
static void
set_zone (JsonNode *volume, const char *zone)
{
  JsonArray *values = json_array_new ();
  JsonArray *expressions = json_array_new ();
  JsonArray *terms = json_array_new ();
  JsonObject *expression = json_object_new ();
  JsonObject *term = json_object_new ();

  json_array_add_string_element (values, zone);
  json_object_set_string_member (expression, "key", PRACTICE_STORAGE_DRIVER_ZONE);
  json_object_set_string_member (expression, "operator", "In");
  json_object_set_array_member (expression, "values", values);
  json_array_add_object_element (expressions, expression);
  json_object_set_array_member (term, "matchExpressions", expressions);
  json_array_add_object_element (terms, term);
  json_object_set_array_member (
    practice_object_ensure (volume, "spec", "nodeAffinity", "required", NULL), "nodeSelectorTerms",
    terms);
}

/* (nullable): the zone of the node that the claim is wanted at. */
static const char *
find_zone (PracticeStore *store, JsonNode *claim)
{
  const char *node = base_metadata_get_annotation (claim, PRACTICE_SELECTED_NODE_ANNOTATION);

  return node != NULL ? base_metadata_get_label (practice_store_get (store, "/nodes", NULL, node),
                                                 PRACTICE_STORAGE_DRIVER_ZONE)
                      : NULL;
}

static void
set_source (JsonNode *volume, JsonNode *class)
{
  JsonObject *source = practice_object_ensure (volume, "spec", "csi", NULL);
  const char *type = base_json_get_string (class, "parameters", "fsType", NULL);
  g_autofree char *handle = g_strdup_printf ("vol-0%08x%08x", g_random_int (), g_random_int ());
  g_autofree char *identity = g_strdup_printf ("%" G_GINT64_FORMAT "-8081-" PRACTICE_STORAGE_DRIVER,
                                               g_get_real_time () / 1000);

  json_object_set_string_member (source, "driver", PRACTICE_STORAGE_DRIVER);
  json_object_set_string_member (source, "volumeHandle", handle);
  json_object_set_string_member (source, "fsType", type != NULL ? type : "ext4");
  json_object_set_string_member (
    practice_object_ensure (volume, "spec", "csi", "volumeAttributes", NULL),
    "storage.kubernetes.io/csiProvisionerIdentity", identity);
}

static void
copy (JsonObject *target, const char *name, JsonNode *node)
{
  if (node != NULL)
    json_object_set_member (target, name, base_json_copy (node));
}

static JsonNode *
new_volume (PracticeStore *store, JsonNode *claim, JsonNode *class, const char *name)
{
  JsonNode *volume = practice_object_new ("v1", "PersistentVolume", NULL, name);
  JsonObject *spec = practice_object_ensure (volume, "spec", NULL);
  JsonArray *finalizers = json_array_new ();
  const char *zone = find_zone (store, claim);

  json_object_set_string_member (practice_object_ensure (volume, "metadata", "annotations", NULL),
                                 PRACTICE_PROVISIONED_ANNOTATION, PRACTICE_STORAGE_DRIVER);
  json_array_add_string_element (finalizers, PRACTICE_VOLUME_FINALIZER);
  json_object_set_array_member (practice_object_ensure (volume, "metadata", NULL), "finalizers",
                                finalizers);
  copy (practice_object_ensure (volume, "spec", "capacity", NULL), "storage",
        base_json_get (claim, "spec", "resources", "requests", "storage", NULL));
  copy (spec, "accessModes", base_json_get (claim, "spec", "accessModes", NULL));
  copy (spec, "volumeMode", base_json_get (claim, "spec", "volumeMode", NULL));
  copy (spec, "persistentVolumeReclaimPolicy", base_json_get (class, "reclaimPolicy", NULL));
  json_object_set_string_member (spec, "storageClassName",
                                 practice_storage_class_get_name_of (claim));
  set_source (volume, class);
  practice_volume_binding_set_claim (volume, claim);
  if (zone != NULL)
    set_zone (volume, zone);
  json_object_set_string_member (practice_object_ensure (volume, "status", NULL), "phase",
                                 "Pending");
  return volume;
}

static void
provision (PracticeVolumeProvisioner *self, PracticeStore *store, JsonNode *claim)
{
  const char *namespace_ = base_metadata_get_namespace (claim);
  const char *name = base_metadata_get_name (claim);
  const char *uid = base_metadata_get_uid (claim);
  JsonNode *class = practice_storage_class_find (store, claim);
  g_autofree char *volume = g_strconcat ("pvc-", uid, NULL);
  guint left;

  if (class == NULL || practice_store_get (store, PRACTICE_VOLUMES, NULL, volume) != NULL)
    return;
  left = practice_deadlines_wait (self->deadlines, uid, PROVISION_MS);
  if (g_hash_table_add (self->begun, g_strdup (uid)))
    practice_event_recorder_record (store, claim, PRACTICE_STORAGE_DRIVER_COMPONENT, "Provisioning",
                                    "External provisioner is provisioning volume for claim "
                                    "\"%s/%s\"",
                                    namespace_, name);
  if (left > 0) {
    practice_controller_enqueue_after (PRACTICE_CONTROLLER (self), namespace_, name, left);
    return;
  }
  g_hash_table_remove (self->begun, uid);
  practice_store_create (store, PRACTICE_VOLUMES, new_volume (store, claim, class, volume), NULL);
  practice_event_recorder_record (store, claim, PRACTICE_STORAGE_DRIVER_COMPONENT,
                                  "ProvisioningSucceeded", "Successfully provisioned volume %s",
                                  volume);
}

static void
practice_volume_provisioner_reconcile (PracticeController *controller,
                                       const char *namespace_,
                                       const char *name,
                                       JsonNode *stored)
{
  PracticeVolumeProvisioner *self = PRACTICE_VOLUME_PROVISIONER (controller);
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) claim = stored != NULL ? json_node_ref (stored) : NULL;

  if (claim != NULL && is_asked (claim) && practice_storage_driver_is_running (store))
    provision (self, store, claim);
}

static void
practice_volume_provisioner_related (PracticeController *controller,
                                     PracticeEventType type,
                                     const char *resource,
                                     JsonNode *deployment,
                                     JsonNode *old)
{
  if (practice_storage_driver_has_started (resource, deployment, old))
    practice_controller_enqueue_all (controller, NULL);
}

static void
practice_volume_provisioner_finalize (GObject *object)
{
  PracticeVolumeProvisioner *self = PRACTICE_VOLUME_PROVISIONER (object);

  g_clear_object (&self->deadlines);
  g_hash_table_unref (self->begun);

  G_OBJECT_CLASS (practice_volume_provisioner_parent_class)->finalize (object);
}

static void
practice_volume_provisioner_class_init (PracticeVolumeProvisionerClass *klass)
{
  static const char *const also[] = { DEPLOYMENTS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_volume_provisioner_finalize;
  controller_class->resource = PRACTICE_CLAIMS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_volume_provisioner_reconcile;
  controller_class->related = practice_volume_provisioner_related;
}

static void
practice_volume_provisioner_init (PracticeVolumeProvisioner *self)
{
  self->deadlines = practice_deadlines_new ();
  self->begun = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_volume_provisioner_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the provisioner, not yet started
 */
PracticeController *
practice_volume_provisioner_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_VOLUME_PROVISIONER, "store", store, NULL);
}
