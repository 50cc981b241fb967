/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-address-index.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-load-balancer-controller.h"

#define PODS "/pods"
#define SERVICES "/services"
#define NODES "/nodes"

/**
 * PracticeAddressIndex:
 *
 * Pods are looked up for each request, so their addresses are kept in a table. Services and nodes
 * change seldom: their tables are made anew at the first question after a change.
 */
struct _PracticeAddressIndex {
  GObject parent_instance;

  PracticeStore *store;
  GHashTable *pods;      /* address to JsonNode */
  GHashTable *addresses; /* (nullable): of a Service or load balancer, to Owner */
  GHashTable *ports;     /* (nullable): node port to JsonNode of its Service */
  GPtrArray *nodes;      /* (nullable): of char * */
};

G_DEFINE_FINAL_TYPE (PracticeAddressIndex, practice_address_index, G_TYPE_OBJECT)

typedef struct {
  JsonNode *service;
  PracticeEntrance entrance;
} Owner;

static void
owner_free (gpointer data)
{
  Owner *self = data;

  json_node_unref (self->service);
  g_free (self);
}

/* A pod that has ended gives its address back. Those in their node's network have none of their
 * own. */
static const char *
get_pod_address (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0 ||
      base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL))
    return NULL;
  return base_json_get_string (pod, "status", "podIP", NULL);
}

/* Another pod may have the address by now. */
static void
forget_pod (PracticeAddressIndex *self, JsonNode *pod)
{
  const char *address = base_json_get_string (pod, "status", "podIP", NULL);
  JsonNode *present = address != NULL ? g_hash_table_lookup (self->pods, address) : NULL;

  if (present != NULL &&
      g_strcmp0 (base_metadata_get_uid (present), base_metadata_get_uid (pod)) == 0)
    g_hash_table_remove (self->pods, address);
}

static void
keep_pod (PracticeAddressIndex *self, JsonNode *pod)
{
  const char *address = get_pod_address (pod);

  if (address != NULL)
    g_hash_table_insert (self->pods, g_strdup (address), json_node_ref (pod));
}

static void
pod_event_cb (PracticeStore *store,
              PracticeEventType type,
              const char *resource,
              JsonNode *pod,
              JsonNode *old,
              PracticeAddressIndex *self)
{
  forget_pod (self, old != NULL ? old : pod);
  if (type != PRACTICE_EVENT_DELETED)
    keep_pod (self, pod);
}

static void
service_event_cb (PracticeAddressIndex *self)
{
  g_clear_pointer (&self->addresses, g_hash_table_unref);
  g_clear_pointer (&self->ports, g_hash_table_unref);
}

static void
node_event_cb (PracticeAddressIndex *self)
{
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
}

static void
add_address (PracticeAddressIndex *self,
             const char *address,
             JsonNode *service,
             PracticeEntrance entrance)
{
  Owner *owner = g_new (Owner, 1);

  owner->service = json_node_ref (service);
  owner->entrance = entrance;
  g_hash_table_insert (self->addresses, g_strdup (address), owner);
}

static void
add_service (PracticeAddressIndex *self, JsonNode *service)
{
  const char *cluster_ip = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autofree char *balancer = practice_load_balancer_dup_address (self->store, service);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (ports);

  if (cluster_ip != NULL && g_hostname_is_ip_address (cluster_ip))
    add_address (self, cluster_ip, service, PRACTICE_ENTRANCE_CLUSTER_IP);
  if (balancer != NULL)
    add_address (self, balancer, service, PRACTICE_ENTRANCE_LOAD_BALANCER);
  for (guint i = 0; i < n_ports; i++) {
    gint64 port = base_json_get_int (json_array_get_element (ports, i), 0, "nodePort", NULL);

    if (port > 0)
      g_hash_table_insert (self->ports, GINT_TO_POINTER ((int)port), json_node_ref (service));
  }
}

static void
ensure_services (PracticeAddressIndex *self)
{
  g_autoptr (GPtrArray) services = NULL;

  if (self->addresses != NULL)
    return;
  self->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, owner_free);
  self->ports = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)json_node_unref);
  services = practice_store_list (self->store, SERVICES, NULL);
  for (guint i = 0; i < services->len; i++)
    add_service (self, g_ptr_array_index (services, i));
}

static void
ensure_nodes (PracticeAddressIndex *self)
{
  g_autoptr (GPtrArray) nodes = NULL;

  if (self->nodes != NULL)
    return;
  self->nodes = g_ptr_array_new_with_free_func (g_free);
  nodes = practice_store_list (self->store, NODES, NULL);
  for (guint i = 0; i < nodes->len; i++) {
    JsonArray *addresses =
      base_json_get_array (g_ptr_array_index (nodes, i), "status", "addresses", NULL);
    guint n_addresses = base_json_get_length (addresses);

    for (guint j = 0; j < n_addresses; j++) {
      JsonNode *address = json_array_get_element (addresses, j);
      const char *text = base_json_get_string (address, "address", NULL);

      if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0 &&
          text != NULL)
        g_ptr_array_add (self->nodes, g_strdup (text));
    }
  }
}

