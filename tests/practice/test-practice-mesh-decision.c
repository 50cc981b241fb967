/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-decision.h"

#include "test-mesh-store.h"

#define REVIEWS "reviews.default.svc.cluster.local"

/* One request, and what it is answered by: "v2" (a subset), "*" (all pods), "404 NR" ... */
typedef struct {
  const char *rules;   /* "http" of the VirtualService of reviews */
  const char *request; /* "METHOD TARGET HEADER=VALUE ..." */
  const char *expected;
} Case;

static PracticeMeshDecision *
decide (TestMesh *mesh, guint minor, const PracticeMeshQuery *query, guint32 seed)
{
  g_autoptr (PracticeMeshConfig) config = practice_mesh_config_new (mesh->store, minor);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  return practice_mesh_decide (config, mesh->store, query, random);
}

static PracticeMeshDecision *
ask (TestMesh *mesh, guint minor, const char *host, const char *request)
{
  g_auto (GStrv) words = g_strsplit (request, " ", -1);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (JsonNode) labels =
    base_yaml_parse ("{app: productpage, version: v1}", -1, "labels", BASE_YAML_NONE, NULL);
  PracticeMeshQuery query = {
    .namespace_ = "default",
    .labels = json_node_get_object (labels),
    .host = host,
    .authority = "reviews:9080",
    .port = 9080,
    .scheme = "http",
    .method = words[0],
    .target = words[1],
    .headers = headers,
  };

  for (guint i = 2; words[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

    soup_message_headers_append (headers, pair[0], pair[1]);
  }
  return decide (mesh, minor, &query, 1);
}

static char *
describe (PracticeMeshDecision *decision)
{
  if (decision->location != NULL)
    return g_strdup_printf ("%u %s", decision->status, decision->location);
  if (decision->status != 0)
    return g_strdup_printf ("%u %s", decision->status, decision->flags);
  return g_strdup (decision->upstream->subset != NULL ? decision->upstream->subset : "*");
}

static void
apply_rules (TestMesh *mesh, const char *rules)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], http: %s}}", rules);

  test_mesh_apply (mesh, yaml);
}

#define TO(subset) "route: [{destination: {host: reviews, subset: " subset "}}]"
#define JASON "[{match: [{headers: {end-user: {exact: jason}}}], " TO ("v2") "}, {" TO ("v1") "}]"
#define GET "GET /reviews/0"

