/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-decision.h"

#include <math.h>
#include <string.h>

#include "base-json.h"
#include "practice-istio-validation.h"
#include "practice-mesh-duration.h"
#include "practice-mesh-name.h"

#define DEFAULT_ATTEMPTS 2
#define DEFAULT_RETRY_ON "connect-failure,refused-stream,unavailable,cancelled"
/* Istio 1.24 takes 503 out of the default: the request may have been acted on. */
#define FIRST_WITHOUT_503 24
/* fault.abort.percent was still there in 1.4 and is gone in 1.10. */
#define FIRST_WITHOUT_ABORT_PERCENT 10

/* What a decision is made from. */
typedef struct {
  PracticeMeshConfig *config;
  PracticeStore *store;
  const PracticeMeshQuery *query;
  GRand *random;
} Maker;

static gint64
read_duration (JsonNode *node, const char *member)
{
  const char *text = base_json_get_string (node, member, NULL);
  gint64 microseconds = 0;

  return text != NULL && practice_mesh_duration_parse (text, &microseconds) ? MAX (microseconds, 0)
                                                                            : 0;
}

/* Of 100; the double where it is given, else the integer that was there before it. */
static double
read_percentage (JsonNode *fault, gboolean has_percent)
{
  if (base_json_get_object (fault, "percentage", NULL) != NULL)
    return practice_istio_get_number (fault, 0, "percentage", "value", NULL);
  return has_percent ? practice_istio_get_number (fault, 0, "percent", NULL) : 0;
}

static gboolean
happens (Maker *maker, double percentage)
{
  if (percentage <= 0)
    return FALSE;
  return percentage >= 100 || g_rand_double_range (maker->random, 0, 100) < percentage;
}

static void
decide_fault (Maker *maker, JsonNode *rule, PracticeMeshDecision *decision)
{
  JsonNode *delay = base_json_get (rule, "fault", "delay", NULL);
  JsonNode *abort_ = base_json_get (rule, "fault", "abort", NULL);
  gboolean has_percent =
    practice_mesh_config_get_minor (maker->config) < FIRST_WITHOUT_ABORT_PERCENT;
  gint64 status = base_json_get_int (abort_, 0, "httpStatus", NULL);

  if (delay != NULL && happens (maker, read_percentage (delay, TRUE)))
    decision->delay = read_duration (delay, "fixedDelay");
  if (abort_ != NULL && status > 0 && happens (maker, read_percentage (abort_, has_percent)))
    decision->abort_status = (guint)status;
}

static void
decide_retries (Maker *maker, JsonNode *rule, PracticeMeshDecision *decision)
{
  JsonNode *retries = base_json_get (rule, "retries", NULL);
  const char *on = base_json_get_string (retries, "retryOn", NULL);
  gint64 attempts =
    base_json_get_int (retries, retries != NULL ? 0 : DEFAULT_ATTEMPTS, "attempts", NULL);

  decision->retries.attempts = (guint)CLAMP (attempts, 0, 100);
  decision->retries.try_timeout = read_duration (retries, "perTryTimeout");
  decision->retries.on = on != NULL ? on : DEFAULT_RETRY_ON;
  decision->retries.is_service_unavailable =
    on == NULL && practice_mesh_config_get_minor (maker->config) < FIRST_WITHOUT_503;
}

/* Timeouts and retries do not count where the rule injects faults. */
static void
decide_patience (Maker *maker, JsonNode *rule, PracticeMeshDecision *decision)
{
  if (base_json_get_object (rule, "fault", NULL) != NULL) {
    decision->retries.on = "";
    return;
  }
  decision->timeout = read_duration (rule, "timeout");
  decide_retries (maker, rule, decision);
}

static gint64
get_weight (JsonNode *route)
{
  return (gint64)CLAMP (practice_istio_get_number (route, 0, "weight", NULL), 0, G_MAXINT32);
}

/* One destination has all traffic; of several each has its share of all weights, a missing one
 * counting as 0. */
