/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-owned-pods.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-object.h"
#include "practice-selector.h"

#define PODS "/pods"

/* A ReplicationController has plain labels where others have a LabelSelector. */
static PracticeSelector *
new_selector (JsonNode *owner)
{
  JsonNode *selector = base_json_get (owner, "spec", "selector", NULL);
  g_autoptr (JsonNode) whole = NULL;
  JsonObject *members;

  if (selector == NULL ||
      g_strcmp0 (base_json_get_string (owner, "kind", NULL), "ReplicationController") != 0)
    return practice_selector_new_from_object (selector);
  members = json_object_new ();
  json_object_set_member (members, "matchLabels", json_node_ref (selector));
  whole = base_json_take_object (members);

  return practice_selector_new_from_object (whole);
}

/* (nullable) (transfer none): @pod as it is stored once @owner controls it. */
static JsonNode *
adopt (PracticeStore *store, JsonNode *owner, JsonNode *pod)
{
  g_autoptr (JsonNode) next = base_json_copy (pod);

  practice_object_set_owner (next, owner);

  return practice_store_update (store, PODS, g_steal_pointer (&next), NULL, NULL);
}

/**
 * practice_owned_pods_list:
 * @store: the cluster's objects
 * @owner: a stored object that controls pods
 *
 * Pods that the selector of @owner finds and that nobody controls become its own, as those are that
 * "kubectl delete --cascade=orphan" leaves.
 *
 * Returns: (transfer full) (element-type JsonNode): the pods of @owner
 */
GPtrArray *
practice_owned_pods_list (PracticeStore *store, JsonNode *owner)
{
  const char *uid = base_metadata_get_uid (owner);
  gboolean adopts = base_json_get_string (owner, "metadata", "deletionTimestamp", NULL) == NULL;
  g_autoptr (PracticeSelector) selector = new_selector (owner);
  g_autoptr (GPtrArray) all =
    practice_store_list (store, PODS, base_metadata_get_namespace (owner));
  GPtrArray *pods = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    JsonNode *pod = g_ptr_array_index (all, i);
    const char *controller = practice_object_get_controller_uid (pod);

    if (controller == NULL && adopts && selector != NULL &&
        !practice_selector_is_empty (selector) && !practice_owned_pods_is_going (pod) &&
        practice_selector_matches_labels (selector, pod))
      pod = adopt (store, owner, pod);
    else if (g_strcmp0 (controller, uid) != 0)
      continue;
    if (pod != NULL)
      g_ptr_array_add (pods, json_node_ref (pod));
  }

  return pods;
}

/**
 * practice_owned_pods_is_going:
 * @pod: a pod
 *
 * Returns: whether it is deleted or has ended, so that another has to stand for it
 */
gboolean
practice_owned_pods_is_going (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL ||
         g_strcmp0 (phase, "Failed") == 0 || g_strcmp0 (phase, "Succeeded") == 0;
}

/**
 * practice_owned_pods_delete:
 * @store: the cluster's objects
 * @pod: a stored pod
 *
 * Has a pod end; one that no kubelet has to end is gone at once.
 */
void
practice_owned_pods_delete (PracticeStore *store, JsonNode *pod)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);
  g_autoptr (JsonNode) going = NULL;
  g_autofree char *now = NULL;
  JsonObject *metadata;

  if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    return;
  if (base_json_get_array (pod, "metadata", "finalizers", NULL) == NULL &&
      (base_json_get_string (pod, "spec", "nodeName", NULL) == NULL ||
       g_strcmp0 (phase, "Failed") == 0 || g_strcmp0 (phase, "Succeeded") == 0)) {
    practice_store_delete (store, PODS, namespace_, base_metadata_get_name (pod), NULL);
    return;
  }
  going = base_json_copy (pod);
  metadata = practice_object_ensure (going, "metadata", NULL);
  now = practice_age_dup_now ();
  json_object_set_string_member (metadata, "deletionTimestamp", now);
  json_object_set_int_member (
    metadata, "deletionGracePeriodSeconds",
    base_json_get_int (pod, 30, "spec", "terminationGracePeriodSeconds", NULL));
  practice_store_update (store, PODS, g_steal_pointer (&going), NULL, NULL);
}

/**
 * practice_owned_pods_enqueue_owner:
 * @controller: the controller of the objects of @kind
 * @pod: a pod that has changed
 * @kind: a kind that owns pods
 *
 * Has the owner of @pod looked at; for one that nobody controls, all of them, since one may want
 * it.
 */
void
practice_owned_pods_enqueue_owner (PracticeController *controller, JsonNode *pod, const char *kind)
{
  JsonArray *owners = base_json_get_array (pod, "metadata", "ownerReferences", NULL);
  guint n_owners = base_json_get_length (owners);
  const char *namespace_ = base_metadata_get_namespace (pod);

  if (n_owners == 0)
    practice_controller_enqueue_all (controller, namespace_);
  for (guint i = 0; i < n_owners; i++) {
    JsonNode *owner = json_array_get_element (owners, i);

    if (g_strcmp0 (base_json_get_string (owner, "kind", NULL), kind) == 0)
      practice_controller_enqueue (controller, namespace_,
                                   base_json_get_string (owner, "name", NULL));
  }
}
