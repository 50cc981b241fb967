/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "lab-fixture.h"
#include "session-transcript.h"
#include "session-trial.h"
#include "test-wait.h"

#define WAIT 15

static const char *const SECTIONS[] = {
  "---\nid: terminal\ntitle: Terminal\n---\n# Terminal\n\n"
  "```bash {id=greet}\necho Hello \"$(cat who)\"\n```\n"
  "```check\n- terminal: {prints: Hello Ada}\n  says: Ada is greeted\n```\n\n"
  "```bash {id=ends}\n(exit \"$(cat status)\")\n```\n"
  "```check\n- terminal: {status: 0}\n  says: It ended well\n"
  "- terminal: {status: 1}\n  when: place=local\n  says: It ended badly\n```\n\n"
  "```bash {id=pod}\ntrue\n```\n"
  "```check\n- terminal: {prints: redis}\n  says: It says that it is there\n"
  "- resource: pod/redis\n  says: There is a pod redis\n  within: 1s\n```\n\n"
  "```bash {id=ask}\nread -p 'Name? ' name; echo \"Good day, $name\"\n```\n"
  "```input {after=\"Name?\"}\nBob\n```\n"
  "```check\n- terminal: {matches: '(?m)^Good day, Bob', lacks: Ada}\n  says: Bob is greeted\n"
  "```\n",
  "---\nid: file\ntitle: File\n---\n# File\n\n"
  "```bash {id=look}\ntrue\n```\n"
  "```check\n- file: ~/settings-*.yaml\n  path: $.enabled\n  equals: true\n  says: It is enabled\n"
  "  within: 60s\n```\n\n"
  "```bash {id=key}\ntrue\n```\n"
  "```check\n- file: ~/$(touch run)/key\n  mode: \"0400\"\n  says: The key is for you alone\n"
  "  within: 60s\n```\n",
  "---\nid: api\ntitle: API\n---\n# API\n\n"
  "```bash {id=ask}\ntrue\n```\n"
  "```check\n- http: {service: kiali, port: 20001, path: \"/graph?a=b\", through: api, contains: "
  "nodes}\n  says: Kiali answers\n  within: 60s\n```\n",
  "---\nid: page\ntitle: Page\n---\n# Page\n\n"
  "```bash {id=jason}\ntrue\n```\n"
  "```check\n- http: {service: page, path: /productpage, as: jason, contains: black}\n"
  "  says: Jason sees black stars\n  within: 60s\n```\n\n"
  "```bash {id=reviews}\ntrue\n```\n"
  "```check\n- traffic: {host: reviews, service: page, as: jason, requests: 4, split: {v2: 1}}\n"
  "  says: Jason is answered by v2\n  within: 60s\n```\n",
  "---\nid: inside\ntitle: Inside\n---\n# Inside\n\n"
  "```bash {id=title}\necho \"$(cat answer)\"\n```\n"
  "```check\n- terminal: {prints: Hello, service: web, port: 80}\n  says: It says hello\n```\n",
  NULL
};

static const char *const SERVICE =
  "{\"kind\":\"Service\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},\"spec\":{"
  "\"type\":\"ClusterIP\",\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}}";
static const char *const POD =
  "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"labels\":{\"app\":"
  "\"web\"}},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":"
  "\"True\"}]}}";
static const char *const DENY =
  "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":"
  "\"default-deny\",\"namespace\":\"default\"},\"spec\":{\"podSelector\":{}}}";

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_set_up (fixture, SECTIONS);
}

static void
tear_down (LabFixture *fixture, gconstpointer data)
{
  session_lab_set_open_section (fixture->lab, NULL);
  lab_fixture_tear_down (fixture);
}

static void
open_section (LabFixture *fixture, guint index)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, index));
}

static SessionCheck *
get_check (SessionStep *step)
{
  return g_ptr_array_index (session_step_get_checks (step), 0);
}

typedef struct {
  SessionCheck *check;
  SessionCheckState state;
  const char *detail; /* (nullable): none */
} CheckWait;

