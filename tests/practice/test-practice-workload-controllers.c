/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-metadata.h"
#include "practice-claim-controller.h"
#include "practice-cron-job-controller.h"
#include "practice-daemon-set-controller.h"
#include "practice-disruption-controller.h"
#include "practice-horizontal-scaler-controller.h"
#include "practice-node-lease.h"
#include "practice-node-lifecycle.h"
#include "practice-object.h"
#include "practice-replica-set-controller.h"
#include "practice-replication-controller.h"
#include "practice-scheduler.h"
#include "practice-stateful-set-controller.h"
#include "practice-volume-controller.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

/* Three nodes, of which the first is a master, and the controllers. A pod on a node is ready as
 * soon as the test looks; there is no kubelet. */
typedef struct {
  TestObjects objects;
  GPtrArray *controllers;
} Fixture;

#define NODE(name, spec)                                                                           \
  "{'kind':'Node','apiVersion':'v1','metadata':{'name':'" name "','labels':{'disk':'" name         \
  "'}},'spec':" spec ",'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'110'},"           \
  "'conditions':[{'type':'Ready','status':'True'}]}}"

#define TEMPLATE(label, image)                                                                     \
  "'selector':{'matchLabels':{'app':'" label "'}},'template':{'metadata':{'labels':{'app':'" label \
  "'}},'spec':{'containers':[{'name':'c','image':'" image "'}]}}"

static void
set_up (Fixture *self, gconstpointer data)
{
  static const char *const nodes[] = {
    NODE ("master", "{'taints':[{'key':'node-role.kubernetes.io/master','effect':'NoSchedule'}]}"),
    NODE ("one", "{}"),
    NODE ("two", "{}"),
  };
  PracticeStore *store;

  test_objects_set_up (&self->objects, NULL);
  store = self->objects.store;
  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    practice_store_create (store, "/nodes", test_json (nodes[i]), NULL);
  self->controllers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->controllers, practice_claim_controller_new (store));
  g_ptr_array_add (self->controllers, practice_cron_job_controller_new (store));
  g_ptr_array_add (self->controllers, practice_daemon_set_controller_new (store));
  g_ptr_array_add (self->controllers, practice_disruption_controller_new (store));
  g_ptr_array_add (self->controllers, practice_horizontal_scaler_controller_new (store));
  g_ptr_array_add (self->controllers, practice_node_lifecycle_new (store));
  g_ptr_array_add (self->controllers, practice_replica_set_controller_new (store));
  g_ptr_array_add (self->controllers, practice_replication_controller_new (store));
  g_ptr_array_add (self->controllers, practice_scheduler_new (store));
  g_ptr_array_add (self->controllers, practice_stateful_set_controller_new (store));
  g_ptr_array_add (self->controllers, practice_volume_controller_new (store, NULL));
  for (guint i = 0; i < self->controllers->len; i++)
    practice_controller_start (self->controllers->pdata[i]);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->controllers);
  test_objects_tear_down (&self->objects, NULL);
}

/* What the kubelet would do: what is on a node is ready, what is deleted is gone. */
static void
run_pods (Fixture *self)
{
  PracticeStore *store = self->objects.store;
  g_autoptr (GPtrArray) pods = practice_store_list (store, "/pods", "default");

  for (guint i = 0; i < pods->len; i++) {
    g_autoptr (JsonNode) pod = json_node_ref (pods->pdata[i]);
    const char *name = base_metadata_get_name (pod);

    if (base_json_get_string (pod, "spec", "nodeName", NULL) == NULL)
      continue;
    if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL) {
      practice_store_delete (store, "/pods", "default", name, NULL);
    } else if (!base_condition_is_true (pod, "Ready")) {
      g_autoptr (JsonNode) next = base_json_copy (pod);

      json_object_set_string_member (practice_object_ensure (next, "status", NULL), "phase",
                                     "Running");
      practice_object_set_condition (next, "Ready", TRUE, NULL, NULL);
      practice_store_update (store, "/pods", g_steal_pointer (&next), NULL, NULL);
    }
  }
}

