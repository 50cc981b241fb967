/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "jump-roster.h"

G_BEGIN_DECLS

/* Lets a student pick their own name from the class's sheet. Signal "chosen" (name). */
#define LAB_TYPE_ROSTER_DIALOG (lab_roster_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LabRosterDialog, lab_roster_dialog, LAB, ROSTER_DIALOG, AdwWindow)

GtkWidget *lab_roster_dialog_new (GtkWindow *parent, JumpRoster *roster);
JumpRoster *lab_roster_dialog_get_roster (LabRosterDialog *self);

G_END_DECLS
