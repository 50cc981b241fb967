/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-patch.h"
#include "mesh-code.h"
#include "mesh-fixture.h"

static const char *const SPLIT = "http: [{route: [{destination: {host: reviews, subset: v1}, "
                                 "weight: 80}, {destination: {host: reviews, subset: v3}, weight: "
                                 "20}]}]";
static const char *const HALVES = "http: [{route: [{destination: {host: reviews, subset: v1}, "
                                  "weight: 50}, {destination: {host: reviews, subset: v3}, weight: "
                                  "50}]}]";

static void
test_yaml (void)
{
  g_autoptr (JsonNode) object = mesh_test_parse (
    "{apiVersion: networking.istio.io/v1alpha3, kind: VirtualService, metadata: {annotations: "
    "{kubectl.kubernetes.io/last-applied-configuration: '{}'}, managedFields: [{}], name: reviews},"
    " spec: {hosts: [reviews]}, status: {}}");
  g_autofree char *yaml = mesh_code_dup_yaml (object);

  g_assert_cmpstr (yaml, ==,
                   "apiVersion: networking.istio.io/v1alpha3\nkind: VirtualService\nmetadata:\n"
                   "  name: reviews\nspec:\n  hosts:\n  - reviews\n");
  g_assert_nonnull (base_json_get (object, "status", NULL));
}

/* What a shell makes of the line, as the arguments of kubectl. */
static char **
parse_line (const char *line)
{
  g_autoptr (GError) error = NULL;
  char **argv = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  return argv;
}

static void
test_kubectl (void)
{
  g_autoptr (JsonNode) from = mesh_test_service (SPLIT);
  g_autoptr (JsonNode) to = mesh_test_service (HALVES);
  g_autofree char *line = mesh_code_dup_kubectl (from, to);

  g_assert_cmpstr (line, ==,
                   "kubectl patch virtualservice reviews --type=json -p '["
                   "{\"op\":\"replace\",\"path\":\"/spec/http/0/route/0/weight\",\"value\":50},"
                   "{\"op\":\"replace\",\"path\":\"/spec/http/0/route/1/weight\",\"value\":50}]'");
}

/* With nothing changed the line leads to what is there from anywhere. */
static void
test_kubectl_whole (void)
{
  g_autoptr (JsonNode) other = mesh_test_service ("http: [{redirect: {uri: /}}]");
  g_autoptr (JsonNode) to = mesh_test_service (HALVES);
  g_autofree char *line = mesh_code_dup_kubectl (to, to);
  g_autofree char *first = mesh_code_dup_kubectl (NULL, to);
  g_auto (GStrv) argv = parse_line (line);
  g_autoptr (JsonNode) patch = base_json_parse (argv[6], -1, NULL);
  g_autoptr (JsonNode) result = base_json_patch_apply (other, patch, NULL);

  g_assert_cmpstr (line, ==, first);
  g_assert_true (base_json_equal (result, to));
}

/* Quotes and everything that a shell would read come through as they are. */
static void
test_quoting (void)
{
  g_autoptr (JsonNode) from = mesh_test_parse (
    "{metadata: {name: 'a b', namespace: \"it's $HOME\"}, spec: {http: [{timeout: 1s}]}}");
  g_autoptr (JsonNode) to = mesh_test_parse (
    "{metadata: {name: 'a b', namespace: \"it's $HOME\"}, spec: {http: [{timeout: \"'; `rm` "
    "$(x) \\\\ \\n\"}]}}");
  g_autofree char *line = mesh_code_dup_kubectl (from, to);
  g_auto (GStrv) argv = parse_line (line);
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (JsonNode) result = NULL;

  g_assert_cmpuint (g_strv_length (argv), ==, 9);
  g_assert_cmpstr (argv[3], ==, "a b");
  g_assert_cmpstr (argv[4], ==, "--namespace");
  g_assert_cmpstr (argv[5], ==, "it's $HOME");
  patch = base_json_parse (argv[8], -1, NULL);
  result = base_json_patch_apply (from, patch, NULL);
  g_assert_true (base_json_equal (result, to));
}

static char *
dup_diff (const char *old, const char *now)
{
  static const char signs[] = {
    [MESH_LINE_SAME] = ' ', [MESH_LINE_ADDED] = '+', [MESH_LINE_REMOVED] = '-'
  };
  g_autoptr (GArray) lines = mesh_code_diff (old, now);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++) {
    MeshLine *line = &g_array_index (lines, MeshLine, i);

    g_string_append_printf (text, "%c%s|", signs[line->change], line->text);
  }
  return g_strdup (text->str);
}

static void
test_diff (void)
{
  static const char *const expected[][3] = {
    { "a\nb\nc\n", "a\nb\nc\n", " a| b| c|" },
    { "a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c|" },
    { "a\nc\n", "a\nb\nc\n", " a|+b| c|" },
    { "a\nb\nc\n", "a\nc\n", " a|-b| c|" },
    { "a\nb\n", "a\nb\nb\n", " a| b|+b|" },
    { "", "a\n", "+a|" },
    { "1\na\n2\nb\n3\n", "1\nc\n2\nd\n3\n", " 1|-a|+c| 2|-b|+d| 3|" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree char *diff = dup_diff (expected[i][0], expected[i][1]);

    g_assert_cmpstr (diff, ==, expected[i][2]);
  }
}

/* Two long texts with nothing in common are not compared line by line. */
static void
test_diff_long (void)
{
  g_autoptr (GString) old = g_string_new (NULL);
  g_autoptr (GString) now = g_string_new (NULL);
  g_autoptr (GArray) lines = NULL;

  for (int i = 0; i < 20000; i++) {
    g_string_append_printf (old, "old %d\n", i);
    g_string_append_printf (now, "now %d\n", i);
  }
  lines = mesh_code_diff (old->str, now->str);
  g_assert_cmpuint (lines->len, ==, 40000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/code/yaml", test_yaml);
  g_test_add_func ("/mesh/code/kubectl", test_kubectl);
  g_test_add_func ("/mesh/code/kubectl-whole", test_kubectl_whole);
  g_test_add_func ("/mesh/code/quoting", test_quoting);
  g_test_add_func ("/mesh/code/diff", test_diff);
  g_test_add_func ("/mesh/code/diff-long", test_diff_long);
  return g_test_run ();
}
