/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-gateway-trouble.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"
#include "session-labels.h"
#include "session-mesh-trouble.h"
#include "session-service-trouble.h"
#include "base-spelling.h"

#define GATEWAYS "gateways"
#define VIRTUAL_SERVICES "virtualservices"
#define SAMPLE "samples/bookinfo/networking/bookinfo-gateway.yaml"
#define MESH "mesh"

/**
 * session_gateway_is_one:
 *
 * Returns: whether the Service selects by the label that Istio's gateways have ("istio" since 1.0)
 */
gboolean
session_gateway_is_one (SessionSight *sight, const char *namespace_, const char *service)
{
  JsonNode *object = session_sight_find (sight, "services", namespace_, service);

  return base_json_get_string (object, "spec", "selector", "istio", NULL) != NULL;
}

/* The port of the pods that the Service's one leads to; the same where it is named. */
static gint64
get_target_port (SessionSight *sight, const SessionGatewayRequest *request)
{
  JsonNode *service = session_sight_find (sight, "services", request->namespace_, request->service);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);

    if (base_json_get_int (port, 0, "port", NULL) == request->port)
      return base_json_get_int (port, request->port, "targetPort", NULL);
  }
  return request->port;
}

/* It selects pods of any namespace by their labels. */
static gboolean
selects (JsonNode *gateway, GPtrArray *pods)
{
  JsonObject *selector = base_json_get_object (gateway, "spec", "selector", NULL);

  for (guint i = 0; i < pods->len; i++)
    if (session_labels_fit (selector, g_ptr_array_index (pods, i)))
      return TRUE;
  return FALSE;
}

/* Istio opens the port of the pods, and takes the Service's for it. */
static gboolean
listens (JsonNode *gateway, gint64 port, gint64 target_port)
{
  JsonArray *servers = base_json_get_array (gateway, "spec", "servers", NULL);

  for (guint i = 0; i < base_json_get_length (servers); i++) {
    gint64 number =
      base_json_get_int (json_array_get_element (servers, i), 0, "port", "number", NULL);

    if (number == port || number == target_port)
      return TRUE;
  }
  return FALSE;
}

/* No Gateway is for the request; @near is the one that comes next to it (nullable). */
static char *
dup_no_gateway (const SessionGatewayRequest *request, JsonNode *near, GPtrArray *pods)
{
  g_autofree char *labels = NULL;

  if (near == NULL)
    return g_strdup_printf (
      /* Translators: a service, a port, and a file */
      _ ("No Gateway has %s listen on port %d. Make one: kubectl apply -f %s"), request->service,
      (int)request->port, SAMPLE);
  if (selects (near, pods))
    return g_strdup_printf (
      /* Translators: a Gateway with its namespace, and a port; then the Gateway and its namespace
       */
      _ ("The Gateway %s/%s does not listen on port %d. Mend its servers: kubectl edit gateway %s "
         "-n "
         "%s"),
      base_metadata_get_namespace (near), base_metadata_get_name (near), (int)request->port,
      base_metadata_get_name (near), base_metadata_get_namespace (near));
  labels = session_labels_dup_text (base_json_get_object (near, "spec", "selector", NULL));
  return g_strdup_printf (
    /* Translators: a Gateway with its namespace, labels, and a service; then the Gateway and its
     * namespace */
    _ ("The Gateway %s/%s selects %s, which no pod of %s has. Mend its selector: kubectl edit "
       "gateway "
       "%s -n %s"),
    base_metadata_get_namespace (near), base_metadata_get_name (near), labels, request->service,
    base_metadata_get_name (near), base_metadata_get_namespace (near));
}

/* (transfer full) (element-type JsonNode): those that open the request's port.
 * @near: (out) (nullable): where there is none, the one that comes next */
