/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_ATTEMPT_UNKNOWN, /* it could not be tried */
  SESSION_ATTEMPT_FAILED,
  SESSION_ATTEMPT_PASSED,
} SessionAttemptResult;

/* One try of a check of the type reach or http. @connectable: what leads to @address. */
void session_attempt_async (CourseCheck *check,
                            GSocketConnectable *connectable,
                            const char *address,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* @detail: (nullable) (transfer full): what was seen instead */
SessionAttemptResult session_attempt_finish (GAsyncResult *result, char **detail);

G_END_DECLS
