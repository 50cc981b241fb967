/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-spdy-reader.h"

#include <string.h>

#include "practice-spdy-dictionary.h"
#include "practice-spdy-writer.h"

static void
append (GByteArray *bytes, GBytes *frame)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (frame, &size);

  g_byte_array_append (bytes, data, size);
  g_bytes_unref (frame);
}

/* All events of @input, handed in by @step bytes, as text. */
static char *
read_all (const GByteArray *input, guint step, GError **error)
{
  g_autoptr (PracticeSpdyReader) reader = practice_spdy_reader_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < input->len; i += step) {
    g_autoptr (PracticeSpdyEvent) event = NULL;

    practice_spdy_reader_push (reader, input->data + i, MIN (step, input->len - i));
    while ((event = practice_spdy_reader_take (reader, error)) != NULL) {
      const char *type =
        event->headers != NULL ? g_hash_table_lookup (event->headers, "streamtype") : NULL;
      gsize size = 0;
      const char *data = event->data != NULL ? g_bytes_get_data (event->data, &size) : "";

      if (event->type == PRACTICE_SPDY_DATA && !event->is_last)
        g_string_append_printf (text, "%u:%.*s ", event->stream, (int)size, data);
      else
        g_string_append_printf (text, "%u/%u%s%s%.*s%s ", event->type, event->stream,
                                event->number != 0 ? "#" : "", type != NULL ? type : "", (int)size,
                                data, event->is_last ? "." : "");
      g_clear_pointer (&event, practice_spdy_event_free);
    }
    if (error != NULL && *error != NULL)
      break;
  }
  return g_string_free (text, FALSE);
}

static GByteArray *
new_conversation (void)
{
  static const char *const errors[] = { "streamType", "error", NULL };
  static const char *const input[] = { "streamtype", "stdin", "other", "x", NULL };
  g_autoptr (PracticeSpdyWriter) writer = practice_spdy_writer_new ();
  GByteArray *bytes = g_byte_array_new ();

  append (bytes, practice_spdy_writer_open (writer, 1, errors, FALSE));
  append (bytes, practice_spdy_writer_open (writer, 3, input, FALSE));
  append (bytes, practice_spdy_writer_ping (writer, 7));
  append (bytes, practice_spdy_writer_data (writer, 3, "hello", 5, FALSE));
  append (bytes, practice_spdy_writer_data (writer, 3, NULL, 0, TRUE));
  append (bytes, practice_spdy_writer_reset (writer, 1));
  return bytes;
}

static void
test_dictionary (void)
{
  GBytes *dictionary = practice_spdy_dictionary_get ();
  g_autofree char *checksum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, dictionary);

  g_assert_cmpuint (g_bytes_get_size (dictionary), ==, 1423);
  g_assert_cmpstr (checksum, ==, "a42ed185be917b4b1a525c8f7019936c");
}

static void
test_conversation (void)
{
  g_autoptr (GByteArray) bytes = new_conversation ();
  g_autoptr (GError) error = NULL;
  g_autofree char *at_once = read_all (bytes, bytes->len, &error);
  g_autofree char *by_bytes = read_all (bytes, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (at_once, ==, "0/1error 0/3stdin 3/0# 3:hello 1/3. 2/1 ");
  g_assert_cmpstr (by_bytes, ==, "0/1error 0/3stdin 3/0# 3:h 3:e 3:l 3:l 3:o 1/3. 2/1 ");
}

static const struct {
  const char *name;
  const char *bytes;
  gsize length;
} broken[] = {
  { "version", "\200\2\0\1\0\0\0\0", 8 },
  { "long control frame", "\200\3\0\1\0\377\377\377", 8 },
  { "short SYN_STREAM", "\200\3\0\1\0\0\0\2ab", 10 },
  { "no header block", "\200\3\0\1\0\0\0\12\0\0\0\1\0\0\0\0\0\0", 18 },
  { "bad header block", "\200\3\0\1\0\0\0\16\0\0\0\1\0\0\0\0\0\0abcd", 22 },
  { "short RST_STREAM", "\200\3\0\3\0\0\0\4abcd", 12 },
  { "short PING", "\200\3\0\6\0\0\0\1a", 9 },
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
    text = read_all (bytes, bytes->len, &error);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_cmpstr (text, ==, "");
  }
}

/* Frames that are of no interest, and types that are not known, are passed over. */
static void
test_ignored (void)
{
  static const char bytes[] = "\200\3\0\4\0\0\0\4abcd"
                              "\200\3\0\11\0\0\0\10abcdefgh"
                              "\200\3\0\77\0\0\0\0"
                              "\0\0\0\5\0\0\0\0"
                              "\200\3\0\7\0\0\0\10abcdefgh";
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_byte_array_append (input, (const guint8 *)bytes, sizeof bytes - 1);
  text = read_all (input, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "4/0 ");
}

/* A block that unpacks to far more than it is. */
static void
test_bomb (void)
{
  g_autofree char *value = g_strnfill (1024 * 1024, 'x');
  const char *headers[] = { "streamtype", value, NULL };
  g_autoptr (PracticeSpdyWriter) writer = practice_spdy_writer_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  append (bytes, practice_spdy_writer_open (writer, 1, headers, FALSE));
  g_assert_cmpuint (bytes->len, <, 8192);
  text = read_all (bytes, bytes->len, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Whatever one byte is turned into, it ends. */
static void
test_damaged (void)
{
  g_autoptr (GByteArray) bytes = new_conversation ();

  for (guint i = 0; i < bytes->len; i++) {
    for (guint bit = 0; bit < 8; bit++) {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      bytes->data[i] ^= 1u << bit;
      text = read_all (bytes, bytes->len, &error);
      bytes->data[i] ^= 1u << bit;
    }
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/spdy-reader/dictionary", test_dictionary);
  g_test_add_func ("/practice/spdy-reader/conversation", test_conversation);
  g_test_add_func ("/practice/spdy-reader/broken", test_broken);
  g_test_add_func ("/practice/spdy-reader/ignored", test_ignored);
  g_test_add_func ("/practice/spdy-reader/bomb", test_bomb);
  g_test_add_func ("/practice/spdy-reader/damaged", test_damaged);

  return g_test_run ();
}
