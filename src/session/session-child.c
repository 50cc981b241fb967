/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-child.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* How long a child may take to go after SIGHUP. */
#define KILL_AFTER_MS 2000

/* A child that is told to go while nobody waits for it any more. */
typedef struct {
  GPid pid;
  guint timer;
} Farewell;

static gboolean
kill_cb (gpointer user_data)
{
  Farewell *farewell = user_data;

  farewell->timer = 0;
  kill (-farewell->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
reaped_cb (GPid pid, int status, gpointer user_data)
{
  Farewell *farewell = user_data;

  g_clear_handle_id (&farewell->timer, g_source_remove);
}

void
session_child_dismiss (GPid pid)
{
  Farewell *farewell = g_new0 (Farewell, 1);

  farewell->pid = pid;
  farewell->timer = g_timeout_add (KILL_AFTER_MS, kill_cb, farewell);
  kill (-pid, SIGHUP);
  kill (-pid, SIGCONT);
  g_child_watch_add_full (G_PRIORITY_DEFAULT, pid, reaped_cb, farewell, g_free);
}

/* In the child, after fork: only calls that are safe there. */
static void
child_setup_cb (gpointer user_data)
{
  sigset_t none;

  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  /* A program started in the background of a script ignores Ctrl+C; its terminal must not. */
  signal (SIGINT, SIG_DFL);
  signal (SIGQUIT, SIG_DFL);
  signal (SIGPIPE, SIG_DFL);
  setsid ();
  ioctl (STDIN_FILENO, TIOCSCTTY, 0);
}

static int
open_master (GError **error)
{
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

  if (master >= 0 && grantpt (master) == 0 && unlockpt (master) == 0)
    return master;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("No terminal can be opened on this computer: %s"), g_strerror (errno));
  if (master >= 0)
    close (master);
  return -1;
}

static int
open_slave (int master, GError **error)
{
  int slave = ioctl (master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  struct termios attributes;

  if (slave < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("No terminal can be opened on this computer: %s"), g_strerror (errno));
    return -1;
  }
  if (tcgetattr (slave, &attributes) == 0) {
    attributes.c_iflag |= IUTF8;
    tcsetattr (slave, TCSANOW, &attributes);
  }
  return slave;
}

/* The child's environment names this terminal, not one that the program itself was started in. */
static GStrv
dup_environment (const char *const *environment)
{
  GStrv result = environment != NULL ? g_strdupv ((char **)environment) : g_get_environ ();

  result = g_environ_setenv (result, "TERM", "xterm-256color", environment == NULL);
  result = g_environ_setenv (result, "COLORTERM", "truecolor", environment == NULL);
  result = g_environ_unsetenv (result, "COLUMNS");
  return g_environ_unsetenv (result, "LINES");
}

/**
 * session_child_spawn:
 * @argv: looked up in PATH
 * @environment: (nullable): the whole environment, NULL for our own
 * @pid: (out): the child, for g_child_watch_source_new() and session_child_dismiss()
 *
 * Starts a child as leader of a session with a new terminal.
 *
 * Returns: the terminal's master side, which does not block; -1 with an error
 */
int
session_child_spawn (const char *const *argv,
                     const char *const *environment,
                     guint columns,
                     guint rows,
                     GPid *pid,
                     GError **error)
{
  struct winsize size = { .ws_col = MIN (columns, G_MAXUINT16), .ws_row = MIN (rows, G_MAXUINT16) };
  g_auto (GStrv) envp = NULL;
  int master = open_master (error);
  int slave = master >= 0 ? open_slave (master, error) : -1;
  gboolean spawned = FALSE;

  if (slave >= 0) {
    ioctl (master, TIOCSWINSZ, &size);
    envp = dup_environment (environment);
    spawned = g_spawn_async_with_fds (NULL, (char **)argv, envp,
                                      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                                      child_setup_cb, NULL, pid, slave, slave, slave, error);
    close (slave);
  }
  if (spawned)
    return master;
  if (master >= 0)
    close (master);
  return -1;
}
