/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-default-certificate.h"
#include "practice-gateway.h"
#include "practice-tls-hello.h"

#include "test-mesh-pods.h"
#include "test-tls.h"

#define ADDRESS "10.1.9.1"
#define ONE "10.1.0.51"
#define TWO "10.1.0.52"
#define PORT 9000

/* A gateway in a network of real sockets, and programs in two pods: "one" greets, "two" does so
 * inside TLS. */
typedef struct {
  TestMesh mesh;
  PracticeNetwork *network; /* (nullable): refused */
  PracticeFabric *fabric;
  PracticeSidecar *sidecar;
  PracticeGateway *gateway;
  TestPodProgram *page;
  GSocketService *one;
  GSocketService *two;
  GTlsCertificate *certificate; /* of "two" */
} Fixture;

#define POD(name, address, service_address)                                                        \
  "{kind: Pod, metadata: {name: " name ", labels: {app: " name "}}, spec: {containers: [{name: "   \
  "c}]}, status: {podIP: " address ", phase: Running}}\n---\n"                                     \
  "{kind: Service, metadata: {name: " name "}, spec: {clusterIP: " service_address                 \
  ", ports: [{name: tcp, port: 9000}]}}\n---\n"                                                    \
  "{kind: Endpoints, metadata: {name: " name "}, subsets: [{addresses: [{ip: " address             \
  ", targetRef: {kind: Pod, name: " name "}}], ports: [{name: tcp, port: 9000}]}]}\n---\n"

#define GATEWAY(server)                                                                            \
  "{kind: Gateway, metadata: {name: g}, spec: {selector: {istio: ingressgateway}, servers: "       \
  "[" server "]}}"

#define TO(name) "route: [{destination: {host: " name ", port: {number: 9000}}}]"

static gboolean
greet_cb (GThreadedSocketService *service,
          GSocketConnection *client,
          GObject *source,
          gpointer user_data)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (client)), "one", 3, NULL,
                             NULL, NULL);
  return TRUE;
}

static gboolean
greet_inside_cb (GThreadedSocketService *service,
                 GSocketConnection *client,
                 GObject *source,
                 Fixture *self)
{
  test_tls_greet (client, self->certificate, "two");
  return TRUE;
}

static GSocketService *
start_program (Fixture *self, const char *address, GCallback callback)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket =
    practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, address, PORT, &error);

  g_assert_no_error (error);
  g_socket_listener_add_socket (G_SOCKET_LISTENER (service), socket, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "run", callback, self);
  return service;
}

static void
add_secret (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = practice_default_certificate_new (name, &error);
  g_autofree char *pem = NULL;
  g_autofree char *key = NULL;
  g_autofree char *pem_text = NULL;
  g_autofree char *key_text = NULL;
  g_autofree char *yaml = NULL;

  g_assert_no_error (error);
  g_object_get (certificate, "certificate-pem", &pem, "private-key-pem", &key, NULL);
  pem_text = g_base64_encode ((const guchar *)pem, strlen (pem));
  key_text = g_base64_encode ((const guchar *)key, strlen (key));
  yaml = g_strdup_printf ("{kind: Secret, metadata: {name: %s, namespace: istio-system}, data: {"
                          "tls.crt: %s, tls.key: %s}}",
                          name, pem_text, key_text);
  test_mesh_apply (&self->mesh, yaml);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->network = practice_network_new (&error);
  if (self->network == NULL)
    return;
  test_mesh_set_up (&self->mesh, NULL);
  test_mesh_apply (
    &self->mesh,
    POD ("one", ONE, "10.0.1.51") POD (
      "two", TWO,
      "10.0.1.52") "{kind: Pod, metadata: {name: g-1, namespace: istio-system, labels: {istio: "
                   "ingressgateway}}, spec: {containers: [{name: istio-proxy}]}, status: {podIP: "
                   "" ADDRESS ", phase: Running, conditions: [{type: Ready, status: 'True'}]}}");
  self->fabric = practice_fabric_new (self->mesh.store, self->network);
  self->sidecar = practice_sidecar_new (self->mesh.store, self->fabric, 1);
  practice_mesh_set_propagation (practice_sidecar_get_mesh (self->sidecar), 0, 0);
  self->page = g_object_new (TEST_TYPE_POD_PROGRAM, NULL);
  self->page->name = "page";
  practice_fabric_set_handler (self->fabric, "10.1.0.10", 9080, PRACTICE_HTTP_HANDLER (self->page));
  self->certificate = practice_default_certificate_new ("two", &error);
  g_assert_no_error (error);
  self->one = start_program (self, ONE, G_CALLBACK (greet_cb));
  self->two = start_program (self, TWO, G_CALLBACK (greet_inside_cb));
  self->gateway =
    practice_gateway_new (practice_sidecar_get_mesh (self->sidecar), self->network,
                          practice_store_get (self->mesh.store, "/pods", "istio-system", "g-1"));
}

