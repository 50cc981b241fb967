/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-network.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-dns-server.h"
#include "practice-endpoint.h"
#include "practice-load-balancer-controller.h"
#include "practice-mesh-upstream.h"
#include "practice-pod-route.h"
#include "practice-sidecar.h"
#include "practice-volume-files.h"

#define PODS "/pods"
#define SERVICES "/services"
#define ENDPOINTS "/endpoints"
#define NODES "/nodes"
#define DNS_PORT 53
#define MAX_ROUTES 4096

/* Changes come in bursts. */
#define UPDATE_MS 50

struct _PracticePodNetwork {
  GObject parent_instance;
  PracticeStore *store;
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound;
  PracticePeer *peer;
  gboolean has_sidecar;
  GHashTable *own_ports; /* of port numbers: left to the pod's own programs */
  GPtrArray *nodes;      /* of char *: addresses of nodes */
  PracticeNetwork *network;
  GObject *guard; /* (nullable): a sidecar has every connection, and policies stop it later */
  PracticeDnsServer *dns;
  GHashTable *routes; /* "address:port" to Entry */
  guint update_id;
};

G_DEFINE_FINAL_TYPE (PracticePodNetwork, practice_pod_network, G_TYPE_OBJECT)

typedef struct {
  PracticePodRoute *route;
  PracticePodRouteMode mode;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  practice_pod_route_stop (self->route);
  g_clear_object (&self->route);
  g_free (self);
}

/* The search list is the programs' own business: they ask for whole names. */
static GStrv
look_up (const char *name, gpointer user_data)
{
  PracticePodNetwork *self = user_data;

  return practice_fabric_look_up (self->fabric, NULL, name);
}

static gboolean
may_look_up (gpointer user_data)
{
  PracticePodNetwork *self = user_data;

  return practice_fabric_may_look_up (self->fabric, self->peer);
}

static gboolean
serve_names (PracticePodNetwork *self, GError **error)
{
  g_autoptr (GSocket) datagram = practice_network_listen (
    self->network, G_SOCKET_TYPE_DATAGRAM, PRACTICE_POD_NETWORK_NAME_SERVER, DNS_PORT, error);
  g_autoptr (GSocket) stream = NULL;

  if (datagram == NULL)
    return FALSE;
  stream = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM,
                                    PRACTICE_POD_NETWORK_NAME_SERVER, DNS_PORT, error);
  if (stream == NULL)
    return FALSE;
  self->dns = practice_dns_server_new (datagram, stream, look_up, self, error);
  if (self->dns != NULL)
    practice_dns_server_set_gate (self->dns, may_look_up);
  return self->dns != NULL;
}

/* Notes in @wanted that there is something at @address, for connections to @target. */
static void
want (PracticePodNetwork *self,
      GHashTable *wanted,
      const char *address,
      gint64 port,
      PracticePodRouteMode mode)
{
  g_autofree char *key = NULL;

  if (address == NULL || port <= 0 || port > G_MAXUINT16 || !self->has_sidecar)
    mode = PRACTICE_POD_ROUTE_STREAM;
  if (address == NULL || port <= 0 || port > G_MAXUINT16 ||
      g_hash_table_size (wanted) >= MAX_ROUTES ||
      g_hash_table_contains (self->own_ports, GINT_TO_POINTER ((int)port)))
    return;
  key = g_strdup_printf ("%s:%u", address, (guint)port);
  if (g_strcmp0 (key, PRACTICE_POD_NETWORK_NAME_SERVER ":53") != 0 &&
      !g_hash_table_contains (wanted, key))
    g_hash_table_insert (wanted, g_steal_pointer (&key), GINT_TO_POINTER (mode));
}

static PracticePodRouteMode
get_mode (JsonNode *service, JsonNode *port)
{
  const char *name = base_json_get_string (port, "name", NULL);
  guint16 number = (guint16)base_json_get_int (port, 0, "port", NULL);

  if (practice_mesh_upstream_is_tls_port (service, number))
    return PRACTICE_POD_ROUTE_TLS;
  if (practice_mesh_upstream_find_http_port (service, number) == NULL)
    return PRACTICE_POD_ROUTE_STREAM;
  return g_strcmp0 (name, "http") == 0 || (name != NULL && g_str_has_prefix (name, "http-"))
           ? PRACTICE_POD_ROUTE_HTTP
           : PRACTICE_POD_ROUTE_LOOK;
}

/* What the pod's own programs have, or may take, is theirs: they listen at all addresses. */
static gboolean
is_for_own_program (PracticePodNetwork *self, const char *address, guint16 port)
{
  return g_str_equal (address, self->peer->address) &&
         !practice_fabric_serves (self->fabric, address, port);
}

/* A Service may lead to a port of theirs that their container does not declare. */
static void
note_own_ports (PracticePodNetwork *self, JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  JsonNode *endpoints =
    practice_store_get (self->store, ENDPOINTS, base_metadata_get_namespace (service),
                        base_metadata_get_name (service));

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autoptr (GPtrArray) targets =
      practice_endpoint_list (endpoints, json_array_get_element (ports, i));

    for (guint j = 0; j < targets->len; j++) {
      PracticeEndpoint *target = targets->pdata[j];

      if (is_for_own_program (self, target->address, target->port))
        g_hash_table_add (self->own_ports, GINT_TO_POINTER ((int)target->port));
    }
  }
}

