/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base-install.h"
#include "base-json.h"
#include "practice-program.h"
#include "test-wait.h"

gboolean
program_run_has_ended (gpointer data)
{
  return ((ProgramRun *)data)->status >= 0;
}

void
program_run_clear (ProgramRun *self)
{
  if (self->process && self->status < 0) {
    g_subprocess_force_exit (self->process);
    test_wait_until (program_run_has_ended, self, 30, "the end of a program");
  }
  g_clear_object (&self->process);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
}

gboolean
program_owner_has_ended (gpointer data)
{
  return ((ProgramOwner *)data)->has_ended;
}

void
program_owner_clear (ProgramOwner *self)
{
  if (self->process) {
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    test_wait_until (program_owner_has_ended, self, 30, "the end of the client");
  }
  g_clear_object (&self->output);
  g_clear_object (&self->process);
  g_clear_pointer (&self->line, g_free);
  g_clear_pointer (&self->root, json_node_unref);
}

static void
remove_tree (const char *path)
{
  const char *const argv[] = { "rm", "-rf", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

void
program_set_up (Program *self, gconstpointer data)
{
  g_autofree char *runtime = NULL;

  self->root = g_dir_make_tmp ("konvoy-XXXXXX", NULL);
  self->dir = g_build_filename (self->root, "practice", NULL);
  self->program = base_install_dup_program ("konvoy-practice");
  runtime = g_build_filename (self->root, "run", NULL);
  g_assert_cmpint (g_mkdir (runtime, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("TERM", "xterm", TRUE);
  self->launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (self->launcher, "KONVOY_TEST_SECRET", "hidden", TRUE);
  g_subprocess_launcher_setenv (self->launcher, "LC_ALL", "C.UTF-8", TRUE);
}

void
program_tear_down (Program *self, gconstpointer data)
{
  g_object_unref (self->launcher);
  remove_tree (self->root);
  g_free (self->root);
  g_free (self->dir);
  g_free (self->program);
}

/* Arguments of `konvoy-practice --dir DIR -- sh -c SCRIPT`, without the last two where NULL. */
static GStrv
dup_argv (Program *self, const char *script)
{
  const char *const argv[] = {
    self->program, "--dir", self->dir, script ? "--" : NULL, "sh", "-c", script, NULL,
  };

  return g_strdupv ((char **)argv);
}

static void
communicated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ProgramRun *run = user_data;
  GSubprocess *process = G_SUBPROCESS (source);

  g_subprocess_communicate_utf8_finish (process, result, &run->output, &run->errors, NULL);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                     : 128 + g_subprocess_get_term_sig (process);
}

void
program_start (Program *self, ProgramRun *run, const char *script, const char *input)
{
  g_auto (GStrv) argv = dup_argv (self, script);

  program_start_argv (self, run, (const char *const *)argv, input);
}

void
program_start_argv (Program *self, ProgramRun *run, const char *const *argv, const char *input)
{
  g_autoptr (GError) error = NULL;

  run->status = -1;
  run->process = g_subprocess_launcher_spawnv (self->launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (run->process, input, NULL, communicated_cb, run);
}

void
program_run_script (Program *self, ProgramRun *run, const char *script, const char *input)
{
  program_start (self, run, script, input);
  test_wait_until (program_run_has_ended, run, 20, script);
}

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ProgramOwner *self = user_data;

  self->line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  self->has_read = TRUE;
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ProgramOwner *self = user_data;

  self->has_ended = TRUE;
}

static gboolean
line_is_read (gpointer data)
{
  return ((ProgramOwner *)data)->has_read;
}

void
program_attach (Program *self, ProgramOwner *attached)
{
  g_auto (GStrv) argv = dup_argv (self, NULL);
  g_autoptr (GError) error = NULL;

  attached->process =
    g_subprocess_launcher_spawnv (self->launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  attached->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (attached->process));
  g_data_input_stream_read_line_async (attached->output, 0, NULL, line_read_cb, attached);
  g_subprocess_wait_async (attached->process, NULL, waited_cb, attached);
  test_wait_until (line_is_read, attached, 30, "the owner's line");
  g_assert_nonnull (attached->line);
  attached->root = base_json_parse (attached->line, -1, &error);
  g_assert_no_error (error);
}

void
program_detach (ProgramOwner *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  test_wait_until (program_owner_has_ended, self, 30, "the end after standard input");
}

gboolean
program_attach_or_skip (Program *self, ProgramOwner *attached)
{
  const char *notice;

  program_attach (self, attached);
  notice = base_json_get_string (attached->root, "notice", NULL);
  if (notice)
    g_test_skip (notice);
  return notice == NULL;
}

guint
program_count_processes (const char *text)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (proc))) {
    g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
    g_autofree char *words = NULL;
    gsize length;

    if (g_file_get_contents (path, &words, &length, NULL) &&
        memmem (words, length, text, strlen (text)))
      n++;
  }
  return n;
}

gboolean
program_nothing_left (gpointer data)
{
  Program *self = data;

  return program_count_processes (self->dir) == 0;
}

gboolean
program_file_exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}
