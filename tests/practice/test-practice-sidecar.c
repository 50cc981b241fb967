/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-call.h"

#include "practice-sidecar-stream.h"
#include "test-mesh-pods.h"

static void
assert_gets (TestPods *pods, const char *host, const char *expected)
{
  g_autofree char *found = test_pods_get (pods, host, "/reviews/0");

  g_assert_cmpstr (found, ==, expected);
}

static void
apply_rule (TestPods *pods, const char *rule)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], http: [%s]}}",
    rule);

  test_mesh_apply (&pods->mesh, yaml);
}

#define TO_V2 "route: [{destination: {host: reviews, subset: v2}}]"

/* Without a rule each pod in turn, by whatever name the Service is called. */
static void
test_turns (TestPods *pods, gconstpointer data)
{
  assert_gets (pods, "reviews:9080", "200 v1");
  assert_gets (pods, "reviews.default:9080", "200 v2");
  assert_gets (pods, "reviews.default.svc.cluster.local:9080", "200 v3");
  assert_gets (pods, "reviews:9080", "200 v1");
}

static void
test_rule (TestPods *pods, gconstpointer data)
{
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{" TO_V2 "}");
  for (guint i = 0; i < 5; i++)
    assert_gets (pods, "reviews:9080", "200 v2");
  assert_gets (pods, "10.0.0.1:9080", "200 v2");
  /* What is no Service's goes where it is sent. */
  assert_gets (pods, "10.1.0.3:9080", "200 v3");
  assert_gets (pods, "nowhere:9080", "no host");
  apply_rule (pods, "{match: [{uri: {exact: /}}], " TO_V2 "}");
  assert_gets (pods, "reviews:9080", "404 ");
  apply_rule (pods, "{route: [{destination: {host: reviews, subset: v9}}]}");
  assert_gets (pods, "reviews:9080", "503 ");
  apply_rule (pods, "{route: [{destination: {host: reviews, subset: v4}}]}");
  assert_gets (pods, "reviews:9080", "503 no healthy upstream");
}

/* Only a pod with a proxy follows rules. */
static void
test_without_sidecar (TestPods *pods, gconstpointer data)
{
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{fault: {abort: {percent: 100, httpStatus: 500}}, " TO_V2 "}");
  assert_gets (pods, "reviews:9080", "500 fault filter abort");
  test_mesh_add_pod (&pods->mesh, "productpage", "v1", "10.1.0.10", FALSE);
  assert_gets (pods, "reviews:9080", "200 v1");
}

static void
test_headers (TestPods *pods, gconstpointer data)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (pods->productpage, "GET", "ratings:9080", "/ratings/0", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;
  SoupMessageHeaders *headers;

  soup_message_headers_append (practice_http_request_get_headers (request),
                               "x-envoy-upstream-rq-timeout-ms", "5000");
  response = test_pods_send (pods, request, &error);
  g_assert_no_error (error);
  headers = practice_http_response_get_headers (response);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "server"), ==, "envoy");
  g_assert_nonnull (soup_message_headers_get_one (headers, "x-envoy-upstream-service-time"));
  headers = practice_http_request_get_headers (pods->ratings->last);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "x-forwarded-proto"), ==, "http");
  g_assert_true (g_uuid_string_is_valid (soup_message_headers_get_one (headers, "x-request-id")));
  g_assert_null (soup_message_headers_get_one (headers, "x-envoy-upstream-rq-timeout-ms"));
  g_assert_cmpstr (practice_http_request_get_peer (pods->ratings->last)->pod, ==,
                   "productpage-v1-5d4c");
  /* The caller's own stays as it was. */
  g_assert_nonnull (soup_message_headers_get_one (practice_http_request_get_headers (request),
                                                  "x-envoy-upstream-rq-timeout-ms"));
}

/* Runs what takes time, and says how many milliseconds it took. */
static gint64
time_get (TestPods *pods, const char *expected)
{
  gint64 start = g_get_monotonic_time ();

  assert_gets (pods, "reviews:9080", expected);
  return (g_get_monotonic_time () - start) / 1000;
}

static void
test_delay (TestPods *pods, gconstpointer data)
{
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{fault: {delay: {percent: 100, fixedDelay: 50ms}}, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "200 v2"), >=, 50);
  apply_rule (pods, "{fault: {delay: {percent: 100, fixedDelay: 50ms}, abort: {percent: 100, "
                    "httpStatus: 418}}, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "418 fault filter abort"), >=, 50);
}

