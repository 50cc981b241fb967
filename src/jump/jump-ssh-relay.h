/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-relay.h"
#include "jump-ssh-settings.h"

G_BEGIN_DECLS

/* Carries connections to a host and port by a program on the jumpserver, where ssh may not forward
 * them. */
#define JUMP_TYPE_SSH_RELAY (jump_ssh_relay_get_type ())
G_DECLARE_FINAL_TYPE (JumpSshRelay, jump_ssh_relay, JUMP, SSH_RELAY, JumpRelay)

JumpSshRelay *
jump_ssh_relay_new (JumpSshSettings *settings, const char *host, guint16 port, const char *program);
/* A script that connects to @host and @port once and prints the program that can. */
char *jump_ssh_relay_dup_check (const char *host, guint16 port);

G_END_DECLS
