/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-step.h"
#include "session-typing.h"

G_BEGIN_DECLS

/* Whether a command that a student has typed by hand is that of a step. */
gboolean session_hand_fits (const char *form, GPtrArray *checks, const SessionTyped *typed);

G_END_DECLS
