/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-spdy-reader.h"

#include <string.h>
#include <zlib.h>

#include "practice-spdy-dictionary.h"

#define VERSION 3
#define HEADER_SIZE 8
#define STREAM_MASK 0x7fffffffu

/* Of a control frame, and of its header block when it is unpacked. kubectl's take some hundred
 * bytes. */
#define MAX_CONTROL (16 * 1024)
#define MAX_BLOCK (64 * 1024)
#define MAX_HEADERS 64

/* Types of control frames: draft-mbelshe-httpbis-spdy-00, 2.6. */
enum {
  SYN_STREAM = 1,
  SYN_REPLY = 2,
  RST_STREAM = 3,
  SETTINGS = 4,
  PING = 6,
  GOAWAY = 7,
  HEADERS = 8,
  WINDOW_UPDATE = 9,
};

#define FLAG_FIN 1

struct _PracticeSpdyReader {
  GByteArray *input;
  z_stream inflater; /* one for all header blocks */

  /* The data frame that is being read. */
  guint32 stream;
  gsize data_left;
  gboolean data_is_last;

  GError *error; /* (nullable): what ended it */
};

static PracticeSpdyEvent *
event_new (PracticeSpdyEventType type, guint32 stream)
{
  PracticeSpdyEvent *event = g_new0 (PracticeSpdyEvent, 1);

  event->type = type;
  event->stream = stream;
  return event;
}

/**
 * practice_spdy_event_free:
 * @self: (transfer full): an event
 *
 * Frees @self.
 */
void
practice_spdy_event_free (PracticeSpdyEvent *self)
{
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_free (self);
}

static guint32
get_number (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

G_GNUC_PRINTF (2, 3)
static void
fail (PracticeSpdyReader *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  self->error = g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, arguments);
  va_end (arguments);
}

/* Unpacks a header block: all of @data, and to its end. NULL where it is broken or too long. */
static GByteArray *
inflate_block (PracticeSpdyReader *self, const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  GBytes *dictionary = practice_spdy_dictionary_get ();
  guint8 buffer[4096];
  int result;

  self->inflater.next_in = (Bytef *)data;
  self->inflater.avail_in = length;
  do {
    self->inflater.next_out = buffer;
    self->inflater.avail_out = sizeof buffer;
    result = inflate (&self->inflater, Z_SYNC_FLUSH);
    if (result == Z_NEED_DICT) {
      gsize size;
      const guint8 *words = g_bytes_get_data (dictionary, &size);

      if (inflateSetDictionary (&self->inflater, words, size) != Z_OK)
        return NULL;
      result = Z_OK;
      continue;
    }
    /* Z_BUF_ERROR: nothing was left to do. */
    if (result != Z_OK && result != Z_BUF_ERROR)
      return NULL;
    g_byte_array_append (block, buffer, sizeof buffer - self->inflater.avail_out);
    if (block->len > MAX_BLOCK)
      return NULL;
  } while (result == Z_OK && (self->inflater.avail_in > 0 || self->inflater.avail_out == 0));
  return self->inflater.avail_in == 0 ? g_steal_pointer (&block) : NULL;
}

/* Takes a string with its length before it. */
static char *
take_string (const guint8 **data, gsize *left)
{
  guint32 length;
  char *text;

  if (*left < 4)
    return NULL;
  length = get_number (*data);
  if (length > *left - 4)
    return NULL;
  text = g_strndup ((const char *)*data + 4, length);
  *data += 4 + length;
  *left -= 4 + length;
  return text;
}

static GHashTable *
parse_block (const GByteArray *block)
{
  g_autoptr (GHashTable) headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const guint8 *data = block->data;
  gsize left = block->len;
  guint32 count;

  if (left < 4)
    return NULL;
  count = get_number (data);
  if (count > MAX_HEADERS)
    return NULL;
  data += 4;
  left -= 4;
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = take_string (&data, &left);
    g_autofree char *value = name != NULL ? take_string (&data, &left) : NULL;

    if (value == NULL)
      return NULL;
    g_hash_table_replace (headers, g_ascii_strdown (name, -1), g_steal_pointer (&value));
  }
  return left == 0 ? g_steal_pointer (&headers) : NULL;
}

/* (nullable): NULL with self->error */
static GHashTable *
read_block (PracticeSpdyReader *self, const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) block = inflate_block (self, data, length);
  GHashTable *headers = block != NULL ? parse_block (block) : NULL;

  if (headers == NULL)
    fail (self, "a header block is broken");
  return headers;
}

static PracticeSpdyEvent *
read_open (PracticeSpdyReader *self, guint8 flags, const guint8 *body, gsize length)
{
  g_autoptr (GHashTable) headers = NULL;
  PracticeSpdyEvent *event;

  if (length < 10) {
    fail (self, "a stream is opened in %" G_GSIZE_FORMAT " bytes", length);
    return NULL;
  }
  headers = read_block (self, body + 10, length - 10);
  if (headers == NULL)
    return NULL;
  event = event_new (PRACTICE_SPDY_OPEN, get_number (body) & STREAM_MASK);
  event->headers = g_steal_pointer (&headers);
  event->is_last = (flags & FLAG_FIN) != 0;
  return event;
}

/* Headers that come later mean nothing here, but the blocks are one stream of bytes. */
static PracticeSpdyEvent *
read_more_headers (PracticeSpdyReader *self, guint8 flags, const guint8 *body, gsize length)
{
  g_autoptr (GHashTable) headers = NULL;
  PracticeSpdyEvent *event;

  if (length < 4) {
    fail (self, "headers come in %" G_GSIZE_FORMAT " bytes", length);
    return NULL;
  }
  headers = read_block (self, body + 4, length - 4);
  if (headers == NULL || (flags & FLAG_FIN) == 0)
    return NULL;
  event = event_new (PRACTICE_SPDY_DATA, get_number (body) & STREAM_MASK);
  event->data = g_bytes_new (NULL, 0);
  event->is_last = TRUE;
  return event;
}

