/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-chain.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* How a check is seen to be, while it is started: of objects, an address, a file or a Service
 * behind the API server; not of a command. Property "result", notified of whatever changes. */
#define SESSION_TYPE_EXAMINATION (session_examination_get_type ())
G_DECLARE_FINAL_TYPE (SessionExamination, session_examination, SESSION, EXAMINATION, GObject)

SessionExamination *
session_examination_new (CourseCheck *check, SessionLab *lab, SessionChain *chain);
void session_examination_start (SessionExamination *self);
void session_examination_stop (SessionExamination *self);
void session_examination_set_at_length (SessionExamination *self, gboolean at_length);
gboolean session_examination_is_tried (SessionExamination *self);
void session_examination_retry (SessionExamination *self);
SessionCheckState session_examination_get_state (SessionExamination *self);
const char *session_examination_get_detail (SessionExamination *self);
gboolean session_examination_get_fresh (SessionExamination *self);

G_END_DECLS
