/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-forwarder.h"

#include "base-splice.h"

/**
 * PracticeForwarder:
 *
 * What kube-proxy's rules, or a load balancer, do with one address and port: each connection goes
 * where the fabric leads it. Those that are open stay where they are when that changes, as they do
 * with connection tracking.
 */
struct _PracticeForwarder {
  GObject parent_instance;

  PracticeFabric *fabric;
  char *address;
  guint16 port;
  GSocketService *service;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (PracticeForwarder, practice_forwarder, G_TYPE_OBJECT)

typedef struct {
  GSocketConnection *client;
  GCancellable *cancellable;
} Pending;

static void
pending_free (Pending *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  g_autoptr (GIOStream) target =
    practice_fabric_connect_finish (PRACTICE_FABRIC (source), result, NULL);

  /* A pod that just went: the client sees its connection close, as it would in a cluster. */
  if (target == NULL)
    g_socket_close (g_socket_connection_get_socket (pending->client), NULL);
  else
    base_splice_async (pending->client, G_SOCKET_CONNECTION (target), pending->cancellable, NULL,
                       NULL);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *client,
             GObject *source,
             PracticeForwarder *self)
{
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (client, NULL);
  g_autoptr (PracticePeer) peer = NULL;
  g_autofree char *from = NULL;
  Pending *pending;

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return FALSE;
  from =
    g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  peer = practice_peer_new (from, NULL, NULL);
  pending = g_new0 (Pending, 1);
  pending->client = g_object_ref (client);
  pending->cancellable = g_object_ref (self->cancellable);
  practice_fabric_connect_async (self->fabric, peer, self->address, self->port, self->cancellable,
                                 connected_cb, pending);
  return TRUE;
}

static void
practice_forwarder_dispose (GObject *object)
{
  PracticeForwarder *self = PRACTICE_FORWARDER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);
  g_clear_object (&self->fabric);

  G_OBJECT_CLASS (practice_forwarder_parent_class)->dispose (object);
}

static void
practice_forwarder_finalize (GObject *object)
{
  PracticeForwarder *self = PRACTICE_FORWARDER (object);

  g_free (self->address);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (practice_forwarder_parent_class)->finalize (object);
}

static void
practice_forwarder_class_init (PracticeForwarderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_forwarder_dispose;
  object_class->finalize = practice_forwarder_finalize;
}

static void
practice_forwarder_init (PracticeForwarder *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * practice_forwarder_new:
 * @fabric: where connections are carried to
 * @network: the network to listen in, the fabric's
 * @address: IPv4 address of that network
 * @port: TCP port
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a forwarder that listens
 */
PracticeForwarder *
practice_forwarder_new (PracticeFabric *fabric,
                        PracticeNetwork *network,
                        const char *address,
                        guint16 port,
                        GError **error)
{
  g_autoptr (PracticeForwarder) self = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);
  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);

  socket = practice_network_listen (network, G_SOCKET_TYPE_STREAM, address, port, error);
  if (socket == NULL)
    return NULL;

  self = g_object_new (PRACTICE_TYPE_FORWARDER, NULL);
  self->fabric = g_object_ref (fabric);
  self->address = g_strdup (address);
  self->port = port;
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, error))
    return NULL;
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);

  return g_steal_pointer (&self);
}