static void
test_timeout (TestPods *pods, gconstpointer data)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (pods->productpage, "GET", "ratings:9080", "/ratings/0", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autofree char *found = NULL;

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  pods->reviews[1]->is_silent = TRUE;
  apply_rule (pods, "{timeout: 50ms, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "504 upstream request timeout"), >=, 50);
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 1);
  /* Each try has its own, and is not repeated but where that is asked for. */
  apply_rule (pods, "{retries: {attempts: 2, perTryTimeout: 20ms}, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "504 upstream request timeout"), >=, 20);
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 2);
  apply_rule (pods,
              "{retries: {attempts: 2, perTryTimeout: 20ms, retryOn: 'reset, 5xx'}, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "504 upstream request timeout"), >=, 60);
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 5);
  /* An application can ask for one. */
  pods->ratings->is_silent = TRUE;
  soup_message_headers_append (practice_http_request_get_headers (request),
                               "x-envoy-upstream-rq-timeout-ms", "20");
  response = test_pods_send (pods, request, &error);
  found = test_response_describe (response);
  g_assert_cmpstr (found, ==, "504 upstream request timeout");
}

static void
test_retries (TestPods *pods, gconstpointer data)
{
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{" TO_V2 "}");
  pods->reviews[1]->status = 503;
  assert_gets (pods, "reviews:9080", "503 v2");
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 3);
  pods->reviews[1]->status = 500;
  assert_gets (pods, "reviews:9080", "500 v2");
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 4);
  apply_rule (pods, "{retries: {attempts: 1, retryOn: 5xx}, " TO_V2 "}");
  assert_gets (pods, "reviews:9080", "500 v2");
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 6);
  apply_rule (pods, "{retries: {attempts: 0}, " TO_V2 "}");
  pods->reviews[1]->closes = TRUE;
  assert_gets (pods, "reviews:9080",
               "503 upstream connect error or disconnect/reset before headers. reset reason: "
               "connection termination");
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 7);
  practice_fabric_set_handler (pods->fabric, "10.1.0.2", 9080, NULL);
  assert_gets (pods, "reviews:9080",
               "503 upstream connect error or disconnect/reset before headers. reset reason: "
               "connection failure");
  /* With other pods the next has its turn. */
  test_mesh_delete (&pods->mesh, "VirtualService", "reviews");
  assert_gets (pods, "reviews:9080", "200 v1");
  assert_gets (pods, "reviews:9080", "200 v3");
}

static void
test_cancel (TestPods *pods, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (pods->productpage, "GET", "ratings:9080", "/ratings/0", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  pods->ratings->is_silent = TRUE;
  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (pods->sidecar), request, cancellable,
                                      test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 30, "the end of a request");
  response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (pods->sidecar), result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_rewrite_and_mirror (TestPods *pods, gconstpointer data)
{
  g_autoptr (GPtrArray) traffic = NULL;
  guint seen = 0;

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{match: [{uri: {prefix: /reviews}}], rewrite: {uri: /new, authority: other}, "
                    "mirror: {host: reviews, subset: v3}, " TO_V2 "}");
  assert_gets (pods, "reviews:9080", "200 v2");
  g_assert_cmpstr (practice_http_request_get_target (pods->reviews[1]->last), ==, "/new/0");
  g_assert_cmpstr (practice_http_request_get_host (pods->reviews[1]->last), ==, "other");
  g_assert_cmpuint (pods->reviews[2]->n_requests, ==, 1);
  g_assert_cmpstr (practice_http_request_get_host (pods->reviews[2]->last), ==, "other-shadow");

  /* The mirrored request is traffic, too. */
  traffic = practice_mesh_telemetry_dup_traffic (
    practice_mesh_get_telemetry (practice_sidecar_get_mesh (pods->sidecar)), 60);
  g_assert_cmpuint (traffic->len, ==, 2);
  for (guint i = 0; i < traffic->len; i++) {
    PracticeMeshTraffic *one = traffic->pdata[i];

    seen |= g_str_equal (one->flow->destination.version, "v2") ? 1 : 2;
    g_assert_cmpuint (one->n_requests, ==, 1);
    g_assert_cmpuint (one->flow->status, ==, 200);
  }
  g_assert_cmpuint (seen, ==, 3);
}

/* With mutual TLS a pod without a proxy cannot be understood. */
static void
test_mutual_tls (TestPods *pods, gconstpointer data)
{
  test_mesh_apply (&pods->mesh, "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: "
                                "reviews, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}, subsets: [{"
                                "name: v2, labels: {version: v2}}]}}");
  apply_rule (pods, "{" TO_V2 "}");
  assert_gets (pods, "reviews:9080", "200 v2");
  test_mesh_add_pod (&pods->mesh, "reviews", "v2", "10.1.0.2", FALSE);
  assert_gets (pods, "reviews:9080",
               "503 upstream connect error or disconnect/reset before headers. reset reason: "
               "connection failure");
}

static gboolean
is_synced (gpointer data)
{
  return practice_mesh_is_synced (data);
}

/* A change takes its time, and then counts as it was. */
static void
test_propagation (TestPods *pods, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (pods->sidecar);
  gint64 start = g_get_monotonic_time ();

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{" TO_V2 "}");
  practice_mesh_set_propagation (mesh, 200, 300);
  apply_rule (pods, "{route: [{destination: {host: reviews, subset: v3}}]}");
  g_assert_false (practice_mesh_is_synced (mesh));
  assert_gets (pods, "reviews:9080", "200 v2");
  test_wait_until (is_synced, mesh, 30, "the new configuration");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 190000);
  assert_gets (pods, "reviews:9080", "200 v3");
}

