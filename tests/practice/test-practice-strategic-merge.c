/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-strategic-merge.h"
#include "test-json.h"

static void
check (const char *type, const char *original, const char *patch, const char *expected)
{
  g_autoptr (PracticeSchema) schema = practice_schema_new ();
  g_autoptr (JsonNode) before = test_json (original);
  g_autoptr (JsonNode) change = test_json (patch);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = practice_strategic_merge_apply (
    type != NULL ? practice_schema_get (schema, type) : NULL, before, change, &error);

  g_assert_no_error (error);
  test_json_assert_equal (result, expected);
  /* Neither is changed. */
  test_json_assert_equal (before, original);
  test_json_assert_equal (change, patch);
}

static void
test_objects (void)
{
  check ("Pod", "{'metadata':{'labels':{'a':'1','b':'2'}}}",
         "{'metadata':{'labels':{'a':'9','b':null,'c':'3'}}}",
         "{'metadata':{'labels':{'a':'9','c':'3'}}}");
  check (NULL, "{'a':[1,2]}", "{'a':[3]}", "{'a':[3]}");
  check ("Pod", "{'spec':{'a':1}}", "{'spec':null}", "{}");
  check ("Deployment", "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{}}}}",
         "{'spec':{'strategy':{'$patch':'replace','type':'Recreate'}}}",
         "{'spec':{'strategy':{'type':'Recreate'}}}");
  check ("Deployment", "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{}}}}",
         "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}",
         "{'spec':{'strategy':{'type':'Recreate'}}}");
  check ("Pod", "{'spec':{'nodeSelector':{'a':'b'}}}",
         "{'spec':{'nodeSelector':{'$patch':'delete'}}}", "{'spec':{}}");
}

static void
test_lists (void)
{
  check ("Pod", "{'spec':{'containers':[{'name':'a','image':'x'},{'name':'b','image':'y'}]}}",
         "{'spec':{'containers':[{'name':'b','image':'z'},{'name':'c','image':'w'}]}}",
         "{'spec':{'containers':[{'name':'a','image':'x'},{'name':'b','image':'z'},"
         "{'name':'c','image':'w'}]}}");
  check ("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
         "{'spec':{'containers':[{'name':'a','$patch':'delete'}]}}",
         "{'spec':{'containers':[{'name':'b'}]}}");
  check ("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}",
         "{'spec':{'containers':[{'$patch':'replace'},{'name':'c'}]}}",
         "{'spec':{'containers':[{'name':'c'}]}}");
  check ("Service", "{'spec':{'ports':[{'port':80,'name':'http'},{'port':443}]}}",
         "{'spec':{'ports':[{'port':443,'name':'https'}]}}",
         "{'spec':{'ports':[{'port':80,'name':'http'},{'port':443,'name':'https'}]}}");
  check ("Pod", "{'spec':{'tolerations':[{'key':'a'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}",
         "{'spec':{'tolerations':[{'key':'b'}]}}");
}

static void
test_plain_lists (void)
{
  check ("Pod", "{'metadata':{'finalizers':['a','b']}}", "{'metadata':{'finalizers':['b','c']}}",
         "{'metadata':{'finalizers':['a','b','c']}}");
  check ("Pod", "{'metadata':{'finalizers':['a','b']}}",
         "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a']}}",
         "{'metadata':{'finalizers':['b']}}");
}

static void
test_order (void)
{
  check ("Pod", "{'spec':{'containers':[{'name':'server'},{'name':'a'},{'name':'b'}]}}",
         "{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'new'},{'name':'a'}],"
         "'containers':[{'name':'new'}]}}",
         "{'spec':{'containers':[{'name':'server'},{'name':'b'},{'name':'new'},{'name':'a'}]}}");
  check ("Pod", "{'metadata':{'finalizers':['a','b']}}",
         "{'metadata':{'$setElementOrder/finalizers':['b','a']}}",
         "{'metadata':{'finalizers':['b','a']}}");
}

static void
test_bad (void)
{
  static const struct {
    const char *original, *patch;
  } cases[] = {
    { "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'image':'x'}]}}" },
    { "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':['a']}}" },
    { "{}", "[]" },
    { "{}", "5" },
  };
  g_autoptr (PracticeSchema) schema = practice_schema_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) original = test_json (cases[i].original);
    g_autoptr (JsonNode) patch = test_json (cases[i].patch);
    g_autoptr (GError) error = NULL;

    g_assert_null (practice_strategic_merge_apply (practice_schema_get (schema, "Pod"), original,
                                                   patch, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/strategic-merge/objects", test_objects);
  g_test_add_func ("/practice/strategic-merge/lists", test_lists);
  g_test_add_func ("/practice/strategic-merge/plain-lists", test_plain_lists);
  g_test_add_func ("/practice/strategic-merge/order", test_order);
  g_test_add_func ("/practice/strategic-merge/bad", test_bad);

  return g_test_run ();
}
