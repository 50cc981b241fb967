/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-settings.h"
#include "session-canary.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The panels and their switcher. A panel is made when it is first shown. Properties: "lab"
 * (nullable), "visible-panel" ("services", "traffic"). */
#define LAB_TYPE_PANEL_STACK (lab_panel_stack_get_type ())
G_DECLARE_FINAL_TYPE (LabPanelStack, lab_panel_stack, LAB, PANEL_STACK, GtkWidget)

GtkWidget *lab_panel_stack_new (void);
void lab_panel_stack_set_lab (LabPanelStack *self, SessionLab *lab);
void lab_panel_stack_show_panel (LabPanelStack *self, const char *name);
const char *lab_panel_stack_get_visible_panel (LabPanelStack *self);
gboolean lab_panel_stack_get_settled (LabPanelStack *self);
void lab_panel_stack_focus_filter (LabPanelStack *self);

void lab_panel_stack_set_settings (LabPanelStack *self, LabSettings *settings);
SessionCanary *lab_panel_stack_get_canary (LabPanelStack *self);

G_END_DECLS
