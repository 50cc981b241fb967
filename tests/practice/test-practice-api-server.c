/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "practice-api-server.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

#define TABLE "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

typedef struct {
  char *dir;
  PracticeStore *store;
  PracticeApiServer *server;
  SoupSession *session;
  char *accept; /* (nullable): for the next request */
} Fixture;

static void
open_all (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->dir, "state.db", NULL);
  g_autofree char *ca = g_build_filename (fixture->dir, "ca.pem", NULL);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;

  fixture->store = practice_store_new (path, &error);
  g_assert_no_error (error);
  fixture->server = practice_api_server_new (fixture->store, &error);
  g_assert_no_error (error);
  g_file_set_contents (ca, practice_api_server_get_ca_pem (fixture->server), -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
  fixture->session = soup_session_new_with_options ("tls-database", database, "max-conns", 400,
                                                    "max-conns-per-host", 400, NULL);
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static void
close_all (Fixture *fixture)
{
  gpointer session = fixture->session;

  /* The client's connections end by and by. */
  g_object_add_weak_pointer (session, &session);
  soup_session_abort (fixture->session);
  g_clear_object (&fixture->session);
  test_wait_until (is_null, &session, 30, "the end of the client");
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("practice-api-XXXXXX", &error);
  g_assert_no_error (error);
  open_all (fixture);
  practice_store_create (
    fixture->store, "/namespaces",
    test_json ("{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'default'}}"), &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *names[] = { "state.db", "state.db-wal", "ca.pem" };

  close_all (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->dir, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->dir);
  g_free (fixture->accept);
  g_free (fixture->dir);
}

static SoupMessage *
new_message (Fixture *fixture, const char *method, const char *path, const char *token)
{
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u%s",
                                          practice_api_server_get_port (fixture->server), path);
  SoupMessage *message = soup_message_new (method, uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    soup_message_headers_append (headers, "Authorization", bearer);
  if (fixture->accept != NULL)
    soup_message_headers_append (headers, "Accept", fixture->accept);
  g_clear_pointer (&fixture->accept, g_free);
  return message;
}

/* (transfer full): the answer's body as JSON. */
static JsonNode *
send_message (Fixture *fixture, SoupMessage *message, guint expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  gsize length;
  const char *data;

  soup_session_send_and_read_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  bytes = soup_session_send_and_read_finish (fixture->session, result, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (bytes, &length);
  if (soup_message_get_status (message) != expected)
    g_error ("%s", data);
  node = base_json_parse (data, (gssize)length, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&node);
}

static JsonNode *
request (Fixture *fixture,
         const char *method,
         const char *path,
         const char *content_type,
         const char *body,
         guint expected)
{
  g_autoptr (SoupMessage) message =
    new_message (fixture, method, path, practice_api_server_get_token (fixture->server));

  if (body != NULL) {
    char *quoted = g_strdelimit (g_strdup (body), "'", '"');
    g_autoptr (GBytes) bytes = g_bytes_new_take (quoted, strlen (quoted));

    soup_message_set_request_body_from_bytes (message, content_type, bytes);
  }
  return send_message (fixture, message, expected);
}

static JsonNode *
get (Fixture *fixture, const char *path)
{
  return request (fixture, "GET", path, NULL, NULL, 200);
}

static void
post (Fixture *fixture, const char *path, const char *body)
{
  g_autoptr (JsonNode) node = request (fixture, "POST", path, "application/json", body, 201);
}

#define CONFIGMAPS "/api/v1/namespaces/default/configmaps"

static void
create_configmap (Fixture *fixture, const char *name)
{
  g_autofree char *body =
    g_strdup_printf ("{'metadata':{'name':'%s','labels':{'app':'%c'}}}", name, *name);

  post (fixture, CONFIGMAPS, body);
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  const char *tokens[] = { NULL, "", "wrong" };
  g_autofree char *almost = g_strdup (practice_api_server_get_token (fixture->server));

  g_assert_cmpuint (strlen (almost), >=, 32);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autoptr (SoupMessage) message = new_message (fixture, "GET", "/version", tokens[i]);
    g_autoptr (JsonNode) status = send_message (fixture, message, 401);

    test_json_assert_equal (status,
                            "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure',"
                            "'message':'Unauthorized','reason':'Unauthorized','code':401}");
  }
  almost[strlen (almost) - 1] ^= 1;
  {
    g_autoptr (SoupMessage) message = new_message (fixture, "GET", "/version", almost);
    g_autoptr (JsonNode) status = send_message (fixture, message, 401);
  }
}

static void
test_discovery (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) version = get (fixture, "/version");
  g_autoptr (JsonNode) versions = get (fixture, "/api");
  g_autoptr (JsonNode) groups = get (fixture, "/apis");
  g_autoptr (JsonNode) group = get (fixture, "/apis/networking.k8s.io");
  g_autoptr (JsonNode) core = get (fixture, "/api/v1");
  g_autoptr (JsonNode) missing = request (fixture, "GET", "/apis/nothing.here/v1", NULL, NULL, 404);
  g_autoptr (JsonNode) unknown =
    request (fixture, "GET", "/api/v1/namespaces/default/things", NULL, NULL, 404);
  g_autoptr (JsonNode) bad = request (fixture, "DELETE", "/version", NULL, NULL, 404);

  g_assert_cmpstr (base_json_get_string (version, "gitVersion", NULL), ==, "v1.15.2");
  g_assert_cmpstr (base_json_get_string (versions, "kind", NULL), ==, "APIVersions");
  g_assert_cmpstr (base_json_get_string (groups, "kind", NULL), ==, "APIGroupList");
  g_assert_cmpstr (base_json_get_string (group, "preferredVersion", "version", NULL), ==, "v1");
  g_assert_cmpstr (base_json_get_string (core, "groupVersion", NULL), ==, "v1");
  g_assert_cmpstr (base_json_get_string (unknown, "message", NULL), ==,
                   "the server could not find the requested resource");
}

static gboolean
knows_cron_jobs (Fixture *fixture, const char *path, const char *agent)
{
  g_autoptr (SoupMessage) message =
    new_message (fixture, "GET", path, practice_api_server_get_token (fixture->server));
  g_autoptr (JsonNode) list = NULL;
  g_autofree char *text = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "User-Agent", agent);
  list = send_message (fixture, message, 200);
  text = base_json_write (list, FALSE);
  return strstr (text, "\"cronjobs\"") != NULL;
}

