/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-stage.h"
#include "session-finding.h"

G_BEGIN_DECLS

/* Called with the callback's data, before the callback: @stage was seen to be so. */
typedef void (*SessionAttemptSeen) (CourseStage stage, gpointer user_data);

/* One try of a check of the type reach or http. @connectable: what leads to @address. */
void session_attempt_async (CourseCheck *check,
                            GSocketConnectable *connectable,
                            const char *address,
                            SessionAttemptSeen seen,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* (nullable) (transfer full): NULL where it was cancelled */
SessionFinding *session_attempt_finish (GAsyncResult *result);

/* What a connection's event tells; FALSE where that is nothing of the kind. */
gboolean session_attempt_find_stage (GSocketClientEvent event, CourseStage *stage);

G_END_DECLS
