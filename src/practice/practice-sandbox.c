/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-sandbox.h"

/* File descriptors of the agent's socket inside, and of bubblewrap's options. */
#define AGENT_FD 3
#define OPTIONS_FD 4
#define START_SECONDS 10
#define COMPLAINT_LIMIT 1024
#define JOB_LIMIT 512

struct _PracticeSandbox {
  GObject parent_instance;

  PracticeNetwork *network;         /* (nullable): NULL: confined */
  PracticeConfinement *confinement; /* (nullable): instead of bubblewrap */
  char *agent_program;              /* its path inside */
  PracticeSandboxOptionsFunc open_options;
  gpointer data; /* of open_options */
  GDestroyNotify destroy;

  GSubprocess *bwrap;     /* (nullable) (owned): while it runs */
  PracticeChannel *agent; /* (nullable) (owned): likewise */
  gboolean is_running;    /* the agent has said hello */
  GPtrArray *starting;    /* of GTask: who waits for that */
  guint limit_id;
  GHashTable *jobs; /* id to Job */
  guint last_id;
};

G_DEFINE_FINAL_TYPE (PracticeSandbox, practice_sandbox, G_TYPE_OBJECT)

typedef struct {
  PracticeChannel *client;
  GVariant *request; /* (nullable): not given to the agent yet */
  GUnixFDList *fds;
} Job;

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

static void
job_free (Job *self)
{
  g_clear_object (&self->client);
  g_clear_pointer (&self->request, g_variant_unref);
  g_clear_object (&self->fds);
  g_free (self);
}

static void
send_failure (PracticeChannel *client, const char *message)
{
  practice_channel_send (client,
                         g_variant_new_parsed ("{'op': <'failed'>, 'message': <%s>, "
                                               "'code': <126>}",
                                               message),
                         NULL);
}

/* Ends what runs inside, and tells those who wait for it. */
static void
end (PracticeSandbox *self, const GError *error)
{
  g_autoptr (GPtrArray) starting = g_steal_pointer (&self->starting);
  g_autoptr (GHashTable) jobs = g_steal_pointer (&self->jobs);
  GHashTableIter iter;
  Job *job;

  self->starting = g_ptr_array_new_with_free_func (g_object_unref);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)job_free);
  self->is_running = FALSE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  if (self->agent)
    practice_channel_close (self->agent);
  g_clear_object (&self->agent);
  if (self->bwrap)
    g_subprocess_force_exit (self->bwrap);
  g_clear_object (&self->bwrap);

  g_hash_table_iter_init (&iter, jobs);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&job)) {
    if (job->request)
      send_failure (job->client, error->message);
    else
      practice_channel_send (
        job->client, g_variant_new_parsed ("{'op': <'exited'>, 'status': <%i>}", SIGKILL), NULL);
  }
  for (guint i = 0; i < starting->len; i++)
    g_task_return_error (g_ptr_array_index (starting, i), g_error_copy (error));
}

/* What bubblewrap had to say, without its name in front. */
static char *
dup_complaint (GSubprocess *bwrap)
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

static void
bwrap_exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *weak = user_data;
  g_autoptr (PracticeSandbox) self = g_weak_ref_get (weak);
  GSubprocess *bwrap = G_SUBPROCESS (source);
  g_autofree char *complaint = NULL;
  g_autoptr (GError) error = NULL;

  g_weak_ref_clear (weak);
  g_subprocess_wait_finish (bwrap, result, NULL);
  if (!self || self->bwrap != bwrap)
    return;
  complaint = dup_complaint (bwrap);
  error = self->is_running
            ? g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The sandbox has ended."))
            : g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           /* Translators: %s is what bubblewrap says */
                           _ ("Bubblewrap cannot make the sandbox: %s"), complaint);
  end (self, error);
}

static gboolean
limit_cb (gpointer user_data)
{
  PracticeSandbox *self = user_data;
  g_autoptr (GError) error =
    g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                 _ ("The sandbox did not start within %d seconds."), START_SECONDS);

  self->limit_id = 0;
  end (self, error);
  return G_SOURCE_REMOVE;
}

static void
hand_over (PracticeSandbox *self, guint id, Job *job)
{
  g_autoptr (GVariant) request = g_steal_pointer (&job->request);
  g_autoptr (GUnixFDList) fds = g_steal_pointer (&job->fds);
  g_auto (GVariantDict) message = G_VARIANT_DICT_INIT (request);

  g_variant_dict_insert (&message, "id", "u", id);
  practice_channel_send (self->agent, g_variant_dict_end (&message), fds);
}

static void
handle_hello (PracticeSandbox *self)
{
  g_autoptr (GPtrArray) starting = g_steal_pointer (&self->starting);
  GHashTableIter iter;
  gpointer id;
  Job *job;

  self->starting = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_running = TRUE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, &id, (gpointer *)&job))
    hand_over (self, GPOINTER_TO_UINT (id), job);
  for (guint i = 0; i < starting->len; i++)
    g_task_return_boolean (g_ptr_array_index (starting, i), TRUE);
}

