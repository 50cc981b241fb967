/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-default-certificate.h"
#include "practice-pod-route.h"
#include "practice-sidecar.h"
#include "test-mesh-store.h"
#include "test-tls.h"
#include "test-wait.h"

#define SERVICE "10.0.1.60"
#define ONE "10.1.0.51"
#define TWO "10.1.0.52"
#define PORT 9000

/* A pod's way to a Service's port for TLS, which is that of pod "one"; and a pod "two". Each says
 * its name inside TLS. */
typedef struct {
  TestMesh mesh;
  PracticeNetwork *network; /* (nullable): refused */
  PracticeFabric *fabric;
  PracticeSidecar *sidecar;
  PracticePodRoute *route;
  GTlsCertificate *certificate;
  GSocketService *programs[2];
} Fixture;

static const char *const names[] = { "one", "two" };

#define POD(name, address)                                                                         \
  "{kind: Pod, metadata: {name: " name ", labels: {app: " name "}}, spec: {containers: [{name: "   \
  "c}]}, status: {podIP: " address ", phase: Running}}\n---\n"
#define SERVICE_OF(name, service, pod, address, port)                                              \
  "{kind: Service, metadata: {name: " name "}, spec: {clusterIP: " service                         \
  ", ports: [{name: tls-a, port: " port ", targetPort: 9000}]}}\n---\n"                            \
  "{kind: Endpoints, metadata: {name: " name "}, subsets: [{addresses: [{ip: " address             \
  ", targetRef: {kind: Pod, name: " pod "}}], ports: [{name: tls-a, port: 9000}]}]}\n---\n"

#define TO(name) "route: [{destination: {host: " name "}}]"
#define VIRTUAL_SERVICE(rules)                                                                     \
  "{kind: VirtualService, metadata: {name: v}, spec: {hosts: [secure, '*.example'], tls: "         \
  "[" rules "]}}"

static gboolean
greet_cb (GThreadedSocketService *service,
          GSocketConnection *client,
          GObject *source,
          Fixture *self)
{
  test_tls_greet (client, self->certificate,
                  G_SOCKET_SERVICE (service) == self->programs[0] ? names[0] : names[1]);
  return TRUE;
}

static GSocket *
listen_at (Fixture *self, const char *address, guint16 port)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket =
    practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, address, port, &error);

  g_assert_no_error (error);
  return socket;
}

static GSocketService *
start_program (Fixture *self, const char *address)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GSocket) socket = listen_at (self, address, PORT);

  g_socket_listener_add_socket (G_SOCKET_LISTENER (service), socket, NULL, NULL);
  g_signal_connect (service, "run", G_CALLBACK (greet_cb), self);
  return service;
}

/* @pod: whose way it is */
static void
start_route (Fixture *self, const char *pod)
{
  g_autoptr (GSocket) socket = listen_at (self, SERVICE, 443);
  g_autoptr (PracticePeer) peer = practice_peer_new ("10.1.0.10", "default", pod);
  const PracticePodRouteSpec spec = {
    self->fabric, PRACTICE_HTTP_HANDLER (self->sidecar), peer, SERVICE, 443, PRACTICE_POD_ROUTE_TLS,
  };

  self->route = practice_pod_route_new (socket, &spec);
}