static JsonNode *
choose_destination (Maker *maker, JsonArray *routes)
{
  guint n_routes = base_json_get_length (routes);
  gint64 total = 0;
  gint64 drawn;

  if (n_routes < 2)
    return n_routes == 1 ? json_array_get_element (routes, 0) : NULL;
  for (guint i = 0; i < n_routes; i++)
    total += get_weight (json_array_get_element (routes, i));
  if (total <= 0 || total > G_MAXINT32)
    return NULL;
  drawn = g_rand_int_range (maker->random, 0, (gint32)total);
  for (guint i = 0; i < n_routes; i++) {
    JsonNode *route = json_array_get_element (routes, i);

    drawn -= get_weight (route);
    if (drawn < 0)
      return route;
  }
  return NULL;
}

static char *
dup_host (JsonNode *destination, const char *namespace_)
{
  const char *host = base_json_get_string (destination, "host", NULL);

  return host != NULL ? practice_mesh_name_qualify (host, namespace_) : NULL;
}

static PracticeMeshUpstream *
find_upstream (Maker *maker, JsonNode *destination, const char *whole)
{
  gint64 port = base_json_get_int (destination, 0, "port", "number", NULL);

  if (whole == NULL || port < 0 || port > G_MAXUINT16)
    return NULL;
  return practice_mesh_upstream_find (maker->config, maker->store, maker->query->namespace_, whole,
                                      base_json_get_string (destination, "subset", NULL),
                                      (guint16)port, maker->query->port);
}

/* A prefix that matched is replaced, and so is a whole path that matched otherwise. */
static char *
rewrite_target (JsonNode *match, const char *with, const char *target)
{
  const char *prefix = base_json_get_string (match, "uri", "prefix", NULL);
  JsonNode *uri = base_json_get (match, "uri", NULL);
  gsize length = strcspn (target, "?");

  if (prefix == NULL && uri == NULL)
    prefix = "/";
  return g_strconcat (with, target + (prefix != NULL ? MIN (strlen (prefix), length) : length),
                      NULL);
}

static void
decide_rewrite (Maker *maker, JsonNode *rule, JsonNode *match, PracticeMeshDecision *decision)
{
  const char *uri = base_json_get_string (rule, "rewrite", "uri", NULL);

  if (uri != NULL)
    decision->target = rewrite_target (match, uri, maker->query->target);
  decision->authority = g_strdup (base_json_get_string (rule, "rewrite", "authority", NULL));
}

static void
decide_redirect (Maker *maker, JsonNode *redirect, PracticeMeshDecision *decision)
{
  const char *uri = base_json_get_string (redirect, "uri", NULL);
  const char *authority = base_json_get_string (redirect, "authority", NULL);
  gint64 code = base_json_get_int (redirect, 301, "redirectCode", NULL);

  decision->status = code >= 300 && code < 400 ? (guint)code : 301;
  decision->location = g_strconcat (maker->query->scheme, "://",
                                    authority != NULL ? authority : maker->query->authority,
                                    uri != NULL ? uri : maker->query->target, NULL);
}

static void
refuse (PracticeMeshDecision *decision, guint status, const char *flags)
{
  decision->status = status;
  decision->flags = flags;
}

static void
check_upstream (PracticeMeshDecision *decision)
{
  if (decision->upstream == NULL)
    refuse (decision, 503, "NC");
  else if (decision->upstream->endpoints->len == 0)
    refuse (decision, 503, "UH");
}

/* The field has had three names. */
static double
get_mirror_percentage (JsonNode *rule)
{
  double percentage = practice_istio_get_number (rule, 100, "mirror_percent", NULL);

  percentage = practice_istio_get_number (rule, percentage, "mirrorPercent", NULL);
  return practice_istio_get_number (rule, percentage, "mirrorPercentage", "value", NULL);
}

static void
decide_mirror (Maker *maker,
               JsonNode *mirror,
               const char *namespace_,
               PracticeMeshDecision *decision)
{
  g_autofree char *host = dup_host (mirror, namespace_);

  decision->mirror = find_upstream (maker, mirror, host);
}

