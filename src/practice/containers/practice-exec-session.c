/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-session.h"

#include <string.h>

#include "practice-exec-status.h"
#include "practice-log-attachment.h"

/* What a container runtime ends with where a program cannot be started, whatever the reason. */
#define CANNOT_RUN 126

struct _PracticeExecSession {
  GObject parent_instance;
  PracticeExecStreams *streams;
  PracticeContainer *container; /* (nullable): NULL: attached */
  GStrv argv;                   /* (nullable): likewise */
  PracticeProcess *process;     /* (nullable): NULL until the streams are ready */
  guint columns;                /* of the client's terminal; 0: not known */
  guint rows;
  PracticeContainerLogs *logs; /* (nullable): what an attached program prints; so the next three */
  char *pod_uid;
  char *name;
  gboolean ends_input;
  gboolean has_ended;
  gboolean is_ready;
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeExecSession, practice_exec_session, G_TYPE_OBJECT)

/* Gives up the reference that kept it alive. */
static void
end (PracticeExecSession *self)
{
  g_autoptr (PracticeExecSession) alive = NULL;

  if (self->is_over)
    return;
  self->is_over = TRUE;
  alive = self;
  g_signal_handlers_disconnect_by_data (self->streams, self);
  if (self->process != NULL)
    g_signal_handlers_disconnect_by_data (self->process, self);
}

static void
finish (PracticeExecSession *self, int code)
{
  g_autoptr (JsonNode) status = practice_exec_status_new (code);

  practice_exec_streams_finish (self->streams, status);
  end (self);
}

static void
output_cb (PracticeProcess *process, guint number, GBytes *bytes, PracticeExecSession *self)
{
  if (!self->is_ready)
    return;
  practice_exec_streams_send (self->streams, number, bytes);
  /* One that is attached to goes on, read or not. */
  if (self->argv != NULL && practice_exec_streams_is_full (self->streams))
    practice_process_set_reading (process, FALSE);
  else if (practice_exec_streams_is_full (self->streams))
    practice_exec_streams_close (self->streams);
}

static void
process_drained_cb (PracticeProcess *process, PracticeExecSession *self)
{
  practice_exec_streams_set_reading (self->streams, TRUE);
}

static void
process_ended_cb (PracticeProcess *process, int status, PracticeExecSession *self)
{
  self->has_ended = TRUE;
  if (!self->is_ready)
    return;
  /* How an attached program ended is for the pod's status to tell. */
  finish (self, self->argv != NULL ? practice_exec_status_get_code (status) : 0);
}

static void
process_failed_cb (PracticeProcess *process,
                   int code,
                   const char *message,
                   PracticeExecSession *self)
{
  g_autofree char *complaint =
    practice_exec_status_dup_complaint (self->argv != NULL ? self->argv[0] : "", code);
  char *line = g_strdup_printf ("OCI runtime exec failed: exec failed: %s\r\n", complaint);
  g_autoptr (GBytes) bytes = g_bytes_new_take (line, strlen (line));

  self->has_ended = TRUE;
  if (!self->is_ready)
    return;
  practice_exec_streams_send (self->streams, 1, bytes);
  finish (self, CANNOT_RUN);
}

static void
connect_process (PracticeExecSession *self)
{
  g_signal_connect_object (self->process, "output", G_CALLBACK (output_cb), self, 0);
  g_signal_connect_object (self->process, "drained", G_CALLBACK (process_drained_cb), self, 0);
  g_signal_connect_object (self->process, "ended", G_CALLBACK (process_ended_cb), self, 0);
  g_signal_connect_object (self->process, "failed", G_CALLBACK (process_failed_cb), self, 0);
}

static void
run (PracticeExecSession *self)
{
  const PracticeExecOptions *options = practice_exec_streams_get_options (self->streams);
  g_autoptr (GError) error = NULL;

  self->process = practice_container_run (self->container, (const char *const *)self->argv,
                                          options->in, options->tty, &error);
  if (self->process == NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (error->message, strlen (error->message));

    practice_exec_streams_send (self->streams, options->err ? 2 : 1, bytes);
    finish (self, CANNOT_RUN);
    return;
  }
  connect_process (self);
}

static gboolean
has_ended_before (PracticeExecSession *self)
{
  return self->has_ended || (self->logs != NULL && practice_container_logs_has_ended (
                                                     self->logs, self->pod_uid, self->name));
}

static void
ready_cb (PracticeExecStreams *streams, PracticeExecSession *self)
{
  gboolean has_ended = has_ended_before (self);

  self->is_ready = TRUE;
  if (has_ended || self->ends_input)
    practice_log_attachment_replay (streams, self->logs, self->pod_uid, self->name);
  if (has_ended) {
    finish (self, 0);
    return;
  }
  if (self->process == NULL)
    run (self);
  if (self->is_over)
    return;
  if (self->columns > 0)
    practice_process_resize (self->process, self->columns, self->rows);
  practice_process_set_reading (self->process, TRUE);
}

