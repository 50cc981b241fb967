/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-proxy-config.h"

#include <stdlib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-gateway-servers.h"
#include "practice-gateway.h"
#include "practice-mesh-name.h"
#include "practice-object.h"

#define SERVICES "/services"

#define OUTBOUND_PORT "15001"
#define INBOUND_PORT "15006"
#define HEALTH_PORT "15020"
#define ANY_ADDRESS "0.0.0.0"

/* The columns that istioctl 1.4 has. */
static const struct {
  const char *name;
  const char *alias;
  const char *const head[6];
} parts[] = {
  [PRACTICE_PROXY_CLUSTERS] = { "cluster",
                                "clusters",
                                { "SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", NULL } },
  [PRACTICE_PROXY_LISTENERS] = { "listener", "listeners", { "ADDRESS", "PORT", "TYPE", NULL } },
  [PRACTICE_PROXY_ROUTES] = { "route", "routes", { "NAME", "VIRTUAL HOSTS", NULL } },
  [PRACTICE_PROXY_ENDPOINTS] = { "endpoint",
                                 "endpoints",
                                 { "ENDPOINT", "STATUS", "OUTLIER CHECK", "CLUSTER", NULL } },
};

typedef struct {
  PracticeMesh *mesh;
  PracticeMeshConfig *config;
  PracticeStore *store;
  JsonNode *pod;
  gboolean is_gateway;
  GPtrArray *rows; /* of GStrv */
} Report;

/* A port of a Service as the proxies know it. */
typedef struct {
  JsonNode *service;
  JsonNode *port;
  char *host;
  guint16 number;
} Place;

typedef void (*PlaceFunc) (Report *self, const Place *place);

static void add_row (Report *self, ...) G_GNUC_NULL_TERMINATED;

static void
add_row (Report *self, ...)
{
  g_autoptr (GStrvBuilder) row = g_strv_builder_new ();
  va_list arguments;
  const char *cell;

  va_start (arguments, self);
  while ((cell = va_arg (arguments, const char *)) != NULL)
    g_strv_builder_add (row, cell);
  va_end (arguments);
  g_ptr_array_add (self->rows, g_strv_builder_end (row));
}

static void
for_each_port (Report *self, JsonNode *service, PlaceFunc function)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  g_autofree char *host = practice_mesh_name_qualify (base_metadata_get_name (service),
                                                      base_metadata_get_namespace (service));

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "port", NULL);
    const Place place = { service, port, host, (guint16)number };

    if (number > 0 && number <= G_MAXUINT16 &&
        g_strcmp0 (base_json_get_string (port, "protocol", NULL), "UDP") != 0)
      function (self, &place);
  }
}

/* Services that the proxies have heard of. */
static void
for_each_place (Report *self, PlaceFunc function)
{
  g_autoptr (GPtrArray) services = practice_store_list (self->store, SERVICES, NULL);

  for (guint i = 0; i < services->len; i++) {
    JsonNode *known = practice_mesh_config_get_object (
      self->config, self->store, SERVICES, base_metadata_get_namespace (services->pdata[i]),
      base_metadata_get_name (services->pdata[i]));

    if (known != NULL)
      for_each_port (self, known, function);
  }
}

static const char *
get_namespace (Report *self)
{
  return base_metadata_get_namespace (self->pod);
}

static const char *
get_address (Report *self)
{
  return base_json_get_string (self->pod, "status", "podIP", NULL);
}

static gboolean
is_http (const Place *place)
{
  return practice_mesh_upstream_find_http_port (place->service, place->number) != NULL;
}

static gboolean
is_headless (const Place *place)
{
  return g_strcmp0 (base_json_get_string (place->service, "spec", "clusterIP", NULL), "None") == 0;
}

static gboolean
selects_pod (Report *self, JsonNode *service)
{
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);

  return selector != NULL && json_object_get_size (selector) > 0 &&
         g_strcmp0 (base_metadata_get_namespace (service), get_namespace (self)) == 0 &&
         practice_object_matches_labels (self->pod, selector);
}

static void
add_cluster (Report *self, const Place *place)
{
  g_autofree char *number = g_strdup_printf ("%u", place->number);
  g_auto (GStrv) subsets =
    practice_mesh_config_dup_subsets (self->config, get_namespace (self), place->host);
  const char *name = base_json_get_string (place->port, "name", NULL);
  gboolean is_external =
    g_strcmp0 (base_json_get_string (place->service, "spec", "type", NULL), "ExternalName") == 0;
  const char *type = is_external ? "STRICT_DNS" : is_headless (place) ? "ORIGINAL_DST" : "EDS";

  add_row (self, place->host, number, "-", "outbound", type, NULL);
  for (guint i = 0; subsets[i] != NULL; i++)
    add_row (self, place->host, number, subsets[i], "outbound", type, NULL);
  if (!self->is_gateway && selects_pod (self, place->service))
    add_row (self, place->host, number, name != NULL ? name : "-", "inbound", "STATIC", NULL);
}