static void
follow_rule (Maker *maker,
             PracticeMeshVirtualService *service,
             JsonNode *rule,
             JsonNode *match,
             PracticeMeshDecision *decision)
{
  JsonNode *redirect = base_json_get (rule, "redirect", NULL);
  JsonNode *route;
  JsonNode *mirror = base_json_get (rule, "mirror", NULL);

  decision->virtual_service = json_node_ref (service->object);
  if (redirect != NULL) {
    decide_redirect (maker, redirect, decision);
    return;
  }
  route = choose_destination (maker, base_json_get_array (rule, "route", NULL));
  decide_fault (maker, rule, decision);
  decide_patience (maker, rule, decision);
  decide_rewrite (maker, rule, match, decision);
  decision->headers[0] = base_json_get (rule, "headers", NULL);
  decision->headers[1] = base_json_get (route, "headers", NULL);
  decision->host = dup_host (base_json_get (route, "destination", NULL), service->namespace_);
  decision->upstream =
    find_upstream (maker, base_json_get (route, "destination", NULL), decision->host);
  if (mirror != NULL && happens (maker, get_mirror_percentage (rule)))
    decide_mirror (maker, mirror, service->namespace_, decision);
  check_upstream (decision);
}

/* The first rule that fits, and what of it did; %FALSE: none. */
static gboolean
follow (Maker *maker, PracticeMeshVirtualService *service, PracticeMeshDecision *decision)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", "http", NULL);
  guint n_rules = base_json_get_length (rules);

  for (guint i = 0; i < n_rules; i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    JsonArray *matches = base_json_get_array (rule, "match", NULL);
    guint n_matches = base_json_get_length (matches);

    if (n_matches == 0) {
      follow_rule (maker, service, rule, NULL, decision);
      return TRUE;
    }
    for (guint j = 0; j < n_matches; j++) {
      JsonNode *match = json_array_get_element (matches, j);

      if (practice_mesh_match_request (match, maker->query, service->namespace_, maker->config)) {
        follow_rule (maker, service, rule, match, decision);
        return TRUE;
      }
    }
  }
  return FALSE;
}

static gboolean
is_bound (PracticeMeshVirtualService *service, const PracticeMeshQuery *query)
{
  const char *const *own = (const char *const *)service->gateways;

  if (query->gateways == NULL)
    return g_strv_contains (own, "mesh");
  for (guint i = 0; query->gateways[i] != NULL; i++)
    if (g_strv_contains (own, query->gateways[i]))
      return TRUE;
  return FALSE;
}

/* How well the hosts of @service fit: the whole name best, then the longest pattern; 0: none. */
static gsize
get_fit (PracticeMeshVirtualService *service, const char *host)
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
decide_at_gateway (Maker *maker, PracticeMeshDecision *decision)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (maker->config);
  gsize best = 0;

  for (guint i = 0; i < services->len; i++)
    if (is_bound (services->pdata[i], maker->query))
      best = MAX (best, get_fit (services->pdata[i], maker->query->host));
  for (guint i = 0; best > 0 && i < services->len; i++)
    if (is_bound (services->pdata[i], maker->query) &&
        get_fit (services->pdata[i], maker->query->host) == best &&
        follow (maker, services->pdata[i], decision))
      return TRUE;
  return FALSE;
}

/* For a sidecar the oldest VirtualService of a host is the only one. Returns %FALSE where there is
 * none. */
static gboolean
decide_in_mesh (Maker *maker, PracticeMeshDecision *decision)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (maker->config);

  for (guint i = 0; i < services->len; i++) {
    PracticeMeshVirtualService *service = services->pdata[i];

    if (!is_bound (service, maker->query) || get_fit (service, maker->query->host) == 0 ||
        base_json_get_array (service->object, "spec", "http", NULL) == NULL)
      continue;
    if (!follow (maker, service, decision))
      refuse (decision, 404, "NR");
    return TRUE;
  }
  return FALSE;
}

/* To all pods of the Service. */
static void
decide_default (Maker *maker, PracticeMeshDecision *decision)
{
  decide_retries (maker, NULL, decision);
  decision->host = g_strdup (maker->query->host);
  decision->upstream =
    practice_mesh_upstream_find (maker->config, maker->store, maker->query->namespace_,
                                 maker->query->host, NULL, maker->query->port, maker->query->port);
  check_upstream (decision);
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
  Maker maker = { config, store, query, random };
  PracticeMeshDecision *decision = g_new0 (PracticeMeshDecision, 1);

  decision->retries.on = "";
  if (query->gateways != NULL) {
    if (!decide_at_gateway (&maker, decision))
      refuse (decision, 404, "NR");
  } else if (!decide_in_mesh (&maker, decision)) {
    decide_default (&maker, decision);
  }
  return decision;
}

