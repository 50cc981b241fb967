/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-step.h"

G_BEGIN_DECLS

/* How the checks of one step were waited for. @checks: (element-type SessionCheck): may be empty */
GPtrArray *session_waits_list (GPtrArray *checks);
void session_waits_restore (GPtrArray *checks, GPtrArray *waits);
char *session_waits_dup_report (GPtrArray *checks, gint64 since);

G_END_DECLS