static void
agent_message_cb (PracticeSandbox *self,
                  GVariant *message,
                  GUnixFDList *fds,
                  PracticeChannel *agent)
{
  const char *op = "";
  guint id = 0;
  Job *job;

  g_variant_lookup (message, "op", "&s", &op);
  if (g_str_equal (op, "hello") && !self->is_running) {
    handle_hello (self);
    return;
  }
  g_variant_lookup (message, "id", "u", &id);
  job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (id));
  if (!job)
    return;
  practice_channel_send (job->client, message, fds);
  if (!g_str_equal (op, "started"))
    g_hash_table_remove (self->jobs, GUINT_TO_POINTER (id));
}

static void
agent_closed_cb (PracticeSandbox *self, PracticeChannel *agent)
{
  g_autoptr (GError) error = NULL;

  /* While starting the end of bubblewrap follows, and with it the reason. */
  if (!self->is_running)
    return;
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The sandbox has ended."));
  end (self, error);
}

/* In the child, between fork and exec. */
static void
child_setup (gpointer user_data)
{
  PracticeSandbox *self = user_data;

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
give_options (PracticeSandbox *self, GSubprocessLauncher *launcher, GError **error)
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

static gboolean
spawn (PracticeSandbox *self, GError **error)
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
  GWeakRef *weak;
  int sockets[2];

  if (self->network != NULL && !bwrap) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("Bubblewrap is not installed. Install the package “bubblewrap”."));
    return FALSE;
  }
  if (self->network != NULL && !give_options (self, launcher, error))
    return FALSE;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  g_subprocess_launcher_take_fd (launcher, sockets[1], AGENT_FD);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, self, NULL);
  /* bubblewrap has an option for that. */
  if (self->network == NULL)
    g_subprocess_launcher_set_environ (launcher, (GStrv)nothing);
  socket = g_socket_new_from_fd (sockets[0], error);
  if (!socket) {
    close (sockets[0]);
    return FALSE;
  }
  self->bwrap = g_subprocess_launcher_spawnv (launcher, argv + n_skipped, error);
  if (!self->bwrap)
    return FALSE;

  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  g_subprocess_wait_async (self->bwrap, NULL, bwrap_exited_cb, weak);
  self->agent = practice_channel_new (socket);
  g_signal_connect_object (self->agent, "message", G_CALLBACK (agent_message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->agent, "closed", G_CALLBACK (agent_closed_cb), self,
                           G_CONNECT_SWAPPED);
  self->limit_id = g_timeout_add_seconds (START_SECONDS, limit_cb, self);
  return TRUE;
}

static void
practice_sandbox_dispose (GObject *object)
{
  PracticeSandbox *self = PRACTICE_SANDBOX (object);

  practice_sandbox_stop (self);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (practice_sandbox_parent_class)->dispose (object);
}

static void
practice_sandbox_finalize (GObject *object)
{
  PracticeSandbox *self = PRACTICE_SANDBOX (object);

  g_ptr_array_unref (self->starting);
  g_hash_table_unref (self->jobs);
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self->agent_program);
  g_clear_pointer (&self->confinement, practice_confinement_free);

  G_OBJECT_CLASS (practice_sandbox_parent_class)->finalize (object);
}

static void
practice_sandbox_class_init (PracticeSandboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_sandbox_dispose;
  object_class->finalize = practice_sandbox_finalize;
}

static void
practice_sandbox_init (PracticeSandbox *self)
{
  self->starting = g_ptr_array_new_with_free_func (g_object_unref);
  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)job_free);
}

/**
 * practice_sandbox_new:
 * @network: the network it shall be in
 * @paths: where its parts are on this computer; copied
 *
 * Returns: (transfer full): a sandbox that is not started
 */
PracticeSandbox *
practice_sandbox_new (PracticeNetwork *network, const PracticeBwrapPaths *paths)
{
  PracticeSandbox *self;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);
  g_return_val_if_fail (paths != NULL, NULL);

  self = practice_sandbox_new_with_options (network, PRACTICE_JUMPSERVER_PROGRAM,
                                            open_jumpserver_options, jumpserver_new (paths),
                                            jumpserver_free);
  return self;
}

/**
 * practice_sandbox_new_with_options:
 * @network: the network it shall be in
 * @agent_program: path inside of this program
 * @open_options: says how bubblewrap makes it
 * @data: data of @open_options
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a sandbox that is not started
 */
PracticeSandbox *
practice_sandbox_new_with_options (PracticeNetwork *network,
                                   const char *agent_program,
                                   PracticeSandboxOptionsFunc open_options,
                                   gpointer data,
                                   GDestroyNotify destroy)
{
  PracticeSandbox *self;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);
  g_return_val_if_fail (open_options != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_SANDBOX, NULL);
  self->network = g_object_ref (network);
  self->agent_program = g_strdup (agent_program);
  self->open_options = open_options;
  self->data = data;
  self->destroy = destroy;
  return self;
}

