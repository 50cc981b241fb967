/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-log-follower.h"

#include <string.h>
#include <sys/socket.h>

/* A client that does not read is cut off when this much waits for it. */
#define MAX_QUEUED (4 * 1024 * 1024)

/* The type of a TLS record that says goodbye (RFC 8446, 5.1). */
#define TLS_ALERT 21

struct _PracticeLogFollower {
  GObject parent_instance;
  SoupServerMessage *message;  /* (unowned): owns the follower */
  PracticeContainerLogs *logs; /* (nullable): NULL once it is over */
  char *uid;
  char *container;
  gboolean timestamps;
  gint64 left; /* bytes; -1: no limit */
  gsize queued;
  GSource *disconnect; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (PracticeLogFollower, practice_log_follower, G_TYPE_OBJECT)

static void
stop (PracticeLogFollower *self)
{
  if (self->logs != NULL)
    g_signal_handlers_disconnect_by_data (self->logs, self);
  g_clear_object (&self->logs);
  if (self->disconnect != NULL)
    g_source_destroy (self->disconnect);
  g_clear_pointer (&self->disconnect, g_source_unref);
}

static void
end (PracticeLogFollower *self)
{
  if (self->logs == NULL)
    return;
  stop (self);
  soup_message_body_complete (soup_server_message_get_response_body (self->message));
  soup_server_message_unpause (self->message);
}

static void
send_text (PracticeLogFollower *self, const char *text, gsize length)
{
  if (self->left >= 0) {
    length = MIN (length, (guint64)self->left);
    self->left -= (gint64)length;
  }
  if (length > 0) {
    soup_message_body_append (soup_server_message_get_response_body (self->message),
                              SOUP_MEMORY_COPY, text, length);
    soup_server_message_unpause (self->message);
    self->queued += length;
  }
  if (self->queued > MAX_QUEUED) {
    stop (self);
    g_socket_shutdown (soup_server_message_get_socket (self->message), TRUE, TRUE, NULL);
  } else if (self->left == 0) {
    end (self);
  }
}

static gboolean
is_mine (PracticeLogFollower *self, const char *uid, const char *container)
{
  return self->logs != NULL && g_str_equal (uid, self->uid) &&
         g_str_equal (container, self->container);
}

static void
line_cb (PracticeContainerLogs *logs,
         const char *uid,
         const char *container,
         const char *line,
         PracticeLogFollower *self)
{
  g_autofree char *text = NULL;

  if (!is_mine (self, uid, container))
    return;
  if (!self->timestamps)
    line = strchr (line, ' ') + 1;
  text = g_strconcat (line, "\n", NULL);
  send_text (self, text, strlen (text));
}

static void
ended_cb (PracticeContainerLogs *logs,
          const char *uid,
          const char *container,
          PracticeLogFollower *self)
{
  if (is_mine (self, uid, container))
    end (self);
}

static void
wrote_body_data_cb (SoupServerMessage *message, guint size, PracticeLogFollower *self)
{
  self->queued -= MIN (self->queued, size);
}

static void
finished_cb (SoupServerMessage *message, PracticeLogFollower *self)
{
  stop (self);
}

/* Nothing is read from the client while the answer goes on, so its leaving is to be looked for: a
 * client sends nothing now but a farewell. */
static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PracticeLogFollower *self = user_data;
  guint8 byte = 0;
  GInputVector vector = { &byte, 1 };
  int flags = MSG_PEEK;
  gssize length =
    g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);

  if (length <= 0 || byte == TLS_ALERT)
    end (self);
  return G_SOURCE_REMOVE;
}

static void
practice_log_follower_dispose (GObject *object)
{
  stop (PRACTICE_LOG_FOLLOWER (object));

  G_OBJECT_CLASS (practice_log_follower_parent_class)->dispose (object);
}

static void
practice_log_follower_finalize (GObject *object)
{
  PracticeLogFollower *self = PRACTICE_LOG_FOLLOWER (object);

  g_free (self->uid);
  g_free (self->container);

  G_OBJECT_CLASS (practice_log_follower_parent_class)->finalize (object);
}

static void
practice_log_follower_class_init (PracticeLogFollowerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_log_follower_dispose;
  object_class->finalize = practice_log_follower_finalize;
}

static void
practice_log_follower_init (PracticeLogFollower *self)
{
}

static void
send_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "text/plain", NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
}

static void
connect_signals (PracticeLogFollower *self)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  g_signal_connect_object (self->logs, "line", G_CALLBACK (line_cb), self, 0);
  g_signal_connect_object (self->logs, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), self,
                           0);
  g_signal_connect_object (self->message, "finished", G_CALLBACK (finished_cb), self, 0);
  if (socket != NULL) {
    self->disconnect = g_socket_create_source (socket, G_IO_IN | G_IO_HUP | G_IO_ERR, NULL);
    g_source_set_callback (self->disconnect, G_SOURCE_FUNC (readable_cb), self, NULL);
    g_source_attach (self->disconnect, g_main_context_get_thread_default ());
  }
}

/**
 * practice_log_follower_start:
 * @logs: what containers printed
 * @pod_uid: uid of a pod
 * @container: name of one of its containers, which runs
 * @timestamps: whether its time goes before each line
 * @text: what is sent first
 * @limit: how many bytes to send at most; -1: any number
 * @message: gets the answer, and keeps the follower as long as it lives
 *
 * Begins an answer that goes on with each line that is printed.
 */
void
practice_log_follower_start (PracticeContainerLogs *logs,
                             const char *pod_uid,
                             const char *container,
                             gboolean timestamps,
                             GBytes *text,
                             gint64 limit,
                             SoupServerMessage *message)
{
  g_autoptr (PracticeLogFollower) self = NULL;
  gsize size;
  const char *data;

  g_return_if_fail (PRACTICE_IS_CONTAINER_LOGS (logs));
  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));

  self = g_object_new (PRACTICE_TYPE_LOG_FOLLOWER, NULL);
  self->message = message;
  self->logs = g_object_ref (logs);
  self->uid = g_strdup (pod_uid);
  self->container = g_strdup (container);
  self->timestamps = timestamps;
  self->left = limit;
  send_headers (message);
  connect_signals (self);
  data = g_bytes_get_data (text, &size);
  send_text (self, data, size);
  g_object_set_data_full (G_OBJECT (message), "practice-log-follower", g_steal_pointer (&self),
                          g_object_unref);
}
