/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-connection.h"

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "fake-client.h"
#include "fake-relay.h"
#include "kube-error.h"
#include "test-wait.h"

typedef struct {
  FakeApiServer *server;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->server);
}

/* GET /version as a client whose cluster has these members. */
static JsonNode *
ask (Fixture *fixture, const char *cluster, GSocketConnectable *dial, GError **error)
{
  g_autoptr (KubeClient) client = fake_client_new_dial (fixture->server, cluster, NULL, dial);
  JsonNode *node = fake_client_request (client, "GET", "/version", error);

  g_assert_finalize_object (g_steal_pointer (&client));
  return node;
}

static void
assert_answers (Fixture *fixture, const char *cluster, GSocketConnectable *dial)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = ask (fixture, cluster, dial, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
assert_tls_error (Fixture *fixture,
                  const char *cluster,
                  GSocketConnectable *dial,
                  const char *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = ask (fixture, cluster, dial, &error);

  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_TLS);
  if (strstr (error->message, about) == NULL)
    g_error ("\"%s\" does not say that %s", error->message, about);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, ""), ==, 0);
}

static GSocketConnectable *
new_loopback (Fixture *fixture)
{
  return G_SOCKET_CONNECTABLE (g_inet_socket_address_new_from_string (
    "127.0.0.1", fake_api_server_get_port (fixture->server)));
}

static char *
dup_address (Fixture *fixture, const char *more)
{
  return g_strdup_printf ("server: 'https://127.0.0.1:%u'%s",
                          fake_api_server_get_port (fixture->server), more);
}

static void
test_own_authority (Fixture *fixture, gconstpointer data)
{
  assert_answers (fixture, NULL, NULL);
}

static void
test_other_authority (Fixture *fixture, gconstpointer data)
{
  FakeApiServer *other = fake_api_server_new ();
  const char *ca = fake_api_server_get_ca (other);
  g_autofree char *encoded = g_base64_encode ((const guchar *)ca, strlen (ca));
  g_autofree char *more = g_strconcat (", certificate-authority-data: ", encoded, NULL);
  g_autofree char *cluster = dup_address (fixture, more);
  g_autofree char *text =
    g_strdup_printf ("current-context: x\ncontexts: [{name: x, context: {cluster: x}}]\n"
                     "clusters: [{name: x, cluster: {%s}}]\n",
                     cluster);
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (KubeClient) client = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  kube_config_add (config, "/x", text, -1, &error);
  g_assert_no_error (error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  client = kube_client_new (context, NULL, &error);
  g_assert_no_error (error);
  node = fake_client_request (client, "GET", "/version", &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "certificate authority"));
  g_assert_finalize_object (other);
}

static void
test_broken_authority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (GError) error = NULL;

  kube_config_add (config, "/x",
                   "current-context: x\ncontexts: [{name: x, context: {cluster: x}}]\n"
                   "clusters: [{name: x, cluster: {server: 'https://x', "
                   "certificate-authority-data: bm90aGluZw==}}]\n",
                   -1, &error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (kube_client_new (context, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

/* Connected elsewhere, it is still the server of the kubeconfig that must answer. */
static void
test_dial_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) loopback = new_loopback (fixture);

  assert_answers (fixture, "server: 'https://" FAKE_NAME ":6443'", loopback);
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Host"), ==,
                   FAKE_NAME ":6443");
}

static void
test_dial_wrong_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) loopback = new_loopback (fixture);

  assert_tls_error (fixture, "server: 'https://evil.example:6443'", loopback, "another name");
}

static void
test_dial_unix_socket (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("kube-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "api.sock", NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnectable) loopback = new_loopback (fixture);
  g_autoptr (FakeRelay) relay = fake_relay_new (address, loopback);

  assert_answers (fixture, "server: 'https://" FAKE_NAME ":6443'", G_SOCKET_CONNECTABLE (address));
  fake_api_server_forget_requests (fixture->server);
  assert_tls_error (fixture, "server: 'https://evil.example:6443'", G_SOCKET_CONNECTABLE (address),
                    "another name");
  fake_relay_free (g_steal_pointer (&relay));
  g_unlink (path);
  g_rmdir (folder);
}

/* A tunnel takes the connection and cannot go on. */
static void
test_dial_dead_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) nowhere = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (FakeRelay) relay = fake_relay_new (nowhere, NULL);
  g_autoptr (GSocketConnectable) entrance = G_SOCKET_CONNECTABLE (
    g_inet_socket_address_new_from_string ("127.0.0.1", fake_relay_get_port (relay)));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    ask (fixture, "server: 'https://" FAKE_NAME ":6443'", entrance, &error);

  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

