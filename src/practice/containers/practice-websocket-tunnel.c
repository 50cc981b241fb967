/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-websocket-tunnel.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-websocket.h"
#include "practice-wire.h"

struct _PracticeWebsocketTunnel {
  GObject parent_instance;
  PracticeWebsocket *websocket;
  PracticeWire *inner;
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeWebsocketTunnel, practice_websocket_tunnel, G_TYPE_OBJECT)

/* Gives up the reference that kept it alive. */
static void
end (PracticeWebsocketTunnel *self)
{
  g_autoptr (PracticeWebsocketTunnel) alive = NULL;

  if (self->is_over)
    return;
  self->is_over = TRUE;
  alive = self;
  g_signal_handlers_disconnect_by_data (self->websocket, self);
  g_signal_handlers_disconnect_by_data (self->inner, self);
  practice_websocket_finish (self->websocket);
  practice_wire_finish (self->inner);
}

static void
message_cb (PracticeWebsocket *websocket, GBytes *message, PracticeWebsocketTunnel *self)
{
  practice_wire_send (self->inner, message);
  if (practice_wire_is_full (self->inner))
    practice_websocket_set_reading (websocket, FALSE);
}

static void
inner_data_cb (PracticeWire *inner, GBytes *bytes, PracticeWebsocketTunnel *self)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  practice_websocket_send (self->websocket, data, size);
  if (practice_websocket_is_full (self->websocket))
    practice_wire_set_reading (inner, FALSE);
}

static void
inner_drained_cb (PracticeWire *inner, PracticeWebsocketTunnel *self)
{
  practice_websocket_set_reading (self->websocket, TRUE);
}

static void
drained_cb (PracticeWebsocket *websocket, PracticeWebsocketTunnel *self)
{
  practice_wire_set_reading (self->inner, TRUE);
}

static void
closed_cb (GObject *source, PracticeWebsocketTunnel *self)
{
  end (self);
}

static void
practice_websocket_tunnel_dispose (GObject *object)
{
  PracticeWebsocketTunnel *self = PRACTICE_WEBSOCKET_TUNNEL (object);

  g_clear_object (&self->websocket);
  g_clear_object (&self->inner);

  G_OBJECT_CLASS (practice_websocket_tunnel_parent_class)->dispose (object);
}

static void
practice_websocket_tunnel_class_init (PracticeWebsocketTunnelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_websocket_tunnel_dispose;
}

static void
practice_websocket_tunnel_init (PracticeWebsocketTunnel *self)
{
}

/* Two ends of a connection with nothing between. */
static gboolean
open_pair (GSocketConnection *ends[2], GError **error)
{
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GSocket) socket = g_socket_new_from_fd (fds[i], error);

    if (socket == NULL) {
      for (guint j = i; j < 2; j++)
        close (fds[j]);
      if (i > 0)
        g_clear_object (&ends[0]);
      return FALSE;
    }
    ends[i] = g_socket_connection_factory_create_connection (socket);
  }
  return TRUE;
}

/**
 * practice_websocket_tunnel_open:
 * @stream: a connection on which a WebSocket's handshake is done
 * @error: return location
 *
 * Carries a stream of bytes in binary messages, as port-forward does since Kubernetes 1.30
 * (KEP-4006).
 *
 * Returns: (transfer full) (nullable): the stream
 */
GIOStream *
practice_websocket_tunnel_open (GIOStream *stream, GError **error)
{
  PracticeWebsocketTunnel *self;
  GSocketConnection *ends[2];

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  if (!open_pair (ends, error))
    return NULL;
  self = g_object_new (PRACTICE_TYPE_WEBSOCKET_TUNNEL, NULL);
  self->websocket = practice_websocket_new (stream);
  self->inner = practice_wire_new (G_IO_STREAM (ends[0]));
  g_clear_object (&ends[0]);
  g_signal_connect_object (self->websocket, "message", G_CALLBACK (message_cb), self, 0);
  g_signal_connect_object (self->websocket, "drained", G_CALLBACK (drained_cb), self, 0);
  g_signal_connect_object (self->websocket, "closed", G_CALLBACK (closed_cb), self, 0);
  g_signal_connect_object (self->inner, "data", G_CALLBACK (inner_data_cb), self, 0);
  g_signal_connect_object (self->inner, "drained", G_CALLBACK (inner_drained_cb), self, 0);
  g_signal_connect_object (self->inner, "end", G_CALLBACK (closed_cb), self, 0);
  g_signal_connect_object (self->inner, "closed", G_CALLBACK (closed_cb), self, 0);
  practice_websocket_set_reading (self->websocket, TRUE);
  practice_wire_set_reading (self->inner, TRUE);
  return G_IO_STREAM (ends[1]);
}