/* To an old kubectl a CronJob is what it was then. */
static void
test_old_client (Fixture *fixture, gconstpointer data)
{
  g_assert_true (knows_cron_jobs (fixture, "/apis/batch/v1", "kubectl/v1.27.16 (linux/amd64)"));
  g_assert_true (knows_cron_jobs (fixture, "/apis/batch/v1", "somebody"));
  g_assert_false (knows_cron_jobs (fixture, "/apis/batch/v1", "kubectl/v1.20.2 (linux/amd64)"));
  g_assert_true (knows_cron_jobs (fixture, "/apis/batch/v1beta1", "kubectl/v1.20.2"));
}

#define EVICTION                                                                                   \
  "{'kind':'Eviction','apiVersion':'policy/"                                                       \
  "v1beta1','metadata':{'name':'a','namespace':'default'}}"

/* A pod that a budget holds stays, until the budget lets it go. */
static void
test_eviction (Fixture *fixture, gconstpointer data)
{
  const char *path = "/api/v1/namespaces/default/pods/a/eviction";
  const char *budget = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b/status";
  g_autoptr (JsonNode) refusal = NULL;
  g_autoptr (JsonNode) done = NULL;
  g_autoptr (JsonNode) wrong = NULL;
  g_autoptr (JsonNode) running = NULL;
  g_autoptr (JsonNode) allowed = NULL;
  JsonArray *causes;

  post (fixture, "/api/v1/namespaces/default/pods",
        "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a','labels':{'app':'a'}},'spec':{"
        "'containers':[{'name':'a','image':'nginx'}]}}");
  running = request (fixture, "PATCH", "/api/v1/namespaces/default/pods/a/status",
                     "application/merge-patch+json", "{'status':{'phase':'Running'}}", 200);
  post (fixture, "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
        "{'kind':'PodDisruptionBudget','apiVersion':'policy/v1','metadata':{'name':'b'},'spec':{"
        "'minAvailable':1,'selector':{'matchLabels':{'app':'a'}}}}");
  allowed =
    request (fixture, "PATCH", budget, "application/merge-patch+json",
             "{'status':{'observedGeneration':1,'desiredHealthy':1,'currentHealthy':1}}", 200);
  refusal = request (fixture, "POST", path, "application/json", EVICTION, 429);
  g_assert_cmpstr (base_json_get_string (refusal, "message", NULL), ==,
                   "Cannot evict pod as it would violate the pod's disruption budget.");
  causes = base_json_get_array (refusal, "details", "causes", NULL);
  g_assert_cmpstr (base_json_get_string (json_array_get_element (causes, 0), "message", NULL), ==,
                   "The disruption budget b needs 1 healthy pods and has 1 currently");
  g_clear_pointer (&allowed, json_node_unref);
  allowed = request (fixture, "PATCH", budget, "application/merge-patch+json",
                     "{'status':{'disruptionsAllowed':1}}", 200);
  wrong = request (fixture, "GET", path, NULL, NULL, 405);
  done = request (fixture, "POST", path, "application/json", EVICTION, 201);
  g_assert_cmpstr (base_json_get_string (done, "status", NULL), ==, "Success");
  g_clear_pointer (&done, json_node_unref);
  done = request (fixture, "GET", "/api/v1/namespaces/default/pods/a", NULL, NULL, 404);
}

