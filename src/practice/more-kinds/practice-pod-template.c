/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-template.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-admission.h"
#include "practice-object.h"
#include "practice-pod-defaults.h"

#define PODS "/pods"

/**
 * practice_pod_template_new_pod:
 * @owner: a stored object with a spec.template
 * @name: (nullable): of the pod; %NULL: that of @owner and something random
 *
 * Returns: (transfer full): a pod as @owner wants it, that is not stored yet
 */
JsonNode *
practice_pod_template_new_pod (JsonNode *owner, const char *name)
{
  static const char *const copied[] = { "labels", "annotations" };
  g_autofree char *prefix = g_strdup_printf ("%s-", base_metadata_get_name (owner));
  g_autofree char *suffix = practice_object_dup_random_suffix (5);
  g_autofree char *generated = g_strconcat (prefix, suffix, NULL);
  JsonNode *pod = practice_object_new ("v1", "Pod", base_metadata_get_namespace (owner),
                                       name != NULL ? name : generated);
  g_autoptr (JsonNode) template = base_json_copy (base_json_get (owner, "spec", "template", NULL));
  JsonObject *metadata = practice_object_ensure (pod, "metadata", NULL);

  json_object_set_string_member (metadata, "generateName", prefix);
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    JsonNode *member = base_json_get (template, "metadata", copied[i], NULL);

    if (member != NULL)
      json_object_set_member (metadata, copied[i], json_node_ref (member));
  }
  practice_object_set_owner (pod, owner);
  json_object_set_object_member (json_node_get_object (pod), "spec",
                                 json_object_ref (practice_object_ensure (template, "spec", NULL)));

  return pod;
}

/**
 * practice_pod_template_store:
 * @store: the state
 * @pod: (transfer full): a new pod
 * @error: return location
 *
 * Does what an API server does to a pod that a controller makes.
 *
 * Returns: (transfer none) (nullable): what is stored; %NULL with a Status where the pod is refused
 */
JsonNode *
practice_pod_template_store (PracticeStore *store, JsonNode *pod, GError **error)
{
  g_autoptr (JsonNode) node = pod;

  if (!practice_admission_mutate (store, PODS, node, error))
    return NULL;
  practice_pod_defaults_admit (node);
  practice_pod_defaults_apply (base_json_get (node, "spec", NULL));

  return practice_admission_create (store, PODS, g_steal_pointer (&node), error);
}

/**
 * practice_pod_template_create:
 * @store: the state
 * @owner: a stored object with a spec.template
 * @error: return location
 *
 * Creates a pod as @owner wants it, with all that a real server fills in.
 *
 * Returns: (transfer none) (nullable): the stored pod; %NULL with a Status where it is refused
 */
JsonNode *
practice_pod_template_create (PracticeStore *store, JsonNode *owner, GError **error)
{
  return practice_pod_template_store (store, practice_pod_template_new_pod (owner, NULL), error);
}
