/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-config.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-traefik-weights.h"

#define INGRESSES "networking.k8s.io/ingresses"
#define SERVICES "/services"
#define ENDPOINTS "/endpoints"

#define CLASS_ANNOTATION "kubernetes.io/ingress.class"
#define CLASS "traefik"
#define DEFAULT_NAME "global-default-frontend"

/**
 * PracticeTraefikConfig:
 *
 * A frontend and a backend for each host and path of the Ingresses that are Traefik's, as of
 * https://doc.traefik.io/traefik/v1.7/configuration/backends/kubernetes/. Servers are the pods
 * themselves.
 */
struct _PracticeTraefikConfig {
  PracticeStore *store;
  GHashTable *backends; /* name to PracticeTraefikBackend */
  GHashTable *names;    /* name to PracticeTraefikFrontend, of @frontends */
  GPtrArray *frontends; /* of PracticeTraefikFrontend */
};

static void
server_free (gpointer data)
{
  PracticeTraefikServer *self = data;

  g_free (self->name);
  g_free (self->url);
  g_free (self->host);
  g_free (self);
}

static void
backend_free (gpointer data)
{
  PracticeTraefikBackend *self = data;

  g_ptr_array_unref (self->servers);
  g_free (self->name);
  g_free (self);
}

static gboolean
is_ours (JsonNode *ingress)
{
  const char *class = base_metadata_get_annotation (ingress, CLASS_ANNOTATION);

  if (class == NULL)
    class = base_json_get_string (ingress, "spec", "ingressClassName", NULL);
  return class == NULL || *class == '\0' || g_str_equal (class, CLASS);
}


static void
add_server (PracticeTraefikBackend *backend,
            const char *name,
            const char *protocol,
            const char *host,
            gint64 port,
            guint weight)
{
  PracticeTraefikServer *server = g_new0 (PracticeTraefikServer, 1);

  server->url = g_strdup_printf ("%s://%s:%" G_GINT64_FORMAT, protocol, host, port);
  server->name = g_strdup (name != NULL ? name : server->url);
  server->host = g_strdup (host);
  server->port = port;
  server->weight = weight;
  g_ptr_array_add (backend->servers, server);
}

static void
add_endpoints (PracticeTraefikConfig *self,
               PracticeTraefikBackend *backend,
               const PracticeTraefikWay *way,
               PracticeTraefikWeights *weights,
               JsonNode *service,
               JsonNode *port,
               const char *protocol)
{
  const char *name = base_metadata_get_name (service);
  JsonArray *subsets = base_json_get_array (
    practice_store_get (self->store, ENDPOINTS, base_metadata_get_namespace (service), name),
    "subsets", NULL);
  guint weight = practice_traefik_weights_get (weights, way->host, way->path, name);

  for (guint i = 0; i < base_json_get_length (subsets); i++) {
    JsonNode *subset = json_array_get_element (subsets, i);
    JsonArray *addresses = base_json_get_array (subset, "addresses", NULL);
    JsonArray *ports = base_json_get_array (subset, "ports", NULL);
    gint64 number = 0;

    for (guint j = 0; j < base_json_get_length (ports); j++) {
      JsonNode *other = json_array_get_element (ports, j);

      if (g_strcmp0 (base_json_get_string (other, "name", NULL),
                     base_json_get_string (port, "name", NULL)) == 0)
        number = base_json_get_int (other, 0, "port", NULL);
    }
    for (guint j = 0; number > 0 && j < base_json_get_length (addresses); j++) {
      JsonNode *address = json_array_get_element (addresses, j);

      add_server (backend, base_json_get_string (address, "targetRef", "name", NULL), protocol,
                  base_json_get_string (address, "ip", NULL), number, weight);
    }
  }
}

static gboolean
is_port (JsonNode *port, const PracticeTraefikWay *way)
{
  const char *name = base_json_get_string (way->service, "port", "name", NULL);
  gint64 number = base_json_get_int (way->service, 0, "port", "number", NULL);

  return (number > 0 && base_json_get_int (port, 0, "port", NULL) == number) ||
         (name != NULL && g_strcmp0 (base_json_get_string (port, "name", NULL), name) == 0);
}

static void
add_servers (PracticeTraefikConfig *self,
             PracticeTraefikBackend *backend,
             const PracticeTraefikWay *way,
             PracticeTraefikWeights *weights,
             JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  const char *external = base_json_get_string (service, "spec", "externalName", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *name = base_json_get_string (port, "name", NULL);
    const char *protocol = practice_traefik_way_get (way, "protocol");
    gint64 number = base_json_get_int (port, 0, "port", NULL);

    if (!is_port (port, way))
      continue;
    if (protocol == NULL)
      protocol =
        number == 443 || (name != NULL && g_str_has_prefix (name, "https")) ? "https" : "http";
    if (g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "ExternalName") == 0)
      add_server (backend, NULL, protocol, external, number, 1);
    else
      add_endpoints (self, backend, way, weights, service, port, protocol);
    return;
  }
}

static PracticeTraefikBackend *
ensure_backend (PracticeTraefikConfig *self, const char *name)
{
  PracticeTraefikBackend *backend = g_hash_table_lookup (self->backends, name);

  if (backend == NULL) {
    backend = g_new0 (PracticeTraefikBackend, 1);
    backend->name = g_strdup (name);
    backend->servers = g_ptr_array_new_with_free_func (server_free);
    g_hash_table_insert (self->backends, backend->name, backend);
  }
  return backend;
}

