/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-eviction.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-decoder.h"
#include "practice-object.h"
#include "practice-selector.h"
#include "practice-status.h"

#define BUDGETS "policy/poddisruptionbudgets"

/* The budgets that are for @pod. */
static GPtrArray *
find_budgets (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (GPtrArray) all =
    practice_store_list (store, BUDGETS, base_metadata_get_namespace (pod));
  GPtrArray *budgets = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++) {
    g_autoptr (PracticeSelector) selector =
      practice_selector_new_from_object (base_json_get (all->pdata[i], "spec", "selector", NULL));

    if (selector != NULL && practice_selector_matches_labels (selector, pod))
      g_ptr_array_add (budgets, json_node_ref (all->pdata[i]));
  }

  return budgets;
}

static gboolean
check_budget (JsonNode *budget, GError **error)
{
  const char *name = base_metadata_get_name (budget);
  g_autofree char *why = NULL;

  if (base_json_get_int (budget, 0, "status", "observedGeneration", NULL) <
      base_json_get_int (budget, 0, "metadata", "generation", NULL))
    why =
      g_strdup_printf ("The disruption budget %s is still being processed by the server.", name);
  else if (base_json_get_int (budget, 0, "status", "disruptionsAllowed", NULL) < 1)
    why = g_strdup_printf ("The disruption budget %s needs %" G_GINT64_FORMAT
                           " healthy pods and has %" G_GINT64_FORMAT " currently",
                           name, base_json_get_int (budget, 0, "status", "desiredHealthy", NULL),
                           base_json_get_int (budget, 0, "status", "currentHealthy", NULL));
  if (why == NULL)
    return TRUE;
  practice_status_set_too_many (error,
                                "Cannot evict pod as it would violate the pod's disruption budget.",
                                "DisruptionBudget", why);
  return FALSE;
}

/* What is taken now is not there for the next one, before the pods are counted again. */
static void
take_from (PracticeStore *store, JsonNode *budget)
{
  g_autoptr (JsonNode) next = base_json_copy (budget);

  json_object_set_int_member (practice_object_ensure (next, "status", NULL), "disruptionsAllowed",
                              base_json_get_int (budget, 1, "status", "disruptionsAllowed", NULL) -
                                1);
  practice_store_update (store, BUDGETS, g_steal_pointer (&next), NULL, NULL);
}

/* Only a pod that runs, or may soon, is missed. */
static gboolean
is_missed (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return g_strcmp0 (phase, "Running") == 0 &&
         base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) == NULL;
}

/* FALSE with a Status: @pod has to stay. */
static gboolean
ask_budgets (PracticeStore *store, JsonNode *pod, gboolean dry_run, GError **error)
{
  g_autoptr (GPtrArray) budgets = find_budgets (store, pod);

  if (budgets->len == 0)
    return TRUE;
  if (budgets->len > 1) {
    practice_status_set_internal (error, "This pod has more than one PodDisruptionBudget, which "
                                         "the eviction subresource does not support.");
    return FALSE;
  }
  if (!check_budget (budgets->pdata[0], error))
    return FALSE;
  if (!dry_run)
    take_from (store, budgets->pdata[0]);

  return TRUE;
}

/**
 * practice_eviction_handle:
 * @objects: the objects
 * @resource: pods
 * @request: a request for the eviction of one
 * @body: its body
 * @error: return location
 *
 * Does what "kubectl drain" asks for
 * (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/).
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_eviction_handle (PracticeObjects *objects,
                          PracticeResource *resource,
                          PracticeRequest *request,
                          GBytes *body,
                          GError **error)
{
  PracticeDeletion deletion = { .grace_seconds = -1 };
  g_autoptr (JsonNode) eviction = NULL;
  g_autoptr (JsonNode) pod = NULL;
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (GError) why = NULL;
  JsonNode *found;
  JsonNode *options;
  JsonArray *dry_run;
  gboolean removed;

  if (request->verb != PRACTICE_VERB_CREATE) {
    practice_status_set_method_not_allowed (error, resource,
                                            practice_request_get_verb_name (request));
    return NULL;
  }
  eviction = practice_decoder_read_type (practice_objects_get_registry (objects), "Eviction", body,
                                         request->content_type, &why);
  if (why != NULL) {
    g_propagate_error (error, g_steal_pointer (&why));
    return NULL;
  }
  options = base_json_get (eviction, "deleteOptions", NULL);
  dry_run = base_json_get_array (options, "dryRun", NULL);
  deletion.grace_seconds = base_json_get_int (options, -1, "gracePeriodSeconds", NULL);
  deletion.uid = base_json_get_string (options, "preconditions", "uid", NULL);
  deletion.dry_run = g_strcmp0 (practice_request_get (request, "dryRun"), "All") == 0 ||
                     (base_json_get_length (dry_run) > 0);
  found = practice_objects_find (objects, resource, request->namespace_, request->name, error);
  if (found == NULL || (is_missed (found) && !ask_budgets (practice_objects_get_store (objects),
                                                           found, deletion.dry_run, error)))
    return NULL;
  pod = practice_objects_delete (objects, resource, request->namespace_, request->name, &deletion,
                                 &removed, error);
  if (pod == NULL)
    return NULL;
  status = practice_status_new_success ();

  return practice_answer_new_node (201, status);
}
