/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-authorizer.h"
#include "practice-role-keeper.h"
#include "practice-tokens.h"
#include "test-cluster-objects.h"

static void
bind_view (TestObjects *fixture)
{
  test_objects_must_create (
    fixture, "{'kind':'RoleBinding','apiVersion':'rbac.authorization.k8s.io/v1','metadata':{"
             "'name':'b'},'roleRef':{'kind':'ClusterRole','name':'view'},'subjects':[{'kind':"
             "'ServiceAccount','name':'reader','namespace':'default'},{'kind':'User','name':"
             "'bob'},{'kind':'Group','name':'readers'}]}");
}

static PracticeRoleKeeper *
keep_roles (TestObjects *fixture)
{
  g_autoptr (GError) error = NULL;
  PracticeRoleKeeper *keeper = practice_role_keeper_new (fixture->store, &error);

  g_assert_no_error (error);
  return keeper;
}

static gboolean
may (TestObjects *fixture, const PracticeUser *user, const char *verb, const char *resource)
{
  g_auto (GStrv) parts = g_strsplit (resource, "/", 2);
  PracticeAccess access = { verb, "", parts[0], parts[1], "default" };

  return practice_authorizer_allows (fixture->store, user, &access);
}

static void
test_view (TestObjects *fixture, gconstpointer data)
{
  PracticeRoleKeeper *keeper = keep_roles (fixture);
  g_autoptr (PracticeUser) reader = practice_user_new_service_account ("default", "reader", NULL);
  g_autoptr (PracticeUser) bob = practice_user_new ("bob", NULL, NULL);
  g_autoptr (PracticeUser) eve = practice_user_new ("eve", NULL, NULL);
  g_autoptr (PracticeUser) admin = practice_user_new_admin ();
  PracticeAccess elsewhere = { "list", "", "pods", NULL, "kube-system" };
  PracticeAccess everywhere = { "list", "", "pods" };
  PracticeAccess version = { .verb = "get", .path = "/version" };
  PracticeAccess metrics = { .verb = "get", .path = "/metrics" };
  g_autofree char *refusal = NULL;
  g_autofree char *path_refusal = NULL;

  bind_view (fixture);
  g_assert_true (may (fixture, reader, "list", "pods"));
  g_assert_true (may (fixture, reader, "get", "pods/log"));
  g_assert_true (may (fixture, bob, "watch", "services"));
  g_assert_false (may (fixture, reader, "create", "pods"));
  g_assert_false (may (fixture, reader, "create", "pods/exec"));
  g_assert_false (may (fixture, reader, "get", "secrets"));
  g_assert_false (may (fixture, eve, "list", "pods"));
  g_assert_true (may (fixture, admin, "delete", "nodes"));
  g_assert_false (practice_authorizer_allows (fixture->store, reader, &elsewhere));
  g_assert_false (practice_authorizer_allows (fixture->store, reader, &everywhere));
  g_assert_true (practice_authorizer_allows (fixture->store, eve, &version));
  g_assert_false (practice_authorizer_allows (fixture->store, eve, &metrics));
  refusal = practice_authorizer_dup_refusal (reader, &elsewhere);
  g_assert_cmpstr (refusal, ==,
                   "User \"system:serviceaccount:default:reader\" cannot list resource \"pods\" in "
                   "API group \"\" in the namespace \"kube-system\"");
  path_refusal = practice_authorizer_dup_refusal (eve, &metrics);
  g_assert_cmpstr (path_refusal, ==, "User \"eve\" cannot get path \"/metrics\"");
  g_assert_finalize_object (keeper);
}

/* A role that says that it belongs to "view" does so at once. */
static void
test_aggregation (TestObjects *fixture, gconstpointer data)
{
  PracticeRoleKeeper *keeper = keep_roles (fixture);
  g_autoptr (PracticeUser) bob = practice_user_new ("bob", NULL, NULL);
  PracticeAccess access = { "get", "networking.istio.io", "gateways", NULL, "default" };

  bind_view (fixture);
  g_assert_false (practice_authorizer_allows (fixture->store, bob, &access));
  test_objects_must_create (
    fixture, "{'kind':'ClusterRole','apiVersion':'rbac.authorization.k8s.io/v1','metadata':{"
             "'name':'more','labels':{'rbac.authorization.k8s.io/aggregate-to-view':'true'}},"
             "'rules':[{'apiGroups':['networking.istio.io'],'resources':['*'],'verbs':['get']}]}");
  g_assert_true (practice_authorizer_allows (fixture->store, bob, &access));
  g_assert_finalize_object (keeper);
}

static void
test_tokens (TestObjects *fixture, gconstpointer data)
{
  g_autofree char *token = NULL;
  g_autofree char *bound = NULL;
  g_autofree char *end = NULL;
  g_autofree char *forged = NULL;
  g_autoptr (PracticeUser) user = NULL;
  JsonNode *account;

  test_objects_must_create (
    fixture, "{'kind':'ServiceAccount','apiVersion':'v1','metadata':{'name':'reader'}}");
  account = practice_store_get (fixture->store, "/serviceaccounts", "default", "reader");
  token = practice_tokens_new_for_time (fixture->store, account, 1, &end);
  user = practice_tokens_check (fixture->store, token);
  g_assert_nonnull (user);
  g_assert_cmpstr (user->name, ==, "system:serviceaccount:default:reader");
  g_assert_true (practice_user_is_in (user, "system:serviceaccounts:default"));
  g_assert_true (practice_user_is_in (user, "system:authenticated"));

  forged = g_strdup (token);
  forged[strlen (forged) / 2] ^= 1;
  g_assert_null (practice_tokens_check (fixture->store, forged));
  g_assert_null (practice_tokens_check (fixture->store, ""));
  g_assert_null (practice_tokens_check (fixture->store, "a.b"));
  g_assert_null (practice_tokens_check (fixture->store, "..."));
  g_assert_null (practice_tokens_check (fixture->store, "a.b.c"));

  /* One of a Secret ends with it. */
  bound = practice_tokens_new_for_secret (fixture->store, account, "s");
  g_assert_null (practice_tokens_check (fixture->store, bound));
  practice_store_delete (fixture->store, "/serviceaccounts", "default", "reader", NULL);
  g_assert_null (practice_tokens_check (fixture->store, token));
}

static void
test_bad_roles (TestObjects *fixture, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "{'kind':'Role','apiVersion':'rbac.authorization.k8s.io/v1','metadata':{'name':'r'},'rules':"
      "[{'verbs':[],'apiGroups':[''],'resources':['pods']}]}",
      "Role.rbac.authorization.k8s.io \"r\" is invalid: rules[0].verbs: Required value: verbs must "
      "contain at least one value" },
    { "{'kind':'RoleBinding','apiVersion':'rbac.authorization.k8s.io/v1','metadata':{'name':'r'},"
      "'roleRef':{'kind':'Rolle','name':'x'}}",
      "RoleBinding.rbac.authorization.k8s.io \"r\" is invalid: roleRef.kind: Unsupported value: "
      "\"Rolle\": supported values: \"Role\", \"ClusterRole\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (test_objects_create (fixture, cases[i][0], &error));
    g_assert_cmpstr (error->message, ==, cases[i][1]);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define TEST(path, function)                                                                       \
  g_test_add ("/practice/authorizer/" path, TestObjects, NULL, test_objects_set_up, function,      \
              test_objects_tear_down)
  TEST ("view", test_view);
  TEST ("aggregation", test_aggregation);
  TEST ("tokens", test_tokens);
  TEST ("bad-roles", test_bad_roles);
#undef TEST
  return g_test_run ();
}
