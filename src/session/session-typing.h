/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a line that somebody has typed is the command of a form of a step. */
gboolean session_typing_is (const char *line, const char *form);
/* Whether it is a command that has @part in it, as the check of a step says. */
gboolean session_typing_has (const char *line, const char *form, const char *part);

G_END_DECLS
