/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-volume-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-deadlines.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-storage-class.h"
#include "practice-storage-driver.h"
#include "practice-storage-protection.h"
#include "practice-volume-binding.h"
#include "practice-volume-match.h"

#define COMPONENT "persistentvolume-controller"
#define DEPLOYMENTS "apps/deployments"

/* How long the storage driver takes to delete a disk. */
#define DELETE_MS 300

/**
 * PracticeVolumeController:
 *
 * Says of each PersistentVolume whether it is free, bound or released, and does with a released one
 * what its policy asks for
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming). The storage driver,
 * on whose behalf it does so, deletes what it has made.
 */
struct _PracticeVolumeController {
  PracticeController parent_instance;

  PracticeDisks *disks; /* (nullable) */
  PracticeDeadlines *deadlines;
};

G_DEFINE_FINAL_TYPE (PracticeVolumeController, practice_volume_controller, PRACTICE_TYPE_CONTROLLER)

static void
fail (PracticeStore *store, JsonNode *volume, const char *reason, const char *message)
{
  if (g_strcmp0 (base_json_get_string (volume, "status", "phase", NULL), "Failed") == 0)
    return;
  practice_volume_binding_set_phase (store, PRACTICE_VOLUMES, volume, "Failed", message);
  practice_event_recorder_record (store, volume, COMPONENT, reason, "%s", message);
}

/* In the words of the volume plugins. */
static void
delete_volume (PracticeStore *store, JsonNode *volume)
{
  const char *path = base_json_get_string (volume, "spec", "hostPath", "path", NULL);
  g_autofree char *message = NULL;

  if (path != NULL && !g_str_has_prefix (path, "/tmp/"))
    message =
      g_strdup_printf ("host_path deleter only supports /tmp/.+ but received provided %s", path);
  else if (path == NULL && base_json_get (volume, "spec", "awsElasticBlockStore", NULL) == NULL)
    message = g_strdup_printf ("error getting deleter volume plugin for volume \"%s\": no "
                               "deletable volume plugin matched",
                               base_metadata_get_name (volume));
  if (message != NULL)
    fail (store, volume, "VolumeFailedDelete", message);
  else
    practice_store_delete (store, PRACTICE_VOLUMES, NULL, base_metadata_get_name (volume), NULL);
}

