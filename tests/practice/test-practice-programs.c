/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "base-yaml.h"
#include "practice-programs.h"
#include "test-wait.h"

typedef struct {
  PracticeImageCatalog *images;
  PracticeContainerLogs *logs;
  PracticeProgram *program; /* (nullable) */
  int status;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->images = practice_image_catalog_new (&error);
  g_assert_no_error (error);
  self->logs = practice_container_logs_new ();
}

static void
stop (Fixture *self)
{
  if (self->program != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->program));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  stop (self);
  g_assert_finalize_object (self->logs);
  g_assert_finalize_object (self->images);
}

static JsonNode *
parse (const char *container)
{
  g_autofree char *yaml = g_strdup_printf ("{name: it, %s}", container);
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return node;
}

/* @container: the rest of its YAML. FALSE: it ended at once. */
static gboolean
start (Fixture *self, const char *container)
{
  static const char *const environment[] = { "GREETING=Hello", NULL };
  g_autoptr (JsonNode) node = parse (container);
  g_autoptr (JsonNode) pod =
    base_json_parse ("{\"metadata\":{\"name\":\"it\",\"namespace\":\"default\",\"uid\":\"1\"},"
                     "\"status\":{\"podIP\":\"10.4.0.2\"}}",
                     -1, NULL);
  PracticeLaunch *launch =
    practice_launch_new (self->images, pod, node, (char **)environment, NULL, self->logs);
  const char *server = practice_image_catalog_get_server (self->images, node);

  stop (self);
  practice_container_logs_forget (self->logs, "1");
  g_assert_nonnull (server);
  launch->haste = 20;
  self->program = practice_programs_new (server, launch);
  g_assert_nonnull (self->program);

  return practice_program_start (self->program, &self->status);
}

static PracticeHttpResponse *
send (Fixture *self, const char *method, const char *target)
{
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.0.192.10", NULL, NULL);
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (peer, method, "it:80", target, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response;

  soup_message_headers_replace (practice_http_request_get_headers (request), "User-Agent", "test");
  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (self->program), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "the response");
  response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (self->program), result, &error);
  g_assert_no_error (error);

  return response;
}

/* The body; fails where the status is another. */
static char *
get (Fixture *self, const char *target, guint status)
{
  g_autoptr (PracticeHttpResponse) response = send (self, "GET", target);
  GBytes *body = practice_http_response_get_body (response);

  g_assert_cmpuint (practice_http_response_get_status (response), ==, status);

  return g_bytes_get_size (body) > 0
           ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body))
           : g_strdup ("");
}

static void
check_contains (Fixture *self, const char *target, guint status, const char *text)
{
  g_autofree char *body = get (self, target, status);

  g_assert_nonnull (strstr (body, text));
}

static char *
dup_log (Fixture *self)
{
  PracticeLogSelection all = { .tail = -1 };
  g_autoptr (GBytes) log = practice_container_logs_dup_text (self->logs, "1", "it", FALSE, &all);

  return g_strndup (g_bytes_get_data (log, NULL), g_bytes_get_size (log));
}

static void
check_log (Fixture *self, const char *text)
{
  g_autofree char *log = dup_log (self);

  g_test_message ("%s", log);
  g_assert_nonnull (strstr (log, text));
}

static void
test_http_echo (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeHttpResponse) response = NULL;
  g_autofree char *body = NULL;
  SoupMessageHeaders *headers;

  g_assert_true (start (
    self, "image: hashicorp/http-echo, args: ['-listen=:80', '--text=Hello from http-echo-1']"));
  g_assert_cmpuint (practice_program_get_port (self->program), ==, 80);
  check_log (self, "Server is listening on :80");
  body = get (self, "/any?x", 200);
  g_assert_cmpstr (body, ==, "Hello from http-echo-1\n");
  check_log (self, " it:80 10.0.192.10 \"GET /any HTTP/1.1\" 200 23 \"test\" ");
  check_contains (self, "/health", 200, "{\"status\":\"ok\"}\n");
  response = send (self, "DELETE", "/");
  headers = practice_http_response_get_headers (response);
  g_assert_cmpstr (soup_message_headers_get_one (headers, "X-App-Name"), ==, "http-echo");
  g_assert_nonnull (soup_message_headers_get_one (headers, "X-App-Version"));

  g_assert_true (start (self, "image: 'hashicorp/http-echo:0.2.3', args: [-text, hi]"));
  g_assert_cmpuint (practice_program_get_port (self->program), ==, 5678);
  g_assert_true (start (self, "image: hashicorp/http-echo, args: ['-text=$(GREETING) you']"));
  check_contains (self, "/", 200, "Hello you\n");
}

static void
test_http_echo_fails (Fixture *self, gconstpointer data)
{
  g_assert_false (start (self, "image: hashicorp/http-echo"));
  g_assert_cmpint (self->status, ==, 127);
  check_log (self, "Missing -text option!");
  g_assert_false (start (self, "image: hashicorp/http-echo, args: ['-text=a', b]"));
  g_assert_cmpint (self->status, ==, 127);
  check_log (self, "Too many arguments!");
  g_assert_false (start (self, "image: hashicorp/http-echo, args: ['-port=80', '-text=a']"));
  g_assert_cmpint (self->status, ==, 2);
  g_assert_false (start (self, "image: hashicorp/http-echo, args: ['-listen=80', '-text=a']"));
  g_assert_cmpint (self->status, ==, 1);
  g_assert_false (start (self, "image: hashicorp/http-echo, args: ['-listen=:0', '-text=a']"));
  g_assert_false (start (self, "image: hashicorp/http-echo, args: ['-text']"));
}

