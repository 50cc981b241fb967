/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdmessage.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "practice-holder.h"
#include "practice-network.h"
#include "practice-source-filter.h"

/* The user and group id that the sandbox's processes have in its user namespace. */
#define SANDBOX_ID 1000
#define REPLY_SECONDS 5

struct _PracticeNetwork {
  GObject parent_instance;

  GSocket *holder; /* (nullable) (owned): what the child reads requests from */
  pid_t pid;
  int user_namespace;
  int net_namespace;
  int mount_namespace; /* -1: there are no volumes */
  guint n_volumes;
};

G_DEFINE_FINAL_TYPE (PracticeNetwork, practice_network, G_TYPE_OBJECT)

enum {
  SIGNAL_LISTENING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What to do where a well known setting of the system refuses user namespaces. */
static const struct {
  const char *path;
  const char *refused;
  const char *command;
} settings[] = {
  { "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
    "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0" },
  { "/proc/sys/kernel/unprivileged_userns_clone", "0",
    "sudo sysctl kernel.unprivileged_userns_clone=1" },
  { "/proc/sys/user/max_user_namespaces", "0", "sudo sysctl user.max_user_namespaces=15000" },
};

static const char *
find_remedy (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autofree char *value = NULL;

    if (g_file_get_contents (settings[i].path, &value, NULL, NULL) &&
        g_strcmp0 (g_strstrip (value), settings[i].refused) == 0)
      return settings[i].command;
  }
  return NULL;
}

static void
set_refused (GError **error, PracticeHolderReply reply)
{
  const char *remedy = find_remedy ();

  if (remedy)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 /* Translators: %s is a command line */
                 _ ("This computer does not let programs make networks of their own. “%s” "
                    "allows it."),
                 remedy);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 /* Translators: %s is the system's reason, such as "Operation not permitted" */
                 _ ("This computer does not let programs make networks of their own: %s"),
                 g_strerror (reply.error));
}

static void
set_error_from_reply (GError **error, PracticeHolderReply reply)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (reply.error),
                       g_strerror (reply.error));
}

/* One answer of the holder; @fds gets the file descriptors that came with it, at most @n_fds. */
static gboolean
receive_reply (
  PracticeNetwork *self, PracticeHolderReply *reply, int *fds, gsize n_fds, GError **error)
{
  GInputVector data = { reply, sizeof *reply };
  g_autofree GSocketControlMessage **messages = NULL;
  int n_messages = 0;
  int flags = 0;
  gssize length;
  gsize n_found = 0;

  length = g_socket_receive_message (self->holder, NULL, &data, 1, &messages, &n_messages, &flags,
                                     NULL, error);
  for (int i = 0; i < n_messages; i++) {
    g_autoptr (GSocketControlMessage) message = messages[i];
    g_autofree int *found = NULL;
    int n = 0;

    if (G_IS_UNIX_FD_MESSAGE (message))
      found = g_unix_fd_message_steal_fds (G_UNIX_FD_MESSAGE (message), &n);
    for (int j = 0; j < n; j++) {
      if (n_found < n_fds)
        fds[n_found++] = found[j];
      else
        close (found[j]);
    }
  }
  if (length == sizeof *reply && n_found == (reply->error == 0 ? n_fds : 0))
    return TRUE;

  for (gsize i = 0; i < n_found; i++)
    close (fds[i]);
  if (length >= 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                         _ ("The practice network has ended."));
  return FALSE;
}

/* proc(5). Where memory is watched over by tools of their own there is none to give back. */
static void
find_heap (PracticeHolderHeap *heap)
{
#ifdef __SANITIZE_ADDRESS__
  heap->start = NULL;
#else
  g_autofree char *maps = NULL;
  const char *line;

  heap->start = NULL;
  if (!g_file_get_contents ("/proc/self/maps", &maps, NULL, NULL))
    return;
  line = strstr (maps, "[heap]");
  while (line != NULL && line > maps && line[-1] != '\n')
    line--;
  if (line == NULL)
    return;
  heap->start = GSIZE_TO_POINTER (g_ascii_strtoull (line, NULL, 16));
  heap->length = (gsize)((char *)sbrk (0) - (char *)heap->start);
#endif
}

