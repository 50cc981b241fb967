/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-holder-link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gunixfdmessage.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The user and group id that the sandbox's processes have in its user namespace. */
#define SANDBOX_ID 1000
#define REPLY_SECONDS 5

struct _PracticeHolderLink {
  GSocket *socket; /* (nullable) (owned): what the child reads requests from */
  pid_t pid;
  int user_namespace;
  int net_namespace;
  int mount_namespace; /* -1: there are no volumes */
};

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

/* One answer of the holder; @fds gets the file descriptors that came with it, at most @n_fds. */
static gboolean
receive_reply (
  PracticeHolderLink *self, PracticeHolderReply *reply, int *fds, gsize n_fds, GError **error)
{
  GInputVector data = { reply, sizeof *reply };
  g_autofree GSocketControlMessage **messages = NULL;
  int n_messages = 0;
  int flags = 0;
  gssize length;
  gsize n_found = 0;

  length = g_socket_receive_message (self->socket, NULL, &data, 1, &messages, &n_messages, &flags,
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
start (PracticeHolderLink *self, const char *own_address, GPtrArray *volumes, GError **error)
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

  self->socket = g_socket_new_from_fd (sockets[0], error);
  if (!self->socket) {
    close (sockets[0]);
    return FALSE;
  }
  g_socket_set_timeout (self->socket, REPLY_SECONDS);
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
  return TRUE;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/**
 * practice_holder_link_new:
 * @own_address: an IPv4 address of 10.0.0.0/8
 * @volumes: (nullable) (element-type utf8): the folders that its machine shall have
 * @error: return location for an error
 *
 * Starts a holder, and waits until its namespaces are made. It ends with the thread that calls this
 * (prctl(2), `PR_SET_PDEATHSIG`).
 *
 * Returns: (transfer full) (nullable): the holder; %G_IO_ERROR_NOT_SUPPORTED with a sentence for
 *   the user where the system refuses such namespaces
 */
PracticeHolderLink *
practice_holder_link_new (const char *own_address, GPtrArray *volumes, GError **error)
{
  g_autoptr (PracticeHolderLink) self = g_new0 (PracticeHolderLink, 1);

  self->user_namespace = -1;
  self->net_namespace = -1;
  self->mount_namespace = -1;
  return start (self, own_address, volumes, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_holder_link_free:
 * @self: (transfer full): a holder
 *
 * Ends it, and waits until it has ended.
 */
void
practice_holder_link_free (PracticeHolderLink *self)
{
  g_clear_object (&self->socket);
  close_fd (&self->user_namespace);
  close_fd (&self->net_namespace);
  close_fd (&self->mount_namespace);
  if (self->pid > 0) {
    kill (self->pid, SIGKILL);
    while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
      ;
  }
  g_free (self);
}

/**
 * practice_holder_link_ask:
 * @self: a holder
 * @request: what it is to do
 * @more: (nullable): what goes with that
 * @reply: (out): its answer
 * @made: (out) (nullable): the file descriptor that @request is for; %NULL where it is for none
 * @error: return location for an error
 *
 * Blocks for a round trip, well under a millisecond.
 *
 * Returns: whether it was done; where the holder says why not, that is in @reply too
 */
gboolean
practice_holder_link_ask (PracticeHolderLink *self,
                          const PracticeHolderRequest *request,
                          const PracticeHolderMore *more,
                          PracticeHolderReply *reply,
                          int *made,
                          GError **error)
{
  GOutputVector vectors[] = { { request, sizeof *request }, { NULL, 0 } };
  g_autoptr (GSocketControlMessage) message = NULL;

  *reply = (PracticeHolderReply){ 0 };
  if (more != NULL && more->fd >= 0) {
    message = g_unix_fd_message_new ();
    if (!g_unix_fd_message_append_fd (G_UNIX_FD_MESSAGE (message), more->fd, error))
      return FALSE;
  }
  if (more != NULL && more->length > 0)
    vectors[1] = (GOutputVector){ more->data, more->length };
  if (g_socket_send_message (self->socket, NULL, vectors, vectors[1].size > 0 ? 2 : 1, &message,
                             message != NULL ? 1 : 0, 0, NULL, error) < 0 ||
      !receive_reply (self, reply, made, made != NULL ? 1 : 0, error))
    return FALSE;
  if (reply->error == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (reply->error),
                       g_strerror (reply->error));
  return FALSE;
}

/**
 * practice_holder_link_enter:
 * @self: a holder
 *
 * Moves the calling process, which must have one thread, into the namespaces that it holds. For a
 * child between fork and exec: makes system calls only.
 *
 * Returns: 0, or an errno
 */
int
practice_holder_link_enter (PracticeHolderLink *self)
{
  if (setns (self->user_namespace, CLONE_NEWUSER) < 0 ||
      setns (self->net_namespace, CLONE_NEWNET) < 0 ||
      (self->mount_namespace >= 0 && setns (self->mount_namespace, CLONE_NEWNS) < 0))
    return errno;
  return 0;
}
