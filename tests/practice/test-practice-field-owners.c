/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-field-owners.h"
#include "practice-handler.h"
#include "practice-patch.h"
#include "test-cluster-objects.h"

#define DEPLOYMENTS "/apis/apps/v1/namespaces/default/deployments"
#define SERVICES "/api/v1/namespaces/default/services"

#define TEMPLATE                                                                                   \
  "'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{"      \
  "'containers':[{'name':'c','image':'x'}]}}"
#define DEPLOYMENT(spec)                                                                           \
  "{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':'d'},'spec':{" spec "}}"
#define SERVICE(metadata, spec)                                                                    \
  "{'kind':'Service','apiVersion':'v1','metadata':{'name':'s'" metadata "},'spec':{" spec "}}"

static JsonNode *
send (TestObjects *fixture,
      const char *method,
      const char *path,
      const char *query,
      const char *content_type,
      const char *body,
      GError **error)
{
  g_autoptr (PracticeRequest) request =
    practice_request_new (method, path, query, "application/json", content_type);
  g_autofree char *text = g_strdelimit (g_strdup (body), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (PracticeAnswer) answer = NULL;

  g_assert_nonnull (request);
  answer = practice_handler_handle (fixture->objects, request, bytes, error);
  if (answer == NULL)
    return NULL;
  return base_json_parse (g_bytes_get_data (answer->body->pdata[0], NULL),
                          (gssize)g_bytes_get_size (answer->body->pdata[0]), error);
}

static JsonNode *
apply (TestObjects *fixture, const char *path, const char *query, const char *body, GError **error)
{
  return send (fixture, "PATCH", path, query, PRACTICE_PATCH_APPLY, body, error);
}

static void
must_apply (TestObjects *fixture, const char *path, const char *query, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = apply (fixture, path, query, body, &error);

  g_assert_no_error (error);
  g_assert_nonnull (object);
}

static void
must_create (TestObjects *fixture, const char *path, const char *query, const char *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object =
    send (fixture, "POST", path, query, "application/json", body, &error);

  g_assert_no_error (error);
}

static JsonNode *
get (TestObjects *fixture, const char *store_name, const char *name)
{
  return practice_store_get (fixture->store, store_name, "default", name);
}

/* (nullable): what the manager owns. */
static JsonNode *
find_fields (JsonNode *object, const char *manager, const char *operation)
{
  JsonArray *array = base_json_get_array (object, "metadata", "managedFields", NULL);

  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *entry = json_array_get_element (array, i);

    if (g_strcmp0 (base_json_get_string (entry, "manager", NULL), manager) == 0 &&
        g_strcmp0 (base_json_get_string (entry, "operation", NULL), operation) == 0)
      return base_json_get (entry, "fieldsV1", NULL);
  }
  return NULL;
}

static void
test_conflict (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) status = NULL;
  const char *three = DEPLOYMENT ("'replicas':3," TEMPLATE);

  must_create (fixture, DEPLOYMENTS, "fieldManager=kubectl-create",
               DEPLOYMENT ("'replicas':2," TEMPLATE));
  g_assert_null (apply (fixture, DEPLOYMENTS "/d", "fieldManager=me", three, &error));
  g_assert_cmpstr (error->message, ==,
                   "Apply failed with 1 conflict: conflict with \"kubectl-create\" using apps/v1: "
                   ".spec.replicas");
  status = practice_status_dup_node (error);
  test_json_assert_equal (
    base_json_get (status, "details", NULL),
    "{'causes':[{'reason':'FieldManagerConflict','message':'conflict with \\'kubectl-create\\' "
    "using apps/v1','field':'.spec.replicas'}]}");
  g_assert_cmpint (
    base_json_get_int (get (fixture, "apps/deployments", "d"), 0, "spec", "replicas", NULL), ==, 2);

  must_apply (fixture, DEPLOYMENTS "/d", "fieldManager=me&force=true", three);
  g_assert_cmpint (
    base_json_get_int (get (fixture, "apps/deployments", "d"), 0, "spec", "replicas", NULL), ==, 3);
  test_json_assert_equal (
    find_fields (get (fixture, "apps/deployments", "d"), "me", "Apply"),
    "{'f:spec':{'f:replicas':{},'f:selector':{},'f:template':{'f:metadata':{'f:labels':{'f:a':{}}},"
    "'f:spec':{'f:containers':{'k:{\\'name\\':\\'c\\'}':{'.':{},'f:image':{},'f:name':{}}}}}}}");
  g_assert_null (
    base_json_get (find_fields (get (fixture, "apps/deployments", "d"), "kubectl-create", "Update"),
                   "f:spec", "f:replicas", NULL));
}