/* What Envoy gives up after ten seconds is what a policy cuts off; the caller gives up first. */
static void
test_policy (TestPods *pods, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) policy = base_yaml_parse (
    "{kind: NetworkPolicy, metadata: {name: deny, namespace: default}, spec: {podSelector: {},"
    " policyTypes: [Ingress]}}",
    -1, "policy", BASE_YAML_NONE, NULL);

  practice_store_create (pods->mesh.store, "networking.k8s.io/networkpolicies",
                         base_json_copy (policy), &error);
  g_assert_no_error (error);
  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{timeout: 50ms, " TO_V2 "}");
  g_assert_cmpint (time_get (pods, "504 upstream request timeout"), >=, 50);
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 0);
}

static void
test_telemetry (TestPods *pods, gconstpointer data)
{
  PracticeMeshTelemetry *telemetry =
    practice_mesh_get_telemetry (practice_sidecar_get_mesh (pods->sidecar));
  g_autoptr (GPtrArray) traffic = NULL;
  PracticeMeshTraffic *first;
  PracticeMeshTraffic *second;

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{" TO_V2 "}");
  for (guint i = 0; i < 3; i++)
    assert_gets (pods, "reviews:9080", "200 v2");
  apply_rule (pods, "{route: [{destination: {host: reviews, subset: v9}}]}");
  assert_gets (pods, "reviews:9080", "503 ");
  traffic = practice_mesh_telemetry_dup_traffic (telemetry, 60);
  g_assert_cmpuint (traffic->len, ==, 2);
  first = traffic->pdata[0];
  second = traffic->pdata[1];
  g_assert_cmpuint (first->n_requests, ==, 3);
  g_assert_cmpuint (first->flow->status, ==, 200);
  g_assert_cmpstr (first->flow->source.app, ==, "productpage");
  g_assert_cmpstr (first->flow->destination.version, ==, "v2");
  g_assert_cmpstr (first->flow->destination.workload, ==, "reviews-v2-5d4c");
  g_assert_cmpstr (first->flow->service, ==, "reviews.default.svc.cluster.local");
  g_assert_cmpuint (second->n_requests, ==, 1);
  g_assert_cmpuint (second->flow->status, ==, 503);
  g_assert_cmpstr (second->flow->flags, ==, "NC");
  g_assert_cmpstr (second->flow->destination.workload, ==, "unknown");
  g_assert_cmpstr (second->flow->service, ==, "reviews.default.svc.cluster.local");
}

static void
send_to_reviews (TestPods *pods, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (pods->productpage, "GET", "reviews:9080", "/reviews/0", NULL);

  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (pods->sidecar), request, cancellable,
                                      test_wait_keep_result, result);
}

