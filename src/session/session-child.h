/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int session_child_spawn (const char *const *argv,
                         const char *const *environment,
                         guint columns,
                         guint rows,
                         GPid *pid,
                         GError **error);
/* Tells a child that nobody waits for any more to go: SIGHUP, then SIGKILL. */
void session_child_dismiss (GPid pid);

G_END_DECLS
