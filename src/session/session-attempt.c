/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-attempt.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-deadline.h"
#include "session-answer.h"
#include "session-sign-in.h"

#define CONNECT_TIMEOUT_S 5
#define ANSWER_TIMEOUT_MS 5000
/* A way through a relay is open at once, and closed again when its end is found not to be. */
#define SILENCE_MS 700
#define HTTP_TIMEOUT_S 15
#define MAX_ANSWER 4096
#define MAX_BODY (256 * 1024)

typedef struct {
  CourseCheck *check;
  SessionAttemptSeen seen;
  gpointer user_data;            /* of the callback */
  GSocketConnection *connection; /* (nullable) */
  SoupSession *session;          /* (nullable) */
  SoupMessage *message;          /* (nullable) */
  BaseDeadline *deadline;        /* (nullable): ends the reading */
  char *buffer;                  /* (nullable) */
  gsize length;
  gint64 sent_at; /* monotonic */
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *self = data;

  g_clear_pointer (&self->deadline, base_deadline_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->message);
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->check);
  g_free (self->buffer);
  g_free (self);
}

/* Takes @finding. */
static void
finish (GTask *task, SessionFinding *finding)
{
  g_task_return_pointer (task, finding, (GDestroyNotify)session_finding_free);
}

static void
fail (GTask *task, SessionSymptom symptom, const char *words)
{
  finish (task, session_finding_new (SESSION_ATTEMPT_FAILED, symptom, words));
}

static void
fail_unreached (GTask *task, SessionSymptom symptom, const char *words)
{
  Attempt *self = g_task_get_task_data (task);

  finish (task, session_finding_new_unreached (self->check, symptom, words));
}

/* @words: (nullable): what is wrong with who answers there; NULL: nothing */
static void
finish_open (GTask *task, const char *words)
{
  Attempt *self = g_task_get_task_data (task);

  if (course_check_get_expect_blocked (self->check))
    fail (task, SESSION_SYMPTOM_ANSWERED, _ ("it can still be reached"));
  else if (words != NULL)
    fail (task, SESSION_SYMPTOM_ANSWERED, words);
  else
    finish (task, session_finding_new_passed ());
}

static gboolean
has_reply (Attempt *self)
{
  const char *reply = course_check_get_reply (self->check);

  return self->length >= (reply != NULL ? strlen (reply) : 1);
}

static gboolean
reply_fits (Attempt *self)
{
  const char *reply = course_check_get_reply (self->check);

  return has_reply (self) && (reply == NULL || memcmp (self->buffer, reply, strlen (reply)) == 0);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  gboolean must_answer =
    course_check_get_send (self->check) != NULL || course_check_get_reply (self->check) != NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (n > 0) {
    self->length += n;
    if (!has_reply (self) && self->length < MAX_ANSWER) {
      g_input_stream_read_async (G_INPUT_STREAM (source), self->buffer + self->length,
                                 MAX_ANSWER - self->length, G_PRIORITY_DEFAULT,
                                 base_deadline_get_cancellable (self->deadline), read_cb,
                                 g_steal_pointer (&task));
      return;
    }
    finish_open (task, reply_fits (self) ? NULL : _ ("the answer is another one"));
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    fail_unreached (task, SESSION_SYMPTOM_CLOSED, _ ("the connection is closed at once"));
  } else if (must_answer) {
    /* a load balancer connects for those behind it */
    fail_unreached (task, SESSION_SYMPTOM_SILENT, _ ("it connects, but does not answer"));
  } else {
    finish_open (task, NULL);
  }
}

static void
wait_for_answer (GTask *task)
{
  Attempt *self = g_task_get_task_data (task);
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (self->connection));
  gboolean must_answer =
    course_check_get_send (self->check) != NULL || course_check_get_reply (self->check) != NULL;

  self->buffer = g_malloc (MAX_ANSWER);
  self->deadline =
    base_deadline_new (g_task_get_cancellable (task), must_answer ? ANSWER_TIMEOUT_MS : SILENCE_MS);
  g_input_stream_read_async (stream, self->buffer, MAX_ANSWER, G_PRIORITY_DEFAULT,
                             base_deadline_get_cancellable (self->deadline), read_cb,
                             g_object_ref (task));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    wait_for_answer (task);
  else
    fail_unreached (task, SESSION_SYMPTOM_CLOSED, _ ("the connection is closed at once"));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  const char *send = course_check_get_send (self->check);
  g_autoptr (GError) error = NULL;

  self->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (error != NULL)
    finish (task, session_finding_new_failure (self->check, error));
  else if (send == NULL)
    wait_for_answer (task);
  else
    g_output_stream_write_all_async (
      g_io_stream_get_output_stream (G_IO_STREAM (self->connection)), send, strlen (send),
      G_PRIORITY_DEFAULT, g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

static void
tell (GTask *task, GSocketClientEvent event)
{
  Attempt *self = g_task_get_task_data (task);
  CourseStage stage;

  if (!g_task_get_completed (task) && !g_cancellable_is_cancelled (g_task_get_cancellable (task)) &&
      session_attempt_find_stage (event, &stage))
    self->seen (stage, self->user_data);
}

static void
client_event_cb (GSocketClient *client,
                 GSocketClientEvent event,
                 GSocketConnectable *connectable,
                 GIOStream *connection,
                 GTask *task)
{
  tell (task, event);
}

static void
start_reach (GTask *task, GSocketConnectable *connectable)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_signal_connect_object (client, "event", G_CALLBACK (client_event_cb), task, 0);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, CONNECT_TIMEOUT_S);
  g_socket_client_connect_async (client, connectable, g_task_get_cancellable (task), connected_cb,
                                 g_object_ref (task));
}

