/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The end of what a program has written to a pipe, read as it comes so that the pipe never fills.
 */
#define JUMP_TYPE_LOG (jump_log_get_type ())
G_DECLARE_FINAL_TYPE (JumpLog, jump_log, JUMP, LOG, GObject)

JumpLog *jump_log_new (GInputStream *stream);
/* Counts all bytes so far, kept or not. */
guint64 jump_log_get_position (JumpLog *self);
char *jump_log_dup_text (JumpLog *self, guint64 since);
char *jump_log_dup_last_line (JumpLog *self);

G_END_DECLS
