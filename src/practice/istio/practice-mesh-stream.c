/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-stream.h"

#include <string.h>

#include "base-json.h"
#include "practice-cidr.h"
#include "practice-mesh-decision-private.h"
#include "practice-mesh-name.h"

/* A rule that fits, and how well; 0: none does. */
typedef struct {
  PracticeMeshVirtualService *service;
  JsonNode *rule;
  gsize fit;
} Best;

/* (nullable) */
static const char *
get_string (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* How well a name is what a match of a "tls" route asks for: the whole name best, then the longest
 * pattern, as Envoy chooses among its filter chains
 * (https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/listener/v3/listener_components.proto).
 */
static gsize
get_name_fit (JsonNode *match, const char *sni)
{
  JsonArray *hosts = base_json_get_array (match, "sniHosts", NULL);
  gsize best = 0;

  for (guint i = 0; i < base_json_get_length (hosts); i++) {
    const char *host = get_string (hosts, i);

    if (host != NULL && practice_mesh_name_matches (host, sni))
      best = MAX (best, *host == '*' ? strlen (host) : G_MAXUINT16);
  }
  return best;
}

/* A client that a gateway has let in has no address there that would count. */
static gboolean
fits_address (JsonNode *match, const PracticeMeshQuery *query)
{
  JsonArray *subnets = base_json_get_array (match, "destinationSubnets", NULL);
  g_autoptr (GInetAddress) address = NULL;

  if (base_json_get_length (subnets) == 0 || query->address == NULL)
    return TRUE;
  address = practice_cidr_parse_address (query->address);
  for (guint i = 0; address != NULL && i < json_array_get_length (subnets); i++) {
    const char *text = get_string (subnets, i);
    g_autoptr (GInetAddressMask) mask = text != NULL ? practice_cidr_parse (text) : NULL;
    g_autoptr (GInetAddress) one =
      text != NULL && mask == NULL ? practice_cidr_parse_address (text) : NULL;

    if (mask != NULL ? g_inet_address_mask_matches (mask, address)
                     : one != NULL && g_inet_address_equal (one, address))
      return TRUE;
  }
  return FALSE;
}

static gboolean
fits_client (JsonNode *match,
             const PracticeMeshQuery *query,
             PracticeMeshVirtualService *service,
             PracticeMeshConfig *config)
{
  return fits_address (match, query) &&
         practice_mesh_match_request (match, query, service->namespace_, config);
}

/* 0: not at all. */
static gsize
get_rule_fit (JsonNode *rule,
              const PracticeMeshQuery *query,
              PracticeMeshVirtualService *service,
              PracticeMeshConfig *config)
{
  JsonArray *matches = base_json_get_array (rule, "match", NULL);
  guint n_matches = base_json_get_length (matches);
  gsize best = n_matches == 0 && query->sni == NULL ? 1 : 0;

  for (guint i = 0; i < n_matches; i++) {
    JsonNode *match = json_array_get_element (matches, i);

    if (fits_client (match, query, service, config))
      best = MAX (best, query->sni != NULL ? get_name_fit (match, query->sni) : 1);
  }
  return best;
}

/* (nullable): where @service has routes for @query's connection. */
static JsonArray *
get_rules (PracticeMeshVirtualService *service, const PracticeMeshQuery *query, const char *member)
{
  if (!practice_mesh_decision_is_bound (service, query) ||
      (query->gateways == NULL && practice_mesh_decision_get_fit (service, query->host) == 0))
    return NULL;
  return base_json_get_array (service->object, "spec", member, NULL);
}

/**
 * practice_mesh_stream_decide:
 * @config: the configuration of the mesh
 * @store: Services and pods
 * @query: what is connected to; without a method, a target and headers
 * @random: draws weights
 * @upstream: (out) (transfer full) (nullable): where to; %NULL: to nothing that is known
 *
 * Follows the first "tcp" route that fits, or the "tls" route that fits best where the client asks
 * for a name, of the VirtualServices for the host in the mesh, of those bound to the gateway else
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute).
 *
 * Returns: %FALSE where there is no such route
 */
gboolean
practice_mesh_stream_decide (PracticeMeshConfig *config,
                             PracticeStore *store,
                             const PracticeMeshQuery *query,
                             GRand *random,
                             PracticeMeshUpstream **upstream)
{
  PracticeMeshMaker maker = { config, store, query, random };
  GPtrArray *services = practice_mesh_config_get_virtual_services (config);
  Best best = { NULL };
  JsonNode *route;
  JsonNode *destination;
  g_autofree char *host = NULL;

  *upstream = NULL;
  for (guint i = 0; i < services->len; i++) {
    JsonArray *rules = get_rules (services->pdata[i], query, query->sni != NULL ? "tls" : "tcp");

    for (guint j = 0; j < base_json_get_length (rules); j++) {
      JsonNode *rule = json_array_get_element (rules, j);
      gsize fit = get_rule_fit (rule, query, services->pdata[i], config);

      if (fit > best.fit)
        best = (Best){ services->pdata[i], rule, fit };
    }
  }
  if (best.fit == 0)
    return FALSE;
  route =
    practice_mesh_rule_choose_destination (&maker, base_json_get_array (best.rule, "route", NULL));
  destination = base_json_get (route, "destination", NULL);
  host = practice_mesh_rule_dup_host (destination, best.service->namespace_);
  *upstream = practice_mesh_rule_find_upstream (&maker, destination, host);
  return TRUE;
}

/**
 * practice_mesh_stream_goes_by_name:
 * @config: the configuration of the mesh
 * @query: what is connected to; its name does not count
 *
 * Returns: whether a "tls" route is for such a connection, if its client asks for the right name;
 *   else it goes as it is
 *   (https://github.com/istio/istio/blob/1.4.0/pilot/pkg/networking/core/v1alpha3/tls.go)
 */
gboolean
practice_mesh_stream_goes_by_name (PracticeMeshConfig *config, const PracticeMeshQuery *query)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (config);

  for (guint i = 0; i < services->len; i++) {
    JsonArray *rules = get_rules (services->pdata[i], query, "tls");

    for (guint j = 0; j < base_json_get_length (rules); j++) {
      JsonArray *matches = base_json_get_array (json_array_get_element (rules, j), "match", NULL);

      for (guint k = 0; k < base_json_get_length (matches); k++)
        if (fits_client (json_array_get_element (matches, k), query, services->pdata[i], config))
          return TRUE;
    }
  }
  return FALSE;
}
