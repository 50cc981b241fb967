/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-proxy-attempt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-deadline.h"
#include "session-answer.h"

#define TIMEOUT_MS 15000
#define MAX_BODY (256 * 1024)

typedef struct {
  CourseCheck *check;
  BaseDeadline *deadline;
  char *buffer; /* (nullable) */
  gint64 sent_at;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *self = data;

  base_deadline_free (self->deadline);
  g_clear_object (&self->check);
  g_free (self->buffer);
  g_free (self);
}

/* Takes @detail (nullable): what was seen instead. */
static void
finish (GTask *task, char *detail)
{
  g_autofree char *words = detail;
  SessionFinding *finding = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  finding = words == NULL
              ? session_finding_new_passed ()
              : session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED, words);
  g_task_return_pointer (task, finding, (GDestroyNotify)session_finding_free);
}

static char *
dup_words (const GError *error)
{
  return g_strdup (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                     ? _ ("nothing answers in time")
                     : error->message);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gint64 took_us = g_get_monotonic_time () - self->sent_at;
  gsize length = 0;
  gboolean done = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error);

  g_input_stream_close (G_INPUT_STREAM (source), NULL, NULL);
  finish (task, done ? session_answer_dup_fault (self->check, self->buffer, length, took_us)
                     : dup_words (error));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Attempt *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body = kube_client_open_finish (KUBE_CLIENT (source), result, &error);

  if (body == NULL) {
    finish (task, dup_words (error));
    return;
  }
  self->buffer = g_malloc (MAX_BODY);
  g_input_stream_read_all_async (body, self->buffer, MAX_BODY, G_PRIORITY_DEFAULT,
                                 base_deadline_get_cancellable (self->deadline), read_cb,
                                 g_steal_pointer (&task));
}

/* (transfer full): where the API server passes requests on to the service (Kubernetes page "Access
 * Services Running on Clusters") */
static char *
dup_path (CourseCheck *check, const char *namespace_)
{
  gboolean is_https = g_str_equal (course_check_get_scheme (check), "https");

  return g_strdup_printf ("/api/v1/namespaces/%s/services/%s%s:%u/proxy%s", namespace_,
                          is_https ? "https:" : "", course_check_get_service (check),
                          course_check_get_port (check), course_check_get_http_path (check));
}

void
session_proxy_attempt_async (CourseCheck *check,
                             KubeClient *client,
                             const char *namespace_,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Attempt *self = g_new0 (Attempt, 1);
  g_autofree char *path = dup_path (check, namespace_);

  g_task_set_source_tag (task, session_proxy_attempt_async);
  g_task_set_task_data (task, self, attempt_free);
  self->check = g_object_ref (check);
  self->deadline = base_deadline_new (cancellable, TIMEOUT_MS);
  self->sent_at = g_get_monotonic_time ();
  kube_client_open_async (client, path, base_deadline_get_cancellable (self->deadline), opened_cb,
                          g_steal_pointer (&task));
}

SessionFinding *
session_proxy_attempt_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
