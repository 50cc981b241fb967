/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vte/vte.h>

#include "session-pty.h"

G_BEGIN_DECLS

/* Shows what a SessionPty prints and gives it the keys. Signal "typed": its user has typed or
 * pasted something. */
#define LAB_TYPE_TERMINAL (lab_terminal_get_type ())
G_DECLARE_FINAL_TYPE (LabTerminal, lab_terminal, LAB, TERMINAL, VteTerminal)

GtkWidget *lab_terminal_new (void);
void lab_terminal_set_pty (LabTerminal *self, SessionPty *pty);
void lab_terminal_show (LabTerminal *self, const char *screen);
gboolean lab_terminal_get_settled (LabTerminal *self);
void lab_terminal_set_presenting (LabTerminal *self, gboolean presenting);
gboolean lab_terminal_get_presenting (LabTerminal *self);

G_END_DECLS