/* A definition is served at once, and no longer when it is gone. */
static void
test_definition (Fixture *fixture, gconstpointer data)
{
  const char *path = "/apis/stable.example.com/v1/namespaces/default/crontabs";
  g_autoptr (JsonNode) before = request (fixture, "GET", path, NULL, NULL, 404);
  g_autoptr (JsonNode) resources = NULL;
  g_autoptr (JsonNode) scale = NULL;
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (JsonNode) strategic = NULL;

  post (fixture, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TEST_DEFINITION);
  resources = get (fixture, "/apis/stable.example.com/v1");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (resources, "resources", NULL)), ==,
                    3);
  post (fixture, path, TEST_CRONTAB);
  scale =
    request (fixture, "PATCH", "/apis/stable.example.com/v1/namespaces/default/crontabs/c/scale",
             "application/merge-patch+json", "{'spec':{'replicas':7}}", 200);
  g_assert_cmpstr (base_json_get_string (scale, "kind", NULL), ==, "Scale");
  object = get (fixture, "/apis/stable.example.com/v1beta1/namespaces/default/crontabs/c");
  g_assert_cmpint (base_json_get_int (object, 0, "spec", "replicas", NULL), ==, 7);
  strategic =
    request (fixture, "PATCH", "/apis/stable.example.com/v1/namespaces/default/crontabs/c",
             "application/strategic-merge-patch+json", "{'spec':{}}", 415);
  g_assert_cmpstr (base_json_get_string (strategic, "message", NULL), ==,
                   "the body of the request was in an unknown format - accepted media types "
                   "include: application/json-patch+json, application/merge-patch+json, "
                   "application/apply-patch+yaml");
}

/* Kinds that had a scale before others had one say in their own way that there is nothing. */
static void
test_missing_scale (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *path;
    const char *message;
  } cases[] = {
    { "/apis/apps/v1/namespaces/default/deployments/no/scale",
      "deployments/scale.apps \"no\" not found" },
    { "/apis/apps/v1/namespaces/default/replicasets/no/scale",
      "replicasets/scale.apps \"no\" not found" },
    { "/api/v1/namespaces/default/replicationcontrollers/no/scale",
      "replicationcontrollers/scale.autoscaling \"no\" not found" },
    { "/apis/apps/v1/namespaces/default/statefulsets/no/scale",
      "statefulsets.apps \"no\" not found" },
    { "/apis/apps/v1/namespaces/default/deployments/no/status",
      "deployments.apps \"no\" not found" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) status = request (fixture, "GET", cases[i].path, NULL, NULL, 404);

    g_assert_cmpstr (base_json_get_string (status, "message", NULL), ==, cases[i].message);
  }
}

