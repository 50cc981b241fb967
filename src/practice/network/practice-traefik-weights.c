/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-weights.h"

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"

/* What a hundred percent are, so that a thousandth of one is a whole number. */
#define WHOLE 100000.0

/**
 * PracticeTraefikWeights:
 *
 * `traefik.ingress.kubernetes.io/service-weights` names Services with a share each; those it does
 * not name have the rest in equal parts, and the servers of a Service have its share in equal parts
 * (https://doc.traefik.io/traefik/v1.7/configuration/backends/kubernetes/#general-annotations).
 */
struct _PracticeTraefikWeights {
  PracticeStore *store;
  JsonNode *ingress;
  JsonNode *shares; /* (nullable): Service to "NN%" */
};

static guint
count_servers (PracticeTraefikWeights *self, const char *service)
{
  JsonArray *subsets =
    base_json_get_array (practice_store_get (self->store, "/endpoints",
                                             base_metadata_get_namespace (self->ingress), service),
                         "subsets", NULL);
  guint n = 0;

  for (guint i = 0; i < base_json_get_length (subsets); i++)
    n += base_json_get_length (
      base_json_get_array (json_array_get_element (subsets, i), "addresses", NULL));
  return n;
}

/* -1: it has none of its own. */
static double
get_share (PracticeTraefikWeights *self, const char *service)
{
  JsonNode *share = base_json_get (self->shares, service, NULL);
  g_autofree char *text = NULL;
  double value;
  char *end;

  if (share == NULL || !JSON_NODE_HOLDS_VALUE (share))
    return -1;
  if (json_node_get_value_type (share) != G_TYPE_STRING)
    return CLAMP (json_node_get_double (share), 0, 1) * WHOLE;
  text = g_strdup (json_node_get_string (share));
  value = g_ascii_strtod (g_strstrip (text), &end);
  return CLAMP (*end == '%' ? value / 100 : value, 0, 1) * WHOLE;
}

/* What the Services for @host and @path without a share of their own have each. */
static double
get_rest (PracticeTraefikWeights *self, const char *host, const char *path)
{
  JsonArray *rules = base_json_get_array (self->ingress, "spec", "rules", NULL);
  double rest = WHOLE;
  guint n_rest = 0;

  for (guint i = 0; i < base_json_get_length (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    const char *rule_host = base_json_get_string (rule, "host", NULL);
    JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

    if (!g_str_equal (rule_host != NULL ? rule_host : "", host))
      continue;
    for (guint j = 0; j < base_json_get_length (paths); j++) {
      JsonNode *element = json_array_get_element (paths, j);
      const char *text = base_json_get_string (element, "path", NULL);
      const char *name = base_json_get_string (element, "backend", "service", "name", NULL);
      double share;

      if (!g_str_equal (text != NULL ? text : "", path) || name == NULL)
        continue;
      share = get_share (self, name);
      rest -= MAX (share, 0);
      if (share < 0)
        n_rest++;
    }
  }
  return n_rest > 0 ? MAX (rest, 0) / n_rest : 0;
}

/**
 * practice_traefik_weights_new:
 * @store: the cluster's objects
 * @ingress: an Ingress of v1
 * @text: (nullable): YAML, such as "a: 90%\nb: 10%"
 *
 * Returns: (transfer full): its weights; the same for all where @text is not such
 */
PracticeTraefikWeights *
practice_traefik_weights_new (PracticeStore *store, JsonNode *ingress, const char *text)
{
  PracticeTraefikWeights *self = g_new0 (PracticeTraefikWeights, 1);
  g_autoptr (GPtrArray) documents =
    text != NULL
      ? base_yaml_parse_all (text, strlen (text), "service-weights", BASE_YAML_NONE, NULL)
      : NULL;

  self->store = g_object_ref (store);
  self->ingress = json_node_ref (ingress);
  if (documents != NULL && documents->len == 1 &&
      JSON_NODE_HOLDS_OBJECT ((JsonNode *)g_ptr_array_index (documents, 0)))
    self->shares = json_node_ref (g_ptr_array_index (documents, 0));
  return self;
}

/**
 * practice_traefik_weights_free:
 * @self: (transfer full): weights
 *
 * Frees @self.
 */
void
practice_traefik_weights_free (PracticeTraefikWeights *self)
{
  g_clear_pointer (&self->shares, json_node_unref);
  json_node_unref (self->ingress);
  g_clear_object (&self->store);
  g_free (self);
}

/**
 * practice_traefik_weights_get:
 * @self: weights
 * @host: the host of a rule
 * @path: one of its paths
 * @service: a Service that is a backend of it
 *
 * Returns: the weight of each server of @service
 */
guint
practice_traefik_weights_get (PracticeTraefikWeights *self,
                              const char *host,
                              const char *path,
                              const char *service)
{
  double share;
  guint n_servers;

  g_return_val_if_fail (self != NULL, 1);

  if (self->shares == NULL)
    return 1;
  n_servers = count_servers (self, service);
  share = get_share (self, service);
  if (share < 0)
    share = get_rest (self, host, path);
  return n_servers > 0 ? (guint)(share / n_servers) : 0;
}
