/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-destinations.h"

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"

static gboolean
is_host (JsonNode *entry, JsonNode *object, const char *host)
{
  const char *namespace_ = base_metadata_get_namespace (object);

  return mesh_host_equal (base_json_get_string (entry, "destination", "host", NULL), namespace_,
                          host, namespace_);
}

/* (nullable) (transfer none): the first entry of a route of @object that goes to @host; that of
 * @subset where it is not NULL */
static JsonNode *
find_entry (JsonArray *entries, JsonNode *object, const char *host, const char *subset)
{
  guint n = base_json_get_length (entries);

  for (guint i = 0; i < n; i++) {
    JsonNode *entry = json_array_get_element (entries, i);

    if (is_host (entry, object, host) &&
        (subset == NULL ||
         g_strcmp0 (base_json_get_string (entry, "destination", "subset", NULL), subset) == 0))
      return entry;
  }
  return NULL;
}

/* (nullable) (transfer none): Istio wants the port named where a service has several, so what one
 * destination of the host says holds for a new one. */
static JsonNode *
find_port (JsonNode *object, const char *host)
{
  JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);
  guint n = base_json_get_length (routes);

  for (guint i = 0; i < n; i++) {
    JsonArray *entries = base_json_get_array (json_array_get_element (routes, i), "route", NULL);
    JsonNode *entry = find_entry (entries, object, host, NULL);
    JsonNode *port = base_json_get (entry, "destination", "port", NULL);

    if (port != NULL)
      return port;
  }
  return NULL;
}

static JsonNode *
new_entry (JsonNode *object, const char *host, const char *subset)
{
  g_autoptr (JsonObject) destination = json_object_new ();
  g_autoptr (JsonObject) entry = json_object_new ();
  JsonNode *port = find_port (object, host);

  json_object_set_string_member (destination, "host", host);
  if (port != NULL)
    json_object_set_member (destination, "port", base_json_copy (port));
  json_object_set_string_member (destination, "subset", subset);
  json_object_set_object_member (entry, "destination", g_steal_pointer (&destination));
  return json_node_init_object (json_node_alloc (), entry);
}

/**
 * mesh_destinations_set:
 * @route: an HTTP route, changed in place
 * @object: the VirtualService as it was, which tells a new destination's port
 * @host: where the requests go, as it is to be written
 * @shares: (array length=n_shares): the subsets in their order; a lone one gets no weight, as in
 *   the course's files
 *
 * A destination that is there already keeps all that it has besides its weight.
 */
void
mesh_destinations_set (
  JsonObject *route, JsonNode *object, const char *host, const MeshShare *shares, gsize n_shares)
{
  JsonNode *present = json_object_get_member (route, "route");
  JsonArray *old = base_json_get_array (present, NULL);
  g_autoptr (JsonArray) entries = json_array_new ();

  for (gsize i = 0; i < n_shares; i++) {
    JsonNode *found = find_entry (old, object, host, shares[i].subset);
    JsonNode *entry =
      found != NULL ? base_json_copy (found) : new_entry (object, host, shares[i].subset);

    if (n_shares == 1)
      json_object_remove_member (json_node_get_object (entry), "weight");
    else
      json_object_set_int_member (json_node_get_object (entry), "weight", shares[i].weight);
    json_array_add_element (entries, entry);
  }
  json_object_set_array_member (route, "route", g_steal_pointer (&entries));
}
