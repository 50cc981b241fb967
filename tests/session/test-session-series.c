/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "session-series.h"
#include "session-trial.h"
#include "test-wait.h"

#define WAIT 60
#define PATIENCE_MS 300

static const char *const SECTIONS[] = {
  "---\nid: first\ntitle: First\n---\n# First\n\n"
  "```bash {id=one}\necho one >> ~/said\n```\n\n"
  "```bash {id=two}\necho two >> ~/said\n```\n\n"
  "```bash {id=pod}\ntrue\n```\n"
  "```check\n- resource: pod/redis\n  says: There is a pod\n"
  "  within: 1s\n```\n\n"
  "```bash {id=file}\nvi ~/settings.yaml\n```\n"
  "```edit {file=~/settings.yaml}\nenabled: true\n```\n\n"
  "```bash {id=both}\ncp ~/settings.yaml ~/before.yaml\n```\n"
  "```edit {file=~/settings.yaml}\nenabled: maybe\n```\n\n"
  "```bash {id=last}\necho last >> ~/said\n```\n\n"
  "```bash {id=ask}\nread -p 'Name: ' name\n```\n\n"
  "```bash {id=quiet}\nuntil [ -e ~/go ]; do sleep 0.1; done\n```\n\n"
  "```bash {id=use}\necho $(kubectl get svc redis -o "
  "jsonpath={.status.loadBalancer.ingress[*].hostname}) "
  ">> ~/said\n```\n\n"
  "```bash {id=make}\necho make >> ~/said; touch ~/made\n```\n"
  "```check\n- file: ~/made\n  says: It is made\n  within: 60s\n```\n",
  NULL
};

typedef struct {
  LabFixture lab;
  SessionResource *services; /* held */
  SessionPty *pty;
  SessionSeries *series; /* (nullable) */
  GCancellable *cancellable;
  GString *positions;
} Fixture;

static void
notify_cb (SessionSeries *series, GParamSpec *pspec, Fixture *fixture)
{
  g_string_append_printf (fixture->positions, "%u ", session_series_get_position (series));
}

static gboolean
is_looked_at (gpointer data)
{
  SessionStep *step = data;
  SessionCheck *check = g_ptr_array_index (session_step_get_checks (step), 0);

  return session_check_get_state (check) != SESSION_CHECK_UNKNOWN;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) environment = NULL;

  lab_fixture_set_up (&fixture->lab, SECTIONS);
  lab_fixture_connect (&fixture->lab, &error);
  g_assert_no_error (error);
  session_lab_set_open_section (fixture->lab.lab, lab_fixture_get_section (&fixture->lab, 0));
  /* A server that is taken down while a connection to it is being made would wait for it. */
  test_wait_until (is_looked_at, lab_fixture_get_step (&fixture->lab, 0, "pod"), WAIT,
                   "the list of pods");
  fixture->services = g_object_ref (session_lab_get_resource (fixture->lab.lab, "services"));
  session_resource_hold (fixture->services);
  argv = jump_place_dup_terminal_argv (JUMP_PLACE (fixture->lab.place));
  environment = jump_place_dup_terminal_environment (JUMP_PLACE (fixture->lab.place));
  fixture->pty = session_pty_new (TRUE);
  session_pty_spawn (fixture->pty, (const char *const *)argv, (const char *const *)environment, 80,
                     25, &error);
  g_assert_no_error (error);
  fixture->series = session_series_new (fixture->pty, PATIENCE_MS);
  fixture->cancellable = g_cancellable_new ();
  fixture->positions = g_string_new (NULL);
  g_signal_connect (fixture->series, "notify::position", G_CALLBACK (notify_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->series != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->series));
  session_pty_close (fixture->pty);
  g_clear_object (&fixture->pty);
  session_resource_release (fixture->services);
  g_clear_object (&fixture->services);
  g_clear_object (&fixture->cancellable);
  g_string_free (fixture->positions, TRUE);
  lab_fixture_tear_down (&fixture->lab);
}

static void
add (Fixture *fixture, const char *id, const char *text)
{
  session_series_add (fixture->series, lab_fixture_get_step (&fixture->lab, 0, id), text);
}

