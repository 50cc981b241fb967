/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A child that may be wider than there is room: it is scrolled sideways, by a bar that is there
 * only then, by a touchpad, and by the keys Left and Right. What is around it scrolls up and down
 * as if it were not there: a GtkScrolledWindow keeps the wheel for itself (GTK 4.8). */
#define LAB_TYPE_SIDE_SCROLLER (lab_side_scroller_get_type ())
G_DECLARE_FINAL_TYPE (LabSideScroller, lab_side_scroller, LAB, SIDE_SCROLLER, GtkWidget)

GtkWidget *lab_side_scroller_new (GtkWidget *child);
GtkAdjustment *lab_side_scroller_get_adjustment (LabSideScroller *self);

G_END_DECLS
