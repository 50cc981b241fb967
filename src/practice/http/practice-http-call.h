/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"

G_BEGIN_DECLS

/* A request with a time limit. */
void practice_http_call_async (PracticeHttpHandler *handler,
                               PracticeHttpRequest *request,
                               guint milliseconds,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PracticeHttpResponse *practice_http_call_finish (GAsyncResult *result, GError **error);

G_END_DECLS
