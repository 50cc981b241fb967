/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a client sends on a WebSocket (RFC 6455): bytes in, whole messages out. */
typedef enum {
  PRACTICE_WEBSOCKET_MESSAGE = 2, /* binary or text */
  PRACTICE_WEBSOCKET_CLOSE = 8,
  PRACTICE_WEBSOCKET_PING = 9,
  PRACTICE_WEBSOCKET_PONG = 10,
} PracticeWebsocketType;

typedef struct {
  PracticeWebsocketType type;
  GBytes *data;
} PracticeWebsocketEvent;

void practice_websocket_event_free (PracticeWebsocketEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeWebsocketEvent, practice_websocket_event_free)

typedef struct _PracticeWebsocketReader PracticeWebsocketReader;

PracticeWebsocketReader *practice_websocket_reader_new (void);
void
practice_websocket_reader_push (PracticeWebsocketReader *self, gconstpointer data, gsize length);
/* The next event; NULL: more bytes are needed, or, with @error, there never will be another. */
PracticeWebsocketEvent *
practice_websocket_reader_take (PracticeWebsocketReader *self, GError **error);
void practice_websocket_reader_free (PracticeWebsocketReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeWebsocketReader, practice_websocket_reader_free)

/* (transfer full): a frame of a server. */
GBytes *practice_websocket_frame_new (PracticeWebsocketType type, gconstpointer data, gsize length);
/* (transfer full): what a server answers to a client's Sec-WebSocket-Key. */
char *practice_websocket_dup_accept (const char *key);

G_END_DECLS
