/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* One destination of a route: its name, a slider, the number and a lock. Signals, only for what the
 * user does: "moved" (int weight), "drag-begin", "drag-end", "locked" (gboolean). */
#define LAB_TYPE_TRAFFIC_ROW (lab_traffic_row_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficRow, lab_traffic_row, LAB, TRAFFIC_ROW, AdwBin)

GtkWidget *lab_traffic_row_new (const char *name, const char *slider_name);
void lab_traffic_row_set_stacked (LabTrafficRow *self, gboolean stacked);
void lab_traffic_row_set_weight (LabTrafficRow *self, int weight);
int lab_traffic_row_get_weight (LabTrafficRow *self);
const char *lab_traffic_row_get_name (LabTrafficRow *self);
void lab_traffic_row_set_dragging (LabTrafficRow *self, gboolean dragging);
gboolean lab_traffic_row_is_dragging (LabTrafficRow *self);
void lab_traffic_row_set_locked (LabTrafficRow *self, gboolean locked);
void lab_traffic_row_set_movable (LabTrafficRow *self, gboolean movable, gboolean lockable);

G_END_DECLS
