/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-api-gate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-connections.h"

#define BACKLOG 128

/* How often a free port is asked for that another program takes at the same moment. */
#define BIND_ATTEMPTS 10

/* What a client that asks for too many resources can make us remember. */
#define MAX_EXPIRED_PATHS 1000

/**
 * PracticeApiGate:
 *
 * Takes connections for a SoupServer, and hands its requests on. While it is closed the sockets
 * stay ours, so that the port is the same afterwards, but do not listen: a connection is refused as
 * where no server runs.
 */
struct _PracticeApiGate {
  GObject parent_instance;

  SoupServer *server;
  PracticeConnections *connections;
  PracticeApiGateFunc serve;
  gpointer user_data;
  GPtrArray *sockets; /* of GSocket: all that it listens on */
  GPtrArray *held;    /* of GSource: requests that wait */
  GTlsCertificate *valid;
  GTlsCertificate *expired;
  GHashTable *expired_paths; /* (nullable) of char *: watches that were told already */
  gboolean closed;
  gboolean shows_expired;
  gboolean revoked;
  guint delay;
};

G_DEFINE_FINAL_TYPE (PracticeApiGate, practice_api_gate, G_TYPE_OBJECT)

typedef struct {
  PracticeApiGate *gate;      /* (unowned): ends the source */
  SoupServerMessage *message; /* (unowned): likewise */
} Held;

static void
source_free (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
held_cb (gpointer user_data)
{
  Held *held = user_data;
  g_autoptr (SoupServerMessage) message = g_object_ref (held->message);
  GSource *source = g_main_current_source ();

  held->gate->serve (message, held->gate->user_data);
  g_ptr_array_remove_fast (held->gate->held, source);
  soup_server_message_unpause (message);
  return G_SOURCE_REMOVE;
}

/* The request is answered later; not at all where its client goes first. */
static void
hold (PracticeApiGate *self, SoupServerMessage *message)
{
  Held *held = g_new0 (Held, 1);
  GSource *source = g_timeout_source_new (self->delay);

  held->gate = self;
  held->message = message;
  g_source_set_callback (source, held_cb, held, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_ptr_array_add (self->held, g_source_ref (source));
  g_object_set_data_full (G_OBJECT (message), "practice-api-gate", source, source_free);
  soup_server_message_pause (message);
}

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  PracticeApiGate *self = user_data;

  if (self->delay > 0)
    hold (self, message);
  else
    self->serve (message, self->user_data);
}

/* Hands the server a descriptor of its own for @socket, which it closes. */
static gboolean
serve_socket (PracticeApiGate *self, GSocket *socket, GError **error)
{
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
  g_autoptr (GSocket) copy = NULL;

  if (fd < 0 || listen (fd, BACKLOG) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  copy = g_socket_new_from_fd (fd, error);
  if (copy == NULL) {
    close (fd);
    return FALSE;
  }
  return soup_server_listen_socket (self->server, copy, SOUP_SERVER_LISTEN_HTTPS, error);
}

static void
practice_api_gate_dispose (GObject *object)
{
  PracticeApiGate *self = PRACTICE_API_GATE (object);

  g_ptr_array_set_size (self->held, 0);
  if (self->server != NULL) {
    soup_server_remove_handler (self->server, NULL);
    practice_connections_break (self->connections);
  }
  g_clear_object (&self->connections);
  g_clear_object (&self->server);
  g_ptr_array_set_size (self->sockets, 0);
  g_clear_object (&self->valid);
  g_clear_object (&self->expired);
  g_clear_pointer (&self->expired_paths, g_hash_table_unref);

  G_OBJECT_CLASS (practice_api_gate_parent_class)->dispose (object);
}

static void
practice_api_gate_finalize (GObject *object)
{
  PracticeApiGate *self = PRACTICE_API_GATE (object);

  g_ptr_array_unref (self->held);
  g_ptr_array_unref (self->sockets);

  G_OBJECT_CLASS (practice_api_gate_parent_class)->finalize (object);
}

static void
practice_api_gate_class_init (PracticeApiGateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_api_gate_dispose;
  object_class->finalize = practice_api_gate_finalize;
}

static void
practice_api_gate_init (PracticeApiGate *self)
{
  self->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  self->held = g_ptr_array_new_with_free_func (source_free);
}

/**
 * practice_api_gate_new:
 * @server: a server without handlers and sockets
 * @serve: (scope notified): answers a request
 * @user_data: handed to @serve; must live as long as the gate
 *
 * Returns: (transfer full): a gate that nothing has been said to yet
 */
PracticeApiGate *
practice_api_gate_new (SoupServer *server, PracticeApiGateFunc serve, gpointer user_data)
{
  PracticeApiGate *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (serve != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_API_GATE, NULL);
  self->server = g_object_ref (server);
  self->connections = practice_connections_new (server);
  self->serve = serve;
  self->user_data = user_data;
  soup_server_add_handler (server, NULL, request_cb, self, NULL);
  return self;
}

/**
 * practice_api_gate_set_certificates:
 * @self: a gate
 * @valid: what it serves with, with its key
 * @expired: what it serves with in the fault, with its key
 *
 * To be said before it listens.
 */
void
practice_api_gate_set_certificates (PracticeApiGate *self,
                                    GTlsCertificate *valid,
                                    GTlsCertificate *expired)
{
  g_return_if_fail (PRACTICE_IS_API_GATE (self));

  g_set_object (&self->valid, valid);
  g_set_object (&self->expired, expired);
  soup_server_set_tls_certificate (self->server, valid);
}

static GSocket *
bind_loopback (guint16 port, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/* A port that the kernel has chosen is given back when the socket stops listening, one that was
 * asked for is not: so a free one is found first. */
static guint16
find_free_port (GError **error)
{
  g_autoptr (GSocket) socket = bind_loopback (0, error);
  g_autoptr (GSocketAddress) address =
    socket != NULL ? g_socket_get_local_address (socket, error) : NULL;

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

/**
 * practice_api_gate_listen_anywhere:
 * @self: a gate
 * @error: return location
 *
 * Listens on 127.0.0.1, on a port that is free.
 *
 * Returns: the port, or 0
 */
guint16
practice_api_gate_listen_anywhere (PracticeApiGate *self, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), 0);

  for (guint i = 0;; i++) {
    guint16 port = find_free_port (error);
    g_autoptr (GError) local_error = NULL;

    if (port == 0)
      return 0;
    if (practice_api_gate_listen_port (self, port, &local_error))
      return port;
    if (i + 1 == BIND_ATTEMPTS) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return 0;
    }
  }
}

/**
 * practice_api_gate_listen_port:
 * @self: a gate
 * @port: a port of 127.0.0.1
 * @error: return location
 *
 * Returns: whether it listens there
 */
gboolean
practice_api_gate_listen_port (PracticeApiGate *self, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = bind_loopback (port, error);

  g_return_val_if_fail (PRACTICE_IS_API_GATE (self) && port > 0, FALSE);

  return socket != NULL && practice_api_gate_listen (self, socket, error);
}

/**
 * practice_api_gate_listen:
 * @self: a gate
 * @socket: a stream socket that was bound to a port of its own
 * @error: return location
 *
 * Returns: whether it listens there
 */
gboolean
practice_api_gate_listen (PracticeApiGate *self, GSocket *socket, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), FALSE);
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  if (!self->closed && !serve_socket (self, socket, error))
    return FALSE;
  g_ptr_array_add (self->sockets, g_object_ref (socket));
  return TRUE;
}

