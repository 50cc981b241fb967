/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list.h"

#include <string.h>

#include "base-json.h"
#include "fake-client.h"
#include "kube-client-private.h"
#include "kube-error.h"
#include "model-checker.h"
#include "test-wait.h"

#define SECONDS 20

/* So short that a test does not wait, and so long that nothing comes by accident. */
static const KubeTimings timings = {
  .backoff_floor = 20,
  .backoff_ceiling = 100,
  .healthy = 60 * 1000,
  .answer = 2000,
  .silence = 60 * 1000,
  .probe = 1000,
  .watch = 300 * 1000,
  .frame = 16,
  .absent = 60 * 1000,
  .forbidden = 60 * 1000,
};

typedef struct {
  FakeApiServer *server;
  KubeClient *client;
  KubeList *list;
  ModelChecker *checker;
  guint n_updated;
  guint n_changed;
} Fixture;

static void
count (gpointer object, gpointer data)
{
  (*(guint *)data)++;
}

static void
use_list (Fixture *fixture, const char *plural, const char *namespace_, const char *label_selector)
{
  fixture->list =
    kube_list_new (fixture->client, kube_kind_lookup (plural), namespace_, label_selector);
  fixture->checker = model_checker_new (G_LIST_MODEL (fixture->list));
  g_signal_connect (fixture->list, "updated", G_CALLBACK (count), &fixture->n_updated);
}

static void
use_client (Fixture *fixture, const char *user, const KubeTimings *used)
{
  fixture->client = fake_client_new (fixture->server, NULL, user);
  kube_client_set_timings (fixture->client, used);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  use_client (fixture, NULL, &timings);
}

/* What is under way ends when the main loop runs; then nothing is left. */
static gboolean
is_last_reference (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->checker != NULL)
    g_assert_finalize_object (fixture->checker);
  if (fixture->list != NULL)
    g_assert_finalize_object (fixture->list);
  test_wait_until (is_last_reference, fixture->client, 5, "the client to be alone");
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->server);
}

typedef struct {
  KubeList *list;
  KubeListState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return kube_list_get_state (wait->list) == wait->state;
}

static void
wait_for_state (Fixture *fixture, KubeListState state)
{
  StateWait wait = { fixture->list, state };
  g_autofree char *what = g_enum_to_string (KUBE_TYPE_LIST_STATE, (int)state);

  test_wait_until (has_state, &wait, SECONDS, what);
}

typedef struct {
  KubeList *list;
  const char *names;
} NamesWait;

static char *
dup_names (KubeList *list)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (list), i);

    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", kube_object_get_name (object));
  }
  return g_string_free (names, FALSE);
}

static gboolean
has_names (gpointer data)
{
  NamesWait *wait = data;
  g_autofree char *names = dup_names (wait->list);

  return g_str_equal (names, wait->names);
}

static void
wait_for_names (Fixture *fixture, const char *names)
{
  NamesWait wait = { fixture->list, names };

  test_wait_until (has_names, &wait, SECONDS, names);
}

static void
start (Fixture *fixture, const char *plural)
{
  use_list (fixture, plural, NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
}

static void
put (Fixture *fixture, const char *name)
{
  fake_api_server_put_new (fixture->server, "pods", "default", name);
}

typedef struct {
  FakeApiServer *server;
  const char *match;
  guint n;
} RequestWait;

static gboolean
has_requests (gpointer data)
{
  RequestWait *wait = data;

  return fake_api_server_count_requests (wait->server, wait->match) >= wait->n;
}

static void
wait_for_requests (Fixture *fixture, const char *match, guint n)
{
  RequestWait wait = { fixture->server, match, n };

  test_wait_until (has_requests, &wait, SECONDS, match);
}

static gboolean
watch_is_open (gpointer data)
{
  return fake_api_server_count_watches (data, NULL) > 0;
}

static gboolean
no_watch_is_open (gpointer data)
{
  /* SoupServer notices that a client has gone when it writes */
  fake_api_server_send_text (data, NULL, "\n");
  return fake_api_server_count_watches (data, NULL) == 0;
}

static void
fault_status (Fixture *fixture, const char *match, guint times, guint status)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER, .match = match, .times = times, .status = status
  };

  fake_api_server_add_fault (fixture->server, &fault);
}

