/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-pty.h"

G_BEGIN_DECLS

/* What is typed in a terminal by hand, command after command. Signal "command" (const
 * SessionTyped *) when one has ended. What a step types is not told of, nor what a
 * shell runs that does not mark its prompts. */
#define SESSION_TYPE_TRANSCRIPT (session_transcript_get_type ())
G_DECLARE_FINAL_TYPE (SessionTranscript, session_transcript, SESSION, TRANSCRIPT, GObject)

SessionTranscript *session_transcript_new (SessionPty *pty);

G_END_DECLS
