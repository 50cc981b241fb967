/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-probe.h"

#include <string.h>

#include "practice-exec-status.h"

/* What of its output is told. */
#define MAX_OUTPUT 1024

#define PRACTICE_TYPE_EXEC_PROBE (practice_exec_probe_get_type ())
G_DECLARE_FINAL_TYPE (PracticeExecProbe, practice_exec_probe, PRACTICE, EXEC_PROBE, GObject)

struct _PracticeExecProbe {
  GObject parent_instance;

  GTask *task; /* (nullable): NULL: it has returned */
  PracticeContainer *container;
  PracticeProcess *process; /* (nullable) */
  char **argv;
  GString *output;
  GSource *limit; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (PracticeExecProbe, practice_exec_probe, G_TYPE_OBJECT)

/* NULL: it went well. Lets go of @self. */
static void
finish (PracticeExecProbe *self, const char *message)
{
  g_autoptr (PracticeExecProbe) owned = self;
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (self->limit != NULL)
    g_source_destroy (self->limit);
  if (self->process != NULL)
    g_signal_handlers_disconnect_by_data (self->process, self);
  if (message == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", message);
}

static void
output_cb (PracticeProcess *process, guint number, GBytes *bytes, PracticeExecProbe *self)
{
  gsize left = MAX_OUTPUT - self->output->len;

  g_string_append_len (self->output, g_bytes_get_data (bytes, NULL),
                       MIN (left, g_bytes_get_size (bytes)));
}

static void
ended_cb (PracticeProcess *process, int status, PracticeExecProbe *self)
{
  g_autofree char *text = g_utf8_make_valid (self->output->str, self->output->len);

  finish (self, practice_exec_status_get_code (status) == 0 ? NULL : text);
}

static void
failed_cb (PracticeProcess *process, int code, const char *message, PracticeExecProbe *self)
{
  g_autofree char *complaint = practice_exec_status_dup_complaint (self->argv[0], code);

  finish (self, complaint);
}

static gboolean
limit_cb (gpointer user_data)
{
  PracticeExecProbe *self = user_data;

  if (self->process != NULL)
    practice_process_kill (self->process);
  finish (self, "command timed out");

  return G_SOURCE_REMOVE;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PracticeExecProbe) self = user_data;
  g_autoptr (GError) error = NULL;

  if (self->task == NULL)
    return;

  if (practice_container_start_finish (self->container, result, &error))
    self->process = practice_container_run (self->container, (const char *const *)self->argv, FALSE,
                                            FALSE, &error);
  if (self->process == NULL) {
    finish (self, error->message);
    return;
  }
  g_signal_connect_object (self->process, "output", G_CALLBACK (output_cb), self, 0);
  g_signal_connect_object (self->process, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->process, "failed", G_CALLBACK (failed_cb), self, 0);
  practice_process_set_reading (self->process, TRUE);
}

static void
practice_exec_probe_finalize (GObject *object)
{
  PracticeExecProbe *self = PRACTICE_EXEC_PROBE (object);

  g_clear_pointer (&self->limit, g_source_unref);
  g_clear_object (&self->process);
  g_clear_object (&self->container);
  g_strfreev (self->argv);
  g_string_free (self->output, TRUE);

  G_OBJECT_CLASS (practice_exec_probe_parent_class)->finalize (object);
}

static void
practice_exec_probe_class_init (PracticeExecProbeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_exec_probe_finalize;
}

static void
practice_exec_probe_init (PracticeExecProbe *self)
{
  self->output = g_string_new (NULL);
}

/**
 * practice_exec_probe_async:
 * @runtime: where containers run
 * @pod: a Pod
 * @container: name of one of its containers
 * @argv: a program and its arguments
 * @milliseconds: how long it may take
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has ended
 * @user_data: data of @callback
 *
 * Runs a program in the container.
 */
void
practice_exec_probe_async (PracticeContainerRuntime *runtime,
                           JsonNode *pod,
                           const char *container,
                           const char *const *argv,
                           guint milliseconds,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  PracticeContainer *made;
  PracticeExecProbe *self;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (runtime));
  g_return_if_fail (argv != NULL && argv[0] != NULL);

  task = g_task_new (runtime, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_exec_probe_async);
  made = practice_container_runtime_ensure (runtime, pod, container, &error);
  if (made == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  self = g_object_new (PRACTICE_TYPE_EXEC_PROBE, NULL);
  self->task = g_steal_pointer (&task);
  self->container = g_object_ref (made);
  self->argv = g_strdupv ((char **)argv);
  self->limit = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->limit, limit_cb, self, NULL);
  g_source_attach (self->limit, g_main_context_get_thread_default ());
  practice_container_start_async (made, cancellable, started_cb, g_object_ref (self));
}

/**
 * practice_exec_probe_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: whether the program ended with 0; else the error is what it printed
 */
gboolean
practice_exec_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
