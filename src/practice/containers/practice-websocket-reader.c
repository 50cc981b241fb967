/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-websocket-reader.h"

#include <string.h>

/* kubectl sends at most 32 KiB in one message. */
#define MAX_MESSAGE (1024 * 1024)
#define MAX_CONTROL 125

#define FINAL 0x80
#define RESERVED 0x70
#define MASKED 0x80

#define KEY_SUFFIX "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

enum {
  OPCODE_CONTINUATION = 0,
  OPCODE_TEXT = 1,
  OPCODE_BINARY = 2,
};

struct _PracticeWebsocketReader {
  GByteArray *input;
  GByteArray *message; /* (nullable): the parts of a message so far */
  GError *error;       /* (nullable): what ended it */
};

typedef struct {
  guint8 opcode;
  gboolean is_final;
  gsize header; /* length of the frame's header */
  guint64 length;
  guint8 mask[4];
} Frame;

/**
 * practice_websocket_event_free:
 * @self: (transfer full): an event
 *
 * Frees @self.
 */
void
practice_websocket_event_free (PracticeWebsocketEvent *self)
{
  g_bytes_unref (self->data);
  g_free (self);
}

static void
fail (PracticeWebsocketReader *self, const char *why)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, why);
}

/* Whether the header is there; see RFC 6455, 5.2. */
static gboolean
read_header (PracticeWebsocketReader *self, Frame *frame)
{
  const guint8 *data = self->input->data;
  guint length_size = 0;

  if (self->input->len < 2)
    return FALSE;
  frame->opcode = data[0] & 0x0f;
  frame->is_final = (data[0] & FINAL) != 0;
  frame->length = data[1] & 0x7f;
  if ((data[0] & RESERVED) != 0 || (data[1] & MASKED) == 0) {
    fail (self, "a frame is not one of a client");
    return FALSE;
  }
  if (frame->length == 126)
    length_size = 2;
  else if (frame->length == 127)
    length_size = 8;
  frame->header = 2 + length_size + 4;
  if (self->input->len < frame->header)
    return FALSE;
  if (length_size > 0)
    frame->length = 0;
  for (guint i = 0; i < length_size; i++)
    frame->length = frame->length << 8 | data[2 + i];
  memcpy (frame->mask, data + 2 + length_size, 4);
  return TRUE;
}

static gboolean
check_frame (PracticeWebsocketReader *self, const Frame *frame)
{
  gboolean is_control = frame->opcode >= 8;
  gsize before = self->message != NULL && !is_control ? self->message->len : 0;

  if (is_control && (!frame->is_final || frame->length > MAX_CONTROL))
    fail (self, "a control frame is too long");
  else if (frame->opcode > PRACTICE_WEBSOCKET_PONG ||
           (!is_control && frame->opcode > OPCODE_BINARY))
    fail (self, "a frame is of no known type");
  else if (!is_control && (frame->opcode == OPCODE_CONTINUATION) != (self->message != NULL))
    fail (self, "the parts of a message are out of order");
  else if (frame->length > MAX_MESSAGE - before)
    fail (self, "a message is too long");
  return self->error == NULL;
}

static PracticeWebsocketEvent *
event_new (PracticeWebsocketType type, GByteArray *data)
{
  PracticeWebsocketEvent *event = g_new (PracticeWebsocketEvent, 1);

  event->type = type;
  event->data = g_byte_array_free_to_bytes (data);
  return event;
}

static GByteArray *
take_payload (PracticeWebsocketReader *self, const Frame *frame)
{
  GByteArray *payload = g_byte_array_sized_new (frame->length);

  g_byte_array_append (payload, self->input->data + frame->header, frame->length);
  for (gsize i = 0; i < frame->length; i++)
    payload->data[i] ^= frame->mask[i % 4];
  g_byte_array_remove_range (self->input, 0, frame->header + frame->length);
  return payload;
}

/* Whether a frame was there. */
static gboolean
take_frame (PracticeWebsocketReader *self, PracticeWebsocketEvent **event)
{
  GByteArray *payload;
  Frame frame;

  if (!read_header (self, &frame) || !check_frame (self, &frame) ||
      self->input->len - frame.header < frame.length)
    return FALSE;
  payload = take_payload (self, &frame);
  if (frame.opcode >= 8) {
    *event = event_new (frame.opcode, payload);
    return TRUE;
  }
  if (self->message == NULL) {
    self->message = payload;
  } else {
    g_byte_array_append (self->message, payload->data, payload->len);
    g_byte_array_unref (payload);
  }
  if (frame.is_final)
    *event = event_new (PRACTICE_WEBSOCKET_MESSAGE, g_steal_pointer (&self->message));
  return TRUE;
}

/**
 * practice_websocket_reader_new:
 *
 * Returns: (transfer full): a reader of what a client sends after the handshake
 */
PracticeWebsocketReader *
practice_websocket_reader_new (void)
{
  PracticeWebsocketReader *self = g_new0 (PracticeWebsocketReader, 1);

  self->input = g_byte_array_new ();
  return self;
}

/**
 * practice_websocket_reader_push:
 * @self: a reader
 * @data: what came
 * @length: its length
 *
 * Hands in bytes. Take all events before handing in more.
 */
void
practice_websocket_reader_push (PracticeWebsocketReader *self, gconstpointer data, gsize length)
{
  if (self->error == NULL)
    g_byte_array_append (self->input, data, length);
}

/**
 * practice_websocket_reader_take:
 * @self: a reader
 * @error: return location
 *
 * Takes the next event (RFC 6455, 5 and 6).
 *
 * Returns: (transfer full) (nullable): the event; %NULL where more bytes are needed, and with
 *   %G_IO_ERROR_INVALID_DATA where what came breaks the rules
 */
PracticeWebsocketEvent *
practice_websocket_reader_take (PracticeWebsocketReader *self, GError **error)
{
  PracticeWebsocketEvent *event = NULL;

  while (self->error == NULL && event == NULL && take_frame (self, &event))
    ;
  if (event == NULL && self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  return event;
}

/**
 * practice_websocket_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees @self.
 */
void
practice_websocket_reader_free (PracticeWebsocketReader *self)
{
  g_byte_array_unref (self->input);
  g_clear_pointer (&self->message, g_byte_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * practice_websocket_frame_new:
 * @type: what it is
 * @data: (nullable): what it carries
 * @length: its length
 *
 * Returns: (transfer full): a whole message, as a server sends it
 */
GBytes *
practice_websocket_frame_new (PracticeWebsocketType type, gconstpointer data, gsize length)
{
  GByteArray *frame = g_byte_array_sized_new (10 + length);
  guint8 header[10] = { FINAL | (guint8)type };
  guint length_size = 0;

  if (length < 126) {
    header[1] = (guint8)length;
  } else {
    length_size = length <= G_MAXUINT16 ? 2 : 8;
    header[1] = length_size == 2 ? 126 : 127;
    for (guint i = 0; i < length_size; i++)
      header[2 + i] = (guint8)((guint64)length >> 8 * (length_size - 1 - i));
  }
  g_byte_array_append (frame, header, 2 + length_size);
  if (length > 0)
    g_byte_array_append (frame, data, length);
  return g_byte_array_free_to_bytes (frame);
}

/**
 * practice_websocket_dup_accept:
 * @key: a client's Sec-WebSocket-Key
 *
 * Returns: (transfer full): the Sec-WebSocket-Accept that answers it (RFC 6455, 4.2.2)
 */
char *
practice_websocket_dup_accept (const char *key)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *)key, -1);
  g_checksum_update (checksum, (const guchar *)KEY_SUFFIX, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}
