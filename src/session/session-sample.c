/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sample.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base-json.h"
#include "mesh-sample.h"
#include "session-sign-in.h"

#define AT_ONCE 4
#define TIMEOUT_S 10
#define MAX_BODY (64 * 1024)
/* Where so many answers in a row say nothing, the rest will not either. */
#define MAX_FAILURES 5

typedef struct {
  CourseCheck *check;
  SessionAttemptSeen seen;
  gpointer user_data; /* of the callback */
  char *uri;
  SoupSession *session;
  GSList *cookies;    /* of SoupCookie: of who is signed in */
  GHashTable *counts; /* of version to how many */
  guint n_sent;
  guint n_open;
  guint n_failures;        /* in a row */
  SessionFinding *failure; /* (nullable): the last one */
} Sample;

static void send_next (GTask *task);

static void
sample_free (gpointer data)
{
  Sample *self = data;

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_slist_free_full (self->cookies, (GDestroyNotify)soup_cookie_free);
  g_hash_table_unref (self->counts);
  g_clear_object (&self->check);
  g_free (self->uri);
  g_clear_pointer (&self->failure, session_finding_free);
  g_free (self);
}

static void
count (Sample *self, const char *version)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, version));

  g_hash_table_insert (self->counts, g_strdup (version), GUINT_TO_POINTER (n + 1));
  self->n_failures = 0;
}

/* Takes @finding. */
static void
fail (Sample *self, SessionFinding *finding)
{
  self->n_failures++;
  g_clear_pointer (&self->failure, session_finding_free);
  self->failure = finding;
}

static void
take_answer (Sample *self, GBytes *body, guint status)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (JsonNode) reviews = length <= MAX_BODY ? base_json_parse (text, length, NULL) : NULL;
  const char *version = reviews != NULL ? mesh_sample_get_version (reviews) : NULL;

  if (version != NULL)
    count (self, version);
  else if (status != 200)
    fail (self, session_finding_new_status (status));
  else
    fail (self, session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED,
                                     _ ("the answers do not tell which version gave them")));
}

static void
finish (GTask *task)
{
  Sample *self = g_task_get_task_data (task);
  GHashTable *split = course_check_get_split (self->check);

  SessionFinding *finding = NULL;

  if (g_hash_table_size (self->counts) == 0 && self->failure != NULL) {
    finding = g_steal_pointer (&self->failure);
  } else if (self->n_failures >= MAX_FAILURES || !mesh_sample_fits (self->counts, split)) {
    g_autofree char *words = mesh_sample_dup_words (self->counts);

    finding = session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED, words);
  } else {
    finding = session_finding_new_passed ();
  }
  g_task_return_pointer (task, finding, (GDestroyNotify)session_finding_free);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sample *self = g_task_get_task_data (task);
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  self->n_open--;
  if (body != NULL)
    take_answer (self, body, soup_message_get_status (message));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, session_finding_new_failure (self->check, error));

  if (self->n_failures < MAX_FAILURES &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    send_next (task);
  if (self->n_open == 0 && !g_task_return_error_if_cancelled (task))
    finish (task);
}

static void
network_event_cb (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  GTask *task)
{
  Sample *self = g_task_get_task_data (task);
  CourseStage stage;

  if (!g_task_get_completed (task) && !g_cancellable_is_cancelled (g_task_get_cancellable (task)) &&
      session_attempt_find_stage (event, &stage))
    self->seen (stage, self->user_data);
}

static void
send_next (GTask *task)
{
  Sample *self = g_task_get_task_data (task);

  while (self->n_open < AT_ONCE && self->n_sent < course_check_get_requests (self->check)) {
    g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, self->uri);

    self->n_sent++;
    self->n_open++;
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
    soup_cookies_to_request (self->cookies, message);
    soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT,
                                      g_task_get_cancellable (task), answered_cb,
                                      g_object_ref (task));
  }
}

/* Whoever signs in first makes a connection, too. */
static void
queued_cb (SoupSession *session, SoupMessage *message, GTask *task)
{
  g_signal_connect_object (message, "network-event", G_CALLBACK (network_event_cb), task, 0);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sample *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (session_sign_in_finish (result, &self->cookies, &error)) {
    send_next (task);
  } else if (!g_task_return_error_if_cancelled (task)) {
    fail (self, session_sign_in_new_finding (self->check, error));
    finish (task);
  }
}

void
session_sample_async (CourseCheck *check,
                      GSocketConnectable *connectable,
                      const char *address,
                      SessionAttemptSeen seen,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Sample *self = g_new0 (Sample, 1);
  g_autofree char *base = NULL;

  g_task_set_source_tag (task, session_sample_async);
  g_task_set_task_data (task, self, sample_free);
  self->check = g_object_ref (check);
  self->seen = seen;
  self->user_data = user_data;
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->session =
    soup_session_new_with_options ("remote-connectable", connectable, "timeout", TIMEOUT_S,
                                   "proxy-resolver", NULL, "max-conns-per-host", AT_ONCE, NULL);
  base = g_strdup_printf ("http://%s:%u", address, course_check_get_port (check));
  self->uri = g_strconcat (base, course_check_get_http_path (check), NULL);
  if (!g_uri_is_valid (self->uri, G_URI_FLAGS_NONE, NULL)) {
    /* Translators: %s is an address of the web */
    g_autofree char *words = g_strdup_printf (_ ("%s is not an address"), self->uri);

    g_task_return_pointer (
      task, session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE, words),
      (GDestroyNotify)session_finding_free);
    return;
  }
  g_signal_connect_object (self->session, "request-queued", G_CALLBACK (queued_cb), task, 0);
  session_sign_in_async (self->session, base, course_check_get_user (check), cancellable,
                         signed_in_cb, g_steal_pointer (&task));
}

SessionFinding *
session_sample_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
