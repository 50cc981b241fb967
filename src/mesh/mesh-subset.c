/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-subset.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"

static JsonNode *
find_in_rule (JsonNode *rule, const char *name)
{
  return base_json_find_named (base_json_get_array (rule, "spec", "subsets", NULL), name);
}

/**
 * mesh_subset_find:
 * @namespace_: (nullable): of the VirtualService
 *
 * Returns: (transfer none) (nullable): the subset as a DestinationRule defines it
 */
JsonNode *
mesh_subset_find (const MeshSurroundings *surroundings,
                  const char *namespace_,
                  const char *host,
                  const char *subset)
{
  GPtrArray *rules = surroundings->destination_rules;

  for (guint i = 0; rules != NULL && i < rules->len; i++) {
    JsonNode *rule = g_ptr_array_index (rules, i);
    const char *rule_host = mesh_destination_rule_get_host (rule);
    JsonNode *found = NULL;

    if (rule_host != NULL &&
        mesh_host_equal (host, namespace_, rule_host, base_metadata_get_namespace (rule)))
      found = find_in_rule (rule, subset);
    if (found != NULL)
      return found;
  }
  return NULL;
}

/* Whether all of @wanted is in @labels. */
static gboolean
has_labels (JsonObject *labels, JsonObject *wanted)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (wanted == NULL)
    return TRUE;
  json_object_iter_init (&iter, wanted);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *other = labels != NULL ? json_object_get_member (labels, name) : NULL;

    if (other == NULL || !base_json_equal (other, value))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_ready (JsonNode *pod)
{
  return base_json_get (pod, "metadata", "deletionTimestamp", NULL) == NULL &&
         base_condition_is_true (pod, "Ready");
}

/* (nullable): the Service that is the host */
static JsonNode *
find_service (const MeshSurroundings *surroundings, const char *namespace_, const char *host)
{
  GPtrArray *services = surroundings->services;

  for (guint i = 0; services != NULL && i < services->len; i++) {
    JsonNode *service = g_ptr_array_index (services, i);

    if (mesh_host_equal (host, namespace_, base_metadata_get_name (service),
                         base_metadata_get_namespace (service)))
      return service;
  }
  return NULL;
}

/* Takes what @subset selects of the pods of @service. */
static void
add_pods (GHashTable *names,
          const MeshSurroundings *surroundings,
          JsonNode *service,
          JsonNode *subset)
{
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);
  JsonObject *wanted = base_json_get_object (subset, "labels", NULL);

  for (guint i = 0; surroundings->pods != NULL && i < surroundings->pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (surroundings->pods, i);
    JsonObject *labels = base_json_get_object (pod, "metadata", "labels", NULL);
    const char *name = base_metadata_get_name (pod);

    if (name != NULL &&
        g_strcmp0 (base_metadata_get_namespace (pod), base_metadata_get_namespace (service)) == 0 &&
        has_labels (labels, selector) && has_labels (labels, wanted))
      g_hash_table_insert (names, g_strdup (name),
                           g_strdup (base_json_get_string (subset, "name", NULL)));
  }
}

/**
 * mesh_subset_dup_pods:
 * @namespace_: (nullable): that @host is written in
 *
 * Returns: (transfer full) (element-type utf8 utf8): the names of the pods of the host's Service,
 *   and which subset each is of
 */
GHashTable *
mesh_subset_dup_pods (const MeshSurroundings *surroundings,
                      const char *namespace_,
                      const char *host)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonNode *service = find_service (surroundings, namespace_, host);
  g_auto (GStrv) subsets = NULL;

  if (service == NULL || base_json_get_object (service, "spec", "selector", NULL) == NULL ||
      surroundings->destination_rules == NULL)
    return names;
  subsets =
    mesh_destination_rule_dup_subsets_of_host (surroundings->destination_rules, host, namespace_);
  for (gsize i = 0; subsets[i] != NULL; i++)
    add_pods (names, surroundings, service,
              mesh_subset_find (surroundings, namespace_, host, subsets[i]));
  return names;
}

/**
 * mesh_subset_has_ready_pods:
 * @subset: as mesh_subset_find() found it
 *
 * Returns: whether a ready pod of the host's Service has the subset's labels; TRUE where that is
 *   not known, or the host is no Service with a selector
 */
gboolean
mesh_subset_has_ready_pods (const MeshSurroundings *surroundings,
                            const char *namespace_,
                            const char *host,
                            JsonNode *subset)
{
  JsonNode *service = find_service (surroundings, namespace_, host);
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);
  JsonObject *wanted = base_json_get_object (subset, "labels", NULL);

  if (surroundings->pods == NULL || selector == NULL)
    return TRUE;
  for (guint i = 0; i < surroundings->pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (surroundings->pods, i);
    JsonObject *labels = base_json_get_object (pod, "metadata", "labels", NULL);

    if (g_strcmp0 (base_metadata_get_namespace (pod), base_metadata_get_namespace (service)) == 0 &&
        has_labels (labels, selector) && has_labels (labels, wanted) && is_ready (pod))
      return TRUE;
  }
  return FALSE;
}
