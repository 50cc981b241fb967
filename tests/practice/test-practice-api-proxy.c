/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-server.h"

#include "test-mesh-pods.h"

#define PATH "/api/v1/namespaces/default/"

typedef struct {
  TestPods pods;
  PracticeApiServer *server;
  SoupSession *session;
  char *ca; /* name of a file */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  test_pods_set_up (&self->pods, NULL);
  self->server = practice_api_server_new (self->pods.mesh.store, &error);
  g_assert_no_error (error);
  practice_api_server_set_fabric (self->server, self->pods.fabric);
  self->ca = g_build_filename (self->pods.mesh.dir, "ca.pem", NULL);
  g_file_set_contents (self->ca, practice_api_server_get_ca_pem (self->server), -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (self->ca, &error);
  g_assert_no_error (error);
  self->session = soup_session_new_with_options ("tls-database", database, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  soup_session_abort (self->session);
  test_wait_finalize (g_steal_pointer (&self->session), 30);
  test_wait_finalize (g_steal_pointer (&self->server), 30);
  g_unlink (self->ca);
  g_free (self->ca);
  test_pods_tear_down (&self->pods, NULL);
}

/* (transfer full): "STATUS BODY" of @method at @path of the server */
static char *
ask (Fixture *self, const char *method, const char *path, SoupMessage **sent)
{
  g_autofree char *uri =
    g_strdup_printf ("https://127.0.0.1:%u%s", practice_api_server_get_port (self->server), path);
  g_autofree char *bearer =
    g_strconcat ("Bearer ", practice_api_server_get_token (self->server), NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  bytes = soup_session_send_and_read_finish (self->session, result, &error);
  g_assert_no_error (error);
  if (sent != NULL)
    *sent = g_object_ref (message);
  return g_strdup_printf ("%u %.*s", soup_message_get_status (message),
                          (int)g_bytes_get_size (bytes),
                          (const char *)g_bytes_get_data (bytes, NULL));
}

static void
assert_answer (Fixture *self, const char *path, const char *expected)
{
  g_autofree char *found = ask (self, "GET", path, NULL);

  if (!g_str_has_prefix (found, expected))
    g_error ("%s: %s, expected %s", path, found, expected);
}

static void
test_names (Fixture *self, gconstpointer data)
{
  assert_answer (self, PATH "services/ratings:9080/proxy/ratings/0", "200 ratings");
  assert_answer (self, PATH "services/ratings:http/proxy/", "200 ratings");
  assert_answer (self, PATH "services/ratings/proxy/", "200 ratings");
  assert_answer (self, PATH "services/http:ratings:9080/proxy/", "200 ratings");
  assert_answer (self, PATH "services/https:ratings:/proxy/", "200 ratings");
  assert_answer (self, PATH "services/http%3Aratings%3A9080/proxy/", "200 ratings");
  assert_answer (self, PATH "pods/ratings-v1-5d4c:9080/proxy/a/b/c/d/e/f/g/h/i/j/k/l/m/n?o=p",
                 "200 ratings");
  g_assert_cmpstr (practice_http_request_get_target (self->pods.ratings->last), ==,
                   "/a/b/c/d/e/f/g/h/i/j/k/l/m/n?o=p");
}

static void
test_refusals (Fixture *self, gconstpointer data)
{
  assert_answer (self, PATH "services/none/proxy/", "404 {");
  assert_answer (self, PATH "pods/none/proxy/", "404 {");
  assert_answer (self, PATH "services/ratings:1/proxy/", "503 {");
  assert_answer (self, PATH "services/ftp:ratings:1/proxy/", "400 {");
  assert_answer (self, PATH "services/a:b:c:d/proxy/", "400 {");
  assert_answer (self, PATH "pods/ratings-v1-5d4c:x/proxy/", "400 {");
  assert_answer (self, PATH "pods/ratings-v1-5d4c:81/proxy/", "503 {");
  assert_answer (self, PATH "secrets/a/proxy/x", "404 {");
}

/* The secret of the API is not for the pod, which sees who comes. */
static void
test_request (Fixture *self, gconstpointer data)
{
  g_autofree char *found = ask (self, "POST", PATH "services/ratings:9080/proxy/ratings/0", NULL);
  PracticeHttpRequest *request = self->pods.ratings->last;

  g_assert_cmpstr (found, ==, "200 ratings");
  g_assert_cmpstr (practice_http_request_get_method (request), ==, "POST");
  g_assert_cmpstr (practice_http_request_get_host (request), ==, "10.1.0.4:9080");
  g_assert_null (
    soup_message_headers_get_one (practice_http_request_get_headers (request), "Authorization"));
  g_assert_null (practice_http_request_get_peer (request)->pod);
}

static void
test_redirect (Fixture *self, gconstpointer data)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *found = ask (self, "GET", PATH "services/ratings:9080/proxy?a=b", &message);
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  g_assert_true (g_str_has_prefix (found, "301 "));
  g_assert_true (g_str_has_suffix (location, PATH "services/ratings:9080/proxy/?a=b"));
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  g_autofree char *found = NULL;

  self->pods.ratings->name = "";
  found = ask (self, "GET", PATH "services/ratings:9080/proxy/", NULL);
  g_assert_cmpstr (found, ==, "200 ");
}

int
main (int argc, char *argv[])
{
  static const struct {
    const char *path;
    void (*run) (Fixture *self, gconstpointer data);
  } tests[] = {
    { "/practice-api-proxy/names", test_names },
    { "/practice-api-proxy/refusals", test_refusals },
    { "/practice-api-proxy/request", test_request },
    { "/practice-api-proxy/redirect", test_redirect },
    { "/practice-api-proxy/empty", test_empty },
  };

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
