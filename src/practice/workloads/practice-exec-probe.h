/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"

G_BEGIN_DECLS

/* Runs a program in a container, within a time, and says whether it ended well; else what it
 * printed. */
void practice_exec_probe_async (PracticeContainerRuntime *runtime,
                                JsonNode *pod,
                                const char *container,
                                const char *const *argv,
                                guint milliseconds,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean practice_exec_probe_finish (GAsyncResult *result, GError **error);

G_END_DECLS
