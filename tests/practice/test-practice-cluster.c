/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cluster.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "test-user-namespace.h"
#include "test-wait.h"

#define PODS "/pods"
#define SERVICES "/services"
#define DEPLOYMENTS "apps/deployments"
#define REPLICA_SETS "apps/replicasets"

typedef struct {
  char *folder;
  char *path;
  PracticeStore *store;
  PracticeNetwork *network; /* nullable */
  PracticeCluster *cluster;
} Fixture;

static void
start (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->store = practice_store_new (self->path, &error);
  g_assert_no_error (error);
  self->cluster = practice_cluster_new (self->store, self->network, &error);
  g_assert_no_error (error);
}

static void
stop (Fixture *self)
{
  g_assert_finalize_object (g_steal_pointer (&self->cluster));
  g_assert_finalize_object (g_steal_pointer (&self->store));
}

static void
set_up (Fixture *self, gconstpointer with_network)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("practice-cluster-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "state.db", NULL);
  if (GPOINTER_TO_INT (with_network)) {
    self->network = practice_network_new (&error);
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
      g_clear_error (&error);
    g_assert_no_error (error);
  }
  start (self);
}

static void
tear_down (Fixture *self, gconstpointer with_network)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  stop (self);
  g_clear_object (&self->network);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static void
create (Fixture *self, const char *resource, const char *yaml)
{
  g_autoptr (GError) error = NULL;
  JsonNode *object = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  practice_store_create (self->store, resource, object, &error);
  g_assert_no_error (error);
}

/* One thing to wait for: a member of an object, as JSON text. */
typedef struct {
  PracticeStore *store;
  const char *resource;
  const char *name;
  const char *member; /* within status, or NULL: the object is to be gone */
  const char *wanted; /* NULL: anything */
} Expectation;

static gboolean
is_fulfilled (gpointer data)
{
  Expectation *self = data;
  JsonNode *object = practice_store_get (self->store, self->resource, "default", self->name);
  JsonNode *member;
  g_autofree char *text = NULL;

  if (self->member == NULL)
    return object == NULL;
  member = base_json_get (object, "status", self->member, NULL);
  if (member == NULL)
    return FALSE;
  text = base_json_write (member, FALSE);

  return self->wanted == NULL || g_str_equal (text, self->wanted);
}

static void
wait_for_status (
  Fixture *self, const char *resource, const char *name, const char *member, const char *wanted)
{
  Expectation expectation = { self->store, resource, name, member, wanted };
  g_autofree char *what = g_strdup_printf ("%s %s: %s", resource, name, member);

  test_wait_until (is_fulfilled, &expectation, 20, what);
}

static void
wait_until_gone (Fixture *self, const char *resource, const char *name)
{
  wait_for_status (self, resource, name, NULL, NULL);
}

static const char redis_pod[] = "apiVersion: v1\n"
                                "kind: Pod\n"
                                "metadata:\n"
                                "  name: redis\n"
                                "  namespace: default\n"
                                "  labels: {app: redis}\n"
                                "spec:\n"
                                "  containers:\n"
                                "  - name: redis\n"
                                "    image: redis:5.0.3\n"
                                "    ports: [{containerPort: 6379, name: redis}]\n";

static const char redis_service[] = "apiVersion: v1\n"
                                    "kind: Service\n"
                                    "metadata: {name: redis, namespace: default}\n"
                                    "spec:\n"
                                    "  type: LoadBalancer\n"
                                    "  clusterIP: 10.0.51.32\n"
                                    "  selector: {app: redis}\n"
                                    "  ports:\n"
                                    "  - port: 6379\n"
                                    "    protocol: TCP\n"
                                    "    targetPort: redis\n"
                                    "    nodePort: 31423\n";

