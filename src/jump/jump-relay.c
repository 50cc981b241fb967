/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "jump-relay.h"

/**
 * JumpRelay:
 *
 * Listens on a Unix socket and hands each connection to its subclass, which carries the bytes to
 * the place. Connections above a limit are closed at once: one that waits would look like a place
 * that does not answer.
 */

typedef struct {
  char *path;              /* (nullable) (owned): while it listens */
  GSocketService *service; /* (nullable) (owned) */
  GCancellable *cancelled;
  guint max_clients;
  guint n_clients;
} JumpRelayPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (JumpRelay, jump_relay, G_TYPE_OBJECT)

static void
served_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  JumpRelay *self = JUMP_RELAY (object);
  JumpRelayPrivate *priv = jump_relay_get_instance_private (self);
  g_autoptr (GSocketConnection) client = user_data;
  g_autoptr (GError) error = NULL;

  priv->n_clients--;
  if (!JUMP_RELAY_GET_CLASS (self)->serve_finish (self, result, &error))
    g_debug ("%s: %s", priv->path != NULL ? priv->path : "closed relay", error->message);
  g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
}

static gboolean
incoming_cb (JumpRelay *self, GSocketConnection *client)
{
  JumpRelayPrivate *priv = jump_relay_get_instance_private (self);

  if (priv->n_clients >= priv->max_clients) {
    g_io_stream_close (G_IO_STREAM (client), NULL, NULL);
    return TRUE;
  }
  priv->n_clients++;
  JUMP_RELAY_GET_CLASS (self)->serve_async (self, client, priv->cancelled, served_cb,
                                            g_object_ref (client));
  return TRUE;
}

static void
jump_relay_dispose (GObject *object)
{
  jump_relay_close (JUMP_RELAY (object));

  G_OBJECT_CLASS (jump_relay_parent_class)->dispose (object);
}

static void
jump_relay_finalize (GObject *object)
{
  JumpRelayPrivate *priv = jump_relay_get_instance_private (JUMP_RELAY (object));

  g_clear_object (&priv->cancelled);

  G_OBJECT_CLASS (jump_relay_parent_class)->finalize (object);
}

static void
jump_relay_class_init (JumpRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jump_relay_dispose;
  object_class->finalize = jump_relay_finalize;
}

static void
jump_relay_init (JumpRelay *self)
{
  JumpRelayPrivate *priv = jump_relay_get_instance_private (self);

  priv->cancelled = g_cancellable_new ();
}

/**
 * jump_relay_listen:
 * @path: where the socket is to be, in a folder that others cannot enter; a file there that an
 *   earlier socket left is removed
 * @max_clients: how many connections it carries at once
 *
 * Returns: whether it listens
 */
gboolean
jump_relay_listen (JumpRelay *self, const char *path, guint max_clients, GError **error)
{
  JumpRelayPrivate *priv = jump_relay_get_instance_private (self);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketService) service = NULL;

  g_return_val_if_fail (JUMP_IS_RELAY (self), FALSE);
  g_return_val_if_fail (priv->service == NULL, FALSE);

  g_unlink (path);
  address = g_unix_socket_address_new (path);
  service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error))
    return FALSE;
  g_signal_connect_object (service, "incoming", G_CALLBACK (incoming_cb), self, G_CONNECT_SWAPPED);
  priv->service = g_steal_pointer (&service);
  priv->path = g_strdup (path);
  priv->max_clients = max_clients;
  return TRUE;
}

/**
 * jump_relay_close:
 *
 * Listens no more and ends the connections that it carries; it may listen again. To be called
 * before the last reference is dropped, since each of them holds one.
 */
void
jump_relay_close (JumpRelay *self)
{
  JumpRelayPrivate *priv = jump_relay_get_instance_private (self);

  g_return_if_fail (JUMP_IS_RELAY (self));

  if (priv->service != NULL) {
    g_socket_service_stop (priv->service);
    g_socket_listener_close (G_SOCKET_LISTENER (priv->service));
  }
  g_clear_object (&priv->service);
  if (priv->path != NULL)
    g_unlink (priv->path);
  g_clear_pointer (&priv->path, g_free);
  g_cancellable_cancel (priv->cancelled);
  g_clear_object (&priv->cancelled);
  priv->cancelled = g_cancellable_new ();
}
