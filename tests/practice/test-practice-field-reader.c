/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-field-reader.h"
#include "test-json.h"

static char *
read_as (const char *type, const char *text, JsonNode **node, GError **error)
{
  g_autoptr (PracticeSchema) schema = practice_schema_new ();
  g_autoptr (GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);

  *node = test_json (text);
  if (!practice_field_reader_read (practice_schema_get (schema, type), *node, unknown, error))
    return NULL;
  g_ptr_array_add (unknown, NULL);
  return g_strjoinv (",", (GStrv)unknown->pdata);
}

static void
check (const char *type, const char *text, const char *expected, const char *unknown)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = read_as (type, text, &node, &error);

  g_assert_no_error (error);
  test_json_assert_equal (node, expected);
  g_assert_cmpstr (found, ==, unknown);
}

static void
test_unknown (void)
{
  check ("Pod", "{'kind':'Pod','apiVersion':'v1','spec':{'containers':[{'name':'a','imag':'x'}]}}",
         "{'kind':'Pod','apiVersion':'v1','spec':{'containers':[{'name':'a'}]}}",
         "spec.containers[0].imag");
  check ("Deployment",
         "{'foo':1,'spec':{'template':{'spec':{'volumes':[{'name':'v','nfs':{'x':1}}]}}}}",
         "{'spec':{'template':{'spec':{'volumes':[{'name':'v','nfs':{}}]}}}}",
         "foo,spec.template.spec.volumes[0].nfs.x");
  check ("ConfigMap", "{'data':{'any.key':'v'}}", "{'data':{'any.key':'v'}}", "");
}

/* What Go leaves out goes; what says something stays. */
static void
test_empty (void)
{
  check ("Pod",
         "{'metadata':{'creationTimestamp':null,'labels':{},'name':'x'},'status':{},"
         "'spec':{'hostNetwork':false,'volumes':[],'containers':[{'name':'a','env':[{'name':'E',"
         "'value':''}],'resources':{}}],'terminationGracePeriodSeconds':0}}",
         "{'metadata':{'name':'x'},'status':{},'spec':{'containers':[{'name':'a','env':[{'name':"
         "'E'}],'resources':{}}],'terminationGracePeriodSeconds':0}}",
         "");
  check ("Deployment", "{'spec':{'replicas':0,'minReadySeconds':0}}", "{'spec':{'replicas':0}}",
         "");
  /* As a NetworkPolicy with "from: []" comes back. */
  check ("NetworkPolicy", "{'spec':{'podSelector':{},'ingress':[{'from':[]}]}}",
         "{'spec':{'podSelector':{},'ingress':[{}]}}", "");
  check ("ConfigMap", "{'data':{'a':'','b':null}}", "{'data':{'a':'','b':''}}", "");
}

static void
check_error (const char *type, const char *text, const char *message)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = read_as (type, text, &node, &error);

  g_assert_null (found);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_wrong_types (void)
{
  check_error ("Deployment", "{'spec':{'replicas':'2'}}",
               "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of "
               "type int32");
  check_error ("Deployment", "{'spec':{'replicas':3000000000}}",
               "json: cannot unmarshal number into Go struct field DeploymentSpec.spec.replicas of "
               "type int32");
  check_error (
    "Pod", "{'spec':{'containers':[{'env':[{'name':'A','value':5}]}]}}",
    "json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value "
    "of type string");
  check_error (
    "Pod", "{'metadata':{'labels':{'a':true}}}",
    "json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type "
    "string");
  check_error (
    "Pod", "{'metadata':{'labels':['a']}}",
    "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type "
    "map[string]string");
  check_error ("Pod", "{'spec':{'containers':{'name':'a'}}}",
               "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type "
               "[]v1.Container");
  check_error ("Pod", "{'spec':[]}",
               "json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec");
  check_error ("Secret", "{'data':{'a':'not base64'}}", "illegal base64 data at input byte 3");
  check_error ("Pod", "{'spec':{'containers':[{'resources':{'limits':{'cpu':'much'}}}]}}",
               "quantities must match the regular expression "
               "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  check_error ("Pod", "{'metadata':{'deletionTimestamp':'soon'}}",
               "parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as "
               "\"2006\"");
}

static void
test_member (void)
{
  g_autoptr (PracticeSchema) schema = practice_schema_new ();
  const PracticeType *type = practice_schema_get (schema, "ObjectMeta");
  g_autoptr (JsonNode) node = test_json ("{'metadata':{'name':'x','foo':1},'spec':{'any':[1]}}");
  g_autoptr (JsonNode) none = test_json ("{'spec':1}");
  g_autoptr (JsonNode) bad = test_json ("{'metadata':'x'}");
  g_autoptr (GPtrArray) unknown = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (practice_field_reader_read_member (type, node, "metadata", unknown, &error));
  test_json_assert_equal (node, "{'metadata':{'name':'x'},'spec':{'any':[1]}}");
  g_assert_cmpuint (unknown->len, ==, 1);
  g_assert_cmpstr (unknown->pdata[0], ==, "metadata.foo");
  g_assert_true (practice_field_reader_read_member (type, none, "metadata", NULL, &error));
  g_assert_false (practice_field_reader_read_member (type, bad, "metadata", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/field-reader/unknown", test_unknown);
  g_test_add_func ("/practice/field-reader/empty", test_empty);
  g_test_add_func ("/practice/field-reader/wrong-types", test_wrong_types);
  g_test_add_func ("/practice/field-reader/member", test_member);

  return g_test_run ();
}
