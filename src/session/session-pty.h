/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "session-shell.h"

G_BEGIN_DECLS

/* A terminal's master side and the child on its slave: the one reader of both window and rehearsal.
 * Whoever shows it takes the bytes from the signal "output" (GBytes) and gives keys to
 * session_pty_write(). It knows prompt marks (OSC 133) and bracketed paste (ESC[?2004h) from the
 * stream, the foreground group where there are no marks. Properties: "busy" (a program other than
 * the shell has the terminal), "alive". Signals: "output", "exited" (int status). */
#define SESSION_TYPE_PTY (session_pty_get_type ())
G_DECLARE_FINAL_TYPE (SessionPty, session_pty, SESSION, PTY, GObject)

SessionPty *session_pty_new (gboolean has_prompt_marks);
gboolean session_pty_spawn (SessionPty *self,
                            const char *const *argv,
                            const char *const *environment,
                            guint columns,
                            guint rows,
                            GError **error);
void session_pty_write (SessionPty *self, const char *data, gssize length);
void session_pty_set_size (SessionPty *self, guint columns, guint rows);
gboolean session_pty_get_busy (SessionPty *self);
SessionHolder session_pty_get_holder (SessionPty *self);
gboolean session_pty_get_alive (SessionPty *self);
/* Backpressure: a screen that lags pauses the reading. */
void session_pty_set_paused (SessionPty *self, gboolean paused);
void session_pty_close (SessionPty *self);

/* Types @text as a student would paste it: one bracketed paste where the shell has switched that
 * on, else plain lines; control characters but newline and tab are refused
 * (G_IO_ERROR_INVALID_DATA). Fails with G_IO_ERROR_BUSY while another program holds the terminal.
 * Then types @inputs (of CourseInput), each after its text has been printed. Ends when the shell
 * waits again, or with G_IO_ERROR_TIMED_OUT after @timeout_ms (0: none). */
void session_pty_run_async (SessionPty *self,
                            const char *text,
                            GPtrArray *inputs,
                            guint timeout_ms,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean
session_pty_run_finish (SessionPty *self, GAsyncResult *result, int *exit_status, GError **error);

G_END_DECLS
