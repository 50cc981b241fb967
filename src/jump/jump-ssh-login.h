/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-host-key.h"
#include "jump-question.h"
#include "jump-ssh-master.h"

G_BEGIN_DECLS

/* Shows @question to the user, who keeps a reference to answer it. */
typedef void (*JumpSshAskFunc) (const JumpHostKey *key, JumpQuestion *question, gpointer user_data);

void jump_ssh_login_async (JumpSshSettings *settings,
                           JumpSshAskFunc ask,
                           gpointer ask_data,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
JumpSshMaster *jump_ssh_login_finish (GAsyncResult *result, char **shell, GError **error);

G_END_DECLS
