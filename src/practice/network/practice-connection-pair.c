/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-connection-pair.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static GSocketConnection *
new_connection (int fd, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (socket == NULL) {
    close (fd);
    return NULL;
  }

  return g_socket_connection_factory_create_connection (socket);
}

/**
 * practice_connection_pair_open:
 * @near_end: (out): one end
 * @far_end: (out): the other
 * @error: return location
 *
 * Makes a connection whose ends are both in this process.
 *
 * Returns: whether there is one
 */
gboolean
practice_connection_pair_open (GSocketConnection **near_end,
                               GSocketConnection **far_end,
                               GError **error)
{
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  *near_end = new_connection (fds[0], error);
  *far_end = new_connection (fds[1], error);
  if (*near_end != NULL && *far_end != NULL)
    return TRUE;
  g_clear_object (near_end);
  g_clear_object (far_end);

  return FALSE;
}
