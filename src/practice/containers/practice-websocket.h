/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's side of a WebSocket after its handshake. Answers pings, and a close. */
#define PRACTICE_TYPE_WEBSOCKET (practice_websocket_get_type ())
G_DECLARE_FINAL_TYPE (PracticeWebsocket, practice_websocket, PRACTICE, WEBSOCKET, GObject)

PracticeWebsocket *practice_websocket_new (GIOStream *stream);
void practice_websocket_send (PracticeWebsocket *self, gconstpointer data, gsize length);
void practice_websocket_ping (PracticeWebsocket *self);
gboolean practice_websocket_is_full (PracticeWebsocket *self);
void practice_websocket_set_reading (PracticeWebsocket *self, gboolean reading);
/* Says goodbye and closes. */
void practice_websocket_finish (PracticeWebsocket *self);
void practice_websocket_close (PracticeWebsocket *self);

/* Signals: "message" (GBytes *); "pong"; "drained"; "closed": by the other side. */

G_END_DECLS
