/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-quota.h"

#include "base-metadata.h"
#include "practice-quantity.h"
#include "practice-quota-controller.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

#define QUOTA(hard)                                                                                \
  "{'kind':'ResourceQuota','apiVersion':'v1','metadata':{'name':'q'},'spec':{'hard':" hard "}}"

#define POD(name, resources)                                                                       \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{'containers':[{'name':"  \
  "'a','image':'nginx','resources':" resources "}]}}"

static void
assert_refused (TestObjects *self, const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = test_objects_create (self, text, &error);

  g_assert_null (stored);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (practice_status_get_code (error), ==, 403);
}

static void
test_count (TestObjects *self, gconstpointer data)
{
  test_objects_must_create (self, QUOTA ("{'pods':'1','count/configmaps':'1'}"));
  test_objects_must_create (self, TEST_POD ("a"));
  assert_refused (self, TEST_POD ("b"),
                  "pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, "
                  "limited: pods=1");
  test_objects_must_create (self,
                            "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'one'}}");
  assert_refused (self, "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'two'}}",
                  "configmaps \"two\" is forbidden: exceeded quota: q, requested: "
                  "count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1");
  /* What is gone makes room. */
  g_assert_true (test_objects_delete (self, "/pods", "a", NULL));
  test_objects_must_create (self, TEST_POD ("b"));
}

static void
test_compute (TestObjects *self, gconstpointer data)
{
  test_objects_must_create (self, QUOTA ("{'requests.cpu':'1','limits.memory':'1Gi'}"));
  assert_refused (self, TEST_POD ("a"),
                  "pods \"a\" is forbidden: failed quota: q: must specify "
                  "limits.memory,requests.cpu");
  test_objects_must_create (self,
                            POD ("a", "{'requests':{'cpu':'600m'},'limits':{'memory':'512Mi'}}"));
  assert_refused (self, POD ("b", "{'requests':{'cpu':'0.5'},'limits':{'memory':'768Mi'}}"),
                  "pods \"b\" is forbidden: exceeded quota: q, requested: "
                  "limits.memory=768Mi,requests.cpu=500m, used: "
                  "limits.memory=512Mi,requests.cpu=600m, limited: "
                  "limits.memory=1Gi,requests.cpu=1");
  test_objects_must_create (self,
                            POD ("b", "{'requests':{'cpu':'400m'},'limits':{'memory':'512Mi'}}"));
}

static void
test_scopes (TestObjects *self, gconstpointer data)
{
  test_objects_must_create (
    self, "{'kind':'ResourceQuota','apiVersion':'v1','metadata':{'name':'q'},'spec':{'hard':{"
          "'pods':'0'},'scopes':['BestEffort']}}");
  assert_refused (self, TEST_POD ("a"),
                  "pods \"a\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, "
                  "limited: pods=0");
  test_objects_must_create (self, POD ("a", "{'requests':{'cpu':'1'}}"));
}

#define SERVICE(name, type)                                                                        \
  "{'kind':'Service','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{'type':'" type       \
  "','ports':[{'port':80}]}}"

/* Has a Service become another type. */
static void
assert_change (TestObjects *self, const char *name, const char *type, const char *message)
{
  PracticeResource *resource = practice_registry_find_stored (self->registry, "/services");
  JsonNode *next = base_json_copy (practice_store_get (self->store, "/services", "default", name));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = NULL;

  json_object_set_string_member (base_json_get_object (next, "spec", NULL), "type", type);
  stored = practice_objects_update (self->objects, resource, "default", name, next, NULL, &error);
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
}

/* What a change adds counts as what is new; one that adds nothing is nobody's business. */
static void
test_update (TestObjects *self, gconstpointer data)
{
  test_objects_must_create (self, QUOTA ("{'services':'2','services.nodeports':'1'}"));
  test_objects_must_create (self, SERVICE ("a", "NodePort"));
  test_objects_must_create (self, SERVICE ("b", "ClusterIP"));
  assert_change (self, "b", "NodePort",
                 "services \"b\" is forbidden: exceeded quota: q, requested: "
                 "services.nodeports=1, used: services.nodeports=1, limited: "
                 "services.nodeports=1");
  assert_change (self, "a", "LoadBalancer", NULL);
  assert_change (self, "a", "ClusterIP", NULL);
  assert_change (self, "b", "NodePort", NULL);
}

