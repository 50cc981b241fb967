/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice-channel.h"
#include "practice-folder.h"
#include "practice-owner-process.h"
#include "practice-owner.h"
#include "practice-store-rescue.h"

/* An owner that ends takes part of this, one that starts gives its answer at once. */
#define WAIT_SECONDS 10
#define RETRY_MS 10

static void
silence (int fd)
{
  int devnull = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (devnull >= 0) {
    dup2 (devnull, fd);
    close (devnull);
  }
}

/* Each connection into the network takes two file descriptors. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

/* The child of a fork: nothing of it stays in the client's session, streams or folders. */
G_NORETURN static void
run_owner (PracticeFolder *folder, int socket_fd, gboolean complains, guint32 seed)
{
  g_autoptr (PracticeOwner) owner = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (socket_fd, NULL);

  setsid ();
  umask (077);
  silence (STDIN_FILENO);
  silence (STDOUT_FILENO);
  if (!complains)
    silence (STDERR_FILENO);
  if (chdir ("/") < 0)
    _exit (EXIT_FAILURE);
  raise_file_limit ();
  owner = practice_owner_new (g_object_ref (folder), seed);
  if (socket)
    practice_owner_run (owner, socket);
  g_clear_object (&owner);
  exit (EXIT_SUCCESS);
}

/* @folder is locked; its lock goes on to the child. */
static GSocket *
start_owner (PracticeFolder *folder, gboolean complains, guint32 seed, GError **error)
{
  GSocket *socket;
  int sockets[2];
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return NULL;
  }
  pid = fork ();
  if (pid == 0) {
    close (sockets[0]);
    run_owner (folder, sockets[1], complains, seed);
  }
  close (sockets[1]);
  if (pid < 0)
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  socket = pid < 0 ? NULL : g_socket_new_from_fd (sockets[0], error);
  if (!socket)
    close (sockets[0]);
  return socket;
}

/* Whether the owner at the other side takes us, rather than being about to end. */
static gboolean
is_welcome (GSocket *socket)
{
  char buffer[256];
  gboolean is_welcome;

  g_socket_set_timeout (socket, WAIT_SECONDS);
  is_welcome = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL) > 0;
  g_socket_set_timeout (socket, 0);
  return is_welcome;
}

/* What to do where a folder has no owner. */
typedef enum {
  START,
  START_COMPLAINING, /* it may use standard error */
  START_ANEW,        /* where its state is damaged, that is set aside before */
  GIVE_UP
} WithoutOwner;

typedef struct {
  const char *path; /* of the folder */
  WithoutOwner otherwise;
  guint32 seed;
  char *set_aside; /* (nullable) (owned): what was damaged */
} Connecting;

static void
set_no_owner (GError **error, const char *path)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               _ ("No practice cluster is running in “%s”. Start it first."), path);
}

/* @folder is locked. */
static gboolean
rescue (PracticeFolder *folder, Connecting *connecting, GError **error)
{
  g_autofree char *store = practice_folder_dup_store (folder);

  return connecting->otherwise != START_ANEW || connecting->set_aside ||
         practice_store_rescue (store, &connecting->set_aside, error);
}

/* NULL without @error: there is none just now. */
static GSocket *
try_connect (Connecting *connecting, GError **error)
{
  g_autoptr (PracticeFolder) folder = practice_folder_new (connecting->path, error);
  g_autoptr (GSocket) socket = NULL;
  g_autofree char *published = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!folder)
    return NULL;
  if (practice_folder_lock (folder, &local_error)) {
    if (connecting->otherwise == GIVE_UP) {
      set_no_owner (error, connecting->path);
      return NULL;
    }
    if (!rescue (folder, connecting, error))
      return NULL;
    socket =
      start_owner (folder, connecting->otherwise == START_COMPLAINING, connecting->seed, error);
  } else if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  } else {
    published = practice_folder_dup_published (folder);
    if (published)
      socket = practice_channel_connect (published, NULL);
  }
  return socket && is_welcome (socket) ? g_steal_pointer (&socket) : NULL;
}

static GSocket *
connect_in_time (Connecting *connecting, GError **error)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  do {
    g_autoptr (GError) local_error = NULL;
    GSocket *socket = try_connect (connecting, &local_error);

    if (socket)
      return socket;
    if (local_error) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    g_usleep (RETRY_MS * 1000);
  } while (g_get_monotonic_time () < end);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               _ ("Another konvoy-practice uses “%s” and does not answer."), connecting->path);
  return NULL;
}

/**
 * practice_owner_process_connect:
 * @folder: where the cluster is kept, made if missing
 * @owner_complains: whether an owner that is started may use standard error
 * @seed: of the choices of an owner that is started, so that they can be repeated; 0: not
 * @error: return location for an error
 *
 * Connects to the owner of @folder, in a process of its own that lives as long as one of its
 * clients. Where there is none it is forked from this process, which must have one thread still.
 * Blocks until the owner has answered.
 *
 * Returns: (transfer full) (nullable): a socket for a channel, after the message "welcome" that
 * practice-control.c describes
 */
GSocket *
practice_owner_process_connect (const char *folder,
                                gboolean owner_complains,
                                guint32 seed,
                                GError **error)
{
  Connecting connecting = { folder, owner_complains ? START_COMPLAINING : START, seed, NULL };

  g_return_val_if_fail (folder != NULL, NULL);

  return connect_in_time (&connecting, error);
}

/**
 * practice_owner_process_renew:
 * @folder: where the cluster is kept, made if missing
 * @set_aside: (out) (transfer full) (nullable): where the state is now that was found damaged; also
 *   where this fails
 * @error: return location for an error
 *
 * As practice_owner_process_connect(), for a user who wants the cluster to begin anew: where there
 * is no owner, a state that is damaged does not keep one from starting.
 *
 * Returns: (transfer full) (nullable): the socket
 */
GSocket *
practice_owner_process_renew (const char *folder, char **set_aside, GError **error)
{
  Connecting connecting = { folder, START_ANEW, 0, NULL };
  GSocket *socket;

  g_return_val_if_fail (folder != NULL, NULL);
  g_return_val_if_fail (set_aside != NULL, NULL);

  socket = connect_in_time (&connecting, error);
  *set_aside = connecting.set_aside;
  return socket;
}

/**
 * practice_owner_process_join:
 * @folder: where the cluster is kept
 * @error: return location for an error
 *
 * As practice_owner_process_connect(), but starts no owner.
 *
 * Returns: (transfer full) (nullable): the socket; `G_IO_ERROR_NOT_FOUND` where there is no owner
 */
GSocket *
practice_owner_process_join (const char *folder, GError **error)
{
  Connecting connecting = { folder, GIVE_UP, 0, NULL };

  g_return_val_if_fail (folder != NULL, NULL);

  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    set_no_owner (error, folder);
    return NULL;
  }
  return connect_in_time (&connecting, error);
}
