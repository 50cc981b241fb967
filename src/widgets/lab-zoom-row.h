/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-text-scale.h"

G_BEGIN_DECLS

/* Smaller, the present size, larger: a row of the main menu. */
#define LAB_TYPE_ZOOM_ROW (lab_zoom_row_get_type ())
G_DECLARE_FINAL_TYPE (LabZoomRow, lab_zoom_row, LAB, ZOOM_ROW, AdwBin)

GtkWidget *lab_zoom_row_new (LabTextScale *text_scale);

G_END_DECLS
