/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-validation.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "practice-mesh-duration.h"

#define LABEL_LIMIT 63
#define DOMAIN_LIMIT 255

/**
 * practice_istio_is_label:
 * @text: a name
 *
 * Returns: whether it is a label of RFC 1123
 */
gboolean
practice_istio_is_label (const char *text)
{
  return strlen (text) <= LABEL_LIMIT &&
         g_regex_match_simple ("^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", text,
                               G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT);
}

static gboolean
is_wildcard_label (const char *text)
{
  return strlen (text) <= LABEL_LIMIT &&
         g_regex_match_simple ("^(\\*|(\\*|\\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$", text,
                               G_REGEX_DOLLAR_ENDONLY, G_REGEX_MATCH_DEFAULT);
}

/* Domain names after the first label. */
static void
validate_labels (const char *domain, const char *part, PracticeIstioErrors *errors)
{
  g_auto (GStrv) labels = g_strsplit (part, ".", -1);
  const char *top = labels[0] != NULL ? labels[g_strv_length (labels) - 1] : "";

  if (*top != '\0' && strspn (top, "0123456789") == strlen (top)) {
    practice_istio_errors_add (
      errors, "domain name \"%s\" invalid (top level domain \"%s\" cannot be all-numeric)", domain,
      top);
    return;
  }
  for (guint i = 0; labels[i] != NULL; i++)
    if (!practice_istio_is_label (labels[i])) {
      practice_istio_errors_add (errors, "domain name \"%s\" invalid (label \"%s\" invalid)",
                                 domain, labels[i]);
      return;
    }
}

/**
 * practice_istio_validate_domain:
 * @domain: (nullable): a host name that may begin with a wildcard
 * @errors: gets what is wrong
 */
void
practice_istio_validate_domain (const char *domain, PracticeIstioErrors *errors)
{
  g_auto (GStrv) parts = NULL;

  if (domain == NULL || *domain == '\0') {
    practice_istio_errors_add (errors, "empty domain name not allowed");
    return;
  }
  if (strlen (domain) > DOMAIN_LIMIT) {
    practice_istio_errors_add (errors, "domain name \"%s\" too long (max 255)", domain);
    return;
  }
  parts = g_strsplit (domain, ".", 2);
  if (!is_wildcard_label (parts[0]))
    practice_istio_errors_add (errors, "domain name \"%s\" invalid (label \"%s\" invalid)", domain,
                               parts[0]);
  else if (parts[1] != NULL)
    validate_labels (domain, parts[1], errors);
}

/**
 * practice_istio_validate_duration:
 * @node: (nullable): an object
 * @member: its duration, whose form is good
 * @errors: gets what is wrong
 */
void
practice_istio_validate_duration (JsonNode *node, const char *member, PracticeIstioErrors *errors)
{
  const char *text = base_json_get_string (node, member, NULL);
  gint64 microseconds = 0;

  if (text == NULL || !practice_mesh_duration_parse (text, &microseconds))
    return;
  if (microseconds < 1000)
    practice_istio_errors_add (errors, "duration must be greater than 1ms");
  else if (microseconds % 1000 != 0)
    practice_istio_errors_add (errors, "only durations to ms precision are supported");
}

/**
 * practice_istio_validate_port:
 * @port: a port
 * @errors: gets what is wrong
 */
void
practice_istio_validate_port (gint64 port, PracticeIstioErrors *errors)
{
  if (port < 1 || port > G_MAXUINT16)
    practice_istio_errors_add (
      errors, "port number %" G_GINT64_FORMAT " must be in the range 1..65535", port);
}

/**
 * practice_istio_validate_export:
 * @spec: a spec with an exportTo
 * @errors: gets what is wrong
 */
