/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "session-fall.h"
#include "session-step-private.h"
#include "test-wait.h"

#define WAIT 15

static const char *const SECTIONS[] = {
  "---\nid: pods\ntitle: Pods\n---\n# Pods\n\n"
  "```bash {id=make}\ntrue\n```\n"
  "```check\n- resource: pod/redis\n  says: There is a pod redis\n  until: remove\n```\n\n"
  "```bash {id=keep}\ntrue\n```\n"
  "```check\n- resource: pod/web\n  says: There is a pod web\n```\n\n"
  "```bash {id=look}\ntrue\n```\n"
  "```check\n- resource: pod/web\n  path: $.status.phase\n  equals: Running\n"
  "  says: The pod web is running\n```\n\n"
  "```bash {id=remove}\ntrue\n```\n"
  "```check\n- resource: pod/redis\n  absent: true\n  says: The pod redis is gone\n```\n",
  "---\nid: other\ntitle: Other\n---\n# Other\n\n```bash {id=other}\ntrue\n```\n",
  "---\nid: needy\ntitle: Needy\nneeds: [pods]\n---\n# Needy\n\n"
  "```bash {id=list}\ntrue\n```\n"
  "```check\n- resource: pods\n  selector: app=web\n  at-least: 1\n  says: There is a pod of web\n"
  "- terminal: {}\n  says: You have seen the list\n```\n\n"
  "```bash {id=own}\ntrue\n```\n"
  "```check\n- resource: pod/own\n  says: There is a pod of its own\n```\n\n"
  "```bash {id=label}\ntrue\n```\n"
  "```check\n- resource: pods\n  selector: app=own\n  count: 1\n  says: It has its label\n```\n",
  NULL
};

/* Before, so that no test waits for one after the other to be seen. */
static const char *const DONE[] = { "make", "keep", "look" };

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (fixture, SECTIONS);
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_put_pod (fixture, "web", "Running");
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (DONE); i++)
    course_progress_mark_done (fixture->progress, "pods", DONE[i], 1574680231);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
}

static void
tear_down (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_tear_down (fixture);
}

static SessionCheck *
get_check (SessionStep *step)
{
  return g_ptr_array_index (session_step_get_checks (step), 0);
}

/* (nullable): the step that mends what has fallen of @step */
static SessionStep *
find_mender (SessionStep *step)
{
  return session_fall_find_mender (step, get_check (step));
}

static gboolean
is_done (gpointer step)
{
  return session_step_get_done (step);
}

static gboolean
is_passed (gpointer step)
{
  return session_check_get_state (get_check (step)) == SESSION_CHECK_PASSED;
}

static gboolean
has_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) == 1;
}

static gboolean
has_not_fallen (gpointer step)
{
  return session_step_get_n_fallen (step) == 0;
}

static gboolean
is_waiting (gpointer step)
{
  return session_check_get_state (get_check (step)) == SESSION_CHECK_WAITING;
}

static gboolean
is_gone (gpointer step)
{
  const char *detail = session_check_get_detail (get_check (step));

  return detail != NULL && g_str_has_prefix (detail, "the pod default/web is gone");
}

/* A step that only looks mends nothing; what a section needs of another is mended there. */
static void
test_needed (LabFixture *fixture, gconstpointer data)
{
  SessionStep *keep = lab_fixture_get_step (fixture, 0, "keep");
  SessionStep *list = lab_fixture_get_step (fixture, 2, "list");
  SessionStep *own = lab_fixture_get_step (fixture, 2, "own");
  CourseSection *needy = lab_fixture_get_section (fixture, 2);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) both = NULL;

  test_wait_until (is_passed, lab_fixture_get_step (fixture, 0, "look"), WAIT, "the pods");
  course_progress_mark_done (fixture->progress, "needy", "list", 1574680231);
  course_progress_mark_done (fixture->progress, "needy", "own", 1574680231);
  none = session_fall_list_menders (fixture->lab, needy);
  g_assert_cmpuint (none->len, ==, 0);
  fake_api_server_remove (fixture->server, "pods", "default", "web");
  test_wait_until (has_fallen, keep, WAIT, "the pod to be missed");
  test_wait_until (has_fallen, lab_fixture_get_step (fixture, 0, "look"), WAIT,
                   "the pod to be missed by who looks at it");
  session_lab_set_open_section (fixture->lab, needy);
  test_wait_until (has_fallen, list, WAIT, "the pods to be missed");
  test_wait_until (has_fallen, own, WAIT, "the other pod to be missed");
  g_assert_true (find_mender (list) == keep);
  g_assert_true (find_mender (own) == own);
  both = session_fall_list_menders (fixture->lab, needy);
  g_assert_cmpuint (both->len, ==, 3); /* with the one that looks at a pod by its name */
  g_assert_true (g_ptr_array_index (both, 0) == keep);
  g_assert_true (g_ptr_array_index (both, 2) == own);

  lab_fixture_put_pod (fixture, "own", "Running");
  lab_fixture_put_pod (fixture, "web", "Running");
  test_wait_until (has_not_fallen, list, WAIT, "the pods to be back");
}

