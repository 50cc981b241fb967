/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-metadata.h"
#include "test-cluster-objects.h"

static void
assert_status (GError *error, guint code, const char *message)
{
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, message);
  g_assert_cmpuint (practice_status_get_code (error), ==, code);
}

static void
assert_refused (TestObjects *fixture, const char *text, guint code, const char *message)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (test_objects_create (fixture, text, &error));
  assert_status (error, code, message);
}

static JsonNode *
get (TestObjects *fixture, const char *store_name, const char *name)
{
  PracticeResource *resource = practice_registry_find_stored (fixture->registry, store_name);
  JsonNode *object =
    practice_store_get (fixture->store, store_name, resource->namespaced ? "default" : NULL, name);

  g_assert_nonnull (object);
  return object;
}

/* Changes a copy of a stored object by @change, a merge, and updates it. */
static JsonNode *
update (TestObjects *fixture,
        const char *store_name,
        const char *name,
        const char *path,
        JsonNode *value,
        PracticePart part,
        GError **error)
{
  PracticeResource *resource = practice_registry_find_stored (fixture->registry, store_name);
  g_autoptr (JsonNode) copy = base_json_copy (get (fixture, store_name, name));
  g_auto (GStrv) names = g_strsplit (path, ".", 4);
  PracticeWrite write = { part };
  JsonObject *parent = json_node_get_object (copy);
  guint i;

  for (i = 0; names[i + 1] != NULL; i++) {
    if (!json_object_has_member (parent, names[i]))
      json_object_set_object_member (parent, names[i], json_object_new ());
    parent = json_object_get_object_member (parent, names[i]);
  }
  json_object_set_member (parent, names[i], value);
  return practice_objects_update (fixture->objects, resource, "default", name,
                                  g_steal_pointer (&copy), &write, error);
}

static void
test_pod_defaults (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = test_objects_create (fixture, TEST_POD ("p"), &error);

  g_assert_no_error (error);
  test_json_assert_equal (
    base_json_get (pod, "spec", NULL),
    "{'containers':[{'name':'a','image':'nginx','imagePullPolicy':'Always','resources':{},"
    "'terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File'}],"
    "'dnsPolicy':'ClusterFirst','enableServiceLinks':true,'priority':0,'restartPolicy':'Always',"
    "'schedulerName':'default-scheduler','securityContext':{},'serviceAccount':'default',"
    "'serviceAccountName':'default','terminationGracePeriodSeconds':30,'tolerations':[{'key':"
    "'node.kubernetes.io/not-ready','operator':'Exists','effect':'NoExecute',"
    "'tolerationSeconds':300},{'key':'node.kubernetes.io/unreachable','operator':'Exists',"
    "'effect':'NoExecute','tolerationSeconds':300}]}");
  test_json_assert_equal (base_json_get (pod, "status", NULL),
                          "{'phase':'Pending','qosClass':'BestEffort'}");
  g_assert_cmpstr (base_metadata_get_namespace (pod), ==, "default");
}

static void
test_container_defaults (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = test_objects_create (
    fixture,
    "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'containers':[{'name':'a',"
    "'image':'reg.io:5000/nginx:1.2','ports':[{'containerPort':80}],'resources':{'limits':{'cpu':"
    "'1','memory':'1Gi'}},'readinessProbe':{'httpGet':{'port':80}},'env':[{'name':'A','valueFrom':{"
    "'fieldRef':{'fieldPath':'status.podIP'}}}]}],'volumes':[{'name':'v'},{'name':'c',"
    "'configMap':{'name':"
    "'x'}}]}}",
    &error);
  JsonNode *container;

  g_assert_no_error (error);
  container = json_array_get_element (base_json_get_array (pod, "spec", "containers", NULL), 0);
  test_json_assert_equal (
    container,
    "{'name':'a','image':'reg.io:5000/nginx:1.2','imagePullPolicy':'IfNotPresent','ports':[{"
    "'containerPort':80,'protocol':'TCP'}],'resources':{'limits':{'cpu':'1','memory':'1Gi'},"
    "'requests':{'cpu':'1','memory':'1Gi'}},'readinessProbe':{'httpGet':{'port':80,'path':'/',"
    "'scheme':'HTTP'},'timeoutSeconds':1,'periodSeconds':10,'successThreshold':1,"
    "'failureThreshold':3},'env':[{'name':'A','valueFrom':{'fieldRef':{'fieldPath':'status.podIP',"
    "'apiVersion':'v1'}}}],'terminationMessagePath':'/dev/termination-log',"
    "'terminationMessagePolicy':'File'}");
  test_json_assert_equal (base_json_get (pod, "spec", "volumes", NULL),
                          "[{'name':'v','emptyDir':{}},{'name':'c','configMap':{'name':'x',"
                          "'defaultMode':420}}]");
  g_assert_cmpstr (base_json_get_string (pod, "status", "qosClass", NULL), ==, "Guaranteed");
}