typedef struct {
  Fixture *fixture;
  const char *resource;
  const char *name;
  const char *status; /* NULL: it is to be gone */
} Expectation;

/* Whether the status has all that is asked for. */
static gboolean
is_so (gpointer data)
{
  Expectation *self = data;
  JsonNode *object;
  g_autoptr (JsonNode) wanted = NULL;
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  run_pods (self->fixture);
  object = practice_store_get (self->fixture->objects.store, self->resource, "default", self->name);
  if (object == NULL || self->status == NULL)
    return object == NULL && self->status == NULL;
  wanted = test_json (self->status);
  json_object_iter_init (&iter, json_node_get_object (wanted));
  while (json_object_iter_next (&iter, &member, &value)) {
    JsonNode *actual = base_json_get (object, "status", member, NULL);

    if (actual == NULL || !base_json_equal (actual, value))
      return FALSE;
  }

  return TRUE;
}

static void
wait_for (Fixture *self, const char *resource, const char *name, const char *status)
{
  Expectation expectation = { self, resource, name, status };

  test_wait_until (is_so, &expectation, 20, status != NULL ? status : name);
}

static JsonNode *
get (Fixture *self, const char *resource, const char *name)
{
  return practice_store_get (self->objects.store, resource, "default", name);
}

/* Puts @value at .spec.@member of a stored object, and counts that as a change. */
static void
set_spec (
  Fixture *self, const char *resource, const char *name, const char *member, JsonNode *value)
{
  g_autoptr (JsonNode) next = base_json_copy (get (self, resource, name));

  json_object_set_member (practice_object_ensure (next, "spec", NULL), member, value);
  json_object_set_int_member (practice_object_ensure (next, "metadata", NULL), "generation",
                              base_json_get_int (next, 1, "metadata", "generation", NULL) + 1);
  practice_store_update (self->objects.store, resource, g_steal_pointer (&next), NULL, NULL);
}

static void
set_image (Fixture *self, const char *resource, const char *name, const char *image)
{
  g_autoptr (JsonNode) template =
    base_json_copy (base_json_get (get (self, resource, name), "spec", "template", NULL));
  JsonArray *containers = base_json_get_array (template, "spec", "containers", NULL);

  json_object_set_string_member (json_array_get_object_element (containers, 0), "image", image);
  set_spec (self, resource, name, "template", g_steal_pointer (&template));
}

static void
set_node_spec (Fixture *self, const char *name, const char *spec)
{
  g_autoptr (JsonNode) next =
    base_json_copy (practice_store_get (self->objects.store, "/nodes", NULL, name));

  json_object_set_member (json_node_get_object (next), "spec", test_json (spec));
  practice_store_update (self->objects.store, "/nodes", g_steal_pointer (&next), NULL, NULL);
}

static void
test_daemon_set (Fixture *self, gconstpointer data)
{
  const char *some = "{'desiredNumberScheduled':2,'currentNumberScheduled':2,'numberReady':2,"
                     "'updatedNumberScheduled':2,'numberAvailable':2,'numberMisscheduled':0}";
  g_autoptr (GPtrArray) pods = NULL;

  test_objects_must_create (&self->objects,
                            "{'kind':'DaemonSet','apiVersion':'apps/v1','metadata':{'name':'d'},"
                            "'spec':{" TEMPLATE ("d", "a:1") "}}");
  wait_for (self, "apps/daemonsets", "d", some);

  /* A pod that is deleted comes back. */
  pods = practice_store_list (self->objects.store, "/pods", "default");
  g_assert_cmpuint (pods->len, ==, 2);
  test_objects_delete (&self->objects, "/pods", base_metadata_get_name (pods->pdata[0]), NULL);
  wait_for (self, "apps/daemonsets", "d", "{'numberReady':1,'desiredNumberScheduled':2}");
  wait_for (self, "apps/daemonsets", "d", some);

  /* A cordoned node keeps its pod; a master without its taint gets one. */
  set_node_spec (self, "one", "{'unschedulable':true}");
  set_node_spec (self, "master", "{}");
  wait_for (self, "apps/daemonsets", "d",
            "{'desiredNumberScheduled':3,'numberReady':3,'numberMisscheduled':0}");
  set_node_spec (self, "two", "{'taints':[{'key':'k','effect':'NoExecute'}]}");
  wait_for (self, "apps/daemonsets", "d", "{'desiredNumberScheduled':2,'numberReady':2}");
}

