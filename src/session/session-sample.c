/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sample.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base-json.h"
#include "mesh-sample.h"

#define AT_ONCE 4
#define TIMEOUT_S 10
#define MAX_BODY (64 * 1024)
/* Where so many answers in a row say nothing, the rest will not either. */
#define MAX_FAILURES 5

typedef struct {
  CourseCheck *check;
  char *uri;
  SoupSession *session;
  GHashTable *counts; /* of version to how many */
  guint n_sent;
  guint n_open;
  guint n_failures; /* in a row */

  SessionAttemptResult result;
  char *detail; /* (nullable) */
} Sample;

static void send_next (GTask *task);

static void
sample_free (gpointer data)
{
  Sample *self = data;

  soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_hash_table_unref (self->counts);
  g_clear_object (&self->check);
  g_free (self->uri);
  g_free (self->detail);
  g_free (self);
}

static void
count (Sample *self, const char *version)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, version));

  g_hash_table_insert (self->counts, g_strdup (version), GUINT_TO_POINTER (n + 1));
  self->n_failures = 0;
}

static void
fail (Sample *self, const char *detail)
{
  self->n_failures++;
  g_free (self->detail);
  self->detail = g_strdup (detail);
}

static void
take_answer (Sample *self, GBytes *body, guint status)
{
  gsize length;
  const char *text = g_bytes_get_data (body, &length);
  g_autoptr (JsonNode) reviews = length <= MAX_BODY ? base_json_parse (text, length, NULL) : NULL;
  const char *version = reviews != NULL ? mesh_sample_get_version (reviews) : NULL;

  if (version != NULL) {
    count (self, version);
  } else if (status != 200) {
    /* Translators: %u is an HTTP status, such as 404 */
    g_autofree char *detail = g_strdup_printf (_ ("it answers with status %u"), status);

    fail (self, detail);
  } else {
    fail (self, _ ("the answers do not tell which version gave them"));
  }
}

static void
finish (GTask *task)
{
  Sample *self = g_task_get_task_data (task);
  GHashTable *split = course_check_get_split (self->check);

  if (g_hash_table_size (self->counts) == 0) {
    self->result = SESSION_ATTEMPT_FAILED;
  } else if (self->n_failures >= MAX_FAILURES || !mesh_sample_fits (self->counts, split)) {
    self->result = SESSION_ATTEMPT_FAILED;
    g_free (self->detail);
    self->detail = mesh_sample_dup_words (self->counts);
  } else {
    self->result = SESSION_ATTEMPT_PASSED;
    g_clear_pointer (&self->detail, g_free);
  }
  g_task_return_boolean (task, TRUE);
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
    fail (self, error->message);

  if (self->n_failures < MAX_FAILURES &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    send_next (task);
  if (self->n_open == 0 && !g_task_return_error_if_cancelled (task))
    finish (task);
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
    soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT,
                                      g_task_get_cancellable (task), answered_cb,
                                      g_object_ref (task));
  }
}

void
session_sample_async (CourseCheck *check,
                      GSocketConnectable *connectable,
                      const char *address,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Sample *self = g_new0 (Sample, 1);

  g_task_set_source_tag (task, session_sample_async);
  g_task_set_task_data (task, self, sample_free);
  self->check = g_object_ref (check);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->session =
    soup_session_new_with_options ("remote-connectable", connectable, "timeout", TIMEOUT_S,
                                   "proxy-resolver", NULL, "max-conns-per-host", AT_ONCE, NULL);
  self->uri = g_strdup_printf ("http://%s:%u%s", address, course_check_get_port (check),
                               course_check_get_http_path (check));
  if (!g_uri_is_valid (self->uri, G_URI_FLAGS_NONE, NULL)) {
    self->result = SESSION_ATTEMPT_UNKNOWN;
    /* Translators: %s is an address of the web */
    self->detail = g_strdup_printf (_ ("%s is not an address"), self->uri);
    g_task_return_boolean (task, TRUE);
    return;
  }
  send_next (task);
}

SessionAttemptResult
session_sample_finish (GAsyncResult *result, char **detail)
{
  Sample *self = g_task_get_task_data (G_TASK (result));

  *detail = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return SESSION_ATTEMPT_UNKNOWN;
  *detail = g_steal_pointer (&self->detail);
  return self->result;
}
