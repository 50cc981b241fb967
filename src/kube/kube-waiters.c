/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-waiters.h"

typedef struct {
  KubeWaiters *waiters;
  GTask *task; /* its place in the queue holds the reference */
} Watch;

static void
destroy_source (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GTask) task = watch->task;

  g_queue_remove (&watch->waiters->tasks, task);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/**
 * kube_waiters_add:
 * @self: the callers who wait; all zeros to begin with
 * @task: (transfer full): one more, whose result is a boolean; its task data is taken for this
 *
 * Returns: whether it is the first, for whom the operation is to be started
 */
gboolean
kube_waiters_add (KubeWaiters *self, GTask *task)
{
  gboolean first = !self->busy;
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->busy = TRUE;
  g_queue_push_tail (&self->tasks, task);
  if (cancellable != NULL) {
    GSource *source = g_cancellable_source_new (cancellable);
    Watch *watch = g_new (Watch, 1);

    watch->waiters = self;
    watch->task = task;
    g_source_set_callback (source, G_SOURCE_FUNC (cancelled_cb), watch, g_free);
    g_source_attach (source, g_main_context_get_thread_default ());
    g_task_set_task_data (task, source, destroy_source);
  }
  return first;
}

/**
 * kube_waiters_return:
 * @self: the callers who wait
 * @error: (nullable): why the operation failed
 *
 * Answers all of them, and forgets them first, so that each may start the next operation.
 */
void
kube_waiters_return (KubeWaiters *self, const GError *error)
{
  GQueue tasks = self->tasks;
  GTask *next;

  g_queue_init (&self->tasks);
  self->busy = FALSE;
  while ((next = g_queue_pop_head (&tasks)) != NULL) {
    g_autoptr (GTask) task = next;

    /* no more word from the cancellable: this is the answer */
    g_task_set_task_data (task, NULL, NULL);
    if (error != NULL)
      g_task_return_error (task, g_error_copy (error));
    else
      g_task_return_boolean (task, TRUE);
  }
}
