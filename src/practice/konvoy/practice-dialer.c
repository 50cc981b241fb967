/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-dialer.h"

#include "practice-connection-pair.h"
#include "practice-fabric-door.h"
#include "practice-http-server.h"
#include "practice-pod-route.h"

#define HTTPS_PORT 443
/* Who connects, where nobody has an address: somebody outside the cluster. */
#define OUTSIDE "10.210.0.2"

struct _PracticeDialer {
  GObject parent_instance;

  PracticeNetwork *network; /* (nullable) */
  PracticeFabric *fabric;
  PracticeSites *sites;
  PracticePeer *peer;
  PracticeHttpHandler *outbound; /* (nullable): of a pod */
  GHashTable *servers;           /* "address:port" to PracticeHttpServer */
};

G_DEFINE_FINAL_TYPE (PracticeDialer, practice_dialer, G_TYPE_OBJECT)

typedef struct {
  char *address;
  guint16 port;
} Target;

static void
target_free (gpointer data)
{
  Target *self = data;

  g_free (self->address);
  g_free (self);
}

static void
server_free (gpointer data)
{
  g_autoptr (PracticeHttpServer) server = data;

  practice_http_server_stop (server);
}

/* (transfer full): what answers at @target. A pod's own requests are led as on a real socket. */
static PracticeHttpHandler *
new_handler (PracticeDialer *self, const Target *target)
{
  const PracticePodRouteSpec spec = {
    self->fabric,    self->outbound, self->peer,
    target->address, target->port,   PRACTICE_POD_ROUTE_HTTP,
  };

  if (practice_sites_has_address (self->sites, target->address))
    return g_object_ref (practice_sites_get_handler (self->sites));
  if (self->outbound != NULL)
    return PRACTICE_HTTP_HANDLER (practice_pod_route_new (NULL, &spec));
  return PRACTICE_HTTP_HANDLER (
    practice_fabric_door_new (self->fabric, target->address, target->port));
}

static PracticeHttpServer *
ensure_server (PracticeDialer *self, const Target *target)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", target->address, target->port);
  PracticeHttpServer *server = g_hash_table_lookup (self->servers, key);
  g_autoptr (PracticeHttpHandler) handler = NULL;

  if (server != NULL)
    return server;
  handler = new_handler (self, target);
  server = practice_http_server_new (handler, self->peer, NULL);
  g_hash_table_insert (self->servers, g_steal_pointer (&key), server);

  return server;
}

static GSocketConnection *
connect_http (PracticeDialer *self, const Target *target, GError **error)
{
  g_autoptr (GSocketConnection) near_end = NULL;
  g_autoptr (GSocketConnection) far_end = NULL;
  g_autoptr (GIOStream) stream = NULL;

  if (!practice_connection_pair_open (&near_end, &far_end, error))
    return NULL;
  if (target->port == HTTPS_PORT)
    stream = g_tls_server_connection_new (G_IO_STREAM (far_end),
                                          practice_sites_get_certificate (self->sites), error);
  else
    stream = G_IO_STREAM (g_object_ref (far_end));
  if (stream == NULL || !practice_http_server_accept (ensure_server (self, target), stream, error))
    return NULL;

  return g_steal_pointer (&near_end);
}

static void
return_connection (GTask *task)
{
  PracticeDialer *self = g_task_get_source_object (task);
  const Target *target = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection = connect_http (self, target, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The fabric has let it through policies and found a pod; where HTTP is spoken it has no socket. */
static void
fabric_connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream =
    practice_fabric_connect_finish (PRACTICE_FABRIC (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    return_connection (task);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&stream), g_object_unref);
}

static void
practice_dialer_dispose (GObject *object)
{
  PracticeDialer *self = PRACTICE_DIALER (object);

  practice_dialer_stop (self);
  g_clear_object (&self->sites);
  g_clear_object (&self->fabric);
  g_clear_object (&self->network);
  g_clear_object (&self->outbound);

  G_OBJECT_CLASS (practice_dialer_parent_class)->dispose (object);
}

static void
practice_dialer_finalize (GObject *object)
{
  PracticeDialer *self = PRACTICE_DIALER (object);

  g_hash_table_unref (self->servers);
  g_clear_pointer (&self->peer, practice_peer_free);

  G_OBJECT_CLASS (practice_dialer_parent_class)->finalize (object);
}

static void
practice_dialer_class_init (PracticeDialerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_dialer_dispose;
  object_class->finalize = practice_dialer_finalize;
}

static void
practice_dialer_init (PracticeDialer *self)
{
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, server_free);
}