static void
test_other_defaults (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) deployment = test_objects_create (
    fixture,
    "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{'selector':{"
    "'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{"
    "'name':'a','image':'x'}]}}}}",
    NULL);
  g_autoptr (JsonNode) secret = test_objects_create (
    fixture,
    "{'kind':'Secret','apiVersion':'v1','metadata':{'name':'s'},'stringData':{'a':'hello'}}", NULL);
  g_autoptr (JsonNode) policy = test_objects_create (
    fixture,
    "{'kind':'NetworkPolicy','apiVersion':'networking.k8s.io/v1','metadata':{'name':'n'},'spec':{"
    "'podSelector':{},'egress':[{'ports':[{'port':53}]}]}}",
    NULL);

  g_assert_cmpint (base_json_get_int (deployment, 0, "spec", "replicas", NULL), ==, 1);
  g_assert_cmpint (base_json_get_int (deployment, 0, "metadata", "generation", NULL), ==, 1);
  test_json_assert_equal (
    base_json_get (deployment, "spec", "strategy", NULL),
    "{'type':'RollingUpdate','rollingUpdate':{'maxSurge':'25%','maxUnavailable':'25%'}}");
  test_json_assert_equal (base_json_get (secret, "data", NULL), "{'a':'aGVsbG8='}");
  g_assert_cmpstr (base_json_get_string (secret, "type", NULL), ==, "Opaque");
  g_assert_null (base_json_get (secret, "stringData", NULL));
  test_json_assert_equal (base_json_get (policy, "spec", NULL),
                          "{'podSelector':{},'policyTypes':['Ingress','Egress'],'egress':[{'ports':"
                          "[{'port':53,'protocol':'TCP'}]}]}");
}

static void
test_service_addresses (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) service = test_objects_create (
    fixture,
    "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{'type':'LoadBalancer',"
    "'ports':[{'port':6379}]}}",
    &error);
  g_autoptr (JsonNode) updated = NULL;
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  g_autofree char *taken = NULL;
  JsonNode *port;
  gint64 node_port;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (address, "10.0."));
  port = json_array_get_element (base_json_get_array (service, "spec", "ports", NULL), 0);
  node_port = base_json_get_int (port, 0, "nodePort", NULL);
  g_assert_cmpint (node_port, >=, 30000);
  g_assert_cmpint (node_port, <=, 32767);
  g_assert_cmpint (base_json_get_int (port, 0, "targetPort", NULL), ==, 6379);
  test_json_assert_equal (base_json_get (service, "status", NULL), "{'loadBalancer':{}}");

  taken = g_strdup_printf ("{'kind':'Service','apiVersion':'v1','metadata':{'name':'t'},'spec':{"
                           "'clusterIP':'%s','ports':[{'port':1}]}}",
                           address);
  g_assert_null (test_objects_create (fixture, taken, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_suffix (error->message, "provided IP is already allocated"));

  /* The node port goes with the type, the address stays. */
  g_clear_error (&error);
  updated =
    update (fixture, "/services", "s", "spec.type",
            json_node_init_string (json_node_alloc (), "ClusterIP"), PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (updated, "spec", "clusterIP", NULL), ==, address);
  port = json_array_get_element (base_json_get_array (updated, "spec", "ports", NULL), 0);
  g_assert_null (base_json_get (port, "nodePort", NULL));
  g_assert_null (base_json_get (updated, "spec", "externalTrafficPolicy", NULL));
}

