/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-chain.h"
#include "session-finding.h"

G_BEGIN_DECLS

/* How far a try of an address has come, as its chain is told. */
typedef struct _SessionTrail SessionTrail;

SessionTrail *session_trail_new (CourseCheck *check, SessionChain *chain);
void session_trail_free (SessionTrail *self);
void session_trail_begin (SessionTrail *self, const char *address, gboolean is_known);
void session_trail_pass (SessionTrail *self, CourseStage stage);
void session_trail_end (SessionTrail *self, const SessionFinding *finding);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionTrail, session_trail_free)

G_END_DECLS
