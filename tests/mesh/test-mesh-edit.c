/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-edit.h"
#include "mesh-error.h"
#include "mesh-fixture.h"

#define A "{match: [{uri: {exact: /a}}], name: a}"
#define B "{match: [{uri: {exact: /b}}], name: b}"
#define OPEN "{name: open}"

static void
test_remove (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("zebra: 1, http: [" A ", " B ", " OPEN "]");
  g_autoptr (JsonNode) single = mesh_test_service ("http: [" OPEN "]");
  g_autoptr (JsonNode) target = mesh_edit_remove_route (object, 1, NULL);
  g_autoptr (JsonNode) none = NULL;
  g_autoptr (GError) error = NULL;

  mesh_test_assert_spec (target, "zebra: 1, http: [" A ", " OPEN "]");
  mesh_test_assert_spec (object, "zebra: 1, http: [" A ", " B ", " OPEN "]");
  none = mesh_edit_remove_route (object, 3, &error);
  g_assert_null (none);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
  g_clear_error (&error);
  none = mesh_edit_remove_route (single, 0, &error);
  g_assert_null (none);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
}

static void
test_move (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [" A ", " B ", " OPEN "]");
  g_autoptr (JsonNode) up = mesh_edit_move_route (object, 1, 0, NULL);
  g_autoptr (JsonNode) down = mesh_edit_move_route (object, 0, 2, NULL);
  g_autoptr (JsonNode) none = mesh_edit_move_route (object, 0, 3, NULL);

  mesh_test_assert_spec (up, "http: [" B ", " A ", " OPEN "]");
  mesh_test_assert_spec (down, "http: [" B ", " OPEN ", " A "]");
  g_assert_null (none);
}

/* A route without a match must not come before one that has one. */
static void
test_can_move (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [" A ", " B ", " OPEN ", " OPEN "]");
  g_autoptr (JsonNode) list = mesh_test_parse ("[]");

  g_assert_true (mesh_edit_can_move_route (object, 1, 0));
  g_assert_true (mesh_edit_can_move_route (object, 0, 1));
  g_assert_true (mesh_edit_can_move_route (object, 2, 3));
  g_assert_false (mesh_edit_can_move_route (object, 1, 2));
  g_assert_false (mesh_edit_can_move_route (object, 2, 1));
  g_assert_false (mesh_edit_can_move_route (object, 0, 0));
  g_assert_false (mesh_edit_can_move_route (object, 0, G_MAXUINT));
  g_assert_false (mesh_edit_can_move_route (object, 3, 4));
  g_assert_false (mesh_edit_can_move_route (list, 0, 1));
}

static void
test_find (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [" A ", " A ", " B ", " OPEN "]");
  g_autoptr (MeshEdit) edit = mesh_edit_new (object, NULL);
  JsonNode *a = base_json_get (edit->routes->pdata[0], "match", NULL);
  JsonNode *b = base_json_get (edit->routes->pdata[2], "match", NULL);

  g_assert_cmpuint (mesh_edit_find_open (edit), ==, 3);
  g_assert_cmpuint (mesh_edit_find_match (edit, 1, a), ==, 1);
  g_assert_cmpuint (mesh_edit_find_match (edit, 2, a), ==, MESH_NO_ROUTE);
  g_assert_cmpuint (mesh_edit_find_match (edit, 0, b), ==, 2);
  g_assert_cmpuint (mesh_edit_find_match (edit, 0, NULL), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/edit/remove", test_remove);
  g_test_add_func ("/mesh/edit/move", test_move);
  g_test_add_func ("/mesh/edit/can-move", test_can_move);
  g_test_add_func ("/mesh/edit/find", test_find);
  return g_test_run ();
}
