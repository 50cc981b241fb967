/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "practice-socks.h"
#include "test-wait.h"

/* A proxy to the download sites, without a network. */
typedef struct {
  char *folder;
  char *path;
  char *database;
  PracticeStore *store;
  PracticeFabric *fabric;
  PracticeSites *sites;
  PracticeDialer *dialer;
  PracticeSocks *socks;
} Fixture;

typedef struct {
  GSocketConnection *connection;
  char answer[4096];
  gsize length;
  gboolean has_ended;
} Client;

static char *
resolve (const char *name, gpointer user_data)
{
  Fixture *self = user_data;

  return g_strdup (practice_sites_resolve (self->sites, name));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("konvoy-socks-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "socks", NULL);
  self->database = g_build_filename (self->folder, "cluster.db", NULL);
  self->store = practice_store_new (self->database, &error);
  g_assert_no_error (error);
  self->fabric = practice_fabric_new (self->store, NULL);
  self->sites = practice_sites_new (&error);
  g_assert_no_error (error);
  self->dialer = practice_dialer_new (NULL, self->fabric, self->sites);
  self->socks = practice_socks_new (self->path, self->dialer, resolve, self, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  practice_socks_stop (self->socks);
  practice_dialer_stop (self->dialer);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->socks);
  g_assert_finalize_object (self->dialer);
  g_assert_finalize_object (self->sites);
  practice_fabric_stop (self->fabric);
  g_assert_finalize_object (self->fabric);
  g_assert_finalize_object (self->store);
  g_unlink (self->path);
  g_unlink (self->database);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->database);
}

static void read_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_on (Client *client)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)),
                             client->answer + client->length,
                             sizeof client->answer - 1 - client->length, 0, NULL, read_cb, client);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (length > 0 && client->length + length < sizeof client->answer - 1) {
    client->length += length;
    read_on (client);
  } else {
    client->has_ended = TRUE;
  }
}

static gboolean
has_ended (gpointer data)
{
  return ((Client *)data)->has_ended;
}

/* All that comes back for some bytes, until the proxy closes. */
static void
exchange (Fixture *self, Client *client, const char *bytes, gsize length)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (self->path);
  g_autoptr (GError) error = NULL;

  client->connection =
    g_socket_client_connect (connector, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (client->connection)),
                             bytes, length, NULL, NULL, &error);
  g_assert_no_error (error);
  g_socket_shutdown (g_socket_connection_get_socket (client->connection), FALSE, TRUE, NULL);
  read_on (client);
  test_wait_until (has_ended, client, 30, "the end of the connection");
  g_clear_object (&client->connection);
}

static void
test_site (Fixture *self, gconstpointer data)
{
  static const char request[] = "\5\1\0\5\1\0\3\10istio.io\0\120"
                                "GET /downloadIstioctl HTTP/1.1\r\nHost: istio.io\r\n"
                                "Connection: close\r\n\r\n";
  static const char granted[] = "\5\0\5\0\0\1\0\0\0\0\0\0HTTP/1.1 200 OK\r\n";
  Client client = { 0 };

  exchange (self, &client, request, sizeof request - 1);
  g_assert_cmpuint (client.length, >, sizeof granted);
  g_assert_cmpmem (client.answer, sizeof granted - 1, granted, sizeof granted - 1);
}

/* An address, for who wants no more, as what asks for it from a pod understands it. */
static void
test_resolve (Fixture *self, gconstpointer data)
{
  static const char request[] = "\5\1\0\5\360\0\3\10istio.io\0\0";
  g_autofree char *expected = g_strdup (practice_sites_resolve (self->sites, "istio.io"));
  g_autofree char *found = NULL;
  Client client = { 0 };

  exchange (self, &client, request, sizeof request - 1);
  g_assert_cmpuint (client.length, ==, 12);
  g_assert_cmpint (client.answer[3], ==, 0);
  found = g_strdup_printf ("%u.%u.%u.%u", (guint8)client.answer[6], (guint8)client.answer[7],
                           (guint8)client.answer[8], (guint8)client.answer[9]);
  g_assert_cmpstr (found, ==, expected);
}

/* What is not understood ends the connection, with a word where there is one. */
static void
test_wrong (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *bytes;
    gsize length;
    guint n_answer;
    guint8 code;
  } cases[] = {
    { "", 0, 0, 0 },
    { "\4\1", 2, 0, 0 },                                   /* another version */
    { "\5\0", 2, 0, 0 },                                   /* no method */
    { "\5\1\0", 3, 2, 0 },                                 /* no request */
    { "\5\1\0\5\2\0\1\12\322\0\1\0\120", 13, 12, 7 },      /* BIND */
    { "\5\1\0\5\1\0\4\0\0\0\0\0\0\0\0\0\0\0", 18, 12, 7 }, /* IPv6 */
    { "\5\1\0\5\1\0\3\7nowhere\0\120", 17, 12, 4 },        /* no such name */
    { "\5\1\0\5\1\0\1\12\4\0\2\0\120", 13, 12, 4 },        /* no such pod */
    { "\5\1\0\5\1\0\3\377cut", 11, 2, 0 },                 /* a name that does not come */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Client client = { 0 };

    g_test_message ("case %u", i);
    exchange (self, &client, cases[i].bytes, cases[i].length);
    g_assert_cmpuint (client.length, ==, cases[i].n_answer);
    if (client.length > 3)
      g_assert_cmpint (client.answer[3], ==, cases[i].code);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func) g_test_add ("/practice-socks/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("site", test_site);
  ADD ("resolve", test_resolve);
  ADD ("wrong", test_wrong);
#undef ADD

  return g_test_run ();
}