/* A label is given back to a pod that is there; one that is gone is made again first. */
static void
test_selector (LabFixture *fixture, gconstpointer data)
{
  SessionStep *own = lab_fixture_get_step (fixture, 2, "own");
  SessionStep *label = lab_fixture_get_step (fixture, 2, "label");

  lab_fixture_put_pod (fixture, "own", "Running");
  course_progress_mark_done (fixture->progress, "needy", "own", 1574680231);
  course_progress_mark_done (fixture->progress, "needy", "label", 1574680231);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 2));
  test_wait_until (is_passed, label, WAIT, "the pod to be seen");
  fake_api_server_put (fixture->server, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{"
                                        "\"name\":\"own\",\"namespace\":\"default\"}}");
  test_wait_until (has_fallen, label, WAIT, "the label to be missed");
  g_assert_cmpuint (session_step_get_n_fallen (own), ==, 0);
  g_assert_true (find_mender (label) == label);

  fake_api_server_remove (fixture->server, "pods", "default", "own");
  test_wait_until (has_fallen, own, WAIT, "the pod to be missed");
  g_assert_true (find_mender (label) == own);
}

/* What is gone that should have lasted is told, and which step makes it again. */
static void
test_gone (LabFixture *fixture, gconstpointer data)
{
  SessionStep *keep = lab_fixture_get_step (fixture, 0, "keep");
  SessionStep *look = lab_fixture_get_step (fixture, 0, "look");

  test_wait_until (is_passed, look, WAIT, "the pod to be seen");
  g_assert_cmpuint (session_step_get_n_fallen (look), ==, 0);
  lab_fixture_put_pod (fixture, "web", "Pending");
  test_wait_until (has_fallen, look, WAIT, "the pod to be seen as it is");
  g_assert_true (find_mender (look) == look);
  g_assert_cmpuint (session_step_get_n_fallen (keep), ==, 0);

  fake_api_server_remove (fixture->server, "pods", "default", "web");
  test_wait_until (has_fallen, keep, WAIT, "the pod to be missed");
  test_wait_until (has_fallen, look, WAIT, "the pod to be missed by who looks at it");
  test_wait_until (is_gone, look, WAIT, "it to be said that the pod is gone");
  g_assert_true (find_mender (look) == keep);
  g_assert_true (find_mender (keep) == keep);
  g_assert_true (session_step_get_done (keep));

  lab_fixture_put_pod (fixture, "web", "Running");
  test_wait_until (has_not_fallen, keep, WAIT, "the pod to be back");
  test_wait_until (has_not_fallen, look, WAIT, "the pod to run again");
}

/* What a later step undoes on purpose is no fault, once that is done. */
static void
test_until (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *remove = lab_fixture_get_step (fixture, 0, "remove");

  test_wait_until (is_passed, lab_fixture_get_step (fixture, 0, "look"), WAIT,
                   "the pods to be seen");
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  test_wait_until (is_done, remove, WAIT, "the pod to be removed");
  test_wait_until (is_waiting, make, WAIT, "the pod to be missed");
  test_wait_until (has_not_fallen, make, WAIT, "its end to be found in order");
  g_assert_true (session_step_get_done (make));

  session_step_forget (remove);
  g_assert_cmpuint (session_step_get_n_fallen (make), ==, 1);
}

static void
note_fall_cb (SessionStep *step, GParamSpec *pspec, guint *n)
{
  (*n)++;
}

/* Nor is it while that step is under way, before all that proves it is so. */
static void
test_under_way (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *remove = lab_fixture_get_step (fixture, 0, "remove");
  guint n = 0;

  test_wait_until (is_passed, make, WAIT, "the pod to be seen");
  g_signal_connect (make, "notify::n-fallen", G_CALLBACK (note_fall_cb), &n);
  session_step_begin_run (remove);
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  test_wait_until (is_waiting, make, WAIT, "the pod to be missed");
  g_assert_cmpuint (n, ==, 0);
  session_step_end_run (remove, TRUE);
  test_wait_until (is_done, remove, WAIT, "the step to be done");
  g_assert_cmpuint (n, ==, 0);
}