typedef struct {
  PracticeStore *store;
  const char *name;
  const char *used;
} Usage;

static gboolean
is_used (gpointer data)
{
  Usage *self = data;
  JsonNode *quota = practice_store_get (self->store, "/resourcequotas", "default", "q");

  return g_strcmp0 (base_json_get_string (quota, "status", "used", self->name, NULL), self->used) ==
         0;
}

static void
wait_for_use (TestObjects *self, const char *name, const char *used)
{
  Usage usage = { self->store, name, used };

  test_wait_until (is_used, &usage, 20, name);
}

static void
test_status (TestObjects *self, gconstpointer data)
{
  g_autoptr (PracticeController) controller = practice_quota_controller_new (self->store);

  practice_controller_start (controller);
  test_objects_must_create (self, QUOTA ("{'pods':'5','requests.memory':'1Gi'}"));
  wait_for_use (self, "pods", "0");
  wait_for_use (self, "requests.memory", "0");
  test_objects_must_create (self, POD ("a", "{'requests':{'memory':'100Mi'}}"));
  test_objects_must_create (self, POD ("b", "{'requests':{'memory':'28Mi'}}"));
  wait_for_use (self, "pods", "2");
  wait_for_use (self, "requests.memory", "128Mi");
  g_assert_true (test_objects_delete (self, "/pods", "b", NULL));
  wait_for_use (self, "requests.memory", "100Mi");
  g_assert_finalize_object (g_steal_pointer (&controller));
}

static void
assert_invalid (TestObjects *self, const char *text, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = test_objects_create (self, text, &error);

  g_assert_null (stored);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (practice_status_get_code (error), ==, 422);
}

static void
test_invalid (TestObjects *self, gconstpointer data)
{
  assert_invalid (self, QUOTA ("{'pots':'1'}"),
                  "ResourceQuota \"q\" is invalid: spec.hard[pots]: Invalid value: \"pots\": must "
                  "be a standard resource for quota");
  assert_invalid (self, QUOTA ("{'pods':'1500m'}"),
                  "ResourceQuota \"q\" is invalid: spec.hard[pods]: Invalid value: \"1500m\": must "
                  "be an integer");
  assert_invalid (self, QUOTA ("{'cpu':'-1'}"),
                  "ResourceQuota \"q\" is invalid: spec.hard[cpu]: Invalid value: \"-1\": must be "
                  "greater than or equal to 0");
}

#define RANGE(limits)                                                                              \
  "{'kind':'LimitRange','apiVersion':'v1','metadata':{'name':'l'},'spec':{'limits':[" limits "]}}"

static void
test_limits (TestObjects *self, gconstpointer data)
{
  test_objects_must_create (
    self, RANGE ("{'type':'Container','max':{'cpu':'800m'},'min':{'cpu':'100m'}},{'type':'Pod',"
                 "'max':{'memory':'1Gi'}},{'type':'PersistentVolumeClaim','max':{'storage':"
                 "'2Gi'}}"));
  assert_refused (self, POD ("a", "{'limits':{'cpu':'1500m','memory':'1Gi'}}"),
                  "pods \"a\" is forbidden: maximum cpu usage per Container is 800m, but limit is "
                  "1500m");
  assert_refused (self, POD ("a", "{'requests':{'cpu':'50m'},'limits':{'memory':'2Gi'}}"),
                  "pods \"a\" is forbidden: [minimum cpu usage per Container is 100m, but request "
                  "is 50m, maximum memory usage per Pod is 1Gi, but limit is 2Gi]");
  assert_refused (self, TEST_POD ("a"),
                  "pods \"a\" is forbidden: maximum memory usage per Pod is 1Gi.  No limit is "
                  "specified");
  assert_refused (self,
                  "{'kind':'PersistentVolumeClaim','apiVersion':'v1','metadata':{'name':'c'},"
                  "'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':"
                  "'3Gi'}}}}",
                  "persistentvolumeclaims \"c\" is forbidden: maximum storage usage per "
                  "PersistentVolumeClaim is 2Gi, but request is 3Gi");
}

