/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sign-in.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The page takes any name and never looks at the password
 * (https://github.com/istio/istio/blob/1.4.0/samples/bookinfo/src/productpage/productpage.py). */
#define PATH "/login"

static void
cookies_free (gpointer cookies)
{
  g_slist_free_full (cookies, (GDestroyNotify)soup_cookie_free);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  GError *error = NULL;
  g_autoptr (GBytes) body =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  guint status = soup_message_get_status (message);
  GSList *cookies = NULL;

  if (body == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (status >= 200 && status < 400)
    cookies = soup_cookies_from_response (message);
  if (cookies != NULL)
    g_task_return_pointer (task, cookies, cookies_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED,
                             /* Translators: %u is an HTTP status, such as 404 */
                             _ ("the page lets nobody sign in: it answers with status %u"), status);
}

void
session_sign_in_async (SoupSession *session,
                       const char *base,
                       const char *user,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *uri = g_strconcat (base, PATH, NULL);
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *form = NULL;

  g_task_set_source_tag (task, session_sign_in_async);
  if (user == NULL) {
    g_task_return_pointer (task, NULL, NULL);
    return;
  }
  message = soup_message_new (SOUP_METHOD_POST, uri);
  if (message == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             /* Translators: %s is an address of the web */
                             _ ("%s is not an address"), uri);
    return;
  }
  form = soup_form_encode ("username", user, "passwd", "", NULL);
  bytes = g_bytes_new_take (form, strlen (form));
  soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, bytes);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, cancellable, answered_cb,
                                    g_steal_pointer (&task));
}

SessionFinding *
session_sign_in_new_finding (CourseCheck *check, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
    return session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED, error->message);
  return session_finding_new_failure (check, error);
}

gboolean
session_sign_in_finish (GAsyncResult *result, GSList **cookies, GError **error)
{
  GError *local_error = NULL;

  *cookies = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}
