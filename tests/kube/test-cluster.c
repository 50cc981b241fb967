/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "kube-config.h"
#include "kube-error.h"
#include "kube-list.h"
#include "model-checker.h"
#include "test-wait.h"

/*
 * The client against a real cluster: KONVOY_LAB_TEST_KUBECONFIG names a kubeconfig, whose current
 * context may create a namespace. All is done in a namespace of its own, which is deleted at the
 * end.
 */

#define SECONDS 60
#define SKIPPED 77

typedef struct {
  KubeClient *client;
  char *namespace_;
} Cluster;

static JsonNode *
send (Cluster *cluster,
      const char *method,
      const char *path,
      const char *content_type,
      const char *body,
      GError **error)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  kube_client_request_async (cluster->client, method, path, content_type, bytes, NULL,
                             test_wait_keep_result, &result);
  test_wait_for_pointer (&result, SECONDS, path);
  return kube_client_request_finish (cluster->client, result, error);
}

static char *
dup_path (Cluster *cluster, const char *name)
{
  return kube_kind_dup_path (kube_kind_lookup ("configmaps"), "v1", cluster->namespace_, name);
}

static void
create (Cluster *cluster, const char *name, const char *value)
{
  g_autofree char *path = dup_path (cluster, NULL);
  g_autofree char *body = g_strdup_printf (
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"},\"data\":{"
    "\"value\":\"%s\"}}",
    name, value);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = send (cluster, "POST", path, "application/json", body, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (base_metadata_get_name (node), ==, name);
}

static JsonNode *
patch (Cluster *cluster, const char *name, const char *body, GError **error)
{
  g_autofree char *path = dup_path (cluster, name);

  return send (cluster, "PATCH", path, "application/json-patch+json", body, error);
}

static void delete (Cluster *cluster, const char *name)
{
  g_autofree char *path = dup_path (cluster, name);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = send (cluster, "DELETE", path, NULL, NULL, &error);

  g_assert_no_error (error);
}

typedef struct {
  KubeList *list;
  Cluster *cluster;
  const char *name;
  const char *value; /* NULL: it is not there */
} Wait;

static gboolean
is_live (gpointer data)
{
  Wait *wait = data;
  const GError *error = kube_list_get_error (wait->list);

  if (kube_list_get_state (wait->list) == KUBE_LIST_FORBIDDEN ||
      kube_list_get_state (wait->list) == KUBE_LIST_UNAUTHORIZED)
    g_error ("%s", error->message);
  return kube_list_get_state (wait->list) == KUBE_LIST_LIVE;
}

static gboolean
has_value (gpointer data)
{
  Wait *wait = data;
  KubeObject *object = kube_list_find (wait->list, wait->cluster->namespace_, wait->name);
  g_autoptr (JsonNode) tree = object != NULL ? kube_object_ref_json (object) : NULL;

  return g_strcmp0 (base_json_get_string (tree, "data", "value", NULL), wait->value) == 0;
}

static void
wait_for_value (Cluster *cluster, KubeList *list, const char *name, const char *value)
{
  Wait wait = { list, cluster, name, value };

  test_wait_until (has_value, &wait, SECONDS, name);
}

static KubeList *
start_list (Cluster *cluster, const char *plural, const char *namespace_)
{
  KubeList *list = kube_list_new (cluster->client, kube_kind_lookup (plural), namespace_, NULL);
  Wait wait = { list, cluster, NULL, NULL };

  kube_list_start (list);
  test_wait_until (is_live, &wait, SECONDS, plural);
  return list;
}

static void
test_discovery (gconstpointer data)
{
  Cluster *cluster = (gpointer)data;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kube_client_discover_async (cluster->client, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, SECONDS, "discovery");
  g_assert_true (kube_client_discover_finish (cluster->client, result, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (kube_client_get_server_version (cluster->client), "v"));
  g_assert_cmpstr (
    kube_client_get_served_version (cluster->client, kube_kind_lookup ("deployments")), ==, "v1");
  g_assert_nonnull (
    kube_client_get_served_version (cluster->client, kube_kind_lookup ("ingresses")));
  g_test_message ("Kubernetes %s", kube_client_get_server_version (cluster->client));
}

static void
test_follow (gconstpointer data)
{
  Cluster *cluster = (gpointer)data;
  g_autoptr (KubeList) list = NULL;
  g_autoptr (ModelChecker) checker = NULL;
  g_autoptr (JsonNode) patched = NULL;
  g_autoptr (GError) error = NULL;

  create (cluster, "before", "1");
  list = start_list (cluster, "configmaps", cluster->namespace_);
  checker = model_checker_new (G_LIST_MODEL (list));
  wait_for_value (cluster, list, "before", "1");

  create (cluster, "after", "2");
  wait_for_value (cluster, list, "after", "2");
  patched = patch (cluster, "after",
                   "[{\"op\":\"replace\",\"path\":\"/data/value\",\"value\":\"3\"}]", &error);
  g_assert_no_error (error);
  wait_for_value (cluster, list, "after", "3");
  delete (cluster, "before");
  wait_for_value (cluster, list, "before", NULL);

  /* what happens while it is stopped is caught up with */
  kube_list_stop (list);
  create (cluster, "meanwhile", "4");
  delete (cluster, "after");
  kube_list_start (list);
  wait_for_value (cluster, list, "meanwhile", "4");
  wait_for_value (cluster, list, "after", NULL);
}

static void
test_many_lists (gconstpointer data)
{
  Cluster *cluster = (gpointer)data;
  static const char *const plurals[] = { "nodes",       "namespaces", "pods",
                                         "services",    "endpoints",  "serviceaccounts",
                                         "deployments", "ingresses",  "networkpolicies" };

  for (gsize i = 0; i < G_N_ELEMENTS (plurals); i++) {
    g_autoptr (KubeList) list = start_list (cluster, plurals[i], NULL);

    g_test_message ("%s: %u", plurals[i], g_list_model_get_n_items (G_LIST_MODEL (list)));
    g_assert_cmpint (kube_list_get_synced_at (list), >, 0);
  }
}

static void
test_conflicts (gconstpointer data)
{
  Cluster *cluster = (gpointer)data;
  g_autofree char *path = dup_path (cluster, NULL);
  g_autofree char *missing = dup_path (cluster, "no-such-thing");
  g_autoptr (GError) error = NULL;

  create (cluster, "once", "1");
  g_assert_null (send (cluster, "POST", path, "application/json",
                       "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":"
                       "\"once\"}}",
                       &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_ALREADY_EXISTS);
  g_clear_error (&error);

  g_assert_null (patch (cluster, "once",
                        "[{\"op\":\"test\",\"path\":\"/data/value\",\"value\":\"other\"},"
                        "{\"op\":\"replace\",\"path\":\"/data/value\",\"value\":\"2\"}]",
                        &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_null (patch (cluster, "once",
                        "[{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":"
                        "\"1\"},{\"op\":\"replace\",\"path\":\"/data/value\",\"value\":\"2\"}]",
                        &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_clear_error (&error);

  g_assert_null (send (cluster, "GET", missing, NULL, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

static void
create_namespace (Cluster *cluster)
{
  g_autofree char *body = g_strdup_printf (
    "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"}}",
    cluster->namespace_);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    send (cluster, "POST", "/api/v1/namespaces", "application/json", body, &error);

  if (node == NULL)
    g_error ("%s", error->message);
}

static void
delete_namespace (Cluster *cluster)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/namespaces/%s", cluster->namespace_);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = send (cluster, "DELETE", path, NULL, NULL, &error);

  if (node == NULL)
    g_error ("%s", error->message);
}

static void
use_kubeconfig (Cluster *cluster, const char *kubeconfig)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context =
    kube_config_load ((const char *const[]){ kubeconfig, NULL }, NULL, &error);

  if (context == NULL)
    g_error ("%s", error->message);
  cluster->client = kube_client_new (context, NULL, &error);
  if (cluster->client == NULL)
    g_error ("%s", error->message);
  /* who names the kubeconfig has agreed */
  kube_client_approve_exec (cluster->client);
}

static int
run_tests (Cluster *cluster)
{
  g_test_add_data_func ("/cluster/discovery", cluster, test_discovery);
  g_test_add_data_func ("/cluster/follow", cluster, test_follow);
  g_test_add_data_func ("/cluster/many-lists", cluster, test_many_lists);
  g_test_add_data_func ("/cluster/conflicts", cluster, test_conflicts);
  return g_test_run ();
}

/* In a process of its own, so that whatever happens to it the namespace is deleted. */
static int
run_tests_in_child (Cluster *cluster)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;

  create_namespace (cluster);
  child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "/proc/self/exe", cluster->namespace_, NULL);
  if (child == NULL)
    g_error ("%s", error->message);
  g_subprocess_wait (child, NULL, NULL);
  delete_namespace (cluster);
  return g_subprocess_get_successful (child) ? 0 : 1;
}

int
main (int argc, char **argv)
{
  const char *kubeconfig = g_getenv ("KONVOY_LAB_TEST_KUBECONFIG");
  Cluster cluster = { 0 };
  int result;

  if (kubeconfig == NULL || *kubeconfig == '\0') {
    printf ("KONVOY_LAB_TEST_KUBECONFIG names no cluster to test against: skipped\n");
    return SKIPPED;
  }
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  use_kubeconfig (&cluster, kubeconfig);
  if (argc > 1) {
    cluster.namespace_ = g_strdup (argv[1]);
    result = run_tests (&cluster);
  } else {
    cluster.namespace_ = g_strdup_printf ("konvoy-lab-test-%08x", g_random_int ());
    result = run_tests_in_child (&cluster);
  }
  g_object_unref (cluster.client);
  g_free (cluster.namespace_);
  return result;
}