/* Where the Service is missing, there is no frontend: 404, not 503. */
static void
add_way (PracticeTraefikConfig *self,
         const PracticeTraefikWay *way,
         const char *name,
         PracticeTraefikWeights *weights)
{
  const char *namespace_ = base_metadata_get_namespace (way->ingress);
  const char *service_name = base_json_get_string (way->service, "name", NULL);
  PracticeTraefikFrontend *frontend = g_hash_table_lookup (self->names, name);
  JsonNode *service = NULL;
  PracticeTraefikBackend *backend;

  if (service_name != NULL)
    service = practice_store_get (self->store, SERVICES, namespace_, service_name);
  if (service == NULL)
    return;
  backend = ensure_backend (self, name);
  if (frontend == NULL) {
    frontend = practice_traefik_frontend_new (self->store, way, name, backend);
    if (frontend == NULL)
      return;
    g_ptr_array_add (self->frontends, frontend);
    g_hash_table_insert (self->names, frontend->name, frontend);
  }
  if (practice_traefik_frontend_add (frontend, way)) {
    add_servers (self, backend, way, weights, service);
    return;
  }
  g_hash_table_remove (self->names, name);
  g_ptr_array_remove (self->frontends, frontend);
}

static void
add_paths (PracticeTraefikConfig *self,
           JsonNode *ingress,
           JsonNode *rule,
           PracticeTraefikWeights *weights)
{
  const char *host = base_json_get_string (rule, "host", NULL);
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

  for (guint i = 0; i < base_json_get_length (paths); i++) {
    JsonNode *path = json_array_get_element (paths, i);
    const char *text = base_json_get_string (path, "path", NULL);
    const PracticeTraefikWay way = { ingress, host != NULL ? host : "", text != NULL ? text : "",
                                     base_json_get_string (path, "pathType", NULL),
                                     base_json_get (path, "backend", "service", NULL) };
    g_autofree char *name = practice_traefik_way_dup_name (&way);

    add_way (self, &way, name, weights);
  }
}

static void
add_ingress (PracticeTraefikConfig *self, JsonNode *ingress)
{
  JsonNode *fallback = base_json_get (ingress, "spec", "defaultBackend", "service", NULL);
  const PracticeTraefikWay any = { ingress, "", "", NULL, fallback };
  g_autoptr (PracticeTraefikWeights) weights = practice_traefik_weights_new (
    self->store, ingress, practice_traefik_way_get (&any, "service-weights"));
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);

  if (fallback != NULL && !g_hash_table_contains (self->names, DEFAULT_NAME))
    add_way (self, &any, DEFAULT_NAME, weights);
  for (guint i = 0; i < base_json_get_length (rules); i++)
    add_paths (self, ingress, json_array_get_element (rules, i), weights);
}

static int
compare_frontends (gconstpointer a, gconstpointer b)
{
  const PracticeTraefikFrontend *first = *(const PracticeTraefikFrontend *const *)a;
  const PracticeTraefikFrontend *second = *(const PracticeTraefikFrontend *const *)b;
  guint first_rank = practice_traefik_frontend_get_rank (first);
  guint second_rank = practice_traefik_frontend_get_rank (second);

  if (first_rank != second_rank)
    return first_rank > second_rank ? -1 : 1;
  return strcmp (first->name, second->name);
}

/**
 * practice_traefik_config_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): what the Ingresses ask for now
 */
PracticeTraefikConfig *
practice_traefik_config_new (PracticeStore *store)
{
  PracticeTraefikConfig *self = g_new0 (PracticeTraefikConfig, 1);
  g_autoptr (GPtrArray) ingresses = practice_store_list (store, INGRESSES, NULL);

  self->store = g_object_ref (store);
  self->backends = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, backend_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  self->frontends = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_traefik_frontend_free);
  for (guint i = 0; i < ingresses->len; i++)
    if (is_ours (g_ptr_array_index (ingresses, i)))
      add_ingress (self, g_ptr_array_index (ingresses, i));
  g_ptr_array_sort (self->frontends, compare_frontends);
  return self;
}

/**
 * practice_traefik_config_free:
 * @self: (transfer full): a configuration
 *
 * Frees @self.
 */
void
practice_traefik_config_free (PracticeTraefikConfig *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->frontends);
  g_hash_table_unref (self->backends);
  g_clear_object (&self->store);
  g_free (self);
}

/**
 * practice_traefik_config_get_frontends:
 * @self: a configuration
 *
 * Returns: (transfer none) (element-type PracticeTraefikFrontend): its frontends, in the order in
 *   which they are tried
 */
GPtrArray *
practice_traefik_config_get_frontends (PracticeTraefikConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->frontends;
}

/**
 * practice_traefik_config_find:
 * @self: a configuration
 * @entry_point: "http" or "https"
 * @host: the host of a request, without a port
 * @path: its path
 *
 * Returns: (transfer none) (nullable): the frontend that takes the request
 */
PracticeTraefikFrontend *
practice_traefik_config_find (PracticeTraefikConfig *self,
                              const char *entry_point,
                              const char *host,
                              const char *path)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->frontends->len; i++) {
    PracticeTraefikFrontend *frontend = g_ptr_array_index (self->frontends, i);

    if (practice_traefik_frontend_matches (frontend, entry_point, host, path))
      return frontend;
  }
  return NULL;
}
