/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-log-attachment.h"

#include <string.h>

#include "practice-exec-status.h"

struct _PracticeLogAttachment {
  GObject parent_instance;
  PracticeExecStreams *streams;
  PracticeContainerLogs *logs;
  char *uid;
  char *container;
  gboolean is_ready;
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticeLogAttachment, practice_log_attachment, G_TYPE_OBJECT)

/* Gives up the reference that kept it alive. */
static void
end (PracticeLogAttachment *self)
{
  g_autoptr (PracticeLogAttachment) alive = NULL;

  if (self->is_over)
    return;
  self->is_over = TRUE;
  alive = self;
  g_signal_handlers_disconnect_by_data (self->streams, self);
  g_signal_handlers_disconnect_by_data (self->logs, self);
}

static gboolean
is_mine (PracticeLogAttachment *self, const char *uid, const char *container)
{
  return self->is_ready && g_str_equal (uid, self->uid) && g_str_equal (container, self->container);
}

static void
line_cb (PracticeContainerLogs *logs,
         const char *uid,
         const char *container,
         const char *line,
         PracticeLogAttachment *self)
{
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (!is_mine (self, uid, container))
    return;
  text = g_strconcat (strchr (line, ' ') + 1, "\n", NULL);
  bytes = g_bytes_new_take (text, strlen (text));
  practice_exec_streams_send (self->streams, 1, bytes);
  /* One that does not read is let go. */
  if (practice_exec_streams_is_full (self->streams)) {
    practice_exec_streams_close (self->streams);
    end (self);
  }
}

static void
ended_cb (PracticeContainerLogs *logs,
          const char *uid,
          const char *container,
          PracticeLogAttachment *self)
{
  g_autoptr (JsonNode) status = NULL;

  if (!is_mine (self, uid, container))
    return;
  status = practice_exec_status_new (0);
  practice_exec_streams_finish (self->streams, status);
  end (self);
}

static void
ready_cb (PracticeExecStreams *streams, PracticeLogAttachment *self)
{
  self->is_ready = TRUE;
  if (!practice_container_logs_has_ended (self->logs, self->uid, self->container))
    return;
  practice_log_attachment_replay (streams, self->logs, self->uid, self->container);
  ended_cb (self->logs, self->uid, self->container, self);
}

static void
closed_cb (PracticeExecStreams *streams, PracticeLogAttachment *self)
{
  end (self);
}

static void
practice_log_attachment_dispose (GObject *object)
{
  PracticeLogAttachment *self = PRACTICE_LOG_ATTACHMENT (object);

  g_clear_object (&self->streams);
  g_clear_object (&self->logs);

  G_OBJECT_CLASS (practice_log_attachment_parent_class)->dispose (object);
}

static void
practice_log_attachment_finalize (GObject *object)
{
  PracticeLogAttachment *self = PRACTICE_LOG_ATTACHMENT (object);

  g_free (self->uid);
  g_free (self->container);

  G_OBJECT_CLASS (practice_log_attachment_parent_class)->finalize (object);
}

static void
practice_log_attachment_class_init (PracticeLogAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_log_attachment_dispose;
  object_class->finalize = practice_log_attachment_finalize;
}

static void
practice_log_attachment_init (PracticeLogAttachment *self)
{
}

/**
 * practice_log_attachment_replay:
 * @streams: what a client opened, ready
 * @logs: what containers print
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * Shows a client what the container printed before it came: a short program has often ended by
 * then, and `kubectl run --rm` deletes the pod next.
 */
void
practice_log_attachment_replay (PracticeExecStreams *streams,
                                PracticeContainerLogs *logs,
                                const char *pod_uid,
                                const char *container)
{
  const PracticeLogSelection all = { .tail = -1 };
  g_autoptr (GBytes) text =
    practice_container_logs_dup_text (logs, pod_uid, container, FALSE, &all);
  GString *shown;
  g_autoptr (GBytes) bytes = NULL;

  if (g_bytes_get_size (text) == 0)
    return;
  shown = g_string_new_len (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (practice_exec_streams_get_options (streams)->tty)
    g_string_replace (shown, "\n", "\r\n", 0);
  bytes = g_string_free_to_bytes (shown);
  practice_exec_streams_send (streams, 1, bytes);
}

/**
 * practice_log_attachment_start:
 * @streams: what a client opened, not started
 * @logs: what containers print
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * Shows a client what the container prints. What the client types is dropped.
 */
void
practice_log_attachment_start (PracticeExecStreams *streams,
                               PracticeContainerLogs *logs,
                               const char *pod_uid,
                               const char *container)
{
  PracticeLogAttachment *self = g_object_new (PRACTICE_TYPE_LOG_ATTACHMENT, NULL);

  self->streams = g_object_ref (streams);
  self->logs = g_object_ref (logs);
  self->uid = g_strdup (pod_uid);
  self->container = g_strdup (container);
  g_signal_connect_object (logs, "line", G_CALLBACK (line_cb), self, 0);
  g_signal_connect_object (logs, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (streams, "ready", G_CALLBACK (ready_cb), self, 0);
  g_signal_connect_object (streams, "closed", G_CALLBACK (closed_cb), self, 0);
  practice_exec_streams_start (streams);
}
