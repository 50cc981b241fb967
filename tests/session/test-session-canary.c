/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/stat.h>

#include "base-json.h"
#include "lab-fixture.h"
#include "session-canary.h"
#include "test-wait.h"

#define WAIT 15

static const char *const sections[] = { "---\nid: a\n---\n# A\n\n```bash {id=go}\ntrue\n```\n",
                                        NULL };

static const char *const GATEWAY =
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"istio-ingressgateway\","
  "\"namespace\":\"istio-system\"},\"status\":{\"loadBalancer\":{\"ingress\":[{\"hostname\":"
  "\"gateway.example\"}]}}}";

#define ROUTE(weights)                                                                             \
  "{\"apiVersion\":\"networking.istio.io/v1alpha3\",\"kind\":\"VirtualService\","                  \
  "\"metadata\":{\"name\":\"reviews\",\"namespace\":\"default\",\"labels\":{\"a\":\"b\"}},"        \
  "\"spec\":{\"hosts\":[\"reviews\"],\"http\":["                                                   \
  "{\"match\":[{\"headers\":{\"end-user\":{\"exact\":\"jason\"}}}],"                               \
  "\"route\":[{\"destination\":{\"host\":\"reviews\",\"subset\":\"v2\"}}]},"                       \
  "{\"name\":\"rest\",\"timeout\":\"3s\",\"route\":[" weights "]}]}}"
#define ENTRY(subset, weight)                                                                      \
  "{\"destination\":{\"host\":\"reviews\",\"subset\":\"" subset "\"},\"weight\":" weight "}"

static const char *const ALONE =
  ROUTE ("{\"destination\":{\"host\":\"reviews\",\"subset\":\"v1\"}}");
static const char *const SHARED = ROUTE (ENTRY ("v1", "75") "," ENTRY ("v2", "25"));
static const char *const MOVED = ROUTE (ENTRY ("v1", "40") "," ENTRY ("v3", "60"));

/* A cluster with reviews, a page that is good or not, and a canary. */
typedef struct {
  LabFixture lab;
  SoupServer *server;
  gboolean is_bad;
  SessionSampler *sampler;
  SessionCanaryLog *log;
  SessionCanary *canary;
  SessionResource *services;
  MeshEditor *editor;
  KubeObject *object;
  SessionCanaryPlan plan;
  char *log_path;
  JsonNode *before;
} Fixture;

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  static const char *const good = "{\"reviews\":[{\"reviewer\":\"Reviewer1\"}]}";
  static const char *const bad = "{\"error\":\"Sorry\"}";
  Fixture *self = user_data;
  const char *body = self->is_bad ? bad : good;

  if (g_str_equal (path, "/login")) {
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "None");
    soup_message_headers_append (soup_server_message_get_response_headers (message), "Set-Cookie",
                                 "session=abc; Path=/");
    return;
  }
  soup_server_message_set_status (message, self->is_bad ? 503 : 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body,
                                    strlen (body));
}

static gboolean
has_object (gpointer data)
{
  Fixture *self = data;

  /* the lab's own list, which looks for Istio, is not to be in its handshake either */
  return session_resource_get_state (session_lab_get_resource (
           self->lab.lab, "customresourcedefinitions")) != KUBE_LIST_LOADING &&
         session_resource_find (self->services, "default", "reviews") != NULL &&
         fake_api_server_count_watches (self->lab.server, "virtualservices") > 0;
}