static void
mark_deleted (Fixture *self, const char *resource, const char *name)
{
  g_autoptr (GError) error = NULL;
  JsonNode *object = base_json_copy (practice_store_get (self->store, resource, "default", name));

  json_object_set_string_member (
    json_object_get_object_member (json_node_get_object (object), "metadata"), "deletionTimestamp",
    "2020-01-01T00:00:00Z");
  practice_store_update (self->store, resource, object, NULL, &error);
  g_assert_no_error (error);
}

static void
test_first_objects (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (self->store, "/nodes", NULL);
  guint n_masters = 0;

  g_assert_cmpuint (nodes->len, ==, 8);
  for (guint i = 0; i < nodes->len; i++)
    n_masters += base_json_get (g_ptr_array_index (nodes, i), "metadata", "labels",
                                "node-role.kubernetes.io/master", NULL) != NULL;
  g_assert_cmpuint (n_masters, ==, 3);
  g_assert_nonnull (practice_store_get (self->store, SERVICES, "default", "kubernetes"));
  g_assert_null (practice_store_get (self->store, "apiextensions.k8s.io/customresourcedefinitions",
                                     NULL, "virtualservices.networking.istio.io"));
}

/* What a user deleted does not come back with the next start. */
static void
test_restart (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (practice_store_delete (self->store, "/namespaces", NULL, "kubeaddons", &error));
  create (self, PODS, redis_pod);
  wait_for_status (self, PODS, "redis", "phase", "\"Running\"");

  stop (self);
  start (self);

  g_assert_null (practice_store_get (self->store, "/namespaces", NULL, "kubeaddons"));
  g_assert_cmpstr (base_json_get_string (practice_store_get (self->store, PODS, "default", "redis"),
                                         "status", "phase", NULL),
                   ==, "Running");
}

static gboolean
has_service_account (gpointer data)
{
  Fixture *self = data;

  return practice_store_get (self->store, "/serviceaccounts", "team", "default") != NULL;
}

static void
test_default_service_account (Fixture *self, gconstpointer data)
{
  create (self, "/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: team}}");
  test_wait_until (has_service_account, self, 30, "a default service account");
  g_assert_true (practice_store_delete (self->store, "/serviceaccounts", "team", "default", NULL));
  test_wait_until (has_service_account, self, 30, "another default service account");
}

static void
test_pod (Fixture *self, gconstpointer data)
{
  JsonNode *pod;
  JsonNode *node;

  create (self, PODS, redis_pod);
  wait_for_status (self, PODS, "redis", "phase", "\"Running\"");

  pod = practice_store_get (self->store, PODS, "default", "redis");
  g_assert_true (g_str_has_prefix (base_json_get_string (pod, "status", "podIP", NULL), "10.4."));
  node = practice_store_get (self->store, "/nodes", NULL,
                             base_json_get_string (pod, "spec", "nodeName", NULL));
  g_assert_nonnull (node);
  g_assert_null (base_json_get (node, "spec", "taints", NULL));

  mark_deleted (self, PODS, "redis");
  wait_until_gone (self, PODS, "redis");
}

static gboolean
is_pull_failing (gpointer data)
{
  Fixture *self = data;
  JsonNode *pod = practice_store_get (self->store, PODS, "default", "wrong");
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  return statuses != NULL && g_strcmp0 (base_json_get_string (json_array_get_element (statuses, 0),
                                                              "state", "waiting", "reason", NULL),
                                        "ErrImagePull") == 0;
}

static void
test_unknown_image (Fixture *self, gconstpointer data)
{
  create (self, PODS,
          "{apiVersion: v1, kind: Pod, metadata: {name: wrong, namespace: default},"
          " spec: {containers: [{name: wrong, image: 'reddis:5'}]}}");
  test_wait_until (is_pull_failing, self, 30, "a pull that fails");
}

static void
test_unschedulable (Fixture *self, gconstpointer data)
{
  create (self, PODS,
          "{apiVersion: v1, kind: Pod, metadata: {name: picky, namespace: default},"
          " spec: {nodeSelector: {disk: ssd}, containers: [{name: a, image: redis}]}}");
  wait_for_status (self, PODS, "picky", "conditions", NULL);
  g_assert_null (base_json_get (practice_store_get (self->store, PODS, "default", "picky"), "spec",
                                "nodeName", NULL));
}

