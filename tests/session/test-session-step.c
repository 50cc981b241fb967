/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "lab-fixture.h"
#include "session-pty-private.h"
#include "test-wait.h"

#define WAIT 15

static const char *const SECTIONS[] = {
  "---\nid: pods\ntitle: Pods\n---\n# Pods\n\n"
  "```bash {id=make}\ntrue\n```\n"
  "```check\n"
  "- resource: pod/redis\n"
  "  says: There is a pod redis\n"
  "  within: 1s\n"
  "- resource: pods\n"
  "  selector: app=redis\n"
  "  path: $.status.phase\n"
  "  equals: Running\n"
  "  says: The pod is running\n"
  "  within: 60s\n"
  "```\n\n"
  "```bash {id=look}\ntrue\n```\n\n"
  "```bash {id=fail}\nfalse\n```\n\n"
  "```bash {id=remove}\ntrue\n```\n"
  "```check\n"
  "- resource: pod/redis\n"
  "  absent: true\n"
  "  says: The pod redis is gone\n"
  "  within: 60s\n"
  "```\n",
  "---\nid: reach\ntitle: Reach\n---\n# Reach\n\n"
  "```bash {id=open}\ntrue\n```\n"
  "```check\n"
  "- reach: {service: redis, port: 6379, send: \"PING\\r\\n\", reply: \"+PONG\"}\n"
  "  says: Redis answers\n"
  "  within: 60s\n"
  "```\n\n"
  "```bash {id=closed}\ntrue\n```\n"
  "```check\n"
  "- reach: {service: redis, port: 6379, expect: blocked}\n"
  "  says: Redis is blocked\n"
  "  within: 60s\n"
  "```\n\n"
  "```bash {id=web}\ntrue\n```\n"
  "```check\n"
  "- http: {service: redis, port: 80, host: echo.example, path: /hello, status: 200, "
  "contains: Hello}\n"
  "  says: The web page says hello\n"
  "  within: 60s\n"
  "```\n",
  "---\nid: change\ntitle: Change\n---\n# Change\n\n"
  "```bash {id=by-hand}\ncat\n```\n"
  "```edit {file=~/conf.yaml}\nenabled: true\n```\n",
  NULL
};

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

static void
open_section (LabFixture *fixture, guint index)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, index));
}

static SessionCheck *
get_check (SessionStep *step, guint index)
{
  return g_ptr_array_index (session_step_get_checks (step), index);
}

/* "+": done, "~": under way, "-": not yet, "!": fallen */
static char *
dup_chain (SessionCheck *check)
{
  static const char signs[] = {
    [SESSION_STAGE_NOT_YET] = '-',
    [SESSION_STAGE_UNDER_WAY] = '~',
    [SESSION_STAGE_DONE] = '+',
    [SESSION_STAGE_FALLEN] = '!',
  };
  SessionChain *chain = session_check_get_chain (check);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session_chain_get_n_stages (chain); i++)
    g_string_append_printf (text, "%s%c", course_stage_get_id (session_chain_get_stage (chain, i)),
                            signs[session_chain_get_state (chain, i)]);
  return g_strdup (text->str);
}

typedef struct {
  SessionCheck *check;
  const char *chain;
} ChainWait;

static gboolean
has_chain (gpointer data)
{
  ChainWait *wait = data;
  g_autofree char *chain = dup_chain (wait->check);

  return g_str_equal (chain, wait->chain);
}

static void
wait_chain (SessionStep *step, guint index, const char *chain)
{
  ChainWait wait = { get_check (step, index), chain };

  test_wait_until (has_chain, &wait, WAIT, chain);
}

typedef struct {
  SessionCheck *check;
  SessionCheckState state;
} CheckWait;

static gboolean
has_check_state (gpointer data)
{
  CheckWait *wait = data;

  return session_check_get_state (wait->check) == wait->state;
}