static gboolean
has_second_request (gpointer data)
{
  return ((TestPods *)data)->reviews[1]->n_requests == 2;
}

/* One connection, one place in the line, and no more. */
static void
test_circuit_breaker (TestPods *pods, gconstpointer data)
{
  g_autoptr (GCancellable) of_first = g_cancellable_new ();
  g_autoptr (GCancellable) of_second = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;

  test_mesh_apply (&pods->mesh,
                   "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: reviews, "
                   "trafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http: "
                   "{http1MaxPendingRequests: 1}}}, subsets: [{name: v2, labels: {version: "
                   "v2}}]}}");
  apply_rule (pods, "{" TO_V2 "}");
  pods->reviews[1]->is_silent = TRUE;
  send_to_reviews (pods, of_first, &first);
  send_to_reviews (pods, of_second, &second);
  assert_gets (pods, "reviews:9080",
               "503 upstream connect error or disconnect/reset before headers. reset reason: "
               "overflow");
  g_assert_cmpuint (pods->reviews[1]->n_requests, ==, 1);
  g_assert_null (second);
  g_cancellable_cancel (of_first);
  test_wait_for_pointer (&first, 30, "the end of the first");
  test_wait_until (has_second_request, pods, 30, "the second in the line");
  g_cancellable_cancel (of_second);
  test_wait_for_pointer (&second, 30, "the end of the second");
  pods->reviews[1]->is_silent = FALSE;
  assert_gets (pods, "reviews:9080", "200 v2");
}

/* A pod that fails is left out, and asked again later. */
static void
test_outlier (TestPods *pods, gconstpointer data)
{
  gint64 start;

  test_mesh_apply (&pods->mesh,
                   "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: reviews, "
                   "trafficPolicy: {outlierDetection: {consecutiveErrors: 2, baseEjectionTime: "
                   "500ms, maxEjectionPercent: 100}}}}");
  apply_rule (pods, "{retries: {attempts: 0}, route: [{destination: {host: reviews}}]}");
  pods->reviews[0]->status = 503;
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 2; i++) {
    assert_gets (pods, "reviews:9080", "503 v1");
    assert_gets (pods, "reviews:9080", "200 v2");
    assert_gets (pods, "reviews:9080", "200 v3");
  }
  pods->reviews[0]->status = 200;
  while (pods->reviews[0]->n_requests == 2) {
    g_autofree char *found = test_pods_get (pods, "reviews:9080", "/reviews/0");

    g_assert_true (g_str_has_prefix (found, "200 "));
    g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_USEC_PER_SEC);
  }
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 500000);
}

/* A host that only the mesh knows, and a destination of a rule. */
static void
test_service_entry (TestPods *pods, gconstpointer data)
{
  assert_gets (pods, "reviews.example.com:80", "no host");
  test_mesh_apply (&pods->mesh,
                   "{kind: ServiceEntry, metadata: {name: e}, spec: {hosts: [reviews.example.com], "
                   "ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, "
                   "endpoints: [{address: 10.1.0.3, ports: {http: 9080}, labels: {v: three}}, "
                   "{address: 10.1.0.2, ports: {http: 9080}}]}}\n---\n"
                   "{kind: ServiceEntry, metadata: {name: d}, spec: {hosts: "
                   "[reviews.default.svc.cluster.local.example], ports: [{number: 9080, name: "
                   "http}], resolution: DNS, endpoints: [{address: "
                   "ratings.default.svc.cluster.local}]}}");
  assert_gets (pods, "reviews.example.com:80", "200 v3");
  assert_gets (pods, "reviews.example.com:80", "200 v2");
  assert_gets (pods, "reviews.example.com:81", "503 ");
  assert_gets (pods, "reviews.default.svc.cluster.local.example:9080", "200 ratings");

  test_mesh_apply (&pods->mesh,
                   "{kind: DestinationRule, metadata: {name: e}, spec: {host: "
                   "reviews.example.com, subsets: [{name: three, labels: {v: three}}]}}");
  apply_rule (pods, "{route: [{destination: {host: reviews.example.com, subset: three, port: "
                    "{number: 80}}}]}");
  for (guint i = 0; i < 3; i++)
    assert_gets (pods, "reviews:9080", "200 v3");
}

