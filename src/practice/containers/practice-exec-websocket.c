/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-websocket.h"

#include <string.h>

#include "base-source.h"
#include "practice-websocket.h"

/* The first byte of each message
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/, k8s.io/apimachinery
 * pkg/util/remotecommand). */
enum {
  CHANNEL_INPUT = 0,
  CHANNEL_ERROR = 3,
  CHANNEL_RESIZE = 4,
  CHANNEL_CLOSE = 255, /* v5: the second byte names what is closed */
};

/* How long a client may keep the answer to a ping to itself. */
#define PATIENCE_MS 1000

struct _PracticeExecWebsocket {
  PracticeExecStreams parent_instance;
  PracticeWebsocket *websocket;
  GSource *patience; /* (nullable): until it is ready */
};

G_DEFINE_FINAL_TYPE (PracticeExecWebsocket, practice_exec_websocket, PRACTICE_TYPE_EXEC_STREAMS)

static void
handle (PracticeExecWebsocket *self, GBytes *message)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  g_autoptr (GBytes) rest = NULL;

  if (size == 0)
    return;
  rest = g_bytes_new_from_bytes (message, 1, size - 1);
  if (data[0] == CHANNEL_INPUT && size > 1)
    g_signal_emit_by_name (self, "input", rest);
  else if (data[0] == CHANNEL_RESIZE)
    practice_exec_streams_take_sizes (PRACTICE_EXEC_STREAMS (self), rest);
  else if (data[0] == CHANNEL_CLOSE && size > 1 && data[1] == CHANNEL_INPUT)
    g_signal_emit_by_name (self, "input-ended");
}

static void
become_ready (PracticeExecWebsocket *self)
{
  if (self->patience == NULL)
    return;
  base_source_clear (&self->patience);
  g_signal_emit_by_name (self, "ready");
}

/* Who sends on a stream has made them. */
static void
message_cb (PracticeWebsocket *websocket, GBytes *message, PracticeExecWebsocket *self)
{
  g_autoptr (PracticeExecWebsocket) alive = g_object_ref (self);

  become_ready (self);
  handle (self, message);
}

static void
pong_cb (PracticeWebsocket *websocket, PracticeExecWebsocket *self)
{
  become_ready (self);
}

static gboolean
patience_cb (gpointer user_data)
{
  become_ready (user_data);
  return G_SOURCE_REMOVE;
}

static void
drained_cb (PracticeWebsocket *websocket, PracticeExecWebsocket *self)
{
  g_signal_emit_by_name (self, "drained");
}

static void
closed_cb (PracticeWebsocket *websocket, PracticeExecWebsocket *self)
{
  g_signal_emit_by_name (self, "closed");
}

static void
send_on (PracticeExecWebsocket *self, guint8 channel, gconstpointer data, gsize size)
{
  g_autoptr (GByteArray) message = g_byte_array_sized_new (size + 1);

  g_byte_array_append (message, &channel, 1);
  if (size > 0)
    g_byte_array_append (message, data, size);
  practice_websocket_send (self->websocket, message->data, message->len);
}

/* kubectl up to 1.32 begins to read before it has made its streams, and drops what comes for one
 * that it has not. Against a server as near as this that would happen. Who has answered a ping
 * reads. */
static void
practice_exec_websocket_start (PracticeExecStreams *streams)
{
  PracticeExecWebsocket *self = PRACTICE_EXEC_WEBSOCKET (streams);

  self->patience = g_timeout_source_new (PATIENCE_MS);
  g_source_set_callback (self->patience, patience_cb, self, NULL);
  g_source_attach (self->patience, NULL);
  practice_websocket_set_reading (self->websocket, TRUE);
  practice_websocket_ping (self->websocket);
}

static void
practice_exec_websocket_send (PracticeExecStreams *streams, guint number, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  send_on (PRACTICE_EXEC_WEBSOCKET (streams), number, data, size);
}

static gboolean
practice_exec_websocket_is_full (PracticeExecStreams *streams)
{
  return practice_websocket_is_full (PRACTICE_EXEC_WEBSOCKET (streams)->websocket);
}

static void
practice_exec_websocket_set_reading (PracticeExecStreams *streams, gboolean reading)
{
  practice_websocket_set_reading (PRACTICE_EXEC_WEBSOCKET (streams)->websocket, reading);
}

static void
practice_exec_websocket_finish (PracticeExecStreams *streams, const char *status)
{
  PracticeExecWebsocket *self = PRACTICE_EXEC_WEBSOCKET (streams);

  send_on (self, CHANNEL_ERROR, status, strlen (status));
  practice_websocket_finish (self->websocket);
}

static void
practice_exec_websocket_close (PracticeExecStreams *streams)
{
  PracticeExecWebsocket *self = PRACTICE_EXEC_WEBSOCKET (streams);

  if (self->websocket != NULL)
    practice_websocket_close (self->websocket);
}

static void
practice_exec_websocket_dispose (GObject *object)
{
  PracticeExecWebsocket *self = PRACTICE_EXEC_WEBSOCKET (object);

  G_OBJECT_CLASS (practice_exec_websocket_parent_class)->dispose (object);

  base_source_clear (&self->patience);
  g_clear_object (&self->websocket);
}

static void
practice_exec_websocket_class_init (PracticeExecWebsocketClass *klass)
{
  PracticeExecStreamsClass *streams_class = PRACTICE_EXEC_STREAMS_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = practice_exec_websocket_dispose;

  streams_class->start = practice_exec_websocket_start;
  streams_class->send = practice_exec_websocket_send;
  streams_class->is_full = practice_exec_websocket_is_full;
  streams_class->set_reading = practice_exec_websocket_set_reading;
  streams_class->finish = practice_exec_websocket_finish;
  streams_class->close = practice_exec_websocket_close;
}

static void
practice_exec_websocket_init (PracticeExecWebsocket *self)
{
}

/**
 * practice_exec_websocket_new:
 * @stream: a connection on which the handshake is done
 * @options: what the client wants; copied
 *
 * Returns: (transfer full): its streams, not yet started
 */
PracticeExecStreams *
practice_exec_websocket_new (GIOStream *stream, const PracticeExecOptions *options)
{
  PracticeExecWebsocket *self =
    g_object_new (PRACTICE_TYPE_EXEC_WEBSOCKET, "options", options, NULL);

  self->websocket = practice_websocket_new (stream);
  g_signal_connect_object (self->websocket, "message", G_CALLBACK (message_cb), self, 0);
  g_signal_connect_object (self->websocket, "pong", G_CALLBACK (pong_cb), self, 0);
  g_signal_connect_object (self->websocket, "drained", G_CALLBACK (drained_cb), self, 0);
  g_signal_connect_object (self->websocket, "closed", G_CALLBACK (closed_cb), self, 0);
  return PRACTICE_EXEC_STREAMS (self);
}