static GPtrArray *
list_gateways (SessionSight *sight,
               const SessionGatewayRequest *request,
               GPtrArray *pods,
               JsonNode **near)
{
  GPtrArray *all = session_sight_list (sight, GATEWAYS, NULL);
  GPtrArray *found = g_ptr_array_new ();
  gint64 target_port = get_target_port (sight, request);

  *near = NULL;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    JsonNode *gateway = g_ptr_array_index (all, i);
    gboolean is_selected = selects (gateway, pods);

    if (is_selected && listens (gateway, request->port, target_port))
      g_ptr_array_add (found, gateway);
    else if (is_selected || *near == NULL)
      *near = gateway;
  }
  return found;
}

/* "NAME" is of the VirtualService's own namespace. */
static gboolean
names_gateway (const char *reference, JsonNode *service, JsonNode *gateway)
{
  const char *slash = strchr (reference, '/');
  g_autofree char *namespace_ = slash != NULL ? g_strndup (reference, slash - reference)
                                              : g_strdup (base_metadata_get_namespace (service));

  return g_strcmp0 (namespace_, base_metadata_get_namespace (gateway)) == 0 &&
         g_str_equal (slash != NULL ? slash + 1 : reference, base_metadata_get_name (gateway));
}

static gboolean
is_bound (JsonNode *service, GPtrArray *gateways)
{
  JsonArray *references = base_json_get_array (service, "spec", "gateways", NULL);

  for (guint i = 0; i < base_json_get_length (references); i++) {
    const char *reference = base_json_get_string (json_array_get_element (references, i), NULL);

    for (guint j = 0; reference != NULL && j < gateways->len; j++)
      if (names_gateway (reference, service, g_ptr_array_index (gateways, j)))
        return TRUE;
  }
  return FALSE;
}

/* (nullable): a gateway that @service names, and that is not one of the mesh's sidecars */
static const char *
get_gateway (JsonNode *service)
{
  JsonArray *references = base_json_get_array (service, "spec", "gateways", NULL);

  for (guint i = 0; i < base_json_get_length (references); i++) {
    const char *reference = base_json_get_string (json_array_get_element (references, i), NULL);

    if (reference != NULL && !g_str_equal (reference, MESH))
      return reference;
  }
  return NULL;
}

static gboolean
host_fits (const char *pattern, const char *host)
{
  if (g_str_equal (pattern, "*"))
    return TRUE;
  if (host == NULL)
    return FALSE;
  return g_str_has_prefix (pattern, "*.") ? g_str_has_suffix (host, pattern + 1)
                                          : g_ascii_strcasecmp (pattern, host) == 0;
}

/* Without a name of its own a request is for the gateway's address, which no rule names as a rule.
 */
static gboolean
is_for_host (JsonNode *service, const char *host)
{
  JsonArray *hosts = base_json_get_array (service, "spec", "hosts", NULL);

  for (guint i = 0; i < base_json_get_length (hosts); i++) {
    const char *pattern = base_json_get_string (json_array_get_element (hosts, i), NULL);

    if (pattern != NULL && host_fits (pattern, host))
      return TRUE;
  }
  return FALSE;
}

/* (nullable): a VirtualService that is for the request's host, or that is bound to another Gateway
 */
static JsonNode *
find_unbound (GPtrArray *services, const char *host)
{
  for (guint i = 0; i < services->len; i++) {
    JsonNode *service = g_ptr_array_index (services, i);

    if (get_gateway (service) != NULL || is_for_host (service, host))
      return service;
  }
  return NULL;
}

