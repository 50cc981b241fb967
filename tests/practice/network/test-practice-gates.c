/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-forwarder.h"
#include "practice-gates.h"
#include "test-fabric.h"

#define PORT 6379
#define POD "10.1.0.4"

/* Real sockets: a pod that greets whoever connects, and its Service's address. */
typedef struct {
  TestFabric fabric;
  PracticeNetwork *network;
  GSocketService *pod;
  PracticeForwarder *forwarder;
} Fixture;

static gboolean
greet_cb (GSocketService *service, GSocketConnection *connection, GObject *source, gpointer data)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), "hello", 5,
                             NULL, NULL, NULL);
  g_object_set_data_full (G_OBJECT (service), "connection", g_object_ref (connection),
                          g_object_unref);
  return TRUE;
}

static const char objects[] =
  "{kind: Service, metadata: {name: redis}, spec: {clusterIP: 10.0.0.7, ports: [{port: 6379}]}}\n"
  "---\n"
  "{kind: Endpoints, metadata: {name: redis}, subsets: [{addresses: [{ip: 10.1.0.4}], ports: "
  "[{port: 6379}]}]}\n";

/* FALSE: there can be no network here. */
static gboolean
set_up (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;

  self->network = practice_network_new (&error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_test_skip (error->message);
    return FALSE;
  }
  g_assert_no_error (error);
  test_fabric_set_up (&self->fabric, self->network);
  test_mesh_apply (&self->fabric.mesh, objects);
  socket = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, POD, PORT, &error);
  g_assert_no_error (error);
  self->pod = g_socket_service_new ();
  g_socket_listener_add_socket (G_SOCKET_LISTENER (self->pod), socket, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->pod, "incoming", G_CALLBACK (greet_cb), NULL);
  self->forwarder =
    practice_forwarder_new (self->fabric.fabric, self->network, "10.0.0.7", PORT, &error);
  g_assert_no_error (error);
  return TRUE;
}

static void
tear_down (Fixture *self)
{
  g_clear_object (&self->forwarder);
  g_socket_service_stop (self->pod);
  g_socket_listener_close (G_SOCKET_LISTENER (self->pod));
  g_clear_object (&self->pod);
  test_fabric_tear_down (&self->fabric);
  test_wait_finalize (g_steal_pointer (&self->network), 30);
}

typedef struct {
  GSocketConnection *connection;
  char text[16];
  GAsyncResult *result;
} Client;

static void
client_clear (Client *self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->result);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Client, client_clear)

static void
begin (Fixture *self, Client *client, const char *source, const char *address)
{
  practice_network_connect_from_async (self->network, source, address, PORT, NULL,
                                       test_wait_keep_result, &client->result);
}

static void
assert_greeted (Fixture *self, Client *client)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) read = NULL;
  gssize length;

  test_wait_for_pointer (&client->result, 30, "a connection");
  client->connection = practice_network_connect_finish (self->network, client->result, &error);
  g_assert_no_error (error);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)),
                             client->text, sizeof client->text, G_PRIORITY_DEFAULT, NULL,
                             test_wait_keep_result, &read);
  test_wait_for_pointer (&read, 30, "what the pod says");
  length = g_input_stream_read_finish (
    g_io_stream_get_input_stream (G_IO_STREAM (client->connection)), read, &error);
  g_assert_no_error (error);
  g_assert_cmpint (length, ==, 5);
}

static gboolean
elapsed_cb (gpointer data)
{
  gpointer *elapsed = data;

  *elapsed = GINT_TO_POINTER (1);
  return G_SOURCE_REMOVE;
}

/* Time enough for a connection within one machine many times over, and for the gate to close. */
static void
pass_time (guint milliseconds)
{
  gpointer elapsed = NULL;

  g_timeout_add (milliseconds, elapsed_cb, &elapsed);
  test_wait_for_pointer (&elapsed, 30, "time to pass");
}

static void
test_hangs_and_comes_back (void)
{
  static const char *const addresses[] = { POD, "10.0.0.7" };
  Client before[G_N_ELEMENTS (addresses)] = { 0 };
  Client blocked[G_N_ELEMENTS (addresses)] = { 0 };
  Fixture self = { 0 };

  if (!set_up (&self))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    begin (&self, &before[i], NULL, addresses[i]);
    assert_greeted (&self, &before[i]);
  }
  test_mesh_apply (&self.fabric.mesh, TEST_DENY_ALL);
  pass_time (350);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    begin (&self, &blocked[i], NULL, addresses[i]);
  pass_time (150);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    g_assert_null (blocked[i].result);

  test_mesh_delete (&self.fabric.mesh, "NetworkPolicy", "deny");
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    assert_greeted (&self, &blocked[i]);
    client_clear (&before[i]);
    client_clear (&blocked[i]);
  }
  tear_down (&self);
}

