/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session-lab.h"

G_BEGIN_DECLS

/* Says where the student works and whether that is connected; its menu leads to other places. */
#define LAB_TYPE_PLACE_BUTTON (lab_place_button_get_type ())
G_DECLARE_FINAL_TYPE (LabPlaceButton, lab_place_button, LAB, PLACE_BUTTON, GtkWidget)

void lab_place_button_set_lab (LabPlaceButton *self, SessionLab *lab);

G_END_DECLS
