/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* The live steps of a lab, of which those of the open section are looked at. Signal
 * "fallen-changed". */
#define SESSION_TYPE_STEPS (session_steps_get_type ())
G_DECLARE_FINAL_TYPE (SessionSteps, session_steps, SESSION, STEPS, GObject)

SessionSteps *session_steps_new (SessionLab *lab);
SessionStep *session_steps_get (SessionSteps *self, CourseSection *section, CourseStep *step);
void session_steps_open (SessionSteps *self, CourseSection *section);
GHashTable *session_steps_get_fallen (SessionSteps *self); /* set of CourseStep */
void session_steps_take_command (SessionSteps *self, const SessionTyped *typed);
void session_steps_drop (SessionSteps *self);

G_END_DECLS
