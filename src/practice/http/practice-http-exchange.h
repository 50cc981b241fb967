/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-message.h"

G_BEGIN_DECLS

/* One request over a connection to a real server, and its whole answer. */
void practice_http_exchange_async (GIOStream *stream,
                                   PracticeHttpRequest *request,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* (transfer full) (nullable): G_IO_ERROR_CONNECTION_CLOSED where what came back is no answer. */
PracticeHttpResponse *practice_http_exchange_finish (GAsyncResult *result, GError **error);

G_END_DECLS
