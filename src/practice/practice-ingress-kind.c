/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-ingress-conversion.h"
#include "practice-ingress-validation.h"
#include "practice-kinds.h"

/* How many hosts are shown. */
#define MAX_HOSTS 3

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Class", "string", "", 0 },
  { "Hosts", "string", "", 0 },
  { "Address", "string", "", 0 },
  { "Ports", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_hosts (JsonNode *ingress, JsonArray *cells)
{
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < base_json_get_length (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    const char *host = base_json_get_string (rule, "host", NULL);

    if (host == NULL || base_json_get (rule, "http", NULL) == NULL || ++count > MAX_HOSTS)
      continue;
    g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", host);
  }
  if (count > MAX_HOSTS)
    g_string_append_printf (text, " + %u more...", count - MAX_HOSTS);
  json_array_add_string_element (cells, text->len > 0 ? text->str : "*");
}

static void
add_cells (JsonNode *ingress, JsonArray *cells)
{
  g_autofree char *address = practice_cells_dup_balancer (ingress);
  JsonArray *tls = base_json_get_array (ingress, "spec", "tls", NULL);

  practice_cells_add_name (cells, ingress);
  practice_cells_add_or_none (cells,
                              base_json_get_string (ingress, "spec", "ingressClassName", NULL));
  add_hosts (ingress, cells);
  json_array_add_string_element (cells, address != NULL ? address : "");
  json_array_add_string_element (cells, base_json_get_length (tls) > 0 ? "80, 443" : "80");
  practice_cells_add_age (cells, ingress);
}

static void
prepare (JsonNode *ingress, JsonNode *old)
{
  JsonObject *status;

  if (old != NULL)
    return;
  status = json_object_new ();
  json_object_set_object_member (status, "loadBalancer", json_object_new ());
  json_object_set_object_member (json_node_get_object (ingress), "status", status);
}

/* A real server finds the older of the two groups that have the kind. */
#define INGRESS                                                                                    \
  .plural = "ingresses", .singular = "ingress", .kind = "Ingress", .namespaced = TRUE,             \
  .refusing_group = "extensions", .has_status = TRUE, .has_generation = TRUE, .prepare = prepare,  \
  .validate_version = practice_ingress_validation_check,                                           \
  .to_storage = practice_ingress_conversion_to_v1,                                                 \
  .from_storage = practice_ingress_conversion_to_beta, .columns = columns, .add_cells = add_cells

const PracticeKind practice_ingress_kind = {
  .group = "networking.k8s.io",
  .short_names = { "ing" },
  .versions = { "v1", "v1beta1" },
  .types = { "Ingress", "BetaIngress" },
  INGRESS,
};

/* Without a short name: kubectl from 1.31 on warns of one that two groups have. */
const PracticeKind practice_extensions_ingress_kind = {
  .group = "extensions",
  .versions = { "v1beta1" },
  .types = { "BetaIngress" },
  .store_name = "networking.k8s.io/ingresses",
  .storage_api_version = "networking.k8s.io/v1",
  INGRESS,
};
