/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "session-canary-private.h"

static gboolean
too_late_cb (gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  SessionCanary *self = g_task_get_source_object (task);

  g_task_set_task_data (task, NULL, NULL);
  session_canary_give_up (self);
  return G_SOURCE_REMOVE;
}

static void
ended_cb (SessionCanary *self, GParamSpec *pspec, GTask *task)
{
  guint timer = GPOINTER_TO_UINT (g_task_get_task_data (task));
  g_autoptr (GTask) owned = NULL;

  if (session_canary_is_active (self))
    return;
  owned = task;
  g_signal_handlers_disconnect_by_func (self, ended_cb, task);
  if (timer != 0)
    g_source_remove (timer);
  g_task_return_boolean (task, session_canary_get_state (self) == SESSION_CANARY_ABORTED);
}

/**
 * session_canary_end_async:
 * @limit_ms: how long to wait for the server
 *
 * Nobody is going to watch any longer: it goes back to the weights that were before, where it is
 * under way, and the log says whether it got there.
 */
void
session_canary_end_async (SessionCanary *self,
                          guint limit_ms,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  guint timer;

  g_return_if_fail (SESSION_IS_CANARY (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, session_canary_end_async);
  if (!session_canary_is_active (self)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  timer = g_timeout_add (limit_ms, too_late_cb, task);
  g_source_set_name_by_id (timer, "[session] canary's end");
  g_task_set_task_data (task, GUINT_TO_POINTER (timer), NULL);
  g_signal_connect_object (self, "notify::state", G_CALLBACK (ended_cb), g_object_ref (task), 0);
  if (session_canary_get_state (self) != SESSION_CANARY_RETURNING)
    session_canary_go_back (self, _ ("Nobody watches any more."));
}

/**
 * session_canary_end_finish:
 *
 * Returns: whether the weights are those that were before; also where nothing was under way
 */
gboolean
session_canary_end_finish (SessionCanary *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), NULL);
}
