/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-step.h"

G_BEGIN_DECLS

/* What the checks of one step say together. @checks: (element-type SessionCheck): may be empty, and
 * then nothing stands against it. */
gboolean session_proof_is_passed (GPtrArray *checks);
/* Passed, and none only by what was seen before the step was run. */
gboolean session_proof_is_complete (GPtrArray *checks);
/* (nullable) (transfer none): the first check that is as @state */
SessionCheck *session_proof_find (GPtrArray *checks, SessionCheckState state);

/* (nullable) (transfer none): the check that its step fails by. That a command has not printed what
 * it should is known at once, and seldom is the cause: what else is asked comes first. */
SessionCheck *session_proof_find_late (GPtrArray *checks);

G_END_DECLS
