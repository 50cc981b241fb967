/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-runner.h"

#define TIMEOUT_SECONDS 60
#define MAX_OUTPUT_BYTES (1024 * 1024)

struct _KubeRunner {
  GObject parent_instance;

  KubeRunFunc run;
  gpointer user_data;
  GDestroyNotify destroy; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (KubeRunner, kube_runner, G_TYPE_OBJECT)

/* One command under way. */
typedef struct {
  GCancellable *stop;        /* by the caller's cancellable or by the clock */
  GCancellable *cancellable; /* (nullable): the caller's */
  gulong cancelled_id;
  guint timeout_id;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_clear_handle_id (&run->timeout_id, g_source_remove);
  g_cancellable_disconnect (run->cancellable, run->cancelled_id);
  g_clear_object (&run->cancellable);
  g_clear_object (&run->stop);
  g_free (run);
}

static gboolean
timeout_cb (gpointer data)
{
  Run *run = data;

  run->timeout_id = 0;
  g_cancellable_cancel (run->stop);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  BaseCommandResult *answer = g_task_propagate_pointer (G_TASK (result), &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)base_command_result_free);
  else if (run->timeout_id == 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                             "it did not end within %d seconds", TIMEOUT_SECONDS);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
ran_here_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  BaseCommandResult *answer = base_command_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)base_command_result_free);
  else
    g_task_return_error (task, error);
}

/* A KubeRunFunc */
static void
run_here (const char *const *argv,
          const char *const *environment,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer callback_data,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  g_auto (GStrv) whole = g_get_environ ();

  g_task_set_source_tag (task, run_here);
  for (gsize i = 0; environment[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (environment[i], "=", 2);

    whole = g_environ_setenv (whole, parts[0], parts[1], TRUE);
  }
  base_command_run_async (argv, (const char *const *)whole, NULL, MAX_OUTPUT_BYTES, 0, cancellable,
                          ran_here_cb, g_steal_pointer (&task));
}

static void
kube_runner_finalize (GObject *object)
{
  KubeRunner *self = KUBE_RUNNER (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (kube_runner_parent_class)->finalize (object);
}

static void
kube_runner_class_init (KubeRunnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_runner_finalize;
}

static void
kube_runner_init (KubeRunner *self)
{
}

/**
 * kube_runner_new:
 * @run: how to run a command
 * @user_data: data for @run
 * @destroy: (nullable): frees @user_data
 *
 * Returns: (transfer full): a runner
 */
KubeRunner *
kube_runner_new (KubeRunFunc run, gpointer user_data, GDestroyNotify destroy)
{
  KubeRunner *self = g_object_new (KUBE_TYPE_RUNNER, NULL);

  self->run = run;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}

/**
 * kube_runner_new_here:
 *
 * Returns: (transfer full): a runner on this computer
 */
KubeRunner *
kube_runner_new_here (void)
{
  return kube_runner_new (run_here, NULL, NULL);
}

/**
 * kube_runner_run_async:
 * @self: a runner
 * @argv: (array zero-terminated=1): a command line
 * @environment: (array zero-terminated=1): variables to set in addition, "NAME=VALUE"
 * @cancellable: (nullable): a cancellable
 * @callback: called when the command has ended, or after a minute
 * @user_data: data for @callback
 */
void
kube_runner_run_async (KubeRunner *self,
                       const char *const *argv,
                       const char *const *environment,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);

  g_task_set_source_tag (task, kube_runner_run_async);
  g_task_set_task_data (task, run, run_free);
  run->stop = g_cancellable_new ();
  run->timeout_id = g_timeout_add_seconds (TIMEOUT_SECONDS, timeout_cb, run);
  if (cancellable != NULL) {
    run->cancellable = g_object_ref (cancellable);
    run->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                               g_object_ref (run->stop), g_object_unref);
  }
  self->run (argv, environment, run->stop, ran_cb, g_steal_pointer (&task), self->user_data);
}

/**
 * kube_runner_run_finish:
 * @self: a runner
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what the command wrote and its status, %NULL where it could
 *   not be run
 */
BaseCommandResult *
kube_runner_run_finish (KubeRunner *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