static const char deployment[] =
  "apiVersion: apps/v1\n"
  "kind: Deployment\n"
  "metadata: {name: web, namespace: default, generation: 1}\n"
  "spec:\n"
  "  replicas: 3\n"
  "  selector: {matchLabels: {app: web}}\n"
  "  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}\n"
  "  template:\n"
  "    metadata: {labels: {app: web}}\n"
  "    spec: {containers: [{name: web, image: 'nginx:1.17'}]}\n";

static void
set_image (Fixture *self, const char *image)
{
  g_autoptr (GError) error = NULL;
  JsonNode *object =
    base_json_copy (practice_store_get (self->store, DEPLOYMENTS, "default", "web"));
  JsonArray *containers =
    base_json_get_array (object, "spec", "template", "spec", "containers", NULL);

  json_object_set_string_member (json_array_get_object_element (containers, 0), "image", image);
  practice_store_update (self->store, DEPLOYMENTS, object, NULL, &error);
  g_assert_no_error (error);
}

typedef struct {
  Fixture *fixture;
  guint fewest_ready;
  guint most;
} Census;

static void
count_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          gpointer user_data)
{
  Census *census = user_data;
  g_autoptr (GPtrArray) pods = NULL;
  guint n_ready = 0;
  guint n_alive = 0;

  if (!g_str_equal (resource, PODS))
    return;
  pods = practice_store_list (store, PODS, "default");
  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);

    if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
      continue;
    n_alive++;
    n_ready += g_strcmp0 (base_json_get_string (pod, "status", "phase", NULL), "Running") == 0;
  }
  census->fewest_ready = MIN (census->fewest_ready, n_ready);
  census->most = MAX (census->most, n_alive);
}

static gboolean
is_rolled_out (gpointer data)
{
  Fixture *self = data;
  JsonNode *object = practice_store_get (self->store, DEPLOYMENTS, "default", "web");

  return base_json_get_int (object, 0, "status", "updatedReplicas", NULL) == 3 &&
         base_json_get_int (object, 0, "status", "replicas", NULL) == 3 &&
         base_json_get_int (object, 0, "status", "availableReplicas", NULL) == 3;
}

static void
test_deployment (Fixture *self, gconstpointer data)
{
  Census census = { self, G_MAXUINT, 0 };
  g_autoptr (GPtrArray) replica_sets = NULL;
  gulong id;

  create (self, DEPLOYMENTS, deployment);
  test_wait_until (is_rolled_out, self, 30, "the first rollout");

  id = g_signal_connect (self->store, "event", G_CALLBACK (count_cb), &census);
  set_image (self, "nginx:1.18");
  wait_for_status (self, DEPLOYMENTS, "web", "updatedReplicas", "1");
  test_wait_until (is_rolled_out, self, 30, "the second rollout");
  g_signal_handler_disconnect (self->store, id);

  /* 25 % of 3, rounded down and up: none may be missing, one may be too many. */
  g_assert_cmpuint (census.fewest_ready, >=, 3);
  g_assert_cmpuint (census.most, <=, 4);

  replica_sets = practice_store_list (self->store, REPLICA_SETS, "default");
  g_assert_cmpuint (replica_sets->len, ==, 2);

  /* Back to the first template: its ReplicaSet is used again, as revision 3. */
  set_image (self, "nginx:1.17");
  wait_for_status (self, DEPLOYMENTS, "web", "updatedReplicas", "1");
  test_wait_until (is_rolled_out, self, 30, "the rollout back");
  g_clear_pointer (&replica_sets, g_ptr_array_unref);
  replica_sets = practice_store_list (self->store, REPLICA_SETS, "default");
  g_assert_cmpuint (replica_sets->len, ==, 2);
  g_assert_cmpstr (
    base_metadata_get_annotation (practice_store_get (self->store, DEPLOYMENTS, "default", "web"),
                                  "deployment.kubernetes.io/revision"),
    ==, "3");
}