static void
serve_page (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, page_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  fake_place_set_service_port (self->lab.place, (guint16)g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
}

static JsonNode *
get_spec (Fixture *self)
{
  JsonNode *object =
    fake_api_server_get (self->lab.server, "virtualservices", "default", "reviews");

  return base_json_get (object, "spec", NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&self->lab, sections);
  fake_api_server_set_served (self->lab.server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  fake_api_server_put (self->lab.server, GATEWAY);
  fake_api_server_put (self->lab.server, data);
  serve_page (self);
  self->sampler = session_sampler_new (self->lab.lab);
  session_sampler_set_rate (self->sampler, SESSION_SAMPLER_MAX_RATE);
  session_sampler_set_settle (self->sampler, 0);
  self->log_path = g_build_filename (self->lab.folder, "canary.log", NULL);
  self->log = session_canary_log_new (self->log_path);
  self->canary = session_canary_new (self->sampler, self->log);
  self->plan = (SessionCanaryPlan)SESSION_CANARY_PLAN_INIT;
  self->plan.wait_ms = 20;
  self->plan.min_answers = 2;
  self->plan.steps[0] = 25;
  self->plan.steps[1] = 100;
  self->plan.n_steps = 2;

  g_assert_true (lab_fixture_connect (&self->lab, &error));
  g_assert_no_error (error);
  self->services = session_lab_get_resource (self->lab.lab, "virtualservices");
  session_resource_hold (self->services);
  test_wait_until (has_object, self, WAIT, "the VirtualService");
  self->object = g_object_ref (session_resource_find (self->services, "default", "reviews"));
  self->editor = mesh_editor_new (session_lab_get_client (self->lab.lab), self->object, NULL);
  self->before = base_json_copy (get_spec (self));
}

/* A server that ends in the midst of a TLS handshake in its own process would wait for itself. */
static gboolean
is_settled (gpointer data)
{
  static const char *const names[] = { "services", "destinationrules", "networkpolicies",
                                       "gateways" };
  Fixture *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    SessionResource *resource = session_lab_get_resource (self->lab.lab, names[i]);
    KubeListState state = session_resource_get_state (resource);

    if (state == KUBE_LIST_LOADING ||
        (state == KUBE_LIST_LIVE &&
         fake_api_server_count_watches (self->lab.server, names[i]) == 0))
      return FALSE;
  }
  return TRUE;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_wait_until (is_settled, self, WAIT, "the lists");
  g_clear_object (&self->canary);
  session_sampler_pause (self->sampler);
  test_wait_finalize (self->sampler, WAIT);
  test_wait_finalize (self->editor, WAIT);
  g_clear_object (&self->object);
  session_resource_release (self->services);
  g_clear_object (&self->server);
  g_clear_object (&self->log);
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->log_path, g_free);
  lab_fixture_tear_down (&self->lab);
}

static void
start (Fixture *self, const char *subset)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    session_canary_start (self->canary, self->editor, self->object, subset, &self->plan, &error));
  g_assert_no_error (error);
  g_assert_true (session_canary_is_active (self->canary));
}

typedef struct {
  SessionCanary *canary;
  SessionCanaryState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return session_canary_get_state (wait->canary) == wait->state;
}

static void
wait_for (Fixture *self, SessionCanaryState state)
{
  StateWait wait = { self->canary, state };

  test_wait_until (has_state, &wait, WAIT, "a state of the canary");
  g_test_message ("%s", session_canary_get_status (self->canary));
}

static void
assert_status (Fixture *self, const char *expected)
{
  g_assert_cmpstr (session_canary_get_status (self->canary), ==, expected);
}

/* The weights of the route of everyone, as the server has them. */
static void
assert_weights (Fixture *self, const char *expected)
{
  JsonArray *routes = base_json_get_array (get_spec (self), "http", NULL);
  JsonArray *entries = base_json_get_array (json_array_get_element (routes, 1), "route", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonNode *entry = json_array_get_element (entries, i);

    g_string_append_printf (text, "%s %d ",
                            base_json_get_string (entry, "destination", "subset", NULL),
                            (int)base_json_get_int (entry, -1, "weight", NULL));
  }
  g_assert_cmpstr (g_strchomp (text->str), ==, expected);
}

