/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-schema.h"

#include <string.h>

#include "base-json.h"
#include "practice-mesh-duration.h"

/* Objects of the API server have their limits already; this is for those of a message in itself. */
#define MAX_DEPTH 32

/* Words that a field may be. */
static const struct {
  const char *name;
  const char *words[6];
} enumerations[] = {
  { "LoadBalancerSettings_SimpleLB", { "ROUND_ROBIN", "LEAST_CONN", "RANDOM", "PASSTHROUGH" } },
  { "TLSSettings_TLSmode", { "DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL" } },
  { "ConnectionPoolSettings_HTTPSettings_H2UpgradePolicy",
    { "DEFAULT", "DO_NOT_UPGRADE", "UPGRADE" } },
  { "Server_TLSOptions_TLSmode", { "PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH" } },
  { "Server_TLSOptions_TLSProtocol", { "TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3" } },
};

/* Messages of istio.io/api/networking/v1alpha3 and their fields: "name:type". A type is s (text), i
 * (integer), n (number), b (truth), d (duration), any (anything), "=" and an enumeration, or a
 * message; "[" before it means a list, "{" a map. */
static const struct {
  const char *name;
  const char *fields;
} messages[] = {
  { "VirtualService",
    "hosts:[s gateways:[s http:[HTTPRoute tls:[TLSRoute tcp:[TCPRoute exportTo:[s" },
  { "HTTPRoute",
    "match:[HTTPMatchRequest route:[HTTPRouteDestination redirect:HTTPRedirect rewrite:HTTPRewrite "
    "websocketUpgrade:b timeout:d retries:HTTPRetry fault:HTTPFaultInjection mirror:Destination "
    "mirrorPercent:i corsPolicy:CorsPolicy headers:Headers appendHeaders:{s "
    "removeResponseHeaders:[s appendResponseHeaders:{s removeRequestHeaders:[s "
    "appendRequestHeaders:{s name:s" },
  { "HTTPMatchRequest",
    "uri:StringMatch scheme:StringMatch method:StringMatch authority:StringMatch "
    "headers:{StringMatch port:i sourceLabels:{s gateways:[s queryParams:{StringMatch "
    "ignoreUriCase:b name:s" },
  { "StringMatch", "exact:s prefix:s regex:s" },
  { "HTTPRouteDestination",
    "destination:Destination weight:i headers:Headers appendRequestHeaders:{s "
    "removeRequestHeaders:[s appendResponseHeaders:{s removeResponseHeaders:[s" },
  { "RouteDestination", "destination:Destination weight:i" },
  { "Destination", "host:s subset:s port:PortSelector" },
  { "PortSelector", "number:i name:s" },
  { "HTTPRedirect", "uri:s authority:s redirectCode:i" },
  { "HTTPRewrite", "uri:s authority:s" },
  { "HTTPRetry", "attempts:i perTryTimeout:d retryOn:s" },
  { "HTTPFaultInjection", "delay:HTTPFaultInjection_Delay abort:HTTPFaultInjection_Abort" },
  { "HTTPFaultInjection_Delay", "percent:i fixedDelay:d exponentialDelay:d percentage:Percent" },
  { "HTTPFaultInjection_Abort",
    "percent:i grpcStatus:s http2Error:s httpStatus:i percentage:Percent" },
  { "Percent", "value:n" },
  { "CorsPolicy",
    "allowOrigin:[s allowMethods:[s allowHeaders:[s exposeHeaders:[s maxAge:d allowCredentials:b" },
  { "Headers", "request:Headers_HeaderOperations response:Headers_HeaderOperations" },
  { "Headers_HeaderOperations", "set:{s add:{s remove:[s" },
  { "TLSRoute", "match:[TLSMatchAttributes route:[RouteDestination" },
  { "TLSMatchAttributes",
    "sniHosts:[s destinationSubnets:[s port:i sourceSubnet:s sourceLabels:{s gateways:[s" },
  { "TCPRoute", "match:[L4MatchAttributes route:[RouteDestination" },
  { "L4MatchAttributes",
    "destinationSubnets:[s port:i sourceSubnet:s sourceLabels:{s gateways:[s" },
  { "DestinationRule", "host:s trafficPolicy:TrafficPolicy subsets:[Subset exportTo:[s" },
  { "Subset", "name:s labels:{s trafficPolicy:TrafficPolicy" },
  { "TrafficPolicy", "loadBalancer:LoadBalancerSettings connectionPool:ConnectionPoolSettings "
                     "outlierDetection:OutlierDetection tls:TLSSettings "
                     "portLevelSettings:[TrafficPolicy_PortTrafficPolicy" },
  { "TrafficPolicy_PortTrafficPolicy",
    "port:PortSelector loadBalancer:LoadBalancerSettings connectionPool:ConnectionPoolSettings "
    "outlierDetection:OutlierDetection tls:TLSSettings" },
  { "LoadBalancerSettings",
    "simple:=LoadBalancerSettings_SimpleLB consistentHash:any localityLbSetting:any" },
  { "ConnectionPoolSettings",
    "tcp:ConnectionPoolSettings_TCPSettings http:ConnectionPoolSettings_HTTPSettings" },
  { "ConnectionPoolSettings_TCPSettings", "maxConnections:i connectTimeout:d tcpKeepalive:any" },
  { "ConnectionPoolSettings_HTTPSettings",
    "http1MaxPendingRequests:i http2MaxRequests:i maxRequestsPerConnection:i maxRetries:i "
    "idleTimeout:d h2UpgradePolicy:=ConnectionPoolSettings_HTTPSettings_H2UpgradePolicy" },
  { "OutlierDetection",
    "consecutiveErrors:i interval:d baseEjectionTime:d maxEjectionPercent:i minHealthPercent:i" },
  { "TLSSettings", "mode:=TLSSettings_TLSmode clientCertificate:s privateKey:s caCertificates:s "
                   "subjectAltNames:[s sni:s" },
  { "Gateway", "servers:[Server selector:{s" },
  { "Server", "port:Port hosts:[s tls:Server_TLSOptions defaultEndpoint:s bind:s" },
  { "Port", "number:i protocol:s name:s" },
  { "Server_TLSOptions",
    "httpsRedirect:b mode:=Server_TLSOptions_TLSmode serverCertificate:s privateKey:s "
    "caCertificates:s credentialName:s subjectAltNames:[s verifyCertificateSpki:[s "
    "verifyCertificateHash:[s minProtocolVersion:=Server_TLSOptions_TLSProtocol "
    "maxProtocolVersion:=Server_TLSOptions_TLSProtocol cipherSuites:[s" },
};