static void
test_web (Fixture *self, gconstpointer data)
{
  g_assert_true (start (self, "image: 'nginx:1.17'"));
  g_assert_cmpuint (practice_program_get_port (self->program), ==, 80);
  check_contains (self, "/", 200, "nginx");
  check_contains (self, "/x", 404, "404 Not Found");
  check_log (self, "10.0.192.10 - - [");
  check_log (self, "\"GET / HTTP/1.1\" 200 ");
  check_log (self, " \"-\" \"test\" \"-\"");

  g_assert_true (start (self, "image: httpd"));
  check_contains (self, "/index.html", 200, "httpd");
}

static void
test_httpbin (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeHttpResponse) teapot = NULL;

  g_assert_true (start (self, "image: docker.io/kennethreitz/httpbin"));
  check_contains (self, "/headers", 200, "\"User-Agent\": \"test\"");
  check_contains (self, "/headers", 200, "\"Host\": \"it:80\"");
  check_contains (self, "/get?a=b", 200, "\"a\": \"b\"");
  check_contains (self, "/ip", 200, "10.0.192.10");
  check_contains (self, "/delay/1", 200, "http://it:80/delay/1");
  check_contains (self, "/status/x", 400, "Invalid status code");
  check_contains (self, "/status/200000", 400, "Invalid status code");
  teapot = send (self, "GET", "/status/418");
  g_assert_cmpuint (practice_http_response_get_status (teapot), ==, 418);
}

static void
test_others (Fixture *self, gconstpointer data)
{
  g_assert_true (start (self, "image: 'k8s.gcr.io/echoserver:1.10'"));
  check_contains (self, "/a?b", 200, "real path=/a\n");
  check_contains (self, "/a?b", 200, "user-agent=test");

  g_assert_true (start (self, "image: docker.io/istio/examples-helloworld-v2"));
  check_contains (self, "/hello", 200, "Hello version: v2, instance: it\n");

  g_assert_true (start (self, "image: 'docker.io/istio/proxyv2:1.3.3', args: [proxy, sidecar]"));
  check_contains (self, "/healthz/ready", 200, "");
  check_contains (self, "/", 404, "404 page not found");

  g_assert_true (start (self, "image: 'redis:5.0.3', args: [--port, '7000']"));
  g_assert_false (practice_program_speaks_http (self->program));
  g_assert_cmpuint (practice_program_get_port (self->program), ==, 7000);
  check_log (self, "Ready to accept connections");
}

/* What runs in a container by its command and arguments. */
static void
test_commands (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *container;
    const char *server;
  } cases[] = {
    { "image: nginx", "web" },
    { "image: 'docker.io/library/nginx:1.17@sha256:abc'", "web" },
    { "image: nginx, command: [nginx, -g, daemon off;]", "web" },
    { "image: nginx, command: [/usr/sbin/nginx]", "web" },
    { "image: nginx, command: [sleep, '60']", NULL },
    { "image: nginx, args: [sleep, '60']", NULL },
    { "image: nginx, args: [-g, daemon off;]", "web" },
    { "image: 'redis:5', args: [redis-server, --port, '1']", "redis" },
    { "image: hashicorp/http-echo, args: [anything]", "http-echo" },
    { "image: nginx, command: []", "web" },
    { "image: no/such", NULL },
    { "image: registry.istio.io/release/examples-bookinfo-reviews-v3:1.20.3", "reviews" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) container = parse (cases[i].container);

    g_assert_cmpstr (practice_image_catalog_get_server (self->images, container), ==,
                     cases[i].server);
  }
  g_assert_false (practice_image_catalog_has (self->images, "ngimx"));
  g_assert_false (practice_image_catalog_has (self->images, "localhost:5000/nginx"));
}

static void
test_tags (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *image;
    gboolean is_there;
  } tags[] = {
    { "redis", TRUE },
    { "redis:latest", TRUE },
    { "redis:5.0.3", TRUE },
    { "docker.io/library/redis:7-alpine3.20", TRUE },
    { "redis:5.0.3-typo", FALSE },
    { "redis:99", FALSE },
    { "nginx:1.17@sha256:abc", TRUE },
    { "nginx:1.999", FALSE },
    { "nginx:", FALSE },
    { "hashicorp/http-echo:0.2.3", TRUE },
    { "hashicorp/http-echo:0,2,3", FALSE },
    { "istio/examples-bookinfo-reviews-v1:1.15.0", TRUE },
    { "istio/examples-bookinfo-reviews-v1:1.15", FALSE },
    { "calico/node:any", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (practice_image_catalog_has_tag (self->images, tags[i].image) != tags[i].is_there)
      g_error ("%s: expected %d", tags[i].image, tags[i].is_there);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/programs" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/tags", test_tags);
  ADD ("/http-echo", test_http_echo);
  ADD ("/http-echo-fails", test_http_echo_fails);
  ADD ("/web", test_web);
  ADD ("/httpbin", test_httpbin);
  ADD ("/others", test_others);
  ADD ("/commands", test_commands);
#undef ADD

  return g_test_run ();
}
