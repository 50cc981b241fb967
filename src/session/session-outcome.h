/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* What has come of a step's command, as a check of the terminal judges it. Where it did not print
 * what it should, and the check names the Service that it asks, what keeps that from answering is
 * told, too, as far as the lists of a lab show it. Signal "changed". */
#define SESSION_TYPE_OUTCOME (session_outcome_get_type ())
G_DECLARE_FINAL_TYPE (SessionOutcome, session_outcome, SESSION, OUTCOME, GObject)

SessionOutcome *session_outcome_new (CourseCheck *check);
/* @lab: (nullable): whose lists are looked at from now on */
void session_outcome_set_lab (SessionOutcome *self, SessionLab *lab);
/* The command runs. */
void session_outcome_expect (SessionOutcome *self);
/* What it has printed, and how it ended. */
void session_outcome_take (SessionOutcome *self, const char *output, int exit_status);
/* Nobody knows, or it counts no more. */
void session_outcome_forget (SessionOutcome *self);

SessionCheckState session_outcome_get_state (SessionOutcome *self);
char *session_outcome_dup_detail (SessionOutcome *self);

G_END_DECLS
