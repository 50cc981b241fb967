/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-socks.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base-splice.h"

#define NO_AUTHENTICATION 0
#define CLIENT_LIMIT 128
/* The longest message: a name of 255 bytes and its port. */
#define BUFFER_SIZE 260

struct _PracticeSocks {
  GObject parent_instance;

  PracticeDialer *dialer;
  PracticeResolveFunc resolve;
  gpointer user_data;
  GSocketService *service;
  GCancellable *cancellable; /* of all clients */
  guint n_clients;
};

G_DEFINE_FINAL_TYPE (PracticeSocks, practice_socks, G_TYPE_OBJECT)

typedef struct _Client Client;
typedef void (*Step) (Client *client);

/* A client until it is connected. */
struct _Client {
  PracticeSocks *socks; /* (owned) */
  GSocketConnection *connection;
  Step next;
  gsize expected;
  guint8 command;
  guint8 buffer[BUFFER_SIZE];
};

static void
client_free (Client *self)
{
  self->socks->n_clients--;
  g_clear_object (&self->connection);
  g_clear_object (&self->socks);
  g_free (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  gsize length = 0;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, NULL) &&
      length == client->expected)
    client->next (client);
  else
    client_free (client);
}

/* Takes @length bytes off the client, and goes on with @next. */
static void
expect (Client *client, gsize length, Step next)
{
  client->next = next;
  client->expected = length;
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)),
                                 client->buffer, length, G_PRIORITY_DEFAULT,
                                 client->socks->cancellable, read_cb, client);
}

/* What is sent is short: it always fits into the socket. */
static gboolean
tell (Client *client, const guint8 *data, gsize length)
{
  GSocket *socket = g_socket_connection_get_socket (client->connection);

  return g_socket_send (socket, (const char *)data, length, NULL, NULL) == (gssize)length;
}

static gboolean
reply (Client *client, guint8 code)
{
  const guint8 data[] = {
    PRACTICE_SOCKS_VERSION, code, 0, PRACTICE_SOCKS_ADDRESS_IPV4, 0, 0, 0, 0, 0, 0
  };

  return tell (client, data, sizeof data);
}

static void
refuse (Client *client, guint8 code)
{
  reply (client, code);
  client_free (client);
}

static guint8
get_reply (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return PRACTICE_SOCKS_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return PRACTICE_SOCKS_HOST_UNREACHABLE;

  return PRACTICE_SOCKS_FAILED;
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) target =
    practice_dialer_connect_finish (PRACTICE_DIALER (source), result, &error);

  if (target == NULL) {
    refuse (client, get_reply (error));
    return;
  }
  if (reply (client, PRACTICE_SOCKS_GRANTED))
    base_splice_async (client->connection, target, client->socks->cancellable, NULL, NULL);
  client_free (client);
}

/* An address is all that was asked for. */
static void
tell_address (Client *client, const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);
  guint8 data[] = {
    PRACTICE_SOCKS_VERSION, PRACTICE_SOCKS_GRANTED, 0, PRACTICE_SOCKS_ADDRESS_IPV4, 0, 0, 0, 0, 0, 0
  };

  if (parsed != NULL && g_inet_address_get_family (parsed) == G_SOCKET_FAMILY_IPV4)
    memcpy (data + 4, g_inet_address_to_bytes (parsed), 4);
  tell (client, data, sizeof data);
  client_free (client);
}

static void
dial (Client *client, const char *address, guint16 port)
{
  if (client->command == PRACTICE_SOCKS_RESOLVE) {
    tell_address (client, address);
    return;
  }
  practice_dialer_connect_async (client->socks->dialer, address, port, client->socks->cancellable,
                                 connected_cb, client);
}

