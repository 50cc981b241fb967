/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-config-private.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"

/* The DestinationRules of a configuration: which of them count for a host. */

void
practice_mesh_rule_entry_free (gpointer data)
{
  PracticeMeshRuleEntry *self = data;

  json_node_unref (self->object);
  g_free (self->host);
  g_free (self);
}

void
practice_mesh_config_add_rule (PracticeMeshConfig *self, JsonNode *object)
{
  const char *host = base_json_get_string (object, "spec", "host", NULL);
  PracticeMeshRuleEntry *rule;

  if (host == NULL)
    return;
  rule = g_new0 (PracticeMeshRuleEntry, 1);
  rule->object = json_node_ref (object);
  rule->namespace_ = base_metadata_get_namespace (object);
  rule->host = practice_mesh_name_qualify (host, rule->namespace_);
  g_ptr_array_add (self->rules, rule);
}

/* Rules beside the caller come before those beside the Service, and those before all others; where
 * one names the host itself, a wildcard is not looked at. exportTo is not: every rule is for all.
 * Returns how well @rule fits; 0: not at all. */
static guint
rank (const PracticeMeshRuleEntry *rule, const char *namespace_, const char *host)
{
  gboolean is_exact = g_ascii_strcasecmp (rule->host, host) == 0;
  g_autofree char *own = NULL;
  g_autofree char *service = NULL;
  guint rank;

  if (!is_exact && !practice_mesh_name_matches (rule->host, host))
    return 0;
  practice_mesh_name_split_service (host, &own, &service);
  rank = g_strcmp0 (rule->namespace_, namespace_) == 0 ? 3
         : g_strcmp0 (rule->namespace_, own) == 0      ? 2
                                                       : 1;
  return is_exact ? rank + 3 : rank;
}

static guint
find_best_rank (PracticeMeshConfig *self, const char *namespace_, const char *host)
{
  guint best = 0;

  for (guint i = 0; i < self->rules->len; i++)
    best = MAX (best, rank (self->rules->pdata[i], namespace_, host));
  return best;
}

static JsonNode *
find_in_rule (JsonNode *rule, const char *subset)
{
  return base_json_find_named (base_json_get_array (rule, "spec", "subsets", NULL), subset);
}

/**
 * practice_mesh_config_find_subset:
 * @self: a configuration
 * @namespace_: the namespace of who calls
 * @host: a fully qualified name
 * @subset: the name of one of its subsets
 *
 * Rules for one host in one namespace count as one.
 *
 * Returns: (transfer none) (nullable): the subset; %NULL: none defines it
 */
JsonNode *
practice_mesh_config_find_subset (PracticeMeshConfig *self,
                                  const char *namespace_,
                                  const char *host,
                                  const char *subset)
{
  guint best = find_best_rank (self, namespace_, host);

  for (guint i = 0; best > 0 && i < self->rules->len; i++) {
    PracticeMeshRuleEntry *rule = self->rules->pdata[i];
    JsonNode *found =
      rank (rule, namespace_, host) == best ? find_in_rule (rule->object, subset) : NULL;

    if (found != NULL)
      return found;
  }
  return NULL;
}

/**
 * practice_mesh_config_find_rule:
 * @self: a configuration
 * @namespace_: the namespace of who calls
 * @host: a fully qualified name
 *
 * Returns: (transfer none) (nullable): the first DestinationRule of those that count for @host
 */
JsonNode *
practice_mesh_config_find_rule (PracticeMeshConfig *self, const char *namespace_, const char *host)
{
  guint best = find_best_rank (self, namespace_, host);

  for (guint i = 0; best > 0 && i < self->rules->len; i++)
    if (rank (self->rules->pdata[i], namespace_, host) == best)
      return ((PracticeMeshRuleEntry *)self->rules->pdata[i])->object;
  return NULL;
}

/**
 * practice_mesh_config_dup_subsets:
 * @self: a configuration
 * @namespace_: the namespace of who calls
 * @host: a fully qualified name
 *
 * Returns: (transfer full): the names of the subsets that are defined for it
 */
GStrv
practice_mesh_config_dup_subsets (PracticeMeshConfig *self,
                                  const char *namespace_,
                                  const char *host)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  guint best = find_best_rank (self, namespace_, host);

  for (guint i = 0; best > 0 && i < self->rules->len; i++) {
    PracticeMeshRuleEntry *rule = self->rules->pdata[i];
    JsonArray *subsets = base_json_get_array (rule->object, "spec", "subsets", NULL);

    for (guint j = 0; j < base_json_get_length (subsets); j++) {
      const char *name = base_json_get_string (json_array_get_element (subsets, j), "name", NULL);

      if (name != NULL && rank (rule, namespace_, host) == best)
        g_strv_builder_add (names, name);
    }
  }
  return g_strv_builder_end (names);
}

/**
 * practice_mesh_config_find_policy:
 * @self: a configuration
 * @namespace_: the namespace of who calls
 * @host: a fully qualified name
 * @subset: (nullable): one of its subsets
 * @part: a member of a trafficPolicy
 *
 * Returns: (transfer none) (nullable): that part of the subset's policy, else of the host's
 */
JsonNode *
practice_mesh_config_find_policy (PracticeMeshConfig *self,
                                  const char *namespace_,
                                  const char *host,
                                  const char *subset,
                                  const char *part)
{
  guint best = find_best_rank (self, namespace_, host);
  JsonNode *found =
    subset != NULL
      ? base_json_get (practice_mesh_config_find_subset (self, namespace_, host, subset),
                       "trafficPolicy", part, NULL)
      : NULL;

  for (guint i = 0; best > 0 && found == NULL && i < self->rules->len; i++) {
    PracticeMeshRuleEntry *rule = self->rules->pdata[i];

    if (rank (rule, namespace_, host) == best)
      found = base_json_get (rule->object, "spec", "trafficPolicy", part, NULL);
  }
  return found;
}
