/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-connections.h"

#define HANDSHAKE_KEY "practice-connections-handshake"

/**
 * PracticeConnections:
 *
 * Knows the connections of a SoupServer, so that it can end at any time. soup_server_disconnect()
 * alone waits for each client that has not finished its TLS handshake, and there may be one that
 * never does: closing a GTlsConnection waits for its handshake, which reads the socket. And before
 * libsoup's commit e9b681a5 (2026) the end of such a handshake uses a connection that is freed.
 */
struct _PracticeConnections {
  GObject parent_instance;

  SoupServer *server;
  GPtrArray *messages; /* of SoupServerMessage, not owned: all that live, one for each connection */
};

G_DEFINE_FINAL_TYPE (PracticeConnections, practice_connections, G_TYPE_OBJECT)

/* Of a socket. */
typedef enum {
  HANDSHAKE_UNKNOWN,
  HANDSHAKE_UNDER_WAY,
  HANDSHAKE_DONE, /* also where there is none, without TLS */
} Handshake;

static Handshake
get_handshake (GSocket *socket)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (socket), HANDSHAKE_KEY));
}

static void
message_gone_cb (gpointer user_data, GObject *message)
{
  PracticeConnections *self = user_data;

  g_ptr_array_remove_fast (self->messages, message);
}

static void
connected_cb (SoupServerMessage *message, GSocket *socket)
{
  g_object_set_data (G_OBJECT (socket), HANDSHAKE_KEY, GUINT_TO_POINTER (HANDSHAKE_DONE));
}

/* libsoup says this of a connection already before the handshake. A message that no request comes
 * for goes without another signal: that of a connection that is idle. */
static void
request_started_cb (SoupServer *server, SoupServerMessage *message, PracticeConnections *self)
{
  GSocket *socket = soup_server_message_get_socket (message);

  g_ptr_array_add (self->messages, message);
  g_object_weak_ref (G_OBJECT (message), message_gone_cb, self);
  if (socket == NULL || get_handshake (socket) != HANDSHAKE_UNKNOWN)
    return;
  g_object_set_data (G_OBJECT (socket), HANDSHAKE_KEY, GUINT_TO_POINTER (HANDSHAKE_UNDER_WAY));
  g_signal_connect_object (message, "connected", G_CALLBACK (connected_cb), socket, 0);
}

static void
forget_messages (PracticeConnections *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    g_object_weak_unref (self->messages->pdata[i], message_gone_cb, self);
  g_ptr_array_set_size (self->messages, 0);
}

static gboolean
let_go_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

/* In whichever thread is the last that needs the socket. */
static void
socket_gone_cb (gpointer user_data, GObject *socket)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, let_go_cb, user_data, g_object_unref);
}

/* A message holds libsoup's connection, which is needed until the task of a handshake and with it
 * the socket are gone. */
static void
break_connection (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket == NULL)
    return;
  if (get_handshake (socket) == HANDSHAKE_UNDER_WAY)
    g_object_weak_ref (G_OBJECT (socket), socket_gone_cb, g_object_ref (message));
  g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static void
practice_connections_dispose (GObject *object)
{
  PracticeConnections *self = PRACTICE_CONNECTIONS (object);

  forget_messages (self);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (practice_connections_parent_class)->dispose (object);
}

static void
practice_connections_finalize (GObject *object)
{
  PracticeConnections *self = PRACTICE_CONNECTIONS (object);

  g_ptr_array_unref (self->messages);

  G_OBJECT_CLASS (practice_connections_parent_class)->finalize (object);
}

static void
practice_connections_class_init (PracticeConnectionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_connections_dispose;
  object_class->finalize = practice_connections_finalize;
}

static void
practice_connections_init (PracticeConnections *self)
{
  self->messages = g_ptr_array_new ();
}

/**
 * practice_connections_new:
 * @server: a server that no client is connected to yet
 *
 * Returns: (transfer full): what knows the connections of @server from now on
 */
PracticeConnections *
practice_connections_new (SoupServer *server)
{
  PracticeConnections *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);

  self = g_object_new (PRACTICE_TYPE_CONNECTIONS, NULL);
  self->server = g_object_ref (server);
  g_signal_connect_object (server, "request-started", G_CALLBACK (request_started_cb), self, 0);
  return self;
}

/**
 * practice_connections_break:
 * @self: the connections of a server
 *
 * The server no longer listens, and each of its clients finds the connection broken. What was
 * waited for in a TLS handshake is given up.
 */
void
practice_connections_break (PracticeConnections *self)
{
  g_return_if_fail (PRACTICE_IS_CONNECTIONS (self));

  for (guint i = 0; i < self->messages->len; i++)
    break_connection (self->messages->pdata[i]);
  forget_messages (self);
  soup_server_disconnect (self->server);
}