/* A match of a "tls" route has to say for which names it is. */
static gboolean
fits_name (JsonNode *match, const char *sni)
{
  JsonArray *hosts = base_json_get_array (match, "sniHosts", NULL);
  guint n_hosts = base_json_get_length (hosts);

  for (guint i = 0; i < n_hosts; i++) {
    JsonNode *host = json_array_get_element (hosts, i);

    if (JSON_NODE_HOLDS_VALUE (host) && json_node_get_value_type (host) == G_TYPE_STRING &&
        practice_mesh_name_matches (json_node_get_string (host), sni))
      return TRUE;
  }
  return FALSE;
}

static gboolean
fits_stream (Maker *maker, PracticeMeshVirtualService *service, JsonNode *rule)
{
  JsonArray *matches = base_json_get_array (rule, "match", NULL);
  guint n_matches = base_json_get_length (matches);
  const char *sni = maker->query->sni;

  for (guint i = 0; i < n_matches; i++) {
    JsonNode *match = json_array_get_element (matches, i);

    if ((sni == NULL || fits_name (match, sni)) &&
        practice_mesh_match_request (match, maker->query, service->namespace_, maker->config))
      return TRUE;
  }
  return n_matches == 0 && sni == NULL;
}

/**
 * practice_mesh_decide_stream:
 * @config: the configuration of the mesh
 * @store: Services and pods
 * @query: what is connected to; without a method, a target and headers
 * @random: draws weights
 * @upstream: (out) (transfer full) (nullable): where to; %NULL: to nothing that is known
 *
 * Follows the first "tcp" route that fits, or "tls" route where the client asks for a name, of the
 * VirtualServices for the host in the mesh, of those bound to the gateway else
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#TCPRoute).
 *
 * Returns: %FALSE where there is no such route
 */
gboolean
practice_mesh_decide_stream (PracticeMeshConfig *config,
                             PracticeStore *store,
                             const PracticeMeshQuery *query,
                             GRand *random,
                             PracticeMeshUpstream **upstream)
{
  Maker maker = { config, store, query, random };
  GPtrArray *services = practice_mesh_config_get_virtual_services (config);

  *upstream = NULL;
  for (guint i = 0; i < services->len; i++) {
    PracticeMeshVirtualService *service = services->pdata[i];
    JsonArray *rules =
      base_json_get_array (service->object, "spec", query->sni != NULL ? "tls" : "tcp", NULL);

    if (!is_bound (service, query) ||
        (query->gateways == NULL && get_fit (service, query->host) == 0))
      continue;
    for (guint j = 0; j < base_json_get_length (rules); j++) {
      JsonNode *rule = json_array_get_element (rules, j);
      JsonNode *route;
      JsonNode *destination;
      g_autofree char *host = NULL;

      if (!fits_stream (&maker, service, rule))
        continue;
      route = choose_destination (&maker, base_json_get_array (rule, "route", NULL));
      destination = base_json_get (route, "destination", NULL);
      host = dup_host (destination, service->namespace_);
      *upstream = find_upstream (&maker, destination, host);
      return TRUE;
    }
  }
  return FALSE;
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

/* A rule may name what no header can be. */
static gboolean
is_header (const char *name, const char *value)
{
  return *name != '\0' && strpbrk (name, " \t\r\n:") == NULL && strpbrk (value, "\r\n") == NULL;
}

static void
change (JsonNode *operations, const char *part, SoupMessageHeaders *headers)
{
  static const char *const members[] = { "set", "add" };
  JsonArray *removed = base_json_get_array (operations, part, "remove", NULL);
  guint n_removed = base_json_get_length (removed);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonObject *values = base_json_get_object (operations, part, members[i], NULL);
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    if (values == NULL)
      continue;
    json_object_iter_init (&iter, values);
    while (json_object_iter_next (&iter, &name, &value)) {
      const char *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;

      if (text == NULL || !is_header (name, text))
        continue;
      if (i == 0)
        soup_message_headers_replace (headers, name, text);
      else
        soup_message_headers_append (headers, name, text);
    }
  }
  for (guint i = 0; i < n_removed; i++) {
    JsonNode *name = json_array_get_element (removed, i);

    if (JSON_NODE_HOLDS_VALUE (name) && json_node_get_string (name) != NULL)
      soup_message_headers_remove (headers, json_node_get_string (name));
  }
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
      change (self->headers[i], part, headers);
}
