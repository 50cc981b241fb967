/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-json.h"
#include "practice-istio-validation.h"
#include "practice-mesh-name.h"

/* Since 1.15 weights are shares of their sum. */
#define FIRST_WITH_SHARES 15

static void
validate_gateways (JsonNode *node, PracticeIstioErrors *errors)
{
  JsonArray *gateways = base_json_get_array (node, "gateways", NULL);

  for (guint i = 0; i < base_json_get_length (gateways); i++) {
    const char *gateway = json_array_get_string_element (gateways, i);
    g_auto (GStrv) parts = g_strsplit (gateway, "/", 2);

    if (parts[0] == NULL || parts[1] == NULL) {
      practice_istio_validate_domain (gateway, errors);
      return;
    }
    if (*parts[0] == '\0' || *parts[1] == '\0')
      practice_istio_errors_add (errors, "config namespace and gateway name cannot be empty");
    if (!practice_istio_is_label (parts[0]))
      practice_istio_errors_add (errors, "invalid value for namespace: \"%s\"", parts[0]);
    if (!practice_istio_is_label (parts[1]))
      practice_istio_errors_add (errors, "invalid value for gateway name: \"%s\"", parts[1]);
  }
}

static gboolean
is_for_mesh (JsonNode *spec)
{
  JsonArray *gateways = base_json_get_array (spec, "gateways", NULL);

  for (guint i = 0; i < base_json_get_length (gateways); i++)
    if (g_str_equal (json_array_get_string_element (gateways, i), "mesh"))
      return TRUE;
  return base_json_get_length (gateways) == 0;
}

static void
validate_duplicates (JsonArray *hosts, PracticeIstioErrors *errors)
{
  for (guint i = 0; i < base_json_get_length (hosts); i++)
    for (guint j = i + 1; j < base_json_get_length (hosts); j++) {
      const char *first = json_array_get_string_element (hosts, i);
      const char *second = json_array_get_string_element (hosts, j);

      if (practice_mesh_name_overlaps (first, second))
        practice_istio_errors_add (errors, "duplicate hosts in virtual service: %s & %s", first,
                                   second);
    }
}

static void
validate_hosts (JsonNode *spec, PracticeIstioErrors *errors)
{
  JsonArray *hosts = base_json_get_array (spec, "hosts", NULL);
  guint before = errors->messages->len;

  if (base_json_get_length (hosts) == 0)
    practice_istio_errors_add (errors, "virtual service must have at least one host");
  for (guint i = 0; i < base_json_get_length (hosts); i++) {
    const char *host = json_array_get_string_element (hosts, i);

    if (g_str_equal (host, "*") && is_for_mesh (spec))
      practice_istio_errors_add (
        errors, "wildcard host * is not allowed for virtual services bound to the mesh gateway");
    else if (!g_hostname_is_ip_address (host))
      practice_istio_validate_domain (host, errors);
  }
  if (errors->messages->len == before)
    validate_duplicates (hosts, errors);
}

static void
validate_header_names (JsonObject *values, PracticeIstioErrors *errors)
{
  if (values != NULL && json_object_has_member (values, ""))
    practice_istio_errors_add (errors, "header name cannot be empty");
}

static void
validate_headers (JsonNode *node, PracticeIstioErrors *errors)
{
  static const char *const parts[] = { "request", "response" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    validate_header_names (base_json_get_object (node, "headers", parts[i], "add", NULL), errors);
    validate_header_names (base_json_get_object (node, "headers", parts[i], "set", NULL), errors);
  }
}

