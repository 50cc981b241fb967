/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-asker-private.h"

#define SIGN_IN_PATH "/login"
#define SIGN_IN_INTERVAL G_USEC_PER_SEC

void
session_asker_forget_user (SessionAsker *self)
{
  g_slist_free_full (g_steal_pointer (&self->cookies), (GDestroyNotify)soup_cookie_free);
  self->signed_in_at = 0;
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionAskerCall) call = user_data;
  SessionAsker *self = call->asker;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr (GBytes) body = session_asker_call_finish (call, source, result);
  MeshAnswer answer = { .asked_at = call->asked_at };
  guint status;

  if (!session_asker_call_end (call))
    return;
  self->is_signing_in = FALSE;
  status = body != NULL ? soup_message_get_status (message) : 0;
  if (status >= 200 && status < 400)
    self->cookies = soup_cookies_from_response (message);
  if (self->cookies != NULL)
    return;
  if (status >= 200 && status < 400) {
    session_asker_set_trouble (self, SESSION_ASKER_NO_SIGN_IN);
    return;
  }
  answer.latency_ms = (guint)((g_get_monotonic_time () - call->asked_at) / 1000);
  answer.status = status;
  answer.outcome = status != 0 ? MESH_OUTCOME_OTHER : MESH_OUTCOME_NONE;
  session_asker_call_take (call, &answer);
}

/* The page takes any name, and never looks at the password. Only its session sets end-user. */
gboolean
session_asker_sign_in (SessionAsker *self)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) bytes = NULL;
  char *form;

  if (self->is_signing_in ||
      (self->signed_in_at != 0 && g_get_monotonic_time () - self->signed_in_at < SIGN_IN_INTERVAL))
    return FALSE;
  message = session_asker_new_message (self, SOUP_METHOD_POST, SIGN_IN_PATH);
  if (message == NULL)
    return FALSE;
  form = soup_form_encode ("username", self->user, "passwd", "", NULL);
  bytes = g_bytes_new_take (form, strlen (form));
  soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, bytes);
  self->is_signing_in = TRUE;
  self->signed_in_at = g_get_monotonic_time ();
  session_asker_call_send (session_asker_call_new (self), message, signed_in_cb);
  return TRUE;
}
