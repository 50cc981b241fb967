/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-route.h"

/**
 * practice_route_new:
 * @sender: who sends
 * @address: an IPv4 address
 * @port: a port
 *
 * Returns: (transfer full): a route of which only the beginning is known: @visitor and @target are
 *   %NULL
 */
PracticeRoute *
practice_route_new (const PracticePeer *sender, const char *address, guint16 port)
{
  PracticeRoute *self = g_new0 (PracticeRoute, 1);

  /* A pod's loopback is its own. */
  if (sender->pod != NULL && g_str_has_prefix (address, "127."))
    address = sender->address;
  self->sender = practice_peer_copy (sender);
  self->first = practice_endpoint_new (address, port);
  return self;
}

/**
 * practice_route_free:
 * @self: (transfer full): a route
 *
 * Frees @self.
 */
void
practice_route_free (PracticeRoute *self)
{
  practice_peer_free (self->sender);
  g_clear_pointer (&self->visitor, practice_peer_free);
  practice_endpoint_free (self->first);
  g_clear_pointer (&self->target, practice_endpoint_free);
  g_free (self);
}
