/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-admission.h"

#include "base-metadata.h"
#include "practice-account-admission.h"
#include "test-cluster-objects.h"

static void
store (TestObjects *self, const char *resource, const char *text)
{
  g_autoptr (GError) error = NULL;

  practice_store_create (self->store, resource, test_json (text), &error);
  g_assert_no_error (error);
}

/* An account with its token, as the controllers of a cluster make it. */
static void
set_up (TestObjects *self, gconstpointer data)
{
  test_objects_set_up (self, data);
  store (self, "/serviceaccounts",
         "{'kind':'ServiceAccount','apiVersion':'v1','metadata':{'name':'default','namespace':"
         "'default'},'secrets':[{'name':'default-token-abcde'}]}");
  store (self, "/secrets",
         "{'kind':'Secret','apiVersion':'v1','metadata':{'name':'default-token-abcde','namespace':"
         "'default'},'type':'kubernetes.io/service-account-token'}");
}

static JsonNode *
get_container (JsonNode *pod, const char *list, guint index)
{
  return json_array_get_element (base_json_get_array (pod, "spec", list, NULL), index);
}

static JsonNode *
create (TestObjects *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *pod = test_objects_create (self, text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (pod);
  return pod;
}

static void
test_token (TestObjects *self, gconstpointer data)
{
  g_autoptr (JsonNode) pod = create (self, TEST_POD ("a"));

  g_assert_cmpstr (base_json_get_string (pod, "spec", "serviceAccountName", NULL), ==, "default");
  test_json_assert_equal (base_json_get (pod, "spec", "volumes", NULL),
                          "[{'name':'default-token-abcde','secret':{'secretName':"
                          "'default-token-abcde','defaultMode':420}}]");
  test_json_assert_equal (
    base_json_get (get_container (pod, "containers", 0), "volumeMounts", NULL),
    "[{'name':'default-token-abcde','readOnly':true,'mountPath':'" PRACTICE_ACCOUNT_FOLDER "'}]");
}

static void
test_no_token (TestObjects *self, gconstpointer data)
{
  g_autoptr (JsonNode) declined = create (
    self, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a'},'spec':{"
          "'automountServiceAccountToken':false,'containers':[{'name':'a','image':'nginx'}]}}");
  g_autoptr (JsonNode) own = create (
    self, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'b'},'spec':{'volumes':[{'name':"
          "'own','emptyDir':{}}],'containers':[{'name':'a','image':'nginx','volumeMounts':[{"
          "'name':'own','mountPath':'" PRACTICE_ACCOUNT_FOLDER "'}]}]}}");

  g_assert_null (base_json_get (declined, "spec", "volumes", NULL));
  g_assert_cmpuint (json_array_get_length (base_json_get_array (own, "spec", "volumes", NULL)), ==,
                    1);
}

static void
test_no_account (TestObjects *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = test_objects_create (
    self,
    "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a'},'spec':{'serviceAccountName':"
    "'robot','containers':[{'name':'a','image':'nginx'}]}}",
    &error);

  g_assert_null (pod);
  g_assert_nonnull (error);
  g_assert_cmpuint (practice_status_get_code (error), ==, 403);
  g_assert_cmpstr (error->message, ==,
                   "pods \"a\" is forbidden: error looking up service account default/robot: "
                   "serviceaccount \"robot\" not found");
}

/* With the injector there, and a label on the namespace. */
static void
test_injection (TestObjects *self, gconstpointer data)
{
  g_autoptr (JsonNode) before = create (self, TEST_POD ("a"));
  g_autoptr (JsonNode) namespace_ = NULL;
  g_autoptr (JsonNode) pod = NULL;
  g_autoptr (JsonNode) declined = NULL;
  JsonArray *mounts;

  store (self, "apps/deployments",
         "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'istio-sidecar-injector',"
         "'namespace':'istio-system'}}");
  namespace_ = base_json_copy (practice_store_get (self->store, "/namespaces", NULL, "default"));
  json_object_set_member (base_json_get_object (namespace_, "metadata", NULL), "labels",
                          test_json ("{'istio-injection':'enabled'}"));
  practice_store_update (self->store, "/namespaces", g_steal_pointer (&namespace_), NULL, NULL);
  pod = create (self, TEST_POD ("b"));
  declined = create (
    self, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'c','annotations':{"
          "'sidecar.istio.io/inject':'false'}},'spec':{'containers':[{'name':'a','image':'x'}]}}");

  g_assert_null (base_json_get (before, "spec", "initContainers", NULL));
  g_assert_null (base_json_get (declined, "spec", "initContainers", NULL));
  g_assert_cmpstr (base_json_get_string (get_container (pod, "initContainers", 0), "image", NULL),
                   ==, "docker.io/istio/proxy_init:1.3.3");
  g_assert_cmpstr (base_json_get_string (get_container (pod, "containers", 1), "name", NULL), ==,
                   "istio-proxy");
  /* The proxy has the token of the account, too. */
  mounts = base_json_get_array (get_container (pod, "containers", 1), "volumeMounts", NULL);
  g_assert_cmpuint (json_array_get_length (mounts), ==, 3);
  g_assert_cmpuint (json_array_get_length (base_json_get_array (pod, "spec", "volumes", NULL)), ==,
                    3);
  g_assert_cmpstr (base_json_get_string (pod, "status", "qosClass", NULL), ==, "Burstable");
  g_assert_nonnull (strstr (base_metadata_get_annotation (pod, "sidecar.istio.io/status"),
                            "\"initContainers\":[\"istio-init\"]"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/pod-admission/" name, TestObjects, NULL, set_up, function,                \
              test_objects_tear_down)

  ADD ("token", test_token);
  ADD ("no-token", test_no_token);
  ADD ("no-account", test_no_account);
  ADD ("injection", test_injection);

  return g_test_run ();
}
