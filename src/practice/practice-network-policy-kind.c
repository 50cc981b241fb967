/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Pod-Selector", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

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

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static void
add_cells (JsonNode *policy, JsonArray *cells)
{
  practice_cells_add_name (cells, policy);
  practice_cells_add_selector (cells, base_json_get (policy, "spec", "podSelector", NULL));
  practice_cells_add_age (cells, policy);
}

static void
set_port_defaults (JsonNode *rule)
{
  JsonArray *ports = base_json_get_array (rule, "ports", NULL);

  for (guint i = 0; i < get_length (ports); i++) {
    JsonObject *port = json_array_get_object_element (ports, i);

    if (!json_object_has_member (port, "protocol"))
      json_object_set_string_member (port, "protocol", "TCP");
  }
}

/* Ingress always, Egress where there are rules for it. */
static void
set_defaults (JsonNode *policy)
{
  JsonObject *spec = base_json_get_object (policy, "spec", NULL);

  if (spec == NULL)
    return;
  if (!json_object_has_member (spec, "policyTypes")) {
    JsonArray *types = json_array_new ();

    json_array_add_string_element (types, "Ingress");
    if (json_object_has_member (spec, "egress"))
      json_array_add_string_element (types, "Egress");
    json_object_set_array_member (spec, "policyTypes", types);
  }
  if (!json_object_has_member (spec, "podSelector"))
    json_object_set_object_member (spec, "podSelector", json_object_new ());
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    JsonArray *rules = base_json_get_array (policy, "spec", directions[i].rules, NULL);

    for (guint j = 0; j < get_length (rules); j++)
      set_port_defaults (json_array_get_element (rules, j));
  }
}

static void
validate_block (JsonNode *block, const char *field, PracticeCauses *causes)
{
  g_autofree char *cidr_field = g_strconcat (field, ".ipBlock.cidr", NULL);
  const char *cidr = base_json_get_string (block, "cidr", NULL);
  g_autoptr (GInetAddressMask) mask = NULL;

  if (cidr == NULL) {
    practice_causes_required (causes, cidr_field, NULL);
    return;
  }
  mask = g_inet_address_mask_new_from_string (cidr, NULL);
  if (mask == NULL || strchr (cidr, '/') == NULL)
    practice_causes_invalid (causes, cidr_field, cidr, "not a valid CIDR");
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

  for (guint i = 0; i < get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    JsonNode *number = base_json_get (port, "port", NULL);
    g_autofree char *port_field = practice_validation_field ("%s.ports[%u].port", field, i);
    g_autofree char *protocol_field = practice_validation_field ("%s.ports[%u].protocol", field, i);

    practice_validation_one_of (base_json_get_string (port, "protocol", NULL), protocol_field, TRUE,
                                protocols, causes);
    if (number != NULL)
      practice_validation_port_or_name (number, port_field, causes);
  }
  for (guint i = 0; i < get_length (peers); i++) {
    g_autofree char *own = practice_validation_field ("%s.%s[%u]", field, peers_name, i);

    validate_peer (json_array_get_element (peers, i), own, causes);
  }
}

static void
validate (JsonNode *policy, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *types = base_json_get_array (policy, "spec", "policyTypes", NULL);

  practice_validation_selector (base_json_get (policy, "spec", "podSelector", NULL),
                                "spec.podSelector", causes);
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    JsonArray *rules = base_json_get_array (policy, "spec", directions[i].rules, NULL);

    for (guint j = 0; j < get_length (rules); j++) {
      g_autofree char *field = practice_validation_field ("spec.%s[%u]", directions[i].rules, j);

      validate_rule (json_array_get_element (rules, j), field, directions[i].peers, causes);
    }
  }
  for (guint i = 0; i < get_length (types); i++) {
    g_autofree char *field = practice_validation_field ("spec.policyTypes[%u]", i);

    practice_validation_one_of (json_array_get_string_element (types, i), field, TRUE, policy_types,
                                causes);
  }
}

const PracticeKind practice_network_policy_kind = {
  .group = "networking.k8s.io",
  .plural = "networkpolicies",
  .singular = "networkpolicy",
  .kind = "NetworkPolicy",
  .versions = { "v1" },
  .types = { "NetworkPolicy" },
  .short_names = { "netpol" },
  .namespaced = TRUE,
  .has_generation = TRUE,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};
