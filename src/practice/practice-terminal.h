/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The terminal that a client was started in: its bytes are carried to and from a terminal of the
 * sandbox's own, so that no program in there ever has it. Signal: "hangup", when it is closed. */
#define PRACTICE_TYPE_TERMINAL (practice_terminal_get_type ())
G_DECLARE_FINAL_TYPE (PracticeTerminal, practice_terminal, PRACTICE, TERMINAL, GObject)

PracticeTerminal *practice_terminal_new (void);
guint practice_terminal_get_mask (PracticeTerminal *self);
void practice_terminal_describe (PracticeTerminal *self, GVariantDict *request);
gboolean practice_terminal_start (PracticeTerminal *self, int master, GError **error);
void practice_terminal_finish (PracticeTerminal *self);

G_END_DECLS