static guint
count_revisions (Fixture *self)
{
  g_autoptr (GPtrArray) revisions =
    practice_store_list (self->objects.store, "apps/controllerrevisions", "default");

  return revisions->len;
}

static void
test_daemon_set_rollout (Fixture *self, gconstpointer data)
{
#define UPDATED(generation)                                                                        \
  "{'updatedNumberScheduled':2,'numberReady':2,'observedGeneration':" generation "}"

  test_objects_must_create (&self->objects,
                            "{'kind':'DaemonSet','apiVersion':'apps/v1','metadata':{'name':'d'},"
                            "'spec':{" TEMPLATE ("d", "a:1") "}}");
  wait_for (self, "apps/daemonsets", "d", "{'updatedNumberScheduled':2,'numberReady':2}");
  set_image (self, "apps/daemonsets", "d", "a:2");
  wait_for (self, "apps/daemonsets", "d", UPDATED ("2"));
  g_assert_cmpuint (count_revisions (self), ==, 2);
  /* Going back makes no third template. */
  set_image (self, "apps/daemonsets", "d", "a:1");
  wait_for (self, "apps/daemonsets", "d", UPDATED ("3"));
  g_assert_cmpuint (count_revisions (self), ==, 2);
}

static void
create_volumes (Fixture *self)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree char *volume = g_strdup_printf (
      "{'kind':'PersistentVolume','apiVersion':'v1','metadata':{'name':'v%u'},'spec':{'capacity':{"
      "'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/v'}}}",
      i);

    test_objects_must_create (&self->objects, volume);
  }
}

static void
create_set_with_claims (Fixture *self)
{
  test_objects_must_create (
    &self->objects,
    "{'kind':'StatefulSet','apiVersion':'apps/v1','metadata':{'name':'s'},'spec':{'replicas':2,"
    "'serviceName':'svc'," TEMPLATE ("s", "a:1") ",'volumeClaimTemplates':[{'metadata':{'name':"
                                                 "'data'},'spec':{'accessModes':['ReadWriteOnce'],'"
                                                 "resources':{'requests':{'storage':'1Gi'}}}}"
                                                 "]}}");
}

static void
test_stateful_set (Fixture *self, gconstpointer data)
{
  g_autofree char *first = NULL;

  create_volumes (self);
  create_set_with_claims (self);
  wait_for (self, "apps/statefulsets", "s", "{'replicas':2,'readyReplicas':2,'updatedReplicas':2}");
  g_assert_nonnull (get (self, "/persistentvolumeclaims", "data-s-1"));
  g_assert_cmpstr (base_json_get_string (get (self, "/pods", "s-1"), "spec", "hostname", NULL), ==,
                   "s-1");
  g_assert_cmpstr (base_json_get_string (get (self, "/pods", "s-1"), "spec", "subdomain", NULL), ==,
                   "svc");

  /* The highest goes first, and its claim stays for the next one of its name. */
  set_spec (self, "apps/statefulsets", "s", "replicas", json_node_init_int (json_node_alloc (), 1));
  wait_for (self, "apps/statefulsets", "s", "{'replicas':1,'readyReplicas':1}");
  g_assert_nonnull (get (self, "/pods", "s-0"));
  g_assert_null (get (self, "/pods", "s-1"));
  g_assert_nonnull (get (self, "/persistentvolumeclaims", "data-s-1"));

  first = g_strdup (
    base_json_get_string (get (self, "apps/statefulsets", "s"), "status", "currentRevision", NULL));
  set_image (self, "apps/statefulsets", "s", "a:2");
  wait_for (self, "apps/statefulsets", "s",
            "{'replicas':1,'readyReplicas':1,'updatedReplicas':1,'observedGeneration':3}");
  g_assert_cmpstr (
    base_json_get_string (get (self, "apps/statefulsets", "s"), "status", "currentRevision", NULL),
    !=, first);
}

