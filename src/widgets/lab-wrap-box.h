/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Children side by side, wrapped to as many lines as the width asks for. */
#define LAB_TYPE_WRAP_BOX (lab_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (LabWrapBox, lab_wrap_box, LAB, WRAP_BOX, GtkWidget)

void lab_wrap_box_append (LabWrapBox *self, GtkWidget *child);

G_END_DECLS
