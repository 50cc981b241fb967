/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stream of bytes inside the messages of a WebSocket. Keeps itself alive until one of its sides
 * is closed. */
#define PRACTICE_TYPE_WEBSOCKET_TUNNEL (practice_websocket_tunnel_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeWebsocketTunnel, practice_websocket_tunnel, PRACTICE, WEBSOCKET_TUNNEL, GObject)

/* (transfer full) (nullable): the inner stream of @stream, on which the handshake is done. */
GIOStream *practice_websocket_tunnel_open (GIOStream *stream, GError **error);

G_END_DECLS
