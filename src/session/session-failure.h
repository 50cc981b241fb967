/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why a step did not pass. */
typedef struct _SessionFailure SessionFailure;

/* @message: why it could not be played at all */
SessionFailure *session_failure_new (const char *message);
/* The step was played, and a check of it did not pass. @detail: (nullable): what was seen instead.
 * @status: of the command; -1: not known. */
SessionFailure *session_failure_new_check (const char *says, const char *detail, int status);
SessionFailure *session_failure_new_status (int status);
/* The step's program has asked something, and waits. @question: the line with which it does. */
SessionFailure *session_failure_new_question (const char *question);
void session_failure_free (SessionFailure *self);
/* One line for a rehearsal's output: English, whatever the user's language. */
char *session_failure_dup_line (const SessionFailure *self);
/* For people. */
char *session_failure_dup_sentence (const SessionFailure *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionFailure, session_failure_free)

G_END_DECLS
