/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-subsets.h"

#include "mesh-destination-rule.h"

static void
add_subsets (GStrvBuilder *builder, GHashTable *seen, JsonNode *rule)
{
  g_auto (GStrv) subsets = mesh_destination_rule_dup_subsets (rule);

  for (gsize i = 0; subsets[i] != NULL; i++) {
    if (g_hash_table_add (seen, g_strdup (subsets[i])))
      g_strv_builder_add (builder, subsets[i]);
  }
}

/**
 * lab_subsets_dup:
 * @rules: (nullable): DestinationRules
 * @host: (nullable): a host as an object of @namespace_ has it
 * @namespace_: where that object is
 *
 * Returns: (transfer full): the subsets that @rules define for @host, without repeats
 */
GStrv
lab_subsets_dup (SessionResource *rules, const char *host, const char *namespace_)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_rules = rules != NULL ? g_list_model_get_n_items (G_LIST_MODEL (rules)) : 0;

  for (guint i = 0; host != NULL && i < n_rules; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (rules), i);
    g_autoptr (JsonNode) rule = kube_object_ref_json (object);
    const char *rule_host = rule != NULL ? mesh_destination_rule_get_host (rule) : NULL;

    if (rule_host != NULL &&
        mesh_host_equal (host, namespace_, rule_host, kube_object_get_namespace (object)))
      add_subsets (builder, seen, rule);
  }
  return g_strv_builder_end (builder);
}
