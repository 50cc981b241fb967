/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "course-condition.h"
#include "kube-error.h"
#include "lab-fixture.h"
#include "test-wait.h"

#define WAIT 15

static const char *const SECTIONS[] = { "---\nid: one\ntitle: One\n---\n# One\n\n"
                                        "```bash {id=look}\necho look\n```\n",
                                        NULL };

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_set_up (fixture, SECTIONS);
}

static void
tear_down (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_tear_down (fixture);
}

typedef struct {
  SessionResource *resource;
  KubeListState state;
} ListWait;

static gboolean
has_list_state (gpointer data)
{
  ListWait *wait = data;

  return session_resource_get_state (wait->resource) == wait->state;
}

static void
wait_list (SessionResource *resource, KubeListState state)
{
  ListWait wait = { resource, state };

  test_wait_until (has_list_state, &wait, WAIT, "a state of the list");
}

static gboolean
has_row (gpointer data)
{
  return g_list_model_get_n_items (data) > 0;
}

static gboolean
has_two_rows (gpointer data)
{
  return g_list_model_get_n_items (data) == 2;
}

/* Replays "items-changed" and compares: whoever binds to the list sees the same. */
static void
items_changed_cb (GListModel *list, guint position, guint removed, guint added, GPtrArray *shadow)
{
  g_ptr_array_remove_range (shadow, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (shadow, position + i, g_list_model_get_item (list, position + i));
  g_assert_cmpuint (shadow->len, ==, g_list_model_get_n_items (list));
  for (guint i = 0; i < shadow->len; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (list, i);

    g_assert_true (item == g_ptr_array_index (shadow, i));
  }
}

static void
test_connect (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;
  CourseFacts facts = { NULL };

  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_OFFLINE);
  g_assert_null (session_lab_get_client (fixture->lab));
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_ONLINE);
  g_assert_nonnull (session_lab_get_client (fixture->lab));
  g_assert_null (session_lab_get_error (fixture->lab));
  g_object_get (fixture->lab, "server-version", &version, NULL);
  g_assert_cmpstr (version, ==, "v1.15.2");
  session_lab_get_facts (fixture->lab, &facts);
  g_assert_cmpstr (facts.kubernetes, ==, "v1.15.2");
  g_assert_null (facts.istio);
  g_assert_true (g_strv_contains (facts.apis, "v1"));
  g_assert_false (g_strv_contains (facts.apis, "networking.istio.io/v1alpha3"));
  g_assert_cmpstr (facts.place, ==, "ssh");
}

static void
test_resource (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "po");
  g_autoptr (GPtrArray) shadow = g_ptr_array_new_with_free_func (g_object_unref);

  g_assert_true (pods == session_lab_get_resource (fixture->lab, "pods"));
  g_assert_null (session_lab_get_resource (fixture->lab, "unicorns"));
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_IDLE);
  g_signal_connect (pods, "items-changed", G_CALLBACK (items_changed_cb), shadow);

  /* Bound before there is a connection; watched only while it is held. */
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_connect (fixture, NULL);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_IDLE);
  session_resource_hold (pods);
  wait_list (pods, KUBE_LIST_LIVE);
  g_assert_cmpuint (shadow->len, ==, 1);
  g_assert_nonnull (session_resource_find (pods, "default", "redis"));
  lab_fixture_put_pod (fixture, "another", "Pending");
  test_wait_until (has_two_rows, pods, WAIT, "the second pod");
  session_resource_release (pods);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_IDLE);
  g_signal_handlers_disconnect_by_data (pods, shadow);
}

