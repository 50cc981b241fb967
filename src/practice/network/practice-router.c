/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-router.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-address-index.h"
#include "practice-policies.h"

#define POLICIES "networking.k8s.io/networkpolicies"
#define ENDPOINTS "/endpoints"
#define NAMESPACES "/namespaces"
#define PODS "/pods"

/* What CoreDNS is called for the sake of older clients
 * (https://kubernetes.io/docs/tasks/administer-cluster/coredns/). */
#define NAME_SERVER_NAMESPACE "kube-system"
#define NAME_SERVER "kube-dns"
#define NAME_SERVER_PORT "dns"

/* Many changes come at once, as when a Deployment grows. Calico takes about as long. */
#define CHANGE_MS 200

/**
 * PracticeRouter:
 *
 * What kube-proxy, the nodes' routes and Calico know: an address of a Service leads to one of its
 * pods, in turn, and then policies are asked, as the pods at both ends see each other.
 */
struct _PracticeRouter {
  GObject parent_instance;

  PracticeStore *store;
  PracticeAddressIndex *addresses;
  PracticePolicies *policies; /* (nullable): to be made anew */
  GHashTable *turns;          /* "namespace/name:port" to the number of connections so far */
  guint change_id;
};

G_DEFINE_FINAL_TYPE (PracticeRouter, practice_router, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static PracticePolicies *
ensure_policies (PracticeRouter *self)
{
  if (self->policies == NULL) {
    g_autoptr (GPtrArray) policies = practice_store_list (self->store, POLICIES, NULL);

    self->policies = practice_policies_new (policies);
  }
  return self->policies;
}

/* @pod (nullable): whoever has no pod is none, whatever its address. */
static PracticePolicyEnd
make_end (PracticeRouter *self, const char *address, JsonNode *pod)
{
  PracticePolicyEnd end = { .address = address, .pod = pod };

  if (pod != NULL)
    end.namespace_ =
      practice_store_get (self->store, NAMESPACES, NULL, base_metadata_get_namespace (pod));
  return end;
}

static PracticePolicyEnd
make_address_end (PracticeRouter *self, const char *address)
{
  return make_end (self, address, practice_address_index_get_pod (self->addresses, address));
}

static PracticePolicyEnd
make_peer_end (PracticeRouter *self, const PracticePeer *peer)
{
  JsonNode *pod = NULL;

  if (peer->pod != NULL)
    pod = practice_store_get (self->store, PODS, peer->namespace_, peer->pod);
  return make_end (self, peer->address, pod);
}

static GPtrArray *
list_endpoints (PracticeRouter *self, JsonNode *service, JsonNode *service_port)
{
  JsonNode *endpoints =
    practice_store_get (self->store, ENDPOINTS, base_metadata_get_namespace (service),
                        base_metadata_get_name (service));

  return practice_endpoint_list (endpoints, service_port);
}

static PracticeEndpoint *
choose_endpoint (PracticeRouter *self, JsonNode *service, JsonNode *service_port)
{
  g_autoptr (GPtrArray) endpoints = list_endpoints (self, service, service_port);
  g_autofree char *key = NULL;
  guint turn;

  if (endpoints->len == 0)
    return NULL;
  key = g_strdup_printf ("%s/%s:%" G_GINT64_FORMAT, base_metadata_get_namespace (service),
                         base_metadata_get_name (service),
                         base_json_get_int (service_port, 0, "port", NULL));
  turn = GPOINTER_TO_UINT (g_hash_table_lookup (self->turns, key));
  g_hash_table_insert (self->turns, g_steal_pointer (&key), GUINT_TO_POINTER (turn + 1));
  return practice_endpoint_copy (g_ptr_array_index (endpoints, turn % endpoints->len));
}

/* The source of what a node hands on is that node's address, unless the Service asks for the
 * client's own (`externalTrafficPolicy: Local`,
 * https://kubernetes.io/docs/tutorials/services/source-ip/). It is never the pod's own node here,
 * which policies always let in. */
static PracticePeer *
new_visitor (PracticeRouter *self,
             JsonNode *service,
             PracticeEntrance entrance,
             const PracticePeer *sender,
             const PracticeEndpoint *target)
{
  const char *policy = base_json_get_string (service, "spec", "externalTrafficPolicy", NULL);
  JsonNode *pod = practice_address_index_get_pod (self->addresses, target->address);
  const char *own = base_json_get_string (pod, "status", "hostIP", NULL);
  GPtrArray *nodes = practice_address_index_get_nodes (self->addresses);

  if (entrance == PRACTICE_ENTRANCE_CLUSTER_IP || g_strcmp0 (policy, "Local") == 0)
    return practice_peer_copy (sender);
  for (guint i = 0; i < nodes->len; i++)
    if (g_strcmp0 (g_ptr_array_index (nodes, i), own) != 0)
      return practice_peer_new (g_ptr_array_index (nodes, i), NULL, NULL);
  return practice_peer_copy (sender);
}

/* Ends @route at @target, to which it takes @entrance. Takes @target. */
static void
set_target (PracticeRouter *self,
            PracticeRoute *route,
            JsonNode *service,
            PracticeEntrance entrance,
            PracticeEndpoint *target)
{
  route->target = target;
  route->visitor = new_visitor (self, service, entrance, route->sender, target);
  /* The sender's policies see the pod, too: a cluster IP is rewritten before they are asked. */
  if (entrance == PRACTICE_ENTRANCE_CLUSTER_IP) {
    practice_endpoint_free (route->first);
    route->first = practice_endpoint_copy (target);
  }
}

static gboolean
set_refused (GError **error, const PracticeEndpoint *endpoint)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
               /* Translators: an IP address, a port's number */
               _ ("Nothing answers at %s, port %u."), endpoint->address, endpoint->port);
  return FALSE;
}