static void
add_entry_ports (Report *self, JsonNode *entry, const char *host)
{
  JsonArray *ports = base_json_get_array (entry, "spec", "ports", NULL);
  const char *resolution = base_json_get_string (entry, "spec", "resolution", NULL);
  const char *type = g_strcmp0 (resolution, "STATIC") == 0 ? "EDS"
                     : g_strcmp0 (resolution, "DNS") == 0  ? "STRICT_DNS"
                                                           : "ORIGINAL_DST";

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autofree char *number =
      g_strdup_printf ("%" G_GINT64_FORMAT,
                       base_json_get_int (json_array_get_element (ports, i), 0, "number", NULL));

    add_row (self, host, number, "-", "outbound", type, NULL);
  }
}

static void
add_entry_clusters (Report *self)
{
  GPtrArray *entries = practice_mesh_config_get_entries (self->config);

  for (guint i = 0; i < entries->len; i++) {
    JsonArray *hosts = base_json_get_array (entries->pdata[i], "spec", "hosts", NULL);

    for (guint j = 0; j < base_json_get_length (hosts); j++) {
      const char *host = json_array_get_string_element (hosts, j);

      if (host != NULL)
        add_entry_ports (self, entries->pdata[i], host);
    }
  }
}

static void
list_clusters (Report *self)
{
  static const char *const own[][2] = {
    { "BlackHoleCluster", "STATIC" }, { "PassthroughCluster", "ORIGINAL_DST" },
    { "prometheus_stats", "STATIC" }, { "xds-grpc", "STRICT_DNS" },
    { "zipkin", "STRICT_DNS" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    add_row (self, own[i][0], "-", "-", "-", own[i][1], NULL);
  for_each_place (self, add_cluster);
  add_entry_clusters (self);
}

static gboolean
has_row (Report *self, const char *first, const char *second)
{
  for (guint i = 0; i < self->rows->len; i++) {
    GStrv row = self->rows->pdata[i];

    if (g_str_equal (row[0], first) && g_str_equal (row[1], second))
      return TRUE;
  }
  return FALSE;
}

/* All that is HTTP on one port has one listener; what is not has one at its own address. */
static void
add_listener (Report *self, const Place *place)
{
  g_autofree char *number = g_strdup_printf ("%u", place->number);
  const char *address = base_json_get_string (place->service, "spec", "clusterIP", NULL);
  gint64 target = base_json_get_int (place->port, place->number, "targetPort", NULL);
  g_autofree char *own = g_strdup_printf ("%" G_GINT64_FORMAT, target);

  if (is_http (place) || is_headless (place))
    address = ANY_ADDRESS;
  if (address != NULL && !has_row (self, address, number))
    add_row (self, address, number, is_http (place) ? "HTTP" : "TCP", NULL);
  if (selects_pod (self, place->service) && !has_row (self, get_address (self), own))
    add_row (self, get_address (self), own, is_http (place) ? "HTTP" : "TCP", NULL);
}

typedef void (*ServerFunc) (Report *self, JsonNode *server, const char *port);

/* Servers of the Gateways that select the pod. */
static void
for_each_server (Report *self, ServerFunc function)
{
  GPtrArray *gateways = practice_mesh_config_get_gateways (self->config);

  for (guint i = 0; i < gateways->len; i++) {
    JsonArray *servers = base_json_get_array (gateways->pdata[i], "spec", "servers", NULL);

    if (!practice_gateway_servers_select (gateways->pdata[i], self->pod))
      continue;
    for (guint j = 0; j < base_json_get_length (servers); j++) {
      JsonNode *server = json_array_get_element (servers, j);
      g_autofree char *port = g_strdup_printf (
        "%" G_GINT64_FORMAT, base_json_get_int (server, 0, "port", "number", NULL));

      function (self, server, port);
    }
  }
}

static void
add_server_listener (Report *self, JsonNode *server, const char *port)
{
  if (!has_row (self, ANY_ADDRESS, port))
    add_row (self, ANY_ADDRESS, port, "HTTP", NULL);
}

static void
list_listeners (Report *self)
{
  if (self->is_gateway) {
    for_each_server (self, add_server_listener);
    return;
  }
  for_each_place (self, add_listener);
  add_row (self, get_address (self), HEALTH_PORT, "TCP", NULL);
  add_row (self, ANY_ADDRESS, OUTBOUND_PORT, "HTTP+TCP", NULL);
  add_row (self, ANY_ADDRESS, INBOUND_PORT, "HTTP+TCP", NULL);
}

/* Each Service on a port is one virtual host. */
static void
add_route (Report *self, const Place *place)
{
  g_autofree char *number = g_strdup_printf ("%u", place->number);

  if (!is_http (place))
    return;
  for (guint i = 0; i < self->rows->len; i++) {
    GStrv row = self->rows->pdata[i];

    if (g_str_equal (row[0], number)) {
      char *sum = g_strdup_printf ("%d", atoi (row[1]) + 1);

      g_free (row[1]);
      row[1] = sum;
      return;
    }
  }
  /* And one lets all else through, or blocks it. */
  add_row (self, number, "2", NULL);
}

static gboolean
is_bound (Report *self, PracticeMeshVirtualService *service)
{
  GPtrArray *gateways = practice_mesh_config_get_gateways (self->config);

  for (guint i = 0; i < gateways->len; i++) {
    g_autofree char *name = g_strconcat (base_metadata_get_namespace (gateways->pdata[i]), "/",
                                         base_metadata_get_name (gateways->pdata[i]), NULL);

    if (practice_gateway_servers_select (gateways->pdata[i], self->pod) &&
        g_strv_contains ((const char *const *)service->gateways, name))
      return TRUE;
  }
  return FALSE;
}

/* Where no VirtualService is bound there is one virtual host, which answers 404. */
static void
add_server_route (Report *self, JsonNode *server, const char *port)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (self->config);
  g_autofree char *name = g_strconcat ("http.", port, NULL);
  g_autofree char *number = NULL;
  guint n_hosts = 0;

  for (guint i = 0; i < services->len; i++)
    if (is_bound (self, services->pdata[i]))
      n_hosts += g_strv_length (((PracticeMeshVirtualService *)services->pdata[i])->hosts);
  number = g_strdup_printf ("%u", MAX (n_hosts, 1));
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (((GStrv)self->rows->pdata[i])[0], name))
      return;
  add_row (self, name, number, NULL);
}

