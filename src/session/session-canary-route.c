/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-route.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-error.h"
#include "mesh-text.h"
#include "mesh-weights.h"

#define MAX_DESTINATIONS 16

struct _SessionCanaryRoute {
  char *subset;
  char *host;
  guint target;   /* the index of the subset; that of a new destination where it has none */
  guint n_before; /* destinations */
  int before[MAX_DESTINATIONS];
  int wanted[MAX_DESTINATIONS];
  guint n_wanted;
  JsonNode *destinations; /* as they were */
  char *words;            /* the weights before */
};

void
session_canary_route_free (SessionCanaryRoute *self)
{
  g_free (self->subset);
  g_free (self->host);
  g_clear_pointer (&self->destinations, json_node_unref);
  g_free (self->words);
  g_free (self);
}

static MeshVirtualService *
read_object (KubeObject *object, GError **error)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (object);

  return mesh_virtual_service_new (json, error);
}

/* (nullable): the first route without a condition; those behind it are never asked */
static gboolean
find_route (MeshVirtualService *service, guint *route)
{
  for (*route = 0; *route < mesh_virtual_service_get_n_routes (service); (*route)++)
    if (!mesh_virtual_service_route_has_match (service, *route))
      return TRUE;
  return FALSE;
}

static JsonNode *
get_destinations (JsonNode *object, guint route)
{
  JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);

  if (routes == NULL || route >= json_array_get_length (routes))
    return NULL;
  return base_json_get (json_array_get_element (routes, route), "route", NULL);
}

static void
read_weights (SessionCanaryRoute *self, MeshVirtualService *service, guint route)
{
  self->n_before = mesh_virtual_service_get_n_destinations (service, route);
  self->target = self->n_before;
  self->host = g_strdup (mesh_virtual_service_get_destination_host (service, route, 0));
  for (guint i = 0; i < self->n_before; i++) {
    self->before[i] = mesh_virtual_service_get_weight (service, route, i);
    if (g_strcmp0 (mesh_virtual_service_get_destination_subset (service, route, i), self->subset) ==
        0)
      self->target = i;
  }
  self->words = mesh_text_dup_weights (service, route);
}

/**
 * session_canary_route_new:
 * @virtual_service: as it is before the canary
 * @subset: where the requests are to go; it need not be in the route yet
 * @error: %MESH_ERROR_INVALID where nothing can be shifted
 *
 * Returns: (transfer full) (nullable)
 */
SessionCanaryRoute *
session_canary_route_new (KubeObject *virtual_service, const char *subset, GError **error)
{
  g_autoptr (MeshVirtualService) service = read_object (virtual_service, error);
  g_autoptr (JsonNode) json = kube_object_ref_json (virtual_service);
  g_autoptr (SessionCanaryRoute) self = g_new0 (SessionCanaryRoute, 1);
  guint route;

  if (service == NULL)
    return NULL;
  if (!find_route (service, &route) ||
      mesh_virtual_service_get_n_destinations (service, route) == 0 ||
      mesh_virtual_service_get_n_destinations (service, route) >= MAX_DESTINATIONS) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_INVALID,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("%s has no route for everyone whose weights could be shifted."),
                 kube_object_get_name (virtual_service));
    return NULL;
  }
  self->subset = g_strdup (subset);
  read_weights (self, service, route);
  if (self->target == 0 && self->n_before == 1) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_INVALID,
                 /* Translators: %s is a version such as v3 */
                 _ ("%s has all requests already. Choose another version."), subset);
    return NULL;
  }
  self->destinations = base_json_copy (get_destinations (json, route));
  return g_steal_pointer (&self);
}

static void
compute (SessionCanaryRoute *self, guint percent)
{
  guint n = MAX (self->n_before, self->target + 1);
  g_autoptr (MeshWeights) weights = mesh_weights_new (self->before, n);

  mesh_weights_begin_drag (weights);
  mesh_weights_move (weights, self->target, (int)percent);
  mesh_weights_end_drag (weights);
  for (guint i = 0; i < n; i++)
    self->wanted[i] = mesh_weights_get (weights, i);
  self->n_wanted = n;
}

/**
 * session_canary_route_shift:
 * @percent: that the subset gets; the others share the rest as they did before
 */
void
session_canary_route_shift (SessionCanaryRoute *self, MeshEditor *editor, guint percent)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (editor);
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (draft, NULL);
  MeshWeight weights[MAX_DESTINATIONS];
  guint route, n_present;

  compute (self, percent);
  if (service == NULL || !find_route (service, &route))
    return;
  n_present = mesh_virtual_service_get_n_destinations (service, route);
  for (guint i = 0; i < self->n_wanted; i++) {
    weights[i].host = self->host;
    weights[i].subset = self->subset;
    if (i < n_present) {
      weights[i].host = mesh_virtual_service_get_destination_host (service, route, i);
      weights[i].subset = mesh_virtual_service_get_destination_subset (service, route, i);
    }
    weights[i].weight = self->wanted[i];
  }
  mesh_editor_set_weights (editor, route, weights, self->n_wanted);
}

/**
 * session_canary_route_return:
 *
 * The route's destinations become those that it had before, to the byte.
 */
void
session_canary_route_return (SessionCanaryRoute *self, MeshEditor *editor)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (editor);
  g_autoptr (JsonNode) target = base_json_copy (draft);
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (draft, NULL);
  JsonArray *routes = base_json_get_array (target, "spec", "http", NULL);
  guint route;

  self->n_wanted = self->n_before;
  for (guint i = 0; i < self->n_before; i++)
    self->wanted[i] = self->before[i];
  if (service == NULL || routes == NULL || !find_route (service, &route))
    return;
  json_object_set_member (json_array_get_object_element (routes, route), "route",
                          base_json_copy (self->destinations));
  mesh_editor_put_back (editor, target);
}

/**
 * session_canary_route_is_reached:
 *
 * Returns: whether the object has the weights that were asked for last
 */
gboolean
session_canary_route_is_reached (SessionCanaryRoute *self, KubeObject *virtual_service)
{
  g_autoptr (MeshVirtualService) service = read_object (virtual_service, NULL);
  guint route;

  if (service == NULL || !find_route (service, &route) ||
      mesh_virtual_service_get_n_destinations (service, route) != self->n_wanted)
    return FALSE;
  for (guint i = 0; i < self->n_wanted; i++)
    if (mesh_virtual_service_get_weight (service, route, i) != self->wanted[i])
      return FALSE;
  return TRUE;
}

/**
 * session_canary_route_get_before:
 *
 * Returns: (transfer none): the weights before the canary, in words
 */
const char *
session_canary_route_get_before (SessionCanaryRoute *self)
{
  return self->words;
}

/**
 * session_canary_route_dup_now:
 *
 * Returns: (transfer full): the weights that the object has, in words
 */
char *
session_canary_route_dup_now (SessionCanaryRoute *self, KubeObject *virtual_service)
{
  g_autoptr (MeshVirtualService) service = read_object (virtual_service, NULL);
  guint route;

  if (service == NULL || !find_route (service, &route))
    return g_strdup (_ ("no route for everyone"));
  return mesh_text_dup_weights (service, route);
}
