/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gateway-listener.h"

#include "base-json.h"
#include "base-metadata.h"
#include "base-splice.h"
#include "practice-gateway-servers.h"
#include "practice-http-server.h"
#include "practice-mesh-stream.h"
#include "practice-tls-peek.h"

/* What a client has to agree on keys. */
#define PATIENCE_SECONDS 10

struct _PracticeGatewayListener {
  GObject parent_instance;

  PracticeMesh *mesh;
  JsonNode *pod;
  guint16 port;
  GSocketService *service;
  PracticeHttpServer *http; /* what speaks HTTP inside TLS */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PracticeGatewayListener, practice_gateway_listener, G_TYPE_OBJECT)

/* A connection on its way to where it is served. */
typedef struct {
  PracticeGatewayListener *listener; /* (owned) */
  GSocketConnection *client;         /* (owned) */
  char *name;                        /* (nullable): that the client asks for */
  GStrv gateways;                    /* (nullable): that have it */
  JsonNode *server;                  /* (nullable) (owned) */
  GTlsCertificate *authority;        /* (nullable): of the client's certificate */
} Visit;

static void
visit_free (Visit *self)
{
  g_clear_object (&self->listener);
  g_clear_object (&self->client);
  g_clear_object (&self->authority);
  g_clear_pointer (&self->server, json_node_unref);
  g_strfreev (self->gateways);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

/* As Envoy does with what no filter chain is for. */
static void
drop (Visit *self)
{
  g_socket_close (g_socket_connection_get_socket (self->client), NULL);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;
  g_autoptr (GIOStream) target =
    practice_fabric_connect_finish (PRACTICE_FABRIC (source), result, NULL);

  if (target == NULL)
    drop (self);
  else
    base_splice_async (self->client, G_SOCKET_CONNECTION (target), self->listener->cancellable,
                       NULL, NULL);
}

/* (nullable): by the routes for streams of the VirtualServices that are bound to its Gateways. */
static PracticeMeshUpstream *
find_upstream (Visit *self)
{
  PracticeMesh *mesh = self->listener->mesh;
  gboolean by_name =
    practice_gateway_servers_get_kind (self->server) == PRACTICE_GATEWAY_PASSTHROUGH;
  const PracticeMeshQuery query = {
    .gateways = (const char *const *)self->gateways,
    .namespace_ = base_metadata_get_namespace (self->listener->pod),
    .labels = base_json_get_object (self->listener->pod, "metadata", "labels", NULL),
    .host = self->name != NULL ? self->name : "",
    .port = self->listener->port,
    .sni = by_name ? (self->name != NULL ? self->name : "") : NULL,
  };
  PracticeMeshUpstream *upstream = NULL;

  practice_mesh_stream_decide (practice_mesh_get_config (mesh), practice_mesh_get_store (mesh),
                               &query, practice_mesh_get_random (mesh), &upstream);
  return upstream;
}

static void
lead_on (Visit *owned)
{
  g_autoptr (Visit) self = owned;
  PracticeMesh *mesh = self->listener->mesh;
  GCancellable *cancellable = self->listener->cancellable;
  JsonNode *pod = self->listener->pod;
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *name = base_metadata_get_name (pod);
  g_autofree char *proxy = g_strconcat (namespace_, "/", name, NULL);
  g_autoptr (PracticePeer) peer =
    practice_peer_new (base_json_get_string (pod, "status", "podIP", NULL), namespace_, name);
  g_autoptr (PracticeMeshUpstream) upstream = find_upstream (self);
  PracticeMeshEndpoint *endpoint =
    upstream != NULL ? practice_mesh_next_endpoint (mesh, proxy, namespace_, upstream) : NULL;

  if (endpoint == NULL) {
    drop (self);
    return;
  }
  g_socket_set_timeout (g_socket_connection_get_socket (self->client), 0);
  practice_fabric_connect_async (practice_mesh_get_fabric (mesh), peer, endpoint->address,
                                 endpoint->port, cancellable, connected_cb,
                                 g_steal_pointer (&self));
}

static void
shaken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;
  GSocket *socket = g_socket_connection_get_socket (self->client);
  g_autoptr (GSocketConnection) inside = NULL;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL) ||
      g_cancellable_is_cancelled (self->listener->cancellable)) {
    drop (self);
    return;
  }
  inside = G_SOCKET_CONNECTION (g_tcp_wrapper_connection_new (G_IO_STREAM (source), socket));
  g_set_object (&self->client, inside);
  if (practice_gateway_servers_get_kind (self->server) == PRACTICE_GATEWAY_HTTPS) {
    if (!practice_http_server_accept (self->listener->http, G_IO_STREAM (inside), NULL))
      drop (self);
  } else {
    lead_on (g_steal_pointer (&self));
  }
}

static gboolean
accept_client_cb (GTlsConnection *tls,
                  GTlsCertificate *certificate,
                  GTlsCertificateFlags errors,
                  GTlsCertificate *authority)
{
  return g_tls_certificate_verify (certificate, NULL, authority) == 0;
}

/* FALSE: nobody could be let in. */
static gboolean
ask_for_certificate (Visit *self, GTlsServerConnection *tls)
{
  g_autofree char *authority = practice_gateway_servers_dup_authority (
    practice_mesh_get_store (self->listener->mesh), self->server);

  if (authority != NULL)
    self->authority = g_tls_certificate_new_from_pem (authority, -1, NULL);
  if (self->authority == NULL)
    return FALSE;
  g_object_set (tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUIRED, NULL);
  g_signal_connect_object (tls, "accept-certificate", G_CALLBACK (accept_client_cb),
                           self->authority, 0);
  return TRUE;
}

