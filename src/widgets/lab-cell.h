/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-clock.h"
#include "lab-column.h"

G_BEGIN_DECLS

/* One cell of a panel: follows its object, and the clock where it shows an age. */
#define LAB_TYPE_CELL (lab_cell_get_type ())
G_DECLARE_FINAL_TYPE (LabCell, lab_cell, LAB, CELL, GtkWidget)

GtkWidget *lab_cell_new (const LabColumn *column, LabClock *clock);
void lab_cell_set_object (LabCell *self, KubeObject *object);

G_END_DECLS