/* A program looks at more than it did when it hears that it may. */
static void
ask_for_more_cb (SessionResource *resource, GParamSpec *pspec, SessionLab *lab)
{
  static const char *const names[] = { "services", "deployments", "replicasets", "endpoints" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_nonnull (session_lab_get_resource (lab, names[i]));
}

static void
test_resource_on_the_way (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  SessionResource *services = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (pods, "notify::state", G_CALLBACK (ask_for_more_cb), fixture->lab);
  session_resource_hold (pods);
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  wait_list (pods, KUBE_LIST_LIVE);
  services = session_lab_get_resource (fixture->lab, "services");
  session_resource_hold (services);
  wait_list (services, KUBE_LIST_LIVE);
  session_resource_release (services);
  session_resource_release (pods);
  g_signal_handlers_disconnect_by_data (pods, fixture->lab);
}

static void
test_lost_and_back (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  g_autoptr (GPtrArray) shadow = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (KubeClient) client = NULL;
  g_autoptr (KubeObject) kept = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (pods, "items-changed", G_CALLBACK (items_changed_cb), shadow);
  session_resource_hold (pods);
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  wait_list (pods, KUBE_LIST_LIVE);
  kept = g_object_ref (session_resource_find (pods, "default", "redis"));
  client = g_object_ref (session_lab_get_client (fixture->lab));

  fake_place_lose (fixture->place);
  lab_fixture_wait_state (fixture, SESSION_LAB_OFFLINE);
  g_assert_error (session_lab_get_error (fixture->lab), JUMP_ERROR, JUMP_ERROR_DENIED);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_STALE);
  g_assert_nonnull (session_resource_get_error (pods));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pods)), ==, 1);
  lab_fixture_put_pod (fixture, "meanwhile", "Running");

  /* The place comes back: by itself, or by its user, which is the same to us. */
  jump_place_connect_async (JUMP_PLACE (fixture->place), NULL, NULL, NULL);
  lab_fixture_wait_state (fixture, SESSION_LAB_ONLINE);
  wait_list (pods, KUBE_LIST_LIVE);
  test_wait_until (has_two_rows, pods, WAIT, "the second pod");
  /* The same client, so the same rows. */
  g_assert_true (session_lab_get_client (fixture->lab) == client);
  g_assert_true (session_resource_find (pods, "default", "redis") == kept);
  g_signal_handlers_disconnect_by_data (pods, shadow);
  session_resource_release (pods);
}

/* Another kubeconfig is another client; the old rows stay until the new ones are there. */
static void
test_new_client (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  g_autoptr (GPtrArray) shadow = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (pods, "items-changed", G_CALLBACK (items_changed_cb), shadow);
  session_resource_hold (pods);
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_connect (fixture, NULL);
  wait_list (pods, KUBE_LIST_LIVE);

  session_lab_disconnect (fixture->lab);
  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_OFFLINE);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_STALE);
  fake_api_server_set_token (fixture->server, "token-number-two");
  lab_fixture_set_kubeconfig (fixture, "token: token-number-two");
  lab_fixture_put_pod (fixture, "second", "Running");
  lab_fixture_connect (fixture, NULL);
  g_assert_cmpuint (shadow->len, >=, 1);
  wait_list (pods, KUBE_LIST_LIVE);
  g_assert_cmpuint (shadow->len, ==, 2);
  g_signal_handlers_disconnect_by_data (pods, shadow);
  session_resource_release (pods);
}

/* The API server is not up yet, and then it is: nobody has to press a button. */
static void
test_server_late (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_api_server_stop (fixture->server);
  g_assert_false (lab_fixture_connect (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "tried again by itself"));
  fake_api_server_start (fixture->server);
  lab_fixture_wait_state (fixture, SESSION_LAB_ONLINE);
  g_assert_null (session_lab_get_error (fixture->lab));
}

/* The pods, and the definitions that Istio would come with. */
static gboolean
has_two_watches (gpointer data)
{
  return fake_api_server_count_watches (data, NULL) == 2;
}

static void
test_server_gone_and_back (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");

  session_resource_hold (pods);
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_connect (fixture, NULL);
  test_wait_until (has_row, pods, WAIT, "a pod");
  wait_list (pods, KUBE_LIST_LIVE);
  /* The fake server cannot stop while a connection is being set up. */
  test_wait_until (has_two_watches, fixture->server, WAIT, "both watches");
  fake_api_server_stop (fixture->server);
  wait_list (pods, KUBE_LIST_STALE);
  g_assert_nonnull (session_resource_get_error (pods));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (pods)), ==, 1);
  fake_api_server_start (fixture->server);
  wait_list (pods, KUBE_LIST_LIVE);
  session_resource_release (pods);
}

