/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-endpoint.h"

#include "base-json.h"

/**
 * practice_endpoint_new:
 * @address: an IPv4 address
 * @port: a port
 *
 * Returns: (transfer full): an endpoint
 */
PracticeEndpoint *
practice_endpoint_new (const char *address, guint16 port)
{
  PracticeEndpoint *self = g_new0 (PracticeEndpoint, 1);

  self->address = g_strdup (address);
  self->port = port;
  return self;
}

/**
 * practice_endpoint_copy:
 * @self: an endpoint
 *
 * Returns: (transfer full): another of the same address and port
 */
PracticeEndpoint *
practice_endpoint_copy (const PracticeEndpoint *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return practice_endpoint_new (self->address, self->port);
}

/**
 * practice_endpoint_free:
 * @self: (transfer full): an endpoint
 *
 * Frees @self.
 */
void
practice_endpoint_free (PracticeEndpoint *self)
{
  g_free (self->address);
  g_free (self);
}

/**
 * practice_endpoint_list:
 * @endpoints: (nullable): an Endpoints object
 * @service_port: one of its Service's `spec.ports`
 *
 * Returns: (transfer full) (element-type PracticeEndpoint): every pod that is ready for that port
 */
GPtrArray *
practice_endpoint_list (JsonNode *endpoints, JsonNode *service_port)
{
  return practice_endpoint_list_port (endpoints, base_json_get_string (service_port, "name", NULL));
}

/**
 * practice_endpoint_list_port:
 * @endpoints: (nullable): an Endpoints object
 * @name: (nullable): the name of one of its Service's ports
 *
 * Returns: (transfer full) (element-type PracticeEndpoint): every pod that is ready for that port
 */
GPtrArray *
practice_endpoint_list_port (JsonNode *endpoints, const char *name)
{
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);
  guint n_subsets = base_json_get_length (subsets);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_endpoint_free);

  for (guint i = 0; i < n_subsets; i++) {
    JsonNode *subset = json_array_get_element (subsets, i);
    JsonNode *port = base_json_find_named (base_json_get_array (subset, "ports", NULL), name);
    JsonArray *addresses = base_json_get_array (subset, "addresses", NULL);
    guint n_addresses = port != NULL ? base_json_get_length (addresses) : 0;

    for (guint j = 0; j < n_addresses; j++) {
      const char *ip = base_json_get_string (json_array_get_element (addresses, j), "ip", NULL);

      if (ip != NULL)
        g_ptr_array_add (list,
                         practice_endpoint_new (ip, base_json_get_int (port, 0, "port", NULL)));
    }
  }
  return list;
}
