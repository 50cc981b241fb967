/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-upstream.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"
#include "practice-object.h"
#include "practice-service-names.h"

#define SERVICES "/services"
#define ENDPOINTS "/endpoints"
#define PODS "/pods"

void
practice_mesh_endpoint_free (PracticeMeshEndpoint *self)
{
  g_free (self->address);
  g_clear_pointer (&self->pod, json_node_unref);
  g_free (self);
}

#define ENTRY_PORT "number"

static guint16
get_port (JsonNode *port, const char *member)
{
  gint64 number = base_json_get_int (port, 0, member, NULL);

  return number > 0 && number <= G_MAXUINT16 ? (guint16)number : 0;
}

static JsonNode *
find_port (JsonNode *service, guint16 wanted)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (ports);

  for (guint i = 0; i < n_ports; i++)
    if (get_port (json_array_get_element (ports, i), "port") == wanted)
      return json_array_get_element (ports, i);
  return NULL;
}

/* A destination that names no port means the only one there is, else that of the request. */
static guint16
choose_port (JsonNode *service, guint16 port, guint16 asked)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  if (port != 0)
    return port;
  return base_json_get_length (ports) == 1 ? get_port (json_array_get_element (ports, 0), "port")
                                           : asked;
}

static void
add_endpoint (PracticeMeshUpstream *self,
              PracticeMeshConfig *config,
              PracticeStore *store,
              const char *namespace_,
              JsonNode *address,
              guint16 port,
              JsonObject *labels)
{
  const char *name = base_json_get_string (address, "targetRef", "name", NULL);
  JsonNode *pod =
    name != NULL ? practice_mesh_config_get_object (config, store, PODS, namespace_, name) : NULL;
  PracticeMeshEndpoint *endpoint;

  if (base_json_get_string (address, "ip", NULL) == NULL ||
      (labels != NULL && json_object_get_size (labels) > 0 &&
       !practice_object_matches_labels (pod, labels)))
    return;
  endpoint = g_new0 (PracticeMeshEndpoint, 1);
  endpoint->address = g_strdup (base_json_get_string (address, "ip", NULL));
  endpoint->port = port;
  endpoint->pod = pod != NULL ? json_node_ref (pod) : NULL;
  g_ptr_array_add (self->endpoints, endpoint);
}

/* The port of the pods that stands for the Service's port called @name. */
static guint16
find_pod_port (JsonNode *part, const char *name)
{
  return get_port (base_json_find_named (base_json_get_array (part, "ports", NULL), name), "port");
}

static void
add_endpoints (PracticeMeshUpstream *self,
               PracticeMeshConfig *config,
               PracticeStore *store,
               JsonNode *service,
               JsonNode *service_port,
               JsonObject *labels)
{
  const char *namespace_ = base_metadata_get_namespace (service);
  JsonNode *endpoints = practice_mesh_config_get_object (config, store, ENDPOINTS, namespace_,
                                                         base_metadata_get_name (service));
  JsonArray *parts = base_json_get_array (endpoints, "subsets", NULL);
  guint n_parts = base_json_get_length (parts);

  for (guint i = 0; i < n_parts; i++) {
    JsonNode *part = json_array_get_element (parts, i);
    JsonArray *addresses = base_json_get_array (part, "addresses", NULL);
    guint n_addresses = base_json_get_length (addresses);
    guint16 port = find_pod_port (part, base_json_get_string (service_port, "name", NULL));

    for (guint j = 0; port != 0 && j < n_addresses; j++)
      add_endpoint (self, config, store, namespace_, json_array_get_element (addresses, j), port,
                    labels);
  }
}

static JsonNode *
find_entry_port (JsonNode *entry, guint16 wanted)
{
  JsonArray *ports = base_json_get_array (entry, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++)
    if (get_port (json_array_get_element (ports, i), ENTRY_PORT) == wanted)
      return json_array_get_element (ports, i);
  return NULL;
}

static JsonNode *
find_pod_at (PracticeStore *store, const char *address)
{
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);

  for (guint i = 0; i < pods->len; i++)
    if (g_strcmp0 (base_json_get_string (pods->pdata[i], "status", "podIP", NULL), address) == 0)
      return pods->pdata[i];
  return NULL;
}

static gboolean
has_labels (JsonNode *endpoint, JsonObject *wanted)
{
  JsonObject *labels = base_json_get_object (endpoint, "labels", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (wanted == NULL)
    return TRUE;
  json_object_iter_init (&iter, wanted);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *own = labels != NULL ? json_object_get_member (labels, name) : NULL;

    if (own == NULL || !json_node_equal (own, value))
      return FALSE;
  }
  return TRUE;
}