static void
test_list_and_watch (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) tree = NULL;
  KubeObject *object;

  put (fixture, "b");
  fake_api_server_put_new (fixture->server, "pods", "aaa", "z");
  use_list (fixture, "pods", NULL, NULL);
  g_assert_cmpint (kube_list_get_state (fixture->list), ==, KUBE_LIST_IDLE);
  g_assert_cmpint (kube_list_get_synced_at (fixture->list), ==, 0);
  kube_list_start (fixture->list);
  g_assert_cmpint (kube_list_get_state (fixture->list), ==, KUBE_LIST_LOADING);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "z b");
  g_assert_cmpint (kube_list_get_synced_at (fixture->list), >, 0);
  g_assert_null (kube_list_get_error (fixture->list));

  put (fixture, "a");
  wait_for_names (fixture, "z a b");
  fake_api_server_remove (fixture->server, "pods", "aaa", "z");
  wait_for_names (fixture, "a b");
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), ==, 3);

  object = kube_list_find (fixture->list, "default", "b");
  g_assert_nonnull (object);
  tree = kube_object_ref_json (object);
  g_assert_cmpstr (base_json_get_string (tree, "kind", NULL), ==, "Pod");
  g_assert_cmpstr (base_json_get_string (tree, "apiVersion", NULL), ==, "v1");
  g_assert_null (kube_list_find (fixture->list, "default", "z"));
  g_assert_null (kube_list_find (fixture->list, NULL, "a"));
}

static gboolean
is_changed (gpointer data)
{
  return ((Fixture *)data)->n_changed > 0;
}

static void
test_update_in_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeObject) before = NULL;

  put (fixture, "a");
  start (fixture, "pods");
  before = g_object_ref (kube_list_find (fixture->list, "default", "a"));
  g_signal_connect (before, "changed", G_CALLBACK (count), &fixture->n_changed);
  model_checker_reset (fixture->checker);
  fixture->n_updated = 0;

  put (fixture, "a");
  test_wait_until (is_changed, fixture, SECONDS, "the change");
  g_assert_true (kube_list_find (fixture->list, "default", "a") == before);
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), ==, 0);
  g_assert_cmpuint (fixture->n_updated, ==, 1);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
}

/* Deleted and made anew is another object, even under one name. */
static void
test_recreated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeObject) before = NULL;

  put (fixture, "a");
  put (fixture, "b");
  start (fixture, "pods");
  before = g_object_ref (kube_list_find (fixture->list, "default", "a"));

  fake_api_server_remove (fixture->server, "pods", "default", "a");
  put (fixture, "a");
  put (fixture, "c");
  wait_for_names (fixture, "a b c");
  g_assert_true (kube_list_find (fixture->list, "default", "a") != before);
}

static void
test_namespace_and_selector (Fixture *fixture, gconstpointer data)
{
  fake_api_server_put (fixture->server,
                       "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"namespace\":\"blue\","
                       "\"labels\":{\"app\":\"x y\"}}}");
  fake_api_server_put_new (fixture->server, "pods", "blue", "b");
  put (fixture, "c");
  use_list (fixture, "pods", "blue", "app=x y");
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "a");
  g_assert_cmpuint (
    fake_api_server_count_requests (fixture->server, "GET /api/v1/namespaces/blue/pods?watch=true"),
    ==, 1);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "labelSelector=app%3Dx%20y"),
                    ==, 2);
}