static guint
count_events (Fixture *self, const char *name, const char *reason)
{
  g_autoptr (GPtrArray) events = practice_store_list (self->objects.store, "/events", "default");
  guint count = 0;

  for (guint i = 0; i < events->len; i++)
    if (g_strcmp0 (base_json_get_string (events->pdata[i], "involvedObject", "name", NULL), name) ==
          0 &&
        g_strcmp0 (base_json_get_string (events->pdata[i], "reason", NULL), reason) == 0)
      count += (guint)base_json_get_int (events->pdata[i], 1, "count", NULL);
  return count;
}

static gboolean
has_event (Fixture *self, const char *message)
{
  g_autoptr (GPtrArray) events = practice_store_list (self->objects.store, "/events", "default");

  for (guint i = 0; i < events->len; i++)
    if (g_strcmp0 (base_json_get_string (events->pdata[i], "message", NULL), message) == 0)
      return TRUE;
  return FALSE;
}

/* No pod without its claims. */
static void
test_refused_claims (Fixture *self, gconstpointer data)
{
#define REFUSED                                                                                    \
  "persistentvolumeclaims \"data-s-1\" is forbidden: exceeded quota: q, requested: "               \
  "persistentvolumeclaims=1, used: persistentvolumeclaims=1, limited: persistentvolumeclaims=1"

  create_volumes (self);
  test_objects_must_create (
    &self->objects, "{'kind':'ResourceQuota','apiVersion':'v1','metadata':{'name':'q'},'spec':{"
                    "'hard':{'persistentvolumeclaims':'1'}}}");
  create_set_with_claims (self);
  wait_for (self, "apps/statefulsets", "s", "{'replicas':1,'readyReplicas':1}");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (get (self, "/pods", "s-1"));
  g_assert_true (
    has_event (self, "create Claim data-s-1 for Pod s-1 in StatefulSet s failed error: " REFUSED));
  g_assert_true (has_event (self, "create Pod s-1 in StatefulSet s failed error: "
                                  "failed to create PVC data-s-1: " REFUSED));
  practice_store_delete (self->objects.store, "/resourcequotas", "default", "q", NULL);
  wait_for (self, "apps/statefulsets", "s", "{'replicas':2,'readyReplicas':2}");

#undef REFUSED
}

/* The second pod waits for the first. */
static void
test_stateful_order (Fixture *self, gconstpointer data)
{
  test_objects_must_create (&self->objects,
                            "{'kind':'StatefulSet','apiVersion':'apps/v1','metadata':{'name':'s'},"
                            "'spec':{'replicas':2,'serviceName':'svc'," TEMPLATE ("s", "a:1") "}}");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_nonnull (get (self, "/pods", "s-0"));
  g_assert_null (get (self, "/pods", "s-1"));
  wait_for (self, "apps/statefulsets", "s", "{'replicas':2,'readyReplicas':2}");
}

static void
test_replication_controller (Fixture *self, gconstpointer data)
{
  test_objects_must_create (&self->objects,
                            "{'kind':'ReplicationController','apiVersion':'v1','metadata':{'name':"
                            "'r'},'spec':{'replicas':2,'template':{'metadata':{'labels':{'app':"
                            "'r'}},'spec':{'containers':[{'name':'c','image':'a'}]}}}}");
  wait_for (self, "/replicationcontrollers", "r", "{'replicas':2,'readyReplicas':2}");
}

/* A pod that nobody controls becomes one of those that are asked for. */
static void
test_adoption (Fixture *self, gconstpointer data)
{
  test_objects_must_create (
    &self->objects, "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'lonely','labels':{'app':"
                    "'r'}},'spec':{'containers':[{'name':'c','image':'a'}]}}");
  test_objects_must_create (&self->objects,
                            "{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{'name':'r'},"
                            "'spec':{'replicas':2," TEMPLATE ("r", "a") "}}");
  wait_for (self, "apps/replicasets", "r", "{'replicas':2,'readyReplicas':2}");
  g_assert_nonnull (practice_object_get_controller_uid (get (self, "/pods", "lonely")));
}

