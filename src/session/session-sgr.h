/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-screen.h"

G_BEGIN_DECLS

/* How a terminal writes its next letter: "select graphic rendition" of ECMA-48. */
typedef struct {
  guint8 foreground; /* as in SessionScreenCell */
  guint8 background;
  gboolean bold;
  gboolean reversed;
} SessionSgr;

void session_sgr_reset (SessionSgr *self);
void session_sgr_apply (SessionSgr *self, const int *numbers, guint n_numbers);
SessionScreenCell session_sgr_get_cell (const SessionSgr *self, gunichar letter);
/* The numbers of a control sequence; what is left out is 0. Returns how many there are, at least
 * one; 0 where these are no numbers. */
guint session_sgr_parse_numbers (const char *text, int *numbers, guint size);

G_END_DECLS
