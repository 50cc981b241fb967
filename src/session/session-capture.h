/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-pty.h"

G_BEGIN_DECLS

/* What a terminal prints from now on, as plain text. */
typedef struct _SessionCapture SessionCapture;

SessionCapture *session_capture_new (SessionPty *pty);
void session_capture_free (SessionCapture *self);
char *session_capture_dup_text (SessionCapture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionCapture, session_capture_free)

G_END_DECLS
