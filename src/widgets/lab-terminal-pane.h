/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-block-item.h"
#include "lab-series-bar.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The terminal at a place, and what to do when its shell has ended. Opens as soon as the place is
 * connected. Properties: "playing" (it runs several steps by itself). */
#define LAB_TYPE_TERMINAL_PANE (lab_terminal_pane_get_type ())
G_DECLARE_FINAL_TYPE (LabTerminalPane, lab_terminal_pane, LAB, TERMINAL_PANE, AdwBin)

GtkWidget *lab_terminal_pane_new (void);
void lab_terminal_pane_set_lab (LabTerminalPane *self, SessionLab *lab);
void lab_terminal_pane_show (LabTerminalPane *self, const char *screen);
gboolean lab_terminal_pane_get_settled (LabTerminalPane *self);
void lab_terminal_pane_set_presenting (LabTerminalPane *self, gboolean presenting);
void lab_terminal_pane_run (LabTerminalPane *self, LabBlockItem *item);
void lab_terminal_pane_run_all (LabTerminalPane *self, GPtrArray *items);
void lab_terminal_pane_set_section (LabTerminalPane *self, CourseSection *section);
void lab_terminal_pane_stop (LabTerminalPane *self, LabSeriesStop why);
gboolean lab_terminal_pane_get_playing (LabTerminalPane *self);

G_END_DECLS