static char *
lead (TestPods *pods, const char *address, guint16 port, const char *name)
{
  g_autoptr (PracticeEndpoint) target = NULL;

  if (!practice_sidecar_lead (pods->sidecar, pods->productpage, address, port, name, &target))
    return g_strdup ("as it is");
  return target != NULL ? g_strdup_printf ("%s:%u", target->address, target->port)
                        : g_strdup ("nowhere");
}

/* What is not HTTP follows "tcp" routes. */
static void
test_stream (TestPods *pods, gconstpointer data)
{
  static const struct {
    const char *rule;
    const char *expected;
  } cases[] = {
    { "{route: [{destination: {host: reviews, subset: v2}}]}", "10.1.0.2:9080" },
    { "{match: [{port: 1}], route: [{destination: {host: reviews, subset: v2}}]}", "as it is" },
    { "{match: [{port: 9080, sourceLabels: {app: productpage}}], route: [{destination: {host: "
      "reviews, subset: v3}}]}",
      "10.1.0.3:9080" },
    { "{match: [{sourceLabels: {app: other}}], route: [{destination: {host: reviews}}]}",
      "as it is" },
    { "{route: [{destination: {host: reviews, subset: v1}, weight: 0}, {destination: {host: "
      "reviews, subset: v2}, weight: 100}]}",
      "10.1.0.2:9080" },
    { "{route: [{destination: {host: reviews, subset: v9}}]}", "nowhere" },
    { "{route: [{destination: {host: reviews, subset: v4}}]}", "nowhere" },
  };

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml = g_strdup_printf (
      "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], tcp: [%s]}}",
      cases[i].rule);
    g_autofree char *found = NULL;

    test_mesh_apply (&pods->mesh, yaml);
    found = lead (pods, "10.0.0.1", 9080, NULL);
    g_test_message ("%s", cases[i].rule);
    g_assert_cmpstr (found, ==, cases[i].expected);
  }
}

#define TLS_SERVICE                                                                                \
  "{kind: Service, metadata: {name: secure}, spec: {clusterIP: 10.0.1.9, ports: [{name: "          \
  "https-a, port: 443}, {name: tcp, port: 444}]}}"

/* At ports for TLS it is "tls" routes, and the best name counts, not the first. */
static void
test_tls (TestPods *pods, gconstpointer data)
{
  static const struct {
    const char *rules;
    const char *name;
    const char *expected;
  } cases[] = {
#define TO(version)                                                                                \
  "route: [{destination: {host: reviews, subset: " version ", port: {number: 9080}}}]"
#define RULES                                                                                      \
  "tls: [{match: [{sniHosts: ['*.example']}], " TO (                                               \
    "v1") "}, {match: [{sniHosts: "                                                                \
          "[a.example]}], " TO ("v2") "}, {match: [{sniHosts: ['*.in.example', b.test]}], " TO (   \
            "v3") "}]"
    { RULES, "a.example", "10.1.0.2:9080" },
    { RULES, "x.example", "10.1.0.1:9080" },
    { RULES, "x.in.example", "10.1.0.3:9080" },
    { RULES, "b.test", "10.1.0.3:9080" },
    { RULES, "c.test", "nowhere" },
    { RULES, NULL, "nowhere" },
#define ONE(match) "tls: [{match: [{" match ", sniHosts: [a.example]}], " TO ("v2") "}]"
    { ONE ("port: 443"), "a.example", "10.1.0.2:9080" },
    { ONE ("port: 444"), "a.example", "as it is" },
    { ONE ("sourceLabels: {app: productpage}"), "a.example", "10.1.0.2:9080" },
    { ONE ("sourceLabels: {app: other}"), "a.example", "as it is" },
    { ONE ("gateways: [istio-system/g]"), "a.example", "as it is" },
    { ONE ("destinationSubnets: [10.0.1.9]"), "a.example", "10.1.0.2:9080" },
    { ONE ("destinationSubnets: [1.2.3.4, 10.0.0.0/8]"), "a.example", "10.1.0.2:9080" },
    { ONE ("destinationSubnets: [10.0.2.0/24, odd]"), "a.example", "as it is" },
    { "tcp: [{" TO ("v2") "}]", "a.example", "as it is" },
    { "tls: [{match: [{sniHosts: [a.example]}], " TO ("v9") "}]", "a.example", "nowhere" },
#undef ONE
#undef RULES
  };

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE "\n---\n" TLS_SERVICE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml =
      g_strdup_printf ("{kind: VirtualService, metadata: {name: secure}, spec: {hosts: [secure, "
                       "'*.example', b.test], %s}}",
                       cases[i].rules);
    g_autofree char *found = NULL;

    test_mesh_apply (&pods->mesh, yaml);
    found = lead (pods, "10.0.1.9", 443, cases[i].name);
    g_test_message ("%s: %s", cases[i].rules, cases[i].name);
    g_assert_cmpstr (found, ==, cases[i].expected);
    g_assert_true (practice_sidecar_goes_by_name (pods->sidecar, pods->productpage, "10.0.1.9",
                                                  443) == !g_str_equal (found, "as it is"));
  }
  g_assert_false (
    practice_sidecar_goes_by_name (pods->sidecar, pods->productpage, "10.0.1.9", 444));