/* The protocol is TCP. */
static JsonNode *
find_port (JsonNode *service, const char *member, guint16 number)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (ports);

  for (guint i = 0; i < n_ports; i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *protocol = base_json_get_string (port, "protocol", NULL);

    if ((protocol == NULL || g_str_equal (protocol, "TCP")) &&
        base_json_get_int (port, 0, member, NULL) == number)
      return port;
  }
  return NULL;
}

static void
practice_address_index_dispose (GObject *object)
{
  PracticeAddressIndex *self = PRACTICE_ADDRESS_INDEX (object);

  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_address_index_parent_class)->dispose (object);
}

static void
practice_address_index_finalize (GObject *object)
{
  PracticeAddressIndex *self = PRACTICE_ADDRESS_INDEX (object);

  g_hash_table_unref (self->pods);
  g_clear_pointer (&self->addresses, g_hash_table_unref);
  g_clear_pointer (&self->ports, g_hash_table_unref);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);

  G_OBJECT_CLASS (practice_address_index_parent_class)->finalize (object);
}

static void
practice_address_index_class_init (PracticeAddressIndexClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_address_index_dispose;
  object_class->finalize = practice_address_index_finalize;
}

static void
practice_address_index_init (PracticeAddressIndex *self)
{
  self->pods =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
}

/**
 * practice_address_index_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): an index that follows @store
 */
PracticeAddressIndex *
practice_address_index_new (PracticeStore *store)
{
  PracticeAddressIndex *self;
  g_autoptr (GPtrArray) pods = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_ADDRESS_INDEX, NULL);
  self->store = g_object_ref (store);
  g_signal_connect_object (store, "event::" PODS, G_CALLBACK (pod_event_cb), self, 0);
  g_signal_connect_object (store, "event::" SERVICES, G_CALLBACK (service_event_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "event::" NODES, G_CALLBACK (node_event_cb), self,
                           G_CONNECT_SWAPPED);
  pods = practice_store_list (store, PODS, NULL);
  for (guint i = 0; i < pods->len; i++)
    keep_pod (self, g_ptr_array_index (pods, i));
  return self;
}

/**
 * practice_address_index_get_pod:
 * @self: an index
 * @address: an IPv4 address
 *
 * Returns: (transfer none) (nullable): the Pod whose own address that is
 */
JsonNode *
practice_address_index_get_pod (PracticeAddressIndex *self, const char *address)
{
  g_return_val_if_fail (PRACTICE_IS_ADDRESS_INDEX (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  return g_hash_table_lookup (self->pods, address);
}

/**
 * practice_address_index_list_pods:
 * @self: an index
 *
 * Returns: (transfer container) (element-type utf8): the addresses that pods have
 */
GList *
practice_address_index_list_pods (PracticeAddressIndex *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDRESS_INDEX (self), NULL);

  return g_hash_table_get_keys (self->pods);
}

/**
 * practice_address_index_get_service:
 * @self: an index
 * @address: an IPv4 address
 * @port: a TCP port
 * @service_port: (out) (nullable): the element of its `spec.ports`; %NULL where it has not got
 *   that port
 * @entrance: (out): what the address is to the Service
 *
 * Returns: (transfer none) (nullable): the Service that is reached there
 */
JsonNode *
practice_address_index_get_service (PracticeAddressIndex *self,
                                    const char *address,
                                    guint16 port,
                                    JsonNode **service_port,
                                    PracticeEntrance *entrance)
{
  JsonNode *service;
  Owner *owner;

  g_return_val_if_fail (PRACTICE_IS_ADDRESS_INDEX (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  ensure_services (self);
  owner = g_hash_table_lookup (self->addresses, address);
  if (owner != NULL) {
    *entrance = owner->entrance;
    *service_port = find_port (owner->service, "port", port);
    return owner->service;
  }
  service = g_hash_table_lookup (self->ports, GINT_TO_POINTER ((int)port));
  if (service == NULL || !practice_address_index_has_node (self, address))
    return NULL;
  *entrance = PRACTICE_ENTRANCE_NODE_PORT;
  *service_port = find_port (service, "nodePort", port);
  return service;
}

/**
 * practice_address_index_has_node:
 * @self: an index
 * @address: an IPv4 address
 *
 * Returns: whether it is a node's
 */
gboolean
practice_address_index_has_node (PracticeAddressIndex *self, const char *address)
{
  g_return_val_if_fail (PRACTICE_IS_ADDRESS_INDEX (self), FALSE);

  ensure_nodes (self);
  return g_ptr_array_find_with_equal_func (self->nodes, address, g_str_equal, NULL);
}

/**
 * practice_address_index_get_nodes:
 * @self: an index
 *
 * Returns: (transfer none) (element-type utf8): the addresses of all nodes
 */
GPtrArray *
practice_address_index_get_nodes (PracticeAddressIndex *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDRESS_INDEX (self), NULL);

  ensure_nodes (self);
  return self->nodes;
}
