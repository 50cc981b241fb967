/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-holder-link.h"
#include "practice-network.h"
#include "practice-source-filter.h"

struct _PracticeNetwork {
  GObject parent_instance;

  PracticeHolderLink *holder; /* (nullable) */
  guint n_volumes;
};

G_DEFINE_FINAL_TYPE (PracticeNetwork, practice_network, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTENING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Returns a socket made in the sandbox's network, bound where @bind. */
static GSocket *
request_socket (
  PracticeNetwork *self, GSocketType type, gboolean bind, GSocketAddress *address, GError **error)
{
  PracticeHolderRequest request = {
    .operation = PRACTICE_HOLDER_MAKE,
    .type = type == G_SOCKET_TYPE_DATAGRAM ? SOCK_DGRAM : SOCK_STREAM,
    .bind = bind,
  };
  PracticeHolderReply reply = { 0 };
  struct sockaddr_in native;
  GSocket *made;
  int fd;

  if (g_socket_address_get_native_size (address) != sizeof native ||
      !g_socket_address_to_native (address, &native, sizeof native, NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The practice network has IPv4 addresses only."));
    return NULL;
  }
  request.address = native.sin_addr.s_addr;
  request.port = native.sin_port;

  if (!practice_holder_link_ask (self->holder, &request, NULL, &reply, &fd, error))
    return NULL;
  made = g_socket_new_from_fd (fd, error);
  if (!made)
    close (fd);
  return made;
}

static GSocketAddress *
parse_address (const char *address, guint16 port, GError **error)
{
  GSocketAddress *parsed = g_inet_socket_address_new_from_string (address, port);

  if (!parsed)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is not an IP address."),
                 address);
  return parsed;
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  GSocketConnection *connection = G_SOCKET_CONNECTION (source);
  g_autoptr (GError) error = NULL;

  if (g_socket_connection_connect_finish (connection, result, &error))
    g_task_return_pointer (task, g_object_ref (connection), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
practice_network_dispose (GObject *object)
{
  PracticeNetwork *self = PRACTICE_NETWORK (object);

  g_clear_pointer (&self->holder, practice_holder_link_free);

  G_OBJECT_CLASS (practice_network_parent_class)->dispose (object);
}

static void
practice_network_class_init (PracticeNetworkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_network_dispose;

  signals[SIGNAL_LISTENING] = g_signal_new (
    "listening", PRACTICE_TYPE_NETWORK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
    G_TYPE_SOCKET, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_UINT);
}

static void
practice_network_init (PracticeNetwork *self)
{
}

/**
 * practice_network_new:
 * @error: return location for an error
 *
 * Starts the child that holds a user and a network namespace, and waits until they are made. The
 * child ends with the thread that calls this: call it from one that lives as long as the object,
 * such as the main thread (prctl(2), `PR_SET_PDEATHSIG`).
 *
 * Returns: (transfer full) (nullable): the network; `G_IO_ERROR_NOT_SUPPORTED` with a sentence
 * for the user where the system refuses such namespaces
 */
PracticeNetwork *
practice_network_new (GError **error)
{
  return practice_network_new_at (PRACTICE_NETWORK_OWN_ADDRESS, NULL, error);
}

/**
 * practice_network_new_at:
 * @own_address: an IPv4 address of 10.0.0.0/8
 * @volumes: (nullable) (element-type utf8): the folders that it shall have
 * @error: return location for an error
 *
 * Like practice_network_new(), for another machine than the jumpserver.
 *
 * Returns: (transfer full) (nullable): the network
 */
PracticeNetwork *
practice_network_new_at (const char *own_address, GPtrArray *volumes, GError **error)
{
  g_autoptr (PracticeNetwork) self = g_object_new (PRACTICE_TYPE_NETWORK, NULL);

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self->holder = practice_holder_link_new (own_address, volumes, error);
  if (self->holder == NULL)
    return NULL;
  self->n_volumes = volumes != NULL ? volumes->len : 0;
  return g_steal_pointer (&self);
}

/* FALSE: it cannot be mounted. */
static gboolean
mount_part (PracticeNetwork *self, guint volume, const char *path, guint *part, GError **error)
{
  PracticeHolderRequest request = { .operation = PRACTICE_HOLDER_MOUNT, .volume = volume };
  const PracticeHolderMore more = { path, strlen (path), -1 };
  PracticeHolderReply reply = { 0 };

  if (strlen (path) >= PRACTICE_HOLDER_MAX_PATH) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                         g_strerror (ENAMETOOLONG));
    return FALSE;
  }
  if (!practice_holder_link_ask (self->holder, &request, &more, &reply, NULL, error)) {
    if (reply.error != 0)
      g_prefix_error (error, "failed to prepare subPath \"%s\": ", path);
    return FALSE;
  }
  *part = reply.part;
  return TRUE;
}

/**
 * practice_network_dup_volume:
 * @self: a network
 * @number: of a volume, from 0
 * @part: (nullable): path of something in it, a folder that is made where it is missing
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): its path, for those who have entered
 */
char *
practice_network_dup_volume (PracticeNetwork *self, guint number, const char *part, GError **error)
{
  guint part_number;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (self), NULL);
  g_return_val_if_fail (number < self->n_volumes, NULL);

  if (part == NULL || *part == '\0')
    return g_strdup_printf (PRACTICE_HOLDER_VOLUMES "/%u", number);
  return mount_part (self, number, part, &part_number, error)
           ? g_strdup_printf (PRACTICE_HOLDER_PART "%u", part_number)
           : NULL;
}

