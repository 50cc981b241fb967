/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-proxy.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-endpoint.h"
#include "practice-forwarder.h"
#include "practice-load-balancer-controller.h"

#define SERVICES "/services"
#define ENDPOINTS "/endpoints"

/**
 * PracticeServiceProxy:
 *
 * kube-proxy and the load balancers of the cloud in one: a PracticeForwarder for each
 * address and port that a Service has, as long as a pod is ready to take a connection. Where
 * none is, nothing listens, and a connection is refused as kube-proxy refuses it
 * (https://kubernetes.io/docs/reference/networking/virtual-ips/).
 */
struct _PracticeServiceProxy {
  PracticeController parent_instance;

  PracticeNetwork *network;
  PracticeFabric *fabric;
  GHashTable *services; /* "namespace/name" to GHashTable of "address:port" to PracticeForwarder */
};

G_DEFINE_FINAL_TYPE (PracticeServiceProxy, practice_service_proxy, PRACTICE_TYPE_CONTROLLER)

enum {
  PROP_0,
  PROP_NETWORK,
  PROP_FABRIC,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
add_node_addresses (PracticeStore *store, GPtrArray *listeners, gint64 port)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (store, "/nodes", NULL);

  for (guint i = 0; i < nodes->len; i++) {
    JsonArray *addresses =
      base_json_get_array (g_ptr_array_index (nodes, i), "status", "addresses", NULL);
    guint n_addresses = base_json_get_length (addresses);

    for (guint j = 0; j < n_addresses; j++) {
      JsonNode *address = json_array_get_element (addresses, j);

      if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
        g_ptr_array_add (listeners,
                         g_strdup_printf ("%s:%" G_GINT64_FORMAT,
                                          base_json_get_string (address, "address", NULL), port));
    }
  }
}

/* Every address that one port of a Service is reached at. */
static GPtrArray *
list_listeners (PracticeStore *store, JsonNode *service, JsonNode *port)
{
  const char *cluster_ip = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autofree char *balancer = practice_load_balancer_dup_address (store, service);
  gint64 number = base_json_get_int (port, 0, "port", NULL);
  gint64 node_port = base_json_get_int (port, 0, "nodePort", NULL);
  GPtrArray *listeners = g_ptr_array_new_with_free_func (g_free);

  if (cluster_ip != NULL && g_str_has_prefix (cluster_ip, "10."))
    g_ptr_array_add (listeners, g_strdup_printf ("%s:%" G_GINT64_FORMAT, cluster_ip, number));
  if (balancer != NULL)
    g_ptr_array_add (listeners, g_strdup_printf ("%s:%" G_GINT64_FORMAT, balancer, number));
  if (node_port > 0)
    add_node_addresses (store, listeners, node_port);

  return listeners;
}

static PracticeForwarder *
new_forwarder (PracticeServiceProxy *self, const char *listener)
{
  g_autofree char *address = g_strdup (listener);
  g_autoptr (GError) error = NULL;
  PracticeForwarder *forwarder;
  char *colon = strrchr (address, ':');

  *colon = '\0';
  forwarder = practice_forwarder_new (self->fabric, self->network, address,
                                      g_ascii_strtoull (colon + 1, NULL, 10), &error);
  if (forwarder == NULL)
    g_debug ("Cannot listen at %s: %s", listener, error->message);

  return forwarder;
}

static void
practice_service_proxy_reconcile (PracticeController *controller,
                                  const char *namespace_,
                                  const char *name,
                                  JsonNode *service)
{
  PracticeServiceProxy *self = PRACTICE_SERVICE_PROXY (controller);
  PracticeStore *store = practice_controller_get_store (controller);
  JsonNode *endpoints = practice_store_get (store, ENDPOINTS, namespace_, name);
  g_autofree char *key = g_strdup_printf ("%s/%s", namespace_, name);
  GHashTable *before = g_hash_table_lookup (self->services, key);
  g_autoptr (GHashTable) now =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint n_ports = base_json_get_length (ports);

  for (guint i = 0; i < n_ports; i++) {
    JsonNode *port = json_array_get_element (ports, i);
    g_autoptr (GPtrArray) targets = practice_endpoint_list (endpoints, port);
    g_autoptr (GPtrArray) listeners = list_listeners (store, service, port);

    if (targets->len == 0 || g_strcmp0 (base_json_get_string (port, "protocol", NULL), "UDP") == 0)
      continue;
    for (guint j = 0; j < listeners->len; j++) {
      const char *listener = g_ptr_array_index (listeners, j);
      PracticeForwarder *forwarder = before != NULL ? g_hash_table_lookup (before, listener) : NULL;

      forwarder = forwarder != NULL ? g_object_ref (forwarder) : new_forwarder (self, listener);
      if (forwarder == NULL)
        continue;
      g_hash_table_insert (now, g_strdup (listener), forwarder);
    }
  }

  if (g_hash_table_size (now) > 0)
    g_hash_table_insert (self->services, g_steal_pointer (&key), g_steal_pointer (&now));
  else
    g_hash_table_remove (self->services, key);
}

static void
practice_service_proxy_related (PracticeController *controller,
                                PracticeEventType type,
                                const char *resource,
                                JsonNode *endpoints,
                                JsonNode *old)
{
  practice_controller_enqueue (controller, base_metadata_get_namespace (endpoints),
                               base_metadata_get_name (endpoints));
}

static void
practice_service_proxy_set_property (GObject *object,
                                     guint id,
                                     const GValue *value,
                                     GParamSpec *pspec)
{
  PracticeServiceProxy *self = PRACTICE_SERVICE_PROXY (object);

  switch (id) {
    case PROP_NETWORK:
      self->network = g_value_dup_object (value);
      break;
    case PROP_FABRIC:
      self->fabric = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
practice_service_proxy_dispose (GObject *object)
{
  PracticeServiceProxy *self = PRACTICE_SERVICE_PROXY (object);

  g_hash_table_remove_all (self->services);
  g_clear_object (&self->fabric);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (practice_service_proxy_parent_class)->dispose (object);
}

static void
practice_service_proxy_finalize (GObject *object)
{
  PracticeServiceProxy *self = PRACTICE_SERVICE_PROXY (object);

  g_hash_table_unref (self->services);

  G_OBJECT_CLASS (practice_service_proxy_parent_class)->finalize (object);
}

static void
practice_service_proxy_class_init (PracticeServiceProxyClass *klass)
{
  static const char *const also[] = { ENDPOINTS, NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->set_property = practice_service_proxy_set_property;
  object_class->dispose = practice_service_proxy_dispose;
  object_class->finalize = practice_service_proxy_finalize;

  controller_class->resource = SERVICES;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_service_proxy_reconcile;
  controller_class->related = practice_service_proxy_related;

  properties[PROP_NETWORK] =
    g_param_spec_object ("network", NULL, NULL, PRACTICE_TYPE_NETWORK,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FABRIC] =
    g_param_spec_object ("fabric", NULL, NULL, PRACTICE_TYPE_FABRIC,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
practice_service_proxy_init (PracticeServiceProxy *self)
{
  self->services =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

/**
 * practice_service_proxy_new:
 * @store: the cluster's objects
 * @network: where Services answer
 * @fabric: says where their connections go
 *
 * Returns: (transfer full): the proxy, not yet started
 */
PracticeController *
practice_service_proxy_new (PracticeStore *store, PracticeNetwork *network, PracticeFabric *fabric)
{
  return g_object_new (PRACTICE_TYPE_SERVICE_PROXY, "store", store, "network", network, "fabric",
                       fabric, NULL);
}
