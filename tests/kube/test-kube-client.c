/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-client.h"

#include <string.h>

#include "base-json.h"
#include "fake-client.h"
#include "kube-error.h"
#include "test-wait.h"

#define PODS "/api/v1/namespaces/default/pods"

typedef struct {
  FakeApiServer *server;
  KubeClient *client;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fixture->client = fake_client_new (fixture->server, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->server);
}

static JsonNode *
get (Fixture *fixture, const char *path, GError **error)
{
  return fake_client_request (fixture->client, "GET", path, error);
}

static void
fault (Fixture *fixture, guint status, const char *body, const char *content_type)
{
  const FakeFault answer = { .kind = FAKE_FAULT_ANSWER,
                             .match = "GET ",
                             .times = 1,
                             .status = status,
                             .body = body,
                             .content_type = content_type };

  fake_api_server_add_fault (fixture->server, &answer);
}

static void
test_requests (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) created = fake_client_send (
    fixture->client, "POST", PODS, "application/json", "{\"metadata\":{\"name\":\"a\"}}", &error);
  g_autoptr (JsonNode) patched = NULL;
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) removed = NULL;
  g_autoptr (JsonNode) missing = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (created, "kind", NULL), ==, "Pod");

  patched = fake_client_send (fixture->client, "PATCH", PODS "/a", "application/json-patch+json",
                              "[{\"op\":\"add\",\"path\":\"/spec\",\"value\":{\"x\":1}}]", &error);
  g_assert_no_error (error);
  g_assert_cmpint (base_json_get_int (patched, 0, "spec", "x", NULL), ==, 1);

  list = get (fixture, PODS, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (base_json_get_array (list, "items", NULL)), ==, 1);

  removed = fake_client_request (fixture->client, "DELETE", PODS "/a", &error);
  g_assert_no_error (error);

  missing = get (fixture, PODS "/a", &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "pods \"a\" not found");
}

static void
test_headers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) node = get (fixture, "/version", NULL);

  g_assert_nonnull (node);
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Accept"), ==,
                   "application/json");
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Authorization"), ==,
                   "Bearer " FAKE_TOKEN);
  g_assert_true (g_str_has_prefix (fake_api_server_get_last_header (fixture->server, "User-Agent"),
                                   "konvoy-lab/"));
}

static void
test_percent_encoding_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = get (fixture, PODS "/a%2Fb?labelSelector=a%3Db%26c", &error);

  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
  g_assert_nonnull (fake_api_server_get_last_request (
    fixture->server, "GET " PODS "/a%2Fb?labelSelector=a%3Db%26c"));
}

static void
test_bad_path (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "", "api/v1", ".evil.example/", "/api/%zz" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = get (fixture, paths[i], &error);

    g_assert_null (node);
    g_assert_nonnull (error);
  }
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "evil"), ==, 0);
}

static void
test_bodies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) empty = NULL;
  g_autoptr (JsonNode) page = NULL;

  fault (fixture, 200, "", NULL);
  empty = get (fixture, "/version", &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_NULL (empty));

  fault (fixture, 200, "<html>Please log in</html>", "text/html");
  page = get (fixture, "/version", &error);
  g_assert_null (page);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

static void
test_large_body (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *json = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fault (fixture, 200, json, NULL);
  node = get (fixture, "/version", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (base_json_get_string (node, "a", NULL)), ==, 5 * 1024 * 1024);
}

