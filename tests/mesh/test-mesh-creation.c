/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base-metadata.h"
#include "fake-client.h"
#include "kube-error.h"
#include "mesh-creation.h"
#include "mesh-creations.h"
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

  g_assert_cmpstr (base_metadata_get_name (object), ==, "cart");
  g_assert_cmpstr (base_metadata_get_namespace (object), ==, "shop");
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
  g_assert_cmpstr (base_metadata_get_name (object), ==, "reviews");
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
  g_assert_cmpstr (base_metadata_get_uid (created), !=, "u1");
}

/* What a step has led to. */
typedef struct {
  MeshCreations *creations;
  KubeClient *client;
  FakeApiServer *server;
  char *error; /* (nullable) */
  char *old_uid;
  char *new_uid;
} Steps;

static void
step_failed_cb (MeshCreations *creations, const GError *error, Steps *steps)
{
  g_free (steps->error);
  steps->error = g_strdup (error->message);
}

static void
renewed_cb (MeshCreations *creations, const char *old_uid, const char *new_uid, Steps *steps)
{
  steps->old_uid = g_strdup (old_uid);
  steps->new_uid = g_strdup (new_uid);
}

static JsonNode *
get_reviews (Steps *steps)
{
  return fake_api_server_get (steps->server, "virtualservices", "default", "reviews");
}

/* As a watch shows it: the fake server keeps no version with its objects. */
static JsonNode *
copy_shown (Steps *steps)
{
  JsonNode *shown = base_json_copy (get_reviews (steps));

  json_object_set_string_member (json_node_get_object (shown), "apiVersion",
                                 "networking.istio.io/v1alpha3");
  json_object_set_string_member (json_node_get_object (shown), "kind", "VirtualService");
  return shown;
}

static gboolean
is_gone_or_failed (gpointer data)
{
  Steps *steps = data;

  return steps->error != NULL || (get_reviews (steps) == NULL &&
                                  mesh_creations_can (steps->creations, NULL, MESH_UNDO_AGAIN));
}

static gboolean
is_back (gpointer data)
{
  Steps *steps = data;

  return get_reviews (steps) != NULL && steps->new_uid != NULL;
}

static gboolean
has_step_failed (gpointer data)
{
  return ((Steps *)data)->error != NULL;
}

static void
set_up_steps (Steps *steps)
{
  g_autoptr (JsonNode) created = NULL;
  g_autoptr (GError) error = NULL;

  *steps = (Steps){ .creations = mesh_creations_new (), .server = fake_api_server_new () };
  fake_api_server_set_served (steps->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  steps->client = fake_client_new (steps->server, NULL, NULL);
  g_signal_connect (steps->creations, "failed", G_CALLBACK (step_failed_cb), steps);
  g_signal_connect (steps->creations, "renewed", G_CALLBACK (renewed_cb), steps);
  created = run (steps->client, RULE, &error);
  g_assert_no_error (error);
  mesh_creations_note (steps->creations, created);
}

static void
tear_down_steps (Steps *steps)
{
  g_assert_finalize_object (steps->creations);
  g_clear_object (&steps->client);
  g_clear_object (&steps->server);
  g_free (steps->error);
  g_free (steps->old_uid);
  g_free (steps->new_uid);
}

/* What was created here can be taken back, and is there again after. */
static void
test_steps (void)
{
  Steps steps;
  g_autoptr (JsonNode) shown = NULL;
  g_autoptr (JsonNode) other = mesh_test_parse ("{metadata: {name: other, uid: o}}");

  set_up_steps (&steps);
  shown = copy_shown (&steps);
  g_assert_false (mesh_creations_can (steps.creations, other, MESH_UNDO_BACK));
  g_assert_false (mesh_creations_can (steps.creations, NULL, MESH_UNDO_BACK));
  g_assert_false (mesh_creations_can (steps.creations, shown, MESH_UNDO_AGAIN));
  g_assert_true (mesh_creations_can (steps.creations, shown, MESH_UNDO_BACK));
  mesh_creations_step (steps.creations, steps.client, shown, MESH_UNDO_BACK);
  g_assert_false (mesh_creations_can (steps.creations, shown, MESH_UNDO_BACK));
  test_wait_until (is_gone_or_failed, &steps, WAIT, "it to be deleted");
  g_assert_cmpstr (steps.error, ==, NULL);
  g_assert_false (mesh_creations_can (steps.creations, shown, MESH_UNDO_BACK));
  mesh_creations_step (steps.creations, steps.client, other, MESH_UNDO_AGAIN);
  test_wait_until (is_back, &steps, WAIT, "it to be there again");
  g_assert_cmpstr (steps.old_uid, ==, base_metadata_get_uid (shown));
  g_assert_cmpstr (steps.new_uid, !=, steps.old_uid);
  g_assert_true (mesh_creations_can (steps.creations, get_reviews (&steps), MESH_UNDO_BACK));
  g_assert_null (steps.error);
  tear_down_steps (&steps);
}

/* What others have made of it stays, also where the page has not seen it yet. */
static void
test_steps_of_others (void)
{
  Steps steps;
  g_autoptr (JsonNode) shown = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autofree char *text = NULL;

  set_up_steps (&steps);
  shown = copy_shown (&steps);
  changed = base_json_copy (shown);
  json_object_set_string_member (base_json_get_object (changed, "spec", NULL), "more", "x");
  text = base_json_write (changed, FALSE);
  fake_api_server_put (steps.server, text);
  mesh_creations_step (steps.creations, steps.client, shown, MESH_UNDO_BACK);
  test_wait_until (has_step_failed, &steps, WAIT, "the server to refuse");
  g_assert_nonnull (strstr (steps.error, "Precondition failed"));
  g_assert_nonnull (get_reviews (&steps));
  g_clear_pointer (&steps.error, g_free);
  mesh_creations_step (steps.creations, steps.client, changed, MESH_UNDO_BACK);
  g_assert_cmpstr (steps.error, ==,
                   "reviews is not what was created here any more, so it was not deleted.");
  g_assert_nonnull (get_reviews (&steps));
  tear_down_steps (&steps);
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
  g_test_add_func ("/mesh/creation/steps", test_steps);
  g_test_add_func ("/mesh/creation/steps-of-others", test_steps_of_others);
  return g_test_run ();
}
