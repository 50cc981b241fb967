/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-decision-private.h"

#include <string.h>

#include "base-json.h"
#include "practice-mesh-headers.h"
#include "practice-mesh-name.h"

/* The first rule that fits, and what of it did; %FALSE: none. */
static gboolean
follow (PracticeMeshMaker *maker,
        PracticeMeshVirtualService *service,
        PracticeMeshDecision *decision)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", "http", NULL);
  guint n_rules = base_json_get_length (rules);

  for (guint i = 0; i < n_rules; i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    JsonArray *matches = base_json_get_array (rule, "match", NULL);
    guint n_matches = base_json_get_length (matches);

    if (n_matches == 0) {
      practice_mesh_rule_follow (maker, service, rule, NULL, decision);
      return TRUE;
    }
    for (guint j = 0; j < n_matches; j++) {
      JsonNode *match = json_array_get_element (matches, j);

      if (practice_mesh_match_request (match, maker->query, service->namespace_, maker->config)) {
        practice_mesh_rule_follow (maker, service, rule, match, decision);
        return TRUE;
      }
    }
  }
  return FALSE;
}

gboolean
practice_mesh_decision_is_bound (PracticeMeshVirtualService *service,
                                 const PracticeMeshQuery *query)
{
  const char *const *own = (const char *const *)service->gateways;

  if (query->gateways == NULL)
    return g_strv_contains (own, "mesh");
  for (guint i = 0; query->gateways[i] != NULL; i++)
    if (g_strv_contains (own, query->gateways[i]))
      return TRUE;
  return FALSE;
}

gsize
practice_mesh_decision_get_fit (PracticeMeshVirtualService *service, const char *host)
{
  gsize best = 0;

  for (guint i = 0; service->hosts[i] != NULL; i++)
    if (practice_mesh_name_matches (service->hosts[i], host))
      best = MAX (best, service->hosts[i][0] == '*' ? strlen (service->hosts[i]) : G_MAXUINT16);
  return best;
}

/* At a gateway the rules of all VirtualServices for one host count as one list. Returns %FALSE
 * where no host fits. */
static gboolean
decide_at_gateway (PracticeMeshMaker *maker, PracticeMeshDecision *decision)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (maker->config);
  gsize best = 0;

  for (guint i = 0; i < services->len; i++)
    if (practice_mesh_decision_is_bound (services->pdata[i], maker->query))
      best = MAX (best, practice_mesh_decision_get_fit (services->pdata[i], maker->query->host));
  for (guint i = 0; best > 0 && i < services->len; i++)
    if (practice_mesh_decision_is_bound (services->pdata[i], maker->query) &&
        practice_mesh_decision_get_fit (services->pdata[i], maker->query->host) == best &&
        follow (maker, services->pdata[i], decision))
      return TRUE;
  return FALSE;
}

/* For a sidecar the oldest VirtualService of a host is the only one. Returns %FALSE where there is
 * none. */
static gboolean
decide_in_mesh (PracticeMeshMaker *maker, PracticeMeshDecision *decision)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (maker->config);

  for (guint i = 0; i < services->len; i++) {
    PracticeMeshVirtualService *service = services->pdata[i];

    if (!practice_mesh_decision_is_bound (service, maker->query) ||
        practice_mesh_decision_get_fit (service, maker->query->host) == 0 ||
        base_json_get_array (service->object, "spec", "http", NULL) == NULL)
      continue;
    if (!follow (maker, service, decision))
      practice_mesh_decision_refuse (decision, 404, "NR");
    return TRUE;
  }
  return FALSE;
}

/* To all pods of the Service. */
static void
decide_default (PracticeMeshMaker *maker, PracticeMeshDecision *decision)
{
  practice_mesh_rule_decide_retries (maker, NULL, decision);
  decision->host = g_strdup (maker->query->host);
  decision->upstream =
    practice_mesh_upstream_find (maker->config, maker->store, maker->query->namespace_,
                                 maker->query->host, NULL, maker->query->port, maker->query->port);
  practice_mesh_decision_check_upstream (decision);
}

/**
 * practice_mesh_decide:
 * @config: the configuration of the mesh
 * @store: Services and pods
 * @query: what is asked
 * @random: draws weights and percentages
 *
 * Does what Envoy does with the routes that Pilot makes of VirtualServices: the first rule that
 * fits counts, one without a match fits all, nothing that fits is 404; a host without a
 * VirtualService goes to all pods of its Service
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/).
 *
 * Returns: (transfer full): what to do
 */
PracticeMeshDecision *
practice_mesh_decide (PracticeMeshConfig *config,
                      PracticeStore *store,
                      const PracticeMeshQuery *query,
                      GRand *random)
{
  PracticeMeshMaker maker = { config, store, query, random };
  PracticeMeshDecision *decision = g_new0 (PracticeMeshDecision, 1);

  decision->retries.on = "";
  if (query->gateways != NULL) {
    if (!decide_at_gateway (&maker, decision))
      practice_mesh_decision_refuse (decision, 404, "NR");
  } else if (!decide_in_mesh (&maker, decision)) {
    decide_default (&maker, decision);
  }
  return decision;
}

/**
 * practice_mesh_decision_free:
 * @self: (transfer full): a decision
 */
void
practice_mesh_decision_free (PracticeMeshDecision *self)
{
  g_clear_pointer (&self->upstream, practice_mesh_upstream_free);
  g_clear_pointer (&self->mirror, practice_mesh_upstream_free);
  g_clear_pointer (&self->virtual_service, json_node_unref);
  g_free (self->host);
  g_free (self->location);
  g_free (self->target);
  g_free (self->authority);
  g_free (self);
}

/**
 * practice_mesh_decision_change_headers:
 * @self: a decision
 * @part: "request" or "response"
 * @headers: what to change
 *
 * Sets, adds and removes what the destination and then the rule say.
 */
void
practice_mesh_decision_change_headers (PracticeMeshDecision *self,
                                       const char *part,
                                       SoupMessageHeaders *headers)
{
  for (int i = G_N_ELEMENTS (self->headers) - 1; i >= 0; i--)
    if (self->headers[i] != NULL)
      practice_mesh_headers_change (self->headers[i], part, headers);
}