static char *
dup_home_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fake_place_get_home (fixture->lab.place), name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static SessionFailure *
play (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  SessionFailure *failure = NULL;

  session_series_play_async (fixture->series, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the series");
  session_series_play_finish (fixture->series, result, &failure, error);
  return failure;
}

/* One after the other, each as its student has made it. */
static void
test_all (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *said = NULL;

  add (fixture, "one", NULL);
  add (fixture, "two", "echo 'two, edited' >> ~/said");
  add (fixture, "last", NULL);
  g_assert_cmpuint (session_series_get_n_steps (fixture->series), ==, 3);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (failure);
  g_assert_cmpstr (fixture->positions->str, ==, "1 2 3 ");
  g_assert_null (session_series_get_step (fixture->series));
  said = dup_home_file (fixture, "said");
  g_assert_cmpstr (said, ==, "one\ntwo, edited\nlast\n");
  g_assert_true (session_step_get_done (lab_fixture_get_step (&fixture->lab, 0, "two")));
}

static gboolean
has_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) > 0;
}

static gboolean
has_not_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) == 0;
}

/* What is no longer so is made again, and what is mended by then is left out. */
static void
test_mend (Fixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (&fixture->lab, 0, "make");
  SessionStep *pod = lab_fixture_get_step (&fixture->lab, 0, "pod");
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *said = NULL;

  course_progress_mark_done (fixture->lab.progress, "first", "make", 1574680231);
  course_progress_mark_done (fixture->lab.progress, "first", "pod", 1574680231);
  test_wait_until (has_fallen, make, WAIT, "the file to be missed");
  test_wait_until (has_fallen, pod, WAIT, "the pod to be missed");
  add (fixture, "make", NULL);
  add (fixture, "pod", "echo pod >> ~/said");
  add (fixture, "one", NULL);
  lab_fixture_put_pod (&fixture->lab, "redis", "Running");
  test_wait_until (has_not_fallen, pod, WAIT, "the pod to be back");
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (failure);
  g_assert_cmpstr (fixture->positions->str, ==, "1 2 3 ");
  said = dup_home_file (fixture, "said");
  g_assert_cmpstr (said, ==, "make\none\n");
  g_assert_cmpuint (session_step_get_n_fallen (make), ==, 0);
  g_assert_cmpint (session_step_get_done_at (make), ==, 1574680231);
}

/* What comes after a step that does not pass is not typed. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *said = NULL;

  add (fixture, "one", NULL);
  add (fixture, "pod", NULL);
  add (fixture, "last", NULL);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (failure);
  sentence = session_failure_dup_sentence (failure);
  g_assert_cmpstr (sentence, ==,
                   "This is not so yet: There is a pod (there is no pod default/redis yet)");
  g_assert_cmpuint (session_series_get_position (fixture->series), ==, 1);
  g_assert_true (session_series_get_step (fixture->series) ==
                 lab_fixture_get_step (&fixture->lab, 0, "pod"));
  said = dup_home_file (fixture, "said");
  g_assert_cmpstr (said, ==, "one\n");
}

static void
test_status (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *sentence = NULL;

  add (fixture, "one", "(exit 3)");
  add (fixture, "last", NULL);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (failure);
  sentence = session_failure_dup_sentence (failure);
  g_assert_cmpstr (sentence, ==, "The command ended with status 3.");
  g_assert_null (dup_home_file (fixture, "said"));
}

static gboolean
has_begun (gpointer data)
{
  g_autofree char *begun = dup_home_file (data, "begun");

  return begun != NULL;
}

static gboolean
is_done (gpointer data)
{
  return session_step_get_done (data);
}

/* The series ends at once. What runs in the terminal has its own end, which counts. */
static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  SessionStep *one = lab_fixture_get_step (&fixture->lab, 0, "one");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  SessionFailure *failure = NULL;

  add (fixture, "one", "touch ~/begun; read line; echo \"$line\" >> ~/said");
  add (fixture, "last", NULL);
  session_series_play_async (fixture->series, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_until (has_begun, fixture, WAIT, "the command to begin");
  g_cancellable_cancel (fixture->cancellable);
  test_wait_for_pointer (&result, WAIT, "the series");
  g_assert_false (session_series_play_finish (fixture->series, result, &failure, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (failure);
  g_assert_true (session_step_get_running (one));

  session_pty_write (fixture->pty, "so\r", -1);
  test_wait_until (is_done, one, WAIT, "the step to be done");
  {
    g_autofree char *said = dup_home_file (fixture, "said");

    g_assert_cmpstr (said, ==, "so\n");
  }
}

/* What is done in an editor by hand is made without it; any other command comes first. */
static void
test_edit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_build_filename (fake_place_get_home (fixture->lab.place), "settings.yaml", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  g_file_set_contents (path, "enabled: false\n", -1, &error);
  g_assert_no_error (error);
  add (fixture, "file", NULL);
  add (fixture, "both", NULL);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_null (failure);
  text = dup_home_file (fixture, "settings.yaml");
  g_assert_cmpstr (text, ==, "enabled: maybe\n");
  before = dup_home_file (fixture, "before.yaml");
  g_assert_cmpstr (before, ==, "enabled: true\n");
}

static void
test_terminal_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *line = NULL;

  session_pty_close (fixture->pty);
  add (fixture, "one", NULL);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (failure);
  line = session_failure_dup_line (failure);
  g_assert_cmpstr (line, ==, "The terminal has ended");
}

static void
test_words (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SessionFailure) failure = session_failure_new_check ("There is\na pod", "none", 2);
  g_autoptr (SessionFailure) unseen = session_failure_new_check ("There is a pod", NULL, -1);
  g_autofree char *line = session_failure_dup_line (failure);
  g_autofree char *unseen_line = session_failure_dup_line (unseen);
  g_autofree char *sentence = session_failure_dup_sentence (unseen);

  g_assert_cmpstr (line, ==, "not so: There is a pod (none); the command ended with status 2");
  g_assert_cmpstr (unseen_line, ==, "not so: There is a pod (it could not be looked at)");
  g_assert_cmpstr (sentence, ==, "It cannot be seen whether this is so: There is a pod");
}