void
practice_istio_validate_export (JsonNode *spec, PracticeIstioErrors *errors)
{
  JsonArray *names = base_json_get_array (spec, "exportTo", NULL);
  guint n_names = base_json_get_length (names);
  const char *name = n_names == 1 ? json_array_get_string_element (names, 0) : NULL;

  if (n_names > 1)
    practice_istio_errors_add (
      errors, "exportTo should have only one entry (. or *) in the current release");
  else if (name != NULL && !g_str_equal (name, ".") && !g_str_equal (name, "*"))
    practice_istio_errors_add (errors,
                               "only . or * is allowed in the exportTo in the current release");
}

/**
 * practice_istio_validate_subset_name:
 * @name: (nullable): the name of a subset
 * @errors: gets what is wrong
 */
void
practice_istio_validate_subset_name (const char *name, PracticeIstioErrors *errors)
{
  if (name == NULL || *name == '\0')
    practice_istio_errors_add (errors, "subset name cannot be empty");
  else if (!practice_istio_is_label (name))
    practice_istio_errors_add (errors, "subset name is invalid: %s", name);
}

/**
 * practice_istio_get_number:
 * @node: (nullable): a node
 * @fallback: what to return where there is no number
 * @...: names of members, %NULL at the end
 *
 * Returns: the number there, which may be written as text
 */
double
practice_istio_get_number (JsonNode *node, double fallback, ...)
{
  va_list names;
  const char *name;

  va_start (names, fallback);
  while (node != NULL && (name = va_arg (names, const char *)) != NULL)
    node = base_json_get (node, name, NULL);
  va_end (names);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtod (json_node_get_string (node), NULL);
  return json_node_get_double (node);
}

