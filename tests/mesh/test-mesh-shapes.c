/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "mesh-merge.h"
#include "mesh-patch.h"
#include "mesh-route-text.h"
#include "mesh-virtual-service.h"
#include "mesh-weights.h"

#define LEAST 30
#define MAX_DESTINATIONS 8

static GPtrArray *
load (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "mesh", "virtual-services.yaml", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *objects = NULL;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  objects = base_yaml_parse_all (text, length, path, BASE_YAML_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (objects->len, >=, LEAST);
  return objects;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

/* The value with the keys of all its objects in the alphabet's order, so that texts compare. */
static JsonNode *
sort_keys (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_node_get_object (node);
    g_autoptr (JsonObject) sorted = json_object_new ();
    g_autoptr (GList) names = g_list_sort (json_object_get_members (object), compare_names);

    for (GList *l = names; l != NULL; l = l->next)
      json_object_set_member (sorted, l->data,
                              sort_keys (json_object_get_member (object, l->data)));
    return json_node_init_object (json_node_alloc (), sorted);
  }
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);
    g_autoptr (JsonArray) sorted = json_array_new ();

    for (guint i = 0; i < json_array_get_length (array); i++)
      json_array_add_element (sorted, sort_keys (json_array_get_element (array, i)));
    return json_node_init_array (json_node_alloc (), sorted);
  }
  return base_json_copy (node);
}

static char *
dup_sorted (JsonNode *node)
{
  g_autoptr (JsonNode) sorted = sort_keys (node);

  return base_json_write (sorted, FALSE);
}

/* The text without the weights of the HTTP route @route: what must not change. */
static char *
dup_rest (JsonNode *object, guint route)
{
  g_autoptr (JsonNode) copy = base_json_copy (object);
  g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/route", route);
  JsonArray *entries = json_node_get_array (base_json_pointer_get (copy, pointer));

  for (guint i = 0; i < json_array_get_length (entries); i++)
    json_object_remove_member (json_array_get_object_element (entries, i), "weight");
  return dup_sorted (copy);
}

/* The object after the weights of a route have been moved, by way of a patch. */
static JsonNode *
move_weights (JsonNode *object, MeshVirtualService *service, guint route, guint n)
{
  int values[MAX_DESTINATIONS];
  MeshWeight wanted[MAX_DESTINATIONS];
  g_autoptr (MeshWeights) weights = NULL;
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *result = NULL;

  for (guint i = 0; i < n; i++)
    values[i] = mesh_virtual_service_get_weight (service, route, i);
  weights = mesh_weights_new (values, n);
  mesh_weights_move (weights, 0, mesh_weights_get (weights, 0) == 37 ? 38 : 37);
  for (guint i = 0; i < n; i++) {
    wanted[i].host = mesh_virtual_service_get_destination_host (service, route, i);
    wanted[i].subset = mesh_virtual_service_get_destination_subset (service, route, i);
    wanted[i].weight = mesh_weights_get (weights, i);
  }
  target = mesh_virtual_service_dup_with_weights (service, route, wanted, n, &error);
  g_assert_no_error (error);
  patch = mesh_patch_new (object, target);
  g_assert_nonnull (patch);
  result = base_json_patch_apply (object, patch, &error);
  g_assert_no_error (error);
  return result;
}

static void
check_route (JsonNode *object, MeshVirtualService *service, guint route, guint n)
{
  g_autoptr (JsonNode) moved = move_weights (object, service, route, n);
  g_autoptr (MeshVirtualService) after = mesh_virtual_service_new (moved, NULL);
  g_autoptr (JsonNode) undone = NULL;
  g_autofree char *rest_before = dup_rest (object, route);
  g_autofree char *rest_after = dup_rest (moved, route);
  g_autofree char *before = dup_sorted (object);
  g_autofree char *back = NULL;
  int sum = 0;

  g_assert_cmpstr (rest_after, ==, rest_before);
  g_assert_false (base_json_equal (moved, object));
  for (guint i = 0; i < n; i++)
    sum += mesh_virtual_service_get_weight (after, route, i);
  g_assert_cmpint (sum, ==, 100);

  undone = mesh_merge (moved, object, moved, MESH_MERGE_CAREFUL, NULL);
  back = dup_sorted (undone);
  g_assert_cmpstr (back, ==, before);
}

/* The object afterwards differs in the weights and nowhere else, and undone it is what it was. */
static void
test_nothing_else (void)
{
  g_autoptr (GPtrArray) objects = load ();
  guint n_routes = 0;

  for (guint i = 0; i < objects->len; i++) {
    JsonNode *object = g_ptr_array_index (objects, i);
    g_autoptr (GError) error = NULL;
    g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (object, &error);

    g_assert_no_error (error);
    g_test_message ("%s", mesh_virtual_service_get_name (service));
    for (guint j = 0; j < mesh_virtual_service_get_n_routes (service); j++) {
      guint n = mesh_virtual_service_get_n_destinations (service, j);

      if (n > 1) {
        check_route (object, service, j, n);
        n_routes++;
      }
    }
  }
  g_assert_cmpuint (n_routes, >=, LEAST);
}

static JsonNode *
find (GPtrArray *objects, const char *name)
{
  for (guint i = 0; i < objects->len; i++) {
    JsonNode *object = g_ptr_array_index (objects, i);

    if (g_strcmp0 (base_metadata_get_name (object), name) == 0)
      return object;
  }
  g_assert_not_reached ();
}

static void
test_notes (void)
{
  static const struct {
    const char *name;
    guint route;
    const char *notes; /* nullable */
  } cases[] = {
    { "redirect-only", 0, "Redirects to reviews/new." },
    { "redirect-only", 1, NULL },
    { "delegate", 0, "Its routes are in the VirtualService reviews." },
    { "direct-response", 0, "Answers 503 itself, without a service." },
    { "mirror", 0, "Copies of requests go to httpbin v2." },
    { "mirrors", 0, "Copies of requests go to httpbin v2." },
  };
  g_autoptr (GPtrArray) objects = load ();
  g_auto (GStrv) streams = NULL;
  g_auto (GStrv) tls = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    JsonNode *object = find (objects, cases[i].name);
    JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);
    g_autofree char *notes =
      mesh_route_text_dup_notes (json_array_get_element (routes, cases[i].route));

    g_assert_cmpstr (notes, ==, cases[i].notes);
  }
  streams = mesh_route_text_dup_streams (find (objects, "tcp-beside"));
  g_assert_cmpuint (g_strv_length (streams), ==, 1);
  g_assert_cmpstr (streams[0], ==, "TCP: tcp-echo v1 80 %, tcp-echo v2 20 %");
  tls = mesh_route_text_dup_streams (find (objects, "tls-beside"));
  g_assert_cmpstr (tls[0], ==, "TLS: login.default.svc.cluster.local 100 %");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/shapes/nothing-else", test_nothing_else);
  g_test_add_func ("/mesh/shapes/notes", test_notes);
  return g_test_run ();
}