static char *
dup_log (Fixture *self)
{
  char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (self->log_path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* To a version that the route did not have, to the end; each step is in the log, with its time. */
static void
test_done (Fixture *self, gconstpointer data)
{
  g_autofree char *log = NULL;
  GStatBuf status;

  start (self, "v3");
  wait_for (self, SESSION_CANARY_DONE);
  assert_weights (self, "v1 0 v3 100");
  assert_status (self, "reviews: done, 100 % go to v3.");
  g_assert_false (session_canary_is_active (self->canary));
  log = dup_log (self);
  g_assert_nonnull (strstr (log, " reviews: shifting 25 % to v3.\n"));
  g_assert_nonnull (
    strstr (log, " reviews: 25 % go to v3; watching for about 0.1 s, until 2 answers with these "
                 "weights have come.\n"));
  g_assert_nonnull (strstr (log, " reviews: done, 100 % go to v3.\n"));
  g_assert_true (g_ascii_isdigit (log[0]) && log[4] == '-');
  g_assert_cmpint (g_stat (self->log_path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* The others share the rest as they did. */
static void
test_shares (Fixture *self, gconstpointer data)
{
  self->plan.steps[0] = 20;
  self->plan.n_steps = 1;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_DONE);
  assert_weights (self, "v1 60 v2 20 v3 20");
}

/* Errors: back to what was before, to the byte. */
static void
test_errors (Fixture *self, gconstpointer data)
{
  self->is_bad = TRUE;
  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_ABORTED);
  g_assert_true (base_json_equal (get_spec (self), self->before));
  g_assert_true (
    g_str_has_prefix (session_canary_get_status (self->canary), "reviews: back to v1"));
}

static void
test_latency (void)
{
  const SessionCanaryPlan plan = SESSION_CANARY_PLAN_INIT;
  MeshAnswer slow = {
    .asked_at = 1, .status = 200, .outcome = MESH_OUTCOME_REVIEWS, .latency_ms = 2010
  };
  g_autoptr (MeshHistory) history = mesh_history_new ();
  g_autofree char *fault = NULL;

  for (guint i = 0; i < 20; i++)
    mesh_history_add (history, &slow);
  fault = session_canary_plan_dup_fault (&plan, history);
  g_assert_cmpstr (fault, ==, "Answers took up to 2.01 s, more than 1 s.");
}

/* By hand: pause stays, resume goes on, abort goes back. */
static void
test_hand (Fixture *self, gconstpointer data)
{
  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  session_canary_pause (self->canary);
  wait_for (self, SESSION_CANARY_PAUSED);
  assert_weights (self, "v1 75 v3 25");
  session_canary_resume (self->canary);
  wait_for (self, SESSION_CANARY_WATCHING);
  session_canary_abort (self->canary);
  session_canary_abort (self->canary);
  wait_for (self, SESSION_CANARY_ABORTED);
  g_assert_true (base_json_equal (get_spec (self), self->before));
  /* and again */
  self->plan.wait_ms = 20;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_DONE);
}

static void
test_promote (Fixture *self, gconstpointer data)
{
  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  session_canary_promote (self->canary);
  wait_for (self, SESSION_CANARY_WATCHING);
  assert_weights (self, "v1 0 v3 100");
}

/* Nobody answers: it does not go on blindly. */
static void
test_no_answers (Fixture *self, gconstpointer data)
{
  self->plan.min_answers = 1000000;
  self->plan.patience_ms = 50;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_ABORTED);
  g_assert_true (base_json_equal (get_spec (self), self->before));
}

/* Somebody else changes the weights: they are theirs from then on. */
static void
test_others (Fixture *self, gconstpointer data)
{
  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  fake_api_server_put (self->lab.server, MOVED);
  wait_for (self, SESSION_CANARY_STOPPED);
  g_assert_nonnull (strstr (session_canary_get_status (self->canary), "v1 40 %, v3 60 %"));
  assert_weights (self, "v1 40 v3 60");
}

static void
test_forbidden (Fixture *self, gconstpointer data)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 403,
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":403,"
            "\"message\":\"virtualservices is forbidden\"}",
    .content_type = "application/json",
  };

  fake_api_server_add_fault (self->lab.server, &fault);
  start (self, "v3");
  wait_for (self, SESSION_CANARY_STOPPED);
  g_assert_nonnull (strstr (session_canary_get_status (self->canary), "forbidden"));
  g_assert_true (base_json_equal (get_spec (self), self->before));
}

/* The window is closed: nothing more is written, and the log says where it stands. */
static void
test_left (Fixture *self, gconstpointer data)
{
  g_autofree char *log = NULL;
  guint n_written;

  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  n_written = fake_api_server_count_requests (self->lab.server, "PATCH ");
  g_clear_object (&self->canary);
  log = dup_log (self);
  g_assert_nonnull (strstr (log, "left alone: v1 75 %, v3 25 %. Before the canary: v1"));
  g_assert_cmpuint (fake_api_server_count_requests (self->lab.server, "PATCH "), ==, n_written);
  assert_weights (self, "v1 75 v3 25");
}