static void
wait_check (SessionStep *step, guint index, SessionCheckState state)
{
  CheckWait wait = { get_check (step, index), state };

  test_wait_until (has_check_state, &wait, WAIT, "a state of a check");
}

static gboolean
is_done (gpointer data)
{
  return session_step_get_done (data);
}

static void
run_step (SessionStep *step, SessionPty *pty, int expected_status)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  session_step_run_async (step, pty, NULL, WAIT * 1000, NULL, test_wait_keep_result, &result);
  g_assert_true (session_step_get_running (step));
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_RUNNING);
  test_wait_for_pointer (&result, WAIT, "the step to end");
  session_step_run_finish (step, result, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, expected_status);
  g_assert_false (session_step_get_running (step));
}

static void
run_in (LabFixture *fixture, SessionPty *pty, const char *id, int expected_status)
{
  run_step (lab_fixture_get_step (fixture, 0, id), pty, expected_status);
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

/* Someone makes the pod by hand: the step ticks itself off when all of its checks pass at once. */
static void
test_by_hand (LabFixture *fixture, gconstpointer data)
{
  SessionStep *step = lab_fixture_get_step (fixture, 0, "make");
  gint64 done_at;

  g_assert_cmpint (session_check_get_state (get_check (step, 0)), ==, SESSION_CHECK_UNKNOWN);
  open_section (fixture, 0);
  wait_check (step, 0, SESSION_CHECK_WAITING);
  g_assert_cmpstr (session_check_get_detail (get_check (step, 0)), ==,
                   "there is no pod default/redis yet");
  lab_fixture_put_pod (fixture, "redis", "Pending");
  wait_check (step, 0, SESSION_CHECK_PASSED);
  g_assert_null (session_check_get_detail (get_check (step, 0)));
  g_assert_false (session_step_get_done (step));
  g_assert_nonnull (strstr (session_check_get_detail (get_check (step, 1)), "Pending"));
  g_assert_null (session_check_get_chain (get_check (step, 0)));
  wait_chain (step, 1, "pod+node~running-");
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, step, WAIT, "the step to be done");
  wait_chain (step, 1, "pod+node+running+");
  done_at = session_step_get_done_at (step);
  g_assert_cmpint (done_at, >, 0);
  g_assert_cmpint (course_progress_get_done_at (fixture->progress, "pods", "make"), ==, done_at);

  /* Done is done, whatever the checks say later. */
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (step, 0, SESSION_CHECK_WAITING);
  wait_chain (step, 1, "pod!node-running-");
  g_assert_true (session_step_get_done (step));

  course_progress_reset (fixture->progress, NULL, NULL);
  g_assert_false (session_step_get_done (step));
}

/* Nothing is asked of the server for a section that is not open. */
static void
test_closed (LabFixture *fixture, gconstpointer data)
{
  SessionStep *step = lab_fixture_get_step (fixture, 0, "make");

  open_section (fixture, 0);
  wait_check (step, 0, SESSION_CHECK_WAITING);
  session_lab_set_open_section (fixture->lab, NULL);
  g_assert_cmpint (session_check_get_state (get_check (step, 0)), ==, SESSION_CHECK_UNKNOWN);
  g_assert_cmpint (session_resource_get_state (session_lab_get_resource (fixture->lab, "pods")), ==,
                   KUBE_LIST_IDLE);
}

static gboolean
has_one_watch (gpointer server)
{
  return fake_api_server_count_watches (server, "pods") == 1;
}

/* A panel and the checks of a section look at one list, which is asked for and watched once,
 * whoever of them comes first and goes last. */
