/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-fake-handler.h"

static void handler_iface_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestFakeHandler,
                               test_fake_handler,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER,
                                                      handler_iface_init))

typedef struct {
  PracticeHttpResponse *response; /* (nullable) */
  GError *error;                  /* (nullable) */
  GSource *delay;                 /* (nullable) */
  GSource *cancelled;             /* (nullable) */
} Answer;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
answer_free (Answer *self)
{
  clear_source (&self->delay);
  clear_source (&self->cancelled);
  g_clear_pointer (&self->response, practice_http_response_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static gboolean
delay_cb (gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Answer *answer = g_task_get_task_data (task);

  clear_source (&answer->cancelled);
  clear_source (&answer->delay);
  if (answer->error != NULL)
    g_task_return_error (task, g_steal_pointer (&answer->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&answer->response),
                           (GDestroyNotify)practice_http_response_unref);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  TestFakeHandler *self = g_task_get_source_object (task);
  Answer *answer = g_task_get_task_data (task);

  self->n_cancelled++;
  clear_source (&answer->delay);
  clear_source (&answer->cancelled);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");

  return G_SOURCE_REMOVE;
}

static void
handle_async (PracticeHttpHandler *handler,
              PracticeHttpRequest *request,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  TestFakeHandler *self = TEST_FAKE_HANDLER (handler);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Answer *answer = g_new0 (Answer, 1);
  int delay = 0;

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, answer, (GDestroyNotify)answer_free);
  g_ptr_array_add (self->requests, practice_http_request_ref (request));
  answer->response = self->answer (request, &delay, &answer->error, self->user_data);

  if (cancellable != NULL) {
    answer->cancelled = g_cancellable_source_new (cancellable);
    g_source_set_callback (answer->cancelled, G_SOURCE_FUNC (cancelled_cb), g_object_ref (task),
                           g_object_unref);
    g_source_attach (answer->cancelled, NULL);
  }
  if (delay >= 0) {
    answer->delay = g_timeout_source_new (delay);
    g_source_set_callback (answer->delay, delay_cb, g_object_ref (task), g_object_unref);
    g_source_attach (answer->delay, NULL);
  }
}

static PracticeHttpResponse *
handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_iface_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = handle_async;
  iface->handle_finish = handle_finish;
}

static void
test_fake_handler_finalize (GObject *object)
{
  TestFakeHandler *self = TEST_FAKE_HANDLER (object);

  g_ptr_array_unref (self->requests);

  G_OBJECT_CLASS (test_fake_handler_parent_class)->finalize (object);
}

static void
test_fake_handler_class_init (TestFakeHandlerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_fake_handler_finalize;
}

static void
test_fake_handler_init (TestFakeHandler *self)
{
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_http_request_unref);
}

TestFakeHandler *
test_fake_handler_new (TestFakeAnswer answer, gpointer user_data)
{
  TestFakeHandler *self = g_object_new (TEST_TYPE_FAKE_HANDLER, NULL);

  self->answer = answer;
  self->user_data = user_data;

  return self;
}
