/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-ingress-conversion.h"
#include "practice-kinds.h"
#include "practice-validation.h"

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

static const char *const path_types[] = { "Exact", "ImplementationSpecific", "Prefix", NULL };

static guint
get_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

static void
add_hosts (JsonNode *ingress, JsonArray *cells)
{
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < get_length (rules); i++) {
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
  json_array_add_string_element (cells, get_length (tls) > 0 ? "80, 443" : "80");
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

static void
validate_backend (JsonNode *backend, const char *field, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".service.name", NULL);
  g_autofree char *port_field = g_strconcat (field, ".service.port.number", NULL);
  const char *name = base_json_get_string (backend, "service", "name", NULL);
  gint64 number = base_json_get_int (backend, 0, "service", "port", "number", NULL);
  const char *wrong;

  if (base_json_get (backend, "resource", NULL) != NULL)
    return;
  if (base_json_get (backend, "service", NULL) == NULL) {
    practice_causes_invalid (causes, field, "", "resource or service backend is required");
    return;
  }
  if (name == NULL) {
    practice_causes_required (causes, name_field, NULL);
  } else {
    wrong = practice_names_check_service (name);
    if (wrong != NULL)
      practice_causes_invalid (causes, name_field, name, wrong);
  }
  if (base_json_get_string (backend, "service", "port", "name", NULL) != NULL)
    return;
  if (number == 0)
    practice_causes_required (causes, field, "port name or number is required");
  else
    practice_validation_port (number, port_field, causes);
}

static void
validate_path (JsonNode *path, const char *field, PracticeCauses *causes)
{
  g_autofree char *type_field = g_strconcat (field, ".pathType", NULL);
  g_autofree char *path_field = g_strconcat (field, ".path", NULL);
  g_autofree char *backend_field = g_strconcat (field, ".backend", NULL);
  const char *type = base_json_get_string (path, "pathType", NULL);
  const char *text = base_json_get_string (path, "path", NULL);
  gboolean free_form = g_strcmp0 (type, "ImplementationSpecific") == 0;

  if (type == NULL)
    practice_causes_required (causes, type_field, "pathType must be specified");
  else
    practice_validation_one_of (type, type_field, TRUE, path_types, causes);
  if (type != NULL && g_strv_contains (path_types, type) &&
      (text == NULL ? !free_form : *text != '/'))
    practice_causes_invalid (causes, path_field, text, "must be an absolute path");
  validate_backend (base_json_get (path, "backend", NULL), backend_field, causes);
}

static void
validate_host (const char *host, const char *field, PracticeCauses *causes)
{
  const char *wrong;

  if (host == NULL)
    return;
  if (g_hostname_is_ip_address (host)) {
    practice_causes_invalid (causes, field, host, "must be a DNS name, not an IP address");
    return;
  }
  wrong = practice_names_check_subdomain (g_str_has_prefix (host, "*.") ? host + 2 : host);
  if (wrong != NULL)
    practice_causes_invalid (causes, field, host, wrong);
}

static void
validate_rule (JsonNode *rule, guint i, PracticeCauses *causes)
{
  g_autofree char *host_field = practice_validation_field ("spec.rules[%u].host", i);
  g_autofree char *paths_field = practice_validation_field ("spec.rules[%u].http.paths", i);
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

  validate_host (base_json_get_string (rule, "host", NULL), host_field, causes);
  if (base_json_get (rule, "http", NULL) == NULL)
    return;
  if (get_length (paths) == 0)
    practice_causes_required (causes, paths_field, NULL);
  for (guint j = 0; j < get_length (paths); j++) {
    g_autofree char *field = practice_validation_field ("%s[%u]", paths_field, j);

    validate_path (json_array_get_element (paths, j), field, causes);
  }
}

static void
validate (JsonNode *ingress, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  JsonNode *backend = base_json_get (ingress, "spec", "defaultBackend", NULL);

  if (get_length (rules) == 0 && backend == NULL)
    practice_causes_invalid_literal (causes, "spec", "[]networking.IngressRule(nil)",
                                     "either `defaultBackend` or `rules` must be specified");
  if (backend != NULL)
    validate_backend (backend, "spec.defaultBackend", causes);
  for (guint i = 0; i < get_length (rules); i++)
    validate_rule (json_array_get_element (rules, i), i, causes);
}

#define INGRESS                                                                                    \
  .plural = "ingresses", .singular = "ingress", .kind = "Ingress", .namespaced = TRUE,             \
  .has_status = TRUE, .has_generation = TRUE, .prepare = prepare, .validate = validate,            \
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