/* The gateway answers 404 to all. */
static char *
dup_unbound (GPtrArray *services, JsonNode *gateway, const char *host)
{
  JsonNode *service = find_unbound (services, host);
  const char *other = service != NULL ? get_gateway (service) : NULL;

  if (service == NULL)
    return g_strdup_printf (
      /* Translators: a Gateway with its namespace, and a file */
      _ ("No VirtualService is bound to the Gateway %s/%s, so nothing is behind it. Make one: "
         "kubectl "
         "apply -f %s"),
      base_metadata_get_namespace (gateway), base_metadata_get_name (gateway), SAMPLE);
  if (other == NULL)
    return g_strdup_printf (
      /* Translators: a VirtualService with its namespace, and a Gateway; then the VirtualService
       * and its namespace */
      _ ("The VirtualService %s/%s is bound to no Gateway, and has to be to %s. Mend its gateways: "
         "kubectl edit virtualservice %s -n %s"),
      base_metadata_get_namespace (service), base_metadata_get_name (service),
      base_metadata_get_name (gateway), base_metadata_get_name (service),
      base_metadata_get_namespace (service));
  return g_strdup_printf (
    /* Translators: a VirtualService with its namespace, and two Gateways; then the VirtualService
     * and its namespace */
    _ ("The VirtualService %s/%s is bound to the Gateway %s, not to %s. Mend its gateways: kubectl "
       "edit virtualservice %s -n %s"),
    base_metadata_get_namespace (service), base_metadata_get_name (service), other,
    base_metadata_get_name (gateway), base_metadata_get_name (service),
    base_metadata_get_namespace (service));
}

static gboolean
uri_fits (JsonNode *match, const char *path)
{
  JsonNode *uri = base_json_get (match, "uri", NULL);
  const char *text;

  if (uri == NULL)
    return TRUE;
  if ((text = base_json_get_string (uri, "exact", NULL)) != NULL)
    return g_str_equal (path, text);
  if ((text = base_json_get_string (uri, "prefix", NULL)) != NULL)
    return g_str_has_prefix (path, text);
  /* a regular expression may be anything */
  return TRUE;
}

/* (nullable): of the VirtualServices the first route for the path; @service: (out) */
static JsonNode *
find_route (GPtrArray *services, const char *path, JsonNode **service)
{
  for (guint i = 0; i < services->len; i++) {
    JsonArray *routes = NULL;

    *service = g_ptr_array_index (services, i);
    routes = base_json_get_array (*service, "spec", "http", NULL);
    for (guint j = 0; j < base_json_get_length (routes); j++) {
      JsonNode *route = json_array_get_element (routes, j);
      JsonArray *matches = base_json_get_array (route, "match", NULL);

      if (base_json_get_length (matches) == 0)
        return route;
      for (guint k = 0; k < base_json_get_length (matches); k++)
        if (uri_fits (json_array_get_element (matches, k), path))
          return route;
    }
  }
  return NULL;
}

/* (transfer full) */
static GPtrArray *
list_bound (GPtrArray *services, GPtrArray *gateways)
{
  GPtrArray *bound = g_ptr_array_new ();

  for (guint i = 0; i < services->len; i++)
    if (is_bound (g_ptr_array_index (services, i), gateways))
      g_ptr_array_add (bound, g_ptr_array_index (services, i));
  return bound;
}

/* (transfer full) */
static GPtrArray *
list_for_host (GPtrArray *services, const char *host)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < services->len; i++)
    if (is_for_host (g_ptr_array_index (services, i), host))
      g_ptr_array_add (found, g_ptr_array_index (services, i));
  return found;
}

/* VirtualServices are bound to the Gateway, and none of them is for the request's host. */
static char *
dup_other_hosts (GPtrArray *bound, JsonNode *gateway, const char *host)
{
  JsonNode *service = g_ptr_array_index (bound, 0);
  JsonArray *hosts = base_json_get_array (service, "spec", "hosts", NULL);
  const char *other = base_json_get_length (hosts) > 0
                        ? base_json_get_string (json_array_get_element (hosts, 0), NULL)
                        : NULL;

  if (host == NULL || other == NULL)
    return NULL;
  return g_strdup_printf (
    /* Translators: a host name, a Gateway with its namespace, a VirtualService with its namespace,
     * and another host name */
    _ ("No VirtualService for the host %s is bound to the Gateway %s/%s; %s/%s is for %s."), host,
    base_metadata_get_namespace (gateway), base_metadata_get_name (gateway),
    base_metadata_get_namespace (service), base_metadata_get_name (service), other);
}

