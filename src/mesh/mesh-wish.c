/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-wish.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-error.h"

#define NO_ROUTE G_MAXUINT

struct _MeshWish {
  guint route;      /* where it was */
  JsonNode *match;  /* (nullable) */
  GArray *weights;  /* of MeshWeight: the destinations seen, then those to add */
  GPtrArray *texts; /* owns what the weights point to */
};

static JsonNode *
get_match (JsonNode *object, guint route)
{
  JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);

  if (routes == NULL || route >= json_array_get_length (routes))
    return NULL;
  return base_json_get (json_array_get_element (routes, route), "match", NULL);
}

static gboolean
same_match (JsonNode *a, JsonNode *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return base_json_equal (a, b);
}

static char *
keep (MeshWish *self, const char *text)
{
  char *copy = g_strdup (text);

  if (copy != NULL)
    g_ptr_array_add (self->texts, copy);
  return copy;
}

/* (nullable): what is wanted for a destination of @service */
static const MeshWeight *
find_weight (MeshWish *self, MeshVirtualService *service, guint route, guint destination)
{
  const char *host = mesh_virtual_service_get_destination_host (service, route, destination);
  const char *subset = mesh_virtual_service_get_destination_subset (service, route, destination);

  for (guint i = 0; i < self->weights->len; i++) {
    const MeshWeight *weight = &g_array_index (self->weights, MeshWeight, i);

    if (g_strcmp0 (weight->host, host) == 0 && g_strcmp0 (weight->subset, subset) == 0)
      return weight;
  }
  return NULL;
}

static gboolean
is_route (MeshWish *self, JsonNode *object, MeshVirtualService *service, guint route)
{
  guint n = mesh_virtual_service_get_n_destinations (service, route);

  if (route >= mesh_virtual_service_get_n_routes (service) || n == 0 || n > self->weights->len ||
      !same_match (get_match (object, route), self->match))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (find_weight (self, service, route, i) == NULL)
      return FALSE;
  }
  return TRUE;
}

/* By its match and its destinations; where it was, first: two routes may be the same. */
static guint
locate (MeshWish *self, JsonNode *object, MeshVirtualService *service)
{
  if (is_route (self, object, service, self->route))
    return self->route;
  for (guint i = 0; i < mesh_virtual_service_get_n_routes (service); i++) {
    if (is_route (self, object, service, i))
      return i;
  }
  return NO_ROUTE;
}

/**
 * mesh_wish_new:
 * @object: the VirtualService that the user sees
 * @route: the index of the route in it
 * @weights: (array length=n_weights): copied
 */
MeshWish *
mesh_wish_new (JsonNode *object, guint route, const MeshWeight *weights, gsize n_weights)
{
  MeshWish *self = g_new0 (MeshWish, 1);
  JsonNode *match = get_match (object, route);

  self->route = route;
  self->match = match != NULL ? base_json_copy (match) : NULL;
  self->weights = g_array_new (FALSE, TRUE, sizeof (MeshWeight));
  self->texts = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < n_weights; i++) {
    MeshWeight weight = {
      .host = keep (self, weights[i].host),
      .subset = keep (self, weights[i].subset),
      .weight = weights[i].weight,
    };

    g_array_append_val (self->weights, weight);
  }
  return self;
}

void
mesh_wish_free (MeshWish *self)
{
  g_clear_pointer (&self->match, json_node_unref);
  g_array_unref (self->weights);
  g_ptr_array_unref (self->texts);
  g_free (self);
}

/* The wanted weights in the order of @route, those to add at the end. */
static GArray *
sort_weights (MeshWish *self, MeshVirtualService *service, guint route)
{
  GArray *sorted = g_array_new (FALSE, TRUE, sizeof (MeshWeight));
  guint n = mesh_virtual_service_get_n_destinations (service, route);
  g_autoptr (GHashTable) present = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n; i++) {
    const MeshWeight *weight = find_weight (self, service, route, i);

    g_array_append_vals (sorted, weight, 1);
    g_hash_table_add (present, (gpointer)weight);
  }
  for (guint i = 0; i < self->weights->len; i++) {
    MeshWeight *weight = &g_array_index (self->weights, MeshWeight, i);

    if (!g_hash_table_contains (present, weight))
      g_array_append_vals (sorted, weight, 1);
  }
  return sorted;
}

JsonNode *
mesh_wish_build_patch (MeshWish *self, JsonNode *object, GError **error)
{
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (object, error);
  g_autoptr (GArray) weights = NULL;
  guint route;

  if (service == NULL)
    return NULL;
  route = locate (self, object, service);
  if (route == NO_ROUTE) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("Someone else has changed the routes of %s. Look at them as they are now, and "
                    "move the slider again."),
                 mesh_virtual_service_get_name (service));
    return NULL;
  }
  weights = sort_weights (self, service, route);
  return mesh_virtual_service_build_patch (service, route, (const MeshWeight *)weights->data,
                                           weights->len, error);
}

/* Whether every destination of the route of @a is in that of @b with the same weight. */
static gboolean
contains_weights (
  MeshVirtualService *a, guint route_a, MeshVirtualService *b, guint route_b, MeshWish *self)
{
  for (guint i = 0; i < mesh_virtual_service_get_n_destinations (a, route_a); i++) {
    const MeshWeight *weight = find_weight (self, a, route_a, i);
    gboolean found = FALSE;

    for (guint j = 0; !found && j < mesh_virtual_service_get_n_destinations (b, route_b); j++)
      found = find_weight (self, b, route_b, j) == weight &&
              mesh_virtual_service_get_weight (a, route_a, i) ==
                mesh_virtual_service_get_weight (b, route_b, j);
    if (!found)
      return FALSE;
  }
  return TRUE;
}

gboolean
mesh_wish_is_same_in (MeshWish *self, JsonNode *a, JsonNode *b)
{
  g_autoptr (MeshVirtualService) service_a = mesh_virtual_service_new (a, NULL);
  g_autoptr (MeshVirtualService) service_b = mesh_virtual_service_new (b, NULL);
  guint route_a, route_b;

  if (service_a == NULL || service_b == NULL)
    return FALSE;
  route_a = locate (self, a, service_a);
  route_b = locate (self, b, service_b);
  return route_a != NO_ROUTE && route_b != NO_ROUTE &&
         contains_weights (service_a, route_a, service_b, route_b, self) &&
         contains_weights (service_b, route_b, service_a, route_a, self);
}

char *
mesh_wish_dup_weights_in (MeshWish *self, JsonNode *object)
{
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (object, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint route = service != NULL ? locate (self, object, service) : NO_ROUTE;

  if (route == NO_ROUTE)
    return NULL;
  for (guint i = 0; i < mesh_virtual_service_get_n_destinations (service, route); i++) {
    const char *name = mesh_virtual_service_get_destination_subset (service, route, i);

    if (name == NULL)
      name = mesh_virtual_service_get_destination_host (service, route, i);
    if (i > 0)
      g_string_append (text, ", ");
    /* Translators: a version of a service and its share of the requests, "v1 50 %" */
    g_string_append_printf (text, _ ("%s %d %%"), name,
                            mesh_virtual_service_get_weight (service, route, i));
  }
  return g_strdup (text->str);
}