static gboolean
complete (PracticeRouter *self, PracticeRoute *route, GError **error)
{
  PracticeEntrance entrance = PRACTICE_ENTRANCE_CLUSTER_IP;
  JsonNode *port = NULL;
  JsonNode *service = practice_address_index_get_service (self->addresses, route->first->address,
                                                          route->first->port, &port, &entrance);

  if (service != NULL) {
    PracticeEndpoint *target = port != NULL ? choose_endpoint (self, service, port) : NULL;

    /* Where no pod is ready, or there is no such port, kube-proxy's rules reject. */
    if (target == NULL)
      return set_refused (error, route->first);
    set_target (self, route, service, entrance, target);
    return TRUE;
  }
  if (practice_address_index_get_pod (self->addresses, route->first->address) != NULL) {
    route->target = practice_endpoint_copy (route->first);
    route->visitor = practice_peer_copy (route->sender);
    return TRUE;
  }
  if (practice_address_index_has_node (self->addresses, route->first->address))
    return set_refused (error, route->first);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
               /* Translators: %s is an IP address */
               _ ("There is no way to the address %s."), route->first->address);
  return FALSE;
}

static gboolean
changed_cb (gpointer user_data)
{
  PracticeRouter *self = user_data;

  self->change_id = 0;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
schedule_change (PracticeRouter *self)
{
  if (self->change_id == 0)
    self->change_id = g_timeout_add (CHANGE_MS, changed_cb, self);
}

static void
policy_event_cb (PracticeRouter *self)
{
  g_clear_pointer (&self->policies, practice_policies_free);
  schedule_change (self);
}

static void
practice_router_dispose (GObject *object)
{
  PracticeRouter *self = PRACTICE_ROUTER (object);

  g_clear_handle_id (&self->change_id, g_source_remove);
  g_clear_object (&self->addresses);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_router_parent_class)->dispose (object);
}

static void
practice_router_finalize (GObject *object)
{
  PracticeRouter *self = PRACTICE_ROUTER (object);

  g_clear_pointer (&self->policies, practice_policies_free);
  g_hash_table_unref (self->turns);

  G_OBJECT_CLASS (practice_router_parent_class)->finalize (object);
}

