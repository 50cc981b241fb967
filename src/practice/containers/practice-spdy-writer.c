/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-spdy-writer.h"

#include <string.h>
#include <zlib.h>

#include "practice-spdy-dictionary.h"

#define CONTROL_VERSION 0x8003
#define FLAG_FIN 1

/* draft-mbelshe-httpbis-spdy-00, 2.6 */
enum {
  SYN_STREAM = 1,
  SYN_REPLY = 2,
  RST_STREAM = 3,
  PING = 6,
};

/* The reason of a reset: nobody wants the stream any more (2.6.3). */
#define STATUS_CANCEL 5

struct _PracticeSpdyWriter {
  z_stream deflater; /* one for all header blocks */
};

static void
append_number (GByteArray *bytes, guint32 number)
{
  guint32 ordered = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *)&ordered, sizeof ordered);
}

static void
append_string (GByteArray *bytes, const char *text)
{
  append_number (bytes, strlen (text));
  g_byte_array_append (bytes, (const guint8 *)text, strlen (text));
}

static GBytes *
make_control (guint16 type, gboolean is_last, const GByteArray *body)
{
  GByteArray *frame = g_byte_array_sized_new (8 + body->len);

  append_number (frame, (guint32)CONTROL_VERSION << 16 | type);
  append_number (frame, (is_last ? (guint32)FLAG_FIN << 24 : 0) | body->len);
  g_byte_array_append (frame, body->data, body->len);
  return g_byte_array_free_to_bytes (frame);
}

/* @headers: names and values in turn. */
static void
append_block (PracticeSpdyWriter *self, GByteArray *body, const char *const *headers)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();
  guint8 buffer[1024];

  append_number (block, g_strv_length ((char **)headers) / 2);
  for (guint i = 0; headers[i] != NULL; i++)
    append_string (block, headers[i]);
  self->deflater.next_in = block->data;
  self->deflater.avail_in = block->len;
  do {
    self->deflater.next_out = buffer;
    self->deflater.avail_out = sizeof buffer;
    deflate (&self->deflater, Z_SYNC_FLUSH);
    g_byte_array_append (body, buffer, sizeof buffer - self->deflater.avail_out);
  } while (self->deflater.avail_out == 0);
}

/**
 * practice_spdy_writer_new:
 *
 * Returns: (transfer full): a writer for one connection
 */
PracticeSpdyWriter *
practice_spdy_writer_new (void)
{
  PracticeSpdyWriter *self = g_new0 (PracticeSpdyWriter, 1);
  gsize size;
  const guint8 *dictionary = g_bytes_get_data (practice_spdy_dictionary_get (), &size);

  if (deflateInit (&self->deflater, Z_DEFAULT_COMPRESSION) != Z_OK ||
      deflateSetDictionary (&self->deflater, dictionary, size) != Z_OK)
    g_error ("zlib does not start");
  return self;
}

/**
 * practice_spdy_writer_accept:
 * @self: a writer
 * @stream: what the client opened
 *
 * Returns: (transfer full): the frame that accepts a stream
 */
GBytes *
practice_spdy_writer_accept (PracticeSpdyWriter *self, guint32 stream)
{
  static const char *const none[] = { NULL };
  g_autoptr (GByteArray) body = g_byte_array_new ();

  append_number (body, stream);
  append_block (self, body, none);
  return make_control (SYN_REPLY, FALSE, body);
}

/**
 * practice_spdy_writer_data:
 * @self: a writer
 * @stream: a stream that is open
 * @data: (nullable): what to send
 * @length: its length, less than 16 MiB
 * @is_last: whether nothing more is sent on the stream
 *
 * Returns: (transfer full): a data frame
 */
GBytes *
practice_spdy_writer_data (
  PracticeSpdyWriter *self, guint32 stream, gconstpointer data, gsize length, gboolean is_last)
{
  GByteArray *frame = g_byte_array_sized_new (8 + length);

  append_number (frame, stream);
  append_number (frame, (is_last ? (guint32)FLAG_FIN << 24 : 0) | (guint32)length);
  if (length > 0)
    g_byte_array_append (frame, data, length);
  return g_byte_array_free_to_bytes (frame);
}

/**
 * practice_spdy_writer_reset:
 * @self: a writer
 * @stream: a stream
 *
 * Returns: (transfer full): the frame that ends a stream in both directions
 */
GBytes *
practice_spdy_writer_reset (PracticeSpdyWriter *self, guint32 stream)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  append_number (body, stream);
  append_number (body, STATUS_CANCEL);
  return make_control (RST_STREAM, FALSE, body);
}

/**
 * practice_spdy_writer_ping:
 * @self: a writer
 * @number: of the client's ping
 *
 * Returns: (transfer full): the answer to a ping
 */
GBytes *
practice_spdy_writer_ping (PracticeSpdyWriter *self, guint32 number)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  append_number (body, number);
  return make_control (PING, FALSE, body);
}

/**
 * practice_spdy_writer_open:
 * @self: a writer
 * @stream: a stream
 * @headers: names and values in turn, ends on %NULL
 * @is_last: whether nothing is sent on the stream
 *
 * Returns: (transfer full): the frame that opens a stream
 */
GBytes *
practice_spdy_writer_open (PracticeSpdyWriter *self,
                           guint32 stream,
                           const char *const *headers,
                           gboolean is_last)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  append_number (body, stream);
  append_number (body, 0);
  g_byte_array_append (body, (const guint8 *)"\0\0", 2);
  append_block (self, body, headers);
  return make_control (SYN_STREAM, is_last, body);
}

/**
 * practice_spdy_writer_free:
 * @self: (transfer full): a writer
 *
 * Frees @self.
 */
void
practice_spdy_writer_free (PracticeSpdyWriter *self)
{
  deflateEnd (&self->deflater);
  g_free (self);
}
