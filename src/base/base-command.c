/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-command.h"

#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <unistd.h>

#include "base-source.h"

#define CHUNK (16 * 1024)

/* A program may leave a child behind that holds its streams open, as ssh does with
 * ControlPersist. So long after its end we still wait for more. */
#define GRACE_MS 500

typedef struct {
  GSubprocess *process;
  char *name;
  guint timeout_ms;
  gsize max_bytes;
  GBytes *input; /* (nullable) */

  GCancellable *streams; /* ends what is pending on the streams */
  GSource *limit;
  GSource *cancelled;
  GSource *grace;
  guint pending; /* operations that hold a reference to the task */

  GByteArray *output;
  GByteArray *errors;
  GError *error; /* (nullable): why it was ended before its time */
} Run;

typedef struct {
  GTask *task; /* (owned) */
  GInputStream *stream;
  GByteArray *bytes;
  gboolean may_be_cut; /* what is too much is dropped; else it is an error */
} Reading;

G_DEFINE_BOXED_TYPE (BaseCommandResult,
                     base_command_result,
                     base_command_result_copy,
                     base_command_result_free)

static void read_more (Reading *reading);

static void
run_free (Run *self)
{
  base_source_clear (&self->limit);
  base_source_clear (&self->cancelled);
  base_source_clear (&self->grace);
  g_clear_object (&self->process);
  g_clear_object (&self->streams);
  g_clear_pointer (&self->input, g_bytes_unref);
  g_clear_pointer (&self->output, g_byte_array_unref);
  g_clear_pointer (&self->errors, g_byte_array_unref);
  g_clear_error (&self->error);
  g_free (self->name);
  g_free (self);
}

static void
reading_free (Reading *self)
{
  g_clear_object (&self->task);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_free (self);
}

/* In the child: a session of its own, so that all it starts can be ended with it, and so that it
 * cannot ask on our terminal. */
static void
lead_session (gpointer data)
{
  setsid ();
  signal (SIGPIPE, SIG_DFL);
}

static GSource *
attach (GTask *task, GSource *source, GSourceFunc callback, int priority)
{
  g_source_set_priority (source, priority);
  g_source_set_callback (source, callback, task, NULL);
  g_source_attach (source, g_task_get_context (task));

  return source;
}

/* Takes @error. The first reason counts. */
static void
end_early (Run *self, GError *error)
{
  const char *identifier = g_subprocess_get_identifier (self->process);

  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);

  /* NULL where the child was already waited for, and its number may be another's by now */
  if (identifier != NULL)
    kill (-(pid_t)g_ascii_strtoll (identifier, NULL, 10), SIGKILL);
  g_cancellable_cancel (self->streams);
}

static BaseCommandResult *
make_result (Run *self)
{
  BaseCommandResult *result = g_new0 (BaseCommandResult, 1);

  result->output = g_byte_array_free_to_bytes (g_steal_pointer (&self->output));
  result->errors = g_byte_array_free_to_bytes (g_steal_pointer (&self->errors));
  result->exit_status =
    g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process) : -1;

  return result;
}

static void
finish_operation (GTask *task)
{
  Run *self = g_task_get_task_data (task);

  if (--self->pending > 0)
    return;

  base_source_clear (&self->limit);
  base_source_clear (&self->cancelled);
  base_source_clear (&self->grace);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_pointer (task, make_result (self), (GDestroyNotify)base_command_result_free);
}

static gboolean
limit_cb (gpointer user_data)
{
  Run *self = g_task_get_task_data (user_data);

  end_early (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                _ ("“%s” did not end within %.1f seconds"), self->name,
                                self->timeout_ms / 1000.0));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  end_early (g_task_get_task_data (user_data), g_steal_pointer (&error));
  return G_SOURCE_REMOVE;
}

static gboolean
grace_cb (gpointer user_data)
{
  Run *self = g_task_get_task_data (user_data);

  g_cancellable_cancel (self->streams);
  return G_SOURCE_REMOVE;
}

static void
wait_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *self = g_task_get_task_data (task);

  /* without a cancellable it cannot fail */
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (self->pending > 1)
    /* what is in the pipes already goes first, however late we are */
    self->grace = attach (task, g_timeout_source_new (GRACE_MS), grace_cb, G_PRIORITY_LOW);

  finish_operation (task);
}

/* A program that does not read its input, or not all of it, is right to do so. */
static void
write_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_output_stream_close (G_OUTPUT_STREAM (source), NULL, NULL);
  finish_operation (task);
}

static void
keep (Reading *reading, GBytes *bytes)
{
  Run *self = g_task_get_task_data (reading->task);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  gsize room = self->max_bytes - reading->bytes->len;

  g_byte_array_append (reading->bytes, data, (guint)MIN (length, room));
  if (length > room && !reading->may_be_cut) {
    g_autofree char *size = g_format_size (self->max_bytes);

    end_early (self, g_error_new (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                  _ ("“%s” wrote more than %s"), self->name, size));
  }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (GBytes) bytes = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  if (bytes != NULL && g_bytes_get_size (bytes) > 0) {
    keep (reading, bytes);
    read_more (reading);
    return;
  }

  finish_operation (reading->task);
  reading_free (reading);
}