static void
test_one_list (LabFixture *fixture, gconstpointer data)
{
  SessionResource *pods = session_lab_get_resource (fixture->lab, "pods");
  SessionStep *step = lab_fixture_get_step (fixture, 0, "make");

  session_resource_hold (pods);
  open_section (fixture, 0);
  wait_check (step, 0, SESSION_CHECK_WAITING);
  test_wait_until (has_one_watch, fixture->server, WAIT, "the watch");
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, step, WAIT, "the step to be done");
  g_assert_nonnull (session_resource_find (pods, "default", "redis"));

  /* the panel goes, the checks stay */
  session_resource_release (pods);
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (step, 0, SESSION_CHECK_WAITING);
  session_resource_hold (pods);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_LIVE);
  g_assert_cmpuint (fake_api_server_count_watches (fixture->server, "pods"), ==, 1);
  g_assert_cmpuint (fake_api_server_count_requests (fixture->server, "GET /api/v1/pods?"), ==, 2);

  /* the section goes, the panel stays */
  session_lab_set_open_section (fixture->lab, NULL);
  g_assert_cmpint (session_resource_get_state (pods), ==, KUBE_LIST_LIVE);
  session_resource_release (pods);
}

/* What a step takes away is not there before it was made, either. */
static void
test_not_too_early (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *remove = lab_fixture_get_step (fixture, 0, "remove");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  wait_check (remove, 0, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (remove));
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the first step to be done");
  wait_check (remove, 0, SESSION_CHECK_WAITING);
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (remove, 0, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (remove));

  /* It was run, so it is its own doing. */
  run_in (fixture, pty, "remove", 0);
  test_wait_until (is_done, remove, WAIT, "the last step to be done");
  session_pty_close (pty);
}

/* What its student puts back stays so, though the cluster shows it done, until it is done again. */
static void
test_forget (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done");
  session_step_forget (make);
  g_assert_false (session_step_get_done (make));
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_OPEN);
  g_assert_cmpint (course_progress_get_done_at (fixture->progress, "pods", "make"), ==, 0);

  /* Nor does it come back by another look at the section. */
  session_lab_set_open_section (fixture->lab, NULL);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
  wait_check (make, 1, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (make));

  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (make, 0, SESSION_CHECK_WAITING);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done by hand");

  session_step_forget (make);
  run_in (fixture, pty, "make", 0);
  test_wait_until (is_done, make, WAIT, "the step to be done by a run");
  session_pty_close (pty);
}

/* Nor is it ticked by the program's next run, or by a course that was written anew. */
static void
test_forget_all (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (GError) error = NULL;

  open_section (fixture, 0);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done");
  course_progress_reset (fixture->progress, NULL, NULL);
  course = course_course_load (fixture->folder, &error);
  g_assert_no_error (error);
  session_lab_set_course (fixture->lab, course);
  g_set_object (&fixture->course, course);
  make = lab_fixture_get_step (fixture, 0, "make");
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
  wait_check (make, 0, SESSION_CHECK_PASSED);
  wait_check (make, 1, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (make));
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_OPEN);

  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (make, 0, SESSION_CHECK_WAITING);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done anew");
}

/* A step that was run in vain is put back with its section, and waits for nothing any more. */
static void
test_forget_vain (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *fail = lab_fixture_get_step (fixture, 0, "fail");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  run_in (fixture, pty, "make", 0);
  run_in (fixture, pty, "fail", 1);
  wait_check (make, 0, SESSION_CHECK_OVERDUE);
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_NOT_YET);
  g_assert_cmpint (session_step_get_state (fail), ==, SESSION_STEP_NOT_YET);
  course_progress_reset (fixture->progress, "reach", NULL);
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_NOT_YET);
  course_progress_reset (fixture->progress, "pods", NULL);
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_OPEN);
  g_assert_cmpint (session_step_get_state (fail), ==, SESSION_STEP_OPEN);
  g_assert_cmpint (session_check_get_state (get_check (make, 0)), ==, SESSION_CHECK_WAITING);
  g_assert_cmpint (session_check_get_begun_at (get_check (make, 0)), ==, 0);
  session_pty_close (pty);
}

/* That all was well before a command ended does not say that it has left it so: the list may hear
 * of it a moment later. */
