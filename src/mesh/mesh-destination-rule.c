/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-destination-rule.h"

#include "base-json.h"
#include "base-metadata.h"

/* A host in full: Istio reads a name without a dot in the namespace of the rule that names it
 * (https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule). */
static char *
dup_full_host (const char *host, const char *namespace_)
{
  g_auto (GStrv) labels = g_strsplit (host, ".", 4);

  if (namespace_ == NULL)
    namespace_ = "default";
  switch (g_strv_length (labels)) {
    case 1:
      return g_strdup_printf ("%s.%s.svc.cluster.local", host, namespace_);
    case 2:
      return g_strdup_printf ("%s.svc.cluster.local", host);
    case 3:
      if (g_str_equal (labels[2], "svc"))
        return g_strdup_printf ("%s.cluster.local", host);
      return g_strdup (host);
    default:
      return g_strdup (host);
  }
}

/**
 * mesh_destination_rule_dup_subsets:
 * @object: a DestinationRule
 *
 * Returns: (transfer full): the names in its order, each once; none is an empty array
 */
GStrv
mesh_destination_rule_dup_subsets (JsonNode *object)
{
  JsonArray *subsets = base_json_get_array (object, "spec", "subsets", NULL);
  guint n_subsets = base_json_get_length (subsets);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n_subsets; i++) {
    const char *name = base_json_get_string (json_array_get_element (subsets, i), "name", NULL);

    if (name != NULL && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/**
 * mesh_destination_rule_get_host:
 * @object: a DestinationRule
 *
 * Returns: (nullable) (transfer none): the host as written
 */
const char *
mesh_destination_rule_get_host (JsonNode *object)
{
  return base_json_get_string (object, "spec", "host", NULL);
}

/**
 * mesh_destination_rule_get_namespace:
 * @object: a DestinationRule
 *
 * Returns: (nullable) (transfer none): where its host is named
 */
const char *
mesh_destination_rule_get_namespace (JsonNode *object)
{
  return base_metadata_get_namespace (object);
}

/**
 * mesh_host_equal:
 * @a: (nullable): a host as written in an object of @a_namespace
 * @b: (nullable): a host as written in an object of @b_namespace
 *
 * A namespace that is NULL is "default". The cluster's domain is taken for cluster.local.
 */
gboolean
mesh_host_equal (const char *a, const char *a_namespace, const char *b, const char *b_namespace)
{
  g_autofree char *full_a = NULL;
  g_autofree char *full_b = NULL;

  if (a == NULL || b == NULL)
    return a == b;
  full_a = dup_full_host (a, a_namespace);
  full_b = dup_full_host (b, b_namespace);
  return g_ascii_strcasecmp (full_a, full_b) == 0;
}

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
 * mesh_destination_rule_dup_subsets_of_host:
 * @rules: (nullable) (element-type JsonNode): DestinationRules
 * @host: (nullable): a host as an object of @namespace_ has it
 * @namespace_: (nullable): where that object is
 *
 * Returns: (transfer full): the subsets that @rules define for @host, without repeats
 */
GStrv
mesh_destination_rule_dup_subsets_of_host (GPtrArray *rules,
                                           const char *host,
                                           const char *namespace_)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; rules != NULL && host != NULL && i < rules->len; i++) {
    JsonNode *rule = g_ptr_array_index (rules, i);
    const char *rule_host = mesh_destination_rule_get_host (rule);

    if (rule_host != NULL &&
        mesh_host_equal (host, namespace_, rule_host, mesh_destination_rule_get_namespace (rule)))
      add_subsets (builder, seen, rule);
  }
  return g_strv_builder_end (builder);
}
