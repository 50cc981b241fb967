/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "base-json.h"
#include "mesh-destination-rule.h"
#include "mesh-error.h"
#include "mesh-patch.h"
#include "mesh-virtual-service.h"

/* Two routes, the first with a match; fields that the program does not know all over. */
static const char *const REVIEWS =
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService',"
  "'metadata':{'name':'reviews','namespace':'default','uid':'u1','resourceVersion':'7',"
  "'annotations':{'note':'kept'}},"
  "'spec':{'zebra':1,'hosts':['reviews'],'http':["
  "{'match':[{'headers':{'end-user':{'exact':'jason'}}}],"
  "'route':[{'destination':{'host':'reviews','subset':'v2'}}],'timeout':'0.5s'},"
  "{'mirror':{'host':'reviews','subset':'v2'},'route':["
  "{'destination':{'host':'reviews','subset':'v1','port':{'number':9080}},'weight':50,"
  "'headers':{'request':{'set':{'a':'b'}}}},"
  "{'destination':{'host':'reviews','subset':'v3','port':{'number':9080}},'weight':50}],"
  "'alpha':true}]}}";

static JsonNode *
parse (const char *text)
{
  g_autofree char *copy = g_strdup (text);
  g_autoptr (GError) error = NULL;
  JsonNode *node = NULL;

  node = base_json_parse (g_strdelimit (copy, "'", '"'), -1, &error);
  g_assert_no_error (error);
  return node;
}

static MeshVirtualService *
load (const char *text)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GError) error = NULL;
  MeshVirtualService *service = mesh_virtual_service_new (node, &error);

  g_assert_no_error (error);
  return service;
}

/* A VirtualService with one route of its own. */
static MeshVirtualService *
load_route (const char *route)
{
  g_autofree char *text = g_strdup_printf (
    "{'metadata':{'name':'reviews'},'spec':{'hosts':['reviews'],'http':[%s]}}", route);

  return load (text);
}

static JsonNode *
patched (
  const char *text, MeshVirtualService *service, guint route, const MeshWeight *weights, gsize n)
{
  g_autoptr (JsonNode) target = parse (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) wanted = NULL;
  g_autoptr (JsonNode) patch = NULL;
  JsonNode *result = NULL;

  wanted = mesh_virtual_service_dup_with_weights (service, route, weights, n, &error);
  g_assert_no_error (error);
  patch = mesh_patch_new (target, wanted);
  if (patch == NULL)
    return g_steal_pointer (&target);
  result = base_json_patch_apply (target, patch, &error);
  g_assert_no_error (error);
  g_assert_true (base_json_equal (result, wanted));
  return result;
}

static void
test_read (void)
{
  MeshVirtualService *service = load (REVIEWS);
  g_auto (GStrv) hosts = mesh_virtual_service_dup_hosts (service);
  g_autofree char *first = mesh_virtual_service_dup_route_title (service, 0);
  g_autofree char *second = mesh_virtual_service_dup_route_title (service, 1);

  g_assert_cmpstr (mesh_virtual_service_get_name (service), ==, "reviews");
  g_assert_cmpstr (mesh_virtual_service_get_namespace (service), ==, "default");
  g_assert_cmpuint (g_strv_length (hosts), ==, 1);
  g_assert_cmpuint (mesh_virtual_service_get_n_routes (service), ==, 2);
  g_assert_true (mesh_virtual_service_route_has_match (service, 0));
  g_assert_false (mesh_virtual_service_route_has_match (service, 1));
  g_assert_cmpstr (first, ==, "end-user is jason");
  g_assert_cmpstr (second, ==, "Everyone else");
  g_assert_cmpuint (mesh_virtual_service_get_n_destinations (service, 1), ==, 2);
  g_assert_cmpstr (mesh_virtual_service_get_destination_host (service, 1, 1), ==, "reviews");
  g_assert_cmpstr (mesh_virtual_service_get_destination_subset (service, 1, 1), ==, "v3");
  g_assert_cmpint (mesh_virtual_service_get_weight (service, 0, 0), ==, 100);
  g_assert_cmpint (mesh_virtual_service_get_weight (service, 1, 1), ==, 50);
  g_assert_cmpuint (mesh_virtual_service_get_n_destinations (service, 9), ==, 0);
  g_assert_null (mesh_virtual_service_get_destination_host (service, 1, 9));
  g_assert_finalize_object (service);
}

static void
test_missing_weight (void)
{
  g_autoptr (MeshVirtualService) service =
    load_route ("{'route':[{'destination':{'host':'a','subset':'v1'}},"
                "{'destination':{'host':'a','subset':'v2'},'weight':100}]}");

  g_assert_cmpint (mesh_virtual_service_get_weight (service, 0, 0), ==, 0);
  g_assert_cmpint (mesh_virtual_service_get_weight (service, 0, 1), ==, 100);
}

