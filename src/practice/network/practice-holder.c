/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice-holder.h"

/* The kernel gives the loopback device of every new network namespace this index. */
#define LOOPBACK_INDEX 1

/* Of all volumes of a pod together that are in memory. */
#define VOLUMES_OPTIONS "size=134217728,mode=0755"
#define MAX_NAMESPACES 3

/* A request, and what follows it. Only the child writes here, and it has no room to allocate in. */
static struct {
  PracticeHolderRequest request;
  union {
    struct sock_filter instructions[BPF_MAXINSNS];
    char path[PRACTICE_HOLDER_MAX_PATH];
  };
} buffer;

static guint n_parts;

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

static int
write_text (const char *path, const char *text)
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
  int error = write_text ("/proc/self/setgroups", "deny");

  if (error != 0 && error != ENOENT)
    return error;
  error = write_text ("/proc/self/uid_map", uid_map);
  if (error == 0)
    error = write_text ("/proc/self/gid_map", gid_map);
  return error;
}

/* Sends one rtnetlink request and waits for its acknowledgement: rtnetlink(7). */
static int
netlink_request (int netlink, struct nlmsghdr *request)
{
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char more[256];
  } answer = { 0 };

  request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  if (send (netlink, request, request->nlmsg_len, 0) < 0)
    return errno;
  if (recv (netlink, &answer, sizeof answer, 0) < 0)
    return errno;
  return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

static int
raise_loopback (int netlink)
{
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
    .header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK },
    .link = { .ifi_family = AF_UNSPEC,
              .ifi_index = LOOPBACK_INDEX,
              .ifi_flags = IFF_UP,
              .ifi_change = IFF_UP },
  };

  return netlink_request (netlink, &request.header);
}

/* `ip route add local 10.0.0.0/8 dev lo src ADDRESS`: each address of that net is then this
 * machine's own, and its connections come from its own address. */
static int
add_cluster_route (int netlink, guint32 own_address)
{
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr destination_header;
    struct in_addr destination;
    struct rtattr device_header;
    int device;
    struct rtattr source_header;
    struct in_addr source;
  } request = {
    .header = { .nlmsg_len = sizeof request,
                .nlmsg_type = RTM_NEWROUTE,
                .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
    .route = { .rtm_family = AF_INET,
               .rtm_dst_len = 8,
               .rtm_table = RT_TABLE_LOCAL,
               .rtm_protocol = RTPROT_STATIC,
               .rtm_scope = RT_SCOPE_HOST,
               .rtm_type = RTN_LOCAL },
    .destination_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = RTA_DST },
    .destination = { .s_addr = htonl (10u << 24) },
    .device_header = { .rta_len = RTA_LENGTH (sizeof (int)), .rta_type = RTA_OIF },
    .device = LOOPBACK_INDEX,
    .source_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = RTA_PREFSRC },
    .source = { .s_addr = own_address },
  };

  return netlink_request (netlink, &request.header);
}

/* With no address but loopback's, getaddrinfo(3) finds no IPv4 address for those who ask by
 * AI_ADDRCONFIG. */
static int
add_own_address (int netlink, guint32 own_address)
{
  struct {
    struct nlmsghdr header;
    struct ifaddrmsg address;
    struct rtattr local_header;
    struct in_addr local;
  } request = {
    .header = { .nlmsg_len = sizeof request,
                .nlmsg_type = RTM_NEWADDR,
                .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
    .address = { .ifa_family = AF_INET,
                 .ifa_prefixlen = 32,
                 .ifa_scope = RT_SCOPE_UNIVERSE,
                 .ifa_index = LOOPBACK_INDEX },
    .local_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = IFA_LOCAL },
    .local = { .s_addr = own_address },
  };

  return netlink_request (netlink, &request.header);
}

