/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-handler.h"

G_DEFINE_INTERFACE (PracticeHttpHandler, practice_http_handler, G_TYPE_OBJECT)

static void
practice_http_handler_default_init (PracticeHttpHandlerInterface *iface)
{
}

/**
 * practice_http_handler_handle_async:
 * @self: what answers
 * @request: a request, not to be changed by the caller until the answer is there
 * @cancellable: (nullable): for a caller that waits no longer
 * @callback: called with the answer, never before this function returns
 * @user_data: data of @callback
 *
 * Answers one request.
 */
void
practice_http_handler_handle_async (PracticeHttpHandler *self,
                                    PracticeHttpRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (PRACTICE_IS_HTTP_HANDLER (self));
  g_return_if_fail (request != NULL);

  PRACTICE_HTTP_HANDLER_GET_IFACE (self)->handle_async (self, request, cancellable, callback,
                                                        user_data);
}

/**
 * practice_http_handler_handle_finish:
 * @self: what answers
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the response; %NULL where there is none at all, with
 *   `G_IO_ERROR_CONNECTION_REFUSED`, `G_IO_ERROR_CONNECTION_CLOSED` (reset),
 *   `G_IO_ERROR_TIMED_OUT`, `G_IO_ERROR_HOST_UNREACHABLE` (no such name) or
 *   `G_IO_ERROR_CANCELLED`
 */
PracticeHttpResponse *
practice_http_handler_handle_finish (PracticeHttpHandler *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_HTTP_HANDLER (self), NULL);

  return PRACTICE_HTTP_HANDLER_GET_IFACE (self)->handle_finish (self, result, error);
}