/* Another's conflicts are told manager by manager. */
static void
test_many_conflicts (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  must_apply (fixture, SERVICES "/s", "fieldManager=one",
              SERVICE (",'labels':{'x':'1'}", "'ports':[{'port':80,'name':'web'}]"));
  must_apply (fixture, SERVICES "/s", "fieldManager=two", SERVICE (",'labels':{'y':'1'}", ""));
  g_assert_null (apply (
    fixture, SERVICES "/s", "fieldManager=three",
    SERVICE (",'labels':{'x':'2','y':'2'}", "'ports':[{'port':80,'name':'other'}]"), &error));
  g_assert_cmpstr (error->message, ==,
                   "Apply failed with 3 conflicts: conflicts with \"one\":\n"
                   "- .metadata.labels.x\n"
                   "- .spec.ports[port=80,protocol=\"TCP\"].name\n"
                   "conflicts with \"two\":\n"
                   "- .metadata.labels.y");
}

/* What a manager does not apply any more goes, unless another owns it. */
static void
test_prune (TestObjects *fixture, gconstpointer data)
{
  must_apply (fixture, SERVICES "/s", "fieldManager=one",
              SERVICE (",'labels':{'x':'1','y':'1'}",
                       "'ports':[{'port':80,'name':'a'},{'port':81,'name':'b'}]"));
  must_apply (fixture, SERVICES "/s", "fieldManager=two", SERVICE (",'labels':{'y':'1'}", ""));
  must_apply (fixture, SERVICES "/s", "fieldManager=one",
              SERVICE ("", "'ports':[{'port':81,'name':'b'}]"));
  test_json_assert_equal (
    base_json_get (get (fixture, "/services", "s"), "metadata", "labels", NULL), "{'y':'1'}");
  g_assert_cmpuint (json_array_get_length (
                      base_json_get_array (get (fixture, "/services", "s"), "spec", "ports", NULL)),
                    ==, 1);
}

/* The same again changes nothing. */
static void
test_again (TestObjects *fixture, gconstpointer data)
{
  const char *body = DEPLOYMENT ("'replicas':2," TEMPLATE);
  g_autofree char *version = NULL;

  must_apply (fixture, DEPLOYMENTS "/d", "fieldManager=me", body);
  version = g_strdup (base_json_get_string (get (fixture, "apps/deployments", "d"), "metadata",
                                            "resourceVersion", NULL));
  must_apply (fixture, DEPLOYMENTS "/d", "fieldManager=me", body);
  g_assert_cmpstr (version, ==,
                   base_json_get_string (get (fixture, "apps/deployments", "d"), "metadata",
                                         "resourceVersion", NULL));
}