/* What kubectl asks before it writes, and for "explain". */
static void
test_openapi (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) index = get (fixture, "/openapi/v3");
  g_autoptr (JsonNode) core = get (fixture, "/openapi/v3/api/v1");
  g_autoptr (JsonNode) v2 = get (fixture, "/openapi/v2");
  g_autoptr (JsonNode) custom = NULL;
  g_autoptr (JsonNode) missing =
    request (fixture, "GET", "/openapi/v3/apis/nothing.here/v1", NULL, NULL, 404);
  JsonNode *operation;

  g_assert_cmpstr (base_json_get_string (index, "paths", "apis/apps/v1", "serverRelativeURL", NULL),
                   ==, "/openapi/v3/apis/apps/v1");
  operation =
    base_json_get (core, "paths", "/api/v1/namespaces/{namespace}/pods/{name}", "patch", NULL);
  test_json_assert_equal (base_json_get (operation, "x-kubernetes-group-version-kind", NULL),
                          "{'group':'','version':'v1','kind':'Pod'}");
  test_json_assert_equal (base_json_get (core, "components", "schemas",
                                         "io.k8s.api.core.v1.PodSpec", "properties", "containers",
                                         "items", NULL),
                          "{'$ref':'#/components/schemas/io.k8s.api.core.v1.Container'}");
  g_assert_cmpstr (base_json_get_string (v2, "swagger", NULL), ==, "2.0");

  post (fixture, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TEST_DEFINITION);
  custom = get (fixture, "/openapi/v3/apis/stable.example.com/v1");
  test_json_assert_equal (base_json_get (custom, "components", "schemas",
                                         "com.example.stable.v1.CronTab", "properties", "spec",
                                         "properties", "image", NULL),
                          "{'type':'string'}");
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) second = NULL;
  g_autoptr (JsonNode) bad = NULL;
  g_autofree char *path = NULL;
  const char *names[] = { "a", "b", "c" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    create_configmap (fixture, names[i]);
  first = get (fixture, CONFIGMAPS "?limit=2");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (first, "items", NULL)), ==, 2);
  g_assert_cmpint (base_json_get_int (first, 0, "metadata", "remainingItemCount", NULL), ==, 1);
  path = g_strdup_printf (CONFIGMAPS "?limit=2&continue=%s",
                          base_json_get_string (first, "metadata", "continue", NULL));
  second = get (fixture, path);
  g_assert_cmpuint (json_array_get_length (base_json_get_array (second, "items", NULL)), ==, 1);
  g_assert_null (base_json_get (second, "metadata", "continue", NULL));
  g_assert_cmpstr (base_json_get_string (second, "metadata", "resourceVersion", NULL), ==,
                   base_json_get_string (first, "metadata", "resourceVersion", NULL));
  bad = request (fixture, "GET", CONFIGMAPS "?continue=nonsense", NULL, NULL, 400);
}

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) labelled = NULL;
  g_autoptr (JsonNode) named = NULL;
  g_autoptr (JsonNode) table = NULL;
  g_autoptr (JsonNode) metadata = NULL;
  g_autoptr (JsonNode) bad_label = NULL;
  g_autoptr (JsonNode) bad_field = NULL;
  g_autoptr (JsonNode) future = NULL;

  create_configmap (fixture, "a");
  create_configmap (fixture, "b");
  labelled = get (fixture, "/api/v1/configmaps?labelSelector=app%3Db");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (labelled, "items", NULL)), ==, 1);
  named = get (fixture, CONFIGMAPS "?fieldSelector=metadata.name%3Da");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (named, "items", NULL)), ==, 1);
  fixture->accept = g_strdup (TABLE);
  table = get (fixture, CONFIGMAPS);
  g_assert_cmpstr (base_json_get_string (table, "kind", NULL), ==, "Table");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (table, "rows", NULL)), ==, 2);
  fixture->accept = g_strdup ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
  metadata = get (fixture, CONFIGMAPS);
  g_assert_cmpstr (base_json_get_string (metadata, "kind", NULL), ==, "PartialObjectMetadataList");
  bad_label = request (fixture, "GET", CONFIGMAPS "?labelSelector=%3Dx", NULL, NULL, 400);
  bad_field = request (fixture, "GET", CONFIGMAPS "?fieldSelector=spec.x%3Dy", NULL, NULL, 400);
  g_assert_cmpstr (base_json_get_string (bad_field, "message", NULL), ==,
                   "\"spec.x\" is not a known field selector: only \"metadata.name\", "
                   "\"metadata.namespace\"");
  future = request (fixture, "GET", CONFIGMAPS "?resourceVersion=999999", NULL, NULL, 504);
}

static void
test_bodies (Fixture *fixture, gconstpointer data)
{
  g_autofree char *huge = g_strnfill (3 * 1024 * 1024 + 10, ' ');
  g_autofree char *deep = g_strnfill (100000, '[');
  static const struct {
    const char *type, *body;
    guint code;
  } cases[] = {
    { "application/json", "", 400 },
    { "application/json", "[]", 400 },
    { "application/json", "{'kind'", 400 },
    { "application/json", "{'kind':'Pod','metadata':{'name':'x'}}", 400 },
    { "application/json", "{'apiVersion':'v2','metadata':{'name':'x'}}", 400 },
    { "application/json", "{'metadata':'x'}", 400 },
    { "application/json", "{'metadata':{'name':'x','namespace':'other'}}", 400 },
    { "application/vnd.kubernetes.protobuf", "{}", 400 },
    { "text/plain", "{}", 415 },
    { "application/yaml", "metadata: {name: from-yaml}", 201 },
  };
  g_autoptr (JsonNode) too_large = NULL;
  g_autoptr (JsonNode) too_deep = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) answer =
      request (fixture, "POST", CONFIGMAPS, cases[i].type, cases[i].body, cases[i].code);

    g_assert_nonnull (answer);
  }
  too_large = request (fixture, "POST", CONFIGMAPS, "application/json", huge, 413);
  g_assert_cmpstr (base_json_get_string (too_large, "message", NULL), ==,
                   "Request entity too large: limit is 3145728");
  too_deep = request (fixture, "POST", CONFIGMAPS, "application/json", deep, 400);
}

