/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-traefik-dashboard.h"
#include "test-json.h"
#include "test-mesh-store.h"
#include "test-wait.h"

typedef struct {
  TestMesh mesh;
  PracticeTraefik *traefik;
  PracticeTraefikDashboard *dashboard;
} Fixture;

static const char ingress[] =
  "{kind: Ingress, metadata: {name: echo}, spec: {rules: [{host: a.com, http: {paths: [{backend: "
  "{service: {name: ratings, port: {number: 9080}}}}]}}, {host: '<b>.com', http: {paths: "
  "[{backend: {service: {name: ratings, port: {number: 9080}}}}]}}]}}";

static void
set_up (Fixture *self, gconstpointer data)
{
  test_mesh_set_up (&self->mesh, NULL);
  self->traefik = practice_traefik_new (self->mesh.store);
  self->dashboard = practice_traefik_dashboard_new (self->traefik);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_wait_finalize (g_steal_pointer (&self->dashboard), 30);
  test_wait_finalize (g_steal_pointer (&self->traefik), 30);
  test_mesh_tear_down (&self->mesh, NULL);
}

/* (transfer full): the body */
static char *
get (Fixture *self, const char *method, const char *target, guint status, const char *prefix)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.0.192.10", NULL, NULL);
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (peer, method, "t:8080", target, NULL);
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GBytes *body;

  if (prefix != NULL)
    soup_message_headers_append (practice_http_request_get_headers (request), "X-Forwarded-Prefix",
                                 prefix);
  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (self->dashboard), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (self->dashboard), result, NULL);
  g_assert_cmpuint (practice_http_response_get_status (response), ==, status);
  if (status == 302)
    return g_strdup (
      soup_message_headers_get_one (practice_http_response_get_headers (response), "Location"));
  body = practice_http_response_get_body (response);
  return g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
test_providers (Fixture *self, gconstpointer data)
{
  g_autofree char *empty = get (self, "GET", "/api/providers", 200, NULL);
  g_autofree char *all = NULL;
  g_autofree char *backend = NULL;
  g_autofree char *rule = NULL;
  g_autofree char *missing = NULL;
  g_autoptr (JsonNode) root = NULL;

  g_assert_cmpstr (empty, ==, "{\"kubernetes\":{\"backends\":{},\"frontends\":{}}}");
  test_mesh_apply (&self->mesh, ingress);
  all = get (self, "GET", "/api", 200, NULL);
  root = base_json_parse (all, -1, NULL);
  test_json_assert_equal (
    base_json_get (root, "kubernetes", "frontends", "a.com", NULL),
    "{'entryPoints':['http','https'],'backend':'a.com','routes':{'a.com':{'rule':'Host:a.com'}},"
    "'passHostHeader':true,'priority':0,'basicAuth':null}");
  backend = get (self, "GET", "/api/providers/kubernetes/backends/a.com", 200, NULL);
  g_assert_cmpstr (backend, ==,
                   "{\"servers\":{\"ratings-v1-5d4c\":{\"url\":\"http://10.1.0.4:9080\",\"weight\":"
                   "1}},\"loadBalancer\":{\"method\":\"wrr\"}}");
  missing = get (self, "GET", "/api/providers/docker", 404, NULL);
}

/* Names come from Ingresses: they stay text on the page. */
static void
test_page (Fixture *self, gconstpointer data)
{
  g_autofree char *page = NULL;

  test_mesh_apply (&self->mesh, ingress);
  page = get (self, "GET", "/dashboard/", 200, NULL);
  g_assert_nonnull (strstr (page, "Host:a.com"));
  g_assert_nonnull (strstr (page, "http://10.1.0.4:9080"));
  g_assert_nonnull (strstr (page, "&lt;b&gt;.com"));
  g_assert_null (strstr (page, "<b>"));
}

static void
test_redirect (Fixture *self, gconstpointer data)
{
  g_autofree char *plain = get (self, "GET", "/", 302, NULL);
  g_autofree char *behind = get (self, "GET", "/", 302, "/ops/portal/traefik");
  g_autofree char *foreign = get (self, "GET", "/", 302, "//evil.com");

  g_assert_cmpstr (plain, ==, "/dashboard/");
  g_assert_cmpstr (behind, ==, "/ops/portal/traefik/dashboard/");
  g_assert_cmpstr (foreign, ==, "/dashboard/");
}

static void
test_others (Fixture *self, gconstpointer data)
{
  g_autofree char *ping = get (self, "GET", "/ping", 200, NULL);
  g_autofree char *health = NULL;
  g_autofree char *version = get (self, "GET", "/api/version", 200, NULL);
  g_autofree char *missing = get (self, "GET", "/nosuch", 404, NULL);
  g_autofree char *refused = get (self, "PUT", "/api/providers/web", 405, NULL);
  g_autoptr (JsonNode) root = NULL;

  g_assert_cmpstr (ping, ==, "OK");
  g_assert_true (g_str_has_prefix (version, "{\"Version\":\"v1.7"));
  practice_traefik_count (self->traefik, 200, 2000);
  practice_traefik_count (self->traefik, 404, 4000);
  health = get (self, "GET", "/health", 200, NULL);
  root = base_json_parse (health, -1, NULL);
  g_assert_cmpint (base_json_get_int (root, 0, "total_count", NULL), ==, 2);
  g_assert_cmpint (base_json_get_int (root, 0, "total_status_code_count", "404", NULL), ==, 1);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/practice-traefik-dashboard/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("providers", test_providers);
  ADD ("page", test_page);
  ADD ("redirect", test_redirect);
  ADD ("others", test_others);

  return g_test_run ();
}