static void
body_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  gint64 took_us = g_get_monotonic_time () - self->sent_at;
  guint expected = course_check_get_http_status (self->check);
  guint status = soup_message_get_status (self->message);
  g_autoptr (GError) error = NULL;
  g_autofree char *fault = NULL;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &self->length, &error);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (status != expected) {
    finish (task, session_finding_new_status (status));
  } else if (error != NULL) {
    finish (task, session_finding_new_failure (self->check, error));
  } else {
    fault = session_answer_dup_fault (self->check, self->buffer, self->length, took_us);
    if (fault != NULL)
      fail (task, SESSION_SYMPTOM_ANSWERED, fault);
    else
      finish (task, session_finding_new_passed ());
  }
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (body == NULL) {
    finish (task, session_finding_new_failure (self->check, error));
    return;
  }
  self->buffer = g_malloc (MAX_BODY);
  g_input_stream_read_all_async (body, self->buffer, MAX_BODY, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), body_cb, g_object_ref (task));
}

/* The lab's ingress has a certificate of its own making, and the course's own request does not
 * verify it either; nothing secret is sent. */
static gboolean
accept_certificate_cb (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer user_data)
{
  return TRUE;
}

/* Who signs in is no part of the time that the answer takes. */
static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  GSList *cookies = NULL;
  g_autoptr (GError) error = NULL;
  gboolean signed_in = session_sign_in_finish (result, &cookies, &error);

  if (signed_in)
    soup_cookies_to_request (cookies, self->message);
  g_slist_free_full (cookies, (GDestroyNotify)soup_cookie_free);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!signed_in) {
    finish (task, session_sign_in_new_finding (self->check, error));
    return;
  }
  self->sent_at = g_get_monotonic_time ();
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), sent_cb, g_object_ref (task));
}

static void
network_event_cb (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  GTask *task)
{
  tell (task, event);
}

/* Whoever signs in first makes the connection. */
static void
queued_cb (SoupSession *session, SoupMessage *message, GTask *task)
{
  g_signal_connect_object (message, "network-event", G_CALLBACK (network_event_cb), task, 0);
}

static void
start_http (GTask *task, GSocketConnectable *connectable, const char *address)
{
  Attempt *self = g_task_get_task_data (task);
  const char *host = course_check_get_http_host (self->check);
  g_autofree char *base =
    g_strdup_printf ("%s://%s:%u", course_check_get_scheme (self->check),
                     host != NULL ? host : address, course_check_get_port (self->check));
  g_autofree char *text = g_strconcat (base, course_check_get_http_path (self->check), NULL);

  self->message = soup_message_new (SOUP_METHOD_GET, text);
  if (self->message == NULL) {
    /* Translators: %s is an address of the web */
    g_autofree char *detail = g_strdup_printf (_ ("%s is not an address"), text);

    finish (task, session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE, detail));
    return;
  }
  self->session = soup_session_new_with_options ("remote-connectable", connectable, "timeout",
                                                 HTTP_TIMEOUT_S, "proxy-resolver", NULL, NULL);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
  g_signal_connect_object (self->session, "request-queued", G_CALLBACK (queued_cb), task, 0);
  session_sign_in_async (self->session, base, course_check_get_user (self->check),
                         g_task_get_cancellable (task), signed_in_cb, g_object_ref (task));
}

void
session_attempt_async (CourseCheck *check,
                       GSocketConnectable *connectable,
                       const char *address,
                       SessionAttemptSeen seen,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Attempt *self = g_new0 (Attempt, 1);

  g_task_set_source_tag (task, session_attempt_async);
  g_task_set_task_data (task, self, attempt_free);
  self->check = g_object_ref (check);
  self->seen = seen;
  self->user_data = user_data;
  if (course_check_get_check_type (check) == COURSE_CHECK_HTTP)
    start_http (task, connectable, address);
  else
    start_reach (task, connectable);
}

SessionFinding *
session_attempt_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

gboolean
session_attempt_find_stage (GSocketClientEvent event, CourseStage *stage)
{
  if (event == G_SOCKET_CLIENT_RESOLVED)
    *stage = COURSE_STAGE_DNS;
  else if (event == G_SOCKET_CLIENT_CONNECTED)
    *stage = COURSE_STAGE_PORT;
  else
    return FALSE;
  return TRUE;
}
