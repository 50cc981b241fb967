/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"
#include "session-pty.h"
#include "session-screen.h"

G_BEGIN_DECLS

/* A place's terminal that nobody looks at, as a section wants it: its `shell` lines are typed. */
#define SESSION_TYPE_TERMINAL (session_terminal_get_type ())
G_DECLARE_FINAL_TYPE (SessionTerminal, session_terminal, SESSION, TERMINAL, GObject)

SessionTerminal *session_terminal_new (SessionLab *lab, CourseSection *section);
void session_terminal_open_async (SessionTerminal *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean session_terminal_open_finish (SessionTerminal *self, GAsyncResult *result, GError **error);
/* Ends what runs in it, as a student would with Ctrl+C. */
void session_terminal_recover_async (SessionTerminal *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
session_terminal_recover_finish (SessionTerminal *self, GAsyncResult *result, GError **error);
void session_terminal_close (SessionTerminal *self);
CourseSection *session_terminal_get_section (SessionTerminal *self);
SessionPty *session_terminal_get_pty (SessionTerminal *self);
SessionScreen *session_terminal_get_screen (SessionTerminal *self);
/* The end of what it has printed, no escape sequences; of a full-screen program its screen. */
char *session_terminal_dup_text (SessionTerminal *self);
void session_terminal_forget_text (SessionTerminal *self);

G_END_DECLS