static void
validate_destination (JsonNode *destination, PracticeIstioErrors *errors)
{
  const char *host = base_json_get_string (destination, "host", NULL);
  const char *subset = base_json_get_string (destination, "subset", NULL);
  const char *port = base_json_get_string (destination, "port", "name", NULL);
  double number = practice_istio_get_number (destination, 0, "port", "number", NULL);

  if (destination == NULL)
    return;
  if (g_strcmp0 (host, "*") == 0)
    practice_istio_errors_add (errors, "invalid destintation host %s", host);
  else
    practice_istio_validate_domain (host, errors);
  if (subset != NULL && *subset != '\0')
    practice_istio_validate_subset_name (subset, errors);
  if (port != NULL)
    practice_istio_errors_add (errors, "port.name %s is no longer supported for destination", port);
  if (number != 0)
    practice_istio_validate_port ((gint64)number, errors);
}

static void
validate_weight (double weight, guint minor, PracticeIstioErrors *errors)
{
  if (minor >= FIRST_WITH_SHARES) {
    if (weight < 0)
      practice_istio_errors_add (errors, "weight %.0f < 0", weight);
  } else if (weight < 0 || weight > 100) {
    practice_istio_errors_add (errors, "percentage %.0f is not in range 0..100", weight);
  }
}

static void
validate_routes (JsonArray *routes, guint minor, PracticeIstioErrors *errors)
{
  double total = 0;

  for (guint i = 0; i < base_json_get_length (routes); i++) {
    JsonNode *route = json_array_get_element (routes, i);
    double weight = practice_istio_get_number (route, 0, "weight", NULL);

    if (base_json_get_object (route, "destination", NULL) == NULL)
      practice_istio_errors_add_listed (errors, "destination is required");
    validate_headers (route, errors);
    validate_destination (base_json_get (route, "destination", NULL), errors);
    validate_weight (weight, minor, errors);
    total += weight;
  }
  if (base_json_get_length (routes) < 2)
    return;
  if (minor < FIRST_WITH_SHARES && total != 100)
    practice_istio_errors_add (errors, "total destination weight %.0f != 100", total);
  else if (minor >= FIRST_WITH_SHARES && total == 0)
    practice_istio_errors_add (errors, "total destination weight = 0");
}

static void
validate_percentage (JsonNode *fault, PracticeIstioErrors *errors)
{
  double percent = practice_istio_get_number (fault, 0, "percent", NULL);
  double value = practice_istio_get_number (fault, 0, "percentage", "value", NULL);

  if (base_json_get_object (fault, "percentage", NULL) != NULL) {
    if (value < 0 || value > 100 || (value > 0 && value < 0.0001))
      practice_istio_errors_add (
        errors, "percentage %g is neither 0.0, nor in range [0.0001, 100.0]", value);
  } else if (percent < 0 || percent > 100) {
    practice_istio_errors_add (errors, "percentage %.0f is not in range 0..100", percent);
  }
}

static void
validate_abort (JsonNode *fault, PracticeIstioErrors *errors)
{
  JsonNode *abort_ = base_json_get (fault, "abort", NULL);
  double status = practice_istio_get_number (abort_, 0, "httpStatus", NULL);

  if (abort_ == NULL)
    return;
  validate_percentage (abort_, errors);
  if (base_json_get (abort_, "grpcStatus", NULL) != NULL)
    practice_istio_errors_add_listed (errors, "gRPC abort fault injection not supported yet");
  else if (base_json_get (abort_, "http2Error", NULL) != NULL)
    practice_istio_errors_add_listed (errors, "HTTP/2 abort fault injection not supported yet");
  else if (base_json_get (abort_, "httpStatus", NULL) != NULL && (status < 200 || status > 600))
    practice_istio_errors_add (errors, "HTTP status %.0f is not in range 200-599", status);
}

static void
validate_fault (JsonNode *rule, PracticeIstioErrors *errors)
{
  JsonNode *fault = base_json_get (rule, "fault", NULL);
  JsonNode *delay = base_json_get (fault, "delay", NULL);

  if (fault == NULL)
    return;
  if (delay == NULL && base_json_get (fault, "abort", NULL) == NULL)
    practice_istio_errors_add_listed (errors,
                                      "HTTP fault injection must have an abort and/or a delay");
  validate_abort (fault, errors);
  if (delay == NULL)
    return;
  validate_percentage (delay, errors);
  practice_istio_validate_duration (delay, "fixedDelay", errors);
  practice_istio_validate_duration (delay, "exponentialDelay", errors);
  if (base_json_get (delay, "exponentialDelay", NULL) != NULL)
    practice_istio_errors_add_listed (errors, "exponentialDelay not supported yet");
}