static void
test_pages (Fixture *fixture, gconstpointer data)
{
  guint n_signals;

  for (guint i = 0; i < 1250; i++) {
    g_autofree char *name = g_strdup_printf ("pod-%04u", i);

    put (fixture, name);
  }
  start (fixture, "pods");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 1250);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit=500"), ==, 3);
  n_signals = model_checker_get_n_signals (fixture->checker);
  g_assert_cmpuint (n_signals, ==, 3);
}

/* Several buffers full, read and parsed at the same time. */
static void
test_large_objects (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (6000, 'x');

  for (guint i = 0; i < 300; i++) {
    g_autofree char *json =
      g_strdup_printf ("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"pod-%04u\",\"namespace\":"
                       "\"default\"},\"text\":\"%s%u\"}",
                       i, filler, i);

    fake_api_server_put (fixture->server, json);
  }
  start (fixture, "pods");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 300);
  for (guint i = 0; i < 300; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);
    g_autoptr (JsonNode) tree = kube_object_ref_json (object);
    g_autofree char *text = g_strdup_printf ("%s%u", filler, i);

    g_assert_cmpstr (base_json_get_string (tree, "text", NULL), ==, text);
  }
}

/* A page that is too old: all once more, in one piece. */
static void
test_expired_page (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 600; i++) {
    g_autofree char *name = g_strdup_printf ("pod-%04u", i);

    put (fixture, name);
  }
  fault_status (fixture, "continue=", 1, 410);
  start (fixture, "pods");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 600);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "GET /api/v1/pods?"), ==, 4);
  g_assert_cmpuint (
    fake_api_server_count_requests (fixture->server, "GET /api/v1/pods?resourceVersion="), ==, 1);
}

static void
test_truncated_list (Fixture *fixture, gconstpointer data)
{
  const FakeFault truncate = { .kind = FAKE_FAULT_TRUNCATE, .match = "limit=500", .times = 1 };

  put (fixture, "a");
  put (fixture, "b");
  fake_api_server_add_fault (fixture->server, &truncate);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 0);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "a b");
}

/* The end of a watch is no reason to list again, nor to say that anything is wrong. */
static void
test_resume (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wanted = NULL;

  put (fixture, "a");
  start (fixture, "pods");
  put (fixture, "b");
  wait_for_names (fixture, "a b");
  wanted = g_strdup_printf ("resourceVersion=%s", kube_object_get_resource_version (kube_list_find (
                                                    fixture->list, "default", "b")));

  fake_api_server_forget_requests (fixture->server);
  fake_api_server_end_watches (fixture->server, NULL);
  wait_for_requests (fixture, wanted, 1);
  g_assert_cmpint (kube_list_get_state (fixture->list), ==, KUBE_LIST_LIVE);
  put (fixture, "c");
  wait_for_names (fixture, "a b c");
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 0);
}

static gboolean
is_synced_again (gpointer data)
{
  gpointer *pair = data;

  return kube_list_get_synced_at (pair[0]) > *(gint64 *)pair[1];
}

static void
test_bookmark (Fixture *fixture, gconstpointer data)
{
  gint64 synced_at;
  gpointer pair[2];

  put (fixture, "a");
  start (fixture, "pods");
  g_assert_nonnull (fake_api_server_get_last_request (fixture->server, "allowWatchBookmarks=true"));
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  synced_at = kube_list_get_synced_at (fixture->list);
  pair[0] = fixture->list;
  pair[1] = &synced_at;
  fixture->n_updated = 0;

  fake_api_server_send_bookmarks (fixture->server);
  test_wait_until (is_synced_again, pair, SECONDS, "the bookmark");
  g_assert_cmpuint (fixture->n_updated, ==, 0);
  fake_api_server_forget_requests (fixture->server);
  fake_api_server_end_watches (fixture->server, NULL);
  /* the object is of version 1001, the bookmark of 1002 */
  wait_for_requests (fixture, "resourceVersion=1002", 1);
}

