/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-claim-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-pod-claims.h"
#include "practice-quantity.h"
#include "practice-storage-class.h"
#include "practice-storage-protection.h"
#include "practice-volume-binding.h"
#include "practice-volume-match.h"

#define PODS "/pods"
#define COMPONENT "persistentvolume-controller"
#define IN_TREE "kubernetes.io/"

/**
 * PracticeClaimController:
 *
 * Binds each PersistentVolumeClaim to a volume that suits it, or asks for one to be made, and holds
 * it back from its deletion while a pod has it
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding).
 */
struct _PracticeClaimController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeClaimController, practice_claim_controller, PRACTICE_TYPE_CONTROLLER)

static void
lose (PracticeStore *store, JsonNode *claim, const char *reason, const char *message)
{
  if (g_strcmp0 (base_json_get_string (claim, "status", "phase", NULL), "Lost") == 0)
    return;
  practice_volume_binding_set_phase (store, PRACTICE_CLAIMS, claim, "Lost", NULL);
  practice_event_recorder_record (store, claim, COMPONENT, reason, "%s", message);
}

/* Where it may grow, the volume does so at once. */
static void
grow (PracticeStore *store, JsonNode *claim, JsonNode *volume)
{
  JsonNode *wanted = base_json_get (claim, "spec", "resources", "requests", "storage", NULL);
  const char *name = base_metadata_get_name (volume);
  g_autoptr (JsonNode) next = NULL;

  if (practice_quantity_read (wanted) <=
        practice_quantity_read (base_json_get (volume, "spec", "capacity", "storage", NULL)) ||
      !practice_storage_class_may_grow (store, claim))
    return;
  practice_event_recorder_record (store, claim, "external-resizer ebs.csi.aws.com", "Resizing",
                                  "External resizer is resizing volume %s", name);
  next = base_json_copy (volume);
  json_object_set_member (practice_object_ensure (next, "spec", "capacity", NULL), "storage",
                          base_json_copy (wanted));
  practice_store_update (store, PRACTICE_VOLUMES, g_steal_pointer (&next), NULL, NULL);
  practice_event_recorder_record (store, claim, "kubelet", "FileSystemResizeSuccessful",
                                  "MountVolume.NodeExpandVolume succeeded for volume \"%s\"", name);
}