static void
stop_program (GSocketService *service)
{
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  test_wait_finalize (service, 30);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->network == NULL)
    return;
  test_wait_finalize (g_steal_pointer (&self->gateway), 30);
  stop_program (self->one);
  stop_program (self->two);
  practice_fabric_stop (self->fabric);
  test_wait_finalize (g_steal_pointer (&self->sidecar), 30);
  test_wait_finalize (g_steal_pointer (&self->fabric), 30);
  test_wait_finalize (g_steal_pointer (&self->page), 30);
  test_wait_finalize (g_steal_pointer (&self->network), 30);
  g_clear_object (&self->certificate);
  test_mesh_tear_down (&self->mesh, NULL);
}

static gboolean
can_run (Fixture *self)
{
  if (self->network == NULL)
    g_test_skip ("this computer refuses networks of their own");
  return self->network != NULL;
}

static GSocketConnection *
connect_to (Fixture *self, guint16 port)
{
  g_autoptr (GAsyncResult) result = NULL;

  practice_network_connect_async (self->network, ADDRESS, port, NULL, test_wait_keep_result,
                                  &result);
  test_wait_for_pointer (&result, 30, "a connection to the gateway");
  return practice_network_connect_finish (self->network, result, NULL);
}

/* @name NULL: without TLS. */
static void
assert_says (Fixture *self, guint16 port, const char *name, const char *expected)
{
  g_autoptr (GSocketConnection) connection = connect_to (self, port);
  g_autofree char *found = NULL;

  g_assert_nonnull (connection);
  found = test_tls_dup_greeting (connection, name);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_tcp (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  g_assert_null (connect_to (self, 31400));
  test_mesh_apply (&self->mesh,
                   GATEWAY ("{port: {number: 31400, name: tcp, protocol: TCP}, hosts: ['*']}"));
  assert_says (self, 31400, NULL, "");
  test_mesh_apply (
    &self->mesh,
    "{kind: VirtualService, metadata: {name: v}, spec: {hosts: ['*'], gateways: [g],"
    " tcp: [{match: [{port: 31401}], " TO ("two") "}, {match: [{port: 31400}], " TO ("one") "}]}}");
  assert_says (self, 31400, NULL, "one");
  test_mesh_delete (&self->mesh, "Gateway", "g");
  g_assert_null (connect_to (self, 31400));
}

/* The client's own TLS reaches the pod that its name leads to. */
static void
test_passthrough (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  test_mesh_apply (&self->mesh, GATEWAY ("{port: {number: 443, name: tls, protocol: TLS}, tls: {"
                                         "mode: PASSTHROUGH}, hosts: ['*.example']}"));
  test_mesh_apply (
    &self->mesh,
    "{kind: VirtualService, metadata: {name: v}, spec: {hosts: ['*.example'], gateways: [g], tls: "
    "[{match: [{port: 443, sniHosts: [two.example]}], " TO (
      "two") "}, {match: [{sniHosts: ['*.in.example']}], " TO ("two") "}]}}");
  assert_says (self, 443, "two.example", "two");
  assert_says (self, 443, "TWO.example", "two");
  assert_says (self, 443, "x.in.example", "two");
  assert_says (self, 443, "other.example", "no TLS");
  assert_says (self, 443, "two.test", "no TLS");
}

static void
test_terminated (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  test_mesh_apply (&self->mesh, GATEWAY ("{port: {number: 15443, name: tls, protocol: TLS}, tls: {"
                                         "mode: SIMPLE, credentialName: c}, hosts: ['*']}"));
  test_mesh_apply (&self->mesh,
                   "{kind: VirtualService, metadata: {name: v}, spec: {hosts: ['*'], gateways: [g],"
                   " tcp: [{" TO ("one") "}]}}");
  /* Not before it has a certificate. */
  g_assert_null (connect_to (self, 15443));
  add_secret (self, "c");
  assert_says (self, 15443, "any.example", "one");
}

/* (transfer full): the name in the certificate that is shown for @name, and the answer to a GET. */
static char *
dup_page (Fixture *self, const char *name)
{
  g_autoptr (GSocketConnection) connection = connect_to (self, 443);
  g_autoptr (GIOStream) tls = test_tls_secure (connection, name);
  g_autofree char *request =
    g_strdup_printf ("GET /productpage HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", name);
  g_autofree char *answer = NULL;
  g_autofree char *subject = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  if (tls == NULL)
    return g_strdup ("no TLS");
  g_output_stream_write_all_async (g_io_stream_get_output_stream (tls), request, strlen (request),
                                   G_PRIORITY_DEFAULT, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a request");
  answer = test_tls_read_some (tls);
  g_object_get (g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (tls)), "subject-name",
                &subject, NULL);
  answer[MIN (strlen (answer), strlen ("HTTP/1.1 200"))] = '\0';
  return g_strdup_printf ("%s %s", subject, answer);
}

static void
assert_page (Fixture *self, const char *name, const char *expected)
{
  g_autofree char *found = dup_page (self, name);

  g_assert_cmpstr (found, ==, expected);
}

/* Each name has its own certificate, and the page behind both knows who asks. */
static void
test_names (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  add_secret (self, "first");
  add_secret (self, "second");
  test_mesh_apply (
    &self->mesh,
    GATEWAY ("{port: {number: 443, name: a, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: "
             "first}, hosts: ['*.example']}, {port: {number: 443, name: b, protocol: HTTPS}, tls: {"
             "mode: SIMPLE, credentialName: second}, hosts: [b.example]}"));
  test_mesh_apply (
    &self->mesh, "{kind: VirtualService, metadata: {name: v}, spec: {hosts: ['*'], gateways: [g],"
                 " http: [{route: [{destination: {host: productpage, port: {number: 9080}}}]}]}}");
  assert_page (self, "a.example", "CN=first HTTP/1.1 200");
  assert_page (self, "b.example", "CN=second HTTP/1.1 200");
  g_assert_cmpstr (soup_message_headers_get_one (
                     practice_http_request_get_headers (self->page->last), "x-forwarded-for"),
                   ==, PRACTICE_NETWORK_OWN_ADDRESS);
  g_assert_cmpstr (soup_message_headers_get_one (
                     practice_http_request_get_headers (self->page->last), "x-forwarded-proto"),
                   ==, "https");
  assert_page (self, "a.test", "no TLS");
}

/* Who has to show a certificate and has none is not let in. */
static void
test_mutual (Fixture *self, gconstpointer data)
{
  g_autofree char *found = NULL;

  if (!can_run (self))
    return;
  add_secret (self, "c");
  test_mesh_apply (&self->mesh, GATEWAY ("{port: {number: 443, name: a, protocol: HTTPS}, tls: {"
                                         "mode: MUTUAL, credentialName: c}, hosts: ['*']}"));
  found = dup_page (self, "a.example");
  g_assert_true (g_str_equal (found, "no TLS") || !g_str_has_suffix (found, "200"));
}

static void
test_hello (void)
{
  /* A ClientHello of nothing but "a.b", and what stands before it. */
  static const guint8 hello[] = {
    22, 3, 1, 0, 59, 1, 0, 0,  55, 3, 3, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0, 0,
    0,  0, 0, 0, 0,  0, 0, 0,  0,  0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0, 0,
    0,  2, 0, 1, 1,  0, 0, 12, 0,  0, 0, 8, 0, 6, 0, 0, 3, 65, 46, 98,
  };
  char *name = NULL;
  g_autofree char *found = NULL;

  g_assert_cmpint (practice_tls_hello_read (hello, sizeof hello, &found), ==,
                   PRACTICE_TLS_HELLO_READ);
  g_assert_cmpstr (found, ==, "a.b");
  for (gsize length = 0; length < sizeof hello; length++) {
    g_assert_cmpint (practice_tls_hello_read (hello, length, &name), ==,
                     PRACTICE_TLS_HELLO_INCOMPLETE);
    g_assert_null (name);
  }
  g_assert_cmpint (practice_tls_hello_read ((const guint8 *)"GET / HTTP/1.1", 14, &name), ==,
                   PRACTICE_TLS_HELLO_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/gateway-listener/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("tcp", test_tcp);
  ADD ("passthrough", test_passthrough);
  ADD ("terminated", test_terminated);
  ADD ("names", test_names);
  ADD ("mutual", test_mutual);
  g_test_add_func ("/practice/gateway-listener/hello", test_hello);

  return g_test_run ();
}
