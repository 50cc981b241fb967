/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-program.h"

#include "practice-http-call.h"
#include "practice-http-server.h"

/**
 * PracticeProgram:
 *
 * A program in a container, as code of ours in this process: it has the container's arguments and
 * environment, answers as the real one would, and prints what the real one prints. It is the
 * #PracticeHttpHandler of its port.
 */

typedef struct {
  PracticeLaunch *launch;
  GObject *server; /* (nullable): what listens on a real socket */
} PracticeProgramPrivate;

static void handler_iface_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (PracticeProgram,
                                  practice_program,
                                  G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (PracticeProgram)
                                    G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER,
                                                           handler_iface_init))

typedef struct {
  PracticeHttpRequest *request;
  gint64 arrived; /* monotonic */
} Visit;

static void
visit_free (gpointer data)
{
  Visit *self = data;

  practice_http_request_unref (self->request);
  g_free (self);
}

static void
practice_program_handle_async (PracticeHttpHandler *handler,
                               PracticeHttpRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  PracticeProgram *self = PRACTICE_PROGRAM (handler);
  PracticeProgramClass *class = PRACTICE_PROGRAM_GET_CLASS (self);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Visit *visit = g_new (Visit, 1);

  g_task_set_source_tag (task, practice_program_handle_async);
  visit->request = practice_http_request_ref (request);
  visit->arrived = g_get_monotonic_time ();
  g_task_set_task_data (task, visit, visit_free);

  if (class->respond_later != NULL)
    class->respond_later (self, request, task);
  else
    g_task_return_pointer (task, class->respond (self, request),
                           (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_program_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  PracticeProgram *self = PRACTICE_PROGRAM (handler);
  PracticeProgramClass *class = PRACTICE_PROGRAM_GET_CLASS (self);
  Visit *visit = g_task_get_task_data (G_TASK (result));
  PracticeHttpResponse *response = g_task_propagate_pointer (G_TASK (result), error);

  if (response != NULL && class->log != NULL)
    class->log (self, visit->request, response,
                (g_get_monotonic_time () - visit->arrived) / 1000.0);

  return response;
}

static void
handler_iface_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_program_handle_async;
  iface->handle_finish = practice_program_handle_finish;
}

static void
practice_program_dispose (GObject *object)
{
  practice_program_stop (PRACTICE_PROGRAM (object));

  G_OBJECT_CLASS (practice_program_parent_class)->dispose (object);
}

static void
practice_program_finalize (GObject *object)
{
  PracticeProgramPrivate *priv = practice_program_get_instance_private (PRACTICE_PROGRAM (object));

  g_clear_pointer (&priv->launch, practice_launch_free);

  G_OBJECT_CLASS (practice_program_parent_class)->finalize (object);
}

static void
practice_program_class_init (PracticeProgramClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_program_dispose;
  object_class->finalize = practice_program_finalize;
}

static void
practice_program_init (PracticeProgram *self)
{
}

/**
 * practice_program_new:
 * @type: a subclass of #PracticeProgram
 * @launch: (transfer full): what it is started with
 *
 * Returns: (transfer full): the program, not yet started
 */
PracticeProgram *
practice_program_new (GType type, PracticeLaunch *launch)
{
  PracticeProgram *self;
  PracticeProgramPrivate *priv;

  g_return_val_if_fail (g_type_is_a (type, PRACTICE_TYPE_PROGRAM), NULL);
  g_return_val_if_fail (launch != NULL, NULL);

  self = g_object_new (type, NULL);
  priv = practice_program_get_instance_private (self);
  priv->launch = launch;

  return self;
}

/**
 * practice_program_get_launch:
 * @self: a program
 *
 * Returns: (transfer none): what it was started with
 */
PracticeLaunch *
practice_program_get_launch (PracticeProgram *self)
{
  PracticeProgramPrivate *priv = practice_program_get_instance_private (self);

  g_return_val_if_fail (PRACTICE_IS_PROGRAM (self), NULL);

  return priv->launch;
}

/**
 * practice_program_start:
 * @self: a new program
 * @status: (out): its exit status where it ended
 *
 * Returns: whether it runs; %FALSE: it ended at once
 */
gboolean
practice_program_start (PracticeProgram *self, int *status)
{
  PracticeProgramClass *class;

  g_return_val_if_fail (PRACTICE_IS_PROGRAM (self), FALSE);
  g_return_val_if_fail (status != NULL, FALSE);

  class = PRACTICE_PROGRAM_GET_CLASS (self);

  return class->start == NULL || class->start (self, status);
}

/**
 * practice_program_speaks_http:
 * @self: a program
 *
 * Returns: whether it may be asked as a #PracticeHttpHandler
 */
gboolean
practice_program_speaks_http (PracticeProgram *self)
{
  PracticeProgramClass *class;

  g_return_val_if_fail (PRACTICE_IS_PROGRAM (self), FALSE);

  class = PRACTICE_PROGRAM_GET_CLASS (self);

  return class->respond != NULL || class->respond_later != NULL;
}

/**
 * practice_program_get_port:
 * @self: a program that was started
 *
 * Returns: the TCP port at which it listens; 0: none
 */
guint16
practice_program_get_port (PracticeProgram *self)
{
  return practice_program_get_launch (self)->port;
}

/**
 * practice_program_listen:
 * @self: a program that runs
 * @socket: (nullable): a listening socket at its port; %NULL where there are no sockets, for what
 *   speaks no HTTP
 * @error: return location
 *
 * Answers real connections until practice_program_stop().
 *
 * Returns: whether it does
 */
gboolean
practice_program_listen (PracticeProgram *self, GSocket *socket, GError **error)
{
  PracticeProgramPrivate *priv = practice_program_get_instance_private (self);
  PracticeProgramClass *class;
  g_autoptr (PracticeHttpServer) server = NULL;

  g_return_val_if_fail (PRACTICE_IS_PROGRAM (self), FALSE);
  g_return_val_if_fail (priv->server == NULL, FALSE);

  class = PRACTICE_PROGRAM_GET_CLASS (self);
  if (class->serve != NULL) {
    priv->server = class->serve (self, socket, error);
    return priv->server != NULL;
  }

  server = practice_http_server_new (PRACTICE_HTTP_HANDLER (self), NULL, NULL);
  if (!practice_http_server_listen (server, socket, error))
    return FALSE;
  priv->server = G_OBJECT (g_steal_pointer (&server));

  return TRUE;
}

/**
 * practice_program_accept:
 * @self: a program that listens, but does not speak HTTP
 * @connection: one end of a connection to it
 *
 * Answers a connection that did not come by a socket of its own.
 */
void
practice_program_accept (PracticeProgram *self, GSocketConnection *connection)
{
  PracticeProgramPrivate *priv = practice_program_get_instance_private (self);

  g_return_if_fail (PRACTICE_IS_PROGRAM (self));
  g_return_if_fail (priv->server != NULL);

  PRACTICE_PROGRAM_GET_CLASS (self)->accept (self, priv->server, connection);
}

/**
 * practice_program_stop:
 * @self: a program
 *
 * Closes its connections, as the end of its container does.
 */
void
practice_program_stop (PracticeProgram *self)
{
  PracticeProgramPrivate *priv = practice_program_get_instance_private (self);

  g_return_if_fail (PRACTICE_IS_PROGRAM (self));

  if (priv->server != NULL)
    g_object_run_dispose (priv->server);
  g_clear_object (&priv->server);
}

/**
 * practice_program_get_request:
 * @task: a task that the program was given to answer
 *
 * Returns: (transfer none): the request
 */
PracticeHttpRequest *
practice_program_get_request (GTask *task)
{
  Visit *visit = g_task_get_task_data (task);

  return visit->request;
}

/**
 * practice_program_new_request:
 * @self: a program
 * @host: name and port of whom it asks
 * @target: path and query
 *
 * Returns: (transfer full): a GET that comes from its pod
 */
PracticeHttpRequest *
practice_program_new_request (PracticeProgram *self, const char *host, const char *target)
{
  return practice_http_request_new (practice_program_get_launch (self)->peer, "GET", host, target,
                                    NULL);
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response = practice_http_call_finish (result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * practice_program_call_async:
 * @self: a program
 * @request: from practice_program_new_request()
 * @milliseconds: how long it waits for the answer
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: data of @callback
 *
 * Sends a request out of the pod.
 */
void
practice_program_call_async (PracticeProgram *self,
                             PracticeHttpRequest *request,
                             guint milliseconds,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  PracticeLaunch *launch = practice_program_get_launch (self);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_program_call_async);
  if (launch->outbound == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "No network");
    return;
  }

  practice_http_call_async (launch->outbound, request, milliseconds / launch->haste, cancellable,
                            called_cb, g_steal_pointer (&task));
}

/**
 * practice_program_call_finish:
 * @self: a program
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the response, as practice_http_call_finish()
 */
PracticeHttpResponse *
practice_program_call_finish (PracticeProgram *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
