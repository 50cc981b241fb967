/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-transition.h"

#include "base-json.h"

/*
 * k8s.io/kubernetes/pkg/registry/core/service, dropTypeDependentFields and
 * externalTrafficPolicyUpdate.
 */
static gboolean
has_type (JsonNode *service, const char *type)
{
  return g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), type) == 0;
}

static gint64
get_health_port (JsonNode *service)
{
  return base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);
}

static gboolean
has_same_node_ports (JsonNode *service, JsonNode *old)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  JsonArray *before = base_json_get_array (old, "spec", "ports", NULL);
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < base_json_get_length (before); i++)
    g_hash_table_add (numbers, GINT_TO_POINTER ((int)base_json_get_int (
                                 json_array_get_element (before, i), 0, "nodePort", NULL)));
  for (guint i = 0; i < base_json_get_length (ports); i++) {
    gint64 number = base_json_get_int (json_array_get_element (ports, i), 0, "nodePort", NULL);

    if (number != 0 && !g_hash_table_contains (numbers, GINT_TO_POINTER ((int)number)))
      return FALSE;
  }
  return TRUE;
}

static void
drop_node_ports (JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++)
    json_object_remove_member (json_array_get_object_element (ports, i), "nodePort");
}

/**
 * practice_service_transition_needs_node_ports:
 * @service: a Service
 *
 * Returns: whether its ports are open on the nodes
 */
gboolean
practice_service_transition_needs_node_ports (JsonNode *service)
{
  return has_type (service, "NodePort") || has_type (service, "LoadBalancer");
}

/**
 * practice_service_transition_needs_health_port:
 * @service: a Service
 *
 * Returns: whether its balancer must know which nodes have a pod
 */
gboolean
practice_service_transition_needs_health_port (JsonNode *service)
{
  return has_type (service, "LoadBalancer") &&
         g_strcmp0 (base_json_get_string (service, "spec", "externalTrafficPolicy", NULL),
                    "Local") == 0;
}

/**
 * practice_service_transition_drop:
 * @service: what is to be stored, changed in place
 * @old: what it replaces
 *
 * Takes out what came with the old type and does not go with the new one, where nobody has changed
 * it meanwhile.
 */
void
practice_service_transition_drop (JsonNode *service, JsonNode *old)
{
  JsonObject *spec = base_json_get_object (service, "spec", NULL);
  gboolean had_ports = practice_service_transition_needs_node_ports (old);

  if (spec == NULL)
    return;
  if (had_ports && !practice_service_transition_needs_node_ports (service)) {
    json_object_remove_member (spec, "externalTrafficPolicy");
    if (has_same_node_ports (service, old))
      drop_node_ports (service);
  }
  if (practice_service_transition_needs_health_port (old) &&
      !practice_service_transition_needs_health_port (service) &&
      get_health_port (service) == get_health_port (old))
    json_object_remove_member (spec, "healthCheckNodePort");
}
