/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-message.h"

G_BEGIN_DECLS

/* Whatever answers HTTP inside the cluster: a program in a pod, a proxy that hands on to another
 * handler, a gateway. All in the owner's main loop, so a hop between two pods is a call, not a
 * socket; real sockets are at the edges (PracticeHttpServer). */
#define PRACTICE_TYPE_HTTP_HANDLER (practice_http_handler_get_type ())
G_DECLARE_INTERFACE (PracticeHttpHandler, practice_http_handler, PRACTICE, HTTP_HANDLER, GObject)

struct _PracticeHttpHandlerInterface {
  GTypeInterface parent_interface;

  void (*handle_async) (PracticeHttpHandler *self,
                        PracticeHttpRequest *request,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  /* (transfer full) (nullable). No answer at all is an error: G_IO_ERROR_CONNECTION_REFUSED,
   * G_IO_ERROR_CONNECTION_CLOSED (reset), G_IO_ERROR_TIMED_OUT, G_IO_ERROR_HOST_UNREACHABLE (no
   * such name). */
  PracticeHttpResponse *(*handle_finish) (PracticeHttpHandler *self,
                                          GAsyncResult *result,
                                          GError **error);
};

void practice_http_handler_handle_async (PracticeHttpHandler *self,
                                         PracticeHttpRequest *request,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
PracticeHttpResponse *practice_http_handler_handle_finish (PracticeHttpHandler *self,
                                                           GAsyncResult *result,
                                                           GError **error);

G_END_DECLS