static void
practice_router_class_init (PracticeRouterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_router_dispose;
  object_class->finalize = practice_router_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PRACTICE_TYPE_ROUTER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_router_init (PracticeRouter *self)
{
  self->turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_router_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): a router that follows @store
 */
PracticeRouter *
practice_router_new (PracticeStore *store)
{
  /* Labels of pods and namespaces decide, too. */
  static const char *const events[] = { "event::" PODS, "event::" NAMESPACES, "event::" ENDPOINTS,
                                        "event::/services", "event::/nodes" };
  PracticeRouter *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_ROUTER, NULL);
  self->store = g_object_ref (store);
  self->addresses = practice_address_index_new (store);
  g_signal_connect_object (store, "event::" POLICIES, G_CALLBACK (policy_event_cb), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_signal_connect_object (store, events[i], G_CALLBACK (schedule_change), self,
                             G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_router_find:
 * @self: a router
 * @sender: who sends
 * @address: the IPv4 address of a pod, a Service, a load balancer or a node
 * @port: the port there
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the way to a pod, be it open or not; %NULL with
 *   %G_IO_ERROR_CONNECTION_REFUSED where no pod is ready, %G_IO_ERROR_HOST_UNREACHABLE where
 *   nobody has the address
 */
PracticeRoute *
practice_router_find (PracticeRouter *self,
                      const PracticePeer *sender,
                      const char *address,
                      guint16 port,
                      GError **error)
{
  g_autoptr (PracticeRoute) route = NULL;

  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), NULL);
  g_return_val_if_fail (sender != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  route = practice_route_new (sender, address, port);
  return complete (self, route, error) ? g_steal_pointer (&route) : NULL;
}

/**
 * practice_router_is_open:
 * @self: a router
 * @route: a route it has found
 *
 * Returns: whether the NetworkPolicies of both ends let something through now
 */
gboolean
practice_router_is_open (PracticeRouter *self, const PracticeRoute *route)
{
  PracticePolicies *policies;
  PracticePolicyEnd sender;
  PracticePolicyEnd visitor;
  PracticePolicyEnd first;
  PracticePolicyEnd target;

  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), FALSE);
  g_return_val_if_fail (route != NULL, FALSE);

  policies = ensure_policies (self);
  sender = make_peer_end (self, route->sender);
  visitor = make_peer_end (self, route->visitor);
  first = make_address_end (self, route->first->address);
  target = make_address_end (self, route->target->address);
  return practice_policies_let_out (policies, &sender, &first, PRACTICE_PROTOCOL_TCP,
                                    route->first->port) &&
         practice_policies_admit (policies, &visitor, &target, PRACTICE_PROTOCOL_TCP,
                                  route->target->port);
}

/* Whether some pod that a Service's connections are carried to can be reached. */
static gboolean
may_enter_service (PracticeRouter *self,
                   const PracticePeer *sender,
                   const PracticeEndpoint *entry,
                   JsonNode *service,
                   JsonNode *port,
                   PracticeEntrance entrance)
{
  g_autoptr (GPtrArray) endpoints = list_endpoints (self, service, port);

  for (guint i = 0; i < endpoints->len; i++) {
    g_autoptr (PracticeRoute) route = practice_route_new (sender, entry->address, entry->port);

    set_target (self, route, service, entrance,
                practice_endpoint_copy (g_ptr_array_index (endpoints, i)));
    if (practice_router_is_open (self, route))
      return TRUE;
  }
  return endpoints->len == 0;
}

static void
add_source (PracticeRouter *self,
            GPtrArray *sources,
            PracticePolicyEnd source,
            const PracticePolicyEnd *target,
            guint16 port)
{
  if (practice_policies_let_out (self->policies, &source, target, PRACTICE_PROTOCOL_TCP, port) &&
      practice_policies_admit (self->policies, &source, target, PRACTICE_PROTOCOL_TCP, port))
    g_ptr_array_add (sources, g_strdup (source.address));
}

static GPtrArray *
list_pod_sources (
  PracticeRouter *self, JsonNode *pod, const char *address, guint16 port, const char *outside)
{
  PracticePolicyEnd target = make_end (self, address, pod);
  GPtrArray *nodes = practice_address_index_get_nodes (self->addresses);
  g_autoptr (GList) pods = NULL;
  GPtrArray *sources;

  if (!practice_policies_isolate (ensure_policies (self), pod, PRACTICE_POLICY_INGRESS))
    return NULL;
  sources = g_ptr_array_new_with_free_func (g_free);
  add_source (self, sources, make_end (self, outside, NULL), &target, port);
  for (guint i = 0; i < nodes->len; i++)
    add_source (self, sources, make_end (self, g_ptr_array_index (nodes, i), NULL), &target, port);
  pods = practice_address_index_list_pods (self->addresses);
  for (GList *item = pods; item != NULL; item = item->next)
    add_source (self, sources, make_address_end (self, item->data), &target, port);
  return sources;
}