static void
shake_hands (Visit *owned)
{
  g_autoptr (Visit) self = owned;
  PracticeStore *store = practice_mesh_get_store (self->listener->mesh);
  GCancellable *cancellable = self->listener->cancellable;
  g_autofree char *pem = practice_gateway_servers_dup_certificate (store, self->server);
  g_autoptr (GTlsCertificate) certificate =
    pem != NULL ? g_tls_certificate_new_from_pem (pem, -1, NULL) : NULL;
  g_autoptr (GIOStream) tls =
    certificate != NULL
      ? g_tls_server_connection_new (G_IO_STREAM (self->client), certificate, NULL)
      : NULL;
  gboolean is_mutual =
    g_strcmp0 (base_json_get_string (self->server, "tls", "mode", NULL), "MUTUAL") == 0;

  if (tls == NULL || (is_mutual && !ask_for_certificate (self, G_TLS_SERVER_CONNECTION (tls)))) {
    drop (self);
    return;
  }
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, cancellable,
                                    shaken_cb, g_steal_pointer (&self));
}

/* Which server it is for is known now. */
static void
serve (Visit *owned)
{
  g_autoptr (Visit) self = owned;
  JsonNode *server;

  g_strfreev (self->gateways);
  self->gateways =
    practice_gateway_servers_find (self->listener->mesh, self->listener->pod, self->listener->port,
                                   self->name != NULL ? self->name : "", &server);
  self->server = server != NULL ? json_node_ref (server) : NULL;
  switch (practice_gateway_servers_get_kind (self->server)) {
    case PRACTICE_GATEWAY_HTTPS:
    case PRACTICE_GATEWAY_TLS:
      shake_hands (g_steal_pointer (&self));
      break;
    case PRACTICE_GATEWAY_PASSTHROUGH:
      lead_on (g_steal_pointer (&self));
      break;
    case PRACTICE_GATEWAY_TCP:
    case PRACTICE_GATEWAY_HTTP:
    case PRACTICE_GATEWAY_NONE:
    default:
      drop (self);
  }
}

static void
peeked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;

  if (practice_tls_peek_finish (self->client, result, &self->name, NULL))
    serve (g_steal_pointer (&self));
  else
    drop (self);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *client,
             GObject *source,
             PracticeGatewayListener *self)
{
  g_autoptr (Visit) visit = g_new0 (Visit, 1);
  JsonNode *server;

  visit->listener = g_object_ref (self);
  visit->client = g_object_ref (client);
  visit->gateways =
    practice_gateway_servers_find (self->mesh, self->pod, self->port, NULL, &server);
  g_socket_set_timeout (g_socket_connection_get_socket (client), PATIENCE_SECONDS);
  if (practice_gateway_servers_get_kind (server) == PRACTICE_GATEWAY_TCP) {
    visit->server = json_node_ref (server);
    lead_on (g_steal_pointer (&visit));
  } else {
    practice_tls_peek_async (client, self->cancellable, peeked_cb, g_steal_pointer (&visit));
  }
  return TRUE;
}

static void
practice_gateway_listener_dispose (GObject *object)
{
  PracticeGatewayListener *self = PRACTICE_GATEWAY_LISTENER (object);

  practice_gateway_listener_stop (self);
  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_gateway_listener_parent_class)->dispose (object);
}

static void
practice_gateway_listener_finalize (GObject *object)
{
  PracticeGatewayListener *self = PRACTICE_GATEWAY_LISTENER (object);

  g_clear_pointer (&self->pod, json_node_unref);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (practice_gateway_listener_parent_class)->finalize (object);
}

static void
practice_gateway_listener_class_init (PracticeGatewayListenerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_gateway_listener_dispose;
  object_class->finalize = practice_gateway_listener_finalize;
}

static void
practice_gateway_listener_init (PracticeGatewayListener *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * practice_gateway_listener_new:
 * @mesh: the mesh
 * @pod: a gateway's pod, which has an address
 * @port: one of its ports
 * @handler: what answers HTTP there
 * @socket: a socket that listens
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what serves the connections that arrive at @socket
 */
PracticeGatewayListener *
practice_gateway_listener_new (PracticeMesh *mesh,
                               JsonNode *pod,
                               guint16 port,
                               PracticeHttpHandler *handler,
                               GSocket *socket,
                               GError **error)
{
  g_autoptr (PracticeGatewayListener) self = NULL;

  g_return_val_if_fail (PRACTICE_IS_MESH (mesh), NULL);
  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);

  self = g_object_new (PRACTICE_TYPE_GATEWAY_LISTENER, NULL);
  self->mesh = g_object_ref (mesh);
  self->pod = json_node_ref (pod);
  self->port = port;
  self->http = practice_http_server_new (handler, NULL, NULL);
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, error))
    return NULL;
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);

  return g_steal_pointer (&self);
}

/**
 * practice_gateway_listener_stop:
 * @self: a listener
 *
 * Ends all its connections; it listens no more. May be called twice.
 */
void
practice_gateway_listener_stop (PracticeGatewayListener *self)
{
  g_return_if_fail (PRACTICE_IS_GATEWAY_LISTENER (self));

  g_cancellable_cancel (self->cancellable);
  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);
  if (self->http != NULL)
    practice_http_server_stop (self->http);
  g_clear_object (&self->http);
}
