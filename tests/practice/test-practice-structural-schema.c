/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-structural-schema.h"
#include "test-json.h"

#define LEAF "{'type':'object','properties':{'a':{'type':'string','default':'x'}}}"
#define OF(properties) "{'type':'object','properties':{" properties "}}"

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* What is left of an object, and what is noted of what is not. */
static void
test_prune (void)
{
  static const struct {
    const char *schema;
    const char *object;
    const char *pruned;
    const char *unknown;
  } cases[] = {
    { OF ("'spec':" LEAF), "{'spec':{'a':'1','b':2},'other':{}}", "{'spec':{'a':'1'}}",
      "other spec.b" },
    /* The server knows better what these are, but only of the whole object. */
    { OF ("'spec':" LEAF), "{'kind':'K','apiVersion':'v','metadata':{'x':1},'spec':{'kind':'K'}}",
      "{'kind':'K','apiVersion':'v','metadata':{'x':1},'spec':{}}", "spec.kind" },
    { OF ("'e':{'type':'object','x-kubernetes-embedded-resource':true}"),
      "{'e':{'kind':'K','x':1}}", "{'e':{'kind':'K'}}", "e.x" },
    { OF ("'list':{'type':'array','items':" LEAF "}"), "{'list':[{'a':'1'},{'b':2}]}",
      "{'list':[{'a':'1'},{}]}", "list[1].b" },
    { OF ("'map':{'type':'object','additionalProperties':" LEAF "}"),
      "{'map':{'one':{'a':'1','b':2}}}", "{'map':{'one':{'a':'1'}}}", "map.one.b" },
    { OF ("'map':{'type':'object','additionalProperties':true}"), "{'map':{'one':{'b':2}}}",
      "{'map':{'one':{'b':2}}}", "" },
    /* What is known within what is kept is looked at. */
    { OF ("'spec':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'properties':{"
          "'leaf':" LEAF "}}"),
      "{'spec':{'free':[1],'leaf':{'b':2}}}", "{'spec':{'free':[1],'leaf':{}}}", "spec.leaf.b" },
    { OF ("'spec':" LEAF), "{'spec':'a text'}", "{'spec':'a text'}", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) schema = test_json (cases[i].schema);
    g_autoptr (JsonNode) object = test_json (cases[i].object);
    g_autoptr (GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *joined = NULL;

    practice_structural_schema_prune (schema, object, unknown);
    test_json_assert_equal (object, cases[i].pruned);
    g_ptr_array_sort (unknown, compare_paths);
    g_ptr_array_add (unknown, NULL);
    joined = g_strjoinv (" ", (char **)unknown->pdata);
    g_assert_cmpstr (joined, ==, cases[i].unknown);
  }
}

static void
test_defaults (void)
{
  static const struct {
    const char *schema;
    const char *object;
    const char *filled;
  } cases[] = {
    { OF ("'spec':" LEAF), "{'spec':{}}", "{'spec':{'a':'x'}}" },
    { OF ("'spec':" LEAF), "{'spec':{'a':'y'}}", "{'spec':{'a':'y'}}" },
    /* Nothing is made for the sake of what it would have. */
    { OF ("'spec':" LEAF), "{}", "{}" },
    { OF ("'spec':{'type':'object','default':{},'properties':{'a':{'default':1}}}"), "{}",
      "{'spec':{'a':1}}" },
    { OF ("'n':{'type':'integer','default':3}"), "{'n':null}", "{'n':3}" },
    { OF ("'n':{'type':'integer','nullable':true,'default':3}"), "{'n':null}", "{'n':null}" },
    { OF ("'list':{'type':'array','items':" LEAF "}"), "{'list':[{},{'a':'y'}]}",
      "{'list':[{'a':'x'},{'a':'y'}]}" },
    { OF ("'map':{'type':'object','additionalProperties':" LEAF "}"), "{'map':{'one':{}}}",
      "{'map':{'one':{'a':'x'}}}" },
    { OF ("'kind':{'default':'K'},'metadata':{'default':{}}"), "{}", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) schema = test_json (cases[i].schema);
    g_autoptr (JsonNode) object = test_json (cases[i].object);

    practice_structural_schema_set_defaults (schema, object);
    test_json_assert_equal (object, cases[i].filled);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/structural-schema/prune", test_prune);
  g_test_add_func ("/practice/structural-schema/defaults", test_defaults);
  return g_test_run ();
}
