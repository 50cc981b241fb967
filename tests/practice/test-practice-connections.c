/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-connections.h"
#include "practice-default-certificate.h"
#include "test-wait.h"

/* The first bytes of a TLS record whose rest never comes:
 * https://www.rfc-editor.org/rfc/rfc8446#section-5.1 */
static const guint8 half_a_hello[] = { 0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc };

#define WAIT 30

typedef struct {
  SoupServer *server;
  PracticeConnections *connections;
  guint16 port;
  guint started; /* messages of the server */
  gboolean requested;
} Fixture;

/* One that the server sees the end of. */
typedef struct {
  GIOStream *stream;
  char buffer[256];
  gboolean closed;
} Client;

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, Fixture *self)
{
  self->started++;
}

/* An answer that does not come. */
static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  Fixture *self = user_data;

  self->requested = TRUE;
  soup_server_message_pause (message);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = practice_default_certificate_new ("Test", &error);
  GSList *uris;

  g_assert_no_error (error);
  self->server = soup_server_new (NULL, NULL);
  self->connections = practice_connections_new (self->server);
  soup_server_set_tls_certificate (self->server, certificate);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  g_signal_connect (self->server, "request-started", G_CALLBACK (request_started_cb), self);
  soup_server_listen_local (self->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->port = (guint16)g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->connections);
  test_wait_finalize (self->server, WAIT);
}

static gboolean
accept_anyone_cb (GTlsConnection *connection, GTlsCertificate *certificate, GTlsCertificateFlags e)
{
  return TRUE;
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;

  g_assert_cmpint (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL), <=, 0);
  client->closed = TRUE;
}

static void
watch_end (Client *client)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (client->stream), client->buffer,
                             sizeof client->buffer, G_PRIORITY_DEFAULT, NULL, read_cb, client);
}

typedef struct {
  Fixture *fixture;
  guint wanted;
} StartedWait;

static gboolean
has_started (gpointer data)
{
  StartedWait *wait = data;

  return wait->fixture->started >= wait->wanted;
}

static gboolean
was_requested (gpointer data)
{
  Fixture *self = data;

  return self->requested;
}

/* A connection that the server has accepted. */
static void
dial (Fixture *self, Client *client)
{
  g_autoptr (GSocketClient) dialer = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  StartedWait wait = { self, self->started + 1 };

  client->stream =
    G_IO_STREAM (g_socket_client_connect_to_host (dialer, "127.0.0.1", self->port, NULL, &error));
  g_assert_no_error (error);
  test_wait_until (has_started, &wait, WAIT, "the server to accept");
}

static void
say (Client *client, gconstpointer text, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (client->stream), text, length, NULL,
                             NULL, &error);
  g_assert_no_error (error);
}

static void
secure (Client *client)
{
  g_autoptr (GIOStream) plain = g_steal_pointer (&client->stream);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  client->stream = g_tls_client_connection_new (plain, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (client->stream, "accept-certificate", G_CALLBACK (accept_anyone_cb), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (client->stream), G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the handshake");
  g_tls_connection_handshake_finish (G_TLS_CONNECTION (client->stream), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_closed (gpointer data)
{
  Client *client = data;

  return client->closed;
}

static void
hang_up (Client *client)
{
  test_wait_until (is_closed, client, WAIT, "the client to find its connection broken");
  g_object_unref (client->stream);
}

/* What a client said before the server ends; it never says more. */
static void
test_break (Fixture *self, gconstpointer data)
{
  const char *said = data;
  Client client = { 0 };

  dial (self, &client);
  if (g_str_equal (said, "half"))
    say (&client, half_a_hello, sizeof half_a_hello);
  if (g_str_equal (said, "handshake") || g_str_equal (said, "request"))
    secure (&client);
  if (g_str_equal (said, "request")) {
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    say (&client, request, strlen (request));
    test_wait_until (was_requested, self, WAIT, "the request");
  }
  watch_end (&client);

  practice_connections_break (self->connections);
  hang_up (&client);
}

/* Some of each; and the server listens again afterwards. */
static void
test_again (Fixture *self, gconstpointer data)
{
  Client clients[8] = { 0 };
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 2; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
      memset (&clients[i], 0, sizeof clients[i]);
      dial (self, &clients[i]);
      if (i % 3 == 1)
        say (&clients[i], half_a_hello, sizeof half_a_hello);
      if (i % 3 == 2)
        secure (&clients[i]);
      watch_end (&clients[i]);
    }
    practice_connections_break (self->connections);
    for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
      hang_up (&clients[i]);

    soup_server_listen_local (self->server, self->port,
                              SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
    g_assert_no_error (error);
  }
  practice_connections_break (self->connections);
}

/* Clients that went before are not asked for. */
static void
test_gone (Fixture *self, gconstpointer data)
{
  Client client = { 0 };

  dial (self, &client);
  g_io_stream_close (client.stream, NULL, NULL);
  g_clear_object (&client.stream);
  dial (self, &client);
  secure (&client);
  g_io_stream_close (client.stream, NULL, NULL);
  g_clear_object (&client.stream);

  practice_connections_break (self->connections);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, data, function)                                                                  \
  g_test_add ("/practice/connections/" name, Fixture, data, set_up, function, tear_down)
  ADD ("silent", "", test_break);
  ADD ("half-a-hello", "half", test_break);
  ADD ("handshake", "handshake", test_break);
  ADD ("request", "request", test_break);
  ADD ("again", NULL, test_again);
  ADD ("gone", NULL, test_gone);
#undef ADD

  return g_test_run ();
}
