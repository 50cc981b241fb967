/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-table.h"
#include "test-cluster-objects.h"

static JsonNode *
make_table (TestObjects *fixture, const char *text, PracticeInclude include)
{
  g_autoptr (JsonNode) object = test_json (text);
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  PracticeTable table = { .form_version = "v1", .include = include };

  table.resource = test_objects_find_resource (fixture, object, &table.version);
  g_ptr_array_add (objects, object);
  return practice_table_new_node (&table, test_json ("{}"), objects, TRUE);
}

/* The cells of @text, and the names of those that the narrow table has. */
static void
check (TestObjects *fixture, const char *text, const char *narrow, const char *cells)
{
  g_autoptr (JsonNode) table = make_table (fixture, text, PRACTICE_INCLUDE_NONE);
  JsonArray *columns = base_json_get_array (table, "columnDefinitions", NULL);
  JsonNode *row = json_array_get_element (base_json_get_array (table, "rows", NULL), 0);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (columns); i++) {
    JsonNode *column = json_array_get_element (columns, i);

    if (base_json_get_int (column, 0, "priority", NULL) == 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "",
                              base_json_get_string (column, "name", NULL));
  }
  g_assert_cmpstr (names->str, ==, narrow);
  g_assert_cmpuint (json_array_get_length (columns), ==,
                    json_array_get_length (base_json_get_array (row, "cells", NULL)));
  test_json_assert_equal (base_json_get (row, "cells", NULL), cells);
}

#define POD(status)                                                                                \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p'},'spec':{'nodeName':'n','containers':[{" \
  "'name':'a'},{'name':'b'}],'initContainers':[{'name':'i'}]},'status':" status "}"
#define POD_COLUMNS "Name,Ready,Status,Restarts,Age"

static void
test_pods (TestObjects *fixture, gconstpointer data)
{
  check (fixture, POD ("{'phase':'Pending'}"), POD_COLUMNS,
         "['p','0/2','Pending',0,'<unknown>','<none>','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Running','podIP':'1.2.3.4','containerStatuses':[{'ready':true,"
              "'restartCount':2,'state':{'running':{}}},{'ready':true,'restartCount':1,'state':{"
              "'running':{}}}]}"),
         POD_COLUMNS, "['p','2/2','Running',3,'<unknown>','1.2.3.4','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Pending','containerStatuses':[{'ready':false,'restartCount':0,'state':{"
              "'waiting':{'reason':'ContainerCreating'}}}]}"),
         POD_COLUMNS,
         "['p','0/2','ContainerCreating',0,'<unknown>','<none>','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Running','containerStatuses':[{'ready':false,'restartCount':5,'state':{"
              "'waiting':{'reason':'CrashLoopBackOff'}}},{'ready':true,'restartCount':0,'state':{"
              "'running':{}}}]}"),
         POD_COLUMNS,
         "['p','1/2','CrashLoopBackOff',5,'<unknown>','<none>','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Succeeded','containerStatuses':[{'ready':false,'restartCount':0,'state':{"
              "'terminated':{'reason':'Completed','exitCode':0}}}]}"),
         POD_COLUMNS, "['p','0/2','Completed',0,'<unknown>','<none>','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Failed','containerStatuses':[{'ready':false,'restartCount':0,'state':{"
              "'terminated':{'exitCode':3}}}]}"),
         POD_COLUMNS, "['p','0/2','ExitCode:3',0,'<unknown>','<none>','n','<none>','<none>']");
  check (fixture,
         POD ("{'phase':'Pending','initContainerStatuses':[{'restartCount':1,'state':{'running':{}}"
              "}]}"),
         POD_COLUMNS, "['p','0/2','Init:0/1',1,'<unknown>','<none>','n','<none>','<none>']");
  check (
    fixture,
    POD ("{'phase':'Pending','initContainerStatuses':[{'restartCount':0,'state':{'terminated':{"
         "'reason':'Error','exitCode':1}}}]}"),
    POD_COLUMNS, "['p','0/2','Init:Error',0,'<unknown>','<none>','n','<none>','<none>']");
  check (
    fixture,
    "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p','deletionTimestamp':"
    "'2030-01-01T00:00:00Z'},'spec':{'containers':[{'name':'a'}]},'status':{'phase':'Running'}}",
    POD_COLUMNS, "['p','0/1','Terminating',0,'<unknown>','<none>','<none>','<none>','<none>']");
}

