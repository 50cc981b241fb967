/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-endpoint-slices.h"

#include "base-json.h"
#include "base-metadata.h"

#define ENDPOINTS "/endpoints"
#define SLICES "discovery.k8s.io/endpointslices"

struct _PracticeEndpointSlices {
  GObject parent_instance;
  PracticeStore *store;
};

G_DEFINE_FINAL_TYPE (PracticeEndpointSlices, practice_endpoint_slices, G_TYPE_OBJECT)

static JsonNode *
make_metadata (JsonNode *endpoints)
{
  JsonObject *metadata = json_object_new ();
  JsonObject *labels = json_object_new ();
  JsonObject *owner = json_object_new ();
  JsonArray *owners = json_array_new ();

  json_object_set_string_member (labels, "kubernetes.io/service-name",
                                 base_metadata_get_name (endpoints));
  json_object_set_string_member (labels, "endpointslice.kubernetes.io/managed-by",
                                 "endpointslicemirroring-controller.k8s.io");
  json_object_set_string_member (owner, "apiVersion", "v1");
  json_object_set_string_member (owner, "kind", "Endpoints");
  json_object_set_string_member (owner, "name", base_metadata_get_name (endpoints));
  json_object_set_string_member (owner, "uid", base_metadata_get_uid (endpoints));
  json_object_set_boolean_member (owner, "controller", TRUE);
  json_object_set_boolean_member (owner, "blockOwnerDeletion", TRUE);
  json_array_add_object_element (owners, owner);
  json_object_set_string_member (metadata, "name", base_metadata_get_name (endpoints));
  json_object_set_string_member (metadata, "namespace", base_metadata_get_namespace (endpoints));
  json_object_set_object_member (metadata, "labels", labels);
  json_object_set_array_member (metadata, "ownerReferences", owners);
  return json_node_init_object (json_node_alloc (), metadata);
}

static void
copy_member (JsonObject *to, JsonNode *from, const char *name)
{
  JsonNode *node = base_json_get (from, name, NULL);

  if (node != NULL)
    json_object_set_member (to, name, base_json_copy (node));
}

static void
add_addresses (JsonArray *list, JsonNode *subset, const char *member, gboolean ready)
{
  JsonArray *addresses = base_json_get_array (subset, member, NULL);

  for (guint i = 0; i < base_json_get_length (addresses); i++) {
    JsonNode *address = json_array_get_element (addresses, i);
    const char *ip = base_json_get_string (address, "ip", NULL);
    JsonObject *endpoint, *conditions;
    JsonArray *ips;

    if (ip == NULL)
      continue;
    endpoint = json_object_new ();
    conditions = json_object_new ();
    ips = json_array_new ();
    json_array_add_string_element (ips, ip);
    json_object_set_boolean_member (conditions, "ready", ready);
    json_object_set_array_member (endpoint, "addresses", ips);
    json_object_set_object_member (endpoint, "conditions", conditions);
    copy_member (endpoint, address, "nodeName");
    copy_member (endpoint, address, "targetRef");
    json_array_add_object_element (list, endpoint);
  }
}

/* A port always has a name, empty if need be, as real slices do: kubectl relies on it. */
static JsonArray *
make_ports (JsonNode *subset)
{
  JsonArray *ports = base_json_get_array (subset, "ports", NULL);
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *name = base_json_get_string (port, "name", NULL);
    const char *protocol = base_json_get_string (port, "protocol", NULL);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", name != NULL ? name : "");
    json_object_set_string_member (object, "protocol", protocol != NULL ? protocol : "TCP");
    json_object_set_int_member (object, "port", base_json_get_int (port, 0, "port", NULL));
    json_array_add_object_element (list, object);
  }
  return list;
}

/* All subsets go into one slice, under the ports of the first: Services whose pods differ in named
 * ports are rare. */
static JsonNode *
make_slice (JsonNode *endpoints)
{
  JsonObject *slice = json_object_new ();
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);
  JsonArray *list = json_array_new ();
  guint length = base_json_get_length (subsets);

  json_object_set_string_member (slice, "kind", "EndpointSlice");
  json_object_set_string_member (slice, "apiVersion", "discovery.k8s.io/v1");
  json_object_set_member (slice, "metadata", make_metadata (endpoints));
  json_object_set_string_member (slice, "addressType", "IPv4");
  for (guint i = 0; i < length; i++) {
    add_addresses (list, json_array_get_element (subsets, i), "addresses", TRUE);
    add_addresses (list, json_array_get_element (subsets, i), "notReadyAddresses", FALSE);
  }
  json_object_set_array_member (slice, "endpoints", list);
  json_object_set_array_member (slice, "ports",
                                length > 0 ? make_ports (json_array_get_element (subsets, 0))
                                           : json_array_new ());
  return json_node_init_object (json_node_alloc (), slice);
}

static void
mirror (PracticeEndpointSlices *self, JsonNode *endpoints)
{
  JsonNode *slice = make_slice (endpoints);

  if (practice_store_get (self->store, SLICES, base_metadata_get_namespace (endpoints),
                          base_metadata_get_name (endpoints)) == NULL)
    practice_store_create (self->store, SLICES, slice, NULL);
  else
    practice_store_update (self->store, SLICES, slice, NULL, NULL);
}

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          PracticeEndpointSlices *self)
{
  if (type == PRACTICE_EVENT_DELETED)
    practice_store_delete (store, SLICES, base_metadata_get_namespace (object),
                           base_metadata_get_name (object), NULL);
  else
    mirror (self, object);
}

static void
practice_endpoint_slices_dispose (GObject *object)
{
  PracticeEndpointSlices *self = PRACTICE_ENDPOINT_SLICES (object);

  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_endpoint_slices_parent_class)->dispose (object);
}

static void
practice_endpoint_slices_class_init (PracticeEndpointSlicesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_endpoint_slices_dispose;
}

static void
practice_endpoint_slices_init (PracticeEndpointSlices *self)
{
}

/**
 * practice_endpoint_slices_new:
 * @store: the store
 *
 * Returns: (transfer full): what keeps slices beside the Endpoints of @store as long as it lives
 */
PracticeEndpointSlices *
practice_endpoint_slices_new (PracticeStore *store)
{
  PracticeEndpointSlices *self = g_object_new (PRACTICE_TYPE_ENDPOINT_SLICES, NULL);
  g_autoptr (GPtrArray) all = practice_store_list (store, ENDPOINTS, NULL);

  self->store = g_object_ref (store);
  for (guint i = 0; i < all->len; i++)
    mirror (self, all->pdata[i]);
  g_signal_connect_object (store, "event::" ENDPOINTS, G_CALLBACK (event_cb), self, 0);
  return self;
}
