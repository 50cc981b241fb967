/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-lab.h"

#include <glib/gstdio.h>

#include "base-install.h"
#include "jump-practice.h"
#include "test-wait.h"

#define SCRIPT_S 90
#define WAIT 30

static gboolean
is_there (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  if (path == NULL)
    g_print ("# %s is not installed\n", program);
  return path != NULL;
}

gboolean
practice_lab_has_programs (const char *const *programs)
{
  for (gsize i = 0; programs[i] != NULL; i++)
    if (!is_there (programs[i]))
      return FALSE;
  return TRUE;
}

CourseCourse *
practice_lab_load_training (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "course", NULL);
  g_autoptr (GError) error = NULL;
  CourseCourse *course = course_course_load (path, &error);

  g_assert_no_error (error);
  return course;
}

void
practice_lab_start (PracticeLab *self, const char *seed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;

  self->folder = g_dir_make_tmp ("konvoy-lab-XXXXXX", &error);
  g_assert_no_error (error);
  self->program = base_install_dup_program ("konvoy-practice");
  self->owner = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                  &error, self->program, "--dir", self->folder,
                                  seed != NULL ? "--seed" : NULL, seed, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->owner));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result,
                                       &result);
  test_wait_for_pointer (&result, WAIT, "the practice cluster");
  line = g_data_input_stream_read_line_finish (output, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
}

char *
practice_lab_dup_output (PracticeLab *self, const char *script)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char *output = NULL;
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
  return output;
}

void
practice_lab_run (PracticeLab *self, const char *script)
{
  g_autofree char *output = practice_lab_dup_output (self, script);
}

void
practice_lab_connect (PracticeLab *self, CourseCourse *course)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  self->course = course;
  self->progress = course_progress_new (NULL);
  self->place = jump_practice_new (self->folder);
  self->lab = session_lab_new (self->course, self->place, self->progress, NULL);
  session_lab_connect_async (self->lab, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the lab to connect");
  session_lab_connect_finish (self->lab, result, &error);
  g_assert_no_error (error);
}

static gboolean
is_disconnected (gpointer data)
{
  return jump_place_get_state (data) == JUMP_PLACE_DISCONNECTED;
}

void
practice_lab_wait_disconnected (JumpPlace *place)
{
  test_wait_until (is_disconnected, place, WAIT, "the place to be left");
}

void
practice_lab_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      practice_lab_remove_folder (child);
    else
      g_remove (child);
  }
  g_rmdir (path);
}

void
practice_lab_end (PracticeLab *self)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_lab_disconnect (self->lab);
  practice_lab_wait_disconnected (self->place);
  test_wait_finalize (self->lab, WAIT);
  g_clear_object (&self->place);
  g_clear_object (&self->progress);
  g_clear_object (&self->course);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->owner), NULL, NULL);
  g_subprocess_wait_async (self->owner, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the practice cluster to end");
  g_clear_object (&self->owner);
  practice_lab_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->program, g_free);
}