static void
keep_bound (PracticeStore *store, JsonNode *claim)
{
  const char *name = base_json_get_string (claim, "spec", "volumeName", NULL);
  JsonNode *volume = name != NULL ? practice_store_get (store, PRACTICE_VOLUMES, NULL, name) : NULL;
  g_autoptr (JsonNode) held = NULL;

  if (volume == NULL) {
    lose (store, claim, "ClaimLost",
          "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    return;
  }
  if (base_json_get (volume, "spec", "claimRef", NULL) != NULL &&
      !practice_volume_match_is_for (volume, claim)) {
    lose (store, claim, "ClaimMisbound",
          "Two claims are bound to the same volume, this one is bound incorrectly");
    return;
  }
  held = json_node_ref (volume);
  grow (store, claim, held);
  practice_volume_binding_bind (store, practice_store_get (store, PRACTICE_VOLUMES, NULL, name),
                                claim);
}

static void
wait_for_pod (PracticeStore *store, JsonNode *claim)
{
  g_autoptr (GPtrArray) users = practice_pod_claims_list_users (store, claim);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  for (guint i = 0; i < users->len; i++)
    if (base_json_get_string (users->pdata[i], "spec", "nodeName", NULL) == NULL)
      g_ptr_array_add (names, (gpointer)base_metadata_get_name (users->pdata[i]));
  if (names->len == 0) {
    practice_event_recorder_record (store, claim, COMPONENT, "WaitForFirstConsumer",
                                    "waiting for first consumer to be created before binding");
    return;
  }
  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (",", (char **)names->pdata);
  practice_event_recorder_record (store, claim, COMPONENT, "WaitForPodScheduled",
                                  names->len > 2 ? "waiting for pods %s to be scheduled"
                                                 : "waiting for pod %s to be scheduled",
                                  joined);
}

/* Names who is to make a volume for it; what that one does is not this controller's business. */
static void
ask_for_volume (PracticeStore *store, JsonNode *claim)
{
  JsonNode *class = practice_storage_class_find (store, claim);
  const char *provisioner = base_json_get_string (class, "provisioner", NULL);
  g_autoptr (JsonNode) next = NULL;

  if (class == NULL) {
    practice_event_recorder_record (store, claim, COMPONENT, "ProvisioningFailed",
                                    "storageclass.storage.k8s.io \"%s\" not found",
                                    practice_storage_class_get_name_of (claim));
    return;
  }
  if (g_str_has_prefix (provisioner, IN_TREE)) {
    practice_event_recorder_record (store, claim, COMPONENT, "ProvisioningFailed",
                                    "no volume plugin matched");
    return;
  }
  practice_event_recorder_record (store, claim, COMPONENT, "ExternalProvisioning",
                                  "waiting for a volume to be created, either by external "
                                  "provisioner \"%s\" or manually created by system administrator",
                                  provisioner);
  next = base_json_copy (claim);
  json_object_set_string_member (practice_object_ensure (next, "metadata", "annotations", NULL),
                                 PRACTICE_PROVISIONER_ANNOTATION, provisioner);
  practice_store_update (store, PRACTICE_CLAIMS, g_steal_pointer (&next), NULL, NULL);
}

static gboolean
has_node (JsonNode *claim)
{
  return base_json_get (claim, "metadata", "annotations", PRACTICE_SELECTED_NODE_ANNOTATION,
                        NULL) != NULL;
}

/* It does not matter to it which volume it gets. */
static void
find_volume (PracticeStore *store, JsonNode *claim)
{
  gboolean waits = practice_storage_class_waits (practice_storage_class_find (store, claim));
  g_autoptr (GPtrArray) volumes = practice_store_list (store, PRACTICE_VOLUMES, NULL);
  JsonNode *volume = practice_volume_match_find (volumes, claim, NULL, waits);

  if (volume != NULL)
    practice_volume_binding_bind (store, volume, claim);
  else if (base_json_get (claim, "metadata", "annotations", PRACTICE_PROVISIONER_ANNOTATION,
                          NULL) != NULL)
    return; /* somebody is at it */
  else if (waits && !has_node (claim))
    wait_for_pod (store, claim);
  else if (*practice_storage_class_get_name_of (claim) != '\0')
    ask_for_volume (store, claim);
  else
    practice_event_recorder_record (
      store, claim, COMPONENT, "FailedBinding",
      "no persistent volumes available for this claim and no storage class is set");
}

/* It names the one that it wants. */
static void
take_volume (PracticeStore *store, JsonNode *claim, const char *name)
{
  JsonNode *volume = practice_store_get (store, PRACTICE_VOLUMES, NULL, name);
  const char *mismatch;

  if (volume == NULL)
    return;
  if (practice_volume_match_is_for (volume, claim)) {
    practice_volume_binding_bind (store, volume, claim);
  } else if (base_json_get (volume, "spec", "claimRef", NULL) != NULL) {
    practice_event_recorder_record (store, claim, COMPONENT, "FailedBinding",
                                    "volume \"%s\" already bound to a different claim.", name);
  } else {
    mismatch = practice_volume_match_find_mismatch (volume, claim);
    if (mismatch != NULL)
      practice_event_recorder_record (store, claim, COMPONENT, "VolumeMismatch",
                                      "Cannot bind to requested volume \"%s\": %s", name, mismatch);
    else
      practice_volume_binding_bind (store, volume, claim);
  }
}

/* It goes once no pod has it any more. */
static void
let_go (PracticeStore *store, JsonNode *claim)
{
  g_autoptr (GPtrArray) users = practice_pod_claims_list_users (store, claim);

  if (users->len == 0)
    practice_storage_protection_lift (store, PRACTICE_CLAIMS, claim, PRACTICE_CLAIM_FINALIZER);
}

static void
practice_claim_controller_reconcile (PracticeController *controller,
                                     const char *namespace_,
                                     const char *name,
                                     JsonNode *stored)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) claim = stored != NULL ? json_node_ref (stored) : NULL;
  const char *volume = base_json_get_string (claim, "spec", "volumeName", NULL);

  if (claim == NULL)
    return;
  if (base_json_get_string (claim, "metadata", "deletionTimestamp", NULL) != NULL)
    let_go (store, claim);
  else if (practice_volume_binding_is_complete (claim))
    keep_bound (store, claim);
  else if (volume != NULL && *volume != '\0')
    take_volume (store, claim, volume);
  else
    find_volume (store, claim);
}

static void
enqueue_of_pod (PracticeController *controller, JsonNode *pod)
{
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);
  const char *namespace_ = base_metadata_get_namespace (pod);

  for (guint i = 0; i < base_json_get_length (volumes); i++) {
    const char *name = practice_pod_claims_get_name (json_array_get_element (volumes, i));

    if (name != NULL)
      practice_controller_enqueue (controller, namespace_, name);
  }
}

/* Only the beginning and the end of a pod, and its node, matter to its claims. */
static gboolean
is_of_interest (PracticeEventType type, JsonNode *pod, JsonNode *old)
{
  return type != PRACTICE_EVENT_MODIFIED ||
         g_strcmp0 (base_json_get_string (pod, "status", "phase", NULL),
                    base_json_get_string (old, "status", "phase", NULL)) != 0;
}

static void
practice_claim_controller_related (PracticeController *controller,
                                   PracticeEventType type,
                                   const char *resource,
                                   JsonNode *object,
                                   JsonNode *old)
{
  const char *namespace_ = base_json_get_string (object, "spec", "claimRef", "namespace", NULL);
  const char *claim = base_json_get_string (object, "spec", "claimRef", "name", NULL);

  if (!g_str_equal (resource, PODS)) {
    if (claim != NULL && namespace_ != NULL)
      practice_controller_enqueue (controller, namespace_, claim);
    else
      practice_controller_enqueue_all (controller, NULL);
  } else if (is_of_interest (type, object, old)) {
    enqueue_of_pod (controller, object);
  }
}

static void
practice_claim_controller_class_init (PracticeClaimControllerClass *klass)
{
  static const char *const also[] = { PODS, PRACTICE_VOLUMES, PRACTICE_STORAGE_CLASSES, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = PRACTICE_CLAIMS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_claim_controller_reconcile;
  controller_class->related = practice_claim_controller_related;
}

static void
practice_claim_controller_init (PracticeClaimController *self)
{
}

/**
 * practice_claim_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_claim_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_CLAIM_CONTROLLER, "store", store, NULL);
}