static void
test_refused_pods (Fixture *self, gconstpointer data)
{
  JsonNode *condition;

  test_objects_must_create (
    &self->objects, "{'kind':'ResourceQuota','apiVersion':'v1','metadata':{'name':'q'},'spec':{"
                    "'hard':{'pods':'1'}}}");
  test_objects_must_create (&self->objects,
                            "{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{'name':'r'},"
                            "'spec':{'replicas':2," TEMPLATE ("r", "a") "}}");
  wait_for (self, "apps/replicasets", "r", "{'replicas':1,'readyReplicas':1}");
  condition = base_condition_find (get (self, "apps/replicasets", "r"), "ReplicaFailure");
  g_assert_cmpstr (base_json_get_string (condition, "reason", NULL), ==, "FailedCreate");
  g_assert_nonnull (
    strstr (base_json_get_string (condition, "message", NULL), "exceeded quota: q"));
  practice_store_delete (self->objects.store, "/resourcequotas", "default", "q", NULL);
  wait_for (self, "apps/replicasets", "r", "{'replicas':2,'readyReplicas':2}");
  g_assert_null (base_condition_find (get (self, "apps/replicasets", "r"), "ReplicaFailure"));
}

static void
test_disruption (Fixture *self, gconstpointer data)
{
  test_objects_must_create (
    &self->objects, "{'kind':'PodDisruptionBudget','apiVersion':'policy/v1','metadata':{'name':"
                    "'b'},'spec':{'maxUnavailable':'50%','selector':{'matchLabels':{'app':'r'}}}}");
  test_objects_must_create (&self->objects,
                            "{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{'name':'r'},"
                            "'spec':{'replicas':3," TEMPLATE ("r", "a") "}}");
  wait_for (self, "policy/poddisruptionbudgets", "b",
            "{'expectedPods':3,'currentHealthy':3,'desiredHealthy':1,'disruptionsAllowed':2}");
  set_spec (self, "apps/replicasets", "r", "replicas", json_node_init_int (json_node_alloc (), 1));
  wait_for (self, "policy/poddisruptionbudgets", "b",
            "{'expectedPods':1,'currentHealthy':1,'desiredHealthy':0,'disruptionsAllowed':1}");
}

/* Made long ago, so that it is due. */
#define CRON_JOB                                                                                   \
  "{'kind':'CronJob','apiVersion':'batch/v1','metadata':{'name':'c','namespace':'default',"        \
  "'creationTimestamp':'2019-12-11T10:00:00Z'},'spec':{'schedule':'0 0 1 1 *',"                    \
  "'concurrencyPolicy':'Forbid','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':"       \
  "'Never','containers':[{'name':'c','image':'a'}]}}}}},'status':{'lastScheduleTime':"             \
  "'2019-12-11T10:00:00Z'}}"