static void
want_node_port (PracticePodNetwork *self, GHashTable *wanted, JsonNode *port)
{
  gint64 number = base_json_get_int (port, 0, "nodePort", NULL);

  for (guint i = 0; number > 0 && i < self->nodes->len; i++)
    want (self, wanted, self->nodes->pdata[i], number, PRACTICE_POD_ROUTE_STREAM);
}

/* Where no pod is ready nothing listens, and a connection is refused. */
static void
want_service (PracticePodNetwork *self, GHashTable *wanted, JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autofree char *balancer = practice_load_balancer_dup_address (self->store, service);
  JsonNode *endpoints =
    practice_store_get (self->store, ENDPOINTS, base_metadata_get_namespace (service),
                        base_metadata_get_name (service));

  if (address != NULL && !g_str_has_prefix (address, "10."))
    address = NULL;
  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    g_autoptr (GPtrArray) targets = practice_endpoint_list (endpoints, port);
    gint64 number = base_json_get_int (port, 0, "port", NULL);

    if (targets->len == 0 || g_strcmp0 (base_json_get_string (port, "protocol", NULL), "UDP") == 0)
      continue;
    want (self, wanted, address, number, get_mode (service, port));
    want (self, wanted, balancer, number, PRACTICE_POD_ROUTE_STREAM);
    want_node_port (self, wanted, port);
    for (guint j = 0; j < targets->len; j++) {
      PracticeEndpoint *target = targets->pdata[j];

      want (self, wanted, target->address, target->port, PRACTICE_POD_ROUTE_STREAM);
    }
  }
}

static void
want_pod (PracticePodNetwork *self, GHashTable *wanted, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  gboolean is_own = g_strcmp0 (address, self->peer->address) == 0;

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonArray *ports = base_json_get_array (json_array_get_element (containers, i), "ports", NULL);

    for (guint j = 0; j < base_json_get_length (ports); j++) {
      gint64 port = base_json_get_int (json_array_get_element (ports, j), 0, "containerPort", NULL);

      want (self, wanted, address, port, PRACTICE_POD_ROUTE_STREAM);
      if (is_own)
        want (self, wanted, "127.0.0.1", port, PRACTICE_POD_ROUTE_STREAM);
    }
  }
}

static void
list_nodes (PracticePodNetwork *self)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (self->store, NODES, NULL);

  g_ptr_array_set_size (self->nodes, 0);
  for (guint i = 0; i < nodes->len; i++) {
    JsonArray *addresses = base_json_get_array (nodes->pdata[i], "status", "addresses", NULL);

    for (guint j = 0; j < base_json_get_length (addresses); j++) {
      JsonNode *address = json_array_get_element (addresses, j);

      if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
        g_ptr_array_add (self->nodes, g_strdup (base_json_get_string (address, "address", NULL)));
    }
  }
}

static GHashTable *
list_wanted (PracticePodNetwork *self)
{
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) services = practice_store_list (self->store, SERVICES, NULL);
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, NULL);

  list_nodes (self);
  for (guint i = 0; i < services->len; i++)
    note_own_ports (self, services->pdata[i]);
  for (guint i = 0; i < services->len; i++)
    want_service (self, wanted, services->pdata[i]);
  for (guint i = 0; i < pods->len; i++)
    want_pod (self, wanted, pods->pdata[i]);
  return wanted;
}

static void
add_route (PracticePodNetwork *self, const char *key, PracticePodRouteMode mode)
{
  const char *colon = strchr (key, ':');
  g_autofree char *address = g_strndup (key, colon - key);
  guint16 port = g_ascii_strtoull (colon + 1, NULL, 10);
  gboolean is_loopback = g_str_equal (address, "127.0.0.1");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket =
    practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, address, port, &error);
  const PracticePodRouteSpec spec = {
    self->fabric, self->outbound, self->peer, is_loopback ? self->peer->address : address,
    port,         mode,
  };
  Entry *entry;

  if (socket == NULL) {
    g_debug ("A pod does not reach %s: %s", key, error->message);
    return;
  }
  entry = g_new (Entry, 1);
  entry->route = practice_pod_route_new (socket, &spec);
  entry->mode = mode;
  g_hash_table_insert (self->routes, g_strdup (key), entry);
}

static void
update (PracticePodNetwork *self)
{
  g_autoptr (GHashTable) wanted = list_wanted (self);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->routes);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    gpointer mode;

    if (!g_hash_table_lookup_extended (wanted, key, NULL, &mode) ||
        GPOINTER_TO_INT (mode) != (int)((Entry *)value)->mode)
      g_hash_table_iter_remove (&iter);
  }
  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (self->routes, key))
      add_route (self, key, GPOINTER_TO_INT (value));
}

