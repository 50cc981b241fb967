/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-report.h"

static JsonObject *
new_backend (const PracticeTraefikBackend *backend)
{
  JsonObject *object = json_object_new ();
  JsonObject *servers = json_object_new ();
  JsonObject *balancer = json_object_new ();

  for (guint i = 0; i < backend->servers->len; i++) {
    const PracticeTraefikServer *server = g_ptr_array_index (backend->servers, i);
    JsonObject *entry = json_object_new ();

    json_object_set_string_member (entry, "url", server->url);
    json_object_set_int_member (entry, "weight", server->weight);
    json_object_set_object_member (servers, server->name, entry);
  }
  if (backend->servers->len > 0)
    json_object_set_object_member (object, "servers", servers);
  else
    json_object_unref (servers);
  json_object_set_string_member (balancer, "method", "wrr");
  json_object_set_object_member (object, "loadBalancer", balancer);
  return object;
}

static JsonObject *
new_routes (const PracticeTraefikFrontend *frontend)
{
  JsonObject *routes = json_object_new ();
  GHashTableIter iter;
  gpointer name;
  gpointer rule;

  g_hash_table_iter_init (&iter, frontend->routes);
  while (g_hash_table_iter_next (&iter, &name, &rule)) {
    JsonObject *entry = json_object_new ();

    json_object_set_string_member (entry, "rule", practice_traefik_rule_get_text (rule));
    json_object_set_object_member (routes, name, entry);
  }
  return routes;
}

static JsonArray *
new_entry_points (const PracticeTraefikFrontend *frontend)
{
  JsonArray *array = json_array_new ();

  if (frontend->entry_points == NULL) {
    json_array_add_string_element (array, "http");
    json_array_add_string_element (array, "https");
  }
  for (guint i = 0; frontend->entry_points != NULL && frontend->entry_points[i] != NULL; i++)
    json_array_add_string_element (array, frontend->entry_points[i]);
  return array;
}

/* Never the hashes of passwords. */
static JsonObject *
new_frontend (const PracticeTraefikFrontend *frontend)
{
  JsonObject *object = json_object_new ();

  json_object_set_array_member (object, "entryPoints", new_entry_points (frontend));
  json_object_set_string_member (object, "backend", frontend->backend->name);
  json_object_set_object_member (object, "routes", new_routes (frontend));
  json_object_set_boolean_member (object, "passHostHeader", frontend->passes_host);
  json_object_set_int_member (object, "priority", frontend->priority);
  json_object_set_null_member (object, "basicAuth");
  return object;
}

/**
 * practice_traefik_report_new:
 * @config: a configuration
 *
 * Returns: (transfer full): it as JSON, under the provider's name "kubernetes"
 */
JsonNode *
practice_traefik_report_new (PracticeTraefikConfig *config)
{
  GPtrArray *list = practice_traefik_config_get_frontends (config);
  JsonObject *backends = json_object_new ();
  JsonObject *frontends = json_object_new ();
  JsonObject *provider = json_object_new ();
  g_autoptr (JsonObject) root = json_object_new ();

  for (guint i = 0; i < list->len; i++) {
    const PracticeTraefikFrontend *frontend = g_ptr_array_index (list, i);

    json_object_set_object_member (backends, frontend->backend->name,
                                   new_backend (frontend->backend));
    json_object_set_object_member (frontends, frontend->name, new_frontend (frontend));
  }
  json_object_set_object_member (provider, "backends", backends);
  json_object_set_object_member (provider, "frontends", frontends);
  json_object_set_object_member (root, "kubernetes", provider);
  return json_node_init_object (json_node_alloc (), root);
}