static gboolean
is_so (gpointer data)
{
  CheckWait *wait = data;
  const char *detail = session_check_get_detail (wait->check);

  if (session_check_get_state (wait->check) != wait->state)
    return FALSE;
  return wait->detail == NULL ? detail == NULL
                              : detail != NULL && strstr (detail, wait->detail) != NULL;
}

static void
wait_check (SessionStep *step, SessionCheckState state, const char *detail)
{
  CheckWait wait = { get_check (step), state, detail };

  test_wait_until (is_so, &wait, WAIT, detail != NULL ? detail : "a check without a complaint");
}

static gboolean
is_done (gpointer data)
{
  return session_step_get_done (data);
}

static void
write_file (LabFixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fake_place_get_home (fixture->place), name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static SessionPty *
open_terminal (LabFixture *fixture)
{
  g_auto (GStrv) argv = jump_place_dup_terminal_argv (JUMP_PLACE (fixture->place));
  g_auto (GStrv) environment = jump_place_dup_terminal_environment (JUMP_PLACE (fixture->place));
  SessionPty *pty = session_pty_new (TRUE);
  g_autoptr (GError) error = NULL;

  session_pty_spawn (pty, (const char *const *)argv, (const char *const *)environment, 80, 25,
                     &error);
  g_assert_no_error (error);
  return pty;
}

static void
run_step (SessionStep *step, SessionPty *pty)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  session_step_run_async (step, pty, NULL, WAIT * 1000, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the step to end");
  session_step_run_finish (step, result, NULL, &error);
  g_assert_no_error (error);
}

static void
try_step (SessionStep *step, SessionPty *pty, const char *failure)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SessionFailure) seen = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  session_trial_async (step, pty, NULL, NULL, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the trial");
  g_assert_true (session_trial_finish (result, &seen, &error));
  line = seen != NULL ? session_failure_dup_line (seen) : NULL;
  g_test_message ("%s", line != NULL ? line : "passes");
  if (failure == NULL)
    g_assert_null (line);
  else
    g_assert_nonnull (line != NULL ? strstr (line, failure) : NULL);
}

static gboolean
has_no_cause (gpointer data)
{
  return g_strcmp0 (session_check_get_detail (data), "there is no “Hello” in it") == 0;
}

/* What keeps the Service from answering that the command has asked is named, for as long as it is
 * so. */
static void
test_asked (LabFixture *fixture, gconstpointer data)
{
  SessionStep *title = lab_fixture_get_step (fixture, 4, "title");
  g_autoptr (SessionPty) pty = NULL;

  fake_api_server_put (fixture->server, SERVICE);
  fake_api_server_put (fixture->server, POD);
  fake_api_server_put (fixture->server, DENY);
  open_section (fixture, 4);
  pty = open_terminal (fixture);
  write_file (fixture, "answer", "");
  run_step (title, pty);
  wait_check (title, SESSION_CHECK_OVERDUE,
              "there is no “Hello” in it. The network policy default/default-deny selects every "
              "pod of default and lets nobody in. Delete it, or allow the connection by another "
              "policy: kubectl delete networkpolicy default-deny -n default");
  fake_api_server_remove (fixture->server, "networkpolicies", "default", "default-deny");
  test_wait_until (has_no_cause, get_check (title), WAIT, "the policy to be seen to be gone");
  fake_api_server_remove (fixture->server, "pods", "default", "web");
  wait_check (title, SESSION_CHECK_OVERDUE,
              "there is no “Hello” in it. The service default/web selects app=web, which no pod of "
              "default has");

  /* the cause is looked for where somebody reads of it */
  session_lab_set_open_section (fixture->lab, NULL);
  wait_check (title, SESSION_CHECK_UNKNOWN, NULL);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 4));
  wait_check (title, SESSION_CHECK_OVERDUE, "The service default/web selects app=web");
  write_file (fixture, "answer", "Hello");
  run_step (title, pty);
  wait_check (title, SESSION_CHECK_PASSED, NULL);
  g_assert_true (session_step_get_done (title));
  session_pty_close (pty);
}