static void
test_patches (Fixture *fixture, gconstpointer data)
{
  const char *path = CONFIGMAPS "/a";
  g_autoptr (JsonNode) merged = NULL;
  g_autoptr (JsonNode) patched = NULL;
  g_autoptr (JsonNode) failed = NULL;
  g_autoptr (JsonNode) strict = NULL;
  g_autoptr (JsonNode) bad = NULL;
  g_autoptr (JsonNode) stale = NULL;
  g_autoptr (JsonNode) dry = NULL;
  g_autoptr (JsonNode) present = NULL;

  create_configmap (fixture, "a");
  merged =
    request (fixture, "PATCH", path, "application/merge-patch+json", "{'data':{'k':'1'}}", 200);
  g_assert_cmpstr (base_json_get_string (merged, "data", "k", NULL), ==, "1");
  patched = request (fixture, "PATCH", path, "application/json-patch+json",
                     "[{'op':'test','path':'/data/k','value':'1'},{'op':'replace','path':'/data/k',"
                     "'value':'2'}]",
                     200);
  g_assert_cmpstr (base_json_get_string (patched, "data", "k", NULL), ==, "2");
  failed = request (fixture, "PATCH", path, "application/json-patch+json",
                    "[{'op':'test','path':'/data/k','value':'1'}]", 422);
  g_assert_cmpstr (base_json_get_string (failed, "message", NULL), ==,
                   "the server rejected our request due to an error in our request");
  strict = request (fixture, "PATCH", CONFIGMAPS "/a?fieldValidation=Strict",
                    "application/merge-patch+json", "{'dat':{}}", 400);
  g_assert_cmpstr (base_json_get_string (strict, "message", NULL), ==,
                   "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding "
                   "error: unknown field \"dat\"");
  bad = request (fixture, "PATCH", path, "application/merge-patch+json", "{'data':5}", 400);
  stale = request (fixture, "PATCH", path, "application/merge-patch+json",
                   "{'metadata':{'resourceVersion':'1'},'data':{'k':'9'}}", 409);
  dry = request (fixture, "PATCH", CONFIGMAPS "/a?dryRun=All", "application/merge-patch+json",
                 "{'data':{'k':'9'}}", 200);
  g_assert_cmpstr (base_json_get_string (dry, "data", "k", NULL), ==, "9");
  present = get (fixture, path);
  g_assert_cmpstr (base_json_get_string (present, "data", "k", NULL), ==, "2");
}

static void
test_deletions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) status = NULL;
  g_autoptr (JsonNode) gone = NULL;
  g_autoptr (JsonNode) list = NULL;
  g_autoptr (JsonNode) rest = NULL;
  g_autoptr (JsonNode) method = NULL;

  create_configmap (fixture, "a");
  create_configmap (fixture, "b");
  create_configmap (fixture, "c");
  status = request (fixture, "DELETE", CONFIGMAPS "/a", "application/json",
                    "{'propagationPolicy':'Background'}", 200);
  g_assert_cmpstr (base_json_get_string (status, "status", NULL), ==, "Success");
  g_assert_cmpstr (base_json_get_string (status, "details", "name", NULL), ==, "a");
  gone = request (fixture, "DELETE", CONFIGMAPS "/a", NULL, NULL, 404);
  list = request (fixture, "DELETE", CONFIGMAPS "?labelSelector=app%3Db", NULL, NULL, 200);
  rest = get (fixture, CONFIGMAPS);
  g_assert_cmpuint (json_array_get_length (base_json_get_array (rest, "items", NULL)), ==, 1);
  method = request (fixture, "POST", CONFIGMAPS "/c", "application/json", "{}", 405);
}

/* One watch, read line by line from a plain connection: what the server sends is seen as it is. */
typedef struct {
  GSocketConnection *connection;
  GDataInputStream *lines;
} Watch;

