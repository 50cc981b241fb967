/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-block-item.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The terminal at a place, and what to do when its shell has ended. Opens as soon as the place is
 * connected. */
#define LAB_TYPE_TERMINAL_PANE (lab_terminal_pane_get_type ())
G_DECLARE_FINAL_TYPE (LabTerminalPane, lab_terminal_pane, LAB, TERMINAL_PANE, AdwBin)

GtkWidget *lab_terminal_pane_new (void);
void lab_terminal_pane_set_lab (LabTerminalPane *self, SessionLab *lab);
void lab_terminal_pane_set_presenting (LabTerminalPane *self, gboolean presenting);
void lab_terminal_pane_run (LabTerminalPane *self, LabBlockItem *item);

G_END_DECLS
