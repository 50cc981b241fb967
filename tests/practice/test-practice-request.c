/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-request.h"

#define TABLE "application/json;as=Table;v=v1;g=meta.k8s.io"
#define TABLE_BETA "application/json;as=Table;v=v1beta1;g=meta.k8s.io"

static void
test_paths (void)
{
  static const struct {
    const char *method, *path, *query;
    PracticeVerb verb;
    const char *group, *version, *plural, *namespace_, *name, *subresource;
  } cases[] = {
    { "GET", "/api/v1/pods", NULL, PRACTICE_VERB_LIST, "", "v1", "pods" },
    { "GET", "/api/v1/namespaces/a/pods/x", NULL, PRACTICE_VERB_GET, "", "v1", "pods", "a", "x" },
    { "GET", "/api/v1/namespaces", NULL, PRACTICE_VERB_LIST, "", "v1", "namespaces" },
    { "GET", "/api/v1/namespaces/a", NULL, PRACTICE_VERB_GET, "", "v1", "namespaces", NULL, "a" },
    { "PUT", "/api/v1/namespaces/a/status", NULL, PRACTICE_VERB_UPDATE, "", "v1", "namespaces",
      NULL, "a", "status" },
    { "GET", "/api/v1/namespaces/a/pods/", NULL, PRACTICE_VERB_LIST, "", "v1", "pods", "a" },
    { "POST", "/apis/apps/v1/namespaces/a/deployments", "dryRun=All", PRACTICE_VERB_CREATE, "apps",
      "v1", "deployments", "a" },
    { "PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", NULL, PRACTICE_VERB_PATCH, "apps",
      "v1", "deployments", "a", "d", "scale" },
    { "GET", "/apis/apps/v1/deployments", "watch=true", PRACTICE_VERB_WATCH, "apps", "v1",
      "deployments" },
    { "GET", "/apis/apps/v1/deployments", "watch=0", PRACTICE_VERB_LIST, "apps", "v1",
      "deployments" },
    { "DELETE", "/api/v1/nodes/n", NULL, PRACTICE_VERB_DELETE, "", "v1", "nodes", NULL, "n" },
    { "DELETE", "/api/v1/namespaces/a/pods", NULL, PRACTICE_VERB_DELETE_COLLECTION, "", "v1",
      "pods", "a" },
    { "GET", "/api/v1/nodes/a%2Db", NULL, PRACTICE_VERB_GET, "", "v1", "nodes", NULL, "a-b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PracticeRequest) request =
      practice_request_new (cases[i].method, cases[i].path, cases[i].query, NULL, NULL);

    g_test_message ("%s %s", cases[i].method, cases[i].path);
    g_assert_nonnull (request);
    g_assert_cmpint (request->verb, ==, cases[i].verb);
    g_assert_cmpstr (request->group, ==, cases[i].group);
    g_assert_cmpstr (request->version, ==, cases[i].version);
    g_assert_cmpstr (request->plural, ==, cases[i].plural);
    g_assert_cmpstr (request->namespace_, ==, cases[i].namespace_);
    g_assert_cmpstr (request->name, ==, cases[i].name);
    g_assert_cmpstr (request->subresource, ==, cases[i].subresource);
  }
}

static void
test_not_resources (void)
{
  static const struct {
    const char *method, *path;
  } cases[] = {
    { "GET", "/" },
    { "GET", "/api" },
    { "GET", "/api/v1" },
    { "GET", "/apis/apps/v1" },
    { "GET", "/version" },
    { "GET", "" },
    { "GET", "pods" },
    { "GET", "/api/v1/namespaces/a/pods/x/log/more" },
    { "GET", "/api/v1/namespaces//pods/x" },
    { "GET", "/api/v1/nodes/%zz" },
    { "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s" },
    { "PUT", "/api/v1/pods" },
    { "BREW", "/api/v1/pods" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s %s", cases[i].method, cases[i].path);
    g_assert_null (practice_request_new (cases[i].method, cases[i].path, NULL, NULL, NULL));
  }
}

static void
test_accept (void)
{
  static const struct {
    const char *accept;
    PracticeForm form;
    const char *version;
  } cases[] = {
    { NULL, PRACTICE_FORM_OBJECT, "v1" },
    { "application/json", PRACTICE_FORM_OBJECT, "v1" },
    { TABLE "," TABLE_BETA ",application/json", PRACTICE_FORM_TABLE, "v1" },
    { TABLE_BETA ", application/json", PRACTICE_FORM_TABLE, "v1beta1" },
    { "application/json," TABLE, PRACTICE_FORM_OBJECT, "v1" },
    { "application/vnd.kubernetes.protobuf,application/json", PRACTICE_FORM_OBJECT, "v1" },
    { "application/vnd.kubernetes.protobuf", PRACTICE_FORM_OBJECT, "v1" },
    { "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json",
      PRACTICE_FORM_METADATA, "v1" },
    { "application/json;as=Other;v=v1," TABLE_BETA, PRACTICE_FORM_TABLE, "v1beta1" },
    { ";;,,", PRACTICE_FORM_OBJECT, "v1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PracticeRequest) request =
      practice_request_new ("GET", "/api/v1/pods", NULL, cases[i].accept, NULL);

    g_test_message ("%s", cases[i].accept);
    g_assert_cmpint (request->form, ==, cases[i].form);
    g_assert_cmpstr (request->form_version, ==, cases[i].version);
  }
}

static void
test_query (void)
{
  g_autoptr (PracticeRequest) request = practice_request_new (
    "GET", "/api/v1/pods",
    "labelSelector=a%3Db%2Cc&limit=5&limit=6&flag&bad=x&empty=&allowWatchBookmarks=true", NULL,
    "application/json; charset=utf-8");

  g_assert_cmpstr (practice_request_get (request, "labelSelector"), ==, "a=b,c");
  g_assert_cmpint (practice_request_get_int (request, "limit", 0), ==, 5);
  g_assert_cmpint (practice_request_get_int (request, "bad", 7), ==, 7);
  g_assert_cmpint (practice_request_get_int (request, "missing", 7), ==, 7);
  g_assert_true (practice_request_get_boolean (request, "allowWatchBookmarks"));
  g_assert_true (practice_request_get_boolean (request, "empty"));
  g_assert_false (practice_request_get_boolean (request, "bad"));
  g_assert_false (practice_request_get_boolean (request, "missing"));
  g_assert_cmpstr (request->content_type, ==, "application/json");
  g_assert_cmpstr (practice_request_get_verb_name (request), ==, "list");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/request/paths", test_paths);
  g_test_add_func ("/practice/request/not-resources", test_not_resources);
  g_test_add_func ("/practice/request/accept", test_accept);
  g_test_add_func ("/practice/request/query", test_query);

  return g_test_run ();
}