#define SERVICE(spec, status)                                                                      \
  "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'},'spec':" spec ",'status':" status "}"
#define SERVICE_COLUMNS "Name,Type,Cluster-IP,External-IP,Port(s),Age"

static void
test_services (TestObjects *fixture, gconstpointer data)
{
  check (fixture,
         SERVICE ("{'type':'LoadBalancer','clusterIP':'10.0.1.2','ports':[{'port':80,'nodePort':"
                  "30080,'protocol':'TCP'},{'port':53,'nodePort':30053,'protocol':'UDP'}],"
                  "'selector':{'b':'2','a':'1'}}",
                  "{'loadBalancer':{}}"),
         SERVICE_COLUMNS,
         "['s','LoadBalancer','10.0.1.2','<pending>','80:30080/TCP,53:30053/UDP','<unknown>',"
         "'a=1,b=2']");
  check (fixture,
         SERVICE ("{'type':'LoadBalancer','clusterIP':'10.0.1.2','ports':[{'port':6379,"
                  "'nodePort':31423}]}",
                  "{'loadBalancer':{'ingress':[{'hostname':"
                  "'a0e3fd0a52ea9447fa1b2b02e2a0f4d8-1234567890.us-west-2.elb.amazonaws.com'}]}}"),
         SERVICE_COLUMNS,
         "['s','LoadBalancer','10.0.1.2',"
         "'a0e3fd0a52ea9447fa1b2b02e2a0f4d8-1234567890.us-west-2.elb.amazonaws.com',"
         "'6379:31423/TCP','<unknown>','<none>']");
  check (fixture, SERVICE ("{'clusterIP':'None','ports':[]}", "{}"), SERVICE_COLUMNS,
         "['s','ClusterIP','None','<none>','<none>','<unknown>','<none>']");
  check (fixture, SERVICE ("{'type':'ExternalName','externalName':'x.y'}", "{}"), SERVICE_COLUMNS,
         "['s','ExternalName','<none>','x.y','<none>','<unknown>','<none>']");
}

static void
test_nodes (TestObjects *fixture, gconstpointer data)
{
  check (fixture,
         "{'kind':'Node','apiVersion':'v1','metadata':{'name':'n','labels':{"
         "'node-role.kubernetes.io/master':'','kubernetes.io/role':'a'}},'spec':{'unschedulable':"
         "true},'status':{'conditions':[{'type':'Ready','status':'True'}],'addresses':[{'type':"
         "'InternalIP','address':'10.0.0.9'}],'nodeInfo':{'kubeletVersion':'v1.15.2','osImage':"
         "'CentOS','kernelVersion':'3.10','containerRuntimeVersion':'containerd://1.2.6'}}}",
         "Name,Status,Roles,Age,Version",
         "['n','Ready,SchedulingDisabled','a,master','<unknown>','v1.15.2','10.0.0.9','<none>',"
         "'CentOS','3.10','containerd://1.2.6']");
  check (fixture, "{'kind':'Node','apiVersion':'v1','metadata':{'name':'n'}}",
         "Name,Status,Roles,Age,Version",
         "['n','Unknown','<none>','<unknown>','','<none>','<none>','<unknown>','<unknown>',"
         "'<unknown>']");
}