static void
input_cb (PracticeExecStreams *streams, GBytes *bytes, PracticeExecSession *self)
{
  if (self->process == NULL)
    return;
  practice_process_write (self->process, bytes);
  if (practice_process_is_full (self->process))
    practice_exec_streams_set_reading (streams, FALSE);
}

static void
input_ended_cb (PracticeExecStreams *streams, PracticeExecSession *self)
{
  if (self->process != NULL && (self->argv != NULL || self->ends_input))
    practice_process_end_input (self->process);
}

static void
resize_cb (PracticeExecStreams *streams, guint columns, guint rows, PracticeExecSession *self)
{
  self->columns = columns;
  self->rows = rows;
  if (self->process != NULL)
    practice_process_resize (self->process, columns, rows);
}

static void
streams_drained_cb (PracticeExecStreams *streams, PracticeExecSession *self)
{
  if (self->process != NULL)
    practice_process_set_reading (self->process, TRUE);
}

static void
streams_closed_cb (PracticeExecStreams *streams, PracticeExecSession *self)
{
  if (self->argv != NULL && self->process != NULL)
    practice_process_hang_up (self->process);
  else if (self->ends_input)
    practice_process_end_input (self->process);
  end (self);
}

static void
practice_exec_session_dispose (GObject *object)
{
  PracticeExecSession *self = PRACTICE_EXEC_SESSION (object);

  g_clear_object (&self->streams);
  g_clear_object (&self->process);
  g_clear_object (&self->container);
  g_clear_object (&self->logs);

  G_OBJECT_CLASS (practice_exec_session_parent_class)->dispose (object);
}

static void
practice_exec_session_finalize (GObject *object)
{
  PracticeExecSession *self = PRACTICE_EXEC_SESSION (object);

  g_strfreev (self->argv);
  g_free (self->pod_uid);
  g_free (self->name);

  G_OBJECT_CLASS (practice_exec_session_parent_class)->finalize (object);
}

static void
practice_exec_session_class_init (PracticeExecSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_exec_session_dispose;
  object_class->finalize = practice_exec_session_finalize;
}

static void
practice_exec_session_init (PracticeExecSession *self)
{
}

static PracticeExecSession *
session_new (PracticeExecStreams *streams)
{
  PracticeExecSession *self = g_object_new (PRACTICE_TYPE_EXEC_SESSION, NULL);

  self->streams = g_object_ref (streams);
  g_signal_connect_object (streams, "ready", G_CALLBACK (ready_cb), self, 0);
  g_signal_connect_object (streams, "input", G_CALLBACK (input_cb), self, 0);
  g_signal_connect_object (streams, "input-ended", G_CALLBACK (input_ended_cb), self, 0);
  g_signal_connect_object (streams, "resize", G_CALLBACK (resize_cb), self, 0);
  g_signal_connect_object (streams, "drained", G_CALLBACK (streams_drained_cb), self, 0);
  g_signal_connect_object (streams, "closed", G_CALLBACK (streams_closed_cb), self, 0);
  return self;
}

/**
 * practice_exec_session_start_exec:
 * @streams: what a client opened, not started
 * @container: a container that is started
 * @argv: a program and its arguments
 *
 * Runs a program, and joins both until it has ended, which the client is told, or the client has
 * gone.
 */
void
practice_exec_session_start_exec (PracticeExecStreams *streams,
                                  PracticeContainer *container,
                                  const char *const *argv)
{
  PracticeExecSession *self = session_new (streams);

  self->container = g_object_ref (container);
  self->argv = g_strdupv ((char **)argv);
  practice_exec_streams_start (streams);
}

/**
 * practice_exec_session_start_attach:
 * @streams: what a client opened, not started
 * @process: a program that runs already
 * @attachment: what is known of the program; copied
 *
 * Joins both until the program has ended or the client has gone. What the program printed before
 * is shown where it has ended by then, or where it is there for this client alone, as that of
 * `kubectl run -i` is.
 */
void
practice_exec_session_start_attach (PracticeExecStreams *streams,
                                    PracticeProcess *process,
                                    const PracticeAttachment *attachment)
{
  PracticeExecSession *self = session_new (streams);

  self->process = g_object_ref (process);
  connect_process (self);
  self->logs = g_object_ref (attachment->logs);
  self->pod_uid = g_strdup (attachment->pod_uid);
  self->name = g_strdup (attachment->container);
  self->ends_input = attachment->ends_input;
  practice_exec_streams_start (streams);
}