static gboolean
is_unseen (gpointer step)
{
  return session_check_get_state (get_check (step)) == SESSION_CHECK_UNKNOWN;
}

static gboolean
is_counted (gpointer lab)
{
  GListModel *sections = course_course_get_sections (session_lab_get_course (lab));
  g_autoptr (CourseSection) section = g_list_model_get_item (sections, 0);

  return session_lab_count_fallen (lab, section) == 1;
}

static gboolean
is_not_counted (gpointer lab)
{
  return g_hash_table_size (session_lab_get_fallen (lab)) == 0;
}

static void
count_cb (SessionLab *lab, guint *n)
{
  (*n)++;
}

/* What has fallen is looked at when its section is left, and nothing else is. */
static void
test_left (LabFixture *fixture, gconstpointer data)
{
  SessionStep *make = lab_fixture_get_step (fixture, 0, "make");
  SessionStep *keep = lab_fixture_get_step (fixture, 0, "keep");
  guint n_changes = 0;

  g_signal_connect (fixture->lab, "fallen-changed", G_CALLBACK (count_cb), &n_changes);
  test_wait_until (is_passed, lab_fixture_get_step (fixture, 0, "look"), WAIT,
                   "the pods to be seen");
  g_assert_true (is_not_counted (fixture->lab));
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  test_wait_until (is_done, lab_fixture_get_step (fixture, 0, "remove"), WAIT, "redis to go");
  fake_api_server_remove (fixture->server, "pods", "default", "web");
  test_wait_until (has_fallen, keep, WAIT, "the pod to be missed");
  test_wait_until (has_fallen, lab_fixture_get_step (fixture, 0, "look"), WAIT,
                   "it to be looked for");
  lab_fixture_put_pod (fixture, "web", "Pending");
  test_wait_until (is_counted, fixture->lab, WAIT, "the pod to be there, and not to run");

  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 1));
  g_assert_true (is_unseen (make));
  g_assert_true (is_unseen (keep));
  g_assert_true (is_counted (fixture->lab));
  g_assert_cmpuint (session_lab_count_fallen (fixture->lab, lab_fixture_get_section (fixture, 1)),
                    ==, 0);

  n_changes = 0;
  lab_fixture_put_pod (fixture, "web", "Running");
  test_wait_until (is_not_counted, fixture->lab, WAIT, "the pod to run");
  g_assert_cmpuint (n_changes, ==, 1);
}

/* What its student has put back is none of that any more, and is not looked at. */
static void
test_put_back (LabFixture *fixture, gconstpointer data)
{
  SessionStep *look = lab_fixture_get_step (fixture, 0, "look");

  test_wait_until (is_passed, look, WAIT, "the pods to be seen");
  lab_fixture_put_pod (fixture, "web", "Pending");
  test_wait_until (is_counted, fixture->lab, WAIT, "the pod not to run");
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 1));
  g_assert_true (is_waiting (look));
  course_progress_reset (fixture->progress, NULL, NULL);
  g_assert_true (is_not_counted (fixture->lab));
  g_assert_true (is_unseen (look));
}

/* With the course as its author has just saved it all is seen anew. */
static void
test_dropped (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;

  test_wait_until (is_passed, lab_fixture_get_step (fixture, 0, "look"), WAIT,
                   "the pods to be seen");
  lab_fixture_put_pod (fixture, "web", "Pending");
  test_wait_until (is_counted, fixture->lab, WAIT, "the pod not to run");
  course = course_course_load (fixture->folder, &error);
  g_assert_no_error (error);
  session_lab_set_course (fixture->lab, course);
  g_assert_true (is_not_counted (fixture->lab));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session-fall/gone", LabFixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/session-fall/needed", LabFixture, NULL, set_up, test_needed, tear_down);
  g_test_add ("/session-fall/selector", LabFixture, NULL, set_up, test_selector, tear_down);
  g_test_add ("/session-fall/until", LabFixture, NULL, set_up, test_until, tear_down);
  g_test_add ("/session-fall/under-way", LabFixture, NULL, set_up, test_under_way, tear_down);
  g_test_add ("/session-fall/left", LabFixture, NULL, set_up, test_left, tear_down);
  g_test_add ("/session-fall/put-back", LabFixture, NULL, set_up, test_put_back, tear_down);
  g_test_add ("/session-fall/dropped", LabFixture, NULL, set_up, test_dropped, tear_down);
  return g_test_run ();
}
