/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* This computer: the user's shell, kubeconfig files as kubectl finds them or @kubeconfig
 * (nullable). */
#define JUMP_TYPE_LOCAL (jump_local_get_type ())
G_DECLARE_FINAL_TYPE (JumpLocal, jump_local, JUMP, LOCAL, GObject)
JumpPlace *jump_local_new (const char *kubeconfig);

G_END_DECLS