static void
stop_route (Fixture *self)
{
  practice_pod_route_stop (self->route);
  test_wait_finalize (g_steal_pointer (&self->route), 30);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->network = practice_network_new (&error);
  if (self->network == NULL)
    return;
  test_mesh_set_up (&self->mesh, NULL);
  test_mesh_apply (&self->mesh, POD ("one", ONE) POD ("two", TWO)
                                  SERVICE_OF ("secure", SERVICE, "one", ONE, "443")
                                    SERVICE_OF ("other", "10.0.1.61", "two", TWO, "443"));
  self->fabric = practice_fabric_new (self->mesh.store, self->network);
  self->sidecar = practice_sidecar_new (self->mesh.store, self->fabric, 1);
  practice_mesh_set_propagation (practice_sidecar_get_mesh (self->sidecar), 0, 0);
  self->certificate = practice_default_certificate_new ("pod", &error);
  g_assert_no_error (error);
  self->programs[0] = start_program (self, ONE);
  self->programs[1] = start_program (self, TWO);
  start_route (self, "productpage-v1-5d4c");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->network == NULL)
    return;
  if (self->route != NULL)
    stop_route (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->programs); i++) {
    g_socket_service_stop (self->programs[i]);
    g_socket_listener_close (G_SOCKET_LISTENER (self->programs[i]));
    test_wait_finalize (g_steal_pointer (&self->programs[i]), 30);
  }
  practice_fabric_stop (self->fabric);
  test_wait_finalize (g_steal_pointer (&self->sidecar), 30);
  test_wait_finalize (g_steal_pointer (&self->fabric), 30);
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
connect_to_service (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection;

  practice_network_connect_async (self->network, SERVICE, 443, NULL, test_wait_keep_result,
                                  &result);
  test_wait_for_pointer (&result, 30, "a connection to the Service");
  connection = practice_network_connect_finish (self->network, result, &error);
  g_assert_no_error (error);
  return connection;
}

static void
assert_says (Fixture *self, const char *name, const char *expected)
{
  g_autoptr (GSocketConnection) connection = connect_to_service (self);
  g_autofree char *found = test_tls_dup_greeting (connection, name);

  g_assert_cmpstr (found, ==, expected);
}

/* The client's own TLS reaches the pod that the name leads to. */
static void
test_names (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  assert_says (self, "any.test", "one");
  test_mesh_apply (&self->mesh,
                   VIRTUAL_SERVICE ("{match: [{sniHosts: ['*.example']}], " TO (
                     "secure") "}, {match: [{sniHosts: [two.example]}], " TO ("other") "}"));
  assert_says (self, "two.example", "two");
  assert_says (self, "TWO.example", "two");
  assert_says (self, "one.example", "one");
  assert_says (self, "any.test", "no TLS");
  test_mesh_delete (&self->mesh, "VirtualService", "v");
  assert_says (self, "any.test", "one");
}

/* A pod without a proxy has no part in it. */
static void
test_without_proxy (Fixture *self, gconstpointer data)
{
  if (!can_run (self))
    return;
  stop_route (self);
  start_route (self, "two");
  test_mesh_apply (&self->mesh,
                   VIRTUAL_SERVICE ("{match: [{sniHosts: [two.example]}], " TO ("other") "}"));
  assert_says (self, "two.example", "one");
  assert_says (self, "any.test", "one");
}

static void
write_some (GSocketConnection *connection, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* What does not speak TLS asks for nobody; who says nothing is let go with the route. */
static void
test_others (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GSocketConnection) partial = NULL;
  g_autoptr (GSocketConnection) silent = NULL;
  g_autofree char *found = NULL;

  if (!can_run (self))
    return;
  test_mesh_apply (&self->mesh,
                   VIRTUAL_SERVICE ("{match: [{sniHosts: [two.example]}], " TO ("other") "}"));
  plain = connect_to_service (self);
  write_some (plain, "GET / HTTP/1.1\r\n\r\n");
  found = test_tls_read_some (G_IO_STREAM (plain));
  g_assert_cmpstr (found, ==, "");
  g_clear_pointer (&found, g_free);

  silent = connect_to_service (self);
  partial = connect_to_service (self);
  write_some (partial, "\x16\x03\x01");
  /* Another that comes after them is served meanwhile. */
  assert_says (self, "two.example", "two");
  stop_route (self);
  found = test_tls_read_some (G_IO_STREAM (silent));
  g_assert_cmpstr (found, ==, "");
  g_clear_pointer (&found, g_free);
  found = test_tls_read_some (G_IO_STREAM (partial));
  g_assert_cmpstr (found, ==, "");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/practice/pod-route/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("names", test_names);
  ADD ("without-proxy", test_without_proxy);
  ADD ("others", test_others);
  return g_test_run ();
}
