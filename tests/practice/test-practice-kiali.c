/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali.h"

#include "test-json.h"
#include "test-mesh-pods.h"

static PracticeHttpResponse *
ask (TestPods *pods, const char *target)
{
  g_autoptr (PracticeKiali) kiali = practice_kiali_new (practice_sidecar_get_mesh (pods->sidecar));
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (pods->productpage, "GET", "kiali:20001", target, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response;

  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (kiali), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "Kiali");
  response = practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (kiali), result, &error);
  g_assert_no_error (error);
  return response;
}

static JsonNode *
ask_json (TestPods *pods, const char *target, guint status)
{
  g_autoptr (PracticeHttpResponse) response = ask (pods, target);
  GBytes *body = practice_http_response_get_body (response);
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_assert_cmpuint (practice_http_response_get_status (response), ==, status);
  node = base_json_parse (g_bytes_get_data (body, NULL), (gssize)g_bytes_get_size (body), &error);
  g_assert_no_error (error);
  return node;
}

#define GRAPH "/kiali/api/namespaces/graph?namespaces=default&appenders=deadNode&"

static JsonNode *
find_element (JsonNode *graph, const char *list, const char *member, const char *value)
{
  JsonArray *elements = base_json_get_array (graph, "elements", list, NULL);

  for (guint i = 0; i < json_array_get_length (elements); i++) {
    JsonNode *data = base_json_get (json_array_get_element (elements, i), "data", NULL);

    if (g_strcmp0 (base_json_get_string (data, member, NULL), value) == 0)
      return data;
  }
  return NULL;
}

static guint
count (JsonNode *graph, const char *list)
{
  return json_array_get_length (base_json_get_array (graph, "elements", list, NULL));
}

static void
make_traffic (TestPods *pods)
{
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  test_mesh_apply (&pods->mesh,
                   "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], "
                   "http: [{match: [{uri: {exact: /3}}], route: [{destination: {host: reviews, "
                   "subset: v3}}]}, {route: [{destination: {host: reviews, subset: v1}}]}]}}");
  pods->reviews[2]->status = 500;
  for (guint i = 0; i < 4; i++)
    g_free (test_pods_get (pods, "reviews:9080", i == 0 ? "/3" : "/1"));
}

static void
test_workloads (TestPods *pods, gconstpointer data)
{
  g_autoptr (JsonNode) graph = NULL;
  JsonNode *page;
  JsonNode *edge;

  make_traffic (pods);
  graph = ask_json (pods, GRAPH "graphType=workload&duration=60s", 200);
  g_assert_cmpstr (base_json_get_string (graph, "graphType", NULL), ==, "workload");
  g_assert_cmpint (base_json_get_int (graph, 0, "duration", NULL), ==, 60);
  g_assert_cmpint (base_json_get_int (graph, 0, "timestamp", NULL), >, 1500000000);
  g_assert_cmpuint (count (graph, "nodes"), ==, 3);
  g_assert_cmpuint (count (graph, "edges"), ==, 2);
  page = find_element (graph, "nodes", "app", "productpage");
  g_assert_cmpstr (base_json_get_string (page, "nodeType", NULL), ==, "workload");
  g_assert_cmpstr (base_json_get_string (page, "workload", NULL), ==, "productpage-v1-5d4c");
  g_assert_cmpuint (strlen (base_json_get_string (page, "id", NULL)), ==, 64);
  g_assert_true (base_json_get_boolean (page, FALSE, "isRoot", NULL));
  test_json_assert_equal (base_json_get (page, "traffic", NULL),
                          "[{'protocol':'http','rates':{'httpOut':'0.07','httpOut5xx':'0.02'}}]");
  page = find_element (graph, "nodes", "version", "v3");
  test_json_assert_equal (base_json_get (page, "traffic", NULL),
                          "[{'protocol':'http','rates':{'httpIn':'0.02','httpIn5xx':'0.02'}}]");
  edge = find_element (graph, "edges", "target", base_json_get_string (page, "id", NULL));
  test_json_assert_equal (
    base_json_get (edge, "traffic", NULL),
    "{'protocol':'http','rates':{'http':'0.02','http5xx':'0.02','httpPercentErr':'100.0',"
    "'httpPercentReq':'25.0'},'responses':{'500':{'flags':{'-':'100.0'},'hosts':{"
    "'reviews.default.svc.cluster.local':'100.0'}}}}");
  g_assert_nonnull (base_json_get_string (edge, "responseTime", NULL));
}

