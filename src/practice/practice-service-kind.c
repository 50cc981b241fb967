/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-service-transition.h"
#include "practice-service-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },   { "Type", "string", "", 0 },
  { "Cluster-IP", "string", "", 0 }, { "External-IP", "string", "", 0 },
  { "Port(s)", "string", "", 0 },    { "Age", "string", "", 0 },
  { "Selector", "string", "", 1 },   { NULL },
};

static char *
dup_external_ips (JsonNode *service)
{
  JsonArray *array = base_json_get_array (service, "spec", "externalIPs", NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (array); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                            json_array_get_string_element (array, i));
  return g_string_free (text, text->len == 0);
}

static void
add_external (JsonArray *cells, JsonNode *service, const char *type)
{
  g_autofree char *external = dup_external_ips (service);
  g_autofree char *balancer = practice_cells_dup_balancer (service);

  if (g_str_equal (type, "ExternalName")) {
    practice_cells_add_or_none (cells,
                                base_json_get_string (service, "spec", "externalName", NULL));
  } else if (!g_str_equal (type, "LoadBalancer")) {
    practice_cells_add_or_none (cells, external);
  } else if (external != NULL && balancer != NULL) {
    g_autofree char *both = g_strconcat (balancer, ",", external, NULL);

    json_array_add_string_element (cells, both);
  } else if (external != NULL || balancer != NULL) {
    json_array_add_string_element (cells, external != NULL ? external : balancer);
  } else {
    json_array_add_string_element (cells, "<pending>");
  }
}

static void
add_ports (JsonArray *cells, JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    gint64 node_port = base_json_get_int (port, 0, "nodePort", NULL);
    const char *protocol = base_json_get_string (port, "protocol", NULL);

    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                            base_json_get_int (port, 0, "port", NULL));
    if (node_port > 0)
      g_string_append_printf (text, ":%" G_GINT64_FORMAT, node_port);
    g_string_append_printf (text, "/%s", protocol != NULL ? protocol : "TCP");
  }
  practice_cells_add_or_none (cells, text->str);
}

static void
add_cells (JsonNode *service, JsonArray *cells)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);

  if (type == NULL)
    type = "ClusterIP";
  practice_cells_add_name (cells, service);
  json_array_add_string_element (cells, type);
  practice_cells_add_or_none (cells, base_json_get_string (service, "spec", "clusterIP", NULL));
  add_external (cells, service, type);
  add_ports (cells, service);
  practice_cells_add_age (cells, service);
  practice_cells_add_labels (cells, base_json_get_object (service, "spec", "selector", NULL));
}

static void
set_default (JsonObject *object, const char *member, const char *value)
{
  if (!json_object_has_member (object, member))
    json_object_set_string_member (object, member, value);
}

static void
set_port_defaults (JsonArray *ports)
{
  for (guint i = 0; i < json_array_get_length (ports); i++) {
    JsonObject *port = json_array_get_object_element (ports, i);
    JsonNode *target = json_object_get_member (port, "targetPort");

    set_default (port, "protocol", "TCP");
    if (target == NULL ||
        (json_node_get_value_type (target) == G_TYPE_INT64 && json_node_get_int (target) == 0))
      json_object_set_int_member (port, "targetPort",
                                  json_object_get_int_member_with_default (port, "port", 0));
  }
}

/* (transfer none): the object that is @member, made where there is none */
static JsonObject *
ensure_object (JsonObject *object, const char *member)
{
  if (!json_object_has_member (object, member))
    json_object_set_object_member (object, member, json_object_new ());
  return json_object_get_object_member (object, member);
}

static void
set_affinity_defaults (JsonObject *spec)
{
  const char *affinity;
  JsonObject *client;

  set_default (spec, "sessionAffinity", "None");
  affinity = json_object_get_string_member (spec, "sessionAffinity");
  if (g_str_equal (affinity, "None"))
    json_object_remove_member (spec, "sessionAffinityConfig");
  if (!g_str_equal (affinity, "ClientIP"))
    return;
  client = ensure_object (ensure_object (spec, "sessionAffinityConfig"), "clientIP");
  if (!json_object_has_member (client, "timeoutSeconds"))
    json_object_set_int_member (client, "timeoutSeconds", 10800);
}

static void
set_defaults (JsonNode *service)
{
  JsonObject *spec = base_json_get_object (service, "spec", NULL);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  const char *type;

  if (spec == NULL)
    return;
  set_default (spec, "type", "ClusterIP");
  type = json_object_get_string_member (spec, "type");
  set_affinity_defaults (spec);
  if (ports != NULL)
    set_port_defaults (ports);
  if (g_str_equal (type, "NodePort") || g_str_equal (type, "LoadBalancer"))
    set_default (spec, "externalTrafficPolicy", "Cluster");
}

static void
prepare (JsonNode *service, JsonNode *old)
{
  JsonObject *status;

  if (old != NULL) {
    practice_service_transition_drop (service, old);
    return;
  }
  status = json_object_new ();
  json_object_set_object_member (status, "loadBalancer", json_object_new ());
  json_object_set_object_member (json_node_get_object (service), "status", status);
}

const PracticeKind practice_service_kind = {
  .group = "",
  .plural = "services",
  .singular = "service",
  .kind = "Service",
  .versions = { "v1" },
  .types = { "Service" },
  .short_names = { "svc" },
  .categories = { "all" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .prepare = prepare,
  .set_defaults = set_defaults,
  .validate = practice_service_validation_check,
  .columns = columns,
  .add_cells = add_cells,
};
