/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-network-policy-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Pod-Selector", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const char *const directions[] = { "ingress", "egress" };

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

  for (guint i = 0; i < base_json_get_length (ports); i++) {
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
    JsonArray *rules = base_json_get_array (policy, "spec", directions[i], NULL);

    for (guint j = 0; j < base_json_get_length (rules); j++)
      set_port_defaults (json_array_get_element (rules, j));
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
  .refusing_group = "extensions",
  .has_generation = TRUE,
  .set_defaults = set_defaults,
  .validate = practice_network_policy_validation_check,
  .columns = columns,
  .add_cells = add_cells,
};
