/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-path.h"
#include "base-fixture.h"

/* The example of https://kubernetes.io/docs/reference/kubectl/jsonpath/, and some more. */
static const char document[] =
  "{\"kind\":\"List\",\"items\":["
  "{\"kind\":\"None\",\"metadata\":{\"name\":\"127.0.0.1\","
  "\"labels\":{\"kubernetes.io/hostname\":\"127.0.0.1\"}},"
  "\"status\":{\"capacity\":{\"cpu\":\"4\"},"
  "\"addresses\":[{\"type\":\"LegacyHostIP\",\"address\":\"127.0.0.1\"}]}},"
  "{\"kind\":\"None\",\"metadata\":{\"name\":\"127.0.0.2\"},"
  "\"status\":{\"capacity\":{\"cpu\":\"8\"},"
  "\"addresses\":[{\"type\":\"LegacyHostIP\",\"address\":\"127.0.0.2\"},"
  "{\"type\":\"another\",\"address\":\"127.0.0.3\"}]}}],"
  "\"users\":[{\"name\":\"myself\",\"user\":{}},"
  "{\"name\":\"e2e\",\"user\":{\"username\":\"admin\",\"password\":\"secret\"}}],"
  "\"numbers\":[0,1,2,3,4],"
  "\"mixed\":[{\"n\":5,\"on\":true},{\"n\":7.5,\"on\":false},{\"n\":\"5\",\"none\":null}],"
  "\"wanted\":\"e2e\"}";

static char *
match (const char *expression, JsonNode *root)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseJsonPath) path = base_json_path_new (expression, &error);
  g_autoptr (GPtrArray) found = NULL;
  GString *text = g_string_new (NULL);

  base_test_note (expression);
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_path_get_expression (path), ==, expression);

  found = base_json_path_match (path, root);
  for (guint i = 0; i < found->len; i++) {
    g_autofree char *one = base_json_write (found->pdata[i], FALSE);

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", one);
  }

  return g_string_free (text, FALSE);
}

static void
test_match (void)
{
  static const struct {
    const char *expression;
    const char *found;
  } cases[] = {
    { "$.kind", "\"List\"" },
    { ".kind", "\"List\"" },
    { "{.kind}", "\"List\"" },
    { "{ $.kind }", "\"List\"" },
    { "['kind']", "\"List\"" },
    { "$['kind']", "\"List\"" },
    { "$[\"kind\"]", "\"List\"" },
    { "$.items[0].kind", "\"None\"" },
    { "$.items.[0].kind", "\"None\"" },
    { "$.items[*].metadata.name", "\"127.0.0.1\" \"127.0.0.2\"" },
    { "$.items.*.metadata.name", "\"127.0.0.1\" \"127.0.0.2\"" },
    { "$..name", "\"127.0.0.1\" \"127.0.0.2\" \"myself\" \"e2e\"" },
    { "$..cpu", "\"4\" \"8\"" },
    { "$..addresses[0].address", "\"127.0.0.1\" \"127.0.0.2\"" },
    { "$..[0]..type", "\"LegacyHostIP\" \"LegacyHostIP\" \"LegacyHostIP\"" },
    { "$.items[*].status.capacity", "{\"cpu\":\"4\"} {\"cpu\":\"8\"}" },
    { "$.items[*]['metadata.name','status.capacity']",
      "\"127.0.0.1\" {\"cpu\":\"4\"} \"127.0.0.2\" {\"cpu\":\"8\"}" },
    { "$.items[0].metadata.labels['kubernetes.io/hostname']", "\"127.0.0.1\"" },
    { "$.items[0].metadata.labels['kubernetes\\.io/hostname']", "\"127.0.0.1\"" },
    { "$.items[0].metadata.labels.kubernetes\\.io/hostname", "\"127.0.0.1\"" },
    { "$.items[0].metadata.labels.kubernetes.io/hostname", "" },
    { "$.users[0]['nothing','name']", "\"myself\"" },
    { "$.users[1,0].name", "\"e2e\" \"myself\"" },
    { "$.numbers[0]", "0" },
    { "$.numbers[-1]", "4" },
    { "$.numbers[-5]", "0" },
    { "$.numbers[-6]", "" },
    { "$.numbers[5]", "" },
    { "$.numbers[1:3]", "1 2" },
    { "$.numbers[:2]", "0 1" },
    { "$.numbers[3:]", "3 4" },
    { "$.numbers[-2:]", "3 4" },
    { "$.numbers[-9:2]", "0 1" },
    { "$.numbers[:-3]", "0 1" },
    { "$.numbers[::2]", "0 2 4" },
    { "$.numbers[1:99:3]", "1 4" },
    { "$.numbers[3:1]", "" },
    { "$.numbers[0, 2:4]", "0 2 3" },
    { "$.users[?(@.name==\"e2e\")].user.password", "\"secret\"" },
    { "$.users[?(@.name=='e2e')].user.password", "\"secret\"" },
    { "$.users[?( @.name != 'e2e' )].name", "\"myself\"" },
    { "$.users[?(@.user.password)].name", "\"e2e\"" },
    { "$.users[?(@.name == $.wanted)].name", "\"e2e\"" },
    { "$.users[?('e2e'==@.name)].name", "\"e2e\"" },
    { "$.items[*].status.addresses[?(@.type==\"another\")].address", "\"127.0.0.3\"" },
    { "$..addresses[?(@.type!='LegacyHostIP')].address", "\"127.0.0.3\"" },
    { "$.items[?(@.status.addresses[?(@.type=='another')])].metadata.name", "\"127.0.0.2\"" },
    { "$.numbers[?(@>2)]", "3 4" },
    { "$.numbers[?(@>=2)]", "2 3 4" },
    { "$.numbers[?(@<2)]", "0 1" },
    { "$.numbers[?(@ <= 1.5)]", "0 1" },
    { "$.numbers[?(@==-1)]", "" },
    { "$.mixed[?(@.n>5)].n", "7.5" },
    { "$.mixed[?(@.n=='5')].n", "\"5\"" },
    { "$.mixed[?(@.n<'6')].n", "\"5\"" },
    { "$.mixed[?(@.on==true)].n", "5" },
    { "$.mixed[?(@.none==null)].n", "\"5\"" },
    { "$.mixed[?(@.none)].n", "\"5\"" },
    { "$.mixed[?(@.missing!='a')].n", "" },
    { "$.mixed[?(@.*==5)].n", "" },
    { "$.missing", "" },
    { "$.missing.more[0]['x'][*]..y[?(@.z)]", "" },
    { "$.kind.more", "" },
    { "$.kind[0]", "" },
    { "$.kind[*]", "" },
    { "$.kind[?(@.a)]", "" },
    { "$.kind..a", "" },
    { "$.items.name", "" },
  };
  g_autoptr (JsonNode) root = base_test_parse (document);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *found = match (cases[i].expression, root);

    g_assert_cmpstr (found, ==, cases[i].found);
  }
}