static void
recycle_volume (PracticeVolumeController *self, PracticeStore *store, JsonNode *volume)
{
  g_autoptr (JsonNode) next = NULL;

  if (base_json_get (volume, "spec", "hostPath", NULL) == NULL &&
      base_json_get (volume, "spec", "nfs", NULL) == NULL) {
    fail (store, volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
    return;
  }
  if (self->disks != NULL)
    practice_disks_scrub (self->disks, base_metadata_get_name (volume));
  practice_event_recorder_record (store, volume, COMPONENT, "VolumeRecycled", "Volume recycled");
  next = base_json_copy (volume);
  json_object_remove_member (practice_object_ensure (next, "spec", NULL), "claimRef");
  json_object_set_string_member (practice_object_ensure (next, "status", NULL), "phase",
                                 "Available");
  practice_store_update (store, PRACTICE_VOLUMES, g_steal_pointer (&next), NULL, NULL);
}

/* Without its driver it stays as it is. */
static void
delete_provisioned (PracticeVolumeController *self, PracticeStore *store, JsonNode *volume)
{
  const char *uid = base_metadata_get_uid (volume);
  guint left;

  if (!practice_storage_driver_is_running (store))
    return;
  left = practice_deadlines_wait (self->deadlines, uid, DELETE_MS);
  if (left > 0)
    practice_controller_enqueue_after (PRACTICE_CONTROLLER (self), NULL,
                                       base_metadata_get_name (volume), left);
  else
    practice_store_delete (store, PRACTICE_VOLUMES, NULL, base_metadata_get_name (volume), NULL);
}

static void
reclaim (PracticeVolumeController *self, PracticeStore *store, JsonNode *volume)
{
  const char *policy = base_json_get_string (volume, "spec", "persistentVolumeReclaimPolicy", NULL);
  const char *provisioner = base_metadata_get_annotation (volume, PRACTICE_PROVISIONED_ANNOTATION);

  if (g_strcmp0 (policy, "Recycle") == 0)
    recycle_volume (self, store, volume);
  else if (g_strcmp0 (policy, "Delete") == 0 && provisioner == NULL)
    delete_volume (store, volume);
  else if (g_strcmp0 (policy, "Delete") == 0 && g_str_equal (provisioner, PRACTICE_STORAGE_DRIVER))
    delete_provisioned (self, store, volume);
}

/* (transfer none) (nullable): the claim that it is kept for, the very same. */
static JsonNode *
find_claim (PracticeStore *store, JsonNode *volume)
{
  const char *namespace_ = base_json_get_string (volume, "spec", "claimRef", "namespace", NULL);
  const char *name = base_json_get_string (volume, "spec", "claimRef", "name", NULL);
  JsonNode *claim =
    name != NULL ? practice_store_get (store, PRACTICE_CLAIMS, namespace_, name) : NULL;

  return claim != NULL && practice_volume_match_is_for (volume, claim) ? claim : NULL;
}

static gboolean
is_in_phase (JsonNode *volume, const char *phase)
{
  return g_strcmp0 (base_json_get_string (volume, "status", "phase", NULL), phase) == 0;
}

/* One that is kept for a claim of which there is no sign yet waits for it. */
static void
follow_claim (PracticeVolumeController *self, PracticeStore *store, JsonNode *volume)
{
  JsonNode *claim = find_claim (store, volume);
  const char *uid = base_json_get_string (volume, "spec", "claimRef", "uid", NULL);

  if (claim == NULL && (uid == NULL || *uid == '\0')) {
    practice_volume_binding_set_phase (store, PRACTICE_VOLUMES, volume, "Available", NULL);
  } else if (claim == NULL) {
    if (!is_in_phase (volume, "Failed"))
      practice_volume_binding_set_phase (store, PRACTICE_VOLUMES, volume, "Released", NULL);
    reclaim (self, store, volume);
  } else if (practice_volume_binding_find (store, claim) != NULL) {
    practice_volume_binding_set_phase (store, PRACTICE_VOLUMES, volume, "Bound", NULL);
  }
}

static void
practice_volume_controller_reconcile (PracticeController *controller,
                                      const char *namespace_,
                                      const char *name,
                                      JsonNode *stored)
{
  PracticeVolumeController *self = PRACTICE_VOLUME_CONTROLLER (controller);
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) volume = stored != NULL ? json_node_ref (stored) : NULL;

  if (volume == NULL)
    return;
  if (base_json_get (volume, "spec", "claimRef", NULL) == NULL)
    practice_volume_binding_set_phase (store, PRACTICE_VOLUMES, volume, "Available", NULL);
  else
    follow_claim (self, store, volume);
  if (base_json_get_string (volume, "metadata", "deletionTimestamp", NULL) != NULL &&
      find_claim (store, volume) == NULL)
    practice_storage_protection_lift (store, PRACTICE_VOLUMES, volume, PRACTICE_VOLUME_FINALIZER);
}

static void
practice_volume_controller_related (PracticeController *controller,
                                    PracticeEventType type,
                                    const char *resource,
                                    JsonNode *object,
                                    JsonNode *old)
{
  const char *volume = base_json_get_string (object, "spec", "volumeName", NULL);

  if (practice_storage_driver_has_started (resource, object, old))
    practice_controller_enqueue_all (controller, NULL);
  else if (volume != NULL && *volume != '\0')
    practice_controller_enqueue (controller, NULL, volume);
}

static void
practice_volume_controller_dispose (GObject *object)
{
  PracticeVolumeController *self = PRACTICE_VOLUME_CONTROLLER (object);

  g_clear_object (&self->disks);
  g_clear_object (&self->deadlines);

  G_OBJECT_CLASS (practice_volume_controller_parent_class)->dispose (object);
}

static void
practice_volume_controller_class_init (PracticeVolumeControllerClass *klass)
{
  static const char *const also[] = { DEPLOYMENTS, PRACTICE_CLAIMS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = practice_volume_controller_dispose;
  controller_class->resource = PRACTICE_VOLUMES;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_volume_controller_reconcile;
  controller_class->related = practice_volume_controller_related;
}

static void
practice_volume_controller_init (PracticeVolumeController *self)
{
  self->deadlines = practice_deadlines_new ();
}

/**
 * practice_volume_controller_new:
 * @store: the cluster's objects
 * @disks: (nullable): what is on the volumes
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_volume_controller_new (PracticeStore *store, PracticeDisks *disks)
{
  PracticeVolumeController *self =
    g_object_new (PRACTICE_TYPE_VOLUME_CONTROLLER, "store", store, NULL);

  g_set_object (&self->disks, disks);
  return PRACTICE_CONTROLLER (self);
}
