/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A command line that becomes the user's shell, with marks at its prompts. */
char *jump_shell_marks_dup_command (const char *shell);

G_END_DECLS