static void
test_truncated_body (Fixture *fixture, gconstpointer data)
{
  const FakeFault truncate = { .kind = FAKE_FAULT_TRUNCATE, .match = "GET ", .times = 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_add_fault (fixture->server, &truncate);
  node = get (fixture, "/version", &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

/* The token is for this server only. */
static void
test_no_redirect (Fixture *fixture, gconstpointer data)
{
  g_autofree char *header = g_strdup_printf ("Location: https://localhost:%u/elsewhere",
                                             fake_api_server_get_port (fixture->server));
  const FakeFault redirect = {
    .kind = FAKE_FAULT_ANSWER, .match = "/version", .times = 1, .status = 302, .header = header
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_add_fault (fixture->server, &redirect);
  node = get (fixture, "/version", &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FAILED);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "elsewhere"), ==, 0);
}

static void
test_retry_after (Fixture *fixture, gconstpointer data)
{
  const FakeFault busy = { .kind = FAKE_FAULT_ANSWER,
                           .match = "GET ",
                           .times = 1,
                           .status = 429,
                           .body = "slow down",
                           .content_type = "text/plain",
                           .header = "Retry-After: 7" };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_add_fault (fixture->server, &busy);
  node = get (fixture, "/version", &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_BUSY);
}

/* A server or a proxy may quote what it was sent. */
static void
test_token_is_not_shown (Fixture *fixture, gconstpointer data)
{
  static const char *const bodies[] = {
    "{\"kind\":\"Status\",\"code\":500,\"message\":\"bad header: Bearer " FAKE_TOKEN "\"}",
    "<p>Authorization: Bearer " FAKE_TOKEN "</p>",
    FAKE_TOKEN,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = NULL;

    fault (fixture, 500, bodies[i], "text/html");
    node = get (fixture, "/version", &error);
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_SERVER);
    g_assert_null (strstr (error->message, FAKE_TOKEN));
  }
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_stop (fixture->server);
  node = get (fixture, "/version", &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
}

static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  const FakeFault drop = { .kind = FAKE_FAULT_DROP, .match = "POST " };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_add_fault (fixture->server, &drop);
  node = fake_client_send (fixture->client, "POST", PODS, "application/json", "{}", &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  const FakeFault hang = { .kind = FAKE_FAULT_HANG, .match = "GET " };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  fake_api_server_add_fault (fixture->server, &hang);
  kube_client_request_async (fixture->client, "GET", "/version", NULL, NULL, cancellable,
                             test_wait_keep_result, &result);
  while (fake_api_server_count_requests (fixture->server, "/version") == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled request");
  node = kube_client_request_finish (fixture->client, result, &error);
  g_assert_null (node);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  /* cancelled before it begins */
  kube_client_request_async (fixture->client, "GET", "/version", NULL, NULL, cancellable,
                             test_wait_keep_result, &second);
  test_wait_for_pointer (&second, 5, "the cancelled request");
  g_assert_null (kube_client_request_finish (fixture->client, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_owner_goes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = fake_client_new (fixture->server, NULL, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  KubeClient *owner = client;
  g_autoptr (JsonNode) node = NULL;

  kube_client_request_async (client, "GET", "/version", NULL, NULL, NULL, test_wait_keep_result,
                             &result);
  g_clear_object (&client);
  test_wait_for_pointer (&result, 5, "an answer for nobody");
  node = kube_client_request_finish (owner, result, NULL);
  g_assert_nonnull (node);
}

static gboolean
five_watches_open (gpointer data)
{
  return fake_api_server_count_watches (data, NULL) == 5;
}

/* libsoup's own limit is two connections to a host. */
static void
test_many_watches (Fixture *fixture, gconstpointer data)
{
  GInputStream *streams[5];
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++) {
    streams[i] =
      fake_client_open (fixture->client, "/api/v1/pods?watch=true&resourceVersion=1000", &error);
    g_assert_no_error (error);
  }
  test_wait_until (five_watches_open, fixture->server, 5, "five watches");
  node = get (fixture, "/version", &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);

  for (gsize i = 0; i < G_N_ELEMENTS (streams); i++) {
    g_input_stream_close (streams[i], NULL, NULL);
    g_object_unref (streams[i]);
  }
}

/* SoupServer notices that a client has gone when it writes. */
static gboolean
no_watch_open (gpointer data)
{
  fake_api_server_send_text (data, NULL, "\n");
  return fake_api_server_count_watches (data, NULL) == 0;
}

/* More watches one after the other than there may be at once: each gives its connection back. */
static void
test_cancelled_watches (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 80; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GInputStream) stream =
      fake_client_open (fixture->client, "/api/v1/pods?watch=true&resourceVersion=1000", &error);
    char byte;

    g_assert_no_error (error);
    g_input_stream_read_async (stream, &byte, 1, 0, cancellable, test_wait_keep_result, &result);
    g_cancellable_cancel (cancellable);
    test_wait_for_pointer (&result, 5, "a cancelled read");
    g_assert_cmpint (g_input_stream_read_finish (stream, result, &error), ==, -1);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_input_stream_close (stream, NULL, NULL);
  }
  test_wait_until (no_watch_open, fixture->server, 5, "all watches to end");
}

static void
test_open_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fault (fixture, 403, "{\"kind\":\"Status\",\"code\":403,\"message\":\"pods is forbidden\"}",
         NULL);
  g_assert_null (fake_client_open (fixture->client, "/api/v1/pods?watch=true", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
  g_assert_cmpstr (error->message, ==, "pods is forbidden");
}

static void
count (KubeClient *client, gpointer data)
{
  (*(guint *)data)++;
}

/* Whoever wants to know what is there can look it up. */
static void
check_apis (const char *const *apis)
{
  const char *const served[] = { "v1",
                                 "apps",
                                 "apps/v1",
                                 "apps/v1/deployments",
                                 "extensions/v1beta1/ingresses",
                                 "networking.k8s.io/v1/networkpolicies",
                                 "networking.istio.io/v1",
                                 "networking.istio.io/v1alpha3/virtualservices" };

  for (gsize i = 0; i < G_N_ELEMENTS (served); i++) {
    g_test_message ("%s", served[i]);
    g_assert_true (g_strv_contains (apis, served[i]));
  }
  g_assert_false (g_strv_contains (apis, "networking.k8s.io/v1/ingresses"));
  g_assert_false (g_strv_contains (apis, "apps/v2"));
}

static void
check_discovery (Fixture *fixture)
{
  const KubeKind *ingresses = kube_kind_lookup ("ingresses");
  const KubeKind *services = kube_kind_lookup ("virtualservices");
  const KubeKind *rules = kube_kind_lookup ("destinationrules");
  g_autoptr (GError) error = NULL;
  guint n_discovered = 0;

  g_signal_connect (fixture->client, "discovered", G_CALLBACK (count), &n_discovered);
  g_assert_null (kube_client_get_server_version (fixture->client));
  g_assert_null (kube_client_get_served_version (fixture->client, ingresses));
  g_assert_null (kube_client_get_apis (fixture->client));

  g_assert_true (fake_client_discover (fixture->client, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_discovered, ==, 1);
  g_assert_cmpstr (kube_client_get_server_version (fixture->client), ==, "v1.15.2");
  /* the group's v1 is there and has no ingresses */
  g_assert_cmpstr (kube_client_get_served_version (fixture->client, ingresses), ==, "v1beta1");
  g_assert_cmpstr (
    kube_client_get_served_version (fixture->client, kube_kind_lookup ("networkpolicies")), ==,
    "v1");
  g_assert_cmpstr (kube_client_get_served_version (fixture->client, kube_kind_lookup ("pods")), ==,
                   "v1");
  g_assert_null (kube_client_get_served_version (fixture->client, services));
  g_assert_false (kube_client_serves_group (fixture->client, "networking.istio.io"));
  g_assert_true (kube_client_serves_group (fixture->client, "apps"));
  g_assert_true (kube_client_serves_group (fixture->client, ""));

  g_assert_true (fake_client_discover (fixture->client, &error));
  g_assert_cmpuint (n_discovered, ==, 1);

  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", "virtualservices",
                              TRUE);
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1", "virtualservices",
                              TRUE);
  g_assert_true (fake_client_discover (fixture->client, &error));
  g_assert_cmpuint (n_discovered, ==, 2);
  g_assert_cmpstr (kube_client_get_served_version (fixture->client, services), ==, "v1");
  g_assert_null (kube_client_get_served_version (fixture->client, rules));
  g_assert_true (kube_client_serves_group (fixture->client, "networking.istio.io"));
  check_apis (kube_client_get_apis (fixture->client));
}

static void
test_discovery_legacy (Fixture *fixture, gconstpointer data)
{
  check_discovery (fixture);
}

static void
test_discovery_aggregated (Fixture *fixture, gconstpointer data)
{
  fake_api_server_set_aggregated (fixture->server, TRUE);
  check_discovery (fixture);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "/apis/"), ==, 0);
}

static void
test_discovery_is_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (GError) error = NULL;

  kube_client_discover_async (fixture->client, cancellable, test_wait_keep_result, &first);
  kube_client_discover_async (fixture->client, NULL, test_wait_keep_result, &second);
  kube_client_discover_async (fixture->client, NULL, test_wait_keep_result, &third);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&first, 5, "the cancelled one");
  test_wait_for_pointer (&second, 5, "discovery");
  test_wait_for_pointer (&third, 5, "discovery");

  g_assert_false (kube_client_discover_finish (fixture->client, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (kube_client_discover_finish (fixture->client, second, NULL));
  g_assert_true (kube_client_discover_finish (fixture->client, third, NULL));
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "GET /version"), ==, 1);
}