/* A watch that broke in the middle of a line: the line counts for nothing. */
static void
test_broken_line (Fixture *fixture, gconstpointer data)
{
  start (fixture, "pods");
  put (fixture, "a");
  wait_for_names (fixture, "a");
  fake_api_server_forget_requests (fixture->server);
  fake_api_server_send_text (fixture->server, "pods",
                             "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"x\","
                             "\"resourceVersion\":\"5000\"}}}");
  fake_api_server_end_watches (fixture->server, NULL);
  wait_for_requests (fixture, "resourceVersion=1001", 1);
  wait_for_names (fixture, "a");
}

static void
test_dropped_watch (Fixture *fixture, gconstpointer data)
{
  start (fixture, "pods");
  put (fixture, "a");
  wait_for_names (fixture, "a");
  fake_api_server_forget_requests (fixture->server);
  fake_api_server_drop_watches (fixture->server, NULL);
  wait_for_requests (fixture, "resourceVersion=1001", 1);
  put (fixture, "b");
  wait_for_names (fixture, "a b");
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 0);
}

/* What changed while nobody watched: one signal, and the rows that stay are the same objects. */
static void
check_relist (Fixture *fixture)
{
  g_autoptr (KubeObject) a = g_object_ref (kube_list_find (fixture->list, "default", "a"));
  g_autoptr (KubeObject) d = g_object_ref (kube_list_find (fixture->list, "default", "d"));

  g_signal_connect (d, "changed", G_CALLBACK (count), &fixture->n_changed);
  model_checker_reset (fixture->checker);
  fake_api_server_forget_requests (fixture->server);
  fake_api_server_drop_watches (fixture->server, NULL);
  fake_api_server_remove (fixture->server, "pods", "default", "b");
  put (fixture, "c");
  put (fixture, "d");
  fake_api_server_compact (fixture->server);

  wait_for_names (fixture, "a c d");
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_true (kube_list_find (fixture->list, "default", "a") == a);
  g_assert_true (kube_list_find (fixture->list, "default", "d") == d);
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), ==, 1);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 1);
}

static void
test_relist (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  put (fixture, "b");
  put (fixture, "d");
  start (fixture, "pods");
  /* an event, so that the watch was of use */
  put (fixture, "e");
  wait_for_names (fixture, "a b d e");
  fake_api_server_remove (fixture->server, "pods", "default", "e");
  wait_for_names (fixture, "a b d");
  check_relist (fixture);
}

static void
test_expired_in_stream (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  start (fixture, "pods");
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  fake_api_server_forget_requests (fixture->server);
  model_checker_reset (fixture->checker);
  fake_api_server_send_expired (fixture->server, NULL);
  wait_for_requests (fixture, "watch=true", 1);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 1);
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), ==, 0);
  wait_for_state (fixture, KUBE_LIST_LIVE);
}

/* A server that finds each version too old is asked more and more seldom. */
static void
test_always_expired (Fixture *fixture, gconstpointer data)
{
  fault_status (fixture, "watch=true", 3, 410);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_GONE);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 2);
  wait_for_state (fixture, KUBE_LIST_LIVE);
}

static void
test_server_goes_and_returns (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  start (fixture, "pods");
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  model_checker_reset (fixture->checker);
  fake_api_server_stop (fixture->server);
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_nonnull (kube_list_get_error (fixture->list));
  wait_for_names (fixture, "a");

  put (fixture, "b");
  fake_api_server_start (fixture->server);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "a b");
  g_assert_null (kube_list_get_error (fixture->list));
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), ==, 1);
}

