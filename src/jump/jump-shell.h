/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-command.h"

G_BEGIN_DECLS

/* Command lines for a shell elsewhere, of which nothing is known but that it is one. */
char *jump_shell_quote (const char *text);
char *jump_shell_quote_argv (const char *const *argv);
char *jump_shell_dup_marker (void);
char *jump_shell_wrap (const char *script, const char *marker);
BaseCommandResult *jump_shell_unwrap (const BaseCommandResult *result, const char *marker);

G_END_DECLS
