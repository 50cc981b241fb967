/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-traefik-proxy.h"
#include "test-fabric.h"

typedef struct {
  TestFabric fabric;
  PracticeTraefik *traefik;
  PracticeTraefikProxy *http;
  PracticeTraefikProxy *https;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  test_fabric_set_up (&self->fabric, NULL);
  self->traefik = practice_traefik_new (self->fabric.mesh.store);
  self->http =
    practice_traefik_proxy_new (self->traefik, self->fabric.fabric, self->fabric.traefik, "http");
  self->https =
    practice_traefik_proxy_new (self->traefik, self->fabric.fabric, self->fabric.traefik, "https");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_wait_finalize (g_steal_pointer (&self->http), 30);
  test_wait_finalize (g_steal_pointer (&self->https), 30);
  test_wait_finalize (g_steal_pointer (&self->traefik), 30);
  test_fabric_tear_down (&self->fabric);
}

/* @annotations and @paths are YAML: of an Ingress for a.com. */
static void
apply (Fixture *self, const char *name, const char *annotations, const char *rules)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: Ingress, metadata: {name: %s, annotations: {%s}}, spec: {rules: [%s]}}", name,
    annotations, rules);

  test_mesh_apply (&self->fabric.mesh, yaml);
}

#define BACKEND(service) "backend: {service: {name: " service ", port: {number: 9080}}}"
#define RULE(host, path, service)                                                                  \
  "{host: " host ", http: {paths: [{path: " path                                                   \
  ", pathType: ImplementationSpecific, " BACKEND (service) "}]}}"

static PracticeHttpResponse *
ask (Fixture *self,
     PracticeTraefikProxy *proxy,
     const char *host,
     const char *target,
     const char *header,
     const char *value)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (self->fabric.outside, "GET", host, target, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response;

  if (header != NULL)
    soup_message_headers_append (practice_http_request_get_headers (request), header, value);
  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (proxy), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  response = practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (proxy), result, &error);
  g_assert_no_error (error);
  return response;
}

