/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-command.h"
#include "jump-ssh-settings.h"

G_BEGIN_DECLS

/* Runs @script by sh on the jumpserver, over the master connection. */
void jump_ssh_exec_async (gpointer source,
                          JumpSshSettings *settings,
                          const char *script,
                          GBytes *input,
                          guint timeout_ms,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
BaseCommandResult *jump_ssh_exec_finish (GAsyncResult *result, GError **error);

G_END_DECLS