static gboolean
update_cb (gpointer user_data)
{
  PracticePodNetwork *self = user_data;

  self->update_id = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
schedule_update (PracticePodNetwork *self)
{
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MS, update_cb, self);
}

static void
practice_pod_network_dispose (GObject *object)
{
  PracticePodNetwork *self = PRACTICE_POD_NETWORK (object);

  practice_pod_network_stop (self);
  g_clear_object (&self->outbound);
  g_clear_object (&self->fabric);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_pod_network_parent_class)->dispose (object);
}

static void
practice_pod_network_finalize (GObject *object)
{
  PracticePodNetwork *self = PRACTICE_POD_NETWORK (object);

  g_clear_pointer (&self->peer, practice_peer_free);
  g_hash_table_unref (self->routes);
  g_hash_table_unref (self->own_ports);
  g_ptr_array_unref (self->nodes);

  G_OBJECT_CLASS (practice_pod_network_parent_class)->finalize (object);
}

static void
practice_pod_network_class_init (PracticePodNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_pod_network_dispose;
  object_class->finalize = practice_pod_network_finalize;
}

static void
practice_pod_network_init (PracticePodNetwork *self)
{
  self->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->own_ports = g_hash_table_new (NULL, NULL);
  self->nodes = g_ptr_array_new_with_free_func (g_free);
}

static void
connect_signals (PracticePodNetwork *self)
{
  static const char *const events[] = { "event::" PODS, "event::" SERVICES, "event::" ENDPOINTS };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_signal_connect_object (self->store, events[i], G_CALLBACK (schedule_update), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (self->fabric, "serving", G_CALLBACK (schedule_update), self,
                           G_CONNECT_SWAPPED);
}

/**
 * practice_pod_network_new:
 * @store: the cluster's objects
 * @fabric: carries connections and requests between pods
 * @outbound: where requests of pods with a sidecar go
 * @disks: (nullable): what is on PersistentVolumes
 * @pod: a Pod with an address
 * @error: return location
 *
 * Makes a network for a pod, in which every address and port of the cluster that something answers
 * at can be reached, as that pod, for as long as the object is not stopped.
 *
 * Returns: (transfer full) (nullable): the network; %G_IO_ERROR_NOT_SUPPORTED with a sentence for
 *   the user where the system refuses it
 */
PracticePodNetwork *
practice_pod_network_new (PracticeStore *store,
                          PracticeFabric *fabric,
                          PracticeHttpHandler *outbound,
                          PracticeDisks *disks,
                          JsonNode *pod,
                          GError **error)
{
  g_autoptr (PracticePodNetwork) self = g_object_new (PRACTICE_TYPE_POD_NETWORK, NULL);
  g_autoptr (GPtrArray) volumes = practice_volume_files_list_shared (store, pod, disks, error);
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);

  if (volumes == NULL)
    return NULL;
  self->store = g_object_ref (store);
  self->fabric = g_object_ref (fabric);
  self->outbound = g_object_ref (outbound);
  self->peer =
    practice_peer_new (address, base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  self->has_sidecar = practice_sidecar_is_in (pod);
  self->network = practice_network_new_at (address, volumes, error);
  if (self->network == NULL || !serve_names (self, error))
    return NULL;
  if (!self->has_sidecar)
    self->guard = practice_fabric_guard (fabric, self->network, self->peer);
  practice_fabric_set_inside (fabric, address, self->network);
  update (self);
  connect_signals (self);
  return g_steal_pointer (&self);
}

/**
 * practice_pod_network_get_network:
 * @self: a pod's network
 *
 * Returns: (transfer none): what programs are moved into
 */
PracticeNetwork *
practice_pod_network_get_network (PracticePodNetwork *self)
{
  g_return_val_if_fail (PRACTICE_IS_POD_NETWORK (self), NULL);

  return self->network;
}

/**
 * practice_pod_network_leave_port:
 * @self: a pod's network
 * @port: a TCP port
 *
 * Leaves a port to a program in the pod, which may want it at all addresses; what else has that
 * port in the cluster cannot be reached from this pod.
 */
void
practice_pod_network_leave_port (PracticePodNetwork *self, guint16 port)
{
  g_return_if_fail (PRACTICE_IS_POD_NETWORK (self));

  if (g_hash_table_add (self->own_ports, GINT_TO_POINTER ((int)port)))
    update (self);
}

/**
 * practice_pod_network_stop:
 * @self: a pod's network
 *
 * Ends all connections. May be called twice.
 */
void
practice_pod_network_stop (PracticePodNetwork *self)
{
  g_return_if_fail (PRACTICE_IS_POD_NETWORK (self));

  g_clear_handle_id (&self->update_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  if (self->fabric != NULL) {
    g_signal_handlers_disconnect_by_data (self->fabric, self);
    practice_fabric_set_inside (self->fabric, self->peer->address, NULL);
  }
  g_clear_object (&self->dns);
  g_hash_table_remove_all (self->routes);
  g_clear_object (&self->guard);
  g_clear_object (&self->network);
}
