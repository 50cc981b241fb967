/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-command.h"

G_BEGIN_DECLS

/* How much a command at a place may print, and how long it may take. */
#define JUMP_COMMAND_MAX_BYTES (4 * 1024 * 1024)
#define JUMP_COMMAND_TIMEOUT_MS (180 * 1000)

void jump_command_run_async (gpointer source,
                             const char *const *argv,
                             const char *const *environment,
                             GBytes *input,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
BaseCommandResult *jump_command_run_finish (GAsyncResult *result, GError **error);
/* What a program printed, as UTF-8. */
char *jump_command_dup_text (GBytes *bytes);

G_END_DECLS
