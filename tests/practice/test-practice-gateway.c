/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gateway.h"
#include "practice-istio-pods.h"

#include "test-mesh-pods.h"

#define ADDRESS "10.1.9.1"

#define BOOKINFO_GATEWAY                                                                           \
  "{kind: Gateway, metadata: {name: bookinfo-gateway}, spec: {selector: {istio: ingressgateway}, " \
  "servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}}"
#define BOOKINFO                                                                                   \
  "{kind: VirtualService, metadata: {name: bookinfo}, spec: {hosts: ['*'], gateways: ["            \
  "bookinfo-gateway], http: [{match: [{uri: {exact: /productpage}}], route: [{destination: {host:" \
  " productpage, port: {number: 9080}}}]}]}}"

static JsonNode *
add_gateway_pod (TestPods *pods)
{
  test_mesh_apply (
    &pods->mesh, "{kind: Pod, apiVersion: v1, metadata: {name: istio-ingressgateway-1, namespace: "
                 "istio-system, labels: {app: istio-ingressgateway, istio: ingressgateway}}, spec: "
                 "{containers: [{name: istio-proxy}]}, status: {podIP: " ADDRESS
                 ", phase: Running, conditions: [{type: Ready, status: 'True'}], "
                 "containerStatuses: [{name: istio-proxy, ready: true, state: {running: {}}}]}}");
  return practice_store_get (pods->mesh.store, "/pods", "istio-system", "istio-ingressgateway-1");
}

static PracticeHttpResponse *
send (TestPods *pods, const char *host, const char *target, guint16 port, GError **error)
{
  g_autoptr (PracticePeer) outside = practice_peer_new ("192.0.2.7", NULL, NULL);
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (outside, "GET", host, target, NULL);
  g_autoptr (GAsyncResult) result = NULL;

  soup_message_headers_append (practice_http_request_get_headers (request),
                               "x-envoy-upstream-rq-timeout-ms", "1");
  practice_fabric_send_async (pods->fabric, request, ADDRESS, port, NULL, test_wait_keep_result,
                              &result);
  test_wait_for_pointer (&result, 30, "the gateway");
  return practice_fabric_send_finish (pods->fabric, result, error);
}

static void
assert_gets (
  TestPods *pods, const char *host, const char *target, guint16 port, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = send (pods, host, target, port, &error);
  g_autofree char *found = response != NULL ? test_response_describe (response) : NULL;

  if (response == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpstr (found, ==, expected);
}

/* Nothing listens without a Gateway; with one alone nothing is there. */
static void
test_listens (TestPods *pods, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (pods->sidecar);
  PracticeGateway *gateway = practice_gateway_new (mesh, NULL, add_gateway_pod (pods));

  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  test_mesh_apply (&pods->mesh, BOOKINFO);
  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  test_mesh_apply (&pods->mesh, BOOKINFO_GATEWAY);
  assert_gets (pods, "a.example", "/productpage", 80, "200 page");
  assert_gets (pods, "a.example:31380", "/productpage", 80, "200 page");
  assert_gets (pods, "a.example", "/", 80, "404 ");
  assert_gets (pods, "a.example", "/productpage", 443, NULL);
  test_mesh_delete (&pods->mesh, "VirtualService", "bookinfo");
  assert_gets (pods, "a.example", "/productpage", 80, "404 ");
  test_mesh_delete (&pods->mesh, "Gateway", "bookinfo-gateway");
  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  test_mesh_apply (&pods->mesh, BOOKINFO_GATEWAY);
  practice_gateway_stop (gateway);
  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  test_wait_finalize (gateway, 30);
}

/* What a pod gets by the gateway: from the gateway, and no more of Envoy than is true. */
static void
test_headers (TestPods *pods, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (pods->sidecar);
  PracticeGateway *gateway = practice_gateway_new (mesh, NULL, add_gateway_pod (pods));
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  SoupMessageHeaders *headers;

  test_mesh_apply (&pods->mesh, BOOKINFO_GATEWAY);
  test_mesh_apply (&pods->mesh, BOOKINFO);
  response = send (pods, "a.example", "/productpage", 80, &error);
  g_assert_no_error (error);
  headers = practice_http_response_get_headers (response);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "server"), ==, "istio-envoy");
  headers = practice_http_request_get_headers (pods->page->last);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "x-forwarded-for"), ==, "192.0.2.7");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "x-forwarded-proto"), ==, "http");
  g_assert_cmpstr (soup_message_headers_get_one (headers, "x-envoy-external-address"), ==,
                   "192.0.2.7");
  g_assert_null (soup_message_headers_get_one (headers, "x-envoy-upstream-rq-timeout-ms"));
  g_assert_cmpstr (practice_http_request_get_host (pods->page->last), ==, "a.example");
  g_assert_cmpstr (practice_http_request_get_peer (pods->page->last)->pod, ==,
                   "istio-ingressgateway-1");
  test_wait_finalize (gateway, 30);
}