/* A name is looked up as Envoy does it, which is no pod's: without a search list. */
static void
add_entry_endpoint (PracticeMeshUpstream *self,
                    PracticeStore *store,
                    const char *name,
                    guint16 port)
{
  g_auto (GStrv) addresses = practice_service_names_look_up_whole (store, name);

  for (guint i = 0; port != 0 && addresses != NULL && addresses[i] != NULL; i++) {
    PracticeMeshEndpoint *endpoint = g_new0 (PracticeMeshEndpoint, 1);
    JsonNode *pod = find_pod_at (store, addresses[i]);

    endpoint->address = g_strdup (addresses[i]);
    endpoint->port = port;
    endpoint->pod = pod != NULL ? json_node_ref (pod) : NULL;
    g_ptr_array_add (self->endpoints, endpoint);
  }
}

/* Those that a ServiceEntry lists; where it lists none, its host is one
 * (https://istio.io/v1.3/docs/reference/config/networking/v1alpha3/service-entry/). */
static void
add_entry_endpoints (PracticeMeshUpstream *self,
                     PracticeStore *store,
                     JsonNode *entry,
                     JsonNode *port,
                     JsonObject *labels)
{
  JsonArray *endpoints = base_json_get_array (entry, "spec", "endpoints", NULL);
  guint n_endpoints = base_json_get_length (endpoints);
  const char *name = base_json_get_string (port, "name", NULL);
  guint16 number = get_port (port, ENTRY_PORT);

  for (guint i = 0; i < n_endpoints; i++) {
    JsonNode *endpoint = json_array_get_element (endpoints, i);
    const char *address = base_json_get_string (endpoint, "address", NULL);
    JsonNode *ports = base_json_get (endpoint, "ports", NULL);
    guint16 own = name != NULL && ports != NULL ? get_port (ports, name) : 0;

    if (address != NULL && has_labels (endpoint, labels))
      add_entry_endpoint (self, store, address, own != 0 ? own : number);
  }
  if (n_endpoints == 0 && labels == NULL)
    add_entry_endpoint (self, store, self->host, number);
}

/**
 * practice_mesh_upstream_find:
 * @config: the configuration
 * @store: the cluster's objects
 * @namespace_: the namespace of who calls
 * @host: a fully qualified name
 * @subset: (nullable): a subset of it
 * @port: its port; 0: not given
 * @asked: the port of the request
 *
 * Services and their pods are those of now; the subsets are those of @config.
 *
 * Returns: (transfer full) (nullable): where requests for it go; %NULL: to nothing that is known,
 *   which Envoy answers by 503 (flag NC)
 */
PracticeMeshUpstream *
practice_mesh_upstream_find (PracticeMeshConfig *config,
                             PracticeStore *store,
                             const char *namespace_,
                             const char *host,
                             const char *subset,
                             guint16 port,
                             guint16 asked)
{
  g_autofree char *own = NULL;
  g_autofree char *name = NULL;
  JsonNode *service = practice_mesh_name_split_service (host, &own, &name)
                        ? practice_mesh_config_get_object (config, store, SERVICES, own, name)
                        : NULL;
  JsonNode *entry = service == NULL ? practice_mesh_config_find_entry (config, host) : NULL;
  guint16 chosen = choose_port (service, port, asked);
  JsonNode *service_port =
    entry != NULL ? find_entry_port (entry, chosen) : find_port (service, chosen);
  JsonNode *defined =
    subset != NULL ? practice_mesh_config_find_subset (config, namespace_, host, subset) : NULL;
  PracticeMeshUpstream *self;

  if (service_port == NULL || (subset != NULL && defined == NULL))
    return NULL;
  self = g_new0 (PracticeMeshUpstream, 1);
  self->host = g_strdup (host);
  self->subset = g_strdup (subset);
  self->port = chosen;
  self->name = g_strdup_printf ("outbound|%u|%s|%s", chosen, subset != NULL ? subset : "", host);
  self->endpoints = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_mesh_endpoint_free);
  if (entry != NULL)
    add_entry_endpoints (self, store, entry, service_port,
                         base_json_get_object (defined, "labels", NULL));
  else
    add_endpoints (self, config, store, service, service_port,
                   base_json_get_object (defined, "labels", NULL));
  return self;
}

