/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a line that somebody has typed is the command of a form of a step. */
gboolean session_typing_is (const char *line, const char *form);

G_END_DECLS