/**
 * practice_router_may_enter:
 * @self: a router
 * @sender: who connects
 * @address: an IPv4 address at which something of the cluster listens
 * @port: its port
 *
 * Returns: %FALSE where @sender is cut off from all that is reached there
 */
gboolean
practice_router_may_enter (PracticeRouter *self,
                           const PracticePeer *sender,
                           const char *address,
                           guint16 port)
{
  PracticeEntrance entrance = PRACTICE_ENTRANCE_CLUSTER_IP;
  JsonNode *service_port = NULL;
  JsonNode *service;

  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), FALSE);
  g_return_val_if_fail (sender != NULL && address != NULL, FALSE);

  service =
    practice_address_index_get_service (self->addresses, address, port, &service_port, &entrance);
  if (service != NULL) {
    g_autoptr (PracticeEndpoint) entry = practice_endpoint_new (address, port);

    return service_port == NULL ||
           may_enter_service (self, sender, entry, service, service_port, entrance);
  }
  if (practice_address_index_get_pod (self->addresses, address) != NULL) {
    g_autoptr (PracticeRoute) route = practice_router_find (self, sender, address, port, NULL);

    return route == NULL || practice_router_is_open (self, route);
  }
  return TRUE;
}

/**
 * practice_router_list_sources:
 * @self: a router
 * @address: an IPv4 address at which something of the cluster listens
 * @port: its port
 * @outside: the IPv4 address of clients that are not in the cluster
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the addresses of those who may connect
 *   there now; %NULL where anybody may
 */
GPtrArray *
practice_router_list_sources (PracticeRouter *self,
                              const char *address,
                              guint16 port,
                              const char *outside)
{
  g_autoptr (PracticePeer) sender = NULL;
  JsonNode *pod;

  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), NULL);
  g_return_val_if_fail (address != NULL && outside != NULL, NULL);

  pod = practice_address_index_get_pod (self->addresses, address);
  if (pod != NULL)
    return list_pod_sources (self, pod, address, port, outside);
  /* Only who is outside comes to a Service's sockets: pods have ways of their own. */
  sender = practice_peer_new (outside, NULL, NULL);
  return practice_router_may_enter (self, sender, address, port)
           ? NULL
           : g_ptr_array_new_with_free_func (g_free);
}

/**
 * practice_router_may_look_up:
 * @self: a router
 * @sender: who asks
 *
 * Returns: whether @sender's questions reach the cluster's name server, a Service like others with
 *   pods of its own; so they do where a cluster has none in its store
 */
gboolean
practice_router_may_look_up (PracticeRouter *self, const PracticePeer *sender)
{
  JsonNode *endpoints;
  g_autoptr (GPtrArray) servers = NULL;
  PracticePolicies *policies;
  PracticePolicyEnd source;

  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), FALSE);
  g_return_val_if_fail (sender != NULL, FALSE);

  endpoints = practice_store_get (self->store, ENDPOINTS, NAME_SERVER_NAMESPACE, NAME_SERVER);
  if (endpoints == NULL)
    return TRUE;
  servers = practice_endpoint_list_port (endpoints, NAME_SERVER_PORT);
  policies = ensure_policies (self);
  source = make_peer_end (self, sender);
  for (guint i = 0; i < servers->len; i++) {
    const PracticeEndpoint *server = g_ptr_array_index (servers, i);
    PracticePolicyEnd target = make_address_end (self, server->address);

    if (practice_policies_let_out (policies, &source, &target, PRACTICE_PROTOCOL_UDP,
                                   server->port) &&
        practice_policies_admit (policies, &source, &target, PRACTICE_PROTOCOL_UDP, server->port))
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_router_get_pod:
 * @self: a router
 * @address: an IPv4 address
 *
 * Returns: (transfer none) (nullable): the Pod whose own address that is
 */
JsonNode *
practice_router_get_pod (PracticeRouter *self, const char *address)
{
  g_return_val_if_fail (PRACTICE_IS_ROUTER (self), NULL);

  return practice_address_index_get_pod (self->addresses, address);
}
