/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mesh-fixture.h"
#include "mesh-latency.h"
#include "mesh-settings.h"
#include "mesh-subset.h"
#include "mesh-target.h"

#define ROUTE(host) "http: [{route: [{destination: {host: " host "}}]}]"

static MeshTarget *
new_target (const char *yaml, const char *path)
{
  g_autoptr (JsonNode) object = mesh_test_parse (yaml);

  return mesh_target_new_for (object, "default", path);
}

static void
test_choice (void)
{
  static const struct {
    const char *object;
    const char *path;
    MeshTargetKind kind;
    const char *host;
    const char *asked;
    const char *authority;
  } cases[] = {
    { "{metadata: {namespace: default}, spec: {hosts: [reviews], " ROUTE ("reviews") "}}", "/x",
      MESH_TARGET_REVIEWS, "reviews", "/api/v1/products/0/reviews", NULL },
    { "{metadata: {namespace: default}, spec: {hosts: ['*'], gateways: [g], " ROUTE (
        "productpage") "}}",
      NULL, MESH_TARGET_REVIEWS, "reviews", "/api/v1/products/0/reviews", NULL },
    { "{spec: {hosts: [details], " ROUTE ("details.default.svc.cluster.local") "}}", NULL,
      MESH_TARGET_API, "details", "/api/v1/products/0", NULL },
    { "{metadata: {namespace: default}, spec: {hosts: [ratings]}}", NULL, MESH_TARGET_API,
      "ratings", "/api/v1/products/0/ratings", NULL },
    /* another reviews than Bookinfo's */
    { "{metadata: {namespace: shop}, spec: {hosts: [reviews], " ROUTE ("reviews") "}}", " a/b ",
      MESH_TARGET_PATH, "reviews", "/a/b", NULL },
    { "{metadata: {namespace: default}, spec: {hosts: [hello.example], gateways: [mesh, "
      "g], " ROUTE ("helloworld") "}}",
      "/hello", MESH_TARGET_PATH, "helloworld", "/hello", "hello.example" },
    { "{metadata: {namespace: default}, spec: {hosts: ['*.example'], gateways: [g], " ROUTE (
        "helloworld") "}}",
      NULL, MESH_TARGET_PATH, "helloworld", "/", NULL },
    { "{metadata: {namespace: default}, spec: {hosts: [helloworld], gateways: [mesh], " ROUTE (
        "helloworld") "}}",
      "", MESH_TARGET_PATH, "helloworld", "/", NULL },
    { "{}", NULL, MESH_TARGET_REVIEWS, "reviews", "/api/v1/products/0/reviews", NULL },
    { "{spec: 1}", NULL, MESH_TARGET_REVIEWS, "reviews", "/api/v1/products/0/reviews", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (MeshTarget) target = new_target (cases[i].object, cases[i].path);
    g_autoptr (MeshTarget) copy = mesh_target_copy (target);

    g_test_message ("%s", cases[i].object);
    g_assert_cmpint (target->kind, ==, cases[i].kind);
    g_assert_cmpstr (target->host, ==, cases[i].host);
    g_assert_cmpstr (target->path, ==, cases[i].asked);
    g_assert_cmpstr (target->authority, ==, cases[i].authority);
    g_assert_true (mesh_target_equal (target, copy));
    g_free (copy->path);
    copy->path = g_strdup ("/other");
    g_assert_false (mesh_target_equal (target, copy));
  }
}

static MeshAnswer
read_with (const char *object, guint status, const char *body)
{
  g_autoptr (MeshTarget) target = new_target (object, NULL);
  g_autoptr (GHashTable) pods = g_hash_table_new (g_str_hash, g_str_equal);
  MeshAnswer answer = { 0 };

  g_hash_table_insert (pods, (gpointer) "hello-v1-6c8-x1", (gpointer) "v1");
  g_hash_table_insert (pods, (gpointer) "hello-v1-6c8-x2", (gpointer) "v1");
  g_hash_table_insert (pods, (gpointer) "hello-v2-7d9-y1", (gpointer) "v2");
  g_hash_table_insert (pods, (gpointer) "hello-v10-1a1-z1", (gpointer) "v10");
  mesh_target_read (target, &answer, status, body, strlen (body), pods);
  return answer;
}

#define HELLO "{metadata: {name: hello}, spec: {hosts: [hello], " ROUTE ("hello") "}}"

/* The name of a pod comes first; what could be two versions is none. */
static void
test_versions (void)
{
  static const struct {
    const char *body;
    const char *version;
  } cases[] = {
    { "Hello version: v2, instance: hello-v2-7d9-y1\n", "v2" },
    { "served by hello-v1-6c8-x1 after hello-v1-6c8-x2", "v1" },
    { "one of v1 and v2: hello-v10-1a1-z1.", "v10" },
    { "hello-v1-6c8-x1 and hello-v2-7d9-y1", "" },
    { "hello-v1-6c8-x12", "" },
    { "This is v1.", "v1" },
    { "{\"version\":\"v10\"}", "v10" },
    { "v1 or v2", "" },
    { "api/v1/things, v1.2, my-v1, v1x", "" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    MeshAnswer answer = read_with (HELLO, 200, cases[i].body);

    g_test_message ("%s", cases[i].body);
    g_assert_cmpstr (answer.version, ==, cases[i].version);
    g_assert_cmpint (answer.outcome, ==, MESH_OUTCOME_ANSWER);
    g_assert_false (mesh_answer_is_error (&answer));
  }
}

static void
assert_answer (MeshAnswer answer, MeshOutcome outcome, const char *words)
{
  g_autofree char *told = mesh_answer_dup_words (&answer);

  g_assert_cmpint (answer.outcome, ==, outcome);
  g_assert_cmpstr (told, ==, words);
  g_assert_true (mesh_answer_is_error (&answer) == (outcome != MESH_OUTCOME_ANSWER));
}

/* A gateway's own error is one of what is behind it; of the page's API it is nobody's. */
static void
test_outcomes (void)
{
  static const char *const DETAILS =
    "{metadata: {namespace: default}, spec: {hosts: [details], " ROUTE ("details") "}}";

  assert_answer (read_with (HELLO, 200, "v1"), MESH_OUTCOME_ANSWER, "v1");
  assert_answer (read_with (HELLO, 302, ""), MESH_OUTCOME_ANSWER, "answered");
  assert_answer (read_with (HELLO, 503, "v1"), MESH_OUTCOME_ANSWER_ERROR, "failed (503)");
  assert_answer (read_with (DETAILS, 200, "{\"id\":0,\"year\":1595}"), MESH_OUTCOME_ANSWER,
                 "answered");
  assert_answer (read_with (DETAILS, 503,
                            "{\"error\":\"Sorry, product details are currently "
                            "unavailable for this book.\"}"),
                 MESH_OUTCOME_ANSWER_ERROR, "failed (503)");
  assert_answer (read_with (DETAILS, 404, ""), MESH_OUTCOME_OTHER, "status 404, not from the page");
  assert_answer (read_with (DETAILS, 200, "[]"), MESH_OUTCOME_OTHER,
                 "status 200, not from the page");
}

static void
add_settings (MeshSettings *settings, const char *yaml)
{
  g_autoptr (JsonNode) object = mesh_test_parse (yaml);

  mesh_settings_add (settings, object, "default");
}

static void
test_settings (void)
{
  static const char *const hello =
    "{metadata: {name: hello, namespace: default}, spec: {hosts: ['*'], gateways: [g], http: "
    "[{timeout: 1s, fault: {delay: {fixedDelay: 2s}}, route: [{destination: {host: hello, subset: "
    "v1}, weight: 90}, {destination: {host: hello, subset: v2}, weight: 10}]}]}}";
  g_autoptr (MeshTarget) target = new_target (hello, NULL);
  g_autoptr (MeshSettings) settings = mesh_settings_new (NULL);
  MeshAnswer slow = { .outcome = MESH_OUTCOME_ANSWER, .latency_ms = 2010 };
  MeshAnswer late = { .outcome = MESH_OUTCOME_ANSWER_ERROR, .latency_ms = 1005 };
  MeshAnswer quick = { .outcome = MESH_OUTCOME_ANSWER, .latency_ms = 10 };
  g_autofree char *delay = NULL;
  g_autofree char *timeout = NULL;

  mesh_settings_set_target (settings, target);
  add_settings (settings,
                "{metadata: {name: reviews, namespace: default}, spec: {hosts: [reviews], "
                "http: [{route: [{destination: {host: reviews, subset: v3}}]}]}}");
  g_assert_cmpuint (settings->n_shares, ==, 0);
  add_settings (settings, hello);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v1"), ==, 0.9);
  g_assert_cmpuint (settings->timeout, ==, 1000);
  delay = mesh_latency_dup_reason (&slow, settings);
  g_assert_cmpstr (delay, ==, "the delay of 2 s");
  timeout = mesh_latency_dup_reason (&late, settings);
  g_assert_cmpstr (timeout, ==, "the timeout of 1 s");
  g_assert_null (mesh_latency_dup_reason (&quick, settings));
}

static GPtrArray *
parse_all (const char *yaml)
{
  g_autoptr (JsonNode) list = mesh_test_parse (yaml);
  JsonArray *array = json_node_get_array (list);
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (nodes, json_array_dup_element (array, i));
  return nodes;
}

/* Pods of other services bear the same version. */
static void
test_pods (void)
{
  g_autoptr (GPtrArray) rules = parse_all (
    "[{metadata: {name: a, namespace: shop}, spec: {host: web, subsets: [{name: blue, labels: "
    "{version: v1}}, {name: green, labels: {version: v2}}]}}]");
  g_autoptr (GPtrArray) services =
    parse_all ("[{metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}]");
  g_autoptr (GPtrArray) pods = parse_all (
    "[{metadata: {name: web-1, namespace: shop, labels: {app: web, version: v1}}}, {metadata: "
    "{name: web-2, namespace: shop, labels: {app: web, version: v2}}}, {metadata: {name: web-3, "
    "namespace: shop, labels: {app: web}}}, {metadata: {name: db-1, namespace: shop, labels: {app: "
    "db, version: v1}}}, {metadata: {name: web-4, namespace: x, labels: {app: web, version: "
    "v1}}}]");
  MeshSurroundings surroundings = { .destination_rules = rules,
                                    .services = services,
                                    .pods = pods };
  g_autoptr (GHashTable) names = mesh_subset_dup_pods (&surroundings, "shop", "web");
  g_autoptr (GHashTable) none = mesh_subset_dup_pods (&surroundings, "shop", "db");

  g_assert_cmpuint (g_hash_table_size (names), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (names, "web-1"), ==, "blue");
  g_assert_cmpstr (g_hash_table_lookup (names, "web-2"), ==, "green");
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/target/choice", test_choice);
  g_test_add_func ("/mesh/target/versions", test_versions);
  g_test_add_func ("/mesh/target/outcomes", test_outcomes);
  g_test_add_func ("/mesh/target/settings", test_settings);
  g_test_add_func ("/mesh/target/pods", test_pods);
  return g_test_run ();
}
