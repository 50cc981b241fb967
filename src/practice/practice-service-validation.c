/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-validation.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cidr.h"
#include "practice-go.h"
#include "practice-service-port-validation.h"
#include "practice-service-transition.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, ValidateService.
 */
#define KUBELET_PORT 10250
#define MAX_AFFINITY_SECONDS 86400
#define RANGES_ANNOTATION "service.beta.kubernetes.io/load-balancer-source-ranges"
#define ADDRESS_WORDS "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"

static const char *const types[] = { "ClusterIP", "ExternalName", "LoadBalancer", "NodePort",
                                     NULL };
static const char *const affinities[] = { "ClientIP", "None", NULL };
static const char *const policies[] = { "Cluster", "Local", NULL };

static gboolean
is_headless (JsonNode *service)
{
  return g_strcmp0 (base_json_get_string (service, "spec", "clusterIP", NULL), "None") == 0;
}

static void
refuse_headless (JsonNode *service, const char *type, PracticeCauses *causes)
{
  g_autofree char *words = g_strdup_printf ("may not be set to 'None' for %s services", type);

  if (is_headless (service))
    practice_causes_invalid (causes, "spec.clusterIPs[0]", "None", words);
}

static void
validate_balancer (JsonNode *service, PracticeCauses *causes)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u]", i);

    if (base_json_get_int (json_array_get_element (ports, i), 0, "port", NULL) == KUBELET_PORT)
      practice_causes_invalid_int (
        causes, field, KUBELET_PORT,
        "may not expose port 10250 externally since it is used by kubelet");
  }
  refuse_headless (service, "LoadBalancer", causes);
}

static void
validate_external_name (JsonNode *service, PracticeCauses *causes)
{
  const char *name = base_json_get_string (service, "spec", "externalName", NULL);
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autofree char *host = g_strdup (name != NULL ? name : "");
  const char *wrong;

  if (address != NULL && *address != '\0')
    practice_causes_forbidden (causes, "spec.clusterIPs",
                               "may not be set for ExternalName services");
  /* With a dot at its end a name is whole. */
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';
  if (*host == '\0') {
    practice_causes_required (causes, "spec.externalName", NULL);
    return;
  }
  wrong = practice_names_check_subdomain (host);
  if (wrong != NULL)
    practice_causes_invalid (causes, "spec.externalName", host, wrong);
}

static void
validate_by_type (JsonNode *service, const char *type, PracticeCauses *causes)
{
  if (g_strcmp0 (type, "LoadBalancer") == 0)
    validate_balancer (service, causes);
  else if (g_strcmp0 (type, "NodePort") == 0)
    refuse_headless (service, "NodePort", causes);
  else if (g_strcmp0 (type, "ExternalName") == 0)
    validate_external_name (service, causes);
}

static void
validate_affinity (JsonNode *service, PracticeCauses *causes)
{
  const char *affinity = base_json_get_string (service, "spec", "sessionAffinity", NULL);
  gint64 seconds = base_json_get_int (service, 0, "spec", "sessionAffinityConfig", "clientIP",
                                      "timeoutSeconds", NULL);

  practice_validation_one_of (affinity, "spec.sessionAffinity", TRUE, affinities, causes);
  if (g_strcmp0 (affinity, "ClientIP") == 0 && (seconds <= 0 || seconds > MAX_AFFINITY_SECONDS))
    practice_causes_invalid_int (causes, "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
                                 seconds, "must be greater than 0 and less than 86400");
}

static void
validate_cluster_address (JsonNode *service, const char *type, PracticeCauses *causes)
{
  const char *text = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autoptr (GInetAddress) address = NULL;

  if (text == NULL || *text == '\0' || is_headless (service) ||
      g_strcmp0 (type, "ExternalName") == 0)
    return;
  address = practice_cidr_parse_address (text);
  if (address == NULL)
    practice_causes_invalid (causes, "spec.clusterIPs[0]", text, ADDRESS_WORDS);
}

/* GInetAddress knows of these in IPv6 alone. */
static gboolean
is_local_multicast (GInetAddress *address)
{
  g_autoptr (GInetAddressMask) range = practice_cidr_parse ("224.0.0.0/24");

  return g_inet_address_get_is_mc_link_local (address) ||
         g_inet_address_mask_matches (range, address);
}

/* Addresses that mean something else on each computer. */
static void
validate_external_address (const char *text, const char *field, PracticeCauses *causes)
{
  g_autoptr (GInetAddress) address = practice_cidr_parse_address (text);

  if (address == NULL) {
    practice_causes_invalid (causes, field, text, ADDRESS_WORDS);
    return;
  }
  if (g_inet_address_get_is_any (address))
    practice_causes_invalid (causes, field, text, "may not be unspecified (0.0.0.0)");
  if (g_inet_address_get_is_loopback (address))
    practice_causes_invalid (causes, field, text, "may not be in the loopback range (127.0.0.0/8)");
  if (g_inet_address_get_is_link_local (address))
    practice_causes_invalid (causes, field, text,
                             "may not be in the link-local range (169.254.0.0/16)");
  if (is_local_multicast (address))
    practice_causes_invalid (causes, field, text,
                             "may not be in the link-local multicast range (224.0.0.0/24)");
}

static void
validate_external_addresses (JsonNode *service, PracticeCauses *causes)
{
  JsonArray *addresses = base_json_get_array (service, "spec", "externalIPs", NULL);

  for (guint i = 0; i < base_json_get_length (addresses); i++) {
    g_autofree char *field = practice_validation_field ("spec.externalIPs[%u]", i);

    validate_external_address (json_array_get_string_element (addresses, i), field, causes);
  }
}

