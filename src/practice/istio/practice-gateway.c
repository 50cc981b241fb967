/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gateway.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-gateway-listener.h"
#include "practice-gateway-port.h"
#include "practice-gateway-servers.h"
#include "practice-http-server.h"

#define PORT_LIMIT 32

struct _PracticeGateway {
  GObject parent_instance;

  PracticeMesh *mesh;
  PracticeNetwork *network; /* (nullable) */
  JsonNode *pod;
  GHashTable *ports; /* number to Port */
};

G_DEFINE_FINAL_TYPE (PracticeGateway, practice_gateway, G_TYPE_OBJECT)

typedef struct {
  PracticeGatewayPort *handler;
  PracticeGatewayKind kind;
  PracticeHttpServer *server;        /* (nullable): of plain HTTP */
  PracticeGatewayListener *listener; /* (nullable): of all others */
} Port;

static void
port_free (gpointer data)
{
  Port *self = data;

  if (self->server != NULL)
    practice_http_server_stop (self->server);
  if (self->listener != NULL)
    practice_gateway_listener_stop (self->listener);
  g_clear_object (&self->server);
  g_clear_object (&self->listener);
  g_clear_object (&self->handler);
  g_free (self);
}

static const char *
get_address (PracticeGateway *self)
{
  return base_json_get_string (self->pod, "status", "podIP", NULL);
}

/* Envoy refuses a listener whose certificate is not there. */
static gboolean
is_possible (PracticeGateway *self, JsonNode *server, PracticeGatewayKind kind)
{
  g_autofree char *certificate = NULL;

  if (kind != PRACTICE_GATEWAY_HTTPS && kind != PRACTICE_GATEWAY_TLS)
    return kind != PRACTICE_GATEWAY_NONE;
  certificate =
    practice_gateway_servers_dup_certificate (practice_mesh_get_store (self->mesh), server);
  return certificate != NULL;
}

/* The first server of a port says how it speaks. */
static void
add_wish (PracticeGateway *self, GHashTable *wishes, JsonNode *server)
{
  PracticeGatewayKind kind = practice_gateway_servers_get_kind (server);
  gint64 number = base_json_get_int (server, 0, "port", "number", NULL);

  if (number > 0 && number <= G_MAXUINT16 && g_hash_table_size (wishes) < PORT_LIMIT &&
      !g_hash_table_contains (wishes, GUINT_TO_POINTER (number)) &&
      is_possible (self, server, kind))
    g_hash_table_insert (wishes, GUINT_TO_POINTER (number), GUINT_TO_POINTER (kind));
}

/* (transfer full): number to PracticeGatewayKind */
static GHashTable *
collect_wishes (PracticeGateway *self)
{
  GPtrArray *gateways = practice_mesh_config_get_gateways (practice_mesh_get_config (self->mesh));
  GHashTable *wishes = g_hash_table_new (NULL, NULL);

  if (!practice_mesh_config_reaches (practice_mesh_get_config (self->mesh), self->pod))
    return wishes;
  for (guint i = 0; i < gateways->len; i++) {
    JsonNode *gateway = gateways->pdata[i];
    JsonArray *servers = base_json_get_array (gateway, "spec", "servers", NULL);
    guint n_servers = base_json_get_length (servers);

    if (!practice_gateway_servers_select (gateway, self->pod))
      continue;
    for (guint j = 0; j < n_servers; j++)
      add_wish (self, wishes, json_array_get_element (servers, j));
  }
  return wishes;
}

/* Real connections. */
static gboolean
listen_at (PracticeGateway *self, guint16 number, Port *port, GError **error)
{
  PracticeHttpHandler *handler = PRACTICE_HTTP_HANDLER (port->handler);
  g_autoptr (GSocket) socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM,
                                                        get_address (self), number, error);

  if (socket == NULL)
    return FALSE;
  if (port->kind != PRACTICE_GATEWAY_HTTP) {
    port->listener =
      practice_gateway_listener_new (self->mesh, self->pod, number, handler, socket, error);
    return port->listener != NULL;
  }
  port->server = practice_http_server_new (handler, NULL, NULL);
  return practice_http_server_listen (port->server, socket, error);
}

static void
open_port (PracticeGateway *self, guint16 number, PracticeGatewayKind kind)
{
  Port *port = g_new0 (Port, 1);
  g_autoptr (GError) error = NULL;

  port->handler = practice_gateway_port_new (self->mesh, self->pod, number);
  port->kind = kind;
  if (kind == PRACTICE_GATEWAY_HTTP || kind == PRACTICE_GATEWAY_HTTPS)
    practice_fabric_set_handler (practice_mesh_get_fabric (self->mesh), get_address (self), number,
                                 PRACTICE_HTTP_HANDLER (port->handler));
  if (self->network != NULL && !listen_at (self, number, port, &error))
    g_debug ("Gateway %s cannot listen on port %u: %s", get_address (self), number, error->message);
  g_hash_table_insert (self->ports, GUINT_TO_POINTER (number), port);
}