static void
test_undone (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done by hand");
  session_step_forget (make);
  run_in (fixture, pty, "make", 0);
  g_assert_cmpint (session_check_get_state (get_check (make, 0)), ==, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (make));
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_CHECKING);
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  wait_check (make, 0, SESSION_CHECK_WAITING);
  g_assert_false (session_step_get_done (make));
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done by its run");
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_DONE);
  session_pty_close (pty);
}

static void
test_run (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (SessionPty) pty = NULL;
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *look = lab_fixture_get_step (fixture, 0, "look");
  SessionStep *fail = lab_fixture_get_step (fixture, 0, "fail");

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  run_in (fixture, pty, "look", 0);
  g_assert_true (session_step_get_done (look));
  run_in (fixture, pty, "fail", 1);
  g_assert_false (session_step_get_done (fail));
  g_assert_cmpint (session_step_get_state (fail), ==, SESSION_STEP_NOT_YET);

  /* Its checks have had their second. */
  run_in (fixture, pty, "make", 0);
  g_assert_false (session_step_get_done (make));
  wait_check (make, 0, SESSION_CHECK_OVERDUE);
  g_assert_cmpint (session_step_get_state (make), ==, SESSION_STEP_NOT_YET);
  lab_fixture_put_pod (fixture, "redis", "Running");
  test_wait_until (is_done, make, WAIT, "the step to be done");
  session_pty_close (pty);
}

/* What is open in the text, and not known here, is not typed. */
static void
test_template (LabFixture *fixture, gconstpointer data)
{
  SessionStep *look = lab_fixture_get_step (fixture, 0, "look");
  g_autoptr (SessionPty) pty = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CourseFacts facts = { NULL };

  open_section (fixture, 0);
  pty = open_terminal (fixture);
  session_step_run_async (look, pty, "echo {{student}}", WAIT * 1000, NULL, test_wait_keep_result,
                          &result);
  test_wait_for_pointer (&result, WAIT, "the refusal");
  g_assert_false (session_step_run_finish (look, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (session_step_get_running (look));
  session_pty_close (pty);

  session_lab_set_student (fixture->lab, "Ada");
  session_lab_get_facts (fixture->lab, &facts);
  g_assert_cmpstr (facts.student, ==, "Ada");
  g_assert_cmpstr (facts.jumpserver, ==, "example");
  g_assert_cmpstr (facts.user, ==, "fake");
}

static void
started_cb (SessionShell *shell, gboolean *started)
{
  *started = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *)flag;
}

/* A change that fails, while the step's program still has the terminal, ends nothing but itself. */
static void
test_edit_while_running (LabFixture *fixture, gconstpointer data)
{
  SessionStep *step = lab_fixture_get_step (fixture, 2, "by-hand");
  g_autoptr (SessionPty) pty = NULL;
  g_autoptr (GAsyncResult) ran = NULL;
  g_autoptr (GAsyncResult) edited = NULL;
  g_autoptr (GError) error = NULL;
  gboolean started = FALSE;

  open_section (fixture, 2);
  pty = open_terminal (fixture);
  g_signal_connect (session_pty_get_shell (pty), "started", G_CALLBACK (started_cb), &started);
  session_step_run_async (step, pty, NULL, WAIT * 1000, NULL, test_wait_keep_result, &ran);
  test_wait_until (is_true, &started, WAIT, "the step's program");
  session_step_edit_async (step, NULL, test_wait_keep_result, &edited);
  test_wait_for_pointer (&edited, WAIT, "the change of the file");
  g_assert_false (session_step_edit_finish (step, edited, &error));
  g_assert_nonnull (strstr (error->message, "There is no file ~/conf.yaml there yet"));
  g_clear_error (&error);
  g_assert_true (session_step_get_running (step));
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_RUNNING);

  /* the end of its input */
  session_pty_write (pty, "\004", 1);
  test_wait_for_pointer (&ran, WAIT, "the step to end");
  session_step_run_finish (step, ran, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (session_step_get_running (step));
  session_pty_close (pty);
}

static void
test_lost (LabFixture *fixture, gconstpointer data)
{
  SessionStep *step = lab_fixture_get_step (fixture, 0, "make");
  g_autoptr (SessionPty) pty = NULL;

  open_section (fixture, 0);
  wait_check (step, 1, SESSION_CHECK_WAITING);
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_OPEN);
  lab_fixture_put_pod (fixture, "redis", "Pending");
  wait_check (step, 0, SESSION_CHECK_PASSED);
  pty = open_terminal (fixture);
  run_step (step, pty, 0);
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_CHECKING);
  fake_place_lose (fixture->place);
  wait_check (step, 1, SESSION_CHECK_UNKNOWN);
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_NOT_YET);
  jump_place_connect_async (JUMP_PLACE (fixture->place), NULL, NULL, NULL);
  wait_check (step, 1, SESSION_CHECK_WAITING);
  g_assert_cmpint (session_step_get_state (step), ==, SESSION_STEP_CHECKING);
  session_pty_close (pty);
}

