/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-failure.h"
#include "session-step.h"

G_BEGIN_DECLS

/* Plays step after step in a terminal, as a rehearsal does, up to the first that does not pass.
 * Their section must stay open. Properties: "position" (which step it is at, from 0),
 * "notice" (nullable: a sentence about what that waits for). */
#define SESSION_TYPE_SERIES (session_series_get_type ())
G_DECLARE_FINAL_TYPE (SessionSeries, session_series, SESSION, SERIES, GObject)

/* @patience_ms: a program that asks something for so long is not waited for; six times that is
 * long. */
SessionSeries *session_series_new (SessionPty *pty, guint patience_ms);
/* @text: (nullable): what to type instead of the form that fits */
void session_series_add (SessionSeries *self, SessionStep *step, const char *text);
guint session_series_get_n_steps (SessionSeries *self);
guint session_series_get_position (SessionSeries *self);
SessionStep *session_series_get_step (SessionSeries *self);  /* (nullable): NULL after the last */
const char *session_series_get_notice (SessionSeries *self); /* nullable */
void session_series_play_async (SessionSeries *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* @failure: (out) (nullable) (transfer full): why the step at "position" did not pass. FALSE with
 * an error where it was cancelled, TRUE otherwise. */
gboolean session_series_play_finish (SessionSeries *self,
                                     GAsyncResult *result,
                                     SessionFailure **failure,
                                     GError **error);

G_END_DECLS
