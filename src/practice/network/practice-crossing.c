/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-crossing.h"

#include <glib/gi18n-lib.h>

#include "practice-connection-pair.h"
#include "practice-http-exchange.h"

typedef struct {
  PracticeRoute *route;
  PracticeHttpRequest *request; /* (nullable) (owned): none for a connection */
} Crossing;

static void
crossing_free (gpointer data)
{
  Crossing *self = data;

  g_clear_pointer (&self->route, practice_route_free);
  g_clear_pointer (&self->request, practice_http_request_unref);
  g_free (self);
}

/**
 * practice_crossing_init:
 * @task: the task of whom it is for
 * @route: (transfer full): its way
 * @request: (transfer full) (nullable): the request; %NULL for a connection
 *
 * Makes @task a crossing, which returns a #PracticeHttpResponse, or a #GIOStream.
 */
void
practice_crossing_init (GTask *task, PracticeRoute *route, PracticeHttpRequest *request)
{
  Crossing *self = g_new0 (Crossing, 1);

  self->route = route;
  self->request = request;
  g_task_set_task_data (task, self, crossing_free);
}

/**
 * practice_crossing_get_route:
 * @task: a crossing
 *
 * Returns: (transfer none): its way
 */
const PracticeRoute *
practice_crossing_get_route (GTask *task)
{
  Crossing *self = g_task_get_task_data (task);

  return self->route;
}

/**
 * practice_crossing_return_refused:
 * @task: a crossing
 *
 * Ends it: nothing answers at the end of its way.
 */
void
practice_crossing_return_refused (GTask *task)
{
  const PracticeEndpoint *endpoint = practice_crossing_get_route (task)->target;

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                           /* Translators: an IP address, a port's number */
                           _ ("Nothing answers at %s, port %u."), endpoint->address,
                           endpoint->port);
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response = practice_http_exchange_finish (result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
connected_inside_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Crossing *crossing = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, &error);

  if (connection != NULL)
    practice_http_exchange_async (G_IO_STREAM (connection), crossing->request, cancellable,
                                  exchanged_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
hand_over (const PracticeCrossingWays *ways, GTask *task, Crossing *crossing)
{
  const PracticeEndpoint *target = crossing->route->target;
  PracticeHttpHandler *handler =
    practice_doors_get_handler (ways->doors, target->address, target->port);
  PracticeNetwork *inside = practice_doors_get_inside (ways->doors, target->address, target->port);
  g_autoptr (PracticeHttpRequest) request = NULL;

  if (handler == NULL && inside != NULL) {
    practice_network_connect_from_async (inside, crossing->route->visitor->address, target->address,
                                         target->port, g_task_get_cancellable (task),
                                         connected_inside_cb, g_object_ref (task));
    return;
  }
  if (handler == NULL) {
    practice_crossing_return_refused (task);
    return;
  }
  request = practice_http_request_copy (crossing->request);
  practice_http_request_set_peer (request, crossing->route->visitor);
  practice_http_handler_handle_async (handler, request, g_task_get_cancellable (task), handled_cb,
                                      g_object_ref (task));
}

/* Where there are no sockets: HTTP is for the caller to speak, anything else goes to the program
 * that is at the port. */
static void
connect_within (GTask *task, const PracticeCrossingWays *ways, const PracticeEndpoint *target)
{
  g_autoptr (GSocketConnection) near_end = NULL;
  g_autoptr (GSocketConnection) far_end = NULL;
  g_autoptr (GError) error = NULL;

  if (practice_doors_get_handler (ways->doors, target->address, target->port) != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                             _ ("There is no practice network on this computer."));
  else if (!practice_connection_pair_open (&near_end, &far_end, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (practice_doors_accept (ways->doors, target->address, target->port, far_end))
    g_task_return_pointer (task, g_steal_pointer (&near_end), g_object_unref);
  else
    practice_crossing_return_refused (task);
}

/**
 * practice_crossing_go:
 * @task: a crossing that nothing is in the way of any more
 * @ways: what it may end at
 *
 * Ends it with the answer, or the connection.
 */
void
practice_crossing_go (GTask *task, const PracticeCrossingWays *ways)
{
  Crossing *crossing = g_task_get_task_data (task);
  PracticeRoute *route = crossing->route;
  PracticeNetwork *inside =
    practice_doors_get_inside (ways->doors, route->target->address, route->target->port);

  if (crossing->request != NULL) {
    hand_over (ways, task, crossing);
    return;
  }
  if (ways->network == NULL) {
    connect_within (task, ways, route->target);
    return;
  }
  practice_network_connect_from_async (inside != NULL ? inside : ways->network,
                                       route->visitor->address, route->target->address,
                                       route->target->port, g_task_get_cancellable (task),
                                       practice_network_return_connection, g_object_ref (task));
}
