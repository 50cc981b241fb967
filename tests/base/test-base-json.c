/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"

#include <string.h>

#include "base-fixture.h"

static void
assert_round_trip (const char *text)
{
  g_autoptr (JsonNode) node = base_test_parse (text);
  g_autofree char *written = base_json_write (node, FALSE);

  g_assert_cmpstr (written, ==, text);
}

static void
test_round_trip (void)
{
  static const char *const texts[] = {
    "null",
    "true",
    "false",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "9007199254740993",
    "0.5",
    "1.0",
    "1e+100",
    "0.1",
    "3.141592653589793",
    "\"\"",
    "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"",
    "\"\303\251 \360\237\232\200\"",
    "[]",
    "{}",
    "[[],{},[null]]",
    "{\"zebra\":1,\"ant\":{\"z\":[1,2],\"a\":\"x\"},\"\":false,\"cow\":null}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_round_trip (texts[i]);
}

static void
test_reads (void)
{
  static const struct {
    const char *text;
    const char *written;
  } cases[] = {
    { " \t\r\n{ \"a\" :\n[ 1 , 2 ] } \n", "{\"a\":[1,2]}" },
    { "\xef\xbb\xbf{}", "{}" },
    { "\"\\/\"", "\"/\"" },
    { "\"\\u00e9\\ud83d\\ude80\"", "\"\303\251\360\237\232\200\"" },
    { "\"\\ud83d\"", "\"\357\277\275\"" },
    { "\"\\ude80x\"", "\"\357\277\275x\"" },
    { "\"\\ud83d\\n\"", "\"\357\277\275\\n\"" },
    { "\"\\ud83d\\u0041\"", "\"\357\277\275A\"" },
    { "\"a\\u0000b\"", "\"a\357\277\275b\"" },
    { "9223372036854775808", "9.223372036854776e+18" },
    { "1E2", "100.0" },
    { "-0", "0" },
    { "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = base_test_parse (cases[i].text);
    g_autofree char *written = base_json_write (node, FALSE);

    g_assert_cmpstr (written, ==, cases[i].written);
  }
}

static void
test_refuses (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "NaN",
    "Infinity",
    "'a'",
    "{a:1}",
    "[1,]",
    "[1 2]",
    "[,1]",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{\"a\":}",
    "{\"a\"}",
    "{1:2}",
    "[",
    "{",
    "[}",
    "01",
    "1.",
    ".5",
    "-",
    "+1",
    "1e",
    "0x10",
    "\"a",
    "\"\\",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"a\nb\"",
    "{} {}",
    "{}x",
    "{}\n}",
    "// a\n{}",
    "/* a */ {}",
    "\"\xff\"",
    "\"\xc3\"",
    "\"\xed\xa0\x80\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = base_json_parse (texts[i], -1, &error);

    base_test_note (texts[i]);
    g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX);
    g_assert_null (node);
  }
}

static void
test_length (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_json_parse ("[1,2]garbage", 5, &error);
  g_autoptr (JsonNode) cut = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 2);

  cut = base_json_parse ("\"a\0b\"", 5, &error);
  g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX);
  g_assert_null (cut);
}

static void
test_error_place (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_json_parse ("{\n  \"\303\251\": nope\n}", -1, &error);

  g_assert_null (node);
  g_assert_cmpstr (error->message, ==, "line 2, column 8: not a JSON value");
}

static void
assert_too_large (const char *text, gssize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_json_parse (text, length, &error);

  g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TOO_LARGE);
  g_assert_null (node);
}

static void
test_limits (void)
{
  g_autofree char *open = base_test_repeat ("[", BASE_JSON_MAX_DEPTH);
  g_autofree char *close = base_test_repeat ("]", BASE_JSON_MAX_DEPTH);
  g_autofree char *deep = g_strconcat (open, close, NULL);
  g_autofree char *too_deep = g_strconcat ("[", deep, "]", NULL);
  g_autofree char *bomb = base_test_repeat ("[", 1000000);
  g_autofree char *zeros = base_test_repeat ("0,", BASE_JSON_MAX_NODES);
  g_autofree char *many = g_strconcat ("[", zeros, "0]", NULL);
  g_autoptr (JsonNode) node = base_test_parse (deep);

  assert_too_large (too_deep, -1);
  assert_too_large (bomb, -1);
  assert_too_large (many, -1);
  assert_too_large ("1e999", -1);
  assert_too_large ("", (gssize)BASE_JSON_MAX_BYTES + 1);
}

