/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-finding.h"

G_BEGIN_DECLS

/* One try of a check of the type reach or http. @connectable: what leads to @address. */
void session_attempt_async (CourseCheck *check,
                            GSocketConnectable *connectable,
                            const char *address,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* (nullable) (transfer full): NULL where it was cancelled */
SessionFinding *session_attempt_finish (GAsyncResult *result);

G_END_DECLS
