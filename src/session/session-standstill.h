/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-shell.h"

G_BEGIN_DECLS

/* What a command that runs in a terminal has printed last, for who waits for its end. Signals:
 * "asks" (const char *line: it has ended a line with what looks like a question, and stands there);
 * "silent" (gboolean: nothing has come for long, or something comes again). */
#define SESSION_TYPE_STANDSTILL (session_standstill_get_type ())
G_DECLARE_FINAL_TYPE (SessionStandstill, session_standstill, SESSION, STANDSTILL, GObject)

SessionStandstill *session_standstill_new (SessionShell *shell, guint patience_ms);

G_END_DECLS