static void
read_more (Reading *reading)
{
  Run *self = g_task_get_task_data (reading->task);

  g_input_stream_read_bytes_async (reading->stream, CHUNK, G_PRIORITY_DEFAULT, self->streams,
                                   read_cb, reading);
}

static void
start_reading (GTask *task, GInputStream *stream, GByteArray *bytes, gboolean may_be_cut)
{
  Run *self = g_task_get_task_data (task);
  Reading *reading = g_new0 (Reading, 1);

  reading->task = g_object_ref (task);
  reading->stream = g_object_ref (stream);
  reading->bytes = g_byte_array_ref (bytes);
  reading->may_be_cut = may_be_cut;

  self->pending++;
  read_more (reading);
}

static void
start_writing (GTask *task)
{
  Run *self = g_task_get_task_data (task);
  GOutputStream *stream = g_subprocess_get_stdin_pipe (self->process);
  gsize length;
  const void *data = g_bytes_get_data (self->input, &length);

  /* else writing more than a pipe holds blocks, and we would not read what it writes */
  g_unix_set_fd_nonblocking (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (stream)), TRUE,
                             NULL);
  /* a program that ends before it has read all must not end us; GSocket does the same */
  signal (SIGPIPE, SIG_IGN);
  self->pending++;
  g_output_stream_write_all_async (stream, data, length, G_PRIORITY_DEFAULT, self->streams,
                                   write_cb, g_object_ref (task));
}

static GSubprocess *
spawn (const char *const *argv, const char *const *environment, gboolean has_input, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE;

  if (has_input)
    flags |= G_SUBPROCESS_FLAGS_STDIN_PIPE;
  launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_set_child_setup (launcher, lead_session, NULL, NULL);
  if (environment != NULL)
    g_subprocess_launcher_set_environ (launcher, (char **)environment);

  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

static void
start_limits (GTask *task)
{
  Run *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (self->timeout_ms > 0)
    self->limit =
      attach (task, g_timeout_source_new (self->timeout_ms), limit_cb, G_PRIORITY_DEFAULT);
  if (cancellable != NULL)
    self->cancelled = attach (task, g_cancellable_source_new (cancellable),
                              G_SOURCE_FUNC (cancelled_cb), G_PRIORITY_DEFAULT);
}

/**
 * base_command_run_async:
 * @argv: (array zero-terminated=1): the program, looked up in PATH, and its arguments
 * @environment: (nullable) (array zero-terminated=1): its whole environment; %NULL for ours
 * @input: (nullable): what it reads; %NULL for nothing
 * @max_bytes: how much it may write. More on its output is an error and ends it; more on its
 *   error stream is dropped.
 * @timeout_ms: milliseconds it may take; 0 for any time
 * @cancellable: (nullable): ends it
 * @callback: called when it has ended
 * @user_data: for @callback
 *
 * Runs a program in a session of its own, without a terminal. Where it is ended, all that it
 * started in that session ends too, and is waited for.
 */
void
base_command_run_async (const char *const *argv,
                        const char *const *environment,
                        GBytes *input,
                        gsize max_bytes,
                        guint timeout_ms,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  Run *self;

  g_return_if_fail (argv != NULL && argv[0] != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, base_command_run_async);
  g_task_set_check_cancellable (task, FALSE);
  if (g_task_return_error_if_cancelled (task))
    return;

  process = spawn (argv, environment, input != NULL, &error);
  if (process == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }

  self = g_new0 (Run, 1);
  self->process = g_object_ref (process);
  self->name = g_path_get_basename (argv[0]);
  self->timeout_ms = timeout_ms;
  self->max_bytes = MIN (max_bytes, G_MAXINT);
  self->input = input != NULL ? g_bytes_ref (input) : NULL;
  self->streams = g_cancellable_new ();
  self->output = g_byte_array_new ();
  self->errors = g_byte_array_new ();
  g_task_set_task_data (task, self, (GDestroyNotify)run_free);

  self->pending = 1;
  g_subprocess_wait_async (process, NULL, wait_cb, g_object_ref (task));
  start_reading (task, g_subprocess_get_stdout_pipe (process), self->output, FALSE);
  start_reading (task, g_subprocess_get_stderr_pipe (process), self->errors, TRUE);
  if (self->input != NULL)
    start_writing (task);
  start_limits (task);
}

/**
 * base_command_run_finish:
 * @result: the result
 * @error: return location for a #GIOErrorEnum or #GSpawnError
 *
 * Returns: (transfer full): what the program wrote and how it ended, which may be a failure of its
 *   own; %NULL with @error set where it could not be started or was ended by us
 */
BaseCommandResult *
base_command_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * base_command_result_copy:
 * @self: a result
 *
 * Returns: (transfer full): a copy of @self
 */
BaseCommandResult *
base_command_result_copy (BaseCommandResult *self)
{
  BaseCommandResult *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (BaseCommandResult, 1);
  copy->output = g_bytes_ref (self->output);
  copy->errors = g_bytes_ref (self->errors);
  copy->exit_status = self->exit_status;
  return copy;
}

/**
 * base_command_result_free:
 * @self: (transfer full): a result
 */
void
base_command_result_free (BaseCommandResult *self)
{
  g_return_if_fail (self != NULL);

  g_bytes_unref (self->output);
  g_bytes_unref (self->errors);
  g_free (self);
}
