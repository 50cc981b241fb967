/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-error.h"
#include "mesh-fixture.h"
#include "mesh-merge.h"

#define OBJECT(http) "{'metadata':{'name':'a'},'spec':{'hosts':['a'],'http':[" http "]}}"
#define DESTINATION(subset, rest) "{'destination':{'host':'a','subset':'" subset "'}" rest "}"
#define SPLIT(v1, v3, rest)                                                                        \
  "{'route':[" DESTINATION ("v1", ",'weight':" v1) "," DESTINATION ("v3",                          \
                                                                    ",'weight':" v3) "]" rest "}"
#define JASON(rest)                                                                                \
  "{'match':[{'headers':{'end-user':{'exact':'jason'}}}]," rest                                    \
  "'route':[" DESTINATION ("v2", "") "]}"

typedef struct {
  const char *from;
  const char *to;
  const char *now;
  const char *result;
} Case;

/* What two people change in different places comes together. */
static void
test_careful (void)
{
  static const Case cases[] = {
    /* nothing foreign */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")) },
    /* a route before it, and one after */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT (JASON ("") "," SPLIT ("50", "50", "")),
      OBJECT (JASON ("") "," SPLIT ("70", "30", "")) },
    /* another field of the route */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT (SPLIT ("50", "50", ",'timeout':'1s'")),
      OBJECT (SPLIT ("70", "30", ",'timeout':'1s'")) },
    /* another route */
    { OBJECT (JASON ("") "," SPLIT ("50", "50", "")),
      OBJECT (JASON ("") "," SPLIT ("70", "30", "")),
      OBJECT (JASON ("'timeout':'1s',") "," SPLIT ("50", "50", "")),
      OBJECT (JASON ("'timeout':'1s',") "," SPLIT ("70", "30", "")) },
    /* a field that goes */
    { OBJECT (SPLIT ("50", "50", ",'timeout':'1s'")), OBJECT (SPLIT ("50", "50", "")),
      OBJECT (SPLIT ("80", "20", ",'timeout':'1s'")), OBJECT (SPLIT ("80", "20", "")) },
    /* a route that comes, where nobody else has touched the routes */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (JASON ("") "," SPLIT ("50", "50", "")),
      OBJECT (SPLIT ("50", "50", "")), OBJECT (JASON ("") "," SPLIT ("50", "50", "")) },
    /* both did the same */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT (SPLIT ("70", "30", "")), OBJECT (SPLIT ("70", "30", "")) },
    /* labels */
    { "{'metadata':{'name':'a'},'spec':{}}",
      "{'metadata':{'name':'a','labels':{'a':'b'}},'spec':{}}",
      "{'metadata':{'name':'a','uid':'x','annotations':{'c':'d'}},'spec':{}}",
      "{'metadata':{'name':'a','uid':'x','annotations':{'c':'d'},'labels':{'a':'b'}},'spec':{}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) from = mesh_test_parse_json (cases[i].from);
    g_autoptr (JsonNode) to = mesh_test_parse_json (cases[i].to);
    g_autoptr (JsonNode) now = mesh_test_parse_json (cases[i].now);
    g_autoptr (JsonNode) expected = mesh_test_parse_json (cases[i].result);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) result = mesh_merge (from, to, now, MESH_MERGE_CAREFUL, &error);

    g_assert_no_error (error);
    g_assert_true (base_json_equal (result, expected));
  }
}

/* The same place is changed by two: careful refuses, forced has the user's. */
static void
test_clash (void)
{
  static const Case cases[] = {
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT (SPLIT ("20", "80", "")), OBJECT (SPLIT ("70", "30", "")) },
    /* one weight of the route is enough */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "50", "")),
      OBJECT (SPLIT ("50", "40", "")), OBJECT (SPLIT ("70", "40", "")) },
    { OBJECT (SPLIT ("50", "50", ",'timeout':'1s'")), OBJECT (SPLIT ("50", "50", "")),
      OBJECT (SPLIT ("50", "50", ",'timeout':'2s'")), OBJECT (SPLIT ("50", "50", "")) },
    /* a destination is another one */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      OBJECT ("{'route':[" DESTINATION ("v1", ",'weight':50") "," DESTINATION (
        "v9", ",'weight':50") "]}"),
      OBJECT (SPLIT ("70", "30", "")) },
    /* the route has gone */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")), OBJECT (JASON ("")),
      OBJECT (SPLIT ("70", "30", "")) },
    /* the routes are others on both sides */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (JASON ("") "," SPLIT ("50", "50", "")),
      OBJECT (SPLIT ("20", "80", "")), OBJECT (JASON ("") "," SPLIT ("50", "50", "")) },
    /* not what it was at all */
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")),
      "{'metadata':{'name':'a'},'spec':{'hosts':['a'],'http':3}}",
      OBJECT (SPLIT ("70", "30", "")) },
    { OBJECT (SPLIT ("50", "50", "")), OBJECT (SPLIT ("70", "30", "")), "{'metadata':{'name':'a'}}",
      OBJECT (SPLIT ("70", "30", "")) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) from = mesh_test_parse_json (cases[i].from);
    g_autoptr (JsonNode) to = mesh_test_parse_json (cases[i].to);
    g_autoptr (JsonNode) now = mesh_test_parse_json (cases[i].now);
    g_autoptr (JsonNode) expected = mesh_test_parse_json (cases[i].result);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) forced = mesh_merge (from, to, now, MESH_MERGE_FORCED, NULL);

    g_assert_null (mesh_merge (from, to, now, MESH_MERGE_CAREFUL, &error));
    g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
    g_assert_true (base_json_equal (forced, expected));
  }
}

/* Whoever goes on with what came of it changes none of the three. */
static void
test_leaves_its_input (void)
{
  g_autoptr (JsonNode) from = mesh_test_parse_json (OBJECT (SPLIT ("50", "50", "")));
  g_autoptr (JsonNode) to = mesh_test_parse_json (OBJECT (SPLIT ("70", "30", "")));
  g_autoptr (JsonNode) now = mesh_test_parse_json (OBJECT (JASON ("") "," SPLIT ("50", "50", "")));
  g_autoptr (JsonNode) before = base_json_copy (now);
  g_autoptr (JsonNode) result = mesh_merge (from, to, now, MESH_MERGE_FORCED, NULL);

  json_object_remove_member (json_node_get_object (result), "spec");
  g_assert_true (base_json_equal (now, before));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/merge/careful", test_careful);
  g_test_add_func ("/mesh/merge/clash", test_clash);
  g_test_add_func ("/mesh/merge/leaves-its-input", test_leaves_its_input);
  return g_test_run ();
}