/**
 * practice_api_gate_close:
 * @self: a gate
 *
 * Breaks all connections and refuses new ones.
 */
void
practice_api_gate_close (PracticeApiGate *self)
{
  g_return_if_fail (PRACTICE_IS_API_GATE (self));

  self->closed = TRUE;
  practice_connections_break (self->connections);
  for (guint i = 0; i < self->sockets->len; i++)
    shutdown (g_socket_get_fd (self->sockets->pdata[i]), SHUT_RDWR);
}

/**
 * practice_api_gate_open:
 * @self: a gate
 * @error: return location
 *
 * Takes connections again, after practice_api_gate_close().
 *
 * Returns: whether it does on all its sockets
 */
gboolean
practice_api_gate_open (PracticeApiGate *self, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), FALSE);

  if (!self->closed)
    return TRUE;
  self->closed = FALSE;
  for (guint i = 0; i < self->sockets->len; i++)
    if (!serve_socket (self, self->sockets->pdata[i], error))
      return FALSE;
  return TRUE;
}

/**
 * practice_api_gate_show_expired:
 * @self: a gate
 * @expired: whether to
 * @error: return location
 *
 * Serves with the expired certificate, or with the valid one. Present connections are broken: a
 * client sees a certificate only when it connects.
 *
 * Returns: whether it does
 */
gboolean
practice_api_gate_show_expired (PracticeApiGate *self, gboolean expired, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), FALSE);

  if (self->shows_expired == expired)
    return TRUE;
  self->shows_expired = expired;
  soup_server_set_tls_certificate (self->server, expired ? self->expired : self->valid);
  if (self->closed)
    return TRUE;
  /* A listener keeps the certificate that it began with. */
  practice_api_gate_close (self);
  return practice_api_gate_open (self, error);
}

/**
 * practice_api_gate_set_delay:
 * @self: a gate
 * @milliseconds: how long each request waits, 0 for not at all
 *
 * Makes answers slow.
 */
void
practice_api_gate_set_delay (PracticeApiGate *self, guint milliseconds)
{
  g_return_if_fail (PRACTICE_IS_API_GATE (self));

  self->delay = milliseconds;
}

/**
 * practice_api_gate_set_revoked:
 * @self: a gate
 * @revoked: whether no token is good
 */
void
practice_api_gate_set_revoked (PracticeApiGate *self, gboolean revoked)
{
  g_return_if_fail (PRACTICE_IS_API_GATE (self));

  self->revoked = revoked;
}

/**
 * practice_api_gate_is_revoked:
 * @self: a gate
 *
 * Returns: whether no token is good
 */
gboolean
practice_api_gate_is_revoked (PracticeApiGate *self)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), FALSE);

  return self->revoked;
}

/**
 * practice_api_gate_set_expires_watches:
 * @self: a gate
 * @expires: whether to
 *
 * Has each watch that resumes refused, once.
 */
void
practice_api_gate_set_expires_watches (PracticeApiGate *self, gboolean expires)
{
  g_return_if_fail (PRACTICE_IS_API_GATE (self));

  g_clear_pointer (&self->expired_paths, g_hash_table_unref);
  if (expires)
    self->expired_paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_api_gate_expires_watch:
 * @self: a gate
 * @path: what a client wants to watch, from a version on
 *
 * Returns: whether it is to be told that the version is too old; the next one for @path is not
 */
gboolean
practice_api_gate_expires_watch (PracticeApiGate *self, const char *path)
{
  g_return_val_if_fail (PRACTICE_IS_API_GATE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return self->expired_paths != NULL &&
         g_hash_table_size (self->expired_paths) < MAX_EXPIRED_PATHS &&
         g_hash_table_add (self->expired_paths, g_strdup (path));
}
