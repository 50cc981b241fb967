/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "base-fixture.h"

static void
assert_json (JsonNode *node, const char *expected)
{
  g_autoptr (JsonNode) wanted = base_test_parse (expected);
  g_autofree char *written = base_json_write (node, FALSE);

  g_test_message ("%s, expected %s", written, expected);
  g_assert_true (base_json_equal (node, wanted));
}

/* RFC 6901, section 5 */
static void
test_pointer (void)
{
  g_autoptr (JsonNode) root =
    base_test_parse ("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,"
                     "\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,"
                     "\"m~n\":8}");
  static const struct {
    const char *pointer;
    const char *value;
  } cases[] = {
    { "/foo", "[\"bar\",\"baz\"]" },
    { "/foo/0", "\"bar\"" },
    { "/", "0" },
    { "/a~1b", "1" },
    { "/c%d", "2" },
    { "/e^f", "3" },
    { "/g|h", "4" },
    { "/i\\j", "5" },
    { "/k\"l", "6" },
    { "/ ", "7" },
    { "/m~0n", "8" },
  };
  static const char *const missing[] = {
    "/foo/2",
    "/foo/-",
    "/foo/01",
    "/foo/+1",
    "/foo/4294967296",
    "/foo/99999999999999999999",
    "/foo/",
    "/foo/0/",
    "/nothing",
    "foo",
    "/m~n",
    "/m~2n",
    "/m~",
    "/foo/a",
  };

  g_assert_true (base_json_pointer_get (root, "") == root);
  g_assert_null (base_json_pointer_get (NULL, "/a"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_json (base_json_pointer_get (root, cases[i].pointer), cases[i].value);
  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    g_assert_null (base_json_pointer_get (root, missing[i]));
}

static void
test_pointer_escape (void)
{
  g_autofree char *escaped = base_json_pointer_escape ("example.com/a~b~1");

  g_assert_cmpstr (escaped, ==, "example.com~1a~0b~01");
}

typedef struct {
  const char *name;
  const char *target;
  const char *patch;
  const char *result; /* NULL where it fails with code */
  BaseJsonError code;
} PatchCase;

/* The first are the examples of RFC 6902, appendix A, by their number. */
static const PatchCase patch_cases[] = {
  { "A.1", "{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]",
    "{\"baz\":\"qux\",\"foo\":\"bar\"}" },
  { "A.2", "{\"foo\":[\"bar\",\"baz\"]}",
    "[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}]",
    "{\"foo\":[\"bar\",\"qux\",\"baz\"]}" },
  { "A.3", "{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"remove\",\"path\":\"/baz\"}]",
    "{\"foo\":\"bar\"}" },
  { "A.4", "{\"foo\":[\"bar\",\"qux\",\"baz\"]}", "[{\"op\":\"remove\",\"path\":\"/foo/1\"}]",
    "{\"foo\":[\"bar\",\"baz\"]}" },
  { "A.5", "{\"baz\":\"qux\",\"foo\":\"bar\"}",
    "[{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}]",
    "{\"baz\":\"boo\",\"foo\":\"bar\"}" },
  { "A.6", "{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}}",
    "[{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}]",
    "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}" },
  { "A.7", "{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]}",
    "[{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}]",
    "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}" },
  { "A.8", "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
    "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"qux\"},"
    "{\"op\":\"test\",\"path\":\"/foo/1\",\"value\":2}]",
    "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}" },
  { "A.9", "{\"baz\":\"qux\"}", "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}]", NULL,
    BASE_JSON_ERROR_TEST_FAILED },
  { "A.10", "{\"foo\":\"bar\"}",
    "[{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}]",
    "{\"foo\":\"bar\",\"child\":{\"grandchild\":{}}}" },
  { "A.11", "{\"foo\":\"bar\"}",
    "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"xyz\":123}]",
    "{\"foo\":\"bar\",\"baz\":\"qux\"}" },
  { "A.12", "{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  /* the last of two members counts, and there is no /baz to remove */
  { "A.13", "{\"foo\":\"bar\"}",
    "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"op\":\"remove\"}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "A.14", "{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10}]",
    "{\"/\":9,\"~1\":10}" },
  { "A.15", "{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":\"10\"}]", NULL,
    BASE_JSON_ERROR_TEST_FAILED },
  { "A.16", "{\"foo\":[\"bar\"]}",
    "[{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}]",
    "{\"foo\":[\"bar\",[\"abc\",\"def\"]]}" },

  { "empty", "{\"a\":1}", "[]", "{\"a\":1}" },
  { "whole document", "{}", "[{\"op\":\"add\",\"path\":\"\",\"value\":[1]}]", "[1]" },
  { "replace all", "{}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":null}]", "null" },
  { "add null", "{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]", "{\"a\":null}" },
  { "add over", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":2}]", "{\"a\":2}" },
  { "add at the end", "[1,2]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":3}]", "[1,2,3]" },
  { "add at the start", "[1,2]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":3}]", "[3,1,2]" },
  { "replace element", "[1,2]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":3}]", "[1,3]" },
  { "copy is deep", "{\"a\":{\"x\":1}}",
    "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"},"
    "{\"op\":\"replace\",\"path\":\"/b/x\",\"value\":2}]",
    "{\"a\":{\"x\":1},\"b\":{\"x\":2}}" },
  { "move onto itself", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]",
    "{\"a\":1}" },
  { "move to the root", "{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"\"}]",
    "{\"b\":1}" },
  { "move beside a longer name", "{\"a\":1}",
    "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/ab\"}]", "{\"ab\":1}" },
  { "numbers", "{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1.0}]", "{\"a\":1}" },

  { "all or nothing", "{\"a\":1}",
    "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"test\",\"path\":\"/a\",\"value\":1}]", NULL,
    BASE_JSON_ERROR_TEST_FAILED },
  { "test null of nothing", "{}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":null}]", NULL,
    BASE_JSON_ERROR_TEST_FAILED },
  { "past the end", "[1]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":3}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "remove past the end", "[1]", "[{\"op\":\"remove\",\"path\":\"/1\"}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "remove -", "[1]", "[{\"op\":\"remove\",\"path\":\"/-\"}]", NULL, BASE_JSON_ERROR_NOT_FOUND },
  { "replace nothing", "{}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":1}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "into a string", "{\"a\":\"b\"}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "copy nothing", "{}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]", NULL,
    BASE_JSON_ERROR_NOT_FOUND },
  { "into itself", "{\"a\":{\"b\":{}}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b/c\"}]",
    NULL, BASE_JSON_ERROR_INVALID },
  { "remove all", "{}", "[{\"op\":\"remove\",\"path\":\"\"}]", NULL, BASE_JSON_ERROR_INVALID },
  { "no array", "{}", "{}", NULL, BASE_JSON_ERROR_INVALID },
  { "no object", "{}", "[1]", NULL, BASE_JSON_ERROR_INVALID },
  { "no op", "{}", "[{\"path\":\"/a\"}]", NULL, BASE_JSON_ERROR_INVALID },
  { "no path", "{}", "[{\"op\":\"add\",\"value\":1}]", NULL, BASE_JSON_ERROR_INVALID },
  { "no value", "{}", "[{\"op\":\"add\",\"path\":\"/a\"}]", NULL, BASE_JSON_ERROR_INVALID },
  { "no from", "{}", "[{\"op\":\"copy\",\"path\":\"/a\"}]", NULL, BASE_JSON_ERROR_INVALID },
  { "no slash", "{}", "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]", NULL,
    BASE_JSON_ERROR_INVALID },
  { "no such op", "{}", "[{\"op\":\"spin\",\"path\":\"/a\"}]", NULL, BASE_JSON_ERROR_INVALID },
};

