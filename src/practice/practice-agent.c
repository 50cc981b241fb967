/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "practice-agent.h"
#include "practice-channel.h"

/* How long a program whose client has gone may take to end. */
#define HANGUP_SECONDS 2

/*
 * What the owner sends:
 *   run     id: u, argv: aay, env: aay, folder: ay (else HOME), tty: u, rows: q, columns: q,
 * termios: ay; with the file descriptors of those of the three streams that are not in the mask tty
 *   signal  id: u, signal: i
 *   hangup  id: u: nobody waits for it any more
 * and what it is told:
 *   hello
 *   started id: u; with the master side of the terminal where there is one
 *   failed  id: u, message: s, code: i (what a shell would end with)
 *   exited  id: u, status: i (as waitpid gives it)
 */
struct _PracticeAgent {
  GObject parent_instance;

  GMainLoop *loop;
  PracticeChannel *owner;
  GHashTable *jobs; /* id to Job */
};

G_DEFINE_FINAL_TYPE (PracticeAgent, practice_agent, G_TYPE_OBJECT)

typedef struct {
  PracticeAgent *agent;
  guint id;
  GPid pid; /* and process group, and session */
  gboolean has_terminal;
  guint watch_id;
  guint kill_id;
} Job;

typedef struct {
  int fds[3]; /* owned */
  int master; /* -1: no terminal */
  guint tty;  /* mask of the streams that are the terminal */
  GStrv argv;
  GStrv environment;
  char *folder; /* (nullable) */
} Launch;

static void
job_free (Job *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_clear_handle_id (&self->kill_id, g_source_remove);
  g_free (self);
}

static void
launch_clear (Launch *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->fds); i++)
    if (self->fds[i] >= 0)
      close (self->fds[i]);
  if (self->master >= 0)
    close (self->master);
  g_strfreev (self->argv);
  g_strfreev (self->environment);
  g_free (self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Launch, launch_clear)

static void
report_failure (PracticeAgent *self, guint id, const char *message, int code)
{
  practice_channel_send (self->owner,
                         g_variant_new_parsed ("{'op': <'failed'>, 'id': <%u>, 'message': <%s>, "
                                               "'code': <%i>}",
                                               id, message, code),
                         NULL);
}

/* A new terminal of this sandbox's own devpts, set up as the client's is. Returns its slave. */
static int
open_terminal (GVariant *request, int *master)
{
  g_autoptr (GVariant) modes =
    g_variant_lookup_value (request, "termios", G_VARIANT_TYPE_BYTESTRING);
  struct winsize size = { .ws_row = 24, .ws_col = 80 };
  struct termios termios;
  gconstpointer data = NULL;
  gsize length = 0;
  int slave;

  *master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*master < 0 || grantpt (*master) < 0 || unlockpt (*master) < 0)
    return -1;
  slave = open (ptsname (*master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0)
    return -1;

  g_variant_lookup (request, "rows", "q", &size.ws_row);
  g_variant_lookup (request, "columns", "q", &size.ws_col);
  ioctl (slave, TIOCSWINSZ, &size);
  if (modes)
    data = g_variant_get_fixed_array (modes, &length, 1);
  if (length == sizeof termios)
    memcpy (&termios, data, sizeof termios);
  else if (tcgetattr (slave, &termios) < 0)
    return slave;
  termios.c_iflag |= IUTF8;
  tcsetattr (slave, TCSANOW, &termios);
  return slave;
}

static gboolean
fill_streams (Launch *launch, GVariant *request, GUnixFDList *fds)
{
  int n_fds = g_unix_fd_list_get_length (fds);
  int slave = -1;
  int next = 0;

  g_variant_lookup (request, "tty", "u", &launch->tty);
  if (launch->tty) {
    slave = open_terminal (request, &launch->master);
    if (slave < 0)
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (launch->fds); i++) {
    if (launch->tty & (1u << i))
      launch->fds[i] = fcntl (slave, F_DUPFD_CLOEXEC, 3);
    else if (next < n_fds)
      launch->fds[i] = g_unix_fd_list_get (fds, next++, NULL);
    else
      errno = EBADF;
    if (launch->fds[i] < 0)
      break;
  }
  if (slave >= 0)
    close (slave);
  return launch->fds[2] >= 0;
}

/* Whole environment: what the sandbox was started with, and over it what the client handed in. */
static GStrv
merge_environment (GVariant *request)
{
  g_autoptr (GVariant) more =
    g_variant_lookup_value (request, "env", G_VARIANT_TYPE_BYTESTRING_ARRAY);
  g_autofree const char **entries = more ? g_variant_get_bytestring_array (more, NULL) : NULL;
  GStrv environment = g_get_environ ();

  for (guint i = 0; entries && entries[i]; i++) {
    const char *equals = strchr (entries[i], '=');

    if (equals) {
      g_autofree char *name = g_strndup (entries[i], equals - entries[i]);

      environment = g_environ_setenv (environment, name, equals + 1, TRUE);
    }
  }
  return environment;
}

