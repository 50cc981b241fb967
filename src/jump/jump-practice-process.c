/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-deadline.h"
#include "base-json.h"
#include "jump-log.h"
#include "jump-place.h"
#include "jump-practice-process.h"

/**
 * JumpPracticeProcess:
 *
 * konvoy-practice as a child of ours. It tells in one line of JSON what it serves, runs as long as
 * its standard input is open, and ends by itself when that closes, whatever becomes of us.
 */

#define PROGRAM_PREFIX "konvoy-practice: "
#define MAX_LINE (64 * 1024)
#define MAX_ARGUMENTS 256
#define START_TIMEOUT_MS 30000
/* It promises to end within two seconds. */
#define STOP_TIMEOUT_S 4

struct _JumpPracticeProcess {
  GObject parent_instance;

  GSubprocess *subprocess;
  GBufferedInputStream *output; /* kept open: a closed pipe would end the program */
  JumpLog *log;                 /* what it says on its standard error */
  GCancellable *watch;

  char *kubeconfig;
  char *socket;
  char *notice; /* (nullable) (owned) */
  GStrv terminal;
};

G_DEFINE_FINAL_TYPE (JumpPracticeProcess, jump_practice_process, G_TYPE_OBJECT)

enum {
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct {
  JumpPracticeProcess *process;
  BaseDeadline *deadline;
} Start;

static void
start_free (Start *self)
{
  if (self->process != NULL)
    jump_practice_process_stop (self->process);
  g_clear_object (&self->process);
  g_clear_pointer (&self->deadline, base_deadline_free);
  g_free (self);
}

static GError *
make_ended_error (JumpPracticeProcess *self)
{
  g_autofree char *line = jump_log_dup_last_line (self->log);
  const char *reason = line;

  if (g_str_has_prefix (reason, PROGRAM_PREFIX))
    reason += strlen (PROGRAM_PREFIX);
  if (*reason == '\0')
    return g_error_new_literal (JUMP_ERROR, JUMP_ERROR_FAILED,
                                _ ("The practice cluster has stopped. Connect again to start it."));
  /* Translators: %s is what the program said last */
  return g_error_new (JUMP_ERROR, JUMP_ERROR_FAILED, _ ("The practice cluster has stopped: %s"),
                      reason);
}

static GStrv
dup_arguments (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint length = base_json_get_length (array);

  if (length == 0 || length > MAX_ARGUMENTS)
    return NULL;
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
      return NULL;
    g_strv_builder_add (builder, json_node_get_string (node));
  }
  return g_strv_builder_end (builder);
}

static gboolean
read_line (JumpPracticeProcess *self, const char *line, gsize length, GError **error)
{
  g_autoptr (GError) syntax = NULL;
  g_autoptr (JsonNode) root = base_json_parse (line, length, &syntax);

  if (root == NULL) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: %s is where the text is wrong */
                 _ ("The practice cluster did not say what it serves: %s"), syntax->message);
    return FALSE;
  }
  self->kubeconfig = g_strdup (base_json_get_string (root, "kubeconfig", NULL));
  self->socket = g_strdup (base_json_get_string (root, "socket", NULL));
  self->notice = g_strdup (base_json_get_string (root, "notice", NULL));
  self->terminal = dup_arguments (base_json_get_array (root, "terminal", NULL));
  if (self->kubeconfig == NULL || self->socket == NULL || self->terminal == NULL) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s",
                 _ ("The practice cluster did not say what it serves. Its program may be of "
                    "another version than this one."));
    return FALSE;
  }
  return TRUE;
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  JumpPracticeProcess *self;
  g_autoptr (GError) error = NULL;

  /* Cancelled, and the object perhaps gone. */
  if (!g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL))
    return;
  self = user_data;
  error = make_ended_error (self);
  g_signal_emit (self, signals[ENDED], 0, error);
}

/* It ended before it had said anything. */
static void
start_failed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Start *start = g_task_get_task_data (task);

  g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, make_ended_error (start->process));
}

static void
filled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GBufferedInputStream *stream = G_BUFFERED_INPUT_STREAM (object);
  Start *start = g_task_get_task_data (task);
  GCancellable *cancellable = base_deadline_get_cancellable (start->deadline);
  g_autoptr (GError) error = NULL;
  gssize n = g_buffered_input_stream_fill_finish (stream, result, &error);
  gsize length;
  const char *line = g_buffered_input_stream_peek_buffer (stream, &length);
  const char *end = memchr (line, '\n', length);

  if (base_deadline_has_expired (start->deadline)) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_FAILED, "%s",
                             _ ("The practice cluster took too long to start."));
  } else if (n < 0) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (end != NULL) {
    if (read_line (start->process, line, end - line, &error)) {
      g_subprocess_wait_async (start->process->subprocess, start->process->watch, ended_cb,
                               start->process);
      g_task_return_pointer (task, g_steal_pointer (&start->process), g_object_unref);
    } else {
      g_task_return_error (task, g_steal_pointer (&error));
    }
  } else if (length >= MAX_LINE) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_FAILED, "%s",
                             _ ("The practice cluster did not say what it serves."));
  } else if (n == 0) {
    g_subprocess_wait_async (start->process->subprocess, cancellable, start_failed_cb,
                             g_steal_pointer (&task));
  } else {
    g_buffered_input_stream_fill_async (stream, -1, G_PRIORITY_DEFAULT, cancellable, filled_cb,
                                        g_steal_pointer (&task));
  }
}