static gboolean
is_range (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autoptr (GInetAddressMask) mask = practice_cidr_parse (stripped);

  return mask != NULL;
}

static gboolean
are_ranges (JsonArray *ranges)
{
  for (guint i = 0; i < base_json_get_length (ranges); i++) {
    if (!is_range (json_array_get_string_element (ranges, i)))
      return FALSE;
  }
  return TRUE;
}

/* An empty annotation lets everybody in. */
static gboolean
are_annotated_ranges (const char *annotation)
{
  g_autofree char *stripped = g_strstrip (g_strdup (annotation));
  g_auto (GStrv) ranges = g_strsplit (stripped, ",", -1);

  for (guint i = 0; ranges[i] != NULL; i++) {
    if (!is_range (ranges[i]))
      return FALSE;
  }
  return TRUE;
}

/* In the spec, or as it was before there was a field for it. */
static void
validate_source_ranges (JsonNode *service, const char *type, PracticeCauses *causes)
{
  JsonNode *ranges = base_json_get (service, "spec", "loadBalancerSourceRanges", NULL);
  JsonArray *array = base_json_get_array (service, "spec", "loadBalancerSourceRanges", NULL);
  const char *annotation = base_metadata_get_annotation (service, RANGES_ANNOTATION);
  gboolean in_spec = base_json_get_length (array) > 0;
  const char *field =
    in_spec ? "spec.LoadBalancerSourceRanges" : "metadata.annotations[" RANGES_ANNOTATION "]";
  g_autofree char *printed = in_spec ? practice_go_print (ranges) : g_strdup (annotation);

  if (printed == NULL)
    return;
  if (g_strcmp0 (type, "LoadBalancer") != 0)
    practice_causes_forbidden (causes, field, "may only be used when `type` is 'LoadBalancer'");
  if (in_spec ? !are_ranges (array) : !are_annotated_ranges (annotation))
    practice_causes_invalid (
      causes, field, printed,
      "must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ");
}

static void
validate_external_traffic (JsonNode *service, PracticeCauses *causes)
{
  const char *policy = base_json_get_string (service, "spec", "externalTrafficPolicy", NULL);
  gint64 port = base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);

  if (policy != NULL && *policy != '\0' && !g_strv_contains (policies, policy))
    practice_causes_invalid (causes, "spec.externalTrafficPolicy", policy,
                             "ExternalTrafficPolicy must be empty, Cluster or Local");
  if (port < 0)
    practice_causes_invalid_int (causes, "spec.healthCheckNodePort", port,
                                 "HealthCheckNodePort must be not less than 0");
}

/* What a real server looks at when the rest is right. */
static void
validate_combinations (JsonNode *service, PracticeCauses *causes)
{
  const char *policy = base_json_get_string (service, "spec", "externalTrafficPolicy", NULL);
  gint64 port = base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);

  if (policy != NULL && *policy != '\0' && !practice_service_transition_needs_node_ports (service))
    practice_causes_invalid (
      causes, "spec.externalTrafficPolicy", policy,
      "ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service");
  if (port != 0 && !practice_service_transition_needs_health_port (service))
    practice_causes_invalid_int (causes, "spec.healthCheckNodePort", port,
                                 "HealthCheckNodePort can only be set on LoadBalancer service with "
                                 "ExternalTrafficPolicy=Local");
}

static void
validate_same_health_port (JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  gint64 before = base_json_get_int (old, 0, "spec", "healthCheckNodePort", NULL);
  gint64 now = base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);

  if (practice_service_transition_needs_health_port (service) &&
      practice_service_transition_needs_health_port (old) && now != 0 && now != before)
    practice_causes_invalid_int (causes, "spec.healthCheckNodePort", now,
                                 "cannot change healthCheckNodePort on loadBalancer service with "
                                 "externalTraffic=Local during update");
}

static void
validate_update (JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  const char *before = base_json_get_string (old, "spec", "clusterIP", NULL);
  const char *now = base_json_get_string (service, "spec", "clusterIP", NULL);

  /* It may be left out, and go with the type. */
  if (before == NULL || now == NULL || *now == '\0' ||
      g_strcmp0 (base_json_get_string (old, "spec", "type", NULL), "ExternalName") == 0)
    return;
  if (!g_str_equal (before, now))
    practice_causes_invalid (causes, "spec.clusterIP", now, "field is immutable");
}

/**
 * practice_service_validation_check:
 * @service: what is to be stored, with its defaults
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a Service.
 */
void
practice_service_validation_check (JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);

  if (base_json_get (service, "spec", NULL) == NULL) {
    practice_causes_required (causes, "spec.ports", NULL);
    return;
  }
  if (old != NULL)
    validate_update (service, old, causes);
  if (base_json_get_length (base_json_get_array (service, "spec", "ports", NULL)) == 0 &&
      !is_headless (service) && g_strcmp0 (type, "ExternalName") != 0)
    practice_causes_required (causes, "spec.ports", NULL);
  validate_by_type (service, type, causes);
  practice_service_port_validation_check (service, causes);
  practice_names_validate_labels (base_json_get_object (service, "spec", "selector", NULL),
                                  "spec.selector", causes);
  validate_affinity (service, causes);
  validate_cluster_address (service, type, causes);
  validate_external_addresses (service, causes);
  practice_validation_one_of (type, "spec.type", TRUE, types, causes);
  practice_service_port_validation_check_numbers (service, causes);
  validate_source_ranges (service, type, causes);
  validate_external_traffic (service, causes);
  if (practice_causes_get_length (causes) > 0)
    return;
  if (old != NULL)
    validate_same_health_port (service, old, causes);
  validate_combinations (service, causes);
}