static gboolean
has_detail (gpointer data)
{
  gpointer *pair = data;
  const char *detail = session_check_get_detail (pair[0]);

  return detail != NULL && strstr (detail, pair[1]) != NULL;
}

static void
wait_detail (SessionStep *step, const char *text)
{
  gpointer pair[2] = { get_check (step, 0), (gpointer)text };

  test_wait_until (has_detail, pair, WAIT, text);
}

static gboolean
pong_cb (GSocketService *service,
         GSocketConnection *connection,
         GObject *source,
         gpointer user_data)
{
  static const char answer[] = "+PONG\r\n";
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  /* Small enough for the socket's buffer. */
  g_output_stream_write (stream, answer, sizeof answer - 1, NULL, NULL);
  return FALSE;
}

static void
put_service (LabFixture *fixture, const char *status)
{
  g_autofree char *json = g_strdup_printf (
    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"redis\",\"namespace\":"
    "\"default\"},\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":6379},{\"port\":80}]},"
    "\"status\":%s}",
    status);

  fake_api_server_put (fixture->server, json);
}

/* How long it took is kept with the step: from when the service was there to its answer. */
static void
assert_waited (LabFixture *fixture, const char *step, const char *says)
{
  const CourseWait *wait =
    course_waits_find (course_progress_get_waits (fixture->progress, "reach", step), says);

  g_assert_nonnull (wait);
  g_assert_cmpuint (course_wait_get_n_stages (wait), ==, 5);
  g_assert_cmpint (course_wait_get_ms (wait, 0), ==, -1);
  for (guint i = 2; i < 5; i++)
    g_assert_cmpint (course_wait_get_ms (wait, i), >=, course_wait_get_ms (wait, i - 1));
  g_assert_cmpint (course_wait_get_ms (wait, 4), >, 0);
  g_assert_cmpint (course_wait_get_ms (wait, 4), <, WAIT * 1000);
}

/* The place, or the resolver, knows no such name; or nothing answers, and nobody says why. */
static void
test_chain (LabFixture *fixture, gconstpointer data)
{
  SessionStep *open = lab_fixture_get_step (fixture, 1, "open");
  SessionStep *web = lab_fixture_get_step (fixture, 1, "web");

  put_service (fixture, "{\"loadBalancer\":{\"ingress\":[{\"hostname\":\"a.invalid\"}]}}");
  fake_place_set_service_name (fixture->place, "konvoy-lab.invalid");
  open_section (fixture, 1);
  wait_chain (open, 0, "service+host-name+dns~port-answer-");
  wait_chain (web, 0, "service+host-name+dns~port-answer-");
  fake_place_set_unreachable (fixture->place, TRUE);
  wait_detail (open, "a.invalid is not there");
  wait_chain (open, 0, "service+host-name+dns~port-answer-");

  /* a number has no name that resolves */
  put_service (fixture, "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.1.2.3\"}]}}");
  wait_chain (open, 0, "service+address+port~answer-");
  fake_api_server_remove (fixture->server, "services", "default", "redis");
  wait_chain (open, 0, "service~address-port-answer-");
  session_lab_set_open_section (fixture->lab, NULL);
}