static void
test_no_server_at_first (Fixture *fixture, gconstpointer data)
{
  fake_api_server_stop (fixture->server);
  use_list (fixture, "virtualservices", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  fake_api_server_start (fixture->server);
  wait_for_state (fixture, KUBE_LIST_ABSENT);
}

/* Only one of many asks whether the server is back. */
static void
test_one_retry_authority (Fixture *fixture, gconstpointer data)
{
  KubeList *lists[6];

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    lists[i] = kube_list_new (fixture->client, kube_kind_lookup ("pods"), NULL, NULL);
    kube_list_start (lists[i]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    StateWait wait = { lists[i], KUBE_LIST_LIVE };

    test_wait_until (has_state, &wait, SECONDS, "a live list");
  }

  fault_status (fixture, "watch=true", 0, 500);
  fake_api_server_forget_requests (fixture->server);
  fake_api_server_clear_faults (fixture->server);
  {
    const FakeFault drop = { .kind = FAKE_FAULT_DROP, .match = "GET " };

    fake_api_server_add_fault (fixture->server, &drop);
  }
  fake_api_server_drop_watches (fixture->server, NULL);
  wait_for_requests (fixture, "GET /version", 4);
  /* each list has tried once by itself, when its watch broke or before it heard of the others */
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "/pods"), <=,
                    2 * G_N_ELEMENTS (lists));

  fake_api_server_clear_faults (fixture->server);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    StateWait wait = { lists[i], KUBE_LIST_LIVE };

    test_wait_until (has_state, &wait, SECONDS, "a live list");
    g_assert_finalize_object (lists[i]);
  }
}

static void
test_absent_and_installed (Fixture *fixture, gconstpointer data)
{
  use_list (fixture, "virtualservices", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_ABSENT);
  g_assert_null (kube_list_get_error (fixture->list));

  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  fake_api_server_put_new (fixture->server, "virtualservices", "default", "reviews");
  kube_list_retry (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "reviews");
  g_assert_cmpuint (fake_api_server_count_requests (
                      fixture->server, "/apis/networking.istio.io/v1alpha3/virtualservices"),
                    ==, 2);

  /* and away again */
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, FALSE);
  fake_api_server_end_watches (fixture->server, NULL);
  wait_for_state (fixture, KUBE_LIST_ABSENT);
  wait_for_names (fixture, "");
}

/* Somebody else looks what the server serves. */
static void
test_absent_and_discovered (Fixture *fixture, gconstpointer data)
{
  use_list (fixture, "gateways", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_ABSENT);
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1beta1", NULL, TRUE);
  g_assert_true (fake_client_discover (fixture->client, NULL));
  wait_for_state (fixture, KUBE_LIST_LIVE);
}

static void
test_absent_is_probed (Fixture *fixture, gconstpointer data)
{
  KubeTimings quick = timings;

  quick.absent = 30;
  g_clear_object (&fixture->client);
  use_client (fixture, NULL, &quick);
  use_list (fixture, "gateways", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_ABSENT);
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1beta1", NULL, TRUE);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_finalize_object (g_steal_pointer (&fixture->checker));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  test_wait_until (is_last_reference, fixture->client, 5, "the client to be alone");
}

/* Its version is no longer served, and another one is. */
static void
test_version_changes (Fixture *fixture, gconstpointer data)
{
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  start (fixture, "virtualservices");
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1alpha3", NULL, FALSE);
  fake_api_server_set_served (fixture->server, "networking.istio.io", "v1", NULL, TRUE);
  fake_api_server_put_new (fixture->server, "virtualservices", "default", "reviews");
  fake_api_server_end_watches (fixture->server, NULL);
  wait_for_names (fixture, "reviews");
  g_assert_cmpint (kube_list_get_state (fixture->list), !=, KUBE_LIST_ABSENT);
}

static void
test_forbidden (Fixture *fixture, gconstpointer data)
{
  fault_status (fixture, "/pods", 0, 403);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_FORBIDDEN);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_FORBIDDEN);

  fake_api_server_clear_faults (fixture->server);
  kube_list_retry (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_null (kube_list_get_namespace (fixture->list));
}

