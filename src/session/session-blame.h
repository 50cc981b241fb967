/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* Why a command did not print what it should: what keeps the Service that it asks from answering,
 * as far as the lists of a lab show it. Signal "changed": session_blame_dup_sentence() may say
 * something else. */
#define SESSION_TYPE_BLAME (session_blame_get_type ())
G_DECLARE_FINAL_TYPE (SessionBlame, session_blame, SESSION, BLAME, GObject)

SessionBlame *session_blame_new (CourseCheck *check, SessionLab *lab);
void session_blame_stop (SessionBlame *self);
char *session_blame_dup_sentence (SessionBlame *self);

G_END_DECLS
