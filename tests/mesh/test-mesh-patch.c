/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "mesh-fixture.h"
#include "mesh-patch.h"

/* @...: the spec of the http routes */
#define OBJECT(http)                                                                               \
  "{'metadata':{'name':'a','uid':'u1','resourceVersion':'7','annotations':{'x/y':'kept'}},"        \
  "'spec':{'hosts':['a'],'http':[" http "]}}"

#define JASON                                                                                      \
  "{'match':[{'headers':{'end-user':{'exact':'jason'}}}],"                                         \
  "'route':[{'destination':{'host':'a','subset':'v2'}}]}"
#define SPLIT                                                                                      \
  "{'route':[{'destination':{'host':'a','subset':'v1'},'weight':50},"                              \
  "{'destination':{'host':'a','subset':'v3'},'weight':50}]}"

static guint
count_changes (JsonNode *patch)
{
  JsonArray *operations = json_node_get_array (patch);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (operations); i++) {
    JsonNode *operation = json_array_get_element (operations, i);

    n += g_strcmp0 (base_json_get_string (operation, "op", NULL), "test") != 0;
  }
  return n;
}

/* What is changed, by how many operations at most. */
static void
test_makes_target (void)
{
  static const struct {
    const char *from;
    const char *to;
    guint n_changes;
  } cases[] = {
    { OBJECT (JASON "," SPLIT), OBJECT (SPLIT), 1 },
    { OBJECT (SPLIT), OBJECT (JASON "," SPLIT), 1 },
    { OBJECT (SPLIT), OBJECT (SPLIT "," SPLIT), 1 },
    { OBJECT (JASON "," SPLIT), OBJECT (SPLIT "," JASON), 2 },
    { OBJECT (""), OBJECT (JASON "," SPLIT), 2 },
    { OBJECT (JASON "," SPLIT "," JASON), OBJECT (JASON), 2 },
    { OBJECT ("{'route':[{'w':1},{'w':2},{'w':3}]}"), OBJECT ("{'route':[{'w':9}]}"), 3 },
    { OBJECT ("{'route':[{'w':1}]}"), OBJECT ("{'route':[{'w':9},{'w':2},{'w':3}]}"), 3 },
    { OBJECT ("{'route':[{'w':1},{'w':3}]}"), OBJECT ("{'route':[{'w':1},{'w':2},{'w':3}]}"), 1 },
    { OBJECT ("{'timeout':'1s'}"), OBJECT ("{'retries':{'attempts':0}}"), 2 },
    { OBJECT ("{'a/b~c':1}"), OBJECT ("{'a/b~c':2}"), 1 },
    { OBJECT ("{'a':null}"), OBJECT ("{'a':[]}"), 1 },
    { "{'metadata':{'name':'a'},'spec':{}}",
      "{'metadata':{'name':'a','labels':{'a':'b'}},'spec':{}}", 1 },
    { "{'metadata':{'name':'a'},'spec':{}}", "{'metadata':{'name':'a'}}", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) from = mesh_test_parse_json (cases[i].from);
    g_autoptr (JsonNode) to = mesh_test_parse_json (cases[i].to);
    g_autoptr (JsonNode) patch = mesh_patch_new (from, to);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) result = base_json_patch_apply (from, patch, &error);

    g_assert_no_error (error);
    g_assert_true (base_json_equal (result, to));
    if (i != 3)
      g_assert_cmpuint (count_changes (patch), ==, cases[i].n_changes);
  }
}

static void
test_holds_on (void)
{
  g_autoptr (JsonNode) from = mesh_test_parse_json (OBJECT (JASON "," SPLIT));
  g_autoptr (JsonNode) to = base_json_copy (from);
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (JsonNode) expected =
    mesh_test_parse_json ("[{'op':'test','path':'/metadata/uid','value':'u1'},"
                          "{'op':'test','path':'/metadata/resourceVersion','value':'7'},"
                          "{'op':'test','path':'/spec/http/1/route/0/destination',"
                          "'value':{'host':'a','subset':'v1'}},"
                          "{'op':'test','path':'/spec/http/1/route/1/destination',"
                          "'value':{'host':'a','subset':'v3'}},"
                          "{'op':'test','path':'/spec/http/1/route/0/weight','value':50},"
                          "{'op':'replace','path':'/spec/http/1/route/0/weight','value':70},"
                          "{'op':'add','path':'/spec/http/1/timeout','value':'1s'}]");

  json_object_set_int_member (
    json_node_get_object (base_json_pointer_get (to, "/spec/http/1/route/0")), "weight", 70);
  json_object_set_string_member (json_node_get_object (base_json_pointer_get (to, "/spec/http/1")),
                                 "timeout", "1s");
  patch = mesh_patch_new (from, to);
  g_assert_true (base_json_equal (patch, expected));
}

/* Each of these is another's edit between reading and writing. */
static void
test_finds_foreign_edit (void)
{
  static const char *const edits[][2] = {
    { "'u1'", "'u2'" },
    { "'7'", "'8'" },
    { "'subset':'v3'", "'subset':'v9'" },
    { "'timeout':'1s'", "'timeout':'2s'" },
  };
  const char *text =
    OBJECT ("{'timeout':'1s','route':[{'destination':{'host':'a','subset':'v3'}}]}");
  g_autoptr (JsonNode) from = mesh_test_parse_json (text);
  g_autoptr (JsonNode) to = base_json_copy (from);
  g_autoptr (JsonNode) patch = NULL;

  json_object_remove_member (json_node_get_object (base_json_pointer_get (to, "/spec/http/0")),
                             "timeout");
  patch = mesh_patch_new (from, to);
  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++) {
    g_autoptr (GString) edited = g_string_new (text);
    g_autoptr (JsonNode) now = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (g_string_replace (edited, edits[i][0], edits[i][1], 0), ==, 1);
    now = mesh_test_parse_json (edited->str);
    g_assert_null (base_json_patch_apply (now, patch, &error));
    g_assert_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TEST_FAILED);
  }
}

/* What is the server's is never written. */
static void
test_nothing (void)
{
  g_autoptr (JsonNode) from = mesh_test_parse_json (OBJECT (SPLIT));
  g_autoptr (JsonNode) to = base_json_copy (from);

  g_assert_null (mesh_patch_new (from, to));
  json_object_set_string_member (json_node_get_object (base_json_pointer_get (to, "/metadata")),
                                 "resourceVersion", "1");
  json_object_set_string_member (json_node_get_object (to), "status", "x");
  g_assert_null (mesh_patch_new (from, to));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/patch/makes-target", test_makes_target);
  g_test_add_func ("/mesh/patch/holds-on", test_holds_on);
  g_test_add_func ("/mesh/patch/finds-foreign-edit", test_finds_foreign_edit);
  g_test_add_func ("/mesh/patch/nothing", test_nothing);
  return g_test_run ();
}