static void
test_rules (TestMesh *mesh, gconstpointer data)
{
  static const Case cases[] = {
    /* Order, and what fits all. */
    { "[{" TO ("v1") "}]", GET, "v1" },
    { "[{" TO ("v1") "}, {" TO ("v2") "}]", GET, "v1" },
    { JASON, GET, "v1" },
    { JASON, GET " end-user=jason", "v2" },
    { JASON, GET " end-user=Jason", "v1" },
    { JASON, GET " End-User=jason", "v2" },
    { JASON, GET " end-user=jasons", "v1" },
    { "[{match: [{uri: {exact: /x}}], " TO ("v1") "}]", GET, "404 NR" },
    { "[{match: [], " TO ("v3") "}]", GET, "v3" },
    /* One match: all of it. Several: any. */
    { "[{match: [{uri: {prefix: /reviews}, headers: {a: {exact: b}}}], " TO ("v2") "}]", GET,
      "404 NR" },
    { "[{match: [{uri: {prefix: /reviews}, headers: {a: {exact: b}}}], " TO ("v2") "}]", GET " a=b",
      "v2" },
    { "[{match: [{uri: {exact: /x}}, {headers: {a: {exact: b}}}], " TO ("v2") "}]", GET " a=b",
      "v2" },
    /* Paths, without the query. */
    { "[{match: [{uri: {exact: /reviews/0}}], " TO ("v2") "}]", "GET /reviews/0?x=1", "v2" },
    { "[{match: [{uri: {exact: /reviews}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{uri: {prefix: /reviews}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{uri: {prefix: /REVIEWS}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{uri: {prefix: /REVIEWS}, ignoreUriCase: true}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{uri: {regex: '/rev.*/[0-9]'}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{uri: {regex: '/rev'}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{uri: {regex: '('}}], " TO ("v2") "}]", GET, "404 NR" },
    /* Headers. */
    { "[{match: [{headers: {a: {prefix: b}}}], " TO ("v2") "}]", GET " a=bc", "v2" },
    { "[{match: [{headers: {a: {regex: 'b|c'}}}], " TO ("v2") "}]", GET " a=c", "v2" },
    { "[{match: [{headers: {a: {regex: 'b|c'}}}], " TO ("v2") "}]", GET " a=cc", "404 NR" },
    { "[{match: [{headers: {a: {}}}], " TO ("v2") "}]", GET " a=x", "v2" },
    { "[{match: [{headers: {a: {}}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{withoutHeaders: {a: {exact: x}}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{withoutHeaders: {a: {exact: x}}}], " TO ("v2") "}]", GET " a=x", "404 NR" },
    /* The rest of a request. */
    { "[{match: [{method: {exact: POST}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{method: {exact: GET}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{scheme: {exact: http}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{authority: {exact: 'reviews:9080'}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{authority: {exact: reviews}}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{port: 9080}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{port: 80}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{queryParams: {x: {exact: '1'}}}], " TO ("v2") "}]", "GET /?y=2&x=1", "v2" },
    { "[{match: [{queryParams: {x: {exact: '1'}}}], " TO ("v2") "}]", "GET /?x=2", "404 NR" },
    { "[{match: [{queryParams: {x: {exact: '1'}}}], " TO ("v2") "}]", "GET /", "404 NR" },
    { "[{match: [{sourceLabels: {app: productpage}}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{sourceLabels: {app: productpage, version: v2}}], " TO ("v2") "}]", GET,
      "404 NR" },
    { "[{match: [{gateways: [mesh]}], " TO ("v2") "}]", GET, "v2" },
    { "[{match: [{gateways: [bookinfo-gateway]}], " TO ("v2") "}]", GET, "404 NR" },
    { "[{match: [{gateways: [3, {a: b}]}], " TO ("v2") "}]", GET, "404 NR" },
    /* Destinations. */
    { "[{" TO ("v9") "}]", GET, "503 NC" },
    { "[{" TO ("v4") "}]", GET, "503 UH" },
    { "[{route: [{destination: {host: nowhere}}]}]", GET, "503 NC" },
    { "[{route: [{destination: {host: reviews, port: {number: 80}}}]}]", GET, "503 NC" },
    { "[{route: [{destination: {host: " REVIEWS ", port: {number: 9080}}}]}]", GET, "*" },
    { "[{route: [{destination: {host: reviews.default}}]}]", GET, "503 NC" },
    { "[{route: []}]", GET, "503 NC" },
    /* One destination: its weight does not count. Of several, none counts for nothing. */
    { "[{route: [{destination: {host: reviews, subset: v3}, weight: 0}]}]", GET, "v3" },
    { "[{route: [{destination: {host: reviews, subset: v1}}, {destination: {host: reviews, "
      "subset: v3}, weight: 100}]}]",
      GET, "v3" },
    { "[{route: [{destination: {host: reviews, subset: v1}}, {destination: {host: reviews, "
      "subset: v3}}]}]",
      GET, "503 NC" },
    /* Redirects. */
    { "[{redirect: {uri: /v1, authority: other}}]", GET, "301 http://other/v1" },
    { "[{redirect: {uri: /v1, redirectCode: 302}}]", GET, "302 http://reviews:9080/v1" },
    { "[{redirect: {authority: other}}]", "GET /a?b=c", "301 http://other/a?b=c" },
  };

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PracticeMeshDecision) decision = NULL;
    g_autofree char *found = NULL;

    apply_rules (mesh, cases[i].rules);
    decision = ask (mesh, 3, REVIEWS, cases[i].request);
    found = describe (decision);
    if (!g_str_equal (found, cases[i].expected))
      g_error ("%s, asked %s: %s, expected %s", cases[i].rules, cases[i].request, found,
               cases[i].expected);
  }
}

static void
assert_decided (TestMesh *mesh, const char *host, const char *expected)
{
  g_autoptr (PracticeMeshDecision) decision = ask (mesh, 3, host, GET);
  g_autofree char *found = describe (decision);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_without_rules (TestMesh *mesh, gconstpointer data)
{
  g_autoptr (PracticeMeshDecision) decision = ask (mesh, 3, REVIEWS, GET);

  g_assert_cmpuint (decision->upstream->endpoints->len, ==, 3);
  g_assert_cmpstr (decision->upstream->name, ==, "outbound|9080||" REVIEWS);
  g_assert_cmpint (decision->timeout, ==, 0);
  g_assert_cmpuint (decision->retries.attempts, ==, 2);
  g_assert_true (decision->retries.is_service_unavailable);
  assert_decided (mesh, "none.default.svc.cluster.local", "503 NC");
}

/* The oldest VirtualService of a host, where it is for the mesh; hosts by name and by pattern. */
static void
test_which_virtual_service (TestMesh *mesh, gconstpointer data)
{
  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: a, namespace: other}, spec: {"
                         "hosts: [reviews], http: [{" TO ("v3") "}]}}");
  assert_decided (mesh, REVIEWS, "*");
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: b}, spec: {gateways: [g], hosts:"
                         " ['*'], http: [{" TO ("v3") "}]}}");
  assert_decided (mesh, REVIEWS, "*");
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: c}, spec: {gateways: [g, mesh],"
                         " hosts: ['*.default.svc.cluster.local'], http: [{" TO ("v2") "}]}}");
  assert_decided (mesh, REVIEWS, "v2");
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: d}, spec: {hosts: [reviews],"
                         " http: [{" TO ("v1") "}]}}");
  assert_decided (mesh, REVIEWS, "v2");
  test_mesh_delete (mesh, "VirtualService", "c");
  assert_decided (mesh, REVIEWS, "v1");
  test_mesh_delete (mesh, "DestinationRule", "reviews");
  assert_decided (mesh, REVIEWS, "503 NC");
}