static void
validate_retry_on (const char *on, PracticeIstioErrors *errors)
{
  static const char *const policies[] = {
    "5xx",
    "gateway-error",
    "reset",
    "connect-failure",
    "retriable-4xx",
    "refused-stream",
    "retriable-status-codes",
    "cancelled",
    "deadline-exceeded",
    "internal",
    "resource-exhausted",
    "unavailable",
    NULL,
  };
  g_auto (GStrv) names = g_strsplit (on, ",", -1);

  for (guint i = 0; names[i] != NULL; i++) {
    guint64 status = 0;
    gboolean is_status = g_ascii_string_to_unsigned (names[i], 10, 100, 599, &status, NULL) &&
                         !g_str_equal (soup_status_get_phrase ((guint)status), "Unknown Error");

    if (!is_status && !g_strv_contains (policies, names[i]))
      practice_istio_errors_add (errors, "\"%s\" is not a valid retryOn policy", names[i]);
  }
}

static void
validate_retries (JsonNode *rule, PracticeIstioErrors *errors)
{
  JsonNode *retries = base_json_get (rule, "retries", NULL);
  const char *on = base_json_get_string (retries, "retryOn", NULL);
  double attempts = practice_istio_get_number (retries, 0, "attempts", NULL);

  if (retries == NULL)
    return;
  if (attempts < 0)
    practice_istio_errors_add_listed (errors, "attempts cannot be negative");
  if (attempts == 0 && (on != NULL || base_json_get (retries, "perTryTimeout", NULL) != NULL))
    practice_istio_errors_add (
      errors, "http retry policy configured when attempts are set to 0 (disabled)");
  practice_istio_validate_duration (retries, "perTryTimeout", errors);
  if (on != NULL && *on != '\0')
    validate_retry_on (on, errors);
}

/* Members that do not go together. */
static void
validate_conflicts (JsonNode *rule, PracticeIstioErrors *errors)
{
  guint n_routes = base_json_get_length (base_json_get_array (rule, "route", NULL));

  if (base_json_get (rule, "redirect", NULL) == NULL) {
    if (n_routes == 0)
      practice_istio_errors_add (errors, "HTTP route or redirect is required");
    return;
  }
  if (n_routes > 0)
    practice_istio_errors_add (errors, "HTTP route cannot contain both route and redirect");
  if (base_json_get (rule, "fault", NULL) != NULL)
    practice_istio_errors_add (errors, "HTTP route cannot contain both fault and redirect");
  if (base_json_get (rule, "rewrite", NULL) != NULL)
    practice_istio_errors_add (errors, "HTTP route rule cannot contain both rewrite and redirect");
}

static void
validate_change (JsonNode *rule, const char *member, PracticeIstioErrors *errors)
{
  JsonNode *change = base_json_get (rule, member, NULL);
  const char *uri = base_json_get_string (change, "uri", NULL);
  const char *authority = base_json_get_string (change, "authority", NULL);

  if (change != NULL && (uri == NULL || *uri == '\0') && (authority == NULL || *authority == '\0'))
    practice_istio_errors_add (errors, "%s must specify URI, authority, or both", member);
}

static void
validate_match (JsonNode *match, PracticeIstioErrors *errors)
{
  double port = practice_istio_get_number (match, 0, "port", NULL);

  validate_header_names (base_json_get_object (match, "headers", NULL), errors);
  if (port != 0)
    practice_istio_validate_port ((gint64)port, errors);
  validate_gateways (match, errors);
}