static void
test_refused (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) failure = g_error_new_literal (JUMP_ERROR, JUMP_ERROR_DENIED, "No key fits.");
  g_autoptr (GError) error = NULL;

  fake_place_set_failure (fixture->place, failure);
  g_assert_false (lab_fixture_connect (fixture, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_DENIED);
  g_assert_error (session_lab_get_error (fixture->lab), JUMP_ERROR, JUMP_ERROR_DENIED);
  g_clear_error (&error);
  fake_place_set_failure (fixture->place, NULL);
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
}

/* Two callers share an attempt; leaving ends it for both. */
static void
test_disconnect_while_connecting (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  session_lab_connect_async (fixture->lab, NULL, test_wait_keep_result, &first);
  session_lab_connect_async (fixture->lab, NULL, test_wait_keep_result, &second);
  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_CONNECTING);
  session_lab_disconnect (fixture->lab);
  test_wait_for_pointer (&first, WAIT, "the first caller");
  test_wait_for_pointer (&second, WAIT, "the second caller");
  g_assert_false (session_lab_connect_finish (fixture->lab, first, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED);
  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_OFFLINE);
  g_clear_error (&error);
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
}

static gboolean
knows_istio (gpointer data)
{
  CourseFacts facts = { NULL };

  session_lab_get_facts (data, &facts);
  return g_strcmp0 (facts.istio, "1.3.3") == 0;
}

