/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "session-fall.h"
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
  NULL
};

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (fixture, SECTIONS);
  lab_fixture_put_pod (fixture, "redis", "Running");
  lab_fixture_put_pod (fixture, "web", "Running");
  lab_fixture_connect (fixture, &error);
  g_assert_no_error (error);
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

static gboolean
is_done (gpointer step)
{
  return session_step_get_done (step);
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

/* What is gone that should have lasted is told, and which step makes it again. */
static void
test_gone (LabFixture *fixture, gconstpointer data)
{
  SessionStep *keep = lab_fixture_get_step (fixture, 0, "keep");
  SessionStep *look = lab_fixture_get_step (fixture, 0, "look");

  test_wait_until (is_done, look, WAIT, "the pod to be seen");
  g_assert_cmpuint (session_step_get_n_fallen (look), ==, 0);
  lab_fixture_put_pod (fixture, "web", "Pending");
  test_wait_until (has_fallen, look, WAIT, "the pod to be seen as it is");
  g_assert_cmpuint (session_fall_find_step (look, get_check (look)), ==, 3);
  g_assert_cmpuint (session_step_get_n_fallen (keep), ==, 0);

  fake_api_server_remove (fixture->server, "pods", "default", "web");
  test_wait_until (has_fallen, keep, WAIT, "the pod to be missed");
  test_wait_until (has_fallen, look, WAIT, "the pod to be missed by who looks at it");
  test_wait_until (is_gone, look, WAIT, "it to be said that the pod is gone");
  g_assert_cmpuint (session_fall_find_step (look, get_check (look)), ==, 2);
  g_assert_cmpuint (session_fall_find_step (keep, get_check (keep)), ==, 2);
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

  test_wait_until (is_done, lab_fixture_get_step (fixture, 0, "look"), WAIT, "the pods to be seen");
  fake_api_server_remove (fixture->server, "pods", "default", "redis");
  test_wait_until (is_done, remove, WAIT, "the pod to be removed");
  test_wait_until (is_waiting, make, WAIT, "the pod to be missed");
  test_wait_until (has_not_fallen, make, WAIT, "its end to be found in order");
  g_assert_true (session_step_get_done (make));

  session_step_forget (remove);
  g_assert_cmpuint (session_step_get_n_fallen (make), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session-fall/gone", LabFixture, NULL, set_up, test_gone, tear_down);
  g_test_add ("/session-fall/until", LabFixture, NULL, set_up, test_until, tear_down);
  return g_test_run ();
}