/* Rules for a host: beside the caller first; a rule for the very host before a pattern; several of
 * one namespace together. */
static void
test_which_destination_rule (TestMesh *mesh, gconstpointer data)
{
  apply_rules (mesh, "[{" TO ("v1") "}]");
  test_mesh_apply (mesh, "{kind: DestinationRule, metadata: {name: all}, spec: {host: "
                         "'*.default.svc.cluster.local', subsets: [{name: v1, labels: {version: "
                         "v1}}]}}");
  assert_decided (mesh, REVIEWS, "v1");
  test_mesh_apply (mesh, "{kind: DestinationRule, metadata: {name: one}, spec: {host: reviews, "
                         "subsets: [{name: v2, labels: {version: v2}}]}}");
  assert_decided (mesh, REVIEWS, "503 NC");
  test_mesh_apply (mesh, "{kind: DestinationRule, metadata: {name: two}, spec: {host: " REVIEWS
                         ", subsets: [{name: v1, labels: {version: v1}}]}}");
  assert_decided (mesh, REVIEWS, "v1");
  test_mesh_apply (mesh, "{kind: DestinationRule, metadata: {name: far, namespace: other}, spec: {"
                         "host: " REVIEWS ", subsets: [{name: v7, labels: {version: v1}}]}}");
  apply_rules (mesh, "[{" TO ("v7") "}]");
  assert_decided (mesh, REVIEWS, "503 NC");
}

static void
test_faults (TestMesh *mesh, gconstpointer data)
{
  static const struct {
    const char *fault;
    guint minor;
    gint64 delay;
    guint status;
  } cases[] = {
    { "{delay: {percent: 100, fixedDelay: 2s}}", 3, 2000000, 0 },
    { "{delay: {percent: 100, fixedDelay: 2s}}", 30, 2000000, 0 },
    { "{delay: {percentage: {value: 100}, fixedDelay: 7s}}", 3, 7000000, 0 },
    { "{delay: {percentage: {value: 100.0}, fixedDelay: 500ms}}", 3, 500000, 0 },
    { "{delay: {percentage: {value: 0}, percent: 100, fixedDelay: 7s}}", 3, 0, 0 },
    { "{delay: {fixedDelay: 7s}}", 3, 0, 0 },
    { "{abort: {percentage: {value: 100}, httpStatus: 500}}", 3, 0, 500 },
    { "{abort: {percent: 100, httpStatus: 418}}", 3, 0, 418 },
    { "{abort: {percent: 100, httpStatus: 418}}", 30, 0, 0 },
    { "{delay: {percent: 100, fixedDelay: 1s}, abort: {percent: 100, httpStatus: 500}}", 3, 1000000,
      500 },
  };

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rules = g_strdup_printf (
      "[{fault: %s, timeout: 0.5s, retries: {attempts: 3}, " TO ("v1") "}]", cases[i].fault);
    g_autoptr (PracticeMeshDecision) decision = NULL;

    apply_rules (mesh, rules);
    decision = ask (mesh, cases[i].minor, REVIEWS, GET);
    g_assert_cmpint (decision->delay, ==, cases[i].delay);
    g_assert_cmpuint (decision->abort_status, ==, cases[i].status);
    /* Timeouts and retries do not count beside faults. */
    g_assert_cmpint (decision->timeout, ==, 0);
    g_assert_cmpuint (decision->retries.attempts, ==, 0);
  }
}

