/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sandbox-maker.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* File descriptors of the agent's socket inside, and of bubblewrap's options. */
#define AGENT_FD 3
#define OPTIONS_FD 4
#define COMPLAINT_LIMIT 1024

struct _PracticeSandboxMaker {
  PracticeNetwork *network;         /* (nullable): NULL: confined */
  PracticeConfinement *confinement; /* (nullable): instead of bubblewrap */
  char *agent_program;              /* its path inside */
  PracticeSandboxOptionsFunc open_options;
  gpointer data; /* of open_options */
  GDestroyNotify destroy;
};

/* What PracticeBwrapPaths points to, kept. */
typedef struct {
  char *program;
  char *home;
  char *etc;
  char *sockets;
  char *kubectl; /* (nullable) */
} Jumpserver;

static Jumpserver *
jumpserver_new (const PracticeBwrapPaths *paths)
{
  Jumpserver *self = g_new (Jumpserver, 1);

  self->program = g_strdup (paths->program);
  self->home = g_strdup (paths->home);
  self->etc = g_strdup (paths->etc);
  self->sockets = g_strdup (paths->sockets);
  self->kubectl = g_strdup (paths->kubectl);
  return self;
}

static void
jumpserver_free (gpointer data)
{
  Jumpserver *self = data;

  g_free (self->program);
  g_free (self->home);
  g_free (self->etc);
  g_free (self->sockets);
  g_free (self->kubectl);
  g_free (self);
}

static int
open_jumpserver_options (gpointer data, int first_fd, GArray *fds, GError **error)
{
  const Jumpserver *self = data;
  const PracticeBwrapPaths paths = { self->program, self->home, self->etc, self->sockets,
                                     self->kubectl };

  return practice_bwrap_open_options (&paths, error);
}

/**
 * practice_sandbox_maker_new:
 * @network: the network it shall be in
 * @agent_program: path inside of this program
 * @open_options: says how bubblewrap makes it
 * @data: data of @open_options
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a maker of sandboxes
 */
PracticeSandboxMaker *
practice_sandbox_maker_new (PracticeNetwork *network,
                            const char *agent_program,
                            PracticeSandboxOptionsFunc open_options,
                            gpointer data,
                            GDestroyNotify destroy)
{
  PracticeSandboxMaker *self = g_new0 (PracticeSandboxMaker, 1);

  self->network = g_object_ref (network);
  self->agent_program = g_strdup (agent_program);
  self->open_options = open_options;
  self->data = data;
  self->destroy = destroy;
  return self;
}

/**
 * practice_sandbox_maker_new_jumpserver:
 * @network: the network it shall be in
 * @paths: where its parts are on this computer; copied
 *
 * Returns: (transfer full): a maker of jumpservers
 */
PracticeSandboxMaker *
practice_sandbox_maker_new_jumpserver (PracticeNetwork *network, const PracticeBwrapPaths *paths)
{
  return practice_sandbox_maker_new (network, PRACTICE_JUMPSERVER_PROGRAM, open_jumpserver_options,
                                     jumpserver_new (paths), jumpserver_free);
}

/**
 * practice_sandbox_maker_new_confined:
 * @program: path of this program
 * @confinement: (transfer full): what programs in it may do
 *
 * Returns: (transfer full): a maker of what stands in for a sandbox
 */
PracticeSandboxMaker *
practice_sandbox_maker_new_confined (const char *program, PracticeConfinement *confinement)
{
  PracticeSandboxMaker *self = g_new0 (PracticeSandboxMaker, 1);

  self->agent_program = g_strdup (program);
  self->confinement = confinement;
  return self;
}

void
practice_sandbox_maker_free (PracticeSandboxMaker *self)
{
  g_clear_object (&self->network);
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self->agent_program);
  g_clear_pointer (&self->confinement, practice_confinement_free);
  g_free (self);
}