/* Of a TLS server. */
static void
validate_tls (JsonNode *tls, PracticeIstioErrors *errors)
{
  static const struct {
    const char *member;
    const char *words;
    gboolean only_mutual;
  } needed[] = {
    { "serverCertificate", "a server certificate", FALSE },
    { "privateKey", "a private key", FALSE },
    { "caCertificates", "a client CA bundle", TRUE },
  };
  const char *mode = base_json_get_string (tls, "mode", NULL);
  gboolean is_mutual = g_strcmp0 (mode, "MUTUAL") == 0;

  if ((!is_mutual && g_strcmp0 (mode, "SIMPLE") != 0) ||
      base_json_get_string (tls, "credentialName", NULL) != NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if ((is_mutual || !needed[i].only_mutual) &&
        base_json_get_string (tls, needed[i].member, NULL) == NULL)
      practice_istio_errors_add (errors, "%s TLS requires %s", mode, needed[i].words);
}

static gboolean
is_one_of (const char *text, const char *const *names)
{
  g_autofree char *upper = g_ascii_strup (text != NULL ? text : "", -1);

  return g_strv_contains (names, upper);
}

/* FALSE: it is not to be looked at further. */
static gboolean
validate_server_port (JsonNode *server, PracticeIstioErrors *errors)
{
  static const char *const protocols[] = { "HTTP", "HTTP2", "HTTPS", "GRPC",  "GRPC-WEB", "MONGO",
                                           "TCP",  "TLS",   "REDIS", "MYSQL", "UDP",      NULL };
  const char *protocol = base_json_get_string (server, "port", "protocol", NULL);
  guint before = errors->messages->len;
  gint64 number = (gint64)practice_istio_get_number (server, 0, "port", "number", NULL);

  if (base_json_get_object (server, "port", NULL) == NULL) {
    practice_istio_errors_add (errors, "port is required");
    return FALSE;
  }
  if (!is_one_of (protocol, protocols))
    practice_istio_errors_add (
      errors,
      "invalid protocol \"%s\", supported protocols are HTTP, HTTP2, GRPC, "
      "MONGO, REDIS, MYSQL, TCP",
      protocol != NULL ? protocol : "");
  if (number > 0)
    practice_istio_validate_port (number, errors);
  if (base_json_get_string (server, "port", "name", NULL) == NULL)
    practice_istio_errors_add (
      errors, "port name must be set: number:%" G_GINT64_FORMAT " protocol:\"%s\" ", number,
      protocol != NULL ? protocol : "");
  return errors->messages->len == before;
}

static void
validate_server_protocol (JsonNode *server, PracticeIstioErrors *errors)
{
  static const char *const tls_protocols[] = { "HTTPS", "TLS", NULL };
  static const char *const http_protocols[] = { "HTTP", "HTTP2", "GRPC", "GRPC-WEB", NULL };
  const char *protocol = base_json_get_string (server, "port", "protocol", NULL);
  JsonNode *tls = base_json_get (server, "tls", NULL);
  const char *mode = base_json_get_string (tls, "mode", NULL);

  if (is_one_of (protocol, tls_protocols)) {
    if (tls == NULL)
      practice_istio_errors_add (errors, "server must have TLS settings for HTTPS/TLS protocols");
  } else if (tls != NULL && !is_one_of (protocol, http_protocols)) {
    practice_istio_errors_add (errors, "server cannot have TLS settings for non HTTPS/TLS ports");
  } else if (tls != NULL && ((mode != NULL && !g_str_equal (mode, "PASSTHROUGH")) ||
                             base_json_get_string (tls, "serverCertificate", NULL) != NULL)) {
    practice_istio_errors_add (errors, "server cannot have TLS settings for plain text HTTP ports");
  }
}

static void
validate_server_host (const char *host, PracticeIstioErrors *errors)
{
  const char *slash = strchr (host, '/');
  g_autofree char *namespace_ = slash != NULL ? g_strndup (host, slash - host) : NULL;
  const char *name = slash != NULL ? slash + 1 : host;

  if (slash != NULL && (*namespace_ == '\0' || *name == '\0'))
    practice_istio_errors_add (errors,
                               "config namespace and dnsName in host entry cannot be empty");
  if (slash != NULL && !g_str_equal (namespace_, "*") && !g_str_equal (namespace_, ".") &&
      !practice_istio_is_label (namespace_))
    practice_istio_errors_add (errors, "invalid namespace value \"%s\" in gateway", namespace_);
  if (!g_str_equal (name, "*") && strchr (name, '.') == NULL)
    practice_istio_errors_add (errors, "short names (non FQDN) are not allowed");
  if (!g_hostname_is_ip_address (name))
    practice_istio_validate_domain (name, errors);
}

static void
validate_server (JsonNode *server, PracticeIstioErrors *errors)
{
  JsonArray *hosts = base_json_get_array (server, "hosts", NULL);
  guint n_hosts = base_json_get_length (hosts);
  gboolean has_port;

  if (n_hosts == 0)
    practice_istio_errors_add (errors, "server config must contain at least one host");
  for (guint i = 0; i < n_hosts; i++)
    validate_server_host (json_array_get_string_element (hosts, i), errors);
  has_port = validate_server_port (server, errors);
  validate_tls (base_json_get (server, "tls", NULL), errors);
  if (has_port)
    validate_server_protocol (server, errors);
}

/**
 * practice_istio_validate_gateway:
 * @name: the name of a Gateway
 * @spec: its spec, whose form is good
 * @errors: gets what is wrong
 */
void
practice_istio_validate_gateway (const char *name, JsonNode *spec, PracticeIstioErrors *errors)
{
  JsonArray *servers = base_json_get_array (spec, "servers", NULL);
  guint n_servers = base_json_get_length (servers);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  if (!practice_istio_is_label (name))
    practice_istio_errors_add (errors, "invalid gateway name: \"%s\"", name);
  if (n_servers == 0)
    practice_istio_errors_add (errors, "gateway must have at least one server");
  for (guint i = 0; i < n_servers; i++)
    validate_server (json_array_get_element (servers, i), errors);
  for (guint i = 0; i < n_servers; i++) {
    const char *port =
      base_json_get_string (json_array_get_element (servers, i), "port", "name", NULL);

    if (port != NULL && !g_hash_table_add (names, (gpointer)port))
      practice_istio_errors_add (errors, "port names in servers must be unique: duplicate name %s",
                                 port);
  }
}

static void
validate_outliers (JsonNode *policy, PracticeIstioErrors *errors)
{
  static const char *const percentages[] = { "maxEjectionPercent", "minHealthPercent" };
  JsonNode *outliers = base_json_get (policy, "outlierDetection", NULL);

  practice_istio_validate_duration (outliers, "baseEjectionTime", errors);
  if (practice_istio_get_number (outliers, 0, "consecutiveErrors", NULL) < 0)
    practice_istio_errors_add (errors, "outlier detection consecutive errors cannot be negative");
  practice_istio_validate_duration (outliers, "interval", errors);
  for (guint i = 0; i < G_N_ELEMENTS (percentages); i++) {
    double value = practice_istio_get_number (outliers, 0, percentages[i], NULL);

    if (value < 0 || value > 100)
      practice_istio_errors_add (errors, "percentage %.0f is not in range 0..100", value);
  }
}

static void
validate_pool (JsonNode *policy, PracticeIstioErrors *errors)
{
  static const struct {
    const char *protocol;
    const char *member;
    const char *words;
  } limits[] = {
    { "http", "http1MaxPendingRequests", "http1 max pending requests" },
    { "http", "http2MaxRequests", "http2 max requests" },
    { "http", "maxRequestsPerConnection", "max requests per connection" },
    { "http", "maxRetries", "max retries" },
    { "tcp", "maxConnections", "max connections" },
  };
  JsonNode *pool = base_json_get (policy, "connectionPool", NULL);

  if (pool == NULL)
    return;
  if (base_json_get (pool, "http", NULL) == NULL && base_json_get (pool, "tcp", NULL) == NULL)
    practice_istio_errors_add (errors, "connection pool must have at least one field");
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    if (practice_istio_get_number (pool, 0, limits[i].protocol, limits[i].member, NULL) < 0)
      practice_istio_errors_add (errors, "%s must be non-negative", limits[i].words);
  practice_istio_validate_duration (base_json_get (pool, "http", NULL), "idleTimeout", errors);
  practice_istio_validate_duration (base_json_get (pool, "tcp", NULL), "connectTimeout", errors);
}

static void
validate_policy (JsonNode *policy, PracticeIstioErrors *errors)
{
  if (policy == NULL || !JSON_NODE_HOLDS_OBJECT (policy))
    return;
  if (json_object_get_size (json_node_get_object (policy)) == 0) {
    practice_istio_errors_add (errors, "traffic policy must have at least one field");
    return;
  }
  validate_outliers (policy, errors);
  validate_pool (policy, errors);
  if (g_strcmp0 (base_json_get_string (policy, "tls", "mode", NULL), "MUTUAL") != 0)
    return;
  if (base_json_get_string (policy, "tls", "clientCertificate", NULL) == NULL)
    practice_istio_errors_add (errors, "client certificate required for mutual tls");
  if (base_json_get_string (policy, "tls", "privateKey", NULL) == NULL)
    practice_istio_errors_add (errors, "private key required for mutual tls");
}

/**
 * practice_istio_validate_destination_rule:
 * @spec: the spec of a DestinationRule, whose form is good
 * @errors: gets what is wrong
 */
void
practice_istio_validate_destination_rule (JsonNode *spec, PracticeIstioErrors *errors)
{
  JsonArray *subsets = base_json_get_array (spec, "subsets", NULL);
  guint n_subsets = base_json_get_length (subsets);

  practice_istio_validate_domain (base_json_get_string (spec, "host", NULL), errors);
  validate_policy (base_json_get (spec, "trafficPolicy", NULL), errors);
  for (guint i = 0; i < n_subsets; i++) {
    JsonNode *subset = json_array_get_element (subsets, i);

    practice_istio_validate_subset_name (base_json_get_string (subset, "name", NULL), errors);
    validate_policy (base_json_get (subset, "trafficPolicy", NULL), errors);
  }
  practice_istio_validate_export (spec, errors);
}
