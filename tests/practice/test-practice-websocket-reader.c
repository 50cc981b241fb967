/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-websocket-reader.h"

#include <string.h>

#define MASK "\1\2\3\4"

/* A client's frame; @length less than 126. */
static void
append_frame (GByteArray *bytes, guint8 first, const char *text)
{
  gsize length = strlen (text);
  guint8 header[] = { first, 0x80 | (guint8)length, MASK[0], MASK[1], MASK[2], MASK[3] };

  g_byte_array_append (bytes, header, sizeof header);
  for (gsize i = 0; i < length; i++) {
    guint8 byte = text[i] ^ MASK[i % 4];

    g_byte_array_append (bytes, &byte, 1);
  }
}

static char *
read_all (const GByteArray *input, guint step, GError **error)
{
  g_autoptr (PracticeWebsocketReader) reader = practice_websocket_reader_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < input->len && *error == NULL; i += step) {
    g_autoptr (PracticeWebsocketEvent) event = NULL;

    practice_websocket_reader_push (reader, input->data + i, MIN (step, input->len - i));
    while ((event = practice_websocket_reader_take (reader, error)) != NULL) {
      gsize size;
      const char *data = g_bytes_get_data (event->data, &size);

      g_string_append_printf (text, "%d:%.*s ", event->type, (int)size, size > 0 ? data : "");
      g_clear_pointer (&event, practice_websocket_event_free);
    }
  }
  return g_string_free (text, FALSE);
}

/* A message may come in parts, and control frames between them. */
static void
test_messages (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *at_once = NULL;
  g_autofree char *by_bytes = NULL;

  append_frame (bytes, 0x82, "one");
  append_frame (bytes, 0x81, "");
  append_frame (bytes, 0x02, "tw");
  append_frame (bytes, 0x89, "ping");
  append_frame (bytes, 0x80, "o");
  append_frame (bytes, 0x88, "\3\350");
  at_once = read_all (bytes, bytes->len, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (at_once, ==, "2:one 2: 9:ping 2:two 8:\3\350 ");
  by_bytes = read_all (bytes, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (by_bytes, ==, at_once);
}

/* Both longer forms of a length. */
static void
test_long (void)
{
  const gsize lengths[] = { 200, 70000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *text = g_strnfill (lengths[i], 'a');
    g_autoptr (GBytes) plain =
      practice_websocket_frame_new (PRACTICE_WEBSOCKET_MESSAGE, text, lengths[i]);
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *found = NULL;
    gsize header = i == 0 ? 4 : 10;
    gsize size;
    const guint8 *data = g_bytes_get_data (plain, &size);

    /* A server's frame with a mask of nothing is a client's. */
    g_byte_array_append (bytes, data, header);
    bytes->data[1] |= 0x80;
    g_byte_array_append (bytes, (const guint8 *)"\0\0\0\0", 4);
    g_byte_array_append (bytes, data + header, size - header);
    found = read_all (bytes, 1000, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (strlen (found), ==, lengths[i] + 3);
  }
}

static const struct {
  const char *name;
  const char *bytes;
  gsize length;
} broken[] = {
  { "no mask", "\202\1a", 3 },
  { "reserved bit", "\302\200" MASK, 6 },
  { "unknown type", "\203\200" MASK, 6 },
  { "unknown control type", "\213\200" MASK, 6 },
  { "control frame in parts", "\11\200" MASK, 6 },
  { "long control frame", "\211\376\0\176" MASK, 8 },
  { "part of nothing", "\200\200" MASK, 6 },
  { "message in a message", "\2\200" MASK "\202\200" MASK, 12 },
  { "too long", "\202\377\0\0\0\0\0\40\0\0" MASK, 14 },
  { "far too long", "\202\377\377\377\377\377\377\377\377\377" MASK, 14 },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    g_test_message ("%s", broken[i].name);
    g_byte_array_append (bytes, (const guint8 *)broken[i].bytes, broken[i].length);
    text = read_all (bytes, 1, &error);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_cmpstr (text, ==, "");
  }
}

/* The example of RFC 6455, 1.3. */
static void
test_accept (void)
{
  g_autofree char *accept = practice_websocket_dup_accept ("dGhlIHNhbXBsZSBub25jZQ==");

  g_assert_cmpstr (accept, ==, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/websocket-reader/messages", test_messages);
  g_test_add_func ("/practice/websocket-reader/long", test_long);
  g_test_add_func ("/practice/websocket-reader/broken", test_broken);
  g_test_add_func ("/practice/websocket-reader/accept", test_accept);

  return g_test_run ();
}
