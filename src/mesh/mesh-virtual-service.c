/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-virtual-service.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-json-patch.h"
#include "base-metadata.h"
#include "mesh-error.h"
#include "mesh-match.h"

/**
 * MeshVirtualService:
 *
 * What a VirtualService's HTTP routes say, read from its JSON, which is kept and never changed:
 * an edit makes a copy that differs in weights only, so that every other field survives it.
 */
struct _MeshVirtualService {
  GObject parent_instance;

  JsonNode *object;
  JsonArray *routes; /* (nullable) (unowned): spec.http */
};

G_DEFINE_FINAL_TYPE (MeshVirtualService, mesh_virtual_service, G_TYPE_OBJECT)

static JsonNode *
get_entry (MeshVirtualService *self, guint route, guint destination)
{
  JsonArray *entries =
    base_json_get_array (mesh_virtual_service_get_route (self, route), "route", NULL);

  if (entries == NULL || destination >= json_array_get_length (entries))
    return NULL;
  return json_array_get_element (entries, destination);
}

static gboolean
has_weight (JsonNode *entry)
{
  JsonNode *weight = base_json_get (entry, "weight", NULL);

  return weight != NULL && JSON_NODE_HOLDS_VALUE (weight);
}

static void
mesh_virtual_service_finalize (GObject *object)
{
  MeshVirtualService *self = MESH_VIRTUAL_SERVICE (object);

  g_clear_pointer (&self->object, json_node_unref);
  G_OBJECT_CLASS (mesh_virtual_service_parent_class)->finalize (object);
}

static void
mesh_virtual_service_class_init (MeshVirtualServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mesh_virtual_service_finalize;
}

static void
mesh_virtual_service_init (MeshVirtualService *self)
{
}

/**
 * mesh_virtual_service_new:
 * @object: a VirtualService of any version; kept, and not to be changed any more
 *
 * Returns: (transfer full): NULL and MESH_ERROR_INVALID where @object is something else
 */
MeshVirtualService *
mesh_virtual_service_new (JsonNode *object, GError **error)
{
  MeshVirtualService *self = NULL;
  const char *kind = base_json_get_string (object, "kind", NULL);
  const char *name = base_metadata_get_name (object);

  /* An item of a list may come without its kind. */
  if (name == NULL || base_json_get_object (object, "spec", NULL) == NULL ||
      (kind != NULL && !g_str_equal (kind, "VirtualService"))) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("This is not a VirtualService."));
    return NULL;
  }
  self = g_object_new (MESH_TYPE_VIRTUAL_SERVICE, NULL);
  self->object = json_node_ref (object);
  self->routes = base_json_get_array (object, "spec", "http", NULL);
  return self;
}

const char *
mesh_virtual_service_get_name (MeshVirtualService *self)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  return base_metadata_get_name (self->object);
}

/**
 * mesh_virtual_service_get_namespace:
 *
 * Returns: (transfer none): "default" where the object names none
 */
const char *
mesh_virtual_service_get_namespace (MeshVirtualService *self)
{
  const char *namespace_ = NULL;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  namespace_ = base_metadata_get_namespace (self->object);
  return namespace_ != NULL ? namespace_ : "default";
}

/**
 * mesh_virtual_service_dup_hosts:
 *
 * Returns: (transfer full): the hosts as written, may be empty
 */
GStrv
mesh_virtual_service_dup_hosts (MeshVirtualService *self)
{
  g_autoptr (GPtrArray) hosts = NULL;
  JsonArray *array = NULL;
  guint n_hosts;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  hosts = g_ptr_array_new_with_free_func (g_free);
  array = base_json_get_array (self->object, "spec", "hosts", NULL);
  n_hosts = base_json_get_length (array);
  for (guint i = 0; i < n_hosts; i++) {
    const char *host = base_json_get_string (json_array_get_element (array, i), NULL);

    if (host != NULL)
      g_ptr_array_add (hosts, g_strdup (host));
  }
  g_ptr_array_add (hosts, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&hosts), FALSE);
}

/**
 * mesh_virtual_service_get_n_routes:
 *
 * Returns: how many HTTP routes it has; TCP and TLS ones are not counted
 */
guint
mesh_virtual_service_get_n_routes (MeshVirtualService *self)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), 0);

  return base_json_get_length (self->routes);
}

/**
 * mesh_virtual_service_get_route:
 *
 * Returns: (transfer none) (nullable): the HTTP route as it is in the object
 */
JsonNode *
mesh_virtual_service_get_route (MeshVirtualService *self, guint route)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  if (route >= mesh_virtual_service_get_n_routes (self))
    return NULL;
  return json_array_get_element (self->routes, route);
}

gboolean
mesh_virtual_service_route_has_match (MeshVirtualService *self, guint route)
{
  JsonArray *matches = NULL;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), FALSE);

  matches = base_json_get_array (mesh_virtual_service_get_route (self, route), "match", NULL);
  return base_json_get_length (matches) > 0;
}

/**
 * mesh_virtual_service_dup_route_title:
 *
 * Returns: (transfer full): for whom the route is, in words
 */
char *
mesh_virtual_service_dup_route_title (MeshVirtualService *self, guint route)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  if (mesh_virtual_service_route_has_match (self, route))
    return mesh_match_dup_words (
      base_json_get (mesh_virtual_service_get_route (self, route), "match", NULL));
  for (guint i = 0; i < route; i++) {
    if (mesh_virtual_service_route_has_match (self, i))
      return g_strdup (_ ("Everyone else"));
  }
  return g_strdup (_ ("Everyone"));
}