static void
close_port (PracticeGateway *self, guint number)
{
  practice_fabric_set_handler (practice_mesh_get_fabric (self->mesh), get_address (self),
                               (guint16)number, NULL);
}

/* Ports whose Gateways are gone, or speak otherwise now. */
static void
close_unwanted (PracticeGateway *self, GHashTable *wishes)
{
  GHashTableIter iter;
  gpointer number;
  gpointer port;

  g_hash_table_iter_init (&iter, self->ports);
  while (g_hash_table_iter_next (&iter, &number, &port)) {
    if (GPOINTER_TO_UINT (g_hash_table_lookup (wishes, number)) == ((Port *)port)->kind)
      continue;
    close_port (self, GPOINTER_TO_UINT (number));
    g_hash_table_iter_remove (&iter);
  }
}

static void
refresh (PracticeGateway *self)
{
  g_autoptr (GHashTable) wishes = collect_wishes (self);
  GHashTableIter iter;
  gpointer number;
  gpointer kind;

  close_unwanted (self, wishes);
  g_hash_table_iter_init (&iter, wishes);
  while (g_hash_table_iter_next (&iter, &number, &kind))
    if (!g_hash_table_contains (self->ports, number))
      open_port (self, (guint16)GPOINTER_TO_UINT (number), GPOINTER_TO_UINT (kind));
}

static void
practice_gateway_dispose (GObject *object)
{
  PracticeGateway *self = PRACTICE_GATEWAY (object);

  if (self->mesh != NULL)
    practice_gateway_stop (self);
  g_clear_object (&self->network);
  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_gateway_parent_class)->dispose (object);
}

static void
practice_gateway_finalize (GObject *object)
{
  PracticeGateway *self = PRACTICE_GATEWAY (object);

  g_hash_table_unref (self->ports);
  g_clear_pointer (&self->pod, json_node_unref);

  G_OBJECT_CLASS (practice_gateway_parent_class)->finalize (object);
}

static void
practice_gateway_class_init (PracticeGatewayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_gateway_dispose;
  object_class->finalize = practice_gateway_finalize;
}

static void
practice_gateway_init (PracticeGateway *self)
{
  self->ports = g_hash_table_new_full (NULL, NULL, NULL, port_free);
}

/**
 * practice_gateway_new:
 * @mesh: the mesh
 * @network: (nullable): where real connections come from; without one only pods of the cluster
 *   reach it
 * @pod: its pod, which has an address
 *
 * Without a Gateway that selects @pod nothing listens: connections are refused. The certificate of
 * a TLS server is that of its credentialName, a Secret of istio-system, else of the Secret
 * istio-ingressgateway-certs
 * (https://istio.io/v1.3/docs/tasks/traffic-management/ingress/secure-ingress-mount/).
 *
 * Returns: (transfer full): the gateway
 */
PracticeGateway *
practice_gateway_new (PracticeMesh *mesh, PracticeNetwork *network, JsonNode *pod)
{
  PracticeGateway *self;

  g_return_val_if_fail (PRACTICE_IS_MESH (mesh), NULL);
  g_return_val_if_fail (base_json_get_string (pod, "status", "podIP", NULL) != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_GATEWAY, NULL);
  self->mesh = g_object_ref (mesh);
  self->network = network != NULL ? g_object_ref (network) : NULL;
  self->pod = json_node_ref (pod);
  g_signal_connect_object (mesh, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (practice_mesh_get_store (mesh), "event::/secrets", G_CALLBACK (refresh),
                           self, G_CONNECT_SWAPPED);
  refresh (self);
  return self;
}

/**
 * practice_gateway_is_one:
 * @pod: a Pod
 *
 * Returns: whether it is a gateway, by the labels that Istio's own charts give them
 */
gboolean
practice_gateway_is_one (JsonNode *pod)
{
  const char *label = base_metadata_get_label (pod, "istio");

  return g_strcmp0 (label, "ingressgateway") == 0 || g_strcmp0 (label, "egressgateway") == 0;
}

/**
 * practice_gateway_stop:
 * @self: a gateway
 *
 * Ends all its connections; it listens no more.
 */
void
practice_gateway_stop (PracticeGateway *self)
{
  GHashTableIter iter;
  gpointer number;

  g_return_if_fail (PRACTICE_IS_GATEWAY (self));

  g_signal_handlers_disconnect_by_func (self->mesh, refresh, self);
  g_signal_handlers_disconnect_by_func (practice_mesh_get_store (self->mesh), refresh, self);
  g_hash_table_iter_init (&iter, self->ports);
  while (g_hash_table_iter_next (&iter, &number, NULL))
    close_port (self, GPOINTER_TO_UINT (number));
  g_hash_table_remove_all (self->ports);
}
