/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "practice-addon-client.h"
#include "practice-addon-service.h"
#include "practice-bwrap.h"
#include "practice-channel.h"

#define SOCKET_PATH PRACTICE_JUMPSERVER_SOCKETS "/" PRACTICE_ADDONS_NAME
#define ANSWER_SECONDS 60

static GVariant *
receive (GSocket *socket, GError **error)
{
  g_autofree char *buffer = g_malloc (PRACTICE_CHANNEL_LIMIT);
  g_autoptr (GBytes) bytes = NULL;
  gssize length = g_socket_receive (socket, buffer, PRACTICE_CHANNEL_LIMIT, NULL, error);

  if (length < 0)
    return NULL;
  if (length == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                         _ ("the practice cluster has ended."));
    return NULL;
  }
  bytes = g_bytes_new (buffer, length);

  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
}

/**
 * practice_addon_client_ask:
 * @request: (transfer floating): a dictionary with an "op"
 * @error: return location for an error, in words for the user
 *
 * Asks the owner of the cluster, and waits until it has answered.
 *
 * Returns: (transfer full) (nullable): the answer; %NULL where the owner cannot be reached or says
 *   why it does not do it
 */
GVariant *
practice_addon_client_ask (GVariant *request, GError **error)
{
  const char *path = g_getenv (PRACTICE_ADDONS_VARIABLE);
  g_autoptr (GVariant) sunk = g_variant_ref_sink (request);
  g_autoptr (GSocket) socket = practice_channel_connect (path ? path : SOCKET_PATH, error);
  g_autoptr (GVariant) answer = NULL;
  const char *message;

  if (!socket) {
    g_prefix_error (error, "%s", _ ("the practice cluster cannot be reached: "));
    return NULL;
  }
  g_socket_set_timeout (socket, ANSWER_SECONDS);
  if (g_socket_send (socket, g_variant_get_data (sunk), g_variant_get_size (sunk), NULL, error) < 0)
    return NULL;
  answer = receive (socket, error);
  if (!answer)
    return NULL;
  if (!g_variant_lookup (answer, "message", "&s", &message))
    return g_steal_pointer (&answer);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, message);

  return NULL;
}
