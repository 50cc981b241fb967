/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-install.h"
#include "breakages.h"
#include "jump-practice.h"
#include "session-check-private.h"
#include "test-wait.h"

/* What is broken on purpose in a practice cluster of the test's own is told by the right check, in
 * a sentence that names the cause. One cluster serves all tests, which go on from each other. */

#define SCRIPT_S 90
#define WAIT 15

typedef struct {
  char *folder;
  char *program;
  GSubprocess *owner;
  JumpPlace *place;
  CourseCourse *course;
  CourseProgress *progress;
  SessionLab *lab;
} Cluster;

typedef struct {
  Cluster *cluster;
  const BreakageGroup *group;
} Case;

static void
run (Cluster *self, const char *script)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *output = NULL;
  g_autofree char *strict = g_strconcat ("set -e\n", script, NULL);
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                        G_SUBPROCESS_FLAGS_STDERR_MERGE,
                      &error, self->program, "--dir", self->folder, "--", "bash", NULL);

  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, strict, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, SCRIPT_S, "a script on the jumpserver");
  g_subprocess_communicate_utf8_finish (process, result, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (process));
}

/* (transfer full): a course of one section, with a step for each breakage */
static char *
dup_course (void)
{
  GString *text = g_string_new ("---\nid: broken\ntitle: Broken\n---\n# Broken\n\n");

  for (gsize i = 0; i < n_breakage_groups; i++) {
    for (const Breakage *at = breakage_groups[i].breakages; at->id != NULL; at++) {
      gsize length = strlen (at->check);

      g_string_append_printf (text, "```bash {id=%s}\ntrue\n```\n\n```check\n", at->id);
      if (*at->check == '{')
        g_string_append_printf (text, "- %.*s, says: It is well}\n```\n\n", (int)length - 1,
                                at->check);
      else
        g_string_append_printf (text, "- %s\n  says: It is well\n```\n\n", at->check);
    }
  }
  return g_string_free (text, FALSE);
}

static void
load_course (Cluster *self)
{
  g_autofree char *path = g_build_filename (self->folder, "broken.md", NULL);
  g_autofree char *text = dup_course ();
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  self->course = course_course_load (path, &error);
  g_assert_no_error (error);
}

static CourseSection *
get_section (Cluster *self)
{
  g_autoptr (CourseSection) section =
    g_list_model_get_item (course_course_get_sections (self->course), 0);

  return section;
}

static SessionCheck *
get_check (Cluster *self, const Breakage *breakage)
{
  CourseSection *section = get_section (self);
  SessionStep *step =
    session_lab_get_step (self->lab, section, course_section_find_step (section, breakage->id));

  return g_ptr_array_index (session_step_get_checks (step), 0);
}

static void
start_owner (Cluster *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  self->owner = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                  &error, self->program, "--dir", self->folder, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->owner));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result,
                                       &result);
  test_wait_for_pointer (&result, WAIT, "the practice cluster");
  line = g_data_input_stream_read_line_finish (output, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
}

static void
set_up (Cluster *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  self->folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", &error);
  g_assert_no_error (error);
  self->program = base_install_dup_program ("konvoy-practice");
  start_owner (self);
  load_course (self);
  self->progress = course_progress_new (NULL);
  self->place = jump_practice_new (self->folder);
  self->lab = session_lab_new (self->course, self->place, self->progress, NULL);
  session_lab_connect_async (self->lab, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the lab to connect");
  session_lab_connect_finish (self->lab, result, &error);
  g_assert_no_error (error);
  session_lab_set_open_section (self->lab, get_section (self));
}

static gboolean
is_disconnected (gpointer data)
{
  return jump_place_get_state (data) == JUMP_PLACE_DISCONNECTED;
}

static gboolean
is_alone (gpointer data)
{
  return G_OBJECT (data)->ref_count == 1;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_remove (child);
  }
  g_rmdir (path);
}

static void
tear_down (Cluster *self)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_lab_set_open_section (self->lab, NULL);
  session_lab_disconnect (self->lab);
  test_wait_until (is_disconnected, self->place, WAIT, "the place to be left");
  test_wait_until (is_alone, self->lab, WAIT, "what is under way in the lab to end");
  g_assert_finalize_object (self->lab);
  g_clear_object (&self->place);
  g_clear_object (&self->progress);
  g_clear_object (&self->course);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->owner), NULL, NULL);
  g_subprocess_wait_async (self->owner, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the practice cluster to end");
  g_clear_object (&self->owner);
  remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->program, g_free);
}

typedef struct {
  const Breakage *breakage;
  SessionCheck *check;
  char *seen;
  gint64 deadline; /* monotonic */
  gboolean is_late;
} Wait;

static gboolean
is_right (Wait *self, const char *detail)
{
  SessionCheckState state = session_check_get_state (self->check);

  if (self->breakage->detail == NULL)
    return state == SESSION_CHECK_PASSED;
  return state == SESSION_CHECK_WAITING && detail != NULL &&
         g_pattern_match_simple (self->breakage->detail, detail);
}

/* A sentence that does not come is shown beside the others that do. */
static gboolean
is_told (gpointer data)
{
  Wait *self = data;
  const char *detail = session_check_get_detail (self->check);

  if (g_strcmp0 (detail, self->seen) != 0) {
    g_free (self->seen);
    self->seen = g_strdup (detail);
    g_test_message ("%s: %s", self->breakage->id, detail != NULL ? detail : "nothing");
  }
  self->is_late = g_get_monotonic_time () > self->deadline;
  return self->is_late || is_right (self, detail);
}

static void
wait_for (Cluster *cluster, const Breakage *breakage)
{
  Wait wait = {
    .breakage = breakage,
    .check = get_check (cluster, breakage),
    .deadline = g_get_monotonic_time () + WAIT * TEST_WAIT_FACTOR * G_TIME_SPAN_SECOND,
  };

  test_wait_until (is_told, &wait, 2 * WAIT, breakage->id);
  if (wait.is_late)
    g_test_fail_printf ("%s: “%s” instead of “%s”", breakage->id, wait.seen,
                        breakage->detail != NULL ? breakage->detail : "nothing");
  g_free (wait.seen);
}

/* Once the script has ended the checks are begun, as a step that is run does. What nothing is done
 * for now was broken before. */
static void
test_group (gconstpointer data)
{
  const Case *self = data;
  const Breakage *breakages = self->group->breakages;

  if (self->group->script != NULL)
    run (self->cluster, self->group->script);
  for (const Breakage *at = breakages; self->group->script != NULL && at->id != NULL; at++)
    session_check_begin (get_check (self->cluster, at));
  for (const Breakage *at = breakages; at->id != NULL; at++)
    wait_for (self->cluster, at);
}

int
main (int argc, char **argv)
{
  g_autofree char *kubectl = g_find_program_in_path ("kubectl");
  g_autofree Case *cases = g_new0 (Case, n_breakage_groups);
  Cluster cluster = { 0 };
  int result;

  if (kubectl == NULL) {
    g_print ("# kubectl is not installed\n");
    return 77;
  }
  kube_client_init_process ();
  /* LeakSanitizer stumbles over idle threads that have used GnuTLS. */
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);
  set_up (&cluster);
  for (gsize i = 0; i < n_breakage_groups; i++) {
    g_autofree char *path = g_strconcat ("/session/breakages/", breakage_groups[i].name, NULL);

    cases[i] = (Case){ &cluster, &breakage_groups[i] };
    g_test_add_data_func (path, &cases[i], test_group);
  }
  result = g_test_run ();
  tear_down (&cluster);
  return result;
}