/* Not all namespaces may be seen, but one's own. */
static void
test_forbidden_but_own_namespace (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  fake_api_server_put_new (fixture->server, "pods", "other", "b");
  fault_status (fixture, "GET /api/v1/pods", 0, 403);
  start (fixture, "pods");
  wait_for_names (fixture, "a");
  g_assert_cmpstr (kube_list_get_namespace (fixture->list), ==, "default");
}

static void
test_unauthorized (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  fake_api_server_set_token (fixture->server, "another");
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_UNAUTHORIZED);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_null (strstr (kube_list_get_error (fixture->list)->message, FAKE_TOKEN));
  /* nothing but the one request: what the kubeconfig says stays as it is */
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, ""), ==, 1);

  fake_api_server_set_token (fixture->server, FAKE_TOKEN);
  kube_list_retry (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "a");
}

static void
test_busy (Fixture *fixture, gconstpointer data)
{
  const FakeFault busy = { .kind = FAKE_FAULT_ANSWER,
                           .match = "watch=true",
                           .times = 1,
                           .status = 429,
                           .header = "Retry-After: 1" };
  gint64 before;

  put (fixture, "a");
  fake_api_server_add_fault (fixture->server, &busy);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  before = g_get_monotonic_time ();
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_BUSY);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  /* not before the server's own time, and from the same version, without a list */
  g_assert_cmpint (g_get_monotonic_time () - before, >=, G_USEC_PER_SEC * 9 / 10);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 1);
}

static void
test_server_error (Fixture *fixture, gconstpointer data)
{
  fault_status (fixture, "limit=", 3, 500);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 4);
}

static void
test_retry_skips_the_wait (Fixture *fixture, gconstpointer data)
{
  KubeTimings slow = timings;

  slow.backoff_floor = slow.backoff_ceiling = 60 * 1000;
  g_clear_object (&fixture->client);
  use_client (fixture, NULL, &slow);
  fault_status (fixture, "limit=", 1, 500);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  kube_list_retry (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);

  fake_api_server_stop (fixture->server);
  wait_for_state (fixture, KUBE_LIST_STALE);
  fake_api_server_start (fixture->server);
  kube_list_retry (fixture->list);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_finalize_object (g_steal_pointer (&fixture->checker));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  test_wait_until (is_last_reference, fixture->client, 5, "the client to be alone");
}

/* Accepts the watch, and then not even headers. */
static void
test_no_headers (Fixture *fixture, gconstpointer data)
{
  const FakeFault hang = { .kind = FAKE_FAULT_HANG, .match = "watch=true", .times = 1 };
  KubeTimings quick = timings;

  quick.answer = 200;
  g_clear_object (&fixture->client);
  use_client (fixture, NULL, &quick);
  fake_api_server_add_fault (fixture->server, &hang);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_finalize_object (g_steal_pointer (&fixture->checker));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  test_wait_until (is_last_reference, fixture->client, 5, "the client to be alone");
}