static void
test_service_types (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) updated = NULL;

  test_objects_must_create (fixture, "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},"
                                     "'spec':{'ports':[{'port':6379}]}}");

  /* Only a type that has node ports gets one. */
  g_assert_null (update (fixture, "/services", "s", "spec.ports",
                         test_json ("[{'port':6379,'nodePort':30080}]"), PRACTICE_PART_WHOLE,
                         &error));
  assert_status (error, 422,
                 "Service \"s\" is invalid: spec.ports[0].nodePort: Forbidden: may not be used "
                 "when `type` is 'ClusterIP'");
  g_clear_error (&error);

  assert_refused (fixture,
                  "{'kind':'Service','apiVersion':'v1','metadata':{'name':'h'},'spec':{'type':"
                  "'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':80,"
                  "'ports':[{'port':1}]}}",
                  500,
                  "Internal error occurred: failed to allocate requested HealthCheck NodePort 80: "
                  "provided port is not in the valid range. The range of valid ports is "
                  "30000-32767");

  /* What came with the type goes with it, and nothing else does. */
  test_objects_must_create (fixture,
                            "{'kind':'Service','apiVersion':'v1','metadata':{'name':'t'},"
                            "'spec':{'type':'LoadBalancer','externalTrafficPolicy':'Local',"
                            "'ports':[{'port':6379}]}}");
  g_assert_cmpint (
    base_json_get_int (get (fixture, "/services", "t"), 0, "spec", "healthCheckNodePort", NULL), >=,
    30000);
  g_assert_null (update (fixture, "/services", "t", "spec.healthCheckNodePort",
                         json_node_init_int (json_node_alloc (), 29999), PRACTICE_PART_WHOLE,
                         &error));
  assert_status (error, 422,
                 "Service \"t\" is invalid: spec.healthCheckNodePort: Invalid value: 29999: cannot "
                 "change healthCheckNodePort on loadBalancer service with externalTraffic=Local "
                 "during update");
  g_clear_error (&error);
  updated =
    update (fixture, "/services", "t", "spec.type",
            json_node_init_string (json_node_alloc (), "ClusterIP"), PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_null (base_json_get (updated, "spec", "healthCheckNodePort", NULL));
  g_assert_null (base_json_get (updated, "spec", "externalTrafficPolicy", NULL));
}

/* (transfer full): a Service with @n node ports of any number */
static char *
write_node_ports (const char *name, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text,
                   "{'kind':'Service','apiVersion':'v1','metadata':{'name':'%s'},"
                   "'spec':{'type':'NodePort','ports':[",
                   name);
  for (guint i = 1; i <= n; i++)
    g_string_append_printf (text, "%s{'name':'p%u','port':%u}", i > 1 ? "," : "", i, i);
  g_string_append (text, "]}}");
  return g_strdup (text->str);
}

