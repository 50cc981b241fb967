/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-network-policy-validation.h"

#include "base-json.h"
#include "practice-cidr.h"
#include "practice-go.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/networking/validation.
 */
static const char *const policy_types[] = { "Ingress", "Egress", NULL };
static const char *const protocols[] = { "TCP", "UDP", "SCTP", NULL };

/* The two directions, with the name of their peers. */
static const struct {
  const char *rules;
  const char *peers;
} directions[] = {
  { "ingress", "from" },
  { "egress", "to" },
};

static gboolean
is_strictly_within (GInetAddressMask *inner, GInetAddressMask *outer)
{
  return g_inet_address_mask_matches (outer, g_inet_address_mask_get_address (inner)) &&
         g_inet_address_mask_get_length (inner) > g_inet_address_mask_get_length (outer);
}

static void
validate_exceptions (JsonArray *except,
                     GInetAddressMask *block,
                     const char *field,
                     PracticeCauses *causes)
{
  for (guint i = 0; i < base_json_get_length (except); i++) {
    g_autofree char *own = practice_validation_field ("%s.ipBlock.except[%u]", field, i);
    const char *text = json_array_get_string_element (except, i);
    g_autoptr (GInetAddressMask) exception = practice_cidr_parse (text);

    /* A real server looks no further, either. */
    if (exception == NULL) {
      practice_causes_invalid (causes, own, text, "not a valid CIDR");
      return;
    }
    if (!is_strictly_within (exception, block))
      practice_causes_invalid (causes, own, text, "must be a strict subset of `cidr`");
  }
}

static void
validate_block (JsonNode *block, const char *field, PracticeCauses *causes)
{
  g_autofree char *cidr_field = g_strconcat (field, ".ipBlock.cidr", NULL);
  const char *cidr = base_json_get_string (block, "cidr", NULL);
  g_autoptr (GInetAddressMask) mask = NULL;

  if (cidr == NULL || *cidr == '\0') {
    practice_causes_required (causes, cidr_field, NULL);
    return;
  }
  mask = practice_cidr_parse (cidr);
  if (mask == NULL)
    practice_causes_invalid (causes, cidr_field, cidr, "not a valid CIDR");
  else
    validate_exceptions (base_json_get_array (block, "except", NULL), mask, field, causes);
}

static void
validate_peer (JsonNode *peer, const char *field, PracticeCauses *causes)
{
  const char *selectors[] = { "podSelector", "namespaceSelector" };
  JsonNode *block = base_json_get (peer, "ipBlock", NULL);
  guint count = 0;

  for (guint i = 0; i < G_N_ELEMENTS (selectors); i++) {
    g_autofree char *own = g_strconcat (field, ".", selectors[i], NULL);
    JsonNode *selector = base_json_get (peer, selectors[i], NULL);

    if (selector == NULL)
      continue;
    count++;
    practice_validation_selector (selector, own, causes);
  }
  if (block != NULL) {
    validate_block (block, field, causes);
    if (count > 0)
      practice_causes_forbidden (causes, field, "may not specify both ipBlock and another peer");
  } else if (count == 0) {
    practice_causes_required (causes, field, "must specify a peer");
  }
}

static void
validate_rule (JsonNode *rule, const char *field, const char *peers_name, PracticeCauses *causes)
{
  JsonArray *ports = base_json_get_array (rule, "ports", NULL);
  JsonArray *peers = base_json_get_array (rule, peers_name, NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    JsonNode *number = base_json_get (port, "port", NULL);
    g_autofree char *port_field = practice_validation_field ("%s.ports[%u].port", field, i);
    g_autofree char *protocol_field = practice_validation_field ("%s.ports[%u].protocol", field, i);

    practice_validation_one_of (base_json_get_string (port, "protocol", NULL), protocol_field, TRUE,
                                protocols, causes);
    if (number != NULL)
      practice_validation_port_or_name (number, port_field, causes);
  }
  for (guint i = 0; i < base_json_get_length (peers); i++) {
    g_autofree char *own = practice_validation_field ("%s.%s[%u]", field, peers_name, i);

    validate_peer (json_array_get_element (peers, i), own, causes);
  }
}

static void
validate_types (JsonArray *types, PracticeCauses *causes)
{
  if (base_json_get_length (types) >= G_N_ELEMENTS (policy_types)) {
    g_autofree char *printed = practice_go_print_strings (types, "networking.PolicyType");

    practice_causes_invalid_literal (causes, "spec.policyTypes", printed,
                                     "may not specify more than two policyTypes");
    return;
  }
  for (guint i = 0; i < base_json_get_length (types); i++) {
    g_autofree char *field = practice_validation_field ("spec.policyTypes[%u]", i);
    const char *type = json_array_get_string_element (types, i);

    if (!g_strv_contains (policy_types, type))
      practice_causes_unsupported (causes, field, type, policy_types);
  }
}

/**
 * practice_network_policy_validation_check:
 * @policy: what is to be stored, with its defaults
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a NetworkPolicy.
 */
void
practice_network_policy_validation_check (JsonNode *policy, JsonNode *old, PracticeCauses *causes)
{
  practice_validation_selector (base_json_get (policy, "spec", "podSelector", NULL),
                                "spec.podSelector", causes);
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    JsonArray *rules = base_json_get_array (policy, "spec", directions[i].rules, NULL);

    for (guint j = 0; j < base_json_get_length (rules); j++) {
      g_autofree char *field = practice_validation_field ("spec.%s[%u]", directions[i].rules, j);

      validate_rule (json_array_get_element (rules, j), field, directions[i].peers, causes);
    }
  }
  validate_types (base_json_get_array (policy, "spec", "policyTypes", NULL), causes);
}
