/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-upgrade.h"

#include <string.h>

#include "practice-websocket-reader.h"

#define SPDY_PROTOCOLS "X-Stream-Protocol-Version"
#define WEBSOCKET_PROTOCOLS "Sec-WebSocket-Protocol"
#define WEBSOCKET_KEY "Sec-WebSocket-Key"
#define WEBSOCKET_VERSION "13"

typedef struct {
  PracticeUpgradeFunc func;
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable) */
} Pending;

static void
pending_free (gpointer data, GClosure *closure)
{
  Pending *self = data;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

static void
wrote_informational_cb (SoupServerMessage *message, gpointer user_data)
{
  Pending *pending = user_data;
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  if (stream != NULL)
    pending->func (stream, pending->user_data);
}

/**
 * practice_upgrade_get_wanted:
 * @message: a request
 *
 * Returns: what its Upgrade header asks for, where we can speak it
 */
PracticeUpgrade
practice_upgrade_get_wanted (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *version = soup_message_headers_get_one (headers, "Sec-WebSocket-Version");
  const char *key = soup_message_headers_get_one (headers, WEBSOCKET_KEY);

  if (!soup_message_headers_header_contains (headers, "Connection", "upgrade"))
    return PRACTICE_UPGRADE_NONE;
  if (soup_message_headers_header_contains (headers, "Upgrade", "SPDY/3.1"))
    return PRACTICE_UPGRADE_SPDY;
  if (soup_message_headers_header_contains (headers, "Upgrade", "websocket") && key != NULL &&
      g_strcmp0 (version, WEBSOCKET_VERSION) == 0)
    return PRACTICE_UPGRADE_WEBSOCKET;
  return PRACTICE_UPGRADE_NONE;
}

/**
 * practice_upgrade_choose_protocol:
 * @message: a request
 * @upgrade: what it asks for
 * @known: protocols that we know, the best first
 *
 * Returns: (transfer none) (nullable): the first of @known that the client offers
 */
const char *
practice_upgrade_choose_protocol (SoupServerMessage *message,
                                  PracticeUpgrade upgrade,
                                  const char *const *known)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *name = upgrade == PRACTICE_UPGRADE_SPDY ? SPDY_PROTOCOLS : WEBSOCKET_PROTOCOLS;
  const char *offered = soup_message_headers_get_list (headers, name);
  g_auto (GStrv) words = g_strsplit (offered != NULL ? offered : "", ",", 32);

  for (guint i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  for (guint i = 0; known[i] != NULL; i++)
    if (g_strv_contains ((const char *const *)words, known[i]))
      return known[i];
  return NULL;
}

/**
 * practice_upgrade_start:
 * @message: a request
 * @upgrade: what it asks for
 * @protocol: (nullable): the protocol that was chosen
 * @func: gets the connection; not called where the client goes first
 * @user_data: data of @func
 * @destroy: (nullable): frees @user_data
 *
 * Answers that the connection goes on in another protocol (RFC 9110, 7.8).
 */
void
practice_upgrade_start (SoupServerMessage *message,
                        PracticeUpgrade upgrade,
                        const char *protocol,
                        PracticeUpgradeFunc func,
                        gpointer user_data,
                        GDestroyNotify destroy)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gboolean is_spdy = upgrade == PRACTICE_UPGRADE_SPDY;
  Pending *pending = g_new (Pending, 1);

  g_return_if_fail (upgrade != PRACTICE_UPGRADE_NONE);

  *pending = (Pending){ func, user_data, destroy };
  g_signal_connect_data (message, "wrote-informational", G_CALLBACK (wrote_informational_cb),
                         pending, pending_free, 0);
  soup_server_message_set_status (message, SOUP_STATUS_SWITCHING_PROTOCOLS, NULL);
  soup_message_headers_replace (headers, "Connection", "Upgrade");
  soup_message_headers_replace (headers, "Upgrade", is_spdy ? "SPDY/3.1" : "websocket");
  if (protocol != NULL)
    soup_message_headers_replace (headers, is_spdy ? SPDY_PROTOCOLS : WEBSOCKET_PROTOCOLS,
                                  protocol);
  if (!is_spdy) {
    g_autofree char *accept = practice_websocket_dup_accept (soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), WEBSOCKET_KEY));

    soup_message_headers_replace (headers, "Sec-WebSocket-Accept", accept);
  }
}