/* @self has its answer in ended. */
static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *ended = user_data;

  ended[0] = TRUE;
  ended[1] = session_canary_end_finish (SESSION_CANARY (source), result);
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *)data;
}

/* TRUE: it is where it was before. */
static gboolean
end (Fixture *self, guint limit_ms)
{
  gboolean ended[2] = { FALSE, FALSE };

  session_canary_end_async (self->canary, limit_ms, ended_cb, ended);
  test_wait_until (is_true, ended, WAIT, "the canary's end");
  g_assert_false (session_canary_is_active (self->canary));
  return ended[1];
}

/* What the next start of the program tells. */
static char *
dup_unfinished (Fixture *self)
{
  g_autoptr (SessionCanaryLog) next = NULL;

  g_clear_object (&self->canary);
  g_clear_object (&self->log);
  next = session_canary_log_new (self->log_path);
  return g_strdup (session_canary_log_get_unfinished (next));
}

/* The window is closed: it goes back, to the byte, and nothing is left to be told. */
static void
test_end (Fixture *self, gconstpointer data)
{
  g_autofree char *log = NULL;
  g_autofree char *unfinished = NULL;

  g_assert_true (end (self, 1000));
  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  g_assert_true (end (self, 60000));
  g_assert_true (base_json_equal (get_spec (self), self->before));
  log = dup_log (self);
  g_assert_nonnull (strstr (log, "Nobody watches any more. Going back to v1"));
  g_assert_nonnull (strstr (log, "reviews: back to v1"));
  /* and in the midst of a write */
  start (self, "v3");
  g_assert_true (end (self, 60000));
  g_assert_true (base_json_equal (get_spec (self), self->before));
  unfinished = dup_unfinished (self);
  g_assert_null (unfinished);
}

/* The server refuses: log and next start tell. */
static void
test_end_fails (Fixture *self, gconstpointer data)
{
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "PATCH ",
    .status = 500,
    .body = "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":500,\"message\":\"etcd is "
            "gone\"}",
    .content_type = "application/json",
  };
  g_autofree char *log = NULL;
  g_autofree char *unfinished = NULL;

  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  fake_api_server_add_fault (self->lab.server, &refusal);
  g_assert_false (end (self, 60000));
  assert_weights (self, "v1 75 v3 25");
  log = dup_log (self);
  g_assert_nonnull (strstr (log, "reviews: could not go back to v1"));
  g_assert_nonnull (strstr (log, "etcd is gone"));
  unfinished = dup_unfinished (self);
  g_assert_nonnull (unfinished);
  g_assert_true (g_str_has_prefix (
    unfinished, "reviews: the last canary did not get to its end: 25 % to v3. Before it: v1"));
}

/* It is waited for no longer than that. */
static void
test_end_late (Fixture *self, gconstpointer data)
{
  const FakeFault silence = { .kind = FAKE_FAULT_HANG, .match = "PATCH " };
  g_autofree char *unfinished = NULL;

  self->plan.wait_ms = 3600000;
  start (self, "v3");
  wait_for (self, SESSION_CANARY_WATCHING);
  fake_api_server_add_fault (self->lab.server, &silence);
  g_assert_false (end (self, 50));
  g_assert_nonnull (strstr (session_canary_get_status (self->canary), "in time"));
  unfinished = dup_unfinished (self);
  g_assert_nonnull (unfinished);
  fake_api_server_clear_faults (self->lab.server);
}

/* Another window's canary is under way: that is not for this one to tell, and what was told is told
 * once. */
