/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-connection.h"

G_BEGIN_DECLS

/* A jumpserver over OpenSSH: one master connection, everything else through it. @identity nullable:
 * agent and ssh's defaults. Signal "host-key-question" (fingerprint, JumpQuestion) is emitted on
 * first use; nobody answering is a no. The default for known hosts is the program's own file under
 * XDG_STATE_HOME. */
#define JUMP_TYPE_SSH (jump_ssh_get_type ())
G_DECLARE_FINAL_TYPE (JumpSsh, jump_ssh, JUMP, SSH, JumpConnection)

JumpPlace *jump_ssh_new (
  const char *user, const char *host, guint16 port, const char *identity, GError **error);
JumpPlace *
jump_ssh_new_for_spec (const char *user_at_host_port, const char *identity, GError **error);
const char *jump_ssh_get_identity (JumpSsh *self);
/* Makes the private key 0600, where the user has agreed (JUMP_ERROR_KEY_TOO_OPEN). */
gboolean jump_ssh_mend_identity (JumpSsh *self, GError **error);

G_END_DECLS
