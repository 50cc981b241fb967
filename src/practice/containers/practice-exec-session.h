/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container.h"
#include "practice-exec-streams.h"

G_BEGIN_DECLS

/* One exec or attach: a client's streams and a program's, for as long as both are there. Keeps
 * itself alive until then. */
#define PRACTICE_TYPE_EXEC_SESSION (practice_exec_session_get_type ())
G_DECLARE_FINAL_TYPE (PracticeExecSession, practice_exec_session, PRACTICE, EXEC_SESSION, GObject)

/* The program ends with the client. */
void practice_exec_session_start_exec (PracticeExecStreams *streams,
                                       PracticeContainer *container,
                                       const char *const *argv);
/* The program goes on; @ends_input: but reads no more. */
void practice_exec_session_start_attach (PracticeExecStreams *streams,
                                         PracticeProcess *process,
                                         gboolean ends_input);

G_END_DECLS