/* Whatever the cluster shows, a step that only looks has to be run, and to see what it should. */
static void
test_terminal (LabFixture *fixture, gconstpointer data)
{
  SessionStep *greet = lab_fixture_get_step (fixture, 0, "greet");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  g_assert_cmpint (session_check_get_state (get_check (greet)), ==, SESSION_CHECK_UNKNOWN);
  write_file (fixture, "who", "Bob");
  run_step (greet, pty);
  wait_check (greet, SESSION_CHECK_OVERDUE, "there is no “Hello Ada” in it");
  g_assert_false (session_step_get_done (greet));

  write_file (fixture, "who", "Ada");
  run_step (greet, pty);
  wait_check (greet, SESSION_CHECK_PASSED, NULL);
  g_assert_true (session_step_get_done (greet));

  /* It has happened, and stays so when the page is left, until its student puts it back. */
  session_lab_set_open_section (fixture->lab, NULL);
  wait_check (greet, SESSION_CHECK_UNKNOWN, NULL);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
  wait_check (greet, SESSION_CHECK_PASSED, NULL);
  session_step_forget (greet);
  wait_check (greet, SESSION_CHECK_UNKNOWN, NULL);
  g_assert_false (session_step_get_done (greet));
  run_step (greet, pty);
  g_assert_true (session_step_get_done (greet));
  session_pty_close (pty);
}

/* A command that has ended prints nothing more: there is nothing to wait for. */
static void
test_trial (LabFixture *fixture, gconstpointer data)
{
  SessionStep *ends = lab_fixture_get_step (fixture, 0, "ends");
  SessionStep *ask = lab_fixture_get_step (fixture, 0, "ask");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  write_file (fixture, "status", "3");
  try_step (ends, pty, "it ended with status 3");
  write_file (fixture, "status", "0");
  try_step (ends, pty, NULL);
  g_assert_true (session_step_get_done (ends));
  try_step (ask, pty, NULL);
  g_assert_true (session_step_get_done (ask));
  session_pty_close (pty);
}

/* Of more letters than the terminal has columns. */
#define LONG_LINE                                                                                  \
  "11111111112222222222333333333344444444445555555555666666666677777777778888888888999999 9999 "   \
  "11111111112222222222333333333344444444445555555555666666666677777777778888888888999999"

typedef struct {
  LabFixture *fixture;
  char *line;      /* (nullable): the last one */
  char *directory; /* (nullable): where it was typed */
  guint n;
} Commands;

static void
command_cb (SessionTranscript *transcript, const SessionTyped *typed, Commands *commands)
{
  commands->n++;
  g_free (commands->line);
  commands->line = g_strdup (typed->line);
  g_free (commands->directory);
  commands->directory = g_strdup (typed->directory);
  session_lab_take_command (commands->fixture->lab, typed);
}

static gboolean
was_told (gpointer data)
{
  return ((Commands *)data)->n > 0;
}

static void
type_line (Commands *commands, SessionPty *pty, const char *line)
{
  g_autofree char *keys = g_strconcat (line, "\r", NULL);

  commands->n = 0;
  session_pty_write (pty, keys, -1);
  test_wait_until (was_told, commands, WAIT, line);
}

/* What a command has not printed is not why: the cluster tells that, in its time. */
static void
test_cause (LabFixture *fixture, gconstpointer data)
{
  SessionStep *pod = lab_fixture_get_step (fixture, 0, "pod");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  try_step (pod, pty, "not so: There is a pod redis (");
  lab_fixture_put_pod (fixture, "redis", "Running");
  try_step (pod, pty, "not so: It says that it is there (there is no “redis” in it)");
  session_pty_close (pty);
}