/* (nullable): the first of the route's that is one of the namespace */
static JsonNode *
find_target (SessionSight *sight, JsonNode *service, JsonNode *route)
{
  GPtrArray *all = session_sight_list (sight, "services", base_metadata_get_namespace (service));
  JsonArray *destinations = base_json_get_array (route, "route", NULL);

  for (guint i = 0; i < base_json_get_length (destinations); i++) {
    const char *host =
      base_json_get_string (json_array_get_element (destinations, i), "destination", "host", NULL);

    for (guint j = 0; host != NULL && all != NULL && j < all->len; j++) {
      JsonNode *target = g_ptr_array_index (all, j);

      if (mesh_host_equal (host, base_metadata_get_namespace (service),
                           base_metadata_get_name (target), base_metadata_get_namespace (target)))
        return target;
    }
  }
  return NULL;
}

static char *
dup_route_trouble (SessionSight *sight,
                   GPtrArray *gateways,
                   const SessionGatewayRequest *request,
                   JsonNode **target)
{
  GPtrArray *services = session_sight_list (sight, VIRTUAL_SERVICES, NULL);
  g_autoptr (GPtrArray) bound = services != NULL ? list_bound (services, gateways) : NULL;
  g_autoptr (GPtrArray) found = bound != NULL ? list_for_host (bound, request->host) : NULL;
  JsonNode *service = NULL;
  JsonNode *route = NULL;

  if (found == NULL)
    return NULL;
  if (bound->len == 0)
    return dup_unbound (services, g_ptr_array_index (gateways, 0), request->host);
  if (found->len == 0)
    return dup_other_hosts (bound, g_ptr_array_index (gateways, 0), request->host);
  route = find_route (found, request->path, &service);
  if (route == NULL) {
    service = g_ptr_array_index (found, 0);
    return g_strdup_printf (
      /* Translators: a VirtualService with its namespace, and a path; then the VirtualService and
       * its namespace */
      _ ("The VirtualService %s/%s has no route for %s. Mend its matches: kubectl edit "
         "virtualservice "
         "%s -n %s"),
      base_metadata_get_namespace (service), base_metadata_get_name (service), request->path,
      base_metadata_get_name (service), base_metadata_get_namespace (service));
  }
  *target = find_target (sight, service, route);
  return session_mesh_dup_route_trouble (sight, service, route);
}

/**
 * session_gateway_dup_trouble:
 * @request: that was not answered as it should be
 * @target: (out) (nullable): the Service that it is led to
 *
 * Returns: (transfer full) (nullable): which object does not let it pass; %NULL where it is led to
 *   pods that are ready, or that is not known
 */
char *
session_gateway_dup_trouble (SessionSight *sight,
                             const SessionGatewayRequest *request,
                             JsonNode **target)
{
  JsonNode *service = session_sight_find (sight, "services", request->namespace_, request->service);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, service);
  g_autoptr (GPtrArray) gateways = NULL;
  JsonNode *near = NULL;
  char *trouble = session_service_dup_trouble (sight, request->namespace_, request->service, 0);

  *target = NULL;
  if (trouble != NULL || pods == NULL || pods->len == 0)
    return trouble;
  if (session_sight_lacks (sight, GATEWAYS))
    return session_mesh_dup_absence (GATEWAYS);
  if (session_sight_list (sight, GATEWAYS, NULL) == NULL)
    return NULL;
  gateways = list_gateways (sight, request, pods, &near);
  if (gateways->len == 0)
    return dup_no_gateway (request, near, pods);
  /* who only connects asks for nothing behind it */
  if (request->path == NULL)
    return NULL;
  return dup_route_trouble (sight, gateways, request, target);
}