static void
test_reserved_node_ports (TestObjects *fixture, gconstpointer data)
{
  g_autofree char *all = write_node_ports ("all", 2768 - 9);
  g_autofree char *more = write_node_ports ("more", 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) service = test_objects_create (fixture, all, &error);
  g_autoptr (JsonNode) gateway = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (service);

  /* However many Services there are, those of Istio's gateway are free for it. */
  gateway = test_objects_create (fixture,
                                 "{'kind':'Service','apiVersion':'v1','metadata':{'name':'g'},"
                                 "'spec':{'type':'NodePort','ports':["
                                 "{'name':'p30380','port':30380,'nodePort':30380},"
                                 "{'name':'p31380','port':31380,'nodePort':31380},"
                                 "{'name':'p31390','port':31390,'nodePort':31390},"
                                 "{'name':'p31400','port':31400,'nodePort':31400},"
                                 "{'name':'p30756','port':30756,'nodePort':30756},"
                                 "{'name':'p31420','port':31420,'nodePort':31420},"
                                 "{'name':'p31948','port':31948,'nodePort':31948},"
                                 "{'name':'p32061','port':32061,'nodePort':32061},"
                                 "{'name':'p31232','port':31232,'nodePort':31232}]}}",
                                 &error);
  g_assert_no_error (error);
  g_assert_nonnull (gateway);

  g_assert_null (test_objects_create (fixture, more, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_suffix (error->message, "range is full"));
}

static void
test_refusals (TestObjects *fixture, gconstpointer data)
{
#define LABEL_RULE                                                                                 \
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "     \
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "  \
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  static const struct {
    const char *text;
    guint code;
    const char *message;
  } cases[] = {
    { "{'kind':'Pod','apiVersion':'v1','metadata':{},'spec':{'containers':[{'name':'a','image':'x'}"
      "]"
      "}}",
      422, "Pod \"\" is invalid: metadata.name: Required value: name or generateName is required" },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{}}", 422,
      "Pod \"p\" is invalid: spec.containers: Required value" },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'}}", 422,
      "Pod \"p\" is invalid: spec.containers: Required value" },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'containers':[{'name':'A_b',"
      "'image':'x'}]}}",
      422, "Pod \"p\" is invalid: spec.containers[0].name: Invalid value: \"A_b\": " LABEL_RULE },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'restartPolicy':'Sometimes',"
      "'containers':[{'name':'a','ports':[{'containerPort':70000}]},{'name':'a','image':'x',"
      "'volumeMounts':[{'name':'v','mountPath':'/x'}]}]}}",
      422,
      "Pod \"p\" is invalid: [spec.containers[0].image: Required value, "
      "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and "
      "65535, "
      "inclusive, spec.containers[1].name: Duplicate value: \"a\", "
      "spec.containers[1].volumeMounts[0].name: Not found: \"v\", spec.restartPolicy: Unsupported "
      "value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"]" },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'containers':[{'name':'a',"
      "'image':'x','livenessProbe':{}}]}}",
      422,
      "Pod \"p\" is invalid: spec.containers[0].livenessProbe: Required value: must specify a "
      "handler "
      "type" },
    { "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'containers':[{'name':'a',"
      "'imag':'x'}]}}",
      400,
      "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field "
      "\"spec.containers[0].imag\"" },
    { "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{}}", 422,
      "Service \"s\" is invalid: spec.ports: Required value" },
    { "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{'ports':[{'port':1},{"
      "'port':2}]}}",
      422,
      "Service \"s\" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required "
      "value]" },
    { "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{'type':'Magic','ports':["
      "{"
      "'port':1}]}}",
      422,
      "Service \"s\" is invalid: spec.type: Unsupported value: \"Magic\": supported values: "
      "\"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"" },
    { "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{'type':'NodePort','"
      "ports':"
      "[{'port':1,'nodePort':80}]}}",
      422,
      "Service \"s\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not "
      "in "
      "the valid range. The range of valid ports is 30000-32767" },
    { "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':{'clusterIP':'1.2.3.4',"
      "'ports':[{'port':1}]}}",
      422,
      "Service \"s\" is invalid: spec.clusterIP: Invalid value: \"1.2.3.4\": provided IP is not in "
      "the valid range. The range of valid IPs is 10.0.0.0/18" },
    { "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{'selector':{"
      "'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'c'}},'spec':{'containers':[{"
      "'name':'a','image':'x'}]}}}}",
      422,
      "Deployment.apps \"d\" is invalid: spec.template.metadata.labels: Invalid value: "
      "map[string]string{\"a\":\"c\"}: `selector` does not match template `labels`" },
    { "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{'template':{"
      "'spec':{'containers':[{'name':'a','image':'x'}]}}}}",
      422,
      "Deployment.apps \"d\" is invalid: [spec.selector: Required value, "
      "spec.template.metadata.labels: Invalid value: map[string]string(nil): `selector` does not "
      "match template `labels`]" },
    { "{'kind':'Ingress','apiVersion':'networking.k8s.io/v1','metadata':{'name':'i'},'spec':{}}",
      422,
      "Ingress.extensions \"i\" is invalid: spec: Invalid value: "
      "[]networking.IngressRule(nil)"
      ": either `defaultBackend` or `rules` must be specified" },
    { "{'kind':'Ingress','apiVersion':'networking.k8s.io/"
      "v1','metadata':{'name':'i'},'spec':{'rules':"
      "[{'host':'a.b','http':{'paths':[{'path':'/"
      "','backend':{'service':{'name':'s','port':{'number':"
      "80}}}}]}}]}}",
      422,
      "Ingress.extensions \"i\" is invalid: spec.rules[0].http.paths[0].pathType: Required "
      "value: pathType must be specified" },
    { "{'kind':'NetworkPolicy','apiVersion':'networking.k8s.io/v1','metadata':{'name':'n'},'spec':{"
      "'podSelector':{},'ingress':[{'from':[{'ipBlock':{'cidr':'x'}}]}]}}",
      422,
      "NetworkPolicy.extensions \"n\" is invalid: spec.ingress[0].from[0].ipBlock.cidr: "
      "Invalid value: \"x\": not a valid CIDR" },
    { "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c','namespace':'nope'}}", 404,
      "namespaces \"nope\" not found" },
    { "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c','resourceVersion':'5'}}", 400,
      "resourceVersion should not be set on objects to be created" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].text);
    assert_refused (fixture, cases[i].text, cases[i].code, cases[i].message);
  }
}

