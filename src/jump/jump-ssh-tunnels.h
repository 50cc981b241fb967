/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-ssh-master.h"

G_BEGIN_DECLS

/* The sockets that lead through one jumpserver. */
#define JUMP_TYPE_SSH_TUNNELS (jump_ssh_tunnels_get_type ())
G_DECLARE_FINAL_TYPE (JumpSshTunnels, jump_ssh_tunnels, JUMP, SSH_TUNNELS, GObject)

JumpSshTunnels *jump_ssh_tunnels_new (JumpSshSettings *settings);
/* NULL: not connected. */
void jump_ssh_tunnels_set_master (JumpSshTunnels *self, JumpSshMaster *master);
void jump_ssh_tunnels_close (JumpSshTunnels *self);
/* Whether some of them need a session of the SSH server for each connection. */
gboolean jump_ssh_tunnels_get_relaying (JumpSshTunnels *self);

void jump_ssh_tunnels_reach_async (JumpSshTunnels *self,
                                   const char *host,
                                   guint16 port,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GSocketConnectable *
jump_ssh_tunnels_reach_finish (JumpSshTunnels *self, GAsyncResult *result, GError **error);

G_END_DECLS