#undef TO
}

/* Without the control plane proxies keep what they have, and new ones have nothing. */
static void
test_without_pilot (TestPods *pods, gconstpointer data)
{
  PracticeStore *store = pods->mesh.store;
  g_autoptr (PracticePeer) late = practice_peer_new ("10.1.0.11", "default", "late-v1-5d4c");
  PracticePeer *productpage = pods->productpage;
  g_autoptr (GError) error = NULL;

  test_mesh_apply (&pods->mesh, TEST_REVIEWS_RULE);
  apply_rule (pods, "{" TO_V2 "}");
  assert_gets (pods, "reviews:9080", "200 v2");
  practice_store_delete (store, "/pods", "istio-system", "istio-pilot-1", &error);
  g_assert_no_error (error);

  apply_rule (pods, "{route: [{destination: {host: reviews, subset: v3}}]}");
  test_mesh_delete (&pods->mesh, "Endpoints", "reviews");
  test_mesh_add_pod (&pods->mesh, "late", "v1", "10.1.0.11", TRUE);
  assert_gets (pods, "reviews:9080", "200 v2");
  g_assert_true (practice_sidecar_is_configured (pods->sidecar, "default", "productpage-v1-5d4c"));
  g_assert_false (practice_sidecar_is_configured (pods->sidecar, "default", "late-v1-5d4c"));
  pods->productpage = late;
  assert_gets (pods, "reviews:9080", "error");
  g_assert_cmpuint (pods->reviews[0]->n_requests, ==, 0);

  test_mesh_add_service (&pods->mesh, "reviews", "10.0.0.1",
                         "{ip: 10.1.0.3, targetRef: {kind: Pod, name: reviews-v3-5d4c}}");
  test_mesh_apply (&pods->mesh, TEST_MESH_PILOT);
  assert_gets (pods, "reviews:9080", "200 v3");
  pods->productpage = productpage;
  assert_gets (pods, "reviews:9080", "200 v3");
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*run) (TestPods *pods, gconstpointer data);
  } tests[] = {
    { "/practice-sidecar/turns", test_turns },
    { "/practice-sidecar/rule", test_rule },
    { "/practice-sidecar/without-sidecar", test_without_sidecar },
    { "/practice-sidecar/headers", test_headers },
    { "/practice-sidecar/delay", test_delay },
    { "/practice-sidecar/timeout", test_timeout },
    { "/practice-sidecar/retries", test_retries },
    { "/practice-sidecar/cancel", test_cancel },
    { "/practice-sidecar/rewrite-and-mirror", test_rewrite_and_mirror },
    { "/practice-sidecar/mutual-tls", test_mutual_tls },
    { "/practice-sidecar/tls", test_tls },
    { "/practice-sidecar/propagation", test_propagation },
    { "/practice-sidecar/policy", test_policy },
    { "/practice-sidecar/without-pilot", test_without_pilot },
    { "/practice-sidecar/circuit-breaker", test_circuit_breaker },
    { "/practice-sidecar/service-entry", test_service_entry },
    { "/practice-sidecar/stream", test_stream },
    { "/practice-sidecar/outlier", test_outlier },
    { "/practice-sidecar/telemetry", test_telemetry },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, TestPods, NULL, test_pods_set_up, tests[i].run, test_pods_tear_down);

  return g_test_run ();
}
