/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-fixture.h"
#include "base-yaml.h"

#include <string.h>

static void
assert_reads_with (const char *text, BaseYamlFlags flags, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_yaml_parse (text, -1, "test", flags, &error);
  g_autofree char *written = NULL;

  base_test_note (text);
  g_assert_no_error (error);
  written = base_json_write (node, FALSE);
  g_assert_cmpstr (written, ==, expected);
}

static void
assert_reads (const char *text, const char *expected)
{
  assert_reads_with (text, BASE_YAML_NONE, expected);
}

static void
assert_fails (const char *text, BaseYamlError code, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_yaml_parse (text, -1, "a.yaml", BASE_YAML_NONE, &error);

  base_test_note (text);
  g_assert_error (error, BASE_YAML_ERROR, (int)code);
  g_assert_null (node);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

/* The types that sigs.k8s.io/yaml 1.4 gives. */
static void
test_scalars (void)
{
  static const struct {
    const char *text;
    const char *json;
  } cases[] = {
    { "a", "\"a\"" },
    { "'1'", "\"1\"" },
    { "\"true\"", "\"true\"" },
    { "''", "\"\"" },
    { "|\n  1\n", "\"1\\n\"" },
    { "true", "true" },
    { "True", "true" },
    { "yes", "true" },
    { "on", "true" },
    { "y", "true" },
    { "FALSE", "false" },
    { "No", "false" },
    { "off", "false" },
    { "tRUE", "\"tRUE\"" },
    { "yess", "\"yess\"" },
    { "0", "0" },
    { "-1", "-1" },
    { "+1", "1" },
    { "0644", "420" },
    { "0o17", "15" },
    { "0x1F", "31" },
    { "-0x1f", "-31" },
    { "0b101", "5" },
    { "1_000", "1000" },
    { "089", "89.0" },
    { "9223372036854775807", "9223372036854775807" },
    { "-9223372036854775808", "-9223372036854775808" },
    { "9223372036854775808", "9.223372036854776e+18" },
    { "1.5", "1.5" },
    { ".5", "0.5" },
    { "1.", "1.0" },
    { "1e3", "1000.0" },
    { "1.5E-1", "0.15" },
    { "1.2.3", "\"1.2.3\"" },
    { "1e", "\"1e\"" },
    { "-", "[null]" },
    { "-a", "\"-a\"" },
    { "0x", "\"0x\"" },
    { "0xg", "\"0xg\"" },
    { "100m", "\"100m\"" },
    { "1Gi", "\"1Gi\"" },
    { "12:30", "\"12:30\"" },
    { "2019-10-16", "\"2019-10-16\"" },
    { "2019-10-16T10:00:00Z", "\"2019-10-16T10:00:00Z\"" },
    { "v1", "\"v1\"" },
    { "!!str 1", "\"1\"" },
    { "!!int '1'", "1" },
    { "!!float 1", "1.0" },
    { "!!bool yes", "true" },
    { "!!null ''", "null" },
    { "!custom 1", "\"1\"" },
    { "! 1", "\"1\"" },
    { "\"a\\0b\"", "\"a\357\277\275b\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat ("[", cases[i].text, "]", NULL);
    g_autofree char *block = g_strconcat ("a: ", cases[i].text, NULL);
    g_autofree char *json = g_strconcat ("{\"a\":", cases[i].json, "}", NULL);

    if (g_str_equal (cases[i].text, "-"))
      assert_reads ("a:\n  -", json);
    else
      assert_reads (block, json);
  }

  assert_reads ("[~, null, Null, '', ]", "[null,null,null,\"\"]");
  assert_reads ("a:\nb: ~", "{\"a\":null,\"b\":null}");
}

static void
test_all_strings (void)
{
  assert_reads_with (
    "token: 12345\nname: yes\nnothing: ~\nempty:\nquoted: ''\ntagged: !!int 1\n1: 2",
    BASE_YAML_ALL_STRINGS,
    "{\"token\":\"12345\",\"name\":\"yes\",\"nothing\":null,\"empty\":null,"
    "\"quoted\":\"\",\"tagged\":\"1\",\"1\":\"2\"}");
}

static void
test_collections (void)
{
  assert_reads ("z: 1\na:\n- b: 2\n  c: 3\n- [4, {d: 5}]\nm: {}\nl: []",
                "{\"z\":1,\"a\":[{\"b\":2,\"c\":3},[4,{\"d\":5}]],\"m\":{},\"l\":[]}");
  assert_reads ("{\"json\": [1, \"two\", null, true, 1.5]}",
                "{\"json\":[1,\"two\",null,true,1.5]}");
  assert_reads ("a: 1\na: 2\n", "{\"a\":2}");
  assert_reads ("# only a comment before\n---\na: 1 # and after\n...\n", "{\"a\":1}");
  assert_reads ("\xef\xbb\xbf"
                "a: 1",
                "{\"a\":1}");
  assert_reads ("80: a\nyes: b\n1.5: c\n\"\": d",
                "{\"80\":\"a\",\"true\":\"b\",\"1.5\":\"c\",\"\":\"d\"}");
}

static void
test_block_scalars (void)
{
  assert_reads ("a: |\n  one\n   two\n\n  three\nb: >\n  four\n  five\n\n  six\n",
                "{\"a\":\"one\\n two\\n\\nthree\\n\",\"b\":\"four five\\nsix\\n\"}");
  assert_reads ("a: |-\n  one\nb: |+\n  two\n\nc: |2\n   three\n",
                "{\"a\":\"one\",\"b\":\"two\\n\\n\",\"c\":\" three\\n\"}");
}

static void
test_anchors (void)
{
  assert_reads ("a: &x {b: [1]}\nc: *x\nd: *x",
                "{\"a\":{\"b\":[1]},\"c\":{\"b\":[1]},\"d\":{\"b\":[1]}}");
  assert_reads ("- &x 1\n- *x\n- &x 2\n- *x", "[1,1,2,2]");
  assert_reads ("&k a: 1\nb: *k\n*k : 3", "{\"a\":3,\"b\":\"a\"}");
  assert_fails ("a: *x", BASE_YAML_ERROR_SYNTAX, "a.yaml:1:4: an alias of nothing");
  assert_fails ("--- &x 1\n--- [*x]", BASE_YAML_ERROR_SYNTAX, "a.yaml:2:6: an alias of nothing");
  assert_fails ("a: &x\n  b: *x", BASE_YAML_ERROR_SYNTAX,
                "a.yaml:2:6: an alias of the value that it is in");
}

static void
test_aliases_are_copies (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    base_yaml_parse ("a: &x {count: 1}\nb: *x", -1, NULL, BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  json_object_set_int_member (base_json_get_object (node, "a", NULL), "count", 2);
  g_assert_cmpint (base_json_get_int (node, 0, "b", "count", NULL), ==, 1);
}

static void
test_merge_keys (void)
{
  assert_reads ("x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  b: 3\n",
                "{\"x\":{\"a\":1,\"b\":2},\"z\":{\"b\":3,\"a\":1}}");
  assert_reads ("- &x {a: 1, b: 2}\n- &y {b: 3, c: 4}\n- <<: [*x, *y]\n  d: 5\n",
                "[{\"a\":1,\"b\":2},{\"b\":3,\"c\":4},{\"d\":5,\"a\":1,\"b\":2,\"c\":4}]");
  assert_reads ("<<: {a: 1}\n", "{\"a\":1}");
  assert_reads ("'<<': {a: 1}\n", "{\"<<\":{\"a\":1}}");
  assert_fails ("<<: 1\na: 2\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("<<: [1]\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("<<: [[{}]]\n", BASE_YAML_ERROR_SYNTAX, NULL);
}

static void
test_documents (void)
{
  static const char text[] = "---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n---\n- c\n---\n~\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = base_yaml_parse_all (text, -1, "test", BASE_YAML_NONE, &error);
  g_autoptr (GPtrArray) none = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (documents->len, ==, 3);
  g_assert_cmpint (base_json_get_int (documents->pdata[0], 0, "a", NULL), ==, 1);
  g_assert_cmpint (base_json_get_int (documents->pdata[1], 0, "b", NULL), ==, 2);
  g_assert_true (JSON_NODE_HOLDS_ARRAY ((JsonNode *)documents->pdata[2]));

  none = base_yaml_parse_all ("# nothing\n", -1, "test", BASE_YAML_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);

  assert_fails ("", BASE_YAML_ERROR_EMPTY, "a.yaml:1:1: nothing is in it");
  assert_fails ("# nothing", BASE_YAML_ERROR_EMPTY, NULL);
  assert_fails ("~", BASE_YAML_ERROR_EMPTY, NULL);
  assert_fails (text, BASE_YAML_ERROR_SYNTAX, "a.yaml:1:1: it holds more than one document");
}

static void
test_errors (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  assert_fails ("a: b\n  c: d\n", BASE_YAML_ERROR_SYNTAX,
                "a.yaml:2:4: mapping values are not allowed in this context");
  assert_fails ("a:\n\t- b\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: [1, 2\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: 'b\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: @b\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: \x01\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("ok: 1\na: \xff\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("? [a, b]\n: 1\n", BASE_YAML_ERROR_SYNTAX,
                "a.yaml:1:3: a key must be a string, a number or a boolean");
  assert_fails ("? {a: b}\n: 1\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails (": 1\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: .inf\n", BASE_YAML_ERROR_SYNTAX, "a.yaml:1:4: .inf is not a number in JSON");
  assert_fails ("a: -.INF\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: .nan\n", BASE_YAML_ERROR_SYNTAX, NULL);
  assert_fails ("a: !!int b\n", BASE_YAML_ERROR_SYNTAX,
                "a.yaml:1:4: cannot read \"b\" as a value of type int");

  node = base_yaml_parse ("a: *x", 5, NULL, BASE_YAML_NONE, &error);
  g_assert_null (node);
  g_assert_cmpstr (error->message, ==, "1:4: an alias of nothing");
}

static void
test_limits (void)
{
  g_autofree char *open = base_test_repeat ("[", BASE_YAML_MAX_DEPTH);
  g_autofree char *close = base_test_repeat ("]", BASE_YAML_MAX_DEPTH);
  g_autofree char *deep = g_strconcat (open, close, NULL);
  g_autofree char *too_deep = g_strconcat ("[", deep, "]", NULL);
  g_autofree char *maps = base_test_repeat ("{a: ", 10000);
  g_autofree char *dashes = base_test_repeat ("- ", 10000);
  g_autofree char *many = base_test_repeat ("-\n", BASE_YAML_MAX_NODES);
  g_autofree char *long_text = base_test_repeat (" ", BASE_YAML_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_yaml_parse (deep, -1, NULL, BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  assert_fails (too_deep, BASE_YAML_ERROR_TOO_LARGE, "a.yaml:1:101: nested too deeply");
  assert_fails (maps, BASE_YAML_ERROR_TOO_LARGE, NULL);
  assert_fails (dashes, BASE_YAML_ERROR_TOO_LARGE, NULL);
  assert_fails (many, BASE_YAML_ERROR_TOO_LARGE, NULL);
  assert_fails (long_text, BASE_YAML_ERROR_TOO_LARGE, "a.yaml:1:1: the text is too long");
}

/* "A billion laughs", by numbers, by depth, and by one long string. */
static void
test_alias_bombs (void)
{
  g_autoptr (GString) laughs = g_string_new ("- &a0 [x, x, x, x, x, x, x, x, x, x]\n");
  g_autoptr (GString) stairs = g_string_new ("- &a0 []\n");
  g_autofree char *word = base_test_repeat ("word ", 20000);
  g_autofree char *aliases = base_test_repeat ("- *w\n", 10000);
  g_autofree char *echo = g_strconcat ("- &w ", word, "\n", aliases, NULL);

  for (guint i = 1; i < 10; i++) {
    g_string_append_printf (laughs, "- &a%u [", i);
    for (guint j = 0; j < 10; j++)
      g_string_append_printf (laughs, "*a%u, ", i - 1);
    g_string_append (laughs, "]\n");
  }
  for (guint i = 1; i < 2 * BASE_YAML_MAX_DEPTH; i++)
    g_string_append_printf (stairs, "- &a%u [*a%u]\n", i, i - 1);

  assert_fails (laughs->str, BASE_YAML_ERROR_TOO_LARGE, NULL);
  assert_fails (stairs->str, BASE_YAML_ERROR_TOO_LARGE, NULL);
  assert_fails (echo, BASE_YAML_ERROR_TOO_LARGE, NULL);
}

static void
test_write (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = base_json_parse (
    "{\"apiVersion\":\"v1\",\"metadata\":{\"creationTimestamp\":\"2019-10-16T10:00:00Z\","
    "\"labels\":{},\"name\":\"redis\"},\"spec\":{\"ports\":[{\"port\":6379,\"ratio\":1.5}],"
    "\"args\":[\"--a\",\"*\",\"true\",\"0644\",\"1:30\",\"\",\"a: b\",\"# c\",\"~\",\"on\",\"<<\"],"
    "\"none\":null,\"empty\":[],\"script\":\"one\\ntwo\\n\",\"yes\":true,\"nested\":[[1],[]]}}",
    -1, &error);
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  written = base_yaml_write (node);
  g_assert_cmpstr (written, ==,
                   "apiVersion: v1\n"
                   "metadata:\n"
                   "  creationTimestamp: \"2019-10-16T10:00:00Z\"\n"
                   "  labels: {}\n"
                   "  name: redis\n"
                   "spec:\n"
                   "  ports:\n"
                   "  - port: 6379\n"
                   "    ratio: 1.5\n"
                   "  args:\n"
                   "  - --a\n"
                   "  - '*'\n"
                   "  - \"true\"\n"
                   "  - \"0644\"\n"
                   "  - \"1:30\"\n"
                   "  - \"\"\n"
                   "  - 'a: b'\n"
                   "  - '# c'\n"
                   "  - \"~\"\n"
                   "  - \"on\"\n"
                   "  - \"<<\"\n"
                   "  none: null\n"
                   "  empty: []\n"
                   "  script: |\n"
                   "    one\n"
                   "    two\n"
                   "  \"yes\": true\n"
                   "  nested:\n"
                   "  - - 1\n"
                   "  - []\n");
}

/* What is written is read as the same. */
static void
test_write_round_trip (void)
{
  static const char *const strings[] = {
    "a",
    "",
    " a",
    "a ",
    "\n",
    "\na",
    "a\n",
    "a\n\n",
    "  a\nb",
    "a \nb",
    "a\n b\n",
    "a\tb",
    "\ta\n",
    "a\r\nb",
    "\001",
    "\177",
    "\302\205",
    "\342\200\250",
    "\303\251",
    "\360\237\232\200",
    "null",
    "~",
    "true",
    "no",
    "1",
    "1e3",
    "0x1f",
    "1_000",
    ".inf",
    "-.INF",
    ".nan",
    "2001-01-01",
    "1:20",
    "<<",
    "=",
    "-",
    "- a",
    "? a",
    "a: b",
    "a:",
    ": a",
    "#a",
    "a #b",
    "[a",
    "{a",
    "&a",
    "*a",
    "!a",
    "|a",
    ">a",
    "'a",
    "\"a",
    "%a",
    "@a",
    "`a",
    "---",
    "--- a",
    "...",
    "\\",
    "a'b\"c",
    "a,b",
    "a]b",
    "\357\273\277a",
  };
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *written = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    json_object_set_string_member (object, strings[i], strings[i]);
    json_array_add_string_element (array, strings[i]);
  }
  json_object_set_array_member (object, "list", array);
  json_object_set_int_member (object, "int", G_MININT64);
  json_object_set_double_member (object, "double", 1.0);
  json_object_set_double_member (object, "large", 1e300);
  json_object_set_boolean_member (object, "boolean", FALSE);
  json_object_set_null_member (object, "nothing");
  json_node_set_object (node, object);

  written = base_yaml_write (node);
  base_test_note (written);
  again = base_yaml_parse (written, -1, "written", BASE_YAML_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (base_json_equal (node, again));

  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    g_autoptr (JsonNode) one = json_node_init_string (json_node_alloc (), strings[i]);
    g_autofree char *text = base_yaml_write (one);
    g_autoptr (JsonNode) read = base_yaml_parse (text, -1, "one", BASE_YAML_NONE, &error);

    base_test_note (text);
    g_assert_no_error (error);
    g_assert_cmpstr (json_node_get_string (read), ==, strings[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/yaml/scalars", test_scalars);
  g_test_add_func ("/base/yaml/all-strings", test_all_strings);
  g_test_add_func ("/base/yaml/collections", test_collections);
  g_test_add_func ("/base/yaml/block-scalars", test_block_scalars);
  g_test_add_func ("/base/yaml/anchors", test_anchors);
  g_test_add_func ("/base/yaml/aliases-are-copies", test_aliases_are_copies);
  g_test_add_func ("/base/yaml/merge-keys", test_merge_keys);
  g_test_add_func ("/base/yaml/documents", test_documents);
  g_test_add_func ("/base/yaml/errors", test_errors);
  g_test_add_func ("/base/yaml/limits", test_limits);
  g_test_add_func ("/base/yaml/alias-bombs", test_alias_bombs);
  g_test_add_func ("/base/yaml/write", test_write);
  g_test_add_func ("/base/yaml/write-round-trip", test_write_round_trip);

  return g_test_run ();
}