guint
mesh_virtual_service_get_n_destinations (MeshVirtualService *self, guint route)
{
  JsonArray *entries = NULL;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), 0);

  entries = base_json_get_array (mesh_virtual_service_get_route (self, route), "route", NULL);
  return base_json_get_length (entries);
}

/**
 * mesh_virtual_service_get_destination_host:
 *
 * Returns: (nullable) (transfer none): the host as written
 */
const char *
mesh_virtual_service_get_destination_host (MeshVirtualService *self, guint route, guint destination)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  return base_json_get_string (get_entry (self, route, destination), "destination", "host", NULL);
}

/**
 * mesh_virtual_service_get_destination_subset:
 *
 * Returns: (nullable) (transfer none)
 */
const char *
mesh_virtual_service_get_destination_subset (MeshVirtualService *self,
                                             guint route,
                                             guint destination)
{
  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);

  return base_json_get_string (get_entry (self, route, destination), "destination", "subset", NULL);
}

int
mesh_virtual_service_get_weight (MeshVirtualService *self, guint route, guint destination)
{
  JsonNode *entry = NULL;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), 0);

  entry = get_entry (self, route, destination);
  if (entry == NULL)
    return 0;
  if (has_weight (entry))
    return (int)CLAMP (base_json_get_int (entry, 0, "weight", NULL), 0, G_MAXINT);
  return mesh_virtual_service_get_n_destinations (self, route) == 1 ? 100 : 0;
}

/* A destination beyond the present ones. It speaks to the port that the others of its host do,
 * since Istio needs one where the service has several. */
static JsonNode *
new_entry (MeshVirtualService *self, guint route, const MeshWeight *weight)
{
  JsonObject *destination = json_object_new ();
  JsonObject *entry = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_object_set_string_member (destination, "host", weight->host);
  if (weight->subset != NULL)
    json_object_set_string_member (destination, "subset", weight->subset);
  for (guint i = 0; i < mesh_virtual_service_get_n_destinations (self, route); i++) {
    JsonNode *port = base_json_get (get_entry (self, route, i), "destination", "port", NULL);

    if (port != NULL &&
        g_strcmp0 (mesh_virtual_service_get_destination_host (self, route, i), weight->host) == 0) {
      json_object_set_member (destination, "port", base_json_copy (port));
      break;
    }
  }
  json_object_set_object_member (entry, "destination", destination);
  json_object_set_int_member (entry, "weight", weight->weight);
  json_node_init_object (node, entry);
  json_object_unref (entry);
  return node;
}

static gboolean
check_weights (
  MeshVirtualService *self, guint route, const MeshWeight *weights, gsize n_weights, GError **error)
{
  guint n_present = mesh_virtual_service_get_n_destinations (self, route);

  if (route >= mesh_virtual_service_get_n_routes (self) || n_present == 0 ||
      n_weights < n_present) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("The route is no longer in the VirtualService %s."),
                 mesh_virtual_service_get_name (self));
    return FALSE;
  }
  for (gsize i = 0; i < n_weights; i++) {
    if (weights[i].host == NULL || weights[i].weight < 0) {
      g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                           _ ("A weight is a whole number from 0 on, for a host."));
      return FALSE;
    }
    if (i < n_present &&
        (g_strcmp0 (weights[i].host, mesh_virtual_service_get_destination_host (self, route, i)) !=
           0 ||
         g_strcmp0 (weights[i].subset,
                    mesh_virtual_service_get_destination_subset (self, route, i)) != 0)) {
      g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                   /* Translators: %s is the name of a VirtualService */
                   _ ("The destinations of the route in the VirtualService %s are other ones now."),
                   mesh_virtual_service_get_name (self));
      return FALSE;
    }
  }
  return TRUE;
}

static void
set_weight (JsonNode *copy, guint route, guint destination, int weight)
{
  g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/route/%u", route, destination);
  JsonNode *entry = base_json_pointer_get (copy, pointer);

  json_object_set_int_member (json_node_get_object (entry), "weight", weight);
}

/**
 * mesh_virtual_service_dup_with_weights:
 * @weights: (array length=n_weights): one for each destination of the route, in its order, then
 *   those to append
 *
 * A weight that is not written and means the same stays so.
 *
 * Returns: (transfer full): a copy of the object; NULL and MESH_ERROR_CHANGED where the route has
 *   other destinations
 */
JsonNode *
mesh_virtual_service_dup_with_weights (
  MeshVirtualService *self, guint route, const MeshWeight *weights, gsize n_weights, GError **error)
{
  g_autoptr (JsonNode) copy = NULL;
  g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/route", route);
  guint n_present;

  g_return_val_if_fail (MESH_IS_VIRTUAL_SERVICE (self), NULL);
  g_return_val_if_fail (weights != NULL || n_weights == 0, NULL);

  if (!check_weights (self, route, weights, n_weights, error))
    return NULL;

  copy = base_json_copy (self->object);
  n_present = mesh_virtual_service_get_n_destinations (self, route);
  for (guint i = 0; i < n_present; i++) {
    /* A missing one counts 0 as soon as there is a second destination, so a lone destination's
     * 100 has to be written out then. */
    int present = has_weight (get_entry (self, route, i))
                    ? mesh_virtual_service_get_weight (self, route, i)
                    : (n_weights == 1 ? 100 : 0);

    if (weights[i].weight != present)
      set_weight (copy, route, i, weights[i].weight);
  }
  for (gsize i = n_present; i < n_weights; i++)
    json_array_add_element (json_node_get_array (base_json_pointer_get (copy, pointer)),
                            new_entry (self, route, &weights[i]));
  return g_steal_pointer (&copy);
}