/* In the child, between fork and exec. */
static void
child_setup (gpointer user_data)
{
  PracticeSandboxMaker *self = user_data;

  for (int number = 1; number < NSIG; number++)
    signal (number, SIG_DFL);
  setsid ();
  errno = self->network != NULL ? practice_network_enter (self->network)
                                : practice_confinement_enter (self->confinement);
  if (errno != 0) {
    static const char text[] = "bwrap: its own network or rules are refused";

    if (write (STDERR_FILENO, text, sizeof text - 1) < 0)
      errno = 0;
    _exit (1);
  }
}

/* Hands bubblewrap's options over, and the files that they name. */
static gboolean
give_options (PracticeSandboxMaker *self, GSubprocessLauncher *launcher, GError **error)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  int options = self->open_options (self->data, PRACTICE_SANDBOX_FIRST_FD, fds, error);

  for (guint i = 0; i < fds->len; i++)
    g_subprocess_launcher_take_fd (launcher, g_array_index (fds, int, i),
                                   PRACTICE_SANDBOX_FIRST_FD + i);
  if (options >= 0)
    g_subprocess_launcher_take_fd (launcher, options, OPTIONS_FD);
  return options >= 0;
}

/**
 * practice_sandbox_maker_spawn:
 * @self: how it is made
 * @agent: (out) (transfer full): our side of the agent's socket
 * @error: return location
 *
 * Starts bubblewrap, or the agent itself where there is none.
 *
 * Returns: (transfer full) (nullable): the process; `G_IO_ERROR_NOT_SUPPORTED` where bubblewrap is
 *   missing, with a sentence for the user
 */
GSubprocess *
practice_sandbox_maker_spawn (PracticeSandboxMaker *self, GSocket **agent, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *bwrap = g_find_program_in_path ("bwrap");
  g_autofree char *options_fd = g_strdup_printf ("%d", OPTIONS_FD);
  g_autofree char *agent_fd = g_strdup_printf ("%d", AGENT_FD);
  const char *const argv[] = { bwrap,     "--args", options_fd, "--", self->agent_program,
                               "--agent", agent_fd, NULL };
  /* The last three of them where there is no bubblewrap. */
  const char *const nothing[] = { NULL };
  guint n_skipped = self->network != NULL ? 0 : 4;
  g_autoptr (GSocket) socket = NULL;
  GSubprocess *process;
  int sockets[2];

  if (self->network != NULL && !bwrap) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("Bubblewrap is not installed. Install the package “bubblewrap”."));
    return NULL;
  }
  if (self->network != NULL && !give_options (self, launcher, error))
    return NULL;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return NULL;
  }
  g_subprocess_launcher_take_fd (launcher, sockets[1], AGENT_FD);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, self, NULL);
  /* bubblewrap has an option for that. */
  if (self->network == NULL)
    g_subprocess_launcher_set_environ (launcher, (GStrv)nothing);
  socket = g_socket_new_from_fd (sockets[0], error);
  if (!socket) {
    close (sockets[0]);
    return NULL;
  }
  process = g_subprocess_launcher_spawnv (launcher, argv + n_skipped, error);
  if (process != NULL)
    *agent = g_steal_pointer (&socket);
  return process;
}

/**
 * practice_sandbox_maker_dup_complaint:
 * @bwrap: a process of practice_sandbox_maker_spawn() that has ended
 *
 * Returns: (transfer full): what bubblewrap had to say, without its name in front
 */
char *
practice_sandbox_maker_dup_complaint (GSubprocess *bwrap)
{
  GInputStream *errors = g_subprocess_get_stderr_pipe (bwrap);
  char buffer[COMPLAINT_LIMIT] = "";
  char *text = buffer;

  if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (errors), buffer,
                                                sizeof buffer - 1, NULL, NULL) <= 0 ||
      !g_utf8_validate (buffer, -1, NULL))
    return g_strdup (_ ("it ended without a word"));
  if (g_str_has_prefix (text, "bwrap: "))
    text += strlen ("bwrap: ");
  return g_strdup (g_strchomp (text));
}
