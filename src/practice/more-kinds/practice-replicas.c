/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-replicas.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"
#include "practice-owned-pods.h"
#include "practice-pod-template.h"

/* A typing error such as --replicas=100000 must not fill the memory. */
#define MAX_PODS 1000

/* What says that a pod was refused, and since when. */
#define FAILURE "ReplicaFailure"

/* When a pod that was refused is tried again, at last. */
#define MAX_RETRY_SECONDS 60

/* Those that are not ready go first, then the newest. */
static int
compare_for_deletion (gconstpointer a, gconstpointer b)
{
  JsonNode *first = *(JsonNode *const *)a;
  JsonNode *second = *(JsonNode *const *)b;
  int by_readiness =
    base_condition_is_true (first, "Ready") - base_condition_is_true (second, "Ready");

  if (by_readiness != 0)
    return by_readiness;

  return -g_strcmp0 (base_json_get_string (first, "metadata", "creationTimestamp", NULL),
                     base_json_get_string (second, "metadata", "creationTimestamp", NULL));
}

static GPtrArray *
list_pods (PracticeStore *store, JsonNode *owner)
{
  GPtrArray *pods = practice_owned_pods_list (store, owner);

  for (guint i = pods->len; i > 0; i--)
    if (practice_owned_pods_is_going (pods->pdata[i - 1]))
      g_ptr_array_remove_index (pods, i - 1);

  return pods;
}

static void
add_pods (PracticeStore *store,
          JsonNode *owner,
          const char *component,
          GPtrArray *pods,
          guint wanted,
          GError **error)
{
  while (pods->len < wanted) {
    JsonNode *pod = practice_pod_template_create (store, owner, error);

    if (pod == NULL)
      return;
    g_ptr_array_add (pods, json_node_ref (pod));
    practice_event_recorder_record (
      store, owner, component, "SuccessfulCreate", "Created pod: %s",
      base_metadata_get_name (g_ptr_array_index (pods, pods->len - 1)));
  }
}

static void
remove_pods (
  PracticeStore *store, JsonNode *owner, const char *component, GPtrArray *pods, guint surplus)
{
  g_ptr_array_sort (pods, compare_for_deletion);
  for (guint i = 0; i < surplus; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);

    practice_owned_pods_delete (store, pod);
    practice_event_recorder_record (store, owner, component, "SuccessfulDelete", "Deleted pod: %s",
                                    base_metadata_get_name (pod));
  }
  g_ptr_array_remove_range (pods, 0, surplus);
}

/* What is refused again stays as it was said first: the name in it is another each time. */
static void
set_failure (JsonNode *next, const GError *failure)
{
  if (failure == NULL)
    practice_object_remove_condition (next, FAILURE);
  else if (!base_condition_is_true (next, FAILURE))
    practice_object_set_condition (next, FAILURE, TRUE, "FailedCreate", failure->message);
}

static void
write_status (PracticeStore *store,
              JsonNode *owner,
              const char *resource,
              GPtrArray *pods,
              const GError *failure)
{
  g_autoptr (JsonNode) next = base_json_copy (owner);
  JsonObject *status = practice_object_ensure (next, "status", NULL);
  guint n_ready = 0;

  for (guint i = 0; i < pods->len; i++)
    n_ready += base_condition_is_true (g_ptr_array_index (pods, i), "Ready");

  json_object_set_int_member (status, "replicas", pods->len);
  practice_object_set_count (status, "fullyLabeledReplicas", pods->len);
  practice_object_set_count (status, "readyReplicas", n_ready);
  practice_object_set_count (status, "availableReplicas", n_ready);
  json_object_set_int_member (status, "observedGeneration",
                              base_json_get_int (owner, 1, "metadata", "generation", NULL));
  set_failure (next, failure);
  practice_store_update (store, resource, g_steal_pointer (&next), NULL, NULL);
}

/* Each time twice as long. */
static void
try_again (PracticeController *controller, JsonNode *owner)
{
  JsonNode *condition = base_condition_find (owner, FAILURE);
  const char *text = base_json_get_string (condition, "lastTransitionTime", NULL);
  g_autoptr (GDateTime) since = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  gint64 seconds =
    since != NULL ? g_get_real_time () / G_USEC_PER_SEC - g_date_time_to_unix (since) : 0;

  practice_controller_enqueue_after (controller, base_metadata_get_namespace (owner),
                                     base_metadata_get_name (owner),
                                     (guint)CLAMP (seconds, 1, MAX_RETRY_SECONDS) * 1000);
}

/**
 * practice_replicas_reconcile:
 * @controller: who does it
 * @owner: a stored ReplicaSet or ReplicationController
 * @component: who does it, as events say it
 *
 * Makes and deletes pods until there are as many as @owner asks for, and writes down how many there
 * are. What is refused is tried again after a while.
 */
void
practice_replicas_reconcile (PracticeController *controller, JsonNode *owner, const char *component)
{
  PracticeStore *store = practice_controller_get_store (controller);
  const char *resource = PRACTICE_CONTROLLER_GET_CLASS (controller)->resource;
  gint64 wanted = CLAMP (base_json_get_int (owner, 1, "spec", "replicas", NULL), 0, MAX_PODS);
  g_autoptr (GPtrArray) pods = list_pods (store, owner);
  g_autoptr (GError) failure = NULL;

  if (base_json_get_string (owner, "metadata", "deletionTimestamp", NULL) == NULL) {
    if (pods->len < wanted)
      add_pods (store, owner, component, pods, wanted, &failure);
    else if (pods->len > wanted)
      remove_pods (store, owner, component, pods, pods->len - wanted);
  }
  if (failure != NULL) {
    practice_event_recorder_record (store, owner, component, "FailedCreate", "Error creating: %s",
                                    failure->message);
    try_again (controller, owner);
  }
  write_status (store, owner, resource, pods, failure);
}
