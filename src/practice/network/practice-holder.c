/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-holder-private.h"

#define MAX_NAMESPACES 3

/* A request, and what follows it. Only the child writes here, and it has no room to allocate in. */
static struct {
  PracticeHolderRequest request;
  union {
    struct sock_filter instructions[BPF_MAXINSNS];
    char path[PRACTICE_HOLDER_MAX_PATH];
  };
} buffer;

static void
close_all_but (int socket)
{
  int devnull = open ("/dev/null", O_RDWR);

  for (int fd = 0; fd < 3; fd++) {
    if (devnull >= 0)
      dup2 (devnull, fd);
    else
      close (fd);
  }
  dup2 (socket, 3);
  if (close_range (4, ~0U, 0) < 0) {
    for (int fd = 4; fd < getdtablesize (); fd++)
      close (fd);
  }
}

int
practice_holder_write_text (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  int result = 0;

  if (fd < 0)
    return errno;
  if (write (fd, text, strlen (text)) < 0)
    result = errno;
  close (fd);
  return result;
}

/* user_namespaces(7): without the right to set groups a process maps its own group only after
 * it has given setgroups up. */
static int
map_identity (const char *uid_map, const char *gid_map)
{
  int error = practice_holder_write_text ("/proc/self/setgroups", "deny");

  if (error != 0 && error != ENOENT)
    return error;
  error = practice_holder_write_text ("/proc/self/uid_map", uid_map);
  if (error == 0)
    error = practice_holder_write_text ("/proc/self/gid_map", gid_map);
  return error;
}

static gboolean
send_reply (int socket, PracticeHolderReply reply, const int *fds, guint n_fds)
{
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE (MAX_NAMESPACES * sizeof (int))];
  } control = { 0 };
  struct iovec data = { .iov_base = &reply, .iov_len = sizeof reply };
  struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };

  if (n_fds > 0) {
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE (n_fds * sizeof (int));
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN (n_fds * sizeof (int));
    memcpy (CMSG_DATA (&control.header), fds, n_fds * sizeof (int));
  }
  return sendmsg (socket, &message, MSG_NOSIGNAL) == sizeof reply;
}

static int
make_socket (const PracticeHolderRequest *request, int *fd)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_addr.s_addr = request->address,
    .sin_port = request->port,
  };
  int yes = 1;
  int error;

  *fd = socket (AF_INET, request->type | SOCK_CLOEXEC, 0);
  if (*fd < 0)
    return errno;
  if (!request->bind)
    return 0;
  if (request->type == SOCK_STREAM)
    setsockopt (*fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind (*fd, (struct sockaddr *)&address, sizeof address) == 0)
    return 0;
  error = errno;
  close (*fd);
  return error;
}

/* Programs that see packets want a right in the network's user namespace, which this process
 * has. */
static int
filter_socket (int fd, gsize length)
{
  struct sock_fprog program = {
    .len = length / sizeof (struct sock_filter),
    .filter = buffer.instructions,
  };
  int result;

  if (program.len > 0)
    result = setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  else
    result = setsockopt (fd, SOL_SOCKET, SO_DETACH_FILTER, &(int){ 0 }, sizeof (int));
  /* There may have been none. */
  return result == 0 || (program.len == 0 && errno == ENOENT) ? 0 : errno;
}

/* Returns what recvmsg() does; @fd gets the file descriptor that came, or -1. */
static gssize
receive_request (int socket, int *fd)
{
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof (int))];
  } control = { 0 };
  struct iovec data = { .iov_base = &buffer, .iov_len = sizeof buffer };
  struct msghdr message = {
    .msg_iov = &data,
    .msg_iovlen = 1,
    .msg_control = &control,
    .msg_controllen = sizeof control,
  };
  gssize length = recvmsg (socket, &message, MSG_CMSG_CLOEXEC);

  *fd = -1;
  if (length > 0 && CMSG_FIRSTHDR (&message) != NULL && control.header.cmsg_type == SCM_RIGHTS &&
      control.header.cmsg_len == CMSG_LEN (sizeof (int)))
    memcpy (fd, CMSG_DATA (&control.header), sizeof (int));
  return length;
}