static void
test_pretty (void)
{
  g_autoptr (JsonNode) node = base_test_parse ("{\"b\":[1,{\"c\":[]}],\"a\":{}}");
  g_autofree char *written = base_json_write (node, TRUE);

  g_assert_cmpstr (written, ==,
                   "{\n"
                   "  \"b\": [\n"
                   "    1,\n"
                   "    {\n"
                   "      \"c\": []\n"
                   "    }\n"
                   "  ],\n"
                   "  \"a\": {}\n"
                   "}");
}

static void
test_copy_is_deep (void)
{
  g_autoptr (JsonNode) node = base_test_parse ("{\"a\":{\"b\":[1,{\"c\":2}]}}");
  g_autoptr (JsonNode) copy = base_json_copy (node);
  JsonObject *inner = json_array_get_object_element (base_json_get_array (copy, "a", "b", NULL), 1);
  g_autofree char *written = NULL;

  g_assert_true (base_json_equal (node, copy));
  json_object_set_int_member (inner, "c", 3);
  json_array_add_int_element (base_json_get_array (copy, "a", "b", NULL), 4);
  g_assert_false (base_json_equal (node, copy));

  written = base_json_write (node, FALSE);
  g_assert_cmpstr (written, ==, "{\"a\":{\"b\":[1,{\"c\":2}]}}");
}

static void
test_equal (void)
{
  static const struct {
    const char *a;
    const char *b;
    gboolean equal;
  } cases[] = {
    { "1", "1.0", TRUE },
    { "1", "2", FALSE },
    { "9007199254740993", "9007199254740992", FALSE },
    { "1", "\"1\"", FALSE },
    { "1", "true", FALSE },
    { "true", "true", TRUE },
    { "true", "false", FALSE },
    { "null", "null", TRUE },
    { "null", "false", FALSE },
    { "\"a\"", "\"a\"", TRUE },
    { "\"a\"", "\"b\"", FALSE },
    { "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", TRUE },
    { "{\"a\":1}", "{\"a\":1,\"b\":2}", FALSE },
    { "{\"a\":1}", "{\"b\":1}", FALSE },
    { "{\"a\":null}", "{}", FALSE },
    { "[1,2]", "[2,1]", FALSE },
    { "[1]", "[1,2]", FALSE },
    { "[]", "{}", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) a = base_test_parse (cases[i].a);
    g_autoptr (JsonNode) b = base_test_parse (cases[i].b);

    g_test_message ("%s and %s", cases[i].a, cases[i].b);
    g_assert_cmpint (base_json_equal (a, b), ==, cases[i].equal);
    g_assert_cmpint (base_json_equal (b, a), ==, cases[i].equal);
  }

  g_assert_true (base_json_equal (NULL, NULL));
}

static void
test_get (void)
{
  g_autoptr (JsonNode) node =
    base_test_parse ("{\"a\":{\"s\":\"x\",\"i\":7,\"d\":7.0,\"f\":7.5,\"b\":true,"
                     "\"n\":null,\"l\":[1],\"big\":1e300}}");

  g_assert_true (base_json_get (node, NULL) == node);
  g_assert_nonnull (base_json_get (node, "a", "s", NULL));
  g_assert_null (base_json_get (node, "a", "n", NULL));
  g_assert_null (base_json_get (node, "a", "missing", "more", NULL));
  g_assert_null (base_json_get (node, "a", "s", "more", NULL));
  g_assert_null (base_json_get (NULL, "a", NULL));
  g_assert_null (base_json_get (NULL, NULL));

  g_assert_cmpstr (base_json_get_string (node, "a", "s", NULL), ==, "x");
  g_assert_null (base_json_get_string (node, "a", "i", NULL));
  g_assert_null (base_json_get_string (node, "a", NULL));
  g_assert_nonnull (base_json_get_object (node, "a", NULL));
  g_assert_null (base_json_get_object (node, "a", "l", NULL));
  g_assert_nonnull (base_json_get_array (node, "a", "l", NULL));
  g_assert_null (base_json_get_array (node, "a", NULL));

  g_assert_cmpint (base_json_get_int (node, -1, "a", "i", NULL), ==, 7);
  g_assert_cmpint (base_json_get_int (node, -1, "a", "d", NULL), ==, 7);
  g_assert_cmpint (base_json_get_int (node, -1, "a", "f", NULL), ==, -1);
  g_assert_cmpint (base_json_get_int (node, -1, "a", "big", NULL), ==, -1);
  g_assert_cmpint (base_json_get_int (node, -1, "a", "s", NULL), ==, -1);
  g_assert_cmpint (base_json_get_int (node, -1, "a", "b", NULL), ==, -1);
  g_assert_true (base_json_get_boolean (node, FALSE, "a", "b", NULL));
  g_assert_true (base_json_get_boolean (node, TRUE, "a", "i", NULL));
  g_assert_false (base_json_get_boolean (node, FALSE, "a", "missing", NULL));
}

