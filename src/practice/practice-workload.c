/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-workload.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-go.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"
#include "practice-selector.h"
#include "practice-validation.h"

const PracticeColumn practice_workload_replicas_columns[] = {
  { "Name", "string", "name", 0 },
  { "Desired", "integer", "", 0 },
  { "Current", "integer", "", 0 },
  { "Ready", "integer", "", 0 },
  { "Age", "string", "", 0 },
  { "Containers", "string", "", 1 },
  { "Images", "string", "", 1 },
  { "Selector", "string", "", 1 },
  { NULL },
};

const char *const practice_workload_replicas_fields[] = { "status.replicas", NULL };

/**
 * practice_workload_set_defaults:
 * @object: an object with replicas and a template, changed in place
 *
 * Fills in what a real server fills in.
 */
void
practice_workload_set_defaults (JsonNode *object)
{
  JsonNode *pod_spec = base_json_get (object, "spec", "template", "spec", NULL);

  practice_workload_set_default_replicas (object);
  if (pod_spec != NULL)
    practice_pod_defaults_apply (pod_spec);
}

/**
 * practice_workload_set_default_replicas:
 * @object: an object with replicas, changed in place
 *
 * Asks for one pod where nothing is said.
 */
void
practice_workload_set_default_replicas (JsonNode *object)
{
  JsonObject *spec = base_json_get_object (object, "spec", NULL);

  if (spec != NULL && !json_object_has_member (spec, "replicas"))
    json_object_set_int_member (spec, "replicas", 1);
}

/**
 * practice_workload_prepare_replicas:
 * @object: an object to be stored
 * @old: (nullable): what it replaces
 *
 * Says in the status of a new object that it has no pods yet.
 */
void
practice_workload_prepare_replicas (JsonNode *object, JsonNode *old)
{
  JsonObject *status;

  if (old != NULL)
    return;
  status = json_object_new ();
  json_object_set_int_member (status, "replicas", 0);
  json_object_set_object_member (json_node_get_object (object), "status", status);
}

/**
 * practice_workload_add_replicas_cells:
 * @object: a stored ReplicaSet or ReplicationController
 * @cells: the cells of a row, which get four more
 *
 * Adds its name, and how many pods it should have, has, and has ready.
 */
void
practice_workload_add_replicas_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  json_array_add_int_element (cells, base_json_get_int (object, 1, "spec", "replicas", NULL));
  json_array_add_int_element (cells, base_json_get_int (object, 0, "status", "replicas", NULL));
  json_array_add_int_element (cells,
                              base_json_get_int (object, 0, "status", "readyReplicas", NULL));
}

/**
 * practice_workload_add_cells:
 * @object: a stored object
 * @cells: the cells of a row, which get four more
 *
 * Adds age, names and images of the containers, and the selector.
 */
void
practice_workload_add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_age (cells, object);
  practice_cells_add_containers (cells, base_json_get (object, "spec", "template", "spec", NULL));
  practice_cells_add_selector (cells, base_json_get (object, "spec", "selector", NULL));
}

static gboolean
is_empty_selector (JsonNode *selector)
{
  g_autoptr (PracticeSelector) compiled = practice_selector_new_from_object (selector);

  return practice_selector_is_empty (compiled);
}

/**
 * practice_workload_validate_selector:
 * @object: an object
 * @word: what a real server calls its kind, as "deployment"
 * @causes: where what is wrong is noted
 *
 * Checks the selector, without which it would have no pods.
 *
 * Returns: whether it can be read; what depends on it is looked at only then
 */
gboolean
practice_workload_validate_selector (JsonNode *object, const char *word, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);
  guint before = practice_causes_get_length (causes);
  g_autofree char *printed = NULL;
  g_autofree char *why = NULL;

  if (selector == NULL) {
    practice_causes_required (causes, "spec.selector", NULL);
    return TRUE;
  }
  practice_validation_selector (selector, "spec.selector", causes);
  printed = practice_go_print_selector (selector);
  if (practice_causes_get_length (causes) > before) {
    practice_causes_invalid_literal (causes, "spec.selector", printed, "invalid label selector");
    return FALSE;
  }
  if (is_empty_selector (selector)) {
    why = g_strconcat ("empty selector is invalid for ", word, NULL);
    practice_causes_invalid_literal (causes, "spec.selector", printed, why);
  }
  return TRUE;
}

/* No selector at all selects nothing, an empty one everything. */
static void
validate_labels (JsonNode *object, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);
  JsonObject *labels =
    base_json_get_object (object, "spec", "template", "metadata", "labels", NULL);
  g_autoptr (PracticeSelector) compiled = practice_selector_new_from_object (selector);
  g_autofree char *printed = NULL;

  if (selector != NULL &&
      (is_empty_selector (selector) || practice_selector_matches_map (compiled, labels)))
    return;
  printed = practice_go_print_labels (labels);
  practice_causes_invalid_literal (causes, "spec.template.metadata.labels", printed,
                                   "`selector` does not match template `labels`");
}

/**
 * practice_workload_validate_restart_policy:
 * @template_: (nullable): a template of pods that run for ever
 * @causes: where what is wrong is noted
 *
 * Checks that what ends in its pods is always started again.
 */
void
practice_workload_validate_restart_policy (JsonNode *template_, PracticeCauses *causes)
{
  static const char *const only[] = { "Always", NULL };
  const char *policy = base_json_get_string (template_, "spec", "restartPolicy", NULL);

  if (policy != NULL && !g_str_equal (policy, "Always"))
    practice_causes_unsupported (causes, "spec.template.spec.restartPolicy", policy, only);
}

/**
 * practice_workload_validate_no_deadline:
 * @template_: (nullable): a template of pods that run for ever
 * @kind: the kind that makes them, as "ReplicaSet"
 * @causes: where what is wrong is noted
 *
 * Checks that its pods are not ended after some time.
 */
void
practice_workload_validate_no_deadline (JsonNode *template_,
                                        const char *kind,
                                        PracticeCauses *causes)
{
  g_autofree char *words = g_strdup_printf ("activeDeadlineSeconds in %s is not Supported", kind);

  if (base_json_get (template_, "spec", "activeDeadlineSeconds", NULL) != NULL)
    practice_causes_forbidden (causes, "spec.template.spec.activeDeadlineSeconds", words);
}

/**
 * practice_workload_validate_template:
 * @object: an object
 * @kind: the kind that a real server names where a pod of the template could end
 * @causes: where what is wrong is noted
 *
 * Checks the template: its pods run for ever and are found by the selector.
 */
void
practice_workload_validate_template (JsonNode *object, const char *kind, PracticeCauses *causes)
{
  JsonNode *template_ = base_json_get (object, "spec", "template", NULL);

  validate_labels (object, causes);
  practice_pod_validation_check_template (template_, "spec.template", causes);
  if (template_ == NULL || base_json_get (template_, "spec", NULL) == NULL)
    practice_causes_required (causes, "spec.template.spec.containers", NULL);
  practice_workload_validate_restart_policy (template_, causes);
  practice_workload_validate_no_deadline (template_, kind, causes);
}

/**
 * practice_workload_validate_same_selector:
 * @object: the new state of an object
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks that the selector stays, since pods would be lost or taken from others else.
 */
void
practice_workload_validate_same_selector (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);

  if (old != NULL && !base_json_equal (selector, base_json_get (old, "spec", "selector", NULL))) {
    g_autofree char *printed = practice_go_print_selector (selector);

    practice_causes_invalid_literal (causes, "spec.selector", printed, "field is immutable");
  }
}
