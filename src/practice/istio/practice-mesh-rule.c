/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-decision-private.h"

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
happens (PracticeMeshMaker *maker, double percentage)
{
  if (percentage <= 0)
    return FALSE;
  return percentage >= 100 || g_rand_double_range (maker->random, 0, 100) < percentage;
}

static void
decide_fault (PracticeMeshMaker *maker, JsonNode *rule, PracticeMeshDecision *decision)
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

void
practice_mesh_rule_decide_retries (PracticeMeshMaker *maker,
                                   JsonNode *rule,
                                   PracticeMeshDecision *decision)
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
decide_patience (PracticeMeshMaker *maker, JsonNode *rule, PracticeMeshDecision *decision)
{
  if (base_json_get_object (rule, "fault", NULL) != NULL) {
    decision->retries.on = "";
    return;
  }
  decision->timeout = read_duration (rule, "timeout");
  practice_mesh_rule_decide_retries (maker, rule, decision);
}

static gint64
get_weight (JsonNode *route)
{
  return (gint64)CLAMP (practice_istio_get_number (route, 0, "weight", NULL), 0, G_MAXINT32);
}

/* One destination has all traffic; of several each has its share of all weights, a missing one
 * counting as 0. */
JsonNode *
practice_mesh_rule_choose_destination (PracticeMeshMaker *maker, JsonArray *routes)
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

char *
practice_mesh_rule_dup_host (JsonNode *destination, const char *namespace_)
{
  const char *host = base_json_get_string (destination, "host", NULL);

  return host != NULL ? practice_mesh_name_qualify (host, namespace_) : NULL;
}

PracticeMeshUpstream *
practice_mesh_rule_find_upstream (PracticeMeshMaker *maker,
                                  JsonNode *destination,
                                  const char *whole)
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
decide_rewrite (PracticeMeshMaker *maker,
                JsonNode *rule,
                JsonNode *match,
                PracticeMeshDecision *decision)
{
  const char *uri = base_json_get_string (rule, "rewrite", "uri", NULL);

  if (uri != NULL)
    decision->target = rewrite_target (match, uri, maker->query->target);
  decision->authority = g_strdup (base_json_get_string (rule, "rewrite", "authority", NULL));
}

static void
decide_redirect (PracticeMeshMaker *maker, JsonNode *redirect, PracticeMeshDecision *decision)
{
  const char *uri = base_json_get_string (redirect, "uri", NULL);
  const char *authority = base_json_get_string (redirect, "authority", NULL);
  gint64 code = base_json_get_int (redirect, 301, "redirectCode", NULL);

  decision->status = code >= 300 && code < 400 ? (guint)code : 301;
  decision->location = g_strconcat (maker->query->scheme, "://",
                                    authority != NULL ? authority : maker->query->authority,
                                    uri != NULL ? uri : maker->query->target, NULL);
}

void
practice_mesh_decision_refuse (PracticeMeshDecision *decision, guint status, const char *flags)
{
  decision->status = status;
  decision->flags = flags;
}

void
practice_mesh_decision_check_upstream (PracticeMeshDecision *decision)
{
  if (decision->upstream == NULL)
    practice_mesh_decision_refuse (decision, 503, "NC");
  else if (decision->upstream->endpoints->len == 0)
    practice_mesh_decision_refuse (decision, 503, "UH");
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
decide_mirror (PracticeMeshMaker *maker,
               JsonNode *mirror,
               const char *namespace_,
               PracticeMeshDecision *decision)
{
  g_autofree char *host = practice_mesh_rule_dup_host (mirror, namespace_);

  decision->mirror = practice_mesh_rule_find_upstream (maker, mirror, host);
}

void
practice_mesh_rule_follow (PracticeMeshMaker *maker,
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
  route = practice_mesh_rule_choose_destination (maker, base_json_get_array (rule, "route", NULL));
  decide_fault (maker, rule, decision);
  decide_patience (maker, rule, decision);
  decide_rewrite (maker, rule, match, decision);
  decision->headers[0] = base_json_get (rule, "headers", NULL);
  decision->headers[1] = base_json_get (route, "headers", NULL);
  decision->host =
    practice_mesh_rule_dup_host (base_json_get (route, "destination", NULL), service->namespace_);
  decision->upstream = practice_mesh_rule_find_upstream (
    maker, base_json_get (route, "destination", NULL), decision->host);
  if (mirror != NULL && happens (maker, get_mirror_percentage (rule)))
    decide_mirror (maker, mirror, service->namespace_, decision);
  practice_mesh_decision_check_upstream (decision);
}