/* What a step that was done before was waited for is known from its progress. */
static void
test_restored_chain (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) waits = course_waits_new ();
  CourseWait *wait = course_wait_new ("The web page says hello");
  SessionStep *web = NULL;

  course_wait_add (wait, COURSE_STAGE_SERVICE, -1);
  course_wait_add (wait, COURSE_STAGE_ADDRESS, 12000);
  course_wait_add (wait, COURSE_STAGE_PORT, 13000);
  course_wait_add (wait, COURSE_STAGE_ANSWER, 14000);
  g_ptr_array_add (waits, wait);
  course_progress_mark_done_after (fixture->progress, "reach", "web", 1600000000, waits);
  web = lab_fixture_get_step (fixture, 1, "web");
  wait_chain (web, 0, "service+address+port+answer+");
  g_assert_cmpint (session_chain_get_ms (session_check_get_chain (get_check (web, 0)), 3), ==,
                   14000);
  /* and what is no longer so is told by what is seen */
  open_section (fixture, 1);
  wait_chain (web, 0, "service!address-port-answer-");
  session_lab_set_open_section (fixture->lab, NULL);
}

static void
test_reach (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GError) error = NULL;
  SessionStep *open = lab_fixture_get_step (fixture, 1, "open");
  SessionStep *closed = lab_fixture_get_step (fixture, 1, "closed");
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);

  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (pong_cb), NULL);
  open_section (fixture, 1);
  wait_check (open, 0, SESSION_CHECK_WAITING);
  wait_detail (open, "There is no service default/redis.");
  g_assert_cmpuint (fake_place_get_n_reached (fixture->place), ==, 1);
  wait_chain (open, 0, "service~host-name-dns-port-answer-");

  put_service (fixture, "{}");
  wait_detail (open, "has not given the service default/redis an address yet");
  wait_chain (open, 0, "service+host-name~dns-port-answer-");

  /* An address, and nothing at it: a refusal does not prove that somebody keeps others away. */
  put_service (fixture, "{\"loadBalancer\":{\"ingress\":[{\"hostname\":\"a.example\"}]}}");
  wait_detail (closed, "the connection is refused");
  g_assert_cmpint (session_check_get_state (get_check (closed, 0)), ==, SESSION_CHECK_WAITING);
  fake_place_set_silent (fixture->place, TRUE);
  wait_check (closed, 0, SESSION_CHECK_PASSED);
  g_assert_false (session_step_get_done (closed));
  g_assert_cmpint (session_check_get_state (get_check (open, 0)), ==, SESSION_CHECK_WAITING);
  wait_chain (open, 0, "service+host-name+dns+port~answer-");
  wait_chain (closed, 0, "service+host-name+dns+blocked+");

  fake_place_set_silent (fixture->place, FALSE);
  fake_place_set_service_port (fixture->place, port);
  test_wait_until (is_done, open, WAIT, "Redis to answer");
  wait_chain (open, 0, "service+host-name+dns+port+answer+");
  assert_waited (fixture, "open", "Redis answers");
  session_lab_set_open_section (fixture->lab, NULL);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  const char *host =
    soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  if (g_strcmp0 (host, "echo.example") == 0 && g_str_equal (path, "/hello")) {
    soup_server_message_set_status (message, 200, NULL);
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC,
                                      (const char *)user_data, strlen (user_data));
  } else {
    soup_server_message_set_status (message, 404, NULL);
  }
}

static gint64
get_answer_ms (SessionStep *step)
{
  return session_chain_get_ms (session_check_get_chain (get_check (step, 0)), 3);
}

