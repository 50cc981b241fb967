/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "fake-client.h"
#include "kube-error.h"
#include "mesh-creation.h"
#include "mesh-error.h"
#include "mesh-fixture.h"
#include "test-wait.h"

#define WAIT 10

static const char *const RULE =
  "{apiVersion: networking.istio.io/v1alpha3, kind: DestinationRule, metadata: {name: reviews, "
  "namespace: default, uid: u1}, spec: {host: reviews, subsets: [{name: v1}, {name: v2}]}}";

static void
test_build (void)
{
  g_autoptr (JsonNode) rule = mesh_test_parse (RULE);
  g_autoptr (JsonNode) object = mesh_creation_build (rule, "networking.istio.io/v1", NULL);
  g_autoptr (JsonNode) expected = mesh_test_parse (
    "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: reviews, "
    "namespace: default}, spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, "
    "subset: v1}}]}]}}");

  g_assert_true (base_json_equal (object, expected));
}

/* A host in full is written as it is, and gives the object its first part for a name. */
static void
test_full_host (void)
{
  g_autoptr (JsonNode) rule = mesh_test_parse (
    "{metadata: {name: a, namespace: shop}, spec: {host: cart.shop.svc.cluster.local, subsets: "
    "[{name: blue}]}}");
  g_autoptr (JsonNode) object = mesh_creation_build (rule, "networking.istio.io/v1", NULL);

  g_assert_cmpstr (base_json_get_string (object, "metadata", "name", NULL), ==, "cart");
  g_assert_cmpstr (base_json_get_string (object, "metadata", "namespace", NULL), ==, "shop");
  mesh_test_assert_spec (
    object, "hosts: [cart.shop.svc.cluster.local], http: [{route: [{destination: {host: "
            "cart.shop.svc.cluster.local, subset: blue}}]}]");
}

static void
test_bad_rules (void)
{
  static const char *const rules[] = {
    "[]",
    "{spec: {host: reviews}}",
    "{spec: {host: reviews, subsets: [{}]}}",
    "{spec: {subsets: [{name: v1}]}}",
    "{spec: {host: '*.local', subsets: [{name: v1}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++) {
    g_autoptr (JsonNode) rule = mesh_test_parse (rules[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) object = mesh_creation_build (rule, "networking.istio.io/v1", &error);

    g_assert_null (object);
    g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
  }
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static gboolean
is_finished (gpointer data)
{
  return *(GAsyncResult **)data != NULL;
}

static JsonNode *
run (KubeClient *client, const char *yaml, GError **error)
{
  g_autoptr (JsonNode) rule = mesh_test_parse (yaml);
  g_autoptr (GAsyncResult) result = NULL;

  mesh_creation_run_async (client, rule, NULL, finished_cb, &result);
  test_wait_until (is_finished, &result, WAIT, "the creation to end");
  return mesh_creation_run_finish (result, error);
}

static void
test_run (void)
{
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (KubeClient) client = fake_client_new (server, NULL, NULL);
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (GError) error = NULL;

  fake_api_server_set_served (server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  object = run (client, RULE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (object, "metadata", "name", NULL), ==, "reviews");
  g_assert_nonnull (fake_api_server_get (server, "virtualservices", "default", "reviews"));
  g_clear_pointer (&object, json_node_unref);
  /* it is there by now */
  object = run (client, RULE, &error);
  g_assert_null (object);
  g_assert_nonnull (error);
  g_clear_error (&error);
  object = run (client, "{spec: {host: reviews}}", &error);
  g_assert_null (object);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
}

/* What the server gave the last one is not of the next: with a resourceVersion it is refused. */
static void
test_again (void)
{
  g_autoptr (JsonNode) object = mesh_test_parse (
    "{apiVersion: networking.istio.io/v1alpha3, kind: VirtualService, metadata: {name: reviews, "
    "namespace: shop, uid: u1, resourceVersion: '7', generation: 3, creationTimestamp: x, labels: "
    "{a: b}, annotations: {c: d}, managedFields: [{}], ownerReferences: [{}], finalizers: [f]}, "
    "spec: {hosts: [reviews], unknown: 1}, status: {}}");
  g_autoptr (JsonNode) again = mesh_creation_build_again (object);
  g_autoptr (JsonNode) expected = mesh_test_parse (
    "{apiVersion: networking.istio.io/v1alpha3, kind: VirtualService, metadata: {name: reviews, "
    "namespace: shop, labels: {a: b}, annotations: {c: d}}, spec: {hosts: [reviews], unknown: 1}}");
  g_autoptr (JsonNode) bare = mesh_test_parse ("{metadata: 1}");
  g_autoptr (JsonNode) bare_again = mesh_creation_build_again (bare);
  g_autoptr (JsonNode) bare_expected = mesh_test_parse ("{metadata: {}}");

  g_assert_true (base_json_equal (again, expected));
  g_assert_true (base_json_equal (bare_again, bare_expected));
}

static void
test_run_again (void)
{
  g_autoptr (FakeApiServer) server = fake_api_server_new ();
  g_autoptr (KubeClient) client = fake_client_new (server, NULL, NULL);
  g_autoptr (JsonNode) object = mesh_test_parse (
    "{apiVersion: networking.istio.io/v1alpha3, kind: VirtualService, metadata: {name: reviews, "
    "namespace: shop, uid: u1, resourceVersion: '7'}, spec: {hosts: [reviews]}}");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (JsonNode) created = NULL;
  g_autoptr (GError) error = NULL;

  fake_api_server_set_served (server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  mesh_creation_run_again_async (client, object, NULL, finished_cb, &result);
  test_wait_until (is_finished, &result, WAIT, "the creation to end");
  created = mesh_creation_run_finish (result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fake_api_server_get (server, "virtualservices", "shop", "reviews"));
  g_assert_cmpstr (base_json_get_string (created, "metadata", "uid", NULL), !=, "u1");
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/creation/build", test_build);
  g_test_add_func ("/mesh/creation/full-host", test_full_host);
  g_test_add_func ("/mesh/creation/bad-rules", test_bad_rules);
  g_test_add_func ("/mesh/creation/run", test_run);
  g_test_add_func ("/mesh/creation/again", test_again);
  g_test_add_func ("/mesh/creation/run-again", test_run_again);
  return g_test_run ();
}