/* In the child, between fork and exec. */
static void
child_setup (gpointer user_data)
{
  const Launch *launch = user_data;
  struct rlimit files;
  sigset_t none;

  /* The owner raised it for itself; select(2) knows no file above this. */
  if (getrlimit (RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > FD_SETSIZE) {
    files.rlim_cur = FD_SETSIZE;
    setrlimit (RLIMIT_NOFILE, &files);
  }

  for (int number = 1; number < NSIG; number++)
    signal (number, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  setsid ();
  for (int i = 0; i < 3; i++)
    if (launch->tty & (1u << i))
      ioctl (i, TIOCSCTTY, 0);
}

static void
exited_cb (GPid pid, int status, gpointer user_data)
{
  Job *job = user_data;
  PracticeAgent *self = job->agent;

  job->watch_id = 0;
  practice_channel_send (
    self->owner,
    g_variant_new_parsed ("{'op': <'exited'>, 'id': <%u>, 'status': <%i>}", job->id, status), NULL);
  g_spawn_close_pid (pid);
  g_hash_table_remove (self->jobs, GUINT_TO_POINTER (job->id));
}

static void
start_job (PracticeAgent *self, guint id, Launch *launch)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const char *home = g_environ_getenv (launch->environment, "HOME");
  const char *folder = launch->folder != NULL ? launch->folder : home;
  Job *job;
  GPid pid;

  if (!g_spawn_async_with_pipes_and_fds (
        folder, (const char *const *)launch->argv, (const char *const *)launch->environment,
        G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH_FROM_ENVP, child_setup, launch,
        launch->fds[0], launch->fds[1], launch->fds[2], NULL, NULL, 0, &pid, NULL, NULL, NULL,
        &error)) {
    report_failure (self, id, error->message,
                    g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? 127 : 126);
    return;
  }

  job = g_new0 (Job, 1);
  job->agent = self;
  job->id = id;
  job->pid = pid;
  job->has_terminal = launch->tty != 0;
  g_hash_table_replace (self->jobs, GUINT_TO_POINTER (id), job);
  job->watch_id = g_child_watch_add (pid, exited_cb, job);
  if (launch->master >= 0)
    g_unix_fd_list_append (fds, launch->master, NULL);
  practice_channel_send (self->owner, g_variant_new_parsed ("{'op': <'started'>, 'id': <%u>}", id),
                         fds);
}

static void
handle_run (PracticeAgent *self, guint id, GVariant *request, GUnixFDList *fds)
{
  g_auto (Launch) launch = { .fds = { -1, -1, -1 }, .master = -1 };
  g_autoptr (GVariant) argv =
    g_variant_lookup_value (request, "argv", G_VARIANT_TYPE_BYTESTRING_ARRAY);

  if (argv)
    launch.argv = g_variant_dup_bytestring_array (argv, NULL);
  if (!launch.argv || !launch.argv[0] || g_hash_table_contains (self->jobs, GUINT_TO_POINTER (id)))
    report_failure (self, id, g_strerror (EINVAL), 126);
  else if (!fill_streams (&launch, request, fds))
    report_failure (self, id, g_strerror (errno), 126);
  else {
    launch.environment = merge_environment (request);
    g_variant_lookup (request, "folder", "^ay", &launch.folder);
    start_job (self, id, &launch);
  }
}

static gboolean
kill_cb (gpointer user_data)
{
  Job *job = user_data;

  job->kill_id = 0;
  kill (-job->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

/* What a terminal that is closed does; a program without one has nothing that tells it to end but
 * a plain request. Its children in sessions of their own live on. */
static void
hang_up (Job *job)
{
  kill (-job->pid, job->has_terminal ? SIGHUP : SIGTERM);
  kill (-job->pid, SIGCONT);
  if (job->kill_id == 0)
    job->kill_id = g_timeout_add_seconds (HANGUP_SECONDS, kill_cb, job);
}

static void
message_cb (PracticeAgent *self, GVariant *message, GUnixFDList *fds, PracticeChannel *owner)
{
  const char *op = "";
  guint id = 0;
  int number = 0;
  Job *job;

  g_variant_lookup (message, "op", "&s", &op);
  g_variant_lookup (message, "id", "u", &id);
  job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (id));
  if (g_str_equal (op, "run"))
    handle_run (self, id, message, fds);
  else if (!job)
    return; /* ended while the message was on its way */
  else if (g_str_equal (op, "signal") && g_variant_lookup (message, "signal", "i", &number))
    kill (-job->pid, number);
  else if (g_str_equal (op, "hangup"))
    hang_up (job);
}

static void
closed_cb (PracticeAgent *self, PracticeChannel *owner)
{
  g_main_loop_quit (self->loop);
}

static void
practice_agent_dispose (GObject *object)
{
  PracticeAgent *self = PRACTICE_AGENT (object);

  g_hash_table_remove_all (self->jobs);
  g_clear_object (&self->owner);

  G_OBJECT_CLASS (practice_agent_parent_class)->dispose (object);
}

static void
practice_agent_finalize (GObject *object)
{
  PracticeAgent *self = PRACTICE_AGENT (object);

  g_hash_table_unref (self->jobs);
  g_main_loop_unref (self->loop);

  G_OBJECT_CLASS (practice_agent_parent_class)->finalize (object);
}

static void
practice_agent_class_init (PracticeAgentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_agent_dispose;
  object_class->finalize = practice_agent_finalize;
}

static void
practice_agent_init (PracticeAgent *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)job_free);
}

/**
 * practice_agent_new:
 * @socket: a connected `SOCK_SEQPACKET` socket to the owner
 *
 * Returns: (transfer full): an agent, which has said hello
 */
PracticeAgent *
practice_agent_new (GSocket *socket)
{
  PracticeAgent *self;

  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);

  self = g_object_new (PRACTICE_TYPE_AGENT, NULL);
  self->owner = practice_channel_new (socket);
  g_signal_connect_object (self->owner, "message", G_CALLBACK (message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->owner, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  practice_channel_send (self->owner, g_variant_new_parsed ("{'op': <'hello'>}"), NULL);
  return self;
}

/**
 * practice_agent_run:
 * @self: an agent
 *
 * Serves until the owner has gone. The caller then ends the process, and with it all that runs in
 * the sandbox.
 */
void
practice_agent_run (PracticeAgent *self)
{
  g_return_if_fail (PRACTICE_IS_AGENT (self));

  g_main_loop_run (self->loop);
}