static void
validate_rule (JsonNode *rule, guint minor, PracticeIstioErrors *errors)
{
  JsonArray *matches = base_json_get_array (rule, "match", NULL);

  validate_conflicts (rule, errors);
  validate_headers (rule, errors);
  validate_fault (rule, errors);
  for (guint i = 0; i < base_json_get_length (matches); i++)
    validate_match (json_array_get_element (matches, i), errors);
  validate_destination (base_json_get (rule, "mirror", NULL), errors);
  validate_change (rule, "redirect", errors);
  validate_retries (rule, errors);
  validate_change (rule, "rewrite", errors);
  validate_routes (base_json_get_array (rule, "route", NULL), minor, errors);
  practice_istio_validate_duration (rule, "timeout", errors);
}

/* In the words of Go for a list of strings. */
static char *
dup_hosts (JsonArray *hosts)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (hosts); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            json_array_get_string_element (hosts, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A client can ask only for what the VirtualService is for. */
static void
validate_name (const char *name, JsonArray *hosts, PracticeIstioErrors *errors)
{
  g_autofree char *all = dup_hosts (hosts);

  for (guint i = 0; i < base_json_get_length (hosts); i++)
    if (practice_mesh_name_matches (json_array_get_string_element (hosts, i), name))
      return;
  practice_istio_errors_add (
    errors, "SNI host \"%s\" is not a compatible subset of any of the virtual service hosts: [%s]",
    name, all);
}

static void
validate_tls (JsonNode *rule, JsonArray *hosts, guint minor, PracticeIstioErrors *errors)
{
  JsonArray *matches = base_json_get_array (rule, "match", NULL);
  JsonArray *routes = base_json_get_array (rule, "route", NULL);

  if (base_json_get_length (matches) == 0)
    practice_istio_errors_add (errors, "TLS route must have at least one match condition");
  for (guint i = 0; i < base_json_get_length (matches); i++) {
    JsonNode *match = json_array_get_element (matches, i);
    JsonArray *names = base_json_get_array (match, "sniHosts", NULL);

    if (base_json_get_length (names) == 0)
      practice_istio_errors_add (errors, "TLS match must have at least one SNI host");
    for (guint j = 0; j < base_json_get_length (names); j++)
      validate_name (json_array_get_string_element (names, j), hosts, errors);
    validate_gateways (match, errors);
  }
  if (base_json_get_length (routes) == 0)
    practice_istio_errors_add (errors, "TLS route is required");
  validate_routes (routes, minor, errors);
}

/**
 * practice_istio_validate_virtual_service:
 * @spec: the spec of a VirtualService, whose form is good
 * @minor: the minor number of the Istio whose rules count
 * @errors: gets what is wrong
 *
 * Says what Istio's webhook says
 * (https://github.com/istio/istio/blob/1.3.3/pilot/pkg/model/validation.go), in its order.
 */
void
practice_istio_validate_virtual_service (JsonNode *spec, guint minor, PracticeIstioErrors *errors)
{
  JsonArray *rules = base_json_get_array (spec, "http", NULL);
  JsonArray *tcp = base_json_get_array (spec, "tcp", NULL);
  JsonArray *tls = base_json_get_array (spec, "tls", NULL);

  validate_gateways (spec, errors);
  validate_hosts (spec, errors);
  if (base_json_get_length (rules) + base_json_get_length (tcp) + base_json_get_length (tls) == 0)
    practice_istio_errors_add (errors, "http, tcp or tls must be provided in virtual service");
  for (guint i = 0; i < base_json_get_length (rules); i++)
    validate_rule (json_array_get_element (rules, i), minor, errors);
  for (guint i = 0; i < base_json_get_length (tcp); i++)
    validate_routes (base_json_get_array (json_array_get_element (tcp, i), "route", NULL), minor,
                     errors);
  for (guint i = 0; i < base_json_get_length (tls); i++)
    validate_tls (json_array_get_element (tls, i), base_json_get_array (spec, "hosts", NULL), minor,
                  errors);
  practice_istio_validate_export (spec, errors);
}
