/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-screen.h"
#include "session-step.h"

G_BEGIN_DECLS

/* What a student would see of @step in the window, drawn without a display: its text, what its
 * checks say, and the terminal. @reason: why it failed. @screen: (nullable). An SVG document, rid
 * of secrets. */
char *session_picture_dup_svg (SessionStep *step, const char *reason, SessionScreen *screen);

G_END_DECLS
