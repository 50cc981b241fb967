/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-metadata.h"
#include "practice-api-service-keeper.h"
#include "practice-discovery.h"
#include "test-cluster-objects.h"

typedef struct {
  TestObjects all;
  PracticeApiServiceKeeper *keeper;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  test_objects_set_up (&fixture->all, data);
  fixture->keeper = practice_api_service_keeper_new (fixture->all.store, fixture->all.registry);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->keeper));
  test_objects_tear_down (&fixture->all, data);
}

static JsonNode *
find (Fixture *fixture, const char *name)
{
  return practice_store_get (fixture->all.store, PRACTICE_API_SERVICES, NULL, name);
}

static void
create (Fixture *fixture, const char *resource, const char *text)
{
  g_autoptr (GError) error = NULL;

  practice_store_create (fixture->all.store, resource, test_json (text), &error);
  g_assert_no_error (error);
}

/* (nullable) */
static const char *
get_reason (Fixture *fixture, const char *name)
{
  JsonNode *condition = base_condition_find (find (fixture, name), PRACTICE_API_SERVICE_AVAILABLE);

  return base_json_get_string (condition, "reason", NULL);
}

static void
test_own (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (
    base_json_get_int (find (fixture, "v1."), 0, "spec", "groupPriorityMinimum", NULL), ==, 18000);
  g_assert_cmpint (base_json_get_int (find (fixture, "v1."), 0, "spec", "versionPriority", NULL),
                   ==, 1);
  g_assert_cmpstr (get_reason (fixture, "v1.apps"), ==, "Local");
  /* It is there again at once. */
  practice_store_delete (fixture->all.store, PRACTICE_API_SERVICES, NULL, "v1.apps", NULL);
  g_assert_cmpstr (get_reason (fixture, "v1.apps"), ==, "Local");
}

static void
test_custom (Fixture *fixture, gconstpointer data)
{
  g_assert_null (find (fixture, "v1.example.com"));
  create (fixture, PRACTICE_DEFINITIONS,
          "{'metadata':{'name':'things.example.com'},'spec':{'group':'example.com','scope':"
          "'Cluster','names':{'plural':'things','kind':'Thing'},'versions':[{'name':'v1','served':"
          "true,'storage':true}]}}");
  g_assert_cmpstr (base_metadata_get_label (find (fixture, "v1.example.com"),
                                            "kube-aggregator.kubernetes.io/automanaged"),
                   ==, "true");
  g_assert_cmpint (
    base_json_get_int (find (fixture, "v1.example.com"), 0, "spec", "groupPriorityMinimum", NULL),
    ==, 1000);
  practice_store_delete (fixture->all.store, PRACTICE_DEFINITIONS, NULL, "things.example.com",
                         NULL);
  g_assert_null (find (fixture, "v1.example.com"));
}

#define METRICS                                                                                    \
  "{'metadata':{'name':'v1beta1.metrics.k8s.io'},'spec':{'group':'metrics.k8s.io','version':"      \
  "'v1beta1','groupPriorityMinimum':100,'versionPriority':100,'service':{'name':'metrics-server'," \
  "'namespace':'default','port':443}}}"
#define METRICS_NAME "v1beta1.metrics.k8s.io"

