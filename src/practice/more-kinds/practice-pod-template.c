/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-template.h"

#include "base-json.h"
#include "practice-object.h"
#include "practice-pod-defaults.h"
#include "practice-sidecar-injector.h"

#define PODS "/pods"

/**
 * practice_pod_template_create:
 * @store: the state
 * @owner: a stored object with a spec.template
 *
 * Creates a pod as @owner wants it, with all that a real server fills in.
 *
 * Returns: (transfer none) (nullable): the stored pod
 */
JsonNode *
practice_pod_template_create (PracticeStore *store, JsonNode *owner)
{
  g_autofree char *suffix = practice_object_dup_random_suffix (5);
  g_autofree char *name =
    g_strdup_printf ("%s-%s", base_json_get_string (owner, "metadata", "name", NULL), suffix);
  g_autoptr (JsonNode) pod = practice_object_new (
    "v1", "Pod", base_json_get_string (owner, "metadata", "namespace", NULL), name);
  g_autoptr (JsonNode) template = base_json_copy (base_json_get (owner, "spec", "template", NULL));
  JsonObject *metadata = practice_object_ensure (pod, "metadata", NULL);
  g_autofree char *generate_name =
    g_strdup_printf ("%s-", base_json_get_string (owner, "metadata", "name", NULL));
  static const char *const copied[] = { "labels", "annotations" };
  JsonObject *spec;

  json_object_set_string_member (metadata, "generateName", generate_name);
  for (guint i = 0; i < G_N_ELEMENTS (copied); i++) {
    JsonNode *member = base_json_get (template, "metadata", copied[i], NULL);

    if (member != NULL)
      json_object_set_member (metadata, copied[i], json_node_ref (member));
  }
  practice_object_set_owner (pod, owner);

  spec = practice_object_ensure (template, "spec", NULL);
  json_object_set_object_member (json_node_get_object (pod), "spec", json_object_ref (spec));
  practice_sidecar_injector_inject (store, pod);
  practice_pod_defaults_admit (pod);
  practice_pod_defaults_apply (base_json_get (pod, "spec", NULL));

  return practice_store_create (store, PODS, g_steal_pointer (&pod), NULL);
}