static char *check (const char *type, JsonNode *node, guint depth);

static const char *
find_fields (const char *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    if (g_str_equal (messages[i].name, message))
      return messages[i].fields;
  return NULL;
}

/* As the decoder does, which takes names with underscores too. */
static char *
dup_camel_case (const char *name)
{
  GString *text = g_string_new (NULL);

  for (; *name != '\0'; name++)
    if (*name == '_' && name[1] != '\0')
      g_string_append_c (text, g_ascii_toupper (*++name));
    else
      g_string_append_c (text, *name);
  return g_string_free (text, FALSE);
}

/* (transfer full) (nullable): the type of a field */
static char *
dup_field_type (const char *fields, const char *name)
{
  g_auto (GStrv) all = g_strsplit (fields, " ", -1);
  g_autofree char *wanted = dup_camel_case (name);
  gsize length = strlen (wanted);

  for (guint i = 0; all[i] != NULL; i++)
    if (strncmp (all[i], wanted, length) == 0 && all[i][length] == ':')
      return g_strdup (all[i] + length + 1);
  return NULL;
}

static const char *
describe (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (node))
    return "array";
  if (JSON_NODE_HOLDS_NULL (node))
    return "null";
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return "string";
  return json_node_get_value_type (node) == G_TYPE_BOOLEAN ? "bool" : "number";
}

static char *
dup_mismatch (JsonNode *node, const char *type)
{
  return g_strdup_printf ("json: cannot unmarshal %s into Go value of type %s", describe (node),
                          type);
}

static char *
check_list (const char *type, JsonNode *node, guint depth)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return dup_mismatch (node, "[]json.RawMessage");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    char *complaint = JSON_NODE_HOLDS_NULL (element) ? dup_mismatch (element, "json.RawMessage")
                                                     : check (type, element, depth + 1);

    if (complaint != NULL)
      return complaint;
  }
  return NULL;
}

