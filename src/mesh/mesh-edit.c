/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-edit.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-error.h"

static gboolean
has_match (JsonNode *route)
{
  JsonArray *match = base_json_get_array (route, "match", NULL);

  return base_json_get_length (match) > 0;
}

/**
 * mesh_edit_new:
 * @object: a VirtualService; not changed
 *
 * Returns: (transfer full): NULL and MESH_ERROR_INVALID where @object has not the form of one
 */
MeshEdit *
mesh_edit_new (JsonNode *object, GError **error)
{
  g_autoptr (MeshEdit) self = g_new0 (MeshEdit, 1);
  JsonArray *routes = NULL;
  guint n_routes;

  self->object = base_json_copy (object);
  self->routes = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  routes = base_json_get_array (self->object, "spec", "http", NULL);
  n_routes = base_json_get_length (routes);
  for (guint i = 0; i < n_routes; i++)
    g_ptr_array_add (self->routes, json_node_ref (json_array_get_element (routes, i)));
  for (guint i = 0; i < n_routes; i++) {
    if (!JSON_NODE_HOLDS_OBJECT (self->routes->pdata[i]))
      g_clear_pointer (&self->object, json_node_unref);
  }
  if (base_json_get_object (self->object, "spec", NULL) == NULL) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("This is not a VirtualService."));
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * mesh_edit_free:
 * @self: (transfer full): an edit; its changes are dropped where it was not finished
 */
void
mesh_edit_free (MeshEdit *self)
{
  g_clear_pointer (&self->object, json_node_unref);
  g_clear_pointer (&self->routes, g_ptr_array_unref);
  g_free (self);
}

/**
 * mesh_edit_get_route:
 *
 * Returns: (transfer none): to be changed in place
 */
JsonObject *
mesh_edit_get_route (MeshEdit *self, guint route)
{
  g_return_val_if_fail (route < self->routes->len, NULL);

  return json_node_get_object (self->routes->pdata[route]);
}

/**
 * mesh_edit_insert_route:
 * @position: from 0 to how many there are
 *
 * Returns: (transfer none): a new route, empty as yet
 */
JsonObject *
mesh_edit_insert_route (MeshEdit *self, guint position)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (position <= self->routes->len, NULL);

  json_node_take_object (node, json_object_new ());
  g_ptr_array_insert (self->routes, (int)position, node);
  return json_node_get_object (node);
}

/**
 * mesh_edit_find_open:
 *
 * Returns: the first route without a match, which takes every request that comes to it; how many
 *   routes there are where each has one
 */
guint
mesh_edit_find_open (MeshEdit *self)
{
  guint i = 0;

  while (i < self->routes->len && has_match (self->routes->pdata[i]))
    i++;
  return i;
}

/**
 * mesh_edit_find_match:
 * @near: where the route was
 * @match: (nullable): its match then
 *
 * Returns: where the route is now; MESH_NO_ROUTE where none has that match, or several have
 */
guint
mesh_edit_find_match (MeshEdit *self, guint near, JsonNode *match)
{
  guint found = MESH_NO_ROUTE;

  for (guint i = 0; i < self->routes->len; i++) {
    if (!base_json_equal (base_json_get (self->routes->pdata[i], "match", NULL), match))
      continue;
    if (i == near)
      return i;
    if (found != MESH_NO_ROUTE)
      return MESH_NO_ROUTE;
    found = i;
  }
  return found;
}

/**
 * mesh_edit_finish:
 *
 * Returns: (transfer full): the VirtualService with the routes as they are now
 */
JsonNode *
mesh_edit_finish (MeshEdit *self)
{
  JsonObject *spec = base_json_get_object (self->object, "spec", NULL);
  JsonArray *routes = json_array_new ();

  for (guint i = 0; i < self->routes->len; i++)
    json_array_add_element (routes, json_node_ref (self->routes->pdata[i]));
  if (self->routes->len > 0 || json_object_has_member (spec, "http"))
    json_object_set_array_member (spec, "http", routes);
  else
    json_array_unref (routes);
  return json_node_ref (self->object);
}

static MeshEdit *
begin (JsonNode *object, guint route, GError **error)
{
  g_autoptr (MeshEdit) edit = mesh_edit_new (object, error);

  if (edit != NULL && route >= edit->routes->len) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("The route is no longer in the VirtualService %s."),
                 base_metadata_get_name (object));
    return NULL;
  }
  return g_steal_pointer (&edit);
}

/**
 * mesh_edit_remove_route:
 *
 * Returns: (transfer full): @object without the route; NULL and an error where it is not there, or
 *   is the only one, since Istio wants at least one
 */
JsonNode *
mesh_edit_remove_route (JsonNode *object, guint route, GError **error)
{
  g_autoptr (MeshEdit) edit = begin (object, route, error);

  if (edit == NULL)
    return NULL;
  if (edit->routes->len == 1) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("A VirtualService has at least one route. Delete the VirtualService to "
                            "let requests go to all versions."));
    return NULL;
  }
  g_ptr_array_remove_index (edit->routes, route);
  return mesh_edit_finish (edit);
}

/**
 * mesh_edit_move_route:
 * @position: where it is to be then
 */
JsonNode *
mesh_edit_move_route (JsonNode *object, guint route, guint position, GError **error)
{
  g_autoptr (MeshEdit) edit = begin (object, MAX (route, position), error);
  gpointer moved = NULL;

  if (edit == NULL)
    return NULL;
  moved = g_ptr_array_steal_index (edit->routes, route);
  g_ptr_array_insert (edit->routes, (int)position, moved);
  return mesh_edit_finish (edit);
}

/**
 * mesh_edit_can_move_route:
 *
 * The first route that fits decides, so one without a match has to stay behind those that have one:
 * before them it would hide them.
 */
gboolean
mesh_edit_can_move_route (JsonNode *object, guint route, guint position)
{
  g_autoptr (JsonNode) moved = NULL;
  g_autoptr (MeshEdit) edit = NULL;

  if (route == position || position == MESH_NO_ROUTE)
    return FALSE;
  moved = mesh_edit_move_route (object, route, position, NULL);
  edit = moved != NULL ? mesh_edit_new (moved, NULL) : NULL;
  for (guint i = edit != NULL ? mesh_edit_find_open (edit) : 0;
       edit != NULL && i < edit->routes->len; i++) {
    if (has_match (edit->routes->pdata[i]))
      return FALSE;
  }
  return edit != NULL;
}