static void
test_bad_input (void)
{
  static const char *const inputs[] = {
    "{}",
    "[]",
    "'text'",
    "{'kind':'Pod','metadata':{'name':'a'},'spec':{}}",
    "{'kind':'VirtualService','metadata':{'name':'a'},'spec':[]}",
  };
  static const char *const odd_routes[] = {
    "{'route':{}}", "{'route':[null,1,'x']}", "{'match':{},'route':[{'weight':'50'}]}", "null", "3",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++) {
    g_autoptr (JsonNode) node = parse (inputs[i]);
    g_autoptr (GError) error = NULL;

    g_assert_null (mesh_virtual_service_new (node, &error));
    g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (odd_routes); i++) {
    g_autoptr (MeshVirtualService) service = load_route (odd_routes[i]);
    g_autofree char *title = mesh_virtual_service_dup_route_title (service, 0);

    g_assert_cmpuint (mesh_virtual_service_get_n_routes (service), ==, 1);
    g_assert_cmpstr (title, ==, "Everyone");
    for (guint j = 0; j < 4; j++) {
      mesh_virtual_service_get_weight (service, 0, j);
      g_assert_null (mesh_virtual_service_get_destination_host (service, 0, j));
    }
  }
}

static void
test_titles (void)
{
  static const struct {
    const char *match;
    const char *title;
  } cases[] = {
    { "{'uri':{'prefix':'/api'}}", "path starts with /api" },
    { "{'uri':{'exact':'/a'}},{'uri':{'regex':'/b.*'}}", "path is /a or path matches /b.*" },
    { "{'headers':{'end-user':{'exact':'jason'},'cookie':{}},'method':{'exact':'GET'}}",
      "method is GET and end-user is jason and cookie is present" },
    { "{'withoutHeaders':{'end-user':{'exact':'jason'}}}", "not: end-user is jason" },
    { "{'queryParams':{'beta':{'exact':'1'}},'port':9080}", "beta is 1 and port is 9080" },
    { "{'sourceLabels':{'app':'productpage'},'sourceNamespace':'default'}",
      "from app=productpage and from namespace default" },
    { "{}", "any request" },
    { "{'headers':[],'uri':'text'}", "path is present" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *route = g_strdup_printf ("{'match':[%s],'route':[]}", cases[i].match);
    g_autoptr (MeshVirtualService) service = load_route (route);
    g_autofree char *title = mesh_virtual_service_dup_route_title (service, 0);

    g_assert_cmpstr (title, ==, cases[i].title);
  }
}

/* Only the numbers of the route change: every other byte stays, in its order. */
static void
test_weights_touch_nothing_else (void)
{
  g_autoptr (MeshVirtualService) service = load (REVIEWS);
  const MeshWeight weights[] = { { "reviews", "v1", 70 }, { "reviews", "v3", 30 } };
  g_autoptr (JsonNode) result = patched (REVIEWS, service, 1, weights, G_N_ELEMENTS (weights));
  g_autofree char *text = base_json_write (result, FALSE);
  g_autoptr (JsonNode) before = parse (REVIEWS);
  g_autofree char *expected = base_json_write (before, FALSE);
  g_autoptr (GString) replaced = g_string_new (expected);

  g_assert_cmpuint (
    g_string_replace (replaced, "\"weight\":50,\"headers\"", "\"weight\":70,\"headers\"", 1), ==,
    1);
  g_assert_cmpuint (g_string_replace (replaced, "\"weight\":50}", "\"weight\":30}", 1), ==, 1);
  g_assert_cmpstr (text, ==, replaced->str);
}

static void
test_weights_unchanged (void)
{
  g_autoptr (MeshVirtualService) service = load (REVIEWS);
  const MeshWeight weights[] = { { "reviews", "v1", 50 }, { "reviews", "v3", 50 } };
  g_autoptr (JsonNode) result = patched (REVIEWS, service, 1, weights, G_N_ELEMENTS (weights));
  g_autoptr (JsonNode) before = parse (REVIEWS);

  g_assert_true (base_json_equal (result, before));
}

static void
test_weights_append (void)
{
  g_autoptr (MeshVirtualService) service = load (REVIEWS);
  const MeshWeight weights[] = {
    { "reviews", "v1", 40 },
    { "reviews", "v3", 50 },
    { "reviews", "v2", 10 },
  };
  g_autoptr (JsonNode) result = patched (REVIEWS, service, 1, weights, G_N_ELEMENTS (weights));
  g_autoptr (MeshVirtualService) after = mesh_virtual_service_new (result, NULL);
  JsonNode *entry = base_json_pointer_get (result, "/spec/http/1/route/2");

  g_assert_cmpuint (mesh_virtual_service_get_n_destinations (after, 1), ==, 3);
  g_assert_cmpint (mesh_virtual_service_get_weight (after, 1, 0), ==, 40);
  g_assert_cmpstr (mesh_virtual_service_get_destination_subset (after, 1, 2), ==, "v2");
  g_assert_cmpint (base_json_get_int (entry, 0, "destination", "port", "number", NULL), ==, 9080);
}

/* A lone destination's weight is unsaid; beside a second one that would count 0. */
static void
test_weights_append_to_unsaid (void)
{
  const char *text = "{'metadata':{'name':'reviews'},'spec':{'hosts':['reviews'],'http':["
                     "{'route':[{'destination':{'host':'reviews','subset':'v1'}}]}]}}";
  g_autoptr (MeshVirtualService) service = load (text);
  const MeshWeight weights[] = { { "reviews", "v1", 100 }, { "reviews", "v3", 0 } };
  g_autoptr (JsonNode) result = patched (text, service, 0, weights, G_N_ELEMENTS (weights));
  g_autoptr (JsonNode) alone = patched (text, service, 0, weights, 1);
  g_autoptr (JsonNode) before = parse (text);

  g_assert_cmpint (
    base_json_get_int (base_json_pointer_get (result, "/spec/http/0/route/0/weight"), -1, NULL), ==,
    100);
  g_assert_true (base_json_equal (alone, before));
}

static void
test_weights_refused (void)
{
  g_autoptr (MeshVirtualService) service = load (REVIEWS);
  const MeshWeight few[] = { { "reviews", "v1", 100 } };
  const MeshWeight other[] = { { "reviews", "v1", 70 }, { "reviews", "v9", 30 } };
  const MeshWeight negative[] = { { "reviews", "v1", -1 }, { "reviews", "v3", 101 } };
  g_autoptr (GError) error = NULL;

  g_assert_null (mesh_virtual_service_dup_with_weights (service, 1, few, 1, &error));
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_null (mesh_virtual_service_dup_with_weights (service, 1, other, 2, &error));
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_null (mesh_virtual_service_dup_with_weights (service, 1, negative, 2, &error));
  g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (mesh_virtual_service_dup_with_weights (service, 7, other, 2, &error));
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
}

static void
test_subsets (void)
{
  g_autoptr (JsonNode) rule = parse (
    "{'spec':{'host':'reviews','subsets':[{'name':'v1'},{'name':'v2'},{'name':'v1'},{},3]}}");
  g_autoptr (JsonNode) none = parse ("{'spec':{'subsets':{}}}");
  g_auto (GStrv) subsets = mesh_destination_rule_dup_subsets (rule);
  g_auto (GStrv) empty = mesh_destination_rule_dup_subsets (none);

  g_assert_cmpstr (mesh_destination_rule_get_host (rule), ==, "reviews");
  g_assert_null (mesh_destination_rule_get_host (none));
  g_assert_cmpuint (g_strv_length (subsets), ==, 2);
  g_assert_cmpstr (subsets[1], ==, "v2");
  g_assert_cmpuint (g_strv_length (empty), ==, 0);
}

static void
test_hosts (void)
{
  static const char *const same[] = {
    "reviews",
    "reviews.default",
    "reviews.default.svc",
    "reviews.default.svc.cluster.local",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (same); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (same); j++)
      g_assert_true (mesh_host_equal (same[i], "default", same[j], NULL));
  }
  g_assert_false (mesh_host_equal ("reviews", "default", "reviews", "other"));
  g_assert_true (mesh_host_equal ("reviews.other", "default", "reviews", "other"));
  g_assert_false (mesh_host_equal ("reviews", "default", "ratings", "default"));
  g_assert_true (mesh_host_equal ("*.example.com", "a", "*.example.com", "b"));
  g_assert_false (mesh_host_equal (NULL, NULL, "reviews", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/virtual-service/read", test_read);
  g_test_add_func ("/mesh/virtual-service/missing-weight", test_missing_weight);
  g_test_add_func ("/mesh/virtual-service/bad-input", test_bad_input);
  g_test_add_func ("/mesh/virtual-service/titles", test_titles);
  g_test_add_func ("/mesh/virtual-service/weights-touch-nothing-else",
                   test_weights_touch_nothing_else);
  g_test_add_func ("/mesh/virtual-service/weights-unchanged", test_weights_unchanged);
  g_test_add_func ("/mesh/virtual-service/weights-append", test_weights_append);
  g_test_add_func ("/mesh/virtual-service/weights-append-to-unsaid", test_weights_append_to_unsaid);
  g_test_add_func ("/mesh/virtual-service/weights-refused", test_weights_refused);
  g_test_add_func ("/mesh/destination-rule/subsets", test_subsets);
  g_test_add_func ("/mesh/destination-rule/hosts", test_hosts);
  return g_test_run ();
}