static void
test_patch (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (patch_cases); i++) {
    const PatchCase *c = &patch_cases[i];
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) target = base_test_parse (c->target);
    g_autoptr (JsonNode) patch = base_test_parse (c->patch);
    g_autoptr (JsonNode) result = base_json_patch_apply (target, patch, &error);

    g_test_message ("%s", c->name);
    if (c->result != NULL) {
      g_assert_no_error (error);
      assert_json (result, c->result);
    } else {
      g_assert_error (error, BASE_JSON_ERROR, (int)c->code);
      g_assert_null (result);
    }
    assert_json (target, c->target);
  }
}

/* Each operation doubles the document. */
/* As a real API server of Kubernetes 1.20 answers; NULL: refused */
static void
test_patch_lenient (void)
{
  static const struct {
    const char *patch;
    const char *result;
  } cases[] = {
    { "[{\"op\":\"replace\",\"path\":\"/data/b\",\"value\":2}]", "{\"data\":{\"a\":1,\"b\":2}}" },
    { "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":2}]", "{\"data\":{\"a\":1},\"b\":2}" },
    { "[{\"op\":\"test\",\"path\":\"/data/b\",\"value\":null}]", "{\"data\":{\"a\":1}}" },
    { "[{\"op\":\"replace\",\"path\":\"/data/b/c\",\"value\":2}]", NULL },
    { "[{\"op\":\"remove\",\"path\":\"/data/b\"}]", NULL },
    { "[{\"op\":\"move\",\"from\":\"/data/b\",\"path\":\"/data/c\"}]", NULL },
    { "[{\"op\":\"test\",\"path\":\"/data/b\",\"value\":2}]", NULL },
  };
  g_autoptr (JsonNode) target = base_test_parse ("{\"data\":{\"a\":1}}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) patch = base_test_parse (cases[i].patch);
    g_autoptr (JsonNode) strict = base_json_patch_apply (target, patch, NULL);
    g_autoptr (JsonNode) result = base_json_patch_apply_lenient (target, patch, NULL);

    g_test_message ("%s", cases[i].patch);
    g_assert_null (strict);
    g_assert_cmpint (result != NULL, ==, cases[i].result != NULL);
    if (result != NULL) {
      g_autoptr (JsonNode) wanted = base_test_parse (cases[i].result);

      g_assert_true (base_json_equal (result, wanted));
    }
  }
}