/* A watch that says nothing is fine as long as the server answers anything. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  const FakeFault hang = { .kind = FAKE_FAULT_HANG, .match = "/version" };
  KubeTimings quick = timings;

  quick.silence = 50;
  quick.probe = 100;
  g_clear_object (&fixture->client);
  use_client (fixture, NULL, &quick);
  start (fixture, "pods");
  wait_for_requests (fixture, "GET /version", 3);
  g_assert_cmpint (kube_list_get_state (fixture->list), ==, KUBE_LIST_LIVE);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "watch=true"), ==, 1);

  fake_api_server_add_fault (fixture->server, &hang);
  wait_for_state (fixture, KUBE_LIST_STALE);
  fake_api_server_clear_faults (fixture->server);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_finalize_object (g_steal_pointer (&fixture->checker));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  test_wait_until (is_last_reference, fixture->client, 5, "the client to be alone");
}

static void
test_quick_end (Fixture *fixture, gconstpointer data)
{
  const FakeFault nothing = {
    .kind = FAKE_FAULT_ANSWER, .match = "watch=true", .times = 3, .status = 200
  };

  fake_api_server_add_fault (fixture->server, &nothing);
  use_list (fixture, "pods", NULL, NULL);
  kube_list_start (fixture->list);
  wait_for_state (fixture, KUBE_LIST_STALE);
  wait_for_requests (fixture, "watch=true", 4);
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 1);
}

static void
test_garbage_in_watch (Fixture *fixture, gconstpointer data)
{
  start (fixture, "pods");
  put (fixture, "a");
  wait_for_names (fixture, "a");
  fake_api_server_send_text (fixture->server, "pods", "<html>\n");
  wait_for_state (fixture, KUBE_LIST_STALE);
  g_assert_error (kube_list_get_error (fixture->list), KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  put (fixture, "b");
  wait_for_state (fixture, KUBE_LIST_LIVE);
  wait_for_names (fixture, "a b");
}

static void
test_huge_event (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *json = g_strdup_printf (
    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"huge\",\"namespace\":\"default\"},\"x\":\"%s\"}",
    filler);

  start (fixture, "pods");
  put (fixture, "a");
  fake_api_server_put (fixture->server, json);
  put (fixture, "b");
  wait_for_names (fixture, "a b huge");
}

/* A flood is a batch a frame, not one for each event. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) names = g_string_new (NULL);

  start (fixture, "pods");
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  model_checker_reset (fixture->checker);
  fixture->n_updated = 0;
  for (guint i = 0; i < 500; i++) {
    g_autofree char *name = g_strdup_printf ("pod-%03u", i);

    put (fixture, name);
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", name);
  }
  wait_for_names (fixture, names->str);
  g_assert_cmpuint (model_checker_get_n_signals (fixture->checker), <, 100);
  g_assert_cmpuint (fixture->n_updated, ==, model_checker_get_n_signals (fixture->checker));
}

static void
test_stop_and_start (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  start (fixture, "pods");
  test_wait_until (watch_is_open, fixture->server, SECONDS, "the watch");
  kube_list_stop (fixture->list);
  g_assert_cmpint (kube_list_get_state (fixture->list), ==, KUBE_LIST_IDLE);
  test_wait_until (no_watch_is_open, fixture->server, SECONDS, "the watch to end");
  wait_for_names (fixture, "a");

  put (fixture, "b");
  fake_api_server_forget_requests (fixture->server);
  kube_list_start (fixture->list);
  wait_for_names (fixture, "a b");
  wait_for_state (fixture, KUBE_LIST_LIVE);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "limit="), ==, 0);
}

/* Whatever is under way, a list may go. */
static void
test_goes_at_any_time (Fixture *fixture, gconstpointer data)
{
  for (guint n_iterations = 0; n_iterations < 60; n_iterations++) {
    g_autoptr (KubeList) list =
      kube_list_new (fixture->client, kube_kind_lookup ("virtualservices"), NULL, NULL);
    g_autoptr (KubeList) other =
      kube_list_new (fixture->client, kube_kind_lookup ("pods"), NULL, NULL);

    kube_list_start (list);
    kube_list_start (other);
    for (guint i = 0; i < n_iterations; i++)
      g_main_context_iteration (NULL, FALSE);
    if (n_iterations % 2 == 0)
      kube_list_stop (list);
    g_assert_finalize_object (g_steal_pointer (&list));
    g_assert_finalize_object (g_steal_pointer (&other));
  }
}

static void
stop_cb (KubeList *list, gpointer data)
{
  kube_list_stop (list);
}

static void
test_stops_itself (Fixture *fixture, gconstpointer data)
{
  put (fixture, "a");
  use_list (fixture, "pods", NULL, NULL);
  g_signal_connect (fixture->list, "updated", G_CALLBACK (stop_cb), NULL);
  kube_list_start (fixture->list);
  wait_for_names (fixture, "a");
  wait_for_state (fixture, KUBE_LIST_IDLE);
}

