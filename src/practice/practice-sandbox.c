/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sandbox.h"

#include <glib/gi18n-lib.h>

#include "practice-sandbox-jobs.h"

#define START_SECONDS 10

struct _PracticeSandbox {
  GObject parent_instance;

  PracticeSandboxMaker *maker;
  GSubprocess *bwrap;     /* (nullable) (owned): while it runs */
  PracticeChannel *agent; /* (nullable) (owned): likewise */
  gboolean is_running;    /* the agent has said hello */
  GPtrArray *starting;    /* of GTask: who waits for that */
  guint limit_id;
  PracticeSandboxJobs *jobs;
};

G_DEFINE_FINAL_TYPE (PracticeSandbox, practice_sandbox, G_TYPE_OBJECT)

/* Ends what runs inside, and tells those who wait for it. */
static void
end (PracticeSandbox *self, const GError *error)
{
  g_autoptr (GPtrArray) starting = g_steal_pointer (&self->starting);

  self->starting = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_running = FALSE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  if (self->agent)
    practice_channel_close (self->agent);
  g_clear_object (&self->agent);
  if (self->bwrap)
    g_subprocess_force_exit (self->bwrap);
  g_clear_object (&self->bwrap);

  practice_sandbox_jobs_end (self->jobs, error->message);
  for (guint i = 0; i < starting->len; i++)
    g_task_return_error (g_ptr_array_index (starting, i), g_error_copy (error));
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
  complaint = practice_sandbox_maker_dup_complaint (bwrap);
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
handle_hello (PracticeSandbox *self)
{
  g_autoptr (GPtrArray) starting = g_steal_pointer (&self->starting);

  self->starting = g_ptr_array_new_with_free_func (g_object_unref);
  self->is_running = TRUE;
  g_clear_handle_id (&self->limit_id, g_source_remove);
  practice_sandbox_jobs_give (self->jobs, self->agent);
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

  g_variant_lookup (message, "op", "&s", &op);
  if (g_str_equal (op, "hello") && !self->is_running)
    handle_hello (self);
  else
    practice_sandbox_jobs_tell (self->jobs, message, fds);
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

static gboolean
spawn (PracticeSandbox *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  GWeakRef *weak;

  self->bwrap = practice_sandbox_maker_spawn (self->maker, &socket, error);
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
  g_clear_pointer (&self->maker, practice_sandbox_maker_free);

  G_OBJECT_CLASS (practice_sandbox_parent_class)->dispose (object);
}

static void
practice_sandbox_finalize (GObject *object)
{
  PracticeSandbox *self = PRACTICE_SANDBOX (object);

  g_ptr_array_unref (self->starting);
  practice_sandbox_jobs_free (self->jobs);

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
  self->jobs = practice_sandbox_jobs_new ();
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

  self = g_object_new (PRACTICE_TYPE_SANDBOX, NULL);
  self->maker = practice_sandbox_maker_new_jumpserver (network, paths);
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
  self->maker = practice_sandbox_maker_new (network, agent_program, open_options, data, destroy);
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
  self->maker = practice_sandbox_maker_new_confined (program, confinement);
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

  g_return_val_if_fail (PRACTICE_IS_SANDBOX (self), 0);
  g_return_val_if_fail (PRACTICE_IS_CHANNEL (client), 0);

  if (!practice_sandbox_jobs_add (self->jobs, client, request, fds, &id))
    return id;
  if (self->is_running)
    practice_sandbox_jobs_give (self->jobs, self->agent);
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
    practice_sandbox_jobs_remove (self->jobs, id);
}