static void
assert_answer (Fixture *self, const char *host, const char *target, const char *expected)
{
  g_autoptr (PracticeHttpResponse) response = ask (self, self->http, host, target, NULL, NULL);
  g_autofree char *text = test_response_describe (response);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_location (
  Fixture *self, const char *host, const char *target, guint status, const char *location)
{
  g_autoptr (PracticeHttpResponse) response = ask (self, self->http, host, target, NULL, NULL);

  g_assert_cmpuint (practice_http_response_get_status (response), ==, status);
  g_assert_cmpstr (
    soup_message_headers_get_one (practice_http_response_get_headers (response), "Location"), ==,
    location);
}

/* What the last request to the first reviews pod was like. */
static PracticeHttpRequest *
get_last (Fixture *self)
{
  GPtrArray *requests = self->fabric.reviews[0]->requests;

  g_assert_cmpuint (requests->len, >, 0);
  return g_ptr_array_index (requests, requests->len - 1);
}

static const char *
get_header (Fixture *self, const char *name)
{
  return soup_message_headers_get_one (practice_http_request_get_headers (get_last (self)), name);
}

static void
test_routes (Fixture *self, gconstpointer data)
{
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  apply (self, "echo", "", RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "200 traefik to v1");
  assert_answer (self, "A.com:80", "/x", "200 traefik to v2");
  assert_answer (self, "b.com", "/", "404 404 page not found\n");
  apply (self, "echo", "", RULE ("'*.a.com'", "/", "reviews"));
  assert_answer (self, "x.a.com", "/", "200 traefik to v1");
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  test_mesh_delete (&self->fabric.mesh, "Ingress", "echo");
  assert_answer (self, "x.a.com", "/", "404 404 page not found\n");
}

static void
test_class (Fixture *self, gconstpointer data)
{
  apply (self, "echo", "kubernetes.io/ingress.class: nginx", RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  apply (self, "echo", "kubernetes.io/ingress.class: traefik", RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "200 traefik to v1");
}

static void
test_default_backend (Fixture *self, gconstpointer data)
{
  test_mesh_apply (&self->fabric.mesh, "{kind: Ingress, metadata: {name: all}, spec: "
                                       "{defaultBackend: {service: {name: reviews, port: {name: "
                                       "http}}}}}");
  assert_answer (self, "any.com", "/any", "200 traefik to v1");
}

/* The longest rules first, unless a priority is asked for. */
static void
test_order (Fixture *self, gconstpointer data)
{
  apply (self, "short", "", RULE ("a.com", "/", "empty"));
  apply (self, "long", "", RULE ("a.com", "/x", "reviews"));
  test_mesh_apply (&self->fabric.mesh, "{kind: Service, metadata: {name: empty}, spec: {clusterIP: "
                                       "10.0.0.8, ports: [{port: 9080}]}}");
  assert_answer (self, "a.com", "/x/y", "200 traefik to v1");
  assert_answer (self, "a.com", "/y", "503 Service Unavailable");
  apply (self, "short", "traefik.ingress.kubernetes.io/priority: '100'",
         RULE ("a.com", "/", "empty"));
  assert_answer (self, "a.com", "/x/y", "503 Service Unavailable");
}

static void
test_failures (Fixture *self, gconstpointer data)
{
  apply (self, "echo", "", RULE ("a.com", "/", "nosuch"));
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  apply (self, "echo", "", RULE ("a.com", "/", "ratings"));
  assert_answer (self, "a.com", "/", "502 Bad Gateway");
}

/* A pod that a policy cuts off is waited for as long as a connection is. */
static void
test_cut_off (Fixture *self, gconstpointer data)
{
  apply (self, "echo", "", RULE ("a.com", "/", "reviews"));
  test_mesh_apply (&self->fabric.mesh, TEST_DENY_ALL);
  practice_traefik_proxy_set_dial_seconds (self->http, 0.05);
  assert_answer (self, "a.com", "/", "504 Gateway Timeout");
  test_mesh_apply (&self->fabric.mesh,
                   "{kind: NetworkPolicy, metadata: {name: access}, spec: {podSelector: "
                   "{matchLabels: {app: reviews}}, ingress: [{from: []}]}}");
  assert_answer (self, "a.com", "/", "200 traefik to v2");
}

static void
test_paths (Fixture *self, gconstpointer data)
{
  apply (self, "one", "traefik.ingress.kubernetes.io/rule-type: PathPrefixStrip",
         RULE ("a.com", "/ops/x", "front-reviews"));
  test_mesh_add_service (&self->fabric.mesh, "front-reviews", "10.0.0.77", "{ip: 10.1.0.1}");
  assert_answer (self, "a.com", "/ops/x/y?z=1", "200 traefik to v1");
  g_assert_cmpstr (practice_http_request_get_target (get_last (self)), ==, "/y?z=1");
  g_assert_cmpstr (get_header (self, "X-Forwarded-Prefix"), ==, "/ops/x");

  apply (self, "one", "ingress.kubernetes.io/rewrite-target: /new/",
         RULE ("a.com", "/old", "front-reviews"));
  assert_answer (self, "a.com", "/old/y", "200 traefik to v1");
  g_assert_cmpstr (practice_http_request_get_target (get_last (self)), ==, "/new/y");
  g_assert_cmpstr (get_header (self, "X-Replaced-Path"), ==, "/old/y");

  apply (self, "one", "traefik.ingress.kubernetes.io/request-modifier: 'AddPrefix: /p'",
         RULE ("a.com", "/", "front-reviews"));
  assert_answer (self, "a.com", "/y", "200 traefik to v1");
  g_assert_cmpstr (practice_http_request_get_target (get_last (self)), ==, "/p/y");

  apply (self, "one", "traefik.ingress.kubernetes.io/rule-type: Nonsense",
         RULE ("a.com", "/", "front-reviews"));
  assert_answer (self, "a.com", "/y", "404 404 page not found\n");
}

static void
test_forwarded (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeHttpResponse) first = NULL;
  g_autoptr (PracticeHttpResponse) second = NULL;

  test_mesh_add_service (&self->fabric.mesh, "one", "10.0.0.77", "{ip: 10.1.0.1}");
  apply (self, "echo", "", RULE ("a.com", "/", "one"));
  first = ask (self, self->https, "a.com", "/", NULL, NULL);
  g_assert_cmpstr (get_header (self, "X-Forwarded-For"), ==, "10.0.192.10");
  g_assert_cmpstr (get_header (self, "X-Forwarded-Proto"), ==, "https");
  g_assert_cmpstr (get_header (self, "X-Forwarded-Port"), ==, "443");
  g_assert_cmpstr (get_header (self, "X-Forwarded-Host"), ==, "a.com");
  g_assert_cmpstr (get_header (self, "X-Forwarded-Server"), ==, "traefik");
  g_assert_cmpstr (get_header (self, "X-Real-Ip"), ==, "10.0.192.10");
  g_assert_cmpstr (get_header (self, "Host"), ==, "a.com");

  second = ask (self, self->http, "a.com", "/", "X-Forwarded-For", "1.2.3.4");
  g_assert_cmpstr (get_header (self, "X-Forwarded-For"), ==, "1.2.3.4, 10.0.192.10");
  apply (self, "echo", "ingress.kubernetes.io/preserve-host: 'false'", RULE ("a.com", "/", "one"));
  assert_answer (self, "a.com", "/", "200 traefik to v1");
  g_assert_cmpstr (get_header (self, "Host"), ==, "10.1.0.1:9080");
}

static void
test_sources (Fixture *self, gconstpointer data)
{
  apply (self, "echo", "traefik.ingress.kubernetes.io/whitelist-source-range: 10.9.0.0/16",
         RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "403 Forbidden");
  apply (self, "echo",
         "traefik.ingress.kubernetes.io/whitelist-source-range: '10.9.0.0/16, 10.0.0.0/16'",
         RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "200 traefik to v1");
}

static void
test_password (Fixture *self, gconstpointer data)
{
  g_autofree char *hash =
    g_base64_encode ((const guchar *)"ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n",
                     strlen ("ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n"));
  g_autofree char *secret =
    g_strdup_printf ("{kind: Secret, metadata: {name: users}, data: {auth: %s}}", hash);
  g_autofree char *right = g_base64_encode ((const guchar *)"ann:secret", 10);
  g_autofree char *header = g_strconcat ("Basic ", right, NULL);
  g_autoptr (PracticeHttpResponse) refused = NULL;
  g_autoptr (PracticeHttpResponse) response = NULL;

  apply (self, "echo",
         "traefik.ingress.kubernetes.io/auth-type: basic, "
         "traefik.ingress.kubernetes.io/auth-secret: users",
         RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  test_mesh_apply (&self->fabric.mesh, secret);
  refused = ask (self, self->http, "a.com", "/", NULL, NULL);
  g_assert_cmpuint (practice_http_response_get_status (refused), ==, 401);
  g_assert_cmpstr (
    soup_message_headers_get_one (practice_http_response_get_headers (refused), "WWW-Authenticate"),
    ==, "Basic realm=\"traefik\"");
  response = ask (self, self->http, "a.com", "/", "Authorization", header);
  g_assert_cmpuint (practice_http_response_get_status (response), ==, 200);
}

static void
test_redirects (Fixture *self, gconstpointer data)
{
  apply (self, "echo", "traefik.ingress.kubernetes.io/redirect-entry-point: https",
         RULE ("a.com", "/", "reviews"));
  assert_location (self, "a.com", "/x?y=1", 302, "https://a.com:443/x?y=1");
  apply (self, "echo",
         "traefik.ingress.kubernetes.io/redirect-entry-point: https, "
         "traefik.ingress.kubernetes.io/redirect-permanent: 'true'",
         RULE ("a.com", "/", "reviews"));
  assert_location (self, "a.com", "/", 301, "https://a.com:443/");
  apply (self, "echo",
         "traefik.ingress.kubernetes.io/redirect-regex: '^http://a.com/(.*)', "
         "traefik.ingress.kubernetes.io/redirect-replacement: 'http://b.com/$1'",
         RULE ("a.com", "/", "reviews"));
  assert_location (self, "a.com", "/x", 302, "http://b.com/x");
  apply (self, "echo", "traefik.ingress.kubernetes.io/app-root: /index.html",
         RULE ("a.com", "/", "reviews"));
  assert_location (self, "a.com", "/", 302, "http://a.com/index.html");
  assert_answer (self, "a.com", "/index.html", "200 traefik to v1");
}

static void
test_entry_points (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeHttpResponse) response = NULL;

  apply (self, "echo", "traefik.ingress.kubernetes.io/frontend-entry-points: https",
         RULE ("a.com", "/", "reviews"));
  assert_answer (self, "a.com", "/", "404 404 page not found\n");
  response = ask (self, self->https, "a.com", "/", NULL, NULL);
  g_assert_cmpuint (practice_http_response_get_status (response), ==, 200);
}

/* In a round of as many requests as all weights, each server gets its own. */
static void
test_weights (Fixture *self, gconstpointer data)
{
  test_mesh_add_service (&self->fabric.mesh, "old", "10.0.0.77", "{ip: 10.1.0.1}, {ip: 10.1.0.2}");
  test_mesh_add_service (&self->fabric.mesh, "canary", "10.0.0.78", "{ip: 10.1.0.3}");
  apply (self, "echo", "traefik.ingress.kubernetes.io/service-weights: 'canary: 20%'",
         "{host: a.com, http: {paths: [{path: /, " BACKEND ("old") "}, {path: /, " BACKEND (
           "canary") "}]}}");
  for (guint i = 0; i < 50; i++) {
    g_autoptr (PracticeHttpResponse) response = ask (self, self->http, "a.com", "/", NULL, NULL);

    g_assert_cmpuint (practice_http_response_get_status (response), ==, 200);
  }
  g_assert_cmpuint (self->fabric.reviews[0]->requests->len, ==, 20);
  g_assert_cmpuint (self->fabric.reviews[1]->requests->len, ==, 20);
  g_assert_cmpuint (self->fabric.reviews[2]->requests->len, ==, 10);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/practice-traefik-proxy/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("routes", test_routes);
  ADD ("class", test_class);
  ADD ("default-backend", test_default_backend);
  ADD ("order", test_order);
  ADD ("failures", test_failures);
  ADD ("cut-off", test_cut_off);
  ADD ("paths", test_paths);
  ADD ("forwarded", test_forwarded);
  ADD ("sources", test_sources);
  ADD ("password", test_password);
  ADD ("redirects", test_redirects);
  ADD ("entry-points", test_entry_points);
  ADD ("weights", test_weights);

  return g_test_run ();
}
