/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What comes out of a terminal on its way to the screen. Where a shell's line editor cannot show a
 * pasted text because it is longer than the screen, the text itself takes the place of what the
 * editor draws. Signal "output" (GBytes): what to show. */
#define SESSION_TYPE_ECHO (session_echo_get_type ())
G_DECLARE_FINAL_TYPE (SessionEcho, session_echo, SESSION, ECHO, GObject)

SessionEcho *session_echo_new (void);
/* @text is about to be pasted, and its line ended, on a screen of that size. */
void session_echo_expect (SessionEcho *self, const char *text, guint columns, guint rows);
void session_echo_push (SessionEcho *self, GBytes *bytes);
/* Shows what it holds as it came. */
void session_echo_flush (SessionEcho *self);

G_END_DECLS
