/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-forwarder.h"

#include "base-splice.h"
#include "practice-endpoint.h"

/**
 * PracticeForwarder:
 *
 * What kube-proxy's rules, or a load balancer, do with one address and port: each connection
 * goes to the next target. Connections that are open stay where they are when the targets
 * change, as they do with connection tracking.
 */
struct _PracticeForwarder {
  GObject parent_instance;

  PracticeNetwork *network;
  GSocketService *service;
  GPtrArray *targets; /* of PracticeEndpoint */
  guint next;
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
  g_autoptr (GSocketConnection) target =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, NULL);

  /* A pod that just went: the client sees its connection close, as it would in a cluster. */
  if (target == NULL)
    g_socket_close (g_socket_connection_get_socket (pending->client), NULL);
  else
    base_splice_async (pending->client, target, pending->cancellable, NULL, NULL);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *client,
             GObject *source,
             PracticeForwarder *self)
{
  const PracticeEndpoint *target;
  Pending *pending;

  if (self->targets->len == 0)
    return FALSE;

  target = g_ptr_array_index (self->targets, self->next++ % self->targets->len);
  pending = g_new0 (Pending, 1);
  pending->client = g_object_ref (client);
  pending->cancellable = g_object_ref (self->cancellable);
  practice_network_connect_async (self->network, target->address, target->port, self->cancellable,
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
  g_clear_object (&self->network);

  G_OBJECT_CLASS (practice_forwarder_parent_class)->dispose (object);
}

static void
practice_forwarder_finalize (GObject *object)
{
  PracticeForwarder *self = PRACTICE_FORWARDER (object);

  g_ptr_array_unref (self->targets);
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
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_endpoint_free);
  self->cancellable = g_cancellable_new ();
}

/**
 * practice_forwarder_new:
 * @network: the network to listen in
 * @address: IPv4 address of that network
 * @port: TCP port
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a forwarder that listens, without targets yet
 */
PracticeForwarder *
practice_forwarder_new (PracticeNetwork *network, const char *address, guint16 port, GError **error)
{
  g_autoptr (PracticeForwarder) self = NULL;
  g_autoptr (GSocket) socket = NULL;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);

  socket = practice_network_listen (network, G_SOCKET_TYPE_STREAM, address, port, error);
  if (socket == NULL)
    return NULL;

  self = g_object_new (PRACTICE_TYPE_FORWARDER, NULL);
  self->network = g_object_ref (network);
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, error))
    return NULL;
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);

  return g_steal_pointer (&self);
}

/**
 * practice_forwarder_set_targets:
 * @self: a forwarder
 * @targets: (element-type PracticeEndpoint): where to
 *
 * Says where new connections go.
 */
void
practice_forwarder_set_targets (PracticeForwarder *self, GPtrArray *targets)
{
  g_return_if_fail (PRACTICE_IS_FORWARDER (self));

  g_ptr_array_set_size (self->targets, 0);
  for (guint i = 0; i < targets->len; i++)
    g_ptr_array_add (self->targets, practice_endpoint_copy (g_ptr_array_index (targets, i)));
}