static void
socket_event_cb (GSocketClient *client,
                 GSocketClientEvent event,
                 GSocketConnectable *connectable,
                 GIOStream *stream,
                 gpointer user_data)
{
  Fixture *fixture = user_data;

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    g_tls_connection_set_database (G_TLS_CONNECTION (stream),
                                   soup_session_get_tls_database (fixture->session));
}

/* (nullable): NULL at the end. */
static char *
read_line (Watch *watch)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  g_data_input_stream_read_line_async (watch->lines, G_PRIORITY_DEFAULT, NULL,
                                       test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a line of a watch");
  line = g_data_input_stream_read_line_finish (watch->lines, result, NULL, &error);
  g_assert_no_error (error);
  return line;
}

static void
watch_send (Fixture *fixture, Watch *watch, const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
    "GET %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n", path,
    practice_api_server_get_token (fixture->server),
    fixture->accept != NULL ? fixture->accept : "application/json");
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (watch->connection));

  g_clear_pointer (&fixture->accept, g_free);
  g_output_stream_write_all_async (output, text, strlen (text), G_PRIORITY_DEFAULT, NULL,
                                   test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a request");
  g_assert_true (g_output_stream_write_all_finish (output, result, NULL, &error));
  g_assert_no_error (error);
}

static void
watch_open (Fixture *fixture, Watch *watch, const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *status = NULL;
  gboolean in_headers = TRUE;

  g_socket_client_set_tls (client, TRUE);
  g_signal_connect (client, "event", G_CALLBACK (socket_event_cb), fixture);
  g_socket_client_connect_to_host_async (client, "127.0.0.1",
                                         practice_api_server_get_port (fixture->server), NULL,
                                         test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "a connection");
  watch->connection = g_socket_client_connect_to_host_finish (client, result, &error);
  g_assert_no_error (error);
  watch->lines =
    g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (watch->connection)));
  g_data_input_stream_set_newline_type (watch->lines, G_DATA_STREAM_NEWLINE_TYPE_LF);
  watch_send (fixture, watch, path);
  status = read_line (watch);
  g_assert_cmpstr (status, ==, "HTTP/1.1 200 OK\r");
  while (in_headers) {
    g_autofree char *line = read_line (watch);

    in_headers = line != NULL && !g_str_equal (line, "\r");
  }
}

/* (nullable): NULL at the end. What is not an event is the frame of a chunk. */
static JsonNode *
watch_read (Watch *watch)
{
  for (;;) {
    g_autofree char *line = read_line (watch);
    g_autoptr (GError) error = NULL;
    JsonNode *node;

    if (line == NULL || g_str_equal (line, "0\r"))
      return NULL;
    if (*line != '{')
      continue;
    node = base_json_parse (line, -1, &error);
    g_assert_no_error (error);
    return node;
  }
}

static void
watch_expect (Watch *watch, const char *type, const char *name)
{
  g_autoptr (JsonNode) event = watch_read (watch);

  g_assert_nonnull (event);
  g_assert_cmpstr (base_json_get_string (event, "type", NULL), ==, type);
  g_assert_cmpstr (base_json_get_string (event, "object", "metadata", "name", NULL), ==, name);
}

static void
watch_close (Watch *watch)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_io_stream_close_async (G_IO_STREAM (watch->connection), G_PRIORITY_DEFAULT, NULL,
                           test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "the end of a watch");
  g_clear_object (&watch->lines);
  g_clear_object (&watch->connection);
}

static char *
get_version (Fixture *fixture)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, practice_store_get_version (fixture->store));
}

static void
test_watch (Fixture *fixture, gconstpointer data)
{
  g_autofree char *version = NULL;
  g_autofree char *path = NULL;
  g_autoptr (JsonNode) patched = NULL;
  g_autoptr (JsonNode) deleted = NULL;
  Watch all = { NULL }, since = { NULL };

  create_configmap (fixture, "a");
  version = get_version (fixture);
  create_configmap (fixture, "b");
  watch_open (fixture, &all, "/api/v1/configmaps?watch=1");
  watch_expect (&all, "ADDED", "a");
  watch_expect (&all, "ADDED", "b");
  path = g_strdup_printf (CONFIGMAPS "?watch=true&resourceVersion=%s", version);
  watch_open (fixture, &since, path);
  watch_expect (&since, "ADDED", "b");

  patched = request (fixture, "PATCH", CONFIGMAPS "/a", "application/merge-patch+json",
                     "{'data':{'k':'1'}}", 200);
  deleted = request (fixture, "DELETE", CONFIGMAPS "/b", NULL, NULL, 200);
  watch_expect (&all, "MODIFIED", "a");
  watch_expect (&all, "DELETED", "b");
  watch_expect (&since, "MODIFIED", "a");
  watch_expect (&since, "DELETED", "b");
  watch_close (&all);
  watch_close (&since);
}