static void
test_note (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("konvoy-canary-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "canary.log", NULL);
  g_autofree char *note = g_strconcat (path, ".unfinished", NULL);
  SessionCanaryLog *log = session_canary_log_new (path);
  SessionCanaryLog *other = NULL;

  session_canary_log_note (log, "a long note");
  session_canary_log_note (log, "short");
  other = session_canary_log_new (path);
  g_assert_null (session_canary_log_get_unfinished (other));
  session_canary_log_note (other, "not mine");
  g_assert_finalize_object (other);
  g_assert_finalize_object (log);
  log = session_canary_log_new (path);
  g_assert_cmpstr (session_canary_log_get_unfinished (log), ==, "short");
  g_assert_false (g_file_test (note, G_FILE_TEST_EXISTS));
  session_canary_log_note (log, "again");
  session_canary_log_note (log, NULL);
  g_assert_false (g_file_test (note, G_FILE_TEST_EXISTS));
  g_assert_finalize_object (log);
  g_rmdir (folder);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
    session_canary_start (self->canary, self->editor, self->object, "v1", &self->plan, &error));
  g_assert_cmpstr (error->message, ==, "v1 has all requests already. Choose another version.");
  g_assert_false (session_canary_is_active (self->canary));
  session_canary_abort (self->canary);
  session_canary_pause (self->canary);
  session_canary_promote (self->canary);
  session_canary_resume (self->canary);
  g_assert_cmpint (session_canary_get_state (self->canary), ==, SESSION_CANARY_IDLE);
}

static void
test_steps (void)
{
  static const char *const wrong[] = { "",       "0",   "5, 5",
                                       "50, 25", "101", "five",
                                       "5, -1",  "1e1", "1 2 3 4 5 6 7 8 9 10 11" };
  SessionCanaryPlan plan = SESSION_CANARY_PLAN_INIT;
  g_autofree char *problem = NULL;
  g_autofree char *text = NULL;

  g_assert_true (session_canary_plan_read_steps (&plan, " 10 %, 20 %,40;100", &problem));
  g_assert_null (problem);
  text = session_canary_plan_dup_steps (&plan);
  g_assert_cmpstr (text, ==, "10, 20, 40, 100");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *why = NULL;

    g_test_message ("%s", wrong[i]);
    g_assert_false (session_canary_plan_read_steps (&plan, wrong[i], &why));
    g_assert_nonnull (why);
    g_assert_cmpuint (plan.n_steps, ==, 4);
  }
}

/* What an earlier run wrote is there again; a file that cannot be written is told. */
static void
test_log (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("konvoy-canary-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "state", "canary.log", NULL);
  g_autofree char *state = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_autofree char *last = NULL;
  SessionCanaryLog *log = session_canary_log_new (path);
  SessionCanaryLog *lost = session_canary_log_new ("/proc/self/no/canary.log");

  session_canary_log_add (log, "one\ntwo");
  session_canary_log_add (log, "three");
  g_assert_null (session_canary_log_get_error (log));
  g_assert_finalize_object (log);
  log = session_canary_log_new (path);
  text = session_canary_log_dup_text (log, 10);
  g_assert_nonnull (strstr (text, " one two\n"));
  g_assert_true (g_str_has_suffix (text, " three"));
  last = session_canary_log_dup_text (log, 1);
  g_assert_null (strstr (last, "one"));
  g_assert_finalize_object (log);
  session_canary_log_add (lost, "four");
  g_assert_nonnull (session_canary_log_get_error (lost));
  g_assert_finalize_object (lost);
  g_remove (path);
  g_rmdir (state);
  g_rmdir (folder);
}

#define ADD(name, object, function)                                                                \
  g_test_add ("/session/canary/" name, Fixture, object, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  kube_client_init_process ();
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);

  ADD ("done", ALONE, test_done);
  ADD ("shares", SHARED, test_shares);
  ADD ("errors", ALONE, test_errors);
  ADD ("hand", ALONE, test_hand);
  ADD ("promote", ALONE, test_promote);
  ADD ("no-answers", ALONE, test_no_answers);
  ADD ("others", ALONE, test_others);
  ADD ("forbidden", ALONE, test_forbidden);
  ADD ("left", ALONE, test_left);
  ADD ("end", ALONE, test_end);
  ADD ("end-fails", ALONE, test_end_fails);
  ADD ("end-late", ALONE, test_end_late);
  ADD ("refused", ALONE, test_refused);
  g_test_add_func ("/session/canary/note", test_note);
  g_test_add_func ("/session/canary/latency", test_latency);
  g_test_add_func ("/session/canary/steps", test_steps);
  g_test_add_func ("/session/canary/log", test_log);

  return g_test_run ();
}
