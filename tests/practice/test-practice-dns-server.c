/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-dns-server.h"
#include "test-wait.h"

static const guint8 query[] = { 0x12, 0x34, 1,   0,   0,   1,   0, 0, 0, 0, 0, 0,
                                5,    'r',  'e', 'd', 'i', 's', 0, 0, 1, 0, 1 };
#define ANSWER_LENGTH (sizeof query + 16)

typedef struct {
  PracticeDnsServer *server;
  GSocket *udp;
  GSocket *tcp;
} Fixture;

static gboolean is_open = TRUE;

static GStrv
look_up (const char *name, gpointer user_data)
{
  return g_str_equal (name, "redis") ? g_strsplit ("10.0.51.32", ",", 0) : NULL;
}

static gboolean
gate (gpointer user_data)
{
  return is_open;
}

static GSocket *
bind_loopback (GSocketType type)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, 0, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
  return g_steal_pointer (&socket);
}

/* A socket connected to @server's address, from which nothing blocks. */
static GSocket *
connect_to (GSocket *server, GSocketType type)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, 0, NULL);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (server, NULL);

  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->udp = bind_loopback (G_SOCKET_TYPE_DATAGRAM);
  self->tcp = bind_loopback (G_SOCKET_TYPE_STREAM);
  g_socket_set_listen_backlog (self->tcp, 128);
  g_assert_true (g_socket_listen (self->tcp, NULL));
  self->server = practice_dns_server_new (self->udp, self->tcp, look_up, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->server);
  g_object_unref (self->udp);
  g_object_unref (self->tcp);
}

static gboolean
readable (gpointer data)
{
  return (g_socket_condition_check (data, G_IO_IN) & (G_IO_IN | G_IO_HUP)) != 0;
}

static gssize
receive (GSocket *socket, char *buffer, gsize size)
{
  test_wait_until (readable, socket, 30, "an answer");
  return g_socket_receive (socket, buffer, size, NULL, NULL);
}

static void
test_datagram (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) client = connect_to (self->udp, G_SOCKET_TYPE_DATAGRAM);
  char buffer[1024];

  /* Garbage before it is passed over. */
  g_socket_send (client, "?", 1, NULL, NULL);
  g_socket_send (client, "", 0, NULL, NULL);
  g_socket_send (client, (const char *)query, sizeof query, NULL, NULL);
  g_assert_cmpint (receive (client, buffer, sizeof buffer), ==, ANSWER_LENGTH);
}

static void
test_stream (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) client = connect_to (self->tcp, G_SOCKET_TYPE_STREAM);
  guint8 framed[2 + sizeof query] = { 0, sizeof query };
  char buffer[1024];

  memcpy (framed + 2, query, sizeof query);
  for (guint i = 0; i < 3; i++) {
    g_socket_send (client, (const char *)framed, sizeof framed, NULL, NULL);
    g_assert_cmpint (receive (client, buffer, sizeof buffer), ==, 2 + ANSWER_LENGTH);
    g_assert_cmpint (buffer[1], ==, ANSWER_LENGTH);
  }
}

/* A stream of nonsense, or of too much, is closed. */
static void
test_stream_garbage (Fixture *self, gconstpointer data)
{
  const char *const garbage[] = { "\xff\xff", "GET / HTTP/1.1\r\n\r\n" };
  char buffer[16];

  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++) {
    g_autoptr (GSocket) client = connect_to (self->tcp, G_SOCKET_TYPE_STREAM);

    g_socket_send (client, garbage[i], strlen (garbage[i]), NULL, NULL);
    g_assert_cmpint (receive (client, buffer, sizeof buffer), <=, 0);
  }
}

/* More clients that say nothing than are let in do not keep the server from answering. */
static void
test_crowd (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) idle = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GSocket) client = NULL;
  char buffer[1024];

  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (idle, connect_to (self->tcp, G_SOCKET_TYPE_STREAM));
  test_wait_until (readable, g_ptr_array_index (idle, 99), 30, "the end of the hundredth");
  client = connect_to (self->udp, G_SOCKET_TYPE_DATAGRAM);
  g_socket_send (client, (const char *)query, sizeof query, NULL, NULL);
  g_assert_cmpint (receive (client, buffer, sizeof buffer), ==, ANSWER_LENGTH);
}

/* A question that is dropped on its way has no answer; the next one has. */
static void
test_gate (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) client = connect_to (self->udp, G_SOCKET_TYPE_DATAGRAM);
  char answer[512];

  practice_dns_server_set_gate (self->server, gate);
  is_open = FALSE;
  g_assert_cmpint (g_socket_send (client, (const char *)query, sizeof query, NULL, NULL), >, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (g_socket_receive (client, answer, sizeof answer, NULL, NULL), <, 0);
  is_open = TRUE;
  g_assert_cmpint (g_socket_send (client, (const char *)query, sizeof query, NULL, NULL), >, 0);
  test_wait_until (readable, client, 30, "an answer");
  g_assert_cmpint (g_socket_receive (client, answer, sizeof answer, NULL, NULL), ==, ANSWER_LENGTH);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice-dns-server/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("datagram", test_datagram);
  ADD ("stream", test_stream);
  ADD ("stream-garbage", test_stream_garbage);
  ADD ("crowd", test_crowd);
  ADD ("gate", test_gate);
#undef ADD

  return g_test_run ();
}