static void
test_patch_bomb (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) target = base_test_parse ("{\"a\":[1]}");
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < 60; i++)
    g_string_append_printf (text, "%s{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/0\"}",
                            i > 0 ? "," : "");
  g_string_append_c (text, ']');
  patch = base_test_parse (text->str);

  result = base_json_patch_apply (target, patch, &error);
  g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TOO_LARGE);
  g_assert_null (result);
}

static void
test_patch_depth (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) target = base_test_parse ("[]");
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (GString) text = g_string_new ("[");
  g_autoptr (GString) path = g_string_new ("");

  for (guint i = 0; i < BASE_JSON_MAX_DEPTH + 1; i++) {
    g_string_append (path, "/0");
    g_string_append_printf (text, "%s{\"op\":\"add\",\"path\":\"%s\",\"value\":[]}",
                            i > 0 ? "," : "", path->str);
  }
  g_string_append_c (text, ']');
  patch = base_test_parse (text->str);

  result = base_json_patch_apply (target, patch, &error);
  g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TOO_LARGE);
  g_assert_null (result);
}

static void
test_merge_patch (void)
{
  static const struct {
    const char *target;
    const char *patch;
    const char *result;
  } cases[] = {
    /* RFC 7396, appendix A */
    { "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
    { "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
    { "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
    { "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
    { "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
    { "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
    { "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}" },
    { "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
    { "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
    { "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
    { "{\"a\":\"foo\"}", "null", "null" },
    { "{\"a\":\"foo\"}", "\"bar\"", "\"bar\"" },
    { "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
    { "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
    { "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },
    /* RFC 7396, section 3 */
    { "{\"title\":\"Goodbye!\",\"author\":{\"givenName\":\"John\",\"familyName\":\"Doe\"},"
      "\"tags\":[\"example\",\"sample\"],\"content\":\"This will be unchanged\"}",
      "{\"title\":\"Hello!\",\"phoneNumber\":\"+01-123-456-7890\",\"author\":{\"familyName\":null},"
      "\"tags\":[\"example\"]}",
      "{\"title\":\"Hello!\",\"author\":{\"givenName\":\"John\"},\"tags\":[\"example\"],"
      "\"content\":\"This will be unchanged\",\"phoneNumber\":\"+01-123-456-7890\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) target = base_test_parse (cases[i].target);
    g_autoptr (JsonNode) patch = base_test_parse (cases[i].patch);
    g_autoptr (JsonNode) result = base_json_merge_patch_apply (target, patch);

    assert_json (result, cases[i].result);
    assert_json (target, cases[i].target);
  }
}

static void
test_merge_patch_without_target (void)
{
  g_autoptr (JsonNode) patch = base_test_parse ("{\"a\":{\"b\":1,\"c\":null}}");
  g_autoptr (JsonNode) result = base_json_merge_patch_apply (NULL, patch);

  assert_json (result, "{\"a\":{\"b\":1}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/json-pointer/get", test_pointer);
  g_test_add_func ("/base/json-pointer/escape", test_pointer_escape);
  g_test_add_func ("/base/json-patch/apply", test_patch);
  g_test_add_func ("/base/json-patch/lenient", test_patch_lenient);
  g_test_add_func ("/base/json-patch/bomb", test_patch_bomb);
  g_test_add_func ("/base/json-patch/depth", test_patch_depth);
  g_test_add_func ("/base/json-merge-patch/apply", test_merge_patch);
  g_test_add_func ("/base/json-merge-patch/without-target", test_merge_patch_without_target);

  return g_test_run ();
}
