/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-socks-client.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "practice-socks.h"

#define MAX_NAME 255
#define REPLY_SIZE 10

static gboolean
send_all (GSocket *socket, const guint8 *data, gsize length, GError **error)
{
  return g_socket_send (socket, (const char *)data, length, NULL, error) == (gssize)length;
}

static gboolean
receive_all (GSocket *socket, guint8 *data, gsize length, GError **error)
{
  while (length > 0) {
    gssize received = g_socket_receive (socket, (char *)data, length, NULL, error);

    if (received == 0)
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, g_strerror (ECONNRESET));
    if (received <= 0)
      return FALSE;
    data += received;
    length -= (gsize)received;
  }
  return TRUE;
}

static GSocket *
open_proxy (const char *path, GError **error)
{
  static const guint8 greeting[] = { PRACTICE_SOCKS_VERSION, 1, 0 };
  guint8 answer[2];
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, error);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  if (socket == NULL || !g_socket_connect (socket, address, NULL, error) ||
      !send_all (socket, greeting, sizeof greeting, error) ||
      !receive_all (socket, answer, sizeof answer, error))
    return NULL;
  return g_steal_pointer (&socket);
}

/* FALSE: nothing has come back. @reply gets the whole answer otherwise. */
static gboolean
ask (GSocket *socket, guint8 command, const char *host, guint16 port, guint8 *reply, GError **error)
{
  guint8 request[5 + MAX_NAME + 2] = { PRACTICE_SOCKS_VERSION, command, 0,
                                       PRACTICE_SOCKS_ADDRESS_NAME };
  gsize length = strlen (host);

  if (length > MAX_NAME) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "Name or service not known");
    return FALSE;
  }
  request[4] = (guint8)length;
  memcpy (request + 5, host, length);
  request[5 + length] = port >> 8;
  request[6 + length] = port & 0xff;
  return send_all (socket, request, length + 7, error) &&
         receive_all (socket, reply, REPLY_SIZE, error);
}

static const char *
get_words (guint8 code)
{
  switch (code) {
    case PRACTICE_SOCKS_HOST_UNREACHABLE:
      return "Name or service not known";
    case PRACTICE_SOCKS_REFUSED:
      return g_strerror (ECONNREFUSED);
    default:
      return g_strerror (ETIMEDOUT);
  }
}

/**
 * practice_socks_client_connect:
 * @path: Unix socket of a proxy
 * @host: a name or an IPv4 address
 * @port: the port there
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a socket to that port
 */
GSocket *
practice_socks_client_connect (const char *path, const char *host, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = open_proxy (path, error);
  guint8 reply[REPLY_SIZE];

  if (socket == NULL || !ask (socket, PRACTICE_SOCKS_CONNECT, host, port, reply, error))
    return NULL;
  if (reply[1] == PRACTICE_SOCKS_GRANTED)
    return g_steal_pointer (&socket);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, get_words (reply[1]));
  return NULL;
}

/**
 * practice_socks_client_resolve:
 * @path: Unix socket of a proxy
 * @name: a host name
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its IPv4 address; "" where it has none
 */
char *
practice_socks_client_resolve (const char *path, const char *name, GError **error)
{
  g_autoptr (GSocket) socket = open_proxy (path, error);
  guint8 reply[REPLY_SIZE];

  if (socket == NULL || !ask (socket, PRACTICE_SOCKS_RESOLVE, name, 0, reply, error))
    return NULL;
  if (reply[1] != PRACTICE_SOCKS_GRANTED)
    return g_strdup ("");
  return g_strdup_printf ("%u.%u.%u.%u", reply[4], reply[5], reply[6], reply[7]);
}