/**
 * practice_network_listen:
 * @self: a network
 * @type: stream or datagram
 * @address: an IPv4 address: any of 127.0.0.0/8 and 10.0.0.0/8, or 0.0.0.0
 * @port: a port, any from 1; 0: a free one
 * @error: return location for an error
 *
 * Makes a socket in the sandbox's network that this process serves. Blocks for a round trip to
 * the child that holds the network, well under a millisecond.
 *
 * Returns: (transfer full) (nullable): a bound socket, which listens if it is a stream;
 * `G_IO_ERROR_ADDRESS_IN_USE` where another has the port
 */
GSocket *
practice_network_listen (
  PracticeNetwork *self, GSocketType type, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) parsed = NULL;
  g_autoptr (GSocket) made = NULL;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  parsed = parse_address (address, port, error);
  if (!parsed)
    return NULL;
  made = request_socket (self, type, TRUE, parsed, error);
  if (!made)
    return NULL;
  if (type == G_SOCKET_TYPE_STREAM) {
    g_socket_set_listen_backlog (made, SOMAXCONN);
    if (!g_socket_listen (made, error))
      return NULL;
    g_signal_emit (self, signals[SIGNAL_LISTENING], 0, made, address, (guint)port);
  }
  return g_steal_pointer (&made);
}

/**
 * practice_network_set_sources:
 * @self: a network
 * @socket: a socket that listens in it
 * @sources: (nullable) (element-type utf8): IPv4 addresses; %NULL: all
 * @error: return location for an error
 *
 * Says whose connections @socket answers from now on. Others wait as for a host that is not there;
 * their kernel tries again, and they get through where they may by then. Connections that are made
 * stay.
 *
 * Returns: whether it was possible
 */
gboolean
practice_network_set_sources (PracticeNetwork *self,
                              GSocket *socket,
                              GPtrArray *sources,
                              GError **error)
{
  PracticeHolderRequest request = { .operation = PRACTICE_HOLDER_FILTER };
  PracticeHolderReply reply = { 0 };
  g_autoptr (GBytes) program = NULL;
  PracticeHolderMore more = { NULL, 0, g_socket_get_fd (socket) };

  g_return_val_if_fail (PRACTICE_IS_NETWORK (self), FALSE);
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  if (sources) {
    program = practice_source_filter_new (sources, error);
    if (!program)
      return FALSE;
    more.data = g_bytes_get_data (program, &more.length);
  }
  return practice_holder_link_ask (self->holder, &request, &more, &reply, NULL, error);
}

/**
 * practice_network_connect_async:
 * @self: a network
 * @address: an IPv4 address
 * @port: a port
 * @cancellable: (nullable): a cancellable
 * @callback: called when connected or not
 * @user_data: data of @callback
 *
 * Opens a stream from inside the sandbox's network. There is no time limit but the kernel's own.
 */
void
practice_network_connect_async (PracticeNetwork *self,
                                const char *address,
                                guint16 port,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  practice_network_connect_from_async (self, NULL, address, port, cancellable, callback, user_data);
}

/**
 * practice_network_connect_from_async:
 * @self: a network
 * @source: (nullable): the IPv4 address to connect from, any of 10.0.0.0/8; %NULL: the jumpserver's
 * @address: an IPv4 address
 * @port: a port
 * @cancellable: (nullable): a cancellable
 * @callback: called when connected or not
 * @user_data: data of @callback
 *
 * As practice_network_connect_async(), seen at the other end as a connection from @source. Ends
 * with practice_network_connect_finish().
 */
void
practice_network_connect_from_async (PracticeNetwork *self,
                                     const char *source,
                                     const char *address,
                                     guint16 port,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSocketAddress) parsed = NULL;
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) made = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PRACTICE_IS_NETWORK (self));
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_network_connect_from_async);
  parsed = parse_address (address, port, &error);
  if (parsed && source)
    bound = parse_address (source, 0, &error);
  if (parsed && (!source || bound))
    made =
      request_socket (self, G_SOCKET_TYPE_STREAM, bound != NULL, bound ? bound : parsed, &error);
  if (!made) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  connection = g_socket_connection_factory_create_connection (made);
  g_socket_connection_connect_async (connection, parsed, cancellable, connected_cb,
                                     g_steal_pointer (&task));
}

/**
 * practice_network_connect_finish:
 * @self: a network
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the connection; `G_IO_ERROR_CONNECTION_REFUSED` where
 * nothing listens, `G_IO_ERROR_NETWORK_UNREACHABLE` for an address outside the sandbox
 */
GSocketConnection *
practice_network_connect_finish (PracticeNetwork *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * practice_network_return_connection:
 * @source: a network
 * @result: the result of practice_network_connect_async() or its like
 * @task: (transfer full): the #GTask of whoever wanted the connection
 *
 * Returns from @task what came: the #GSocketConnection, or why there is none.
 */
void
practice_network_return_connection (GObject *source, GAsyncResult *result, gpointer task)
{
  g_autoptr (GTask) owned = G_TASK (task);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, &error);

  if (connection != NULL)
    g_task_return_pointer (owned, connection, g_object_unref);
  else
    g_task_return_error (owned, g_steal_pointer (&error));
}

/**
 * practice_network_enter:
 * @self: a network
 *
 * Moves the calling process, which must have one thread, into the user and the network namespace,
 * and into that of the mounts where there are volumes.
 * For a child between fork and exec: makes system calls only. The program executed then runs with
 * the sandbox's user id and without capabilities, since that id is not 0 there.
 *
 * Returns: 0, or an errno
 */
int
practice_network_enter (PracticeNetwork *self)
{
  return practice_holder_link_enter (self->holder);
}