/**
 * practice_mesh_upstream_free:
 * @self: (transfer full): what practice_mesh_upstream_find() found
 */
void
practice_mesh_upstream_free (PracticeMeshUpstream *self)
{
  g_free (self->host);
  g_free (self->subset);
  g_free (self->name);
  g_ptr_array_unref (self->endpoints);
  g_free (self);
}

static JsonNode *
find_by_address (PracticeStore *store, const char *address)
{
  g_autoptr (GPtrArray) services = practice_store_list (store, SERVICES, NULL);

  for (guint i = 0; i < services->len; i++)
    if (g_strcmp0 (base_json_get_string (services->pdata[i], "spec", "clusterIP", NULL), address) ==
        0)
      return services->pdata[i];
  return NULL;
}

/**
 * practice_mesh_upstream_find_service:
 * @store: the cluster's objects
 * @namespace_: the namespace of who calls
 * @host: "reviews", "reviews.default", "reviews.default.svc", the whole name, or a cluster IP
 *
 * Returns: (transfer none) (nullable): the Service that is meant
 */
JsonNode *
practice_mesh_upstream_find_service (PracticeStore *store, const char *namespace_, const char *host)
{
  g_auto (GStrv) labels = NULL;

  if (g_hostname_is_ip_address (host))
    return find_by_address (store, host);
  labels = g_strsplit (host, ".", 3);
  if (labels[0] == NULL)
    return NULL;
  if (labels[1] != NULL && labels[2] != NULL && !g_str_equal (labels[2], "svc") &&
      !g_str_equal (labels[2], "svc.cluster") && !g_str_equal (labels[2], "svc.cluster.local"))
    return NULL;
  return practice_store_get (store, SERVICES, labels[1] != NULL ? labels[1] : namespace_,
                             labels[0]);
}

/**
 * practice_mesh_upstream_find_known_service:
 * @config: the configuration that the proxies have
 * @store: the cluster's objects
 * @namespace_: the namespace of who calls
 * @host: as for practice_mesh_upstream_find_service()
 *
 * Returns: (transfer none) (nullable): the Service that is meant, as the proxies know it; one that
 *   they have not heard of is nothing to them
 */
JsonNode *
practice_mesh_upstream_find_known_service (PracticeMeshConfig *config,
                                           PracticeStore *store,
                                           const char *namespace_,
                                           const char *host)
{
  JsonNode *service = practice_mesh_upstream_find_service (store, namespace_, host);

  if (service == NULL)
    return NULL;
  return practice_mesh_config_get_object (config, store, SERVICES,
                                          base_metadata_get_namespace (service),
                                          base_metadata_get_name (service));
}

/* (transfer full): what stands before the dash of a port's name; "" where there is nothing. */
static char *
dup_protocol (JsonNode *port)
{
  const char *name = base_json_get_string (port, "name", NULL);
  const char *dash = name != NULL ? strchr (name, '-') : NULL;

  return dash != NULL ? g_strndup (name, (gsize)(dash - name))
                      : g_strdup (name != NULL ? name : "");
}

/**
 * practice_mesh_upstream_find_http_port:
 * @service: (nullable): a Service
 * @port: one of its ports
 *
 * By the names of ports (https://istio.io/v1.3/docs/setup/additional-setup/requirements/): since
 * 1.3 a sidecar finds out by itself about one that has no such name, so all are HTTP that do not
 * say otherwise.
 *
 * Returns: (transfer none) (nullable): the port; %NULL: no such port, or not HTTP
 */
JsonNode *
practice_mesh_upstream_find_http_port (JsonNode *service, guint16 port)
{
  static const char *const others[] = { "tcp",   "tls",   "https", "mongo",
                                        "mysql", "redis", "udp",   NULL };
  JsonNode *found = find_port (service, port);
  g_autofree char *protocol = dup_protocol (found);

  return g_strv_contains (others, protocol) ? NULL : found;
}

/**
 * practice_mesh_upstream_is_tls_port:
 * @service: (nullable): a Service
 * @port: one of its ports
 *
 * Returns: whether the port's name says that TLS is spoken there, so that a sidecar leads by the
 *   names that clients ask for
 */
gboolean
practice_mesh_upstream_is_tls_port (JsonNode *service, guint16 port)
{
  g_autofree char *protocol = dup_protocol (find_port (service, port));

  return g_str_equal (protocol, "tls") || g_str_equal (protocol, "https");
}