static void
test_exists (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) status = NULL;

  test_objects_must_create (fixture, TEST_POD ("p"));
  g_assert_null (test_objects_create (fixture, TEST_POD ("p"), &error));
  status = practice_status_dup_node (error);
  test_json_assert_equal (status,
                          "{'kind':'Status','apiVersion':'v1','metadata':{},'status':'Failure',"
                          "'message':'pods \\'p\\' already exists','reason':'AlreadyExists',"
                          "'details':{'name':'p','kind':'pods'},'code':409}");
}

static char *
generate (TestObjects *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pod = test_objects_create (
    fixture,
    "{'kind':'Pod','apiVersion':'v1','metadata':{'generateName':'web-'},'spec':{'containers':[{"
    "'name':'a','image':'x'}]}}",
    &error);

  g_assert_no_error (error);
  return g_strdup (base_metadata_get_name (pod));
}

static void
test_generate_name (TestObjects *fixture, gconstpointer data)
{
  g_autofree char *first = generate (fixture);
  g_autofree char *second = generate (fixture);

  g_assert_true (g_str_has_prefix (first, "web-"));
  g_assert_cmpuint (strlen (first), ==, strlen ("web-12345"));
  g_assert_cmpstr (first, !=, second);
}

static void
test_update (TestObjects *fixture, gconstpointer data)
{
  PracticeResource *resource = practice_registry_find_stored (fixture->registry, "/pods");
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) labelled = NULL;
  g_autoptr (JsonNode) imaged = NULL;
  PracticeWrite write = { PRACTICE_PART_WHOLE };

  test_objects_must_create (fixture, TEST_POD ("p"));
  first = base_json_copy (get (fixture, "/pods", "p"));
  labelled = update (fixture, "/pods", "p", "metadata.labels", test_json ("{'a':'b'}"),
                     PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (base_metadata_get_uid (labelled), ==, base_metadata_get_uid (first));

  /* What a client read before cannot be written any more. */
  g_assert_null (practice_objects_update (fixture->objects, resource, "default", "p",
                                          base_json_copy (first), &write, &error));
  assert_status (
    error, 409,
    "Operation cannot be fulfilled on pods \"p\": the object has been modified; please "
    "apply your changes to the latest version and try again");
  g_clear_error (&error);

  g_assert_null (update (fixture, "/pods", "p", "spec.restartPolicy",
                         json_node_init_string (json_node_alloc (), "Never"), PRACTICE_PART_WHOLE,
                         &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (
    error->message, "Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields"));
  g_clear_error (&error);

  imaged = update (fixture, "/pods", "p", "spec.containers",
                   test_json ("[{'name':'a','image':'other','imagePullPolicy':'Always'}]"),
                   PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_nonnull (imaged);

  g_assert_null (practice_objects_update (fixture->objects, resource, "default", "missing",
                                          test_json (TEST_POD ("missing")), &write, &error));
  assert_status (error, 404, "pods \"missing\" not found");
}

static void
test_status_part (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) whole = NULL;
  g_autoptr (JsonNode) status = NULL;
  JsonNode *pod;

  test_objects_must_create (fixture, TEST_POD ("p"));
  whole = update (fixture, "/pods", "p", "status.phase",
                  json_node_init_string (json_node_alloc (), "Running"), PRACTICE_PART_WHOLE, NULL);
  pod = get (fixture, "/pods", "p");
  g_assert_cmpstr (base_json_get_string (pod, "status", "phase", NULL), ==, "Pending");
  status =
    update (fixture, "/pods", "p", "status.phase",
            json_node_init_string (json_node_alloc (), "Running"), PRACTICE_PART_STATUS, &error);
  g_assert_no_error (error);
  pod = get (fixture, "/pods", "p");
  g_assert_cmpstr (base_json_get_string (pod, "status", "phase", NULL), ==, "Running");
}

static void
test_generation (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) scaled = NULL;
  g_autoptr (JsonNode) labelled = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autoptr (GError) error = NULL;

  test_objects_must_create (
    fixture,
    "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{'selector':{"
    "'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{"
    "'name':'a','image':'x'}]}}}}");
  scaled = update (fixture, "apps/deployments", "d", "spec.replicas",
                   json_node_init_int (json_node_alloc (), 3), PRACTICE_PART_WHOLE, NULL);
  g_assert_cmpint (base_json_get_int (scaled, 0, "metadata", "generation", NULL), ==, 2);
  labelled = update (fixture, "apps/deployments", "d", "metadata.labels", test_json ("{'x':'y'}"),
                     PRACTICE_PART_WHOLE, NULL);
  g_assert_cmpint (base_json_get_int (labelled, 0, "metadata", "generation", NULL), ==, 2);
  changed = update (fixture, "apps/deployments", "d", "spec.selector",
                    test_json ("{'matchLabels':{'c':'d'}}"), PRACTICE_PART_WHOLE, &error);
  g_assert_null (changed);
  g_assert_nonnull (strstr (error->message, "spec.selector: Invalid value"));
  g_assert_nonnull (strstr (error->message, "field is immutable"));
}

