/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-asker-private.h"

/* One request that is under way, and what its answer, or the lack of one, tells. */

void
session_asker_call_free (SessionAskerCall *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->asker);
  g_free (self);
}

void
session_asker_call_send (SessionAskerCall *call, SoupMessage *message, GAsyncReadyCallback callback)
{
  soup_session_send_and_read_async (call->asker->session, message, G_PRIORITY_DEFAULT,
                                    call->cancellable, callback, call);
}

static gboolean
late_cb (gpointer user_data)
{
  SessionAskerCall *call = user_data;

  call->timer = 0;
  call->is_late = TRUE;
  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

SessionAskerCall *
session_asker_call_new (SessionAsker *self)
{
  SessionAskerCall *call = g_new0 (SessionAskerCall, 1);

  call->asker = g_object_ref (self);
  call->generation = self->generation;
  call->cancellable = g_cancellable_new ();
  g_ptr_array_add (self->open, g_object_ref (call->cancellable));
  call->timer = g_timeout_add (self->limit_ms, late_cb, call);
  g_source_set_name_by_id (call->timer, "[session] limit of a sample");
  call->asked_at = g_get_monotonic_time ();
  self->asked_at = call->asked_at;
  return call;
}

/* FALSE: it was sent on a way that is no more. */
gboolean
session_asker_call_end (SessionAskerCall *call)
{
  if (call->generation != call->asker->generation)
    return FALSE;
  g_clear_handle_id (&call->timer, g_source_remove);
  g_ptr_array_remove_fast (call->asker->open, call->cancellable);
  return TRUE;
}

static SessionAskerTrouble
judge (SessionAskerCall *call, const MeshAnswer *answer)
{
  if (answer->outcome == MESH_OUTCOME_NONE)
    return call->is_late ? SESSION_ASKER_SILENT : call->failure;
  if (answer->outcome != MESH_OUTCOME_OTHER)
    return SESSION_ASKER_FINE;
  return answer->status == SOUP_STATUS_NOT_FOUND ? SESSION_ASKER_NO_PAGE : SESSION_ASKER_NOT_SERVED;
}

/* The trouble first, so that who hears of the answer knows it. */
void
session_asker_call_take (SessionAskerCall *call, const MeshAnswer *answer)
{
  session_asker_set_trouble (call->asker, judge (call, answer));
  mesh_history_add (call->asker->history, answer);
}

/* @error (nullable) */
static SessionAskerTrouble
get_failure (const GError *error)
{
  if (error != NULL && error->domain == G_RESOLVER_ERROR)
    return SESSION_ASKER_NAMELESS;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ? SESSION_ASKER_REFUSED
                                                                            : SESSION_ASKER_BROKEN;
}

/* (nullable) (transfer full): the body */
GBytes *
session_asker_call_finish (SessionAskerCall *call, GObject *source, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  GBytes *body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  call->failure = get_failure (error);
  return body;
}