static guint
count_containers (Fixture *self)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, "default");
  guint most = 0;

  for (guint i = 0; i < pods->len; i++)
    most = MAX (most, json_array_get_length (base_json_get_array (g_ptr_array_index (pods, i),
                                                                  "spec", "containers", NULL)));

  return most;
}

/* A namespace's label counts for pods that are born after it, and only where Istio is. */
static void
test_sidecar (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JsonNode *object =
    base_json_copy (practice_store_get (self->store, "/namespaces", NULL, "default"));
  JsonObject *labels = json_object_new ();

  json_object_set_string_member (labels, "istio-injection", "enabled");
  json_object_set_object_member (
    json_object_get_object_member (json_node_get_object (object), "metadata"), "labels", labels);
  practice_store_update (self->store, "/namespaces", object, NULL, &error);
  g_assert_no_error (error);

  create (self, DEPLOYMENTS, deployment);
  test_wait_until (is_rolled_out, self, 30, "a rollout without Istio");
  g_assert_cmpuint (count_containers (self), ==, 1);

  g_assert_true (
    practice_addons_enable (practice_cluster_get_addons (self->cluster), "istio", &error));
  g_assert_cmpuint (count_containers (self), ==, 1);
  set_image (self, "nginx:1.18");
  wait_for_status (self, DEPLOYMENTS, "web", "updatedReplicas", "1");
  test_wait_until (is_rolled_out, self, 30, "a rollout with Istio");
  g_assert_cmpuint (count_containers (self), ==, 2);
}

static char *
dup_host_name (Fixture *self)
{
  JsonNode *service = practice_store_get (self->store, SERVICES, "default", "redis");
  JsonArray *ingress = base_json_get_array (service, "status", "loadBalancer", "ingress", NULL);

  return g_strdup (base_json_get_string (json_array_get_element (ingress, 0), "hostname", NULL));
}

static gboolean
does_resolve (gpointer data)
{
  Fixture *self = data;
  g_autofree char *name = dup_host_name (self);
  g_autofree char *address = practice_cluster_resolve (self->cluster, name);

  return address != NULL;
}

/* First no address, then a name that nobody knows, then one that resolves, also after a restart. */
static void
test_load_balancer (Fixture *self, gconstpointer data)
{
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;
  g_autofree char *again = NULL;

  create (self, SERVICES, redis_service);
  wait_for_status (self, SERVICES, "redis", "loadBalancer", NULL);
  name = dup_host_name (self);
  g_assert_true (g_regex_match_simple (
    "^a[0-9a-f]{31}-[0-9]{8,10}\\.us-west-2\\.elb\\.amazonaws\\.com$", name, 0, 0));
  g_assert_null (practice_cluster_resolve (self->cluster, name));

  test_wait_until (does_resolve, self, 30, "a name that resolves");
  address = practice_cluster_resolve (self->cluster, name);
  g_assert_true (g_str_has_prefix (address, "10.200."));

  stop (self);
  start (self);
  again = practice_cluster_resolve (self->cluster, name);
  g_assert_cmpstr (again, ==, address);
}

static void
test_resolve_node (Fixture *self, gconstpointer data)
{
  g_autofree char *address =
    practice_cluster_resolve (self->cluster, "ip-10-0-193-118.us-west-2.compute.internal");

  g_assert_cmpstr (address, ==, "10.0.193.118");
  g_assert_null (practice_cluster_resolve (self->cluster, "example.com"));
}