static void
test_get_length (void)
{
  g_autoptr (JsonNode) node =
    base_test_parse ("{\"empty\":[],\"two\":[null,[]],\"object\":{\"a\":1}}");

  g_assert_cmpuint (base_json_get_length (NULL), ==, 0);
  g_assert_cmpuint (base_json_get_length (base_json_get_array (node, "empty", NULL)), ==, 0);
  g_assert_cmpuint (base_json_get_length (base_json_get_array (node, "two", NULL)), ==, 2);
  g_assert_cmpuint (base_json_get_length (base_json_get_array (node, "object", NULL)), ==, 0);
}

static void
test_find_named (void)
{
  g_autoptr (JsonNode) node = base_test_parse (
    "[1,{\"id\":2,\"name\":\"b\"},{\"id\":3,\"name\":\"c\"},{\"id\":4,\"name\":\"c\"}]");
  g_autoptr (JsonNode) unnamed = base_test_parse ("[{\"id\":1,\"name\":\"a\"},{\"id\":2}]");
  JsonArray *array = json_node_get_array (node);

  g_assert_cmpint (base_json_get_int (base_json_find_named (array, "b"), 0, "id", NULL), ==, 2);
  g_assert_cmpint (base_json_get_int (base_json_find_named (array, "c"), 0, "id", NULL), ==, 3);
  g_assert_null (base_json_find_named (array, "d"));
  g_assert_null (base_json_find_named (NULL, "b"));

  array = json_node_get_array (unnamed);
  g_assert_cmpint (base_json_get_int (base_json_find_named (array, NULL), 0, "id", NULL), ==, 2);
}

static void
test_take (void)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) list = base_json_take_array (array);
  g_autoptr (JsonNode) node = base_json_take_object (object);
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;
  const char *text;

  json_array_add_int_element (array, 1);
  json_object_set_member (object, "a", g_steal_pointer (&list));
  bytes = base_json_write_bytes (node);
  text = g_bytes_get_data (bytes, &size);
  g_assert_cmpmem (text, size, "{\"a\":[1]}", strlen ("{\"a\":[1]}"));
}

static gpointer
parse_in_thread (gpointer data)
{
  for (guint i = 0; i < 200; i++) {
    g_autoptr (JsonNode) node = base_test_parse (data);

    g_assert_cmpint (base_json_get_int (node, 0, "a", NULL), ==, 1);
  }

  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("parse", parse_in_thread, (gpointer) "{\"a\":1,\"b\":[\"x\"]}");
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json/round-trip", test_round_trip);
  g_test_add_func ("/base/json/reads", test_reads);
  g_test_add_func ("/base/json/refuses", test_refuses);
  g_test_add_func ("/base/json/length", test_length);
  g_test_add_func ("/base/json/error-place", test_error_place);
  g_test_add_func ("/base/json/limits", test_limits);
  g_test_add_func ("/base/json/pretty", test_pretty);
  g_test_add_func ("/base/json/copy-is-deep", test_copy_is_deep);
  g_test_add_func ("/base/json/equal", test_equal);
  g_test_add_func ("/base/json/get", test_get);
  g_test_add_func ("/base/json/get-length", test_get_length);
  g_test_add_func ("/base/json/find-named", test_find_named);
  g_test_add_func ("/base/json/take", test_take);
  g_test_add_func ("/base/json/threads", test_threads);

  return g_test_run ();
}