static gboolean
start_holder (PracticeNetwork *self, const char *own_address, GPtrArray *volumes, GError **error)
{
  guint n_volumes = volumes != NULL ? volumes->len : 0;
  struct in_addr own = { 0 };
  g_autofree char *uid_map = g_strdup_printf ("%d %u 1", SANDBOX_ID, geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("%d %u 1", SANDBOX_ID, getegid ());
  PracticeHolderReply reply = { 0 };
  int sockets[2];
  int namespaces[3];
  guint n_namespaces = n_volumes > 0 ? 3 : 2;
  pid_t parent = getpid ();
  PracticeHolderHeap heap;

  inet_pton (AF_INET, own_address, &own);
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  find_heap (&heap);
  self->pid = fork ();
  if (self->pid == 0)
    practice_holder_run (sockets[1], parent, uid_map, gid_map, own.s_addr,
                         n_volumes > 0 ? (const char *const *)volumes->pdata : NULL, n_volumes,
                         &heap);
  close (sockets[1]);
  if (self->pid < 0) {
    close (sockets[0]);
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }

  self->holder = g_socket_new_from_fd (sockets[0], error);
  if (!self->holder) {
    close (sockets[0]);
    return FALSE;
  }
  g_socket_set_timeout (self->holder, REPLY_SECONDS);
  if (!receive_reply (self, &reply, namespaces, n_namespaces, error))
    return FALSE;
  if (reply.error != 0) {
    set_refused (error, reply);
    return FALSE;
  }
  self->user_namespace = namespaces[0];
  self->net_namespace = namespaces[1];
  if (n_volumes > 0)
    self->mount_namespace = namespaces[2];
  self->n_volumes = n_volumes;
  return TRUE;
}

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

  if (g_socket_send (self->holder, (const char *)&request, sizeof request, NULL, error) < 0 ||
      !receive_reply (self, &reply, &fd, 1, error))
    return NULL;
  if (reply.error != 0) {
    set_error_from_reply (error, reply);
    return NULL;
  }
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
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static void
practice_network_dispose (GObject *object)
{
  PracticeNetwork *self = PRACTICE_NETWORK (object);

  g_clear_object (&self->holder);
  close_fd (&self->user_namespace);
  close_fd (&self->net_namespace);
  close_fd (&self->mount_namespace);
  if (self->pid > 0) {
    kill (self->pid, SIGKILL);
    while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
      ;
    self->pid = 0;
  }

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
  self->user_namespace = -1;
  self->net_namespace = -1;
  self->mount_namespace = -1;
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

  return start_holder (self, own_address, volumes, error) ? g_steal_pointer (&self) : NULL;
}

/* FALSE: it cannot be mounted. */
static gboolean
mount_part (PracticeNetwork *self, guint volume, const char *path, guint *part, GError **error)
{
  PracticeHolderRequest request = { .operation = PRACTICE_HOLDER_MOUNT, .volume = volume };
  GOutputVector vectors[] = { { &request, sizeof request }, { path, strlen (path) } };
  PracticeHolderReply reply = { 0 };

  if (strlen (path) >= PRACTICE_HOLDER_MAX_PATH) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                         g_strerror (ENAMETOOLONG));
    return FALSE;
  }
  if (g_socket_send_message (self->holder, NULL, vectors, G_N_ELEMENTS (vectors), NULL, 0, 0, NULL,
                             error) < 0 ||
      !receive_reply (self, &reply, NULL, 0, error))
    return FALSE;
  if (reply.error != 0) {
    set_error_from_reply (error, reply);
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
  g_autoptr (GSocketControlMessage) message = NULL;
  GOutputVector vectors[2] = { { &request, sizeof request }, { NULL, 0 } };

  g_return_val_if_fail (PRACTICE_IS_NETWORK (self), FALSE);
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  if (sources) {
    program = practice_source_filter_new (sources, error);
    if (!program)
      return FALSE;
    vectors[1].buffer = g_bytes_get_data (program, &vectors[1].size);
  }
  message = g_unix_fd_message_new ();
  if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (message), g_socket_get_fd (socket), error) ||
      g_socket_send_message (self->holder, NULL, vectors, sources ? 2 : 1, &message, 1, 0, NULL,
                             error) < 0 ||
      !receive_reply (self, &reply, NULL, 0, error))
    return FALSE;
  if (reply.error != 0) {
    set_error_from_reply (error, reply);
    return FALSE;
  }
  return TRUE;
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
  if (setns (self->user_namespace, CLONE_NEWUSER) < 0 ||
      setns (self->net_namespace, CLONE_NEWNET) < 0 ||
      (self->mount_namespace >= 0 && setns (self->mount_namespace, CLONE_NEWNS) < 0))
    return errno;
  return 0;
}