/* (nullable): NULL: it is of no interest, or self->error is set. */
static PracticeSpdyEvent *
read_control (PracticeSpdyReader *self, const guint8 *frame, gsize length)
{
  const guint8 *body = frame + HEADER_SIZE;
  guint16 type = (guint16)(frame[2] << 8 | frame[3]);
  PracticeSpdyEvent *event;

  switch (type) {
    case SYN_STREAM:
      return read_open (self, frame[4], body, length);
    case SYN_REPLY:
    case HEADERS:
      return read_more_headers (self, frame[4], body, length);
    case RST_STREAM:
      if (length < 8)
        break;
      return event_new (PRACTICE_SPDY_RESET, get_number (body) & STREAM_MASK);
    case PING:
      if (length < 4)
        break;
      event = event_new (PRACTICE_SPDY_PING, 0);
      event->number = get_number (body);
      return event;
    case GOAWAY:
      return event_new (PRACTICE_SPDY_GOAWAY, 0);
    default:
      /* Types that are not known are to be passed over (2.2.1). */
      return NULL;
  }
  fail (self, "a control frame of type %u has %" G_GSIZE_FORMAT " bytes", type, length);
  return NULL;
}

static PracticeSpdyEvent *
take_data (PracticeSpdyReader *self)
{
  gsize length = MIN (self->data_left, self->input->len);
  PracticeSpdyEvent *event;

  event = event_new (PRACTICE_SPDY_DATA, self->stream);
  event->data = g_bytes_new (self->input->data, length);
  g_byte_array_remove_range (self->input, 0, length);
  self->data_left -= length;
  event->is_last = self->data_left == 0 && self->data_is_last;
  return event;
}

/* Takes a control frame off the input; whether one was there. */
static gboolean
take_control (PracticeSpdyReader *self, gsize length, PracticeSpdyEvent **event)
{
  if (length > MAX_CONTROL) {
    fail (self, "a control frame has %" G_GSIZE_FORMAT " bytes", length);
    return FALSE;
  }
  if (self->input->len < HEADER_SIZE + length)
    return FALSE;
  *event = read_control (self, self->input->data, length);
  g_byte_array_remove_range (self->input, 0, HEADER_SIZE + length);
  return self->error == NULL;
}

/* Takes the header of a data frame; an empty one is an event by itself. */
static void
begin_data (PracticeSpdyReader *self, gsize length, PracticeSpdyEvent **event)
{
  const guint8 *header = self->input->data;

  self->stream = get_number (header) & STREAM_MASK;
  self->data_left = length;
  self->data_is_last = (header[4] & FLAG_FIN) != 0;
  g_byte_array_remove_range (self->input, 0, HEADER_SIZE);
  if (length == 0 && self->data_is_last)
    *event = take_data (self);
}

/* Whether it is worth going on at once. */
static gboolean
take_frame (PracticeSpdyReader *self, PracticeSpdyEvent **event)
{
  const guint8 *header = self->input->data;
  gsize length;

  if (self->data_left > 0) {
    if (self->input->len == 0)
      return FALSE;
    *event = take_data (self);
    return TRUE;
  }
  if (self->input->len < HEADER_SIZE)
    return FALSE;
  length = get_number (header + 4) & 0xffffff;
  if ((header[0] & 0x80) == 0) {
    begin_data (self, length, event);
    return TRUE;
  }
  if ((header[0] & 0x7f) != 0 || header[1] != VERSION) {
    fail (self, "a frame is not of SPDY/3");
    return FALSE;
  }
  return take_control (self, length, event);
}

/**
 * practice_spdy_reader_new:
 *
 * Returns: (transfer full): a reader of what a client sends
 */
PracticeSpdyReader *
practice_spdy_reader_new (void)
{
  PracticeSpdyReader *self = g_new0 (PracticeSpdyReader, 1);

  self->input = g_byte_array_new ();
  if (inflateInit (&self->inflater) != Z_OK)
    g_error ("zlib does not start");
  return self;
}

/**
 * practice_spdy_reader_push:
 * @self: a reader
 * @data: what came
 * @length: its length
 *
 * Hands in bytes. Take all events before handing in more: what is kept is then less than a frame's
 * headers.
 */
void
practice_spdy_reader_push (PracticeSpdyReader *self, gconstpointer data, gsize length)
{
  if (self->error == NULL)
    g_byte_array_append (self->input, data, length);
}

/**
 * practice_spdy_reader_take:
 * @self: a reader
 * @error: return location
 *
 * Takes the next event
 * (https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/#TOC-2.2-Framing).
 *
 * Returns: (transfer full) (nullable): the event; %NULL where more bytes are needed, and with
 *   %G_IO_ERROR_INVALID_DATA where what came is not SPDY
 */
PracticeSpdyEvent *
practice_spdy_reader_take (PracticeSpdyReader *self, GError **error)
{
  PracticeSpdyEvent *event = NULL;

  while (self->error == NULL && event == NULL && take_frame (self, &event))
    ;
  if (event == NULL && self->error != NULL && error != NULL)
    *error = g_error_copy (self->error);
  return event;
}

/**
 * practice_spdy_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees @self.
 */
void
practice_spdy_reader_free (PracticeSpdyReader *self)
{
  inflateEnd (&self->inflater);
  g_byte_array_unref (self->input);
  g_clear_error (&self->error);
  g_free (self);
}