static gboolean
has_notice (gpointer series)
{
  return session_series_get_notice (series) != NULL;
}

static gboolean
is_listed (gpointer services)
{
  return session_resource_get_state (services) == KUBE_LIST_LIVE &&
         session_resource_find (services, "default", "redis") != NULL;
}

/* A command is kept back only where the list can be seen. */
static void
put_service (Fixture *fixture, const char *type, const char *ingress)
{
  g_autofree char *json = g_strdup_printf (
    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"redis\",\"namespace\":"
    "\"default\"},\"spec\":{\"type\":\"%s\"},\"status\":{\"loadBalancer\":{%s}}}",
    type, ingress);

  fake_api_server_put (fixture->lab.server, json);
  test_wait_until (is_listed, fixture->services, WAIT, "the list of services");
}

/* An address that the cluster has not given yet is waited for, and then the command is typed. */
static void
test_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;

  put_service (fixture, "LoadBalancer", "");
  add (fixture, "use", NULL);
  session_series_play_async (fixture->series, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_until (has_notice, fixture->series, WAIT, "it to be said what is waited for");
  g_assert_cmpstr (session_series_get_notice (fixture->series), ==,
                   "Waiting for the address of the service default/redis.");
  before = dup_home_file (fixture, "said");
  g_assert_null (before);
  put_service (fixture, "LoadBalancer", "\"ingress\":[{\"hostname\":\"one.example\"}]");
  test_wait_for_pointer (&result, WAIT, "the series");
  g_assert_true (session_series_play_finish (fixture->series, result, &failure, &error));
  g_assert_null (failure);
  g_assert_null (session_series_get_notice (fixture->series));
}

