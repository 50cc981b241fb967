/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sandbox-jobs.h"

#include <glib/gi18n-lib.h>
#include <signal.h>

#define JOB_LIMIT 512

struct _PracticeSandboxJobs {
  GHashTable *jobs; /* id to Job */
  guint last_id;
};

typedef struct {
  PracticeChannel *client;
  GVariant *request; /* (nullable): not given to the agent yet */
  GUnixFDList *fds;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

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

static void
hand_over (Job *job, guint id, PracticeChannel *agent)
{
  g_autoptr (GVariant) request = g_steal_pointer (&job->request);
  g_autoptr (GUnixFDList) fds = g_steal_pointer (&job->fds);
  g_auto (GVariantDict) message = G_VARIANT_DICT_INIT (request);

  g_variant_dict_insert (&message, "id", "u", id);
  practice_channel_send (agent, g_variant_dict_end (&message), fds);
}

/**
 * practice_sandbox_jobs_new:
 *
 * Returns: (transfer full): no jobs
 */
PracticeSandboxJobs *
practice_sandbox_jobs_new (void)
{
  PracticeSandboxJobs *self = g_new0 (PracticeSandboxJobs, 1);

  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, job_free);
  return self;
}

void
practice_sandbox_jobs_free (PracticeSandboxJobs *self)
{
  g_hash_table_unref (self->jobs);
  g_free (self);
}

/**
 * practice_sandbox_jobs_add:
 * @self: the jobs
 * @client: who is told what becomes of it
 * @request: a message "run" without an id
 * @fds: (nullable): the streams that are not the terminal
 * @id: (out): the number to name it by, also where it is refused
 *
 * Returns: whether it waits for the agent; %FALSE where there are too many, which @client is told
 */
gboolean
practice_sandbox_jobs_add (PracticeSandboxJobs *self,
                           PracticeChannel *client,
                           GVariant *request,
                           GUnixFDList *fds,
                           guint *id)
{
  Job *job;

  *id = ++self->last_id;
  if (g_hash_table_size (self->jobs) >= JOB_LIMIT) {
    send_failure (client, _ ("Too many programs run in the sandbox already."));
    return FALSE;
  }
  job = g_new0 (Job, 1);
  job->client = g_object_ref (client);
  job->request = g_variant_ref (request);
  g_set_object (&job->fds, fds);
  g_hash_table_insert (self->jobs, GUINT_TO_POINTER (*id), job);
  return TRUE;
}

/**
 * practice_sandbox_jobs_remove:
 * @self: the jobs
 * @id: the number of one, which may have ended
 *
 * Nobody waits for it any more.
 */
void
practice_sandbox_jobs_remove (PracticeSandboxJobs *self, guint id)
{
  g_hash_table_remove (self->jobs, GUINT_TO_POINTER (id));
}

/**
 * practice_sandbox_jobs_give:
 * @self: the jobs
 * @agent: a channel to an agent that takes jobs
 *
 * Gives @agent all that wait for it.
 */
void
practice_sandbox_jobs_give (PracticeSandboxJobs *self, PracticeChannel *agent)
{
  GHashTableIter iter;
  gpointer id;
  Job *job;

  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, &id, (gpointer *)&job))
    if (job->request != NULL)
      hand_over (job, GPOINTER_TO_UINT (id), agent);
}

/**
 * practice_sandbox_jobs_tell:
 * @self: the jobs
 * @message: what the agent says of one: "started", "failed" or "exited"
 * @fds: (nullable): what came with it
 *
 * Hands @message on to whose job it is.
 */
void
practice_sandbox_jobs_tell (PracticeSandboxJobs *self, GVariant *message, GUnixFDList *fds)
{
  const char *op = "";
  guint id = 0;
  Job *job;

  g_variant_lookup (message, "op", "&s", &op);
  g_variant_lookup (message, "id", "u", &id);
  job = g_hash_table_lookup (self->jobs, GUINT_TO_POINTER (id));
  if (job == NULL)
    return;
  practice_channel_send (job->client, message, fds);
  if (!g_str_equal (op, "started"))
    g_hash_table_remove (self->jobs, GUINT_TO_POINTER (id));
}

/**
 * practice_sandbox_jobs_end:
 * @self: the jobs
 * @reason: why nothing runs any more, a sentence for the user
 *
 * Tells all clients that their job has ended, or will never begin, and forgets them.
 */
void
practice_sandbox_jobs_end (PracticeSandboxJobs *self, const char *reason)
{
  g_autoptr (GHashTable) jobs = g_steal_pointer (&self->jobs);
  GHashTableIter iter;
  Job *job;

  self->jobs = g_hash_table_new_full (NULL, NULL, NULL, job_free);
  g_hash_table_iter_init (&iter, jobs);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&job)) {
    if (job->request != NULL)
      send_failure (job->client, reason);
    else
      practice_channel_send (
        job->client, g_variant_new_parsed ("{'op': <'exited'>, 'status': <%i>}", SIGKILL), NULL);
  }
}
