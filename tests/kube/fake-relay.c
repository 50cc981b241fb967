/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-relay.h"

#include <string.h>

struct _FakeRelay {
  GSocketService *service;
  GSocketConnectable *target; /* (nullable) */
  gboolean is_proxy;
  guint16 port;
  char *last_target;
  GPtrArray *pairs; /* of Pair, under way */
};

/* One connection taken. */
typedef struct {
  FakeRelay *relay; /* (nullable): gone */
  GIOStream *client;
  GIOStream *server;  /* (nullable) */
  char request[2048]; /* of a proxy's client */
} Pair;

static void
pair_free (Pair *pair)
{
  if (pair->relay != NULL)
    g_ptr_array_remove_fast (pair->relay->pairs, pair);
  g_clear_object (&pair->client);
  g_clear_object (&pair->server);
  g_free (pair);
}

static void
shut_down (GIOStream *stream)
{
  g_socket_shutdown (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), TRUE, TRUE,
                     NULL);
}

static void
spliced_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_io_stream_splice_finish (result, NULL);
  pair_free (data);
}

static void
lead_on (Pair *pair)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  /* what listens on loopback takes the connection before it is asked */
  pair->server = G_IO_STREAM (g_socket_client_connect (client, pair->relay->target, NULL, NULL));
  if (pair->server == NULL)
    pair_free (pair);
  else
    g_io_stream_splice_async (pair->client, pair->server,
                              G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
                              G_PRIORITY_DEFAULT, NULL, spliced_cb, pair);
}

static gboolean
answer_connect (Pair *pair)
{
  static const char answer[] = "HTTP/1.1 200 Connection established\r\n\r\n";
  g_auto (GStrv) words = g_strsplit (pair->request, " ", 3);

  if (g_strv_length (words) < 3 || !g_str_equal (words[0], "CONNECT"))
    return FALSE;
  g_free (pair->relay->last_target);
  pair->relay->last_target = g_strdup (words[1]);
  return g_output_stream_write_all (g_io_stream_get_output_stream (pair->client), answer,
                                    strlen (answer), NULL, NULL, NULL);
}

/* A request this small comes in one piece. */
static void
request_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Pair *pair = data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL);

  if (length > 0 && pair->relay != NULL && answer_connect (pair))
    lead_on (pair);
  else
    pair_free (pair);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             FakeRelay *self)
{
  Pair *pair;

  if (self->target == NULL)
    return TRUE;
  pair = g_new0 (Pair, 1);
  pair->relay = self;
  pair->client = g_object_ref (G_IO_STREAM (connection));
  g_ptr_array_add (self->pairs, pair);
  if (self->is_proxy)
    g_input_stream_read_async (g_io_stream_get_input_stream (pair->client), pair->request,
                               sizeof pair->request - 1, G_PRIORITY_DEFAULT, NULL, request_cb,
                               pair);
  else
    lead_on (pair);
  return TRUE;
}

static FakeRelay *
new_relay (GSocketAddress *entrance, GSocketConnectable *target, gboolean is_proxy)
{
  FakeRelay *self = g_new0 (FakeRelay, 1);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->service = g_socket_service_new ();
  self->pairs = g_ptr_array_new ();
  g_set_object (&self->target, target);
  self->is_proxy = is_proxy;
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), entrance, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, &effective, &error);
  g_assert_no_error (error);
  if (G_IS_INET_SOCKET_ADDRESS (effective))
    self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  return self;
}

FakeRelay *
fake_relay_new (GSocketAddress *entrance, GSocketConnectable *target)
{
  return new_relay (entrance, target, FALSE);
}

FakeRelay *
fake_relay_new_proxy (GSocketConnectable *target)
{
  g_autoptr (GSocketAddress) entrance = g_inet_socket_address_new_from_string ("127.0.0.1", 0);

  return new_relay (entrance, target, TRUE);
}

void
fake_relay_free (FakeRelay *self)
{
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  /* who is at either end sees that it is over, and frees the pair when the main loop runs */
  for (guint i = 0; i < self->pairs->len; i++) {
    Pair *pair = g_ptr_array_index (self->pairs, i);

    pair->relay = NULL;
    shut_down (pair->client);
    if (pair->server != NULL)
      shut_down (pair->server);
  }
  g_ptr_array_unref (self->pairs);
  g_clear_object (&self->target);
  g_free (self->last_target);
  g_free (self);
}

guint16
fake_relay_get_port (FakeRelay *self)
{
  return self->port;
}

const char *
fake_relay_get_last_target (FakeRelay *self)
{
  return self->last_target;
}
