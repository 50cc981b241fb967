/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What the shell at the other end of a terminal is doing, as far as its output tells. Signals:
 * "changed"; "prompting" (what comes now is a prompt); "prompted" (what comes now is what is
 * typed); "started" (a command has begun: what comes now is its output); "text" (const char *):
 * printed, no escape sequences; "drawn" (const char *): the same, and what moves on the screen. */
#define SESSION_TYPE_SHELL (session_shell_get_type ())
G_DECLARE_FINAL_TYPE (SessionShell, session_shell, SESSION, SHELL, GObject)

/* What keeps a shell from taking a command. */
typedef enum {
  SESSION_HOLDER_PROGRAM, /* that has been started */
  SESSION_HOLDER_LINE,    /* the begin of a command: a quote or a here-document is open */
  SESSION_HOLDER_UNKNOWN, /* one of the two */
} SessionHolder;

SessionShell *session_shell_new (void);
void session_shell_feed (SessionShell *self, const char *data, gsize length);
void session_shell_type (SessionShell *self, const char *data, gsize length);

gboolean session_shell_get_marked (SessionShell *self);  /* it has marked a prompt at least once */
gboolean session_shell_get_waiting (SessionShell *self); /* by its marks: at a prompt */
SessionHolder session_shell_get_holder (SessionShell *self); /* while it is not waiting */
gboolean session_shell_get_dirty (SessionShell *self); /* something was typed at that prompt */
gboolean session_shell_get_bracketed_paste (SessionShell *self);
gboolean session_shell_get_knows_bracketed_paste (SessionShell *self); /* has had it on */
/* (nullable): what it is in, and what it was in first, as far as it tells (OSC 7) */
const char *session_shell_get_directory (SessionShell *self);
const char *session_shell_get_first_directory (SessionShell *self);
int session_shell_get_exit_status (SessionShell *self); /* of the last command, -1: not known */

G_END_DECLS
