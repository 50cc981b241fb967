/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali-badges.h"

#include "base-json.h"
#include "practice-mesh-name.h"

static gboolean
has_destination (PracticeMeshVirtualService *service, JsonNode *rule, const char *host)
{
  JsonArray *routes = base_json_get_array (rule, "route", NULL);
  guint n_routes = base_json_get_length (routes);

  for (guint i = 0; i < n_routes; i++) {
    const char *name =
      base_json_get_string (json_array_get_element (routes, i), "destination", "host", NULL);
    g_autofree char *whole =
      name != NULL ? practice_mesh_name_qualify (name, service->namespace_) : NULL;

    if (g_strcmp0 (whole, host) == 0)
      return TRUE;
  }
  return FALSE;
}

/* In the mesh by its hosts, at a gateway by where it leads. */
static gboolean
is_for (PracticeMeshVirtualService *service, const char *host)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", "http", NULL);
  guint n_rules = base_json_get_length (rules);
  gboolean in_mesh = g_strv_contains ((const char *const *)service->gateways, "mesh");

  for (guint i = 0; in_mesh && service->hosts[i] != NULL; i++)
    if (practice_mesh_name_matches (service->hosts[i], host))
      return TRUE;
  for (guint i = 0; i < n_rules; i++)
    if (has_destination (service, json_array_get_element (rules, i), host))
      return TRUE;
  return FALSE;
}

static void
write_rule (JsonNode *rule, JsonObject *data)
{
  JsonArray *routes = base_json_get_array (rule, "route", NULL);

  if (base_json_get_array (rule, "match", NULL) != NULL)
    json_object_set_boolean_member (data, "hasRequestRouting", TRUE);
  if (base_json_get_length (routes) > 1)
    json_object_set_boolean_member (data, "hasTrafficShifting", TRUE);
  if (base_json_get_object (rule, "fault", NULL) != NULL)
    json_object_set_boolean_member (data, "hasFaultInjection", TRUE);
  if (base_json_get_string (rule, "timeout", NULL) != NULL)
    json_object_set_boolean_member (data, "hasRequestTimeout", TRUE);
}

static void
write_virtual_service (PracticeMeshVirtualService *service, JsonObject *data)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", "http", NULL);
  guint n_rules = base_json_get_length (rules);
  JsonObject *badge = json_object_new ();
  JsonArray *names = json_array_new ();

  for (guint i = 0; service->hosts[i] != NULL; i++)
    json_array_add_string_element (names, service->hosts[i]);
  json_object_set_array_member (badge, "hostnames", names);
  json_object_set_object_member (data, "hasVS", badge);
  for (guint i = 0; i < n_rules; i++)
    write_rule (json_array_get_element (rules, i), data);
}

/**
 * practice_kiali_badges_write:
 * @config: the configuration
 * @host: a fully qualified name
 * @data: a node's data: gets hasVS and the like, where they hold
 */
void
practice_kiali_badges_write (PracticeMeshConfig *config, const char *host, JsonObject *data)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (config);

  for (guint i = 0; i < services->len; i++)
    if (is_for (services->pdata[i], host))
      write_virtual_service (services->pdata[i], data);
  if (practice_mesh_config_find_policy (config, "", host, NULL, "outlierDetection") != NULL ||
      practice_mesh_config_find_policy (config, "", host, NULL, "connectionPool") != NULL)
    json_object_set_boolean_member (data, "hasCB", TRUE);
}