static void
list_routes (Report *self)
{
  if (self->is_gateway)
    for_each_server (self, add_server_route);
  else
    for_each_place (self, add_route);
}

static void
add_upstream (Report *self, const Place *place, const char *subset)
{
  PracticeMeshUpstream *upstream =
    practice_mesh_upstream_find (self->config, self->store, get_namespace (self), place->host,
                                 subset, place->number, place->number);

  for (guint i = 0; upstream != NULL && i < upstream->endpoints->len; i++) {
    PracticeMeshEndpoint *endpoint = upstream->endpoints->pdata[i];
    g_autofree char *address = g_strdup_printf ("%s:%u", endpoint->address, endpoint->port);
    gboolean is_ejected = practice_mesh_is_ejected (self->mesh, self->pod, upstream, endpoint);

    add_row (self, address, "HEALTHY", is_ejected ? "FAILED" : "OK", upstream->name, NULL);
  }
  g_clear_pointer (&upstream, practice_mesh_upstream_free);
}

static void
add_endpoints (Report *self, const Place *place)
{
  g_auto (GStrv) subsets =
    practice_mesh_config_dup_subsets (self->config, get_namespace (self), place->host);

  add_upstream (self, place, NULL);
  for (guint i = 0; subsets[i] != NULL; i++)
    add_upstream (self, place, subsets[i]);
}

static int
compare_cells (const char *a, const char *b)
{
  return g_ascii_isdigit (*a) && g_ascii_isdigit (*b) && strchr (a, '.') == NULL
           ? atoi (a) - atoi (b)
           : strcmp (a, b);
}

/* Clusters by name, direction, subset and port; all else from the left. */
static int
compare_rows (gconstpointer a, gconstpointer b)
{
  static const guint cluster_order[] = { 0, 3, 2, 1, 4 };
  GStrv first = *(GStrv *)a;
  GStrv second = *(GStrv *)b;
  guint n_cells = g_strv_length (first);
  int order = 0;

  for (guint i = 0; i < n_cells && order == 0; i++) {
    guint column = n_cells == G_N_ELEMENTS (cluster_order) ? cluster_order[i] : i;

    order = compare_cells (first[column], second[column]);
  }
  return order;
}

/**
 * practice_proxy_part_find:
 * @name: "cluster", "clusters" and so on
 * @part: (out): what it means
 *
 * Returns: whether there is such a part
 */
gboolean
practice_proxy_part_find (const char *name, PracticeProxyPart *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (name, parts[i].name) || g_str_equal (name, parts[i].alias)) {
      *part = i;
      return TRUE;
    }
  return FALSE;
}

/**
 * practice_proxy_config_list:
 * @mesh: the mesh
 * @config: what the proxy goes by
 * @pod: its pod
 * @part: what to list
 *
 * Returns: (transfer full) (element-type GStrv): the head of a table, and its rows in order; only
 *   the head where the proxy has been told nothing
 */
GPtrArray *
practice_proxy_config_list (PracticeMesh *mesh,
                            PracticeMeshConfig *config,
                            JsonNode *pod,
                            PracticeProxyPart part)
{
  static void (*const functions[]) (Report * self) = {
    [PRACTICE_PROXY_CLUSTERS] = list_clusters,
    [PRACTICE_PROXY_LISTENERS] = list_listeners,
    [PRACTICE_PROXY_ROUTES] = list_routes,
  };
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  Report report = {
    mesh, config, practice_mesh_get_store (mesh), pod, practice_gateway_is_one (pod), rows
  };

  g_return_val_if_fail (part < G_N_ELEMENTS (parts), NULL);

  if (practice_mesh_config_reaches (config, pod)) {
    if (part == PRACTICE_PROXY_ENDPOINTS)
      for_each_place (&report, add_endpoints);
    else
      functions[part](&report);
  }
  g_ptr_array_sort (rows, compare_rows);
  g_ptr_array_insert (rows, 0, g_strdupv ((char **)parts[part].head));
  return rows;
}
