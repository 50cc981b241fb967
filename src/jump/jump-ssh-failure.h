/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-ssh-settings.h"

G_BEGIN_DECLS

/* What ssh said, as a JumpError with a sentence that says what to do. */
GError *jump_ssh_failure_new (JumpSshSettings *settings, const char *errors);

G_END_DECLS
