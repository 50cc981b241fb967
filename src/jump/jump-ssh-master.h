/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-log.h"
#include "jump-ssh-settings.h"

G_BEGIN_DECLS

/* The one connection to a jumpserver, logged in. Signal "ended" (GError): it is gone. */
#define JUMP_TYPE_SSH_MASTER (jump_ssh_master_get_type ())
G_DECLARE_FINAL_TYPE (JumpSshMaster, jump_ssh_master, JUMP, SSH_MASTER, GObject)

void jump_ssh_master_start_async (JumpSshSettings *settings,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
JumpSshMaster *jump_ssh_master_start_finish (GAsyncResult *result, GError **error);
void jump_ssh_master_stop (JumpSshMaster *self);
/* What it says, such as why a forwarded connection failed. */
JumpLog *jump_ssh_master_get_log (JumpSshMaster *self);

G_END_DECLS
