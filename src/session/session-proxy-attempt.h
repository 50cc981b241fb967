/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "session-finding.h"

G_BEGIN_DECLS

/* One try of a check of the type http that goes through the API server. */
void session_proxy_attempt_async (CourseCheck *check,
                                  KubeClient *client,
                                  const char *namespace_,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* (nullable) (transfer full): NULL where it was cancelled */
SessionFinding *session_proxy_attempt_finish (GAsyncResult *result);

G_END_DECLS
