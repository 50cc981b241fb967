/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "jump-place.h"

G_BEGIN_DECLS

/* Asks for a jumpserver and the key to it. Signal "chosen" (JumpPlace). */
#define LAB_TYPE_JUMPSERVER_DIALOG (lab_jumpserver_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LabJumpserverDialog, lab_jumpserver_dialog, LAB, JUMPSERVER_DIALOG, AdwWindow)

GtkWidget *lab_jumpserver_dialog_new (GtkWindow *parent, const char *address, const char *identity);
const char *lab_jumpserver_dialog_get_address (LabJumpserverDialog *self);
const char *lab_jumpserver_dialog_get_identity (LabJumpserverDialog *self);

G_END_DECLS
