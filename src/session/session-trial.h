/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* Plays one step in a terminal and waits until its checks pass. Its section must be open. */
void session_trial_async (SessionStep *step,
                          SessionPty *pty,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* @reason: (out) (nullable) (transfer full): why it did not pass, one line. FALSE with an error
 * only where it was cancelled. */
gboolean session_trial_finish (GAsyncResult *result, char **reason, GError **error);

G_END_DECLS