/* Whoever types a command instead of clicking has run the step as well. */
static void
test_by_hand (LabFixture *fixture, gconstpointer data)
{
  SessionStep *greet = lab_fixture_get_step (fixture, 0, "greet");
  SessionStep *ends = lab_fixture_get_step (fixture, 0, "ends");
  Commands commands = { .fixture = fixture };
  g_autoptr (SessionPty) pty = NULL;
  g_autoptr (SessionTranscript) transcript = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  transcript = session_transcript_new (pty);
  g_signal_connect (transcript, "command", G_CALLBACK (command_cb), &commands);

  /* Another command, and one that does not print it. */
  type_line (&commands, pty, "printf 'Hello Ada\\n'");
  g_assert_false (session_step_get_done (greet));
  type_line (&commands, pty, "echo Hello Bob");
  wait_check (greet, SESSION_CHECK_UNKNOWN, NULL);
  type_line (&commands, pty, "echo Good day and Hello Ada");
  wait_check (greet, SESSION_CHECK_UNKNOWN, NULL);
  /* as fingers do it */
  type_line (&commands, pty, "echo Hallo\177\177\177\177ello Ada");
  wait_check (greet, SESSION_CHECK_PASSED, NULL);
  g_assert_true (session_step_get_done (greet));
  g_assert_false (session_step_get_done (ends));

  /* What a step types is its own matter. */
  commands.n = 0;
  write_file (fixture, "status", "0");
  run_step (ends, pty);
  g_assert_cmpuint (commands.n, ==, 0);
  type_line (&commands, pty, "true");
  g_assert_cmpstr (g_strstrip (commands.line), ==, "true");
  /* a line of several rows, to whose begin somebody goes back (Ctrl+A) */
  type_line (&commands, pty, LONG_LINE "\001true \005x");
  g_assert_cmpstr (g_strstrip (commands.line), ==, "true " LONG_LINE "x");
  /* and again, from the history (Ctrl+P) */
  type_line (&commands, pty, "false\025\020");
  g_assert_cmpstr (g_strstrip (commands.line), ==, "true " LONG_LINE "x");
  type_line (&commands, pty, "cd /");
  g_assert_cmpstr (commands.directory, !=, "/");
  type_line (&commands, pty, "true");
  g_assert_cmpstr (commands.directory, ==, "/");
  g_free (commands.line);
  g_free (commands.directory);
  session_pty_close (pty);
}

/* What could not be run has printed nothing. */
static void
test_not_run (LabFixture *fixture, gconstpointer data)
{
  SessionStep *greet = lab_fixture_get_step (fixture, 0, "greet");
  g_autoptr (SessionPty) pty = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  session_step_run_async (greet, pty, "echo \033", WAIT * 1000, NULL, test_wait_keep_result,
                          &result);
  wait_check (greet, SESSION_CHECK_WAITING, NULL);
  test_wait_for_pointer (&result, WAIT, "the refusal");
  g_assert_false (session_step_run_finish (greet, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  wait_check (greet, SESSION_CHECK_UNKNOWN, NULL);
  session_pty_close (pty);
}

static void
test_file (LabFixture *fixture, gconstpointer data)
{
  SessionStep *look = lab_fixture_get_step (fixture, 1, "look");

  open_section (fixture, 1);
  wait_check (look, SESSION_CHECK_WAITING, "there is no ~/settings-*.yaml yet");
  write_file (fixture, "settings-1.yaml", "enabled: false\n");
  wait_check (look, SESSION_CHECK_WAITING, "it is “false”");
  write_file (fixture, "settings-1.yaml", "enabled: [\n");
  wait_check (look, SESSION_CHECK_WAITING, "did not find expected node");
  write_file (fixture, "settings-1.yaml", "enabled: true\n");
  test_wait_until (is_done, look, WAIT, "the step to be done");
  fake_place_lose (fixture->place);
  wait_check (look, SESSION_CHECK_UNKNOWN, NULL);
}

/* A path is a path, whatever it looks like. */
static void
test_file_mode (LabFixture *fixture, gconstpointer data)
{
  SessionStep *key = lab_fixture_get_step (fixture, 1, "key");
  g_autofree char *path =
    g_build_filename (fake_place_get_home (fixture->place), "$(touch run)", "key", NULL);
  g_autofree char *run = g_build_filename (fake_place_get_home (fixture->place), "run", NULL);

  write_file (fixture, "$(touch run)/key", "secret");
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  open_section (fixture, 1);
  wait_check (key, SESSION_CHECK_WAITING, "its mode is 0644");
  g_assert_cmpint (g_chmod (path, 0400), ==, 0);
  wait_check (key, SESSION_CHECK_PASSED, NULL);
  g_assert_false (g_file_test (run, G_FILE_TEST_EXISTS));
}

/* A service without an address is asked by way of the API server. */
static void
test_api (LabFixture *fixture, gconstpointer data)
{
  static const char path[] = "GET /api/v1/namespaces/default/services/kiali:20001/proxy/graph?a=b";
  const FakeFault missing = { .kind = FAKE_FAULT_ANSWER,
                              .match = path,
                              .status = 503,
                              .body = "no endpoints available for service \"kiali\"" };
  const FakeFault empty = { .kind = FAKE_FAULT_ANSWER, .match = path, .status = 200, .body = "{}" };
  const FakeFault graph = {
    .kind = FAKE_FAULT_ANSWER, .match = path, .status = 200, .body = "{\"nodes\":[]}"
  };
  SessionStep *ask = lab_fixture_get_step (fixture, 2, "ask");

  fake_api_server_add_fault (fixture->server, &missing);
  open_section (fixture, 2);
  wait_check (ask, SESSION_CHECK_WAITING, "no endpoints available");
  fake_api_server_clear_faults (fixture->server);
  fake_api_server_add_fault (fixture->server, &empty);
  wait_check (ask, SESSION_CHECK_WAITING, "without “nodes”");
  fake_api_server_clear_faults (fixture->server);
  fake_api_server_add_fault (fixture->server, &graph);
  test_wait_until (is_done, ask, WAIT, "the step to be done");
}

/* As Bookinfo's page does it: a session for whoever gives a name. */
static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  const char *cookie =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Cookie");
  const char *body = soup_server_message_get_request_body (message)->data;
  gboolean signed_in = cookie != NULL && strstr (cookie, "session=jason") != NULL;
  const char *text = signed_in ? "<font color=\"black\">" : "no stars";

  soup_server_message_set_status (message, 200, NULL);
  if (g_str_equal (path, "/login")) {
    soup_server_message_set_status (message, *(gboolean *)user_data ? 302 : 404, NULL);
    soup_message_headers_append (headers, "Location", "/productpage");
    if (*(gboolean *)user_data && body != NULL && strstr (body, "username=jason") != NULL)
      soup_message_headers_append (headers, "Set-Cookie", "session=jason; HttpOnly; Path=/");
    return;
  }
  if (g_str_equal (path, "/api/v1/products/0/reviews"))
    text = signed_in ? "{\"reviews\":[{\"rating\":{\"stars\":5,\"color\":\"black\"}}]}"
                     : "{\"reviews\":[{\"text\":\"Fun\"}]}";
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC, text, strlen (text));
}