static void
test_tls_server_name (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { FAKE_NAME, NULL };
  g_autofree char *plain = dup_address (fixture, "");
  g_autofree char *named = dup_address (fixture, ", tls-server-name: " FAKE_NAME);
  g_autofree char *other = dup_address (fixture, ", tls-server-name: evil.example");

  fake_api_server_stop (fixture->server);
  fake_api_server_set_names (fixture->server, names);
  fake_api_server_start (fixture->server);
  assert_tls_error (fixture, plain, NULL, "another name");
  assert_tls_error (fixture, other, NULL, "another name");
  assert_answers (fixture, named, NULL);
  g_assert_true (
    g_str_has_prefix (fake_api_server_get_last_header (fixture->server, "Host"), "127.0.0.1:"));
}

static void
test_insecure (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "somebody.example", NULL };
  g_autofree char *cluster = dup_address (fixture, ", insecure-skip-tls-verify: true");

  fake_api_server_stop (fixture->server);
  fake_api_server_set_names (fixture->server, names);
  fake_api_server_start (fixture->server);
  assert_answers (fixture, cluster, NULL);
}

static gboolean
answer_plainly_cb (GSocketService *service,
                   GSocketConnection *connection,
                   GObject *source,
                   gpointer data)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer,
                             strlen (answer), NULL, NULL, NULL);
  return TRUE;
}

/* What speaks no TLS. */
static void
test_plain_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) plain = g_socket_service_new ();
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (plain), NULL, NULL);
  g_autofree char *cluster = g_strdup_printf ("server: 'https://127.0.0.1:%u'", port);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_signal_connect (plain, "incoming", G_CALLBACK (answer_plainly_cb), NULL);
  node = ask (fixture, cluster, NULL, &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

static void
keep_authorization_cb (SoupServer *server,
                       SoupServerMessage *message,
                       const char *path,
                       GHashTable *query,
                       gpointer data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  *(char **)data = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

/* As kubectl does: nobody in between shall read the token. */
static void
test_no_token_without_tls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) plain = soup_server_new (NULL, NULL);
  g_autofree char *authorization = NULL;
  g_autofree char *cluster = NULL;
  GSList *uris;

  soup_server_add_handler (plain, NULL, keep_authorization_cb, &authorization, NULL);
  soup_server_listen_local (plain, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL);
  uris = soup_server_get_uris (plain);
  cluster = g_strdup_printf ("insecure-skip-tls-verify: true, server: 'http://127.0.0.1:%d'",
                             g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  assert_answers (fixture, cluster, NULL);
  g_assert_null (authorization);
}

static void
assert_subject (Fixture *fixture, const char *subject)
{
  const char *seen = fake_api_server_get_last_subject (fixture->server);

  if (seen == NULL || strstr (seen, subject) == NULL)
    g_error ("the server saw %s, not %s", seen, subject);
}

/* A POST or PATCH opens a connection of its own, which later requests use: without the certificate
 * they would be nobody's. */
static void
test_client_certificate (Fixture *fixture, gconstpointer data)
{
  g_autofree char *user = fake_api_server_issue_user (fixture->server, "CN=jane");
  g_autoptr (KubeClient) client = NULL;

  fake_api_server_stop (fixture->server);
  fake_api_server_ask_certificates (fixture->server);
  fake_api_server_start (fixture->server);
  fake_api_server_set_token (fixture->server, NULL);
  client = fake_client_new (fixture->server, NULL, user);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (JsonNode) post = NULL;
    g_autoptr (JsonNode) patch = NULL;
    g_autoptr (JsonNode) get = NULL;

    post = fake_client_send (client, "POST", "/api/v1/namespaces", "application/json", "{}", NULL);
    assert_subject (fixture, "CN=jane");
    patch = fake_client_send (client, "PATCH", "/api/v1/nodes/x", "application/json-patch+json",
                              "[]", NULL);
    assert_subject (fixture, "CN=jane");
    get = fake_client_request (client, "GET", "/version", NULL);
    assert_subject (fixture, "CN=jane");
  }
  g_assert_finalize_object (g_steal_pointer (&client));
}