static int
set_up_network (guint32 own_address)
{
  int netlink = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  int error;

  if (netlink < 0)
    return errno;
  error = raise_loopback (netlink);
  if (error == 0)
    error = add_own_address (netlink, own_address);
  if (error == 0)
    error = add_cluster_route (netlink, own_address);
  close (netlink);
  /* Where /proc/sys cannot be written the cluster's own ports work all the same, since this
   * process, which may, binds them. */
  write_text ("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
  write_text ("/proc/sys/net/ipv4/ping_group_range", "1000 1000");
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

/* One step down, which is made where it is missing. @at is closed. */
static int
step_down (int at, const char *name)
{
  int next = openat (at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

  if (next < 0 && errno == ENOENT && mkdirat (at, name, 0777) == 0)
    next = openat (at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  close (at);
  return next;
}

/* Walks to @path in the folder @at, which is closed, and never out of it: there is no way up, and a
 * symbolic link is not followed. */
static int
walk (int at, char *path)
{
  char *rest = NULL;

  for (char *name = strtok_r (path, "/", &rest); name != NULL && at >= 0;
       name = strtok_r (NULL, "/", &rest)) {
    if (strcmp (name, "..") == 0) {
      close (at);
      errno = EINVAL;
      return -1;
    }
    if (strcmp (name, ".") != 0)
      at = step_down (at, name);
  }
  return at;
}

/* Shows what @fd is at @target, a new file or folder. */
static int
show (int fd, const char *target)
{
  char source[32];
  struct stat info;
  int made;

  if (fstat (fd, &info) < 0)
    return errno;
  if (S_ISDIR (info.st_mode)) {
    made = mkdir (target, 0777);
  } else if (S_ISREG (info.st_mode)) {
    made = open (target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    close (made);
  } else {
    return ELOOP;
  }
  snprintf (source, sizeof source, "/proc/self/fd/%d", fd);
  if (made < 0 || mount (source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
    return errno;
  return 0;
}

/* Mounts a part of a volume, where its programs cannot put anything else in its place. */
static int
mount_part (guint volume, char *path, guint *number)
{
  char name[sizeof PRACTICE_HOLDER_PART + 16];
  int fd, error;

  snprintf (name, sizeof name, PRACTICE_HOLDER_VOLUMES "/%u", volume);
  fd = open (name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    fd = walk (fd, path);
  if (fd < 0)
    return errno;
  snprintf (name, sizeof name, PRACTICE_HOLDER_PART "%u", n_parts);
  error = show (fd, name);
  close (fd);
  *number = n_parts++;
  return error;
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
    reply.error = mount_part (buffer.request.volume, buffer.path, &reply.part);
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

/* In the order of their numbers; -1 for those that begin empty. */
static int
open_folders (const char *const *volumes, guint n_volumes, int *fds)
{
  for (guint i = 0; i < n_volumes; i++) {
    fds[i] =
      volumes[i] != NULL ? open (volumes[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (volumes[i] != NULL && fds[i] < 0)
      return errno;
  }
  return 0;
}

/* What mounts there are in a namespace that a user made does not spread to the system's. */
static int
make_volumes (const char *const *volumes, guint n_volumes)
{
  int fds[PRACTICE_HOLDER_MAX_VOLUMES];
  int error;

  if (n_volumes > PRACTICE_HOLDER_MAX_VOLUMES)
    return E2BIG;
  if (unshare (CLONE_NEWNS) < 0)
    return errno;
  /* Before what they may be in is covered. */
  error = open_folders (volumes, n_volumes, fds);
  if (error != 0)
    return error;
  if (mount ("tmpfs", PRACTICE_HOLDER_VOLUMES, "tmpfs", MS_NOSUID | MS_NODEV, VOLUMES_OPTIONS) < 0)
    return errno;
  umask (0);
  for (guint i = 0; i < n_volumes && error == 0; i++) {
    char path[sizeof PRACTICE_HOLDER_VOLUMES + 16];

    snprintf (path, sizeof path, PRACTICE_HOLDER_VOLUMES "/%u", i);
    if (fds[i] >= 0)
      error = show (fds[i], path);
    else if (mkdir (path, 0777) < 0)
      error = errno;
    if (fds[i] >= 0)
      close (fds[i]);
  }
  return error;
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
    error = set_up_network (own_address);
  if (error == 0 && n_volumes > 0)
    error = make_volumes (volumes, n_volumes);
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