static void
test_ingress_versions (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = test_objects_create (
    fixture,
    "{'kind':'Ingress','apiVersion':'extensions/v1beta1','metadata':{'name':'echo'},'spec':{"
    "'backend':{'serviceName':'d','servicePort':'http'},'rules':[{'host':'a.com','http':{'paths':[{"
    "'backend':{'serviceName':'s','servicePort':80}}]}}]}}",
    &error);
  PracticeResource *old, *now;
  const PracticeVersion *version;
  g_autoptr (JsonNode) beta = NULL;
  g_autoptr (JsonNode) v1 = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (stored, "apiVersion", NULL), ==, "networking.k8s.io/v1");
  test_json_assert_equal (
    base_json_get (stored, "spec", NULL),
    "{'defaultBackend':{'service':{'name':'d','port':{'name':'http'}}},'rules':[{'host':'a.com',"
    "'http':{'paths':[{'pathType':'ImplementationSpecific','backend':{'service':{'name':'s','port':"
    "{'number':80}}}}]}}]}");

  old = practice_registry_find (fixture->registry, "extensions", "v1beta1", "ingresses", &version);
  beta = practice_resource_from_storage (old, version, stored);
  g_assert_cmpstr (base_json_get_string (beta, "apiVersion", NULL), ==, "extensions/v1beta1");
  test_json_assert_equal (
    base_json_get (beta, "spec", NULL),
    "{'backend':{'serviceName':'d','servicePort':'http'},'rules':[{'host':'a.com','http':{'paths':["
    "{'pathType':'ImplementationSpecific','backend':{'serviceName':'s','servicePort':80}}]}}]}");

  now =
    practice_registry_find (fixture->registry, "networking.k8s.io", "v1", "ingresses", &version);
  v1 = practice_resource_from_storage (now, version, stored);
  g_assert_true (v1 == stored);
}

static void
test_deletion (TestObjects *fixture, gconstpointer data)
{
  PracticeResource *resource = practice_registry_find_stored (fixture->registry, "/pods");
  PracticeDeletion now = { .grace_seconds = 0 };
  PracticeDeletion other = { .grace_seconds = -1, .uid = "another" };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) placed = NULL;
  g_autoptr (JsonNode) gone = NULL;
  gboolean removed;
  JsonNode *pod;

  /* Without a node nothing is to be ended. */
  test_objects_must_create (fixture, TEST_POD ("p"));
  g_assert_true (test_objects_delete (fixture, "/pods", "p", NULL));

  test_objects_must_create (fixture, TEST_POD ("q"));
  placed = update (fixture, "/pods", "q", "spec.nodeName",
                   json_node_init_string (json_node_alloc (), "n"), PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_null (
    practice_objects_delete (fixture->objects, resource, "default", "q", &other, &removed, &error));
  g_assert_cmpuint (practice_status_get_code (error), ==, 409);
  g_clear_error (&error);
  g_assert_false (test_objects_delete (fixture, "/pods", "q", "Background"));
  pod = get (fixture, "/pods", "q");
  g_assert_nonnull (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL));
  g_assert_cmpint (base_json_get_int (pod, 0, "metadata", "deletionGracePeriodSeconds", NULL), ==,
                   30);
  gone =
    practice_objects_delete (fixture->objects, resource, "default", "q", &now, &removed, &error);
  g_assert_no_error (error);
  g_assert_true (removed);
  g_assert_null (
    practice_objects_delete (fixture->objects, resource, "default", "q", &now, &removed, &error));
  assert_status (error, 404, "pods \"q\" not found");
}