static void
test_limit_defaults (TestObjects *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = NULL;
  g_autofree char *resources = NULL;
  JsonArray *containers;

  test_objects_must_create (
    self, RANGE ("{'type':'Container','default':{'cpu':'500m'},'min':{'memory':'10Mi'}}"));
  pod = test_objects_create (self, TEST_POD ("a"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (
    base_metadata_get_annotation (pod, "kubernetes.io/limit-ranger"), ==,
    "LimitRanger plugin set: cpu, memory request for container a; cpu limit for container a");
  containers = base_json_get_array (pod, "spec", "containers", NULL);
  resources = base_json_write (
    base_json_get (json_array_get_element (containers, 0), "resources", NULL), FALSE);
  g_assert_cmpstr (resources, ==,
                   "{\"requests\":{\"cpu\":\"500m\",\"memory\":\"10Mi\"},\"limits\":{\"cpu\":"
                   "\"500m\"}}");
  g_assert_cmpstr (base_json_get_string (pod, "status", "qosClass", NULL), ==, "Burstable");
}

static void
test_invalid_limits (TestObjects *self, gconstpointer data)
{
  assert_invalid (self,
                  RANGE ("{'type':'Container','max':{'cpu':'1'},'min':{'cpu':'2'},'default':{"
                         "'cpu':'1'},'defaultRequest':{'cpu':'1'}}"),
                  "LimitRange \"l\" is invalid: [spec.limits[0].min[cpu]: Invalid value: \"2\": "
                  "min value 2 is greater than max value 1, spec.limits[0].defaultRequest[cpu]: "
                  "Invalid value: \"1\": min value 2 is greater than default request value 1, "
                  "spec.limits[0].default[cpu]: Invalid value: \"1\": min value 2 is greater than "
                  "default value 1]");
  assert_invalid (self, RANGE ("{'type':'Potato'}"),
                  "LimitRange \"l\" is invalid: spec.limits[0].type: Invalid value: \"Potato\": "
                  "must be a standard limit type or fully qualified");
}

static void
test_quantities (void)
{
  static const struct {
    const char *text;
    gint64 thousandths;
    const char *printed;
  } cases[] = {
    { "100m", 100, "100m" },
    { "0.1", 100, "100m" },
    { "1", 1000, "1" },
    { "1500m", 1500, "1500m" },
    { "2000m", 2000, "2" },
    { "1k", 1000000, "1k" },
    { "1Gi", 1073741824000, "1Gi" },
    { "1536Mi", 1610612736000, "1536Mi" },
    { "2048Ki", 2097152000, "2Mi" },
    { "1e3", 1000000, "1k" },
    { "0", 0, "0" },
    { "0.0001", 1, "1m" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), cases[i].text);
    g_autofree char *printed = NULL;

    g_assert_cmpint (practice_quantity_read (node), ==, cases[i].thousandths);
    printed = practice_quantity_print (cases[i].thousandths, practice_quantity_is_binary (node));
    g_assert_cmpstr (printed, ==, cases[i].printed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/quota/" name, TestObjects, NULL, test_objects_set_up, function,           \
              test_objects_tear_down)

  ADD ("count", test_count);
  ADD ("compute", test_compute);
  ADD ("scopes", test_scopes);
  ADD ("update", test_update);
  ADD ("status", test_status);
  ADD ("invalid", test_invalid);
  ADD ("limits", test_limits);
  ADD ("limit-defaults", test_limit_defaults);
  ADD ("invalid-limits", test_invalid_limits);
  g_test_add_func ("/practice/quota/quantities", test_quantities);

  return g_test_run ();
}
