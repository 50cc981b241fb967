/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-call.h"

#include "base-source.h"

/* A caller that waits only so long: at its limit the call ends with G_IO_ERROR_TIMED_OUT, and who
 * works on the request is told that nobody waits any more. */

typedef struct {
  GCancellable *inner; /* (owned) */
  GSource *limit;      /* (owned) (nullable) */
  GSource *outer;      /* (owned) (nullable): the caller's own cancellable */
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  base_source_clear (&self->limit);
  base_source_clear (&self->outer);
  g_clear_object (&self->inner);
  g_free (self);
}

static gboolean
limit_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Call *call = g_task_get_task_data (task);

  base_source_clear (&call->limit);
  base_source_clear (&call->outer);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timed out");
  g_cancellable_cancel (call->inner);

  return G_SOURCE_REMOVE;
}

static gboolean
outer_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Call *call = g_task_get_task_data (task);

  base_source_clear (&call->limit);
  base_source_clear (&call->outer);
  g_task_return_error_if_cancelled (task);
  g_cancellable_cancel (call->inner);

  return G_SOURCE_REMOVE;
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, &error);

  /* Both sources are gone where the task has returned. */
  if (call->limit == NULL)
    return;
  base_source_clear (&call->limit);
  base_source_clear (&call->outer);
  if (response != NULL)
    g_task_return_pointer (task, g_steal_pointer (&response),
                           (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * practice_http_call_async:
 * @handler: what answers
 * @request: a request
 * @milliseconds: how long its caller waits
 * @cancellable: (nullable): a cancellable
 * @callback: called with the response
 * @user_data: data of @callback
 *
 * Asks @handler.
 */
void
practice_http_call_async (PracticeHttpHandler *handler,
                          PracticeHttpRequest *request,
                          guint milliseconds,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Call *call;

  g_return_if_fail (PRACTICE_IS_HTTP_HANDLER (handler));
  g_return_if_fail (request != NULL);

  task = g_task_new (handler, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_http_call_async);
  call = g_new0 (Call, 1);
  call->inner = g_cancellable_new ();
  g_task_set_task_data (task, call, call_free);

  call->limit = g_timeout_source_new (milliseconds);
  g_source_set_callback (call->limit, limit_cb, g_object_ref (task), g_object_unref);
  g_source_attach (call->limit, g_main_context_get_thread_default ());
  if (cancellable != NULL) {
    call->outer = g_cancellable_source_new (cancellable);
    g_source_set_callback (call->outer, G_SOURCE_FUNC (outer_cb), g_object_ref (task),
                           g_object_unref);
    g_source_attach (call->outer, g_main_context_get_thread_default ());
  }

  practice_http_handler_handle_async (handler, request, call->inner, handled_cb,
                                      g_steal_pointer (&task));
}

/**
 * practice_http_call_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the response; %NULL with `G_IO_ERROR_TIMED_OUT` at the
 *   limit, or as practice_http_handler_handle_finish()
 */
PracticeHttpResponse *
practice_http_call_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