static void
test_cron_job (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) jobs = NULL;
  g_autoptr (JsonNode) job = NULL;
  JsonNode *reference;
  JsonArray *active;

  practice_store_create (self->objects.store, "batch/cronjobs", test_json (CRON_JOB), NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  jobs = practice_store_list (self->objects.store, "batch/jobs", "default");
  g_assert_cmpuint (jobs->len, ==, 1);
  job = base_json_copy (jobs->pdata[0]);
  g_assert_cmpint (base_json_get_int (job, 0, "spec", "completions", NULL), ==, 1);
  active = base_json_get_array (get (self, "batch/cronjobs", "c"), "status", "active", NULL);
  g_assert_cmpuint (json_array_get_length (active), ==, 1);
  reference = json_array_get_element (active, 0);
  g_assert_cmpstr (base_json_get_string (reference, "uid", NULL), ==, base_metadata_get_uid (job));

  /* It ends, and nothing is due before next year. */
  practice_object_set_condition (job, "Complete", TRUE, NULL, NULL);
  practice_store_update (self->objects.store, "batch/jobs", g_steal_pointer (&job), NULL, NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (base_json_get_array (get (self, "batch/cronjobs", "c"), "status", "active", NULL));
  g_clear_pointer (&jobs, g_ptr_array_unref);
  jobs = practice_store_list (self->objects.store, "batch/jobs", "default");
  g_assert_cmpuint (jobs->len, ==, 1);
}

static void
test_refused_jobs (Fixture *self, gconstpointer data)
{
  test_objects_must_create (
    &self->objects, "{'kind':'ResourceQuota','apiVersion':'v1','metadata':{'name':'q'},'spec':{"
                    "'hard':{'count/jobs.batch':'0'}}}");
  practice_store_create (self->objects.store, "batch/cronjobs", test_json (CRON_JOB), NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (count_events (self, "c", "FailedCreate"), >, 0);
  g_assert_cmpuint (count_events (self, "c", "SuccessfulCreate"), ==, 0);
}

static const char *
get_why (Fixture *self, const char *pod)
{
  JsonNode *condition = base_condition_find (get (self, "/pods", pod), "PodScheduled");

  return base_json_get_string (condition, "message", NULL);
}

#define WITH_SPEC(name, spec)                                                                      \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{" spec "}}"

#define CONTAINER(resources)                                                                       \
  "'containers':[{'name':'c','image':'a','resources':{'requests':" resources "}}]"

static void
test_scheduler (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *pod;
    const char *name;
    const char *why; /* NULL: it runs */
  } cases[] = {
    { WITH_SPEC ("much", CONTAINER ("{'cpu':'100'}")), "much",
      "0/3 nodes are available: 3 Insufficient cpu." },
    { WITH_SPEC ("both", CONTAINER ("{'cpu':'100','memory':'1Ti'}")), "both",
      "0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient memory." },
    { WITH_SPEC ("nowhere", CONTAINER ("{}") ",'nodeSelector':{'disk':'ssd'}"), "nowhere",
      "0/3 nodes are available: 3 node(s) didn't match node selector." },
    { WITH_SPEC ("first", CONTAINER ("{'cpu':'1500m'}")), "first", NULL },
    { WITH_SPEC ("second", CONTAINER ("{'cpu':'1500m'}")), "second", NULL },
    { WITH_SPEC ("third", CONTAINER ("{'cpu':'1500m'}")), "third",
      "0/3 nodes are available: 1 node(s) had taints that the pod didn't tolerate, 2 "
      "Insufficient "
      "cpu." },
    { WITH_SPEC ("master",
                 CONTAINER ("{}") ",'nodeSelector':{'disk':'master'},'tolerations':[{'operator':"
                                  "'Exists'}]"),
      "master", NULL },
    { WITH_SPEC ("by-affinity",
                 CONTAINER ("{}") ",'affinity':{'nodeAffinity':{"
                                  "'requiredDuringSchedulingIgnoredDuringExecution':{"
                                  "'nodeSelectorTerms':[{'matchExpressions':[{'key':'disk',"
                                  "'operator':'In','values':['two']}]}]}}}"),
      "by-affinity", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    test_objects_must_create (&self->objects, cases[i].pod);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_cmpstr (get_why (self, cases[i].name), ==, cases[i].why);
  }
  g_assert_cmpstr (
    base_json_get_string (get (self, "/pods", "by-affinity"), "spec", "nodeName", NULL), ==, "two");

  /* What goes makes room for what waits. */
  practice_store_delete (self->objects.store, "/pods", "default", "first", NULL);
  wait_for (self, "/pods", "third", "{'phase':'Running'}");
}

static void
test_cordon (Fixture *self, gconstpointer data)
{
  JsonArray *taints;

  set_node_spec (self, "one", "{'unschedulable':true}");
  set_node_spec (self, "two", "{'unschedulable':true}");
  test_objects_must_create (&self->objects, TEST_POD ("a"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (get_why (self, "a"), ==,
                   "0/3 nodes are available: 1 node(s) had taints that the pod didn't tolerate, 2 "
                   "node(s) were unschedulable.");
  taints = base_json_get_array (practice_store_get (self->objects.store, "/nodes", NULL, "one"),
                                "spec", "taints", NULL);
  g_assert_cmpuint (json_array_get_length (taints), ==, 1);
  g_assert_cmpstr (base_json_get_string (json_array_get_element (taints, 0), "key", NULL), ==,
                   "node.kubernetes.io/unschedulable");
  set_node_spec (self, "one",
                 "{'taints':[{'key':'node.kubernetes.io/unschedulable','effect':"
                 "'NoSchedule'}]}");
  wait_for (self, "/pods", "a", "{'phase':'Running'}");
  g_assert_null (base_json_get (practice_store_get (self->objects.store, "/nodes", NULL, "one"),
                                "spec", "taints", NULL));
}

#define SCALER(name, target, least, most)                                                          \
  "{'kind':'HorizontalPodAutoscaler','apiVersion':'autoscaling/v1','metadata':{'name':'" name      \
  "'},'spec':{'scaleTargetRef':{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'" target        \
  "'},'minReplicas':" least ",'maxReplicas':" most "}}"

static char *
dup_scaler_reason (Fixture *self, const char *name, const char *type)
{
  JsonNode *scaler = get (self, "autoscaling/horizontalpodautoscalers", name);
  JsonNode *condition = base_condition_find (scaler, type);

  return g_strdup (base_json_get_string (condition, "reason", NULL));
}

/* Without metrics it keeps the bounds, and says why it does no more. */
static void
test_horizontal_scaler (Fixture *self, gconstpointer data)
{
  const char *scalers = "autoscaling/horizontalpodautoscalers";
  g_autofree char *active = NULL;
  g_autofree char *able = NULL;

  test_objects_must_create (&self->objects, SCALER ("h", "r", "2", "3"));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  able = dup_scaler_reason (self, "h", "AbleToScale");
  g_assert_cmpstr (able, ==, "FailedGetScale");
  test_objects_must_create (&self->objects,
                            "{'kind':'ReplicaSet','apiVersion':'apps/v1','metadata':{'name':'r'},"
                            "'spec':{'replicas':1," TEMPLATE ("r", "a") "}}");
  wait_for (self, "apps/replicasets", "r", "{'replicas':2,'readyReplicas':2}");
  wait_for (self, scalers, "h", "{'currentReplicas':2,'desiredReplicas':2}");
  active = dup_scaler_reason (self, "h", "ScalingActive");
  g_assert_cmpstr (active, ==, "FailedGetResourceMetric");

  set_spec (self, "apps/replicasets", "r", "replicas", json_node_init_int (json_node_alloc (), 5));
  wait_for (self, "apps/replicasets", "r", "{'replicas':3,'readyReplicas':3}");
  g_assert_cmpuint (count_events (self, "h", "SuccessfulRescale"), ==, 2);
  g_assert_cmpuint (count_events (self, "h", "FailedGetResourceMetric"), ==, 1);

  /* Nothing of it is scaled up from nothing. */
  set_spec (self, "apps/replicasets", "r", "replicas", json_node_init_int (json_node_alloc (), 0));
  wait_for (self, scalers, "h", "{'currentReplicas':0,'desiredReplicas':0}");
  g_free (active);
  active = dup_scaler_reason (self, "h", "ScalingActive");
  g_assert_cmpstr (active, ==, "ScalingDisabled");
}

/* Seconds since the Lease of a node was renewed, as the API shows it. */
static double
get_lease_age (Fixture *self, const char *node)
{
  PracticeResource *resource =
    practice_registry_find_stored (self->objects.registry, "coordination.k8s.io/leases");
  const PracticeVersion *version = practice_resource_find_version (resource, "v1");
  JsonNode *lease =
    practice_store_get (self->objects.store, "coordination.k8s.io/leases", "kube-node-lease", node);
  g_autoptr (JsonNode) shown = NULL;
  g_autoptr (GDateTime) renewed = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  g_assert_nonnull (lease);
  g_assert_cmpstr (base_json_get_string (lease, "spec", "holderIdentity", NULL), ==, node);
  shown = practice_resource_from_storage (resource, version, lease);
  renewed =
    g_date_time_new_from_iso8601 (base_json_get_string (shown, "spec", "renewTime", NULL), NULL);
  g_assert_nonnull (renewed);
  return (double)g_date_time_difference (now, renewed) / G_TIME_SPAN_SECOND;
}

/* What the API shows of a node's only condition, in seconds since @member. */
static double
get_condition_age (const char *conditions, const char *member)
{
  g_autofree char *text = g_strdup_printf (
    "{'metadata':{'name':'one','creationTimestamp':'2020-01-01T00:00:00Z'},'status':{'conditions':"
    "[%s]}}",
    conditions);
  g_autoptr (JsonNode) node = test_json (text);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) time = NULL;

  practice_node_lease_complete_conditions (node);
  time = g_date_time_new_from_iso8601 (
    base_json_get_string (
      json_array_get_element (base_json_get_array (node, "status", "conditions", NULL), 0), member,
      NULL),
    NULL);
  g_assert_nonnull (time);
  return (double)g_date_time_difference (now, time) / G_TIME_SPAN_SECOND;
}

/* A node that is heard of has told how it is within ten seconds; what is lost tells no more. */
static void
test_heartbeats (void)
{
  const char *lost = "{'status':'Unknown','lastTransitionTime':'2021-01-01T00:00:00Z'}";
  double changed = get_condition_age (lost, "lastTransitionTime");

  g_assert_cmpfloat (get_condition_age ("{'status':'True'}", "lastHeartbeatTime"), >=, 0);
  g_assert_cmpfloat (get_condition_age ("{'status':'True'}", "lastHeartbeatTime"), <=, 12);
  g_assert_cmpfloat (get_condition_age ("{'status':'True'}", "lastTransitionTime"), >, changed);
  g_assert_cmpfloat (get_condition_age (lost, "lastHeartbeatTime"), >, changed);
}

static const char *
get_kept_renewal (Fixture *self, const char *node)
{
  return base_json_get_string (
    practice_store_get (self->objects.store, "coordination.k8s.io/leases", "kube-node-lease", node),
    "spec", "renewTime", NULL);
}

/* Renewed without a write, as long as the node is heard of. */
static void
test_leases (Fixture *self, gconstpointer data)
{
  PracticeStore *store = self->objects.store;
  g_autofree char *last = NULL;
  guint64 version;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  version = practice_store_get_version (store);
  g_assert_cmpfloat (get_lease_age (self, "one"), >=, 0);
  g_assert_cmpfloat (get_lease_age (self, "one"), <=, 10);
  g_assert_cmpuint (practice_store_get_version (store), ==, version);

  practice_node_lifecycle_lose (store, "one");
  last = g_strdup (get_kept_renewal (self, "one"));
  g_assert_nonnull (last);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (get_kept_renewal (self, "one"), ==, last);
  g_assert_null (get_kept_renewal (self, "two"));
  practice_node_lifecycle_find (store, "one");
  g_assert_null (get_kept_renewal (self, "one"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/workload-controllers/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("daemon-set", test_daemon_set);
  ADD ("daemon-set-rollout", test_daemon_set_rollout);
  ADD ("stateful-set", test_stateful_set);
  ADD ("refused-claims", test_refused_claims);
  ADD ("stateful-order", test_stateful_order);
  ADD ("replication-controller", test_replication_controller);
  ADD ("adoption", test_adoption);
  ADD ("refused-pods", test_refused_pods);
  ADD ("disruption", test_disruption);
  ADD ("cron-job", test_cron_job);
  ADD ("refused-jobs", test_refused_jobs);
  ADD ("scheduler", test_scheduler);
  ADD ("cordon", test_cordon);
  ADD ("horizontal-scaler", test_horizontal_scaler);
  ADD ("leases", test_leases);
  g_test_add_func ("/practice/workload-controllers/heartbeats", test_heartbeats);

  return g_test_run ();
}
