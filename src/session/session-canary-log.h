/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What canaries did, a line each with its time, in memory and in a file. Signal "changed". */
#define SESSION_TYPE_CANARY_LOG (session_canary_log_get_type ())
G_DECLARE_FINAL_TYPE (SessionCanaryLog, session_canary_log, SESSION, CANARY_LOG, GObject)

SessionCanaryLog *session_canary_log_new (const char *path);
char *session_canary_log_dup_default_path (void);
void session_canary_log_add (SessionCanaryLog *self, const char *text);
char *session_canary_log_dup_text (SessionCanaryLog *self, guint n_lines);
void session_canary_log_note (SessionCanaryLog *self, const char *text);
const char *session_canary_log_get_unfinished (SessionCanaryLog *self);
const GError *session_canary_log_get_error (SessionCanaryLog *self);

G_END_DECLS