static void
test_patience (TestMesh *mesh, gconstpointer data)
{
  static const struct {
    const char *rule;
    guint minor;
    gint64 timeout;
    guint attempts;
    gint64 try_timeout;
    gboolean is_service_unavailable;
  } cases[] = {
    { "", 3, 0, 2, 0, TRUE },
    { "", 23, 0, 2, 0, TRUE },
    { "", 24, 0, 2, 0, FALSE },
    { "timeout: 0.5s,", 3, 500000, 2, 0, TRUE },
    { "timeout: 1m30s,", 3, 90000000, 2, 0, TRUE },
    { "timeout: nonsense,", 3, 0, 2, 0, TRUE },
    { "retries: {attempts: 0},", 3, 0, 0, 0, TRUE },
    { "retries: {attempts: 3, perTryTimeout: 2s},", 3, 0, 3, 2000000, TRUE },
    { "retries: {attempts: 3, retryOn: gateway-error},", 3, 0, 3, 0, FALSE },
  };

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rules = g_strdup_printf ("[{%s " TO ("v1") "}]", cases[i].rule);
    g_autoptr (PracticeMeshDecision) decision = NULL;

    apply_rules (mesh, rules);
    decision = ask (mesh, cases[i].minor, REVIEWS, GET);
    g_assert_cmpint (decision->timeout, ==, cases[i].timeout);
    g_assert_cmpuint (decision->retries.attempts, ==, cases[i].attempts);
    g_assert_cmpint (decision->retries.try_timeout, ==, cases[i].try_timeout);
    g_assert_cmpint (decision->retries.is_service_unavailable, ==, cases[i].is_service_unavailable);
  }
}

static void
test_rewrite (TestMesh *mesh, gconstpointer data)
{
  static const struct {
    const char *rule;
    const char *request;
    const char *target;
  } cases[] = {
    { "match: [{uri: {prefix: /api}}], rewrite: {uri: /v2}", "GET /api/x?y=1", "/v2/x?y=1" },
    { "match: [{uri: {exact: /api}}], rewrite: {uri: /v2}", "GET /api?y=1", "/v2?y=1" },
    { "match: [{uri: {regex: '/a.*'}}], rewrite: {uri: /v2}", "GET /api/x", "/v2" },
    { "rewrite: {uri: /v2/}", "GET /api/x", "/v2/api/x" },
    { "rewrite: {authority: other}", "GET /api/x", NULL },
  };

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rules = g_strdup_printf ("[{%s, " TO ("v1") "}]", cases[i].rule);
    g_autoptr (PracticeMeshDecision) decision = NULL;

    apply_rules (mesh, rules);
    decision = ask (mesh, 3, REVIEWS, cases[i].request);
    g_assert_cmpstr (decision->target, ==, cases[i].target);
    g_assert_cmpstr (decision->authority, ==, cases[i].target == NULL ? "other" : NULL);
  }
}

static void
test_headers_and_mirror (TestMesh *mesh, gconstpointer data)
{
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (PracticeMeshDecision) decision = NULL;

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  apply_rules (mesh, "[{mirror: {host: reviews, subset: v3}, headers: {request: {set: {a: rule}}}, "
                     "route: [{destination: {host: reviews, subset: v1}, headers: {request: {set: "
                     "{a: own, b: c}, add: {d: e}, remove: [gone, 7]}, response: {set: {x: y}}}}]}"
                     "]");
  decision = ask (mesh, 3, REVIEWS, GET);
  soup_message_headers_append (headers, "gone", "1");
  soup_message_headers_append (headers, "d", "0");
  practice_mesh_decision_change_headers (decision, "request", headers);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "a"), ==, "rule");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "b"), ==, "c");
  g_assert_cmpstr (soup_message_headers_get_list (headers, "d"), ==, "0, e");
  g_assert_null (soup_message_headers_get_one (headers, "gone"));
  g_assert_null (soup_message_headers_get_one (headers, "x"));
  g_assert_cmpstr (decision->mirror->subset, ==, "v3");
}

static char *
ask_gateway (TestMesh *mesh, const char *host, const char *target)
{
  static const char *const gateways[] = { "default/bookinfo-gateway", NULL };
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  PracticeMeshQuery query = {
    .gateways = gateways,
    .namespace_ = "istio-system",
    .host = host,
    .authority = host,
    .port = 80,
    .scheme = "http",
    .method = "GET",
    .target = target,
    .headers = headers,
  };
  g_autoptr (PracticeMeshDecision) decision = decide (mesh, 3, &query, 1);

  if (decision->status == 0 && decision->upstream->subset == NULL)
    return g_strdup (decision->upstream->host);
  return describe (decision);
}

static void
assert_gateway (TestMesh *mesh, const char *host, const char *target, const char *expected)
{
  g_autofree char *found = ask_gateway (mesh, host, target);

  g_assert_cmpstr (found, ==, expected);
}