static guint16
read_port (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static void
take_address (Client *client)
{
  g_autofree char *address = g_strdup_printf ("%u.%u.%u.%u", client->buffer[0], client->buffer[1],
                                              client->buffer[2], client->buffer[3]);

  dial (client, address, read_port (client->buffer + 4));
}

static void
take_name (Client *client)
{
  /* Behind the length, which take_name_length() left at the end of the buffer. */
  gsize length = client->buffer[BUFFER_SIZE - 1];
  g_autofree char *given = g_strndup ((const char *)client->buffer, length);
  g_autofree char *name = g_ascii_strdown (given, -1);
  g_autofree char *address = NULL;

  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  address = g_hostname_is_ip_address (name)
              ? g_strdup (name)
              : client->socks->resolve (name, client->socks->user_data);
  if (address == NULL)
    refuse (client, PRACTICE_SOCKS_HOST_UNREACHABLE);
  else
    dial (client, address, read_port (client->buffer + length));
}

static void
take_name_length (Client *client)
{
  guint8 length = client->buffer[0];

  client->buffer[BUFFER_SIZE - 1] = length;
  expect (client, length + 2, take_name);
}

static void
take_request (Client *client)
{
  client->command = client->buffer[1];
  if (client->buffer[0] != PRACTICE_SOCKS_VERSION ||
      (client->command != PRACTICE_SOCKS_CONNECT && client->command != PRACTICE_SOCKS_RESOLVE))
    refuse (client, PRACTICE_SOCKS_NOT_SUPPORTED);
  else if (client->buffer[3] == PRACTICE_SOCKS_ADDRESS_IPV4)
    expect (client, 4 + 2, take_address);
  else if (client->buffer[3] == PRACTICE_SOCKS_ADDRESS_NAME)
    expect (client, 1, take_name_length);
  else
    refuse (client, PRACTICE_SOCKS_NOT_SUPPORTED);
}

static void
take_methods (Client *client)
{
  const guint8 answer[] = { PRACTICE_SOCKS_VERSION, NO_AUTHENTICATION };

  if (tell (client, answer, sizeof answer))
    expect (client, 4, take_request);
  else
    client_free (client);
}

static void
take_greeting (Client *client)
{
  if (client->buffer[0] == PRACTICE_SOCKS_VERSION && client->buffer[1] > 0)
    expect (client, client->buffer[1], take_methods);
  else
    client_free (client);
}

static gboolean
incoming_cb (PracticeSocks *self, GSocketConnection *connection, GObject *source)
{
  Client *client;

  if (self->n_clients >= CLIENT_LIMIT)
    return TRUE;
  self->n_clients++;
  client = g_new0 (Client, 1);
  client->socks = g_object_ref (self);
  client->connection = g_object_ref (connection);
  expect (client, 2, take_greeting);

  return TRUE;
}

static void
practice_socks_dispose (GObject *object)
{
  PracticeSocks *self = PRACTICE_SOCKS (object);

  g_clear_object (&self->service);
  g_clear_object (&self->dialer);

  G_OBJECT_CLASS (practice_socks_parent_class)->dispose (object);
}

static void
practice_socks_finalize (GObject *object)
{
  PracticeSocks *self = PRACTICE_SOCKS (object);

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (practice_socks_parent_class)->finalize (object);
}

static void
practice_socks_class_init (PracticeSocksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_socks_dispose;
  object_class->finalize = practice_socks_finalize;
}

static void
practice_socks_init (PracticeSocks *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * practice_socks_new:
 * @path: where the Unix socket shall be, in a folder that is the user's alone; a socket that is
 *   there is taken for one left behind
 * @dialer: the way into the practice network
 * @resolve: (scope forever): says which address a name has
 * @user_data: data of @resolve, which must live as long as the proxy
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a proxy that listens, until practice_socks_stop()
 */
PracticeSocks *
practice_socks_new (const char *path,
                    PracticeDialer *dialer,
                    PracticeResolveFunc resolve,
                    gpointer user_data,
                    GError **error)
{
  g_autoptr (PracticeSocks) self = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (PRACTICE_IS_DIALER (dialer), NULL);
  g_return_val_if_fail (resolve != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_SOCKS, NULL);
  self->dialer = g_object_ref (dialer);
  self->resolve = resolve;
  self->user_data = user_data;
  self->service = g_socket_service_new ();
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self,
                           G_CONNECT_SWAPPED);
  address = g_unix_socket_address_new (path);
  g_unlink (path);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                      error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * practice_socks_stop:
 * @self: a proxy
 *
 * Ends it and all its connections.
 */
void
practice_socks_stop (PracticeSocks *self)
{
  g_return_if_fail (PRACTICE_IS_SOCKS (self));

  g_cancellable_cancel (self->cancellable);
  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
}