/* What is missing of a Service that is to answer is told step by step. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  create (fixture, PRACTICE_API_SERVICES, METRICS);
  g_assert_cmpstr (get_reason (fixture, METRICS_NAME), ==, "ServiceNotFound");
  create (fixture, "/services",
          "{'metadata':{'name':'metrics-server','namespace':'default'},'spec':{'ports':[{'port':"
          "80}]}}");
  g_assert_cmpstr (get_reason (fixture, METRICS_NAME), ==, "ServicePortError");
  practice_store_update (fixture->all.store, "/services",
                         test_json ("{'metadata':{'name':'metrics-server','namespace':'default'},"
                                    "'spec':{'ports':[{'port':443}]}}"),
                         NULL, NULL);
  g_assert_cmpstr (get_reason (fixture, METRICS_NAME), ==, "EndpointsNotFound");
  create (fixture, "/endpoints",
          "{'metadata':{'name':'metrics-server','namespace':'default'},'subsets':[{"
          "'notReadyAddresses':[{'ip':'10.0.0.9'}],'ports':[{'port':4443}]}]}");
  g_assert_cmpstr (get_reason (fixture, METRICS_NAME), ==, "MissingEndpoints");
  practice_store_update (
    fixture->all.store, "/endpoints",
    test_json ("{'metadata':{'name':'metrics-server','namespace':'default'},'subsets':[{"
               "'addresses':[{'ip':'10.0.0.9'}],'ports':[{'port':4443}]}]}"),
    NULL, NULL);
  g_assert_cmpstr (get_reason (fixture, METRICS_NAME), ==, "FailedDiscoveryCheck");
}

static JsonNode *
discover (Fixture *fixture, const char *path)
{
  g_autoptr (PracticeAnswer) answer = practice_discovery_handle (fixture->all.registry, path, NULL);
  g_autoptr (GError) error = NULL;
  JsonNode *node;
  gsize length;
  const char *text;

  if (answer == NULL)
    return NULL;
  text = g_bytes_get_data (answer->body->pdata[0], &length);
  node = base_json_parse (text, (gssize)length, &error);
  g_assert_no_error (error);
  return node;
}

static gboolean
has_group (Fixture *fixture, const char *name)
{
  g_autoptr (JsonNode) list = discover (fixture, "/apis");
  JsonArray *groups = base_json_get_array (list, "groups", NULL);
  guint count = 0;

  for (guint i = 0; i < json_array_get_length (groups); i++)
    count +=
      g_str_equal (base_json_get_string (json_array_get_element (groups, i), "name", NULL), name);
  g_assert_cmpuint (count, <=, 1);
  return count == 1;
}

/* Its group is named all the same, as kubectl's "unable to retrieve the complete list" shows. */
static void
test_discovery (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) none = discover (fixture, "/apis/metrics.k8s.io");
  g_autoptr (JsonNode) group = NULL;

  g_assert_null (none);
  g_assert_false (has_group (fixture, "metrics.k8s.io"));
  create (fixture, PRACTICE_API_SERVICES, METRICS);
  g_assert_true (has_group (fixture, "metrics.k8s.io"));
  g_assert_true (has_group (fixture, "apps"));
  group = discover (fixture, "/apis/metrics.k8s.io");
  g_assert_cmpstr (base_json_get_string (group, "preferredVersion", "groupVersion", NULL), ==,
                   "metrics.k8s.io/v1beta1");
  g_assert_true (practice_api_services_is_elsewhere (fixture->all.registry,
                                                     "/apis/metrics.k8s.io/v1beta1/nodes"));
  g_assert_true (
    practice_api_services_is_elsewhere (fixture->all.registry, "/apis/metrics.k8s.io/v1beta1"));
  g_assert_false (
    practice_api_services_is_elsewhere (fixture->all.registry, "/apis/metrics.k8s.io"));
  g_assert_false (
    practice_api_services_is_elsewhere (fixture->all.registry, "/apis/metrics.k8s.io/v1"));
  g_assert_false (practice_api_services_is_elsewhere (fixture->all.registry, "/apis/apps/v1"));
  g_assert_false (practice_api_services_is_elsewhere (fixture->all.registry, "/"));
}

static JsonNode *
find_part (Fixture *fixture, const char *name)
{
  PracticeResource *resource =
    practice_registry_find_kind (fixture->all.registry, "", "ComponentStatus");
  g_autoptr (GPtrArray) all = resource->kind_class->list_present (fixture->all.store);

  for (guint i = 0; i < all->len; i++) {
    if (g_str_equal (base_metadata_get_name (all->pdata[i]), name))
      return json_node_ref (all->pdata[i]);
  }
  g_assert_not_reached ();
}

static const char *
get_health (JsonNode *part)
{
  return base_json_get_string (
    json_array_get_element (base_json_get_array (part, "conditions", NULL), 0), "status", NULL);
}

/* A part of the control plane is well where its pod is ready. */
static void
test_parts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) before = find_part (fixture, "scheduler");
  g_autoptr (JsonNode) other = NULL;
  g_autoptr (JsonNode) after = NULL;
  g_autoptr (JsonNode) etcd = find_part (fixture, "etcd-0");

  g_assert_cmpstr (get_health (before), ==, "False");
  g_assert_cmpstr (get_health (etcd), ==, "True");
  create (fixture, "/pods",
          "{'metadata':{'name':'kube-scheduler-a','namespace':'kube-system','labels':{'component':"
          "'kube-scheduler'}},'status':{'conditions':[{'type':'Ready','status':'True'}]}}");
  after = find_part (fixture, "scheduler");
  other = find_part (fixture, "controller-manager");
  g_assert_cmpstr (get_health (after), ==, "True");
  g_assert_cmpstr (get_health (other), ==, "False");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/api-services/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("own", test_own);
  ADD ("custom", test_custom);
  ADD ("elsewhere", test_elsewhere);
  ADD ("discovery", test_discovery);
  ADD ("parts", test_parts);
#undef ADD
  return g_test_run ();
}