static void
test_broken_client_certificate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = fake_api_server_dup_kubeconfig (
    fixture->server, NULL, "client-certificate-data: eA==, client-key-data: eA==");

  kube_config_add (config, "/x", text, -1, &error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (kube_client_new (context, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

/* One connection serves one request after the other. */
static void
test_connection_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = fake_client_new (fixture->server, NULL, NULL);

  for (guint i = 0; i < 5; i++) {
    g_autoptr (JsonNode) node = fake_client_request (client, "GET", "/version", NULL);

    g_assert_nonnull (node);
  }
  g_assert_cmpuint (fake_api_server_count_connections (fixture->server), ==, 1);
}

/* libsoup would speak HTTP/2 with a server that offers it, and then miss the end of a watch. */
static void
test_http1 (Fixture *fixture, gconstpointer data)
{
  assert_answers (fixture, NULL, NULL);
  g_assert_cmpint (fake_api_server_get_last_http_version (fixture->server), ==, SOUP_HTTP_1_1);
}

/* The kernel asks a peer that is silent whether it is still there. */
static void
test_keepalive (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = fake_client_new (fixture->server, NULL, NULL);
  g_autoptr (JsonNode) node = fake_client_request (client, "GET", "/version", NULL);
  g_autofree char *table = NULL;
  g_autofree char *remote =
    g_strdup_printf ("0100007F:%04X 01 ", fake_api_server_get_port (fixture->server));
  g_auto (GStrv) lines = NULL;
  gboolean found = FALSE;

  g_assert_nonnull (node);
  g_assert_true (g_file_get_contents ("/proc/self/net/tcp", &table, NULL, NULL));
  lines = g_strsplit (table, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    const char *match = strstr (lines[i], remote);

    /* after the queues: 02 is a keep-alive timer */
    if (match != NULL)
      found |= strstr (match, " 02:") != NULL;
  }
  g_assert_true (found);
}

static void
note_timeout_cb (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, int *seconds)
{
  if (event == G_SOCKET_CLIENT_CONNECTED)
    *seconds =
      (int)g_socket_get_timeout (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
}

/* What the socket of a request of @pool has as its limit of silence. */
static int
find_timeout (KubeContext *context, KubeConnectionPool pool)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeConnection) connection = kube_connection_new (context, NULL, NULL, &error);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GInputStream) stream = NULL;
  int seconds = -1;

  g_assert_no_error (error);
  message = kube_connection_new_message (connection, "GET", "/version", &error);
  g_assert_no_error (error);
  g_signal_connect (message, "network-event", G_CALLBACK (note_timeout_cb), &seconds);
  kube_connection_send_async (connection, message, pool, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "an answer");
  stream = kube_connection_send_finish (connection, result, &error);
  g_assert_no_error (error);
  g_input_stream_close (stream, NULL, NULL);

  return seconds;
}

/* A watch may be silent for as long as nothing happens; libsoup would end it after a minute. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = fake_api_server_dup_kubeconfig (fixture->server, NULL, NULL);
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (GError) error = NULL;

  kube_config_add (config, "/x", text, -1, &error);
  g_assert_no_error (error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (find_timeout (context, KUBE_CONNECTION_STREAM), ==, 0);
  g_assert_cmpint (find_timeout (context, KUBE_CONNECTION_REQUEST), >, 0);
}

static void
test_proxy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) loopback = new_loopback (fixture);
  g_autoptr (FakeRelay) proxy = fake_relay_new_proxy (loopback);
  g_autofree char *cluster =
    g_strdup_printf ("server: 'https://" FAKE_NAME ":6443', proxy-url: 'http://127.0.0.1:%u'",
                     fake_relay_get_port (proxy));
  g_autofree char *named =
    g_strdup_printf ("server: 'https://other.example:6443', tls-server-name: " FAKE_NAME
                     ", proxy-url: 'http://127.0.0.1:%u'",
                     fake_relay_get_port (proxy));

  assert_answers (fixture, cluster, NULL);
  g_assert_cmpstr (fake_relay_get_last_target (proxy), ==, FAKE_NAME ":6443");
  assert_answers (fixture, named, NULL);
  g_assert_cmpstr (fake_relay_get_last_target (proxy), ==, "other.example:6443");
}

/* A tunnel leads there by itself. */
static void
test_no_proxy_for_tunnel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) loopback = new_loopback (fixture);

  assert_answers (fixture, "server: 'https://" FAKE_NAME ":6443', proxy-url: 'http://127.0.0.1:9'",
                  loopback);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  /* the fake server offers it then */
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  TEST ("/kube/connection/own-authority", test_own_authority);
  TEST ("/kube/connection/other-authority", test_other_authority);
  TEST ("/kube/connection/broken-authority", test_broken_authority);
  TEST ("/kube/connection/dial-elsewhere", test_dial_elsewhere);
  TEST ("/kube/connection/dial-wrong-name", test_dial_wrong_name);
  TEST ("/kube/connection/dial-unix-socket", test_dial_unix_socket);
  TEST ("/kube/connection/dial-dead-end", test_dial_dead_end);
  TEST ("/kube/connection/tls-server-name", test_tls_server_name);
  TEST ("/kube/connection/insecure", test_insecure);
  TEST ("/kube/connection/plain-server", test_plain_server);
  TEST ("/kube/connection/no-token-without-tls", test_no_token_without_tls);
  TEST ("/kube/connection/client-certificate", test_client_certificate);
  TEST ("/kube/connection/broken-client-certificate", test_broken_client_certificate);
  TEST ("/kube/connection/connection-is-kept", test_connection_is_kept);
  TEST ("/kube/connection/http1", test_http1);
  TEST ("/kube/connection/keepalive", test_keepalive);
  TEST ("/kube/connection/silence", test_silence);
  TEST ("/kube/connection/proxy", test_proxy);
  TEST ("/kube/connection/no-proxy-for-tunnel", test_no_proxy_for_tunnel);
  return g_test_run ();
}