/* What "kubectl apply" noted on the client's side is no conflict for "--server-side". */
static void
test_last_applied (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) object = test_json (SERVICE ("", "'ports':[{'port':80,'name':'a'}]"));
  g_autofree char *text = base_json_write (object, FALSE);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;
  JsonObject *annotations = json_object_new ();
  g_autoptr (JsonNode) stored = NULL;

  json_object_set_string_member (annotations, "kubectl.kubernetes.io/last-applied-configuration",
                                 text);
  json_object_set_object_member (base_json_get_object (object, "metadata", NULL), "annotations",
                                 annotations);
  {
    g_autoptr (PracticeRequest) request = practice_request_new (
      "POST", SERVICES, "fieldManager=kubectl-client-side-apply", NULL, "application/json");
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (PracticeAnswer) answer = NULL;

    body = base_json_write (object, FALSE);
    bytes = g_bytes_new (body, strlen (body));
    answer = practice_handler_handle (fixture->objects, request, bytes, &error);
    g_assert_no_error (error);
  }
  must_apply (fixture, SERVICES "/s", "fieldManager=kubectl",
              SERVICE ("", "'ports':[{'port':80,'name':'b'}]"));
  g_assert_null (apply (fixture, SERVICES "/s", "fieldManager=else",
                        SERVICE ("", "'ports':[{'port':80,'name':'c'}]"), &error));
  g_assert_cmpstr (error->message, ==,
                   "Apply failed with 1 conflict: conflict with \"kubectl\": "
                   ".spec.ports[port=80,protocol=\"TCP\"].name");
}

static void
test_bad (TestObjects *fixture, gconstpointer data)
{
  static const struct {
    const char *query;
    const char *body;
    guint code;
    const char *message;
  } cases[] = {
    { "", SERVICE ("", ""), 422,
      "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for "
      "apply patch" },
    { "fieldManager=a", SERVICE ("", "'foo':1"), 500,
      "failed to create typed patch object: .spec.foo: field not declared in schema" },
    { "fieldManager=a", "{'kind':'Service','apiVersion':'v2'}", 400,
      "Incorrect version specified in apply patch. Specified patch version: v2, expected: v1" },
    { "fieldManager=a", SERVICE (",'managedFields':[]", ""), 400,
      "metadata.managedFields must be nil" },
    { "fieldManager=a", "[1", 400, NULL },
    { "fieldManager=a", SERVICE ("", "'ports':[{'name':'x'}]"), 500,
      "failed to create typed patch object: .spec.ports: element 0: associative list with keys has "
      "an element that omits key field 'port' (and doesn't have default value)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (apply (fixture, SERVICES "/s", cases[i].query, cases[i].body, &error));
    g_assert_cmpuint (practice_status_get_code (error), ==, cases[i].code);
    if (cases[i].message != NULL) {
      g_autofree char *plain = g_strdelimit (g_strdup (error->message), "\"", '\'');
      g_autofree char *wanted = g_strdelimit (g_strdup (cases[i].message), "\"", '\'');

      g_assert_cmpstr (plain, ==, wanted);
    }
  }
  g_assert_null (get (fixture, "/services", "s"));
}

/* A client that clears the list, or writes it itself. */
static void
test_given (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) reset = NULL;

  must_create (fixture, SERVICES, "fieldManager=me", SERVICE ("", "'ports':[{'port':80}]"));
  g_assert_nonnull (find_fields (get (fixture, "/services", "s"), "me", "Update"));
  reset = send (fixture, "PATCH", SERVICES "/s", "fieldManager=me", "application/merge-patch+json",
                "{'metadata':{'managedFields':[{}]}}", &error);
  g_assert_no_error (error);
  g_assert_null (
    base_json_get (get (fixture, "/services", "s"), "metadata", "managedFields", NULL));
  /* Owners are noted again from the next apply on. */
  must_apply (fixture, SERVICES "/s", "fieldManager=me", SERVICE (",'labels':{'a':'b'}", ""));
  g_assert_nonnull (find_fields (get (fixture, "/services", "s"), "before-first-apply", "Update"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function)                                                                       \
  g_test_add ("/practice/field-owners/" path, TestObjects, NULL, test_objects_set_up, function,    \
              test_objects_tear_down)
  TEST ("conflict", test_conflict);
  TEST ("many-conflicts", test_many_conflicts);
  TEST ("prune", test_prune);
  TEST ("again", test_again);
  TEST ("last-applied", test_last_applied);
  TEST ("bad", test_bad);
  TEST ("given", test_given);
#undef TEST
  return g_test_run ();
}