static void
test_finalizers (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) freed = NULL;

  test_objects_must_create (fixture, "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c',"
                                     "'finalizers':['example.com/x']}}");
  g_assert_false (test_objects_delete (fixture, "/configmaps", "c", NULL));
  g_assert_nonnull (base_json_get_string (get (fixture, "/configmaps", "c"), "metadata",
                                          "deletionTimestamp", NULL));
  freed = update (fixture, "/configmaps", "c", "metadata.finalizers", test_json ("[]"),
                  PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  g_assert_null (practice_store_get (fixture->store, "/configmaps", "default", "c"));
}

static void
test_protected_namespace (TestObjects *fixture, gconstpointer data)
{
  PracticeResource *resource = practice_registry_find_stored (fixture->registry, "/namespaces");
  PracticeDeletion deletion = { .grace_seconds = -1 };
  g_autoptr (GError) error = NULL;
  gboolean removed;

  g_assert_null (practice_objects_delete (fixture->objects, resource, NULL, "default", &deletion,
                                          &removed, &error));
  assert_status (error, 403,
                 "namespaces \"default\" is forbidden: this namespace may not be deleted");
}

/* A definition whose schema fills in one thing and knows one more. */
#define COLOURS                                                                                    \
  "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','metadata':{'name':"  \
  "'colours.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"                     \
  "'names':{'plural':'colours','kind':'Colour'},'versions':[{'name':'v1','served':true,"           \
  "'storage':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':"      \
  "'object','properties':{'color':{'type':'string','default':'red'},'size':{'type':'integer'}}"    \
  "}}}}}]}}"
#define A_COLOUR                                                                                   \
  "{'kind':'Colour','apiVersion':'example.com/v1','metadata':{'name':'c'},'spec':{'junk':1,"       \
  "'size':5}}"

static void
test_custom_schema (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (JsonNode) updated = NULL;
  PracticeResource *resource;

  test_objects_must_create (fixture, COLOURS);
  assert_refused (fixture, A_COLOUR, 400,
                  "Colour in version \"v1\" cannot be handled as a Colour: strict decoding error: "
                  "unknown field \"spec.junk\"");
  resource = practice_registry_find_kind (fixture->registry, "example.com", "Colour");
  object = practice_objects_create (fixture->objects, resource, "default", test_json (A_COLOUR),
                                    NULL, &error);
  g_assert_no_error (error);
  test_json_assert_equal (base_json_get (object, "spec", NULL), "{'color':'red','size':5}");

  updated = update (fixture, resource->store_name, "c", "spec", test_json ("{'size':6,'x':[]}"),
                    PRACTICE_PART_WHOLE, &error);
  g_assert_no_error (error);
  test_json_assert_equal (base_json_get (updated, "spec", NULL), "{'color':'red','size':6}");
}

static void
test_custom (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (JsonNode) shown = NULL;
  const PracticeVersion *version;
  PracticeResource *resource;
  JsonNode *definition;

  g_assert_null (practice_registry_find_kind (fixture->registry, "stable.example.com", "CronTab"));
  test_objects_must_create (fixture, TEST_DEFINITION);
  definition = get (fixture, PRACTICE_DEFINITIONS, "crontabs.stable.example.com");
  g_assert_cmpstr (base_json_get_string (definition, "status", "acceptedNames", "singular", NULL),
                   ==, "crontab");
  object = test_objects_create (fixture, TEST_CRONTAB, &error);
  g_assert_no_error (error);
  /* What the schema does not name is kept where it says so. */
  test_json_assert_equal (base_json_get (object, "spec", NULL),
                          "{'image':'x','replicas':2,'free':[1]}");

  resource = practice_registry_find (fixture->registry, "stable.example.com", "v1beta1", "crontabs",
                                     &version);
  shown = practice_resource_from_storage (resource, version, object);
  g_assert_cmpstr (base_json_get_string (shown, "apiVersion", NULL), ==,
                   "stable.example.com/v1beta1");

  assert_refused (
    fixture,
    "{'kind':'CronTab','apiVersion':'stable.example.com/v1','metadata':{'name':'d'},"
    "'spec':{'replicas':0}}",
    422,
    "CronTab.stable.example.com \"d\" is invalid: [spec.image: Required value, "
    "spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or "
    "equal to 1]");
  assert_refused (fixture,
                  "{'kind':'CronTab','apiVersion':'stable.example.com/v1','metadata':{'name':'d'},"
                  "'spec':{'image':5}}",
                  422,
                  "CronTab.stable.example.com \"d\" is invalid: spec.image: Invalid value: "
                  "\"integer\": spec.image in body must be of type string: \"integer\"");
}

