/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-json-scanner.h"

#include <string.h>

#include "base-json.h"

static gboolean
is_value (const char *text, gsize length)
{
  KubeJsonScanner scanner;
  KubeJsonSlice value;

  kube_json_scanner_init (&scanner, text, length);
  return kube_json_scanner_skip (&scanner, &value) && kube_json_scanner_at_end (&scanner);
}

static const char *const valid[] = {
  "{}",
  "[]",
  " [ ] ",
  "null",
  "true",
  "0",
  "-0",
  "-12.5e+3",
  "1E9",
  "\"\"",
  "\"a\\\"b\\\\\\u00e9\\n\"",
  "{\"a\":1}",
  "{\"a\":{\"b\":[1,{\"c\":[]},\"]}\"]},\"d\":null}",
  " { \"a\" : [ 1 , 2 ] } \r\n\t",
  "[[],[[]],{}]",
};

static const char *const invalid[] = {
  "",
  " ",
  "{",
  "}",
  "[",
  "]",
  "[1",
  "[1,]",
  "[,1]",
  "{,}",
  "{\"a\"}",
  "{\"a\":",
  "{\"a\":1,",
  "{\"a\":1,}",
  "{a:1}",
  "[1 2]",
  "{1:2}",
  "{\"a\":1]",
  "[1}",
  "tru",
  "nul",
  "01",
  "+1",
  "1.",
  ".5",
  "1e",
  "-",
  "\"a",
  "\"\\",
  "\"\\x\"",
  "\"\\u12g4\"",
  "\"\\u12\"",
  "\"\n\"",
  "1 2",
  "{} {}",
  "'a'",
  "NaN",
  "[\"a\" \"b\"]",
  "{\"a\" 1}",
  "\"a\"b",
};

static void
test_grammar (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (valid); i++)
    g_assert_true (is_value (valid[i], strlen (valid[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (invalid); i++) {
    g_test_message ("%s", invalid[i]);
    g_assert_false (is_value (invalid[i], strlen (invalid[i])));
  }
}

/* The tree is parsed later, by another reader: both must agree on what JSON is. */
static void
test_agrees_with_parser (void)
{
  static const char alphabet[] = "{}[]\",:\\ntrue01-.eE u/";
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint i = 0; i < 100000; i++) {
    char text[12];
    gsize length = (gsize)g_rand_int_range (random, 1, sizeof text);
    g_autoptr (JsonNode) node = NULL;

    for (gsize j = 0; j < length; j++)
      text[j] = alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
    node = base_json_parse (text, (gssize)length, NULL);
    if (is_value (text, length) != (node != NULL))
      g_error ("the readers differ about '%.*s'", (int)length, text);
  }
}

static void
test_depth (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < BASE_JSON_MAX_DEPTH; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < BASE_JSON_MAX_DEPTH; i++)
    g_string_append_c (text, ']');
  g_assert_true (is_value (text->str, text->len));

  g_string_prepend_c (text, '[');
  g_string_append_c (text, ']');
  g_assert_false (is_value (text->str, text->len));

  g_string_truncate (text, 0);
  for (guint i = 0; i < 1000000; i++)
    g_string_append (text, "{\"a\":");
  g_assert_false (is_value (text->str, text->len));
}

static void
test_members (void)
{
  static const char text[] =
    " {\"first\": {\"x\": \"{\"}, \"second\":[1,2] , \"third\" : \"a\\tb\"}";
  KubeJsonScanner scanner;
  KubeJsonSlice name, value;
  g_autofree char *string = NULL;

  kube_json_scanner_init (&scanner, text, strlen (text));
  g_assert_true (kube_json_scanner_enter_object (&scanner));

  g_assert_true (kube_json_scanner_next_member (&scanner, &name));
  g_assert_true (kube_json_slice_equal (&name, "first"));
  g_assert_false (kube_json_slice_equal (&name, "firs"));
  g_assert_true (kube_json_scanner_enter_object (&scanner));
  g_assert_true (kube_json_scanner_next_member (&scanner, &name));
  g_assert_true (kube_json_slice_equal (&name, "x"));
  g_assert_true (kube_json_scanner_skip (&scanner, &value));
  g_assert_true (kube_json_slice_equal (&value, "\"{\""));
  g_assert_false (kube_json_scanner_next_member (&scanner, &name));

  g_assert_true (kube_json_scanner_next_member (&scanner, &name));
  g_assert_true (kube_json_slice_equal (&name, "second"));
  g_assert_true (kube_json_scanner_skip (&scanner, &value));
  g_assert_true (kube_json_slice_equal (&value, "[1,2]"));
  g_assert_null (kube_json_slice_dup_string (&value));

  g_assert_true (kube_json_scanner_next_member (&scanner, &name));
  g_assert_true (kube_json_scanner_skip (&scanner, &value));
  string = kube_json_slice_dup_string (&value);
  g_assert_cmpstr (string, ==, "a\tb");

  g_assert_false (kube_json_scanner_next_member (&scanner, &name));
  g_assert_true (kube_json_scanner_at_end (&scanner));
}

static void
test_broken_members (void)
{
  static const char *const texts[] = { "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1", "{\"a\":1,}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    KubeJsonScanner scanner;
    KubeJsonSlice name, value;

    kube_json_scanner_init (&scanner, texts[i], strlen (texts[i]));
    g_assert_true (kube_json_scanner_enter_object (&scanner));
    while (kube_json_scanner_next_member (&scanner, &name)) {
      if (!kube_json_scanner_skip (&scanner, &value))
        break;
    }
    g_assert_true (scanner.failed);
    g_assert_false (kube_json_scanner_at_end (&scanner));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/json-scanner/grammar", test_grammar);
  g_test_add_func ("/kube/json-scanner/agrees-with-parser", test_agrees_with_parser);
  g_test_add_func ("/kube/json-scanner/depth", test_depth);
  g_test_add_func ("/kube/json-scanner/members", test_members);
  g_test_add_func ("/kube/json-scanner/broken-members", test_broken_members);
  return g_test_run ();
}
