/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-screen.h"

G_BEGIN_DECLS

char *session_screen_dup_line (SessionScreen *self, guint row, guint *n_rows);
char *session_screen_dup_copy (SessionScreen *self);

G_END_DECLS
