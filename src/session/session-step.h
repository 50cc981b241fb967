/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-section.h"
#include "course-step.h"
#include "session-chain.h"
#include "session-pty.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_CHECK_UNKNOWN, /* not looked at: not connected, or its section is not open */
  SESSION_CHECK_WAITING,
  SESSION_CHECK_PASSED,
  SESSION_CHECK_OVERDUE, /* longer than its "within"; still looked at */
} SessionCheckState;

GType session_check_state_get_type (void);
#define SESSION_TYPE_CHECK_STATE (session_check_state_get_type ())

/* Properties: "state", "detail" (nullable: "why not yet"), "since" (Unix seconds of the last
 * change), "proven" (passed, and not only by what was seen before its step was run). */
#define SESSION_TYPE_CHECK (session_check_get_type ())
G_DECLARE_FINAL_TYPE (SessionCheck, session_check, SESSION, CHECK, GObject)
CourseCheck *session_check_get_check (SessionCheck *self);
SessionCheckState session_check_get_state (SessionCheck *self);
const char *session_check_get_detail (SessionCheck *self);
gboolean session_check_get_proven (SessionCheck *self);
gint64 session_check_get_begun_at (SessionCheck *self);
gint64 session_check_get_since (SessionCheck *self);
SessionChain *session_check_get_chain (SessionCheck *self); /* nullable */

typedef enum {
  SESSION_STEP_OPEN,     /* neither run nor done */
  SESSION_STEP_RUNNING,  /* its command, or its edit, is under way */
  SESSION_STEP_CHECKING, /* what that has left is being looked at */
  SESSION_STEP_NOT_YET,  /* it was run; it failed, a check is late, or nothing can be seen */
  SESSION_STEP_DONE,
} SessionStepState;

GType session_step_state_get_type (void);
#define SESSION_TYPE_STEP_STATE (session_step_state_get_type ())

/* Properties: "done" (all its checks have passed at once since it was run or seen; a step without
 * checks: it was run), "done-at", "state", "n-fallen" (of its checks those that have fallen). */
#define SESSION_TYPE_STEP (session_step_get_type ())
G_DECLARE_FINAL_TYPE (SessionStep, session_step, SESSION, STEP, GObject)
CourseStep *session_step_get_step (SessionStep *self);
CourseSection *session_step_get_section (SessionStep *self);
GPtrArray *session_step_get_checks (SessionStep *self); /* of SessionCheck */
gboolean session_step_get_done (SessionStep *self);
gint64 session_step_get_done_at (SessionStep *self);
gboolean session_step_get_running (SessionStep *self);
guint session_step_get_n_fallen (SessionStep *self);
SessionStepState session_step_get_state (SessionStep *self);
/* What was typed last, or the form that fits. */
char *session_step_dup_last_text (SessionStep *self);
void session_step_forget (SessionStep *self);

/* Types @text (NULL: the form that fits the facts) into @pty, as session_pty_run_async() does; the
 * step is "running" until that has ended. */
void session_step_run_async (SessionStep *self,
                             SessionPty *pty,
                             const char *text,
                             guint timeout_ms,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean
session_step_run_finish (SessionStep *self, GAsyncResult *result, int *exit_status, GError **error);
/* (nullable): the step's edit, where it is made at the lab's place */
const CourseEdit *session_step_get_edit (SessionStep *self);
/* Makes the step's edit at the place, as a student would in an editor. The step has one. */
void session_step_edit_async (SessionStep *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean session_step_edit_finish (SessionStep *self, GAsyncResult *result, GError **error);

G_END_DECLS
