/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* For SessionLab, which owns them. */
SessionStep *session_step_new (SessionLab *lab, CourseSection *section, CourseStep *step);
/* Active: its section is open, and its checks are looked at. Else none is but what has fallen. */
void session_step_set_active (SessionStep *self, gboolean active);
/* An earlier step of the section was done or undone. */
void session_step_update (SessionStep *self);

/* (nullable) (transfer none) */
SessionLab *session_step_get_lab (SessionStep *self);

/* A command that was typed by hand has ended; the step may have been run by it. */
void session_step_take_command (SessionStep *self, const SessionTyped *typed);

/* Between the step and how it is run. */
void session_step_begin_run (SessionStep *self);
void session_step_end_run (SessionStep *self, gboolean success);
void session_step_abandon_run (SessionStep *self, gboolean forget_output);
void session_step_get_facts (SessionStep *self, CourseFacts *facts);
JumpPlace *session_step_get_place (SessionStep *self);
const char *session_step_get_last_text (SessionStep *self);
void session_step_take_last_text (SessionStep *self, char *text);
char *session_step_dup_fitting_text (SessionStep *self);

G_END_DECLS