static gboolean
kill_cb (gpointer subprocess)
{
  g_subprocess_force_exit (subprocess);
  return G_SOURCE_REMOVE;
}

static void
jump_practice_process_dispose (GObject *object)
{
  JumpPracticeProcess *self = JUMP_PRACTICE_PROCESS (object);

  jump_practice_process_stop (self);
  g_clear_object (&self->output);
  g_clear_object (&self->log);

  G_OBJECT_CLASS (jump_practice_process_parent_class)->dispose (object);
}

static void
jump_practice_process_finalize (GObject *object)
{
  JumpPracticeProcess *self = JUMP_PRACTICE_PROCESS (object);

  g_clear_object (&self->watch);
  g_clear_pointer (&self->kubeconfig, g_free);
  g_clear_pointer (&self->socket, g_free);
  g_clear_pointer (&self->notice, g_free);
  g_clear_pointer (&self->terminal, g_strfreev);

  G_OBJECT_CLASS (jump_practice_process_parent_class)->finalize (object);
}

static void
jump_practice_process_class_init (JumpPracticeProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jump_practice_process_dispose;
  object_class->finalize = jump_practice_process_finalize;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
jump_practice_process_init (JumpPracticeProcess *self)
{
  self->watch = g_cancellable_new ();
}

static JumpPracticeProcess *
spawn (const char *program, const char *directory, GError **error)
{
  g_autoptr (JumpPracticeProcess) self = g_object_new (JUMP_TYPE_PRACTICE_PROCESS, NULL);

  self->subprocess = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
    error, program, "--dir", directory, NULL);
  if (self->subprocess == NULL)
    return NULL;
  self->output = G_BUFFERED_INPUT_STREAM (
    g_buffered_input_stream_new_sized (g_subprocess_get_stdout_pipe (self->subprocess), MAX_LINE));
  self->log = jump_log_new (g_subprocess_get_stderr_pipe (self->subprocess));
  return g_steal_pointer (&self);
}

/**
 * jump_practice_process_start_async:
 * @program: the path of konvoy-practice
 * @directory: the folder in which the cluster keeps its state
 *
 * Starts the program and waits for the line in which it tells what it serves.
 */
void
jump_practice_process_start_async (const char *program,
                                   const char *directory,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Start *start = g_new0 (Start, 1);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_practice_process_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify)start_free);

  start->deadline = base_deadline_new (cancellable, START_TIMEOUT_MS);
  start->process = spawn (program, directory, &error);
  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED, "%s",
                             _ ("The practice cluster's program konvoy-practice is missing. "
                                "Install Konvoy Lab again."));
  else if (start->process == NULL)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED,
                             /* Translators: %s is a program, the second %s the system's reason */
                             _ ("The practice cluster's program %s cannot be started: %s. Install "
                                "Konvoy Lab again."),
                             program, error->message);
  else
    g_buffered_input_stream_fill_async (start->process->output, -1, G_PRIORITY_DEFAULT,
                                        base_deadline_get_cancellable (start->deadline), filled_cb,
                                        g_steal_pointer (&task));
}

/**
 * jump_practice_process_start_finish:
 *
 * Returns: (transfer full): the running program, or %NULL with a #JumpError
 */
JumpPracticeProcess *
jump_practice_process_start_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * jump_practice_process_stop:
 *
 * Lets the program end, and kills it where it does not. Does not wait for it.
 */
void
jump_practice_process_stop (JumpPracticeProcess *self)
{
  g_autoptr (GSubprocess) subprocess = NULL;

  g_return_if_fail (JUMP_IS_PRACTICE_PROCESS (self));

  g_cancellable_cancel (self->watch);
  subprocess = g_steal_pointer (&self->subprocess);
  if (subprocess == NULL || g_subprocess_get_identifier (subprocess) == NULL)
    return;
  g_output_stream_close (g_subprocess_get_stdin_pipe (subprocess), NULL, NULL);
  g_timeout_add_seconds_full (G_PRIORITY_LOW, STOP_TIMEOUT_S, kill_cb,
                              g_steal_pointer (&subprocess), g_object_unref);
}

const char *
jump_practice_process_get_kubeconfig (JumpPracticeProcess *self)
{
  g_return_val_if_fail (JUMP_IS_PRACTICE_PROCESS (self), NULL);

  return self->kubeconfig;
}

const char *
jump_practice_process_get_socket (JumpPracticeProcess *self)
{
  g_return_val_if_fail (JUMP_IS_PRACTICE_PROCESS (self), NULL);

  return self->socket;
}

/**
 * jump_practice_process_get_terminal:
 *
 * Returns: the command that may be run any number of times for terminals
 */
const char *const *
jump_practice_process_get_terminal (JumpPracticeProcess *self)
{
  g_return_val_if_fail (JUMP_IS_PRACTICE_PROCESS (self), NULL);

  return (const char *const *)self->terminal;
}

const char *
jump_practice_process_get_notice (JumpPracticeProcess *self)
{
  g_return_val_if_fail (JUMP_IS_PRACTICE_PROCESS (self), NULL);

  return self->notice;
}
