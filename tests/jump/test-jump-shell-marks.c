/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jump-shell-marks.h"
#include "test-place.h"

/* A login shell in a terminal of its own, as an SSH server starts one. */
typedef struct {
  char *home;
  int terminal;
  GPid pid;
  GInputStream *stream;
  GSource *source;
  GString *output;
  const char *awaited;
} Fixture;

static void
child_setup (gpointer data)
{
  setsid ();
  ioctl (0, TIOCSCTTY, 0);
}

static gboolean
readable_cb (GObject *stream, gpointer user_data)
{
  Fixture *fixture = user_data;
  char buffer[1024];
  gssize n = read (fixture->terminal, buffer, sizeof buffer);

  if (n <= 0)
    return G_SOURCE_REMOVE;
  g_string_append_len (fixture->output, buffer, n);
  return G_SOURCE_CONTINUE;
}

static void
start_shell (Fixture *fixture, const char *login_shell, const char *shell)
{
  g_autofree char *name = g_path_get_basename (shell);
  g_autofree char *command = jump_shell_marks_dup_command (name);
  const char *argv[] = { login_shell, "-c", command, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  int slave;

  fixture->terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (fixture->terminal, >=, 0);
  g_assert_cmpint (grantpt (fixture->terminal), ==, 0);
  g_assert_cmpint (unlockpt (fixture->terminal), ==, 0);
  slave = open (ptsname (fixture->terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (slave, >=, 0);

  environment = g_environ_setenv (environment, "HOME", fixture->home, TRUE);
  environment = g_environ_setenv (environment, "SHELL", shell, TRUE);
  environment = g_environ_unsetenv (environment, "PROMPT_COMMAND");
  environment = g_environ_unsetenv (environment, "XDG_CONFIG_HOME");
  g_spawn_async_with_pipes_and_fds (fixture->home, argv, (const char *const *)environment,
                                    G_SPAWN_DO_NOT_REAP_CHILD, child_setup, NULL, slave, slave,
                                    slave, NULL, NULL, 0, &fixture->pid, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  close (slave);

  fixture->stream = g_unix_input_stream_new (fixture->terminal, FALSE);
  fixture->source =
    g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (fixture->stream), NULL);
  g_source_set_callback (fixture->source, G_SOURCE_FUNC (readable_cb), fixture, NULL);
  g_source_attach (fixture->source, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->home = g_dir_make_tmp ("jump-marks-XXXXXX", NULL);
  fixture->output = g_string_new (NULL);
}

static gboolean
has_ended (gpointer data)
{
  Fixture *fixture = data;

  return waitpid (fixture->pid, NULL, WNOHANG) == fixture->pid;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->source != NULL) {
    test_wait_until (has_ended, fixture, 10, "the shell to end");
    g_source_destroy (fixture->source);
    g_clear_pointer (&fixture->source, g_source_unref);
    g_clear_object (&fixture->stream);
    close (fixture->terminal);
  }
  test_place_remove_tree (fixture->home);
  g_clear_pointer (&fixture->home, g_free);
  g_string_free (fixture->output, TRUE);
}

static gboolean
has_output (gpointer data)
{
  Fixture *fixture = data;

  return strstr (fixture->output->str, fixture->awaited) != NULL;
}

/* Waits for @text, and forgets all up to its end. */
static void
await (Fixture *fixture, const char *text)
{
  const char *found;

  fixture->awaited = text;
  test_wait_until (has_output, fixture, 10, text);
  found = strstr (fixture->output->str, text);
  g_string_erase (fixture->output, 0, found + strlen (text) - fixture->output->str);
}

static void
type (Fixture *fixture, const char *text)
{
  g_assert_cmpint (write (fixture->terminal, text, strlen (text)), ==, strlen (text));
}

static void
write_home_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->home, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

#define PROMPT "\033]133;A\007"

/* It tells that it is in @name (nullable) of its home, as a part of an address has it. */
static void
await_directory (Fixture *fixture, const char *name)
{
  g_autofree char *end = name != NULL ? g_strconcat (fixture->home, "/", name, "\007", NULL)
                                      : g_strconcat (fixture->home, "\007", NULL);

  await (fixture, "\033]7;file://");
  await (fixture, end);
}

static void
test_marks (Fixture *fixture, gconstpointer data)
{
  start_shell (fixture, "/bin/sh", "/bin/bash");
  await_directory (fixture, NULL);
  await (fixture, PROMPT);
  await_directory (fixture, NULL);
  g_assert_null (strstr (fixture->output->str, "133;D"));
  type (fixture, "false\n");
  await (fixture, "\033]133;D;1\007");
  await (fixture, PROMPT);
  type (fixture, "sh -c 'exit 42'\n");
  await (fixture, "\033]133;D;42\007");
  await (fixture, PROMPT);
  type (fixture, "true\n");
  await (fixture, "\033]133;D;0\007");
  await (fixture, PROMPT);
  type (fixture, "mkdir 'a %b' && cd a*\n");
  await (fixture, PROMPT);
  await_directory (fixture, "a %25b");
  type (fixture, "cat <<EOF\nlast line\nEOF\n");
  await (fixture, "\033]133;D;0\007");
  await (fixture, PROMPT);
  type (fixture, "logout\n");
}

/* What the user's own files set up goes on working, and sees the status of the command. */
static void
test_user_hook (Fixture *fixture, gconstpointer data)
{
  write_home_file (fixture, ".bash_profile", ". ~/.bashrc\necho profile read\n");
  write_home_file (fixture, ".bashrc",
                   "mkdir own\ncd own\nPS1='mine> '\nPROMPT_COMMAND='echo \"status $?\"; '\n");
  write_home_file (fixture, ".profile", "echo wrong profile\n");
  start_shell (fixture, "/bin/bash", "/bin/bash");
  await_directory (fixture, NULL);
  await (fixture, "profile read");
  await (fixture, PROMPT);
  await_directory (fixture, "own");
  await (fixture, "mine> ");
  type (fixture, "sh -c 'exit 7'\n");
  await (fixture, "\033]133;D;7\007");
  await (fixture, "status 7");
  await (fixture, PROMPT);
  type (fixture, "echo $?\n");
  await (fixture, "7");
  await (fixture, "\033]133;D;0\007");
  await (fixture, PROMPT);
  g_assert_null (strstr (fixture->output->str, "wrong"));
  type (fixture, "exit\n");
}

/* As the class's servers seldom have them; where they do, all works the same. */
static void
test_other_shell (Fixture *fixture, gconstpointer data)
{
  const char *name = data;
  g_autofree char *shell = g_find_program_in_path (name);
  g_autofree char *rc = g_build_filename (fixture->home, ".config", "fish", NULL);

  if (shell == NULL) {
    g_test_skip ("this shell is not installed here");
    return;
  }
  g_assert_cmpint (g_mkdir_with_parents (rc, 0700), ==, 0);
  write_home_file (fixture, ".zshrc", "echo profile read\n");
  write_home_file (fixture, ".config/fish/config.fish", "echo profile read\n");
  start_shell (fixture, shell, shell);
  await (fixture, "profile read");
  await (fixture, PROMPT);
  await_directory (fixture, NULL);
  g_assert_null (strstr (fixture->output->str, "133;D"));
  type (fixture, "false\r");
  await (fixture, "\033]133;D;1\007");
  await (fixture, PROMPT);
  type (fixture, "sh -c 'exit 42'\r");
  await (fixture, "\033]133;D;42\007");
  await (fixture, PROMPT);
  type (fixture, "mkdir 'a %b' && cd a*\r");
  await (fixture, PROMPT);
  await_directory (fixture, "a %25b");
  type (fixture, "exit\r");
}

static void
test_unknown_shell (void)
{
  g_assert_null (jump_shell_marks_dup_command ("tcsh"));
  g_assert_null (jump_shell_marks_dup_command (""));
}

#define ADD(name, func)                                                                            \
  g_test_add ("/jump/shell-marks/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!g_file_test ("/bin/bash", G_FILE_TEST_IS_EXECUTABLE)) {
    g_print ("1..0 # SKIP no bash here\n");
    return 0;
  }
  ADD ("marks", test_marks);
  ADD ("user-hook", test_user_hook);
  g_test_add ("/jump/shell-marks/zsh", Fixture, "zsh", set_up, test_other_shell, tear_down);
  g_test_add ("/jump/shell-marks/fish", Fixture, "fish", set_up, test_other_shell, tear_down);
  g_test_add_func ("/jump/shell-marks/unknown", test_unknown_shell);

  return g_test_run ();
}