/* What answered before the step was run proves nothing, nor does it count how long that took. */
static void
test_again (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  SessionStep *web = lab_fixture_get_step (fixture, 1, "web");
  g_autoslist (GUri) uris = NULL;
  g_autoptr (SessionPty) pty = NULL;
  char body[] = "Something";
  gint64 since;

  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  soup_server_add_handler (server, NULL, handle_cb, body, NULL);
  put_service (fixture, "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.1.2.3\"}]}}");
  fake_place_set_service_port (fixture->place, (guint16)g_uri_get_port (uris->data));
  open_section (fixture, 1);
  wait_detail (web, "Hello");
  strcpy (body, "Hello");
  wait_check (web, 0, SESSION_CHECK_PASSED);
  g_assert_cmpint (get_answer_ms (web), >, 0);
  since = session_check_get_since (get_check (web, 0));

  pty = open_terminal (fixture);
  run_step (web, pty, 0);
  g_assert_cmpint (session_step_get_state (web), ==, SESSION_STEP_CHECKING);
  g_assert_false (session_check_get_proven (get_check (web, 0)));
  g_assert_cmpint (get_answer_ms (web), ==, -1);
  test_wait_until (is_done, web, WAIT, "the page to be seen again");
  g_assert_true (session_check_get_proven (get_check (web, 0)));
  g_assert_cmpint (session_check_get_since (get_check (web, 0)), >, since);
  g_assert_cmpint (get_answer_ms (web), ==, -1);
  wait_chain (web, 0, "service+address+port+answer+");
  session_pty_close (pty);
  session_lab_set_open_section (fixture->lab, NULL);
  soup_server_disconnect (server);
}

static void
test_http (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  SessionStep *web = lab_fixture_get_step (fixture, 1, "web");
  g_autoslist (GUri) uris = NULL;
  g_autoptr (SessionPty) pty = NULL;
  char body[] = "Something";

  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  put_service (fixture, "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"10.1.2.3\"}]}}");
  fake_place_set_service_port (fixture->place, (guint16)g_uri_get_port (uris->data));
  open_section (fixture, 1);
  wait_detail (web, "404");
  wait_chain (web, 0, "service+address+port+answer~");
  soup_server_add_handler (server, NULL, handle_cb, body, NULL);
  wait_detail (web, "Hello");
  strcpy (body, "Hello");
  wait_check (web, 0, SESSION_CHECK_PASSED);

  /* A page that was there is asked for again when a command has ended. */
  pty = open_terminal (fixture);
  strcpy (body, "Something");
  run_step (web, pty, 0);
  g_assert_false (session_step_get_done (web));
  g_assert_cmpint (session_step_get_state (web), ==, SESSION_STEP_CHECKING);
  wait_detail (web, "Hello");
  g_assert_false (session_step_get_done (web));
  wait_chain (web, 0, "service+address+port+answer~");
  strcpy (body, "Hello");
  test_wait_until (is_done, web, WAIT, "the step to be done by its run");
  g_assert_cmpint (get_answer_ms (web), >, 0);

  /* What went wrong is said in words that help. */
  soup_server_disconnect (server);
  run_step (web, pty, 0);
  wait_detail (web, "the connection is refused");
  wait_chain (web, 0, "service+address+port!answer-");
  session_pty_close (pty);
  session_lab_set_open_section (fixture->lab, NULL);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (LabFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/step/by-hand", test_by_hand },
    { "/session/step/closed", test_closed },
    { "/session/step/one-list", test_one_list },
    { "/session/step/not-too-early", test_not_too_early },
    { "/session/step/forget", test_forget },
    { "/session/step/forget-all", test_forget_all },
    { "/session/step/forget-vain", test_forget_vain },
    { "/session/step/undone", test_undone },
    { "/session/step/run", test_run },
    { "/session/step/template", test_template },
    { "/session/step/edit-while-running", test_edit_while_running },
    { "/session/step/lost", test_lost },
    { "/session/step/chain", test_chain },
    { "/session/step/restored-chain", test_restored_chain },
    { "/session/step/reach", test_reach },
    { "/session/step/again", test_again },
    { "/session/step/http", test_http },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, LabFixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