/* With a selector an object comes and goes as it begins and ends to match. */
static void
test_watch_selector (Fixture *fixture, gconstpointer data)
{
  g_autofree char *version = get_version (fixture);
  g_autofree char *path =
    g_strdup_printf (CONFIGMAPS "?watch=1&labelSelector=on%%3Dyes&resourceVersion=%s", version);
  const char *values[] = { "yes", "yes", "no" };
  const char *types[] = { "ADDED", "MODIFIED", "DELETED" };
  Watch watch = { NULL };

  watch_open (fixture, &watch, path);
  create_configmap (fixture, "a");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *patch =
      g_strdup_printf ("{'metadata':{'labels':{'on':'%s'}},'data':{'i':'%u'}}", values[i], i);
    g_autoptr (JsonNode) patched =
      request (fixture, "PATCH", CONFIGMAPS "/a", "application/merge-patch+json", patch, 200);
    g_autoptr (JsonNode) event = watch_read (&watch);

    g_assert_cmpstr (base_json_get_string (event, "type", NULL), ==, types[i]);
    g_assert_cmpstr (base_json_get_string (event, "object", "metadata", "resourceVersion", NULL),
                     ==, base_json_get_string (patched, "metadata", "resourceVersion", NULL));
  }
  watch_close (&watch);
}

static void
test_watch_table (Fixture *fixture, gconstpointer data)
{
  Watch watch = { NULL };

  create_configmap (fixture, "a");
  fixture->accept = g_strdup (TABLE);
  watch_open (fixture, &watch, CONFIGMAPS "?watch=1");
  create_configmap (fixture, "b");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (JsonNode) event = watch_read (&watch);

    g_assert_cmpstr (base_json_get_string (event, "object", "kind", NULL), ==, "Table");
    g_assert_true ((base_json_get_array (event, "object", "columnDefinitions", NULL) != NULL) ==
                   (i == 0));
  }
  watch_close (&watch);
}

static void
test_watch_expired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) event = NULL;
  g_autoptr (JsonNode) end = NULL;
  g_autoptr (JsonNode) future = NULL;
  Watch watch = { NULL };

  create_configmap (fixture, "a");
  close_all (fixture);
  open_all (fixture);
  watch_open (fixture, &watch, CONFIGMAPS "?watch=1&resourceVersion=1");
  event = watch_read (&watch);
  g_assert_cmpstr (base_json_get_string (event, "type", NULL), ==, "ERROR");
  g_assert_cmpint (base_json_get_int (event, 0, "object", "code", NULL), ==, 410);
  g_assert_cmpstr (base_json_get_string (event, "object", "reason", NULL), ==, "Expired");
  end = watch_read (&watch);
  g_assert_null (end);
  watch_close (&watch);
  future = request (fixture, "GET", CONFIGMAPS "?watch=1&resourceVersion=999999", NULL, NULL, 504);
}

static void
test_watch_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) event = NULL;
  Watch watch = { NULL };

  watch_open (fixture, &watch,
              CONFIGMAPS "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true"
                         "&timeoutSeconds=1");
  event = watch_read (&watch);
  g_assert_cmpstr (base_json_get_string (event, "type", NULL), ==, "BOOKMARK");
  g_assert_cmpstr (base_json_get_string (event, "object", "metadata", "annotations",
                                         "k8s.io/initial-events-end", NULL),
                   ==, "true");
  g_assert_null (watch_read (&watch));
  watch_close (&watch);
}

/* The end of a definition ends the watches of its objects. */
static void
test_watch_definition (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) deleted = NULL;
  Watch watch = { NULL };

  post (fixture, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", TEST_DEFINITION);
  post (fixture, "/apis/stable.example.com/v1/namespaces/default/crontabs", TEST_CRONTAB);
  watch_open (fixture, &watch, "/apis/stable.example.com/v1/crontabs?watch=1");
  watch_expect (&watch, "ADDED", "c");
  deleted =
    request (fixture, "DELETE",
             "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/crontabs.stable.example.com",
             NULL, NULL, 200);
  watch_expect (&watch, "DELETED", "c");
  g_assert_null (watch_read (&watch));
  watch_close (&watch);
}