/* Only Gateways that select the pod, and their hosts; to HTTPS where they ask for it. */
static void
test_servers (TestPods *pods, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (pods->sidecar);
  PracticeGateway *gateway = practice_gateway_new (mesh, NULL, add_gateway_pod (pods));
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (GError) error = NULL;

  test_mesh_apply (&pods->mesh, BOOKINFO);
  test_mesh_apply (&pods->mesh,
                   "{kind: Gateway, metadata: {name: bookinfo-gateway}, spec: {selector: {istio: "
                   "other}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: "
                   "['*']}]}}");
  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  test_mesh_apply (&pods->mesh,
                   "{kind: Gateway, metadata: {name: bookinfo-gateway}, spec: {servers: [{port: {"
                   "number: 8080, name: http, protocol: HTTP}, hosts: ['*.example']}, {port: {"
                   "number: 443, name: s, protocol: HTTPS}, tls: {mode: SIMPLE}, hosts: ['*']}]}}");
  assert_gets (pods, "a.example", "/productpage", 80, NULL);
  assert_gets (pods, "a.example", "/productpage", 8080, "200 page");
  assert_gets (pods, "b.test", "/productpage", 8080, "404 ");
  /* Without a certificate there is no TLS. */
  assert_gets (pods, "a.example", "/productpage", 443, NULL);
  test_mesh_apply (&pods->mesh,
                   "{kind: Gateway, metadata: {name: bookinfo-gateway}, spec: {servers: [{port: {"
                   "number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}, hosts: "
                   "['*']}]}}");
  response = send (pods, "a.example", "/productpage?x=1", 80, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (practice_http_response_get_status (response), ==, 301);
  g_assert_cmpstr (
    soup_message_headers_get_one (practice_http_response_get_headers (response), "location"), ==,
    "https://a.example/productpage?x=1");
  test_wait_finalize (gateway, 30);
}

static gboolean
has_gateway (gpointer data)
{
  TestPods *pods = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = send (pods, "a.example", "/productpage", 80, &error);

  return response != NULL;
}

static gboolean
has_no_gateway (gpointer data)
{
  return !has_gateway (data);
}

/* The controller starts it with its pod, and ends it so. */
static void
test_pod (TestPods *pods, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (pods->sidecar);
  PracticeController *controller = practice_istio_pods_new (pods->mesh.store, mesh, NULL);
  g_autoptr (GError) error = NULL;

  practice_controller_start (controller);
  test_mesh_apply (&pods->mesh, BOOKINFO_GATEWAY);
  test_mesh_apply (&pods->mesh, BOOKINFO);
  add_gateway_pod (pods);
  test_wait_until (has_gateway, pods, 30, "the gateway");
  practice_store_delete (pods->mesh.store, "/pods", "istio-system", "istio-ingressgateway-1",
                         &error);
  g_assert_no_error (error);
  test_wait_until (has_no_gateway, pods, 30, "the gateway's end");
  test_wait_finalize (controller, 30);
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*run) (TestPods *pods, gconstpointer data);
  } tests[] = {
    { "/practice-gateway/listens", test_listens },
    { "/practice-gateway/headers", test_headers },
    { "/practice-gateway/servers", test_servers },
    { "/practice-gateway/pod", test_pod },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, TestPods, NULL, test_pods_set_up, tests[i].run, test_pods_tear_down);

  return g_test_run ();
}