static void
test_random (Fixture *fixture, gconstpointer data)
{
  GRand *random = g_rand_new_with_seed (7);
  g_autoptr (GString) names = g_string_new (NULL);

  start (fixture, "pods");
  for (guint i = 0; i < 600; i++) {
    g_autofree char *name = g_strdup_printf ("pod-%02d", g_rand_int_range (random, 0, 60));
    gboolean there = fake_api_server_get (fixture->server, "pods", "default", name) != NULL;

    if (there && g_rand_boolean (random))
      fake_api_server_remove (fixture->server, "pods", "default", name);
    else
      put (fixture, name);
    if (i % 97 == 0)
      fake_api_server_drop_watches (fixture->server, NULL);
    if (i % 149 == 0)
      fake_api_server_compact (fixture->server);
    if (i % 7 == 0)
      g_main_context_iteration (NULL, FALSE);
  }
  g_rand_free (random);

  for (guint i = 0; i < 60; i++) {
    g_autofree char *name = g_strdup_printf ("pod-%02u", i);

    if (fake_api_server_get (fixture->server, "pods", "default", name) != NULL)
      g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", name);
  }
  wait_for_names (fixture, names->str);
  wait_for_state (fixture, KUBE_LIST_LIVE);
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  TEST ("/kube/list/list-and-watch", test_list_and_watch);
  TEST ("/kube/list/update-in-place", test_update_in_place);
  TEST ("/kube/list/recreated", test_recreated);
  TEST ("/kube/list/namespace-and-selector", test_namespace_and_selector);
  TEST ("/kube/list/pages", test_pages);
  TEST ("/kube/list/large-objects", test_large_objects);
  TEST ("/kube/list/expired-page", test_expired_page);
  TEST ("/kube/list/truncated-list", test_truncated_list);
  TEST ("/kube/list/resume", test_resume);
  TEST ("/kube/list/bookmark", test_bookmark);
  TEST ("/kube/list/broken-line", test_broken_line);
  TEST ("/kube/list/dropped-watch", test_dropped_watch);
  TEST ("/kube/list/relist", test_relist);
  TEST ("/kube/list/expired-in-stream", test_expired_in_stream);
  TEST ("/kube/list/always-expired", test_always_expired);
  TEST ("/kube/list/server-goes-and-returns", test_server_goes_and_returns);
  TEST ("/kube/list/no-server-at-first", test_no_server_at_first);
  TEST ("/kube/list/one-retry-authority", test_one_retry_authority);
  TEST ("/kube/list/absent-and-installed", test_absent_and_installed);
  TEST ("/kube/list/absent-and-discovered", test_absent_and_discovered);
  TEST ("/kube/list/absent-is-probed", test_absent_is_probed);
  TEST ("/kube/list/version-changes", test_version_changes);
  TEST ("/kube/list/forbidden", test_forbidden);
  TEST ("/kube/list/forbidden-but-own-namespace", test_forbidden_but_own_namespace);
  TEST ("/kube/list/unauthorized", test_unauthorized);
  TEST ("/kube/list/busy", test_busy);
  TEST ("/kube/list/server-error", test_server_error);
  TEST ("/kube/list/retry-skips-the-wait", test_retry_skips_the_wait);
  TEST ("/kube/list/no-headers", test_no_headers);
  TEST ("/kube/list/silence", test_silence);
  TEST ("/kube/list/quick-end", test_quick_end);
  TEST ("/kube/list/garbage-in-watch", test_garbage_in_watch);
  TEST ("/kube/list/huge-event", test_huge_event);
  TEST ("/kube/list/flood", test_flood);
  TEST ("/kube/list/stop-and-start", test_stop_and_start);
  TEST ("/kube/list/goes-at-any-time", test_goes_at_any_time);
  TEST ("/kube/list/stops-itself", test_stops_itself);
  TEST ("/kube/list/random", test_random);
  return g_test_run ();
}