/* Many at once, all told; and all left, without a word to the server. */
static void
test_many_watches (Fixture *fixture, gconstpointer data)
{
  Watch watches[100] = { { NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    watch_open (fixture, &watches[i], CONFIGMAPS "?watch=1");
  create_configmap (fixture, "a");
  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    watch_expect (&watches[i], "ADDED", "a");
  for (guint i = 0; i < G_N_ELEMENTS (watches); i++)
    watch_close (&watches[i]);
  create_configmap (fixture, "b");
}

/* The server goes while watches are open: nothing is kept alive by them. */
static void
test_close_with_watch (Fixture *fixture, gconstpointer data)
{
  Watch watch = { NULL };

  create_configmap (fixture, "a");
  watch_open (fixture, &watch, CONFIGMAPS "?watch=1");
  watch_expect (&watch, "ADDED", "a");
  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  watch_close (&watch);
  fixture->server = practice_api_server_new (fixture->store, NULL);
  g_assert_nonnull (fixture->server);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *token = g_strdup (practice_api_server_get_token (fixture->server));
  g_autofree char *ca = g_strdup (practice_api_server_get_ca_pem (fixture->server));
  g_autofree char *kubeconfig = NULL;
  g_autofree char *address = NULL;
  g_autoptr (JsonNode) version = NULL;
  guint16 port = practice_api_server_get_port (fixture->server);

  close_all (fixture);
  open_all (fixture);
  g_assert_cmpstr (practice_api_server_get_token (fixture->server), ==, token);
  g_assert_cmpstr (practice_api_server_get_ca_pem (fixture->server), ==, ca);
  g_assert_cmpuint (practice_api_server_get_port (fixture->server), ==, port);
  kubeconfig = practice_api_server_dup_kubeconfig (fixture->server);
  address = g_strdup_printf ("server: https://127.0.0.1:%u\n", port);
  g_assert_nonnull (strstr (kubeconfig, address));
  g_assert_nonnull (strstr (kubeconfig, token));
  version = get (fixture, "/version");
}

/* Another listens on the port of the last time. */
static void
test_port_taken (Fixture *fixture, gconstpointer data)
{
  guint16 port = practice_api_server_get_port (fixture->server);
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (JsonNode) version = NULL;
  g_autoptr (GError) error = NULL;

  close_all (fixture);
  g_socket_listener_add_address (other, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 NULL, &error);
  g_assert_no_error (error);
  open_all (fixture);
  g_assert_cmpuint (practice_api_server_get_port (fixture->server), !=, port);
  version = get (fixture, "/version");
}

static void
test_listen_socket (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (JsonNode) version = NULL;
  g_autofree char *bearer = NULL;
  g_autofree char *uri = NULL;

  g_assert_true (g_socket_bind (socket, any, TRUE, &error));
  g_assert_true (g_socket_listen (socket, &error));
  bound = g_socket_get_local_address (socket, &error);
  g_assert_true (practice_api_server_listen_socket (fixture->server, socket, &error));
  g_assert_no_error (error);
  uri = g_strdup_printf ("https://localhost:%u/version",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  bearer = g_strconcat ("Bearer ", practice_api_server_get_token (fixture->server), NULL);
  message = soup_message_new ("GET", uri);
  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  version = send_message (fixture, message, 200);
}

int
main (int argc, char *argv[])
{
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/api-server/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("token", test_token);
  ADD ("discovery", test_discovery);
  ADD ("old-client", test_old_client);
  ADD ("eviction", test_eviction);
  ADD ("definition", test_definition);
  ADD ("missing-scale", test_missing_scale);
  ADD ("openapi", test_openapi);
  ADD ("pages", test_pages);
  ADD ("lists", test_lists);
  ADD ("bodies", test_bodies);
  ADD ("patches", test_patches);
  ADD ("deletions", test_deletions);
  ADD ("watch", test_watch);
  ADD ("watch-selector", test_watch_selector);
  ADD ("watch-table", test_watch_table);
  ADD ("watch-expired", test_watch_expired);
  ADD ("watch-ends", test_watch_ends);
  ADD ("watch-definition", test_watch_definition);
  ADD ("many-watches", test_many_watches);
  ADD ("close-with-watch", test_close_with_watch);
  ADD ("restart", test_restart);
  ADD ("port-taken", test_port_taken);
  ADD ("listen-socket", test_listen_socket);
#undef ADD

  return g_test_run ();
}
