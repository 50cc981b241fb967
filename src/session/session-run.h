/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-pty.h"

G_BEGIN_DECLS

/* One text typed into a terminal, and the wait for its end. */
#define SESSION_TYPE_RUN (session_run_get_type ())
G_DECLARE_FINAL_TYPE (SessionRun, session_run, SESSION, RUN, GObject)

/* Checks what is to be typed; G_IO_ERROR_INVALID_DATA where it holds what is no text. */
gboolean session_run_check_text (const char *text, GPtrArray *inputs, GError **error);
/* @task is returned once, with the exit status, and has the SessionPty for its source. */
SessionRun *session_run_new (GTask *task, const char *text, GPtrArray *inputs, guint timeout_ms);
void session_run_start (SessionRun *self);
/* The terminal is gone. */
void session_run_abort (SessionRun *self);

G_END_DECLS