static void
assert_stops (Fixture *fixture, const char *id, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autofree char *sentence = NULL;

  add (fixture, id, NULL);
  add (fixture, "last", NULL);
  failure = play (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (failure);
  sentence = session_failure_dup_sentence (failure);
  g_assert_cmpstr (sentence, ==, reason);
  g_assert_cmpuint (session_series_get_position (fixture->series), ==, 0);
}

/* What never comes is not waited for. */
static void
test_other_address (Fixture *fixture, gconstpointer data)
{
  put_service (fixture, "LoadBalancer", "\"ingress\":[{\"ip\":\"10.0.0.1\"}]");
  assert_stops (
    fixture, "use",
    "The address of the service default/redis is 10.0.0.1, and nothing is at "
    "$.status.loadBalancer.ingress[*].hostname. Edit the step to ask for that address.");
}

static void
test_no_address (Fixture *fixture, gconstpointer data)
{
  put_service (fixture, "ClusterIP", "");
  assert_stops (fixture, "use",
                "The service default/redis is of the type ClusterIP; only one of the type "
                "LoadBalancer gets an address from outside.");
}

static gboolean
is_stale (gpointer services)
{
  return session_resource_get_state (services) == KUBE_LIST_STALE;
}

/* A connection that is lost meanwhile comes back, and the address with it. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "/services",
    .status = 500,
    .body = "{}",
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autoptr (GError) error = NULL;

  put_service (fixture, "LoadBalancer", "");
  add (fixture, "use", NULL);
  session_series_play_async (fixture->series, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_until (has_notice, fixture->series, WAIT, "it to be said what is waited for");
  fake_api_server_add_fault (fixture->lab.server, &refusal);
  fake_api_server_drop_watches (fixture->lab.server, "services");
  test_wait_until (is_stale, fixture->services, WAIT, "the list to be old");
  g_assert_false (session_step_get_running (lab_fixture_get_step (&fixture->lab, 0, "use")));
  g_assert_null (result);
  fake_api_server_clear_faults (fixture->lab.server);
  put_service (fixture, "LoadBalancer", "\"ingress\":[{\"hostname\":\"one.example\"}]");
  test_wait_for_pointer (&result, WAIT, "the series");
  g_assert_true (session_series_play_finish (fixture->series, result, &failure, &error));
  g_assert_null (failure);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError **error = user_data;
  g_autoptr (SessionFailure) failure = NULL;

  g_assert_false (session_series_play_finish (SESSION_SERIES (source), result, &failure, error));
  g_assert_null (failure);
}

static gboolean
is_gone (gpointer pointer)
{
  return *(gpointer *)pointer == NULL;
}

/* Whoever stops while an address is waited for has nothing typed, and may have let go of the series
 * by then. */
static void
test_stop_waiting (Fixture *fixture, gconstpointer data)
{
  SessionStep *use = lab_fixture_get_step (&fixture->lab, 0, "use");
  SessionSeries *series = fixture->series;
  g_autoptr (GError) error = NULL;

  put_service (fixture, "LoadBalancer", "");
  add (fixture, "use", NULL);
  session_series_play_async (series, fixture->cancellable, stopped_cb, &error);
  test_wait_until (has_notice, series, WAIT, "it to be said what is waited for");
  g_object_add_weak_pointer (G_OBJECT (series), (gpointer *)&series);
  g_clear_object (&fixture->series);
  g_assert_nonnull (series);
  g_cancellable_cancel (fixture->cancellable);
  test_wait_until (is_gone, &series, WAIT, "the series to end");
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (session_step_get_running (use));
}

static void
count_cb (const char *sentence, gpointer data)
{
  ++*(guint *)data;
}

static gboolean
is_counted (gpointer count)
{
  return *(guint *)count > 0;
}

/* Whoever listens to a trial hears nothing once it is stopped, and may be gone. */
static void
test_stop_listening (Fixture *fixture, gconstpointer data)
{
  guint count = 0;
  const SessionTrialListener listener = { PATIENCE_MS, count_cb, &count };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  SessionFailure *failure = NULL;

  put_service (fixture, "LoadBalancer", "");
  session_trial_async (lab_fixture_get_step (&fixture->lab, 0, "use"), fixture->pty, NULL,
                       &listener, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_until (is_counted, &count, WAIT, "it to be said what is waited for");
  g_cancellable_cancel (fixture->cancellable);
  count = 0;
  test_wait_for_pointer (&result, WAIT, "the trial");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (session_trial_finish (result, &failure, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count, ==, 0);
}

/* A program that asks something has its student answer. */
static void
test_question (Fixture *fixture, gconstpointer data)
{
  assert_stops (fixture, "ask",
                "Its program waits for you to type: “Name:”. Answer in the terminal, or leave it "
                "with Ctrl+C or Ctrl+D.");
}

/* Of one that prints nothing it is said, and it is waited for. */
static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SessionFailure) failure = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *go = NULL;

  add (fixture, "quiet", NULL);
  session_series_play_async (fixture->series, fixture->cancellable, test_wait_keep_result, &result);
  test_wait_until (has_notice, fixture->series, WAIT, "it to be said that nothing comes");
  g_assert_cmpstr (session_series_get_notice (fixture->series), ==,
                   "It has printed nothing for a while. Where it waits for you, type in the "
                   "terminal.");
  go = g_build_filename (fake_place_get_home (fixture->lab.place), "go", NULL);
  g_file_set_contents (go, "", 0, &error);
  g_assert_no_error (error);
  test_wait_for_pointer (&result, WAIT, "the series");
  g_assert_true (session_series_play_finish (fixture->series, result, &failure, &error));
  g_assert_null (failure);
  g_assert_null (session_series_get_notice (fixture->series));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/series/all", test_all },
    { "/session/series/mend", test_mend },
    { "/session/series/failure", test_failure },
    { "/session/series/status", test_status },
    { "/session/series/cancel", test_cancel },
    { "/session/series/edit", test_edit },
    { "/session/series/terminal-gone", test_terminal_gone },
    { "/session/series/words", test_words },
    { "/session/series/address", test_address },
    { "/session/series/other-address", test_other_address },
    { "/session/series/no-address", test_no_address },
    { "/session/series/lost", test_lost },
    { "/session/series/stop-waiting", test_stop_waiting },
    { "/session/series/stop-listening", test_stop_listening },
    { "/session/series/question", test_question },
    { "/session/series/silence", test_silence },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
