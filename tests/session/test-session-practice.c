/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "jump-practice.h"
#include "practice-lab.h"
#include "session-rehearsal.h"
#include "test-wait.h"

/* The course's own sections, played on a practice cluster of the test's own: real commands in real
 * terminals, and real connections. */

#define REHEARSAL_S 170

static void
line_cb (SessionRehearsal *rehearsal, const char *line, GPtrArray *lines)
{
  g_test_message ("%s", line);
  g_ptr_array_add (lines, g_strdup (line));
}

/* The load balancer's name comes, is known after a while, and then its port opens: what the place's
 * own connections have told. */
static void
assert_waited (CourseProgress *progress)
{
  static const CourseStage stages[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_HOST_NAME,
                                        COURSE_STAGE_DNS, COURSE_STAGE_PORT };
  const CourseWait *wait =
    course_waits_find (course_progress_get_waits (progress, "load-balancer", "redis-name"),
                       "The load balancer takes connections on port 6379");
  gint64 before = -1;

  g_assert_nonnull (wait);
  g_assert_cmpuint (course_wait_get_n_stages (wait), ==, G_N_ELEMENTS (stages));
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    g_test_message ("%s: %" G_GINT64_FORMAT, course_stage_get_id (stages[i]),
                    course_wait_get_ms (wait, i));
    g_assert_cmpuint (course_wait_get_stage (wait, i), ==, stages[i]);
    g_assert_cmpint (course_wait_get_ms (wait, i), >=, before);
    before = course_wait_get_ms (wait, i);
  }
  g_assert_cmpint (before, >, 0);
}

static void
test_section (gconstpointer data)
{
  const char *section = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", &error);
  g_autoptr (CourseCourse) course = practice_lab_load_training ();
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  JumpPlace *place = jump_practice_new (folder);
  SessionLab *lab = session_lab_new (course, place, progress, NULL);
  SessionRehearsal *rehearsal = session_rehearsal_new (lab, section);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean passed;

  g_signal_connect (rehearsal, "line", G_CALLBACK (line_cb), lines);
  session_rehearsal_run_async (rehearsal, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, REHEARSAL_S, "the rehearsal");
  passed = session_rehearsal_run_finish (rehearsal, result, &error);
  g_assert_no_error (error);
  if (!passed) {
    g_autofree char *junit = session_rehearsal_dup_junit (rehearsal);

    g_test_message ("%s", junit);
  }
  g_assert_true (passed);
  g_assert_cmpuint (lines->len, >=, 8);
  g_assert_cmpuint (
    course_progress_count_done (progress, course_course_find_section (course, section)), ==,
    lines->len);
  if (g_str_equal (section, "load-balancer"))
    assert_waited (progress);

  session_lab_disconnect (lab);
  practice_lab_wait_disconnected (place);
  g_clear_object (&result);
  g_assert_finalize_object (rehearsal);
  g_assert_finalize_object (lab);
  g_clear_object (&place);
  practice_lab_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  static const char *const needed[] = { "kubectl", "bwrap", "telnet", "nslookup", "nc", NULL };

  if (!practice_lab_has_programs (needed))
    return 77;
  kube_client_init_process ();
  /* LeakSanitizer stumbles over idle threads that have used GnuTLS. */
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session/practice/load-balancer", "load-balancer", test_section);
  g_test_add_data_func ("/session/practice/traffic-shifting", "traffic-shifting", test_section);
  return g_test_run ();
}