static void
test_open_connection_stays (void)
{
  Fixture self = { 0 };
  g_auto (Client) client = { 0 };
  g_autoptr (GAsyncResult) read = NULL;
  g_autoptr (GError) error = NULL;
  GIOStream *other;

  if (!set_up (&self))
    return;
  begin (&self, &client, NULL, "10.0.0.7");
  assert_greeted (&self, &client);
  test_mesh_apply (&self.fabric.mesh, TEST_DENY_ALL);
  pass_time (350);
  other = g_object_get_data (G_OBJECT (self.pod), "connection");
  g_output_stream_write_all (g_io_stream_get_output_stream (other), "more", 4, NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (client.connection)),
                             client.text, sizeof client.text, G_PRIORITY_DEFAULT, NULL,
                             test_wait_keep_result, &read);
  test_wait_for_pointer (&read, 30, "what the pod says then");
  g_assert_cmpint (g_input_stream_read_finish (
                     g_io_stream_get_input_stream (G_IO_STREAM (client.connection)), read, &error),
                   ==, 4);
  g_assert_no_error (error);
  g_clear_object (&read);
  client_clear (&client);
  tear_down (&self);
}

/* One listening socket tells its clients apart. */
static void
test_by_source (void)
{
  Fixture self = { 0 };
  g_auto (Client) pod = { 0 };
  g_auto (Client) outside = { 0 };

  if (!set_up (&self))
    return;
  test_mesh_apply (&self.fabric.mesh,
                   "{kind: NetworkPolicy, metadata: {name: pods}, spec: {podSelector: {}, ingress: "
                   "[{from: [{podSelector: {matchLabels: {app: reviews}}}]}]}}");
  pass_time (350);
  begin (&self, &outside, NULL, POD);
  begin (&self, &pod, "10.1.0.1", POD);
  assert_greeted (&self, &pod);
  g_assert_null (outside.result);
  test_mesh_delete (&self.fabric.mesh, "NetworkPolicy", "pods");
  assert_greeted (&self, &outside);
  client_clear (&pod);
  client_clear (&outside);
  tear_down (&self);
}

/* In a network of its own a pod is known without its address. */
static void
test_client (void)
{
  Fixture self = { 0 };
  g_autoptr (GError) error = NULL;

  if (!set_up (&self))
    return;
  {
    g_autoptr (PracticePeer) reviews = practice_peer_new ("10.1.0.1", "default", "reviews-v1-5d4c");
    g_autoptr (PracticeRouter) router = practice_router_new (self.fabric.mesh.store);
    g_autoptr (PracticeNetwork) own = practice_network_new (&error);
    g_autoptr (PracticeGates) gates = practice_gates_new (own, router, reviews);
    g_autoptr (GSocket) open = NULL;
    g_autoptr (GSocket) closed = NULL;
    g_auto (Client) let_in = { 0 };
    g_auto (Client) cut_off = { 0 };

    test_mesh_apply (&self.fabric.mesh,
                     "{kind: NetworkPolicy, metadata: {name: p}, spec: {podSelector: {matchLabels: "
                     "{app: productpage}}, ingress: [{from: [{podSelector: {matchLabels: {app: "
                     "reviews}}}]}]}}\n---\n"
                     "{kind: NetworkPolicy, metadata: {name: r}, spec: {podSelector: {matchLabels: "
                     "{app: ratings}}}}");
    open = practice_network_listen (own, G_SOCKET_TYPE_STREAM, "10.1.0.10", PORT, &error);
    g_assert_no_error (error);
    closed = practice_network_listen (own, G_SOCKET_TYPE_STREAM, POD, PORT + 1, &error);
    g_assert_no_error (error);
    practice_network_connect_async (own, POD, PORT + 1, NULL, test_wait_keep_result,
                                    &cut_off.result);
    practice_network_connect_async (own, "10.1.0.10", PORT, NULL, test_wait_keep_result,
                                    &let_in.result);
    test_wait_for_pointer (&let_in.result, 30, "a connection");
    let_in.connection = practice_network_connect_finish (own, let_in.result, &error);
    g_assert_no_error (error);
    g_assert_null (cut_off.result);
    test_mesh_delete (&self.fabric.mesh, "NetworkPolicy", "r");
    test_wait_for_pointer (&cut_off.result, 30, "a connection after the policy");
  }
  tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-gates/hangs-and-comes-back", test_hangs_and_comes_back);
  g_test_add_func ("/practice-gates/open-connection-stays", test_open_connection_stays);
  g_test_add_func ("/practice-gates/by-source", test_by_source);
  g_test_add_func ("/practice-gates/client", test_client);

  return g_test_run ();
}