/**
 * practice_sandbox_new_confined:
 * @program: path of this program
 * @confinement: (transfer full): what programs in it may do
 *
 * For where this computer refuses networks and mounts of our own: programs run beside us, kept to
 * @confinement.
 *
 * Returns: (transfer full): a sandbox that is not started
 */
PracticeSandbox *
practice_sandbox_new_confined (const char *program, PracticeConfinement *confinement)
{
  PracticeSandbox *self;

  g_return_val_if_fail (program != NULL && confinement != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_SANDBOX, NULL);
  self->agent_program = g_strdup (program);
  self->confinement = confinement;
  return self;
}

/**
 * practice_sandbox_start_async:
 * @self: a sandbox
 * @cancellable: (nullable): ends the waiting, not the sandbox
 * @callback: called when programs can be run in it, or cannot
 * @user_data: data of @callback
 *
 * Starts the sandbox where it does not run already. Call it from a thread that lives as long as
 * the sandbox, which ends with it (prctl(2), `PR_SET_PDEATHSIG`).
 */
void
practice_sandbox_start_async (PracticeSandbox *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (PRACTICE_IS_SANDBOX (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_sandbox_start_async);
  if (self->is_running) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  g_ptr_array_add (self->starting, g_steal_pointer (&task));
  if (!self->bwrap && !spawn (self, &error))
    end (self, error);
}

/**
 * practice_sandbox_start_finish:
 * @self: a sandbox
 * @result: the result
 * @error: return location for an error
 *
 * Returns: whether programs can be run in it; `G_IO_ERROR_NOT_SUPPORTED` where bubblewrap is
 * missing or refused, with a sentence for the user
 */
gboolean
practice_sandbox_start_finish (PracticeSandbox *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * practice_sandbox_stop:
 * @self: a sandbox
 *
 * Ends all that runs inside, and the waiting for a start (`G_IO_ERROR_CANCELLED`).
 */
void
practice_sandbox_stop (PracticeSandbox *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) bwrap = NULL;

  g_return_if_fail (PRACTICE_IS_SANDBOX (self));

  g_set_object (&bwrap, self->bwrap);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The sandbox has ended."));
  end (self, error);
  /* Killed, it takes no time; what ran inside goes with its process namespace. */
  if (bwrap)
    g_subprocess_wait (bwrap, NULL, NULL);
}

/**
 * practice_sandbox_run:
 * @self: a sandbox, started again if it has ended
 * @client: who is told what becomes of it
 * @request: a message "run" as practice-agent.c describes it, without an id
 * @fds: the streams that are not the terminal
 *
 * Runs a program inside.
 *
 * Returns: the number to name it by
 */
guint
practice_sandbox_run (PracticeSandbox *self,
                      PracticeChannel *client,
                      GVariant *request,
                      GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  guint id;
  Job *job;

  g_return_val_if_fail (PRACTICE_IS_SANDBOX (self), 0);
  g_return_val_if_fail (PRACTICE_IS_CHANNEL (client), 0);

  id = ++self->last_id;
  if (g_hash_table_size (self->jobs) >= JOB_LIMIT) {
    send_failure (client, _ ("Too many programs run in the sandbox already."));
    return id;
  }
  job = g_new0 (Job, 1);
  job->client = g_object_ref (client);
  job->request = g_variant_ref (request);
  g_set_object (&job->fds, fds);
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (id), job);
  if (self->is_running)
    hand_over (self, id, job);
  else if (!self->bwrap && !spawn (self, &error))
    end (self, error);
  return id;
}

/**
 * practice_sandbox_signal:
 * @self: a sandbox
 * @id: what practice_sandbox_run() returned
 * @number: a signal
 *
 * Sends a signal to the program and what it started in its session, if it still runs.
 */
void
practice_sandbox_signal (PracticeSandbox *self, guint id, int number)
{
  g_return_if_fail (PRACTICE_IS_SANDBOX (self));

  if (self->is_running)
    practice_channel_send (
      self->agent,
      g_variant_new_parsed ("{'op': <'signal'>, 'id': <%u>, 'signal': <%i>}", id, number), NULL);
}

/**
 * practice_sandbox_hang_up:
 * @self: a sandbox
 * @id: what practice_sandbox_run() returned
 *
 * Ends the program, since nobody waits for it any more: as a closed terminal does, and after two
 * seconds by force.
 */
void
practice_sandbox_hang_up (PracticeSandbox *self, guint id)
{
  g_return_if_fail (PRACTICE_IS_SANDBOX (self));

  if (self->is_running)
    practice_channel_send (self->agent, g_variant_new_parsed ("{'op': <'hangup'>, 'id': <%u>}", id),
                           NULL);
  else
    g_hash_table_remove (self->jobs, GUINT_TO_POINTER (id));
}
