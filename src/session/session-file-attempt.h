/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"
#include "session-finding.h"

G_BEGIN_DECLS

/* One look at the file of a check of the type file, at @place. */
void session_file_attempt_async (CourseCheck *check,
                                 JumpPlace *place,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
/* (nullable) (transfer full): NULL where it was cancelled */
SessionFinding *session_file_attempt_finish (GAsyncResult *result);

G_END_DECLS