static void
test_services (TestPods *pods, gconstpointer data)
{
  g_autoptr (JsonNode) graph = NULL;
  g_autoptr (JsonNode) services = NULL;
  JsonNode *reviews;

  make_traffic (pods);
  graph = ask_json (pods, GRAPH "graphType=versionedApp&duration=60s&injectServiceNodes=true", 200);
  g_assert_cmpuint (count (graph, "nodes"), ==, 4);
  g_assert_cmpuint (count (graph, "edges"), ==, 3);
  reviews = find_element (graph, "nodes", "service", "reviews");
  g_assert_cmpstr (base_json_get_string (reviews, "nodeType", NULL), ==, "service");
  test_json_assert_equal (base_json_get (reviews, "hasVS", NULL),
                          "{'hostnames':['reviews.default.svc.cluster.local']}");
  g_assert_true (base_json_get_boolean (reviews, FALSE, "hasRequestRouting", NULL));
  g_assert_false (base_json_get_boolean (reviews, FALSE, "hasTrafficShifting", NULL));
  services = ask_json (pods, GRAPH "graphType=service&duration=60s", 200);
  g_assert_cmpuint (count (services, "nodes"), ==, 2);
  g_assert_cmpuint (count (services, "edges"), ==, 1);
}

static void
test_apps (TestPods *pods, gconstpointer data)
{
  g_autoptr (JsonNode) apps = NULL;
  g_autoptr (JsonNode) boxed = NULL;
  g_autoptr (JsonNode) idle = NULL;
  JsonNode *box;

  make_traffic (pods);
  apps = ask_json (pods, GRAPH "graphType=app&duration=60s", 200);
  g_assert_cmpuint (count (apps, "nodes"), ==, 2);
  g_assert_cmpuint (count (apps, "edges"), ==, 1);
  boxed = ask_json (pods, GRAPH "graphType=versionedApp&boxBy=app", 200);
  box = find_element (boxed, "nodes", "nodeType", "box");
  g_assert_cmpstr (base_json_get_string (box, "isBox", NULL), ==, "app");
  g_assert_nonnull (
    find_element (boxed, "nodes", "parent", base_json_get_string (box, "id", NULL)));
  idle = ask_json (pods, "/kiali/api/namespaces/graph?namespaces=default&graphType=app", 200);
  g_assert_true (
    base_json_get_boolean (find_element (idle, "nodes", "app", "ratings"), FALSE, "isIdle", NULL));
}

/* One that was asked for a subset that is not there has no pod at its end. */
static void
test_errors (TestPods *pods, gconstpointer data)
{
  g_autoptr (JsonNode) graph = NULL;
  JsonNode *reviews;

  test_mesh_apply (&pods->mesh,
                   "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], "
                   "http: [{route: [{destination: {host: reviews, subset: v9}}]}]}}");
  g_free (test_pods_get (pods, "reviews:9080", "/"));
  graph = ask_json (pods, GRAPH "graphType=app&duration=1m", 200);
  g_assert_cmpuint (count (graph, "nodes"), ==, 2);
  reviews = find_element (graph, "nodes", "service", "reviews");
  g_assert_cmpstr (base_json_get_string (reviews, "nodeType", NULL), ==, "service");
}

static void
test_rest (TestPods *pods, gconstpointer data)
{
  static const struct {
    const char *target;
    guint status;
  } cases[] = {
    { "/kiali/api/status", 200 },
    { "/kiali/api/authenticate", 200 },
    { "/kiali/api/namespaces", 200 },
    { "/ops/portal/kiali/api/status", 200 },
    { "/kiali/api/nothing", 404 },
    { "/other", 404 },
    { "/kiali/api/namespaces/graph", 400 },
    { GRAPH "graphType=x", 400 },
    { GRAPH "duration=soon", 400 },
    { GRAPH "duration=0s", 400 },
    { "/kiali/api/namespaces/graph?namespaces=gone", 403 },
    { "/kiali/api/namespaces/graph?namespaces=%FF", 400 },
  };
  g_autoptr (PracticeHttpResponse) page = ask (pods, "/kiali/");
  g_autoptr (PracticeHttpResponse) redirect = ask (pods, "/kiali");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = ask_json (pods, cases[i].target, cases[i].status);

    g_assert_nonnull (node);
  }
  g_assert_cmpuint (practice_http_response_get_status (page), ==, 200);
  g_assert_cmpuint (practice_http_response_get_status (redirect), ==, 302);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*run) (TestPods *pods, gconstpointer data);
  } tests[] = {
    { "/practice-kiali/workloads", test_workloads }, { "/practice-kiali/services", test_services },
    { "/practice-kiali/apps", test_apps },           { "/practice-kiali/errors", test_errors },
    { "/practice-kiali/rest", test_rest },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, TestPods, NULL, test_pods_set_up, tests[i].run, test_pods_tear_down);

  return g_test_run ();
}