static void
count_cb (SessionLab *lab, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

/* Istio comes to a cluster that is looked at: its definitions, then its pods. */
static void
test_istio_comes (LabFixture *fixture, gconstpointer data)
{
  SessionResource *services = session_lab_get_resource (fixture->lab, "virtualservices");
  CourseFacts facts = { NULL };
  guint n_heard = 0;

  session_resource_hold (services);
  lab_fixture_connect (fixture, NULL);
  wait_list (services, KUBE_LIST_ABSENT);
  g_signal_connect (fixture->lab, "notify::apis", G_CALLBACK (count_cb), &n_heard);

  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  fake_api_server_put (fixture->server,
                       "{\"apiVersion\":\"apiextensions.k8s.io/v1beta1\","
                       "\"kind\":\"CustomResourceDefinition\","
                       "\"metadata\":{\"name\":\"virtualservices.networking.istio.io\"}}");
  wait_list (services, KUBE_LIST_LIVE);
  fake_api_server_put (fixture->server,
                       "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"pilot-1\","
                       "\"namespace\":\"istio-system\",\"labels\":{\"istio\":\"pilot\"}},\"spec\":"
                       "{\"containers\":[{\"name\":\"discovery\",\"image\":"
                       "\"docker.io/istio/pilot:1.3.3\"}]}}");
  test_wait_until (knows_istio, fixture->lab, WAIT, "Istio's version");
  /* Whoever shows forms has heard of what is served now. */
  g_assert_cmpuint (n_heard, >, 0);
  session_lab_get_facts (fixture->lab, &facts);
  g_assert_true (g_strv_contains (facts.apis, "networking.istio.io/v1alpha3"));
  g_assert_cmpint (course_condition_evaluate ("api=networking.istio.io/v1alpha3", &facts), ==,
                   COURSE_CONDITION_TRUE);
  g_signal_handlers_disconnect_by_data (fixture->lab, &n_heard);
  session_resource_release (services);
}

static void
test_exec_plugin (LabFixture *fixture, gconstpointer data)
{
  g_autofree char *plugin = g_build_filename (fake_place_get_home (fixture->place), "plugin", NULL);
  g_autofree char *user = g_strdup_printf (
    "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: '%s'}", plugin);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (plugin,
                       "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\","
                       "\"kind\":\"ExecCredential\",\"status\":{\"token\":\"" FAKE_TOKEN "\"}}'\n",
                       -1, &error);
  g_assert_no_error (error);
  g_chmod (plugin, 0700);
  lab_fixture_set_kubeconfig (fixture, user);
  g_assert_false (lab_fixture_connect (fixture, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_EXEC_NOT_APPROVED);
  g_assert_cmpstr (session_lab_get_exec_argv (fixture->lab)[0], ==, plugin);
  session_lab_approve_exec (fixture->lab);
  lab_fixture_wait_state (fixture, SESSION_LAB_ONLINE);
  g_assert_null (session_lab_get_exec_argv (fixture->lab));
}

/* Nobody waits for the end, and nobody holds the lab. */
static void
test_dropped (void)
{
  LabFixture fixture = { NULL };

  lab_fixture_set_up (&fixture, SECTIONS);
  session_lab_connect_async (fixture.lab, NULL, NULL, NULL);
  lab_fixture_tear_down (&fixture);
}

static gboolean
has_trouble (gpointer lab)
{
  return session_lab_get_trouble (lab) != NULL;
}

static gboolean
has_no_trouble (gpointer lab)
{
  return session_lab_get_trouble (lab) == NULL;
}

/* A server that goes away is said once, with what happens next; and no more when it is back. */
static void
test_trouble (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  SessionResource *services = session_lab_get_resource (fixture->lab, "services");

  lab_fixture_connect (fixture, NULL);
  session_resource_hold (pods);
  session_resource_hold (services);
  wait_list (pods, KUBE_LIST_LIVE);
  wait_list (services, KUBE_LIST_LIVE);
  g_assert_null (session_lab_get_trouble (fixture->lab));

  fake_api_server_stop (fixture->server);
  test_wait_until (has_trouble, fixture->lab, WAIT, "the trouble to be known");
  g_assert_cmpint (session_lab_get_state (fixture->lab), ==, SESSION_LAB_ONLINE);
  g_assert_error (session_lab_get_trouble (fixture->lab), KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (session_lab_get_trouble (fixture->lab)->message, "tried again"));

  fake_api_server_start (fixture->server);
  test_wait_until (has_no_trouble, fixture->lab, WAIT, "the trouble to be over");
  wait_list (pods, KUBE_LIST_LIVE);
  session_resource_release (pods);
  session_resource_release (services);
}

/* Credentials that were good are not any more: nothing goes on by itself, so that it is offline,
 * and connecting again is enough once they are mended. */
static void
test_revoked (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  g_autoptr (GError) error = NULL;

  lab_fixture_connect (fixture, NULL);
  session_resource_hold (pods);
  wait_list (pods, KUBE_LIST_LIVE);

  fake_api_server_set_token (fixture->server, "another");
  fake_api_server_stop (fixture->server);
  fake_api_server_start (fixture->server);
  lab_fixture_wait_state (fixture, SESSION_LAB_OFFLINE);
  g_assert_error (session_lab_get_error (fixture->lab), KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_null (session_lab_get_trouble (fixture->lab));
  g_assert_null (strstr (session_lab_get_error (fixture->lab)->message, FAKE_TOKEN));

  fake_api_server_set_token (fixture->server, FAKE_TOKEN);
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  wait_list (pods, KUBE_LIST_LIVE);
  session_resource_release (pods);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (LabFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/lab/connect", test_connect },
    { "/session/lab/resource", test_resource },
    { "/session/lab/resource-on-the-way", test_resource_on_the_way },
    { "/session/lab/lost-and-back", test_lost_and_back },
    { "/session/lab/new-client", test_new_client },
    { "/session/lab/server-late", test_server_late },
    { "/session/lab/server-gone-and-back", test_server_gone_and_back },
    { "/session/lab/refused", test_refused },
    { "/session/lab/disconnect-while-connecting", test_disconnect_while_connecting },
    { "/session/lab/istio-comes", test_istio_comes },
    { "/session/lab/exec-plugin", test_exec_plugin },
    { "/session/lab/trouble", test_trouble },
    { "/session/lab/revoked", test_revoked },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, LabFixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/session/lab/dropped", test_dropped);
  return g_test_run ();
}