static void
test_root (void)
{
  static const char *const expressions[] = { "$", "@", ".", "$.", "{.}", "{@}", "{$}" };
  g_autoptr (JsonNode) root = base_test_parse ("{\"a\":[1]}");

  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++) {
    g_autofree char *found = match (expressions[i], root);

    g_assert_cmpstr (found, ==, "{\"a\":[1]}");
  }
}

static void
test_no_document (void)
{
  g_autofree char *found = match ("$.a", NULL);

  g_assert_cmpstr (found, ==, "");
}

static void
test_errors (void)
{
  static const char *const expressions[] = {
    "",
    "kind",
    "$kind",
    "$..",
    "$.a..",
    "$.a.",
    "$.a[",
    "$.a[]",
    "$.a[0",
    "$.a['b]",
    "$.a['b'",
    "$.a['b',]",
    "$.a[b]",
    "$.a[1.5]",
    "$.a[--1]",
    "$.a[0:1:0]",
    "$.a[99999999999]",
    "$.a[?]",
    "$.a[?()]",
    "$.a[?(@.b]",
    "$.a[?(@.b==)]",
    "$.a[?(@.b==c)]",
    "$.a[?(@.b=='c)]",
    "$.a[?(@.b=~'c')]",
    "$.a[?(@.b=='c' && @.d)]",
    "$.a b",
    "{.a",
    "{.a}{.b}",
    "{.a} x",
    ".a}",
    "$.a]",
    "$.\xff",
  };
  g_autofree char *deep = g_strdup ("@.a");
  g_autofree char *too_long = g_strnfill (5000, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (BaseJsonPath) path = base_json_path_new (expressions[i], &error);

    base_test_note (expressions[i]);
    g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX);
    g_assert_null (path);
  }

  for (guint i = 0; i < 20; i++) {
    g_autofree char *inner = g_steal_pointer (&deep);

    deep = g_strdup_printf ("@[?(%s)]", inner);
  }
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strconcat ("$.", i == 0 ? too_long : deep + 1, NULL);
    g_autoptr (BaseJsonPath) path = base_json_path_new (text, &error);

    g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX);
    g_assert_null (path);
  }
}

static void
test_error_place (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseJsonPath) path = base_json_path_new ("$.\303\251[?(@.b)", &error);

  g_assert_null (path);
  g_assert_cmpstr (error->message, ==,
                   "the path \"$.\303\251[?(@.b)\" is wrong at character 11: expected , or ]");
}

/* Each ".." multiplies by the depth; it must end all the same. */
static void
test_bomb (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) expression = g_string_new ("$");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (BaseJsonPath) path = NULL;
  g_autoptr (GPtrArray) found = NULL;

  for (guint i = 0; i < 90; i++)
    g_string_append_c (text, '[');
  for (guint i = 0; i < 90; i++)
    g_string_append_c (text, ']');
  for (guint i = 0; i < 200; i++)
    g_string_append (expression, "..[*]");

  root = base_test_parse (text->str);
  path = base_json_path_new (expression->str, &error);
  g_assert_no_error (error);
  found = base_json_path_match (path, root);
  g_assert_cmpuint (found->len, <=, 4 * 1000 * 1000);
}

static void
test_references (void)
{
  g_autoptr (BaseJsonPath) path = base_json_path_new ("$.a", NULL);
  g_autoptr (BaseJsonPath) copy = g_boxed_copy (BASE_TYPE_JSON_PATH, path);
  g_autoptr (GPtrArray) found = NULL;

  g_assert_true (copy == path);
  {
    g_autoptr (JsonNode) root = base_test_parse ("{\"a\":\"b\"}");

    found = base_json_path_match (path, root);
  }
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpstr (json_node_get_string (found->pdata[0]), ==, "b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json-path/match", test_match);
  g_test_add_func ("/base/json-path/root", test_root);
  g_test_add_func ("/base/json-path/no-document", test_no_document);
  g_test_add_func ("/base/json-path/errors", test_errors);
  g_test_add_func ("/base/json-path/error-place", test_error_place);
  g_test_add_func ("/base/json-path/bomb", test_bomb);
  g_test_add_func ("/base/json-path/references", test_references);

  return g_test_run ();
}