/* One version's resources may be out of reach, and so may the server's version. */
static void
test_discovery_with_gaps (Fixture *fixture, gconstpointer data)
{
  const FakeFault no_version = { .kind = FAKE_FAULT_ANSWER, .match = "/version", .status = 403 };
  const FakeFault no_apps = { .kind = FAKE_FAULT_ANSWER, .match = "/apis/apps/v1", .status = 503 };
  g_autoptr (GError) error = NULL;

  fake_api_server_add_fault (fixture->server, &no_version);
  fake_api_server_add_fault (fixture->server, &no_apps);
  g_assert_true (fake_client_discover (fixture->client, &error));
  g_assert_null (kube_client_get_server_version (fixture->client));
  g_assert_cmpstr (
    kube_client_get_served_version (fixture->client, kube_kind_lookup ("deployments")), ==, "v1");
}

static void
test_discovery_fails (Fixture *fixture, gconstpointer data)
{
  const FakeFault forbidden = {
    .kind = FAKE_FAULT_ANSWER, .match = "GET /apis", .times = 1, .status = 403
  };
  const FakeFault other = { .kind = FAKE_FAULT_ANSWER,
                            .match = "GET /apis",
                            .times = 1,
                            .status = 200,
                            .body = "{\"hello\":\"world\"}" };
  g_autoptr (GError) error = NULL;

  fake_api_server_add_fault (fixture->server, &forbidden);
  g_assert_false (fake_client_discover (fixture->client, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
  g_clear_error (&error);

  fake_api_server_add_fault (fixture->server, &other);
  g_assert_false (fake_client_discover (fixture->client, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  TEST ("/kube/client/requests", test_requests);
  TEST ("/kube/client/headers", test_headers);
  TEST ("/kube/client/percent-encoding-is-kept", test_percent_encoding_is_kept);
  TEST ("/kube/client/bad-path", test_bad_path);
  TEST ("/kube/client/bodies", test_bodies);
  TEST ("/kube/client/large-body", test_large_body);
  TEST ("/kube/client/truncated-body", test_truncated_body);
  TEST ("/kube/client/no-redirect", test_no_redirect);
  TEST ("/kube/client/retry-after", test_retry_after);
  TEST ("/kube/client/token-is-not-shown", test_token_is_not_shown);
  TEST ("/kube/client/refused", test_refused);
  TEST ("/kube/client/dropped", test_dropped);
  TEST ("/kube/client/cancel", test_cancel);
  TEST ("/kube/client/owner-goes", test_owner_goes);
  TEST ("/kube/client/many-watches", test_many_watches);
  TEST ("/kube/client/cancelled-watches", test_cancelled_watches);
  TEST ("/kube/client/open-refused", test_open_refused);
  TEST ("/kube/client/discovery-legacy", test_discovery_legacy);
  TEST ("/kube/client/discovery-aggregated", test_discovery_aggregated);
  TEST ("/kube/client/discovery-is-shared", test_discovery_is_shared);
  TEST ("/kube/client/discovery-with-gaps", test_discovery_with_gaps);
  TEST ("/kube/client/discovery-fails", test_discovery_fails);
  return g_test_run ();
}
