/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-connection.h"

G_BEGIN_DECLS

/* This computer: the user's shell, kubeconfig files as kubectl finds them or @kubeconfig
 * (nullable). */
#define JUMP_TYPE_LOCAL (jump_local_get_type ())
G_DECLARE_FINAL_TYPE (JumpLocal, jump_local, JUMP, LOCAL, JumpConnection)
JumpPlace *jump_local_new (const char *kubeconfig);

G_END_DECLS