/**
 * practice_dialer_new:
 * @network: (nullable): real sockets
 * @fabric: what answers without them
 * @sites: what else there is
 *
 * Returns: (transfer full): a dialer
 */
PracticeDialer *
practice_dialer_new (PracticeNetwork *network, PracticeFabric *fabric, PracticeSites *sites)
{
  PracticeDialer *self;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);
  g_return_val_if_fail (PRACTICE_IS_SITES (sites), NULL);

  self = g_object_new (PRACTICE_TYPE_DIALER, NULL);
  g_set_object (&self->network, network);
  self->fabric = g_object_ref (fabric);
  self->sites = g_object_ref (sites);
  self->peer = practice_peer_new (OUTSIDE, NULL, NULL);

  return self;
}

/**
 * practice_dialer_new_for_pod:
 * @parent: the jumpserver's, without a network
 * @peer: a pod
 * @outbound: where requests of pods with a sidecar go
 *
 * Returns: (transfer full): a dialer that connects as the pod
 */
PracticeDialer *
practice_dialer_new_for_pod (PracticeDialer *parent,
                             const PracticePeer *peer,
                             PracticeHttpHandler *outbound)
{
  PracticeDialer *self;

  g_return_val_if_fail (PRACTICE_IS_DIALER (parent), NULL);
  g_return_val_if_fail (peer != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_DIALER, NULL);
  self->fabric = g_object_ref (parent->fabric);
  self->sites = g_object_ref (parent->sites);
  self->peer = practice_peer_copy (peer);
  g_set_object (&self->outbound, outbound);

  return self;
}

/**
 * practice_dialer_stop:
 * @self: a dialer
 *
 * Ends what was connected without real sockets.
 */
void
practice_dialer_stop (PracticeDialer *self)
{
  g_return_if_fail (PRACTICE_IS_DIALER (self));

  g_hash_table_remove_all (self->servers);
}

/**
 * practice_dialer_connect_async:
 * @self: a dialer
 * @address: an IPv4 address in the practice network
 * @port: the port there
 * @cancellable: (nullable): ends the waiting
 * @callback: called when connected or not
 * @user_data: data of @callback
 *
 * Opens a connection. Without real sockets it is to a program of ours: one that speaks HTTP, with
 * TLS at port 443, or what its pod has besides.
 */
void
practice_dialer_connect_async (PracticeDialer *self,
                               const char *address,
                               guint16 port,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Target *target;

  g_return_if_fail (PRACTICE_IS_DIALER (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_dialer_connect_async);
  target = g_new (Target, 1);
  target->address = g_strdup (address);
  target->port = port;
  g_task_set_task_data (task, target, target_free);

  if (self->network != NULL) {
    practice_network_connect_async (self->network, address, port, cancellable,
                                    practice_network_return_connection, g_steal_pointer (&task));
  } else if (practice_sites_has_address (self->sites, address)) {
    return_connection (task);
  } else {
    practice_fabric_connect_async (self->fabric, self->peer, address, port, cancellable,
                                   fabric_connected_cb, g_steal_pointer (&task));
  }
}

/**
 * practice_dialer_connect_finish:
 * @self: a dialer
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the connection; %NULL with the errors of
 *   practice_network_connect_finish()
 */
GSocketConnection *
practice_dialer_connect_finish (PracticeDialer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
