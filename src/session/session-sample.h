/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-attempt.h"

G_BEGIN_DECLS

/* One try of a check of the type traffic. @connectable: what leads to @address. */
void session_sample_async (CourseCheck *check,
                           GSocketConnectable *connectable,
                           const char *address,
                           SessionAttemptSeen seen,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
/* (nullable) (transfer full): NULL where it was cancelled */
SessionFinding *session_sample_finish (GAsyncResult *result);

G_END_DECLS