static void
test_others (TestObjects *fixture, gconstpointer data)
{
  check (fixture,
         "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{'replicas':3,"
         "'selector':{'matchLabels':{'a':'b'},'matchExpressions':[{'key':'k','operator':'In',"
         "'values':['x','y']}]},'template':{'spec':{'containers':[{'name':'c','image':'i'},{'name':"
         "'d','image':'j'}]}}},'status':{'readyReplicas':1,'updatedReplicas':2,"
         "'availableReplicas':1}}",
         "Name,Ready,Up-to-date,Available,Age",
         "['d','1/3',2,1,'<unknown>','c,d','i,j','a=b,k in (x,y)']");
  check (fixture,
         "{'kind':'Ingress','apiVersion':'networking.k8s.io/v1','metadata':{'name':'i'},'spec':{"
         "'tls':[{}],'rules':[{'host':'a','http':{}},{'host':'b','http':{}},{'host':'c','http':{}},"
         "{'host':'d','http':{}}]},'status':{'loadBalancer':{'ingress':[{'ip':'1.2.3.4'}]}}}",
         "Name,Class,Hosts,Address,Ports,Age",
         "['i','<none>','a,b,c + 1 more...','1.2.3.4','80, 443','<unknown>']");
  check (fixture,
         "{'kind':'Ingress','apiVersion':'networking.k8s.io/v1','metadata':{'name':'i'},'spec':{}}",
         "Name,Class,Hosts,Address,Ports,Age", "['i','<none>','*','','80','<unknown>']");
  check (fixture,
         "{'kind':'NetworkPolicy','apiVersion':'networking.k8s.io/v1','metadata':{'name':'n'},"
         "'spec':{'podSelector':{}}}",
         "Name,Pod-Selector,Age", "['n','<none>','<unknown>']");
  check (fixture,
         "{'kind':'Endpoints','apiVersion':'v1','metadata':{'name':'e'},'subsets':[{'addresses':[{"
         "'ip':'1.1.1.1'},{'ip':'1.1.1.2'}],'ports':[{'port':80},{'port':443}]}]}",
         "Name,Endpoints,Age", "['e','1.1.1.1:80,1.1.1.2:80,1.1.1.1:443 + 1 more...','<unknown>']");
  check (
    fixture,
    "{'kind':'Event','apiVersion':'v1','metadata':{'name':'ev'},'involvedObject':{'kind':'Pod',"
    "'name':'p'},'type':'Normal','reason':'Started','message':' hello\\n','source':{"
    "'component':'kubelet','host':'n'}}",
    "Last Seen,Type,Reason,Object,Message",
    "['<unknown>','Normal','Started','pod/p','','kubelet, n','hello','<unknown>','1','ev']");
  check (fixture, "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c'},'data':{'a':'b'}}",
         "Name,Data,Age", "['c',1,'<unknown>']");
}

static void
test_custom (TestObjects *fixture, gconstpointer data)
{
  test_objects_must_create (fixture, TEST_DEFINITION);
  check (fixture, TEST_CRONTAB, "Name,Image", "['c','x']");
  check (fixture,
         "{'kind':'CronTab','apiVersion':'stable.example.com/v1beta1','metadata':{'name':'c',"
         "'creationTimestamp':'2100-01-01T00:00:00Z'}}",
         "Name,Age", "['c','<invalid>']");
  /* A list is printed as a server of the time does. */
  check (fixture,
         "{'kind':'CronTab','apiVersion':'stable.example.com/v1','metadata':{'name':'c'},'spec':{"
         "'image':['a','b']}}",
         "Name,Image", "['c','[a b]']");
  check (fixture, "{'kind':'CronTab','apiVersion':'stable.example.com/v1','metadata':{'name':'c'}}",
         "Name,Image", "['c',null]");
}

static void
test_include (TestObjects *fixture, gconstpointer data)
{
  const char *text =
    "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c'},'data':{'a':'b'}}";
  g_autoptr (JsonNode) none = make_table (fixture, text, PRACTICE_INCLUDE_NONE);
  g_autoptr (JsonNode) metadata = make_table (fixture, text, PRACTICE_INCLUDE_METADATA);
  g_autoptr (JsonNode) object = make_table (fixture, text, PRACTICE_INCLUDE_OBJECT);
  JsonNode *row;

  row = json_array_get_element (base_json_get_array (none, "rows", NULL), 0);
  g_assert_null (base_json_get (row, "object", NULL));
  row = json_array_get_element (base_json_get_array (metadata, "rows", NULL), 0);
  test_json_assert_equal (base_json_get (row, "object", NULL),
                          "{'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1',"
                          "'metadata':{'name':'c'}}");
  row = json_array_get_element (base_json_get_array (object, "rows", NULL), 0);
  test_json_assert_equal (base_json_get (row, "object", NULL), text);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/table/" path, TestObjects, NULL, test_objects_set_up, function,           \
              test_objects_tear_down)
  ADD ("pods", test_pods);
  ADD ("services", test_services);
  ADD ("nodes", test_nodes);
  ADD ("others", test_others);
  ADD ("custom", test_custom);
  ADD ("include", test_include);
#undef ADD

  return g_test_run ();
}