/* @fields: NULL for a map, all of whose values are of @type */
static char *
check_members (
  const char *message, const char *fields, const char *type, JsonNode *node, guint depth)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return dup_mismatch (node, "map[string]json.RawMessage");
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    g_autofree char *field_type = fields != NULL ? dup_field_type (fields, name) : g_strdup (type);
    char *complaint;

    if (field_type == NULL)
      return g_strdup_printf ("unknown field \"%s\" in v1alpha3.%s", name, message);
    complaint = check (field_type, value, depth + 1);
    if (complaint != NULL)
      return complaint;
  }
  return NULL;
}

/* A number may be quoted. */
static gboolean
is_number (JsonNode *node, gboolean is_integer)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;
  double number;
  char *end = NULL;

  if (type == G_TYPE_INT64)
    return !is_integer || ABS (json_node_get_int (node)) <= G_MAXINT32;
  if (type == G_TYPE_DOUBLE) {
    number = json_node_get_double (node);
    return !is_integer || number == (double)(gint32)CLAMP (number, G_MININT32, G_MAXINT32);
  }
  if (type != G_TYPE_STRING || *json_node_get_string (node) == '\0')
    return FALSE;
  if (is_integer)
    g_ascii_strtoll (json_node_get_string (node), &end, 10);
  else
    g_ascii_strtod (json_node_get_string (node), &end);
  return *end == '\0';
}

static char *
check_duration (JsonNode *node)
{
  gint64 microseconds;

  if (g_strcmp0 (describe (node), "string") != 0)
    return dup_mismatch (node, "string");
  if (practice_mesh_duration_parse (json_node_get_string (node), &microseconds))
    return NULL;
  if (strspn (json_node_get_string (node), "0123456789.") == strlen (json_node_get_string (node)) &&
      *json_node_get_string (node) != '\0')
    return g_strdup_printf ("bad Duration: time: missing unit in duration %s",
                            json_node_get_string (node));
  return g_strdup_printf ("bad Duration: time: invalid duration %s", json_node_get_string (node));
}

/* A number stands for a word, too, and is not looked at, as the decoder does. */
static char *
check_enumeration (const char *name, JsonNode *node)
{
  if (is_number (node, TRUE) && json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  if (!g_str_equal (describe (node), "string"))
    return dup_mismatch (node, "int32");
  for (guint i = 0; i < G_N_ELEMENTS (enumerations); i++)
    if (g_str_equal (enumerations[i].name, name) &&
        g_strv_contains (enumerations[i].words, json_node_get_string (node)))
      return NULL;
  return g_strdup_printf ("unknown value \"%s\" for enum istio.networking.v1alpha3.%s",
                          json_node_get_string (node), name);
}

static char *
check_value (const char *type, JsonNode *node)
{
  const char *found = describe (node);

  switch (*type) {
    case 's':
      return g_str_equal (found, "string") ? NULL : dup_mismatch (node, "string");
    case 'b':
      return g_str_equal (found, "bool") ? NULL : dup_mismatch (node, "bool");
    case 'i':
      return is_number (node, TRUE) ? NULL : dup_mismatch (node, "int32");
    case '=':
      return check_enumeration (type + 1, node);
    case 'n':
      return is_number (node, FALSE) ? NULL : dup_mismatch (node, "float64");
    default:
      return check_duration (node);
  }
}

/* NULL: nothing is wrong. A null is as good as nothing. */
static char *
check (const char *type, JsonNode *node, guint depth)
{
  if (depth > MAX_DEPTH)
    return g_strdup ("exceeded max depth");
  if (JSON_NODE_HOLDS_NULL (node) || g_str_equal (type, "any"))
    return NULL;
  if (*type == '[')
    return check_list (type + 1, node, depth);
  if (*type == '{')
    return check_members (NULL, NULL, type + 1, node, depth);
  if (g_ascii_isupper (*type))
    return check_members (type, find_fields (type), NULL, node, depth);
  return check_value (type, node);
}

/**
 * practice_istio_schema_dup_complaint:
 * @kind: VirtualService, DestinationRule or Gateway
 * @spec: its spec
 *
 * Checks names and types of all fields against the API of Istio 1.3
 * (https://github.com/istio/api/tree/release-1.3/networking/v1alpha3), as its decoder, strict since
 * then, does (istio/istio#15054).
 *
 * Returns: (transfer full) (nullable): the first thing that is wrong
 */
char *
practice_istio_schema_dup_complaint (const char *kind, JsonNode *spec)
{
  return find_fields (kind) != NULL ? check (kind, spec, 0) : NULL;
}