/* Does what @buffer asks, with @fd, which it closes. */
static gboolean
answer_request (int socket, gsize length, int fd)
{
  PracticeHolderReply reply = { 0 };
  gboolean has_made = buffer.request.operation == PRACTICE_HOLDER_MAKE;
  gboolean sent;

  if (has_made)
    reply.error = make_socket (&buffer.request, &fd);
  else if (buffer.request.operation == PRACTICE_HOLDER_MOUNT)
    reply.error = practice_holder_mount_part (buffer.request.volume, buffer.path, &reply.part);
  else
    reply.error = filter_socket (fd, length - sizeof buffer.request);
  sent = send_reply (socket, reply, &fd, has_made && reply.error == 0 ? 1 : 0);
  if (fd >= 0 && (!has_made || reply.error == 0))
    close (fd);
  return sent;
}

static void
serve (int socket)
{
  gssize length;
  int fd;

  while ((length = receive_request (socket, &fd)) != 0) {
    if (length < 0 && errno == EINTR)
      continue;
    if (length >= 0 && length < (gssize)sizeof buffer)
      ((char *)&buffer)[length] = '\0';
    if (length < (gssize)sizeof buffer.request || !answer_request (socket, length, fd))
      break;
  }
}

static int
enter_namespaces (const char *uid_map,
                  const char *gid_map,
                  guint32 own_address,
                  const char *const *volumes,
                  guint n_volumes)
{
  int error;

  if (unshare (CLONE_NEWUSER | CLONE_NEWNET) < 0)
    return errno;
  error = map_identity (uid_map, gid_map);
  if (error == 0)
    error = practice_holder_set_up_network (own_address);
  if (error == 0 && n_volumes > 0)
    error = practice_holder_make_volumes (volumes, n_volumes);
  return error;
}

/* Returns how many there are, or -1. */
static int
open_namespaces (int *fds, gboolean has_volumes)
{
  static const char *const paths[MAX_NAMESPACES] = { "/proc/self/ns/user", "/proc/self/ns/net",
                                                     "/proc/self/ns/mnt" };
  int n_fds = has_volumes ? MAX_NAMESPACES : MAX_NAMESPACES - 1;

  for (int i = 0; i < n_fds; i++) {
    fds[i] = open (paths[i], O_RDONLY | O_CLOEXEC);
    if (fds[i] < 0)
      return -1;
  }
  return n_fds;
}

/**
 * practice_holder_run:
 * @socket: a sequenced-packet socket to the parent
 * @parent: the parent's process id
 * @uid_map: text for /proc/self/uid_map
 * @gid_map: text for /proc/self/gid_map
 * @own_address: of the machine that is in the network, in network order
 * @volumes: (array length=n_volumes): what each shows
 * @n_volumes: how many folders to make; 0: no mount namespace
 * @heap: the heap of the parent
 *
 * Makes a user and a network namespace, and one of mounts, sends file descriptors of them (or why
 * not) as the first answer, then makes sockets as asked until @socket is closed. Ends with its
 * parent.
 */
void
practice_holder_run (int socket,
                     int parent,
                     const char *uid_map,
                     const char *gid_map,
                     guint32 own_address,
                     const char *const *volumes,
                     guint n_volumes,
                     const PracticeHolderHeap *heap)
{
  const PracticeHolderHeap given = *heap;
  PracticeHolderReply reply = { 0 };
  int namespaces[MAX_NAMESPACES];
  int n_namespaces = 0;

  close_all_but (socket);
  socket = 3;
  for (int number = 1; number < NSIG; number++)
    signal (number, SIG_DFL);
  /* A Ctrl+C in the parent's terminal is the parent's to handle. */
  setsid ();
  reply.error = enter_namespaces (uid_map, gid_map, own_address, volumes, n_volumes);

  /* Not before: a change of credentials clears it, prctl(2). The parent may be gone already. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (0);
  prctl (PR_SET_NAME, "konvoy-network");

  if (reply.error == 0) {
    n_namespaces = open_namespaces (namespaces, n_volumes > 0);
    if (n_namespaces < 0)
      reply.error = errno;
  }
  if (send_reply (socket, reply, namespaces, reply.error == 0 ? n_namespaces : 0) &&
      reply.error == 0) {
    /* Nothing that follows is in it, or allocates. */
    if (given.start != NULL)
      madvise (given.start, given.length, MADV_DONTNEED);
    serve (socket);
  }
  _exit (0);
}
