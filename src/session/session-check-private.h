/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* For SessionStep, which owns them. @lab must outlive the check's being active. */
SessionCheck *session_check_new (CourseCheck *check, SessionLab *lab);
/* Active: looked at. Else its state is SESSION_CHECK_UNKNOWN. */
void session_check_set_active (SessionCheck *self, gboolean active);
/* What it waits for was set going: from now on its "within" counts. */
void session_check_begin (SessionCheck *self);

/* The step that it proves was set going: what its chain tells is from now on. What a step that was
 * @done has waited for stays known. */
void session_check_begin_chain (SessionCheck *self, gboolean done);
/* Its step was done at @done_at, in Unix seconds: what it is about was there then. */
void session_check_assume_passed (SessionCheck *self, gint64 done_at);
/* @waits: (nullable) (element-type CourseWait): of its step, which was done */
void session_check_restore_chain (SessionCheck *self, GPtrArray *waits);

/* What was seen before counts no more: it has to be seen again. */
void session_check_doubt (SessionCheck *self);

/* Of a check of the terminal: its step's command runs. */
void session_check_expect_output (SessionCheck *self);
/* Of a check of the terminal: what the step's command has printed, and how it ended. */
void session_check_take_output (SessionCheck *self, const char *output, int exit_status);
/* Whether @output would do. Only of a check of the terminal. */
gboolean session_check_fits_output (SessionCheck *self, const char *output, int exit_status);
/* What its command has done counts no more. */
void session_check_forget (SessionCheck *self);
/* Its step was put back: nobody waits for it any more. */
void session_check_put_back (SessionCheck *self);

G_END_DECLS
