/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "session-waits.h"

/* Monotonic time in milliseconds. */
#define AT(ms) (G_GINT64_CONSTANT (1000) * (1000000 + (ms)))

static const char *const SECTIONS[] = { "---\nid: reach\ntitle: Reach\n---\n# Reach\n\n"
                                        "```bash {id=open}\ntrue\n```\n"
                                        "```check\n"
                                        "- reach: {service: redis, port: 6379}\n"
                                        "  says: Redis takes connections\n"
                                        "- resource: pod/redis\n"
                                        "  says: There is a pod\n"
                                        "- http: {service: web}\n"
                                        "  says: The page is there\n"
                                        "```\n\n"
                                        "```bash {id=look}\ntrue\n```\n",
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

static GPtrArray *
get_checks (LabFixture *fixture, const char *step)
{
  return session_step_get_checks (lab_fixture_get_step (fixture, 0, step));
}

static SessionChain *
get_chain (GPtrArray *checks, guint index)
{
  return session_check_get_chain (g_ptr_array_index (checks, index));
}

static void
assert_report (GPtrArray *checks, const char *expected)
{
  g_autofree char *report = session_waits_dup_report (checks, AT (0));

  g_assert_cmpstr (report, ==, expected);
}

static void
test_report (LabFixture *fixture, gconstpointer data)
{
  GPtrArray *checks = get_checks (fixture, "open");
  SessionChain *redis = get_chain (checks, 0);
  SessionChain *web = get_chain (checks, 2);

  assert_report (get_checks (fixture, "look"), "");
  /* what only looks on has nothing to tell */
  assert_report (checks, "");
  session_chain_fail (web, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (-5000));
  session_chain_fail (redis, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-5000));
  session_chain_begin (redis, AT (0));
  session_chain_begin (web, AT (0));
  session_chain_fail (redis, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (1250));
  session_chain_pass (web, COURSE_STAGE_DNS, AT (2000));
  assert_report (checks, "waited for: Redis takes connections\n"
                         "  service: 1.250 s, of it 1.250 s\n"
                         "  host-name: 1.250 s, of it 0.000 s\n"
                         "  dns: waiting\n"
                         "  port: not yet\n"
                         "waited for: The page is there\n"
                         "  service: before\n"
                         "  host-name: before\n"
                         "  dns: 2.000 s, of it 2.000 s\n"
                         "  port: waiting\n"
                         "  answer: not yet\n");
  session_chain_pass_all (redis, AT (61250));
  session_chain_pass_all (web, AT (61250));
  session_chain_fail (web, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (70000));
  assert_report (checks, "waited for: Redis takes connections\n"
                         "  service: 1.250 s, of it 1.250 s\n"
                         "  host-name: 1.250 s, of it 0.000 s\n"
                         "  dns: 61.250 s, of it 60.000 s\n"
                         "  port: 61.250 s, of it 0.000 s\n"
                         "waited for: The page is there\n"
                         "  service: before\n"
                         "  host-name: before\n"
                         "  dns: 2.000 s, of it 2.000 s\n"
                         "  port: no longer\n"
                         "  answer: not yet\n");
}

/* All was so before the step was run, and had to be seen again. */
static void
test_seen_again (LabFixture *fixture, gconstpointer data)
{
  GPtrArray *checks = get_checks (fixture, "open");
  SessionChain *redis = get_chain (checks, 0);
  const char *const before = "waited for: Redis takes connections\n"
                             "  service: before\n"
                             "  host-name: before\n"
                             "  dns: before\n"
                             "  port: before\n";
  g_autofree char *again = g_strconcat (before, "  seen again: 2.250 s\n", NULL);

  session_chain_pass_all (redis, AT (-5000));
  session_chain_begin (redis, AT (0));
  assert_report (checks, before);
  session_chain_pass_all (redis, AT (2250));
  assert_report (checks, again);
}

/* What is over is listed, and known to another lab that comes later. */
static void
test_list (LabFixture *fixture, gconstpointer data)
{
  GPtrArray *checks = get_checks (fixture, "open");
  g_autoptr (GPtrArray) none = session_waits_list (checks);
  g_autoptr (GPtrArray) waits = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  session_chain_fail (get_chain (checks, 0), COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (0));
  session_chain_begin (get_chain (checks, 0), AT (0));
  session_chain_pass_all (get_chain (checks, 0), AT (900));
  waits = session_waits_list (checks);
  g_assert_cmpuint (waits->len, ==, 1);
  g_assert_cmpint (course_wait_get_ms (g_ptr_array_index (waits, 0), 3), ==, 900);

  session_waits_restore (checks, NULL);
  g_assert_false (session_chain_is_whole (get_chain (checks, 2)));
  g_ptr_array_add (waits, course_wait_new ("The page is there"));
  session_waits_restore (checks, waits);
  /* of another shape */
  g_assert_false (session_chain_is_whole (get_chain (checks, 2)));
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/session/waits/report", LabFixture, NULL, set_up, test_report, tear_down);
  g_test_add ("/session/waits/seen-again", LabFixture, NULL, set_up, test_seen_again, tear_down);
  g_test_add ("/session/waits/list", LabFixture, NULL, set_up, test_list, tear_down);
  return g_test_run ();
}
