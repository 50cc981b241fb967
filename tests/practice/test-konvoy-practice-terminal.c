/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base-json.h"
#include "practice-program.h"
#include "test-wait.h"

/* A terminal as a window or another terminal program has it. */
typedef struct {
  int master;
  int slave;
  pid_t pid;
  int status;
  GString *screen;
  const char *wanted;
} Screen;

static void
screen_clear (Screen *self)
{
  if (self->master >= 0)
    close (self->master);
  if (self->slave >= 0)
    close (self->slave);
  if (self->screen)
    g_string_free (self->screen, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Screen, screen_clear)

static gboolean
screen_shows (gpointer data)
{
  Screen *self = data;
  char buffer[4096];
  gssize length;

  while ((length = read (self->master, buffer, sizeof buffer)) > 0) {
    g_autofree char *escaped = NULL;

    g_string_append_len (self->screen, buffer, length);
    escaped = g_strescape (self->screen->str, NULL);
    g_test_message ("on the screen: %s", escaped);
  }
  return strstr (self->screen->str, self->wanted) != NULL;
}

static void
screen_wait (Screen *self, const char *wanted)
{
  self->wanted = wanted;
  test_wait_until (screen_shows, self, 20, wanted);
  g_string_erase (self->screen, 0,
                  strstr (self->screen->str, wanted) - self->screen->str + strlen (wanted));
}

static void
screen_type (Screen *self, const char *keys)
{
  g_assert_cmpint (write (self->master, keys, strlen (keys)), ==, strlen (keys));
}

static void
terminal_child (int slave, char *const *argv)
{
  setsid ();
  ioctl (slave, TIOCSCTTY, 0);
  for (int fd = 0; fd < 3; fd++)
    dup2 (slave, fd);
  execv (argv[0], argv);
  _exit (126);
}

static void
open_screen (Screen *self, char *const *argv)
{
  struct winsize size = { .ws_row = 31, .ws_col = 97 };

  self->screen = g_string_new (NULL);
  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (grantpt (self->master), ==, 0);
  g_assert_cmpint (unlockpt (self->master), ==, 0);
  self->slave = open (ptsname (self->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (ioctl (self->master, TIOCSWINSZ, &size), ==, 0);
  self->pid = fork ();
  if (self->pid == 0)
    terminal_child (self->slave, argv);
}

/* What the owner's line says a terminal is. */
static GStrv
dup_terminal_argv (ProgramOwner *owner)
{
  JsonArray *terminal = base_json_get_array (owner->root, "terminal", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (terminal); i++)
    g_strv_builder_add (builder, json_array_get_string_element (terminal, i));
  return g_strv_builder_end (builder);
}

static gboolean
screen_has_ended (gpointer data)
{
  Screen *self = data;

  self->wanted = "";
  screen_shows (self);
  return waitpid (self->pid, &self->status, WNOHANG) == self->pid;
}

static void
test_terminal (Program *self, gconstpointer data)
{
  struct winsize wider = { .ws_row = 40, .ws_col = 120 };
  struct termios before, during, after;
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (GStrv) argv = NULL;
  g_auto (Screen) screen = { .master = -1, .slave = -1 };

  if (!program_attach_or_skip (self, &owner))
    return;
  argv = dup_terminal_argv (&owner);
  open_screen (&screen, argv);
  tcgetattr (screen.slave, &before);

  screen_wait (&screen, "\033]133;A\a[centos@jumpserver ~]$ \033]133;B\a");
  tcgetattr (screen.slave, &during);
  g_assert_cmphex (during.c_lflag & (ICANON | ECHO | ISIG), ==, 0);
  screen_type (&screen, "cd lab; tty; stty size\r");
  screen_wait (&screen, "/dev/pts/0\r\n31 97\r\n\033]133;D;0\a");
  screen_wait (&screen, "[centos@jumpserver lab]$ ");

  /* Keys that mean something to a terminal mean it inside. The shell marks a command before it is
   * in the foreground, so it is asked itself. */
  screen_type (&screen, "sh -c 'echo run''ning; exec sleep 60'\r");
  screen_wait (&screen, "\033]133;C\arunning\r\n");
  screen_type (&screen, "\003");
  screen_wait (&screen, "\033]133;D;130\a");
  g_assert_cmpint (ioctl (screen.master, TIOCSWINSZ, &wider), ==, 0);
  screen_type (&screen, "until stty size | grep '40 120'; do :; done\r");
  screen_wait (&screen, "\a40 120\r\n");
  screen_type (&screen, "exit 5\r");
  test_wait_until (screen_has_ended, &screen, 30, "the end of the shell");
  g_assert_cmpint (WEXITSTATUS (screen.status), ==, 5);
  tcgetattr (screen.slave, &after);
  g_assert_cmphex (after.c_lflag, ==, before.c_lflag);
}

/* A window that is closed ends the shell in it, and a program there that does not want to end. */
static void
test_terminal_closed (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (GStrv) argv = NULL;
  g_auto (Screen) screen = { .master = -1, .slave = -1 };
  g_auto (ProgramRun) run = { 0 };

  if (!program_attach_or_skip (self, &owner))
    return;
  argv = dup_terminal_argv (&owner);
  open_screen (&screen, argv);
  screen_wait (&screen, "\033]133;B\a");
  screen_type (&screen, "trap '' HUP TERM; echo read''y\r");
  screen_wait (&screen, "\aready\r\n");
  close (screen.slave);
  screen.slave = -1;
  close (screen.master);
  screen.master = -1;
  test_wait_until (screen_has_ended, &screen, 30, "the end of the client");
  program_run_script (self, &run, "while pgrep -f '[b]ash --login'; do sleep 0.05; done >/dev/null",
                      NULL);
  g_assert_cmpint (run.status, ==, 0);
}

/* Only the streams that are a terminal are replaced by the sandbox's. */
static void
test_terminal_mixed (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (Screen) screen = { .master = -1, .slave = -1 };
  g_autofree char *script =
    g_strdup_printf ("%s --dir %s -- sh -c 'test -t 0 && echo in; test -t 1 || echo out >&2; "
                     "read word; echo $word' >%s/output",
                     self->program, self->dir, self->root);
  char *argv[] = { (char *)"/bin/sh", (char *)"-c", script, NULL };
  g_autofree char *output = g_build_filename (self->root, "output", NULL);
  g_autofree char *text = NULL;

  if (!program_attach_or_skip (self, &owner))
    return;
  open_screen (&screen, argv);
  screen_wait (&screen, "out\r\n");
  screen_type (&screen, "typed\r");
  test_wait_until (screen_has_ended, &screen, 30, "the end of the program");
  g_assert_cmpint (WEXITSTATUS (screen.status), ==, 0);
  g_assert_true (g_file_get_contents (output, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "in\ntyped\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/konvoy-practice-terminal/" path, Program, NULL, program_set_up, func,              \
              program_tear_down)
  ADD ("typing", test_terminal);
  ADD ("closed", test_terminal_closed);
  ADD ("mixed", test_terminal_mixed);
#undef ADD

  return g_test_run ();
}
