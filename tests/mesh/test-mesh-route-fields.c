/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "base-json.h"
#include "base-metadata.h"
#include "mesh-code.h"
#include "mesh-description.h"
#include "mesh-fixture.h"
#include "mesh-preset.h"
#include "mesh-route-form.h"

/* What the editors do to VirtualServices of all shapes. */

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
  return objects;
}

static guint
count_routes (JsonNode *object)
{
  JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);

  return base_json_get_length (routes);
}

static char *
dup_without_timeout (JsonNode *object, guint route)
{
  g_autoptr (JsonNode) copy = base_json_copy (object);
  JsonArray *routes = base_json_get_array (copy, "spec", "http", NULL);

  json_object_remove_member (json_array_get_object_element (routes, route), "timeout");
  return base_json_write (copy, FALSE);
}

/* The route is told from others by its match; where two have the same one, by its place. */
static void
check_route (JsonNode *object, guint route)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MeshRouteForm) form = mesh_route_form_new (object, route, 0, &error);
  g_autoptr (JsonNode) same = NULL;
  g_autoptr (JsonNode) target = NULL;
  g_autofree char *text = base_json_write (object, FALSE);
  g_autofree char *same_text = NULL;
  g_autofree char *rest = dup_without_timeout (object, route);
  g_autofree char *target_rest = NULL;
  g_autofree char *pointer = g_strdup_printf ("/spec/http/%u/timeout", route);

  g_assert_no_error (error);
  same = mesh_route_form_apply (form, object, &error);
  g_assert_no_error (error);
  same_text = base_json_write (same, FALSE);
  g_assert_cmpstr (same_text, ==, text);
  mesh_route_form_set (form, MESH_FIELD_TIMEOUT, "77s");
  target = mesh_route_form_apply (form, object, &error);
  g_assert_no_error (error);
  target_rest = dup_without_timeout (target, route);
  g_assert_cmpstr (target_rest, ==, rest);
  g_assert_cmpstr (base_json_get_string (base_json_pointer_get (target, pointer), NULL), ==, "77s");
}

static void
test_nothing_else (void)
{
  g_autoptr (GPtrArray) objects = load ();
  guint n_routes = 0;

  for (guint i = 0; i < objects->len; i++) {
    JsonNode *object = objects->pdata[i];

    for (guint j = 0; j < count_routes (object); j++) {
      g_test_message ("%s, route %u", base_metadata_get_name (object), j);
      check_route (object, j);
      n_routes++;
    }
  }
  g_assert_cmpuint (n_routes, >=, 30);
}

/* @line: "kubectl patch virtualservice NAME [--namespace NAMESPACE] --type=json -p PATCH" */
static JsonNode *
run_line (const char *line, JsonNode *object)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  g_autoptr (JsonNode) patch = NULL;
  JsonNode *result = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  patch = base_json_parse (argv[g_strv_length (argv) - 1], -1, &error);
  g_assert_no_error (error);
  result = base_json_patch_apply (object, patch, &error);
  g_assert_no_error (error);
  return result;
}

/* Every preset can be had for every object that offers it, and the line for kubectl gives the same;
 * what it gives can be said in words. */
static void
test_presets (void)
{
  static const char *const subsets[] = { "v1", "v2", "v3", NULL };
  g_autoptr (GPtrArray) objects = load ();
  guint n_presets = 0;

  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GPtrArray) presets = mesh_preset_list (objects->pdata[i], "reviews", subsets);

    for (guint j = 0; j < presets->len; j++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) target =
        mesh_preset_apply (presets->pdata[j], objects->pdata[i], &error);
      g_autofree char *line = mesh_code_dup_kubectl (objects->pdata[i], target);
      g_autofree char *words = mesh_description_dup_text (target);
      g_autoptr (JsonNode) patched = run_line (line, objects->pdata[i]);

      g_assert_no_error (error);
      g_assert_true (base_json_equal (patched, target));
      g_assert_nonnull (strstr (words, "v1") != NULL ? words : strstr (words, "v3"));
      n_presets++;
    }
  }
  g_assert_cmpuint (n_presets, >=, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/route-fields/nothing-else", test_nothing_else);
  g_test_add_func ("/mesh/route-fields/presets", test_presets);
  return g_test_run ();
}
