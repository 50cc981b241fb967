/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-inside.h"

#include "base-json.h"

#define RESOLVER_ADDRESS "127.0.0.53"
#define RESOLVER_PORT 53
#define MASTER_PORT 6443

/* Where the Service kubernetes leads, for programs in pods. */
static gboolean
serve_masters (const PracticeInside *self, GError **error)
{
  JsonNode *endpoints = practice_store_get (self->store, "/endpoints", "default", "kubernetes");
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);
  JsonNode *first =
    subsets && json_array_get_length (subsets) > 0 ? json_array_get_element (subsets, 0) : NULL;
  JsonArray *masters = base_json_get_array (first, "addresses", NULL);
  guint n_masters = masters ? json_array_get_length (masters) : 0;

  for (guint i = 0; i < n_masters; i++) {
    const char *address = base_json_get_string (json_array_get_element (masters, i), "ip", NULL);
    g_autoptr (GSocket) socket =
      address
        ? practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, address, MASTER_PORT, error)
        : NULL;

    if (address && (!socket || !practice_api_server_listen_socket (self->api, socket, error)))
      return FALSE;
  }
  return TRUE;
}

static GStrv
look_up (const char *name, gpointer user_data)
{
  PracticeInside *self = user_data;
  g_autoptr (GStrvBuilder) addresses = g_strv_builder_new ();
  g_autofree char *address = self->resolve (name, self->user_data);

  if (!address)
    return NULL;
  g_strv_builder_add (addresses, address);
  return g_strv_builder_end (addresses);
}

/**
 * practice_inside_serve:
 * @self: what is served; lives as long as the returned server
 * @error: return location
 *
 * Has the API, where the jumpserver and the pods look for it, and the sites of the Internet answer
 * in the network.
 *
 * Returns: (transfer full) (nullable): the server that knows their names
 */
PracticeDnsServer *
practice_inside_serve (PracticeInside *self, GError **error)
{
  g_autoptr (GSocket) api =
    practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, "127.0.0.1",
                             practice_api_server_get_port (self->api), error);
  g_autoptr (PracticeDnsServer) dns = NULL;
  g_autoptr (GSocket) datagram = NULL;
  g_autoptr (GSocket) stream = NULL;

  if (!api || !practice_api_server_listen_socket (self->api, api, error) ||
      !serve_masters (self, error))
    return NULL;
  datagram = practice_network_listen (self->network, G_SOCKET_TYPE_DATAGRAM, RESOLVER_ADDRESS,
                                      RESOLVER_PORT, error);
  if (!datagram)
    return NULL;
  stream = practice_network_listen (self->network, G_SOCKET_TYPE_STREAM, RESOLVER_ADDRESS,
                                    RESOLVER_PORT, error);
  if (!stream)
    return NULL;
  dns = practice_dns_server_new (datagram, stream, look_up, self, error);
  if (!dns || !practice_sites_listen (self->sites, self->network, error))
    return NULL;
  return g_steal_pointer (&dns);
}
