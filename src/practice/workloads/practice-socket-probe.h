/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"

G_BEGIN_DECLS

/* Connects to what really listens in a pod, and, with a @request, asks it. */
void practice_socket_probe_async (PracticeContainerRuntime *runtime,
                                  JsonNode *pod,
                                  guint16 port,
                                  PracticeHttpRequest *request,
                                  guint milliseconds,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* The status of the response, 0 with no request; -1 with @error set: G_IO_ERROR_CONNECTION_REFUSED,
 * G_IO_ERROR_TIMED_OUT or another. */
int practice_socket_probe_finish (GAsyncResult *result, GError **error);

G_END_DECLS