static void
test_as (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  SessionStep *jason = lab_fixture_get_step (fixture, 3, "jason");
  SessionStep *reviews = lab_fixture_get_step (fixture, 3, "reviews");
  g_autoslist (GUri) uris = NULL;
  g_autoptr (GError) error = NULL;
  gboolean lets_in = FALSE;

  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  soup_server_add_handler (server, NULL, page_cb, &lets_in, NULL);
  uris = soup_server_get_uris (server);
  fake_place_set_service_port (fixture->place, (guint16)g_uri_get_port (uris->data));
  fake_api_server_put (fixture->server,
                       "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"page\""
                       ",\"namespace\":\"default\"},\"status\":{\"loadBalancer\":{\"ingress\":"
                       "[{\"ip\":\"10.1.2.3\"}]}}}");
  open_section (fixture, 3);
  wait_check (jason, SESSION_CHECK_WAITING, "lets nobody sign in: it answers with status 404");
  wait_check (reviews, SESSION_CHECK_WAITING, "lets nobody sign in");
  lets_in = TRUE;
  wait_check (jason, SESSION_CHECK_PASSED, NULL);
  wait_check (reviews, SESSION_CHECK_PASSED, NULL);
  session_lab_set_open_section (fixture->lab, NULL);
  soup_server_disconnect (server);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (LabFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/check/terminal", test_terminal }, { "/session/check/asked", test_asked },
    { "/session/check/trial", test_trial },       { "/session/check/cause", test_cause },
    { "/session/check/by-hand", test_by_hand },   { "/session/check/not-run", test_not_run },
    { "/session/check/file", test_file },         { "/session/check/file-mode", test_file_mode },
    { "/session/check/api", test_api },           { "/session/check/as", test_as },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, LabFixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
