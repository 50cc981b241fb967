/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-websocket.h"

#include "practice-websocket-reader.h"
#include "practice-wire.h"

/* A normal end (RFC 6455, 7.4.1), in network order. */
static const guint8 normal_end[] = { 1000 >> 8, 1000 & 0xff };

struct _PracticeWebsocket {
  GObject parent_instance;
  PracticeWire *wire;
  PracticeWebsocketReader *reader;
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeWebsocket, practice_websocket, G_TYPE_OBJECT)

enum {
  SIGNAL_MESSAGE,
  SIGNAL_PONG,
  SIGNAL_DRAINED,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
send_frame (PracticeWebsocket *self, PracticeWebsocketType type, gconstpointer data, gsize length)
{
  g_autoptr (GBytes) frame = practice_websocket_frame_new (type, data, length);

  practice_wire_send (self->wire, frame);
}

static void
end (PracticeWebsocket *self)
{
  if (self->is_over)
    return;
  self->is_over = TRUE;
  practice_wire_finish (self->wire);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
handle (PracticeWebsocket *self, PracticeWebsocketEvent *event)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (event->data, &size);

  switch (event->type) {
    case PRACTICE_WEBSOCKET_MESSAGE:
      g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, event->data);
      break;
    case PRACTICE_WEBSOCKET_PING:
      /* One that sends pings and reads nothing gets no more answers. */
      if (!practice_wire_is_full (self->wire))
        send_frame (self, PRACTICE_WEBSOCKET_PONG, data, size);
      break;
    case PRACTICE_WEBSOCKET_CLOSE:
      send_frame (self, PRACTICE_WEBSOCKET_CLOSE, data, MIN (size, 2));
      end (self);
      break;
    case PRACTICE_WEBSOCKET_PONG:
      g_signal_emit (self, signals[SIGNAL_PONG], 0);
      break;
    default:
      break;
  }
}

static void
data_cb (PracticeWire *wire, GBytes *bytes, PracticeWebsocket *self)
{
  g_autoptr (PracticeWebsocket) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  PracticeWebsocketEvent *event;
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  practice_websocket_reader_push (self->reader, data, size);
  while (!self->is_over &&
         (event = practice_websocket_reader_take (self->reader, &error)) != NULL) {
    handle (self, event);
    practice_websocket_event_free (event);
  }
  if (error != NULL)
    end (self);
}

static void
end_cb (PracticeWire *wire, PracticeWebsocket *self)
{
  end (self);
}

static void
drained_cb (PracticeWire *wire, PracticeWebsocket *self)
{
  g_signal_emit (self, signals[SIGNAL_DRAINED], 0);
}

static void
practice_websocket_dispose (GObject *object)
{
  PracticeWebsocket *self = PRACTICE_WEBSOCKET (object);

  practice_websocket_close (self);
  g_clear_object (&self->wire);

  G_OBJECT_CLASS (practice_websocket_parent_class)->dispose (object);
}

static void
practice_websocket_finalize (GObject *object)
{
  practice_websocket_reader_free (PRACTICE_WEBSOCKET (object)->reader);

  G_OBJECT_CLASS (practice_websocket_parent_class)->finalize (object);
}

static void
practice_websocket_class_init (PracticeWebsocketClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->dispose = practice_websocket_dispose;
  object_class->finalize = practice_websocket_finalize;

  signals[SIGNAL_MESSAGE] = g_signal_new ("message", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_PONG] =
    g_signal_new ("pong", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DRAINED] =
    g_signal_new ("drained", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] =
    g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_websocket_init (PracticeWebsocket *self)
{
  self->reader = practice_websocket_reader_new ();
}

/**
 * practice_websocket_new:
 * @stream: a connection on which the handshake is done
 *
 * Returns: (transfer full): the WebSocket, which reads when
 *   practice_websocket_set_reading() says so
 */
PracticeWebsocket *
practice_websocket_new (GIOStream *stream)
{
  PracticeWebsocket *self;

  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);

  self = g_object_new (PRACTICE_TYPE_WEBSOCKET, NULL);
  self->wire = practice_wire_new (stream);
  g_signal_connect_object (self->wire, "data", G_CALLBACK (data_cb), self, 0);
  g_signal_connect_object (self->wire, "end", G_CALLBACK (end_cb), self, 0);
  g_signal_connect_object (self->wire, "closed", G_CALLBACK (end_cb), self, 0);
  g_signal_connect_object (self->wire, "drained", G_CALLBACK (drained_cb), self, 0);
  return self;
}

/**
 * practice_websocket_send:
 * @self: a WebSocket
 * @data: what to send
 * @length: its length
 *
 * Sends one binary message.
 */
void
practice_websocket_send (PracticeWebsocket *self, gconstpointer data, gsize length)
{
  g_return_if_fail (PRACTICE_IS_WEBSOCKET (self));

  send_frame (self, PRACTICE_WEBSOCKET_MESSAGE, data, length);
}

/**
 * practice_websocket_ping:
 * @self: a WebSocket
 *
 * Asks for a sign that the client reads (RFC 6455, 5.5.2).
 */
void
practice_websocket_ping (PracticeWebsocket *self)
{
  g_return_if_fail (PRACTICE_IS_WEBSOCKET (self));

  send_frame (self, PRACTICE_WEBSOCKET_PING, NULL, 0);
}

/**
 * practice_websocket_is_full:
 * @self: a WebSocket
 *
 * Returns: whether to wait for "drained" before sending more
 */
gboolean
practice_websocket_is_full (PracticeWebsocket *self)
{
  g_return_val_if_fail (PRACTICE_IS_WEBSOCKET (self), FALSE);

  return practice_wire_is_full (self->wire);
}

/**
 * practice_websocket_set_reading:
 * @self: a WebSocket
 * @reading: whether messages are taken
 */
void
practice_websocket_set_reading (PracticeWebsocket *self, gboolean reading)
{
  g_return_if_fail (PRACTICE_IS_WEBSOCKET (self));

  practice_wire_set_reading (self->wire, reading);
}

/**
 * practice_websocket_finish:
 * @self: a WebSocket
 *
 * Ends it in order once all is sent.
 */
void
practice_websocket_finish (PracticeWebsocket *self)
{
  g_return_if_fail (PRACTICE_IS_WEBSOCKET (self));

  if (self->is_over)
    return;
  self->is_over = TRUE;
  send_frame (self, PRACTICE_WEBSOCKET_CLOSE, normal_end, sizeof normal_end);
  practice_wire_finish (self->wire);
}

/**
 * practice_websocket_close:
 * @self: a WebSocket
 *
 * Closes the connection, at once unless it is ending in order. May be called twice.
 */
void
practice_websocket_close (PracticeWebsocket *self)
{
  g_return_if_fail (PRACTICE_IS_WEBSOCKET (self));

  if (self->is_over)
    return;
  self->is_over = TRUE;
  practice_wire_close (self->wire);
}