static void
test_definition_refusals (TestObjects *fixture, gconstpointer data)
{
  assert_refused (
    fixture,
    "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','metadata':{'name':"
    "'x'},'spec':{'group':'a.b','scope':'Both','names':{'plural':'ys','kind':'Y'},'versions':[{"
    "'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}",
    422,
    "CustomResourceDefinition.apiextensions.k8s.io \"x\" is invalid: [metadata.name: Invalid "
    "value: "
    "\"x\": must be spec.names.plural+\".\"+spec.group, spec.scope: Unsupported value: \"Both\": "
    "supported values: \"Cluster\", \"Namespaced\"]");
  assert_refused (
    fixture,
    "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','metadata':{'name':"
    "'ys.a.b'},'spec':{'group':'a.b','scope':'Cluster','names':{'plural':'ys','kind':'Y'},"
    "'versions':[{'name':'v1','served':true,'storage':true}]}}",
    422,
    "CustomResourceDefinition.apiextensions.k8s.io \"ys.a.b\" is invalid: "
    "spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required");
}

/* A definition of v1beta1, as the seed's era has them. */
static void
test_old_definition (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = test_objects_create (
    fixture,
    "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1beta1','metadata':{"
    "'name':'ys.a.b'},'spec':{'group':'a.b','version':'v1alpha3','scope':'Namespaced','names':{"
    "'plural':'ys','kind':'Y'},'additionalPrinterColumns':[{'name':'Hosts','type':'string',"
    "'JSONPath':'.spec.hosts'}]}}",
    &error);
  PracticeResource *resource;
  const PracticeVersion *version;
  g_autoptr (JsonNode) beta = NULL;

  g_assert_no_error (error);
  test_json_assert_equal (base_json_get (stored, "spec", "versions", NULL),
                          "[{'name':'v1alpha3','served':true,'storage':true,"
                          "'additionalPrinterColumns':[{'name':'Hosts','type':'string','jsonPath':"
                          "'.spec.hosts'}]}]");
  g_assert_nonnull (practice_registry_find (fixture->registry, "a.b", "v1alpha3", "ys", &version));
  resource = practice_registry_find (fixture->registry, "apiextensions.k8s.io", "v1beta1",
                                     "customresourcedefinitions", &version);
  beta = practice_resource_from_storage (resource, version, stored);
  g_assert_cmpstr (base_json_get_string (beta, "spec", "version", NULL), ==, "v1alpha3");
  test_json_assert_equal (base_json_get (beta, "spec", "additionalPrinterColumns", NULL),
                          "[{'name':'Hosts','type':'string','JSONPath':'.spec.hosts'}]");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/objects/" path, TestObjects, NULL, test_objects_set_up, function,         \
              test_objects_tear_down)
  ADD ("pod-defaults", test_pod_defaults);
  ADD ("container-defaults", test_container_defaults);
  ADD ("other-defaults", test_other_defaults);
  ADD ("service-addresses", test_service_addresses);
  ADD ("service-types", test_service_types);
  ADD ("reserved-node-ports", test_reserved_node_ports);
  ADD ("refusals", test_refusals);
  ADD ("exists", test_exists);
  ADD ("generate-name", test_generate_name);
  ADD ("update", test_update);
  ADD ("status-part", test_status_part);
  ADD ("generation", test_generation);
  ADD ("ingress-versions", test_ingress_versions);
  ADD ("deletion", test_deletion);
  ADD ("finalizers", test_finalizers);
  ADD ("protected-namespace", test_protected_namespace);
  ADD ("custom", test_custom);
  ADD ("custom-schema", test_custom_schema);
  ADD ("definition-refusals", test_definition_refusals);
  ADD ("old-definition", test_old_definition);
#undef ADD

  return g_test_run ();
}