static void
test_addons (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    practice_addons_enable (practice_cluster_get_addons (self->cluster), "gitops", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  for (guint i = 0; i < 2; i++) {
    g_assert_true (
      practice_addons_enable (practice_cluster_get_addons (self->cluster), "istio", &error));
    g_assert_no_error (error);
  }
  g_assert_nonnull (practice_store_get (self->store,
                                        "apiextensions.k8s.io/customresourcedefinitions", NULL,
                                        "virtualservices.networking.istio.io"));
}

/* Sends @request to @address inside the network and returns all that came until the end. */
static char *
ask (Fixture *self, const char *address, guint16 port, const char *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  GString *answer = g_string_new (NULL);
  GInputStream *input;
  gssize length;

  practice_network_connect_async (self->network, address, port, NULL, test_wait_keep_result,
                                  &result);
  test_wait_for_pointer (&result, 30, "a connection");
  connection = practice_network_connect_finish (self->network, result, error);
  if (connection == NULL)
    return g_string_free (answer, TRUE);

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, error);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  do {
    char buffer[256];

    g_clear_object (&result);
    g_input_stream_read_async (input, buffer, sizeof buffer, 0, NULL, test_wait_keep_result,
                               &result);
    test_wait_for_pointer (&result, 30, "an answer");
    length = g_input_stream_read_finish (input, result, error);
    if (length > 0)
      g_string_append_len (answer, buffer, length);
  } while (length > 0);

  return g_string_free (answer, FALSE);
}

static gboolean
does_answer (gpointer data)
{
  Fixture *self = data;
  g_autofree char *answer = ask (self, "10.0.51.32", 6379, "PING\r\n", NULL);

  return g_strcmp0 (answer, "+PONG\r\n") == 0;
}

static gboolean
is_refused (gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = ask (self, "10.0.51.32", 6379, "PING\r\n", &error);

  return answer == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* Redis answers at its pod, its cluster IP, a node port and its load balancer, until it goes. */
static void
test_redis_answers (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *balancer = NULL;
  g_autofree char *at_node = NULL;
  g_autofree char *at_balancer = NULL;

  if (self->network == NULL) {
    g_test_skip ("User namespaces are refused here");
    return;
  }

  create (self, SERVICES, redis_service);
  g_assert_true (is_refused (self));
  create (self, PODS, redis_pod);
  test_wait_until (does_answer, self, 30, "redis at its cluster IP");
  at_node = ask (self, "10.0.128.64", 31423, "SET a 1\r\nincr a\r\nfoo bar\r\nQUIT\r\n", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (at_node, ==,
                   "+OK\r\n:2\r\n-ERR unknown command `foo`, with args beginning with: `bar`, "
                   "\r\n+OK\r\n");

  wait_for_status (self, SERVICES, "redis", "loadBalancer", NULL);
  test_wait_until (does_resolve, self, 30, "a name that resolves");
  name = dup_host_name (self);
  balancer = practice_cluster_resolve (self->cluster, name);
  at_balancer = ask (self, balancer, 6379, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (at_balancer, ==, "$1\r\n2\r\n");

  mark_deleted (self, PODS, "redis");
  wait_until_gone (self, PODS, "redis");
  test_wait_until (is_refused, self, 30, "a refusal");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function, network)                                                               \
  g_test_add ("/practice-cluster/" name, Fixture, GINT_TO_POINTER (network), set_up, function,     \
              tear_down)
  ADD ("first-objects", test_first_objects, FALSE);
  ADD ("restart", test_restart, FALSE);
  ADD ("default-service-account", test_default_service_account, FALSE);
  ADD ("pod", test_pod, FALSE);
  ADD ("unknown-image", test_unknown_image, FALSE);
  ADD ("unschedulable", test_unschedulable, FALSE);
  ADD ("deployment", test_deployment, FALSE);
  ADD ("sidecar", test_sidecar, FALSE);
  ADD ("load-balancer", test_load_balancer, FALSE);
  ADD ("resolve-node", test_resolve_node, FALSE);
  ADD ("addons", test_addons, FALSE);
  ADD ("redis-answers", test_redis_answers, TRUE);

  return g_test_run ();
}