/* The most special host counts; rules of several VirtualServices for one host are one list. */
static void
test_gateway (TestMesh *mesh, gconstpointer data)
{
  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  assert_gateway (mesh, "a.example", "/productpage", "404 NR");
  test_mesh_apply (
    mesh, "{kind: VirtualService, metadata: {name: bookinfo}, spec: {hosts: ['*'], gateways: ["
          "bookinfo-gateway], http: [{match: [{uri: {exact: /productpage}}, {uri: {exact: /login}"
          "}], route: [{destination: {host: productpage, port: {number: 9080}}}]}]}}");
  assert_gateway (mesh, "a.example", "/productpage", "productpage.default.svc.cluster.local");
  assert_gateway (mesh, "a.example", "/", "404 NR");
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: more}, spec: {hosts: ['*'], "
                         "gateways: [default/bookinfo-gateway], http: [{" TO ("v2") "}]}}");
  assert_gateway (mesh, "a.example", "/productpage", "productpage.default.svc.cluster.local");
  assert_gateway (mesh, "a.example", "/", "v2");
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: own}, spec: {hosts: ["
                         "'*.example'], gateways: [bookinfo-gateway], http: [{match: [{uri: {exact:"
                         " /x}}], " TO ("v3") "}]}}");
  assert_gateway (mesh, "a.example", "/x", "v3");
  assert_gateway (mesh, "a.example", "/productpage", "404 NR");
  assert_gateway (mesh, "other", "/productpage", "productpage.default.svc.cluster.local");
}

static guint
count (TestMesh *mesh, const char *subset, guint32 seed, GString *order)
{
  g_autoptr (PracticeMeshConfig) config = practice_mesh_config_new (mesh->store, 3);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  const PracticeMeshQuery query = { .namespace_ = "default",
                                    .host = REVIEWS,
                                    .authority = "reviews:9080",
                                    .port = 9080,
                                    .scheme = "http",
                                    .method = "GET",
                                    .target = "/",
                                    .headers = headers };
  guint n = 0;

  for (guint i = 0; i < 1000; i++) {
    g_autoptr (PracticeMeshDecision) decision =
      practice_mesh_decide (config, mesh->store, &query, random);

    g_string_append (order, decision->upstream->subset);
    n += g_str_equal (decision->upstream->subset, subset);
  }
  return n;
}

/* With one seed the order is the same; the shares are those of the weights, also where they do not
 * sum up to 100. The bands are those of 99.9 %: ±3.29 standard deviations. */
static void
test_weights (TestMesh *mesh, gconstpointer data)
{
  g_autoptr (GString) first = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);
  g_autoptr (GString) other = g_string_new (NULL);
  g_autoptr (GString) third = g_string_new (NULL);
  guint n;

  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  apply_rules (mesh, "[{route: [{destination: {host: reviews, subset: v1}, weight: 90}, {"
                     "destination: {host: reviews, subset: v3}, weight: 10}]}]");
  n = count (mesh, "v1", 42, first);
  g_assert_cmpuint (n, >=, 869);
  g_assert_cmpuint (n, <=, 931);
  count (mesh, "v1", 42, again);
  count (mesh, "v1", 43, other);
  g_assert_cmpstr (first->str, ==, again->str);
  g_assert_cmpstr (first->str, !=, other->str);
  apply_rules (mesh, "[{route: [{destination: {host: reviews, subset: v1}, weight: 1}, {"
                     "destination: {host: reviews, subset: v3}, weight: 3}, {destination: {host: "
                     "reviews, subset: v2}, weight: 0}]}]");
  n = count (mesh, "v1", 42, third);
  g_assert_cmpuint (n, >=, 205);
  g_assert_cmpuint (n, <=, 295);
  g_assert_null (strstr (third->str, "v2"));
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*run) (TestMesh *mesh, gconstpointer data);
  } tests[] = {
    { "/practice-mesh-decision/rules", test_rules },
    { "/practice-mesh-decision/without-rules", test_without_rules },
    { "/practice-mesh-decision/which-virtual-service", test_which_virtual_service },
    { "/practice-mesh-decision/which-destination-rule", test_which_destination_rule },
    { "/practice-mesh-decision/faults", test_faults },
    { "/practice-mesh-decision/patience", test_patience },
    { "/practice-mesh-decision/rewrite", test_rewrite },
    { "/practice-mesh-decision/headers-and-mirror", test_headers_and_mirror },
    { "/practice-mesh-decision/gateway", test_gateway },
    { "/practice-mesh-decision/weights", test_weights },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, TestMesh, NULL, test_mesh_set_up, tests[i].run, test_mesh_tear_down);

  return g_test_run ();
}
