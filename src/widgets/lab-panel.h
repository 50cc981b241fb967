/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-column.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The live table of one resource. Watches it only while it is on the screen. */
#define LAB_TYPE_PANEL (lab_panel_get_type ())
G_DECLARE_FINAL_TYPE (LabPanel, lab_panel, LAB, PANEL, AdwBin)

GtkWidget *lab_panel_new (const LabPanelKind *kind);
void lab_panel_set_resource (LabPanel *self, SessionResource *resource);
void lab_panel_focus_filter (LabPanel *self);

G_END_DECLS
