/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "practice-relay.h"
#include "test-wait.h"

typedef struct {
  char *dir;
  char *path;
  PracticeNetwork *network;
  GSocket *redis; /* (nullable): listens in the network */
  PracticeRelay *relay;
} Fixture;

static char *
resolve (const char *name, gpointer user_data)
{
  return g_str_equal (name, "redis.example") ? g_strdup ("10.0.51.32") : NULL;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  gboolean without_network = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;

  self->dir = g_dir_make_tmp ("konvoy-relay-XXXXXX", NULL);
  self->path = g_build_filename (self->dir, "socket", NULL);
  if (!without_network) {
    self->network = practice_network_new (NULL);
    if (!self->network) {
      g_test_skip ("no network of its own here");
      return;
    }
    self->redis =
      practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, "10.0.51.32", 6379, &error);
    g_assert_no_error (error);
    g_socket_set_blocking (self->redis, FALSE);
  }
  self->relay = practice_relay_new (self->path, self->network, resolve, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->relay)
    g_assert_finalize_object (self->relay);
  g_clear_object (&self->redis);
  g_clear_object (&self->network);
  g_unlink (self->path);
  g_rmdir (self->dir);
  g_free (self->path);
  g_free (self->dir);
}

static GSocket *
dial (Fixture *self)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);

  g_assert_true (g_socket_connect (socket, address, NULL, NULL));
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static void
say (GSocket *socket, const char *text)
{
  g_assert_cmpint (g_socket_send (socket, text, strlen (text), NULL, NULL), ==, strlen (text));
}

static gboolean
readable (gpointer data)
{
  return (g_socket_condition_check (data, G_IO_IN) & (G_IO_IN | G_IO_HUP)) != 0;
}

/* Everything that comes until the end of a line or the end. */
static char *
hear (GSocket *socket)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  char byte;

  for (;;) {
    test_wait_until (readable, socket, 30, "an answer of the relay");
    if (g_socket_receive (socket, &byte, 1, NULL, NULL) <= 0 || byte == '\n')
      return g_string_free (g_steal_pointer (&heard), FALSE);
    g_string_append_c (heard, byte);
  }
}

static GSocket *
accept_redis (Fixture *self)
{
  GSocket *accepted;

  test_wait_until (readable, self->redis, 30, "a connection to redis");
  accepted = g_socket_accept (self->redis, NULL, NULL);
  g_socket_set_blocking (accepted, FALSE);
  return accepted;
}

static void
test_bytes (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) client = NULL;
  g_autoptr (GSocket) server = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *asked = NULL;
  g_autofree char *said = NULL;
  g_autofree char *rest = NULL;

  if (!self->relay)
    return;
  client = dial (self);
  /* The line may come in pieces, and more may follow it at once. */
  say (client, "Redis.Exam");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  say (client, "ple. 6379\nPING\n");
  server = accept_redis (self);
  answer = hear (client);
  g_assert_cmpstr (answer, ==, "ok");
  asked = hear (server);
  g_assert_cmpstr (asked, ==, "PING");

  /* A side that has ended still hears the other. */
  g_socket_shutdown (client, FALSE, TRUE, NULL);
  rest = hear (server);
  g_assert_cmpstr (rest, ==, "");
  say (server, "+PONG\n");
  said = hear (client);
  g_assert_cmpstr (said, ==, "+PONG");
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  const char *const cases[][3] = {
    { "10.0.51.32 80\n", "Nothing listens on port 80 of 10.0.51.32.", "refused" },
    { "127.0.0.1 80\n", "Nothing listens on port 80 of 127.0.0.1.", "refused" },
    { "192.0.2.1 80\n", "192.0.2.1 is not in the practice network." },
    { "nobody.example 80\n", "The practice network has no host named nobody.example.", "nameless" },
    { "redis.example\n", "The first line must be a host and a port." },
    { "redis.example 0\n", "The first line must be a host and a port." },
    { "redis.example 65536\n", "The first line must be a host and a port." },
    { "redis.example 6379 x\n", "The first line must be a host and a port." },
    { " 6379\n", "The first line must be a host and a port." },
    { "a/b 6379\n", "The first line must be a host and a port." },
    { "\n", "The first line must be a host and a port." },
  };

  if (!self->relay)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GSocket) client = dial (self);
    g_autofree char *answer = NULL;
    g_autofree char *word = NULL;
    g_autofree char *rest = NULL;

    say (client, cases[i][0]);
    answer = hear (client);
    g_assert_cmpstr (answer, ==, cases[i][1]);
    if (cases[i][2]) {
      word = hear (client);
      g_assert_cmpstr (word, ==, cases[i][2]);
    }
    rest = hear (client);
    g_assert_cmpstr (rest, ==, "");
  }
}

static void
test_no_line (Fixture *self, gconstpointer data)
{
  g_autofree char *long_line = g_strnfill (1000, 'x');
  g_autoptr (GSocket) client = NULL;
  g_autoptr (GSocket) gone = NULL;
  g_autofree char *answer = NULL;

  if (!self->relay)
    return;
  client = dial (self);
  say (client, long_line);
  answer = hear (client);
  g_assert_cmpstr (answer, ==, "The first line must be a host and a port.");

  gone = dial (self);
  say (gone, "redis");
  g_socket_close (gone, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_no_network (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) client = dial (self);
  g_autofree char *answer = NULL;

  say (client, "redis.example 6379\n");
  answer = hear (client);
  g_assert_true (g_str_has_prefix (answer, "This computer has no practice network"));
}

/* Clients in each state when the relay goes. */
static void
test_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) silent = NULL;
  g_autoptr (GSocket) connected = NULL;
  g_autoptr (GSocket) server = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!self->relay)
    return;
  silent = dial (self);
  connected = dial (self);
  say (connected, "10.0.51.32 6379\n");
  server = accept_redis (self);
  answer = hear (connected);
  g_assert_cmpstr (answer, ==, "ok");
  g_assert_finalize_object (g_steal_pointer (&self->relay));
  first = hear (connected);
  second = hear (silent);
  g_assert_cmpstr (first, ==, "");
  g_assert_cmpstr (second, ==, "");
}

static void
test_stale (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!self->relay)
    return;
  g_assert_finalize_object (g_steal_pointer (&self->relay));
  g_assert_true (g_file_test (self->path, G_FILE_TEST_EXISTS));
  self->relay = practice_relay_new (self->path, self->network, resolve, NULL, &error);
  g_assert_no_error (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, without_network, func)                                                           \
  g_test_add ("/practice-relay/" path, Fixture, GINT_TO_POINTER (without_network), set_up, func,   \
              tear_down)
  ADD ("bytes", FALSE, test_bytes);
  ADD ("refused", FALSE, test_refused);
  ADD ("no-line", FALSE, test_no_line);
  ADD ("no-network", TRUE, test_no_network);
  ADD ("end", FALSE, test_end);
  ADD ("stale", FALSE, test_stale);
#undef ADD

  return g_test_run ();
}
