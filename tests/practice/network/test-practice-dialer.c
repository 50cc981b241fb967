/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-dialer.h"
#include "practice-redis-server.h"
#include "test-fabric.h"

#define PING "PING\r\n"
#define PONG "+PONG\r\n"
#define SET "SET k v\r\n"
#define OK "+OK\r\n"
#define GET "GET k\r\n"
#define NOTHING "$-1\r\n"

/* Where this computer refuses a network of its own: redis in two pods, and Services that lead to
 * them, and to ports where nothing is. */
typedef struct {
  TestFabric fabric;
  PracticeSites *sites;
  PracticeDialer *dialer;
  PracticeRedisServer *servers[2];
} Fixture;

static const char *const addresses[] = { "10.1.0.4", "10.1.0.20" };

static const char objects[] =
  "{kind: Service, metadata: {name: redis}, spec: {clusterIP: 10.0.0.21, ports: [{port: 7000, "
  "targetPort: 6379}]}}\n---\n"
  "{kind: Endpoints, metadata: {name: redis}, subsets: [{addresses: [{ip: 10.1.0.4}], ports: "
  "[{port: 6379}]}]}\n---\n"
  "{kind: Service, metadata: {name: other}, spec: {clusterIP: 10.0.0.22, ports: [{port: 6379}]}}"
  "\n---\n"
  "{kind: Endpoints, metadata: {name: other}, subsets: [{addresses: [{ip: 10.1.0.20}], ports: "
  "[{port: 6379}]}]}\n---\n"
  "{kind: Service, metadata: {name: wrong}, spec: {clusterIP: 10.0.0.23, ports: [{port: 6379, "
  "targetPort: 9999}]}}\n---\n"
  "{kind: Endpoints, metadata: {name: wrong}, subsets: [{addresses: [{ip: 10.1.0.4}], ports: "
  "[{port: 9999}]}]}\n---\n"
  "{kind: Service, metadata: {name: gateway}, spec: {clusterIP: 10.0.0.24, ports: [{port: 80}]}}"
  "\n---\n"
  "{kind: Endpoints, metadata: {name: gateway}, subsets: [{addresses: [{ip: 10.1.0.20}], ports: "
  "[{port: 80}]}]}\n";

static void
accept_cb (GObject *program, GSocketConnection *connection)
{
  practice_redis_server_accept (PRACTICE_REDIS_SERVER (program), connection);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  test_fabric_set_up (&self->fabric, NULL);
  test_mesh_apply (&self->fabric.mesh, objects);
  self->sites = practice_sites_new (&error);
  g_assert_no_error (error);
  self->dialer = practice_dialer_new (NULL, self->fabric.fabric, self->sites);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    self->servers[i] = practice_redis_server_new (NULL, &error);
    g_assert_no_error (error);
    practice_fabric_set_acceptor (self->fabric.fabric, addresses[i], 6379, accept_cb,
                                  G_OBJECT (self->servers[i]));
  }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  practice_dialer_stop (self->dialer);
  test_wait_finalize (g_steal_pointer (&self->dialer), 30);
  test_wait_finalize (g_steal_pointer (&self->sites), 30);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    practice_fabric_set_acceptor (self->fabric.fabric, addresses[i], 6379, NULL, NULL);
    practice_redis_server_stop (self->servers[i]);
    test_wait_finalize (g_steal_pointer (&self->servers[i]), 30);
  }
  test_fabric_tear_down (&self->fabric);
}

static GSocketConnection *
dial (Fixture *self, const char *address, guint16 port, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  practice_dialer_connect_async (self->dialer, address, port, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a connection, or none");
  return practice_dialer_connect_finish (self->dialer, result, error);
}

static void
assert_refused (Fixture *self, const char *address, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection = dial (self, address, port, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_null (connection);
}

/* What comes back for @text. */
static void
assert_answer (
  Fixture *self, const char *address, guint16 port, const char *text, const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection = dial (self, address, port, &error);
  char buffer[256] = { 0 };
  g_autoptr (GAsyncResult) result = NULL;
  gsize length = 0;

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                 strlen (answer), 0, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  g_input_stream_read_all_finish (g_io_stream_get_input_stream (G_IO_STREAM (connection)), result,
                                  &length, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (buffer, ==, answer);
}

/* By whatever port its Service has it, and each pod with what it was told itself. */
static void
test_redis (Fixture *self, gconstpointer data)
{
  assert_answer (self, "10.0.0.21", 7000, PING, PONG);
  assert_answer (self, "10.0.0.21", 7000, SET, OK);
  assert_answer (self, "10.0.0.22", 6379, GET, NOTHING);
  assert_answer (self, "10.1.0.4", 6379, PING, PONG);
}

static void
test_nothing_there (Fixture *self, gconstpointer data)
{
  /* Another port of the pod than its program has, though the Service's is that of redis. */
  assert_refused (self, "10.0.0.23", 6379);
  assert_refused (self, "10.0.0.21", 6379);
  assert_refused (self, "10.1.0.4", 80);
  /* It has gone. */
  practice_fabric_set_acceptor (self->fabric.fabric, "10.1.0.4", 6379, NULL, NULL);
  assert_refused (self, "10.0.0.21", 7000);
}

/* A gateway answers at a port only once a Gateway has it do so. */
static void
test_gateway (Fixture *self, gconstpointer data)
{
  assert_refused (self, "10.0.0.24", 80);
  practice_fabric_set_handler (self->fabric.fabric, "10.1.0.20", 80,
                               PRACTICE_HTTP_HANDLER (self->fabric.reviews[0]));
  assert_answer (self, "10.0.0.24", 80, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                 "HTTP/1.1 200 OK\r\n");
  practice_fabric_set_handler (self->fabric.fabric, "10.1.0.20", 80, NULL);
  assert_refused (self, "10.0.0.24", 80);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice/dialer/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("redis", test_redis);
  ADD ("nothing-there", test_nothing_there);
  ADD ("gateway", test_gateway);
#undef ADD
  return g_test_run ();
}
