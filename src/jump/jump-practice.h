/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-connection.h"

G_BEGIN_DECLS

/* Starts konvoy-practice on @directory (NULL: the default under XDG_STATE_HOME) and reads its line.
 */
#define JUMP_TYPE_PRACTICE (jump_practice_get_type ())
G_DECLARE_FINAL_TYPE (JumpPractice, jump_practice, JUMP, PRACTICE, JumpConnection)
JumpPlace *jump_practice_new (const char *directory);

G_END_DECLS
