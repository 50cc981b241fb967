/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-redis-protocol.h"

#include <string.h>

static GByteArray *
new_input (const char *text)
{
  GByteArray *input = g_byte_array_new ();

  return g_byte_array_append (input, (const guint8 *)text, strlen (text));
}

static char *
join (GPtrArray *words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++) {
    GBytes *word = g_ptr_array_index (words, i);

    if (i > 0)
      g_string_append_c (text, '|');
    g_string_append_len (text, g_bytes_get_data (word, NULL), g_bytes_get_size (word));
  }

  return g_string_free (text, FALSE);
}

static const struct {
  const char *input;
  PracticeRedisResult result;
  const char *words;
  const char *rest;
} cases[] = {
  { "", PRACTICE_REDIS_MORE, NULL, "" },
  { "PING", PRACTICE_REDIS_MORE, NULL, "PING" },
  { "PING\r\n", PRACTICE_REDIS_COMMAND, "PING", "" },
  { "  set  a   b \nGET a\r\n", PRACTICE_REDIS_COMMAND, "set|a|b", "GET a\r\n" },
  { "\r\n", PRACTICE_REDIS_COMMAND, "", "" },
  { "set a \"b \\x41\\n\\\"\" 'it\\'s'\n", PRACTICE_REDIS_COMMAND, "set|a|b A\n\"|it's", "" },
  { "get \"\"\n", PRACTICE_REDIS_COMMAND, "get|", "" },
  { "get \"a\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "get \"a\"b\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "get 'a\\\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "*1\r\n$4\r\nPING\r\n", PRACTICE_REDIS_COMMAND, "PING", "" },
  { "*2\r\n$3\r\nGET\r\n$1\r\n", PRACTICE_REDIS_MORE, NULL, "*2\r\n$3\r\nGET\r\n$1\r\n" },
  { "*2\r\n$3\r\nGET\r\n", PRACTICE_REDIS_MORE, NULL, "*2\r\n$3\r\nGET\r\n" },
  { "*0\r\nx\n", PRACTICE_REDIS_COMMAND, "", "x\n" },
  { "*1\r\n:1\r\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "*-7\r\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "*99999999999999999999\r\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "*1\r\n$-1\r\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
  { "*1\r\n$999999999\r\n", PRACTICE_REDIS_BROKEN, NULL, NULL },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) input = new_input (cases[i].input);
    g_autoptr (GPtrArray) words = NULL;
    const char *message = NULL;

    g_test_message ("case %u", i);
    g_assert_cmpint (practice_redis_protocol_take (input, &words, &message), ==, cases[i].result);
    if (cases[i].result == PRACTICE_REDIS_COMMAND) {
      g_autofree char *joined = join (words);

      g_assert_cmpstr (joined, ==, cases[i].words);
    } else {
      g_assert_null (words);
    }
    if (cases[i].result == PRACTICE_REDIS_BROKEN)
      g_assert_true (g_str_has_prefix (message, "ERR Protocol error"));
    if (cases[i].rest != NULL)
      g_assert_cmpmem (input->data, input->len, cases[i].rest, strlen (cases[i].rest));
  }
}

/* As telnet sends the lines of a pipe. */
static void
test_nul (void)
{
  const guint8 text[] = "PING\r\0\r\nGET a\r\n";
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autoptr (GPtrArray) words = NULL;
  g_autofree char *joined = NULL;
  const char *message = NULL;

  g_byte_array_append (input, text, sizeof text - 1);
  g_assert_cmpint (practice_redis_protocol_take (input, &words, &message), ==,
                   PRACTICE_REDIS_COMMAND);
  joined = join (words);
  g_assert_cmpstr (joined, ==, "PING");
  g_assert_cmpmem (input->data, input->len, "GET a\r\n", 7);
}

static void
test_endless_line (void)
{
  g_autofree char *text = g_strnfill (70000, 'a');
  g_autoptr (GByteArray) input = new_input (text);
  g_autoptr (GPtrArray) words = NULL;
  const char *message = NULL;

  g_assert_cmpint (practice_redis_protocol_take (input, &words, &message), ==,
                   PRACTICE_REDIS_BROKEN);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-redis-protocol/cases", test_cases);
  g_test_add_func ("/practice-redis-protocol/nul", test_nul);
  g_test_add_func ("/practice-redis-protocol/endless-line", test_endless_line);

  return g_test_run ();
}
